//! Each format that has a schema, against it.

use credcheck::report::Machine;
use jsonschema::Validator;
use serde_json::Value;

use super::data::{HOSTILE, Run};

fn schema(text: &str) -> Validator {
    let schema: Value = serde_json::from_str(text).unwrap();
    jsonschema::options().should_validate_formats(true).build(&schema).unwrap()
}

#[track_caller]
fn valid(validator: &Validator, document: &Value) {
    let wrong: Vec<String> =
        validator.iter_errors(document).map(|error| format!("{}: {error}", error.instance_path())).collect();
    assert_eq!(wrong, Vec::<String>::new(), "{document:#}");
}

/// Runs of every kind.
fn runs() -> Vec<Run> {
    let mut nothing = Run::clean();
    (nothing.closing.summary.decided, nothing.closing.exit) = (0, 3);
    let mut outside = Run::of_each(HOSTILE);
    outside.opening.policies[0].file = "builtin:atlantis".to_owned();
    vec![
        Run::clean(),
        Run::clean().interrupted(),
        nothing,
        outside,
        Run::of_each("plain").interrupted(),
        Run::of_each(HOSTILE).in_pipeline(HOSTILE).with_summary(),
        Run::of_each(&HOSTILE.repeat(300)).in_pipeline(HOSTILE),
        Run::of_each(""),
        Run::of_many(1_000),
    ]
}

#[test]
fn documents_are_valid() {
    let sarif = schema(include_str!("../../schemas/sarif-2.1.0.json"));
    let quality = schema(include_str!("../../schemas/code-quality.json"));
    let cloud = schema(include_str!("../../schemas/insights-cloud.json"));
    let server = schema(include_str!("../../schemas/insights-server.json"));
    let line = schema(include_str!("../../schemas/rdjsonl.json"));
    for run in runs() {
        valid(&sarif, &run.json(Machine::Sarif));
        valid(&quality, &run.json(Machine::Gitlab));
        valid(&cloud, &run.json(Machine::Bitbucket));
        valid(&server, &run.json(Machine::BitbucketServer));
        for text in run.report(Machine::Rdjsonl).lines() {
            valid(&line, &serde_json::from_str(text).unwrap());
        }
    }
}

#[test]
fn the_schemas_refuse_what_is_not_valid() {
    let sarif = schema(include_str!("../../schemas/sarif-2.1.0.json"));
    let mut log = Run::of_each("plain").json(Machine::Sarif);
    log["runs"][0]["results"][0]["locations"][0]["physicalLocation"]["region"]["startLine"] = 0.into();
    assert!(!sarif.is_valid(&log));
    let cloud = schema(include_str!("../../schemas/insights-cloud.json"));
    let mut report = Run::of_each("plain").json(Machine::Bitbucket);
    report["annotations"][0][0]["summary"] = "".into();
    assert!(!cloud.is_valid(&report));
    let quality = schema(include_str!("../../schemas/code-quality.json"));
    let mut findings = Run::of_each("plain").json(Machine::Gitlab);
    findings[0]["location"].as_object_mut().unwrap().remove("path");
    assert!(!quality.is_valid(&findings));
}
