//! The edge: the environment, streams and files of the real system, as commands use them.

use std::fs::{self, OpenOptions};
use std::io::{self, IsTerminal as _, Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use super::destination;
pub(super) use crate::checker::{PolicyFiles, now};
use crate::checker::{ReadError, read_regular};
use crate::language::{MAX_FILE_BYTES, OpenError, Opened, PolicyStore};
use crate::report::Spool;
use crate::report::told::{Paths, Pipeline, Surroundings};
use crate::settings::Environment;

/// The environment's variables; values that are not Unicode count as none.
pub(super) fn environment() -> Environment {
    std::env::vars_os()
        .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)))
        .collect()
}

/// Where the program runs: the repository's root, found by its `.git`, or said by a CI system, and what else that says.
pub(super) fn surroundings(environment: &Environment) -> Surroundings {
    let said = |names: &[&str]| {
        let values = names.iter().filter_map(|name| environment.get(name));
        values.into_iter().find(|value| !value.is_empty()).map(str::to_owned)
    };
    let pipeline =
        environment.get("TF_BUILD").is_some_and(|value| value.eq_ignore_ascii_case("true")).then(|| Pipeline {
            collection: said(&["SYSTEM_COLLECTIONURI"]),
            project_id: said(&["SYSTEM_TEAMPROJECTID"]),
            branch: said(&["BUILD_SOURCEBRANCH"]),
            build_id: said(&["BUILD_BUILDID"]),
            definition_id: said(&["SYSTEM_DEFINITIONID", "BUILD_DEFINITIONID"]),
            definition_name: said(&["BUILD_DEFINITIONNAME"]),
            phase_id: said(&["SYSTEM_PHASEID", "SYSTEM_JOBID"]),
            phase_name: said(&["SYSTEM_PHASENAME", "SYSTEM_JOBNAME"]),
        });
    let summary = said(&["GITHUB_STEP_SUMMARY"]).map(PathBuf::from);
    Surroundings { paths: paths(environment).unwrap_or_default(), summary, pipeline, max_bytes: None }
}

/// Where the repository's root is.
fn paths(environment: &Environment) -> Option<Paths> {
    /// Variables of CI systems that name the checkout.
    const ROOTS: [&str; 4] = ["GITHUB_WORKSPACE", "CI_PROJECT_DIR", "BITBUCKET_CLONE_DIR", "BUILD_SOURCESDIRECTORY"];
    let current = std::env::current_dir().and_then(fs::canonicalize).ok()?;
    let said = ROOTS.iter().filter_map(|name| canonical(Path::new(environment.get(name)?)));
    let mut said = said.filter(|root| root.parent().is_some() && current.starts_with(root));
    let found = current.ancestors().find(|folder| folder.join(".git").exists()).map(Path::to_owned);
    let root = found.or_else(|| said.next()).unwrap_or_else(|| current.clone());
    Some(Paths::new(root, current))
}

/// What the streams are.
#[derive(Clone, Copy, Debug)]
pub(super) struct Terminal {
    /// Whether standard output is a terminal.
    pub(super) output: bool,
    /// The width of standard output in columns, or that of the terminal that other streams are.
    pub(super) width: Option<usize>,
    /// The width of standard error, where that is a terminal.
    pub(super) error: Option<usize>,
    /// Whether it is of those that understand links.
    pub(super) links: bool,
}

impl Terminal {
    pub(super) fn detect() -> Self {
        let output = io::stdout().is_terminal();
        let width = terminal_size::terminal_size().map(|(width, _)| usize::from(width.0));
        let error = terminal_size::terminal_size_of(io::stderr()).map(|(width, _)| usize::from(width.0));
        let links = supports_hyperlinks::supports_hyperlinks();
        Self { output, width, error: error.filter(|_| io::stderr().is_terminal()), links }
    }
}

/// Where rows wait: in memory, and beyond a bound in a file without a name that only its owner may read.
pub(super) fn spool() -> Box<dyn Spool> {
    /// The most that is kept in memory.
    const BOUND: usize = 4 << 20;
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

/// What stands for standard input on the command line.
pub(super) const STANDARD_INPUT: &str = "-";

/// Policies as commands name them: files, and `-` for standard input.
#[derive(Debug, Default)]
pub(super) struct Policies(PolicyFiles);

/// Standard input, which can be read once only, and by however many readers of a run.
static INPUT: OnceLock<Result<Vec<u8>, io::ErrorKind>> = OnceLock::new();

impl PolicyStore for Policies {
    fn open(&self, path: &str, from: Option<&str>) -> Result<Opened, OpenError> {
        if path != STANDARD_INPUT || from.is_some() {
            return self.0.open(path, from);
        }
        let bytes = INPUT.get_or_init(|| read_input(MAX_FILE_BYTES).map_err(|error| error.kind()));
        let bytes = bytes.clone().map_err(|kind| OpenError::Unreadable(kind.to_string()))?;
        // Imports are looked for as if the text stood in the current folder.
        self.0.begin_here();
        Ok(Opened { id: STANDARD_INPUT.to_owned(), name: "standard input".to_owned(), bytes })
    }
}

/// The one name of a file or folder, links resolved.
pub(super) fn canonical(path: &Path) -> Option<PathBuf> {
    fs::canonicalize(path).ok()
}

/// Whether a folder has this name.
pub(super) fn is_folder(path: &str) -> bool {
    fs::metadata(path).is_ok_and(|metadata| metadata.is_dir())
}

/// The policies in the folder of a path, as they would be named, in the order of the alphabet.
pub(super) fn beside(path: &str) -> Vec<String> {
    const MOST: usize = 1_000;
    let folder = Path::new(path).parent().unwrap_or(Path::new(""));
    let read = if folder.as_os_str().is_empty() { fs::read_dir(".") } else { fs::read_dir(folder) };
    let Ok(entries) = read else { return Vec::new() };
    let names = entries.take(MOST).filter_map(|entry| entry.ok()?.file_name().into_string().ok());
    let policies = names.filter(|name| name.ends_with(".pol") && !name.starts_with('.'));
    let mut found: Vec<String> = policies.map(|name| folder.join(name).to_string_lossy().into_owned()).collect();
    found.sort();
    found
}

/// Reads any file the command line names, up to a cap. No such file holds a secret: nothing is wiped.
pub(super) fn read_named(path: &Path, cap: usize) -> Result<Vec<u8>, String> {
    read_regular(path, cap).map(|mut bytes| std::mem::take(&mut *bytes)).map_err(|error| match error {
        ReadError::NotRegular | ReadError::NotPrivate => "it is not a regular file".to_owned(),
        ReadError::TooLarge => format!("it is larger than {cap} bytes"),
        ReadError::System(error) => destination::system(error.kind()),
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
