//! JSON, version 1: the report of a check, the facts of credentials, and the diagnostics of an invalid policy.
//!
//! `docs/report.schema.json` says them as a schema.

mod testing;

pub use testing::Tests;

use serde::Serialize;
use serde_json::Value as Json;

use super::values::{BoundsRow, bounds, value};
use crate::diagnostic::Diagnostic;
use crate::evaluation::{BuiltinOutcome, NotChecked, Outcome, Verdict};
use crate::facts::{Evidence, Exchange, Fact, Knowledge, SubjectRef, kind_of};
use crate::language::{Rule, Statement};
use crate::report::facts::{self, Revealed};
use crate::report::findings::undetermined;
use crate::report::linting::{LintReport, LintedFile};
use crate::report::starter::Starter;
use crate::report::{Report, Section, findings, wording};
use crate::text::source::SourceMap;
use crate::vocabulary::{FactIndex, Subject};

/// The report of a check.
#[derive(Debug, Serialize)]
pub struct Document {
    version: u8,
    tool: String,
    exit: u8,
    at: String,
    replayed_from: Option<Replayed>,
    policies: Vec<Policy>,
    summary: Summary,
    credentials: Vec<Credential>,
    outcomes: Vec<OutcomeRow>,
    notes: Vec<DiagnosticRow>,
    not_checked: Vec<NotCheckedRow>,
    requests: Vec<RequestRow>,
}

#[derive(Debug, Serialize)]
struct Replayed {
    file: String,
    at: String,
}

#[derive(Debug, Serialize)]
struct Policy {
    file: String,
    sha256: String,
}

#[derive(Debug, Serialize)]
struct Summary {
    credentials: usize,
    statements: usize,
    decided: usize,
    total: usize,
    violations: usize,
    warnings: usize,
    waived: usize,
    undetermined: usize,
    accepted: usize,
    requests: usize,
}

#[derive(Debug, Serialize)]
struct Credential {
    name: String,
    host: &'static str,
    url: String,
    kind: Option<&'static str>,
}

#[derive(Debug, Serialize)]
struct OutcomeRow {
    rule: String,
    statement: Option<usize>,
    verb: Option<&'static str>,
    outcome: &'static str,
    credential: String,
    host: &'static str,
    url: String,
    repository: Option<String>,
    organization: Option<String>,
    cause: Option<&'static str>,
    accepted: bool,
    message: String,
    found: Option<String>,
    because: Option<String>,
    fix: Option<String>,
    waiver: Option<Waiver>,
    policy: Option<Place>,
    evidence: Vec<EvidenceRow>,
}

#[derive(Debug, Serialize)]
struct Waiver {
    until: String,
    because: String,
    by: Option<String>,
    file: String,
    line: usize,
}

#[derive(Debug, Serialize)]
struct Place {
    file: String,
    line: usize,
    column: usize,
}

#[derive(Debug, Serialize)]
struct EvidenceRow {
    fact: Option<&'static str>,
    knowledge: Option<&'static str>,
    value: Json,
    #[serde(flatten)]
    bounds: BoundsRow,
    #[serde(skip_serializing_if = "Option::is_none")]
    cause: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
    request: Option<String>,
    status: Option<u16>,
    source: Option<String>,
}

#[derive(Debug, Serialize)]
struct NotCheckedRow {
    host: &'static str,
    credential: Option<String>,
    reason: String,
}

/// A request with its attempts.
#[derive(Debug, Serialize)]
struct RequestRow {
    method: &'static str,
    url: String,
    status: Option<u16>,
    attempts: usize,
}

/// What credentials reveal.
#[derive(Debug, Serialize)]
pub struct Facts {
    version: u8,
    credentials: Vec<FactsOfCredential>,
    requests: Vec<RequestRow>,
}

#[derive(Debug, Serialize)]
struct FactsOfCredential {
    name: String,
    host: &'static str,
    url: String,
    facts: Vec<FactRow>,
}

/// A fact. `value` is there where it is known or absent; for the rest `cause` and `reason` say why it is not.
#[derive(Debug, Serialize)]
struct FactRow {
    fact: &'static str,
    subject: Option<String>,
    knowledge: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    value: Option<Json>,
    #[serde(flatten)]
    bounds: BoundsRow,
    #[serde(skip_serializing_if = "Option::is_none")]
    cause: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
    evidence: Vec<SeenRow>,
}

#[derive(Debug, Serialize)]
struct SeenRow {
    request: Option<String>,
    status: Option<u16>,
    source: String,
}

