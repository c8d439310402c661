//! The rules that no recorded answer shows, asked over HTTP by a plain client. That answers are right where they were
//! recorded, `tests/recorded` shows; what is here is constructed after the servers' sources.

use reqwest::Method;
use serde_json::Value;

use super::{
    Allowed, Hook, Level, Organization, Product, Protection, Repository, Running, Team, Token, Unit, User, Visibility,
    World,
};
use crate::simulator::Answer;
use crate::simulator::client::client;

const GITEA: (Product, &str) = (Product::Gitea, "1.27.0");
const FORGEJO: (Product, &str) = (Product::Forgejo, "15.0.3");

fn empty((product, version): (Product, &str)) -> World {
    World::new(product, version, "2026-11-23T12:00:00Z".parse().unwrap())
}

/// A bot with a right on one repository, its token of everything, and an administrator's.
fn acme(server: (Product, &str)) -> World {
    empty(server)
        .user(User::new("bot").named("The Bot"))
        .user(User::new("keeper").admin())
        .organization(Organization::new("acme").owner("boss").renamed_from("acne"))
        .repository(Repository::new("acme/infra").collaborator("bot", Level::Write))
        .repository(Repository::new("acme/site").public())
        .token(Token::personal("bot-token", "bot").scopes(["all"]))
        .token(Token::personal("keeper-token", "keeper").scopes(["all"]))
}

struct Got {
    status: u16,
    location: Option<String>,
    kind: String,
    text: String,
}

impl Got {
    fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap()
    }

    fn message(&self) -> String {
        self.json()["message"].as_str().unwrap().to_owned()
    }
}

async fn ask(running: &Running, method: Method, token: Option<&str>, path: &str, body: &'static str) -> Got {
    let mut request = client().request(method, format!("{}{path}", running.url())).body(body);
    if let Some(token) = token {
        request = request.bearer_auth(token);
    }
    let answer = request.send().await.unwrap();
    let header = |name| {
        answer.headers().get(name).map(|value: &reqwest::header::HeaderValue| value.to_str().unwrap().to_owned())
    };
    Got {
        status: answer.status().as_u16(),
        location: header("location"),
        kind: header("content-type").unwrap_or_default(),
        text: answer.text().await.unwrap(),
    }
}

async fn get(running: &Running, token: &str, path: &str) -> Got {
    ask(running, Method::GET, Some(token), path, "").await
}

#[tokio::test]
async fn a_write_that_would_change_something_is_marked_and_a_probe_is_not() {
    let running = acme(GITEA).start().unwrap();
    let bot = Some("bot-token");
    let zeros = "0".repeat(40);
    // Probes: an owner that cannot exist, and a body that is not valid.
    for (method, path, status) in [
        (Method::POST, format!("/api/v1/repos/explore/x/statuses/{zeros}"), 404),
        (Method::PATCH, "/api/v1/repos/explore/x/labels/0".to_owned(), 404),
        (Method::PATCH, "/api/v1/orgs/explore".to_owned(), 404),
        (Method::PUT, "/api/v1/user/following/explore".to_owned(), 404),
        (Method::PATCH, "/api/v1/notifications/threads/0".to_owned(), 404),
        (Method::PATCH, "/api/v1/admin/users/explore".to_owned(), 403),
        (Method::POST, "/api/v1/repos/explore/x/markdown".to_owned(), 404),
        // A body that is not valid is as good as none.
        (Method::POST, format!("/api/v1/repos/acme/infra/statuses/{zeros}"), 422),
    ] {
        let got = ask(&running, method, bot, &path, "[]").await;
        assert_eq!(got.status, status, "{path}: {}", got.text);
    }
    assert_eq!(running.gitea.changes(), Vec::<String>::new());
    assert_eq!(running.server.writes().len(), 8);
    for (method, path, status) in [
        (Method::POST, format!("/api/v1/repos/acme/infra/statuses/{zeros}"), 201),
        (Method::PUT, "/api/v1/user/following/keeper".to_owned(), 204),
        (Method::PUT, "/api/v1/notifications".to_owned(), 205),
        (Method::DELETE, "/api/v1/token".to_owned(), 204),
    ] {
        let got = ask(&running, method, bot, &path, "{}").await;
        assert_eq!(got.status, status, "{path}");
    }
    let keeper = ask(&running, Method::PATCH, Some("keeper-token"), "/api/v1/admin/users/bot", "{}").await;
    assert_eq!(keeper.status, 200);
    assert_eq!(running.gitea.changes().len(), 5);
    assert_eq!(running.gitea.changes()[3], "DELETE /api/v1/token");
}

