//! What a report tells, as data: one shape between the verdicts and every machine format.
//!
//! It is made of a run as it goes ([`of_run`]), or read from a JSON report later ([`of_json`]): what a format makes of the
//! one it makes of the other.

pub mod of_json;
pub(super) mod of_run;
mod paths;
pub(super) mod statements;
mod surroundings;

use std::borrow::Cow;
use std::time::Duration;

use jiff::Timestamp;

pub use paths::Paths;
pub use surroundings::{Pipeline, Surroundings};

pub use crate::evaluation::Totals;
pub use crate::facts::RateLimit;

/// What is known of a run before its first credential.
#[derive(Clone, Debug, PartialEq)]
pub struct Opening {
    /// Name and version of the program: `credcheck 0.1.0`.
    pub tool: String,
    /// When it was judged.
    pub at: Timestamp,
    /// The record that was judged instead of live hosts, and when it was made.
    pub replayed_from: Option<(String, Timestamp)>,
    /// Whether warnings and accepted unknowns count (`--strict`).
    pub strict: bool,
    /// The policy's files, those that were named first.
    pub policies: Vec<PolicyFile>,
    /// The policy's rules, in its order.
    pub rules: Vec<Rule>,
}

/// A file of the policy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PolicyFile {
    /// Its name as given: a path, `builtin:NAME`, or `standard input`.
    pub file: String,
    /// Hexadecimal SHA-256 of its bytes.
    pub sha256: String,
    /// Where a file that nobody named is first used.
    pub used_at: Option<Place>,
}

/// A rule of the policy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rule {
    /// The full name: `github.repo-scope`.
    pub name: String,
    /// Its title.
    pub title: Option<String>,
    /// Why it exists.
    pub because: Option<String>,
    /// How to mend.
    pub fix: Option<String>,
    /// Where to read more; `https` only.
    pub see: Option<String>,
    /// Whether one of its statements demands: else it wishes.
    pub demands: bool,
    /// Where it stands.
    pub place: Place,
}

/// A place in a file. Lines and columns count from 1, columns in characters; the end is exclusive.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// The file's name as given.
    pub file: String,
    /// The first line.
    pub line: usize,
    /// The first column.
    pub column: usize,
    /// Line and column of the end, where it is known.
    pub end: Option<(usize, usize)>,
}

/// A credential.
#[derive(Clone, Debug, PartialEq)]
pub struct Credential<'a> {
    /// Its name.
    pub name: Cow<'a, str>,
    /// The word of its host kind.
    pub host: Cow<'a, str>,
    /// The host's address.
    pub url: Cow<'a, str>,
    /// Its kind; `None` where nothing tells.
    pub kind: Option<Cow<'a, str>>,
    /// Whether the host takes it; `None` where it could not be asked.
    pub valid: Option<bool>,
    /// When it ends.
    pub expires: Expires,
    /// What the latest answer that said anything of it said of its rate limit.
    pub rate_limit: Option<RateLimit>,
}

/// When a credential ends.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Expires {
    /// Then.
    At(Timestamp),
    /// The host says that it does not.
    Never,
    /// Nobody asked, or the host does not say.
    #[default]
    Unknown,
}

impl Expires {
    /// The word in JSON.
    pub const fn word(self) -> &'static str {
        match self {
            Self::At(_) => "known",
            Self::Never => "never",
            Self::Unknown => "unknown",
        }
    }
}

/// What became of a statement, in a word.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Verdict {
    /// Broken, and demanded.
    Violation,
    /// Undecided.
    Undetermined,
    /// Broken, and wished for.
    Warning,
    /// Broken, and covered by a waiver.
    Waived,
    /// Ruled out by a guard.
    NotApplicable,
    /// Decided, and holds.
    Pass,
}

impl Verdict {
    /// Every one, the worst first.
    pub const ALL: [Self; 6] =
        [Self::Violation, Self::Undetermined, Self::Warning, Self::Waived, Self::NotApplicable, Self::Pass];

    /// The word in JSON.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Violation => "violation",
            Self::Undetermined => "undetermined",
            Self::Warning => "warning",
            Self::Waived => "waived",
            Self::NotApplicable => "not-applicable",
            Self::Pass => "pass",
        }
    }

    /// What a word of JSON means.
    pub fn of_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|verdict| verdict.word() == word)
    }
}

/// How bad something is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Severity {
    /// Must be mended.
    Error,
    /// Should be mended.
    Warning,
    /// Worth knowing; decides nothing.
    Advice,
}

impl Severity {
    /// The word in JSON.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
            Self::Advice => "advice",
        }
    }

    /// What a word of JSON means.
    pub fn of_word(word: &str) -> Option<Self> {
        [Self::Error, Self::Warning, Self::Advice].into_iter().find(|severity| severity.word() == word)
    }
}

impl From<crate::diagnostic::Severity> for Severity {
    fn from(severity: crate::diagnostic::Severity) -> Self {
        match severity {
            crate::diagnostic::Severity::Error => Self::Error,
            crate::diagnostic::Severity::Warning => Self::Warning,
            crate::diagnostic::Severity::Advice => Self::Advice,
        }
    }
}

