//! Reports: outcomes for people and for programs. Pure: every writer is a function of one [`Report`].
//!
//! [`findings`] turns outcomes into diagnostics, the one structure that human and further formats share. Machine formats
//! have their shapes frozen in versioned files ([`json::v1`]), never dumps of internal types. Every writer takes the
//! run's [`Redactor`](crate::text::redact::Redactor) and lets nothing out that has not passed it. Writers give back the
//! sink's errors; a broken pipe is the caller's normal end.

pub mod explaining;
pub mod facts;
pub mod findings;
pub mod human;
pub mod json;
pub mod junit;
pub mod linting;
pub mod page;
pub mod plan;
mod prose;
pub mod starter;
pub mod testing;
pub mod vocabulary;
mod wording;

use std::time::Duration;

use jiff::Timestamp;

use crate::diagnostic::Diagnostic;
use crate::evaluation::{Blame, ExitCode, Judged, Outcome, Totals};
use crate::facts::{Credential, Exchange, FactSet, NotChecked};
use crate::language::{CheckedPolicy, Inputs};
use crate::text::source::SourceMap;

/// Everything that a report of a check tells of.
#[derive(Clone, Copy)]
pub struct Report<'a> {
    /// Name and version: `credcheck 0.1.0`.
    pub tool: &'a str,
    /// When the check ran.
    pub at: Timestamp,
    /// The record that was evaluated instead of live hosts: its name as given, and when it was made.
    pub replayed_from: Option<(&'a str, Timestamp)>,
    /// The policy.
    pub policy: &'a CheckedPolicy,
    /// The texts that its spans point into.
    pub sources: &'a SourceMap,
    /// The inputs' values.
    pub inputs: &'a Inputs,
    /// What was judged, a section for each credential.
    pub sections: &'a [Section<'a>],
    /// What was not checked.
    pub not_checked: &'a [NotChecked],
    /// Diagnostics about the policy as a whole: waivers that expired or had nothing to waive.
    pub notes: &'a [Diagnostic],
    /// The counts.
    pub totals: Totals,
    /// The exit code.
    pub exit: ExitCode,
    /// Whether warnings and accepted unknowns count (`--strict`).
    pub strict: bool,
    /// How long the run took; `None` where nobody measured.
    pub elapsed: Option<Duration>,
    /// Explains outcomes.
    pub explain: &'a dyn Explain,
}

/// One credential's part of a report.
#[derive(Clone, Copy)]
pub struct Section<'a> {
    /// The credential.
    pub credential: &'a Credential,
    /// What is known of it.
    pub facts: &'a FactSet,
    /// What was judged.
    pub judged: &'a Judged,
    /// The requests that were made with it.
    pub exchanges: &'a [Exchange],
}

/// Says why an outcome is what it is. The evaluator does; tests can do it by hand.
pub trait Explain {
    /// The parts of the policy that decided the outcome of the section at this position, the weightiest first.
    fn blame(&self, section: usize, outcome: &Outcome) -> Vec<Blame<'_>>;
}
