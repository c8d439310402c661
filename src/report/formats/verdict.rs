//! How a run ended, in words: for formats that people read.

use crate::report::told::{Closing, Opening};
use crate::report::wording;
use crate::text::english;

/// How a run ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ending {
    /// Everything demanded holds.
    Passed,
    /// Something demanded does not hold.
    Failed,
    /// Something demanded is undecided, or nothing was decided.
    Undetermined,
    /// Before its end.
    Interrupted,
}

impl Ending {
    pub(super) const fn of(closing: &Closing) -> Self {
        match (closing.interrupted, closing.exit) {
            (Some(_), _) | (_, 128..) => Self::Interrupted,
            (_, 0) if closing.summary.decided > 0 => Self::Passed,
            (_, 0 | 3) => Self::Undetermined,
            _ => Self::Failed,
        }
    }

    /// The word.
    pub(super) const fn word(self) -> &'static str {
        match self {
            Self::Passed => "passed",
            Self::Failed => "failed",
            Self::Undetermined => "undetermined",
            Self::Interrupted => "interrupted",
        }
    }

    /// A sign that tells it without colour.
    pub(super) const fn sign(self) -> &'static str {
        match self {
            Self::Passed => "✓",
            Self::Failed => "✗",
            Self::Undetermined => "?",
            Self::Interrupted => "…",
        }
    }
}

/// The verdict in a few words: "3 violations", "Everything demanded holds".
pub(super) fn headline(opening: &Opening, closing: &Closing) -> String {
    let summary = &closing.summary;
    let violations = english::count(summary.violations, "violation", "violations");
    match Ending::of(closing) {
        Ending::Interrupted => match closing.interrupted {
            Some((judged, of)) => {
                format!("Interrupted: {judged} of {} judged", english::count(of, "credential", "credentials"))
            }
            None => "Interrupted".to_owned(),
        },
        Ending::Passed => "Everything demanded holds".to_owned(),
        Ending::Undetermined if closing.decided_nothing() => "Nothing was decided, which is not a success".to_owned(),
        Ending::Undetermined => match summary.undetermined {
            0 => "Undetermined: not everything that was asked for was checked".to_owned(),
            count => format!("{count} undetermined: unknown never passes"),
        },
        Ending::Failed if summary.violations > 0 => violations,
        Ending::Failed if opening.strict && summary.warnings > 0 => {
            let warnings = english::count(summary.warnings, "warning", "warnings");
            format!("{warnings}, which fail a strict run")
        }
        Ending::Failed => format!("Failed, with exit code {}", closing.exit),
    }
}

/// The counts, each in a few words: what is broken before how much was decided.
pub(super) fn counts(closing: &Closing) -> Vec<String> {
    let summary = &closing.summary;
    let mut parts = wording::broken(summary);
    parts.push(wording::undetermined(summary));
    parts.push(format!("decided {} of {}", summary.decided, summary.total));
    parts.push(english::count(summary.credentials, "credential", "credentials"));
    parts.push(english::count(summary.requests, "request", "requests"));
    parts
}
