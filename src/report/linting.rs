//! What `credcheck lint` found, for people.

use std::fmt::Write as _;
use std::io;

use super::concise;
use super::human::Verbosity;
use crate::diagnostic::{Diagnostic, Severity, Style, render_redacted};
use crate::text::english;
use crate::text::redact::Redactor;
use crate::text::source::SourceMap;
use crate::text::untrusted::{self, Sink};

/// A policy that was linted.
#[derive(Debug)]
pub struct LintedFile {
    /// Its name as given.
    pub name: String,
    /// What is said of it: what makes it invalid, else what lints found.
    pub diagnostics: Vec<Diagnostic>,
    /// Whether it is invalid, so that it was not linted.
    pub invalid: bool,
    /// For how many of them `--fix` has a change.
    pub fixable: usize,
    /// What `--fix` did: the line, from 1, and what.
    pub done: Vec<(usize, String)>,
}

/// Everything that was linted.
#[derive(Debug)]
pub struct LintReport<'a> {
    /// The policies, in the order given.
    pub files: &'a [LintedFile],
    /// The texts that diagnostics point into.
    pub sources: &'a SourceMap,
    /// Whether warnings count as errors do.
    pub strict: bool,
}

impl LintReport<'_> {
    /// All diagnostics, in the order of the files. What an import shared by several has is said once.
    pub fn diagnostics(&self) -> Vec<Diagnostic> {
        let mut all: Vec<Diagnostic> = Vec::new();
        let mut seen = std::collections::BTreeSet::new();
        for one in self.files.iter().flat_map(|file| &file.diagnostics) {
            let place = one.span().map(|span| (self.sources.name(span.source), span.start, span.end));
            if seen.insert((place, one.code, one.message.as_str())) {
                all.push(one.clone());
            }
        }
        all
    }

    /// Whether anything found makes the run fail: an error, and with `strict` a warning.
    pub fn fails(&self) -> bool {
        let least = if self.strict { Severity::Warning } else { Severity::Error };
        self.files.iter().flat_map(|file| &file.diagnostics).any(|one| one.severity >= least)
    }
}

/// Writes the findings, what was mended, and a line for each file; where headlines are enough, a line for each finding and
/// nothing else.
///
/// # Errors
/// The sink's.
pub fn write_human(
    report: &LintReport<'_>,
    style: Style,
    verbosity: Verbosity,
    redactor: &Redactor,
    sink: &mut dyn io::Write,
) -> io::Result<()> {
    if verbosity == Verbosity::Quiet {
        return write_concise(report, redactor, sink);
    }
    let diagnostics = report.diagnostics();
    let mut text = render_redacted(&diagnostics, report.sources, style, redactor);
    if !text.is_empty() {
        if !text.ends_with('\n') {
            text.push('\n');
        }
        text.push('\n');
    }
    let clean = |text: &str| untrusted::one_line(&redactor.redact(text), Sink::Terminal);
    for file in report.files {
        for (line, what) in &file.done {
            // Writing to a string cannot fail.
            let _ = writeln!(text, "{}:{line}: {}", clean(&file.name), clean(what));
        }
        if report.files.len() <= MOST_LINES || !file.diagnostics.is_empty() || verbosity == Verbosity::Verbose {
            let _ = writeln!(text, "{}: {}", clean(&file.name), of_file(file));
        }
    }
    let fixable: usize = report.files.iter().map(|file| file.fixable).sum();
    if fixable > 0 {
        let count = english::count(fixable, "finding", "findings");
        let _ = writeln!(text, "{count} can be mended without changing what is checked: `--fix` does so");
    }
    if report.files.len() > 1 {
        let _ = writeln!(text, "{}: {}", english::count(report.files.len(), "policy", "policies"), told(&diagnostics));
    }
    sink.write_all(text.as_bytes())
}

/// Writes a line for each finding.
///
/// # Errors
/// The sink's.
pub fn write_concise(report: &LintReport<'_>, redactor: &Redactor, sink: &mut dyn io::Write) -> io::Result<()> {
    write_lines(&report.diagnostics(), report.sources, redactor, sink)
}

/// Writes a line for each diagnostic.
///
/// # Errors
/// The sink's.
pub fn write_lines(
    diagnostics: &[Diagnostic],
    sources: &SourceMap,
    redactor: &Redactor,
    sink: &mut dyn io::Write,
) -> io::Result<()> {
    for one in diagnostics {
        writeln!(sink, "{}", concise::line(one, "", &one.message, sources, redactor))?;
    }
    Ok(())
}

/// Above so many files, clean ones have no line of their own.
const MOST_LINES: usize = 20;

fn of_file(file: &LintedFile) -> String {
    if file.invalid { "invalid, so it was not linted".to_owned() } else { told(&file.diagnostics) }
}

/// "2 errors, 1 warning", or "nothing to say".
fn told(diagnostics: &[Diagnostic]) -> String {
    let count = |severity: Severity| diagnostics.iter().filter(|one| one.severity == severity).count();
    let parts: Vec<String> = [
        (count(Severity::Error), "error", "errors"),
        (count(Severity::Warning), "warning", "warnings"),
        (count(Severity::Advice), "piece of advice", "pieces of advice"),
    ]
    .into_iter()
    .filter(|(count, ..)| *count > 0)
    .map(|(count, one, many)| english::count(count, one, many))
    .collect();
    if parts.is_empty() { "nothing to say".to_owned() } else { parts.join(", ") }
}