#[tokio::test]
async fn rights_that_are_refused_are_told_in_the_words_of_each_gate() {
    let reviewers = Team::new("reviewers", Level::Read).member("guest").every_repository();
    let running = acme(GITEA)
        .organization(Organization::new("big").owner("boss").team(reviewers))
        .repository(Repository::new("big/tool").public())
        .repository(Repository::new("acme/old").archived().collaborator("bot", Level::Write))
        .token(Token::personal("guest-token", "guest").scopes(["all"]))
        .token(Token::personal("odd-token", "bot").scopes(["repo", "read:user"]))
        .start()
        .unwrap();
    let status = format!("/statuses/{}", "0".repeat(40));
    let post = async |token, path: String| ask(&running, Method::POST, Some(token), &path, "{}").await;
    assert_eq!(get(&running, "bot-token", "/api/v1/orgs/big/teams").await.message(), "Must be an organization member");
    assert_eq!(get(&running, "guest-token", "/api/v1/orgs/big/teams").await.json().as_array().unwrap().len(), 2);
    assert_eq!(get(&running, "bot-token", "/api/v1/orgs/big/hooks").await.message(), "Must be an organization owner");
    let refused = post("guest-token", format!("/api/v1/repos/big/tool{status}")).await;
    assert_eq!(
        (refused.status, refused.message()),
        (403, "user should have a permission to write to a repo".to_owned())
    );
    let refused = post("bot-token", format!("/api/v1/repos/acme/old{status}")).await;
    assert_eq!((refused.status, refused.message()), (423, "repo is archived".to_owned()));
    let odd = get(&running, "odd-token", "/api/v1/user").await;
    assert_eq!(
        (odd.status, odd.message()),
        (403, "checking scope failed: invalid access token scope: repo".to_owned())
    );
    let nobody = ask(&running, Method::GET, None, "/api/v1/repos/big/tool/hooks", "").await;
    assert_eq!((nobody.status, nobody.message()), (401, "token is required".to_owned()));
    assert_eq!(
        get(&running, "bot-token", "/api/v1/users/nobody").await.message(),
        "user redirect does not exist [name: nobody]"
    );
}

#[tokio::test]
async fn an_account_that_waits_for_its_address_and_hooks_that_are_off_are_told() {
    let running = acme(FORGEJO)
        .confirms_addresses()
        .no_webhooks()
        .user(User::new("late").inactive())
        .token(Token::personal("late-token", "late").scopes(["all"]))
        .start()
        .unwrap();
    let late = get(&running, "late-token", "/api/v1/user").await;
    assert_eq!((late.status, late.message()), (403, "This account is not activated.".to_owned()));
    assert!(late.json().get("url").is_none());
    let hooks = get(&running, "keeper-token", "/api/v1/repos/acme/infra/hooks").await;
    assert_eq!((hooks.status, hooks.message()), (403, "webhooks disabled by administrator".to_owned()));
}

