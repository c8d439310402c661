//! Gitea and Forgejo, end to end: which road leads to the scopes, what a check asks, and what it must not conclude.

use std::sync::Arc;

use credcheck::simulator::Answer;
use credcheck::simulator::gitea::{
    Allowed, Hook, Level, Organization, Product, Protection, Repository, Running, Team, Token, Unit, User, Visibility,
    World,
};
use serde_json::{Value, json};

use crate::bench::{Bench, now};

const BOT: &str = "acme-bot";
const INFRA: &str = r#"repositories = ["acme/infra"]"#;

fn gitea(version: &str) -> World {
    acme(World::new(Product::Gitea, version, now()))
}

fn forgejo(version: &str) -> World {
    acme(World::new(Product::Forgejo, version, now()))
}

/// A public organisation with a private repository, in which the bot writes.
fn acme(world: World) -> World {
    world
        .user(User::new(BOT).named("Acme Bot"))
        .organization("acme")
        .repository(Repository::new("acme/infra").collaborator(BOT, Level::Write))
}

const GOOD: [&str; 3] = ["write:issue", "write:repository", "read:user"];

/// A token of the bot, and its text.
fn token(scopes: &[&str]) -> (Token, String) {
    let text = Token::text(&format!("bot {}", scopes.join(" ")));
    (Token::personal(&text, BOT).named("plan").scopes(scopes), text)
}

/// A host and a bench with one credential for it; nothing was changed on the host when it is dropped.
struct Lab {
    bench: Bench,
    host: Arc<Running>,
    may_probe: bool,
}

impl Lab {
    fn new(world: World, token: &str, more: &str, policy: &str) -> Self {
        let host = Arc::new(world.start().unwrap());
        let mut bench = Bench::new();
        bench.credential_of("gitea", "bot", (&host.url(), &host.api_url()), token, more);
        bench.policy(policy);
        Self { bench, host, may_probe: false }
    }

    /// With a token of these scopes.
    fn of(world: World, scopes: &[&str], policy: &str) -> Self {
        let (token, text) = token(scopes);
        Self::new(world.token(token), &text, INFRA, policy)
    }

    /// The requests so far, below the API's base where they are.
    fn paths(&self) -> Vec<String> {
        let requests = self.host.server.requests();
        requests.iter().map(|one| format!("{} {}", one.method, one.path.replace("/api/v1", ""))).collect()
    }

    /// What is known of the credential's and its repositories' facts, as JSON.
    fn facts(&self, more: &[&str]) -> Value {
        let mut arguments = vec!["facts", "--format", "json"];
        arguments.extend(more);
        self.bench.run(&arguments).ends().json()
    }

    /// The text of one fact.
    fn fact(&self, path: &str) -> String {
        let facts = self.facts(&[]);
        find(&facts, path).unwrap_or_else(|| panic!("{path} in {facts:#}")).to_string()
    }
}

/// A fact in a document, wherever it stands.
fn find<'a>(document: &'a Value, path: &str) -> Option<&'a Value> {
    match document {
        Value::Object(members) if members.get("fact").is_some_and(|fact| fact == path) => Some(document),
        Value::Object(members) => members.get(path).or_else(|| members.values().find_map(|value| find(value, path))),
        Value::Array(items) => items.iter().find_map(|value| find(value, path)),
        _ => None,
    }
}

impl Drop for Lab {
    fn drop(&mut self) {
        if !std::thread::panicking() && !self.may_probe {
            assert_eq!(self.host.server.writes(), [], "a check changes nothing");
        }
    }
}

const SCOPES: &str =
    "host gitea {\n  require token.scopes covers [\"write:issue\", \"write:repository\", \"read:user\"]\n}\n";

// ---- the roads

#[test]
fn trap_1_scopes_are_looked_at_before_anything_that_a_request_names() {
    // A repository that is not there: the scope is missing or there all the same.
    for (world, held) in [(gitea("1.22.6"), true), (forgejo("15.0.3"), true), (gitea("1.22.6"), false)] {
        let scopes: &[&str] = if held { &["read:repository"] } else { &["read:misc"] };
        let policy = "host gitea {\n  require token.scopes covers [\"read:repository\"]\n}\n";
        let (own, text) = token(scopes);
        let lab = Lab::new(world.token(own), &text, "", policy);
        lab.bench.check(&[]).exits(i32::from(!held)).shows("decided 1 of 1");
        assert_eq!(lab.paths().last().unwrap(), "GET /repos/explore/x");
    }
}

#[test]
fn trap_8_words_that_follow_a_language_decide_nothing_constructed() {
    // The 404 of a repository in German, and a demand for a second factor in German: status and link decide.
    let german = |status, words: &str| {
        Answer::new(status, json!({"message": words, "url": "https://git.acme.dev/api/swagger"}).to_string())
            .header("content-type", "application/json;charset=utf-8")
    };
    let page = german(404, "Das Ziel konnte nicht gefunden werden.");
    let world = forgejo("11.0.15").replaced("/api/v1/repos/acme/infra", 9, page.clone());
    Lab::of(world, &GOOD, "host gitea {\n  require repository.archived == false\n}\n")
        .bench
        .check(&[])
        .exits(1)
        .shows("cannot see the repository");
    let world = forgejo("11.0.15").replaced("/api/v1/repos/explore/x/labels", 9, page);
    Lab::of(world, &["read:issue"], "host gitea {\n  require token.scopes covers [\"read:issue\"]\n}\n")
        .bench
        .check(&[])
        .exits(0);
    let words = "Diese Instanz verlangt einen zweiten Faktor: https://git.acme.dev/user/settings/security";
    let world = forgejo("15.0.3").replaced("/api/v1/", 9, german(403, words));
    Lab::of(world, &GOOD, SCOPES).bench.check(&[]).exits(1).shows("set up two-factor authentication");
}

