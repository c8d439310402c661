//! Several reports from one run: no more requests, the same verdicts in each, and each written whatever becomes of the
//! others.

#![expect(clippy::disallowed_methods, reason = "folders and a token's file lie outside of the bench")]

use std::fs;
use std::thread;
use std::time::{Duration, Instant};

use credcheck::simulator::github::{Fault, Repository};
use serde_json::Value;

use crate::bench::{Bench, MACHINES, acme, classic, good};

/// Every format for programs.
fn formats() -> impl Iterator<Item = &'static str> {
    ["json", "concise"].into_iter().chain(MACHINES)
}

/// One that passes, one that is broken, one that is undecided, one that is only wished for.
const POLICY: &str = "host github {\n  rule passes { require token.scopes covers [\"repo\"] }\n  rule broken { require \
                      token.scopes covers [\"admin:org\"] }\n  rule open { require count(repository.webhooks) >= 0 }\n  \
                      rule wished { prefer token.scopes covers [\"gist\"] }\n}\n";

/// The options for a report of each format, `NAME.FORMAT` each.
fn all(name: &str) -> Vec<String> {
    formats().flat_map(|format| ["--report".to_owned(), format!("{format}={name}.{format}")]).collect()
}

fn check(bench: &Bench, more: &[String]) -> Vec<String> {
    let mut arguments: Vec<&str> = vec!["check.pol"];
    arguments.extend(more.iter().map(String::as_str));
    let before = bench.paths().len();
    bench.run(&arguments).saying_anything().exits(1);
    bench.paths().split_off(before)
}

#[test]
fn a_run_with_every_report_sends_what_a_run_with_one_sends_and_all_say_the_same() {
    let (bench, _host) = Bench::usual(POLICY);
    let alone = check(&bench, &[]);
    assert_eq!(check(&bench, &all("all")), alone);
    let report: Value = serde_json::from_str(&bench.read("team/all.json")).unwrap();
    let summary = &report["summary"];
    let counts = ["violations", "undetermined", "warnings"].map(|word| summary[word].as_u64().unwrap());
    assert_eq!(counts, [1, 1, 1], "{summary}");
    for format in formats() {
        let text = bench.read(&format!("team/all.{format}"));
        assert!(text.contains("broken"), "{format}: {text}");
        // What could not be decided is told, and not as passed.
        assert!(format == "prometheus" || text.contains("open"), "{format}: {text}");
    }
    let sarif: Value = serde_json::from_str(&bench.read("team/all.sarif")).unwrap();
    assert_eq!(sarif["runs"][0]["results"].as_array().unwrap().len(), 3);
    let gitlab: Value = serde_json::from_str(&bench.read("team/all.gitlab")).unwrap();
    let severities: Vec<&str> =
        gitlab.as_array().unwrap().iter().map(|one| one["severity"].as_str().unwrap()).collect();
    assert_eq!(severities, ["critical", "major", "minor"]);
    let junit = bench.read("team/all.junit");
    assert!(junit.contains("failures=\"1\"") && junit.contains("errors=\"1\""), "{junit}");
    let metrics = bench.read("team/all.prometheus");
    for (outcome, count) in [("violation", 1), ("undetermined", 1), ("warning", 1), ("pass", 1)] {
        assert!(metrics.contains(&format!("outcome=\"{outcome}\"}} {count}\n")), "{metrics}");
    }
}

