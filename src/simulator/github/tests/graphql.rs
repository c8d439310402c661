//! The GraphQL endpoint.

use serde_json::json;

use super::super::{App, Installation};
use super::*;

async fn ask(running: &Running, prefix: &str, body: &Value) -> Got {
    let request = client().post(format!("{}{}", running.url(), running.github.graphql_path())).json(body);
    send(if prefix.is_empty() { request } else { request.bearer_auth(text(prefix)) }).await
}

const BATCH: &str = "query($o0:String!,$n0:String!,$o1:String!,$n1:String!){
  viewer{login databaseId}
  rateLimit{cost limit remaining resetAt}
  r0:repository(owner:$o0,name:$n0){...F}
  r1:repository(owner:$o1,name:$n1){...F}
}
fragment F on Repository{databaseId nameWithOwner viewerPermission viewerCanAdminister
  visibility isPrivate isArchived isDisabled defaultBranchRef{name} owner{__typename login}}";

fn batch(first: &str, second: &str) -> Value {
    json!({"query": BATCH, "variables": {"o0": "acme", "n0": first, "o1": "acme", "n1": second}})
}

#[tokio::test]
async fn a_batch_answers_what_is_seen_and_names_what_is_not() {
    let running = acme().token(classic(&["repo"]).expires_in_days(90)).start().unwrap();
    let got = ask(&running, "ghp", &batch("infra", "ghost")).await;
    assert_eq!(got.status, 200);
    assert_eq!(got.header("x-oauth-scopes").unwrap(), "repo");
    assert_eq!(got.header("x-accepted-oauth-scopes").unwrap(), "repo");
    assert_eq!(got.header("x-github-media-type").unwrap(), "github.v4; format=json");
    assert_eq!(got.header("x-ratelimit-resource").unwrap(), "graphql");
    assert_eq!(got.header("x-ratelimit-remaining").unwrap(), "4999");
    assert!(got.header("github-authentication-token-expiration").unwrap().ends_with(" UTC"));
    let body = got.json();
    assert_eq!(body["data"]["viewer"], json!({"login": "bot", "databaseId": 90_000_001}));
    assert_eq!(body["data"]["rateLimit"]["remaining"], 4_999);
    assert_eq!(body["data"]["rateLimit"]["resetAt"], "2026-11-23T13:00:00Z");
    assert_eq!(
        body["data"]["r0"],
        json!({
            "databaseId": 700_000_001, "nameWithOwner": "acme/infra", "viewerPermission": "WRITE",
            "viewerCanAdminister": false, "visibility": "PRIVATE", "isPrivate": true, "isArchived": false,
            "isDisabled": false, "defaultBranchRef": {"name": "main"},
            "owner": {"__typename": "Organization", "login": "acme"}
        })
    );
    assert!(body["data"]["r1"].is_null());
    assert_eq!(body["errors"].as_array().unwrap().len(), 1);
    assert_eq!(body["errors"][0]["type"], "NOT_FOUND");
    assert_eq!(body["errors"][0]["path"], json!(["r1"]));
    assert_eq!(body["errors"][0]["locations"], json!([{"line": 5, "column": 3}]));
    assert!(running.server.writes().is_empty());
}

#[tokio::test]
async fn the_rules_are_those_of_rest() {
    // Without `repo`, the private repository is as good as missing.
    let running = acme().token(classic(&["gist"])).start().unwrap();
    let body = ask(&running, "ghp", &batch("infra", "docs")).await.json();
    assert_eq!(body["errors"][0]["type"], "NOT_FOUND");
    assert_eq!(body["data"]["r1"]["viewerPermission"], "READ");
    // A former name leads to the present one.
    let running = World::new(now())
        .repository(Repository::new("acme/infra").renamed_from("acme/terraform"))
        .token(fine_grained())
        .start()
        .unwrap();
    let got = ask(&running, "github_pat", &batch("terraform", "ghost")).await;
    assert_eq!(got.json()["data"]["r0"]["nameWithOwner"], "acme/infra");
    assert_eq!(got.header("x-accepted-github-permissions"), None);
    assert_eq!(got.header("github-authentication-token-expiration").unwrap(), "2026-12-23 13:00:00 +0100");
}

