//! Every rule, asked over HTTP by a plain client, as credcheck itself will ask.

use jiff::Timestamp;
use reqwest::header::HeaderMap;
use serde_json::{Value, json};

use super::{Fault, Hook, Permission, Repository, Running, Token, User, Workspace, WorkspaceRole, World};
use crate::simulator::client::client;

/// After the end of app passwords.
fn now() -> Timestamp {
    "2026-11-23T12:00:00Z".parse().unwrap()
}

/// A secret's text, put together so that no scanner takes it for a real one.
fn text(prefix: &str) -> String {
    [prefix, &"x1".repeat(18)].concat()
}

fn acme() -> World {
    World::new(now())
        .user(User::new("bot").username("bot-login"))
        .workspace(Workspace::new("acme").member("bot", WorkspaceRole::Member).member("boss", WorkspaceRole::Owner))
        .repository(
            Repository::new("acme/infra")
                .private()
                .project("INF")
                .permission("bot", Permission::Write)
                .hook(Hook::new("https://a.example/events", ["repo:push"]).secret()),
        )
        .repository("acme/docs")
        .repository(Repository::new("acme/vault").private())
}

fn api_token(scopes: &[&str]) -> Token {
    Token::api_token(&text("ATATT3")).owner("bot").scopes(scopes.iter().copied())
}

/// An answer, read.
struct Got {
    status: u16,
    headers: HeaderMap,
    text: String,
}

impl Got {
    fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|_| panic!("JSON: {}", self.text))
    }

    fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(|value| value.to_str().unwrap())
    }

    fn message(&self) -> String {
        self.json()["error"]["message"].as_str().unwrap().to_owned()
    }

    fn names(&self, field: &str) -> Vec<String> {
        let body = self.json();
        let values = body["values"].as_array().unwrap();
        values.iter().map(|value| value.pointer(field).unwrap().as_str().unwrap().to_owned()).collect()
    }
}

async fn send(request: reqwest::RequestBuilder) -> Got {
    let answer = request.send().await.unwrap();
    let (status, headers) = (answer.status().as_u16(), answer.headers().clone());
    Got { status, headers, text: answer.text().await.unwrap() }
}

async fn basic(running: &Running, name: &str, prefix: &str, path: &str) -> Got {
    send(client().get(format!("{}{path}", running.api_url())).basic_auth(name, Some(text(prefix)))).await
}

async fn bearer(running: &Running, prefix: &str, path: &str) -> Got {
    send(client().get(format!("{}{path}", running.api_url())).bearer_auth(text(prefix))).await
}

/// As the owner of the API token.
async fn get(running: &Running, path: &str) -> Got {
    basic(running, "bot@acme.example", "ATATT3", path).await
}

#[tokio::test]
async fn an_api_token_goes_with_the_mail_address_and_shows_its_scopes() {
    let running = acme().token(api_token(&["read:user:bitbucket", "read:repository:bitbucket"])).start().unwrap();
    let got = get(&running, "/user").await;
    assert_eq!(got.status, 200);
    assert_eq!(got.header("x-credential-type"), Some("api_token"));
    assert_eq!(got.header("x-oauth-scopes"), Some("read:user:bitbucket, read:repository:bitbucket"));
    let body = got.json();
    assert_eq!((body["nickname"].as_str(), body["username"].as_str()), (Some("bot"), Some("bot-login")));
    assert!(body["uuid"].as_str().unwrap().starts_with('{') && body["has_2fa_enabled"].is_null());
    for name in ["bot", "bot-login", "other@acme.example"] {
        let refused = basic(&running, name, "ATATT3", "/user").await;
        assert_eq!(refused.status, 401);
        assert_eq!(refused.message(), "Token is invalid, expired, or not supported for this endpoint.");
        assert_eq!(refused.header("x-oauth-scopes"), None);
    }
    assert_eq!(bearer(&running, "ATATT3", "/user").await.status, 401);
    // One without scopes is for other products.
    let jira = acme().token(api_token(&[])).start().unwrap();
    assert_eq!(get(&jira, "/user").await.status, 401);
}

