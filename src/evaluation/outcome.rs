//! Outcomes: what became of each statement for each credential and subject, and of the built-in rules.

use crate::facts::{Cause, Causes, Evidence, SubjectRef};
use crate::language::StatementId;

/// What became of one statement for one credential and one subject. Small on purpose: everything else that a report
/// says of it is found again from the policy and the facts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Outcome {
    /// The statement.
    pub statement: StatementId,
    /// What it was checked for.
    pub subject: SubjectRef,
    /// The verdict.
    pub verdict: Verdict,
    /// Whether an earlier report has it, a violation or warning, just so: see [`Baseline`](super::Baseline).
    pub known: bool,
}

/// The verdict on one statement.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Verdict {
    /// Decided and holds.
    Pass,
    /// A `require` or `forbid` is decided and broken.
    Violation,
    /// A `prefer` or `avoid` is decided and broken.
    Warning,
    /// Would be a violation or warning; the waiver at this position of the policy covers it.
    Waived(usize),
    /// Statement or guard is undecided.
    Undetermined {
        /// Every cause that stands in the way.
        causes: Causes,
        /// Whether the rule accepts these causes in writing.
        accepted: bool,
    },
    /// A guard is decided false.
    NotApplicable,
}

impl Verdict {
    /// The word in JSON and tests.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Pass => "pass",
            Self::Violation => "violation",
            Self::Warning => "warning",
            Self::Waived(_) => "waived",
            Self::Undetermined { .. } => "undetermined",
            Self::NotApplicable => "not-applicable",
        }
    }

    /// Whether the statement applies to the credential at all.
    pub const fn applies(self) -> bool {
        !matches!(self, Self::NotApplicable)
    }

    /// Whether there is something to say: it neither passed nor was ruled out.
    pub const fn is_found(self) -> bool {
        !matches!(self, Self::NotApplicable | Self::Pass)
    }

    /// Whether it was decided, one way or the other.
    pub const fn is_decided(self) -> bool {
        matches!(self, Self::Pass | Self::Violation | Self::Warning | Self::Waived(_))
    }
}

/// The built-in rules. Each host has them all: `github.credential-valid`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum BuiltinRule {
    /// The host takes the credential.
    CredentialValid,
    /// The secret's shape and the username belong to this host's vendor.
    RightHost,
    /// No organisation or instance refuses the credential.
    CredentialAccepted,
    /// Every repository in scope can be seen.
    RepositoryVisible,
    /// The configured username is the live one.
    UsernameMatches,
    /// Some statement judges this kind of credential.
    KindCovered,
}

impl BuiltinRule {
    /// All of them.
    pub const ALL: [Self; 6] = [
        Self::CredentialValid,
        Self::RightHost,
        Self::CredentialAccepted,
        Self::RepositoryVisible,
        Self::UsernameMatches,
        Self::KindCovered,
    ];

    /// The name after the host's: `credential-valid`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::CredentialValid => "credential-valid",
            Self::RightHost => "right-host",
            Self::CredentialAccepted => "credential-accepted",
            Self::RepositoryVisible => "repository-visible",
            Self::UsernameMatches => "username-matches",
            Self::KindCovered => "kind-covered",
        }
    }
}

/// A broken built-in rule. Not counted in totals, but in the exit code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BuiltinOutcome {
    /// Which rule.
    pub rule: BuiltinRule,
    /// Whether the rule is broken because nothing was sent.
    pub withheld: bool,
    /// Whether it is undetermined, with its cause; else it is a violation.
    pub undetermined: Option<Cause>,
    /// The repository, for rules about one.
    pub repository: Option<String>,
    /// The headline.
    pub message: String,
    /// What was found, in a few words.
    pub found: Option<String>,
    /// What to do.
    pub help: Option<String>,
    /// Further lines: what the host said.
    pub notes: Vec<String>,
    /// The host's own link.
    pub url: Option<String>,
    /// Where that was seen.
    pub evidence: Vec<Evidence>,
}
