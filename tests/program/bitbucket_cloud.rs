//! Bitbucket Cloud, by the real binary over the simulated host: what is asked, what it costs, what comes of it.

use std::ops::Deref;
use std::sync::Arc;

use credcheck::simulator::bitbucket_cloud::{
    Fault, Hook, Permission, Repository, Running, Token, User, Workspace, WorkspaceRole, World,
};

use crate::bench::{Bench, fake, now};
use crate::hostile::Hostile;

const BOT: &str = "acme-atlantis";
const MAIL: &str = "acme-atlantis@acme.example";
const LEAST: [&str; 3] = ["read:pullrequest:bitbucket", "read:repository:bitbucket", "read:user:bitbucket"];

/// A secret's text: the prefix and letters that follow from the word.
fn text(prefix: &str, word: &str) -> String {
    // Reports show the digest of a policy's text, so the letters must not be those of the word alone.
    format!("{prefix}{}", fake("x", &format!("secret of {word}")).trim_start_matches("x_"))
}

fn acme() -> World {
    World::new(now())
        .user(User::new(BOT).email(MAIL).named("Acme Atlantis"))
        .workspace(Workspace::new("acme").member(BOT, WorkspaceRole::Member))
        .repository(Repository::new("acme/infra").private().permission(BOT, Permission::Write))
}

fn good(text: &str) -> Token {
    Token::api_token(text).owner(BOT).scopes(LEAST.into_iter().chain(["write:pullrequest:bitbucket"]))
}

/// A bench with one Bitbucket Cloud; when it goes, nothing was asked to change.
struct Cloud {
    bench: Bench,
    host: Arc<Running>,
}

impl Deref for Cloud {
    type Target = Bench;

    fn deref(&self) -> &Bench {
        &self.bench
    }
}

impl Drop for Cloud {
    fn drop(&mut self) {
        if !std::thread::panicking() {
            assert_eq!(self.host.server.writes(), [], "a check changes nothing");
        }
    }
}

impl Cloud {
    /// A credential of the settings for this world; `more` are further lines of its table.
    fn new(world: World, secret: &str, more: &str) -> Self {
        let host = Arc::new(world.start().unwrap());
        let mut bench = Bench::new();
        declare(&mut bench, &host.url(), &host.api_url(), secret, more);
        Self { bench, host }
    }

    /// The usual world with an API token of the bot's.
    fn usual(token: impl FnOnce(&str) -> Token, policy: &str) -> Self {
        let secret = text("ATATT3", policy);
        let more = format!("username = \"{MAIL}\"\nrepositories = [\"acme/infra\"]");
        let cloud = Self::new(acme().token(token(&secret)), &secret, &more);
        cloud.policy(policy);
        cloud
    }

    /// The usual world with an access token.
    fn access(token: impl FnOnce(&str) -> Token, policy: &str) -> Self {
        let secret = text("ATCTT3", policy);
        let cloud = Self::new(acme().token(token(&secret)), &secret, "repositories = [\"acme/infra\"]");
        cloud.policy(policy);
        cloud
    }

    fn paths(&self) -> Vec<String> {
        self.host.server.requests().into_iter().map(|request| request.path).collect()
    }
}

fn declare(bench: &mut Bench, url: &str, api: &str, secret: &str, more: &str) {
    bench.variable("BITBUCKET_SECRET", secret);
    bench.secret(secret);
    bench.settings(&format!(
        "[[credential]]\nname = \"bot\"\nhost = \"bitbucket_cloud\"\nurl = \"{url}\"\napi_url = \"{api}\"\n\
         token = {{ env = \"BITBUCKET_SECRET\" }}\n{more}\n"
    ));
}

fn ours(ended: &crate::bench::Ended) -> Vec<String> {
    ended.verdicts().into_iter().map(|verdict| verdict.replace("bitbucket_cloud.", "")).collect()
}

const FOUR: &str = r#"
host bitbucket_cloud {
  require token.kind == api_token
  require token.scopes covers ["read:repository:bitbucket"]
  require user.username like "*atlantis*"
  rule end {
    require token.expires_in >= 7d
    on unknown warn because "Bitbucket does not tell"
  }
}
"#;

