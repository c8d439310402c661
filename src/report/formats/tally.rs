//! What became of each credential, in numbers: a row of a table.

use crate::report::told::{Expires, Outcome, Section, Severity, Verdict};

/// A credential's row.
#[derive(Clone, Debug)]
pub(super) struct Tally {
    pub(super) name: String,
    pub(super) host: String,
    pub(super) url: String,
    pub(super) kind: Option<String>,
    pub(super) valid: Option<bool>,
    pub(super) expires: Expires,
    /// Broken, and neither waived nor known.
    pub(super) violations: usize,
    pub(super) warnings: usize,
    /// Undecided, and not accepted.
    pub(super) undetermined: usize,
    pub(super) accepted: usize,
    pub(super) waived: usize,
    pub(super) known: usize,
    pub(super) inapplicable: usize,
    pub(super) passed: usize,
}

/// How a credential stands: the worst that became of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Standing {
    Violations,
    Undetermined,
    NothingDecided,
    Warnings,
    Holds,
}

impl Standing {
    /// Sign and word.
    pub(super) const fn words(self) -> (&'static str, &'static str) {
        match self {
            Self::Violations => ("✗", "violations"),
            Self::Undetermined => ("?", "undetermined"),
            Self::NothingDecided => ("?", "nothing decided"),
            Self::Warnings => ("!", "warnings"),
            Self::Holds => ("✓", "holds"),
        }
    }
}

/// Whether an outcome is told apart from what has to be mended: waived, accepted or known.
pub(super) fn is_set_aside(outcome: &Outcome<'_>) -> bool {
    outcome.severity == Some(Severity::Advice)
}

impl Tally {
    /// The row of a credential.
    pub(super) fn of(section: &Section<'_>) -> Self {
        let one = &section.credential;
        let mut tally = Self {
            name: one.name.to_string(),
            host: one.host.to_string(),
            url: one.url.to_string(),
            kind: one.kind.as_deref().map(str::to_owned),
            valid: one.valid,
            expires: one.expires,
            violations: 0,
            warnings: 0,
            undetermined: 0,
            accepted: 0,
            waived: 0,
            known: 0,
            inapplicable: 0,
            passed: 0,
        };
        for outcome in &section.outcomes {
            *match outcome.verdict {
                Verdict::Violation | Verdict::Warning if outcome.known => &mut tally.known,
                Verdict::Violation => &mut tally.violations,
                Verdict::Warning => &mut tally.warnings,
                Verdict::Undetermined if outcome.accepted && is_set_aside(outcome) => &mut tally.accepted,
                Verdict::Undetermined => &mut tally.undetermined,
                Verdict::Waived => &mut tally.waived,
                Verdict::NotApplicable => &mut tally.inapplicable,
                Verdict::Pass => &mut tally.passed,
            } += 1;
        }
        tally
    }

    /// What rows are sorted by.
    pub(super) fn key(&self) -> (&str, &str, &str) {
        (&self.name, &self.host, &self.url)
    }

    /// What nobody has to mend now: waived, accepted or known.
    pub(super) const fn set_aside(&self) -> usize {
        self.waived + self.accepted + self.known
    }

    pub(super) const fn standing(&self) -> Standing {
        if self.violations > 0 {
            Standing::Violations
        } else if self.undetermined > 0 {
            Standing::Undetermined
        } else if self.warnings > 0 {
            Standing::Warnings
        } else if self.passed + self.known + self.waived == 0 {
            Standing::NothingDecided
        } else {
            Standing::Holds
        }
    }

    /// When the credential ends: a day, or a word.
    pub(super) fn ends(&self) -> String {
        match self.expires {
            Expires::At(at) => at.strftime("%Y-%m-%d").to_string(),
            Expires::Never => "never".to_owned(),
            Expires::Unknown => "unknown".to_owned(),
        }
    }
}
