//! What lies above a repository, and beside it: webhooks of its owner, when a role ends, what jobs may, and invitations.

use std::sync::Arc;

use credcheck::simulator::github::{Access, App, Fault, Hook, Installation, Level, Organization, OrganizationRole};
use credcheck::simulator::github::{Repository, Token, World};
use credcheck::simulator::{Answer, bitbucket_cloud, bitbucket_server, gitea, gitlab};
use serde_json::Value as Json;

use crate::bench::{BOT, Bench, acme, classic, fake, good, now, paths};

/// Whether a list has a webhook of Atlantis', demanded and forbidden.
fn hooks(host: &str, fact: &str) -> String {
    let body = format!("any hook in {fact} satisfies (hook.url like \"*/events*\")");
    format!("host {host} {{\n  require {body}\n  forbid  {body}\n}}\n")
}

/// The outcomes of both statements, with their causes.
fn said(report: &Json) -> [String; 2] {
    let mut outcomes: Vec<&Json> = report["outcomes"].as_array().unwrap().iter().collect();
    outcomes.retain(|outcome| !outcome["statement"].is_null());
    assert_eq!(outcomes.len(), 2, "{report:#}");
    outcomes.sort_by_key(|outcome| outcome["policy"]["line"].as_u64());
    let word = |outcome: &&Json| match outcome["cause"].as_str() {
        Some(cause) => cause.to_owned(),
        None => outcome["outcome"].as_str().unwrap().to_owned(),
    };
    [word(&outcomes[0]), word(&outcomes[1])]
}

fn present() -> [String; 2] {
    ["pass".to_owned(), "violation".to_owned()]
}

fn absent() -> [String; 2] {
    ["violation".to_owned(), "pass".to_owned()]
}

fn open(cause: &str) -> [String; 2] {
    [cause.to_owned(), cause.to_owned()]
}

/// So many letters of a made-up secret.
fn letters(word: &str, count: usize) -> String {
    fake("x", word).trim_start_matches("x_").chars().take(count).collect()
}

const INFRA: &str = r#"repositories = ["acme/infra"]"#;
const EVENTS: [&str; 4] = ["pull_request", "push", "issue_comment", "pull_request_review"];
const URL: &str = "https://atlantis.example.com/events?key=not-to-be-shown";

fn hook() -> Hook {
    Hook::new(URL, EVENTS)
}

/// What a token of these scopes, of an owner, is told of the webhooks of an organisation.
fn of_classic(organization: Organization, scopes: &[&str], change: impl FnOnce(World) -> World) -> [String; 2] {
    let mut bench = Bench::new();
    let token = classic("above");
    let world = acme()
        .organization(organization.member(BOT, OrganizationRole::Admin))
        .token(Token::classic(&token).owner(BOT).scopes(scopes.iter().copied()));
    let host = bench.host(change(world));
    bench.credential("bot", &host, &token, INFRA);
    bench.policy(&hooks("github", "organization.webhooks"));
    said(&bench.check(&["--format", "json"]).ends().json())
}

/// The same of an App's installation.
fn of_installation(organization: Organization, granted: bool, change: impl FnOnce(World) -> World) -> [String; 2] {
    let mut bench = Bench::new();
    let token = fake("ghs", "above");
    let installed = Installation::new(41, "acme-atlantis", "acme");
    let permissions = granted.then_some(("organization_hooks", Access::Read));
    let world = acme()
        .organization(organization)
        .app(App::new("acme-atlantis"))
        .installation(installed.permissions(permissions))
        .token(Token::installation(&token, 41));
    let host = bench.host(change(world));
    bench.credential("app", &host, &token, INFRA);
    bench.policy(&hooks("github", "organization.webhooks"));
    said(&bench.check(&["--format", "json"]).ends().json())
}