/// The diagnostics of commands that only read policies, and of runs that ended before any verdict.
#[derive(Debug, Serialize)]
pub struct Diagnostics {
    version: u8,
    diagnostics: Vec<DiagnosticRow>,
}

/// What formatting changes, or would change.
#[derive(Debug, Serialize)]
pub struct Formatting {
    version: u8,
    diagnostics: Vec<DiagnosticRow>,
    files: Vec<FormattedRow>,
}

/// A starting policy.
#[derive(Debug, Serialize)]
pub struct Start {
    version: u8,
    tool: String,
    exit: u8,
    /// The policy's text; `None` where nothing was learnt that it could say.
    policy: Option<String>,
    notes: Vec<String>,
}

/// What lints found, and what `--fix` did.
#[derive(Debug, Serialize)]
pub struct Linting {
    version: u8,
    exit: u8,
    diagnostics: Vec<DiagnosticRow>,
    files: Vec<LintedRow>,
}

#[derive(Debug, Serialize)]
struct LintedRow {
    file: String,
    invalid: bool,
    fixable: usize,
    fixed: Vec<FixedRow>,
}

#[derive(Debug, Serialize)]
struct FixedRow {
    line: usize,
    what: String,
}

#[derive(Debug, Serialize)]
struct FormattedRow {
    file: String,
    changed: bool,
}

#[derive(Debug, Serialize)]
struct DiagnosticRow {
    code: &'static str,
    name: &'static str,
    severity: &'static str,
    message: String,
    help: Option<String>,
    file: Option<String>,
    line: Option<usize>,
    column: Option<usize>,
    end_line: Option<usize>,
    end_column: Option<usize>,
}