#[tokio::test]
async fn app_passwords_end_on_28_july_2026() {
    let world = |now: &str| {
        let now: Timestamp = now.parse().unwrap();
        let mut world = acme().token(Token::app_password(&text("ATBB")).owner("bot").scopes(["account"]));
        world.set_now(now);
        world.start().unwrap()
    };
    let before = world("2026-07-27T23:59:59Z");
    let got = basic(&before, "bot-login", "ATBB", "/user").await;
    assert_eq!((got.status, got.header("x-credential-type")), (200, Some("apppassword")));
    assert_eq!(basic(&before, "bot@acme.example", "ATBB", "/user").await.status, 401, "the address never worked");
    let after = world("2026-07-28T00:00:00Z");
    let got = basic(&after, "bot-login", "ATBB", "/user").await;
    assert_eq!(got.status, 401);
    assert_eq!(got.header("content-type"), Some("text/plain"));
    assert_eq!(got.header("www-authenticate"), Some("Basic realm=\"Bitbucket.org HTTP\""));
    assert!(got.text.lines().count() > 1);
}

#[tokio::test]
async fn access_tokens_have_no_user_and_reach_what_is_theirs() {
    let running = acme()
        .token(Token::repository_access(&text("ATCTT3r"), "acme/infra").scopes(["repository", "webhook"]))
        .token(Token::project_access(&text("ATCTT3p"), "acme", "inf").scopes(["repository"]))
        .token(Token::workspace_access(&text("ATCTT3w"), "acme").scopes(["repository", "account"]))
        .near_limit()
        .start()
        .unwrap();
    for (prefix, kind) in
        [("ATCTT3r", "repo_access_token"), ("ATCTT3p", "project_access_token"), ("ATCTT3w", "workspace_access_token")]
    {
        let got = bearer(&running, prefix, "/user").await;
        assert_eq!((got.status, got.header("x-credential-type")), (403, Some(kind)));
        assert!(got.header("x-oauth-scopes").unwrap().contains("repository"));
        assert!(got.message().contains("not accessible by this authentication mechanism"));
        assert_eq!(bearer(&running, prefix, "/repositories/acme/infra").await.status, 200);
        assert_eq!(bearer(&running, prefix, "/repositories/acme/docs").await.status, 200, "public");
        let vault = bearer(&running, prefix, "/repositories/acme/vault").await.status;
        assert_eq!(vault, if prefix == "ATCTT3w" { 200 } else { 404 });
        assert_eq!(got.header("x-ratelimit-nearlimit"), Some("true"));
        assert_eq!(basic(&running, "x-token-auth", prefix, "/repositories/acme/infra").await.status, 401);
    }
    assert_eq!(bearer(&running, "ATCTT3r", "/repositories/acme/infra/hooks").await.status, 200);
    assert_eq!(bearer(&running, "ATCTT3r", "/workspaces/acme").await.status, 200);
    let own = "/user/workspaces/acme/permissions/repositories";
    assert_eq!(bearer(&running, "ATCTT3w", own).await.status, 403);
}

#[tokio::test]
async fn a_missing_scope_is_named_and_implied_ones_count_in_one_language_only() {
    let running = acme()
        .token(api_token(&["write:pullrequest:bitbucket"]))
        .token(Token::oauth(&text("oauth")).owner("bot").scopes(["pullrequest:write"]))
        .start()
        .unwrap();
    let got = get(&running, "/repositories/acme/infra").await;
    assert_eq!(got.status, 403);
    assert_eq!(
        got.json()["error"]["detail"],
        json!({"granted": ["write:pullrequest:bitbucket"], "required": ["read:repository:bitbucket"]})
    );
    let oauth = bearer(&running, "oauth", "/repositories/acme/infra").await;
    assert_eq!((oauth.status, oauth.header("x-credential-type")), (200, None));
    assert_eq!(bearer(&running, "oauth", "/user").await.json()["error"]["detail"]["required"], json!(["account"]));
}

#[tokio::test]
async fn removed_endpoints_and_other_versions_answer_as_they_do() {
    let running = acme().token(api_token(&["read:repository:bitbucket"])).start().unwrap();
    for path in ["/repositories", "/workspaces", "/user/permissions/repositories", "/user/permissions/workspaces"] {
        let got = get(&running, path).await;
        assert_eq!(got.status, 410, "{path}");
        assert!(got.message().starts_with("CHANGE-2770"));
    }
    let url = format!("{}/1.0/user", running.url());
    let got = send(client().get(url).basic_auth("bot@acme.example", Some(text("ATATT3")))).await;
    assert_eq!((got.status, got.message().as_str()), (403, "Forbidden"));
}

