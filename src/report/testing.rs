//! What came of a policy's tests, for people. [`v1::Tests`](super::json::v1::Tests) is the same for programs, and
//! [`junit`](super::junit) for CI systems.

use std::fmt::Write as _;
use std::io;

use super::human::Verbosity;
use super::wording;
use crate::diagnostic::{Code, Diagnostic, Severity, Style, render_redacted};
use crate::evaluation::{Coverage, Covered, Decision, Mutation, Part, TestFailure, TestRun, Truth, decisions};
use crate::facts::Cause;
use crate::language::ast::ExpectedOutcome;
use crate::language::{CheckedPolicy, Statement, Test};
use crate::text::english;
use crate::text::redact::Redactor;
use crate::text::source::{SourceMap, Span};
use crate::text::untrusted::{self, Sink};

/// The most statements of one failed expectation whose evaluation is shown.
const MOST_DECISIONS: usize = 8;
/// The most characters of a policy's text in one line of an evaluation.
const MOST_TEXT: usize = 100;

/// The tests of several files.
#[derive(Clone, Copy, Debug)]
pub struct TestReport<'a> {
    /// The files, in the order given.
    pub files: &'a [TestedFile],
    /// The texts that spans point into.
    pub sources: &'a SourceMap,
    /// Which tests were asked for by name; `None` for all.
    pub filter: Option<&'a str>,
    /// How much of each file must be covered, in percent.
    pub min: Option<u8>,
}

/// One file with its tests.
#[derive(Debug)]
pub struct TestedFile {
    /// Its name as given.
    pub name: String,
    /// What is wrong with it, and what is worth saying of it. After an error nothing of it ran.
    pub problems: Vec<Diagnostic>,
    /// The file with all that it imports.
    pub policy: CheckedPolicy,
    /// The tests that ran, in the order of the file: position in the policy, and what came of it; `None` for one that
    /// cannot run.
    pub tests: Vec<(usize, Option<TestRun>)>,
    /// The coverage, where it was asked for.
    pub coverage: Option<Coverage>,
    /// What came of changes, where they were asked for and every test passed.
    pub mutation: Option<Mutation>,
    /// Whether changes were asked for and not tried, for a test fails already: it would notice nothing.
    pub mutation_stopped: bool,
}

/// What came of one test.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CaseOutcome {
    /// Everything is as expected.
    Passed,
    /// Something is not.
    Failed,
    /// It could not run.
    Error,
}

impl CaseOutcome {
    /// The word in reports.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Passed => "passed",
            Self::Failed => "failed",
            Self::Error => "error",
        }
    }
}

/// One test, as every format tells of it.
#[derive(Debug)]
pub(super) struct Case<'a> {
    pub(super) test: &'a Test,
    pub(super) outcome: CaseOutcome,
    pub(super) failures: Vec<CaseFailure>,
}

/// One thing that differs.
#[derive(Debug)]
pub(super) struct CaseFailure {
    pub(super) diagnostic: Diagnostic,
    pub(super) decisions: Vec<Decision>,
}

impl TestedFile {
    /// Whether it is invalid, so that nothing of it ran.
    pub fn is_invalid(&self) -> bool {
        self.problems.iter().any(|problem| problem.severity == Severity::Error)
    }

