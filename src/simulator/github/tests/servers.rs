//! Rate limits, faults, the other GitHubs, the log, and the demo's world.

use std::time::Duration;

use super::super::{Fault, Flavour, Installation};
use super::*;
use crate::simulator::demo::Demo;
use crate::vocabulary::HostKind;

#[tokio::test]
async fn tokens_of_one_user_share_a_budget_that_runs_out() {
    let running = acme()
        .token(classic(&["repo"]))
        .token(fine_grained())
        .rate_limit("bot", 100)
        .requests_used("bot", 97)
        .start()
        .unwrap();
    let first = get(&running, "ghp", "/user").await;
    assert_eq!(first.header("x-ratelimit-limit").unwrap(), "100");
    assert_eq!(first.header("x-ratelimit-remaining").unwrap(), "2");
    assert_eq!(first.header("x-ratelimit-used").unwrap(), "98");
    assert_eq!(first.header("x-ratelimit-resource").unwrap(), "core");
    let reset = now().as_second() + 3_600;
    assert_eq!(first.header("x-ratelimit-reset").unwrap(), reset.to_string());
    assert_eq!(get(&running, "github_pat", "/user").await.header("x-ratelimit-remaining").unwrap(), "1");
    // Asking for the limit is free.
    let limit = get(&running, "ghp", "/rate_limit").await.json();
    assert_eq!(limit["resources"]["core"]["remaining"], 1);
    assert_eq!(limit["rate"], limit["resources"]["core"]);
    // A 404 counts too.
    get(&running, "ghp", "/nothing").await;
    let spent = get(&running, "ghp", "/user").await;
    assert_eq!(spent.error(), (403, "API rate limit exceeded for user ID 90000001.".to_owned()));
    assert_eq!(spent.header("x-ratelimit-remaining").unwrap(), "0");
    assert_eq!(spent.header("x-oauth-scopes").unwrap(), "repo");
    assert_eq!(get(&running, "ghp", "/rate_limit").await.status, 200);
    running.github.update(|world| world.set_now("2026-11-23T13:30:00Z".parse().unwrap()));
    assert_eq!(get(&running, "ghp", "/user").await.status, 200);
}

#[tokio::test]
async fn the_newer_version_has_no_copy_of_the_core_limit() {
    let running = acme().start().unwrap();
    let url = format!("{}/rate_limit", running.api_url());
    let got = send(client().get(url).header("x-github-api-version", "2026-03-10")).await.json();
    assert!(got.get("rate").is_none());
    assert_eq!(got["resources"]["core"]["limit"], 60);
}

#[tokio::test]
async fn an_installation_has_a_budget_by_its_size() {
    let world = (0..21).fold(World::new(now()), |world, number| world.repository(format!("acme/r{number}").as_str()));
    let running = world
        .installation(Installation::new(7, "acme-bot", "acme"))
        .token(Token::installation(&text("ghs"), 7))
        .start()
        .unwrap();
    let got = get(&running, "ghs", "/repos/acme/r0").await;
    assert_eq!(got.header("x-ratelimit-limit").unwrap(), "5050");
    assert_eq!(get(&running, "ghs", "/rate_limit").await.json()["resources"]["core"]["used"], 1);
    running.github.update(|world| world.limits.insert("7".to_owned(), 0));
    let spent = get(&running, "ghs", "/repos/acme/r0").await;
    assert_eq!(spent.message(), "API rate limit exceeded for installation ID 7.");
}