/// What became of one statement for one credential and one subject, or that a built-in rule is broken or undecided.
#[derive(Clone, Debug, PartialEq)]
pub struct Outcome<'a> {
    /// The rule's full name.
    pub rule: Cow<'a, str>,
    /// The statement's number in it, from 1; `None` for a built-in rule.
    pub statement: Option<usize>,
    /// The statement's verb.
    pub verb: Option<Cow<'a, str>>,
    /// Verb and expression as the policy has them, in one line.
    pub demand: Option<Cow<'a, str>>,
    /// What became of it.
    pub verdict: Verdict,
    /// The code of what is found; `None` for what passes or does not apply.
    pub code: Option<Cow<'a, str>>,
    /// How bad what is found is; `None` for what passes or does not apply.
    pub severity: Option<Severity>,
    /// The credential's name.
    pub credential: Cow<'a, str>,
    /// The word of its host kind.
    pub host: Cow<'a, str>,
    /// The host's address.
    pub url: Cow<'a, str>,
    /// The repository it is about.
    pub repository: Option<Cow<'a, str>>,
    /// The organisation it is about.
    pub organization: Option<Cow<'a, str>>,
    /// Why it is undecided.
    pub cause: Option<Cow<'a, str>>,
    /// Whether the policy accepts that it is undecided.
    pub accepted: bool,
    /// Whether the baseline has it.
    pub known: bool,
    /// What is to be said, in a sentence.
    pub message: Cow<'a, str>,
    /// What was found.
    pub found: Option<Cow<'a, str>>,
    /// Why the statement is there.
    pub because: Option<Cow<'a, str>>,
    /// How to mend it.
    pub fix: Option<Cow<'a, str>>,
    /// Where to read more.
    pub see: Option<Cow<'a, str>>,
    /// The waiver that covers it.
    pub waiver: Option<Waiver<'a>>,
    /// Where the statement stands.
    pub place: Option<Cow<'a, Place>>,
    /// What it is, whenever it is found: hexadecimal, the same for the same rule, statement, credential and subject.
    pub fingerprint: String,
}

impl Outcome<'_> {
    /// The repository or organisation it is about.
    pub fn subject(&self) -> Option<&str> {
        self.repository.as_deref().or(self.organization.as_deref())
    }

    /// Whether somebody has to do something about it: neither waived, accepted nor known.
    pub fn is_open(&self) -> bool {
        self.severity.is_some_and(|severity| severity != Severity::Advice)
    }
}

/// A waiver that covers an outcome.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Waiver<'a> {
    /// Its last day.
    pub until: Cow<'a, str>,
    /// Its reason.
    pub because: Cow<'a, str>,
    /// Who grants it.
    pub by: Option<Cow<'a, str>>,
    /// The file it stands in.
    pub file: Cow<'a, str>,
    /// Its line.
    pub line: usize,
}

/// What is said of the policy or of a credential beside outcomes.
///
/// As JSON it is a note of no credential.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    /// The code's number.
    pub code: String,
    /// The code's name.
    pub name: String,
    /// How bad it is.
    pub severity: Severity,
    /// What.
    pub message: String,
    /// What to do.
    pub help: Option<String>,
    /// Where in the policy.
    pub place: Option<Place>,
}

impl crate::evaluation::Said for Note {
    fn of(diagnostic: crate::diagnostic::Diagnostic) -> Self {
        Self {
            code: diagnostic.code.number().to_owned(),
            name: diagnostic.code.name().to_owned(),
            severity: diagnostic.severity.into(),
            message: diagnostic.message,
            help: diagnostic.help,
            place: None,
        }
    }

    fn helped(self, help: String) -> Self {
        Self { help: Some(help), ..self }
    }
}

/// What a run says of one credential.
#[derive(Clone, Debug)]
pub struct Section<'a> {
    /// The credential.
    pub credential: Credential<'a>,
    /// What became of each statement, the built-in rules first.
    pub outcomes: Vec<Outcome<'a>>,
    /// What else is worth knowing.
    pub notes: Vec<Note>,
}

/// What was not checked.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
pub struct NotChecked {
    /// What the host kind is called.
    pub host: String,
    /// The credential; `None` where there is none of that host kind.
    pub credential: Option<String>,
    /// Why.
    pub reason: String,
}

/// A repository that the operator names and no statement read.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
pub struct NotRead {
    /// The word of the host kind.
    pub host: String,
    /// The credential.
    pub credential: String,
    /// The repository, or a pattern of them.
    pub repository: String,
}

/// What is known of a run after its last credential.
#[derive(Clone, Debug, PartialEq)]
pub struct Closing {
    /// The exit code.
    pub exit: u8,
    /// How many credentials were judged and how many there are, where the run ended early.
    pub interrupted: Option<(usize, usize)>,
    /// The counts.
    pub summary: Totals,
    /// What was not checked.
    pub not_checked: Vec<NotChecked>,
    /// What no statement read.
    pub not_read: Vec<NotRead>,
    /// What is said of the policy as a whole.
    pub notes: Vec<Note>,
    /// How long the run took; `None` where nobody measured.
    pub elapsed: Option<Duration>,
}

impl Closing {
    /// Whether nothing was decided: what came of such a run says nothing of what it found before.
    pub const fn decided_nothing(&self) -> bool {
        self.summary.decided == 0
    }
}