    /// What came of each test.
    pub(super) fn cases<'a>(&'a self, sources: &SourceMap) -> Vec<Case<'a>> {
        let case = |(at, run): &'a (usize, Option<TestRun>)| {
            let test = self.policy.tests.get(*at)?;
            let (outcome, failures) = match run {
                None => (CaseOutcome::Error, vec![not_run(test)]),
                Some(run) if run.failures.is_empty() => (CaseOutcome::Passed, Vec::new()),
                Some(run) => {
                    let failure = |failure| self.failure(sources, test, run, failure);
                    (CaseOutcome::Failed, run.failures.iter().map(failure).collect())
                }
            };
            Some(Case { test, outcome, failures })
        };
        self.tests.iter().filter_map(case).collect()
    }

    fn failure(&self, sources: &SourceMap, test: &Test, run: &TestRun, failure: &TestFailure) -> CaseFailure {
        let (id, span, message, label, help) = match failure {
            TestFailure::NotSeen { id, rule, expected, found, span } => {
                let expected = expected_word(*expected);
                let message = format!("test `{}` expects `{expected}` of `{rule}`", test.name);
                let (label, help) = if found.is_empty() {
                    ("the rule was not judged".to_owned(), Some(NOT_JUDGED))
                } else {
                    (format!("it is {}", english::quoted_list(found, "and")), None)
                };
                (*id, *span, message, label, help)
            }
            TestFailure::SomethingElse { id, rule, found, span } => {
                let message = format!("test `{}` expects nothing else, and there is a {found} of `{rule}`", test.name);
                (*id, *span, message, format!("but `{rule}` is `{found}`"), None)
            }
        };
        let mut diagnostic = Diagnostic::at(Code::TestFailed, span, message).labelled(label);
        if let Some(help) = help {
            diagnostic = diagnostic.help(help);
        }
        let mut decisions = decisions(&self.policy, run, id);
        if matches!(failure, TestFailure::SomethingElse { .. }) {
            decisions.retain(|one| {
                use crate::evaluation::Verdict::{Violation, Warning};
                matches!(one.outcome.verdict, Violation | Warning)
            });
        }
        for decision in decisions.iter().take(MOST_DECISIONS) {
            if let Some(statement) = self.policy.statement(decision.outcome.statement) {
                diagnostic = diagnostic.note(self.tree(sources, run, statement, decision));
            }
        }
        if decisions.len() > MOST_DECISIONS {
            let more = decisions.len() - MOST_DECISIONS;
            diagnostic =
                diagnostic.note(format!("{} not shown", english::count(more, "more outcome", "more outcomes")));
        }
        CaseFailure { diagnostic, decisions }
    }

    /// How a statement was decided: every part of it with its truth, and the facts that it read.
    fn tree(&self, sources: &SourceMap, run: &TestRun, statement: &Statement, decision: &Decision) -> String {
        let rule = self.policy.rule(statement.rule).map_or("", |rule| rule.name.as_str());
        let subject =
            run.facts.subject_name(decision.outcome.subject).map_or_else(String::new, |name| format!(" for {name}"));
        let start = sources.start(statement.span);
        let mut text = format!(
            "`{rule}` #{}{subject} is `{}` ({}:{})",
            statement.number,
            decision.outcome.verdict.word(),
            sources.name(statement.span.source),
            start.line,
        );
        for guard in &decision.guards {
            branch(sources, run, decision, guard, "when", 1, &mut text);
        }
        branch(sources, run, decision, &decision.expression, statement.verb.word(), 1, &mut text);
        text
    }
}

const NOT_JUDGED: &str = "the block's `at` or `credential` leaves this credential out: say which it is with \
                          `given credential \"NAME\" at \"HOST\"`";

/// One part and what it is made of, a line each, two columns deeper than what it is part of.
fn branch(
    sources: &SourceMap,
    run: &TestRun,
    decision: &Decision,
    part: &Part,
    word: &str,
    depth: usize,
    text: &mut String,
) {
    let indent = "  ".repeat(depth);
    let space = if word.is_empty() { "" } else { " " };
    let _ = write!(text, "\n{indent}{word}{space}{}: {}", excerpt(sources, part.span), truth(part.truth));
    for index in &part.facts {
        let found = run
            .facts
            .fact(*index, decision.outcome.subject)
            .map_or_else(|| "(not asked)".to_owned(), |fact| wording::knowledge(&fact.knowledge));
        let _ = write!(text, "\n{indent}  {} = {found}", wording::path(run.facts.host, *index));
    }
    for inner in &part.parts {
        branch(sources, run, decision, inner, "", depth + 1, text);
    }
}

/// A place's text on one line, not too long.
pub(super) fn excerpt(sources: &SourceMap, span: Span) -> String {
    let text = sources.snippet(span).split_whitespace().collect::<Vec<_>>().join(" ");
    match text.char_indices().nth(MOST_TEXT) {
        Some((end, _)) => format!("{}...", text.get(..end).unwrap_or("")),
        None => text,
    }
}

/// "true", "false", "unknown (not-permitted)".
fn truth(truth: Truth) -> String {
    match truth {
        Truth::True => "true".to_owned(),
        Truth::False => "false".to_owned(),
        Truth::Unknown(causes) => format!("unknown ({})", english::list(causes.iter().map(Cause::word), "and")),
    }
}

const fn expected_word(expected: ExpectedOutcome) -> &'static str {
    match expected {
        ExpectedOutcome::Pass => "pass",
        ExpectedOutcome::Violation => "violation",
        ExpectedOutcome::Warning => "warning",
        ExpectedOutcome::Undetermined => "undetermined",
        ExpectedOutcome::Accepted => "accepted",
        ExpectedOutcome::Waived => "waived",
        ExpectedOutcome::NotApplicable => "not applicable",
    }
}

fn not_run(test: &Test) -> CaseFailure {
    let message = format!("test `{}` cannot run: its `at` is no address of a host", test.name);
    let diagnostic = Diagnostic::at(Code::TestNotRun, test.span, message)
        .help("write a host's name, such as `given credential \"bot\" at \"ghe.acme.dev\"`");
    CaseFailure { diagnostic, decisions: Vec::new() }
}