#[tokio::test]
async fn what_is_not_public_is_told_to_public_only_tokens_by_its_kind_in_older_versions() {
    let world = |version| {
        acme((Product::Gitea, version))
            .user(User::new("bot").visibility(Visibility::Limited))
            .organization(Organization::new("shy").visibility(Visibility::Limited))
            .token(Token::personal("public-token", "bot").scopes(["public-only", "all"]))
    };
    let running = world("1.24.7").start().unwrap();
    for (path, what) in [
        ("/repos/acme/infra", "repos"),
        ("/repos/acme/infra/labels", "issues"),
        ("/orgs/shy", "orgs"),
        ("/users/bot", "users"),
        ("/packages/shy", "packages"),
    ] {
        let got = get(&running, "public-token", &format!("/api/v1{path}")).await;
        assert_eq!((got.status, got.message()), (403, format!("token scope is limited to public {what}")), "{path}");
    }
    // The oldest keep repositories and organizations only.
    let running = world("1.22.2").start().unwrap();
    let statuses = async |path: &str| get(&running, "public-token", path).await.status;
    assert_eq!(statuses("/api/v1/repos/acme/infra").await, 403);
    assert_eq!(statuses("/api/v1/repos/acme/infra/labels").await, 200);
    assert_eq!(statuses("/api/v1/packages/shy").await, 200);
}

#[tokio::test]
async fn a_version_between_says_not_found_and_what_it_looked_for() {
    let running = acme((Product::Gitea, "1.26.4")).start().unwrap();
    let owner = get(&running, "bot-token", "/api/v1/repos/explore/x").await.json();
    assert_eq!(owner["message"], "GetUserByName");
    assert_eq!(owner["errors"][0], "user redirect does not exist [name: explore]");
    let repository = get(&running, "bot-token", "/api/v1/repos/acme/nothing").await.json();
    assert_eq!((&repository["message"], repository.get("errors")), (&"not found".into(), Some(&Value::Null)));
}

#[tokio::test]
async fn another_hosts_api_is_no_page_here() {
    for server in [GITEA, FORGEJO] {
        let running = acme(server).start().unwrap();
        for path in ["/api/v3/user", "/api/v4/personal_access_tokens/self", "/api/graphql", "/rest/api/1.0/users"] {
            let got = ask(&running, Method::GET, None, path, "").await;
            assert_eq!(
                (got.status, got.kind.as_str(), got.text.as_str()),
                (404, "text/plain;charset=utf-8", "Not found.\n")
            );
        }
    }
    // A token that it does not know is refused before, in versions that look at it first.
    let running = acme(FORGEJO).start().unwrap();
    let got = get(&running, "nobody's", "/api/v4/user").await;
    assert_eq!(got.status, 401);
    assert!(got.text.contains("forgejo"), "{}", got.text);
}

#[tokio::test]
async fn everything_stands_below_a_sub_path_and_says_so() {
    let running = acme(GITEA)
        .sub_path("/git")
        .repository(Repository::new("acme/new").collaborator("bot", Level::Write).renamed_from("old"))
        .start()
        .unwrap();
    assert!(running.api_url().ends_with("/git/api/v1"));
    assert_eq!(get(&running, "bot-token", "/api/v1/user").await.json()["login"], "bot");
    let moved = get(&running, "bot-token", "/api/v1/repos/acme/old/hooks?limit=50").await;
    assert_eq!((moved.status, moved.location.as_deref()), (301, Some("/git/api/v1/repos/acme/new/hooks?limit=50")));
    let owner = get(&running, "bot-token", "/api/v1/repos/acne/infra").await;
    assert_eq!((owner.status, owner.location.as_deref()), (307, Some("/git/api/v1/repos/acme/infra")));
    let git = get(&running, "bot-token", "/acne/infra.git/info/refs?service=git-upload-pack").await;
    assert_eq!((git.status, git.location.as_deref()), (307, Some("/git/acme/infra/info/refs?service=git-upload-pack")));
    let outside = client().get(format!("{}/api/v1/version", running.server.url())).send().await.unwrap();
    assert_eq!(outside.status(), 404);
}