#[test]
fn kind_scopes_expiry_and_username_cost_one() {
    let cloud = Cloud::usual(good, FOUR);
    cloud.check(&[]).exits(0).shows("1 request").shows("decided 3 of 4").shows("accepted");
    assert_eq!(cloud.paths(), ["/2.0/user"]);
    let plan = cloud.run(&["plan", "check.pol", "--format", "json"]).exits(0).json();
    let requests = plan["credentials"][0]["requests"].as_array().unwrap().clone();
    assert_eq!(requests.len(), 1, "{plan}");
    assert!(requests[0]["url"].as_str().unwrap().ends_with("/2.0/user"));
}

#[test]
fn a_repositorys_permission_costs_one_more() {
    let cloud =
        Cloud::usual(good, &format!("{FOUR}\nhost bitbucket_cloud {{\n  require repository.permission >= write\n}}\n"));
    let plan = cloud.run(&["plan", "check.pol", "--format", "json"]).exits(0).json();
    assert_eq!(plan["credentials"][0]["requests"].as_array().unwrap().len(), 2, "{plan}");
    cloud.check(&[]).exits(0).shows("2 requests").shows("decided 4 of 5");
    let paths = cloud.paths();
    assert_eq!(paths[0], "/2.0/user");
    assert!(paths[1].starts_with("/2.0/user/workspaces/acme/permissions/repositories?"), "{paths:?}");
}

#[test]
fn the_default_policy_passes_a_good_api_token() {
    let cloud = Cloud::usual(good, "");
    let ended = cloud.run(&["builtin:atlantis", "--format", "json"]).exits(0);
    assert_eq!(
        ours(&ended),
        [
            "app-password pass",
            "automerge pass",
            "basic-auth pass",
            "bot-account pass",
            "bot-can pass",
            "can-comment pass",
            "label undetermined/not-revealable",
            "least-privilege pass",
            "oauth-scope not-applicable",
            "repo-scope pass",
            "rotation undetermined/not-revealable",
        ]
    );
    assert_eq!(ended.json()["summary"]["accepted"], ended.json()["summary"]["undetermined"]);
    assert_eq!(cloud.paths().len(), 3, "{:?}", cloud.paths());
}

#[test]
fn the_least_api_token_passes_with_its_name_accepted_as_unknown() {
    let cloud = Cloud::usual(|text| Token::api_token(text).owner(BOT).scopes(LEAST.into_iter().take(2)), "");
    let ended = cloud.run(&["builtin:atlantis", "--format", "json"]).exits(0);
    let verdicts = ours(&ended);
    assert!(verdicts.contains(&"bot-account undetermined/not-permitted".to_owned()), "{verdicts:?}");
    assert!(verdicts.contains(&"automerge warning".to_owned()), "{verdicts:?}");
    assert!(verdicts.contains(&"repo-scope pass".to_owned()), "{verdicts:?}");
}

#[test]
fn trap_01_an_app_password_is_decided_without_a_request() {
    let secret = text("ATBB", "dead");
    let world = acme().token(Token::app_password(&secret).owner(BOT).scopes(["pullrequest:write"]));
    let cloud = Cloud::new(world, &secret, "username = \"acme-atlantis\"\nrepositories = [\"acme/infra\"]");
    cloud.run(&["builtin:atlantis"]).exits(1).shows("app-password").shows("API token").shows("0 requests");
    assert_eq!(cloud.paths(), [""; 0]);
    // And were it asked, the host would refuse it.
    cloud.policy("host bitbucket_cloud {\n  require token.active\n}\n");
    cloud.check(&[]).exits(1).shows("credential-valid").shows("API token");
}