#[test]
fn trap_2_the_road_is_chosen_by_product_and_version() {
    for (world, road) in [
        (gitea("1.27.0"), "GET /token"),
        (gitea("1.24.7"), "GET /users/acme-bot/tokens?limit=50"),
        (gitea("1.22.6"), "GET /users/acme-bot/tokens?limit=50"),
        (forgejo("11.0.15"), "GET /users/acme-bot/tokens?limit=50"),
        (forgejo("15.0.3"), "GET /users/acme-bot/tokens?limit=50"),
    ] {
        let lab = Lab::of(world, &GOOD, SCOPES);
        lab.bench.check(&[]).exits(0).shows("decided 1 of 1");
        let paths = lab.paths();
        assert_eq!(paths.last().map(String::as_str), Some(road), "{paths:?}");
        assert!(paths.len() <= 3, "{paths:?}");
    }
}

#[test]
fn trap_2_a_refusal_tells_every_scope_from_gitea_1_23_on() {
    let policy = "host gitea {\n  require token.scopes covers [\"write:issue\"]\n  require not token.public_only\n}\n";
    let lab = Lab::of(gitea("1.24.7"), &["write:issue"], policy);
    lab.bench.check(&[]).exits(0).shows("decided 2 of 2");
    assert_eq!(lab.paths(), ["GET /user"], "what refuses the account tells the scopes");
}

#[test]
fn trap_2_without_a_road_only_what_the_policy_names_is_proved() {
    let policy = "host gitea {\n  require token.scopes covers [\"read:issue\"]\n}\n";
    let lab = Lab::of(forgejo("11.0.15"), &["read:issue", "read:package"], policy);
    lab.bench.check(&[]).exits(0);
    assert_eq!(lab.paths(), ["GET /user", "GET /version", "GET /repos/explore/x/labels"]);
    let all = "host gitea {\n  require token.scopes within [\"read:issue\"]\n}\n";
    lab.bench.policy(all);
    lab.bench.check(&[]).gives_a_verdict();
    assert_eq!(lab.paths().len(), 3 + 8, "user, version and six categories: {:?}", lab.paths());
}

#[test]
fn trap_16_a_token_goes_as_a_password_only_after_it_was_accepted() {
    let lab = Lab::new(gitea("1.24.7"), &Token::text("nobody's"), INFRA, SCOPES);
    lab.bench.check(&[]).exits(1).shows("is not accepted (401)");
    assert_eq!(lab.paths(), ["GET /user"], "a refused token is never tried as a password");
}

#[test]
fn trap_3_a_refusal_that_names_two_scopes_denies_neither() {
    // The listing wants both, and the refusal does not say which is missing.
    let policy =
        "host gitea {\n  each repository in [\"acme/*\"] {\n    require repository.archived == false\n  }\n}\n";
    let (token, text) = token(&["read:repository"]);
    let lab = Lab::new(forgejo("11.0.15").token(token), &text, "", policy);
    lab.bench.check(&[]).exits(3);
    let said = lab.fact("token.scopes");
    assert!(said.contains("read:repository") || !said.contains("denied\":[\"read:repository"), "{said}");
}

#[test]
fn trap_4_a_404_that_is_no_json_proves_nothing_constructed() {
    let page = Answer::new(404, "404 page not found\n");
    let world = forgejo("11.0.15").replaced("/api/v1/repos/explore/x/labels", 9, page);
    let lab = Lab::of(world, &["read:repository"], "host gitea {\n  require token.scopes covers [\"read:issue\"]\n}\n");
    lab.bench.check(&[]).exits(3).shows("cannot tell");
}

#[test]
fn trap_5_a_repository_specific_token_stays_of_two_kinds_and_never_passes_by_that() {
    let text = Token::text("narrow");
    let token = Token::repository(&text, BOT, &["acme/infra"]).scopes(["write:repository", "write:issue"]);
    let lab =
        Lab::new(forgejo("15.0.3").token(token), &text, INFRA, "host gitea {\n  require token.kind == personal\n}\n");
    lab.bench.check(&[]).exits(3).shows("cannot tell");
    lab.bench.policy("host gitea {\n  require user.username == \"acme-bot\"\n}\n");
    lab.bench.check(&[]).exits(3).shows("read:user");
    let kind = lab.fact("token.kind");
    assert!(kind.contains("personal") && kind.contains("repository") && !kind.contains("actions"), "{kind}");
}

/// A credential of `acme/infra` whose bot is configured as somebody.
fn configured(login: &str) -> String {
    format!("{INFRA}\nusername = \"{login}\"")
}

const WHO: &str = "host gitea {\n  require user.username == \"acme-bot\"\n}\n";

/// A token for `acme/infra` alone, with its text.
fn narrow() -> (Token, String) {
    let text = Token::text("narrow");
    (Token::repository(&text, BOT, &["acme/infra"]).scopes(["write:repository", "write:issue"]), text)
}

