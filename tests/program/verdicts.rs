//! What turns a verdict: waivers, acceptance, filters, inputs.

use credcheck::simulator::github::{Level, Repository, Token};

use crate::bench::{BOT, Bench, SIX, acme, classic, fake, good, paths};

/// A broken rule about each repository, with a waiver to be filled in.
fn broken(waiver: &str) -> Bench {
    let mut bench = Bench::new();
    let token = classic("waived");
    let other = Repository::new("acme/live").private().collaborator(BOT, Level::Write);
    let host = bench.host(acme().repository(other).token(good(&token)));
    bench.credential("bot", &host, &token, r#"repositories = ["acme/infra", "acme/live"]"#);
    bench.policy(&format!(
        "host github {{\n  rule role {{\n    require repository.permission >= admin\n  }}\n  rule scope {{\n    require \
         token.scopes covers [\"repo\"]\n  }}\n}}\n{waiver}\n"
    ));
    bench
}

#[test]
fn a_live_waiver_covers_a_violation() {
    let bench = broken(r#"waive github.role until 2099-12-31 because "SEC-1" by "security@acme.example""#);
    bench.check(&[]).exits(0).shows("2 waived").shows("decided 3 of 3").shows("waived[C0605]").hides("SEC-1");
    bench.check(&["-v"]).saying_anything().exits(0).shows("SEC-1");
    bench.check(&["--no-waivers"]).exits(1).shows("2 violations");
    bench.check(&["--strict"]).exits(0);
}

#[test]
fn an_expired_waiver_has_no_effect_and_warns() {
    let bench = broken(r#"waive github.role until 2020-12-31 because "SEC-1""#);
    bench.check(&[]).exits(1).shows("2 violations").shows("C0401").shows("2020-12-31");
    bench.check(&["--no-waivers"]).exits(1).hides("C0401");
}

#[test]
fn an_idle_waiver_warns() {
    let bench = broken(
        "waive github.scope until 2099-12-31 because \"SEC-1\"\nwaive github.role until 2099-12-31 because \"SEC-2\"",
    );
    bench.check(&[]).exits(0).shows("C0402").shows("1 warning");
    bench.check(&["--strict"]).exits(1);
}

#[test]
fn a_waiver_for_one_repository_covers_that_one() {
    let bench = broken(r#"waive github.role repository "acme/live" until 2099-12-31 because "SEC-1""#);
    bench.check(&[]).exits(1).shows("1 violation").shows("1 waived");
    let bench = broken(r#"waive github.role credential "someone-else" until 2099-12-31 because "SEC-1""#);
    bench.check(&[]).exits(1).shows("2 violations");
    let bench = broken(r#"waive github.role credential "b*" repository "acme/*" until 2099-12-31 because "SEC-1""#);
    bench.check(&[]).exits(0).shows("2 waived");
}

#[test]
fn a_waiver_of_an_unknown_or_built_in_rule_is_an_error() {
    for rule in ["github.rolle", "github.credential-valid"] {
        let bench = broken(&format!("waive {rule} until 2099-12-31 because \"SEC-1\""));
        bench.check(&[]).says(rule).exits(4);
    }
}

#[test]
fn a_waiver_never_covers_the_undetermined() {
    let mut bench = Bench::new();
    let token = fake("github_pat", "waiver");
    let host = bench.host(acme().token(Token::fine_grained(&token).owner(BOT).resource_owner("acme")));
    bench.credential("bot", &host, &token, r#"repositories = ["acme/infra"]"#);
    bench.policy(
        "host github {\n  rule permissions {\n    require token.permissions covers { workflows = write }\n  }\n}\nwaive \
         github.permissions until 2099-12-31 because \"SEC-1\"\n",
    );
    bench.check(&[]).exits(3).shows("1 undetermined").shows("0 violations");
}

#[test]
fn acceptance_is_shown_and_strict_undoes_it() {
    let mut bench = Bench::new();
    let token = fake("github_pat", "accepted");
    let host = bench.host(acme().token(Token::fine_grained(&token).owner(BOT).resource_owner("acme")));
    bench.credential("bot", &host, &token, r#"repositories = ["acme/infra"]"#);
    bench.policy(
        "host github {\n  rule permissions {\n    require token.permissions covers { workflows = write }\n    on unknown \
         warn because \"it cannot list them\"\n  }\n  require user.username == \"acme-bot\"\n}\n",
    );
    bench.check(&[]).exits(0).shows("accepted").shows("decided 1 of 2").hides("it cannot list them");
    bench.check(&["-v"]).saying_anything().exits(0).shows("it cannot list them");
    bench.check(&["--strict"]).exits(3);
}

#[test]
fn accepted_alone_decides_nothing() {
    let mut bench = Bench::new();
    let token = fake("github_pat", "alone");
    let host = bench.host(acme().token(Token::fine_grained(&token).owner(BOT).resource_owner("acme")));
    bench.credential("bot", &host, &token, r#"repositories = ["acme/infra"]"#);
    bench.policy(
        "host github {\n  rule permissions {\n    require token.permissions covers { workflows = write }\n    on unknown \
         warn because \"it cannot list them\"\n  }\n}\n",
    );
    bench.check(&[]).exits(3).shows("decided 0 of 1");
}

#[test]
fn inputs_come_from_the_command_line_before_settings_before_defaults() {
    let policy = "input names: strings\ninput least: duration = 7d\nhost github {\n  require user.username like names\n  require \
                  token.expires_in >= least\n}\n";
    let (mut bench, host) = Bench::usual(policy);
    bench.check(&[]).says("names").exits(2);
    bench.check(&["--set", "names=acme-*,other"]).exits(0);
    bench.check(&["--set", "names=other"]).exits(1);
    bench.check(&["--set", "names=*", "--set", "least=100d"]).exits(1);
    bench.check(&["--set", "names=*", "--set", "least=soon"]).says("least").exits(2);
    bench.settings("[inputs]\nnames = [\"acme-*\"]\nleast = \"100d\"\n");
    bench.check(&[]).exits(1).shows("token.expires_in");
    bench.check(&["--set", "least=1d"]).exits(0);
    assert!(paths(&host).iter().all(|path| path == "GET /user"));
}

#[test]
fn a_filter_of_the_command_line_that_matches_nothing_is_wrong() {
    let (bench, host) = Bench::usual(SIX);
    bench.check(&["--credential", "boot"]).says("did you mean `bot`").exits(2);
    bench.check(&["--repository", "nobody=acme/infra"]).says("nobody").exits(2);
    assert_eq!(paths(&host), [""; 0]);
    bench.check(&["--host", "gitlab"]).exits(3);
    bench.check(&["--credential", "b*"]).exits(0);
}

#[test]
fn a_block_for_another_address_is_undetermined() {
    let (bench, host) =
        Bench::usual("host github at \"https://github.com\" {\n  forbid token.scopes covers [\"gist\"]\n}\n");
    bench.check(&[]).exits(3).shows("C0607");
    assert_eq!(paths(&host), [""; 0], "nothing to ask");
}

#[test]
fn findings_of_several_repositories_are_one_diagnostic() {
    let bench = broken("");
    let ended = bench.check(&[]).exits(1).shows("2 violations").shows("acme/infra").shows("acme/live");
    assert_eq!(ended.stdout.matches("C0601").count(), 1, "{}", ended.stdout);
}

#[test]
fn several_policies_are_checked_together() {
    let (bench, _host) = Bench::usual(SIX);
    bench.file("team/more.pol", "host github {\n  rule more { forbid token.scopes covers [\"repo\"] }\n}\n");
    bench.check(&["more.pol"]).exits(1).shows("github.more").shows("decided 7 of 7").shows("2 requests");
    bench.file("team/use.pol", "use \"check.pol\" except [role]\nuse \"builtin:atlantis\"\n");
    bench.run(&["use.pol"]).saying_anything().exits(0).shows("2 requests");
}
