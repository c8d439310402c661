//! JSON, version 1: what came of a policy's tests.

use serde::Serialize;

use super::rows::{DiagnosticRow, diagnostic_row};
use crate::evaluation::{Coverage, Decision, Mutation, Part, TestRun, Truth};
use crate::facts::Cause;
use crate::report::testing::{CaseFailure, TestReport, TestedFile, excerpt, name};
use crate::report::wording;

/// The tests of policies.
#[derive(Debug, Serialize)]
pub struct Tests {
    version: u8,
    exit: u8,
    diagnostics: Vec<DiagnosticRow>,
    summary: Summary,
    tests: Vec<TestRow>,
    coverage: Option<CoverageRow>,
    mutation: Option<MutationRow>,
}

#[derive(Debug, Serialize)]
struct Summary {
    files: usize,
    tests: usize,
    passed: usize,
    failed: usize,
    errors: usize,
}

#[derive(Debug, Serialize)]
struct TestRow {
    name: String,
    file: String,
    line: usize,
    host: &'static str,
    outcome: &'static str,
    failures: Vec<FailureRow>,
}

#[derive(Debug, Serialize)]
struct FailureRow {
    message: String,
    line: Option<usize>,
    decisions: Vec<DecisionRow>,
}

#[derive(Debug, Serialize)]
struct DecisionRow {
    rule: String,
    statement: usize,
    verb: &'static str,
    outcome: &'static str,
    subject: Option<String>,
    file: String,
    line: usize,
    guards: Vec<PartRow>,
    expression: PartRow,
}

#[derive(Debug, Serialize)]
struct PartRow {
    text: String,
    truth: &'static str,
    causes: Vec<&'static str>,
    facts: Vec<FactRow>,
    parts: Vec<Self>,
}

#[derive(Debug, Serialize)]
struct FactRow {
    fact: &'static str,
    knowledge: &'static str,
    found: String,
}

#[derive(Debug, Serialize)]
struct CoverageRow {
    seen: usize,
    wanted: usize,
    percent: usize,
    min: Option<u8>,
    files: Vec<CoveredFile>,
}

#[derive(Debug, Serialize)]
struct CoveredFile {
    file: String,
    seen: usize,
    wanted: usize,
    percent: usize,
    statements: Vec<StatementRow>,
}

#[derive(Debug, Serialize)]
struct StatementRow {
    name: String,
    rules: Vec<String>,
    line: usize,
    passing: usize,
    failing: usize,
    undetermined: usize,
    missing: Vec<&'static str>,
}

#[derive(Debug, Serialize)]
struct MutationRow {
    made: usize,
    noticed: usize,
    untried: usize,
    survivors: Vec<SurvivorRow>,
}

#[derive(Debug, Serialize)]
struct SurvivorRow {
    file: String,
    line: usize,
    column: usize,
    change: String,
    rules: Vec<String>,
    help: &'static str,
}

impl Tests {
    /// The report as version 1 says it: files in the order given, tests in the order of their file.
    pub fn new(report: &TestReport<'_>, exit: u8) -> Self {
        let [passed, failed, errors] = report.counts();
        Self {
            version: 1,
            exit,
            diagnostics: report.diagnostics().iter().map(|one| diagnostic_row(one, report.sources)).collect(),
            summary: Summary { files: report.files.len(), tests: passed + failed + errors, passed, failed, errors },
            tests: report.files.iter().flat_map(|file| test_rows(report, file)).collect(),
            coverage: coverage_row(report),
            mutation: mutation_row(report),
        }
    }
}

fn test_rows(report: &TestReport<'_>, file: &TestedFile) -> Vec<TestRow> {
    let cases = file.cases(report.sources).into_iter().zip(&file.tests);
    cases
        .map(|(case, (_, run))| TestRow {
            name: case.test.name.clone(),
            file: file.name.clone(),
            line: report.sources.start(case.test.span).line,
            host: case.test.host.word(),
            outcome: case.outcome.word(),
            failures: case.failures.iter().map(|failure| failure_row(report, file, run.as_ref(), failure)).collect(),
        })
        .collect()
}

fn failure_row(report: &TestReport<'_>, file: &TestedFile, run: Option<&TestRun>, failure: &CaseFailure) -> FailureRow {
    FailureRow {
        message: failure.diagnostic.message.clone(),
        line: failure.diagnostic.span().map(|span| report.sources.start(span).line),
        decisions: run.map_or_else(Vec::new, |run| {
            failure.decisions.iter().filter_map(|decision| decision_row(report, file, run, decision)).collect()
        }),
    }
}