#[test]
fn the_old_pages_demands_can_be_written_and_are_accepted_in_writing() {
    let policy = r#"
host bitbucket_cloud {
  rule rights { require token.scopes covers ["pullrequest:write"] }
  rule label {
    require token.name == "atlantis"
    on unknown warn because "the web page alone shows it"
  }
}
"#;
    let cloud =
        Cloud::access(|text| Token::repository_access(text, "acme/infra").scopes(["pullrequest:write"]), policy);
    let ended = cloud.check(&["--format", "json"]).exits(0);
    assert_eq!(ours(&ended), ["label undetermined/not-revealable", "rights pass"]);
}

#[test]
fn trap_02_the_words_of_api_tokens_do_not_imply() {
    let policy =
        "host bitbucket_cloud {\n  rule reads { require token.scopes covers [\"read:pullrequest:bitbucket\"] }\n}\n";
    let write =
        |text: &str| Token::api_token(text).owner(BOT).scopes(["write:pullrequest:bitbucket", "read:user:bitbucket"]);
    let cloud = Cloud::usual(write, policy);
    cloud.check(&[]).exits(1).shows("read:pullrequest:bitbucket");
    let old = "host bitbucket_cloud {\n  rule reads { require token.scopes covers [\"repository\"] }\n}\n";
    let cloud = Cloud::access(|text| Token::workspace_access(text, "acme").scopes(["pullrequest:write"]), old);
    cloud.check(&[]).exits(0).shows("decided 1 of 1");
}

#[test]
fn trap_03_header_names_come_in_every_case() {
    for (scopes, kind) in [
        ("X-OAuth-Scopes", "X-Credential-Type"),
        ("X-Oauth-Scopes", "x-credential-type"),
        ("x-oauth-scopes", "X-CREDENTIAL-TYPE"),
    ] {
        let secret = text("ATATT3", scopes);
        let hostile = Hostile::answering(move |_| {
            let body = "{\"type\":\"user\",\"uuid\":\"{1}\",\"nickname\":\"acme-atlantis\",\"display_name\":\"A\"}";
            format!(
                "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n{kind}: api_token\r\n{scopes}: \
                 read:repository:bitbucket\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}",
                body.len()
            )
            .into_bytes()
        });
        let mut bench = Bench::new();
        let url = hostile.url();
        declare(&mut bench, &url, &format!("{url}/2.0"), &secret, &format!("username = \"{MAIL}\""));
        bench.policy(FOUR);
        bench.check(&[]).exits(0).shows("decided 3 of 4");
        assert!(hostile.heads()[0].line.starts_with("GET /2.0/user"));
    }
}

#[test]
fn trap_06_access_tokens_show_kind_and_scopes_and_no_user() {
    let policy = r#"
host bitbucket_cloud {
  rule kind  { require token.kind == repository_access_token }
  rule scope { require token.scopes covers ["repository"] }
  rule alive { require token.active }
  rule name  { require user.username like "*atlantis*" }
  rule role  { require repository.permission >= write }
}
"#;
    let token = |text: &str| Token::repository_access(text, "acme/infra").scopes(["pullrequest"]);
    let cloud = Cloud::access(token, policy);
    let ended = cloud.check(&["--format", "json"]).exits(3);
    assert_eq!(
        ours(&ended),
        ["alive pass", "kind pass", "name undetermined/not-revealable", "role undetermined/inapplicable", "scope pass",]
    );
    assert_eq!(cloud.paths(), ["/2.0/user"]);
}

#[test]
fn finding_23_scopes_that_no_header_names_never_pass() {
    let token = |text: &str| Token::workspace_access(text, "acme").scopes(["pullrequest"]).without_scopes_header();
    let policy = "host bitbucket_cloud {\n  forbid token.scopes covers [\"repository:admin\"]\n}\n";
    let cloud = Cloud::access(token, policy);
    cloud.check(&[]).exits(3).shows("X-OAuth-Scopes");
}

