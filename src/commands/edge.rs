//! The edge: the environment, the clock, files, commands and streams of the real system. Nothing else touches them.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::fs::{self, File, OpenOptions};
use std::io::{self, IsTerminal as _, Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use jiff::Timestamp;
use zeroize::Zeroizing;

use crate::language::{MAX_FILE_BYTES, OpenError, Opened, PolicyStore};
use crate::report::Spool;
use crate::settings::{CommandError, Environment, FileError, Files};

/// How long a command that prints a secret may take.
const COMMAND_TIMEOUT: Duration = Duration::from_secs(30);
/// The most bytes that such a command may print.
const COMMAND_CAP: usize = 64 * 1024;

/// The environment's variables; values that are not Unicode count as none.
pub(super) fn environment() -> Environment {
    std::env::vars_os()
        .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)))
        .collect()
}

/// The wall clock, in whole seconds: finer than any host's times, and readable in reports.
#[expect(clippy::disallowed_methods, reason = "the one place that reads the clock")]
pub(super) fn now() -> Timestamp {
    let now = Timestamp::now();
    Timestamp::from_second(now.as_second()).unwrap_or(now)
}

/// What the streams are.
#[derive(Clone, Copy, Debug)]
pub(super) struct Terminal {
    /// Whether standard output is a terminal.
    pub(super) output: bool,
    /// Its width in columns.
    pub(super) width: usize,
}

impl Terminal {
    pub(super) fn detect() -> Self {
        let output = io::stdout().is_terminal();
        let width = terminal_size::terminal_size().map_or(100, |(width, _)| usize::from(width.0));
        Self { output, width: width.clamp(40, 140) }
    }
}

/// Where a report goes: standard output, or a file that others may read, which is made when first written to.
pub(super) struct Destination<'a> {
    path: Option<&'a Path>,
    file: Option<File>,
}

impl<'a> Destination<'a> {
    /// A file, or standard output where none is named.
    pub(super) const fn new(path: Option<&'a Path>) -> Self {
        Self { path, file: None }
    }

    fn with<T>(&mut self, write: impl FnOnce(&mut dyn io::Write) -> io::Result<T>) -> io::Result<T> {
        match (self.path, &mut self.file) {
            (None, _) => write(&mut io::stdout().lock()),
            (Some(_), Some(file)) => write(file),
            (Some(path), empty) => write(empty.insert(File::create(path)?)),
        }
    }
}

impl io::Write for Destination<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.with(|out| out.write(bytes))
    }

    /// Makes a file even where nothing was written.
    fn flush(&mut self) -> io::Result<()> {
        self.with(|out| out.flush())
    }
}

/// Where rows wait: in memory, and beyond a bound in a file without a name that only its owner may read.
pub(super) fn spool() -> Box<dyn Spool> {
    /// The most that is kept in memory.
    const BOUND: usize = 1 << 20;
    Box::new(tempfile::SpooledTempFile::new(BOUND))
}

/// Writes to standard error; when that is gone, nobody can be told.
pub(super) fn print_error(text: &str) {
    let _ = io::stderr().lock().write_all(text.as_bytes());
}

/// Whether there is anything of this name, a link that leads nowhere too.
pub(super) fn is_there(path: &Path) -> bool {
    fs::symlink_metadata(path).is_ok()
}

/// Writes a file anew, whole or not at all: what stood there stays until the new text is there. Its permissions stay.
///
/// # Errors
/// The system's; for a file that may not be written too.
pub(super) fn replace_file(path: &Path, text: &str) -> io::Result<()> {
    let permissions = fs::metadata(path)?.permissions();
    if permissions.readonly() {
        return Err(io::ErrorKind::PermissionDenied.into());
    }
    let (Some(folder), Some(name)) = (path.parent(), path.file_name()) else {
        return Err(io::ErrorKind::InvalidInput.into());
    };
    let mut unfinished = name.to_os_string();
    unfinished.push(format!(".{}.unfinished", std::process::id()));
    let unfinished = folder.join(unfinished);
    let mut file = OpenOptions::new().write(true).create_new(true).open(&unfinished)?;
    let written = file
        .write_all(text.as_bytes())
        .and_then(|()| file.set_permissions(permissions))
        .and_then(|()| file.sync_all())
        .and_then(|()| fs::rename(&unfinished, path));
    if written.is_err() {
        let _ = fs::remove_file(&unfinished);
    }
    written
}

/// Reads standard input, up to a cap and one byte more, which says that it is too large.
pub(super) fn read_input(cap: usize) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    io::stdin().lock().take(cap as u64 + 1).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// Writes a file that only its owner may read (mode 0600), whatever stood there before: all that was spooled.
pub(super) fn write_private_file(path: &Path, spooled: &mut dyn Spool) -> io::Result<()> {
    spooled.rewind()?;
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    let mut file = {
        use std::os::unix::fs::{OpenOptionsExt as _, PermissionsExt as _};
        options.mode(0o600);
        let file = options.open(path)?;
        // The mode above holds for new files only.
        file.set_permissions(fs::Permissions::from_mode(0o600))?;
        file
    };
    #[cfg(not(unix))]
    let mut file = options.open(path)?;
    io::copy(spooled, &mut file).map(drop)
}