impl TestReport<'_> {
    /// Everything there is to tell: file by file its own problems, its tests, and what its tests leave open.
    pub fn diagnostics(&self) -> Vec<Diagnostic> {
        let mut all: Vec<Diagnostic> = self.files.iter().flat_map(|file| self.of_file(file)).collect();
        all.extend(self.nothing_found());
        all
    }

    fn of_file(&self, file: &TestedFile) -> Vec<Diagnostic> {
        let mut all = file.problems.clone();
        let cases = file.cases(self.sources);
        all.extend(cases.into_iter().flat_map(|case| case.failures).map(|failure| failure.diagnostic));
        all.extend(self.beside_tests(file));
        all
    }

    /// What the tests of a file leave open.
    pub(super) fn beside_tests(&self, file: &TestedFile) -> Vec<Diagnostic> {
        let mut all = Vec::new();
        if file.is_invalid() {
            return all;
        }
        if file.policy.tests.is_empty() {
            all.push(
                Diagnostic::new(Code::NoTests, format!("`{}` has no tests", file.name))
                    .help("add a `test` block: what is given, and what is expected of which rule"),
            );
        }
        if let Some(coverage) = &file.coverage {
            all.extend(coverage.statements.iter().filter_map(|row| not_covered(file, row)));
            let (seen, wanted) = (coverage.seen(), coverage.wanted());
            if let Some(min) = self.min.filter(|min| seen * 100 < wanted * usize::from(*min)) {
                let percent = coverage.percent();
                let message = format!(
                    "the tests of `{}` cover {percent}% of its statements' outcomes, and should cover {min}%",
                    file.name
                );
                all.push(Diagnostic::new(Code::TooLittleCovered, message).help(format!("{seen} of {wanted} are seen")));
            }
        }
        if file.mutation_stopped {
            all.push(
                Diagnostic::new(
                    Code::MutantsUntried,
                    format!("no change of `{}` was tried: a test of it fails", file.name),
                )
                .help("mend the failing tests first: a test that fails already notices nothing"),
            );
        }
        if let Some(mutation) = &file.mutation {
            for survivor in &mutation.survivors {
                let rules = survivor.rules.iter().filter_map(|rule| file.policy.rule(*rule));
                let mut names: Vec<&str> = rules.map(|rule| rule.name.as_str()).collect();
                names.dedup();
                let message = format!("no test of {} notices a change", english::quoted_list(names, "or"));
                all.push(
                    Diagnostic::at(Code::MutantSurvived, survivor.span, message)
                        .labelled(format!("if {}", survivor.change))
                        .help(survivor.advice.text()),
                );
            }
            if mutation.untried > 0 {
                let count = english::count(mutation.untried, "change", "changes");
                all.push(
                    Diagnostic::new(Code::MutantsUntried, format!("{count} of `{}` left untried", file.name))
                        .help("test fewer files at once, or make the file smaller"),
                );
            }
        }
        all
    }

    /// That no test was found, in any file.
    pub(super) fn nothing_found(&self) -> Option<Diagnostic> {
        if self.files.is_empty() {
            return Some(
                Diagnostic::new(Code::NoTests, "there is no policy to test").help("name a file that ends in `.pol`"),
            );
        }
        let filter = self.filter?;
        let tests: usize = self.files.iter().map(|file| file.policy.tests.len()).sum();
        (tests > 0 && self.files.iter().all(|file| file.tests.is_empty())).then(|| {
            Diagnostic::new(Code::NoTests, format!("no test has a name like `{filter}`"))
                .help("`--filter` matches whole names; `*` stands for any text")
        })
    }

    /// How many tests there were of each outcome: passed, failed, error.
    pub(super) fn counts(&self) -> [usize; 3] {
        let mut counts = [0; 3];
        for (_, run) in self.files.iter().flat_map(|file| &file.tests) {
            let [passed, failed, error] = &mut counts;
            match run {
                Some(run) if run.failures.is_empty() => *passed += 1,
                Some(_) => *failed += 1,
                None => *error += 1,
            }
        }
        counts
    }
}

/// A statement's name: its rule's, for several host kinds without the host's, and its number.
pub(super) fn name(file: &TestedFile, row: &Covered) -> String {
    let rule = row.rules.first().and_then(|rule| file.policy.rule(*rule));
    let name = rule.map_or("", |rule| match &rule.short_name {
        Some(short) if row.rules.len() > 1 => short,
        _ => &rule.name,
    });
    let number = file.policy.statement(row.statement).map_or(1, |statement| statement.number);
    let alone = rule.is_none_or(|rule| rule.statements.len() == 1);
    if alone { name.to_owned() } else { format!("{name} #{number}") }
}

