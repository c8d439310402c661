//! Totals and exit codes.

/// The counts of a run: the policy's own statements × the subjects they apply to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Totals {
    /// Credentials checked.
    pub credentials: usize,
    /// Statements that were judged for at least one credential.
    pub statements: usize,
    /// Outcomes that were decided.
    pub decided: usize,
    /// Outcomes that apply.
    pub total: usize,
    /// Violations, those of built-in rules too.
    pub violations: usize,
    /// Warnings.
    pub warnings: usize,
    /// Waived.
    pub waived: usize,
    /// Undetermined, accepted or not, those of built-in rules too.
    pub undetermined: usize,
    /// Undetermined and accepted.
    pub accepted: usize,
    /// Requests sent, each attempt counted.
    pub requests: usize,
}

/// The exit codes of credcheck.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ExitCode {
    /// 0: something was decided, and everything demanded holds.
    Success,
    /// 1: a violation (with `--strict`, a warning too), or a finding of `lint`, `fmt --check`, `test`.
    Violation,
    /// 2: a wrong command line.
    Usage,
    /// 3: undetermined, or nothing decided.
    Undetermined,
    /// 4: policy or settings invalid or unreadable.
    Invalid,
    /// 5: credcheck could not do its own work.
    Failed,
    /// 130: interrupted.
    Interrupted,
}

impl ExitCode {
    /// The number.
    pub const fn number(self) -> u8 {
        match self {
            Self::Success => 0,
            Self::Violation => 1,
            Self::Usage => 2,
            Self::Undetermined => 3,
            Self::Invalid => 4,
            Self::Failed => 5,
            Self::Interrupted => 130,
        }
    }
}