#[test]
fn an_interrupted_run_leaves_a_whole_file_of_every_format() {
    const FOREVER: Duration = Duration::from_secs(120);
    let (mut bench, mut world) = (Bench::new(), acme());
    for name in ["quick", "slow"] {
        let path = format!("acme/{name}");
        world = world.repository(Repository::new(&path).private()).token(good(&classic(name)));
        if name == "slow" {
            world = world.fault_on(&format!("/repos/{path}"), 9, Fault::Slow(FOREVER));
        }
    }
    let host = bench.host(world);
    for name in ["quick", "slow"] {
        bench.credential(name, &host, &classic(name), &format!("repositories = [\"acme/{name}\"]"));
    }
    bench.policy("host github {\n  rule public { require repository.visibility == public }\n}\n");
    let reports = all("early");
    let mut arguments: Vec<&str> = vec!["check.pol"];
    arguments.extend(reports.iter().map(String::as_str));
    let started = bench.run(&arguments).saying_anything().start();
    let since = Instant::now();
    while host.server.requests().iter().filter(|request| request.path.starts_with("/repos/")).count() < 2 {
        assert!(since.elapsed() < FOREVER, "too few requests were sent");
        thread::sleep(Duration::from_millis(5));
    }
    thread::sleep(Duration::from_millis(400));
    started.signal("TERM");
    started.exits(143);
    let read = |format: &str| bench.read(&format!("team/early.{format}"));
    for format in ["json", "sarif", "gitlab", "bitbucket", "bitbucket-server"] {
        serde_json::from_str::<Value>(&read(format)).unwrap_or_else(|error| panic!("{format}: {error}"));
    }
    read("rdjsonl").lines().for_each(|line| drop(serde_json::from_str::<Value>(line).unwrap()));
    for format in ["junit", "html"] {
        let text = read(format);
        assert!(text.trim_end().ends_with(if format == "junit" { "</testsuites>" } else { "</html>" }), "{text}");
    }
    let metrics = read("prometheus");
    for line in ["credcheck_run_exit_code 143", "credcheck_run_interrupted 1", "credcheck_credentials 1", "# EOF"] {
        assert!(metrics.lines().any(|one| one == line), "{line}: {metrics}");
    }
    // What is made of the JSON later is the same.
    for format in MACHINES {
        bench.run(&["convert", "early.json", "--format", format, "--output", "again"]).exits(0);
        assert_eq!(bench.read("team/again"), read(format), "{format}");
    }
    bench.run(&["merge", "early.json", "--output", "merged.json"]).saying_anything().exits(143);
    let merged: Value = serde_json::from_str(&bench.read("team/merged.json")).unwrap();
    assert_eq!(merged["interrupted"]["judged"], 1);
    // Each says that it is not the whole, and has the one violation that was found.
    for format in formats() {
        let text = read(format);
        assert!(text.contains("public") || format == "prometheus", "{format}: {text}");
        let said = ["1 of 2", "interrupted", "\"judged\": 1"].iter().any(|words| text.contains(words));
        assert!(said, "{format}: {text}");
    }
}

#[test]
fn one_that_cannot_be_written_hinders_no_other() {
    let (bench, _host) = Bench::usual(POLICY);
    fs::create_dir(bench.path("team/folder")).unwrap();
    let arguments = ["check.pol", "--report", "json=folder", "--report", "sarif=good.sarif", "--output", "out.txt"];
    let ended = bench.run(&arguments).saying_anything().exits(5);
    assert!(ended.stderr.contains("`folder` could not be written"), "{}", ended.stderr);
    assert!(bench.read("team/good.sarif").contains("broken"));
    assert!(bench.read("team/out.txt").contains("broken"));
}

#[test]
fn reports_are_asked_for_by_a_format_and_a_file_of_their_own() {
    let (bench, _host) = Bench::usual(POLICY);
    for (arguments, said) in [
        (&["--report", "sarif"][..], "write FORMAT=FILE"),
        (&["--report", "sarif="], "write FORMAT=FILE"),
        (&["--report", "word=x"], "`word` is none of the formats"),
        (&["--report", "json=same", "--report", "sarif=same"], "is the same file as"),
        (&["--report", "json=x", "--output", "x"], "is the same file as"),
        (&["--report", "json=check.pol"], "is the same file as the policy"),
    ] {
        let mut all = vec!["check.pol"];
        all.extend(arguments);
        let ended = bench.run(&all).saying_anything().exits(2);
        assert!(ended.stderr.contains(said), "{arguments:?}: {}", ended.stderr);
    }
    assert!(bench.paths().is_empty(), "nothing is sent for a wrong command line");
    assert!(bench.read("team/check.pol") == POLICY);
}

#[test]
fn what_is_said_of_files_has_the_formats_of_findings() {
    let (bench, _host) = Bench::usual("host github { require   token.kind in [classic, classic] }\n");
    for (command, more, code) in [("lint", &["--strict"][..], 1), ("fmt", &["--check"], 1), ("test", &[], 1)] {
        let told = formats().filter(|format| !matches!(*format, "markdown" | "html" | "prometheus"));
        for format in told.filter(|format| *format != "junit" || command == "test") {
            let mut arguments = vec![command, "check.pol"];
            arguments.extend(more);
            let report = format!("{format}=found.{format}");
            arguments.extend(["--report", &report]);
            // A log that gives commands is none that the bench takes.
            let speaks = matches!(format, "github" | "azure" | "teamcity");
            arguments.extend(["--format", if speaks { "concise" } else { format }]);
            let ended = bench.run(&arguments).saying_anything().exits(code);
            let file = bench.read(&format!("team/found.{format}"));
            assert!(speaks || ended.stdout == file, "{command} {format}: {file}");
            assert!(file.contains("check.pol"), "{command} {format}: {file}");
            assert!(command != "fmt" || format != "concise" || file.contains("error[C0912]"), "{file}");
        }
        for format in ["html", "prometheus", "markdown"] {
            let report = format!("{format}=x");
            bench.run(&[command, "check.pol", "--report", &report]).saying_anything().exits(2);
        }
    }
}

