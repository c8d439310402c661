//! Who is there, and which headers tell of it.

use super::super::{App, Installation, User};
use super::*;

#[tokio::test]
async fn a_classic_token_tells_its_scopes_and_end() {
    let running = acme().token(classic(&["repo", "gist"]).expires_in_days(90)).start().unwrap();
    let got = get(&running, "ghp", "/user").await;
    assert_eq!(got.status, 200);
    // In the order they were granted: not always sorted.
    assert_eq!(got.header("x-oauth-scopes").unwrap(), "repo, gist");
    assert_eq!(got.header("x-accepted-oauth-scopes").unwrap(), "");
    assert_eq!(got.header("github-authentication-token-expiration").unwrap(), "2027-02-21 12:00:00 UTC");
    assert_eq!(got.header("x-accepted-github-permissions"), None);
    assert_eq!(got.header("x-oauth-client-id"), None);
    assert_eq!(got.header("x-github-media-type").unwrap(), "github.v3; format=json");
    assert_eq!(got.header("x-github-request-id").unwrap().split(':').count(), 5);
    assert_eq!(got.header("content-type").unwrap(), "application/json; charset=utf-8");
    assert_eq!(got.header("date").unwrap(), "Mon, 23 Nov 2026 12:00:00 GMT");
    assert_eq!(got.headers.get_all("vary").iter().count(), 2);
    let user = got.json();
    assert_eq!((user["login"].as_str(), user["type"].as_str()), (Some("bot"), Some("User")));
    assert_eq!(user["id"], 90_000_001);
    assert!(user["email"].is_null());
    assert_eq!(user["user_view_type"], "public");
    assert!(user.get("plan").is_none() && user.get("two_factor_authentication").is_none());
}

#[tokio::test]
async fn the_second_factor_shows_with_the_user_scope_only() {
    for (scope, shows) in [("user", true), ("read:user", true), ("user:email", false), ("repo", false)] {
        let running = acme().user(User::new("bot").two_factor(false)).token(classic(&[scope])).start().unwrap();
        let user = get(&running, "ghp", "/user").await.json();
        assert_eq!(user.get("two_factor_authentication").is_some(), shows, "{scope}");
        assert_eq!(user.get("plan").is_some(), shows, "{scope}");
        if shows {
            assert_eq!(user["two_factor_authentication"], false);
        }
    }
}

#[tokio::test]
async fn a_classic_token_without_scopes_and_end_still_has_the_scopes_header() {
    let running = acme().token(classic(&[])).start().unwrap();
    let got = get(&running, "ghp", "/user").await;
    assert_eq!(got.header("x-oauth-scopes").unwrap(), "");
    assert_eq!(got.header("github-authentication-token-expiration"), None);
}

#[tokio::test]
async fn a_fine_grained_token_has_no_scopes_header_and_the_other_spelling() {
    let running = acme().token(fine_grained()).start().unwrap();
    let got = get(&running, "github_pat", "/user").await;
    assert_eq!(got.status, 200);
    assert_eq!(got.header("x-oauth-scopes"), None);
    assert_eq!(got.header("x-accepted-oauth-scopes"), None);
    assert_eq!(got.header("x-accepted-github-permissions").unwrap(), "allows_permissionless_access=true");
    assert_eq!(got.header("github-authentication-token-expiration").unwrap(), "2026-12-23 13:00:00 +0100");
    assert!(got.json().get("plan").is_none());
}

#[tokio::test]
async fn oauth_and_app_user_tokens_name_their_client() {
    let running = acme()
        .token(Token::oauth_app(&text("gho"), "178c6fc778ccc68e1d6a").owner("bot").scopes(["repo"]))
        .token(Token::app_user(&text("ghu"), "acme-bot").owner("bot").expires_in_days(1))
        .start()
        .unwrap();
    let oauth = get(&running, "gho", "/user").await;
    assert_eq!(oauth.header("x-oauth-scopes").unwrap(), "repo");
    assert_eq!(oauth.header("x-oauth-client-id").unwrap(), "178c6fc778ccc68e1d6a");
    assert_eq!(oauth.header("github-authentication-token-expiration"), None);
    let user = get(&running, "ghu", "/user").await;
    assert_eq!(user.header("x-oauth-scopes").unwrap(), "");
    assert!(user.header("x-oauth-client-id").unwrap().starts_with("Iv1."));
    assert!(user.header("github-authentication-token-expiration").unwrap().ends_with(" UTC"));
    assert_eq!(user.header("x-accepted-github-permissions"), None);
}

#[tokio::test]
async fn an_installation_token_is_no_user() {
    let running = acme()
        .app(App::new("acme-bot"))
        .installation(Installation::new(41_000_001, "acme-bot", "acme"))
        .token(Token::installation(&text("ghs"), 41_000_001).expires_in_days(1))
        .start()
        .unwrap();
    let got = get(&running, "ghs", "/user").await;
    assert_eq!(got.error(), (403, "Resource not accessible by integration".to_owned()));
    assert_eq!(got.json()["status"], "403");
    assert_eq!(got.header("x-oauth-scopes"), None);
    assert_eq!(got.header("github-authentication-token-expiration"), None);
    assert_eq!(got.header("x-accepted-github-permissions").unwrap(), "allows_permissionless_access=true");
    for path in ["/app", "/repos/acme/infra/installation"] {
        let got = get(&running, "ghs", path).await;
        assert_eq!(got.error(), (401, "A JSON web token could not be decoded".to_owned()));
    }
}

