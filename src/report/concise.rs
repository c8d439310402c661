//! A line for each finding, for editors and `grep`: `file:line:col: severity[CODE] credential: message`.

use std::io::{self, BufWriter, Write};

use super::findings::{Findings, Keep};
use super::human::Verbosity;
use super::spool::CHUNK;
use super::stream::{Head, Section, Stream, Tail};
use crate::diagnostic::Diagnostic;
use crate::text::redact::Redactor;
use crate::text::source::SourceMap;
use crate::text::untrusted::{self, Sink};

/// The report in lines.
pub(super) struct Concise<'a> {
    head: Head<'a>,
    verbosity: Verbosity,
    out: Box<dyn Write + 'a>,
    findings: Findings,
}

impl<'a> Concise<'a> {
    pub(super) fn new(head: Head<'a>, verbosity: Verbosity, out: Box<dyn Write + 'a>) -> Self {
        let keep = if verbosity == Verbosity::Verbose { Keep::All } else { Keep::Few };
        Self { head, verbosity, out, findings: Findings::new(keep) }
    }
}

impl Stream for Concise<'_> {
    fn section(&mut self, section: &Section<'_>) -> io::Result<()> {
        self.findings.add(&self.head, section);
        Ok(())
    }

    fn end(self: Box<Self>, tail: &Tail<'_>) -> io::Result<()> {
        let Self { head, verbosity, out, mut findings } = *self;
        let mut out = BufWriter::with_capacity(CHUNK, out);
        findings.note(tail.notes);
        for finding in findings.sorted(&head) {
            if verbosity == Verbosity::Quiet && finding.class.is_aside() {
                continue;
            }
            let line = line(&finding.diagnostic, &finding.who, &finding.short, head.sources, head.redactor);
            writeln!(out, "{line}")?;
        }
        if let Some(interrupted) = tail.interrupted.filter(|_| verbosity != Verbosity::Quiet) {
            writeln!(out, "{}", interrupted.line())?;
        }
        out.flush()
    }
}

/// A diagnostic in a line. What points nowhere begins with its severity.
pub(super) fn line(
    diagnostic: &Diagnostic,
    who: &str,
    message: &str,
    sources: &SourceMap,
    redactor: &Redactor,
) -> String {
    let place = diagnostic.span().map_or_else(String::new, |span| {
        let start = sources.start(span);
        format!("{}:{}:{}: ", sources.name(span.source), start.line, start.column)
    });
    let who = if who.is_empty() { String::new() } else { format!("{who}: ") };
    let line = format!("{place}{}[{}] {who}{message}", diagnostic.word(), diagnostic.code.number());
    untrusted::one_line(&redactor.redact(&line), Sink::Terminal)
}