fn decision_row(report: &TestReport<'_>, file: &TestedFile, run: &TestRun, decision: &Decision) -> Option<DecisionRow> {
    let statement = file.policy.statement(decision.outcome.statement)?;
    let part = |one| part_row(report, run, decision, one);
    Some(DecisionRow {
        rule: file.policy.rule(statement.rule)?.name.clone(),
        statement: statement.number,
        verb: statement.verb.word(),
        outcome: decision.outcome.verdict.word(),
        subject: run.facts.subject_name(decision.outcome.subject).map(str::to_owned),
        file: report.sources.name(statement.span.source).to_owned(),
        line: report.sources.start(statement.span).line,
        guards: decision.guards.iter().map(part).collect(),
        expression: part(&decision.expression),
    })
}

fn part_row(report: &TestReport<'_>, run: &TestRun, decision: &Decision, part: &Part) -> PartRow {
    let (truth, causes) = match part.truth {
        Truth::True => ("true", Vec::new()),
        Truth::False => ("false", Vec::new()),
        Truth::Unknown(causes) => ("unknown", causes.iter().map(Cause::word).collect()),
    };
    let facts = part.facts.iter().filter_map(|index| {
        let fact = run.facts.fact(*index, decision.outcome.subject)?;
        Some(FactRow {
            fact: wording::path(run.facts.host, *index),
            knowledge: fact.knowledge.word(),
            found: wording::bare(&fact.knowledge),
        })
    });
    PartRow {
        text: excerpt(report.sources, part.span),
        truth,
        causes,
        facts: facts.collect(),
        parts: part.parts.iter().map(|inner| part_row(report, run, decision, inner)).collect(),
    }
}

fn coverage_row(report: &TestReport<'_>) -> Option<CoverageRow> {
    let of_files: Vec<(&TestedFile, &Coverage)> =
        report.files.iter().filter_map(|file| Some((file, file.coverage.as_ref()?))).collect();
    if of_files.is_empty() {
        return None;
    }
    let all = Coverage { statements: of_files.iter().flat_map(|(_, one)| one.statements.clone()).collect() };
    let file = |(file, coverage): &(&TestedFile, &Coverage)| CoveredFile {
        file: file.name.clone(),
        seen: coverage.seen(),
        wanted: coverage.wanted(),
        percent: coverage.percent(),
        statements: coverage
            .statements
            .iter()
            .map(|row| StatementRow {
                name: name(file, row),
                rules: rules(file, &row.rules),
                line: report.sources.start(row.span).line,
                passing: row.passing,
                failing: row.failing,
                undetermined: row.undetermined,
                missing: row.missing(),
            })
            .collect(),
    };
    Some(CoverageRow {
        seen: all.seen(),
        wanted: all.wanted(),
        percent: all.percent(),
        min: report.min,
        files: of_files.iter().map(file).collect(),
    })
}

fn rules(file: &TestedFile, ids: &[crate::language::RuleId]) -> Vec<String> {
    ids.iter().filter_map(|rule| file.policy.rule(*rule)).map(|rule| rule.name.clone()).collect()
}

fn mutation_row(report: &TestReport<'_>) -> Option<MutationRow> {
    let of_files: Vec<(&TestedFile, &Mutation)> =
        report.files.iter().filter_map(|file| Some((file, file.mutation.as_ref()?))).collect();
    if of_files.is_empty() {
        return None;
    }
    let survivors: Vec<SurvivorRow> = of_files
        .iter()
        .flat_map(|(file, mutation)| mutation.survivors.iter().map(move |survivor| (file, survivor)))
        .map(|(file, survivor)| {
            let start = report.sources.start(survivor.span);
            SurvivorRow {
                file: file.name.clone(),
                line: start.line,
                column: start.column,
                change: survivor.change.clone(),
                rules: rules(file, &survivor.rules),
                help: survivor.advice.text(),
            }
        })
        .collect();
    let made: usize = of_files.iter().map(|(_, mutation)| mutation.made).sum();
    Some(MutationRow {
        made,
        noticed: made - survivors.len(),
        untried: of_files.iter().map(|(_, mutation)| mutation.untried).sum(),
        survivors,
    })
}
