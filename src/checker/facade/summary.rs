//! What a run comes to, as programs see it.

use super::problem::Problem;
use crate::checker::tally::Tail;

/// What a run comes to.
#[derive(Clone, Debug)]
pub struct Summary {
    tail: Tail,
    notes: Vec<Problem>,
    not_checked: Vec<String>,
}

impl Summary {
    pub(super) fn new(tail: Tail, notes: Vec<Problem>) -> Self {
        let line = |one: &crate::facts::NotChecked| match &one.credential {
            Some(credential) => format!("{} `{credential}`: {}", one.host, one.reason),
            None => format!("{}: {}", one.host, one.reason),
        };
        let not_checked = tail.not_checked.iter().map(line).collect();
        Self { tail, notes, not_checked }
    }

    /// The exit code that the command line ends with: 0 where something was decided and everything demanded holds, 1 for a
    /// violation, 3 where something demanded is undetermined or nothing was decided, 130 where the run was ended early.
    pub fn exit_code(&self) -> u8 {
        self.tail.exit.number()
    }

    /// Whether something was decided, and everything demanded holds.
    pub fn is_success(&self) -> bool {
        self.exit_code() == 0
    }

    /// How many credentials were judged.
    pub fn credentials(&self) -> usize {
        self.tail.totals.credentials
    }

    /// How many outcomes apply.
    pub fn total(&self) -> usize {
        self.tail.totals.total
    }

    /// How many of them were decided, one way or the other.
    pub fn decided(&self) -> usize {
        self.tail.totals.decided
    }

    /// How many are violations, those of built-in rules too.
    pub fn violations(&self) -> usize {
        self.tail.totals.violations
    }

    /// How many are warnings.
    pub fn warnings(&self) -> usize {
        self.tail.totals.warnings
    }

    /// How many are waived.
    pub fn waived(&self) -> usize {
        self.tail.totals.waived
    }

    /// How many are undetermined, accepted or not, those of built-in rules too.
    pub fn undetermined(&self) -> usize {
        self.tail.totals.undetermined
    }

    /// How many requests were sent, each attempt counted.
    pub fn requests(&self) -> usize {
        self.tail.totals.requests
    }

    /// What is worth saying of the policy as a whole: waivers and filters that had nothing to do.
    pub fn notes(&self) -> &[Problem] {
        &self.notes
    }

    /// What nothing was checked for, a line each.
    pub fn not_checked(&self) -> &[String] {
        &self.not_checked
    }
}