#[test]
fn github_shows_all_webhooks_of_an_organisation_to_installations_alone() {
    let plain = |world| world;
    let acme = || Organization::new("acme");
    assert_eq!(of_installation(acme().hook(hook()), true, plain), present());
    assert_eq!(of_installation(acme(), true, plain), absent());
    assert_eq!(of_installation(acme().hook(hook()), false, plain), open("not-permitted"));
    let scopes = ["repo", "admin:org_hook"];
    assert_eq!(of_classic(acme().hook(hook()), &scopes, plain), present(), "what is seen is there");
    assert_eq!(of_classic(acme(), &scopes, plain), open("not-revealable"), "an app may have made another");
    assert_eq!(of_classic(acme().hook(hook().made_by("0123456789abcdef0123")), &scopes, plain), open("not-revealable"));
    assert_eq!(of_classic(acme().hook(hook()), &["repo"], plain), open("not-permitted"));
    let many = (0..101).fold(acme(), |all, n| all.hook(Hook::new(&format!("https://h{n}.example.com/x"), ["push"])));
    assert_eq!(of_installation(many, true, plain), open("incomplete"));
    for fault in [Fault::TruncatedJson, Fault::NotJson] {
        let broken = |world: World| world.fault_on("/orgs/acme/hooks", 9, fault.clone());
        assert_eq!(of_installation(acme().hook(hook()), true, broken), open("malformed"), "{fault:?}");
    }
}

#[test]
fn the_webhooks_of_an_owner_are_asked_for_once_and_a_users_account_has_none() {
    let mut bench = Bench::new();
    let token = classic("owners");
    let mine = Repository::new(&format!("{BOT}/tools")).private();
    let world = acme()
        .token(good(&token))
        .repository(Repository::new("acme/live").private().collaborator(BOT, Level::Write))
        .repository(mine);
    let host = bench.host(world);
    bench.credential("bot", &host, &token, &format!(r#"repositories = ["acme/infra", "acme/live", "{BOT}/tools"]"#));
    bench.policy(&hooks("github", "organization.webhooks"));
    let report = bench.check(&["--format", "json"]).exits(1).json();
    let outcomes = report["outcomes"].as_array().unwrap();
    let of = |owner: &str| -> Vec<&str> {
        let own = outcomes.iter().filter(|outcome| outcome["organization"] == owner);
        own.map(|outcome| outcome["outcome"].as_str().unwrap()).collect()
    };
    assert_eq!((of("acme"), of(BOT)), (vec!["undetermined"; 2], vec!["violation", "pass"]));
    let asked = paths(&host);
    for path in ["/orgs/acme/hooks", "/users/acme", &format!("/orgs/{BOT}/hooks"), &format!("/users/{BOT}")] {
        let is_it = |one: &&String| one.split('?').next() == Some(&format!("GET {path}"));
        assert_eq!(asked.iter().filter(is_it).count(), 1, "{path} of {asked:?}");
    }
    assert_eq!(asked.len(), 4, "{asked:?}");
}

#[test]
fn atlantis_is_told_by_a_webhook_of_the_organisation_and_the_report_says_so() {
    let mut bench = Bench::new();
    let token = classic("one-above");
    let organization = Organization::new("acme").member(BOT, OrganizationRole::Admin);
    let world = acme()
        .organization(organization.hook(Hook::new("http://old.example.com/x", ["push"])).hook(hook()))
        .repository(Repository::new("acme/infra").private().collaborator(BOT, Level::Admin))
        .token(Token::classic(&token).owner(BOT).scopes(["repo", "admin:org_hook"]));
    let host = bench.host(world);
    bench.credential("bot", &host, &token, INFRA);
    fn run<'a>(more: &[&'a str]) -> Vec<&'a str> {
        [&["builtin:atlantis-webhooks"], more].concat()
    }
    let report = bench.run(&run(&["--format", "json"])).exits(0).json();
    let there = report["outcomes"].as_array().unwrap().iter().find(|one| one["rule"] == "github.hook-there").unwrap();
    let message = there["message"].as_str().unwrap();
    assert!(message.ends_with("`organization.webhooks`, item 2 of 2 (`https://atlantis.example.com/…`)"), "{message}");
    assert!(!report.to_string().contains("not-to-be-shown"), "queries of addresses may hold secrets");
    bench.run(&run(&["-v"])).saying_anything().exits(0).shows("by `organization.webhooks`, item 2 of 2");
    let before = paths(&host).len();
    bench.run(&run(&["--set", "webhooks_above=false"])).exits(1).shows("hook-there");
    assert!(!paths(&host)[before..].iter().any(|path| path.contains("/orgs/")), "what cannot count is not asked for");
}