#[tokio::test]
async fn single_sign_on_is_an_error_of_the_field() {
    let running = World::new(now())
        .organization(Organization::new("acme").member("bot", OrganizationRole::Member).enforces_sso())
        .repository(Repository::new("acme/infra").private())
        .token(classic(&["repo"]))
        .start()
        .unwrap();
    let got = ask(&running, "ghp", &batch("infra", "ghost")).await;
    let body = got.json();
    assert_eq!(got.status, 200);
    assert_eq!(body["errors"][0]["type"], "FORBIDDEN");
    assert_eq!(body["errors"][0]["extensions"], json!({"saml_failure": true}));
    assert!(body["errors"][0]["message"].as_str().unwrap().contains("SAML enforcement"));
}

#[tokio::test]
async fn an_installation_is_its_apps_bot_and_has_no_role() {
    let running = acme()
        .app(App::new("github-actions"))
        .installation(Installation::new(1, "github-actions", "acme"))
        .token(Token::installation(&text("ghs"), 1))
        .start()
        .unwrap();
    let got = ask(&running, "ghs", &batch("infra", "docs")).await;
    let body = got.json();
    assert_eq!(body["data"]["viewer"]["login"], "github-actions[bot]");
    assert!(body["data"]["viewer"]["databaseId"].is_u64());
    assert!(body["data"]["r0"]["viewerPermission"].is_null());
    assert_eq!(body["data"]["r0"]["nameWithOwner"], "acme/infra");
    assert!(body.get("errors").is_none());
    // A workflow's token has a smaller budget.
    assert_eq!(got.header("x-ratelimit-limit").unwrap(), "1000");
}

#[tokio::test]
async fn changes_are_refused_and_seen() {
    let running = acme().token(classic(&["repo"])).start().unwrap();
    let mutation = json!({"query": "mutation { addStar(input: {starrableId: \"R_1\"}) { clientMutationId } }"});
    assert_eq!(ask(&running, "ghp", &mutation).await.status, 404);
    let mixed = json!({"query": "query Q { viewer { login } } mutation M { x { y } }", "operationName": "Q"});
    assert_eq!(ask(&running, "ghp", &mixed).await.status, 404);
    assert_eq!(running.server.writes().len(), 2);
    ask(&running, "ghp", &json!({"query": "query { viewer { login } }"})).await;
    assert_eq!(running.server.writes().len(), 2);
    assert_eq!(running.server.requests().len(), 3);
}

#[tokio::test]
async fn mistakes_are_errors_in_an_answer_that_is_ok() {
    let running = acme().token(classic(&["repo"])).start().unwrap();
    let message = async |query: &str| {
        let got = ask(&running, "ghp", &json!({"query": query})).await;
        assert_eq!(got.status, 200, "{query}");
        assert!(got.json().get("data").is_none(), "{query}");
        got.json()["errors"][0]["message"].as_str().unwrap().to_owned()
    };
    assert_eq!(message("{ nothing { x } }").await, "Field 'nothing' doesn't exist on type 'Query'");
    assert_eq!(message("{ viewer { shoe } }").await, "Field 'shoe' doesn't exist on type 'User'");
    assert!(message("{ viewer }").await.starts_with("Field must have selections"));
    assert!(message("{ viewer { login }").await.starts_with("Parse error on"));
    assert!(message("{ repository(owner: \"acme\") { id } }").await.contains("missing required arguments: name"));
    assert!(message("{ ...A } fragment A on Query { ...A }").await.starts_with("Fragments are nested"));
    let doubling: String =
        (0..30).map(|n| format!("fragment F{n} on Query {{ ...F{m} ...F{m} }} ", m = n + 1)).collect();
    let bomb = format!("{{ ...F0 }} {doubling} fragment F30 on Query {{ __typename }}");
    assert_eq!(message(&bomb).await, "The query exceeds the limit of nodes");
    assert_eq!(ask(&running, "", &json!({"query": "{ viewer { login } }"})).await.status, 401);
    let broken = send(client().post(format!("{}/graphql", running.url())).bearer_auth(text("ghp")).body("{")).await;
    assert_eq!(broken.error(), (400, "Problems parsing JSON".to_owned()));
}

#[tokio::test]
async fn a_spent_budget_is_an_answer_that_is_ok() {
    let running = acme().token(classic(&["repo"])).requests_used("bot", 5_000).start().unwrap();
    let got = ask(&running, "ghp", &json!({"query": "{ viewer { login } }"})).await;
    assert_eq!(got.status, 200);
    assert_eq!(got.header("x-ratelimit-remaining").unwrap(), "0");
    let error = &got.json()["errors"][0];
    assert_eq!(error["type"], "RATE_LIMITED");
    assert_eq!(error["message"], "API rate limit exceeded for user ID 90000001.");
}
