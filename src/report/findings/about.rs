//! What findings are, and what they are about.

use crate::diagnostic::{Diagnostic, Severity};
use crate::evaluation::{Blame, Outcome};
use crate::language::{Statement, StatementId};
use crate::report::stream::Section;
use crate::report::wording;
use crate::vocabulary::HostKind;

/// The most places of one finding that get a label.
pub(super) const MOST_LABELS: usize = 8;

/// What a finding is, in the order in which findings are told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Class {
    /// A built-in rule is broken.
    BuiltinViolation,
    /// A `require` or `forbid` is broken.
    Violation,
    /// Undecided, and nobody accepted that.
    Undetermined,
    /// A `prefer` or `avoid` is broken.
    Warning,
    /// A `prefer` or `avoid` is undecided.
    UndeterminedWarning,
    /// A violation or warning that the baseline has.
    Known,
    /// Covered by a waiver.
    Waived,
    /// Undecided, and accepted in writing.
    Accepted,
    /// Worth knowing.
    Note,
}

impl Class {
    /// What is broken comes first, by a rule of the policy or a built-in one.
    pub(in crate::report) const fn rank(self) -> u8 {
        match self {
            Self::BuiltinViolation | Self::Violation => 0,
            Self::Undetermined => 1,
            Self::Warning => 2,
            Self::UndeterminedWarning => 3,
            Self::Known => 4,
            Self::Waived => 5,
            Self::Accepted => 6,
            Self::Note => 7,
        }
    }

    /// Whether it is told in a line, and not at all where headlines are enough.
    pub(in crate::report) const fn is_aside(self) -> bool {
        matches!(self, Self::Known | Self::Waived | Self::Accepted | Self::Note)
    }

    /// Whether it is of the kind that somebody has to do something about.
    pub const fn is_open(self) -> bool {
        matches!(self, Self::BuiltinViolation | Self::Violation | Self::Undetermined | Self::Warning)
    }
}

/// One thing to tell, with what it is about.
#[derive(Clone, Debug, PartialEq)]
pub struct Finding {
    /// What it is.
    pub class: Class,
    /// How many credentials share it; none for what concerns the policy as a whole.
    pub credentials: usize,
    /// How many outcomes it stands for, those that a broken built-in rule left open among them.
    pub outcomes: usize,
    /// The credentials, for a line: "`a`, `b` and 3 more".
    pub who: String,
    /// The headline without the credentials.
    pub short: String,
    /// The statements it tells of.
    pub statements: Vec<StatementId>,
    /// The diagnostic.
    pub diagnostic: Diagnostic,
}

/// How much of what findings are about is kept.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Keep {
    /// The first few names, and how many there are.
    #[default]
    Few,
    /// Every name, and a place of every statement.
    All,
}

/// The hosts of the credentials. A host is named where there are several of its kind: else the kind, which begins the
/// name of every rule, tells it.
#[derive(Debug, Default)]
pub(super) struct Hosts(Vec<(HostKind, String, bool)>);

impl Hosts {
    pub(super) fn add(&mut self, section: &Section<'_>) {
        let (kind, url) = (section.credential.host, section.credential.url.as_str());
        match self.0.iter_mut().find(|(known, ..)| *known == kind) {
            Some((_, first, several)) => *several |= first != url,
            None => self.0.push((kind, url.to_owned(), false)),
        }
    }

    /// " on ghe.acme.dev", where that is not clear.
    pub(super) fn on(&self, kind: HostKind, url: &str) -> String {
        let several = self.0.iter().any(|(known, _, several)| *known == kind && *several);
        if several { format!(" on {}", wording::address(url)) } else { String::new() }
    }
}

/// An outcome, and what it is about.
pub(super) struct About<'a> {
    pub(super) statement: &'a Statement,
    pub(super) outcome: &'a Outcome,
    pub(super) blames: &'a [Blame<'a>],
}

/// The class of a diagnostic that is about no statement.
pub(super) const fn class_of(severity: Severity) -> Class {
    match severity {
        Severity::Error => Class::Undetermined,
        Severity::Warning => Class::Warning,
        Severity::Advice => Class::Note,
    }
}