impl Document {
    /// The report as version 1 says it: sorted by credential, then in the order of the policy, then by subject.
    pub fn new(report: &Report<'_>) -> Self {
        let totals = report.totals;
        let mut sections: Vec<(usize, &Section<'_>)> = report.sections.iter().enumerate().collect();
        sections.sort_by_key(|(_, section)| {
            let credential = section.credential;
            (credential.name.as_str(), credential.host, credential.url.as_str())
        });
        let mut outcomes = Vec::new();
        for (at, section) in sections.iter().copied() {
            outcomes.extend(section.judged.builtin.iter().map(|builtin| builtin_row(section, builtin)));
            outcomes
                .extend(section.judged.outcomes.iter().filter_map(|outcome| outcome_row(report, at, section, outcome)));
        }
        Self {
            version: 1,
            tool: report.tool.to_owned(),
            exit: report.exit.number(),
            at: report.at.to_string(),
            replayed_from: report
                .replayed_from
                .map(|(file, at)| Replayed { file: file.to_owned(), at: at.to_string() }),
            policies: report
                .policy
                .files
                .iter()
                .map(|file| Policy { file: file.name.clone(), sha256: file.sha256.clone() })
                .collect(),
            summary: Summary {
                credentials: totals.credentials,
                statements: totals.statements,
                decided: totals.decided,
                total: totals.total,
                violations: totals.violations,
                warnings: totals.warnings,
                waived: totals.waived,
                undetermined: totals.undetermined,
                accepted: totals.accepted,
                requests: totals.requests,
            },
            credentials: sections.iter().map(|(_, section)| credential_row(section)).collect(),
            outcomes,
            notes: report
                .notes
                .iter()
                .map(|note| diagnostic_row(note, report.sources))
                .chain(sections.iter().flat_map(|(_, section)| {
                    findings::notes(section).map(|note| diagnostic_row(&note, report.sources))
                }))
                .collect(),
            not_checked: report.not_checked.iter().map(not_checked_row).collect(),
            requests: sections.iter().flat_map(|(_, section)| request_rows(section.exchanges)).collect(),
        }
    }
}

impl Diagnostics {
    /// Diagnostics as version 1 says them.
    pub fn new(diagnostics: &[Diagnostic], sources: &SourceMap) -> Self {
        Self { version: 1, diagnostics: diagnostics.iter().map(|one| diagnostic_row(one, sources)).collect() }
    }
}

impl Linting {
    /// What was found in each file, as version 1 says it.
    pub fn new(report: &LintReport<'_>, exit: u8) -> Self {
        let row = |file: &LintedFile| LintedRow {
            file: file.name.clone(),
            invalid: file.invalid,
            fixable: file.fixable,
            fixed: file.done.iter().map(|(line, what)| FixedRow { line: *line, what: what.clone() }).collect(),
        };
        Self {
            version: 1,
            exit,
            diagnostics: report.diagnostics().iter().map(|one| diagnostic_row(one, report.sources)).collect(),
            files: report.files.iter().map(row).collect(),
        }
    }
}

impl Formatting {
    /// Files as they were named, each with whether formatting changes it, and what hindered others.
    pub fn new<'a>(
        diagnostics: &[Diagnostic],
        sources: &SourceMap,
        files: impl IntoIterator<Item = (&'a str, bool)>,
    ) -> Self {
        let row = |(file, changed): (&str, bool)| FormattedRow { file: file.to_owned(), changed };
        Self {
            version: 1,
            diagnostics: diagnostics.iter().map(|one| diagnostic_row(one, sources)).collect(),
            files: files.into_iter().map(row).collect(),
        }
    }
}

impl Start {
    /// A starting policy as version 1 says it: its text, and what is worth saying beside it.
    pub fn new(tool: &str, exit: u8, starter: &Starter) -> Self {
        Self {
            version: 1,
            tool: tool.to_owned(),
            exit,
            policy: (!starter.policy.is_empty()).then(|| starter.policy.clone()),
            notes: starter.notes.clone(),
        }
    }
}

impl Facts {
    /// Facts as version 1 says them: the credential's, then each repository's, then each organisation's.
    pub fn new(revealed: &[Revealed<'_>]) -> Self {
        Self {
            version: 1,
            credentials: revealed
                .iter()
                .map(|one| FactsOfCredential {
                    name: one.credential.name.clone(),
                    host: one.credential.host.word(),
                    url: one.credential.url.clone(),
                    facts: facts::rows(one.facts).map(|(subject, path, fact)| fact_row(subject, path, fact)).collect(),
                })
                .collect(),
            requests: revealed.iter().flat_map(|one| request_rows(one.exchanges)).collect(),
        }
    }
}

fn fact_row(subject: Option<&str>, path: &'static str, fact: &Fact) -> FactRow {
    let row = row(path, fact);
    FactRow {
        fact: path,
        subject: subject.map(str::to_owned),
        knowledge: fact.knowledge.word(),
        value: matches!(fact.knowledge, Knowledge::Known(_) | Knowledge::Absent).then_some(row.value),
        bounds: row.bounds,
        cause: row.cause,
        reason: row.reason,
        evidence: fact
            .evidence
            .iter()
            .map(|seen| SeenRow {
                request: seen.request.as_ref().map(ToString::to_string),
                status: seen.status,
                source: seen.source.to_string(),
            })
            .collect(),
    }
}

fn credential_row(section: &Section<'_>) -> Credential {
    Credential {
        name: section.credential.name.clone(),
        host: section.credential.host.word(),
        url: section.credential.url.clone(),
        kind: kind_of(section.credential, section.facts).map(|kind| kind.word),
    }
}

fn not_checked_row(one: &NotChecked) -> NotCheckedRow {
    NotCheckedRow { host: one.host, credential: one.credential.clone(), reason: one.reason.clone() }
}

/// The requests of one credential. A request that was not sent has no attempts.
fn request_rows(exchanges: &[Exchange]) -> impl Iterator<Item = RequestRow> + '_ {
    exchanges.iter().map(|exchange| RequestRow {
        method: exchange.request.method,
        url: exchange.request.url.clone(),
        status: exchange.status(),
        attempts: exchange.attempts.len(),
    })
}

fn outcome_row(report: &Report<'_>, at: usize, section: &Section<'_>, outcome: &Outcome) -> Option<OutcomeRow> {
    let statement: &Statement = report.policy.statement(outcome.statement)?;
    let rule: &Rule = report.policy.rule(statement.rule)?;
    let blames = report.explain.blame(at, outcome);
    let subjects = [outcome.subject];
    let message = match outcome.verdict {
        Verdict::Undetermined { causes, accepted } => {
            let cause = undetermined::cause(causes, statement, accepted);
            undetermined::message(section, &[rule.name.as_str()], &subjects, cause, &blames)
        }
        verdict => findings::decided_message(report, section, rule, verdict, &subjects, &blames),
    };
    let (cause, accepted) = match outcome.verdict {
        Verdict::Undetermined { causes, accepted } => {
            (undetermined::cause(causes, statement, accepted).map(crate::facts::Cause::word), accepted)
        }
        _ => (None, false),
    };
    let name = section.facts.subject_name(outcome.subject).map(str::to_owned);
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
            until: waiver.until.clone(),
            because: waiver.because.clone(),
            by: waiver.by.clone(),
            file: report.sources.name(waiver.span.source).to_owned(),
            line: report.sources.start(waiver.span).line,
        }),
        _ => None,
    };
    let start = report.sources.start(statement.expression.span);
    // What the statement itself reads comes first, then what its guards read.
    let guards = statement.guard_facts.iter().filter(|index| !statement.facts.contains(index));
    let facts: Vec<FactIndex> = statement.facts.iter().chain(guards).copied().collect();
    Some(OutcomeRow {
        rule: rule.name.clone(),
        statement: Some(statement.number),
        verb: Some(statement.verb.word()),
        outcome: outcome.verdict.word(),
        credential: section.credential.name.clone(),
        host: section.credential.host.word(),
        url: section.credential.url.clone(),
        repository,
        organization,
        cause,
        accepted,
        message,
        found,
        because: statement.words.because.clone(),
        fix: statement.words.fix.clone(),
        waiver,
        policy: Some(Place {
            file: report.sources.name(statement.expression.span.source).to_owned(),
            line: start.line,
            column: start.column,
        }),
        evidence: facts.into_iter().flat_map(|index| evidence_rows(section, index, outcome.subject)).collect(),
    })
}