#[test]
fn trap_07_a_filter_that_is_refused_and_pages_are_read_to_the_repository() {
    let secret = text("ATATT3", "pages");
    let mut world = World::new(now()).user(User::new(BOT).email(MAIL)).refusing_full_name_filter().page_length(2);
    for at in 0..5 {
        world = world.repository(Repository::new(&format!("acme/r{at}")).private().permission(BOT, Permission::Read));
    }
    world = world.repository(Repository::new("acme/infra").private().permission(BOT, Permission::Admin));
    let cloud = Cloud::new(
        world.token(good(&secret)),
        &secret,
        &format!("username = \"{MAIL}\"\nrepositories = [\"acme/infra\"]"),
    );
    cloud.policy("host bitbucket_cloud {\n  require repository.permission == admin\n}\n");
    cloud.check(&[]).exits(0).shows("4 requests");
}

#[test]
fn a_public_repository_without_a_grant_is_none_and_a_missing_one_is_not_visible() {
    let secret = text("ATATT3", "grants");
    let world = acme().repository("acme/docs").token(good(&secret));
    let more = format!("username = \"{MAIL}\"\nrepositories = [\"acme/docs\", \"acme/infar\"]");
    let cloud = Cloud::new(world, &secret, &more);
    cloud.policy("host bitbucket_cloud {\n  rule low { forbid repository.permission >= admin }\n}\n");
    let ended = cloud.check(&["--format", "json"]).exits(1);
    assert_eq!(ours(&ended), ["low pass", "low undetermined/not-permitted", "repository-visible violation"]);
}

#[test]
fn permissions_by_project_and_workspace_count() {
    let secret = text("ATATT3", "project");
    let world = World::new(now())
        .user(User::new(BOT).email(MAIL))
        .workspace(Workspace::new("acme").project_permission("INF", BOT, Permission::Write))
        .repository(Repository::new("acme/infra").private().project("INF"))
        .token(good(&secret));
    let cloud = Cloud::new(world, &secret, &format!("username = \"{MAIL}\"\nrepositories = [\"acme/infra\"]"));
    cloud.policy("host bitbucket_cloud {\n  require repository.permission == write\n  require repository.can covers [clone, comment, set_status]\n}\n");
    cloud.check(&[]).exits(0).shows("decided 2 of 2");
}

#[test]
fn the_role_in_the_workspace_and_the_webhooks_are_read() {
    let secret = text("ATATT3", "hooks");
    let hook = |url: &str| Hook::new(url, ["pullrequest:created", "pullrequest:comment_created"]);
    let mut repository = Repository::new("acme/infra").private().permission(BOT, Permission::Admin);
    for at in 0..3 {
        repository = repository.hook(hook(&format!("https://atlantis-{at}.acme.example/events")).secret());
    }
    let world = acme()
        .workspace(Workspace::new("acme").member(BOT, WorkspaceRole::CreateProject))
        .repository(repository)
        .page_length(2)
        .token(good(&secret).scopes(["read:workspace:bitbucket", "read:webhook:bitbucket"]));
    let cloud = Cloud::new(world, &secret, &format!("username = \"{MAIL}\"\nrepositories = [\"acme/infra\"]"));
    cloud.policy(
        r#"
host bitbucket_cloud {
  rule role  { require workspace.role == create_project }
  rule hooks { require all hook in repository.webhooks satisfies (hook.secret_set and not hook.insecure_ssl) }
  rule three { require count(repository.webhooks) == 3 }
}
"#,
    );
    let ended = cloud.check(&["--format", "json"]).exits(0);
    assert_eq!(ours(&ended), ["hooks pass", "role pass", "three pass"]);
}

#[test]
fn webhooks_that_only_admins_see_stay_unknown() {
    let cloud = Cloud::usual(
        |text| good(text).scopes(["read:webhook:bitbucket"]),
        "host bitbucket_cloud {\n  rule hooks { forbid any hook in repository.webhooks satisfies (not hook.secret_set) }\n}\n",
    );
    let ended = cloud.check(&["--format", "json"]).exits(3);
    assert_eq!(ours(&ended), ["hooks undetermined/not-permitted"]);
}

