//! What both kinds of Code Insights have: a report with counts, and annotations, a hundred to a request.

use serde::Serialize;

use super::wording::{counts, cut, line, not_checked, of_level, sentence, shown, told_with_place, web_address};
use super::{Subject, Whole};
use crate::report::annotations::{Annotation, Level};
use crate::text::english;
use crate::text::untrusted::Sink;

/// The annotations of a report.
const MOST: usize = 1_000;
/// The annotations of a request.
const BATCH: usize = 100;
/// The longest headline.
const SUMMARY: usize = 450;
/// The longest text.
const DETAILS: usize = 2_000;
/// The longest path.
const PATH: usize = 4_096;

/// A number or text that a report shows.
#[derive(Serialize)]
pub(super) struct Datum {
    title: &'static str,
    #[serde(rename = "type")]
    kind: &'static str,
    value: usize,
}

/// What a report is called.
pub(super) const fn title(subject: Subject) -> &'static str {
    match subject {
        Subject::Credentials => "Credentials",
        Subject::Policies => "Policies of credentials",
        Subject::Tests => "Tests of policies of credentials",
        Subject::Style => "Style of policies of credentials",
    }
}

/// Whether it went well: what could not be decided did not.
pub(super) const fn passed(whole: &Whole<'_>) -> bool {
    whole.exit == 0
}

/// What a report says in words.
pub(super) fn details(whole: &Whole<'_>) -> String {
    let mut lines = vec![sentence(&counts(whole))];
    if let Some(more) = whole.annotations.len().checked_sub(MOST).filter(|more| *more > 0) {
        let findings = english::count(more, "finding is", "findings are");
        lines.push(format!("{findings} left out of the annotations, the least bad: a report has {MOST} at most."));
    }
    lines.extend(not_checked(whole));
    shown(&cut(&lines.join("\n"), DETAILS), DETAILS, Sink::Terminal)
}

/// What a report says in numbers.
pub(super) fn data(whole: &Whole<'_>) -> Vec<Datum> {
    let number = |title, value| Datum { title, kind: "NUMBER", value };
    let Some((_, closing)) = whole.run else {
        let level = |level| of_level(whole, level);
        return vec![number("Errors", level(Level::Error)), number("Warnings", level(Level::Warning))];
    };
    let summary = &closing.summary;
    vec![
        number("Violations", summary.violations),
        number("Undetermined", summary.undetermined),
        number("Warnings", summary.warnings),
        number("Waived", summary.waived),
        number("Statements decided", summary.decided),
        number("Credentials", summary.credentials),
    ]
}

/// What every annotation has.
pub(super) struct Insight {
    pub(super) id: String,
    pub(super) kind: &'static str,
    pub(super) summary: String,
    pub(super) details: String,
    pub(super) severity: &'static str,
    pub(super) path: Option<String>,
    pub(super) line: Option<usize>,
    pub(super) link: Option<String>,
}

/// The annotations, the worst first, in requests.
pub(super) fn requests<T>(whole: &Whole<'_>, of: impl Fn(Insight) -> T) -> Vec<Vec<T>> {
    let kept = whole.annotations.get(..MOST.min(whole.annotations.len())).unwrap_or_default();
    kept.chunks(BATCH).map(|batch| batch.iter().map(|one| of(insight(one, whole.subject))).collect()).collect()
}

fn insight(one: &Annotation, subject: Subject) -> Insight {
    Insight {
        id: line(&one.fingerprint, SUMMARY),
        kind: match subject {
            Subject::Credentials => "VULNERABILITY",
            Subject::Tests => "BUG",
            Subject::Policies | Subject::Style => "CODE_SMELL",
        },
        summary: line(&format!("{}: {}", one.rule, one.text), SUMMARY),
        details: shown(&told_with_place(one), DETAILS, Sink::Terminal),
        severity: match one.level {
            Level::Error => "HIGH",
            Level::Undetermined => "MEDIUM",
            Level::Warning => "LOW",
        },
        path: one.place.as_ref().map(|place| line(&place.file, PATH)),
        line: one.place.as_ref().map(|place| place.line),
        link: one.link.as_deref().and_then(web_address),
    }
}