#[tokio::test]
async fn unknown_expired_and_revoked_tokens_are_all_bad_credentials() {
    let expired = acme().token(classic(&["repo"]).expires_in_days(-1)).start().unwrap();
    let revoked = acme().token(classic(&["repo"]).revoked()).start().unwrap();
    let unknown = acme().start().unwrap();
    let uninstalled = acme().token(Token::installation(&text("ghp"), 1)).start().unwrap();
    for running in [&expired, &revoked, &unknown, &uninstalled] {
        let got = get(running, "ghp", "/user").await;
        assert_eq!(got.error(), (401, "Bad credentials".to_owned()));
        assert_eq!(got.json()["status"], "401");
        assert_eq!(got.json()["documentation_url"], "https://docs.github.com/rest");
        assert_eq!(got.header("x-oauth-scopes"), None);
        assert_eq!(got.header("github-authentication-token-expiration"), None);
        assert_eq!(got.header("x-ratelimit-limit").unwrap(), "60");
    }
}

#[tokio::test]
async fn a_token_can_be_revoked_and_expire_while_the_host_runs() {
    let running = acme().token(classic(&["repo"]).expires_in_days(1)).start().unwrap();
    assert_eq!(get(&running, "ghp", "/user").await.status, 200);
    running.github.update(|world| world.set_now("2026-11-25T12:00:00Z".parse().unwrap()));
    assert_eq!(get(&running, "ghp", "/user").await.status, 401);
    let running = acme().token(classic(&["repo"])).start().unwrap();
    assert!(running.github.update(|world| world.revoke(&text("ghp"))));
    assert!(!running.github.update(|world| world.revoke("other")));
    assert_eq!(get(&running, "ghp", "/user").await.status, 401);
}

#[tokio::test]
async fn too_many_bad_logins_in_a_row_lock_everyone_out() {
    let running = acme().token(classic(&["repo"])).bad_logins_allowed(2).start().unwrap();
    for _ in 0..2 {
        assert_eq!(get(&running, "gho", "/user").await.status, 401);
    }
    // A good one in between ends the row.
    assert_eq!(get(&running, "ghp", "/user").await.status, 200);
    for _ in 0..3 {
        assert_eq!(get(&running, "gho", "/user").await.status, 401);
    }
    let locked = get(&running, "ghp", "/user").await;
    assert_eq!(locked.status, 403);
    assert!(locked.message().contains("Max number of login attempt exceeded"));
}

#[tokio::test]
async fn other_authorization_schemes_work_and_none_needs_one() {
    let running = acme().token(classic(&["repo"])).start().unwrap();
    let url = format!("{}/user", running.api_url());
    let token = send(client().get(&url).header("authorization", format!("token {}", text("ghp")))).await;
    let basic = send(client().get(&url).basic_auth("bot", Some(text("ghp")))).await;
    assert_eq!((token.status, basic.status), (200, 200));
    let nobody = get(&running, "", "/user").await;
    assert_eq!(nobody.error(), (401, "Requires authentication".to_owned()));
}

#[tokio::test]
async fn requests_must_say_who_sends_them_and_which_version_they_want() {
    let running = acme().token(classic(&["repo"])).start().unwrap();
    let url = format!("{}/user", running.api_url());
    let got = send(bare::client().get(&url).bearer_auth(text("ghp"))).await;
    assert_eq!(got.status, 403);
    assert!(got.message().starts_with("Missing or invalid User Agent string"));
    let version = |version: &str| client().get(&url).bearer_auth(text("ghp")).header("x-github-api-version", version);
    assert_eq!(send(version("2019-01-01")).await.status, 400);
    let old = send(version("2022-11-28")).await;
    assert_eq!(old.header("x-github-api-version-selected").unwrap(), "2022-11-28");
    assert_eq!(old.header("deprecation").unwrap(), "Tue, 10 Mar 2026 00:00:00 GMT");
    assert_eq!(old.header("sunset").unwrap(), "Fri, 10 Mar 2028 00:00:00 GMT");
    let link = old.header("link").unwrap();
    assert!(link.contains("rel=\"deprecation\"") && !link.contains("rel=\"next\""), "{link}");
    let new = send(version("2026-03-10")).await;
    assert_eq!(new.header("x-github-api-version-selected").unwrap(), "2026-03-10");
    assert_eq!((new.header("deprecation"), new.header("sunset"), new.header("link")), (None, None, None));
    // No header: the oldest version that is still supported.
    let none = get(&running, "ghp", "/user").await;
    assert_eq!(none.header("x-github-api-version-selected").unwrap(), "2022-11-28");
    assert!(none.header("deprecation").is_some());
}

#[tokio::test]
async fn a_trailing_slash_is_another_path() {
    let running = acme().token(classic(&["repo"])).start().unwrap();
    for path in ["/user/", "/repos/acme/infra/", "/nothing", "/repos/acme/infra/keys"] {
        assert_eq!(get(&running, "ghp", path).await.error(), (404, "Not Found".to_owned()), "{path}");
    }
}
