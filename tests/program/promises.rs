//! Ways in which an unknown could have read as a pass, or a policy could have moved a secret: each closed, each a test.

use credcheck::simulator::github::{Access, App, Installation, Repository, Token};

use crate::bench::{Bench, INFRA, acme, classic, fake, good, link, paths};

#[test]
fn a_name_in_each_that_no_host_allows_is_an_error_and_not_a_gap() {
    for name in ["https://github.com/acme/prod", "acme/other/", "acme//x", "../../user", "a\\\\b/c"] {
        let (bench, host) = Bench::usual(&format!(
            "host github {{\n  each repository in [\"acme/infra\", \"{name}\"] {{\n    require repository.permission >= read\n  }}\n}}\n"
        ));
        bench.check(&[]).says("C0505").exits(4);
        assert_eq!(paths(&host), [""; 0]);
    }
}

#[test]
fn a_filter_for_one_credential_takes_nothing_from_another() {
    let mut bench = Bench::new();
    let (first, second) = (classic("first"), classic("second"));
    let host = bench.host(acme().token(good(&first)).token(good(&second)));
    bench.credential("a", &host, &first, r#"repositories = ["acme/infra"]"#);
    bench.credential("b", &host, &second, r#"repositories = ["acme/infra"]"#);
    bench.policy(
        "host github credential \"a\" {\n  require repository.permission >= read\n}\n\
         host github credential \"b\" {\n  each repository in [\"acme/vital\"] {\n    require repository.permission >= read\n  }\n}\n",
    );
    bench.check(&[]).exits(3).shows("decided 1 of 2");
    bench.check(&["--repository", "a=acme/infra"]).exits(3).shows("decided 1 of 2");
}

#[test]
fn a_block_filter_that_matches_nothing_is_undetermined_under_any_other_filter() {
    let (bench, _) = Bench::usual(
        "host github {\n  require token.active\n}\nhost github credential \"prod-typo\" {\n  forbid token.kind == classic\n}\n",
    );
    for arguments in [&[] as &[_], &["--host", "github"], &["--repository", INFRA], &["--credential", "*"]] {
        bench.check(arguments).exits(3).shows("C0607");
    }
    bench.check(&["--credential", "bot"]).exits(0);
}

#[test]
fn a_record_is_replayed_whole() {
    let (bench, _) = Bench::usual(
        "host github {\n  each repository in [\"acme/other\"] {\n    require repository.permission >= read\n  }\n}\n",
    );
    bench.check(&["--record", "run.json"]).exits(3);
    bench.check(&["--replay", "run.json"]).exits(3);
    for more in [["--repository", "foo/bar"], ["--credential", "nosuch"], ["--host", "gitlab"]] {
        let arguments = [&["--replay", "run.json"] as &[_], &more].concat();
        bench.check(&arguments).saying_anything().exits(2);
    }
}

#[test]
fn an_allow_list_that_leaves_nothing_is_the_ceiling_all_the_same() {
    for list in ["ghe.acme.dev/*", "github.com/acme/a,!github.com/acme/a"] {
        let mut bench = Bench::new();
        bench.variable("ATLANTIS_GH_TOKEN", &classic("ceiling"));
        bench.variable("ATLANTIS_REPO_ALLOWLIST", list);
        bench.policy(
            "host github {\n  each repository in [\"victim/secret\"] {\n    require repository.permission >= read\n  }\n}\n",
        );
        let plan = bench.run(&["plan", "check.pol"]).saying_anything().exits(0);
        assert!(!plan.stdout.contains("victim"), "{list}: {}", plan.stdout);
    }
}

#[test]
fn a_waiver_is_idle_only_where_what_it_excuses_was_decided() {
    let (bench, host) = Bench::usual(
        "host github {\n  rule scope {\n    require token.scopes covers [\"repo\"]\n  }\n}\n\
         waive scope until 2999-12-31 because \"SEC-1\"\n",
    );
    let decided = bench.check(&[]).exits(0);
    assert!(decided.stdout.contains("C0402"), "{}", decided.stdout);
    drop(host);
    let mut bench = Bench::new();
    bench.credential_at("bot", "http://127.0.0.1:9", "http://127.0.0.1:9/", &classic("gone"), "");
    bench.policy(
        "host github {\n  rule scope {\n    require token.scopes covers [\"repo\"]\n  }\n}\n\
         waive scope until 2999-12-31 because \"SEC-1\"\n",
    );
    let open = bench.check(&["--strict"]).exits(3);
    assert!(!open.stdout.contains("C0402"), "{}", open.stdout);
}

#[test]
fn a_host_that_is_not_reached_is_asked_once() {
    let mut bench = Bench::new();
    bench.credential_at(
        "bot",
        "http://127.0.0.1:9",
        "http://127.0.0.1:9/",
        &classic("gone"),
        r#"repositories = ["acme/a", "acme/b", "acme/c"]"#,
    );
    bench.policy("host github {\n  require token.active\n  require repository.permission >= read\n}\n");
    let ended = bench.check(&["--format", "json"]).exits(3);
    let report: serde_json::Value = serde_json::from_str(&ended.stdout).unwrap();
    assert_eq!(report["requests"].as_array().map(Vec::len), Some(1), "{}", ended.stdout);
    assert_eq!(report["summary"]["decided"], 0);
}

#[test]
fn in_a_job_an_installation_tokens_kind_stays_open() {
    let policy = "host github {\n  when token.kind == actions {\n    forbid repository.visibility == public\n  }\n  \
                  when token.kind in [app_installation, actions] {\n    forbid repository.archived == true\n  }\n}\n";
    for (in_job, code, decided) in [(true, 3, "decided 1 of 2"), (false, 0, "decided 1 of 1")] {
        let mut bench = Bench::new();
        let token = fake("ghs", "job");
        let world = acme()
            .repository(Repository::new("acme/app").private())
            .app(App::new("acme-app"))
            .installation(Installation::new(7, "acme-app", "acme").permissions([("metadata", Access::Read)]))
            .token(Token::installation(&token, 7));
        let host = bench.host(world);
        bench.credential("bot", &host, &token, r#"repositories = ["acme/app"]"#);
        bench.policy(policy);
        if in_job {
            bench.variable("GITHUB_ACTIONS", "true");
        }
        bench.check(&[]).exits(code).shows(decided);
    }
}

#[test]
fn a_link_in_a_repository_shows_nothing_but_policies_and_widens_no_trust() {
    let (bench, host) = Bench::usual("host github {\n  require token.active\n}\n");
    let secret = bench.file("operator/password", "hunter2-database-password\n");
    link(&secret, &bench.path("team/linked.pol"));
    let ended = bench.run(&["linked.pol"]).saying_anything().exits(4);
    assert!(!ended.stderr.contains("hunter2") && !ended.stdout.contains("hunter2"));

    // The tree of the link counts, not only that of what it leads to.
    let outside = bench.file("outside/x.pol", "host github {\n  require token.active\n}\n");
    link(&outside, &bench.path("team/team.pol"));
    bench.file(
        "team/mine.toml",
        "[[credential]]\nname = \"x\"\nhost = \"github\"\nurl = \"http://127.0.0.1:9\"\ntoken = { env = \"TOKEN_0\" }\n",
    );
    for command in [&["team.pol", "--config", "mine.toml"] as &[_], &["plan", "team.pol", "--config", "mine.toml"]] {
        bench.run(command).says("C0503").exits(4);
    }
    assert_eq!(paths(&host), [""; 0]);
}
