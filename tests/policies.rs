//! The ready-made policies: each checks without a warning, and each of its tests passes.

use credcheck::diagnostic::Diagnostic;
use credcheck::evaluation::{coverage, mutate, run_test};
use credcheck::language::{self, BUILTIN, CheckOptions, CheckedPolicy, OpenError, Opened, PolicyStore};
use credcheck::text::source::SourceMap;
use credcheck::vocabulary::{self, HostKind, Subject};

/// The policies that are built in are the files of `policies/`: no name stands in a list that could be forgotten.
#[test]
#[expect(clippy::disallowed_methods, reason = "this test reads the project's own files")]
fn the_folder_and_what_is_built_in_are_the_same() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("policies");
    let files = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let mut texts: Vec<(String, String)> = files
        .map(|path| {
            assert_eq!(path.extension().unwrap(), "pol", "{}", path.display());
            let stem = path.file_stem().unwrap().to_str().unwrap();
            // The first one keeps the name of the main job's example.
            let name = if stem == "default" { "atlantis" } else { stem };
            (name.to_owned(), std::fs::read_to_string(&path).unwrap())
        })
        .collect();
    texts.sort();
    let built_in: Vec<(String, String)> =
        BUILTIN.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect();
    let names = |all: &[(String, String)]| all.iter().map(|(name, _)| name.clone()).collect::<Vec<_>>();
    assert_eq!(names(&texts), names(&built_in), "files are built in by their rows in src/language/load.rs");
    for ((name, text), (_, built_in)) in texts.iter().zip(&built_in) {
        assert!(text == built_in, "the row of `{name}` in src/language/load.rs names another file");
    }
}

#[test]
fn each_says_its_own_name_where_it_comes_from_and_stands_in_the_one_style() {
    for (name, text) in BUILTIN {
        let mut sources = SourceMap::new();
        let source = sources.add(name, text);
        assert_eq!(language::format(source, text).unwrap(), text, "{name} is not formatted");
        let head: String = text.lines().take_while(|line| line.starts_with('#')).collect();
        assert!(head.contains(&format!("`builtin:{name}`")), "{name} does not say its name");
        assert!(text.contains(&format!("policy \"{name}\" {{")), "{name} has another name in its header");
        assert!(name == "atlantis" || name == "general" || head.contains("Source"), "{name} names no source");
    }
}

struct NoFiles;

impl PolicyStore for NoFiles {
    fn open(&self, _path: &str, _from: Option<&str>) -> Result<Opened, OpenError> {
        Err(OpenError::NotFound)
    }
}

fn checked(name: &str) -> (CheckedPolicy, SourceMap, Vec<Diagnostic>) {
    let mut sources = SourceMap::new();
    let (program, problems) = language::load(&[format!("builtin:{name}")], &NoFiles, &mut sources);
    let (policy, problems) = language::check(&program, &sources, problems, CheckOptions::default());
    (policy, sources, problems)
}

#[test]
fn every_ready_made_policy_is_clean_and_its_tests_pass() {
    for (name, _) in BUILTIN {
        let (policy, sources, problems) = checked(name);
        assert!(problems.is_empty(), "{name}: {problems:#?}");
        assert!(!policy.tests.is_empty(), "{name} has no tests");
        for test in &policy.tests {
            let run = run_test(&policy, test).unwrap();
            let line = sources.start(test.span).line;
            assert!(run.failures.is_empty(), "{name}:{line} `{}`: {:#?}", test.name, run.failures);
        }
    }
}

/// To judge by, a ready-made policy comes without its tests, and is otherwise the same: places, digests and all.
#[test]
fn what_is_judged_by_is_what_is_tested() {
    let rules = |policy: &CheckedPolicy| {
        format!("{:?}", (&policy.files, &policy.rules, &policy.statements, &policy.inputs, &policy.waivers))
    };
    for (name, _) in BUILTIN {
        let mut sources = SourceMap::new();
        let (program, problems) = language::load_to_judge(&[format!("builtin:{name}")], &NoFiles, &mut sources);
        let (policy, problems) = language::check(&program, &sources, problems, CheckOptions::default());
        assert!(problems.is_empty(), "{name}: {problems:#?}");
        assert!(policy.tests.is_empty(), "{name}");
        assert_eq!(rules(&policy), rules(&checked(name).0), "{name}");
    }
}

