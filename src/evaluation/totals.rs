//! Totals and exit codes.

use std::collections::BTreeSet;

use super::judge::Judged;
use super::outcome::Verdict;
use crate::language::{CheckedPolicy, StatementId};

/// The counts of a run: the policy's own statements × the subjects they apply to. Reports for programs have them under
/// these names.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
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
    /// Violations and warnings of the policy that an earlier report has: they are counted there, too.
    pub known: usize,
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
    /// 130: interrupted (SIGINT), or a run that a program ended early.
    Interrupted,
    /// 143: interrupted (SIGTERM).
    Terminated,
}

impl ExitCode {
    /// Every one.
    pub const ALL: [Self; 8] = [
        Self::Success,
        Self::Violation,
        Self::Usage,
        Self::Undetermined,
        Self::Invalid,
        Self::Failed,
        Self::Interrupted,
        Self::Terminated,
    ];

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
            Self::Terminated => 143,
        }
    }
}

/// Counts what is judged, credential by credential. Requests are counted by who sends them.
#[derive(Clone, Debug, Default)]
pub struct Counter {
    totals: Totals,
    statements: BTreeSet<StatementId>,
}

impl Counter {
    /// Counts what was judged for a credential.
    pub fn add(&mut self, one: &Judged) {
        let Self { totals, statements } = self;
        totals.credentials += 1;
        for outcome in &one.outcomes {
            statements.insert(outcome.statement);
            totals.total += usize::from(outcome.verdict.applies());
            totals.decided += usize::from(outcome.verdict.is_decided());
            totals.known += usize::from(outcome.known);
            match outcome.verdict {
                Verdict::Violation => totals.violations += 1,
                Verdict::Warning => totals.warnings += 1,
                Verdict::Waived(_) => totals.waived += 1,
                Verdict::Undetermined { accepted, .. } => {
                    totals.undetermined += 1;
                    totals.accepted += usize::from(accepted);
                }
                Verdict::Pass | Verdict::NotApplicable => {}
            }
        }
        for builtin in &one.builtin {
            match builtin.undetermined {
                Some(_) => totals.undetermined += 1,
                None => totals.violations += 1,
            }
        }
    }

    /// The counts so far.
    pub fn totals(&self) -> Totals {
        Totals { statements: self.statements.len(), ..self.totals }
    }
}

impl Totals {
    /// Counts what was judged for all credentials. Requests are counted by who sends them.
    pub fn count<'a>(judged: impl IntoIterator<Item = &'a Judged>) -> Self {
        let mut counter = Counter::default();
        judged.into_iter().for_each(|one| counter.add(one));
        counter.totals()
    }
}

/// Everything that an exit code rests on. What does not hold is false.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Run {
    /// The command line was wrong.
    pub usage: bool,
    /// Policy or settings were invalid or unreadable.
    pub invalid: bool,
    /// A report or record could not be written.
    pub failed: bool,
    /// The user interrupted.
    pub interrupted: bool,
    /// A violation, of a statement or a built-in rule.
    pub violation: bool,
    /// A warning.
    pub warning: bool,
    /// An undetermined `require`, `forbid` or built-in rule that nobody accepted.
    pub undetermined: bool,
    /// An undetermined `prefer` or `avoid`, or an accepted one: only `--strict` counts it.
    pub undetermined_softly: bool,
    /// A host kind of `--require-host` was not checked.
    pub host_missing: bool,
    /// At least one statement was decided.
    pub decided: bool,
    /// `--strict`.
    pub strict: bool,
}

/// The exit code of a run. Where several hold: 130, 2, 4, 5, then 1, 3, 0.
pub const fn exit_code(run: Run) -> ExitCode {
    if run.interrupted {
        ExitCode::Interrupted
    } else if run.usage {
        ExitCode::Usage
    } else if run.invalid {
        ExitCode::Invalid
    } else if run.failed {
        ExitCode::Failed
    } else if run.violation || (run.strict && run.warning) {
        ExitCode::Violation
    } else if run.undetermined || run.host_missing || !run.decided || (run.strict && run.undetermined_softly) {
        ExitCode::Undetermined
    } else {
        ExitCode::Success
    }
}

impl Run {
    /// What the judged credentials contribute.
    pub fn of<'a>(policy: &CheckedPolicy, judged: impl IntoIterator<Item = &'a Judged>) -> Self {
        let mut run = Self::default();
        judged.into_iter().for_each(|one| run.add(policy, one));
        run
    }

    /// Takes in what one judged credential contributes.
    pub fn add(&mut self, policy: &CheckedPolicy, one: &Judged) {
        for outcome in &one.outcomes {
            let is_error = policy.statement(outcome.statement).is_none_or(|statement| statement.verb.is_error());
            self.decided |= outcome.verdict.is_decided();
            match outcome.verdict {
                _ if outcome.known => {}
                Verdict::Violation => self.violation = true,
                Verdict::Warning => self.warning = true,
                Verdict::Undetermined { accepted, .. } if accepted || !is_error => self.undetermined_softly = true,
                Verdict::Undetermined { .. } => self.undetermined = true,
                Verdict::Pass | Verdict::Waived(_) | Verdict::NotApplicable => {}
            }
        }
        for builtin in &one.builtin {
            self.violation |= builtin.undetermined.is_none();
            self.undetermined |= builtin.undetermined.is_some();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_table_of_exit_codes() {
        let good = Run { decided: true, ..Run::default() };
        for (run, code) in [
            (good, 0),
            (Run { violation: true, ..good }, 1),
            (Run { violation: true, undetermined: true, ..good }, 1),
            (Run { warning: true, ..good }, 0),
            (Run { warning: true, strict: true, ..good }, 1),
            (Run { undetermined: true, ..good }, 3),
            (Run { undetermined_softly: true, ..good }, 0),
            (Run { undetermined_softly: true, strict: true, ..good }, 3),
            (Run { host_missing: true, ..good }, 3),
            (Run::default(), 3),
            (Run { warning: true, ..Run::default() }, 3),
            (Run { usage: true, invalid: true, violation: true, ..good }, 2),
            (Run { invalid: true, failed: true, violation: true, ..good }, 4),
            (Run { failed: true, violation: true, undetermined: true, ..good }, 5),
            (Run { interrupted: true, usage: true, ..good }, 130),
        ] {
            assert_eq!(exit_code(run).number(), code, "{run:?}");
        }
    }
}