#[tokio::test]
async fn a_list_links_to_its_other_pages_by_the_address_that_the_instance_believes_to_have() {
    let mut world = acme(GITEA).root_url("https://git.example.com").page_limit(2);
    for number in 0..5 {
        world = world.repository(Repository::new(&format!("acme/r{number}")).collaborator("bot", Level::Read));
    }
    let running = world.start().unwrap();
    let url = format!("{}/user/repos?limit=50&page=2", running.api_url());
    let answer = client().get(url).bearer_auth("bot-token").send().await.unwrap();
    let link = answer.headers()["link"].to_str().unwrap().to_owned();
    assert_eq!(answer.headers()["x-total-count"], "6");
    let at = "<https://git.example.com/api/v1/user/repos?limit=50&page=";
    let expected = [("3", "next"), ("3", "last"), ("1", "first"), ("1", "prev")]
        .map(|(page, name)| format!("{at}{page}>; rel=\"{name}\""))
        .join(",");
    assert_eq!(link, expected);
    assert_eq!(answer.json::<Value>().await.unwrap().as_array().unwrap().len(), 2);
}

#[tokio::test]
async fn an_administrator_may_take_a_part_and_nobody_else() {
    let running = acme(GITEA).start().unwrap();
    assert_eq!(get(&running, "keeper-token", "/api/v1/user?sudo=bot").await.json()["login"], "bot");
    assert_eq!(
        get(&running, "bot-token", "/api/v1/user?sudo=keeper").await.message(),
        "Only administrators allowed to sudo."
    );
}

#[tokio::test]
async fn lists_of_who_may_push_and_merge_name_accounts_and_bind_administrators_too() {
    let protection = Protection::new("main").push(Allowed::Writers).merge(Allowed::Only(vec!["Bot".to_owned()]));
    let running = empty(GITEA)
        .user(User::new("keeper").admin())
        .repository(Repository::new("acme/infra").collaborator("bot", Level::Write).protection(protection))
        .token(Token::personal("bot-token", "bot").scopes(["all"]))
        .token(Token::personal("keeper-token", "keeper").scopes(["all"]))
        .start()
        .unwrap();
    let branch = async |token| {
        let body = get(&running, token, "/api/v1/repos/acme/infra/branches/main").await.json();
        ["user_can_push", "user_can_merge"].map(|name| body[name].as_bool().unwrap())
    };
    assert_eq!(branch("bot-token").await, [true, true]);
    assert_eq!(branch("keeper-token").await, [true, false]);
}

#[tokio::test]
async fn a_unit_without_a_right_is_as_hidden_as_one_that_is_off() {
    let coders = Team::of_units("coders", [(Unit::Code, Level::Write)]).member("bot").repository("infra");
    let running = empty(GITEA)
        .organization(Organization::new("acme").team(coders))
        .repository("acme/infra")
        .token(Token::personal("bot-token", "bot").scopes(["all"]))
        .start()
        .unwrap();
    let status = async |path: &str| get(&running, "bot-token", &format!("/api/v1/repos/acme/infra{path}")).await.status;
    assert_eq!([status("").await, status("/branches/main").await], [200, 200]);
    assert_eq!([status("/pulls?limit=1").await, status("/issues").await, status("/labels").await], [404, 404, 200]);
}

#[tokio::test]
async fn an_administrators_token_for_some_repositories_is_nothing_more_than_that() {
    let running = acme(FORGEJO)
        .repository(Repository::new("keeper/own"))
        .token(Token::repository("narrow-token", "keeper", &["keeper/own"]).scopes(["write:repository", "write:issue"]))
        .start()
        .unwrap();
    let status = async |path: &str| get(&running, "narrow-token", path).await.status;
    assert_eq!(status("/api/v1/repos/keeper/own").await, 200);
    assert_eq!(status("/api/v1/repos/keeper/own/hooks").await, 403);
    assert_eq!(status("/api/v1/repos/acme/infra").await, 404);
    assert_eq!(status("/api/v1/repos/acme/site/collaborators/bot/permission").await, 403);
    assert_eq!(status("/api/v1/repos/acme/site/collaborators/keeper/permission").await, 200);
    // A server of before such tokens never made one.
    let older = acme((Product::Forgejo, "14.0.0")).token(Token::repository("narrow-token", "keeper", &["keeper/own"]));
    assert_eq!(get(&older.start().unwrap(), "narrow-token", "/api/v1/version").await.status, 401);
}