/// A file keeps its tests and every check of them, whatever it imports.
#[test]
fn files_keep_their_tests() {
    struct One;
    impl PolicyStore for One {
        fn open(&self, path: &str, _from: Option<&str>) -> Result<Opened, OpenError> {
            let text = "use \"builtin:atlantis\"\n\ntest \"no\" {\n  given host github\n  given nothing = 1\n}\n";
            Ok(Opened { id: path.to_owned(), name: path.to_owned(), bytes: text.into() })
        }
    }
    let mut sources = SourceMap::new();
    let (program, problems) = language::load_to_judge(&["team.pol".to_owned()], &One, &mut sources);
    let (_, problems) = language::check(&program, &sources, problems, CheckOptions::default());
    assert!(problems.iter().any(|problem| problem.message.contains("nothing")), "{problems:#?}");
}

#[test]
fn every_rule_says_why_how_and_where_and_is_tested_for_each_outcome() {
    use credcheck::language::ast::ExpectedOutcome as Expected;
    for (name, _) in BUILTIN {
        let (policy, ..) = checked(name);
        for (at, rule) in policy.rules.iter().enumerate() {
            let rule_name = &rule.name;
            assert!(rule.words.because.is_some(), "{name}: {rule_name} has no `because`");
            assert!(rule.words.fix.is_some(), "{name}: {rule_name} has no `fix`");
            assert!(rule.words.see.is_some(), "{name}: {rule_name} has no `see`");
            let expected: Vec<Expected> = policy
                .tests
                .iter()
                .flat_map(|test| &test.expect)
                .filter(|expectation| expectation.rule.0 == at)
                .map(|expectation| expectation.outcome)
                .collect();
            let any = |outcomes: &[Expected]| expected.iter().any(|outcome| outcomes.contains(outcome));
            assert!(any(&[Expected::Pass]), "{name}: {rule_name} is never seen passing");
            assert!(any(&[Expected::Violation, Expected::Warning]), "{name}: {rule_name} is never seen failing");
            assert!(
                any(&[Expected::Undetermined, Expected::Accepted]),
                "{name}: {rule_name} is never seen undetermined"
            );
        }
    }
}

#[test]
fn every_outcome_is_expected_and_every_change_is_noticed() {
    for (name, _) in BUILTIN {
        let (mut policy, sources, _) = checked(name);
        let source = policy.files.iter().find(|file| file.root).unwrap().source;
        let runs: Vec<_> = policy.tests.iter().map(|test| run_test(&policy, test).unwrap()).collect();
        let covered = coverage(&policy, source, policy.tests.iter().zip(&runs));
        assert!(covered.wanted() > 0);
        for row in &covered.statements {
            let line = sources.start(row.span).line;
            assert!(row.missing().is_empty(), "{name}:{line}: no test expects {:?}", row.missing());
        }
        let tests: Vec<usize> = (0..policy.tests.len()).collect();
        let changed = mutate(&mut policy, source, &tests, &mut || true);
        assert_eq!(changed.untried, 0);
        assert!(changed.made > covered.statements.len());
        let unnoticed: Vec<String> = changed
            .survivors
            .iter()
            .map(|one| format!("{name}:{}: no test notices that {}", sources.start(one.span).line, one.change))
            .collect();
        assert!(unnoticed.is_empty(), "{unnoticed:#?}");
    }
}

/// A policy that reads nothing of a repository says nothing where the repository is not there.
#[test]
fn each_reads_a_fact_of_the_repository_on_every_host_it_is_about() {
    for (name, _) in BUILTIN {
        let (policy, ..) = checked(name);
        let hosts: std::collections::BTreeSet<HostKind> = policy.rules.iter().map(|rule| rule.host).collect();
        assert!(!hosts.is_empty(), "{name}");
        for host in hosts {
            let reads = policy.statements.iter().any(|statement| {
                let rule = policy.rules.get(statement.rule.0).unwrap();
                let table = vocabulary::host(host);
                rule.host == host && statement.facts.iter().any(|at| table.row(*at).subject == Subject::Repository)
            });
            assert!(reads, "{name} reads nothing of a repository on {}", host.word());
        }
    }
}