#[tokio::test]
async fn an_enterprise_server_answers_below_its_own_path() {
    let running = acme().enterprise_server("3.14.2").token(classic(&["repo"])).start().unwrap();
    assert!(running.api_url().ends_with("/api/v3"));
    let got = get(&running, "ghp", "/user").await;
    assert_eq!(got.status, 200);
    assert_eq!(got.header("x-github-enterprise-version").unwrap(), "3.14.2");
    assert!(got.headers.keys().all(|name| !name.as_str().starts_with("x-ratelimit")));
    assert_eq!((got.header("deprecation"), got.header("link")), (None, None));
    assert_eq!(get(&running, "ghp", "/meta").await.json()["installed_version"], "3.14.2");
    // Errors carry no status yet.
    let limit = get(&running, "ghp", "/rate_limit").await;
    assert_eq!(limit.error(), (404, "Rate limiting is not enabled.".to_owned()));
    assert!(limit.json().get("status").is_none());
    for root in ["", "/"] {
        assert!(get(&running, "ghp", root).await.json()["current_user_url"].is_string());
    }
    let outside = send(client().get(format!("{}/user", running.url())).bearer_auth(text("ghp"))).await;
    assert_eq!(outside.status, 404);
    let query = serde_json::json!({"query": "{ viewer { login } rateLimit { cost } }"});
    let url = format!("{}/api/graphql", running.url());
    let graphql = send(client().post(url).bearer_auth(text("ghp")).json(&query)).await.json();
    assert_eq!(graphql["data"]["viewer"]["login"], "bot");
    assert!(graphql["data"]["rateLimit"].is_null());
    assert!(running.server.writes().is_empty());
    let newer = client().get(format!("{}/user", running.api_url())).header("x-github-api-version", "2026-03-10");
    assert_eq!(send(newer).await.status, 400);
}

#[tokio::test]
async fn old_servers_know_three_flags_and_tenants_answer_like_github_com() {
    let running = acme().enterprise_server("2.22.6").token(classic(&["repo"])).start().unwrap();
    let permissions = get(&running, "ghp", "/repos/acme/infra").await.json()["permissions"].clone();
    assert_eq!(permissions, serde_json::json!({"admin": false, "push": true, "pull": true}));
    let running = acme().flavour(Flavour::EnterpriseCloud).token(classic(&["repo"])).start().unwrap();
    let got = get(&running, "ghp", "/user").await;
    assert!(got.header("x-ratelimit-limit").is_some());
    assert_eq!(got.header("x-github-enterprise-version"), None);
    assert!(get(&running, "ghp", "/meta").await.json().get("installed_version").is_none());
    assert_eq!(get(&running, "ghp", "").await.json()["current_user_url"], format!("{}/user", running.url()));
}

#[tokio::test]
async fn faults_come_in_order_and_pass() {
    let running = acme()
        .token(classic(&["repo"]))
        .fault(2, Fault::GatewayError(502))
        .fault_on("/repos/", 1, Fault::LegalBlock)
        .fault(1, Fault::SecondaryLimit("60".to_owned()))
        .start()
        .unwrap();
    for _ in 0..2 {
        let got = get(&running, "ghp", "/user").await;
        assert_eq!((got.status, got.header("x-github-request-id")), (502, None));
        assert!(got.text.starts_with("<html>"));
    }
    let blocked = get(&running, "ghp", "/repos/acme/infra").await;
    assert_eq!((blocked.status, &blocked.json()["block"]["reason"]), (451, &"dmca".into()));
    let limited = get(&running, "ghp", "/user").await;
    assert_eq!((limited.status, limited.header("retry-after").unwrap()), (403, "60".to_owned()));
    assert!(limited.message().contains("secondary rate limit"));
    assert_ne!(limited.header("x-ratelimit-remaining").unwrap(), "0");
    assert_eq!(get(&running, "ghp", "/user").await.status, 200);
}

#[tokio::test]
async fn faults_spoil_bodies() {
    let running = acme()
        .token(classic(&["repo"]))
        .fault(1, Fault::NotJson)
        .fault(1, Fault::TruncatedJson)
        .fault(1, Fault::Large(100_000))
        .fault(1, Fault::TooManyRequests("Mon, 23 Nov 2026 12:01:00 GMT".to_owned()))
        .fault(1, Fault::Redirect("http://elsewhere.example/user".to_owned()))
        .start()
        .unwrap();
    let html = get(&running, "ghp", "/user").await;
    assert_eq!((html.status, html.header("content-type").unwrap()), (200, "text/html".to_owned()));
    assert!(html.text.starts_with('<'));
    let cut = get(&running, "ghp", "/user").await;
    assert!(cut.status == 200 && serde_json::from_str::<Value>(&cut.text).is_err());
    let large = get(&running, "ghp", "/user").await;
    assert_eq!((large.text.len(), &large.json()["login"]), (100_000, &"bot".into()));
    let many = get(&running, "ghp", "/user").await;
    assert_eq!((many.status, many.header("retry-after").unwrap().ends_with("GMT")), (429, true));
    let elsewhere = get(&running, "ghp", "/user").await;
    assert_eq!(
        (elsewhere.status, elsewhere.header("location").unwrap()),
        (302, "http://elsewhere.example/user".to_owned())
    );
}

