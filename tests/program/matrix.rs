//! What each kind of credential reveals of each fact: the matrix of GitHub, asked of the simulated host.
//!
//! A cell says how a fact is known: `known`, `absent`, `inapplicable`, `bounded`, or the cause for which it is not.

use std::sync::Arc;

use credcheck::simulator::github::{
    Access, App, Hook, Installation, Level, Organization, OrganizationRole, Repository, Running, Token, World,
};
use serde_json::Value as Json;

use crate::bench::{BOT, Bench, acme, classic, fake, good, now};

const KINDS: [&str; 6] = ["classic", "oauth_app", "fine_grained", "app_user", "app_installation", "actions"];

/// In the order of [`KINDS`].
const MATRIX: &str = "
token.active                     known         known         known         known         known         known
token.kind                       known         known         known         known         known         known
token.scopes                     known         known         inapplicable  inapplicable  inapplicable  inapplicable
token.permissions                inapplicable  inapplicable  bounded       not-revealable bounded      bounded
token.oauth_client               inapplicable  known         inapplicable  known         inapplicable  inapplicable
token.expires_at                 known         absent        known         known         not-revealable not-revealable
token.expires_in                 known         absent        known         known         not-revealable not-revealable
token.lifetime                   known         known         known         known         known         known
token.created_at                 not-revealable not-revealable not-revealable not-revealable not-revealable not-revealable
token.last_used_at               not-revealable not-revealable not-revealable not-revealable not-revealable not-revealable
token.name                       not-revealable not-revealable not-revealable not-revealable inapplicable inapplicable
user.username                    known         known         known         known         known         known
user.kind                        known         known         known         known         known         known
user.is_bot                      known         known         known         known         known         known
user.name                        absent        absent        absent        absent        inapplicable  inapplicable
user.email                       absent        absent        absent        absent        inapplicable  inapplicable
user.two_factor                  known         not-permitted not-permitted not-permitted inapplicable  inapplicable
user.site_admin                  known         known         known         known         inapplicable  inapplicable
repository.name                  known         known         known         known         known         known
repository.permission            known         known         known         known         not-revealable not-revealable
repository.access                known         known         known         known         not-revealable not-revealable
repository.visibility            known         known         known         known         known         known
repository.archived              known         known         known         known         known         known
repository.webhooks              known         known         known         known         known         not-permitted
repository.default_branch        known         known         known         known         known         known
repository.default_branch_protected known      known         known         known         known         not-permitted
repository.push_default          known         known         known         known         known         not-permitted
repository.merge_default         known         known         known         known         known         not-permitted
repository.can                   known         known         bounded       not-revealable bounded       bounded
repository.outside_collaborator  known         known         known         known         inapplicable  inapplicable
organization.role                known         known         known         known         inapplicable  inapplicable
organization.sso_authorized      known         known         known         known         inapplicable  inapplicable
repository.job_permissions       known         known         not-permitted not-permitted not-permitted not-revealable
repository.job_pull_requests     known         known         not-permitted not-permitted not-permitted not-revealable
organization.webhooks            bounded       bounded       bounded       bounded       known         not-revealable
organization.two_factor_required known         not-permitted not-permitted not-permitted not-revealable not-revealable
app.slug                         inapplicable  inapplicable  inapplicable  inapplicable  known         known
app.permissions                  inapplicable  inapplicable  inapplicable  inapplicable  not-revealable not-revealable
app.events                       inapplicable  inapplicable  inapplicable  inapplicable  not-revealable not-revealable
";

