//! Codes of settings, verdicts and runs: each seen where it belongs, and not close by. (Those of the language have their
//! cases in `tests/language`.)

#![expect(clippy::disallowed_methods, reason = "the last test reads the tests themselves")]

use std::fs;
use std::path::Path;

use credcheck::diagnostic::Code;
use credcheck::simulator::github::{Level, Organization, OrganizationRole, Repository, Token};

use crate::bench::{BOT, Bench, INFRA, SIX, acme, classic, fake, good};

/// A run that shows a code (on either stream), and one close by that does not.
#[track_caller]
fn seen(code: &str, with: (&Bench, &[&str]), without: (&Bench, &[&str])) {
    for ((bench, arguments), expected) in [(with, true), (without, false)] {
        let ended = bench.run(arguments).saying_anything().ends();
        let text = format!("{}{}", ended.stdout, ended.stderr);
        assert_eq!(text.contains(code), expected, "{code} with {arguments:?}:\n{text}");
    }
}

fn one_rule(body: &str) -> String {
    format!("host github {{\n  rule scope {{\n    {body}\n  }}\n}}\n")
}

#[test]
fn waivers_that_are_over() {
    let broken = one_rule("require token.scopes covers [\"gist\"]");
    let (over, _) = Bench::usual(&format!("{broken}waive scope until 2020-12-31 because \"SEC-1\"\n"));
    let (live, _) = Bench::usual(&format!("{broken}waive scope until 2999-12-31 because \"SEC-1\"\n"));
    seen("C0401", (&over, &["check.pol"]), (&live, &["check.pol"]));
    seen("C0605", (&live, &["check.pol"]), (&over, &["check.pol"]));
}

#[test]
fn demands_and_wishes() {
    let (demand, _) = Bench::usual(&one_rule("require token.scopes covers [\"gist\"]"));
    let (wish, _) = Bench::usual(&one_rule("prefer token.scopes covers [\"gist\"]"));
    seen("C0601", (&demand, &["check.pol"]), (&wish, &["check.pol"]));
    seen("C0602", (&wish, &["check.pol"]), (&demand, &["check.pol"]));
}

#[test]
fn the_command_line() {
    let (bench, _) = Bench::usual(SIX);
    seen("C0508", (&bench, &["check.pol", "--host", "gitbub"]), (&bench, &["check.pol", "--host", "github"]));
}

#[test]
fn a_credential_that_is_not_used() {
    let mut both = Bench::new();
    let token = classic("file");
    let path = both.file("operator/secrets/token", &token).display().to_string();
    both.variable("ATLANTIS_GH_TOKEN_FILE", &path);
    both.policy("host github {\n  require token.kind == classic\n}\n");
    let mut and = Bench::new();
    let path = and.file("operator/secrets/token", &token).display().to_string();
    and.variable("ATLANTIS_GH_TOKEN_FILE", &path);
    and.variable("ATLANTIS_GH_TOKEN", &classic("variable"));
    and.policy("host github {\n  require token.kind == classic\n}\n");
    seen("C0509", (&and, &["plan", "check.pol"]), (&both, &["plan", "check.pol"]));
}

