//! JSON, version 1: the report of a check as a document. Credentials come in any order, each with its rows; everything else
//! is written from what a report tells as data, so that a report that is read is written as it was.

use std::io::{self, BufWriter, Write};
use std::ops::Range;

use serde::Serialize;

use super::told_rows::{InterruptedRow, NoteRow, PolicyRow, ReplayedRow, RuleRow};
use crate::evaluation::{Dealt, Overall};
use crate::report::spool::{CHUNK, Spool, Spooling};
use crate::report::told::of_json::OutcomesOf;
use crate::report::told::{Closing, Note, Opening};
use crate::text::json::{Elements, Escapes, Writer};
use crate::text::redact::Redactor;
use crate::vocabulary::HostKind;

/// The lists that credentials add to, in the order of the document.
const CREDENTIALS: usize = 0;
const OUTCOMES: usize = 1;
const NOTES: usize = 2;
const REQUESTS: usize = 3;

/// What credentials are sorted by: name, host kind, address.
pub(super) type Key = (String, HostKind, String);

/// What the document says beside its credentials.
#[derive(Clone, Copy)]
pub(super) struct Whole<'w> {
    pub(super) opening: &'w Opening,
    pub(super) outcomes: OutcomesOf,
    pub(super) closing: &'w Closing,
    pub(super) shard: Option<Dealt>,
    pub(super) overall: Option<&'w Overall<Note>>,
}

/// A document on its way.
pub(super) struct Document<'a> {
    out: Box<dyn Write + 'a>,
    rows: Spooling<'a>,
    sections: Vec<Kept>,
}

/// Where the rows of one credential stand, and what they are sorted by.
struct Kept {
    key: Key,
    lists: [Range<u64>; 4],
}

impl<'a> Document<'a> {
    /// A document that goes to `out`.
    pub(super) fn new(out: Box<dyn Write + 'a>, spool: Box<dyn Spool + 'a>) -> Self {
        Self { out, rows: Spooling::new(spool), sections: Vec::new() }
    }

    /// Keeps rows of a credential, of one list.
    pub(super) fn spool<R: Serialize>(
        &mut self,
        redactor: &Redactor,
        list: impl IntoIterator<Item = R>,
    ) -> io::Result<Range<u64>> {
        self.rows.part(|rows| {
            let mut elements = Elements::new(rows, Escapes::Harmless, 2, redactor);
            list.into_iter().try_for_each(|row| elements.element(&row))
        })
    }

    /// Takes a credential whose rows are kept: its own, its outcomes', its notes', its requests'.
    pub(super) fn section(&mut self, key: Key, lists: [Range<u64>; 4]) {
        self.sections.push(Kept { key, lists });
    }

    /// Writes the document: sorted by credential, then in the order of the policy, then by subject.
    pub(super) fn end(self, whole: &Whole<'_>, redactor: &Redactor) -> io::Result<()> {
        let Whole { opening, outcomes, closing, shard, overall } = *whole;
        let Self { out, rows, mut sections } = self;
        sections.sort_by(|one, other| one.key.cmp(&other.key));
        let mut rows = rows.finish()?;
        let mut document = Writer::new(BufWriter::with_capacity(CHUNK, out), Escapes::Harmless, 0, redactor);
        let mut copy = |document: &mut Writer<_>, list: usize| -> io::Result<()> {
            for part in sections.iter().filter_map(|section| section.lists.get(list)).filter(|part| !part.is_empty()) {
                document.elements(|out| rows.copy(part, out))?;
            }
            document.close(']')
        };
        document.open('{')?;
        document.member("version", &1)?;
        document.member("tool", &opening.tool)?;
        document.member("exit", &closing.exit)?;
        let interrupted = closing.interrupted.map(|(judged, credentials)| InterruptedRow { judged, credentials });
        document.member("interrupted", &interrupted)?;
        document.member("at", &opening.at.to_string())?;
        document.member("elapsed_ms", &closing.elapsed.map(|elapsed| elapsed.as_millis()))?;
        let replayed = opening.replayed_from.as_ref().map(|(file, at)| ReplayedRow { file, at: at.to_string() });
        document.member("replayed_from", &replayed)?;
        document.member("strict", &opening.strict)?;
        document.member("outcomes_of", &outcomes.word())?;
        document.member("shard", &shard)?;
        document.member("policies", &opening.policies.iter().map(PolicyRow::of).collect::<Vec<_>>())?;
        document.member("rules", &opening.rules.iter().map(RuleRow::of).collect::<Vec<_>>())?;
        document.member("summary", &closing.summary)?;
        document.list("credentials")?;
        copy(&mut document, CREDENTIALS)?;
        document.list("outcomes")?;
        copy(&mut document, OUTCOMES)?;
        document.list("notes")?;
        for note in &closing.notes {
            document.element(&NoteRow::of(note, None))?;
        }
        copy(&mut document, NOTES)?;
        document.list("not_checked")?;
        closing.not_checked.iter().try_for_each(|one| document.element(one))?;
        document.close(']')?;
        document.list("repositories_not_read")?;
        closing.not_read.iter().try_for_each(|one| document.element(one))?;
        document.close(']')?;
        document.list("requests")?;
        copy(&mut document, REQUESTS)?;
        document.member("overall", &overall)?;
        document.close('}')?;
        document.out().write_all(b"\n")?;
        document.out().flush()
    }
}
