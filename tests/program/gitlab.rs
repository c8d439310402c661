//! GitLab, end to end: what a check asks, what it finds, and what it must not conclude.

use std::sync::Arc;

use credcheck::simulator::Answer;
use credcheck::simulator::gitlab::{Group, Hook, Level, Project, Running, Token, User, World};
use sha2::{Digest as _, Sha256};

use crate::bench::{Bench, now};

const BOT: &str = "acme-bot";

/// A text shaped like a token, put together here so that it stands nowhere whole.
fn fake(prefix: &str, word: &str) -> String {
    let digits: String = Sha256::digest(word).iter().map(|byte| format!("{byte:02x}")).collect();
    match prefix {
        "" => digits,
        _ => format!("{prefix}-{}", digits.chars().take(20).collect::<String>()),
    }
}

/// A world with a group, a private project and the bot, who may write there.
fn acme() -> World {
    World::new(now()).group("acme").project(Project::new("acme/infra").member(BOT, Level::Developer))
}

/// A host and a bench with one credential for it; nothing was changed on the host when it is dropped.
struct Lab {
    bench: Bench,
    host: Arc<Running>,
}

impl Lab {
    fn new(world: World, token: &str, more: &str, policy: &str) -> Self {
        let host = Arc::new(world.start().unwrap());
        let mut bench = Bench::new();
        bench.credential_of("gitlab", "bot", (&host.url(), &host.api_url()), token, more);
        bench.policy(policy);
        Self { bench, host }
    }

    /// The requests so far, below the API's base where they are.
    fn paths(&self) -> Vec<String> {
        let requests = self.host.server.requests();
        requests.iter().map(|one| format!("{} {}", one.method, one.path.replace("/api/v4", ""))).collect()
    }
}

impl Drop for Lab {
    fn drop(&mut self) {
        if !std::thread::panicking() {
            assert_eq!(self.host.server.writes(), [], "a check changes nothing");
        }
    }
}

const INFRA: &str = r#"repositories = ["acme/infra"]"#;
const SELF: &str = "GET /personal_access_tokens/self";

/// Reads the kind, the scopes, the end and the name: two requests.
const FOUR: &str = r#"
host gitlab {
  require token.kind in [personal, project, group, service_account]
  require token.scopes covers ["api"]
  require token.expires_in >= 7d
  require user.username like "*bot*"
}
"#;

const ROLE: &str = "host gitlab {\n  require project.access_level >= developer\n}\n";

fn good(text: &str) -> Token {
    Token::personal(text).owner(BOT).scopes(["api"]).expires_in_days(90)
}

#[test]
fn kind_scopes_expiry_and_username_cost_two_requests_and_one_more_project_one_more() {
    let token = fake("glpat", "two");
    let lab = Lab::new(acme().token(good(&token)), &token, INFRA, FOUR);
    lab.bench.check(&[]).exits(0).shows("2 requests").shows("decided 4 of 4");
    assert_eq!(lab.paths(), [SELF, "GET /user"]);
    lab.bench.run(&["plan", "check.pol"]).exits(0).shows("at most 2 requests");
    lab.bench.policy(&format!("{FOUR}{ROLE}"));
    lab.bench.run(&["plan", "check.pol"]).exits(0).shows("at most 3 requests").shows("members/all/");
    lab.bench.check(&[]).exits(0).shows("3 requests");
    let member = lab.paths().into_iter().find(|path| path.starts_with("GET /projects/acme%2Finfra/members/all/55"));
    assert!(member.is_some(), "{:?}", lab.paths());
}

