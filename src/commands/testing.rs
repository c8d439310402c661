//! `credcheck test`: the tests of policies, how much they cover, and which changes they do not notice.

use std::time::{Duration, Instant};

use super::cli::{PolicyArguments, TestArguments};
use super::failure::Failure;
use super::output::Sink;
use super::policy;
use crate::diagnostic::Severity;
use crate::evaluation::{ExitCode, Run, TestRun, coverage, exit_code, mutate, run_test};
use crate::language::CheckedPolicy;
use crate::report::testing::{TestReport, TestedFile};
use crate::text::glob;
use crate::text::source::SourceMap;

/// How long changes of policies are tried, all files together.
const MUTATION_TIME: Duration = Duration::from_secs(120);

/// Runs the tests. Each file is a policy of its own, with what it imports.
pub(super) fn run(arguments: &TestArguments, sink: &mut Sink) -> Result<ExitCode, Failure> {
    let names = if arguments.files.is_empty() { policy::found("test")? } else { arguments.files.clone() };
    let started = Instant::now();
    let files: Vec<TestedFile> = names.iter().map(|name| tested(name, arguments, started, sink.sources())).collect();
    sink.spares(None)?;
    let report =
        TestReport { files: &files, sources: sink.texts(), filter: arguments.filter.as_deref(), min: arguments.min };
    let exit = exit(&report);
    sink.tests(&report, exit)?;
    Ok(exit)
}

fn tested(name: &str, arguments: &TestArguments, started: Instant, sources: &mut SourceMap) -> TestedFile {
    let options = PolicyArguments { set: Vec::new(), allow_unknown_names: arguments.allow_unknown_names };
    let mut file = TestedFile {
        name: name.to_owned(),
        problems: Vec::new(),
        policy: CheckedPolicy::default(),
        tests: Vec::new(),
        coverage: None,
        mutation: None,
        mutation_stopped: false,
    };
    match policy::load_to_test(&[name.to_owned()], &options, sources) {
        Ok(loaded) => (file.policy, file.problems) = (loaded.checked, loaded.warnings),
        Err(failure) => {
            file.problems = failure.diagnostics().to_vec();
            return file;
        }
    }
    let wanted = |name: &str| arguments.filter.as_ref().is_none_or(|pattern| glob::matches(pattern, name));
    let tests = file.policy.tests.iter().enumerate().filter(|(_, test)| wanted(&test.name));
    file.tests = tests.map(|(at, test)| (at, run_test(&file.policy, test))).collect();
    let Some(source) = file.policy.files.iter().find(|one| one.root).map(|one| one.source) else { return file };
    if arguments.coverage || arguments.min.is_some() {
        let runs = file.tests.iter().filter_map(|(at, run)| Some((file.policy.tests.get(*at)?, run.as_ref()?)));
        file.coverage = Some(coverage(&file.policy, source, runs));
    }
    // A test that fails already can notice nothing.
    let passes = |run: &Option<TestRun>| run.as_ref().is_some_and(|run| run.failures.is_empty());
    let all_pass = file.tests.iter().all(|(_, run)| passes(run));
    file.mutation_stopped = arguments.mutate && !all_pass;
    if arguments.mutate && all_pass {
        let tests: Vec<usize> = file.tests.iter().map(|(at, _)| *at).collect();
        file.mutation = Some(mutate(&mut file.policy, source, &tests, &mut || started.elapsed() < MUTATION_TIME));
    }
    file
}

/// 4 for an invalid policy, 1 for everything else that is an error, 0 otherwise.
fn exit(report: &TestReport<'_>) -> ExitCode {
    let errors = report.diagnostics().iter().any(|one| one.severity == Severity::Error);
    exit_code(Run {
        invalid: report.files.iter().any(TestedFile::is_invalid),
        violation: errors,
        decided: true,
        ..Run::default()
    })
}
