//! JSON, version 1: the report of a check as it goes.

use std::io::{self, Write};

use super::document::{Document, Whole};
use super::evidence::EvidenceOf;
use super::rows::request_rows;
use super::told_rows::{CredentialRow, NoteRow, OutcomeRow};
use crate::evaluation::{BuiltinOutcome, Outcome};
use crate::report::spool::Spool;
use crate::report::stream::{Head, Section, Stream, Tail};
use crate::report::told::of_json::OutcomesOf;
use crate::report::told::statements::Statements;
use crate::report::{findings, told};

/// The report as version 1 says it.
pub(in crate::report) struct Check<'a> {
    head: Head<'a>,
    statements: Statements,
    outcomes: OutcomesOf,
    document: Document<'a>,
}

impl<'a> Check<'a> {
    /// A report that goes to `out`.
    pub(in crate::report) fn new(
        head: Head<'a>,
        outcomes: OutcomesOf,
        out: Box<dyn Write + 'a>,
        spool: Box<dyn Spool + 'a>,
    ) -> Self {
        let statements = Statements::of(head.policy, head.sources);
        Self { head, statements, outcomes, document: Document::new(out, spool) }
    }
}

impl Stream for Check<'_> {
    fn section(&mut self, section: &Section<'_>) -> io::Result<()> {
        let Self { head, statements, outcomes: of, document } = self;
        let (redactor, credential) = (head.redactor, section.credential);
        let own = told::of_run::credential(section);
        let notes: Vec<told::Note> =
            findings::notes(section).map(|note| told::of_run::note(&note, head.sources, redactor)).collect();
        let notes = document.spool(redactor, notes.iter().map(|note| NoteRow::of(note, Some(&own))))?;
        let builtin = section.judged.builtin.iter().map(|builtin| builtin_row(section, builtin));
        let of = *of;
        let kept = section.judged.outcomes.iter().filter(|outcome| of == OutcomesOf::All || outcome.verdict.is_found());
        let outcomes = kept.filter_map(|outcome| outcome_row(head, statements, section, outcome));
        let outcomes = document.spool(redactor, builtin.chain(outcomes))?;
        let requests = document.spool(redactor, request_rows(section.exchanges, Some(&credential.name)))?;
        let credentials = document.spool(redactor, [CredentialRow::of(own)])?;
        let key = (credential.name.clone(), credential.host, credential.url.clone());
        document.section(key, [credentials, outcomes, notes, requests]);
        Ok(())
    }

    fn end(self: Box<Self>, tail: &Tail<'_>) -> io::Result<()> {
        let Self { head, statements: _, outcomes, document } = *self;
        let (opening, closing) = (told::of_run::opening(&head), told::of_run::closing(&head, tail));
        let note = |note| told::of_run::note(&note, head.sources, head.redactor);
        let overall = tail.overall.map(|overall| overall.clone().map(note));
        let whole =
            Whole { opening: &opening, outcomes, closing: &closing, shard: tail.shard, overall: overall.as_ref() };
        document.end(&whole, head.redactor)
    }
}

fn outcome_row<'a>(
    report: &Head<'a>,
    statements: &'a Statements,
    section: &Section<'a>,
    outcome: &Outcome,
) -> Option<OutcomeRow<'a>> {
    let statement = report.policy.statement(outcome.statement)?;
    let evidence = EvidenceOf::Read { section: *section, statement, subject: outcome.subject };
    Some(OutcomeRow::of(told::of_run::outcome(report, statements, section, outcome)?, evidence))
}

fn builtin_row<'a>(section: &Section<'a>, builtin: &'a BuiltinOutcome) -> OutcomeRow<'a> {
    OutcomeRow::of(told::of_run::builtin(section, builtin), EvidenceOf::Seen(&builtin.evidence))
}