#[test]
fn every_event_is_every_event_to_each_operator() {
    let bench = Bench::new();
    let holds = [
        r#"hook.events covers ["push", "status"]"#,
        r#"hook.events overlaps ["status"]"#,
        r#"any e in hook.events satisfies (e == "push")"#,
        r#"any e in hook.events satisfies (e in ["status", "push"])"#,
        r#"any e in hook.events satisfies (e != "push")"#,
        r#"any e in hook.events satisfies (e like "push")"#,
        r#"any e in hook.events satisfies (e like "*")"#,
        "count(hook.events) >= 1",
        r#"hook.events within ["*"]"#,
        "hook.events is not absent",
    ];
    let fails = [
        r#"hook.events within ["push"]"#,
        r#"all e in hook.events satisfies (e in ["push", "status"])"#,
        r#"all e in hook.events satisfies (e != "status")"#,
        r#"all e in hook.events satisfies (e like "pull_*")"#,
        r#"any e in hook.events satisfies (e == "push" and e == "status")"#,
        "count(hook.events) == 0",
    ];
    let leaves_open = [
        r#"any e in hook.events satisfies (e like "pull_*")"#,
        r#"all e in hook.events satisfies (not e like "pull_*")"#,
        r#"any e in hook.events satisfies (e matches "pull_.+")"#,
        "count(hook.events) == 1",
    ];
    let mut text = "host github {\n".to_owned();
    let mut tests = String::new();
    for (word, bodies) in [("pass", &holds[..]), ("violation", &fails[..]), ("undetermined", &leaves_open[..])] {
        for (at, body) in bodies.iter().enumerate() {
            text.push_str(&format!(
                "  rule {word}-{at} {{ require any hook in repository.webhooks satisfies ({body}) }}\n"
            ));
            tests.push_str(&format!("  expect {word} of {word}-{at}\n"));
        }
    }
    let every = r#"  given repository.webhooks = [{ url = "https://a.example.com/x", active = true, events = ["*"] }]"#;
    let head = "}\n\ntest \"every event\" {\n  given host github\n  given repository \"acme/infra\"\n";
    bench.policy(&format!("{text}{head}{every}\n{tests}}}\n"));
    bench.run(&["test", "check.pol"]).exits(0).shows("1 passed");
    // A host that names each event has none of this name.
    let other = r#"
host bitbucket_cloud {
  rule named { require any hook in repository.webhooks satisfies (hook.events covers ["repo:push"]) }
}

test "a star is no event there" {
  given host bitbucket_cloud
  given repository "acme/infra"
  given repository.webhooks = [{ url = "https://a.example.com/x", active = true, events = ["*"] }]
  expect violation of named
}
"#;
    bench.policy(other);
    bench.run(&["test", "check.pol"]).exits(0).shows("1 passed");
    bench.policy("host github { require any hook in repository.webhooks satisfies (\"push\" in hook.events) }\n");
    bench.check(&[]).says("write `hook.events covers [\"push\"]`").exits(4);
}

