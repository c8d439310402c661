//! What people are told, and how briefly: through the real program.

use serde_json::json;

use super::bench::{Bench, SIX, paths};

#[test]
fn without_a_credential_every_command_says_so_and_what_it_would_do() {
    let bench = Bench::new();
    bench.policy(SIX);
    let found = "no credential was found: settings give one";
    let plan = bench.run(&["plan", "check.pol"]).says(found).exits(0);
    let plan = plan.shows("nothing was sent").shows("exit code 3").shows("GET /repos/{owner}/{name}");
    plan.shows("fine_grained").shows("app_key").hides("GitLab");
    let document = bench.run(&["plan", "check.pol", "--format", "json"]).says(found).exits(0).json();
    assert_eq!(document["credentials"], json!([]));
    bench.run(&["facts"]).says(found).says("credcheck vocab HOST").exits(3).shows("0 requests");
    bench.run(&["init", "--from-live"]).says(found).says("without `--from-live`").exits(3);
    // With a credential nothing of it is said.
    let (bench, _host) = Bench::usual(SIX);
    bench.run(&["plan", "check.pol"]).exits(0).shows("tells token.scopes");
}

#[test]
fn a_waiver_that_is_over_is_named_before_anything_is_asked() {
    let (bench, host) = Bench::usual(&format!("{SIX}\nwaive github.role until 2020-12-31 because \"SEC-1\"\n"));
    bench.run(&["plan", "check.pol"]).says("C0401").says("2020-12-31").exits(0);
    bench.run(&["lint", "check.pol"]).saying_anything().exits(0).shows("C0401").shows("2020-12-31");
    assert_eq!(paths(&host), [""; 0]);
}

#[test]
fn concise_is_a_line_for_each_finding_of_checks_and_lints_and_no_format_of_others() {
    let (bench, _host) = Bench::usual("host github {\n  require token.scopes covers [\"admin:org\"]\n}\n");
    let ended = bench.check(&["--format", "concise"]).exits(1);
    assert_eq!(
        ended.stdout,
        "check.pol:2:32: error[C0601] bot: violates `github.token.scopes`: `admin:org` is not granted\n"
    );
    let lint = bench.run(&["lint", "check.pol", "--format", "concise"]).saying_anything().ends();
    assert!(lint.stdout.lines().all(|line| line.starts_with("check.pol:")), "{}", lint.stdout);
    for arguments in [&["facts"][..], &["plan", "check.pol"], &["vocab"], &["init"], &["explain", "C0601"]] {
        bench.run(&[arguments, &["--format", "concise"]].concat()).says("concise").exits(2);
    }
}

#[test]
fn quiet_runs_print_headlines() {
    let (bench, _host) = Bench::usual("host github {\n  require token.scopes covers [\"admin:org\"]\n}\n");
    let ended = bench.check(&["-q"]).exits(1);
    assert_eq!(ended.stdout, "error[C0601]: `bot` violates `github.token.scopes`: `admin:org` is not granted\n");
}

#[test]
fn colours_are_where_they_are_asked_for() {
    for (variables, colored) in [
        (&[][..], false),
        (&[("CLICOLOR_FORCE", "1")], true),
        (&[("CLICOLOR_FORCE", "1"), ("NO_COLOR", "")], true),
        (&[("CLICOLOR_FORCE", "1"), ("NO_COLOR", "1")], false),
        (&[("FORCE_COLOR", "1"), ("TERM", "dumb")], true),
        (&[("CLICOLOR_FORCE", "0")], false),
    ] {
        let (mut bench, _host) = Bench::usual("host github {\n  require token.scopes covers [\"admin:org\"]\n}\n");
        for (name, value) in variables {
            bench.variable(name, value);
        }
        let ended = bench.check(&[]).with_colour().exits(1);
        // A drawing is only made where there are colours.
        assert_eq!(ended.stdout.contains('│'), colored, "{variables:?}\n{}", ended.stdout);
    }
}

#[test]
fn the_demo_is_short_and_nothing_in_it_is_wider_than_the_terminal() {
    for (columns, most) in [(60, 240), (80, 190), (100, 150), (120, 140)] {
        let mut bench = Bench::new();
        bench.variable("COLUMNS", &columns.to_string());
        let ended = bench.run(&["demo", "--color", "always"]).with_colour().exits(0);
        let lines = ended.stdout.lines().count();
        assert!(lines < most, "{lines} lines at {columns} columns");
        for line in ended.stdout.lines().filter(|line| line.chars().count() > columns) {
            let longest = line.split_whitespace().map(|word| word.chars().count()).max().unwrap_or(0);
            assert!(line.contains("://") || longest + 24 > columns, "{line}");
        }
    }
}
