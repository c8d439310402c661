//! The report for people: findings as diagnostics, worst first, then a short summary.

use std::fmt::Write as _;
use std::io::{self, BufWriter, Write};

use super::findings::{Class, Findings};
use super::spool::{CHUNK, Spool, Spooling};
use super::stream::{Head, Section, Stream, Tail};
use super::wording;
use crate::diagnostic::{Renderer, Style};
use crate::evaluation::Verdict;
use crate::facts::{NotRead, kind_of};
use crate::text::english;
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

/// The report: of each credential its findings and its lines of the summary wait for the end.
pub(super) struct Human<'a> {
    head: Head<'a>,
    style: Style,
    verbosity: Verbosity,
    out: Box<dyn Write + 'a>,
    findings: Findings,
    /// What passed, where that is told.
    passes: Spooling<'a>,
    /// A line for each credential.
    credentials: String,
}

impl<'a> Human<'a> {
    pub(super) fn new(
        head: Head<'a>,
        style: Style,
        verbosity: Verbosity,
        out: Box<dyn Write + 'a>,
        spool: Box<dyn Spool + 'a>,
    ) -> Self {
        let (findings, credentials) = (Findings::default(), String::new());
        Self { head, style, verbosity, out, findings, passes: Spooling::new(spool), credentials }
    }
}

impl Stream for Human<'_> {
    fn section(&mut self, section: &Section<'_>) -> io::Result<()> {
        self.findings.add(&self.head, section);
        if self.verbosity == Verbosity::Quiet {
            return Ok(());
        }
        let redactor = self.head.redactor;
        let clean = |text: &str| untrusted::one_line(&redactor.redact(text), Sink::Terminal);
        if self.verbosity == Verbosity::Verbose {
            passes(&self.head, section, &clean, &mut self.passes)?;
        }
        let _ = writeln!(self.credentials, "  {}", clean(&sent(section)));
        Ok(())
    }

    fn end(self: Box<Self>, tail: &Tail<'_>) -> io::Result<()> {
        let Self { head, style, verbosity, out, mut findings, passes, credentials } = *self;
        let mut out = BufWriter::with_capacity(CHUNK, out);
        let quiet = verbosity == Verbosity::Quiet;
        findings.note(tail.notes);
        let mut renderer = Renderer::new(head.sources, style, head.redactor);
        let mut told = false;
        for finding in findings.sorted() {
            if quiet && matches!(finding.class, Class::Waived | Class::Accepted | Class::Note) {
                continue;
            }
            if told {
                out.write_all(b"\n")?;
            }
            told = true;
            let text = renderer.render(&finding.diagnostic);
            out.write_all(text.as_bytes())?;
            if !text.ends_with('\n') {
                out.write_all(b"\n")?;
            }
        }
        if !quiet {
            if told {
                out.write_all(b"\n")?;
            }
            let all = passes.all();
            passes.finish()?.copy(&all, &mut out)?;
            let clean = |text: &str| untrusted::one_line(&head.redactor.redact(text), Sink::Terminal);
            let mut text = String::new();
            if let Some((file, at)) = head.replayed_from {
                let _ = writeln!(text, "replayed from {} of {at}: no host was asked", clean(file));
            }
            text.push_str(&credentials);
            summary(tail, &clean, &mut text);
            out.write_all(text.as_bytes())?;
        }
        out.flush()
    }
}

/// What passed and what did not apply, with what was found.
fn passes(
    report: &Head<'_>,
    section: &Section<'_>,
    clean: &dyn Fn(&str) -> String,
    into: &mut dyn Write,
) -> io::Result<()> {
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
        writeln!(into, "{}", clean(&line))?;
    }
    writeln!(into)
}

/// Whose kind, whether it was sent, and how much of it was decided.
fn sent(section: &Section<'_>) -> String {
    let kind = kind_of(section.credential, section.facts).map_or("credential of unknown kind", |kind| kind.title);
    let applies = section.judged.outcomes.iter().filter(|outcome| outcome.verdict.applies()).count();
    let decided = section.judged.outcomes.iter().filter(|outcome| outcome.verdict.is_decided()).count();
    let sent = section.exchanges.iter().any(|exchange| exchange.attempts > 0);
    format!(
        "{}: {kind}, {} to {}, decided {decided} of {applies}",
        section.credential.name,
        if sent { "sent" } else { "not sent" },
        section.credential.url,
    )
}

/// The most repositories of a credential that are named in one line.
const MOST_NAMED: usize = 5;

/// What the operator names and no statement read, a line for each credential.
fn not_read(all: &[NotRead], clean: &dyn Fn(&str) -> String, text: &mut String) {
    for of_one in all.chunk_by(|one, next| (one.host, &one.credential) == (next.host, &next.credential)) {
        let Some(first) = of_one.first() else { continue };
        let mut names: Vec<String> =
            of_one.iter().take(MOST_NAMED).map(|one| format!("`{}`", one.repository)).collect();
        if let Some(more) = of_one.len().checked_sub(MOST_NAMED).filter(|more| *more > 0) {
            names.push(format!("{more} more"));
        }
        let names = english::list(names, "and");
        let line = format!("not read: {} `{}`: no statement is about {names}", first.host.word(), first.credential);
        let _ = writeln!(text, "  {}", clean(&line));
    }
}

fn summary(tail: &Tail<'_>, clean: &dyn Fn(&str) -> String, text: &mut String) {
    for one in tail.not_checked {
        let credential = one.credential.as_ref().map_or_else(String::new, |name| format!(" `{name}`"));
        let _ = writeln!(text, "  {}", clean(&format!("not checked: {}{credential}: {}", one.host, one.reason)));
    }
    not_read(tail.not_read, clean, text);
    if let Some(interrupted) = &tail.interrupted {
        let _ = writeln!(text, "{}", interrupted.line());
    }
    let totals = tail.totals;
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
    if let Some(elapsed) = tail.elapsed {
        parts.push(format!("{} ms", elapsed.as_millis()));
    }
    if totals.decided == 0 {
        parts.push("nothing was decided".to_owned());
    }
    let _ = writeln!(text, "{}", parts.join(" · "));
}