#[test]
fn nothing_is_written_over_what_was_read() {
    let (mut bench, world) = (Bench::new(), acme());
    let token = classic("spared");
    let host = bench.host(world.token(good(&token)));
    bench.secret(&token);
    let folder = tempfile::tempdir().unwrap();
    let secret = folder.path().join("token");
    fs::write(&secret, &token).unwrap();
    let path = secret.display().to_string();
    bench.table(&format!(
        "[[credential]]\nname = \"bot\"\nhost = \"github\"\nurl = \"{}\"\napi_url = \"{}\"\ntoken = {{ file = \"{path}\" }}\n",
        host.url(),
        host.api_url(),
    ));
    bench.policy("use \"lib.pol\"\n");
    bench.file("team/lib.pol", POLICY);
    let over = format!("json={path}");
    for (arguments, said) in [
        (&["check.pol", "--report", over.as_str()][..], "was read, and would be written over"),
        (&["check.pol", "--output", path.as_str()], "was read, and would be written over"),
        (&["check.pol", "--format", "json", "--output", path.as_str()], "was read, and would be written over"),
        (&["check.pol", "--record", path.as_str()], "was read, and would be written over"),
        (&["check.pol", "--report", "json=lib.pol"], "was read, and would be written over"),
        (&["lint", "check.pol", "--report", "json=lib.pol"], "was read, and would be written over"),
        (&["test", "check.pol", "--output", "lib.pol"], "was read, and would be written over"),
        (&["check.pol", "--report", "json=/dev/stdout", "--report", "sarif=/dev/stdout"], "standard output"),
        (&["check.pol", "--report", "json=/dev/stdout"], "standard output"),
        (&["check.pol", "--report", "json=-"], "standard output"),
    ] {
        let ended = bench.run(arguments).saying_anything().exits(2);
        let all = format!("{}{}", ended.stderr, ended.stdout);
        assert!(all.contains(said), "{arguments:?}: {all}");
        assert_eq!(fs::read_to_string(&secret).unwrap(), token, "{arguments:?}");
        assert_eq!(bench.read("team/lib.pol"), POLICY, "{arguments:?}");
    }
    assert!(bench.paths().is_empty(), "nothing was sent");
    // Nor where the policy is invalid, and the check never came to ask.
    bench.policy("use \"lib.pol\"\nhost github {\n  require nonsense\n}\n");
    for more in [&["--report", "json=lib.pol"][..], &["--format", "json", "--output", "lib.pol"]] {
        let arguments: Vec<&str> = std::iter::once("check.pol").chain(more.iter().copied()).collect();
        bench.run(&arguments).saying_anything().exits(4);
        assert_eq!(bench.read("team/lib.pol"), POLICY, "{more:?}");
    }
    bench.policy("use \"lib.pol\"\n");
    // The settings, however they were found.
    bench.variable("GITHUB_STEP_SUMMARY", "lib.pol");
    let ended = bench.run(&["check.pol", "--report", "github=found.txt"]).saying_anything().exits(2);
    assert!(ended.stderr.contains("was read"), "{}", ended.stderr);
    // A summary that cannot be written takes nothing from the verdict.
    bench.variable("GITHUB_STEP_SUMMARY", "no/such/folder/summary.md");
    let ended = bench.run(&["check.pol", "--report", "github=found.txt"]).saying_anything().exits(1);
    assert!(ended.stderr.contains("the summary of the job could not be written"), "{}", ended.stderr);
}

#[test]
fn what_hinders_a_check_stands_in_its_reports_in_place_of_an_old_verdict() {
    let (bench, _host) = Bench::usual(POLICY);
    check(&bench, &all("all"));
    bench.policy("host github {\n  require nonsense\n}\n");
    let reports = all("all");
    let mut arguments: Vec<&str> = vec!["check.pol"];
    arguments.extend(reports.iter().map(String::as_str));
    bench.run(&arguments).saying_anything().exits(4);
    for format in formats() {
        let text = bench.read(&format!("team/all.{format}"));
        assert!(!text.contains("broken"), "{format} is of the run before: {text}");
        let said = if format == "prometheus" { "credcheck_run_exit_code 4" } else { "nonsense" };
        assert!(text.contains(said), "{format}: {text}");
    }
    let sarif: Value = serde_json::from_str(&bench.read("team/all.sarif")).unwrap();
    assert_eq!(sarif["runs"][0]["invocations"][0]["executionSuccessful"], false);
}
