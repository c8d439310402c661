//! How many requests a check makes, and which.

use std::time::Duration;

use credcheck::simulator::github::{Fault, Level, Organization, Repository, Token};

use crate::bench::{BOT, Bench, SIX, acme, classic, fake, good, paths};

/// The worlds and settings of a bot with so many repositories in scope.
fn with_repositories(count: usize, policy: &str) -> Bench {
    let mut bench = Bench::new();
    let token = classic("many");
    let mut world = acme().token(good(&token));
    let names: Vec<String> = (0..count).map(|at| format!("acme/service-{at}")).collect();
    for name in &names {
        world = world.repository(Repository::new(name).private().collaborator(BOT, Level::Write));
    }
    let host = bench.host(world);
    bench.credential("bot", &host, &token, &format!("repositories = {names:?}"));
    bench.policy(policy);
    bench
}

#[test]
fn six_statements_about_one_repository_cost_two() {
    let (bench, _) = Bench::usual(SIX);
    bench.check(&[]).exits(0).shows("2 requests");
    assert_eq!(bench.paths(), ["GET /user", "GET /repos/acme/infra"]);
}

#[test]
fn nothing_about_a_repository_costs_one() {
    let (bench, _) = Bench::usual(
        "host github {\n  require token.scopes covers [\"repo\"]\n  require user.username like \"*-bot\"\n  require \
         token.expires_in >= 7d\n}\n",
    );
    bench.check(&[]).exits(0).shows("1 request");
    assert_eq!(bench.paths(), ["GET /user"]);
}