#[tokio::test]
async fn tokens_end_are_revoked_and_go_with_what_they_were_for() {
    let short = jiff::SignedDuration::from_secs(-1);
    let jwt = Token::jwt(&serde_json::json!({"gnt": 1, "tt": 0}));
    let running = acme(FORGEJO).token(Token::oauth(&jwt, "bot").expires_in(short)).start().unwrap();
    let ended = get(&running, &jwt, "/api/v1/user").await;
    assert_eq!((ended.status, ended.message()), (401, "user does not exist [uid: 0, name: ]".to_owned()));
    assert_eq!(get(&running, "bot-token", "/api/v1/user").await.status, 200);
    assert!(running.gitea.update(|world| world.revoke("bot-token")));
    let revoked = get(&running, "bot-token", "/api/v1/user").await;
    assert_eq!(revoked.message(), "access token does not exist [sha: bot-token]");
    assert!(!format!("{:?}", running.gitea.update(|world| world.tokens.clone())).contains("bot-token"));
}

#[tokio::test]
async fn pages_lead_to_sign_in_where_it_is_demanded_and_git_asks_for_a_password() {
    let running = acme(GITEA).demands_sign_in().start().unwrap();
    let page = ask(&running, Method::GET, None, "/explore", "").await;
    assert_eq!((page.status, page.location.as_deref()), (303, Some("/user/login")));
    let git = ask(&running, Method::GET, None, "/acme/site.git/info/refs?service=git-upload-pack", "").await;
    assert_eq!((git.status, git.text.as_str()), (401, "Unauthorized\n"));
    let running = acme(GITEA).no_git_over_http().start().unwrap();
    assert_eq!(get(&running, "bot-token", "/acme/site.git/info/refs?service=git-upload-pack").await.status, 403);
    assert_eq!(get(&running, "bot-token", "/api/v1/settings/repository").await.json()["http_git_disabled"], true);
}

#[tokio::test]
async fn answers_can_be_replaced_and_delayed_and_a_job_and_federation_have_their_routes() {
    let running = acme(GITEA)
        .federation()
        .token(Token::job("job-token", "acme/infra").task(7))
        .replaced("/api/v1/user", 1, Answer::new(429, "slow down").header("retry-after", "1"))
        .start()
        .unwrap();
    assert_eq!(get(&running, "bot-token", "/api/v1/user").await.status, 429);
    assert_eq!(get(&running, "bot-token", "/api/v1/user").await.status, 200);
    assert_eq!(get(&running, "job-token", "/api/v1/user").await.json()["login_name"], "@gitea-actions/7");
    assert_eq!(get(&running, "bot-token", "/api/v1/activitypub/user-id/0").await.status, 404);
    let narrow = acme(GITEA).federation().token(Token::personal("n", "bot").scopes(["read:user"])).start().unwrap();
    assert_eq!(get(&narrow, "n", "/api/v1/activitypub/user-id/0").await.status, 403);
}

#[tokio::test]
async fn a_webhook_shows_its_header_in_older_versions_only() {
    for (version, shown) in [("1.26.4", "Bearer x"), ("1.27.0", "")] {
        let hook = Hook::new("https://a.example/", ["push"]).authorization("Bearer x").inactive();
        let running = empty((Product::Gitea, version))
            .repository(Repository::new("bot/own").hook(hook).default_branch("trunk"))
            .user("bot")
            .repository(
                Repository::new("bot/mine").public().hook(Hook::new("https://a.example/", ["push"]).kind("slack")),
            )
            .token(Token::personal("t", "keeper").scopes(["all"]))
            .user(User::new("keeper").admin())
            .start()
            .unwrap();
        let hooks = get(&running, "t", "/api/v1/repos/bot/own/hooks").await.json();
        assert_eq!(
            (&hooks[0]["authorization_header"], &hooks[0]["active"]),
            (&shown.into(), &false.into()),
            "{version}"
        );
        assert_eq!(get(&running, "t", "/api/v1/repos/bot/own").await.json()["default_branch"], "trunk");
    }
}
