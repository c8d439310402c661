//! Credentials from the environment, without settings: which is found, where it goes, what is left alone.

use credcheck::simulator::github::{Installation, Level, Organization, OrganizationRole, Repository, Token, World};

use crate::bench::{BOT, Bench, acme, classic, fake, good, now};

/// Where each credential of this environment would go, by `credcheck plan`, which sends nothing.
fn plan(environment: &[(&str, &str)], more: &[&str]) -> Vec<(String, String)> {
    let mut bench = Bench::new();
    for (name, value) in environment {
        bench.variable(name, value);
        if name.contains("TOKEN") {
            bench.secret(value);
        }
    }
    let mut arguments = vec!["plan", "builtin:atlantis", "--format", "json"];
    arguments.extend(more);
    let report = bench.run(&arguments).saying_anything().exits(0).json();
    let mut rows: Vec<(String, String)> = report["credentials"]
        .as_array()
        .unwrap()
        .iter()
        .flat_map(|credential| {
            let name = credential["name"].as_str().unwrap().to_owned();
            let requests = credential["requests"].as_array().unwrap();
            requests.iter().map(move |request| {
                (name.clone(), format!("{} {}", request["method"].as_str().unwrap(), request["url"].as_str().unwrap()))
            })
        })
        .collect();
    rows.sort();
    rows
}

fn row(name: &str, request: &str) -> (String, String) {
    (name.to_owned(), request.to_owned())
}

#[test]
fn atlantis_on_github() {
    let token = classic("atlantis");
    let base = [("ATLANTIS_GH_USER", "acme-bot"), ("ATLANTIS_GH_TOKEN", token.as_str())];
    assert_eq!(plan(&base, &[]), [row("atlantis", "GET https://api.github.com/user")]);
    let listed = [&base[..], &[("ATLANTIS_REPO_ALLOWLIST", "github.com/acme/infra")]].concat();
    assert_eq!(
        plan(&listed, &[]),
        [
            row("atlantis", "GET https://api.github.com/repos/acme/infra"),
            row("atlantis", "GET https://api.github.com/user"),
        ]
    );
    let enterprise = [&base[..], &[("ATLANTIS_GH_HOSTNAME", "git.acme.example")]].concat();
    assert_eq!(plan(&enterprise, &[]), [row("atlantis", "GET https://git.acme.example/api/v3/user")]);
    // Another host's entry of the allow list is not this one's scope.
    let other = [&base[..], &[("ATLANTIS_REPO_ALLOWLIST", "git.acme.example/acme/infra")]].concat();
    assert!(!plan(&other, &[]).iter().any(|(_, request)| request.contains("infra")));
}

#[test]
fn gh_goes_to_the_cloud_only() {
    let token = classic("gh");
    let user = |origin: &str| [row("gh", &format!("GET {origin}/user"))];
    assert_eq!(plan(&[("GH_TOKEN", &token)], &[]), user("https://api.github.com"));
    assert_eq!(plan(&[("GITHUB_TOKEN", &token)], &[]), user("https://api.github.com"));
    assert_eq!(plan(&[("GH_TOKEN", &token), ("GH_HOST", "acme.ghe.com")], &[]), user("https://api.acme.ghe.com"));
    let enterprise = plan(&[("GH_TOKEN", &token), ("GH_HOST", "git.acme.example")], &[]);
    assert!(!enterprise.iter().any(|(_, request)| request.contains("git.acme.example")), "{enterprise:?}");
}

#[test]
fn gh_enterprise_goes_to_its_host_only() {
    let token = classic("ghe");
    assert_eq!(
        plan(&[("GH_ENTERPRISE_TOKEN", &token), ("GH_HOST", "git.acme.example")], &[]),
        [row("gh-enterprise", "GET https://git.acme.example/api/v3/user")]
    );
    assert_eq!(plan(&[("GH_ENTERPRISE_TOKEN", &token)], &[]), []);
    assert_eq!(plan(&[("GH_ENTERPRISE_TOKEN", &token), ("GH_HOST", "github.com")], &[]), []);
}

#[test]
fn ambient_ones_are_left_alone_beside_a_bots() {
    let (bot, ambient) = (classic("bot"), classic("ambient"));
    let both = [("ATLANTIS_GH_TOKEN", bot.as_str()), ("ATLANTIS_GH_USER", "acme-bot"), ("GH_TOKEN", ambient.as_str())];
    assert_eq!(plan(&both, &[]), [row("atlantis", "GET https://api.github.com/user")]);
    assert_eq!(plan(&both, &["--credential", "gh"]), [row("gh", "GET https://api.github.com/user")]);
}

/// An Actions job with a world to answer it.
fn actions(more: impl FnOnce(World, &str) -> World) -> Bench {
    let mut bench = Bench::new();
    let token = fake("ghs", "job");
    let world = acme().installation(Installation::new(7, "github-actions", "acme"));
    let host = bench.host(more(world.token(Token::installation(&token, 7)), &token));
    bench.secret(&token);
    bench.variable("GITHUB_ACTIONS", "true");
    bench.variable("GITHUB_TOKEN", &token);
    bench.variable("GITHUB_API_URL", &host.api_url());
    bench.variable("GITHUB_SERVER_URL", &host.url());
    bench.variable("GITHUB_REPOSITORY", "acme/infra");
    bench
}

#[test]
fn an_actions_token_alone_does_not_pass() {
    let bench = actions(|world, _| world);
    bench.run(&["builtin:atlantis"]).exits(3).shows("actions").shows("kind-covered").shows("decided 0 of 0");
}