#[test]
fn what_is_undecided_and_accepted() {
    let token = fake("github_pat", "accepted");
    let permissions = "require token.permissions covers { statuses = write }";
    let bench = |rule: &str| {
        let mut bench = Bench::new();
        let host = bench.host(acme().token(Token::fine_grained(&token).owner(BOT).expires_in_days(90)));
        bench.credential("bot", &host, &token, r#"repositories = ["acme/infra"]"#);
        bench.policy(rule);
        bench
    };
    let accepted = bench(&one_rule(&format!("{permissions}\n    on unknown warn because \"it cannot show them\"")));
    let open = bench(&one_rule(permissions));
    seen("C0604", (&accepted, &["check.pol"]), (&open, &["check.pol"]));
    seen("C0603", (&open, &["check.pol"]), (&accepted, &["check.pol"]));
}

#[test]
fn scopes_that_are_empty() {
    let mut nowhere = Bench::new();
    let token = classic("scope");
    let host = nowhere.host(acme().token(good(&token)));
    nowhere.credential("bot", &host, &token, "");
    nowhere.policy("host github {\n  require repository.permission >= read\n}\n");
    seen("C0606", (&nowhere, &["check.pol"]), (&nowhere, &["check.pol", "--repository", INFRA]));

    let each = |name: &str| {
        format!(
            "host github {{\n  each repository in [\"{name}\"] {{\n    require repository.permission >= read\n  }}\n}}\n"
        )
    };
    let (idle, _) = Bench::usual(&each("other/*"));
    let (busy, _) = Bench::usual(&each("acme/*"));
    seen("C0608", (&idle, &["check.pol"]), (&busy, &["check.pol"]));
}

#[test]
fn credentials_that_are_not_there_or_belong_elsewhere() {
    let settings = |secret: &str| {
        format!(
            "[[credential]]\nname = \"bot\"\nhost = \"github\"\nurl = \"http://127.0.0.1:9\"\ntoken = {{ {secret} }}\n"
        )
    };
    let bench = |secret: &str, value: Option<&str>| {
        let mut bench = Bench::new();
        bench.settings(&settings(secret));
        if let Some(value) = value {
            bench.variable("BOT_TOKEN", value);
        }
        bench.policy("host github {\n  require token.active\n}\n");
        bench
    };
    let missing = bench("env = \"NO_SUCH_VARIABLE\"", None);
    let there = bench("env = \"BOT_TOKEN\"", Some(&classic("there")));
    let foreign = bench("env = \"BOT_TOKEN\"", Some(&["glpat", &"x1".repeat(10)].join("-")));
    seen("C0702", (&missing, &["check.pol"]), (&there, &["check.pol"]));
    seen("C0703", (&foreign, &["check.pol"]), (&there, &["check.pol"]));
}

#[test]
fn what_hosts_refuse() {
    let token = classic("refused");
    let world = |organization: Organization, repository: &str| {
        let world = acme()
            .organization(organization.member(BOT, OrganizationRole::Member))
            .repository(Repository::new("guarded/app").private().collaborator(BOT, Level::Write))
            .token(good(&token));
        let mut bench = Bench::new();
        let host = bench.host(world);
        bench.credential("bot", &host, &token, &format!("repositories = [\"{repository}\"]"));
        bench.policy("host github {\n  require repository.permission >= read\n}\n");
        bench
    };
    let banned = world(Organization::new("guarded").forbids_classic(), "guarded/app");
    let open = world(Organization::new("guarded"), "guarded/app");
    let ghost = world(Organization::new("guarded"), "guarded/ghost");
    seen("C0704", (&banned, &["check.pol"]), (&open, &["check.pol"]));
    seen("C0705", (&ghost, &["check.pol"]), (&open, &["check.pol"]));

    let mut revoked = Bench::new();
    let host = revoked.host(acme().token(good(&token).revoked()));
    revoked.credential("bot", &host, &token, "");
    revoked.policy("host github {\n  require token.active\n}\n");
    seen("C0701", (&revoked, &["check.pol"]), (&open, &["check.pol"]));
}

#[test]
fn usernames_and_kinds() {
    let token = classic("names");
    let bench = |username: &str, policy: &str| {
        let mut bench = Bench::new();
        let host = bench.host(acme().token(good(&token)));
        bench.credential("bot", &host, &token, &format!("username = \"{username}\""));
        bench.policy(policy);
        bench
    };
    let reads = "host github {\n  require user.username like \"*\"\n}\n";
    seen("C0706", (&bench("someone", reads), &["check.pol"]), (&bench(&format!("@{BOT}"), reads), &["check.pol"]));
    let other = "host github {\n  when token.kind == fine_grained {\n    require token.active\n  }\n}\n";
    seen("C0707", (&bench(BOT, other), &["check.pol"]), (&bench(BOT, reads), &["check.pol"]));
}

#[test]
fn runs_that_decide_or_write_nothing() {
    let empty = Bench::new();
    empty.policy("host github {\n  require token.active\n}\n");
    let (bench, _) = Bench::usual(SIX);
    seen("C0801", (&empty, &["check.pol"]), (&bench, &["check.pol"]));
    seen(
        "C0802",
        (&bench, &["check.pol", "--output", "no/such/folder/report"]),
        (&bench, &["check.pol", "--output", "report"]),
    );
    bench.file("team/broken.json", "{}");
    bench.check(&["--record", "good.json"]).exits(0);
    seen(
        "C0803",
        (&bench, &["check.pol", "--replay", "broken.json"]),
        (&bench, &["check.pol", "--replay", "good.json"]),
    );
}

#[test]
fn notes_of_a_run() {
    let token = classic("notes");
    let bench = |scopes: &[&str], minutes: i64| {
        let now = crate::bench::now() - jiff::SignedDuration::from_mins(minutes);
        let world = credcheck::simulator::github::World::new(now)
            .organization(Organization::new("acme").member(BOT, OrganizationRole::Member))
            .repository(Repository::new(INFRA).private().renamed_from("acme/old").collaborator(BOT, Level::Write))
            .token(Token::classic(&token).owner(BOT).scopes(scopes.iter().copied()).expires_in_days(90));
        let mut bench = Bench::new();
        let host = bench.host(world);
        bench.credential("bot", &host, &token, "");
        bench.policy(
            "host github {\n  require repository.permission >= read\n  require token.scopes covers [\"repo\"]\n}\n",
        );
        bench
    };
    let usual = bench(&["repo"], 0);
    let new = ["check.pol", "--repository", INFRA];
    let old = ["check.pol", "--repository", "acme/old"];
    seen("C0804", (&usual, &old), (&usual, &new));
    seen("C0805", (&bench(&["repo", "future:scope"], 0), &new), (&usual, &new));
    seen("C0806", (&bench(&["repo"], 10), &new), (&usual, &new));
}

/// Every code is named by some test.
#[test]
fn every_code_is_tested() {
    let mut texts = String::new();
    read(Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/tests")), &mut texts);
    read(Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/src/settings")), &mut texts);
    for code in Code::ALL {
        let variant = format!("Code::{code:?}");
        assert!(
            texts.contains(code.number()) || texts.contains(&variant),
            "no test names {} ({variant})",
            code.number()
        );
    }
}

fn read(folder: &Path, into: &mut String) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let is_test = path.to_string_lossy().contains("test");
        if path.is_dir() {
            read(&path, into);
        } else if is_test && path.extension().is_some_and(|extension| extension == "rs" || extension == "pol") {
            into.push_str(&fs::read_to_string(&path).unwrap());
        }
    }
}