#[test]
fn a_page_for_people_is_never_shown() {
    let secret = text("ATATT3", "page");
    let more = format!("username = \"{MAIL}\"\nrepositories = [\"acme/missing\"]");
    let world = acme().token(good(&secret).scopes(["read:webhook:bitbucket"]));
    let mut cloud = Cloud::new(world, &secret, &more);
    cloud.bench.secret(&["eyJ", &"Web0token1".repeat(6)].concat());
    cloud.policy("host bitbucket_cloud {\n  rule hooks { require count(repository.webhooks) == 0 }\n}\n");
    let record = cloud.path("record.json");
    let ended = cloud.check(&["--format", "json", "--record", record.to_str().unwrap()]).saying_anything().exits(3);
    assert_eq!(ours(&ended), ["hooks undetermined/not-permitted"]);
    assert!(!cloud.read("record.json").contains("DOCTYPE"));
}

#[test]
fn trap_08_a_username_without_an_at_is_said_before_anything_is_sent() {
    let secret = text("ATATT3", "username");
    let cloud = Cloud::new(acme().token(good(&secret)), &secret, "username = \"acme-atlantis\"");
    cloud.policy(FOUR);
    cloud.check(&[]).exits(1).shows("right-host").shows("e-mail address").shows("0 requests");
    assert_eq!(cloud.paths(), [""; 0]);
}

#[test]
fn an_api_token_that_is_not_taken_says_all_that_it_can_be() {
    let secret = text("ATATT3", "wrong");
    let cloud = Cloud::new(acme().token(good(&secret).revoked()), &secret, &format!("username = \"{MAIL}\""));
    cloud.policy(FOUR);
    cloud.check(&[]).exits(1).shows("credential-valid").shows("e-mail").shows("1 request");
    // One without scopes is another product's.
    let secret = text("ATATT3", "jira");
    let cloud =
        Cloud::new(acme().token(Token::api_token(&secret).owner(BOT)), &secret, &format!("username = \"{MAIL}\""));
    cloud.policy(FOUR);
    cloud.check(&[]).exits(1).shows("credential-valid");
}

#[test]
fn a_kind_that_the_header_contradicts_decides_nothing() {
    let secret = text("ATCTT3", "declared");
    let world = acme().token(Token::workspace_access(&secret, "acme").scopes(["repository"]));
    let cloud = Cloud::new(world, &secret, "kind = \"repository_access_token\"");
    cloud.policy(
        "host bitbucket_cloud {\n  require token.scopes covers [\"repository\"]\n  when token.lifetime == standing {\n    \
         require token.kind == repository_access_token\n  }\n}\n",
    );
    cloud.check(&[]).exits(3).shows("so its kind is open").shows("decided 1 of 2");
}

#[test]
fn globs_are_matched_against_the_workspace_that_they_name() {
    let secret = text("ATATT3", "globs");
    let mut world = acme().page_length(3).token(good(&secret));
    for at in 0..5 {
        world =
            world.repository(Repository::new(&format!("acme/live-{at}")).private().permission(BOT, Permission::Write));
        world =
            world.repository(Repository::new(&format!("other/live-{at}")).private().permission(BOT, Permission::Write));
    }
    let more = format!("username = \"{MAIL}\"\nrepositories = [\"acme/live-*\", \"Other/live-0*\"]");
    let cloud = Cloud::new(world, &secret, &more);
    cloud.policy("host bitbucket_cloud {\n  require repository.permission >= write\n}\n");
    cloud.check(&[]).exits(0).shows("decided 6 of 6");
    let lists: Vec<String> = cloud.paths().into_iter().filter(|path| path.starts_with("/2.0/repositories/")).collect();
    assert_eq!(lists.len(), 4, "{lists:?}");
}

#[test]
fn a_glob_that_names_no_workspace_is_undetermined() {
    let secret = text("ATATT3", "any");
    let more = format!("username = \"{MAIL}\"\nrepositories = [\"*/infra\"]");
    let cloud = Cloud::new(acme().token(good(&secret)), &secret, &more);
    cloud.policy("host bitbucket_cloud {\n  require repository.permission >= write\n}\n");
    cloud.check(&[]).exits(3);
    assert_eq!(cloud.paths(), [""; 0]);
}