#[tokio::test]
async fn faults_of_the_transport() {
    let running = acme()
        .token(classic(&["repo"]))
        .fault(1, Fault::Gzip)
        .fault(1, Fault::GzipBomb(3_000_000))
        .fault(1, Fault::BrokenConnection)
        .start()
        .unwrap();
    // This client decompresses by itself.
    assert_eq!(get(&running, "ghp", "/user").await.json()["login"], "bot");
    assert_eq!(get(&running, "ghp", "/user").await.text.len(), 3_000_000);
    let request = client().get(format!("{}/user", running.api_url())).bearer_auth(text("ghp"));
    assert!(request.send().await.unwrap().bytes().await.is_err());
    assert_eq!(get(&running, "ghp", "/user").await.status, 200);
}

#[tokio::test]
async fn a_slow_answer_outlasts_an_impatient_client() {
    let running = acme().token(classic(&["repo"])).fault(1, Fault::Slow(Duration::from_secs(3_600))).start().unwrap();
    let request = client().get(format!("{}/user", running.api_url())).bearer_auth(text("ghp"));
    let error = request.timeout(Duration::from_millis(50)).send().await.unwrap_err();
    assert!(error.is_timeout());
    assert_eq!(get(&running, "ghp", "/user").await.status, 200);
}

#[tokio::test]
async fn changes_are_refused_and_logged() {
    let running = acme().token(classic(&["repo"])).start().unwrap();
    get(&running, "ghp", "/user").await;
    for method in [reqwest::Method::POST, reqwest::Method::DELETE, reqwest::Method::PATCH, reqwest::Method::PUT] {
        let url = format!("{}/repos/acme/infra", running.api_url());
        assert_eq!(send(client().request(method, url).bearer_auth(text("ghp"))).await.status, 404);
    }
    assert_eq!(get(&running, "ghp", "/repos/acme/infra").await.status, 200);
    let head = send(client().head(format!("{}/user", running.api_url())).bearer_auth(text("ghp"))).await;
    assert_eq!((head.status, head.text.as_str()), (200, ""));
    let writes = running.server.writes();
    assert_eq!(writes.iter().map(|one| one.method.as_str()).collect::<Vec<_>>(), ["POST", "DELETE", "PATCH", "PUT"]);
    let log = running.server.requests();
    assert_eq!(log.len(), 7);
    assert!(log.iter().all(|one| one.authorised));
    assert_eq!((log[0].path.as_str(), log[0].status), ("/user", 200));
    assert!(!format!("{running:?}").contains(&text("ghp")));
}

#[tokio::test]
async fn the_demo_shows_each_state() {
    let (running, credentials) = Demo::at(now()).start().unwrap();
    let api = running.api_url(HostKind::GitHub);
    let ask = async |name: &str, path: &str| {
        let token = &credentials.iter().find(|credential| credential.name == name).unwrap().token;
        send(client().get(format!("{api}{path}")).bearer_auth(token)).await
    };
    for credential in credentials.iter().filter(|credential| credential.host == HostKind::GitHub) {
        let got = ask(credential.name, "/user").await;
        if credential.name == "old-ci" {
            assert_eq!(got.error(), (401, "Bad credentials".to_owned()));
        } else {
            assert_eq!(got.json()["login"], credential.username);
        }
    }
    let good = ask("atlantis-prod", "/repos/acme/infra").await;
    assert_eq!(good.json()["permissions"]["push"], true);
    assert!(good.header("github-authentication-token-expiration").unwrap().starts_with("2027-02-21"));
    assert_eq!(ask("atlantis-prod", "/repos/acme/live-eu").await.json()["permissions"]["push"], true);
    assert_eq!(ask("atlantis-staging", "/repos/acme/infra").await.status, 404);
    let powerful = ask("release-bot", "/repos/acme/infra/hooks").await;
    assert_eq!(powerful.json()[0]["config"]["secret"], "********");
    assert!(powerful.header("x-oauth-scopes").unwrap().contains("admin:org"));
    assert_eq!(powerful.header("github-authentication-token-expiration"), None);
    let fine = ask("renovate", "/repos/acme/infra").await;
    assert_eq!((fine.status, fine.header("x-oauth-scopes")), (200, None));
    assert_eq!(ask("deploy", "/repos/acme/infra").await.json()["permissions"]["push"], true);
}