#[tokio::test]
async fn missing_repositories_are_json_and_paths_below_them_are_pages() {
    let running = acme().token(api_token(&["read:repository:bitbucket", "read:webhook:bitbucket"])).start().unwrap();
    for name in ["missing", "vault"] {
        let got = get(&running, &format!("/repositories/acme/{name}")).await;
        assert_eq!(got.status, 404);
        assert!(got.message().contains("access"));
        let page = get(&running, &format!("/repositories/acme/{name}/hooks")).await;
        assert_eq!((page.status, page.header("content-type")), (404, Some("text/html; charset=utf-8")));
        assert!(page.text.len() > 20_000 && page.text.contains("bot@acme.example"));
    }
    assert_eq!(get(&running, "/repositories/nobody/x").await.status, 404);
    assert_eq!(get(&running, "/repositories/nobody").await.message(), "No workspace with identifier 'nobody'.");
}

#[tokio::test]
async fn permissions_are_listed_filtered_and_in_pages() {
    let mut world = acme().page_length(2).token(api_token(&["read:repository:bitbucket"]));
    for at in 0..3 {
        world = world.repository(Repository::new(&format!("acme/r{at}")).permission("bot", Permission::Read));
    }
    let running = world.start().unwrap();
    let path = "/user/workspaces/acme/permissions/repositories";
    let first = get(&running, &format!("{path}?pagelen=100")).await;
    assert_eq!(first.names("/repository/full_name"), ["acme/infra", "acme/r0"]);
    let next = first.json()["next"].as_str().unwrap().to_owned();
    let second = get(&running, next.strip_prefix(&running.api_url()).unwrap()).await;
    assert_eq!(second.names("/repository/full_name"), ["acme/r1", "acme/r2"]);
    assert!(second.json().get("next").is_none());
    let one = get(&running, &format!("{path}?q=repository.full_name%3D%22acme%2Finfra%22")).await;
    assert_eq!(one.names("/permission"), ["write"]);
    let by_name = get(&running, &format!("{path}?q=repository.name%3D%22r1%22")).await;
    assert_eq!(by_name.names("/repository/full_name"), ["acme/r1"]);
    assert_eq!(get(&running, &format!("{path}?q=nonsense")).await.status, 400);
    let refusing = acme().refusing_full_name_filter().token(api_token(&["read:repository:bitbucket"])).start().unwrap();
    assert_eq!(get(&refusing, &format!("{path}?q=repository.full_name%3D%22acme%2Finfra%22")).await.status, 400);
}

#[tokio::test]
async fn workspaces_projects_and_grants_answer_by_role() {
    let scopes =
        ["read:workspace:bitbucket", "read:project:bitbucket", "read:repository:bitbucket", "read:webhook:bitbucket"];
    let running = acme()
        .token(api_token(&scopes))
        .token(Token::api_token(&text("ATATT3boss")).owner("boss").scopes(scopes))
        .start()
        .unwrap();
    assert_eq!(get(&running, "/user/workspaces/acme/permission").await.json()["permission"], "member");
    assert_eq!(get(&running, "/user/workspaces").await.json()["values"][0]["administrator"], false);
    assert_eq!(get(&running, "/workspaces/acme/projects").await.names("/key"), ["INF", "PROJ"]);
    assert_eq!(get(&running, "/workspaces/acme/projects/inf").await.status, 200);
    assert_eq!(get(&running, "/workspaces/acme/projects/NONE").await.status, 404);
    for path in ["/repositories/acme/infra/hooks", "/repositories/acme/infra/permissions-config/users"] {
        let refused = get(&running, path).await;
        assert_eq!(refused.status, 403, "{path}");
        assert!(refused.json()["error"].get("detail").is_none(), "a permission, not a scope");
        assert_eq!(basic(&running, "boss@acme.example", "ATATT3boss", path).await.status, 200, "{path}");
    }
    let listed = get(&running, "/repositories/acme?pagelen=100").await;
    assert_eq!(listed.names("/full_name"), ["acme/infra", "acme/docs"]);
    let writable = get(&running, "/repositories/acme?role=contributor").await;
    assert_eq!(writable.names("/full_name"), ["acme/infra"]);
    let all = basic(&running, "boss@acme.example", "ATATT3boss", "/repositories/acme?role=admin").await;
    assert_eq!(all.names("/full_name").len(), 3, "who owns the workspace administers all of it");
}