/// A host with a token of each kind, strong enough to be told what its kind can be told.
fn host(bench: &mut Bench, texts: &[String; 6]) -> Arc<Running> {
    let [classic, oauth, fine, app_user, installed, job] = texts;
    let grants = [
        ("members", Access::Read),
        ("repository_hooks", Access::Read),
        ("contents", Access::Read),
        ("organization_hooks", Access::Read),
    ];
    let world = acme()
        .organization(Organization::new("acme").member(BOT, OrganizationRole::Admin))
        .repository(
            Repository::new("acme/live")
                .private()
                .collaborator(BOT, Level::Admin)
                .hook(Hook::new("https://ci.example.com/hook", ["push"])),
        )
        .app(App::new("acme-app"))
        .installation(Installation::new(41, "acme-app", "acme").permissions(grants))
        .app(App::new("github-actions"))
        .installation(Installation::new(42, "github-actions", "acme"))
        .token(
            Token::classic(classic)
                .owner(BOT)
                .scopes(["admin:org", "admin:org_hook", "repo", "user"])
                .expires_in_days(30),
        )
        .token(Token::oauth_app(oauth, "178c6fc778ccc68e1d6a").owner(BOT).scopes([
            "admin:org_hook",
            "read:org",
            "repo",
        ]))
        .token(Token::fine_grained(fine).owner(BOT).resource_owner("acme").permissions(grants).expires_in_days(30))
        .token(Token::app_user(app_user, "acme-app").owner(BOT).expires_in_days(1))
        .token(Token::installation(installed, 41))
        .token(Token::installation(job, 42));
    bench.host(world)
}

fn cell(row: &Json) -> String {
    let text = |key: &str| row[key].as_str().unwrap_or_default().to_owned();
    if row["knowledge"] == "unknown" { text("cause") } else { text("knowledge") }
}

