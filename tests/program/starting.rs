//! `credcheck init`: what it writes is valid, in the one style and tested; from a live credential it is satisfied by that
//! credential, whatever the host says.

use credcheck::language::{BUILTIN, excerpt};
use credcheck::simulator::github::{
    Access, App, Installation, Level, Organization, OrganizationRole, Repository, Token, User, World,
};
use credcheck::vocabulary;

use crate::bench::{BOT, Bench, INFRA, acme, classic, fake, good, now};
use crate::hostile::{HEADERS, Hostile, answer, repository, right, user};

/// What a written policy must stand: the one style, no lint, and its own tests.
#[track_caller]
fn stands(bench: &Bench, file: &str) {
    bench.run(&["fmt", "--check", file]).exits(0);
    let linted = bench.run(&["lint", file, "--format", "json"]).exits(0).json();
    assert_eq!(linted["diagnostics"], serde_json::json!([]), "{file}");
    bench.run(&["test", file]).saying_anything().exits(0);
}

/// Writes a policy from what the bench's credentials have, which they must satisfy: nothing wrong, nothing open.
#[track_caller]
fn from_live(bench: &Bench) -> String {
    bench.run(&["init", "--from-live", "--output", "start.pol", "--force"]).saying_anything().exits(0);
    stands(bench, "start.pol");
    let ended = bench.run(&["start.pol", "--strict", "--format", "json"]).exits(0);
    let summary = &ended.json()["summary"];
    assert_eq!(summary["decided"], summary["total"], "{}", ended.stdout);
    bench.read("team/start.pol")
}

#[track_caller]
fn has(policy: &str, lines: &[&str]) {
    for line in lines {
        assert!(policy.lines().any(|have| have.trim() == *line), "no line is `{line}`:\n{policy}");
    }
}

#[test]
fn every_bot_and_host_gets_a_policy_that_stands() {
    let bench = Bench::new();
    for (bot, text) in BUILTIN {
        let hosts = excerpt(text, &[]).speaks_of;
        assert!(!hosts.is_empty(), "{bot}");
        bench.run(&["init", "--bot", bot, "--output", "all.pol", "--force"]).saying_anything().exits(0);
        stands(&bench, "all.pol");
        for host in hosts {
            let ended = bench.run(&["init", "--bot", bot, "--host", host.word()]).saying_anything().exits(0);
            bench.file("team/one.pol", &ended.stdout);
            stands(&bench, "one.pol");
            let others = ["github", "gitlab", "bitbucket_cloud", "bitbucket_server"];
            for other in others.into_iter().filter(|other| *other != host.word()) {
                assert!(!ended.stdout.contains(&format!("given host {other}\n")), "{bot} on {host:?}");
                assert!(!ended.stdout.lines().any(|line| line.starts_with("host ") && line.contains(other)));
            }
        }
    }
}

#[test]
fn without_a_bot_the_general_policy_is_written() {
    let bench = Bench::new();
    let general = bench.run(&["init"]).saying_anything().exits(0);
    assert_eq!(general.stdout, bench.run(&["init", "--bot", "builtin:general"]).saying_anything().exits(0).stdout);
    let quiet = bench.run(&["init", "--quiet", "--host", "gitlab", "--host", "github"]).exits(0);
    quiet.shows("host github, gitlab {").hides("bitbucket");
}

#[test]
fn what_cannot_be_is_said() {
    let bench = Bench::new();
    let usage = |arguments: &[&str], says: &str| {
        let all: Vec<&str> = ["init"].iter().chain(arguments).copied().collect();
        assert_eq!(bench.run(&all).says(says).exits(2).stdout, "");
    };
    usage(&["--bot", "renovat"], "did you mean `renovate`?");
    usage(&["--bot", "zzzzzzzzzz"], "there are `argocd`, ");
    usage(&["--host", "githbu"], "did you mean `github`?");
    usage(&["--bot", "backstage", "--host", "gitlab"], "says nothing of `gitlab`");
    usage(&["--repository", INFRA], "no credential is read without `--from-live`");
    usage(&["--bot", "flux", "--from-live"], "cannot be used with");
    usage(&["--force"], "--output");
}

