//! Where a report or record goes: standard output, a file that appears whole or not at all, or a pipe or device.

use std::fmt;
use std::fs::{self, File, OpenOptions, Permissions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

/// Why a place is not written to, for people; the system has no word for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum Refused {
    #[cfg(unix)]
    #[error("nobody reads from it")]
    NoReader,
    #[error("it is no regular file")]
    NotRegular,
    #[error("it is a folder")]
    Folder,
    #[error("it may not be written to")]
    ReadOnly,
}

impl From<Refused> for io::Error {
    fn from(refused: Refused) -> Self {
        Self::other(refused)
    }
}

/// Why something could not be written, for people.
pub(super) fn reason(error: &io::Error) -> String {
    let refused = error.get_ref().and_then(|inner| inner.downcast_ref::<Refused>());
    refused.map_or_else(|| system(error.kind()), ToString::to_string)
}

/// The system's word, or a plainer one.
pub(super) fn system(kind: io::ErrorKind) -> String {
    match kind {
        io::ErrorKind::NotFound => "there is no such file or folder".to_owned(),
        kind => kind.to_string(),
    }
}

/// Whether the folder of a path is there.
///
/// # Errors
/// The system's.
pub(super) fn has_folder(path: &Path) -> io::Result<()> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    if fs::metadata(folder)?.is_dir() { Ok(()) } else { Err(io::ErrorKind::NotADirectory.into()) }
}

/// Where a report goes.
///
/// A file is written beside its name and takes it when the report is whole: what stood there stays until then, and a link
/// is replaced, never followed. Pipes and devices are written straight, and opened without waiting for who reads them.
pub(super) struct Destination {
    path: Option<PathBuf>,
    out: Out,
}

enum Out {
    /// Nothing was written yet.
    Unopened,
    Standard,
    Straight(File),
    Beside(NamedTempFile),
    /// A straight one is all written, a file has its name.
    Closed,
}

impl fmt::Debug for Destination {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Destination({:?})", self.path)
    }
}

impl Destination {
    /// A file, or standard output where none is named. Nothing is opened before something is written.
    pub(super) const fn new(path: Option<PathBuf>) -> Self {
        Self { path, out: Out::Unopened }
    }

    /// The file that is named.
    pub(super) fn path(&self) -> Option<&Path> {
        self.path.as_deref()
    }

    /// Forgets what was written to a file that has not got its name yet.
    pub(super) fn start_over(&mut self) {
        if let Out::Beside(_) | Out::Closed = self.out {
            self.out = Out::Unopened;
        }
    }

    /// Gives a file its name. What is written later goes to a file of that name anew.
    ///
    /// # Errors
    /// The system's.
    pub(super) fn close(&mut self) -> io::Result<()> {
        let out = match &self.out {
            Out::Unopened | Out::Closed => return Ok(()),
            _ => std::mem::replace(&mut self.out, Out::Closed),
        };
        match (out, &self.path) {
            (Out::Beside(file), Some(path)) => put(file, path),
            (Out::Straight(mut file), _) => file.flush(),
            (Out::Standard, _) => io::stdout().lock().flush(),
            _ => Ok(()),
        }
    }

    fn with<T>(&mut self, write: impl FnOnce(&mut dyn Write) -> io::Result<T>) -> io::Result<T> {
        if let Out::Unopened | Out::Closed = self.out {
            self.out = match &self.path {
                None => Out::Standard,
                Some(path) => open(path)?,
            };
        }
        match &mut self.out {
            Out::Straight(file) => write(file),
            Out::Beside(file) => write(file),
            Out::Standard | Out::Unopened | Out::Closed => write(&mut io::stdout().lock()),
        }
    }
}

impl Write for Destination {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.with(|out| out.write(bytes))
    }

    /// Makes a file even where nothing was written.
    fn flush(&mut self) -> io::Result<()> {
        self.with(|out| out.flush())
    }
}

/// What is at a path.
enum At {
    /// Nothing, or a link, which a new file replaces.
    Nothing,
    Regular(Permissions),
    /// What this process has open, by its number: `/dev/stdout`, `/dev/fd/3`, whatever is behind it.
    Descriptor,
    /// A pipe or device.
    Special,
}

