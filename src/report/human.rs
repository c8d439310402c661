//! The report for people: findings as diagnostics, worst first, then a short summary.

use std::fmt::Write as _;
use std::io;

use super::findings::{self, Class};
use super::{Report, Section, wording};
use crate::diagnostic::{Diagnostic, Style, render_redacted};
use crate::evaluation::Verdict;
use crate::facts::kind_of;
use crate::text::english;
use crate::text::redact::Redactor;
use crate::text::untrusted::{self, Sink};

/// How much to say.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Verbosity {
    /// Findings only.
    Quiet,
    /// Findings and summary.
    #[default]
    Normal,
    /// Also what passed and what did not apply, with the evidence.
    Verbose,
}

/// Writes the report.
///
/// # Errors
/// The sink's.
pub fn write(
    report: &Report<'_>,
    style: Style,
    verbosity: Verbosity,
    redactor: &Redactor,
    sink: &mut dyn io::Write,
) -> io::Result<()> {
    let quiet = verbosity == Verbosity::Quiet;
    let diagnostics: Vec<Diagnostic> = findings::findings(report)
        .into_iter()
        .filter(|finding| !(quiet && matches!(finding.class, Class::Waived | Class::Accepted | Class::Note)))
        .map(|finding| finding.diagnostic)
        .collect();
    let mut text = render_redacted(&diagnostics, report.sources, style, redactor);
    if !text.is_empty() && !text.ends_with('\n') {
        text.push('\n');
    }
    if !quiet {
        if !text.is_empty() {
            text.push('\n');
        }
        let clean = |text: &str| untrusted::one_line(&redactor.redact(text), Sink::Terminal);
        if verbosity == Verbosity::Verbose {
            for section in report.sections {
                passes(report, section, &clean, &mut text);
            }
        }
        summary(report, &clean, &mut text);
    }
    sink.write_all(redactor.redact(&text).as_bytes())
}

/// What passed and what did not apply, with what was found.
fn passes(report: &Report<'_>, section: &Section<'_>, clean: &dyn Fn(&str) -> String, text: &mut String) {
    for outcome in &section.judged.outcomes {
        let word = match outcome.verdict {
            Verdict::Pass => "pass",
            Verdict::NotApplicable => "not applicable",
            _ => continue,
        };
        let Some(statement) = report.policy.statement(outcome.statement) else { continue };
        let Some(rule) = report.policy.rule(statement.rule) else { continue };
        let subject =
            section.facts.subject_name(outcome.subject).map_or_else(String::new, |name| format!(" for {name}"));
        let facts = if outcome.verdict == Verdict::Pass { &statement.facts } else { &statement.guard_facts };
        let seen: Vec<String> = facts
            .iter()
            .filter_map(|index| {
                let fact = section.facts.fact(*index, outcome.subject)?;
                let evidence = wording::evidence_of(fact).map_or_else(String::new, |evidence| format!(" · {evidence}"));
                Some(format!(
                    "{} = {}{evidence}",
                    wording::path(section.facts.host, *index),
                    wording::bare(&fact.knowledge)
                ))
            })
            .collect();
        let line = format!(
            "{word}: {} #{} ({}{subject}): {}",
            rule.name,
            statement.number,
            section.credential.name,
            seen.join("; ")
        );
        let _ = writeln!(text, "{}", clean(&line));
    }
    text.push('\n');
}

fn summary(report: &Report<'_>, clean: &dyn Fn(&str) -> String, text: &mut String) {
    if let Some((file, at)) = report.replayed_from {
        let _ = writeln!(text, "replayed from {} of {at}: no host was asked", clean(file));
    }
    for section in report.sections {
        let kind = kind_of(section.credential, section.facts).map_or("credential of unknown kind", |kind| kind.title);
        let applies = section.judged.outcomes.iter().filter(|outcome| outcome.verdict.applies()).count();
        let decided = section.judged.outcomes.iter().filter(|outcome| outcome.verdict.is_decided()).count();
        let sent: usize = section.exchanges.iter().map(|exchange| exchange.attempts.len()).sum();
        let line = format!(
            "{}: {kind}, {} to {}, decided {decided} of {applies}",
            section.credential.name,
            if sent == 0 { "not sent".to_owned() } else { "sent".to_owned() },
            section.credential.url,
        );
        let _ = writeln!(text, "  {}", clean(&line));
    }
    for one in report.not_checked {
        let credential = one.credential.as_ref().map_or_else(String::new, |name| format!(" `{name}`"));
        let _ = writeln!(text, "  {}", clean(&format!("not checked: {}{credential}: {}", one.host, one.reason)));
    }
    let totals = report.totals;
    let mut parts = vec![
        format!("decided {} of {}", totals.decided, totals.total),
        english::count(totals.violations, "violation", "violations"),
        english::count(totals.warnings, "warning", "warnings"),
    ];
    if totals.waived > 0 {
        parts.push(format!("{} waived", totals.waived));
    }
    if totals.undetermined > 0 {
        let accepted = if totals.accepted > 0 { format!(" ({} accepted)", totals.accepted) } else { String::new() };
        parts.push(format!("{} undetermined{accepted}", totals.undetermined));
    }
    parts.push(english::count(totals.requests, "request", "requests"));
    if let Some(elapsed) = report.elapsed {
        parts.push(format!("{} ms", elapsed.as_millis()));
    }
    if totals.decided == 0 {
        parts.push("nothing was decided".to_owned());
    }
    let _ = writeln!(text, "{}", parts.join(" · "));
}