#[test]
fn a_file_that_is_there_stays() {
    let bench = Bench::new();
    bench.file("team/mine.pol", "# mine\n");
    for format in ["human", "json"] {
        let arguments = ["init", "--output", "mine.pol", "--format", format];
        let ended = bench.run(&arguments).saying_anything().exits(5);
        assert!(format!("{}{}", ended.stdout, ended.stderr).contains("`mine.pol` is there already"));
        assert_eq!(bench.read("team/mine.pol"), "# mine\n");
    }
    bench.run(&["init", "--output", "mine.pol", "--force"]).says("wrote mine.pol\n").exits(0);
    stands(&bench, "mine.pol");
    bench.run(&["init", "--output", "no/such/folder.pol"]).says("could not be written").exits(5);
}

#[test]
fn a_classic_token_satisfies_what_is_written_of_it() {
    let mut bench = Bench::new();
    let token = classic("start");
    let world = acme().token(
        Token::classic(&token).owner(BOT).scopes(["repo", "public_repo", "admin:org", "gist"]).expires_in_days(90),
    );
    let host = bench.host(world);
    bench.credential("bot", &host, &token, r#"repositories = ["acme/infra"]"#);
    let policy = from_live(&bench);
    has(
        &policy,
        &[
            "require token.kind == classic",
            r#"require token.scopes covers ["admin:org", "gist", "repo"]"#,
            r#"prefer  token.scopes within ["admin:org", "gist", "repo"]"#,
            r#"require user.username == "acme-bot""#,
            "forbid  user.site_admin",
            "require token.expires_in >= 7d",
            "prefer  token.expires_in <= 366d",
            "require repository.permission >= write",
            "prefer  repository.permission <= write",
            "forbid  repository.archived",
            "require organization.role >= member",
            "host github {",
        ],
    );
    assert!(!policy.contains("user.is_bot\n"), "it is none, which nobody demands:\n{policy}");

    // Less of anything is seen, more of it too.
    let less = bench.host(acme().token(Token::classic(&token).owner(BOT).scopes(["repo", "gist"]).expires_in_days(90)));
    let more = bench.host(
        acme()
            .token(Token::classic(&token).owner(BOT).scopes(["repo", "admin:org", "gist", "user"]).expires_in_days(3)),
    );
    let text = bench.read("team/start.pol");
    for (name, host, verdict) in [("less", less, "scopes violation"), ("more", more, "scopes warning")] {
        let mut bench = Bench::new();
        bench.credential(name, &host, &token, r#"repositories = ["acme/infra"]"#);
        bench.policy(&text);
        let verdicts = bench.check(&["--format", "json"]).exits(1).verdicts();
        assert!(verdicts.iter().any(|have| have == verdict), "{name}: {verdicts:?}");
    }
}

#[test]
fn each_kind_of_token_satisfies_what_is_written_of_it() {
    let kinds = [
        "fine_grained",
        "oauth_app",
        "app_user",
        "app_installation",
        "no scopes",
        "no repository",
        "endless",
        "ending",
    ];
    for kind in kinds {
        let mut bench = Bench::new();
        let prefix = match kind {
            "fine_grained" => "github_pat",
            "oauth_app" => "gho",
            "app_user" => "ghu",
            "app_installation" => "ghs",
            _ => "ghp",
        };
        let text = fake(prefix, kind);
        let world = acme();
        let installed = Installation::new(7, "acme-app", "acme")
            .permissions([("metadata", Access::Read), ("contents", Access::Write)]);
        let world = match kind {
            "fine_grained" => world.token(
                Token::fine_grained(&text)
                    .owner(BOT)
                    .resource_owner("acme")
                    .permissions([("contents", Access::Read)])
                    .expires_in_days(30),
            ),
            "oauth_app" => {
                world.token(Token::oauth_app(&text, "178c6fc778ccc68e1d6a").owner(BOT).scopes(["repo", "read:org"]))
            }
            "app_user" => world.app(App::new("acme-app")).installation(installed).token(
                Token::app_user(&text, "acme-app").owner(BOT).expires_at(now() + jiff::SignedDuration::from_hours(8)),
            ),
            "app_installation" => {
                world.app(App::new("acme-app")).installation(installed).token(Token::installation(&text, 7))
            }
            "no scopes" => world.token(Token::classic(&text).owner(BOT).expires_in_days(90)),
            "ending" => world.token(Token::classic(&text).owner(BOT).scopes(["repo"]).expires_in_days(3)),
            "endless" => world.token(Token::classic(&text).owner(BOT).scopes(["repo"])),
            _ => world.token(good(&text)),
        };
        let host = bench.host(world);
        let scope = if kind == "no repository" { "" } else { r#"repositories = ["acme/infra"]"# };
        bench.credential("bot", &host, &text, scope);
        let policy = from_live(&bench);
        let lines: &[&str] = match kind {
            "fine_grained" => &["require token.kind == fine_grained", "require token.expires_in >= 7d"],
            "oauth_app" => {
                &[r#"require token.oauth_client == "178c6fc778ccc68e1d6a""#, "require token.expires_in >= 7d"]
            }
            "app_user" => &["require token.kind == app_user", "require token.lifetime == short_lived"],
            "app_installation" => &["require user.is_bot", r#"require app.slug == "acme-app""#],
            "no scopes" => &["prefer  token.scopes within []"],
            "no repository" => &["require token.kind == classic"],
            "endless" => &[
                "require token.expires_in >= 7d",
                "# `token.expires_at`: it never ends; `prefer token.expires_in <= 366d` would ask for an end",
            ],
            _ => &["require token.kind == classic"],
        };
        has(&policy, lines);
        let ends = policy.contains("require token.expires_in");
        assert_eq!(ends, !matches!(kind, "ending" | "app_user" | "app_installation"), "{kind}:\n{policy}");
        assert_eq!(
            policy.contains("repository.permission >="),
            !matches!(kind, "app_installation" | "no repository" | "no scopes"),
            "{kind}:\n{policy}"
        );
        if kind == "fine_grained" {
            has(&policy, &["# Not demanded, and why:"]);
        }
    }
}

#[test]
fn repositories_that_differ_and_several_credentials_each_get_their_rules() {
    let mut bench = Bench::new();
    let (one, two) = (classic("one"), classic("two"));
    let world = acme()
        .organization(Organization::new("globex").member(BOT, OrganizationRole::Admin))
        .repository(Repository::new("acme/live").private().collaborator(BOT, Level::Admin))
        .repository(Repository::new("globex/app").private().archived().collaborator(BOT, Level::Read))
        .token(good(&one))
        .token(Token::classic(&two).owner(BOT).scopes(["read:org", "repo"]).expires_in_days(400));
    let host = bench.host(world);
    bench.credential("one", &host, &one, r#"repositories = ["acme/infra", "acme/live", "globex/app"]"#);
    bench.credential("two.b-1", &host, &two, r#"repositories = ["acme/infra", "nobody/knows"]"#);
    bench.run(&["init", "--from-live", "--output", "start.pol"]).saying_anything().exits(0);
    stands(&bench, "start.pol");
    let policy = bench.read("team/start.pol");
    has(
        &policy,
        &[
            r#"host github credential "one" {"#,
            r#"each repository in ["acme/infra"] {"#,
            r#"each repository in ["acme/live"] {"#,
            r#"rule role-2 "the role that the account has today" {"#,
            r#"rule scopes-2 "the scopes that it has today" {"#,
            r#"each organization in ["globex"] {"#,
            r#"host github credential "two.b-1" {"#,
        ],
    );
    // A repository that nobody sees is a built-in rule's, and stays one.
    let ended = bench.run(&["start.pol", "--credential", "one", "--format", "json"]).exits(0);
    assert_eq!(ended.json()["summary"]["violations"], 0);
}

#[test]
fn a_credential_that_tells_nothing_gives_no_policy() {
    let mut bench = Bench::new();
    let token = classic("dead");
    let host = bench.host(acme());
    bench.credential("bot", &host, &token, "");
    let ended = bench.run(&["init", "--from-live", "--output", "start.pol"]).says("nothing was learnt").exits(3);
    assert_eq!(ended.stdout, "");
    assert!(!bench.path("team/start.pol").exists());
    let ended = bench.run(&["init", "--from-live", "--format", "json"]).exits(3);
    assert_eq!(ended.json()["policy"], serde_json::Value::Null);
    // One that does and one that does not: a policy of the first.
    let alive = classic("alive");
    let host = bench.host(acme().token(good(&alive)));
    bench.credential("alive", &host, &alive, "");
    let ended = bench.run(&["init", "--from-live"]).says("nothing is demanded of `bot`").exits(0);
    ended.shows("host github credential \"alive\" {").hides("credential \"bot\"");
}

/// Names that hosts should not have: they end strings, lines, comments and rules, command CI systems, read backwards,
/// look like tokens, or are long.
fn hostile_names() -> Vec<String> {
    vec![
        "\"] }\nhost gitlab { forbid token.active }\n#".to_owned(),
        "a\" because \"b".to_owned(),
        "${HOME} #{x} {{y}} \\u0041 \\".to_owned(),
        "##vso[task.setvariable variable=x]y\n::set-output name=a::b".to_owned(),
        "\u{202e}toob\u{200b}\u{1b}[2J\u{0}\u{9b}\u{e0041}\u{feff}\u{2028}x\r\ny".to_owned(),
        fake("ghp", "somebody else's"),
        "x".repeat(5_000),
        "*?[a-z]'`~".to_owned(),
        "\u{1f600} \u{e9}\u{301} \u{4f60}".to_owned(),
        String::new(),
    ]
}

#[test]
fn a_hostile_host_gets_neither_a_broken_policy_nor_a_word_of_its_own() {
    for (at, name) in hostile_names().into_iter().enumerate() {
        let token = classic(&format!("hostile-{at}"));
        let said = name.clone();
        let host = Hostile::answering(move |head| {
            let scopes: String = said.chars().filter(|c| c.is_ascii_graphic() || *c == ' ').take(200).collect();
            let scopes = format!("repo, future:scope, {scopes}");
            let mut headers = HEADERS;
            headers[1].1 = &scopes;
            let quoted = serde_json::json!({ "login": said, "id": 1, "type": "User", "site_admin": false, "name": said, "email": said });
            match head.line.as_str() {
                "GET /user" => answer("200 OK", &headers, quoted.to_string()),
                "GET /repos/acme/infra" => answer("200 OK", &headers, repository(INFRA)),
                _ => right(head),
            }
        });
        let mut bench = Bench::new();
        bench.credential_at("bot", &host.url(), &host.url(), &token, r#"repositories = ["acme/infra"]"#);
        let policy = from_live(&bench);
        assert_eq!(policy.matches("\nhost ").count(), 1, "{name:?}\n{policy}");
        if name.is_empty() {
            // An answer that makes no sense tells nothing.
            has(&policy, &["# - `token.scopes`: the field `login` of the answer is not a text"]);
            continue;
        }
        has(&policy, &[r#"require token.scopes covers ["repo"]"#]);
        assert!(!policy.contains("token.scopes within"), "what is not in the tables may be anything\n{policy}");
        assert!(policy.contains("future:scope"), "it is said, at least\n{policy}");
        let code = policy.lines().filter(|line| !line.trim_start().starts_with('#'));
        assert!(code.into_iter().all(|line| !line.contains("${")), "{policy}");
        let json = bench.run(&["init", "--from-live", "--format", "json"]).exits(0).json();
        assert!(json["policy"].as_str().unwrap().contains("token.kind == classic"));
    }
}

#[test]
fn a_host_that_sends_the_secret_back_does_not_get_it_into_the_policy() {
    let token = classic("mirror");
    let echoed = token.clone();
    let host = Hostile::answering(move |head| match head.line.as_str() {
        "GET /user" => answer("200 OK", &HEADERS, user(&echoed)),
        "GET /repos/acme/infra" => answer("200 OK", &HEADERS, repository(INFRA)),
        _ => right(head),
    });
    let mut bench = Bench::new();
    bench.credential_at("bot", &host.url(), &host.url(), &token, r#"repositories = ["acme/infra"]"#);
    let policy = from_live(&bench);
    has(&policy, &["# - `user.username`: its value is not one to write into a policy"]);
}

#[test]
fn the_server_and_the_account_may_be_anything() {
    let mut bench = Bench::new();
    let token = classic("server");
    let world = World::new(now())
        .enterprise_server("3.14.2")
        .user(User::new(BOT).two_factor(false).site_admin())
        .organization(Organization::new("acme"))
        .repository(Repository::new(INFRA))
        .token(Token::classic(&token).owner(BOT).scopes(["user", "site_admin"]).expires_in_days(20));
    let host = bench.host(world);
    bench.credential("bot", &host, &token, r#"repositories = ["acme/infra"]"#);
    let policy = from_live(&bench);
    has(
        &policy,
        &[
            "# - `user.two_factor`: it is false today",
            "# - `user.site_admin`: it is true today",
            r#"require token.scopes covers ["site_admin", "user"]"#,
        ],
    );
}

#[test]
fn a_settings_file_is_written_and_what_stands_in_it_is_valid() {
    let mut bench = Bench::new();
    bench.run(&["init", "--config", "s.toml"]).says("wrote s.toml").exits(0);
    let text = bench.read("team/s.toml");
    assert!(text.lines().all(|line| line.is_empty() || line.starts_with('#')), "{text}");
    let taken: Vec<&str> =
        text.lines().filter_map(|line| line.strip_prefix('#')).filter(|line| !line.starts_with(' ')).collect();
    bench.file("taken.toml", taken.join("\n"));
    bench.variable("BOT_TOKEN", "nobody-knows-this-one");
    bench.policy("host github {\n  require token.scopes covers [\"repo\"]\n}\n");
    let plan = bench.run(&["plan", "check.pol", "--config", "../taken.toml"]).saying_anything().exits(0).stdout;
    for host in vocabulary::HOSTS {
        assert!(plan.contains(&format!("{}-bot", host.word.replace('_', "-"))), "{plan}");
    }
    // One host alone.
    bench.run(&["init", "--config", "one.toml", "--host", "gitea"]).says("wrote").exits(0);
    let one = bench.read("team/one.toml");
    assert!(one.contains("gitea-bot") && !one.contains("github-bot"), "{one}");
}

#[test]
fn a_settings_file_that_is_there_stays() {
    let bench = Bench::new();
    bench.file("team/s.toml", "mine");
    bench.run(&["init", "--config", "s.toml"]).says("is there already").exits(5);
    assert_eq!(bench.read("team/s.toml"), "mine");
    bench.run(&["init", "--config", "s.toml", "--force"]).says("wrote").exits(0);
    bench.run(&["init", "--config", "t.toml", "--bot", "atlantis"]).says("no policy beside it").exits(2);
    bench.run(&["init", "--config", "t.toml", "--credential", "x"]).says("--from-live").exits(2);
    bench.run(&["init", "--config", "-"]).says("names no file").exits(2);
    bench.run(&["init", "--force"]).says("writes over nothing").exits(2);
    bench.run(&["init", "--config", "no/such/folder/s.toml"]).says("could not be written").exits(5);
}

#[test]
fn several_credentials_are_named_at_once() {
    let mut bench = Bench::new();
    let names = ["bot", "second", "third"];
    let host = bench.host(names.iter().fold(acme(), |world, name| world.token(good(&classic(name)))));
    for name in names {
        bench.credential(name, &host, &classic(name), "");
    }
    bench.policy("host github {\n  require token.scopes covers [\"repo\"]\n}\n");
    bench.check(&["--credential", "bot,th*"]).exits(0).shows("decided 2 of 2");
    bench.check(&["--credential", "bot,nobody"]).says("`--credential nobody` matches no credential").exits(2);
}
