//! JSON, version 1: the report of a check.

use std::borrow::Cow;
use std::io::{self, BufWriter, Write};
use std::ops::Range;

use serde::Serialize;

use super::rows::{EvidenceRow, diagnostic_row, place, request_rows, row};
use crate::evaluation::{BuiltinOutcome, Outcome};
use crate::facts::{NotChecked, NotRead, SubjectRef};
use crate::report::spool::{CHUNK, Spool, Spooling};
use crate::report::stream::{Head, Section, Stream, Tail};
use crate::report::{findings, told, wording};
use crate::text::json::{Elements, Escapes, Writer};
use crate::text::redact::Redactor;
use crate::vocabulary::{FactIndex, HostKind};

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
        document.member("strict", &head.strict)?;
        let opening = told::of_run::opening(&head);
        let policies = opening.policies.into_iter().map(Policy::of);
        document.member("policies", &policies.collect::<Vec<_>>())?;
        let rules = opening.rules.into_iter().map(RuleRow::of);
        document.member("rules", &rules.collect::<Vec<_>>())?;
        document.member("summary", &told::Summary::from(tail.totals))?;
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
struct Policy {
    file: String,
    sha256: String,
    used_at: Option<PlaceRow>,
}

impl Policy {
    fn of(file: told::PolicyFile) -> Self {
        Self { file: file.file, sha256: file.sha256, used_at: file.used_at.map(PlaceRow::of) }
    }
}

#[derive(Debug, Serialize)]
struct RuleRow {
    name: String,
    title: Option<String>,
    because: Option<String>,
    fix: Option<String>,
    see: Option<String>,
    demands: bool,
    policy: PlaceRow,
}

impl RuleRow {
    fn of(rule: told::Rule) -> Self {
        let told::Rule { name, title, because, fix, see, demands, place } = rule;
        Self { name, title, because, fix, see, demands, policy: PlaceRow::of(place) }
    }
}

#[derive(Debug, Serialize)]
struct CredentialRow<'a> {
    name: Cow<'a, str>,
    host: Cow<'a, str>,
    url: Cow<'a, str>,
    kind: Option<Cow<'a, str>>,
    valid: Option<bool>,
    expires: ExpiresRow,
    rate_limit: Option<RateLimitRow>,
}

/// When a credential ends: `state` is `known`, `never` or `unknown`.
#[derive(Debug, Serialize)]
struct ExpiresRow {
    state: &'static str,
    at: Option<String>,
}

#[derive(Debug, Serialize)]
struct RateLimitRow {
    limit: u64,
    remaining: u64,
    resets_at: Option<String>,
}

#[derive(Debug, Serialize)]
struct OutcomeRow<'a> {
    rule: Cow<'a, str>,
    statement: Option<usize>,
    verb: Option<Cow<'a, str>>,
    demand: Option<Cow<'a, str>>,
    outcome: &'static str,
    code: Option<Cow<'a, str>>,
    severity: Option<&'static str>,
    credential: Cow<'a, str>,
    host: Cow<'a, str>,
    url: Cow<'a, str>,
    repository: Option<Cow<'a, str>>,
    organization: Option<Cow<'a, str>>,
    cause: Option<Cow<'a, str>>,
    accepted: bool,
    known: bool,
    message: Cow<'a, str>,
    found: Option<Cow<'a, str>>,
    because: Option<Cow<'a, str>>,
    fix: Option<Cow<'a, str>>,
    see: Option<Cow<'a, str>>,
    waiver: Option<Waiver<'a>>,
    policy: Option<PlaceRow>,
    fingerprint: String,
    evidence: Vec<EvidenceRow<'a>>,
}

#[derive(Debug, Serialize)]
struct Waiver<'a> {
    until: Cow<'a, str>,
    because: Cow<'a, str>,
    by: Option<Cow<'a, str>>,
    file: Cow<'a, str>,
    line: usize,
}

/// A place in the policy.
#[derive(Debug, Serialize)]
struct PlaceRow {
    file: String,
    line: usize,
    column: usize,
    end_line: Option<usize>,
    end_column: Option<usize>,
}

impl PlaceRow {
    fn of(place: told::Place) -> Self {
        let told::Place { file, line, column, end } = place;
        Self { file, line, column, end_line: end.map(|(line, _)| line), end_column: end.map(|(_, column)| column) }
    }
}

#[derive(Debug, Serialize)]
struct NotCheckedRow<'a> {
    host: &'a str,
    credential: Option<&'a str>,
    reason: &'a str,
}

impl<'a> NotCheckedRow<'a> {
    fn of(one: &'a NotChecked) -> Self {
        Self { host: &one.host, credential: one.credential.as_deref(), reason: &one.reason }
    }
}

fn credential_row<'a>(section: &Section<'a>) -> CredentialRow<'a> {
    let one = told::of_run::credential(section);
    CredentialRow {
        name: one.name,
        host: one.host,
        url: one.url,
        kind: one.kind,
        valid: one.valid,
        expires: ExpiresRow {
            state: one.expires.word(),
            at: match one.expires {
                told::Expires::At(at) => Some(at.to_string()),
                told::Expires::Never | told::Expires::Unknown => None,
            },
        },
        rate_limit: one.rate_limit.map(|limit| RateLimitRow {
            limit: limit.limit,
            remaining: limit.remaining,
            resets_at: limit.resets_at.map(|at| at.to_string()),
        }),
    }
}

fn outcome_row<'a>(report: &Head<'a>, section: &Section<'a>, outcome: &Outcome) -> Option<OutcomeRow<'a>> {
    let statement = report.policy.statement(outcome.statement)?;
    // What the statement itself reads comes first, then what its guards read.
    let guards = statement.guard_facts.iter().filter(|index| !statement.facts.contains(index));
    let facts = statement.facts.iter().chain(guards);
    let evidence = facts.flat_map(|index| evidence_rows(section, *index, outcome.subject)).collect();
    Some(OutcomeRow::of(told::of_run::outcome(report, section, outcome)?, evidence))
}

fn builtin_row<'a>(section: &Section<'a>, builtin: &'a BuiltinOutcome) -> OutcomeRow<'a> {
    let evidence = builtin.evidence.iter().map(|seen| place(EvidenceRow::empty(), seen)).collect();
    OutcomeRow::of(told::of_run::builtin(section, builtin), evidence)
}

impl<'a> OutcomeRow<'a> {
    fn of(one: told::Outcome<'a>, evidence: Vec<EvidenceRow<'a>>) -> Self {
        let waiver = |waiver: told::Waiver<'a>| Waiver {
            until: waiver.until,
            because: waiver.because,
            by: waiver.by,
            file: waiver.file,
            line: waiver.line,
        };
        Self {
            rule: one.rule,
            statement: one.statement,
            verb: one.verb,
            demand: one.demand,
            outcome: one.verdict.word(),
            code: one.code,
            severity: one.severity.map(told::Severity::word),
            credential: one.credential,
            host: one.host,
            url: one.url,
            repository: one.repository,
            organization: one.organization,
            cause: one.cause,
            accepted: one.accepted,
            known: one.known,
            message: one.message,
            found: one.found,
            because: one.because,
            fix: one.fix,
            see: one.see,
            waiver: one.waiver.map(waiver),
            policy: one.place.map(PlaceRow::of),
            fingerprint: one.fingerprint,
            evidence,
        }
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