#[test]
fn a_good_credential_of_each_recommended_kind_passes_the_default_policy() {
    for (word, token) in [
        ("project", Token::project as fn(&str, &str, Level) -> Token),
        ("group", |text, _, level| Token::group(text, "acme", level)),
    ] {
        let text = fake("glpat", word);
        let token = token(&text, "acme/infra", Level::Developer).named("plan").scopes(["api"]).expires_in_days(200);
        let lab = Lab::new(acme().token(token), &text, INFRA, "");
        lab.bench.run(&["builtin:atlantis"]).exits(0).shows("0 violations");
        let report = lab.bench.run(&["facts", "--format", "json"]).exits(0);
        assert!(report.stdout.contains(&format!("\"{word}\"")), "{}", report.stdout);
    }
    let text = fake("glpat", "service");
    let world = World::new(now())
        .user(User::service_account("deployer"))
        .group(Group::new("acme").member("deployer", Level::Maintainer))
        .project("acme/infra")
        .token(Token::personal(&text).owner("deployer").scopes(["api"]).expires_in_days(200));
    let lab = Lab::new(world, &text, INFRA, "");
    lab.bench.run(&["builtin:atlantis"]).exits(0);
    let text = fake("glpat", "person");
    let lab = Lab::new(acme().token(good(&text)), &text, INFRA, "");
    lab.bench.run(&["builtin:atlantis"]).exits(0);
    let text = fake("", "application");
    let oauth = Token::oauth(&text).owner(BOT).scopes(["api"]);
    let lab = Lab::new(acme().token(oauth), &text, INFRA, "");
    lab.bench.run(&["builtin:atlantis"]).exits(0);
    assert_eq!(lab.paths()[0], "GET /oauth/token/info");
}

#[test]
fn bad_credentials_fail_the_default_policy_rule_by_rule() {
    let token = fake("glpat", "bad");
    for (world, rule, count) in [
        (acme().token(good(&token).scopes(["read_api"])), "api-scope", "2 violations"),
        (acme().token(good(&token).expires_in_days(3)), "rotation", "1 violation "),
        (
            World::new(now()).project(Project::new("acme/infra").member(BOT, Level::Reporter)).token(good(&token)),
            "can-write",
            "2 violations",
        ),
        (
            World::new(now()).project(Project::new("acme/infra").public()).token(good(&token)),
            "can-write",
            "2 violations",
        ),
    ] {
        let lab = Lab::new(world, &token, INFRA, "");
        lab.bench.run(&["builtin:atlantis"]).exits(1).shows(&format!("gitlab.{rule}")).shows(count);
    }
    let text = fake("glcbt", "job");
    let lab = Lab::new(acme().token(Token::job(&text).owner("maria")), &text, INFRA, "");
    lab.bench.run(&["builtin:atlantis"]).exits(1).shows("gitlab.token-kind");
    assert_eq!(lab.paths(), [""; 0]);
    let text = fake("gldt", "deploy");
    let lab = Lab::new(acme().token(Token::deploy(&text)), &text, INFRA, "");
    lab.bench.run(&["builtin:atlantis"]).exits(1).shows("gitlab.token-kind").hides("credential-valid");
    assert_eq!(lab.paths(), [""; 0]);
}

#[test]
fn a_hundred_projects_cost_two_queries() {
    let token = fake("glpat", "many");
    let mut world = World::new(now()).group(Group::new("acme").member(BOT, Level::Developer)).token(good(&token));
    let names: Vec<String> = (0..100).map(|at| format!("acme/live/service-{at}")).collect();
    for name in &names {
        world = world.project(name.as_str());
    }
    let lab = Lab::new(world, &token, &format!("repositories = {names:?}"), ROLE);
    lab.bench.check(&[]).exits(0).shows("decided 100 of 100").shows("3 requests");
    assert_eq!(lab.paths(), [SELF, "POST /api/graphql", "POST /api/graphql"]);
}

#[test]
fn what_a_query_leaves_open_is_asked_for_one_by_one() {
    let token = fake("glpat", "open");
    let world = World::new(now())
        .project(Project::new("acme/good").member(BOT, Level::Developer))
        .project(Project::new("acme/custom").custom_member(BOT, Level::Developer))
        .project(Project::new("acme/old").archived().member(BOT, Level::Developer))
        .project(Project::new("acme/low").member(BOT, Level::Reporter))
        .token(good(&token));
    let scope = r#"repositories = ["acme/good", "acme/custom", "acme/old", "acme/low", "acme/typo"]"#;
    let lab = Lab::new(world, &token, scope, ROLE);
    lab.bench.check(&[]).exits(1).shows("`reporter`").shows("acme/low").shows("acme/typo").shows("5 requests");
    // An upper end rests on the exact role: a custom one leaves it open.
    lab.bench.policy("host gitlab {\n  forbid project.access_level >= maintainer\n}\n");
    let report = lab.bench.check(&["--repository", "acme/good", "--repository", "acme/custom"]);
    report.exits(3).shows("decided 1 of 2").shows("custom role");
}