#[test]
fn hosts_that_fail_leave_it_open() {
    for fault in [
        Fault::GatewayError(502),
        Fault::OwnTimeout,
        Fault::NotJson,
        Fault::TruncatedJson,
        Fault::BrokenConnection,
        Fault::TooManyRequests(None),
        Fault::Removed("CHANGE-2770".into()),
        Fault::Redirect("https://evil.example/".into()),
    ] {
        let secret = text("ATATT3", "faults");
        let world = acme().token(good(&secret)).fault(9, fault.clone());
        let cloud = Cloud::new(world, &secret, &format!("username = \"{MAIL}\""));
        cloud.policy("host bitbucket_cloud {\n  require user.username like \"*atlantis*\"\n}\n");
        let ended = cloud.check(&["--format", "json"]).exits(3);
        assert_eq!(ended.json()["summary"]["undetermined"], 1, "{fault:?}");
    }
}

#[test]
fn a_limit_that_is_used_up_stops_undetermined() {
    let secret = text("ATATT3", "limit");
    let cloud = Cloud::new(
        acme().token(good(&secret)).requests_left(1),
        &secret,
        &format!("username = \"{MAIL}\"\nrepositories = [\"acme/infra\"]"),
    );
    cloud.policy(&format!("{FOUR}\nhost bitbucket_cloud {{\n  require repository.permission >= write\n}}\n"));
    cloud.check(&[]).exits(3).shows("rate limit").shows("decided 3 of 5");
}

#[test]
fn a_record_replays_without_the_host() {
    let cloud =
        Cloud::usual(good, &format!("{FOUR}\nhost bitbucket_cloud {{\n  require repository.permission >= write\n}}\n"));
    let record = cloud.path("operator/record.json");
    let record = record.to_str().unwrap();
    cloud.check(&["--record", record]).saying_anything().exits(0);
    let asked = cloud.paths().len();
    cloud.check(&["--replay", record]).saying_anything().exits(0).shows("decided 4 of 5");
    assert_eq!(cloud.paths().len(), asked);
}

#[test]
fn an_oauth_token_is_one_where_the_settings_say_so() {
    let policy = "host bitbucket_cloud {\n  rule kind { forbid token.kind == app_password }\n  rule name { require \
                  user.username like \"*atlantis*\" }\n  rule scope { require token.scopes covers [\"account\"] }\n}\n";
    for (declared, kind) in [("kind = \"oauth\"", "kind pass"), ("", "kind undetermined/not-revealable")] {
        let secret = text("", "oauth");
        let world = acme().token(Token::oauth(&secret).owner(BOT).scopes(["account"]));
        let cloud = Cloud::new(world, &secret, declared);
        cloud.policy(policy);
        let verdicts = ours(&cloud.check(&["--format", "json"]).exits(3));
        assert!(verdicts.contains(&kind.to_owned()), "{verdicts:?}");
        assert!(verdicts.iter().any(|verdict| verdict.starts_with("scope undetermined")), "{verdicts:?}");
        assert!(verdicts.contains(&"name pass".to_owned()), "{verdicts:?}");
    }
}

