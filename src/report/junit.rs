//! Tests as JUnit XML, for CI systems: a suite for each file, a case for each test, and one for each further finding.

use std::fmt::{self, Write as _};
use std::io;

use super::testing::{CaseOutcome, TestReport, TestedFile};
use crate::diagnostic::{Code, Diagnostic, Severity};
use crate::text::redact::Redactor;
use crate::text::untrusted::{self, Sink};

/// A case of a suite.
struct Row {
    name: String,
    line: usize,
    /// What went wrong: whether it could not run, and each finding.
    wrong: Option<(bool, Vec<Diagnostic>)>,
}

/// Writes tests as JUnit XML. A `failure` is a test that failed or something that the tests leave open, an `error` what
/// could not run.
///
/// # Errors
/// The sink's.
pub fn write_tests(report: &TestReport<'_>, redactor: &Redactor, sink: &mut dyn io::Write) -> io::Result<()> {
    let mut suites: Vec<(&str, Vec<Row>)> =
        report.files.iter().map(|file| (file.name.as_str(), rows(report, file))).collect();
    if let Some(nothing) = report.nothing_found() {
        suites.push(("credcheck", vec![of_finding(report, nothing)]));
    }
    let all = || suites.iter().flat_map(|(_, rows)| rows);
    let mut text = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    let _ = writeln!(text, "<testsuites name=\"credcheck\" {}>", counts(all()).of_all());
    let attribute = |text: &str| untrusted::one_line(&redactor.redact(text), Sink::Xml);
    for (name, rows) in &suites {
        let name = attribute(name);
        let _ = writeln!(text, "  <testsuite name=\"{name}\" {}>", counts(rows));
        for row in rows {
            let _ = write!(
                text,
                "    <testcase classname=\"{name}\" name=\"{}\" time=\"0\" file=\"{name}\" line=\"{}\"",
                attribute(&row.name),
                row.line
            );
            let Some((is_error, findings)) = &row.wrong else {
                text.push_str("/>\n");
                continue;
            };
            let element = if *is_error { "error" } else { "failure" };
            let message = findings.first().map_or("", |finding| finding.message.as_str());
            let kind = findings.first().map_or("", |finding| finding.code.name());
            let details = findings.iter().map(|one| details(report, one)).collect::<Vec<_>>().join("\n\n");
            let details = redactor.redact(&details);
            let _ = writeln!(
                text,
                ">\n      <{element} message=\"{}\" type=\"{kind}\">{}</{element}>\n    </testcase>",
                attribute(message),
                untrusted::render(&details, Sink::Xml)
            );
        }
        text.push_str("  </testsuite>\n");
    }
    text.push_str("</testsuites>\n");
    sink.write_all(text.as_bytes())
}

/// What became of the cases of a suite, or of all of them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Counts {
    pub(super) tests: usize,
    pub(super) failures: usize,
    pub(super) errors: usize,
    pub(super) skipped: usize,
}

impl Counts {
    /// These and those.
    pub(super) const fn plus(self, other: Self) -> Self {
        Self {
            tests: self.tests + other.tests,
            failures: self.failures + other.failures,
            errors: self.errors + other.errors,
            skipped: self.skipped + other.skipped,
        }
    }

    /// As attributes of all suites together, where Jenkins' schema knows no `skipped`.
    pub(super) fn of_all(self) -> String {
        let Self { tests, failures, errors, .. } = self;
        format!("tests=\"{tests}\" failures=\"{failures}\" errors=\"{errors}\" time=\"0\"")
    }

    /// How many neither passed nor were skipped.
    pub(super) const fn wrong(self) -> usize {
        self.failures + self.errors
    }
}

impl fmt::Display for Counts {
    /// As attributes of a suite. Nobody measured a time, and readers want one.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { tests, failures, errors, skipped } = self;
        write!(
            formatter,
            "tests=\"{tests}\" failures=\"{failures}\" errors=\"{errors}\" skipped=\"{skipped}\" time=\"0\""
        )
    }
}

fn counts<'a>(rows: impl IntoIterator<Item = &'a Row>) -> Counts {
    let mut counts = Counts::default();
    for row in rows {
        counts.tests += 1;
        match row.wrong {
            Some((true, _)) => counts.errors += 1,
            Some((false, _)) => counts.failures += 1,
            None => {}
        }
    }
    counts
}

fn rows(report: &TestReport<'_>, file: &TestedFile) -> Vec<Row> {
    let problems = file.problems.iter().filter(|problem| problem.severity == Severity::Error).cloned();
    let mut rows: Vec<Row> = problems.map(|problem| of_finding(report, problem)).collect();
    rows.extend(file.cases(report.sources).into_iter().map(|case| {
        let findings = case.failures.into_iter().map(|failure| failure.diagnostic).collect();
        Row {
            name: case.test.name.clone(),
            line: report.sources.start(case.test.span).line,
            wrong: (case.outcome != CaseOutcome::Passed).then_some((case.outcome == CaseOutcome::Error, findings)),
        }
    }));
    let open = report.beside_tests(file).into_iter().filter(|finding| finding.severity == Severity::Error);
    rows.extend(open.map(|finding| of_finding(report, finding)));
    rows
}

/// A finding that is no test's, as a case of its own.
fn of_finding(report: &TestReport<'_>, finding: Diagnostic) -> Row {
    let is_failure = matches!(finding.code, Code::TooLittleCovered | Code::MutantSurvived | Code::MutantsUntried);
    let line = finding.span().map_or(1, |span| report.sources.start(span).line);
    Row { name: format!("{}, line {line}", finding.code.name()), line, wrong: Some((!is_failure, vec![finding])) }
}

/// Everything that a finding says, as text.
fn details(report: &TestReport<'_>, finding: &Diagnostic) -> String {
    let mut text = format!("{} {}: {}", finding.code.number(), finding.code.name(), finding.message);
    for label in &finding.labels {
        let start = report.sources.start(label.span);
        let _ = write!(text, "\n{}:{}:{}", report.sources.name(label.span.source), start.line, start.column);
        if !label.text.is_empty() {
            let _ = write!(text, ": {}", label.text);
        }
    }
    for note in &finding.notes {
        let _ = write!(text, "\n{note}");
    }
    if let Some(help) = &finding.help {
        let _ = write!(text, "\nhelp: {help}");
    }
    text
}