#[test]
fn each_kind_reveals_what_the_matrix_says() {
    let texts = ["ghp", "gho", "github_pat", "ghu", "ghs", "ghs"];
    let mut at = 0;
    let texts = texts.map(|prefix| {
        at += 1;
        fake(prefix, &format!("matrix{at}"))
    });
    let mut found: Vec<Json> = Vec::new();
    for (kind, token) in KINDS.iter().zip(&texts) {
        let mut bench = Bench::new();
        let host = host(&mut bench, &texts);
        if *kind == "actions" {
            bench.secret(token);
            for (name, value) in [
                ("GITHUB_ACTIONS", "true"),
                ("GITHUB_TOKEN", token.as_str()),
                ("GITHUB_API_URL", &host.api_url()),
                ("GITHUB_SERVER_URL", &host.url()),
                ("GITHUB_REPOSITORY", "acme/live"),
            ] {
                bench.variable(name, value);
            }
        } else {
            bench.credential("bot", &host, token, r#"repositories = ["acme/live"]"#);
        }
        let mut document = bench.run(&["facts", "--format", "json"]).exits(0).json();
        assert!(host.server.writes().is_empty(), "{kind}");
        found.push(document["credentials"][0]["facts"].take());
    }
    let mut differ = Vec::new();
    for line in MATRIX.lines().filter(|line| !line.is_empty()) {
        let mut cells = line.split_ascii_whitespace();
        let fact = cells.next().unwrap();
        for ((kind, facts), expected) in KINDS.iter().zip(&found).zip(cells) {
            let row = facts.as_array().unwrap().iter().find(|row| row["fact"] == fact);
            let cell = row.map_or_else(|| "missing".to_owned(), cell);
            if cell != expected {
                differ.push(format!("{fact} of {kind}: {cell}, not {expected}: {row:?}"));
            }
            let Some(row) = row else { continue };
            // Whatever is told has evidence: an answer, or the text of the token.
            let evidence = row["evidence"].as_array().unwrap();
            assert!(!evidence.is_empty() && evidence.iter().all(|one| one["source"] != ""), "{fact} of {kind}");
        }
    }
    assert!(differ.is_empty(), "{}", differ.join("\n"));
    for (kind, facts) in KINDS.iter().zip(&found) {
        let row = facts.as_array().unwrap().iter().find(|row| row["fact"] == "token.kind").unwrap();
        assert_eq!(row["value"], *kind);
    }
}

#[test]
fn a_permission_that_a_kind_cannot_hold_is_decided() {
    let mut bench = Bench::new();
    let token = fake("github_pat", "no-checks");
    let host = bench.host(acme().token(Token::fine_grained(&token).owner(BOT).resource_owner("acme")));
    bench.credential("bot", &host, &token, r#"repositories = ["acme/infra"]"#);
    bench.policy("host github {\n  rule checks {\n    require token.permissions covers { checks = write }\n  }\n}\n");
    bench.check(&["--allow-unknown-names"]).exits(1).shows("checks");
    // What it could hold stays open, though it does not.
    bench.policy("host github {\n  rule open {\n    require token.permissions covers { workflows = write }\n  }\n}\n");
    bench.check(&[]).exits(3).shows("not-revealable");
}

#[test]
fn an_outside_collaborator_is_known_where_no_membership_is_certain() {
    let world = |member: Option<bool>| {
        let organization = match member {
            None => Organization::new("acme"),
            Some(true) => Organization::new("acme").member(BOT, OrganizationRole::Member),
            Some(false) => Organization::new("acme").pending(BOT, OrganizationRole::Admin),
        };
        World::new(now())
            .organization(organization)
            .repository(Repository::new("acme/infra").private().collaborator(BOT, Level::Write))
    };
    let policy =
        "host github {\n  require token.scopes covers [\"repo\"]\n  forbid repository.outside_collaborator\n}\n";
    for (member, code) in [(None, 1), (Some(false), 1), (Some(true), 0)] {
        let mut bench = Bench::new();
        let token = classic("outside");
        let host = bench.host(world(member).token(good(&token)));
        bench.credential("bot", &host, &token, r#"repositories = ["acme/infra"]"#);
        bench.policy(policy);
        bench.check(&[]).exits(code).shows("3 requests");
    }
    // Without sight of anything private, a 404 proves nothing.
    let mut bench = Bench::new();
    let token = classic("outside-unseen");
    let host = bench.host(world(None).token(Token::classic(&token).owner(BOT).scopes(["read:org"])));
    bench.credential("bot", &host, &token, r#"repositories = ["acme/infra"]"#);
    bench.policy("host github {\n  forbid organization.role == none\n}\n");
    bench.check(&[]).exits(3);
}

#[test]
fn what_it_cannot_do_names_each_half_and_its_mend() {
    let mut bench = Bench::new();
    let token = classic("halves");
    let world = acme().repository(Repository::new("acme/docs").collaborator(BOT, Level::Read));
    let host = bench.host(world.token(Token::classic(&token).owner(BOT).scopes(["gist"])));
    bench.credential("bot", &host, &token, r#"repositories = ["acme/docs"]"#);
    // What decides is not asked further: the role is known here because another statement reads it.
    bench.policy(
        "host github {\n  require repository.permission >= read\n  require repository.visibility == public\n}\n\
         host any {\n  require repository.can covers [clone, comment, set_status]\n}\n",
    );
    let report = bench.check(&["--format", "json"]).exits(1).json();
    let outcomes = report["outcomes"].as_array().unwrap();
    let outcome = outcomes.iter().find(|one| one["rule"] == "github.repository.can").unwrap();
    assert_eq!((&outcome["outcome"], &outcome["repository"]), (&"violation".into(), &"acme/docs".into()));
    let ended = bench.check(&[]).exits(1).shows("it cannot `comment`").shows("it cannot `set_status`");
    let text = ended.stdout.split_whitespace().filter(|word| *word != "│").collect::<Vec<_>>().join(" ");
    for mend in [
        "grant it scope `repo`, `repo:status` or `public_repo`",
        "give the account the role `write` on the repository",
        "/settings/tokens",
    ] {
        assert!(text.contains(mend), "{mend}: {}", ended.stdout);
    }
    assert!(!text.contains("it cannot `clone`"), "a public repository is everybody's to clone: {}", ended.stdout);
}
