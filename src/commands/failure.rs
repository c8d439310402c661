//! Why a command ends before it has a result.

use crate::diagnostic::Diagnostic;
use crate::evaluation::ExitCode;

/// Why a command ends early, with everything to say about it.
#[derive(Debug)]
pub(super) enum Failure {
    /// The command line is wrong.
    Usage(Vec<Diagnostic>),
    /// Policy or settings are invalid or unreadable.
    Invalid(Vec<Diagnostic>),
    /// credcheck could not do its own work.
    Failed(Vec<Diagnostic>),
}

impl Failure {
    pub(super) const fn exit(&self) -> ExitCode {
        match self {
            Self::Usage(_) => ExitCode::Usage,
            Self::Invalid(_) => ExitCode::Invalid,
            Self::Failed(_) => ExitCode::Failed,
        }
    }

    pub(super) fn diagnostics(&self) -> &[Diagnostic] {
        match self {
            Self::Usage(problems) | Self::Invalid(problems) | Self::Failed(problems) => problems,
        }
    }
}