#[tokio::test]
async fn hooks_show_whether_a_secret_is_set_and_old_ones_do_not() {
    let repository = Repository::new("acme/hooks")
        .permission("bot", Permission::Admin)
        .formerly("acme/old-hooks")
        .hook(Hook::new("https://a.example/", ["repo:push"]).secret().insecure())
        .hook(Hook::new("https://b.example/", ["repo:fork"]).inactive())
        .hook(Hook::new("https://c.example/", ["repo:fork"]).as_of_old());
    let running = acme()
        .repository(repository)
        .token(api_token(&["read:webhook:bitbucket", "read:repository:bitbucket"]))
        .start()
        .unwrap();
    let hooks = get(&running, "/repositories/acme/hooks/hooks").await.json()["values"].clone();
    assert_eq!((&hooks[0]["secret_set"], &hooks[0]["skip_cert_verification"]), (&json!(true), &json!(true)));
    assert_eq!((&hooks[1]["secret_set"], &hooks[1]["active"]), (&json!(false), &json!(false)));
    assert!(hooks[2].get("secret_set").is_none() && hooks[2].get("secret").is_none());
    assert_eq!(get(&running, "/repositories/acme/old-hooks").await.json()["full_name"], "acme/hooks");
}

#[tokio::test]
async fn headers_can_be_missing_and_answers_can_go_wrong() {
    let running = acme()
        .token(Token::workspace_access(&text("ATCTT3"), "acme").scopes(["repository"]).without_scopes_header())
        .token(api_token(&["read:user:bitbucket"]).without_type_header())
        .start()
        .unwrap();
    let got = bearer(&running, "ATCTT3", "/repositories/acme/infra").await;
    assert_eq!((got.header("x-credential-type"), got.header("x-oauth-scopes")), (Some("workspace_access_token"), None));
    let got = get(&running, "/user").await;
    assert_eq!((got.header("x-credential-type"), got.header("x-oauth-scopes")), (None, Some("read:user:bitbucket")));
    for (fault, status) in [
        (Fault::GatewayError(502), 502),
        (Fault::OwnTimeout, 555),
        (Fault::NotJson, 200),
        (Fault::TruncatedJson, 200),
        (Fault::TooManyRequests(Some("7".into())), 429),
        (Fault::Removed("CHANGE-1".into()), 410),
        (Fault::Redirect("/elsewhere".into()), 302),
        (Fault::WithoutHeaders(vec!["x-oauth-scopes".into()]), 200),
    ] {
        running.bitbucket.update(|world| world.plan_fault("/2.0/user", 1, fault.clone()));
        let got = get(&running, "/user").await;
        assert_eq!(got.status, status, "{fault:?}");
        let json = serde_json::from_str::<Value>(&got.text).is_ok();
        assert_eq!(json, !matches!(fault, Fault::GatewayError(_) | Fault::NotJson | Fault::TruncatedJson), "{fault:?}");
    }
    assert!(running.bitbucket.update(|world| world.revoke(&text("ATATT3"))));
    assert_eq!(get(&running, "/user").await.status, 401);
}

#[tokio::test]
async fn limits_end_in_429_and_changes_are_logged_as_writes() {
    let running = acme().token(api_token(&["read:user:bitbucket"])).requests_left(2).start().unwrap();
    assert_eq!(get(&running, "/user").await.status, 200);
    let url = format!("{}/repositories/acme/infra/hooks", running.api_url());
    let post = send(client().post(url).basic_auth("bot@acme.example", Some(text("ATATT3")))).await;
    assert_eq!(post.status, 405);
    assert_eq!(get(&running, "/user").await.status, 429);
    assert_eq!(running.server.writes().len(), 1);
    assert_eq!(running.server.requests().len(), 3);
}

#[tokio::test]
async fn nobody_sees_what_is_public_only() {
    let running = acme().start().unwrap();
    let anonymous = |path: &str| send(client().get(format!("{}{path}", running.api_url())));
    assert_eq!(anonymous("/repositories/acme/docs").await.status, 200);
    assert_eq!(anonymous("/repositories/acme/infra").await.status, 404);
    assert_eq!(anonymous("/user").await.status, 401);
}
