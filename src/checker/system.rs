//! The file system and programs, as settings see them: where secrets are read.

use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use zeroize::Zeroizing;

use super::command;
use super::files::{ReadError, read_regular};
use crate::settings::{CommandError, FileError, Files};

/// How long a command that prints a secret may take.
const COMMAND_TIMEOUT: Duration = Duration::from_secs(30);

/// The file system and programs, as settings see them.
#[derive(Clone, Copy, Debug)]
pub struct System {
    /// Whether the run was interrupted: no program is waited for then.
    pub interrupted: fn() -> bool,
}

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
        std::fs::canonicalize(path).map_err(|error| match error.kind() {
            io::ErrorKind::NotFound => FileError::NotFound,
            io::ErrorKind::PermissionDenied => FileError::NotPermitted,
            kind => FileError::Other(kind.to_string()),
        })
    }

    fn run(&self, command: &[String]) -> Result<Zeroizing<Vec<u8>>, CommandError> {
        command::run(command, std::env::var_os("PATH"), COMMAND_TIMEOUT, self.interrupted)
    }
}
