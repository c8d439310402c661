//! What a report of a check is told: what is known at the start, each credential as it comes, and the end.

use std::io;
use std::time::Duration;

use jiff::Timestamp;

use crate::diagnostic::Diagnostic;
use crate::evaluation::{Blame, Dealt, Evaluator, ExitCode, Judged, Outcome, Overall, Totals, explain};
use crate::facts::{Credential, ExchangeSummary, FactSet, NotChecked, NotRead, RateLimit};
use crate::language::CheckedPolicy;
use crate::text::english;
use crate::text::redact::Redactor;
use crate::text::source::SourceMap;

/// What is known before the first credential.
#[derive(Clone, Copy, Debug)]
pub struct Head<'a> {
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
    /// The evaluator that judged by it: it says why an outcome is what it is.
    pub evaluator: &'a Evaluator<'a>,
    /// Whether warnings and accepted unknowns count (`--strict`).
    pub strict: bool,
    /// What knows the secrets: also those that are learnt on the way, before they are first used.
    pub redactor: &'a Redactor,
}

impl<'a> Head<'a> {
    /// The parts of the policy that decided an outcome, the weightiest first.
    pub(super) fn blame(&self, facts: &'a FactSet, outcome: &Outcome) -> Vec<Blame<'a>> {
        explain(self.evaluator, facts, outcome)
    }
}

/// One credential's part of a report.
#[derive(Clone, Copy, Debug)]
pub struct Section<'a> {
    /// The credential.
    pub credential: &'a Credential,
    /// What is known of it.
    pub facts: &'a FactSet,
    /// What was judged.
    pub judged: &'a Judged,
    /// The requests that were made with it.
    pub exchanges: &'a [ExchangeSummary],
    /// What the latest answer said of its rate limit.
    pub rate_limit: Option<RateLimit>,
}

/// A run that ended before its last credential was judged.
#[derive(Clone, Copy, Debug)]
pub struct Interrupted<'a> {
    /// How many credentials were judged.
    pub judged: usize,
    /// How many there are.
    pub of: usize,
    /// Those that were not judged.
    pub left: &'a [NotChecked],
}

impl Interrupted<'_> {
    /// One line: `interrupted: 11 of 30 credentials judged`.
    pub fn line(&self) -> String {
        format!("interrupted: {} of {} judged", self.judged, english::count(self.of, "credential", "credentials"))
    }
}

/// What is known after the last credential.
#[derive(Clone, Copy, Debug)]
pub struct Tail<'a> {
    /// Set where the run ended early: everything else is then of what was judged until then.
    pub interrupted: Option<Interrupted<'a>>,
    /// What was not checked.
    pub not_checked: &'a [NotChecked],
    /// The repositories that operators name and that no statement read.
    pub not_read: &'a [NotRead],
    /// Diagnostics about the policy as a whole: waivers that expired or had nothing to waive.
    pub notes: &'a [Diagnostic],
    /// The counts.
    pub totals: Totals,
    /// The exit code.
    pub exit: ExitCode,
    /// How long the run took; `None` where nobody measured.
    pub elapsed: Option<Duration>,
    /// The part of the credentials that the run is about, where it is not about all.
    pub shard: Option<Dealt>,
    /// What was seen of what is judged over all credentials; `None` where nobody looked.
    pub overall: Option<&'a Overall<Diagnostic>>,
}

/// A report that is told of one credential after another, and of each only once: it keeps what it must of a section, and
/// the section may go. Nothing is written to where the report goes before its end.
pub trait Stream {
    /// Takes the next credential.
    ///
    /// # Errors
    /// Those of what rows are spooled to.
    fn section(&mut self, section: &Section<'_>) -> io::Result<()>;

    /// Writes the report.
    ///
    /// # Errors
    /// Those of where the report goes, and of what rows were spooled to.
    fn end(self: Box<Self>, tail: &Tail<'_>) -> io::Result<()>;
}
