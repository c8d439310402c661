//! Each format with hostile texts in every field, and with none.

use credcheck::report::Machine;

use super::data::{ALL, HOSTILE, Run};

/// What is readable of a report: documents are indented.
fn shown(text: &str) -> String {
    let pretty = serde_json::from_str::<serde_json::Value>(text).map(|value| serde_json::to_string_pretty(&value));
    pretty.map_or_else(|_| text.to_owned(), Result::unwrap)
}

#[test]
fn each_format_with_hostile_texts() {
    for machine in ALL {
        let report = Run::of_each(HOSTILE).report(machine);
        insta::assert_snapshot!(format!("hostile_{machine:?}").to_lowercase(), shown(&report));
    }
}

#[test]
fn each_format_of_plain_texts_that_was_interrupted() {
    for machine in ALL {
        let report = Run::of_each("plain").interrupted().report(machine);
        insta::assert_snapshot!(format!("plain_{machine:?}").to_lowercase(), shown(&report));
    }
}

#[test]
fn a_run_that_found_nothing_says_so() {
    let clean = Run::clean();
    let counts =
        "credcheck: 0 violations, 0 warnings, 1 waived, 0 undetermined, decided 3 of 3, 2 credentials, 0 requests\n";
    for machine in [Machine::Github, Machine::Azure, Machine::Teamcity] {
        assert_eq!(clean.report(machine), counts, "{machine:?}");
    }
    assert_eq!(clean.report(Machine::Rdjsonl), "");
    assert_eq!(clean.report(Machine::Gitlab), "[]\n");
    for (machine, passed) in [(Machine::Bitbucket, "PASSED"), (Machine::BitbucketServer, "PASS")] {
        let report = clean.json(machine);
        assert_eq!((&report["report"]["result"], &report["annotations"]), (&passed.into(), &serde_json::json!([])));
    }
}

#[test]
fn what_is_undetermined_or_interrupted_never_passed() {
    for run in [Run::clean().interrupted(), {
        let mut run = Run::clean();
        run.closing.exit = 3;
        run
    }] {
        assert_eq!(run.json(Machine::Bitbucket)["report"]["result"], "FAILED");
        assert_eq!(run.json(Machine::BitbucketServer)["report"]["result"], "FAIL");
        assert!(run.report(Machine::Teamcity).contains("##teamcity[buildProblem "));
    }
    // A host that had to be checked, and was not, is no finding of any statement.
    let mut missing = Run::clean();
    missing.closing.exit = 3;
    for machine in ALL {
        assert!(missing.report(machine).contains("the run ended with exit code 3"), "{machine:?}");
    }
    // A file without findings would say that all is mended.
    for machine in ALL {
        let report = Run::clean().interrupted().report(machine);
        assert!(report.contains("3 of 12 credentials were judged"), "{machine:?}: {report}");
    }
}

#[test]
fn what_is_waived_known_accepted_or_passes_is_no_finding() {
    let run = Run::of_each("plain");
    let found = run.json(Machine::Gitlab);
    let rules: Vec<&str> = found.as_array().unwrap().iter().map(|one| one["check_name"].as_str().unwrap()).collect();
    assert_eq!(
        rules,
        [
            "github.credential-valid",
            "github.ready",
            "github.scope",
            "plain",
            "github.bare",
            "waiver-idle",
            "github.bare",
        ]
    );
    assert_eq!(found[4]["severity"], "major");
}
