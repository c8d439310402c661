//! What is said is so, and says what to do: items of lists, kinds that never can, hosts that do not answer, commands that
//! were meant.

use std::io::Write as _;
use std::process::{Command, Stdio};

use credcheck::simulator::github::{Hook, Installation, Level, Repository, Token};

use sha2::{Digest as _, Sha256};

use crate::bench::{BOT, Bench, acme, classic, fake, good};
use crate::hostile::{Hostile, answer};

#[test]
fn the_item_and_the_field_that_broke_a_quantifier_are_named() {
    let mut bench = Bench::new();
    let token = classic("items");
    let hooks = Repository::new("acme/hooked")
        .private()
        .collaborator(BOT, Level::Admin)
        .hook(Hook::new("https://good.example.com/x", ["push"]))
        .hook(Hook::new("https://off.example.com/secret-path?key=hidden", ["push"]).inactive())
        .hook(Hook::new("https://form.example.com/x", ["push"]).form());
    let host = bench.host(acme().token(good(&token)).repository(hooks));
    bench.credential("bot", &host, &token, r#"repositories = ["acme/hooked"]"#);
    bench.policy(
        "host github {\n  rule live {\n    require all hook in repository.webhooks satisfies (hook.active)\n  }\n  rule off \
         {\n    forbid any hook in repository.webhooks satisfies (not hook.active)\n  }\n}\n",
    );
    let report = bench.check(&["--format", "json"]).exits(1).json();
    for rule in ["github.live", "github.off"] {
        let found = report["outcomes"].as_array().unwrap().iter().find(|one| one["rule"] == rule).unwrap();
        let message = found["message"].as_str().unwrap();
        assert!(message.contains("item 2 of 3 (`https://off.example.com/…`): `active` is `false`"), "{message}");
    }
    assert!(!report.to_string().contains("hidden"));
    bench.check(&[]).exits(1).shows("item 2 of 3").hides("secret-path");
}

#[test]
fn every_reason_of_a_broken_statement_is_said() {
    let mut bench = Bench::new();
    let token = classic("reasons");
    let host = bench.host(acme().token(good(&token)));
    bench.credential("bot", &host, &token, r#"repositories = ["acme/infra"]"#);
    bench.policy("host github {\n  rule both {\n    require user.is_bot or token.kind == app_user\n  }\n}\n");
    let report = bench.check(&["--format", "json"]).exits(1).json();
    let message = report["outcomes"][0]["message"].as_str().unwrap();
    assert!(message.contains("`user.is_bot` is `false`; `token.kind` is `classic`"), "{message}");
}

/// A job's token, in the environment that Actions gives it.
fn job(policy: &str) -> Bench {
    let mut bench = Bench::new();
    let token = fake("ghs", "saidjob");
    let world = acme().installation(Installation::new(7, "github-actions", "acme"));
    let host = bench.host(world.token(Token::installation(&token, 7)));
    bench.secret(&token);
    bench.variable("GITHUB_ACTIONS", "true");
    bench.variable("GITHUB_TOKEN", &token);
    bench.variable("GITHUB_API_URL", &host.api_url());
    bench.variable("GITHUB_SERVER_URL", &host.url());
    bench.variable("GITHUB_REPOSITORY", "acme/infra");
    bench.policy(policy);
    bench
}

#[test]
fn a_kind_that_never_can_is_told_so_and_which_one_can() {
    for (demand, never) in [
        ("repository.can covers [administer]", "an Actions job token can never hold `administration`"),
        ("repository.can covers [manage_webhooks]", "an Actions job token can never hold `repository_hooks`"),
        ("token.permissions covers { workflows = write }", "an Actions job token can never hold `workflows`"),
        ("token.permissions covers { secrets = read }", "an Actions job token can never hold `secrets`"),
    ] {
        let bench = job(&format!("host github {{\n  rule r {{\n    require {demand}\n  }}\n}}\n"));
        let report = bench.check(&["--format", "json"]).exits(1).json();
        let message = report["outcomes"][0]["message"].as_str().unwrap();
        assert!(message.contains(never), "{demand}: {message}");
        bench
            .check(&[])
            .exits(1)
            .shows("use a kind of credential that can")
            .shows("`app_installation`")
            .hides("grant it");
    }
}

#[test]
fn a_host_that_does_not_answer_has_help_of_its_own() {
    let mut bench = Bench::new();
    let gone = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let url = format!("http://{gone}");
    bench.credential_at("bot", &url, &url, &classic("gone"), r#"repositories = ["acme/infra"]"#);
    bench.policy("host github {\n  require token.scopes covers [\"repo\"]\n}\n");
    bench
        .check(&[])
        .exits(3)
        .shows("refused the connection")
        .shows("nothing listens there")
        .hides("when the host answers");
}

#[test]
fn a_variable_that_is_set_to_nothing_is_not_called_unset() {
    let mut bench = Bench::new();
    bench.settings("[[credential]]\nname = \"bot\"\nhost = \"github\"\ntoken = { env = \"RN_GH\" }\n");
    bench.policy("host github {\n  require token.scopes covers [\"repo\"]\n}\n");
    bench.check(&[]).exits(1).shows("`RN_GH` is not set");
    bench.variable("RN_GH", "");
    bench.check(&[]).exits(1).shows("`RN_GH` is set but empty").hides("not set");
}

#[test]
fn what_is_no_policy_was_meant_as_something() {
    let bench = Bench::new();
    bench.file("team/policies/bots.pol", "host github {\n  require token.active\n}\n");
    bench.file("team/alone.pol", "host github {\n  require token.active\n}\n");
    for (written, meant) in [
        ("tets", "did you mean the command `credcheck test`?"),
        ("fromat", "did you mean `credcheck fmt`?"),
        ("validte", "did you mean `credcheck lint`?"),
        ("validate", "did you mean `credcheck lint`?"),
        ("renovate", "did you mean the ready-made policy `builtin:renovate`?"),
        ("atlantsi", "did you mean the ready-made policy `builtin:atlantis`?"),
        ("version", "did you mean `credcheck --version`?"),
        ("policies", "this is a folder: name the policies in it, such as `policies/bots.pol`"),
        ("alone", "did you mean `alone.pol`?"),
        ("policies/bot.pol", "did you mean `policies/bots.pol`?"),
    ] {
        for command in [&[written][..], &["lint", written], &["test", written], &["fmt", written], &["plan", written]] {
            let ended = bench.run(command).saying_anything().exits(4);
            let said = format!("{}{}", ended.stdout, ended.stderr).split_whitespace().collect::<Vec<_>>().join(" ");
            assert!(said.replace("│ ", "").contains(meant), "{command:?}\n{said}");
        }
    }
}

/// Runs with a text on standard input: exit code and everything that was said.
fn piped(bench: &Bench, arguments: &[&str], text: &str) -> (i32, String) {
    let mut child = Command::new(env!("CARGO_BIN_EXE_credcheck"))
        .args(arguments)
        .env_clear()
        .current_dir(bench.path("team"))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(text.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    let said = [output.stdout, output.stderr].concat();
    (output.status.code().unwrap(), String::from_utf8(said).unwrap())
}

#[test]
fn a_dash_is_standard_input_everywhere() {
    let bench = Bench::new();
    bench.file("team/base.pol", "host github {\n  rule base {\n    require token.active\n  }\n}\n");
    let policy = "use \"base.pol\"\n\nhost github {\n  rule live {\n    require token.active\n  }\n}\n\ntest \"it is\" {\n  \
                  given host github\n  given token.active = true\n  expect pass of live\n}\n";
    for (arguments, code) in [
        (&["lint", "-"][..], 0),
        (&["test", "-"], 0),
        (&["fmt", "--check", "-"], 0),
        (&["plan", "-"], 0),
        (&["explain", "github.live", "-"], 0),
        (&["-"], 3),
        (&["check", "-"], 3),
        (&["lint", "--fix", "-"], 2),
    ] {
        let (ended, said) = piped(&bench, arguments, policy);
        assert_eq!(ended, code, "{arguments:?}\n{said}");
    }
    let (code, said) = piped(&bench, &["lint", "-"], "host github {\n  require token.scope covers [\"repo\"]\n}\n");
    assert_eq!(code, 4);
    assert!(said.contains("standard input:2:11"), "{said}");
}

#[test]
fn what_asks_no_host_takes_the_policies_below() {
    let bench = Bench::new();
    bench.file("team/deep/a.pol", "host github {\n  require token.active\n}\n");
    for command in ["lint", "fmt"] {
        let ended = bench.run(&[command]).saying_anything().exits(0);
        drop(ended);
    }
    bench.file("team/deep/a.pol", "host github {\nrequire token.active\n}\n");
    bench.run(&["fmt", "--check"]).saying_anything().exits(1).shows("deep/a.pol");
    bench.run(&["fmt"]).saying_anything().exits(0);
    assert_eq!(bench.read("team/deep/a.pol"), "host github {\n  require token.active\n}\n");
}

#[test]
fn mutation_that_a_failing_test_stops_says_so() {
    let bench = Bench::new();
    bench.file(
        "team/a.pol",
        "host github {\n  rule live {\n    require token.active\n  }\n}\n\ntest \"it is\" {\n  given host github\n  given \
         token.active = false\n  expect pass of live\n}\n",
    );
    let ended = bench.run(&["test", "--mutate", "a.pol"]).saying_anything().exits(1);
    assert!(ended.stdout.contains("no change of `a.pol` was tried: a test of it fails"), "{}", ended.stdout);
}

#[test]
fn a_probe_is_not_offered_for_a_repository_that_is_not_shown() {
    let mut bench = Bench::new();
    let text = fake("github_pat", "unseen");
    let token = Token::fine_grained(&text).owner(BOT).resource_owner("acme").expires_in_days(60);
    let host = bench.host(acme().token(token));
    bench.credential("bot", &host, &text, r#"repositories = ["acme/nowhere"]"#);
    bench.policy(
        "host github {\n  rule write {\n    require token.permissions covers { statuses = write }\n  }\n  rule seen {\n    \
         require repository.archived == false\n  }\n}\n",
    );
    bench.check(&[]).exits(1).shows("repository-visible").hides("`--probe` decides");
}

#[test]
fn a_refusal_reaches_the_facts_that_are_computed() {
    let pages: [(&str, &str); 3] = [
        ("200 OK", "<html><h1>Sign in</h1></html>"),
        ("302 Found", "<html>moved to the sign-on page</html>"),
        ("502 Bad Gateway", "<html>bad gateway</html>"),
    ];
    for kind in ["github", "gitlab", "bitbucket_server"] {
        for (status, page) in pages {
            let host = Hostile::answering(move |_| answer(status, &[("content-type", "text/html")], page));
            let mut bench = Bench::new();
            let token = format!("{:x}", Sha256::digest(kind));
            let token: String = token.chars().take(36).collect();
            let more = r#"repositories = ["acme/infra"]"#;
            bench.credential_of(kind, "bot", (&host.url(), &host.url()), &token, more);
            bench.policy(&format!("host {kind} {{\n  require repository.can covers [push]\n}}\n"));
            let report = bench.check(&["--format", "json"]).ends().json();
            let outcome = &report["outcomes"][0];
            let reason = outcome["message"].as_str().unwrap();
            let named = outcome["cause"] == "not-reachable" || reason.contains("sign-on page");
            assert!(named && !reason.contains("does not tell"), "{kind} {status}\n{outcome:#}");
        }
    }
}

#[test]
fn a_sign_on_page_and_a_proxys_demand_are_named_whatever_the_tokens_shape() {
    let rules = "require token.active\n  require user.username == \"x\"\n  require token.scopes covers";
    for (kind, rules) in [
        ("github", format!("{rules} [\"repo\"]")),
        ("gitea", format!("{rules} [\"read:user\"]")),
        ("bitbucket_cloud", "require user.two_factor\n  require user.username == \"x\"".to_owned()),
    ] {
        for (status, page, named) in [
            ("200 OK", "<html><title>Sign in</title></html>", "sign-on page"),
            ("407 Proxy Authentication Required", "", "asks for a user and a password of its own"),
        ] {
            let host = Hostile::answering(move |_| answer(status, &[("content-type", "text/html")], page));
            let mut bench = Bench::new();
            let token: String = format!("opaque-{:x}", Sha256::digest("shapeless")).chars().take(37).collect();
            let more = "username = \"bot\"\nrepositories = [\"acme/infra\"]";
            bench.credential_of(kind, "bot", (&host.url(), &host.url()), &token, more);
            bench.policy(&format!("host {kind} {{\n  {rules}\n}}\n"));
            let report = bench.check(&["--format", "json"]).ends().json();
            for outcome in report["outcomes"].as_array().unwrap() {
                assert!(outcome["message"].as_str().unwrap().contains(named), "{kind} {status}\n{outcome:#}");
            }
            bench.check(&[]).ends().hides("run it again when the host answers");
        }
    }
}

#[test]
fn a_refusal_is_told_while_the_kind_is_open() {
    let words = "Access denied. Your address is not on this workspace's list";
    let host = Hostile::answering(move |_| {
        let body = serde_json::json!({ "type": "error", "error": { "message": words } });
        answer("403 Forbidden", &[("content-type", "application/json")], body.to_string())
    });
    let mut bench = Bench::new();
    // A text that may be of several kinds.
    let token: String = format!("{:x}", Sha256::digest("open")).chars().take(30).collect();
    let more = "username = \"bot\"\nrepositories = [\"acme/infra\"]";
    bench.credential_of("bitbucket_cloud", "bot", (&host.url(), &host.url()), &token, more);
    bench.policy("host bitbucket_cloud {\n  require repository.permission >= write\n  require user.two_factor\n}\n");
    let report = bench.check(&["--format", "json"]).exits(3).json();
    for outcome in report["outcomes"].as_array().unwrap() {
        let told = outcome["message"].as_str().unwrap().contains("is not on this workspace's list");
        assert!(outcome["cause"] == "not-permitted" && told, "{outcome:#}");
    }
}

#[test]
fn a_member_of_a_set_or_map_gets_the_comparison_to_write() {
    let bench = Bench::new();
    for (written, help) in [
        ("token.permissions.contents == write", "write `token.permissions covers { contents = read }`"),
        ("token.scopes.repo", "write `token.scopes covers [\"repo\"]`"),
        ("repository.can.push", "write `repository.can covers [push]`"),
        ("repository.can covers push", "write `[push]`"),
        ("token.permissions covers contents", "write the value"),
    ] {
        bench.policy(&format!("host github {{\n  require {written}\n}}\n"));
        bench.run(&["lint", "check.pol"]).exits(4).shows(help);
    }
    let ended = bench.run(&["explain", "token.scopse"]).saying_anything().exits(2);
    assert!(ended.stderr.contains("did you mean `token.scopes`?"), "{}", ended.stderr);
}

#[test]
fn a_policy_given_as_settings_is_one_mistake() {
    let bench = Bench::new();
    bench.file("team/team.pol", "host github {\n  require token.active\n}\n");
    bench.file("operator/policy", "# Ours.\nhost github, gitlab {\n  require token.active\n}\n");
    bench.file("operator/broken.toml", "[[credential]\nname = \"x\"\n");
    for (settings, told) in [("team.pol", true), ("../operator/policy", true), ("../operator/broken.toml", false)] {
        let ended = bench.run(&["team.pol", "--config", settings]).saying_anything().exits(4);
        assert_eq!(ended.stderr.contains("looks like a policy"), told, "{}", ended.stderr);
        assert_eq!(ended.stderr.matches("C0501").count(), 1, "{}", ended.stderr);
        assert_eq!(ended.stderr.contains("this is not TOML"), !told, "{}", ended.stderr);
    }
}

#[test]
fn blanks_around_names_of_credentials_do_not_count() {
    let (bench, _host) = Bench::usual("host github {\n  require token.active\n}\n");
    bench.check(&["--credential", "bot, b*"]).exits(0);
    bench.check(&["--credential", " bot "]).exits(0);
    bench.check(&["--credential", "bot,"]).says("`--credential ` matches no credential").exits(2);
}

#[test]
fn wrong_names_of_ready_made_policies_are_told_the_nearest_and_all() {
    let bench = Bench::new();
    for (arguments, code) in
        [(&["builtin:renovat"][..], 4), (&["builtins", "renovat"], 2), (&["init", "--bot", "renovat"], 2)]
    {
        let ended = bench.run(arguments).saying_anything().exits(code);
        for text in ["renovate`?", "semantic-release`"] {
            assert!(ended.stderr.contains(text), "{arguments:?}: {}", ended.stderr);
        }
    }
    for policy in ["atlantis", "builtin:atlantis"] {
        let ended = bench.run(&["builtins", policy]).exits(0);
        assert!(ended.stdout.starts_with("builtin:atlantis\n") && ended.stdout.contains("renew_before"), "{policy}");
    }
    assert!(bench.run(&["builtins"]).exits(0).stdout.contains("builtin:semantic-release"));
}

#[test]
fn facts_of_a_credential_that_is_not_asked_or_not_taken_begin_with_why() {
    let mut bench = Bench::new();
    let host = bench.host(acme().token(good(&classic("taken"))));
    bench.credential("gone", &host, "", "");
    bench.credential("dead", &host, &classic("dead"), "");
    let ended = bench.run(&["facts"]).saying_anything().exits(3);
    for text in ["it has no secret: the environment variable `TOKEN_0`", "it is not accepted (401", "help: "] {
        assert!(ended.stdout.contains(text), "{text}\n{}", ended.stdout);
    }
    let (first, _) = ended.stdout.split_once("`dead`").unwrap();
    assert!(!first.contains("token.scopes"), "what is not asked is no list of unknowns\n{first}");
}
