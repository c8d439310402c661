//! The report for people: what is broken first, briefly, then how each credential stands, and a line for the whole run.

use std::fmt::Write as _;
use std::io::{self, BufWriter, Write};

use super::findings::{Class, Finding, Findings, Keep};
use super::spool::{CHUNK, Spool, Spooling};
use super::standings::Standings;
use super::stream::{Head, Section, Stream, Tail};
use super::wording;
use crate::diagnostic::{Length, Renderer, Severity, Style, hanging};
use crate::evaluation::Verdict;
use crate::facts::NotRead;
use crate::text::english;
use crate::text::untrusted::{self, Sink};

/// How much to say.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Verbosity {
    /// Headlines only.
    Quiet,
    /// The worst findings whole, others briefly, and the summary.
    #[default]
    Normal,
    /// Every finding whole, with all names; also what passed and what did not apply, with the evidence.
    Verbose,
}

/// How many findings are told whole where not all are: the worst.
const WHOLE: usize = 4;
/// How many after them are told with what to do.
const MENDED: usize = 10;
/// How many of a kind are told in a line.
const LINES: usize = 30;

/// The report: of each credential what it adds to the findings and to the table waits for the end.
pub(super) struct Human<'a> {
    head: Head<'a>,
    style: Style,
    verbosity: Verbosity,
    out: Box<dyn Write + 'a>,
    findings: Findings,
    /// What passed, where that is told.
    passes: Spooling<'a>,
    standings: Standings,
}

impl<'a> Human<'a> {
    pub(super) fn new(
        head: Head<'a>,
        style: Style,
        verbosity: Verbosity,
        out: Box<dyn Write + 'a>,
        spool: Box<dyn Spool + 'a>,
    ) -> Self {
        let all = verbosity == Verbosity::Verbose;
        let findings = Findings::new(if all { Keep::All } else { Keep::Few });
        Self { head, style, verbosity, out, findings, passes: Spooling::new(spool), standings: Standings::new(all) }
    }
}

impl Stream for Human<'_> {
    fn section(&mut self, section: &Section<'_>) -> io::Result<()> {
        self.findings.add(&self.head, section);
        if self.verbosity == Verbosity::Verbose {
            let redactor = self.head.redactor;
            let clean = |text: &str| untrusted::one_line(&redactor.redact(text), Sink::Terminal);
            passes(&self.head, section, self.style, &clean, &mut self.passes)?;
        }
        self.standings.add(section);
        Ok(())
    }

    fn end(self: Box<Self>, tail: &Tail<'_>) -> io::Result<()> {
        let Self { head, style, verbosity, out, mut findings, passes, standings } = *self;
        let mut out = BufWriter::with_capacity(CHUNK, out);
        findings.note(tail.notes);
        let told = tell(&findings.sorted(&head), &head, style, verbosity, &mut out)?;
        if verbosity != Verbosity::Quiet {
            if told {
                out.write_all(b"\n")?;
            }
            let all = passes.all();
            passes.finish()?.copy(&all, &mut out)?;
            let clean = |text: &str| untrusted::one_line(&head.redactor.redact(text), Sink::Terminal);
            let mut text = String::new();
            if let Some((file, at)) = head.replayed_from {
                let line = format!("replayed from {} of {at}: no host was asked", clean(file));
                let _ = writeln!(text, "{}", hanging(&line, style.width(), 2));
            }
            let of_policy = tail.notes.iter().filter(|note| note.severity == Severity::Warning).count();
            standings.draw(style, &clean, of_policy, &mut text);
            summary(tail, style, &clean, &mut text);
            out.write_all(text.as_bytes())?;
        }
        out.flush()
    }
}

/// Tells the findings: the worst whole, the next with what to do, the others in a line. False where there is none.
fn tell(
    findings: &[Finding],
    head: &Head<'_>,
    style: Style,
    verbosity: Verbosity,
    out: &mut dyn Write,
) -> io::Result<bool> {
    let mut renderer = Renderer::new(head.sources, style, head.redactor);
    let (mut open, mut lines) = (0, 0);
    let mut last: Option<(Class, Length)> = None;
    let mut hidden: Option<(Class, usize)> = None;
    for finding in findings {
        let class = finding.class;
        if verbosity == Verbosity::Quiet && class.is_aside() {
            continue;
        }
        if last.is_some_and(|(before, _)| before != class) {
            lines = 0;
        }
        let length = match verbosity {
            Verbosity::Quiet => Length::Headline,
            Verbosity::Verbose => Length::Whole,
            Verbosity::Normal if class.is_open() => {
                open += 1;
                match open {
                    ..=WHOLE => Length::Whole,
                    // What leads to exit code 3 keeps what to do about it.
                    _ if open <= WHOLE + MENDED || class == Class::Undetermined => Length::Mended,
                    _ => Length::Headline,
                }
            }
            Verbosity::Normal if class == Class::Note => Length::Mended,
            Verbosity::Normal => Length::Headline,
        };
        if verbosity == Verbosity::Normal && length == Length::Headline {
            lines += 1;
            if lines > LINES {
                hidden = Some((class, lines - LINES));
                last = Some((class, length));
                continue;
            }
        }
        more(&mut hidden, style, out)?;
        let apart = |(before, length): (Class, Length)| length == Length::Whole || before.rank() != class.rank();
        let quiet = verbosity == Verbosity::Quiet;
        if !quiet && last.is_some_and(|last| apart(last) || length == Length::Whole) {
            out.write_all(b"\n")?;
        }
        last = Some((class, length));
        out.write_all(renderer.tell(&finding.diagnostic, length).as_bytes())?;
    }
    more(&mut hidden, style, out)?;
    Ok(last.is_some())
}