#[test]
fn a_repository_specific_token_proves_to_be_the_account_that_the_settings_name() {
    let (token, text) = narrow();
    let lab = Lab::new(forgejo("15.0.3").token(token), &text, &configured("Acme-Bot"), WHO);
    lab.bench.check(&[]).exits(0);
    let asked = ["/user", "/version", "/repos/acme/infra", "/repos/acme/infra/collaborators/Acme-Bot/permission"];
    assert_eq!(lab.paths(), asked.map(|path| format!("GET {path}")));
    let who = lab.fact("user.username");
    assert!(who.contains("acme-bot") && who.contains("user.login") && who.contains("/permission"), "{who}");
    // The same answer tells the right: nothing is asked twice.
    let (token, text) = narrow();
    let both = "host gitea {\n  require user.username == \"acme-bot\"\n  require repository.permission >= write\n}\n";
    let lab = Lab::new(forgejo("15.0.3").token(token), &text, &configured(BOT), both);
    lab.bench.check(&[]).exits(0).shows("decided 2 of 2");
    assert_eq!(lab.paths().len(), 4, "{:?}", lab.paths());
    let right = "host gitea {\n  require repository.permission >= write\n}\n";
    lab.bench.policy(right);
    lab.bench.check(&[]).exits(0);
}

#[test]
fn without_a_name_in_the_settings_nobody_is_guessed_at() {
    let (token, text) = narrow();
    let lab = Lab::new(forgejo("15.0.3").token(token), &text, INFRA, WHO);
    lab.bench.check(&[]).exits(3);
    assert!(!lab.paths().iter().any(|path| path.contains("acme-bot")), "{:?}", lab.paths());
    // Nor where no rule asks who it is.
    let (token, text) = narrow();
    let world = forgejo("15.0.3").token(token);
    let lab = Lab::new(world, &text, &configured(BOT), "host gitea {\n  require token.active\n}\n");
    lab.bench.check(&[]).exits(0);
    assert_eq!(lab.paths(), ["GET /user", "GET /version"]);
}

#[test]
fn a_token_of_another_account_than_the_settings_name_is_a_finding() {
    for (named, says) in [("somebody-else", "does not tell the token the right"), ("nobody", "has no account `nobody`")]
    {
        let (token, text) = narrow();
        let world = forgejo("15.0.3").user("somebody-else").token(token);
        let lab = Lab::new(world, &text, &configured(named), WHO);
        lab.bench
            .check(&[])
            .exits(1)
            .shows(&format!("is configured for `{named}` and does not belong to it"))
            .shows(says);
        let who = lab.fact("user.username");
        assert!(who.contains("unknown") && who.contains(says), "{who}");
    }
}

#[test]
fn those_who_are_told_of_others_are_not_told_whose_they_are() {
    // An administrator of the repository and one of the instance are told everybody's right: nothing follows.
    let site = Repository::new("acme/site").public();
    for (user, level) in [(User::new(BOT), Level::Admin), (User::new(BOT).admin(), Level::Write)] {
        let world = World::new(Product::Forgejo, "15.0.3", now())
            .user(user)
            .user("somebody-else")
            .organization("acme")
            .repository(Repository::new("acme/infra").collaborator(BOT, level))
            .repository(site.clone());
        let (token, text) = token(&["write:repository"]);
        let lab = Lab::new(world.token(token), &text, &configured("somebody-else"), WHO);
        lab.bench.check(&[]).exits(3).hides("is configured for");
        assert!(!lab.paths().iter().any(|path| path.contains("permission")), "{:?}", lab.paths());
    }
    // Another repository, which it does not administer, tells.
    let world = World::new(Product::Forgejo, "15.0.3", now())
        .user(BOT)
        .organization("acme")
        .repository(Repository::new("acme/infra").collaborator(BOT, Level::Admin))
        .repository(site);
    let (token, text) = token(&["write:repository"]);
    let more = "repositories = [\"acme/infra\", \"acme/site\"]\nusername = \"acme-bot\"";
    let lab = Lab::new(world.token(token), &text, more, WHO);
    lab.bench.check(&[]).exits(0);
    assert!(lab.paths().contains(&"GET /repos/acme/site/collaborators/acme-bot/permission".to_owned()));
}

#[test]
fn an_old_server_says_nothing_of_whose_a_token_is() {
    let (token, text) = token(&["write:repository"]);
    let world = forgejo("10.0.3").no_oauth_provider().token(token);
    let lab = Lab::new(world, &text, &configured("somebody-else"), WHO);
    lab.bench.check(&[]).exits(3).hides("is configured for");
    assert!(!lab.paths().iter().any(|path| path.contains("permission")), "{:?}", lab.paths());
}

#[test]
fn trap_6_access_tokens_never_end_and_oauth_tokens_say_when() {
    let lab = Lab::of(gitea("1.27.0"), &GOOD, "host gitea {\n  require token.expires_at is absent\n}\n");
    lab.bench.check(&[]).exits(0);
    let times = json!({"gnt": 7, "tt": 0, "iat": now().as_second(), "exp": now().as_second() + 3600});
    let text = Token::jwt(&times);
    let token = Token::oauth(&text, BOT).scopes(["read:user"]);
    let policy = "host gitea {\n  require token.expires_in <= 2h and token.expires_at is not absent\n  require token.kind == oauth\n}\n";
    let lab = Lab::new(gitea("1.27.0").token(token), &text, INFRA, policy);
    lab.bench.check(&[]).exits(0);
}

#[test]
fn an_oauth_refresh_token_is_never_sent() {
    let text = Token::jwt(&json!({"gnt": 7, "tt": 1}));
    let lab = Lab::new(gitea("1.27.0").token(Token::refresh(&text, BOT)), &text, INFRA, SCOPES);
    lab.bench.check(&[]).exits(1).shows("refresh token");
    assert_eq!(lab.paths(), [""; 0]);
}