/// The file system and programs, as settings see them.
pub(super) struct System;

impl Files for System {
    fn read(&self, path: &Path, cap: usize) -> Result<Zeroizing<Vec<u8>>, FileError> {
        read_regular(path, cap).map_err(|error| match error {
            ReadError::NotRegular => FileError::NotAFile,
            ReadError::TooLarge => FileError::TooLarge(cap),
            ReadError::System(error) => match error.kind() {
                io::ErrorKind::NotFound => FileError::NotFound,
                io::ErrorKind::PermissionDenied => FileError::NotPermitted,
                kind => FileError::Other(kind.to_string()),
            },
        })
    }

    fn canonical(&self, path: &Path) -> Result<PathBuf, FileError> {
        fs::canonicalize(path).map_err(|error| match error.kind() {
            io::ErrorKind::NotFound => FileError::NotFound,
            io::ErrorKind::PermissionDenied => FileError::NotPermitted,
            kind => FileError::Other(kind.to_string()),
        })
    }

    fn run(&self, command: &[String]) -> Result<Zeroizing<Vec<u8>>, CommandError> {
        let other = |error: &io::Error| CommandError::Other(error.kind().to_string());
        let Some((program, arguments)) = command.split_first() else { return Err(CommandError::NotFound) };
        let mut child = Command::new(program)
            .args(arguments)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .map_err(
                |error| if error.kind() == io::ErrorKind::NotFound { CommandError::NotFound } else { other(&error) },
            )?;
        let Some(output) = child.stdout.take() else { return Err(CommandError::Other("it has no output".into())) };
        let (sender, receiver) = std::sync::mpsc::channel();
        std::thread::spawn(move || {
            let mut bytes = Zeroizing::new(Vec::new());
            let read = output.take(COMMAND_CAP as u64 + 1).read_to_end(&mut bytes);
            // Nobody listens any more once the time is up.
            let _ = sender.send((read.is_ok(), bytes));
        });
        let started = Instant::now();
        let timed_out = || CommandError::Timeout(COMMAND_TIMEOUT.as_secs());
        let status = loop {
            match child.try_wait().map_err(|error| other(&error))? {
                Some(status) => break status,
                None if started.elapsed() > COMMAND_TIMEOUT => {
                    let _ = child.kill();
                    let _ = child.wait();
                    return Err(timed_out());
                }
                None => std::thread::sleep(Duration::from_millis(5)),
            }
        };
        if !status.success() {
            return Err(status.code().map_or(CommandError::Signal, CommandError::Failed));
        }
        // A child of the command may hold its output open after it ended.
        let left = COMMAND_TIMEOUT.saturating_sub(started.elapsed());
        let (read, bytes) = receiver.recv_timeout(left).map_err(|_| timed_out())?;
        match (read, bytes.len() > COMMAND_CAP) {
            (false, _) => Err(CommandError::Other("its output could not be read".into())),
            (_, true) => Err(CommandError::TooLarge(COMMAND_CAP)),
            _ => Ok(bytes),
        }
    }
}

enum ReadError {
    NotRegular,
    TooLarge,
    System(io::Error),
}

/// Reads a regular file up to a cap. The kind is asked before opening: opening a pipe would wait for ever.
fn read_regular(path: &Path, cap: usize) -> Result<Zeroizing<Vec<u8>>, ReadError> {
    let metadata = fs::metadata(path).map_err(ReadError::System)?;
    if !metadata.is_file() {
        return Err(ReadError::NotRegular);
    }
    let file = File::open(path).map_err(ReadError::System)?;
    let mut bytes = Zeroizing::new(Vec::new());
    file.take(cap as u64 + 1).read_to_end(&mut bytes).map_err(ReadError::System)?;
    if bytes.len() > cap { Err(ReadError::TooLarge) } else { Ok(bytes) }
}

/// Reads any file the command line names, up to a cap.
pub(super) fn read_named(path: &Path, cap: usize) -> Result<Zeroizing<Vec<u8>>, String> {
    read_regular(path, cap).map_err(|error| match error {
        ReadError::NotRegular => "it is not a regular file".to_owned(),
        ReadError::TooLarge => format!("it is larger than {cap} bytes"),
        ReadError::System(error) => error.kind().to_string(),
    })
}

