//! The formats that CI systems take, as the program writes them.

use serde_json::Value;

use crate::bench::{Bench, acme, classic, good, paths};

/// Breaks one rule, wishes for another.
const POLICY: &str = r#"
host github {
  rule admin { require token.scopes covers ["admin:org"] }
  rule small { prefer token.scopes within ["gist"] }
}
"#;

fn json(bench: &Bench, name: &str) -> Value {
    serde_json::from_str(&bench.read(name)).unwrap()
}

/// `FORMAT=FILE` of each, beside a report for people.
const EACH: [&str; 16] = [
    "--report",
    "sarif=team/r.sarif",
    "--report",
    "github=team/r.github",
    "--report",
    "gitlab=team/r.gitlab",
    "--report",
    "bitbucket=team/r.bitbucket",
    "--report",
    "bitbucket-server=team/r.server",
    "--report",
    "azure=team/r.azure",
    "--report",
    "teamcity=team/r.teamcity",
    "--report",
    "rdjsonl=team/r.rdjsonl",
];

/// The same, in the folder that the program runs in.
fn each() -> Vec<String> {
    EACH.iter().map(|argument| argument.replace("team/", "")).collect()
}

/// Reads what a run wrote: places are those of this file.
fn written(bench: &Bench, path: &str) {
    let log = json(bench, "team/r.sarif");
    let uri = "/runs/0/results/0/locations/0/physicalLocation/artifactLocation/uri";
    assert_eq!(log.pointer(uri).unwrap(), path, "{log}");
    assert!(bench.read("team/r.github").contains(&format!("file={path},line=")));
    assert_eq!(json(bench, "team/r.gitlab")[0]["location"]["path"], path);
    assert_eq!(json(bench, "team/r.bitbucket")["annotations"][0][0]["path"], path);
    assert_eq!(json(bench, "team/r.bitbucket")["report"]["result"], "FAILED");
    assert_eq!(json(bench, "team/r.server")["annotations"][0]["annotations"][0]["path"], path);
    let root = std::path::absolute(bench.path("team")).unwrap().canonicalize().unwrap();
    assert!(bench.read("team/r.azure").contains(&format!("sourcepath={}/{path};", root.display())));
    assert!(bench.read("team/r.teamcity").contains(&format!("file='{path}'")));
    let line: Value = serde_json::from_str(bench.read("team/r.rdjsonl").lines().next().unwrap()).unwrap();
    assert_eq!(line["location"]["path"], path);
}

#[test]
fn every_format_comes_of_one_run_and_none_costs_a_request() {
    let (bench, host) = Bench::usual(POLICY);
    bench.check(&[]).exits(1);
    let alone = paths(&host);
    let arguments = each();
    bench.check(&arguments.iter().map(String::as_str).collect::<Vec<_>>()).exits(1);
    let both = paths(&host);
    assert_eq!(both.len(), 2 * alone.len(), "{both:?}");
    written(&bench, "check.pol");
    let log = json(&bench, "team/r.sarif");
    let levels: Vec<&Value> = log["runs"][0]["results"].as_array().unwrap().iter().map(|one| &one["level"]).collect();
    assert_eq!(levels, ["error", "warning"]);
    assert_eq!(log["runs"][0]["invocations"][0]["exitCode"], 1);
}

#[test]
fn lints_tests_and_style_have_them_too() {
    let bench = Bench::new();
    bench.policy("host github {\n  rule a { require user.username   == \"x\" and user.username == \"y\" }\n}\n");
    let arguments = each();
    let with = |command: &[&str]| command.iter().map(ToString::to_string).chain(arguments.clone()).collect::<Vec<_>>();
    for command in [&["lint", "check.pol"][..], &["fmt", "--check", "check.pol"], &["test", "check.pol"]] {
        let all = with(command);
        bench.run(&all.iter().map(String::as_str).collect::<Vec<_>>()).saying_anything().exits(1);
        written(&bench, "check.pol");
        let id = json(&bench, "team/r.sarif")["runs"][0]["automationDetails"]["id"].clone();
        assert_eq!(id, format!("credcheck/{}/", command[0]));
    }
}