fn at(path: &Path) -> io::Result<At> {
    let own = match fs::symlink_metadata(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(At::Nothing),
        own => own?,
    };
    if is_descriptor(path) {
        return Ok(At::Descriptor);
    }
    let is_link = own.file_type().is_symlink();
    let real = if is_link { fs::metadata(path) } else { Ok(own) };
    Ok(match real {
        Ok(real) if real.is_dir() => return Err(Refused::Folder.into()),
        Ok(real) if real.is_file() && !is_link => At::Regular(real.permissions()),
        Ok(real) if !real.is_file() => At::Special,
        // Where the link leads, if anywhere, is not ours to change.
        _ => At::Nothing,
    })
}

/// Whether a path leads to what this process has open.
fn is_descriptor(path: &Path) -> bool {
    const MOST_LINKS: usize = 8;
    let mut path = path.to_owned();
    for _ in 0..MOST_LINKS {
        let names = |folder: &str| path.parent() == Some(Path::new(folder));
        if names("/dev/fd") || names("/proc/self/fd") || is_standard(&path) {
            return true;
        }
        let Ok(next) = fs::read_link(&path) else { return false };
        path = path.parent().unwrap_or(Path::new("")).join(next);
    }
    false
}

/// Whether a path is another name of standard output.
pub(super) fn is_standard(path: &Path) -> bool {
    ["/dev/stdout", "/dev/fd/1", "/proc/self/fd/1"].iter().any(|name| path == Path::new(name))
}

fn open(path: &Path) -> io::Result<Out> {
    Ok(match at(path)? {
        At::Descriptor if is_standard(path) => Out::Standard,
        // A file behind it goes on where its other users are.
        At::Descriptor => Out::Straight(open_now(OpenOptions::new().append(true), path)?),
        At::Special => Out::Straight(open_now(OpenOptions::new().write(true), path)?),
        At::Nothing => Out::Beside(beside(path, None)?),
        At::Regular(permissions) if permissions.readonly() => return Err(Refused::ReadOnly.into()),
        At::Regular(permissions) => Out::Beside(beside(path, Some(permissions))?),
    })
}

/// Opens a pipe or device without waiting for who reads it, and from then on waits for room.
#[cfg(unix)]
fn open_now(options: &mut OpenOptions, path: &Path) -> io::Result<File> {
    use std::os::unix::fs::OpenOptionsExt as _;

    use rustix::fs::{OFlags, fcntl_getfl, fcntl_setfl};

    let flags = OFlags::NONBLOCK | OFlags::NOCTTY;
    let file = options.custom_flags(flags.bits().cast_signed()).open(path).map_err(|error| {
        if error.raw_os_error() == Some(rustix::io::Errno::NXIO.raw_os_error()) {
            Refused::NoReader.into()
        } else {
            error
        }
    })?;
    fcntl_setfl(&file, fcntl_getfl(&file)? - OFlags::NONBLOCK)?;
    Ok(file)
}

#[cfg(not(unix))]
fn open_now(options: &mut OpenOptions, path: &Path) -> io::Result<File> {
    options.open(path)
}

/// A new file in the same folder, with these permissions or those that new files get.
fn beside(path: &Path, permissions: Option<Permissions>) -> io::Result<NamedTempFile> {
    let file = unfinished(path, 0o666)?;
    if let Some(permissions) = permissions {
        file.as_file().set_permissions(permissions)?;
    }
    Ok(file)
}

/// A new file in the folder of a path, which goes away unless it is given that path's name.
fn unfinished(path: &Path, mode: u32) -> io::Result<NamedTempFile> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    if path.file_name().is_none() {
        return Err(Refused::Folder.into());
    }
    let mut builder = tempfile::Builder::new();
    builder.prefix(".credcheck-").suffix(".unfinished");
    #[cfg(unix)]
    builder.permissions(<Permissions as std::os::unix::fs::PermissionsExt>::from_mode(mode));
    #[cfg(not(unix))]
    let _ = mode;
    builder.tempfile_in(folder)
}

/// Gives a whole file its name.
fn put(file: NamedTempFile, path: &Path) -> io::Result<()> {
    file.as_file().sync_all()?;
    file.persist(path).map(drop).map_err(|error| error.error)
}

/// Writes a file that only its owner may read (mode 0600) in place of what stood there, which stays until all is written.
///
/// # Errors
/// The system's, those of `write`, and for anything but a regular file or a link, which is replaced.
pub(super) fn write_private_file(path: &Path, write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> io::Result<()> {
    match at(path)? {
        At::Nothing | At::Regular(_) => {}
        At::Descriptor | At::Special => return Err(Refused::NotRegular.into()),
    }
    let mut file = unfinished(path, 0o600)?;
    write(file.as_file_mut())?;
    put(file, path)
}
