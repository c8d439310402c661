//! What settings need of the system: files, programs, and the time. The edge implements it; tests play it.

use std::fmt;
use std::path::{Path, PathBuf};
use std::time::Duration;

use jiff::Timestamp;
use zeroize::Zeroizing;

/// What settings need of the system.
pub trait Files {
    /// The bytes of a regular file of at most `cap` bytes.
    ///
    /// # Errors
    /// [`FileError`], without anything of the file.
    fn read(&self, path: &Path, cap: usize) -> Result<Zeroizing<Vec<u8>>, FileError>;

    /// That, of a file that nobody but its owner may read or write.
    ///
    /// # Errors
    /// [`FileError`], without anything of the file.
    fn read_private(&self, path: &Path, cap: usize) -> Result<Zeroizing<Vec<u8>>, FileError>;

    /// The absolute path with every link resolved; `.` gives the working directory.
    ///
    /// # Errors
    /// [`FileError`] where a part does not exist or cannot be entered.
    fn canonical(&self, path: &Path) -> Result<PathBuf, FileError>;

    /// What each of these programs prints, in their order: without a shell and a terminal, with a timeout and a cap; its
    /// standard error goes nowhere. They are started in that order, a few at a time. A program without a folder is looked
    /// for in the absolute folders of `PATH`.
    ///
    /// A [`CommandError`] holds nothing that a program printed.
    fn run(&self, calls: &[Call]) -> Vec<Result<Zeroizing<Vec<u8>>, CommandError>>;

    /// The time.
    fn now(&self) -> Timestamp;
}

/// How long a command may take that nothing is said of.
pub(super) const TIMEOUT: Duration = Duration::from_secs(30);

/// A program to run, and for how long at most.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Call {
    /// What is run.
    pub program: Program,
    /// When it is ended.
    pub timeout: Duration,
}

/// A program with all that decides what it prints.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Program {
    /// The program, with its folder where one is named, and its arguments.
    pub command: Vec<String>,
    /// What its standard input says; nothing, where that is empty.
    pub input: String,
    /// Where it runs, and with which variables.
    pub surroundings: Surroundings,
}

impl fmt::Debug for Program {
    /// The program alone: arguments may hold what nobody should read.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_tuple("Program").field(&self.command.first()).finish_non_exhaustive()
    }
}

/// What a program finds around it, where that is not what credcheck finds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Surroundings {
    /// The working directory.
    pub folder: Option<&'static str>,
    /// Variables whose names begin so are taken away.
    pub without: Option<&'static str>,
    /// Variables that are set.
    pub variables: &'static [(&'static str, &'static str)],
}

/// Why a file cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FileError {
    /// There is none.
    #[error("does not exist")]
    NotFound,
    /// The system refuses.
    #[error("may not be read")]
    NotPermitted,
    /// A folder, a device, a pipe.
    #[error("is not a regular file")]
    NotAFile,
    /// It may be read or written by others than its owner, and must not.
    #[error("may be read or written by others than its owner")]
    NotPrivate,
    /// Larger than the cap.
    #[error("is larger than {0} bytes")]
    TooLarge(usize),
    /// Anything else, in our words.
    #[error("cannot be read: {0}")]
    Other(String),
}

/// Why a command gives no secret.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CommandError {
    /// There is no such program.
    #[error("was not found")]
    NotFound,
    /// It is a folder.
    #[error("is a folder")]
    Folder,
    /// The system does not let it run, or it is no program.
    #[error("may not be run")]
    NotExecutable,
    /// It ended with a failure.
    #[error("failed with exit status {0}")]
    Failed(i32),
    /// A signal ended it.
    #[error("was ended by a signal")]
    Signal,
    /// It took too long.
    #[error("gave no answer within {0} s")]
    Timeout(u64),
    /// It wanted to ask somebody at the terminal.
    #[error("asked for something at the terminal")]
    Asked,
    /// The run was interrupted before it had answered.
    #[error("was interrupted")]
    Interrupted,
    /// It printed more than any secret has.
    #[error("printed more than {0} bytes")]
    TooLarge(usize),
    /// Anything else, in our words.
    #[error("could not be run: {0}")]
    Other(String),
}
