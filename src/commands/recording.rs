//! The record of a run, beside its report.

use std::io::{self, BufWriter, Write};
use std::path::Path;

use jiff::Timestamp;

use super::destination;
use super::edge;
use super::failure::Failure;
use super::output::{Sink, revealed, unwritten};
use crate::checker::Checked;
use crate::evaluation::ExitCode;
use crate::facts::ExchangeSummary;
use crate::facts::record::{RecordWriter, RecordedCredential};
use crate::report::{CHUNK, Reveal, Revealed, Spool, facts};
use crate::text::redact::Redactor;

/// A record that is written beside a report. What fails is told once the report is out.
pub(super) struct Recorded<'a>(Result<Option<Recording<'a>>, Failure>);

impl<'a> Recorded<'a> {
    /// Begins a record, where one is wanted.
    pub(super) fn begin(sink: &'a Sink, path: Option<&'a Path>, at: Timestamp) -> Self {
        Self(path.map(|path| Recording::begin(path, at, sink.redactor())).transpose())
    }

    /// Adds a credential.
    pub(super) fn add(&mut self, checked: &Checked, exchanges: &[ExchangeSummary]) {
        if let Ok(Some(recording)) = &mut self.0
            && let Err(failure) = recording.credential(&checked.recorded(), &revealed(checked, exchanges))
        {
            self.0 = Err(failure);
        }
    }

    /// Ends the record. Gives the exit code of a run whose report is out: what failed beside it is told apart from it.
    pub(super) fn end(self, sink: &Sink, exit: ExitCode) -> ExitCode {
        match self.0.and_then(|recording| recording.map_or(Ok(()), Recording::end)) {
            Ok(()) => exit,
            Err(failure) => {
                sink.complain(&failure);
                ExitCode::Failed
            }
        }
    }
}

/// A record on its way. What stands at its path stays until the record is whole.
struct Recording<'a> {
    path: &'a Path,
    writer: RecordWriter<'a, BufWriter<Box<dyn Spool>>>,
    facts: Box<dyn Reveal + 'a>,
}

impl<'a> Recording<'a> {
    /// Begins a record, for its owner only.
    fn begin(path: &'a Path, at: Timestamp, redactor: &'a Redactor) -> Result<Self, Failure> {
        let spool = BufWriter::with_capacity(CHUNK, edge::spool());
        let writer = RecordWriter::begin(spool, at, redactor).map_err(|error| unwritten(path, &error))?;
        let facts = facts::open(facts::Form::Recorded, edge::spool(), redactor);
        Ok(Self { path, writer, facts })
    }

    /// Takes the next credential, and what was made of its answers.
    fn credential(&mut self, recorded: &RecordedCredential, revealed: &Revealed<'_>) -> Result<(), Failure> {
        let kept = self.writer.credential(recorded);
        kept.and_then(|()| self.facts.credential(revealed)).map_err(|error| unwritten(self.path, &error))
    }

    /// Writes the record.
    fn end(self) -> Result<(), Failure> {
        let Self { path, writer, facts } = self;
        let whole = |file: &mut dyn Write| {
            // What waited comes first, then the facts at once: most of a record are facts.
            let carry = |spool: BufWriter<Box<dyn Spool>>| {
                let mut spool = spool.into_inner()?;
                spool.rewind()?;
                io::copy(&mut spool, file)?;
                Ok(BufWriter::with_capacity(CHUNK, file))
            };
            writer.onto(carry)?.end(|out| facts.end(out))?.flush()
        };
        destination::write_private_file(path, whole).map_err(|error| unwritten(path, &error))
    }
}