/// The policies below the current folder, at most this many. Folders and files that begin with a dot are left out, and
/// so is what links lead to.
pub(super) fn policies_below(most: usize) -> io::Result<Vec<String>> {
    const DEPTH: usize = 16;
    let mut found = Vec::new();
    let mut open = vec![(PathBuf::new(), 0)];
    while let Some((folder, depth)) = open.pop() {
        let read = fs::read_dir(if depth == 0 { Path::new(".") } else { &folder });
        let entries = match read {
            Ok(entries) => entries,
            // What is not ours to read, below the folder itself, holds no policy of ours.
            Err(_) if depth > 0 => continue,
            Err(error) => return Err(error),
        };
        for entry in entries {
            let entry = entry?;
            let (name, kind) = (entry.file_name(), entry.file_type()?);
            let Some(name) = name.to_str().filter(|name| !name.starts_with('.')) else { continue };
            let path = folder.join(name);
            if kind.is_dir() && depth < DEPTH {
                open.push((path, depth + 1));
            } else if kind.is_file() && name.ends_with(".pol") && found.len() < most {
                found.push(path.to_string_lossy().into_owned());
            }
        }
    }
    Ok(found)
}

/// Policies in the file system. Imports stay, links resolved, in the tree of the first policy.
#[derive(Default)]
pub(super) struct PolicyFiles {
    /// The root: the nearest parent of the first policy with `.git`, else that policy's folder.
    root: RefCell<Option<PathBuf>>,
    /// The names shown, by canonical path.
    names: RefCell<BTreeMap<String, String>>,
}

impl PolicyFiles {
    /// The tree that imports must stay in: the nearest parent of a policy, links resolved, with `.git`, else its folder.
    fn tree(path: &str) -> Option<PathBuf> {
        let canonical = fs::canonicalize(path).ok()?;
        let folder = canonical.parent()?;
        let with_git = folder.ancestors().find(|parent| parent.join(".git").exists());
        Some(with_git.unwrap_or(folder).to_owned())
    }

    /// Every tree that whoever proposes a change to a policy may write to: of the file as it is named and of what it
    /// links to, the folder and each parent with `.git` (a submodule's and the one around it). Settings with credentials
    /// must lie outside of all of them.
    pub(super) fn trees(path: &str) -> Vec<PathBuf> {
        let named = Path::new(path);
        let parent = named.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let folders = [
            fs::canonicalize(parent).ok(),
            fs::canonicalize(path).ok().and_then(|file| Some(file.parent()?.to_owned())),
        ];
        let mut trees = Vec::new();
        for folder in folders.into_iter().flatten() {
            trees.extend(folder.ancestors().filter(|parent| parent.join(".git").exists()).map(Path::to_owned));
            trees.push(folder);
        }
        trees
    }

    fn read(&self, canonical: &Path, name: String) -> Result<Opened, OpenError> {
        let id = canonical.to_string_lossy().into_owned();
        let bytes = match read_regular(canonical, MAX_FILE_BYTES) {
            Ok(mut bytes) => std::mem::take(&mut *bytes),
            // One byte more than allowed says so to the loader.
            Err(ReadError::TooLarge) => vec![b' '; MAX_FILE_BYTES + 1],
            Err(ReadError::NotRegular) => return Err(OpenError::NotRegular),
            Err(ReadError::System(error)) => return Err(open_error(&error)),
        };
        self.names.borrow_mut().insert(id.clone(), name.clone());
        Ok(Opened { id, name, bytes })
    }
}

fn is_policy(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension == "pol")
}

fn open_error(error: &io::Error) -> OpenError {
    match error.kind() {
        io::ErrorKind::NotFound => OpenError::NotFound,
        kind => OpenError::Unreadable(kind.to_string()),
    }
}

impl PolicyStore for PolicyFiles {
    fn open(&self, path: &str, from: Option<&str>) -> Result<Opened, OpenError> {
        let Some(from) = from else {
            let canonical = fs::canonicalize(path).map_err(|error| open_error(&error))?;
            // Links resolved: what a diagnostic quotes must be a policy, not whatever a link in a repository points at.
            if !is_policy(Path::new(path)) || !is_policy(&canonical) {
                return Err(OpenError::Unreadable("its name, links resolved, does not end in `.pol`".into()));
            }
            if self.root.borrow().is_none() {
                *self.root.borrow_mut() = Self::tree(path);
            }
            return self.read(&canonical, path.to_owned());
        };
        let folder = Path::new(from).parent().ok_or(OpenError::Outside)?;
        let canonical = fs::canonicalize(folder.join(path)).map_err(|error| open_error(&error))?;
        let root = self.root.borrow().clone().ok_or(OpenError::Outside)?;
        let inside = canonical.strip_prefix(&root).map_err(|_| OpenError::Outside)?;
        let hidden = inside.components().any(|part| part.as_os_str().to_string_lossy().starts_with('.'));
        if hidden || !is_policy(&canonical) {
            return Err(OpenError::Outside);
        }
        let shown = self.names.borrow().get(from).cloned().unwrap_or_default();
        let name = Path::new(&shown).parent().map_or_else(|| PathBuf::from(path), |folder| folder.join(path));
        self.read(&canonical, name.to_string_lossy().into_owned())
    }
}
