//! What an exit code means for the job, and what is uploaded.

use crate::runner::{Ran, Runner, STANDING_IN};

const DECIDED: &str = r#"{"runs": [{"invocations": [{"executionSuccessful": true}], "results": []}]}"#;
const UNDECIDED: &str = r#"{"runs":[{"invocations":[{"executionSuccessful":false}],"results":[
  {"message": {"text": "\"executionSuccessful\": true"}}]}]}"#;

fn run(code: &str, sarif: &str, inputs: &[(&str, &str)]) -> Ran {
    let mut all = vec![("command", "check"), ("policy", "team.pol")];
    all.retain(|(name, _)| !inputs.iter().any(|(other, _)| other == name));
    all.extend(inputs);
    Runner::installed(STANDING_IN).set("CODE", code).set("SARIF", sarif).run(&all)
}

#[test]
fn exit_codes_of_a_check_become_the_jobs_verdict() {
    // The code, what may fail the job, whether it does.
    let cases = [
        ("0", "violation, undetermined", false),
        ("1", "violation, undetermined", true),
        ("1", "violation", true),
        ("1", "undetermined", false),
        ("1", "never", false),
        ("3", "undetermined,violation", true),
        ("3", "violation\nundetermined", true),
        ("3", "violation", false),
        ("3", "never", false),
        ("2", "never", true),
        ("4", "never", true),
        ("5", "never", true),
        ("101", "never", true),
        ("130", "never", true),
        ("143", "never", true),
    ];
    for (code, fail_on, failed) in cases {
        let ran = run(code, "", &[("fail-on", fail_on)]);
        assert_eq!(ran.failed, failed, "{code} {fail_on}: {}", ran.log);
        assert_eq!(ran.output("run.exit-code"), code);
        assert_eq!(ran.log.contains("::error title=credcheck::"), failed, "{code} {fail_on}: {}", ran.log);
        // What does not fail the job is said all the same.
        let warned = !failed && code != "0";
        assert_eq!(ran.log.contains("::warning title=credcheck::"), warned, "{code} {fail_on}: {}", ran.log);
    }
}

#[test]
fn findings_of_the_other_commands_always_fail() {
    for command in ["lint", "fmt", "test"] {
        let ran = run("1", "", &[("command", command), ("fail-on", "never")]);
        assert!(ran.failed, "{command}: {}", ran.log);
        assert!(!run("0", "", &[("command", command)]).failed);
    }
}

#[test]
fn a_report_is_uploaded_if_the_run_decided_something() {
    for (code, sarif, uploaded) in [
        ("0", DECIDED, true),
        ("1", DECIDED, true),
        ("3", DECIDED, true),
        ("3", UNDECIDED, false),
        ("0", UNDECIDED, false),
        ("1", "", false),
        ("2", DECIDED, false),
        ("4", DECIDED, false),
        ("5", DECIDED, false),
        ("130", DECIDED, false),
        ("143", DECIDED, false),
    ] {
        let ran = run(code, sarif, &[("upload-sarif", "true")]);
        assert_eq!(ran.uploaded.is_some(), uploaded, "{code} {sarif}: {}", ran.log);
        assert_eq!(!ran.output("run.sarif-file").is_empty(), uploaded);
        let arguments = ran.arguments.unwrap();
        let asked = arguments.iter().filter(|one| one.starts_with("sarif=")).count();
        assert_eq!(asked, 1, "{arguments:?}");
    }
}

#[test]
fn the_jobs_own_file_is_the_one_that_is_uploaded() {
    let ran = run("1", DECIDED, &[("upload-sarif", "true"), ("reports", "junit=j.xml\nsarif=a b.sarif")]);
    assert_eq!(ran.uploaded.as_deref(), Some("a b.sarif"));
    assert!(ran.failed, "the verdict comes after the upload");
    // Without being asked nothing is uploaded, and the file is still an output.
    let ran = run("1", DECIDED, &[("reports", "sarif=own.sarif")]);
    assert_eq!((ran.uploaded.as_deref(), ran.output("run.sarif-file")), (None, "own.sarif"));
    let ran = run("1", DECIDED, &[]);
    assert_eq!(ran.output("run.sarif-file"), "");
}

#[test]
fn a_report_of_an_earlier_run_is_not_taken_for_this_ones() {
    let runner = Runner::installed(STANDING_IN);
    runner.write("workspace/own.sarif", DECIDED);
    let ran = runner.run(&[("command", "check"), ("policy", "team.pol"), ("reports", "sarif=own.sarif")]);
    assert_eq!(ran.output("run.sarif-file"), "");
    assert!(runner.workspace().is_empty());
}

#[test]
fn a_plan_has_no_report() {
    let ran = run("0", DECIDED, &[("command", "plan"), ("upload-sarif", "true")]);
    assert!(ran.failed && ran.arguments.is_none(), "{}", ran.log);
}
