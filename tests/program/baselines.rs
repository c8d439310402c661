//! Baselines: what an earlier report has is known, what is new or has grown is not.

use std::sync::Arc;

use credcheck::simulator::github::{Fault, Level, Repository, Running, Token};
use serde_json::Value;

use crate::bench::{BOT, Bench, INFRA, acme, classic, good};

const POLICY: &str = r#"
host github {
  rule scopes  { forbid token.scopes overlaps ["gist", "delete_repo", "admin:org"] }
  rule ceiling { prefer token.scopes within ["repo"] }
  rule role    { require repository.permission >= admin }
  rule soon    { require token.expires_in >= 300d }
}
"#;

fn token(scopes: &[&'static str]) -> Token {
    Token::classic(&classic("baseline")).owner(BOT).scopes(scopes.iter().copied()).expires_in_days(90)
}

fn bench(scopes: &[&'static str]) -> (Bench, Arc<Running>) {
    let mut bench = Bench::new();
    let second = Repository::new("acme/second").private().collaborator(BOT, Level::Write);
    let host = bench.host(acme().repository(second).token(token(scopes)));
    bench.credential("bot", &host, &classic("baseline"), r#"repositories = ["acme/infra"]"#);
    bench.policy(POLICY);
    (bench, host)
}

/// The outcomes that are violations or warnings, and whether each is known.
fn found(report: &Value) -> Vec<(String, bool)> {
    let outcomes = report["outcomes"].as_array().unwrap().iter();
    outcomes
        .filter(|row| ["violation", "warning"].contains(&row["outcome"].as_str().unwrap()))
        .map(|row| (row["rule"].as_str().unwrap().to_owned(), row["known"].as_bool().unwrap()))
        .collect()
}

fn known(rules: &[(&str, bool)]) -> Vec<(String, bool)> {
    rules.iter().map(|(rule, known)| (format!("github.{rule}"), *known)).collect()
}

#[test]
fn what_stands_in_the_baseline_does_not_fail() {
    let (bench, _) = bench(&["repo", "gist"]);
    bench.check(&["--format", "json", "--output", "b.json"]).exits(1);
    let report = bench.check(&["--baseline", "b.json", "--format", "json"]).exits(0).json();
    assert_eq!(found(&report), known(&[("scopes", true), ("ceiling", true), ("role", true), ("soon", true)]));
    assert_eq!(report["summary"]["known"], 4);
    assert_eq!(report["summary"]["violations"], 3);
    bench.check(&["--baseline", "b.json", "--strict"]).exits(0).shows("known[C0601]").shows("4 of these known");
    bench.check(&["--baseline", "b.json", "-q"]).exits(0).hides("github.role");
    // A baseline that is written with one is the same one.
    bench.check(&["--baseline", "b.json", "--format", "json", "--output", "c.json"]).exits(0);
    bench.check(&["--baseline", "c.json"]).exits(0);
}

#[test]
fn what_is_new_or_has_grown_fails_and_what_is_less_does_not() {
    let (bench, host) = bench(&["repo", "gist", "delete_repo"]);
    bench.check(&["--format", "json", "--output", "b.json"]).exits(1);
    let with = |scopes: &[&'static str]| host.github.update(|world| world.edit_scopes(BOT, scopes));
    with(&["repo", "gist"]);
    bench.check(&["--baseline", "b.json"]).exits(0);
    with(&["repo", "gist", "delete_repo", "admin:org"]);
    let report = bench.check(&["--baseline", "b.json", "--format", "json"]).exits(1).json();
    assert_eq!(found(&report), known(&[("scopes", false), ("ceiling", false), ("role", true), ("soon", true)]));
    // Another repository is another finding.
    with(&["repo", "gist", "delete_repo"]);
    let report = bench
        .check(&["--baseline", "b.json", "--format", "json", "--repository", "acme/second", "--repository", INFRA])
        .exits(1)
        .json();
    let role = found(&report).into_iter().filter(|(rule, _)| rule == "github.role").map(|(_, known)| known);
    assert_eq!(role.collect::<Vec<_>>(), [true, false]);
}

#[test]
fn what_is_missing_grows_by_getting_less() {
    let (bench, host) = bench(&["repo", "gist"]);
    bench.policy("host github {\n  rule scopes { require token.scopes covers [\"repo\", \"workflow\"] }\n}\n");
    bench.check(&["--format", "json", "--output", "b.json"]).exits(1);
    let with = |scopes: &[&'static str]| host.github.update(|world| world.edit_scopes(BOT, scopes));
    with(&["repo", "gist", "read:org"]);
    bench.check(&["--baseline", "b.json"]).exits(0);
    with(&["gist"]);
    bench.check(&["--baseline", "b.json"]).exits(1);
}

#[test]
fn what_another_policy_demanded_is_no_baseline() {
    let (bench, _) = bench(&["repo", "gist"]);
    let policy = |demand: &str| bench.policy(&format!("host github {{\n  rule scopes {{ {demand} }}\n}}\n"));
    policy("require token.scopes covers [\"workflow\"]");
    bench.check(&["--format", "json", "--output", "b.json"]).exits(1);
    policy("require   token.scopes covers [\"workflow\"]");
    bench.check(&["--baseline", "b.json"]).exits(0);
    for other in
        ["require token.scopes covers [\"workflow\", \"admin:org\"]", "forbid token.scopes overlaps [\"gist\"]"]
    {
        policy(other);
        bench.check(&["--baseline", "b.json"]).exits(1).hides("gone");
    }
}

#[test]
fn what_is_gone_is_said_in_whole_runs() {
    let (bench, host) = bench(&["repo", "gist"]);
    bench.check(&["--format", "json", "--output", "b.json"]).exits(1);
    host.github.update(|world| world.edit_scopes(BOT, &["repo"]));
    let said = "2 findings of the baseline are gone: `github.ceiling` of `bot` and `github.scopes` of `bot`";
    bench.check(&["--baseline", "b.json"]).exits(0).shows(said);
    bench.check(&["--baseline", "b.json", "--credential", "bot"]).exits(0).hides("gone");
    // What cannot be told is not gone.
    host.github.update(|world| world.plan_fault("/user", 99, Fault::GatewayError(502)));
    bench.check(&["--baseline", "b.json"]).ends().hides("gone");
}

#[test]
fn what_is_undetermined_or_a_built_in_rule_is_never_known() {
    let (bench, host) = bench(&["repo", "gist"]);
    host.github.update(|world| world.plan_fault("/user", 99, Fault::GatewayError(502)));
    bench.check(&["--format", "json", "--output", "b.json"]).ends().hides("nothing");
    bench.check(&["--baseline", "b.json"]).exits(3);
    let (mut bench, host) = bench_of_nobody();
    bench.credential("gone", &host, &classic("nobody"), "");
    bench.check(&["--format", "json", "--output", "b.json"]).exits(1);
    bench.check(&["--baseline", "b.json"]).exits(1).shows("is not accepted");
}

fn bench_of_nobody() -> (Bench, Arc<Running>) {
    let mut bench = Bench::new();
    let host = bench.host(acme().token(good(&classic("somebody"))));
    bench.policy(POLICY);
    (bench, host)
}

#[test]
fn a_file_that_is_no_baseline_is_told() {
    let (bench, _) = bench(&["repo"]);
    bench.check(&["--baseline", "none.json"]).says("cannot be a baseline").exits(4);
    for text in ["", "{", "[]", "{\"version\":1}", "{\"version\":7,\"outcomes\":[]}"] {
        bench.file("team/b.json", text);
        bench.check(&["--baseline", "b.json"]).says("cannot be a baseline").exits(4);
    }
}
