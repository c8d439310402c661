//! What no schema and no validator says of a SARIF log.

use std::collections::BTreeSet;

use credcheck::report::Machine;
use credcheck::report::told::{Note, Severity};
use serde_json::Value;

use super::data::{HOSTILE, Run, place};

fn run(of: &Run) -> Value {
    of.json(Machine::Sarif)["runs"][0].clone()
}

/// What every consumer asks for.
fn sound(of: &Run) {
    let run = run(of);
    let rules = run["tool"]["driver"]["rules"].as_array().unwrap();
    let ids: BTreeSet<&str> = rules.iter().map(|rule| rule["id"].as_str().unwrap()).collect();
    assert_eq!(ids.len(), rules.len(), "each rule once");
    for rule in rules {
        for (pointer, most) in [
            ("/name", 255),
            ("/shortDescription/text", 1_024),
            ("/fullDescription/text", 1_024),
            ("/help/text", 20_000),
            ("/help/markdown", 50_000),
        ] {
            let text = rule.pointer(pointer).and_then(Value::as_str).unwrap_or_else(|| panic!("{pointer} of {rule}"));
            assert!(!text.trim().is_empty() && text.chars().count() <= most, "{pointer} of {rule}");
        }
        assert!(rule["properties"]["tags"].as_array().unwrap().len() <= 10);
        let address = rule["helpUri"].as_str().unwrap_or("https://");
        assert!(address.starts_with("https://") && address.len() <= 2_048, "{rule}");
    }
    let mut fingerprints = BTreeSet::new();
    for result in run["results"].as_array().unwrap() {
        let index = usize::try_from(result["ruleIndex"].as_u64().unwrap()).unwrap();
        assert_eq!(result["ruleId"], rules[index]["id"], "{result}");
        let text = result["message"]["text"].as_str().unwrap();
        assert!(!text.is_empty() && text.chars().count() <= 1_000 && !text.contains("]("), "{text}");
        assert!(fingerprints.insert(result["partialFingerprints"]["primaryLocationLineHash"].as_str().unwrap()));
        let at = &result["locations"][0]["physicalLocation"];
        let uri = at["artifactLocation"]["uri"].as_str().unwrap();
        assert!(!uri.starts_with(['/', '.']) && !uri.contains([' ', ':', '\\']), "{uri}");
        assert!(at["region"]["startLine"].as_u64().unwrap() >= 1);
        assert!(result.get("kind").is_none() && result.get("suppressions").is_none());
    }
}

#[test]
fn rules_and_results_agree_and_no_text_is_empty() {
    sound(&Run::clean());
    sound(&Run::of_each("plain"));
    sound(&Run::of_each(HOSTILE));
    sound(&Run::of_each(&HOSTILE.repeat(1_000)));
    sound(&Run::of_each(""));
    sound(&Run::of_many(30));
}

#[test]
fn every_rule_of_the_policy_is_listed_in_its_order_then_what_else_is_told() {
    let run = run(&Run::of_each("plain"));
    let rules = run["tool"]["driver"]["rules"].as_array().unwrap();
    let ids: Vec<&str> = rules.iter().map(|rule| rule["id"].as_str().unwrap()).collect();
    assert_eq!(ids, ["github.scope", "github.bare", "plain", "github.credential-valid", "github.ready", "waiver-idle"]);
    let names: Vec<&str> = rules.iter().map(|rule| rule["name"].as_str().unwrap()).collect();
    assert_eq!(names[..2], ["GithubScope", "GithubBare"]);
    let tags = |at: usize| rules[at]["properties"]["tags"].to_string();
    assert_eq!(tags(0), r#"["security","credentials"]"#);
    assert_eq!(tags(1), r#"["security","credentials","undetermined"]"#);
    assert_eq!(rules[3]["shortDescription"]["text"].as_str().unwrap().split('.').next().unwrap().len(), 81);
}

#[test]
fn what_is_undetermined_is_a_warning_that_says_so() {
    let run = run(&Run::of_each("plain"));
    let results = run["results"].as_array().unwrap();
    let undetermined: Vec<&Value> =
        results.iter().filter(|one| one["properties"]["tags"].to_string().contains("undetermined")).collect();
    assert_eq!(undetermined.len(), 1);
    assert_eq!(
        (&undetermined[0]["level"], &undetermined[0]["properties"]["code"]),
        (&"warning".into(), &"C0603".into())
    );
}

#[test]
fn only_a_run_that_went_to_its_end_and_decided_something_was_successful() {
    let successful = |of: &Run| run(of)["invocations"][0]["executionSuccessful"].as_bool().unwrap();
    assert!(successful(&Run::clean()) && successful(&Run::of_each("plain")));
    assert!(!successful(&Run::clean().interrupted()));
    let mut nothing = Run::clean();
    nothing.closing.summary.decided = 0;
    assert!(!successful(&nothing));
    // What has no place in the repository is told all the same.
    let mut outside = Run::of_each("plain");
    outside.opening.policies[0].file = "builtin:atlantis".to_owned();
    outside.closing.notes = vec![Note {
        code: "C0402".to_owned(),
        name: "waiver-idle".to_owned(),
        severity: Severity::Warning,
        message: "idle".to_owned(),
        help: None,
        place: Some(place("builtin:atlantis", 3, None)),
    }];
    assert!(!successful(&outside));
    let told = run(&outside)["invocations"][0]["toolExecutionNotifications"].to_string();
    assert!(told.contains("waiver-idle: idle. builtin:atlantis:3:5"), "{told}");
}

#[test]
fn what_stands_in_a_ready_made_policy_has_the_place_where_that_is_used() {
    let mut of = Run::of_each("plain");
    let at = |of: &Run| {
        let results = run(of)["results"].as_array().unwrap().clone();
        let one = results.into_iter().find(|one| one["ruleId"] == "github.ready").unwrap();
        let said = one["message"]["text"].as_str().unwrap().to_owned();
        assert!(said.ends_with("It stands in builtin:atlantis:30:5."), "{said}");
        one["locations"][0]["physicalLocation"]["region"]["startLine"].as_u64().unwrap()
    };
    assert_eq!(at(&of), 1, "the first line of the first file");
    let mut used = of.opening.policies[0].clone();
    (used.file, used.used_at) = ("builtin:atlantis".to_owned(), Some(place("policies/team.pol", 4, None)));
    of.opening.policies.push(used);
    assert_eq!(at(&of), 4);
}

#[test]
fn a_run_belongs_to_its_policy_and_in_a_pipeline_to_that() {
    assert_eq!(run(&Run::clean())["automationDetails"]["id"], "credcheck/policies/team.pol/");
    let details = run(&Run::clean().in_pipeline(""))["automationDetails"].clone();
    let (project, phase) = ("11111111-2222-3333-4444-555555555555", "3a885553-9b53-52ae-3e79-4d6b42a4c9c1");
    assert_eq!(details["id"], format!("azuredevops/pipeline/build/acme/{project}/7/{phase}/refs/heads/main/99"));
    assert_eq!(details["properties"]["azuredevops/pipeline/build/buildDefinitionName"], "nightly");
    assert_eq!(details["properties"].as_object().unwrap().len(), 4);
    let mut partly = Run::clean().in_pipeline("");
    partly.surroundings.pipeline.as_mut().unwrap().branch = None;
    let id = run(&partly)["automationDetails"]["id"].clone();
    assert_eq!(id, "azuredevops/pipeline/build/credcheck/policies/team.pol/");
}
