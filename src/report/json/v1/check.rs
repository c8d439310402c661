//! JSON, version 1: the report of a check.

use std::borrow::Cow;
use std::io::{self, BufWriter, Write};
use std::ops::Range;

use serde::Serialize;

use super::rows::{EvidenceRow, diagnostic_row, place, request_rows, row};
use crate::evaluation::{BuiltinOutcome, Outcome, Totals, Verdict, demand};
use crate::facts::{NotChecked, NotRead, SubjectRef, kind_of};
use crate::language::{Rule, Statement};
use crate::report::findings::undetermined;
use crate::report::spool::{CHUNK, Spool, Spooling};
use crate::report::stream::{Head, Section, Stream, Tail};
use crate::report::{findings, wording};
use crate::text::json::{Elements, Escapes, Writer};
use crate::text::redact::Redactor;
use crate::vocabulary::{FactIndex, HostKind, Subject};

/// The lists that credentials add to, in the order of the document.
const CREDENTIALS: usize = 0;
const OUTCOMES: usize = 1;
const NOTES: usize = 2;
const REQUESTS: usize = 3;

/// The report as version 1 says it: sorted by credential, then in the order of the policy, then by subject.
pub(in crate::report) struct Check<'a> {
    head: Head<'a>,
    out: Box<dyn Write + 'a>,
    rows: Spooling<'a>,
    sections: Vec<Kept>,
}

/// Where the rows of one credential stand, and what they are sorted by.
struct Kept {
    key: (String, HostKind, String),
    lists: [Range<u64>; 4],
}

impl<'a> Check<'a> {
    /// A report that goes to `out`.
    pub(in crate::report) fn new(head: Head<'a>, out: Box<dyn Write + 'a>, spool: Box<dyn Spool + 'a>) -> Self {
        Self { head, out, rows: Spooling::new(spool), sections: Vec::new() }
    }
}

/// Spools rows of a list.
fn spool<R: Serialize>(
    rows: &mut Spooling<'_>,
    redactor: &Redactor,
    list: impl IntoIterator<Item = R>,
) -> io::Result<Range<u64>> {
    rows.part(|rows| {
        let mut elements = Elements::new(rows, Escapes::Harmless, 2, redactor);
        list.into_iter().try_for_each(|row| elements.element(&row))
    })
}

impl Stream for Check<'_> {
    fn section(&mut self, section: &Section<'_>) -> io::Result<()> {
        let (head, rows, credential) = (&self.head, &mut self.rows, section.credential);
        let redactor = head.redactor;
        let builtin = section.judged.builtin.iter().map(|builtin| builtin_row(section, builtin));
        let outcomes = section.judged.outcomes.iter().filter_map(|outcome| outcome_row(head, section, outcome));
        let notes = findings::notes(section);
        let lists = [
            spool(rows, redactor, [credential_row(section)])?,
            spool(rows, redactor, builtin.chain(outcomes))?,
            spool(rows, redactor, notes.map(|note| diagnostic_row(&note, head.sources)))?,
            spool(rows, redactor, request_rows(section.exchanges))?,
        ];
        let key = (credential.name.clone(), credential.host, credential.url.clone());
        self.sections.push(Kept { key, lists });
        Ok(())
    }

    fn end(self: Box<Self>, tail: &Tail<'_>) -> io::Result<()> {
        let Self { head, out, rows, mut sections } = *self;
        sections.sort_by(|one, other| one.key.cmp(&other.key));
        let mut rows = rows.finish()?;
        let mut document = Writer::new(BufWriter::with_capacity(CHUNK, out), Escapes::Harmless, 0, head.redactor);
        let mut copy = |document: &mut Writer<_>, list: usize| -> io::Result<()> {
            for part in sections.iter().filter_map(|section| section.lists.get(list)).filter(|part| !part.is_empty()) {
                document.elements(|out| rows.copy(part, out))?;
            }
            document.close(']')
        };
        document.open('{')?;
        document.member("version", &1)?;
        document.member("tool", &head.tool)?;
        document.member("exit", &tail.exit.number())?;
        let interrupted = tail.interrupted.map(|early| Interrupted { judged: early.judged, credentials: early.of });
        document.member("interrupted", &interrupted)?;
        document.member("at", &head.at.to_string())?;
        let replayed = head.replayed_from.map(|(file, at)| Replayed { file, at: at.to_string() });
        document.member("replayed_from", &replayed)?;
        let policies = head.policy.files.iter().map(|file| Policy { file: &file.name, sha256: &file.sha256 });
        document.member("policies", &policies.collect::<Vec<_>>())?;
        document.member("summary", &Summary::of(tail.totals))?;
        document.list("credentials")?;
        copy(&mut document, CREDENTIALS)?;
        document.list("outcomes")?;
        copy(&mut document, OUTCOMES)?;
        document.list("notes")?;
        for note in tail.notes {
            document.element(&diagnostic_row(note, head.sources))?;
        }
        copy(&mut document, NOTES)?;
        document.list("not_checked")?;
        let left = tail.interrupted.map_or(&[][..], |early| early.left);
        for one in tail.not_checked.iter().chain(left) {
            document.element(&NotCheckedRow::of(one))?;
        }
        document.close(']')?;
        document.list("repositories_not_read")?;
        for one in tail.not_read {
            document.element(&NotReadRow::of(one))?;
        }
        document.close(']')?;
        document.list("requests")?;
        copy(&mut document, REQUESTS)?;
        document.close('}')?;
        document.out().write_all(b"\n")?;
        document.out().flush()
    }
}