#[test]
fn an_actions_token_that_a_policy_judges() {
    let bench = actions(|world, _| world);
    bench.policy("host github {\n  require token.kind == actions\n  require token.lifetime == job\n}\n");
    bench.check(&[]).exits(0).shows("decided 2 of 2").shows("0 requests");
}

#[test]
fn the_default_policy_passes_a_good_bot() {
    let mut bench = Bench::new();
    let token = classic("default");
    let host = bench.host(acme().token(good(&token)));
    bench.credential("atlantis", &host, &token, "username = \"acme-bot\"\nrepositories = [\"acme/infra\"]");
    let policy = concat!(env!("CARGO_MANIFEST_DIR"), "/policies/default.pol");
    bench.run(&[policy]).exits(0).shows("decided 7 of 7").shows("2 requests");
    bench.run(&["builtin:atlantis"]).exits(0).shows("decided 7 of 7");
    bench.run(&["check", "builtin:atlantis"]).exits(0);
}

#[test]
fn the_username_must_be_the_live_one() {
    let mut bench = Bench::new();
    let token = classic("username");
    let host = bench.host(acme().token(good(&token)));
    bench.credential("atlantis", &host, &token, "username = \"someone-else\"\nrepositories = [\"acme/infra\"]");
    bench.run(&["builtin:atlantis"]).exits(1).shows("username-matches").shows("someone-else").shows(BOT);
}

#[test]
fn a_repository_that_is_not_there_neither_passes_nor_hides() {
    let mut bench = Bench::new();
    let token = classic("typo");
    let host = bench.host(acme().token(good(&token)));
    bench.credential("bot", &host, &token, "repositories = [\"acme/infar\"]");
    bench.policy("host github {\n  forbid repository.permission >= admin\n}\n");
    bench.check(&[]).exits(1).shows("repository-visible").shows("acme/infar").shows("decided 0 of 1");
}

#[test]
fn an_enterprise_server_is_asked_below_its_path() {
    let mut bench = Bench::new();
    let token = classic("server");
    let world = World::new(now())
        .enterprise_server("3.19.2")
        .organization(Organization::new("acme").member(BOT, OrganizationRole::Member))
        .repository(Repository::new("acme/infra").private().collaborator(BOT, Level::Write))
        .token(good(&token));
    let host = bench.host(world);
    bench.credential("bot", &host, &token, "repositories = [\"acme/infra\"]");
    bench.run(&["builtin:atlantis"]).exits(0);
    assert_eq!(bench.paths(), ["GET /api/v3/user", "GET /api/v3/repos/acme/infra"]);
}

#[test]
fn demo_shows_every_state() {
    let bench = Bench::new();
    bench
        .run(&["demo"])
        .exits(0)
        .shows("a real run would end with exit code 1")
        .shows("github.credential-valid")
        .shows("github.repository-visible")
        .shows("github.least-privilege");
    assert_eq!(bench.run(&["demo", "--format", "json"]).exits(0).json()["exit"], 1);
}

#[test]
fn a_placeholder_is_sent_nowhere_and_the_others_are_checked() {
    for text in ["${GITHUB_TOKEN}", "<your-token>", "changeme", "ghp_xxxxxxxxxxxxxxxxxxxx"] {
        let mut bench = Bench::new();
        let token = classic("beside");
        let host = bench.host(acme().token(good(&token)));
        bench.credential("good", &host, &token, "repositories = [\"acme/infra\"]");
        bench.credential("empty", &host, text, "repositories = [\"acme/infra\"]");
        let both = bench.run(&["builtin:atlantis"]).exits(1);
        both.shows("the credential `empty` has no secret").shows("credential-valid").shows("2 requests");
        bench.run(&["builtin:atlantis", "--credential", "good"]).exits(0);
        bench.run(&["builtin:atlantis", "--credential", "empty"]).exits(1).shows("0 requests");
    }
}

#[test]
fn renovates_token_for_release_notes_is_checked_by_name() {
    let (token, notes) = (classic("gitlab-is-elsewhere"), classic("notes"));
    let mut bench = Bench::new();
    let host = bench.host(acme().token(good(&token)));
    bench.credential("bot", &host, &token, "repositories = [\"acme/infra\"]");
    bench.variable("GITHUB_COM_TOKEN", &notes);
    bench.secret(&notes);
    bench.run(&["builtin:atlantis"]).exits(0).shows("renovate-github-com").shows("--credential renovate-github-com");
}

#[test]
fn a_token_of_which_nothing_says_the_host_is_named_and_never_shown() {
    let token = "0f3a9c1b77".repeat(4);
    let rules = format!("[{{matchHost: '*.acme.dev', token: '{token}'}}]");
    let azure = [("RENOVATE_PLATFORM", "azure"), ("RENOVATE_ENDPOINT", "https://dev.acme.example/x")];
    for (name, value, more, listed) in [
        ("RENOVATE_TOKEN", &token, &[][..], "unknown `renovate`: "),
        ("RENOVATE_TOKEN", &token, &azure[..], "azure `renovate`: "),
        ("RENOVATE_FORK_TOKEN", &token, &[], "unknown `renovate-fork`: "),
        ("RENOVATE_HOST_RULES", &rules, &[], "unknown `renovate-host-rule-1`: "),
        ("GITEA_TOKEN", &token, &[], "gitea `gitea`: "),
    ] {
        let mut bench = Bench::new();
        bench.secret(&token);
        bench.variable(name, value);
        more.iter().for_each(|(name, value)| {
            bench.variable(name, value);
        });
        let human = bench.run(&["check", "builtin:renovate"]).saying_anything().exits(3);
        assert!(human.stdout.contains(&format!("not checked: {listed}")), "{name}: {}", human.stdout);
        assert!(!human.stdout.contains(&token));
    }
}
