//! What is decided and broken: violations, warnings, and those that a waiver covers.

use super::about::{About, Class, MOST_LABELS};
use super::gathered::{Gathered, Sentence};
use super::mend;
use super::names::for_subject;
use crate::diagnostic::{Code, Diagnostic, Severity};
use crate::evaluation::{Blame, Verdict};
use crate::facts::{SubjectRef, kind_of};
use crate::language::Rule;
use crate::report::stream::{Head, Section};
use crate::report::wording;
use crate::text::english;

/// The most reasons of a message for programs.
const MOST_REASONS: usize = 5;
/// The most characters of a headline's reasons, the first of which is told whatever its length.
const MOST_OF_REASONS: usize = 90;
/// The most kinds of credential whose mends are told in one finding.
const MOST_KINDS: usize = 3;

/// What outcomes must share to be told together: statement, host and the places that are blamed. What was found there
/// may differ.
pub(super) fn key(class: Class, section: &Section<'_>, about: &About<'_>) -> String {
    let mut key = format!("{}\u{0}{}\u{0}{}", class as u8, section.credential.url, about.outcome.statement.0);
    if let Verdict::Waived(waiver) = about.outcome.verdict {
        key.push_str(&format!("\u{0}{waiver}"));
    }
    for blame in about.blames {
        key.push_str(&format!("\u{0}{}:{}", blame.span.start, blame.span.end));
    }
    key
}

/// The finding that a first outcome begins.
pub(super) fn gathered(report: &Head<'_>, section: &Section<'_>, class: Class, about: &About<'_>) -> Gathered {
    let verdict = about.outcome.verdict;
    let code = match verdict {
        Verdict::Waived(_) => Code::Waived,
        Verdict::Warning => Code::Warning,
        _ => Code::Violation,
    };
    let severity = match verdict {
        Verdict::Violation | Verdict::Warning if about.outcome.known => Severity::Advice,
        Verdict::Warning if report.strict => Severity::Error,
        _ => code.severity(),
    };
    let mut diagnostic = Diagnostic::new(code, "").severity(severity);
    let single = about.blames.len() == 1;
    let mut last = String::new();
    for blame in about.blames.iter().take(MOST_LABELS) {
        let seen = seen(blame);
        let mut parts: Vec<&str> = Vec::new();
        if !single && !blame.text.is_empty() {
            parts.push(&blame.text);
        }
        // What stands at the place before is not said again.
        if seen != last {
            parts.push(&seen);
        }
        let text = parts.join(" · ");
        diagnostic = diagnostic.label(blame.span, text);
        last = seen;
    }
    if about.blames.is_empty() {
        diagnostic = diagnostic.label(about.statement.span, "");
    }
    let mut ending = String::new();
    if let Verdict::Waived(at) = verdict
        && let Some(waiver) = report.policy.waivers.get(at)
    {
        let by = waiver.by.as_ref().map_or_else(String::new, |by| format!(" by {by}"));
        diagnostic = diagnostic
            .label(waiver.span, "waived here")
            .note(format!("waived until {}{by} because \"{}\"", waiver.until, waiver.because));
        ending = format!(" (waived until {})", waiver.until);
    }
    let sentence = Sentence::Decided { does: does(verdict) };
    let mut one = Gathered::new(class, sentence, diagnostic).at(section);
    one.ending = ending;
    one.words(about.statement);
    one
}

impl Gathered {
    pub(super) fn add_decided(&mut self, report: &Head<'_>, section: &Section<'_>, about: &About<'_>) {
        self.outcome(section, about);
        self.reasons.add(&reasons(about.blames), &section.credential.name, self.keep);
        let kind = kind_of(section.credential, section.facts).map_or("", |kind| kind.title);
        if self.mended.len() < MOST_KINDS && !self.mended.contains(&kind) {
            self.mended.push(kind);
            let lines = mend::lines(report, section, about.statement, &[about.outcome.subject], about.blames);
            self.help(lines);
        }
    }
}

const fn does(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Warning => "does not meet",
        Verdict::Pass => "meets",
        Verdict::NotApplicable => "is not judged by",
        _ => "violates",
    }
}

fn text<'a>(blame: &'a Blame<'_>) -> &'a str {
    if blame.text.is_empty() { blame.found.as_deref().unwrap_or("") } else { blame.text.as_str() }
}

/// The reasons of an outcome, as long as they are short.
fn reasons(blames: &[Blame<'_>]) -> String {
    let mut told: Vec<&str> = Vec::new();
    let mut more = 0;
    for text in blames.iter().map(text).filter(|text| !text.is_empty()) {
        let length: usize = told.iter().map(|text| text.chars().count()).sum();
        if told.contains(&text) {
            continue;
        }
        if told.is_empty() || (more == 0 && length + text.chars().count() <= MOST_OF_REASONS) {
            told.push(text);
        } else {
            more += 1;
        }
    }
    let more = match more {
        0 => String::new(),
        more => format!("; and {}", english::count(more, "more reason", "more reasons")),
    };
    format!("{}{more}", told.join("; "))
}

/// The message of one decided outcome, for programs.
pub(in crate::report) fn message(
    report: &Head<'_>,
    section: &Section<'_>,
    rule: &Rule,
    verdict: Verdict,
    subject: SubjectRef,
    blames: &[Blame<'_>],
) -> String {
    let mut message = format!(
        "{} {} `{}`{}",
        wording::credential(section.credential),
        does(verdict),
        rule.name,
        for_subject(section, subject)
    );
    if let Verdict::Waived(at) = verdict
        && let Some(waiver) = report.policy.waivers.get(at)
    {
        message.push_str(&format!(" (waived until {})", waiver.until));
    }
    if let Some((first, rest)) = blames.split_first() {
        let text_of_first = text(first);
        if !text_of_first.is_empty() {
            message.push_str(&format!(": {text_of_first}"));
        }
        let mut told = vec![text_of_first];
        for text in rest.iter().map(text) {
            if !text.is_empty() && !told.contains(&text) {
                told.push(text);
            }
        }
        for text in told.iter().skip(1).take(MOST_REASONS - 1) {
            message.push_str(&format!("; {text}"));
        }
        if told.len() > MOST_REASONS {
            let more = english::count(told.len() - MOST_REASONS, "more reason", "more reasons");
            message.push_str(&format!("; and {more}"));
        }
    }
    message
}

/// What was found at a blamed place, and by which evidence.
fn seen(blame: &Blame<'_>) -> String {
    let mut parts: Vec<String> = Vec::new();
    // What a text like "`user.is_bot` is `false`" says already is not said twice.
    let told = |found: &String| blame.text.contains(&format!("`{found}`"));
    match (blame.fact, &blame.found) {
        (Some(_), Some(found)) if told(found) => {}
        (Some((_, fact)), _) => parts.push(wording::found(&fact.knowledge)),
        (None, Some(found)) => parts.push(format!("found: {found}")),
        (None, None) => {}
    }
    if let Some(evidence) = blame.fact.and_then(|(_, fact)| wording::evidence_of(fact)) {
        parts.push(evidence);
    }
    parts.join(" · ")
}