/// A repository that no statement read.
#[derive(Debug, Serialize)]
struct NotReadRow<'a> {
    host: &'static str,
    credential: &'a str,
    repository: &'a str,
}

impl<'a> NotReadRow<'a> {
    fn of(one: &'a NotRead) -> Self {
        Self { host: one.host.word(), credential: &one.credential, repository: &one.repository }
    }
}

/// A run that ended early: how many of its credentials were judged.
#[derive(Debug, Serialize)]
struct Interrupted {
    judged: usize,
    credentials: usize,
}

#[derive(Debug, Serialize)]
struct Replayed<'a> {
    file: &'a str,
    at: String,
}

#[derive(Debug, Serialize)]
struct Policy<'a> {
    file: &'a str,
    sha256: &'a str,
}

#[derive(Debug, Serialize)]
struct Summary {
    credentials: usize,
    statements: usize,
    decided: usize,
    total: usize,
    violations: usize,
    warnings: usize,
    known: usize,
    waived: usize,
    undetermined: usize,
    accepted: usize,
    requests: usize,
}

#[derive(Debug, Serialize)]
struct Credential<'a> {
    name: &'a str,
    host: &'static str,
    url: &'a str,
    kind: Option<&'static str>,
}

#[derive(Debug, Serialize)]
struct OutcomeRow<'a> {
    rule: Cow<'a, str>,
    statement: Option<usize>,
    verb: Option<&'static str>,
    demand: Option<String>,
    outcome: &'static str,
    credential: &'a str,
    host: &'static str,
    url: &'a str,
    repository: Option<&'a str>,
    organization: Option<&'a str>,
    cause: Option<&'static str>,
    accepted: bool,
    known: bool,
    message: Cow<'a, str>,
    found: Option<Cow<'a, str>>,
    because: Option<&'a str>,
    fix: Option<&'a str>,
    waiver: Option<Waiver<'a>>,
    policy: Option<Place<'a>>,
    evidence: Vec<EvidenceRow<'a>>,
}

#[derive(Debug, Serialize)]
struct Waiver<'a> {
    until: &'a str,
    because: &'a str,
    by: Option<&'a str>,
    file: &'a str,
    line: usize,
}

#[derive(Debug, Serialize)]
struct Place<'a> {
    file: &'a str,
    line: usize,
    column: usize,
}

#[derive(Debug, Serialize)]
struct NotCheckedRow<'a> {
    host: &'a str,
    credential: Option<&'a str>,
    reason: &'a str,
}

impl Summary {
    const fn of(totals: Totals) -> Self {
        Self {
            credentials: totals.credentials,
            statements: totals.statements,
            decided: totals.decided,
            total: totals.total,
            violations: totals.violations,
            warnings: totals.warnings,
            known: totals.known,
            waived: totals.waived,
            undetermined: totals.undetermined,
            accepted: totals.accepted,
            requests: totals.requests,
        }
    }
}

impl<'a> NotCheckedRow<'a> {
    fn of(one: &'a NotChecked) -> Self {
        Self { host: &one.host, credential: one.credential.as_deref(), reason: &one.reason }
    }
}

fn credential_row<'a>(section: &Section<'a>) -> Credential<'a> {
    Credential {
        name: &section.credential.name,
        host: section.credential.host.word(),
        url: &section.credential.url,
        kind: kind_of(section.credential, section.facts).map(|kind| kind.word),
    }
}

