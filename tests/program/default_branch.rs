//! The default branch on every host: its name, whether it is protected, and what its rules leave of pushing to it and
//! merging into it. Pushing a branch of one's own goes by no rule of it.

use std::sync::Arc;

use credcheck::simulator::{Answer, bitbucket_cloud, bitbucket_server, gitea, github, gitlab};
use sha2::{Digest as _, Sha256};

use crate::bench::{Bench, Ended, acme, classic, fake, good, now};

const BOT: &str = "acme-bot";
const INFRA: &str = r#"repositories = ["acme/infra"]"#;

/// What is asked of each host.
const ALL: &str = "
  rule merge    { require repository.can covers [merge] }
  rule push     { require repository.can covers [push] }
  rule shut     { require repository.default_branch_protected }
  rule straight { require repository.can covers [push_default] }
";

/// A branch's name that is no word of a path.
const ODD: &str = "release/2026 #1?%2F é";
/// The same in a path.
const ODD_ENCODED: &str = "release%2F2026%20%231%3F%252F%20%C3%A9";
/// Names that would be something else, were they not shown and sent as names.
const HOSTILE: [&str; 5] = [
    "\u{1b}[31mmain\u{202e}",
    "::error::main\n::set-output name=a::b",
    "../../../user",
    "..",
    "<script>`main`</script>",
];

fn block(host: &str, rules: &str) -> String {
    format!("host {host} {{\n{rules}\n}}\n")
}

/// What comes of each rule: `push pass, straight undetermined/not-revealable`.
fn said(ended: &Ended, host: &str) -> String {
    let prefix = format!("{host}.");
    let verdicts: Vec<String> = ended.verdicts().iter().map(|verdict| verdict.replace(&prefix, "")).collect();
    verdicts.join(", ")
}

// ---- GitHub

fn on_github(branch: impl Into<github::DefaultBranch>) -> github::World {
    let infra = github::Repository::new("acme/infra").private().collaborator(BOT, github::Level::Write);
    github::World::new(now())
        .organization(github::Organization::new("acme").member(BOT, github::OrganizationRole::Member))
        .repository(infra.default_branch(branch))
}

/// Checks GitHub's repository with a classic token.
fn github_said(world: github::World, rules: &str) -> (String, Vec<String>) {
    let (mut bench, token) = (Bench::new(), classic("default branch"));
    let host = bench.host(world.token(good(&token)));
    bench.credential("bot", &host, &token, INFRA);
    bench.policy(&block("github", rules));
    (said(&bench.check(&["--format", "json"]).ends(), "github"), bench.paths())
}

#[test]
fn github_decides_only_where_neither_protection_nor_ruleset_bears_on_it() {
    use github::DefaultBranch;
    let open = "undetermined/not-revealable";
    for (branch, expected, asks_rules) in [
        (DefaultBranch::new("main"), "merge pass, push pass, shut violation, straight pass".to_owned(), true),
        (DefaultBranch::new("main").protected(), format!("merge {open}, push pass, shut pass, straight {open}"), false),
        // Conditions decide each merge; whoever writes may merge what meets them.
        (
            DefaultBranch::new("main").rule("pull_request").rule("required_status_checks").rule("deletion"),
            format!("merge pass, push pass, shut pass, straight {open}"),
            true,
        ),
        (
            DefaultBranch::new("main").rule("pull_request").rule("update"),
            format!("merge {open}, push pass, shut pass, straight {open}"),
            true,
        ),
        (
            DefaultBranch::new("main").rule("of_next_year"),
            format!("merge {open}, push pass, shut pass, straight {open}"),
            true,
        ),
        (DefaultBranch::new("main").empty(), format!("merge {open}, push pass, shut {open}, straight {open}"), false),
    ] {
        let (said, paths) = github_said(on_github(branch.clone()), ALL);
        assert_eq!(said, expected, "{branch:?}");
        let rules = paths.iter().any(|path| path.contains("/rules/branches/main"));
        assert_eq!(rules, asks_rules, "{branch:?}: {paths:?}");
    }
}