#[test]
fn what_the_tokens_of_jobs_may_is_shown_to_admins() {
    let policy =
        "host github {\n  require repository.job_permissions == read\n  require repository.job_pull_requests\n}\n";
    let of = |repository: Repository, change: &dyn Fn(World) -> World| {
        let mut bench = Bench::new();
        let token = classic("jobs");
        let host = bench.host(change(acme().repository(repository).token(good(&token))));
        bench.credential("bot", &host, &token, r#"repositories = ["acme/live"]"#);
        bench.policy(policy);
        said(&bench.check(&["--format", "json"]).ends().json())
    };
    let infra = |level| Repository::new("acme/live").private().collaborator(BOT, level);
    let plain = |world| world;
    assert_eq!(of(infra(Level::Admin), &plain), ["pass", "violation"], "the host's own default");
    assert_eq!(of(infra(Level::Admin).jobs_write().jobs_open_pull_requests(), &plain), ["violation", "pass"]);
    assert_eq!(of(infra(Level::Write), &plain), open("not-permitted"));
    let path = "/repos/acme/live/actions/permissions/workflow";
    let broken = |world: World| world.fault_on(path, 9, Fault::NotJson);
    assert_eq!(of(infra(Level::Admin), &broken), open("malformed"));
    let down = |world: World| world.fault_on(path, 9, Fault::GatewayError(503));
    assert_eq!(of(infra(Level::Admin), &down), open("not-reachable"));
}

#[test]
fn an_invitation_that_was_not_taken_is_a_hint_and_no_verdict() {
    let role = "host github { require repository.permission >= write }\n";
    let run = |scopes: &[&str], repositories: &str, change: &dyn Fn(World) -> World| {
        let mut bench = Bench::new();
        let token = classic("invited");
        let world = acme()
            .repository(Repository::new("corp/secret").private().invited(BOT))
            .repository(Repository::new("corp/late").private().invitation_expired(BOT))
            .token(Token::classic(&token).owner(BOT).scopes(scopes.iter().copied()));
        let host = bench.host(change(world));
        bench.credential("bot", &host, &token, &format!("repositories = {repositories}"));
        bench.policy(role);
        let ended = bench.check(&["--format", "json"]).ends().json();
        let helps: Vec<(String, String)> = ended["outcomes"]
            .as_array()
            .unwrap()
            .iter()
            .filter(|one| one["rule"] == "github.repository-visible")
            .map(|one| (one["repository"].as_str().unwrap().to_owned(), one["fix"].as_str().unwrap().to_owned()))
            .collect();
        let asked = paths(&host).iter().filter(|path| path.contains("repository_invitations")).count();
        (ended["exit"].clone(), helps, asked)
    };
    let plain = |world| world;
    let (exit, helps, asked) = run(&["repo"], r#"["acme/infra", "corp/secret", "corp/late", "acme/none"]"#, &plain);
    assert_eq!((exit, asked), (1.into(), 1), "once a credential");
    let help = |name: &str| helps.iter().find(|(one, _)| one == name).unwrap().1.clone();
    assert!(help("corp/secret").contains("/corp/secret/invitations"), "{helps:?}");
    assert!(help("corp/late").contains("the invitation has expired"), "{helps:?}");
    assert!(help("acme/none").starts_with("this can mean"), "{helps:?}");
    let (exit, helps, asked) = run(&["repo"], r#"["acme/infra"]"#, &plain);
    assert_eq!((exit, helps, asked), (0.into(), Vec::new(), 0), "only where a repository was not visible");
    for change in [
        &(|world: World| world.fault_on("/user/repository_invitations", 9, Fault::NotJson)) as &dyn Fn(World) -> World,
        &|world: World| world.fault_on("/user/repository_invitations", 9, Fault::GatewayError(503)),
    ] {
        let (exit, helps, _) = run(&["repo"], r#"["corp/secret"]"#, change);
        assert_eq!(exit, 1, "the finding stays");
        assert!(helps[0].1.starts_with("this can mean"), "{helps:?}");
    }
    let (exit, helps, asked) = run(&["read:user"], r#"["corp/secret"]"#, &plain);
    assert_eq!((exit, asked), (1.into(), 1));
    assert!(helps[0].1.starts_with("this can mean"), "refused, it says nothing: {helps:?}");
}

/// What GitLab tells of a group's webhooks.
fn of_gitlab(world: gitlab::World, repository: &str) -> ([String; 2], Vec<String>) {
    let token = format!("glpat-{}", letters("above of gitlab", 20));
    let own = gitlab::Token::personal(&token).owner(BOT).scopes(["api"]);
    let host = Arc::new(world.token(own).start().unwrap());
    let mut bench = Bench::new();
    let scope = format!("repositories = [\"{repository}\"]");
    bench.credential_of("gitlab", "bot", (&host.url(), &host.api_url()), &token, &scope);
    bench.policy(&hooks("gitlab", "group.webhooks"));
    let report = bench.check(&["--format", "json"]).ends().json();
    let asked = host.server.requests().into_iter().map(|one| one.path).filter(|path| path.contains("hooks")).collect();
    (said(&report), asked)
}

#[test]
fn gitlab_tells_of_the_webhooks_of_a_group() {
    use gitlab::{Group, Hook, Level, Project, World};
    let hook = || Hook::new(URL, ["push_events", "note_events"]);
    let world = |group: Group| World::new(now()).group(group).project(Project::new("acme/infra"));
    let of = |world: World| of_gitlab(world, "acme/infra").0;
    let owned = || Group::new("acme").member(BOT, Level::Owner);
    assert_eq!(of(world(owned().hook(hook()))), present());
    assert_eq!(of(world(owned())), absent());
    assert_eq!(of(world(Group::new("acme").member(BOT, Level::Maintainer).hook(hook()))), open("not-permitted"));
    assert_eq!(of(world(Group::new("acme").hook(hook()))), open("not-permitted"), "a group that is not shown");
    assert_eq!(of(world(owned()).version("19.4.1")), open("not-reachable"), "an edition without them");
    let path = "/api/v4/groups/acme/hooks";
    let answered = |body: &str| Answer::new(200, body).header("content-type", "application/json");
    let replaced = |answer: Answer| of(world(owned().hook(hook())).replaced(path, 9, answer));
    for body in ["[{\"id\": 1, \"url\":", "{}", "[7]", "null"] {
        assert_eq!(replaced(answered(body)), open("malformed"), "{body}");
    }
    assert_eq!(replaced(answered("[]").header("x-total", "50")), open("incomplete"));
    // A group inside of another has that one's webhooks, too.
    let nested = |inner: Group| World::new(now()).group(owned()).group(inner).project(Project::new("acme/deep/infra"));
    let (none, asked) = of_gitlab(nested(Group::new("acme/deep")), "acme/deep/infra");
    assert_eq!((none, asked.len()), (open("not-revealable"), 1), "{asked:?}");
    assert_eq!(of_gitlab(nested(Group::new("acme/deep").hook(hook())), "acme/deep/infra").0, present());
    let many =
        (0..101).fold(owned(), |all, n| all.hook(Hook::new(&format!("https://h{n}.example.com/x"), ["push_events"])));
    let (whole, asked) = of_gitlab(world(many), "acme/infra");
    assert_eq!((whole, asked.len()), (absent(), 2), "all pages: {asked:?}");
}

#[test]
fn a_role_on_a_gitlab_project_ends_when_the_accounts_own_membership_does() {
    use gitlab::{Group, Level, Project, World};
    let policy =
        "host gitlab {\n  require project.access_expires_in >= 14d\n  forbid  project.access_expires_in >= 14d\n}\n";
    let of = |world: World| {
        let token = format!("glpat-{}", letters("end of role", 20));
        let own = gitlab::Token::personal(&token).owner(BOT).scopes(["api"]);
        let host = Arc::new(world.token(own).start().unwrap());
        let mut bench = Bench::new();
        bench.credential_of("gitlab", "bot", (&host.url(), &host.api_url()), &token, INFRA);
        bench.policy(policy);
        said(&bench.check(&["--format", "json"]).ends().json())
    };
    let date = |days: i64| {
        let at = now().checked_add(jiff::SignedDuration::from_hours(24 * days)).unwrap();
        jiff::tz::Offset::UTC.to_datetime(at).date().to_string()
    };
    let world = |project: Project| World::new(now()).group("acme").project(project);
    let infra = || Project::new("acme/infra");
    assert_eq!(of(world(infra().member(BOT, Level::Developer))), present(), "never");
    assert_eq!(of(world(infra().member_until(BOT, Level::Developer, &date(60)))), present());
    assert_eq!(of(world(infra().member_until(BOT, Level::Developer, &date(5)))), absent());
    // A membership of the group above counts like the project's own.
    let inherited = |days| {
        let group = Group::new("acme").member_until(BOT, Level::Maintainer, &date(days));
        World::new(now()).group(group).project(infra())
    };
    assert_eq!((of(inherited(60)), of(inherited(5))), (present(), absent()));
    // The role is that of the highest membership: a lower one outlives it, and is not that role.
    let lower = Group::new("acme").member(BOT, Level::Guest);
    let both = World::new(now()).group(lower).project(infra().member_until(BOT, Level::Developer, &date(5)));
    assert_eq!(of(both), absent());
    // An invited group may be invited for a time, which is not told here.
    let invited = World::new(now())
        .group(Group::new("guests").member(BOT, Level::Developer))
        .project(infra().shared_with("guests", Level::Developer));
    assert_eq!(of(invited), open("not-revealable"));
    let own_and_invited = World::new(now())
        .group(Group::new("guests").member(BOT, Level::Maintainer))
        .project(infra().member(BOT, Level::Reporter).shared_with("guests", Level::Maintainer));
    assert_eq!(of(own_and_invited), open("not-revealable"), "the higher one is not its own");
    assert_eq!(of(world(infra().awaiting_member(BOT, Level::Developer)).group("acme")), open("not-permitted"));
    assert_eq!(of(world(infra().public())), open("inapplicable"), "no member, no role that ends");
    // A field that is missing is not null.
    let body = format!(
        r#"{{"id": 5501, "username": "{BOT}", "access_level": 30, "membership_state": "active", "member_role": null}}"#
    );
    for (end, expected) in
        [("", "malformed"), (r#", "expires_at": "soon""#, "malformed"), (r#", "expires_at": 7"#, "malformed")]
    {
        let body = body.replace('}', &format!("{end}}}"));
        let answer = Answer::new(200, body).header("content-type", "application/json");
        let member = world(infra().member(BOT, Level::Developer));
        assert_eq!(of(member.replaced("/api/v4/projects/acme%2Finfra/members", 9, answer)), open(expected), "{end}");
    }
}

#[test]
fn bitbucket_cloud_tells_of_the_webhooks_of_a_workspace() {
    use bitbucket_cloud::{Fault, Hook, Permission, Repository, Token, Workspace, WorkspaceRole, World};
    let of = |workspace: Workspace, scopes: &[&str], change: &dyn Fn(World) -> World| {
        let secret = format!("ATATT3{}", letters("above of the cloud", 36));
        let world = World::new(now())
            .workspace(workspace)
            .repository(Repository::new("acme/infra").private().permission(BOT, Permission::Write))
            .token(Token::api_token(&secret).owner(BOT).scopes(scopes.iter().copied()));
        let host = Arc::new(change(world).start().unwrap());
        let mut bench = Bench::new();
        let more = format!("username = \"{BOT}@acme.example\"\n{INFRA}");
        bench.credential_of("bitbucket_cloud", "bot", (&host.url(), &host.api_url()), &secret, &more);
        bench.policy(&hooks("bitbucket_cloud", "workspace.webhooks"));
        said(&bench.check(&["--format", "json"]).ends().json())
    };
    let scopes = ["read:user:bitbucket", "read:repository:bitbucket", "read:webhook:bitbucket"];
    let plain = |world| world;
    let hook = || Hook::new(URL, ["repo:push"]).secret();
    let owned = || Workspace::new("acme").member(BOT, WorkspaceRole::Owner);
    assert_eq!(of(owned().hook(hook()), &scopes, &plain), present());
    assert_eq!(of(owned(), &scopes, &plain), absent());
    assert_eq!(
        of(Workspace::new("acme").member(BOT, WorkspaceRole::Member).hook(hook()), &scopes, &plain),
        open("not-permitted")
    );
    assert_eq!(of(owned().hook(hook()), &scopes[..2], &plain), open("not-permitted"), "a scope is missing");
    let at = "/2.0/workspaces/acme/hooks";
    let broken = |world: World| world.fault_on(at, 9, Fault::TruncatedJson);
    assert_eq!(of(owned().hook(hook()), &scopes, &broken), open("malformed"));
    // The second page does not come.
    let many =
        (0..3).fold(owned(), |all, n| all.hook(Hook::new(&format!("https://h{n}.example.com/x"), ["repo:push"])));
    assert_eq!(of(many.clone(), &scopes, &|world| world.page_length(2)), absent());
    let cut = |world: World| {
        world.page_length(2).fault_on(at, 1, Fault::Slow(std::time::Duration::ZERO)).fault_on(
            at,
            9,
            Fault::GatewayError(502),
        )
    };
    let said = of(many, &scopes, &cut);
    assert!(said == open("not-reachable") || said == open("incomplete"), "{said:?}");
}

#[test]
fn bitbucket_server_tells_of_the_webhooks_of_a_project() {
    use bitbucket_server::{Fault, Hook, Level, Project, Repository, Token, World};
    let of = |project: Project, level: Level, change: &dyn Fn(World) -> World| {
        let secret = Token::text(848_894_838_086, "above of the server");
        let world = World::new(now())
            .user(BOT)
            .project(project)
            .repository(Repository::new("INF/terraform").grant(BOT, Level::Write))
            .token(Token::personal(&secret, BOT).levels(level, Level::Admin));
        let host = change(world).start().unwrap();
        let mut bench = Bench::new();
        let scope = r#"repositories = ["INF/terraform"]"#;
        bench.credential_of("bitbucket_server", "bot", (&host.url(), &host.api_url()), &secret, scope);
        bench.policy(&hooks("bitbucket_server", "project.webhooks"));
        said(&bench.check(&["--format", "json"]).ends().json())
    };
    let plain = |world| world;
    let hook = || Hook::new(URL, ["pr:opened"]).secret("not-to-be-shown");
    let owned = || Project::new("INF").grant(BOT, Level::Admin);
    assert_eq!(of(owned().hook(hook()), Level::Admin, &plain), present());
    assert_eq!(of(owned(), Level::Admin, &plain), absent());
    assert_eq!(of(owned().hook(hook()), Level::Read, &plain), open("not-permitted"), "the token may not");
    assert_eq!(of(Project::new("INF").hook(hook()), Level::Admin, &plain), open("not-permitted"), "the user may not");
    let at = "/rest/api/1.0/projects/INF/webhooks";
    for (body, cause) in [
        ("<html>", "malformed"),
        ("{}", "malformed"),
        (r#"{"values": [7], "isLastPage": true}"#, "malformed"),
        (r#"{"values": [], "isLastPage": "true"}"#, "malformed"),
        (r#"{"values": []}"#, "malformed"),
    ] {
        let broken = |world: World| world.fault_on(at, 9, Fault::Body(body.to_owned()));
        assert_eq!(of(owned().hook(hook()), Level::Admin, &broken), open(cause), "{body}");
    }
    // A list that breaks off is not whole; what was seen of it is there.
    let first =
        r#"{"values": [{"url": "https://h.example.com/x", "active": true, "events": []}], "isLastPage": false}"#;
    let broken = |world: World| world.fault_on(at, 9, Fault::Body(first.to_owned()));
    assert_eq!(of(owned(), Level::Admin, &broken), open("incomplete"));
}

#[test]
fn gitea_tells_of_the_webhooks_of_an_organization() {
    use gitea::{Hook, Level, Organization, Product, Repository, Token, World};
    let of = |organization: Organization, scopes: &[&str], change: &dyn Fn(World) -> World| {
        let secret = Token::text("above of gitea");
        let world = World::new(Product::Gitea, "1.24.7", now())
            .user(BOT)
            .organization(organization)
            .repository(Repository::new("acme/infra").collaborator(BOT, Level::Write))
            .token(Token::personal(&secret, BOT).scopes(scopes));
        let host = change(world).start().unwrap();
        let mut bench = Bench::new();
        bench.credential_of("gitea", "bot", (&host.url(), &host.api_url()), &secret, INFRA);
        bench.policy(&hooks("gitea", "organization.webhooks"));
        said(&bench.check(&["--format", "json"]).ends().json())
    };
    let plain = |world| world;
    let hook = || Hook::new(URL, ["push"]);
    let owned = || Organization::new("acme").owner(BOT);
    let scopes = ["read:organization", "read:repository", "read:user"];
    assert_eq!(of(owned().hook(hook()), &scopes, &plain), present());
    assert_eq!(of(owned(), &scopes, &plain), absent());
    assert_eq!(of(Organization::new("acme").hook(hook()), &scopes, &plain), open("not-permitted"));
    assert_eq!(of(owned().hook(hook()), &scopes[1..], &plain), open("not-permitted"), "a scope is missing");
    assert_eq!(of(owned().hook(hook()), &scopes, &World::no_webhooks), open("not-permitted"));
    let at = "/api/v1/orgs/acme/hooks";
    for (body, total, cause) in [("[]", "3", "incomplete"), ("{}", "1", "malformed"), ("[7]", "1", "malformed")] {
        let answer = Answer::new(200, body).header("content-type", "application/json").header("x-total-count", total);
        let broken = |world: World| world.replaced(at, 9, answer.clone());
        assert_eq!(of(owned().hook(hook()), &scopes, &broken), open(cause), "{body}");
    }
}

#[test]
fn the_address_of_a_chat_is_shown_by_no_output_and_kept_by_no_record() {
    let mut bench = Bench::new();
    let token = classic("chat-above");
    let organization = Organization::new("acme").member(BOT, OrganizationRole::Admin);
    let secret = "secret-of-the-chat";
    bench.secret(secret);
    let world = acme()
        .organization(
            organization.hook(Hook::new(&format!("https://hooks.slack.com/services/T0/B0/{secret}"), ["push"])),
        )
        .repository(Repository::new("acme/infra").private().collaborator(BOT, Level::Admin))
        .token(Token::classic(&token).owner(BOT).scopes(["repo", "admin:org_hook"]));
    let host = bench.host(world);
    bench.credential("bot", &host, &token, INFRA);
    bench.policy("host github {\n  forbid any h in organization.webhooks satisfies (h.active)\n}\n");
    let report = bench.check(&["--format", "json", "--record", "record.json"]).ends().json().to_string();
    assert!(report.contains("https://hooks.slack.com/***"), "{report}");
    let kept = bench.read("team/record.json");
    assert!(kept.contains("https://hooks.slack.com/***") && !kept.contains(secret), "{kept}");
    bench.check(&[]).ends().shows("https://hooks.slack.com/…");
}
