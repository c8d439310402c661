//! The webhooks of repositories, and the policy for those of Atlantis.

use credcheck::simulator::github::{Access, App, Hook, Installation, Level, Repository, Token};
use serde_json::{Value as Json, json};

use crate::bench::{BOT, Bench, acme, classic, fake, good};

const POLICY: &str = "builtin:atlantis-webhooks";
/// Only the repositories' own webhooks count: what lies above them has tests of its own.
const OWN_ALONE: &str = "--set=webhooks_above=false";
const EVENTS: [&str; 4] = ["pull_request", "push", "issue_comment", "pull_request_review"];

fn hook() -> Hook {
    Hook::new("https://atlantis.example.com/events?key=not-to-be-shown", EVENTS)
}

/// The outcomes of a rule for each repository, by name.
fn outcome(report: &Json, rule: &str, repository: &str) -> Option<String> {
    let outcomes = report["outcomes"].as_array()?;
    let found = outcomes.iter().find(|one| one["rule"] == rule && one["repository"] == repository)?;
    found["outcome"].as_str().map(str::to_owned)
}

#[test]
fn each_webhook_is_judged_by_what_the_host_shows_of_it() {
    let mut bench = Bench::new();
    let token = classic("hooks");
    let repository =
        |name: &str, hook: Hook| Repository::new(name).private().collaborator(BOT, Level::Admin).hook(hook);
    let world = acme()
        .token(good(&token))
        .repository(repository("acme/good", hook()).hook(Hook::new("http://old.example.com/x", ["release"]).form()))
        .repository(repository("acme/all", Hook::new("https://atlantis.example.com/events", ["*"])))
        .repository(repository("acme/deaf", Hook::new("https://atlantis.example.com/events", ["push"])))
        .repository(repository("acme/form", hook().form()))
        .repository(repository("acme/open", hook().without_secret()))
        .repository(repository("acme/loose", hook().insecure_tls()))
        .repository(repository("acme/off", hook().inactive()))
        .repository(Repository::new("acme/none").private().collaborator(BOT, Level::Admin))
        .repository(Repository::new("acme/hidden").private().collaborator(BOT, Level::Write).hook(hook()));
    let host = bench.host(world);
    let names =
        ["good", "all", "deaf", "form", "open", "loose", "off", "none", "hidden"].map(|one| format!("acme/{one}"));
    bench.credential("bot", &host, &token, &format!("repositories = {names:?}"));
    let report = bench.run(&[POLICY, OWN_ALONE, "--format", "json"]).exits(1).json();
    let rules = ["hook-there", "hook-events", "hook-json", "hook-secret", "hook-tls"];
    for (name, broken) in [
        ("acme/good", None),
        ("acme/all", None),
        ("acme/deaf", Some("hook-events")),
        ("acme/form", Some("hook-json")),
        ("acme/open", Some("hook-secret")),
        ("acme/loose", Some("hook-tls")),
        ("acme/off", Some("hook-there")),
        ("acme/none", Some("hook-there")),
    ] {
        for rule in rules {
            let expected = if broken == Some(rule) { "violation" } else { "pass" };
            let found = outcome(&report, &format!("github.{rule}"), name);
            assert_eq!(found.as_deref(), Some(expected), "{rule} of {name}");
        }
    }
    for rule in rules {
        let found = outcome(&report, &format!("github.{rule}"), "acme/hidden");
        assert_eq!(found.as_deref(), Some("undetermined"), "only an admin sees webhooks");
    }
    assert!(!report.to_string().contains("not-to-be-shown"), "queries of addresses may hold secrets");
    let facts = bench.run(&["facts", "--repository", "acme/loose", "--format", "json"]).exits(0).json();
    let rows = facts["credentials"][0]["facts"].as_array().unwrap();
    let hooks = &rows.iter().find(|row| row["fact"] == "repository.webhooks").unwrap()["value"];
    assert_eq!(hooks[0]["url"], "https://atlantis.example.com/events?***");
    assert_eq!((&hooks[0]["insecure_ssl"], &hooks[0]["secret_set"]), (&json!(true), &json!(true)));
}

#[test]
fn the_address_is_an_input() {
    let mut bench = Bench::new();
    let token = classic("elsewhere");
    let elsewhere = Repository::new("acme/live")
        .private()
        .collaborator(BOT, Level::Admin)
        .hook(Hook::new("https://ci.example.com/atlantis", EVENTS));
    let host = bench.host(acme().token(good(&token)).repository(elsewhere));
    bench.credential("bot", &host, &token, r#"repositories = ["acme/live"]"#);
    bench.run(&[POLICY, OWN_ALONE]).exits(1).shows("hook-there");
    bench.run(&[POLICY, "--set", "atlantis_hook=https://ci.example.com/*"]).exits(0);
}

#[test]
fn an_app_wants_no_second_webhook() {
    let mut bench = Bench::new();
    let token = fake("ghs", "app");
    let installed = Installation::new(41, "acme-atlantis", "acme");
    let world = acme()
        .app(App::new("acme-atlantis"))
        .installation(installed.permissions([("repository_hooks", Access::Read)]))
        .token(Token::installation(&token, 41))
        .repository(Repository::new("acme/twice").private().hook(hook()));
    let host = bench.host(world);
    bench.credential("app", &host, &token, r#"repositories = ["acme/infra", "acme/twice"]"#);
    let report = bench.run(&[POLICY, "--format", "json"]).exits(1).json();
    assert_eq!(outcome(&report, "github.no-second-hook", "acme/infra").as_deref(), Some("pass"));
    assert_eq!(outcome(&report, "github.no-second-hook", "acme/twice").as_deref(), Some("violation"));
    assert_eq!(outcome(&report, "github.hook-there", "acme/infra").as_deref(), Some("not-applicable"));
}