/// What is asked beside an ability says nothing of it, nor does what is not asked.
#[test]
fn each_ability_alone_says_what_it_says_among_all() {
    use github::DefaultBranch;
    let main = || DefaultBranch::new("main");
    for branch in
        [main().protected(), main().rule("pull_request").rule("update"), main().rule("of_next_year"), main().empty()]
    {
        let (all, _) = github_said(on_github(branch.clone()), ALL);
        for ability in ["merge", "push", "push_default"] {
            let rule = if ability == "push_default" { "straight" } else { ability };
            let one = format!("  rule {rule} {{ require repository.can covers [{ability}] }}");
            let (alone, _) = github_said(on_github(branch.clone()), &one);
            assert!(all.contains(&alone), "{branch:?} {ability}: {alone} is not in {all}");
            let (mut bench, token) = (Bench::new(), classic("alone"));
            let host = bench.host(on_github(branch.clone()).token(good(&token)));
            bench.credential("bot", &host, &token, INFRA);
            bench.policy(&block("github", &one));
            bench.check(&[]).ends().hides("not asked").hides("can be seen with").hides("run it again");
        }
    }
}

#[test]
fn github_is_asked_about_the_branch_only_where_a_policy_reads_it() {
    let (said, paths) = github_said(on_github("main"), "  require repository.can covers [push, comment]");
    assert!(said.contains("pass") && !paths.iter().any(|path| path.contains("branches")), "{paths:?}");
    // A token that may write nothing is asked nothing more.
    let mut bench = Bench::new();
    let token = classic("writes nothing");
    let host = bench.host(on_github("main").token(github::Token::classic(&token).owner(BOT).scopes(["read:org"])));
    bench.credential("bot", &host, &token, INFRA);
    bench.policy(&block("github", "  forbid repository.can overlaps [merge, push_default]"));
    bench.check(&[]).ends();
    assert!(!bench.paths().iter().any(|path| path.contains("/rules/")), "{:?}", bench.paths());
    // The plan shows both requests.
    bench.policy(&block("github", ALL));
    bench.run(&["plan", "check.pol"]).exits(0).shows("/branches/{branch}").shows("2 requests");
}

#[test]
fn githubs_refusals_and_broken_answers_leave_it_open() {
    use github::Fault;
    let at = "/repos/acme/infra/branches";
    let rules = "/repos/acme/infra/rules";
    for (path, fault) in [
        (at, Fault::NotJson),
        (at, Fault::TruncatedJson),
        (at, Fault::LegalBlock),
        (rules, Fault::NotJson),
        (rules, Fault::TruncatedJson),
        (rules, Fault::LegalBlock),
        (rules, Fault::Redirect("https://sso.acme.example/".to_owned())),
    ] {
        let (said, _) = github_said(on_github("main").fault_on(path, 9, fault.clone()), ALL);
        for open in ["merge undetermined", "push pass", "shut undetermined", "straight undetermined"] {
            assert!(said.contains(open), "{path} {fault:?}: {said}");
        }
    }
    // A server without rulesets.
    let old = on_github("main").enterprise_server("3.10.4");
    let (said, _) = github_said(old, ALL);
    assert!(said.contains("straight undetermined") && said.contains("push pass"), "{said}");
    // A fine-grained token without the contents.
    let mut bench = Bench::new();
    let token = fake("github_pat", "no contents");
    let given = github::Token::fine_grained(&token)
        .owner(BOT)
        .resource_owner("acme")
        .permissions([("metadata", github::Access::Read)])
        .selected(["acme/infra"])
        .expires_in_days(30);
    let host = bench.host(on_github("main").token(given));
    bench.credential("bot", &host, &token, INFRA);
    bench.policy(&block("github", "  rule shut { require repository.default_branch_protected }"));
    let ended = bench.check(&["--format", "json"]).exits(3);
    assert_eq!(said_of(&ended), "shut undetermined/not-permitted");
}

fn said_of(ended: &Ended) -> String {
    said(ended, "github")
}

