//! A case of a suite: what became of a statement, as test reports say it.

use std::fmt::Write as _;

use super::content;
use crate::diagnostic::Code;
use crate::report::formats::wording::cut;
use crate::report::junit::Counts;
use crate::report::told::{Outcome, Place, Severity, Verdict};
use crate::text::untrusted::{self, Sink};

/// What a test report makes of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Result {
    Passed,
    /// Demanded and broken: of what type.
    Failure(String),
    /// Undecided: of what type.
    Error(String),
    /// Neither passed nor to be mended.
    Skipped,
}

impl Result {
    pub(super) const fn count(&self, counts: &mut Counts) {
        counts.tests += 1;
        match self {
            Self::Passed => {}
            Self::Failure(_) => counts.failures += 1,
            Self::Error(_) => counts.errors += 1,
            Self::Skipped => counts.skipped += 1,
        }
    }
}

/// The most characters of a name: readers cut longer ones, and unlike ones become alike.
const MOST_NAME: usize = 500;
/// The most characters of any other text.
const MOST_TEXT: usize = 10_000;

/// A case.
#[derive(Clone, Debug)]
pub(super) struct Case {
    name: String,
    pub(super) place: Option<Place>,
    pub(super) result: Result,
    /// What there is to say, in a sentence; empty for what passes without a word.
    message: String,
    /// What else there is to say, each in a line.
    pub(super) details: Vec<String>,
}

/// Whether nothing else can be asked with this credential: then that is the one error of it.
pub(super) fn stops(outcome: &Outcome<'_>) -> bool {
    let codes = [Code::CredentialRefused, Code::NoSecret, Code::WrongHost];
    outcome.statement.is_none()
        && outcome.code.as_deref().is_some_and(|code| codes.iter().any(|stops| stops.number() == code))
}

impl Case {
    /// What is no statement's.
    pub(super) const fn beside(name: String, result: Result, message: String) -> Self {
        Self { name, place: None, result, message, details: Vec::new() }
    }

    /// What became of a statement, of a credential that is refused or not.
    pub(super) fn of_outcome(one: &Outcome<'_>, refused: bool, place: Option<Place>) -> Self {
        let number = one.statement.map_or_else(String::new, |number| format!("[{number}]"));
        let subject = one.subject().map_or_else(String::new, |subject| format!(", {subject}"));
        let (result, because) = result(one, refused);
        let fields = [
            ("statement", &one.demand),
            ("found", &one.found),
            ("because", &one.because),
            ("fix", &one.fix),
            ("see", &one.see),
        ];
        let details = fields.into_iter().filter_map(|(what, text)| Some(format!("{what}: {}", text.as_deref()?)));
        let passed = result == Result::Passed && one.verdict == Verdict::Pass;
        Self {
            name: format!("{}{number} ({}{subject})", one.rule, one.credential),
            place,
            message: if passed { String::new() } else { format!("{because}{}", one.message) },
            details: if passed || one.verdict == Verdict::NotApplicable { Vec::new() } else { details.collect() },
            result,
        }
    }

    /// Writes it, its name between two marks.
    pub(super) fn write(&self, class: &str, mark: char, text: &mut String) {
        let name = attribute(&cut(&self.name, MOST_NAME));
        let _ = write!(text, "    <testcase classname=\"{class}\" name=\"{mark}{name}{mark}\" time=\"0\"");
        if let Some(place) = &self.place {
            let _ = write!(text, " file=\"{}\" line=\"{}\"", attribute(&place.file), place.line);
        }
        if self.message.is_empty() {
            text.push_str("/>\n");
            return;
        }
        let message = attribute(&cut(&self.message, MOST_TEXT));
        let (element, attributes) = match &self.result {
            Result::Passed => ("system-out", String::new()),
            Result::Failure(kind) => ("failure", format!(" message=\"{message}\" type=\"{}\"", attribute(kind))),
            Result::Error(kind) => ("error", format!(" message=\"{message}\" type=\"{}\"", attribute(kind))),
            Result::Skipped => ("skipped", format!(" message=\"{message}\"")),
        };
        // Some readers show the attribute alone, some the content: both say the same first.
        let all = self.details.iter().fold(message, |all, line| format!("{all}\n{}", content(&cut(line, MOST_TEXT))));
        let _ = writeln!(text, ">\n      <{element}{attributes}>{all}</{element}>\n    </testcase>");
    }
}

/// What a test report makes of an outcome, and what is said before its message.
fn result(one: &Outcome<'_>, refused: bool) -> (Result, String) {
    let undetermined = || one.cause.as_deref().unwrap_or("undetermined").to_owned();
    let skipped = |word: &str| (Result::Skipped, format!("{word}: "));
    let fails = one.severity == Some(Severity::Error);
    match one.verdict {
        Verdict::Pass => (Result::Passed, String::new()),
        Verdict::NotApplicable => skipped("not applicable"),
        Verdict::Waived => {
            let waiver = one.waiver.as_ref().map_or_else(
                || "waived".to_owned(),
                |waiver| {
                    let by = waiver.by.as_deref().map_or_else(String::new, |by| format!(" by {by}"));
                    format!("waived{by} until {} ({})", waiver.until, waiver.because)
                },
            );
            skipped(&waiver)
        }
        Verdict::Violation | Verdict::Warning if one.known => skipped("known, for it stands in the baseline"),
        Verdict::Undetermined if stops(one) => (Result::Error(undetermined()), String::new()),
        Verdict::Undetermined if refused => skipped("undetermined, for the credential could not be used"),
        Verdict::Undetermined if one.accepted && !fails => skipped("undetermined, which the policy accepts"),
        Verdict::Undetermined if !fails => skipped("undetermined"),
        Verdict::Undetermined => (Result::Error(undetermined()), String::new()),
        Verdict::Violation if stops(one) => (Result::Error(last(&one.rule).to_owned()), String::new()),
        Verdict::Violation => (Result::Failure("violation".to_owned()), String::new()),
        Verdict::Warning if fails => (Result::Failure("warning".to_owned()), String::new()),
        Verdict::Warning => (Result::Passed, "warning: ".to_owned()),
    }
}

/// What a rule is called in its host's block.
fn last(rule: &str) -> &str {
    rule.rsplit('.').next().unwrap_or(rule)
}

/// A text in an attribute.
pub(super) fn attribute(text: &str) -> String {
    untrusted::one_line(text, Sink::Xml)
}

/// What cases of a credential are grouped by. What stands before the last dot is a package to some readers.
pub(super) fn class(credential: &str) -> String {
    format!("credcheck.{}", attribute(credential).replace('.', "_"))
}