#[test]
fn a_secret_of_another_vendor_costs_none() {
    let mut bench = Bench::new();
    let token = ["glpat", &"x1Y2".repeat(5)].join("-");
    let host = bench.host(acme());
    bench.credential("bot", &host, &token, r#"repositories = ["acme/infra"]"#);
    bench.policy(SIX);
    let ended = bench.check(&[]).exits(1).shows("right-host").shows("decided 0 of 6").shows("GitLab");
    assert!(ended.stdout.contains("0 requests"), "{}", ended.stdout);
    assert_eq!(paths(&host), [""; 0]);
}

/// Reads the webhooks of each repository, which no query tells.
const WEBHOOKS: &str = "host github {\n  require token.scopes covers [\"repo\"]\n  require count(repository.webhooks) == \
                        0\n}\n";

#[test]
fn the_first_request_runs_alone_and_the_rest_together() {
    let mut slow = Bench::new();
    let token = classic("slow-many");
    let mut world = acme().token(good(&token)).latency(Duration::from_millis(150));
    let names: Vec<String> = (0..12).map(|at| format!("acme/service-{at}")).collect();
    for name in &names {
        world = world.repository(Repository::new(name).private().collaborator(BOT, Level::Admin));
    }
    let host = slow.host(world);
    slow.credential("bot", &host, &token, &format!("repositories = {names:?}"));
    slow.policy(WEBHOOKS);
    let started = slow.check(&["--concurrency", "16"]).start();
    // All twelve are on the way before the first of them is answered: the log is written when an answer is decided,
    // and the answers go out later.
    while host.server.requests().len() < 13 {
        std::thread::yield_now();
    }
    started.exits(0).shows("13 requests");
    assert_eq!(slow.paths()[0], "GET /user");
}

#[test]
fn two_hundred_and_fifty_repositories_cost_six() {
    let bench = with_repositories(250, SIX);
    bench.check(&[]).exits(0).shows("6 requests");
    let paths = bench.paths();
    assert_eq!(paths[0], "GET /user");
    assert_eq!(paths.iter().skip(1).filter(|path| *path == "POST /graphql").count(), 5, "{paths:?}");
    // The plan says so beforehand, with the repositories of each.
    bench
        .run(&["plan", "check.pol"])
        .exits(0)
        .shows("usually 6 requests, at most 256")
        .shows("about 50 repositories: acme/service-");
}

#[test]
fn a_query_that_answers_in_part_decides_just_its_own() {
    let mut bench = Bench::new();
    let token = classic("partly");
    let mut world = acme().token(good(&token)).organization(Organization::new("sealed").enforces_sso());
    let mut names = vec!["acme/ghost".to_owned(), "sealed/vault".to_owned()];
    for at in 0..3 {
        let name = format!("acme/service-{at}");
        world = world.repository(Repository::new(&name).private().collaborator(BOT, Level::Write));
        names.push(name);
    }
    world = world.repository(Repository::new("sealed/vault").private().collaborator(BOT, Level::Write));
    let host = bench.host(world);
    bench.credential("bot", &host, &token, &format!("repositories = {names:?}"));
    bench.policy(
        "host github {\n  require token.scopes covers [\"repo\"]\n  require repository.permission >= write\n}\n",
    );
    let ended = bench.check(&[]).exits(1).shows("decided 4 of 6").shows("3 requests");
    assert!(
        ended.stdout.contains("repository-visible") && ended.stdout.contains("credential-accepted"),
        "{}",
        ended.stdout
    );
    assert!(ended.stdout.contains("acme/ghost") && ended.stdout.contains("single sign-on"), "{}", ended.stdout);
}

#[test]
fn where_queries_are_refused_each_repository_is_asked_about_in_rest() {
    let mut bench = Bench::new();
    let token = classic("no-queries");
    let mut world = acme().token(good(&token)).fault_on("/graphql", 9, Fault::NotJson);
    let names: Vec<String> = (0..4).map(|at| format!("acme/service-{at}")).collect();
    for name in &names {
        world = world.repository(Repository::new(name).private().collaborator(BOT, Level::Write));
    }
    let host = bench.host(world);
    bench.credential("bot", &host, &token, &format!("repositories = {names:?}"));
    bench.policy(SIX);
    bench.check(&[]).exits(0).shows("6 requests");
    assert_eq!(bench.paths().iter().filter(|path| path.starts_with("GET /repos/acme/service-")).count(), 4);
}

#[test]
fn what_a_false_guard_rules_out_is_not_asked() {
    let (bench, _) = Bench::usual(
        "host github {\n  require token.scopes covers [\"repo\"]\n  when token.kind == fine_grained {\n    require \
         repository.permission >= write\n  }\n  when not (user.username like \"acme-*\") {\n    require \
         repository.archived == false\n  }\n}\n",
    );
    bench.check(&[]).exits(0).shows("decided 1 of 1");
    assert_eq!(bench.paths(), ["GET /user"]);
}

#[test]
fn a_dead_credential_costs_one_and_logs_in_once() {
    let mut bench = Bench::new();
    let token = classic("dead");
    let names: Vec<String> = (0..12).map(|at| format!("acme/service-{at}")).collect();
    let host = bench.host(acme());
    bench.credential("bot", &host, &token, &format!("repositories = {names:?}"));
    bench.policy(SIX);
    bench.check(&[]).exits(1).shows("credential-valid").shows("401").shows("1 request");
    assert_eq!(bench.paths(), ["GET /user"]);
}

#[test]
fn a_repository_first_policy_logs_in_once_too() {
    let mut bench = Bench::new();
    let token = classic("dead-first");
    let host = bench.host(acme());
    bench.credential("bot", &host, &token, r#"repositories = ["acme/a", "acme/b", "acme/c"]"#);
    bench.policy("host github {\n  require repository.permission >= write\n}\n");
    bench.check(&[]).exits(1).shows("credential-valid");
    assert_eq!(bench.paths().len(), 1, "{:?}", bench.paths());
}

#[test]
fn globs_are_matched_against_a_bounded_list() {
    let mut bench = Bench::new();
    let token = classic("globs");
    let mut world = acme().token(good(&token));
    for at in 0..5 {
        world = world.repository(Repository::new(&format!("acme/live-{at}")).private().collaborator(BOT, Level::Write));
    }
    world = world.repository(Repository::new("acme/docs").private().collaborator(BOT, Level::Read));
    let host = bench.host(world);
    bench.credential("bot", &host, &token, r#"repositories = ["acme/live-*"]"#);
    bench.policy("host github {\n  require repository.permission >= write\n}\n");
    bench.check(&[]).exits(0).shows("decided 5 of 5");
    let asked = bench.paths();
    assert!(asked.iter().any(|path| path.starts_with("GET /user/repos")), "{asked:?}");
    assert!(!asked.iter().any(|path| path.contains("acme/docs")), "{asked:?}");
}

#[test]
fn a_glob_that_matches_nothing_is_undetermined() {
    let mut bench = Bench::new();
    let token = classic("no-match");
    let host = bench.host(acme().token(good(&token)));
    bench.credential("bot", &host, &token, r#"repositories = ["acme/nothing-*"]"#);
    bench.policy("host github {\n  forbid repository.archived\n}\n");
    bench.check(&[]).exits(3).shows("undetermined").shows("decided 0 of 1");
}

#[test]
fn each_narrows_the_scope() {
    let bench = with_repositories(
        4,
        "host github {\n  each repository in [\"acme/service-*\"] except [\"acme/service-3\"] {\n    require \
         repository.permission >= write\n  }\n}\n",
    );
    bench.check(&[]).exits(0).shows("decided 3 of 3");
    assert!(!bench.paths().iter().any(|path| path.contains("service-3")), "{:?}", bench.paths());
}

#[test]
fn each_cannot_widen_the_operators_scope() {
    let (bench, _) = Bench::usual(
        "host github {\n  each repository in [\"other/secret\"] {\n    require repository.permission >= write\n  }\n}\n",
    );
    bench.check(&[]).exits(3).shows("undetermined");
    assert!(!bench.paths().iter().any(|path| path.contains("other")), "{:?}", bench.paths());
}

#[test]
fn names_in_each_are_the_scope_where_the_operator_names_none() {
    let mut bench = Bench::new();
    let token = classic("unscoped");
    let host = bench.host(acme().token(good(&token)));
    bench.credential("bot", &host, &token, "");
    bench.policy(
        "host github {\n  each repository in [\"acme/infra\"] {\n    require repository.permission >= write\n  }\n}\n",
    );
    bench.check(&[]).exits(0).shows("decided 1 of 1");
    bench.policy("host github {\n  require repository.permission >= write\n}\n");
    bench.check(&[]).exits(3).shows("out-of-scope").shows("--repository");
    bench.check(&["--repository", "acme/infra"]).exits(0);
    bench.check(&["--repository", "bot=acme/infra"]).exits(0);
}

#[test]
fn the_command_lines_repository_filter_asks_for_that_one_only() {
    let bench = with_repositories(6, SIX);
    bench.check(&["--repository", "acme/service-2"]).exits(0).shows("2 requests");
    assert_eq!(bench.paths(), ["GET /user", "GET /repos/acme/service-2"]);
}

#[test]
fn max_requests_stops_undetermined() {
    let bench = with_repositories(180, SIX);
    bench.check(&["--max-requests", "3"]).exits(3).shows("not-reachable").shows("--max-requests").shows("3 requests");
    assert_eq!(bench.paths().len(), 3);
    let (none, _) = Bench::usual(SIX);
    none.check(&["--max-requests", "0"]).exits(3).shows("decided 0 of 6").shows("0 requests");
    assert_eq!(none.paths(), [""; 0]);
}

#[test]
fn a_rate_limit_nearly_used_up_is_undetermined_and_no_violation() {
    let mut bench = Bench::new();
    let token = classic("limit");
    let host = bench.host(acme().token(good(&token)).requests_used(BOT, 4_998));
    bench.credential("bot", &host, &token, r#"repositories = ["acme/infra"]"#);
    bench.policy(SIX);
    bench.check(&[]).exits(3).shows("not-reachable").shows("0 violations").shows("of 5000 requests are left");
    assert_eq!(bench.paths(), ["GET /user"]);
}

#[test]
fn two_credentials_of_one_value_are_checked_once() {
    let mut bench = Bench::new();
    let token = classic("twice");
    let host = bench.host(acme().token(good(&token)));
    for name in ["one", "two"] {
        bench.credential(name, &host, &token, r#"repositories = ["acme/infra"]"#);
    }
    bench.policy(SIX);
    bench.check(&[]).saying_anything().exits(0).shows("decided 6 of 6").shows("2 requests");
}

#[test]
fn a_fine_grained_token_is_never_passed_by_what_it_cannot_show() {
    let mut bench = Bench::new();
    let token = fake("github_pat", "fine");
    let host =
        bench.host(acme().token(Token::fine_grained(&token).owner(BOT).resource_owner("acme").expires_in_days(30)));
    bench.credential("bot", &host, &token, r#"repositories = ["acme/infra"]"#);
    bench.policy(
        "host github {\n  require token.permissions covers { workflows = write }\n  forbid token.scopes covers \
         [\"admin:org\"]\n}\n",
    );
    let ended = bench.check(&["--format", "json"]).exits(3);
    assert_eq!(ended.json()["summary"]["decided"], 0, "{}", ended.stdout);
}