#[test]
fn githubs_branch_may_have_any_name_and_another_one() {
    let (said, paths) = github_said(on_github(ODD), ALL);
    assert_eq!(said, "merge pass, push pass, shut violation, straight pass");
    for below in ["branches", "rules/branches"] {
        let wanted = format!("/repos/acme/infra/{below}/{ODD_ENCODED}");
        assert!(paths.iter().any(|path| path.contains(&wanted)), "{wanted}: {paths:?}");
    }
    for name in HOSTILE {
        let rules = "  rule name { require repository.default_branch == \"main\" }";
        let (said, paths) = github_said(on_github(name), &format!("{ALL}{rules}"));
        assert!(said.contains("name violation") && said.contains("push pass"), "{name:?}: {said}");
        let below = |path: &String| path.contains("/repos/acme/infra") || path == "GET /user";
        assert!(paths.iter().all(|path| below(path) && !path.contains("/../")), "{paths:?}");
        // For people, too.
        let (mut bench, token) = (Bench::new(), classic("hostile"));
        let host = bench.host(on_github(name).token(good(&token)));
        bench.credential("bot", &host, &token, INFRA);
        bench.policy(&block("github", rules));
        bench.check(&[]).exits(1);
        bench.run(&["facts"]).ends();
    }
}

#[test]
fn many_repositories_of_github_tell_their_branches_in_one_query() {
    let mut bench = Bench::new();
    let token = classic("many branches");
    let of = |name: &str| {
        github::Repository::new(name).private().collaborator(BOT, github::Level::Write).default_branch("trunk")
    };
    let empty = of("acme/new").default_branch(github::DefaultBranch::new("next").empty());
    let world = acme().repository(of("acme/one")).repository(of("acme/two")).repository(empty);
    let host = bench.host(world.token(good(&token)));
    bench.credential("bot", &host, &token, r#"repositories = ["acme/one", "acme/two", "acme/new"]"#);
    bench.policy(&block("github", "  rule name { require repository.default_branch == \"trunk\" }"));
    let ended = bench.check(&["--format", "json"]).exits(1);
    assert_eq!(said_of(&ended), "name pass, name violation");
    // An empty one tells its name by itself.
    let paths = bench.paths();
    assert!(paths.iter().any(|path| path.ends_with("/repos/acme/new")), "{paths:?}");
    assert!(!paths.iter().any(|path| path.ends_with("/repos/acme/one")), "{paths:?}");
}

// ---- the other hosts, each with a credential of its own

/// A bench with one credential, and its check's verdicts.
fn checked(host: &str, (url, api): (&str, &str), token: &str, more: &str, rules: &str) -> (Bench, String) {
    let mut bench = Bench::new();
    bench.credential_of(host, "bot", (url, api), token, more);
    bench.policy(&block(host, rules));
    let said = said(&bench.check(&["--format", "json"]).ends(), host);
    (bench, said)
}

fn hex(word: &str) -> String {
    Sha256::digest(word).iter().map(|byte| format!("{byte:02x}")).collect()
}

fn gitlab_world(branch: impl Into<gitlab::DefaultBranch>, level: gitlab::Level) -> gitlab::World {
    gitlab::World::new(now())
        .group("acme")
        .project(gitlab::Project::new("acme/infra").member(BOT, level).default_branch(branch))
}

fn gitlab_said(world: gitlab::World, scopes: &[&'static str], rules: &str) -> (String, Vec<String>) {
    let token = format!("glpat-{}", hex("gitlab").chars().take(20).collect::<String>());
    let given = gitlab::Token::personal(&token).owner(BOT).scopes(scopes.iter().copied()).expires_in_days(90);
    let host = Arc::new(world.token(given).start().unwrap());
    let (_, said) = checked("gitlab", (&host.url(), &host.api_url()), &token, INFRA, rules);
    assert_eq!(host.server.writes(), [], "a check changes nothing");
    (said, host.server.requests().into_iter().map(|request| request.path).collect())
}

#[test]
fn gitlab_says_what_the_account_may() {
    use gitlab::{DefaultBranch, Level};
    let main = || DefaultBranch::new("main");
    let open = "undetermined/not-revealable";
    for (branch, level, expected) in [
        (main().unprotected(), Level::Developer, "merge pass, push pass, shut violation, straight pass".to_owned()),
        // GitLab's default: a developer neither pushes to it nor merges into it, and whom else it lets merge is hidden.
        (main(), Level::Developer, format!("merge {open}, push pass, shut pass, straight violation")),
        (main(), Level::Maintainer, "merge pass, push pass, shut pass, straight pass".to_owned()),
        (
            main().protected(Level::Maintainer, Level::Developer),
            Level::Developer,
            "merge pass, push pass, shut pass, straight violation".to_owned(),
        ),
        (
            main().protected(Level::Maintainer, Level::Developer),
            Level::Reporter,
            "merge violation, push violation, shut pass, straight violation".to_owned(),
        ),
        (main().lets_push(BOT), Level::Developer, "merge pass, push pass, shut pass, straight pass".to_owned()),
        (main().empty(), Level::Maintainer, format!("merge {open}, push pass, shut {open}, straight {open}")),
        (DefaultBranch::new(ODD), Level::Maintainer, "merge pass, push pass, shut pass, straight pass".to_owned()),
    ] {
        let (said, paths) = gitlab_said(gitlab_world(branch.clone(), level), &["api"], ALL);
        assert_eq!(said, expected, "{branch:?} {level:?}: {paths:?}");
    }
    let (_, paths) = gitlab_said(gitlab_world(ODD, Level::Maintainer), &["api"], ALL);
    assert!(paths.iter().any(|path| path.ends_with(&format!("/repository/branches/{ODD_ENCODED}"))), "{paths:?}");
}

#[test]
fn gitlabs_answer_is_joined_with_the_scopes() {
    let world = || gitlab_world("main", gitlab::Level::Maintainer);
    let (said, _) = gitlab_said(world(), &["read_api", "write_repository"], ALL);
    assert_eq!(said, "merge violation, push pass, shut pass, straight pass");
    let (said, _) = gitlab_said(world(), &["read_api"], ALL);
    assert_eq!(said, "merge violation, push violation, shut pass, straight violation");
    // A guest of a private project does not read the code: GitLab does not tell the branch either.
    let (said, paths) = gitlab_said(gitlab_world("main", gitlab::Level::Guest), &["api"], ALL);
    assert_eq!(said, "merge violation, push violation, shut undetermined/not-permitted, straight violation");
    assert!(!paths.iter().any(|path| path.contains("/branches/")), "{paths:?}");
    let (_, paths) = gitlab_said(world(), &["api"], "  require repository.can covers [push, comment]");
    assert!(!paths.iter().any(|path| path.contains("/branches/")), "{paths:?}");
}

#[test]
fn gitlabs_broken_answers_leave_it_open() {
    let right = r#"{"name": "main", "protected": true, "can_push": true, "developers_can_merge": true}"#;
    for body in [
        right.replace("\"can_push\": true", "\"can_push\": \"true\"").replace("merge\": true", "merge\": 1"),
        right.replace(", \"can_push\": true, \"developers_can_merge\": true", ""),
        right.replace("\"main\"", "\"other\""),
        right.replace(r#""can_push": true"#, r#""can_push": false, "can_push": true"#),
        right.replace('}', ""),
        "[]".to_owned(),
        "<html>Sign in</html>".to_owned(),
        String::new(),
    ] {
        let answer = Answer::new(200, body.clone()).header("content-type", "application/json");
        let path = "/api/v4/projects/acme%2Finfra/repository/branches";
        let world = gitlab_world("main", gitlab::Level::Maintainer).replaced(path, 9, answer);
        let (said, _) = gitlab_said(world, &["api"], ALL);
        for open in ["merge undetermined", "push pass", "straight undetermined"] {
            assert!(said.contains(open), "{body}: {said}");
        }
    }
    for name in HOSTILE {
        let rules = format!("{ALL}  rule name {{ require repository.default_branch == \"main\" }}");
        let (said, _) = gitlab_said(gitlab_world(name, gitlab::Level::Maintainer), &["api"], &rules);
        assert!(said.contains("name violation") && said.contains("push pass"), "{name:?}: {said}");
    }
}

#[test]
fn many_projects_of_gitlab_tell_their_branches_in_one_query() {
    let token = format!("glpat-{}", hex("many").chars().take(20).collect::<String>());
    let given = gitlab::Token::personal(&token).owner(BOT).scopes(["api"]).expires_in_days(90);
    let of = |name: &str| gitlab::Project::new(name).member(BOT, gitlab::Level::Maintainer).default_branch("trunk");
    let world = gitlab::World::new(now()).group("acme").project(of("acme/one")).project(of("acme/two"));
    let host = Arc::new(world.token(given).start().unwrap());
    let more = r#"repositories = ["acme/one", "acme/two"]"#;
    let rules = "  rule straight { require repository.can covers [push_default] }";
    let (_, said) = checked("gitlab", (&host.url(), &host.api_url()), &token, more, rules);
    assert_eq!(said, "straight pass");
    let paths: Vec<String> = host.server.requests().into_iter().map(|request| request.path).collect();
    assert!(!paths.iter().any(|path| path.ends_with("/projects/acme%2Fone")), "{paths:?}");
    assert_eq!(paths.iter().filter(|path| path.ends_with("/branches/trunk")).count(), 2, "{paths:?}");
}

// ---- Bitbucket Cloud

const CLOUD_SCOPES: [&str; 6] = [
    "read:repository:bitbucket",
    "write:repository:bitbucket",
    "admin:repository:bitbucket",
    "read:pullrequest:bitbucket",
    "write:pullrequest:bitbucket",
    "read:user:bitbucket",
];

fn cloud_repository(permission: bitbucket_cloud::Permission) -> bitbucket_cloud::Repository {
    bitbucket_cloud::Repository::new("acme/infra").private().permission(BOT, permission)
}

fn cloud_said(repository: bitbucket_cloud::Repository, access_token: bool, rules: &str) -> (String, Vec<String>) {
    use bitbucket_cloud::{Token, User, Workspace, WorkspaceRole, World};
    let world = World::new(now())
        .user(User::new(BOT))
        .workspace(Workspace::new("acme").member(BOT, WorkspaceRole::Member))
        .repository(repository);
    let text = format!("{}{}", if access_token { "ATCTT3" } else { "ATATT3" }, hex("cloud"));
    let (token, more) = if access_token {
        let scopes = ["repository:write", "repository:admin", "pullrequest:write"];
        (Token::repository_access(&text, "acme/infra").scopes(scopes), INFRA.to_owned())
    } else {
        (Token::api_token(&text).owner(BOT).scopes(CLOUD_SCOPES), format!("username = \"{BOT}@acme.example\"\n{INFRA}"))
    };
    let host = Arc::new(world.token(token).start().unwrap());
    let (_, said) = checked("bitbucket_cloud", (&host.url(), &host.api_url()), &text, &more, rules);
    assert_eq!(host.server.writes(), [], "a check changes nothing");
    (said, host.server.requests().into_iter().map(|request| request.path).collect())
}

#[test]
fn bitbucket_cloud_tells_only_what_restrictions_keep_from_access_tokens() {
    use bitbucket_cloud::{Permission, Restriction};
    let admin = || cloud_repository(Permission::Admin);
    let open = "undetermined/not-revealable";
    let all_open = format!("merge {open}, push pass, shut {open}, straight {open}");
    let shut = format!("merge {open}, push pass, shut pass, straight {open}");
    for (repository, access_token, expected) in [
        // The project's restrictions may bear on it.
        (admin(), false, all_open.clone()),
        (admin(), true, all_open.clone()),
        (admin().restriction(Restriction::new("push", "main")), false, shut.clone()),
        (
            admin().restriction(Restriction::new("push", "main")),
            true,
            format!("merge {open}, push pass, shut pass, straight violation"),
        ),
        (
            admin()
                .restriction(Restriction::new("push", "*").user("maria"))
                .restriction(Restriction::new("restrict_merges", "main")),
            true,
            "merge violation, push pass, shut pass, straight violation".to_owned(),
        ),
        (admin().restriction(Restriction::new("require_approvals_to_merge", "main")), true, shut.clone()),
        (admin().restriction(Restriction::new("push", "release/*")), true, all_open.clone()),
        (admin().restriction(Restriction::new("push", "production").by_model()), true, all_open.clone()),
        (admin().empty(), true, all_open.clone()),
        (
            admin().main_branch(ODD).restriction(Restriction::new("push", ODD)),
            true,
            format!("merge {open}, push pass, shut pass, straight violation"),
        ),
    ] {
        let (said, paths) = cloud_said(repository.clone(), access_token, ALL);
        assert_eq!(said, expected, "{repository:?} {access_token}: {paths:?}");
    }
    // Only administrators read them.
    let (said, _) = cloud_said(cloud_repository(Permission::Write), false, ALL);
    let refused = "undetermined/not-permitted";
    assert_eq!(said, format!("merge {refused}, push pass, shut {refused}, straight {refused}"));
    let (_, paths) = cloud_said(admin(), false, "  require repository.can covers [push, comment]");
    assert!(!paths.iter().any(|path| path.contains("branch-restrictions")), "{paths:?}");
    for name in HOSTILE {
        let rules = format!("{ALL}  rule name {{ require repository.default_branch == \"main\" }}");
        let (said, _) = cloud_said(admin().main_branch(name), false, &rules);
        assert!(said.contains("name violation") && said.contains("push pass"), "{name:?}: {said}");
    }
}

#[test]
fn bitbucket_clouds_list_is_read_page_by_page() {
    use bitbucket_cloud::{Permission, Restriction};
    let mut repository = cloud_repository(Permission::Admin);
    for number in 0..120 {
        repository = repository.restriction(Restriction::new("delete", &format!("release/{number}")));
    }
    let (said, paths) = cloud_said(repository.restriction(Restriction::new("push", "main")), true, ALL);
    assert!(said.contains("shut pass") && said.contains("straight violation"), "{said}");
    assert_eq!(paths.iter().filter(|path| path.contains("branch-restrictions")).count(), 2, "{paths:?}");
}

// ---- Bitbucket Server

fn server_said(
    repository: bitbucket_server::Repository,
    project_token: bool,
    fault: Option<&str>,
    rules: &str,
) -> (String, Vec<String>) {
    use bitbucket_server::{Fault, Level, Project, Token, User, World};
    let mut world = World::new(now()).user(User::new(BOT)).project(Project::new("acme")).repository(repository);
    if let Some(body) = fault {
        world = world.fault_on("/rest/branch-permissions", 9, Fault::Body(body.to_owned()));
    }
    let text = Token::text(848_894_838_087, "branch");
    let token = match project_token {
        true => Token::project(&text, "acme").levels(Level::Admin, Level::Admin),
        false => Token::personal(&text, BOT).levels(Level::Read, Level::Admin),
    };
    let host = world.token(token).start().unwrap();
    let (_, said) = checked("bitbucket_server", (&host.url(), &host.api_url()), &text, INFRA, rules);
    assert_eq!(host.server.writes(), [], "a check changes nothing");
    (said, host.server.requests().into_iter().map(|request| request.path).collect())
}

#[test]
fn bitbucket_server_tells_what_branch_permissions_keep_from_the_account() {
    use bitbucket_server::{Level, Repository, Restriction};
    let of = |level: Level| Repository::new("acme/infra").grant(BOT, level);
    let admin = || of(Level::Admin);
    let open = "undetermined/not-revealable";
    let all_open = format!("merge {open}, push pass, shut {open}, straight {open}");
    let shut = format!("merge {open}, push pass, shut pass, straight {open}");
    for (repository, expected) in [
        (admin(), all_open.clone()),
        (admin().restriction(Restriction::new("no-deletes", "main")), shut.clone()),
        (
            admin().restriction(Restriction::new("pull-request-only", "main")),
            format!("merge {open}, push pass, shut pass, straight violation"),
        ),
        (
            admin().restriction(Restriction::new("read-only", "main").but_user("maria")),
            "merge violation, push pass, shut pass, straight violation".to_owned(),
        ),
        (admin().restriction(Restriction::new("read-only", "main").but_user(BOT)), shut.clone()),
        (admin().restriction(Restriction::new("read-only", "main").but_group("bots")), shut.clone()),
        (
            admin().restriction(Restriction::matching("read-only", "PATTERN", "m*")),
            "merge violation, push pass, shut pass, straight violation".to_owned(),
        ),
        (admin().restriction(Restriction::matching("read-only", "PATTERN", "heads/**/main")), all_open.clone()),
        (admin().restriction(Restriction::matching("read-only", "MODEL_BRANCH", "production")), all_open.clone()),
        (admin().restriction(Restriction::new("read-only", "release")), all_open.clone()),
        (admin().empty().restriction(Restriction::new("read-only", "main")), all_open.clone()),
        (
            admin().default_branch(ODD).restriction(Restriction::new("read-only", ODD)),
            "merge violation, push pass, shut pass, straight violation".to_owned(),
        ),
    ] {
        let (said, paths) = server_said(repository.clone(), false, None, ALL);
        assert_eq!(said, expected, "{repository:?}: {paths:?}");
    }
    // Only administrators read them; a project's token never merges.
    let (said, _) = server_said(of(Level::Write), false, None, ALL);
    let refused = "undetermined/not-permitted";
    assert_eq!(said, format!("merge {refused}, push pass, shut {refused}, straight {refused}"));
    let (said, _) = server_said(admin().restriction(Restriction::new("read-only", "main")), true, None, ALL);
    assert!(said.contains("merge violation") && said.contains("straight violation"), "{said}");
    let (_, paths) = server_said(admin(), false, None, "  require repository.can covers [push, comment]");
    assert!(!paths.iter().any(|path| path.contains("default-branch")), "{paths:?}");
    for name in HOSTILE {
        let rules = format!("{ALL}  rule name {{ require repository.default_branch == \"main\" }}");
        let (said, _) = server_said(admin().default_branch(name), false, None, &rules);
        assert!(said.contains("name violation") && said.contains("push pass"), "{name:?}: {said}");
    }
}

#[test]
fn bitbucket_servers_broken_lists_decide_nothing() {
    use bitbucket_server::{Level, Repository};
    let item = r#"{"type": "read-only", "matcher": {"id": "refs/heads/main", "type": {"id": "BRANCH"}}, "users": [], "groups": []}"#;
    let page =
        |item: &str| format!(r#"{{"size": 1, "limit": 100, "start": 0, "isLastPage": true, "values": [{item}]}}"#);
    let repository = || Repository::new("acme/infra").grant(BOT, Level::Admin);
    let (said, _) = server_said(repository(), false, Some(&page(item)), ALL);
    assert_eq!(said, "merge violation, push pass, shut pass, straight violation");
    for body in [
        page(&item.replace("\"users\": [], ", "")),
        page(&item.replace("\"groups\": []", "\"groups\": null")),
        page(&item.replace("\"users\": []", "\"users\": [{}]")),
        page(&item.replace("\"type\": \"read-only\"", "\"type\": 7")),
        page(&item.replace("\"BRANCH\"", "[]")),
        page("7"),
        page(item).replace("true", "false"),
        page(item).replace("\"size\": 1", "\"size\": 2"),
        "{}".to_owned(),
        "<html>Sign in</html>".to_owned(),
    ] {
        let (said, _) = server_said(repository(), false, Some(&body), ALL);
        for open in ["merge undetermined", "push pass", "shut undetermined", "straight undetermined"] {
            assert!(said.contains(open), "{body}: {said}");
        }
    }
}

// ---- Gitea

#[test]
fn gitea_tells_whether_it_is_protected_too() {
    use gitea::{Allowed, Level, Product, Protection, Repository, Token, World};
    for (protection, branch, expected) in [
        (None, "main", "merge pass, push pass, shut violation, straight pass"),
        (
            Some(Protection::new("main").push(Allowed::Nobody)),
            "main",
            "merge pass, push pass, shut pass, straight violation",
        ),
        (Some(Protection::new("main")), "trunk", "merge pass, push pass, shut violation, straight pass"),
        (None, ODD, "merge pass, push pass, shut violation, straight pass"),
    ] {
        let mut repository = Repository::new("acme/infra").collaborator(BOT, Level::Write).default_branch(branch);
        if let Some(protection) = protection {
            repository = repository.protection(protection);
        }
        let text = Token::text("branch");
        let token = Token::personal(&text, BOT).scopes(["write:repository", "write:issue", "read:user"]);
        let world = World::new(Product::Gitea, "1.27.0", now()).user(BOT).organization("acme").repository(repository);
        let host = world.token(token).start().unwrap();
        let (_, said) = checked("gitea", (&host.url(), &host.api_url()), &text, INFRA, ALL);
        assert_eq!(said, expected, "{branch}");
    }
}