fn outcome_row<'a>(report: &Head<'a>, section: &Section<'a>, outcome: &Outcome) -> Option<OutcomeRow<'a>> {
    let statement: &'a Statement = report.policy.statement(outcome.statement)?;
    let rule: &'a Rule = report.policy.rule(statement.rule)?;
    let blames = report.blame(section.facts, outcome);
    let message = match outcome.verdict {
        Verdict::Undetermined { causes, accepted } => {
            let cause = undetermined::cause(causes, statement, accepted);
            undetermined::message(section, &rule.name, outcome.subject, cause, &blames)
        }
        verdict => findings::decided_message(report, section, rule, verdict, outcome.subject, &blames),
    };
    let (cause, accepted) = match outcome.verdict {
        Verdict::Undetermined { causes, accepted } => {
            (undetermined::cause(causes, statement, accepted).map(crate::facts::Cause::word), accepted)
        }
        _ => (None, false),
    };
    let name = section.facts.subject_name(outcome.subject);
    let (repository, organization) = match outcome.subject.subject() {
        Subject::Repository => (name, None),
        Subject::Organization => (None, name),
        Subject::Credential => (None, None),
    };
    let found = blames.iter().find_map(|blame| blame.found.clone()).or_else(|| {
        let index = statement.facts.first().filter(|_| outcome.verdict.is_decided())?;
        Some(wording::bare(&section.facts.fact(*index, outcome.subject)?.knowledge))
    });
    let waiver = match outcome.verdict {
        Verdict::Waived(waiver) => report.policy.waivers.get(waiver).map(|waiver| Waiver {
            until: &waiver.until,
            because: &waiver.because,
            by: waiver.by.as_deref(),
            file: report.sources.name(waiver.span.source),
            line: report.sources.start(waiver.span).line,
        }),
        _ => None,
    };
    let start = report.sources.start(statement.expression.span);
    // What the statement itself reads comes first, then what its guards read.
    let guards = statement.guard_facts.iter().filter(|index| !statement.facts.contains(index));
    let facts: Vec<FactIndex> = statement.facts.iter().chain(guards).copied().collect();
    Some(OutcomeRow {
        rule: Cow::Borrowed(&rule.name),
        statement: Some(statement.number),
        verb: Some(statement.verb.word()),
        demand: Some(demand(report.sources, statement)),
        outcome: outcome.verdict.word(),
        credential: &section.credential.name,
        host: section.credential.host.word(),
        url: &section.credential.url,
        repository,
        organization,
        cause,
        accepted,
        known: outcome.known,
        message: Cow::Owned(message),
        found: found.map(Cow::Owned),
        because: statement.words.because.as_deref(),
        fix: statement.words.fix.as_deref(),
        waiver,
        policy: Some(Place {
            file: report.sources.name(statement.expression.span.source),
            line: start.line,
            column: start.column,
        }),
        evidence: facts.into_iter().flat_map(|index| evidence_rows(section, index, outcome.subject)).collect(),
    })
}

fn builtin_row<'a>(section: &Section<'a>, builtin: &'a BuiltinOutcome) -> OutcomeRow<'a> {
    OutcomeRow {
        rule: Cow::Owned(findings::builtin_name(section, builtin)),
        statement: None,
        verb: None,
        demand: None,
        outcome: if builtin.undetermined.is_some() { "undetermined" } else { "violation" },
        credential: &section.credential.name,
        host: section.credential.host.word(),
        url: &section.credential.url,
        repository: builtin.repository.as_deref(),
        organization: None,
        cause: builtin.undetermined.map(crate::facts::Cause::word),
        accepted: false,
        known: false,
        message: Cow::Borrowed(&builtin.message),
        found: builtin.found.as_deref().map(Cow::Borrowed),
        because: None,
        fix: builtin.help.as_deref(),
        waiver: None,
        policy: None,
        evidence: builtin.evidence.iter().map(|seen| place(EvidenceRow::empty(), seen)).collect(),
    }
}

/// The evidence of a fact that a statement reads: a row for each place it was seen in, one where there is none.
fn evidence_rows<'a>(section: &Section<'a>, index: FactIndex, subject: SubjectRef) -> Vec<EvidenceRow<'a>> {
    let path = wording::path(section.facts.host, index);
    let Some(fact) = section.facts.fact(index, subject) else { return Vec::new() };
    if fact.evidence.is_empty() {
        return vec![row(path, fact)];
    }
    fact.evidence.iter().map(|seen| place(row(path, fact), seen)).collect()
}