#[test]
fn trap_7_the_words_of_a_401_are_never_shown() {
    let text = Token::text("deleted");
    let lab = Lab::new(forgejo("15.0.3"), &text, INFRA, SCOPES);
    lab.bench.check(&[]).exits(1).hides("access token does not exist");
}

#[test]
fn trap_9_of_a_chat_webhook_only_the_host_is_kept() {
    let hook = Hook::new("https://hooks.chat.example/services/T0/B0/word", ["push"]).kind("slack");
    let plain = Hook::new("https://atlantis.acme.example/events?key=hush", ["push", "issue_comment"]);
    let world = World::new(Product::Forgejo, "15.0.3", now()).user(BOT).organization("acme").repository(
        Repository::new("acme/infra")
            .collaborator(BOT, Level::Admin)
            .hook(hook)
            .hook(plain.authorization("Bearer word")),
    );
    let lab = Lab::of(world, &GOOD, SCOPES);
    let hooks = lab.fact("repository.webhooks");
    assert!(hooks.contains("https://hooks.chat.example/***\""), "{hooks}");
    assert!(hooks.contains("https://atlantis.acme.example/events?***\""), "{hooks}");
    assert!(!hooks.contains("word") && !hooks.contains("hush"), "{hooks}");
}

#[test]
fn trap_10_an_administrators_right_is_none_of_a_public_only_tokens() {
    let world = World::new(Product::Forgejo, "15.0.3", now())
        .user(BOT)
        .organization("acme")
        .repository(Repository::new("acme/site").public().collaborator(BOT, Level::Admin));
    let (token, text) = token(&["public-only", "write:repository", "read:user"]);
    let scope = r#"repositories = ["acme/site"]"#;
    let policy = "host gitea {\n  require repository.can covers [manage_webhooks]\n}\n";
    let lab = Lab::new(world.token(token), &text, scope, policy);
    lab.bench.check(&[]).exits(3);
}

#[test]
fn trap_11_the_right_on_code_says_nothing_of_pull_requests() {
    let team = Team::of_units("coders", [(Unit::Code, Level::Write)]).member(BOT).repository("infra");
    let world = World::new(Product::Gitea, "1.27.0", now())
        .user(BOT)
        .organization(Organization::new("acme").team(team))
        .repository(Repository::new("acme/infra"));
    let lab = Lab::of(world, &GOOD, "host gitea {\n  require repository.can covers [push]\n}\n");
    lab.bench.check(&[]).exits(0);
    assert!(!lab.paths().iter().any(|path| path.contains("/pulls")), "pushing does not ask for pull requests");
    lab.bench.policy("host gitea {\n  require repository.can covers [comment]\n}\n");
    lab.bench.check(&[]).exits(1).shows("repository.pull_requests");
}

#[test]
fn trap_12_public_means_the_owner_too() {
    let world = World::new(Product::Gitea, "1.27.0", now())
        .user(BOT)
        .organization(Organization::new("acme").visibility(Visibility::Limited))
        .repository(Repository::new("acme/infra").public().collaborator(BOT, Level::Write));
    let lab = Lab::of(world, &GOOD, "host gitea {\n  require repository.visibility == internal\n}\n");
    lab.bench.check(&[]).exits(0);
}

#[test]
fn trap_13_a_demand_for_a_second_factor_has_its_own_finding() {
    let lab = Lab::of(forgejo("15.0.3").demands_two_factor(), &GOOD, SCOPES);
    lab.bench.check(&[]).exits(1).shows("second factor").shows("set up two-factor authentication");
    let lab = Lab::of(
        gitea("1.24.7").demands_two_factor(),
        &GOOD,
        "host gitea {\n  require repository.archived == false\n}\n",
    );
    lab.bench.check(&[]).exits(1).shows("without a second factor");
}

const TWO: &str = r#"repositories = ["acme/infra", "acme/site"]"#;
const ARCHIVED: &str = "host gitea {\n  require repository.archived == false\n}\n";
const HIDDEN: &str = "is shown no repository until its account has a second factor";