/// Where the credential of this environment would go.
fn plan(environment: &[(&str, &str)]) -> Vec<String> {
    let mut bench = Bench::new();
    for (name, value) in environment {
        bench.variable(name, value);
        if name.contains("TOKEN") {
            bench.secret(value);
        }
    }
    let report = bench.run(&["plan", "builtin:atlantis", "--format", "json"]).saying_anything().exits(0).json();
    let credentials = report["credentials"].as_array().unwrap();
    let requests = credentials.iter().flat_map(|credential| credential["requests"].as_array().unwrap());
    requests.map(|request| request["url"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn atlantis_on_bitbucket_cloud() {
    let secret = text("ATATT3", "family");
    let base = [
        ("ATLANTIS_BITBUCKET_USER", "acme-git"),
        ("ATLANTIS_BITBUCKET_API_USER", MAIL),
        ("ATLANTIS_BITBUCKET_TOKEN", secret.as_str()),
    ];
    let user = "https://api.bitbucket.org/2.0/user";
    assert_eq!(plan(&base), [user]);
    for url in ["https://api.bitbucket.org", "https://api.bitbucket.org/", "https://api.bitbucket.org/2.0"] {
        assert_eq!(plan(&[&base[..], &[("ATLANTIS_BITBUCKET_BASE_URL", url)]].concat()), [user], "{url}");
    }
    let listed =
        plan(&[&base[..], &[("ATLANTIS_REPO_ALLOWLIST", "bitbucket.org/acme/infra,github.com/acme/web")]].concat());
    assert_eq!(listed.len(), 3, "{listed:?}");
    assert!(listed.iter().any(|url| url.contains("/2.0/user/workspaces/acme/permissions/repositories?")), "{listed:?}");
    let globs = plan(&[&base[..], &[("ATLANTIS_REPO_ALLOWLIST", "bitbucket.org/acme/*")]].concat());
    assert!(globs.contains(&"https://api.bitbucket.org/2.0/repositories/acme?pagelen=100".to_owned()), "{globs:?}");
    // A token of the cloud's goes to no server.
    let server = plan(&[&base[..], &[("ATLANTIS_BITBUCKET_BASE_URL", "https://git.acme.example")]].concat());
    assert!(!server.iter().any(|url| url.contains("git.acme.example")), "{server:?}");
}

#[test]
fn trap_09_atlantis_without_the_api_user_is_told_what_is_missing() {
    let secret = text("ATATT3", "no-mail");
    let mut bench = Bench::new();
    bench.secret(&secret);
    bench.variable("ATLANTIS_BITBUCKET_USER", "acme-git");
    bench.variable("ATLANTIS_BITBUCKET_TOKEN", &secret);
    bench.run(&["builtin:atlantis"]).exits(1).shows("right-host").shows("e-mail address").shows("0 requests");
}

#[test]
fn trap_09_bearer_only_kinds_are_a_warning() {
    let token = |text: &str| Token::workspace_access(text, "acme").scopes(["pullrequest"]);
    let cloud = Cloud::access(token, "");
    let ended = cloud.run(&["builtin:atlantis", "--format", "json"]).exits(0);
    let verdicts = ours(&ended);
    assert!(verdicts.contains(&"basic-auth warning".to_owned()), "{verdicts:?}");
    assert!(verdicts.contains(&"oauth-scope pass".to_owned()), "{verdicts:?}");
}

#[test]
fn what_a_token_reveals_has_its_evidence() {
    let cloud = Cloud::usual(good, "");
    let report = cloud.run(&["facts", "--format", "json"]).exits(0).json();
    let facts = report["credentials"][0]["facts"].as_array().unwrap();
    let fact = |path: &str| facts.iter().find(|fact| fact["fact"] == path).unwrap_or_else(|| panic!("{path}"));
    assert_eq!(fact("token.kind")["value"], "api_token");
    assert_eq!(fact("user.email")["knowledge"], "known");
    assert_eq!(fact("user.email")["value"], MAIL);
    assert_eq!(fact("repository.permission")["value"], "write");
    assert_eq!(fact("repository.visibility")["value"], "private");
    assert_eq!(fact("token.expires_at")["cause"], "not-revealable");
    assert_eq!(fact("workspace.role")["knowledge"], "unknown");
    assert!(fact("token.scopes")["evidence"][0]["source"].as_str().unwrap().contains("X-OAuth-Scopes"));
}

#[test]
fn a_configured_username_is_not_held_against_the_nickname() {
    let secret = text("opaque", "nickname");
    let world = acme().token(Token::oauth(&secret).owner(BOT).scopes(["account", "repository"]));
    let more = "kind = \"oauth\"\nusername = \"acme-login\"\nrepositories = [\"acme/infra\"]";
    let cloud = Cloud::new(world, &secret, more);
    cloud.policy("host bitbucket_cloud {\n  require user.username like \"*atlantis*\"\n}\n");
    let ended = cloud.check(&[]).exits(0);
    assert!(!ended.stdout.contains("username-matches"), "{}", ended.stdout);
}