#[test]
fn an_instance_without_the_query_and_a_fine_grained_token_are_asked_one_by_one() {
    let token = fake("glpat", "rest");
    let world = |token: Token| {
        World::new(now())
            .group(Group::new("acme").member(BOT, Level::Developer))
            .project("acme/a")
            .project("acme/b")
            .token(token)
    };
    let scope = r#"repositories = ["acme/a", "acme/b"]"#;
    let lab = Lab::new(world(good(&token)).without_batches(), &token, scope, ROLE);
    lab.bench.check(&[]).exits(0).shows("4 requests");
    let fine = Token::fine_grained(&token)
        .owner(BOT)
        .permissions(["Personal Access Token: Read", "Member: Read", "Project: Read"])
        .expires_in_days(30);
    let lab = Lab::new(world(fine), &token, scope, ROLE);
    lab.bench.check(&[]).exits(0).shows("3 requests");
    assert!(!lab.paths().iter().any(|path| path.contains("graphql")), "{:?}", lab.paths());
}

#[test]
fn scopes_of_a_fine_grained_token_are_never_judged() {
    let token = fake("glpat", "granular");
    let fine = Token::fine_grained(&token).owner(BOT).expires_in_days(30);
    let policy = "host gitlab {\n  rule a { require token.scopes within [\"api\"] }\n  rule b { forbid token.scopes \
                  covers [\"sudo\"] }\n}\n";
    // It may describe itself, or not: either proves what it is.
    for permissions in [&["Personal Access Token: Read"][..], &[]] {
        let lab = Lab::new(acme().token(fine.clone().permissions(permissions.iter().copied())), &token, INFRA, policy);
        lab.bench.check(&[]).exits(3).shows("decided 0 of 2").shows("1 request").shows("fine-grained");
        lab.bench.policy("host gitlab {\n  require token.kind == fine_grained and token.active\n}\n");
        lab.bench.check(&[]).exits(0);
    }
    let lab =
        Lab::new(acme().token(fine), &token, INFRA, "host gitlab {\n  require user.username == \"acme-bot\"\n}\n");
    lab.bench.check(&[]).exits(3).shows("User: Read").shows("not-permitted");
}

#[test]
fn an_oauth_token_is_told_by_the_answer_where_its_text_does_not() {
    let token = ["eyJhbGciOiJub25lIn0", "e30", "signature01"].join(".");
    let oauth = Token::oauth(&token).owner(BOT).scopes(["read_api"]);
    let policy = "host gitlab {\n  require token.kind == oauth\n  require token.scopes covers [\"read_user\"]\n  require \
                  token.expires_in <= 2h\n  require token.lifetime == short_lived\n}\n";
    let lab = Lab::new(acme().token(oauth), &token, INFRA, policy);
    lab.bench.check(&[]).exits(0).shows("2 requests").shows("decided 4 of 4");
    assert_eq!(lab.paths(), [SELF, "GET /oauth/token/info"]);
}

#[test]
fn a_dead_token_is_refused_as_precisely_as_the_answer_allows() {
    let token = fake("glpat", "dead");
    for (world, words, requests) in [
        (acme(), "is not accepted (401)", 2),
        (acme().token(good(&token).expires_in_days(-3)), "has expired", 1),
        (acme().token(good(&token).revoked()), "has been revoked", 1),
        (acme().token(good(&token).impersonation()).without_impersonation(), "impersonation", 1),
        (acme().user(User::new(BOT).blocked()).token(good(&token)), "its account is blocked", 1),
        (acme().user(User::new(BOT).internal()).token(good(&token)), "one of GitLab's own", 1),
    ] {
        let lab = Lab::new(world, &token, INFRA, &format!("{FOUR}{ROLE}"));
        let ended = lab.bench.check(&[]).exits(1).shows("gitlab.credential-valid").shows("decided 0 of 5");
        assert!(ended.stdout.contains(words), "{words}: {}", ended.stdout);
        assert_eq!(lab.paths().len(), requests, "{words}");
    }
}

#[test]
fn a_demand_for_a_signed_proof_is_unknown_and_not_asked_again() {
    let token = fake("glpat", "dpop");
    let lab = Lab::new(acme().user(User::new(BOT).demands_dpop()).token(good(&token)), &token, INFRA, FOUR);
    lab.bench.check(&[]).exits(3).shows("decided 0 of 4").shows("DPoP").hides("credential-valid");
    assert_eq!(lab.paths(), [SELF]);
}