#[test]
fn trap_13_git_is_asked_once_where_no_repository_is_shown_at_all() {
    let git = |lab: &Lab| lab.paths().into_iter().filter(|path| path.contains("git-upload-pack")).count();
    for version in ["1.24.7", "1.27.0"] {
        let world = || gitea(version).repository(Repository::new("acme/site").public());
        let (own, text) = token(&GOOD);
        let lab = Lab::new(world().demands_two_factor().token(own), &text, TWO, ARCHIVED);
        lab.bench.check(&[]).exits(1).shows(HIDDEN).shows("set up two-factor authentication");
        assert_eq!(git(&lab), 1, "{:?}", lab.paths());
        // Repositories that are missing or out of reach are to Git, too.
        let (own, text) = token(&GOOD);
        let elsewhere = r#"repositories = ["acme/gone", "acme/hidden"]"#;
        let lab = Lab::new(world().repository("acme/hidden").token(own), &text, elsewhere, ARCHIVED);
        lab.bench.check(&[]).exits(1).hides(HIDDEN);
        assert_eq!(git(&lab), 1, "{:?}", lab.paths());
        // One that is shown says that nothing is hidden for that.
        let (own, text) = token(&GOOD);
        let lab = Lab::new(world().token(own), &text, r#"repositories = ["acme/infra", "acme/gone"]"#, ARCHIVED);
        lab.bench.check(&[]).exits(1).hides(HIDDEN);
        assert_eq!(git(&lab), 0, "{:?}", lab.paths());
    }
    for world in [gitea("1.22.6"), forgejo("15.0.3")] {
        let lab = Lab::new(world.token(token(&GOOD).0), &token(&GOOD).1, r#"repositories = ["acme/gone"]"#, ARCHIVED);
        lab.bench.check(&[]).exits(1).hides(HIDDEN);
        assert_eq!(git(&lab), 0, "no such demand hides repositories there: {:?}", lab.paths());
    }
}

#[test]
fn trap_13_a_page_for_people_is_no_answer_of_gits_constructed() {
    for page in [
        Answer::new(200, "<html>sign in</html>").header("content-type", "text/html"),
        Answer::new(200, "001e# service=git-receive-pack")
            .header("content-type", "application/x-git-receive-pack-advertisement"),
        Answer::new(200, ""),
        Answer::new(303, "").header("location", "/user/settings/security"),
    ] {
        let world = gitea("1.24.7").demands_two_factor().replaced("/acme/infra.git/info/refs", 9, page);
        let lab = Lab::of(world, &GOOD, ARCHIVED);
        lab.bench.check(&[]).exits(1).hides(HIDDEN);
    }
}

#[test]
fn trap_14_a_renamed_repository_is_followed_and_told() {
    let world =
        gitea("1.27.0").repository(Repository::new("acme/new").renamed_from("old").collaborator(BOT, Level::Write));
    let (token, text) = token(&GOOD);
    let scope = r#"repositories = ["acme/old"]"#;
    let lab = Lab::new(world.token(token), &text, scope, "host gitea {\n  require repository.can covers [push]\n}\n");
    lab.bench.check(&[]).exits(0).shows("acme/new");
}

#[test]
fn trap_15_accounts_that_may_not_act_are_told_apart_with_the_way_out() {
    for (user, says, help) in [
        (User::new(BOT).blocked(), "may not sign in", "ask an administrator"),
        (User::new(BOT).inactive(), "may not sign in", "ask an administrator"),
        (User::new(BOT).must_change_password(), "changes its password", "sign in as the account"),
    ] {
        for product in [(Product::Gitea, "1.27.0"), (Product::Forgejo, "15.0.3")] {
            let world = World::new(product.0, product.1, now()).user(user.clone()).organization("acme");
            let lab = Lab::of(world, &GOOD, SCOPES);
            lab.bench.check(&[]).exits(1).shows(says).shows(help);
            assert_eq!(lab.paths(), ["GET /user"]);
        }
    }
}

#[test]
fn trap_17_an_old_server_tells_an_account_at_least_what_the_repository_shows() {
    let policy = "host gitea {\n  require repository.permission >= write\n}\n";
    let lab = Lab::of(gitea("1.22.6"), &GOOD, policy);
    lab.bench.check(&[]).exits(0);
}

#[test]
fn trap_18_nothing_is_asked_as_somebody_else_and_nothing_is_deleted_or_marked() {
    for world in [gitea("1.27.0"), gitea("1.22.6"), forgejo("15.0.3")] {
        let lab = Lab::of(world, &GOOD, SCOPES);
        lab.facts(&[]);
        for path in lab.paths() {
            assert!(path.starts_with("GET ") && !path.contains("sudo"), "{path}");
        }
    }
}

#[test]
fn trap_19_the_right_is_the_higher_of_both_answers() {
    let team = Team::of_units("coders", [(Unit::Code, Level::Write), (Unit::PullRequests, Level::Read)])
        .member(BOT)
        .repository("infra");
    for product in [(Product::Gitea, "1.27.0"), (Product::Forgejo, "15.0.3")] {
        let world = World::new(product.0, product.1, now())
            .user(BOT)
            .organization(Organization::new("acme").team(team.clone()))
            .repository(Repository::new("acme/infra"));
        let lab = Lab::of(world, &GOOD, "host gitea {\n  require repository.permission >= write\n}\n");
        lab.bench.check(&[]).exits(0);
    }
}

#[test]
fn trap_20_the_own_entry_is_found_in_a_long_list_whatever_its_pages() {
    for version in ["1.24.7", "1.26.4"] {
        let (own, text) = token(&GOOD);
        // The own token is the oldest of them.
        let mut world = gitea(version).token(own);
        for number in 0..70 {
            let other = Token::personal(&Token::text(&format!("other {number}")), BOT);
            world = world.token(other.named(&format!("other-{number}")).scopes(["all"]));
        }
        let lab = Lab::new(world, &text, INFRA, SCOPES);
        lab.bench.check(&[]).exits(0).shows("decided 1 of 1");
    }
}

/// An entry of a list of tokens, and a page of it.
fn listed(id: u64, ends: &str, scopes: &[&str]) -> Value {
    json!({"id": id, "name": format!("t{id}"), "sha1": "", "token_last_eight": ends, "scopes": scopes,
        "created_at": "2026-01-01T00:00:00Z", "last_used_at": "2026-01-01T00:00:00Z"})
}

fn list_page(total: usize, entries: &[Value]) -> Answer {
    Answer::new(200, Value::from(entries).to_string())
        .header("content-type", "application/json;charset=utf-8")
        .header("x-total-count", total.to_string())
}

#[test]
fn trap_20_two_tokens_that_end_alike_on_different_pages_are_unknown_constructed() {
    let (own, text) = token(&GOOD);
    let ends = text.get(32..).unwrap();
    let others = |from: u64| (from..from + 49).map(|id| listed(id, "00000000", &["all"]));
    let page =
        |entry: Value, from: u64| list_page(100, &std::iter::once(entry).chain(others(from)).collect::<Vec<_>>());
    let list = "/api/v1/users/acme-bot/tokens";
    for (second, code) in [
        (listed(100, ends, &["read:user"]), 3),
        // The same number with other scopes is no repetition either.
        (listed(1, ends, &["read:user"]), 3),
        (listed(1, ends, &GOOD), 0),
        (listed(100, "11111111", &["read:user"]), 0),
    ] {
        let world = gitea("1.26.4")
            .replaced(list, 1, page(listed(1, ends, &GOOD), 2))
            .replaced(list, 1, page(second, 101))
            .token(own.clone());
        let lab = Lab::new(world, &text, INFRA, SCOPES);
        let ended = lab.bench.check(&[]).exits(code);
        if code == 3 {
            ended.shows("two tokens of the account end alike");
        }
        assert!(lab.paths().contains(&"GET /users/acme-bot/tokens?limit=50&page=2".to_owned()), "{:?}", lab.paths());
    }
}

#[test]
fn trap_20_a_page_that_does_not_come_takes_nothing_from_the_entry_that_was_shown_constructed() {
    let (own, text) = token(&GOOD);
    let others = (2..51).map(|id| listed(id, "00000000", &["all"]));
    let first: Vec<Value> = std::iter::once(listed(1, text.get(32..).unwrap(), &GOOD)).chain(others).collect();
    let list = "/api/v1/users/acme-bot/tokens";
    let world = gitea("1.26.4")
        .replaced(list, 1, list_page(100, &first))
        .replaced(list, 1, Answer::new(404, "404 page not found\n"))
        .token(own);
    Lab::new(world, &text, INFRA, SCOPES).bench.check(&[]).exits(0).shows("decided 1 of 1");
}

#[test]
fn trap_21_an_oauth_token_is_never_sent_as_a_password() {
    let text = Token::jwt(&json!({"gnt": 7, "tt": 0}));
    let token = Token::oauth(&text, BOT).scopes(["write:repository", "read:user"]);
    for version in ["1.22.6", "1.24.7", "1.27.0"] {
        let lab = Lab::new(gitea(version).token(token.clone()), &text, INFRA, SCOPES);
        lab.bench.check(&[]).gives_a_verdict();
        assert!(!lab.paths().iter().any(|path| path.contains("/tokens")), "{version}: {:?}", lab.paths());
    }
}

#[test]
fn an_oauth_token_of_an_old_server_has_every_scope() {
    let text = Token::jwt(&json!({"gnt": 7, "tt": 0}));
    let token = Token::oauth(&text, BOT).scopes(["read:user"]);
    let lab = Lab::new(gitea("1.22.6").token(token), &text, INFRA, SCOPES);
    lab.bench.check(&[]).exits(0);
}

#[test]
fn trap_22_an_empty_shell_is_not_within_reach() {
    let text = Token::text("narrow");
    let token = Token::repository(&text, BOT, &["acme/other"]).scopes(["write:repository", "write:issue"]);
    let world =
        forgejo("15.0.3").repository(Repository::new("acme/other").collaborator(BOT, Level::Write)).token(token);
    let lab = Lab::new(world, &text, INFRA, "host gitea {\n  forbid repository.can overlaps [push, comment]\n}\n");
    lab.bench.check(&[]).ends().hides("violates");
    let code = lab.fact("repository.code");
    assert!(code.contains("none"), "{code}");
}

#[test]
fn trap_23_a_jobs_token_proves_no_scope() {
    let text = Token::text("job");
    let world = gitea("1.27.0").token(Token::job(&text, "acme/infra"));
    let lab = Lab::new(world, &text, INFRA, "host gitea {\n  require token.scopes covers [\"read:repository\"]\n}\n");
    lab.bench.check(&[]).exits(3);
    let scopes = lab.fact("token.scopes");
    assert!(scopes.contains("inapplicable"), "{scopes}");
    let kind = lab.fact("token.kind");
    assert!(kind.contains("actions"), "{kind}");
}

#[test]
fn what_git_answers_proves_the_right_to_write_without_a_write() {
    let policy = "host gitea {\n  require token.scopes covers [\"write:repository\"]\n}\n";
    let lab = Lab::of(forgejo("11.0.15"), &["write:repository"], policy);
    lab.bench.check(&[]).exits(0);
    let git = lab.paths().into_iter().filter(|path| path.contains("git-receive-pack")).count();
    assert_eq!(git, 1, "{:?}", lab.paths());
    let lab = Lab::of(forgejo("11.0.15"), &["read:repository"], policy);
    lab.bench.check(&[]).exits(1);
}

#[test]
fn row_of_3_7_markdown_is_never_asked_for_though_it_writes_nothing() {
    let policy = "host gitea {\n  require token.scopes covers [\"write:repository\"]\n}\n";
    let mut lab =
        Lab::new(forgejo("11.0.15").token(token(&["write:repository"]).0), &token(&["write:repository"]).1, "", policy);
    lab.may_probe = true;
    lab.bench.probing();
    lab.bench.check(&["--probe"]).exits(0);
    assert!(!lab.paths().iter().any(|path| path.contains("markdown")), "{:?}", lab.paths());
    assert!(lab.host.gitea.changes().is_empty());
}

#[test]
fn probes_are_sent_only_where_they_are_allowed_and_change_nothing() {
    let policy = "host gitea {\n  require token.scopes covers [\"write:issue\"]\n}\n";
    let mut lab = Lab::of(forgejo("11.0.15"), &["write:issue"], policy);
    lab.bench.check(&[]).exits(3).shows("`--probe` decides `write:issue`");
    lab.may_probe = true;
    lab.bench.probing();
    lab.bench.check(&["--probe"]).exits(0);
    assert!(lab.paths().contains(&"PATCH /repos/explore/x/labels/0".to_owned()), "{:?}", lab.paths());
    assert!(lab.host.gitea.changes().is_empty());
    let mut lab = Lab::of(forgejo("11.0.15"), &["read:issue"], policy);
    lab.may_probe = true;
    lab.bench.probing();
    lab.bench.check(&["--probe"]).exits(1);
}

#[test]
fn an_account_that_may_not_be_read_is_told_elsewhere_only_where_a_rule_asks() {
    let who = "host gitea {\n  require user.username == \"acme-bot\"\n}\n";
    let lab = Lab::of(forgejo("11.0.15"), &["read:issue"], who);
    lab.bench.check(&[]).exits(0);
    assert!(lab.paths().contains(&"GET /login/oauth/userinfo".to_owned()), "{:?}", lab.paths());
    let lab = Lab::of(forgejo("15.0.3"), &["read:issue"], who);
    lab.bench.check(&[]).exits(3);
    assert!(!lab.paths().contains(&"GET /login/oauth/userinfo".to_owned()), "{:?}", lab.paths());
    let lab = Lab::of(forgejo("11.0.15"), &["read:issue"], "host gitea {\n  require token.kind == personal\n}\n");
    lab.bench.check(&[]).exits(0);
    assert!(!lab.paths().contains(&"GET /login/oauth/userinfo".to_owned()), "{:?}", lab.paths());
}

#[test]
fn archived_repositories_deny_every_write() {
    let world = World::new(Product::Gitea, "1.27.0", now())
        .user(BOT)
        .organization("acme")
        .repository(Repository::new("acme/infra").archived().collaborator(BOT, Level::Write));
    let lab = Lab::of(
        world,
        &GOOD,
        "host gitea {\n  require repository.can covers [clone]\n  forbid repository.can overlaps [push, merge, comment, set_status, push_default]\n}\n",
    );
    lab.bench.check(&[]).exits(0);
}

#[test]
fn a_branch_that_takes_no_push_takes_branches_of_ones_own() {
    let world = World::new(Product::Gitea, "1.27.0", now()).user(BOT).organization("acme").repository(
        Repository::new("acme/infra")
            .collaborator(BOT, Level::Write)
            .protection(Protection::new("main").push(Allowed::Nobody)),
    );
    let policy = "host gitea {\n  require repository.can covers [push, merge]\n  forbid repository.can overlaps [push_default]\n}\n";
    let lab = Lab::of(world, &GOOD, policy);
    lab.bench.check(&[]).exits(0);
}

#[test]
fn an_instance_below_a_path_is_asked_there() {
    let lab = Lab::of(gitea("1.24.7").sub_path("/git"), &GOOD, SCOPES);
    lab.bench.check(&[]).exits(0);
    assert!(lab.paths().iter().all(|path| path.starts_with("GET /git/")), "{:?}", lab.paths());
}

#[test]
fn a_block_about_forgejo_is_none_about_gitea() {
    let policy =
        "host gitea {\n  require token.active\n}\nhost forgejo {\n  require token.scopes covers [\"all\"]\n}\n";
    Lab::of(gitea("1.27.0"), &GOOD, policy).bench.check(&[]).exits(0);
    Lab::of(forgejo("15.0.3"), &GOOD, policy).bench.check(&[]).exits(1);
}

/// The most requests of a check, by road: those of the credential, and those of its repository.
#[test]
fn requests_have_the_bounds_that_the_plan_tells() {
    let rules: [(&str, usize); 8] = [
        ("require repository.archived == false", 1),
        ("require repository.can covers [push]", 1),
        ("require repository.can covers [comment]", 2),
        ("require repository.can covers [push_default]", 2),
        ("require repository.can covers [merge]", 3),
        ("require repository.permission >= write", 2),
        ("require repository.webhooks is not absent", 2),
        (
            "require repository.can covers [merge] and repository.permission >= write and repository.webhooks is absent",
            5,
        ),
    ];
    let worlds = || {
        [gitea("1.22.6"), gitea("1.24.7"), gitea("1.26.4"), gitea("1.27.0"), forgejo("11.0.15"), forgejo("15.0.3")]
            .map(|world| world.repository(Repository::new("acme/site").collaborator(BOT, Level::Admin)))
    };
    let scope = r#"repositories = ["acme/site"]"#;
    for (rule, of_repository) in rules {
        for world in worlds() {
            let (own, text) = token(&GOOD);
            let policy = format!("host gitea {{\n  require token.scopes covers [\"read:user\"]\n  {rule}\n}}\n");
            let lab = Lab::new(world.token(own), &text, scope, &policy);
            lab.bench.check(&[]).gives_a_verdict();
            let paths = lab.paths();
            let (about, others): (Vec<_>, Vec<_>) = paths.iter().partition(|path| path.contains("acme/site"));
            assert!(others.len() <= 3, "{rule}: {paths:?}");
            assert!(about.len() <= of_repository, "{rule}: {paths:?}");
            // The plan says at least as many.
            let said = lab.bench.run(&["plan", "check.pol"]).ends();
            let said = said.stdout.lines().last().unwrap_or_default().to_owned();
            let most: usize = said.split_whitespace().filter_map(|word| word.parse().ok()).max().unwrap();
            assert!(paths.len() <= most, "{said}: {paths:?}");
        }
    }
    // Where no road leads: every category once.
    for world in [gitea("1.22.6"), forgejo("11.0.15"), forgejo("15.0.3")] {
        let (own, text) = token(&["read:issue"]);
        let policy = "host gitea {\n  require token.scopes within [\"read:issue\"]\n}\n";
        let lab = Lab::new(world.token(own), &text, scope, policy);
        lab.bench.check(&[]).gives_a_verdict();
        assert!(lab.paths().len() <= 10, "{:?}", lab.paths());
    }
}

#[test]
fn below_1_20_the_scopes_are_unknown_and_the_version_is_said_constructed() {
    let version = Answer::new(200, r#"{"version":"1.19.4"}"#).header("content-type", "application/json");
    let world = gitea("1.22.6").replaced("/api/v1/version", 9, version);
    Lab::of(world, &GOOD, SCOPES).bench.check(&[]).exits(3).shows("Gitea 1.19.4");
}

#[test]
fn a_gitea_that_is_taken_for_another_host_is_told_so_at_once() {
    for (host, says) in [("gitlab", "no GitLab API here"), ("github", "no GitHub API here")] {
        let world = gitea("1.27.0").start().unwrap();
        let mut bench = Bench::new();
        let text = Token::text("bot");
        bench.credential_of(host, "bot", (&world.url(), &world.url()), &text, INFRA);
        bench.policy(&format!("host {host} {{\n  require user.username == \"acme-bot\"\n}}\n"));
        bench.check(&[]).exits(3).shows(says).shows("host = \"gitea\"");
        assert_eq!(world.server.requests().len(), 1, "{host}");
    }
}

#[test]
fn another_host_that_is_taken_for_a_gitea_is_told_so_at_once() {
    use credcheck::simulator::{github, gitlab};
    let hub = github::World::new(now()).start().unwrap();
    let lab = gitlab::World::new(now()).start().unwrap();
    let servers = [(hub.url(), hub.url(), &hub.server), (lab.url(), lab.api_url(), &lab.server)];
    for (url, api, server) in servers {
        for api in [api, format!("{url}/api/v1")] {
            let before = server.requests().len();
            let mut bench = Bench::new();
            bench.credential_of("gitea", "bot", (&url, &api), &Token::text("bot"), INFRA);
            bench.policy("host gitea {\n  require user.username == \"acme-bot\"\n}\n");
            bench.check(&[]).gives_a_verdict();
            let asked = server.requests().len() - before;
            assert_eq!(asked, 1, "{api}: {:?}", server.requests());
        }
    }
}

#[test]
fn codeberg_needs_no_address_and_forgejo_is_a_gitea() {
    let mut bench = Bench::new();
    let text = Token::text("berg");
    bench.variable("BERG", &text);
    bench.secret(&text);
    bench.settings("[[credential]]\nname = \"berg\"\nhost = \"codeberg\"\ntoken = { env = \"BERG\" }\n");
    bench.policy("host gitea {\n  require token.active\n}\n");
    bench.run(&["plan", "check.pol"]).exits(0).shows("https://codeberg.org/api/v1/user");
    bench.run(&["plan", "check.pol", "--host", "forgejo"]).exits(0).shows("https://codeberg.org/api/v1/user");
}

#[test]
fn pull_requests_that_are_switched_off_deny_comments_and_merges_without_a_question() {
    let world = World::new(Product::Gitea, "1.27.0", now())
        .user(BOT)
        .organization("acme")
        .repository(Repository::new("acme/infra").collaborator(BOT, Level::Write).without(Unit::PullRequests));
    let policy =
        "host gitea {\n  forbid repository.can overlaps [comment]\n  require repository.can covers [push]\n}\n";
    let lab = Lab::of(world, &GOOD, policy);
    lab.bench.check(&[]).exits(0);
    assert!(!lab.paths().iter().any(|path| path.contains("/pulls")), "{:?}", lab.paths());
}

/// What is known of a fact, in a word.
fn knowledge(facts: &Value, path: &str) -> String {
    find(facts, path).map_or("not told", |found| found["knowledge"].as_str().unwrap()).to_owned()
}

/// What each kind of credential comes to know of each fact, on a server of each product.
#[test]
fn kinds_by_facts() {
    let jwt = Token::jwt(&json!({"gnt": 7, "tt": 0, "iat": now().as_second(), "exp": now().as_second() + 3600}));
    let text = Token::text("one");
    let of = |kind: &str| match kind {
        "personal" => Token::personal(&text, BOT).named("plan").scopes(GOOD),
        "repository" => Token::repository(&text, BOT, &["acme/infra"]).scopes(["write:repository", "write:issue"]),
        "oauth" => Token::oauth(&jwt, BOT).scopes(GOOD),
        _ => Token::job(&text, "acme/infra"),
    };
    let mut table = String::new();
    for (product, version, kinds) in [
        (Product::Gitea, "1.27.0", &["personal", "oauth", "actions"][..]),
        (Product::Forgejo, "15.0.3", &["personal", "repository", "oauth", "actions"][..]),
    ] {
        for kind in kinds {
            let sent = if *kind == "oauth" { &jwt } else { &text };
            let world = acme(World::new(product, version, now())).token(of(kind));
            let lab = Lab::new(world, sent, INFRA, SCOPES);
            let facts = lab.facts(&[]);
            for fact in credcheck::vocabulary::host(credcheck::vocabulary::HostKind::Gitea).facts {
                let line = format!("{version} {kind} {}: {}\n", fact.path, knowledge(&facts, fact.path));
                table.push_str(&line);
            }
        }
    }
    insta::assert_snapshot!(table);
}