fn not_covered(file: &TestedFile, row: &Covered) -> Option<Diagnostic> {
    let missing = row.missing();
    if missing.is_empty() {
        return None;
    }
    let message = format!("no test expects `{}` {}", name(file, row), english::list(&missing, "or"));
    let names = |rule: &str| {
        let fails = file.policy.statement(row.statement).is_none_or(|statement| statement.verb.is_error());
        let lines = missing.iter().map(|missing| match *missing {
            "passing" => format!("expect pass of {rule}"),
            "failing" if fails => format!("expect violation of {rule}"),
            "failing" => format!("expect warning of {rule}"),
            _ => format!("expect undetermined of {rule}"),
        });
        lines.collect::<Vec<_>>()
    };
    let rule = row.rules.first().and_then(|rule| file.policy.rule(*rule));
    let help = match rule.and_then(|rule| rule.short_name.as_deref()) {
        Some(short) => format!("add tests with {}", english::quoted_list(names(short), "and")),
        None => "put the statement into a `rule`: one without a name cannot be expected".to_owned(),
    };
    Some(Diagnostic::at(Code::NotCovered, row.span, message).help(help))
}

/// Writes the report for people: what is wrong, then a line for each file, the table of coverage, and the counts.
///
/// # Errors
/// The sink's.
pub fn write_human(
    report: &TestReport<'_>,
    style: Style,
    verbosity: Verbosity,
    redactor: &Redactor,
    sink: &mut dyn io::Write,
) -> io::Result<()> {
    let mut text = render_redacted(&report.diagnostics(), report.sources, style, redactor);
    if !text.is_empty() {
        if !text.ends_with('\n') {
            text.push('\n');
        }
        if verbosity != Verbosity::Quiet {
            text.push('\n');
        }
    }
    if verbosity != Verbosity::Quiet {
        let clean = |text: &str| untrusted::one_line(&redactor.redact(text), Sink::Terminal);
        for file in report.files {
            of_file(report, file, verbosity, &clean, &mut text);
        }
        summary(report, &mut text);
    }
    sink.write_all(text.as_bytes())
}

fn of_file(
    report: &TestReport<'_>,
    file: &TestedFile,
    verbosity: Verbosity,
    clean: &dyn Fn(&str) -> String,
    text: &mut String,
) {
    if file.is_invalid() {
        let _ = writeln!(text, "{}: invalid, nothing of it ran", clean(&file.name));
        return;
    }
    let cases = file.cases(report.sources);
    let passed = cases.iter().filter(|case| case.outcome == CaseOutcome::Passed).count();
    let _ = writeln!(text, "{}: {}, {passed} passed", clean(&file.name), english::count(cases.len(), "test", "tests"));
    if verbosity == Verbosity::Verbose {
        for case in &cases {
            let _ = writeln!(text, "  {}: {}", case.outcome.word(), clean(&case.test.name));
        }
    }
    if let Some(coverage) = &file.coverage {
        let _ = writeln!(
            text,
            "  coverage {}%: {} of {} outcomes\n",
            coverage.percent(),
            coverage.seen(),
            coverage.wanted()
        );
        if !coverage.statements.is_empty() {
            let _ = writeln!(text, "   line  passing  failing  undetermined  statement");
        }
        for row in &coverage.statements {
            let undetermined =
                if row.can_be_undetermined { row.undetermined.to_string() } else { "cannot be".to_owned() };
            let _ = writeln!(
                text,
                "  {:>5}  {:>7}  {:>7}  {undetermined:>12}  {}",
                report.sources.start(row.span).line,
                row.passing,
                row.failing,
                clean(&name(file, row)),
            );
        }
        text.push('\n');
    }
    if let Some(mutation) = &file.mutation {
        let noticed = mutation.made - mutation.survivors.len();
        let _ = writeln!(text, "  {}, {noticed} noticed", english::count(mutation.made, "change", "changes"));
    }
}

fn summary(report: &TestReport<'_>, text: &mut String) {
    let [passed, failed, error] = report.counts();
    let mut parts = vec![
        english::count(passed + failed + error, "test", "tests"),
        format!("{passed} passed"),
        format!("{failed} failed"),
    ];
    if error > 0 {
        parts.push(format!("{error} could not run"));
    }
    let coverages: Vec<&Coverage> = report.files.iter().filter_map(|file| file.coverage.as_ref()).collect();
    if let Some(least) = coverages.iter().map(|coverage| coverage.percent()).min() {
        let least = if coverages.len() > 1 && least < 100 {
            format!("coverage at least {least}%")
        } else {
            format!("coverage {least}%")
        };
        parts.push(least);
    }
    let mutations: Vec<&Mutation> = report.files.iter().filter_map(|file| file.mutation.as_ref()).collect();
    if !mutations.is_empty() {
        let made = mutations.iter().map(|mutation| mutation.made).sum();
        let survived: usize = mutations.iter().map(|mutation| mutation.survivors.len()).sum();
        parts.push(english::count(made, "change", "changes"));
        parts.push(format!("{survived} unnoticed"));
    }
    let _ = writeln!(text, "{}", parts.join(" · "));
}
