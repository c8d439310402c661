//! Each exit code for its reason, and which comes first where several hold.

use credcheck::simulator::github::Fault;

use crate::bench::{Bench, SIX, acme, classic, good, paths};

#[test]
fn zero_where_everything_holds() {
    let (bench, _) = Bench::usual(SIX);
    bench.check(&[]).exits(0).shows("decided 6 of 6");
}

#[test]
fn zero_with_a_warning_and_one_with_strict() {
    let (bench, _) = Bench::usual("host github {\n  prefer token.scopes within [\"gist\"]\n}\n");
    bench.check(&[]).exits(0).shows("decided 1 of 1").shows("1 warning");
    bench.check(&["--strict"]).exits(1);
}

#[test]
fn one_where_a_demand_is_broken() {
    let (bench, _) = Bench::usual("host github {\n  require token.scopes covers [\"admin:org\"]\n}\n");
    bench.check(&[]).exits(1).shows("decided 1 of 1").shows("1 violation").shows("`admin:org` is not granted");
}

#[test]
fn two_where_the_command_line_is_wrong() {
    let (bench, host) = Bench::usual(SIX);
    for arguments in [
        &["--set", "nothing=1"] as &[_],
        &["--set", "nothing"],
        &["--timeout", "soon"],
        &["--concurrency", "0"],
        &["--host", "gitbub"],
        &["--require-host", "gitbub"],
        &["--repository", "../../user"],
        &["--repository", "a\"b/c"],
        &["--repository", "infra"],
        &["--no-such-flag"],
        &["--format", "xml"],
        &["--ca-cert", "no-such-file.pem"],
        &["--max-requests", "many"],
        &["--record", "a", "--replay", "b"],
        &["--quiet", "--verbose"],
    ] {
        let ended = bench.check(arguments).saying_anything().exits(2);
        assert_eq!(ended.stdout, "", "{arguments:?}");
        assert!(!ended.stderr.trim().is_empty(), "{arguments:?}");
    }
    bench.run(&[]).saying_anything().exits(2);
    assert_eq!(paths(&host), [""; 0], "nothing was asked");
}

#[test]
fn two_where_a_required_input_is_missing() {
    let (bench, host) =
        Bench::usual("input least: integer\nhost github {\n  require count(token.scopes) >= least\n}\n");
    bench.check(&[]).says("least").exits(2);
    bench.check(&["--set", "least=x"]).says("least").exits(2);
    assert_eq!(paths(&host), [""; 0]);
    bench.check(&["--set", "least=1"]).exits(0);
    bench.check(&["--set", "least=2"]).exits(1);
}

#[test]
fn three_where_a_demand_cannot_be_decided() {
    let mut bench = Bench::new();
    let token = classic("fine");
    let host = bench.host(acme().token(good(&token)).fault_on("/repos", 9, Fault::NotJson));
    bench.credential("bot", &host, &token, r#"repositories = ["acme/infra"]"#);
    bench.policy(SIX);
    bench.check(&[]).exits(3).shows("decided 4 of 6").shows("2 undetermined");
}

#[test]
fn three_where_nothing_is_decided() {
    let (bench, _) = Bench::usual("host gitlab {\n  require token.scopes covers [\"api\"]\n}\n");
    bench.check(&[]).exits(3).shows("decided 0 of 0").shows("no credential");
    // Every rule guarded away.
    bench.policy(
        "host github {\n  rule apps {\n    when token.kind == app_installation\n    require token.active\n  }\n}\n",
    );
    bench.check(&[]).exits(3).shows("kind-covered");
    // No credential at all.
    let empty = Bench::new();
    empty.policy(SIX);
    empty.check(&[]).exits(3).shows("no credential");
}

#[test]
fn three_where_the_host_demanded_was_not_checked() {
    let (bench, _) = Bench::usual(SIX);
    bench.check(&["--require-host", "github"]).exits(0);
    bench.check(&["--require-host", "gitlab"]).exits(3).shows("gitlab");
}

#[test]
fn four_where_policy_or_settings_are_invalid() {
    let (mut bench, host) = Bench::usual("host github {\n  require token.skopes covers [\"repo\"]\n}\n");
    bench.check(&[]).says("token.scopes").exits(4);
    bench.run(&["missing.pol"]).says("missing.pol").exits(4);
    bench.run(&["."]).saying_anything().exits(4);
    bench.policy(SIX);
    bench.check(&["--config", "missing.toml"]).says("missing.toml").exits(4);
    bench.settings("colour = true\n");
    bench.check(&[]).says("colour").exits(4);
    assert_eq!(paths(&host), [""; 0], "nothing was asked");
}

#[test]
fn five_where_a_report_or_record_cannot_be_written() {
    let (bench, _) = Bench::usual(SIX);
    bench.check(&["--output", "no/such/folder/report.txt"]).says("could not be written").exits(5);
    bench.check(&["--record", "no/such/folder/record.json"]).says("could not be written").exits(5);
    bench.check(&["--format", "json", "--output", "."]).says("could not be written").exits(5);
}

#[test]
fn the_command_line_comes_before_the_policy_and_writing_before_verdicts() {
    let (bench, _) = Bench::usual("host github {\n  require token.skopes covers [\"repo\"]\n}\n");
    bench.check(&["--host", "gitbub"]).says("gitbub").exits(2);
    bench.check(&["--output", "no/such/folder/x"]).saying_anything().exits(4);
    bench.policy("host github {\n  require token.scopes covers [\"admin:org\"]\n}\n");
    bench.check(&["--output", "no/such/folder/x"]).saying_anything().exits(5);
}

#[test]
fn a_violation_comes_before_the_undetermined() {
    let mut bench = Bench::new();
    let token = classic("both");
    let host = bench.host(acme().token(good(&token).scopes(["gist", "repo"])).fault_on("/repos", 9, Fault::NotJson));
    bench.credential("bot", &host, &token, r#"repositories = ["acme/infra"]"#);
    bench.policy(
        "host github {\n  forbid token.scopes covers [\"gist\"]\n  require repository.permission >= write\n}\n",
    );
    bench.check(&[]).exits(1).shows("decided 1 of 2").shows("1 violation").shows("1 undetermined");
}

#[test]
fn help_and_version_are_answers() {
    let bench = Bench::new();
    bench.run(&["--help"]).exits(0).shows("Exit codes");
    bench.run(&["--version"]).exits(0).shows("credcheck ");
}
