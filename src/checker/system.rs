//! The file system and programs, as settings see them: where secrets are read.

use std::io;
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use zeroize::Zeroizing;

use super::clock;
use super::command::{self, Caller};
use super::files::{ReadError, read_private, read_regular};
use crate::settings::{Call, CommandError, FileError, Files};

/// The file system and programs, as settings see them.
#[derive(Clone, Copy, Debug)]
pub struct System {
    /// Whether the run was interrupted: no program is waited for then.
    pub interrupted: fn() -> bool,
}

impl Files for System {
    fn read(&self, path: &Path, cap: usize) -> Result<Zeroizing<Vec<u8>>, FileError> {
        read_regular(path, cap).map_err(|error| unread(&error, cap))
    }

    fn read_private(&self, path: &Path, cap: usize) -> Result<Zeroizing<Vec<u8>>, FileError> {
        read_private(path, cap).map_err(|error| unread(&error, cap))
    }

    fn canonical(&self, path: &Path) -> Result<PathBuf, FileError> {
        std::fs::canonicalize(path).map_err(|error| refused(&error))
    }

    fn run(&self, calls: &[Call]) -> Vec<Result<Zeroizing<Vec<u8>>, CommandError>> {
        let caller =
            Caller { path: std::env::var_os("PATH"), variables: std::env::vars_os().map(|(name, _)| name).collect() };
        command::run_all(calls, &caller, self.interrupted)
    }

    fn now(&self) -> Timestamp {
        clock::now()
    }
}

fn unread(error: &ReadError, cap: usize) -> FileError {
    match error {
        ReadError::NotRegular => FileError::NotAFile,
        ReadError::NotPrivate => FileError::NotPrivate,
        ReadError::TooLarge => FileError::TooLarge(cap),
        ReadError::System(error) => refused(error),
    }
}

fn refused(error: &io::Error) -> FileError {
    match error.kind() {
        io::ErrorKind::NotFound => FileError::NotFound,
        io::ErrorKind::PermissionDenied => FileError::NotPermitted,
        kind => FileError::Other(kind.to_string()),
    }
}