#[test]
fn what_no_file_of_the_repository_has_a_part_in_cannot_be_sarif() {
    let (mut bench, token) = (Bench::new(), classic("weak"));
    let host = bench.host(acme().token(good(&token).scopes(["gist"])));
    bench.credential("bot", &host, &token, "repositories = [\"acme/infra\"]");
    bench.policy(POLICY);
    let refused = |bench: &Bench, arguments: &[&str]| {
        bench.run(arguments).says("SARIF places what it finds in files of the repository").exits(2);
    };
    refused(&bench, &["builtin:atlantis", "--format", "sarif"]);
    refused(&bench, &["check", "builtin:atlantis", "--report", "sarif=r.sarif"]);
    assert_eq!(paths(&host), Vec::<String>::new(), "before anything is sent");
    refused(&bench, &["demo", "--format", "sarif"]);
    assert!(!bench.path("team/r.sarif").exists());
    // One line that uses it is enough.
    bench.policy("use \"builtin:atlantis\"\n");
    bench.variable("GITHUB_STEP_SUMMARY", "summary.md");
    bench.check(&["--format", "sarif", "--output", "r.sarif"]).saying_anything().ends();
    let log = json(&bench, "team/r.sarif");
    let results = log["runs"][0]["results"].as_array().unwrap();
    for one in results {
        let at = &one["locations"][0]["physicalLocation"];
        assert_eq!((&at["artifactLocation"]["uri"], &at["region"]["startLine"]), (&"check.pol".into(), &1.into()));
    }
    assert!(!results.is_empty());
    assert!(!bench.path("team/summary.md").exists(), "which is for one format alone");
}

#[test]
fn the_summary_of_a_job_is_added_to() {
    let (mut bench, _host) = Bench::usual(POLICY);
    bench.file("team/summary.md", "what an earlier step said\n");
    bench.check(&["--report", "github=r.github"]).exits(1);
    assert_eq!(bench.read("team/summary.md"), "what an earlier step said\n", "the variable is not set");
    let summary = bench.path("team/summary.md").display().to_string();
    bench.variable("GITHUB_STEP_SUMMARY", &summary);
    bench.check(&["--report", "gitlab=r.gitlab"]).exits(1);
    assert_eq!(bench.read("team/summary.md"), "what an earlier step said\n", "nobody asked for it");
    bench.check(&["--report", "github=r.github"]).exits(1);
    let once = bench.read("team/summary.md");
    assert!(once.starts_with("what an earlier step said\n\n"), "{once}");
    bench.check(&["--report", "github=r.github"]).exits(1);
    assert!(bench.read("team/summary.md").starts_with(&format!("{once}\n")));
    bench.variable("GITHUB_STEP_SUMMARY", "nowhere/summary.md");
    // Nobody asked for it: the verdict is not lost with it.
    bench.check(&["--report", "github=r.github"]).says("the summary of the job could not be written").exits(1);
}

#[test]
fn a_pipeline_tells_what_it_is() {
    let (mut bench, _host) = Bench::usual(POLICY);
    for (name, value) in [
        ("TF_BUILD", "True"),
        ("SYSTEM_DEFINITIONID", "12"),
        ("BUILD_DEFINITIONNAME", "nightly"),
        ("SYSTEM_JOBID", "3a885553-9b53-52ae-3e79-4d6b42a4c9c1"),
        ("SYSTEM_PHASENAME", "check"),
    ] {
        bench.variable(name, value);
    }
    bench.check(&["--format", "sarif", "--output", "r.sarif"]).exits(1);
    let details = json(&bench, "team/r.sarif")["runs"][0]["automationDetails"].clone();
    assert_eq!(details["id"], "azuredevops/pipeline/build/credcheck/check.pol/");
    let at = |key: &str| details["properties"][format!("azuredevops/pipeline/build/{key}")].clone();
    assert_eq!((at("buildDefinitionId"), at("buildDefinitionName")), ("12".into(), "nightly".into()));
    assert_eq!((at("phaseId"), at("phaseName")), ("3a885553-9b53-52ae-3e79-4d6b42a4c9c1".into(), "check".into()));
}