fn builtin_row(section: &Section<'_>, builtin: &BuiltinOutcome) -> OutcomeRow {
    OutcomeRow {
        rule: findings::builtin_name(section, builtin),
        statement: None,
        verb: None,
        outcome: if builtin.undetermined.is_some() { "undetermined" } else { "violation" },
        credential: section.credential.name.clone(),
        host: section.credential.host.word(),
        url: section.credential.url.clone(),
        repository: builtin.repository.clone(),
        organization: None,
        cause: builtin.undetermined.map(crate::facts::Cause::word),
        accepted: false,
        message: builtin.message.clone(),
        found: builtin.found.clone(),
        because: None,
        fix: builtin.help.clone(),
        waiver: None,
        policy: None,
        evidence: builtin.evidence.iter().map(|seen| place(EvidenceRow::empty(), Some(seen))).collect(),
    }
}

/// The evidence of a fact that a statement reads: a row for each place it was seen in, one where there is none.
fn evidence_rows(section: &Section<'_>, index: FactIndex, subject: SubjectRef) -> Vec<EvidenceRow> {
    let path = wording::path(section.facts.host, index);
    let Some(fact) = section.facts.fact(index, subject) else { return Vec::new() };
    if fact.evidence.is_empty() {
        return vec![row(path, fact)];
    }
    fact.evidence.iter().map(|seen| place(row(path, fact), Some(seen))).collect()
}

impl EvidenceRow {
    fn empty() -> Self {
        Self {
            fact: None,
            knowledge: None,
            value: Json::Null,
            bounds: BoundsRow::default(),
            cause: None,
            reason: None,
            request: None,
            status: None,
            source: None,
        }
    }
}

fn row(path: &'static str, fact: &Fact) -> EvidenceRow {
    let mut row = EvidenceRow { fact: Some(path), knowledge: Some(fact.knowledge.word()), ..EvidenceRow::empty() };
    match &fact.knowledge {
        Knowledge::Known(known) => row.value = value(known),
        Knowledge::Absent => {}
        Knowledge::Inapplicable(reason) => row.reason = Some(reason.clone()),
        Knowledge::Bounded(known, unknown) => {
            row.bounds = bounds(known);
            row.cause = Some(unknown.cause.word());
            row.reason = Some(unknown.reason.clone());
        }
        Knowledge::Unknown(unknown) => {
            row.cause = Some(unknown.cause.word());
            row.reason = Some(unknown.reason.clone());
        }
    }
    row
}

fn place(row: EvidenceRow, seen: Option<&Evidence>) -> EvidenceRow {
    EvidenceRow {
        request: seen.and_then(|seen| seen.request.as_ref()).map(ToString::to_string),
        status: seen.and_then(|seen| seen.status),
        source: seen.map(|seen| seen.source.to_string()),
        ..row
    }
}

fn diagnostic_row(diagnostic: &Diagnostic, sources: &SourceMap) -> DiagnosticRow {
    let span = diagnostic.span();
    let (start, end) = (span.map(|span| sources.start(span)), span.map(|span| sources.end(span)));
    DiagnosticRow {
        code: diagnostic.code.number(),
        name: diagnostic.code.name(),
        severity: diagnostic.severity.word(),
        message: diagnostic.message.clone(),
        help: diagnostic.help.clone(),
        file: span.map(|span| sources.name(span.source).to_owned()),
        line: start.map(|start| start.line),
        column: start.map(|start| start.column),
        end_line: end.map(|end| end.line),
        end_column: end.map(|end| end.column),
    }
}