/// Says how many findings are not told, once those of another kind follow.
fn more(hidden: &mut Option<(Class, usize)>, style: Style, out: &mut dyn Write) -> io::Result<()> {
    let Some((class, count)) = hidden.take() else { return Ok(()) };
    let what = match class {
        Class::BuiltinViolation | Class::Violation => ("violation", "violations"),
        Class::Undetermined | Class::UndeterminedWarning => ("undecided", "undecided"),
        Class::Warning => ("warning", "warnings"),
        Class::Known => ("known", "known"),
        Class::Waived => ("waived", "waived"),
        Class::Accepted => ("accepted", "accepted"),
        Class::Note => ("note", "notes"),
    };
    let line = format!("and {} of other causes; `-v` tells them", english::count(count, what.0, what.1));
    writeln!(out, "{}", hanging(&line, style.width(), 2))
}

/// What passed and what did not apply, with what was found.
fn passes(
    report: &Head<'_>,
    section: &Section<'_>,
    style: Style,
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
        // Where one of several lists is enough, it is said which.
        let held = report.blame(section.facts, outcome).into_iter().next().filter(|_| outcome.verdict == Verdict::Pass);
        let held = held.map_or_else(String::new, |held| format!(" by {}:", held.text));
        let line = format!(
            "{word}: {} #{} ({}{subject}):{held} {}",
            rule.name,
            statement.number,
            section.credential.name,
            seen.join("; ")
        );
        writeln!(into, "{}", hanging(&clean(&line), style.width(), 2))?;
    }
    writeln!(into)
}

/// The most repositories of a credential that are named in one line.
const MOST_NAMED: usize = 5;

/// What the operator names and no statement read, a line for each credential.
fn not_read(all: &[NotRead], style: Style, clean: &dyn Fn(&str) -> String, text: &mut String) {
    for of_one in all.chunk_by(|one, next| (one.host, &one.credential) == (next.host, &next.credential)) {
        let Some(first) = of_one.first() else { continue };
        let mut names: Vec<String> =
            of_one.iter().take(MOST_NAMED).map(|one| format!("`{}`", one.repository)).collect();
        if let Some(more) = of_one.len().checked_sub(MOST_NAMED).filter(|more| *more > 0) {
            names.push(format!("{more} more"));
        }
        let names = english::list(names, "and");
        let line = format!("not read: {} `{}`: no statement is about {names}", first.host.word(), first.credential);
        let _ = writeln!(text, "  {}", indented(&clean(&line), style));
    }
}

/// A line two columns in, wrapped two columns further.
fn indented(line: &str, style: Style) -> String {
    hanging(line, style.width().map(|width| width.saturating_sub(2)), 4)
}

/// What was not checked, and the counts: what is broken before how much was decided.
fn summary(tail: &Tail<'_>, style: Style, clean: &dyn Fn(&str) -> String, text: &mut String) {
    for one in tail.not_checked {
        let credential = one.credential.as_ref().map_or_else(String::new, |name| format!(" `{name}`"));
        let line = clean(&format!("not checked: {}{credential}: {}", one.host, one.reason));
        let _ = writeln!(text, "  {}", indented(&line, style));
    }
    not_read(tail.not_read, style, clean, text);
    if let Some(interrupted) = &tail.interrupted {
        let _ = writeln!(text, "{}", interrupted.line());
    }
    let totals = tail.totals;
    let mut parts = wording::broken(&totals);
    if totals.undetermined > 0 {
        parts.push(wording::undetermined(&totals));
    }
    parts.push(format!("decided {} of {}", totals.decided, totals.total));
    if totals.decided == 0 {
        parts.push("nothing was decided".to_owned());
    }
    parts.push(english::count(totals.requests, "request", "requests"));
    if let Some(elapsed) = tail.elapsed {
        parts.push(format!("{} ms", elapsed.as_millis()));
    }
    // Broken between two parts, and after none.
    let mut row = String::new();
    for part in parts {
        let longer = format!("{row}{}{part}", if row.is_empty() { "" } else { " · " });
        if !row.is_empty() && style.width().is_some_and(|width| longer.chars().count() > width) {
            let _ = writeln!(text, "{row}");
            row = format!("  {part}");
        } else {
            row = longer;
        }
    }
    let _ = writeln!(text, "{row}");
}