#[test]
fn a_narrow_token_leaves_its_kind_open_and_its_scopes_known() {
    let token = fake("glpat", "narrow");
    let narrow = good(&token).scopes(["read_repository"]);
    let lab = Lab::new(acme().token(narrow), &token, INFRA, FOUR);
    let report = lab.bench.check(&[]).exits(1);
    report.shows("decided 3 of 4").shows("1 violation").shows("`api`, `read_api` or `read_user`");
    assert_eq!(lab.paths(), [SELF, "GET /user"]);
}

#[test]
fn a_kind_that_mark_and_name_disagree_about_is_undecided() {
    let token = fake("glpat", "odd");
    let policy = "host gitlab {\n  require token.kind == personal\n}\n";
    for user in [User::new("project_7_bot_0a1b"), User::new("service_account_77")] {
        let username =
            if format!("{user:?}").contains("project_7") { "project_7_bot_0a1b" } else { "service_account_77" };
        let lab = Lab::new(acme().user(user).token(good(&token).owner(username)), &token, INFRA, policy);
        lab.bench.check(&[]).exits(3).shows("do not settle the kind");
    }
    let lab = Lab::new(acme().token(good(&token)), &token, INFRA, policy);
    lab.bench.check(&[]).exits(0);
}

#[test]
fn roles_through_groups_and_shares_count() {
    let token = fake("glpat", "shared");
    let policy = "host gitlab {\n  require project.access_level == developer\n}\n";
    let shared = World::new(now())
        .group(Group::new("bots").member(BOT, Level::Owner))
        .project(Project::new("acme/infra").public().shared_with("bots", Level::Developer))
        .token(good(&token));
    let lab = Lab::new(shared, &token, INFRA, policy);
    // The project's own answer says null and null here.
    lab.bench.check(&[]).exits(0);
    let inherited = World::new(now())
        .group(Group::new("acme").member(BOT, Level::Developer))
        .project("acme/a/b/infra")
        .token(good(&token));
    let lab = Lab::new(inherited, &token, r#"repositories = ["acme/a/b/infra"]"#, policy);
    lab.bench.check(&[]).exits(0);
    lab.bench.policy("host gitlab {\n  require group.access_level >= developer\n}\n");
    lab.bench.check(&[]).exits(0);
    assert!(lab.paths().last().unwrap().starts_with("GET /groups/acme%2Fa%2Fb/members/all/"), "{:?}", lab.paths());
    let awaiting = World::new(now()).project(Project::new("acme/infra").public().awaiting_member(BOT, Level::Owner));
    let lab = Lab::new(awaiting.token(good(&token)), &token, INFRA, ROLE);
    lab.bench.check(&[]).exits(3).shows("not active");
}

#[test]
fn a_moved_project_is_followed_and_named() {
    let token = fake("glpat", "moved");
    let world = World::new(now())
        .project(Project::new("acme/platform").renamed_from("acme/infra").member(BOT, Level::Developer))
        .token(good(&token));
    let lab = Lab::new(world, &token, INFRA, "host gitlab {\n  forbid project.archived\n}\n");
    lab.bench.check(&[]).exits(1).shows("`acme/infra`").shows("has moved to `acme/platform`").shows("refuses writes");
}

#[test]
fn an_instance_below_a_path_keeps_it_everywhere() {
    let token = fake("", "rooted");
    let world = acme().below("/git").token(Token::oauth(&token).owner(BOT).scopes(["api"])).project("acme/live");
    let scope = r#"repositories = ["acme/infra", "acme/live"]"#;
    let lab = Lab::new(world, &token, scope, "host gitlab {\n  forbid project.archived\n  require token.active\n}\n");
    lab.bench.check(&[]).ends();
    let paths = lab.paths();
    assert_eq!(paths[..2], ["GET /git/oauth/token/info", "POST /git/api/graphql"]);
}

#[test]
fn a_custom_prefix_is_no_obstacle() {
    for text in [fake("acme-glpat", "custom"), fake("acmepat", "custom"), fake("ci", "custom")] {
        let lab = Lab::new(acme().token(good(&text)), &text, INFRA, FOUR);
        lab.bench.check(&[]).exits(0).shows("2 requests");
    }
}

#[test]
fn webhooks_show_no_secret_and_a_role_that_is_too_low_decides_nothing() {
    let token = fake("glpat", "hooks");
    let policy = "host gitlab {\n  require all hook in project.webhooks satisfies (hook.secret_set and not \
                  hook.insecure_ssl)\n  require any hook in project.webhooks satisfies (hook.url like \
                  \"https://*@plan.acme.example/events?token=*\")\n}\n";
    let hook = || Hook::new("https://me:hunter2hunter2@plan.acme.example/events?token=hunter2hunter2", ["note_events"]);
    let world = |level: Level, hook: Hook| {
        World::new(now()).project(Project::new("acme/infra").hook(hook).member(BOT, level)).token(good(&token))
    };
    let mut lab = Lab::new(world(Level::Maintainer, hook()), &token, INFRA, policy);
    lab.bench.secret("hunter2hunter2");
    lab.bench.secret("Secret00000000000318");
    lab.bench.check(&["--record", "r.json"]).exits(0);
    // A record holds no secret, so that what it withholds is not compared.
    lab.bench.check(&["--replay", "r.json"]).exits(3).shows("decided 1 of 2");
    let lab = Lab::new(world(Level::Maintainer, hook().without_secret()), &token, INFRA, policy);
    lab.bench.check(&[]).exits(1);
    let lab = Lab::new(world(Level::Maintainer, hook().without_secret()).version("18.11.0-ee"), &token, INFRA, policy);
    lab.bench.check(&[]).exits(3).shows("decided 1 of 2");
    let lab = Lab::new(world(Level::Developer, hook()), &token, INFRA, policy);
    lab.bench.check(&[]).exits(3).shows("maintainers").shows("not-permitted");
}

#[test]
fn a_project_s_answer_is_recorded_without_its_other_secrets() {
    let token = fake("glpat", "record");
    let world = World::new(now()).project(Project::new("acme/infra").member(BOT, Level::Owner)).token(good(&token));
    let mut lab = Lab::new(world, &token, INFRA, "host gitlab {\n  forbid project.archived\n}\n");
    // The project's answer has a runner's token in it.
    lab.bench.secret("Secret00000000000318");
    lab.bench.check(&["--record", "r.json"]).exits(0);
    lab.bench.check(&["--replay", "r.json"]).exits(0).shows("decided 1 of 1");
    assert!(!lab.bench.read("team/r.json").contains("runners_token"));
}

#[test]
fn globs_read_page_after_page() {
    let token = fake("glpat", "globs");
    let mut world = World::new(now()).group(Group::new("acme").member(BOT, Level::Developer)).token(good(&token));
    for at in 0..130 {
        world = world.project(format!("acme/service-{at}").as_str());
    }
    let lab = Lab::new(world, &token, r#"repositories = ["acme/service-1*"]"#, ROLE);
    lab.bench.check(&[]).exits(0).shows("decided 41 of 41").shows("4 requests");
}

#[test]
fn a_used_up_limit_is_unknown_and_the_reserve_is_the_bot_s() {
    let token = fake("glpat", "limit");
    let lab = Lab::new(acme().rate_limit(600, 598).token(good(&token)), &token, INFRA, FOUR);
    lab.bench.check(&[]).exits(3).shows("of 600 requests are left").hides("violates");
    assert_eq!(lab.paths(), [SELF]);
    let page = Answer::new(502, "<html>bad gateway</html>");
    let lab = Lab::new(acme().token(good(&token)).replaced("/api/v4/user", 9, page), &token, INFRA, FOUR);
    lab.bench.check(&[]).exits(3).shows("not-reachable");
}

#[test]
fn a_group_that_takes_fine_grained_tokens_only_says_so() {
    let token = fake("glpat", "enforced");
    let world = World::new(now())
        .group(Group::new("acme").member(BOT, Level::Developer).fine_grained_only())
        .project("acme/infra")
        .token(good(&token));
    let lab = Lab::new(world, &token, INFRA, &format!("{FOUR}{ROLE}"));
    lab.bench.check(&[]).exits(1).shows("gitlab.credential-accepted").shows("decided 4 of 5");
}

#[test]
fn a_job_s_own_token_goes_to_its_own_instance_in_its_own_header() {
    let token = fake("glcbt", "ci");
    let host = acme().token(Token::job(&token).owner("maria")).start().unwrap();
    let mut bench = Bench::new();
    bench.variable("GITLAB_CI", "true");
    bench.variable("CI_API_V4_URL", &host.api_url());
    bench.variable("CI_SERVER_URL", &host.url());
    bench.variable("CI_PROJECT_PATH", "acme/infra");
    bench.variable("CI_JOB_TOKEN", &token);
    bench.secret(&token);
    bench.policy("host gitlab {\n  require token.kind == job\n  require user.username == \"maria\"\n}\n");
    bench.check(&[]).exits(0).shows("1 request");
    host.gitlab.update(|world| world.revoke(&token));
    bench.policy("host gitlab {\n  require token.active\n}\n");
    bench.check(&[]).exits(1).shows("credential-valid");
    assert_eq!(host.server.writes(), []);
}

#[test]
fn glab_s_token_goes_to_the_host_that_glab_names_and_nowhere_else() {
    let token = fake("glpat", "glab");
    let host = acme().token(good(&token)).start().unwrap();
    let mut bench = Bench::new();
    bench.variable("GITLAB_TOKEN", &token);
    bench.secret(&token);
    bench.policy(FOUR);
    bench.check(&[]).saying_anything().exits(3).shows("GITLAB_HOST");
    bench.variable("GL_HOST", &host.url());
    bench.check(&[]).exits(0).shows("2 requests");
    let mut bench = Bench::new();
    bench.variable("ATLANTIS_GITLAB_USER", &format!("@{BOT}"));
    bench.variable("ATLANTIS_GITLAB_TOKEN", &token);
    bench.variable("ATLANTIS_GITLAB_HOSTNAME", &host.url());
    bench.secret(&token);
    bench.run(&["builtin:atlantis", "--repository", "acme/infra"]).exits(0);
    let mut bench = Bench::new();
    bench.variable("RENOVATE_TOKEN", &token);
    bench.variable("RENOVATE_PLATFORM", "gitlab");
    bench.variable("RENOVATE_ENDPOINT", &format!("{}/", host.api_url()));
    bench.variable("RENOVATE_REPOSITORIES", "acme/infra");
    bench.secret(&token);
    bench.policy(ROLE);
    bench.check(&[]).exits(0);
}

#[test]
fn versions_of_editions_and_of_gitlab_com_compare() {
    let token = fake("glpat", "version");
    for (version, code) in [("19.1.0-ee", 0), ("19.1.0", 0), ("19.1.0-pre", 1), ("18.11.3-ee", 1)] {
        let world = acme().version(version).token(good(&token));
        let lab = Lab::new(world, &token, "", "host gitlab {\n  require host.version >= \"19.1\"\n}\n");
        lab.bench.check(&[]).exits(code);
    }
    let old = Answer::new(404, r#"{"error":"404 Not Found"}"#);
    let world = acme().version("15.1.0").token(good(&token)).replaced("/api/v4/metadata", 1, old);
    let lab = Lab::new(world, &token, "", "host gitlab {\n  require host.version >= \"15.1\"\n}\n");
    lab.bench.check(&[]).exits(0);
    assert_eq!(lab.paths().last().unwrap(), "GET /version");
}

#[test]
fn a_project_that_is_switched_off_or_a_mirror_takes_no_pushes() {
    let token = fake("glpat", "off");
    let policy = "host gitlab {\n  require repository.can covers [push]\n}\n";
    let project = || Project::new("acme/infra").member(BOT, Level::Developer);
    for (project, code) in [(project(), 0), (project().without_repository(), 1), (project().mirror(), 1)] {
        let lab = Lab::new(World::new(now()).project(project).token(good(&token)), &token, INFRA, policy);
        lab.bench.check(&[]).exits(code);
    }
}

#[test]
fn a_deploy_token_never_can_and_is_told_which_kind_does() {
    let token = fake("gldt", "deploy");
    let policy = "host gitlab {\n  rule push {\n    require repository.can covers [push]\n  }\n}\n";
    let lab = Lab::new(acme(), &token, r#"repositories = ["acme/infra"]"#, policy);
    lab.bench
        .check(&[])
        .exits(1)
        .shows("a deploy token never can")
        .shows("use a kind of credential that can: `personal`");
}
