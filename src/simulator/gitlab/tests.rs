//! What the simulated GitLab answers: by whom, to what.

use serde_json::{Value, json};

use super::*;

fn world() -> World {
    World::new("2026-11-23T12:00:00Z".parse().unwrap())
        .group(Group::new("acme").member("bot", Level::Developer))
        .project(Project::new("acme/infra").renamed_from("acme/old").hook(Hook::new("https://h/e", ["note_events"])))
        .project(Project::new("acme/open").public())
        .project(Project::new("other/closed"))
}

struct Asked {
    status: u16,
    body: Value,
    headers: Vec<(String, String)>,
}

fn request(method: &str, path: &str, headers: &[(&str, &str)], body: &str) -> Request {
    let (path, query) = path.split_once('?').unwrap_or((path, ""));
    Request {
        method: method.to_owned(),
        path: path.to_owned(),
        query: url::form_urlencoded::parse(query.as_bytes()).into_owned().collect(),
        headers: headers.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect(),
        body: body.as_bytes().to_vec(),
        origin: "http://127.0.0.1:1".to_owned(),
    }
}

fn send(gitlab: &GitLab, request: &Request) -> Asked {
    let answer = gitlab.answer(request);
    let body = serde_json::from_slice(&answer.body).unwrap_or(Value::Null);
    Asked { status: answer.status, body, headers: answer.headers }
}

fn get(gitlab: &GitLab, token: &str, path: &str) -> Asked {
    let bearer = format!("Bearer {token}");
    send(gitlab, &request("GET", path, &[("authorization", &bearer)], ""))
}

#[test]
fn each_kind_is_answered_as_the_host_answers_it() {
    let gitlab = GitLab::new(
        world()
            .token(Token::personal("p").owner("bot").scopes(["read_repository"]).expires_in_days(3))
            .token(Token::oauth("o").owner("bot").scopes(["read_api"]))
            .token(Token::job("j").owner("bot"))
            .token(Token::deploy("d"))
            .token(Token::fine_grained("f").owner("bot"))
            .token(Token::project("b", "acme/infra", Level::Maintainer).scopes(["api"]).named("plan")),
    );
    let own = "/api/v4/personal_access_tokens/self";
    let told = get(&gitlab, "p", own);
    assert_eq!((told.status, &told.body["scopes"]), (200, &json!(["read_repository"])));
    assert_eq!(told.body["expires_at"], "2026-11-26");
    assert_eq!(get(&gitlab, "o", own).status, 400);
    assert_eq!(get(&gitlab, "j", own).status, 401);
    assert_eq!(get(&gitlab, "d", own).body, json!({"message": "401 Unauthorized"}));
    assert_eq!(get(&gitlab, "f", own).body["error"], "insufficient_granular_scope");
    assert_eq!(get(&gitlab, "p", "/api/v4/user").body["scope"], "api read_api read_user");
    assert_eq!(get(&gitlab, "o", "/oauth/token/info").body["expires_in"], 7_200);
    assert_eq!(get(&gitlab, "p", "/oauth/token/info").status, 401);
    assert_eq!(get(&gitlab, "j", "/api/v4/job").body["user"]["username"], "bot");
    let bot = get(&gitlab, "b", "/api/v4/user").body;
    assert!(bot["username"].as_str().unwrap().starts_with("project_318_bot_") && bot["bot"] == true, "{bot}");
    assert_eq!(bot["name"], "plan");
    let header =
        |name: &str, token: &str, path: &str| send(&gitlab, &request("GET", path, &[(name, token)], "")).status;
    assert_eq!(header("private-token", "p", own), 200);
    assert_eq!(header("private-token", "o", own), 401, "an OAuth token is no private token");
    assert_eq!(header("job-token", "j", "/api/v4/job"), 200);
    assert_eq!(header("job-token", "p", "/api/v4/job"), 401);
    assert_eq!(get(&gitlab, "x", own).body, json!({"message": "401 Unauthorized"}));
}

#[test]
fn roles_are_the_highest_of_all_ways_in() {
    let gitlab = GitLab::new(
        world()
            .group(Group::new("bots").member("bot", Level::Owner))
            .project(Project::new("other/shared").public().shared_with("bots", Level::Reporter))
            .token(Token::personal("p").owner("bot").scopes(["api"])),
    );
    let id = get(&gitlab, "p", "/api/v4/user").body["id"].as_u64().unwrap();
    let level =
        |path: &str| get(&gitlab, "p", &format!("/api/v4/{path}/members/all/{id}")).body["access_level"].clone();
    assert_eq!(level("projects/acme%2Finfra"), 30);
    assert_eq!(level("projects/other%2Fshared"), 20);
    assert_eq!(level("groups/acme"), 30);
    let shown = get(&gitlab, "p", "/api/v4/projects/acme%2Finfra").body;
    assert_eq!(shown["permissions"]["group_access"]["access_level"], 30);
    assert_eq!(shown["permissions"]["project_access"], Value::Null);
    let shared = get(&gitlab, "p", "/api/v4/projects/other%2Fshared").body;
    assert_eq!(shared["permissions"], json!({"project_access": null, "group_access": null}));
    assert_eq!(get(&gitlab, "p", "/api/v4/projects/other%2Fclosed").body["message"], "404 Project Not Found");
    let stranger = get(&gitlab, "p", "/api/v4/projects/acme%2Finfra/members/all/1");
    assert_eq!((stranger.status, &stranger.body["message"]), (404, &json!("404 Not found")));
    assert_eq!(get(&gitlab, "p", "/api/v4/projects/acme/infra").body, json!({"error": "404 Not Found"}));
    assert_eq!(get(&gitlab, "p", "/api/v4/projects/acme%2Finfra/hooks").status, 403);
}

#[test]
fn moves_pages_and_limits_are_shown_as_gitlab_shows_them() {
    let mut world = world().token(Token::personal("p").owner("bot").scopes(["read_api"])).rate_limit(5, 0);
    for at in 0..3 {
        world = world.project(format!("acme/service-{at}").as_str());
    }
    let gitlab = GitLab::new(world);
    let moved = get(&gitlab, "p", "/api/v4/projects/acme%2Fold");
    assert_eq!(moved.status, 301);
    assert!(moved.headers.contains(&("location".into(), "http://127.0.0.1:1/api/v4/projects/318".into())));
    let page = get(&gitlab, "p", "/api/v4/projects?membership=true&per_page=2&page=2");
    assert_eq!(page.body.as_array().unwrap().len(), 2);
    let header = |name: &str| page.headers.iter().find(|(have, _)| have == name).map(|(_, value)| value.as_str());
    assert_eq!(header("x-next-page"), Some("3"));
    assert!(header("link").unwrap().contains("page=3"));
    assert_eq!(header("ratelimit-remaining"), Some("3"));
    for _ in 0..3 {
        get(&gitlab, "p", "/api/v4/user");
    }
    let refused = get(&gitlab, "p", "/api/v4/user");
    assert_eq!((refused.status, refused.body), (429, Value::Null));
}

#[test]
fn queries_leave_out_what_is_hidden_archived_or_not_for_the_credential() {
    let gitlab = GitLab::new(
        world()
            .project(Project::new("acme/done").archived())
            .token(Token::personal("p").owner("bot").scopes(["read_api"]))
            .token(Token::personal("n").owner("bot").scopes(["read_user"]))
            .token(Token::fine_grained("f").owner("bot")),
    );
    let query = |token: &str, paths: Value| {
        let text = "query($paths: [String!]) { projects(fullPaths: $paths) { nodes { fullPath maxAccessLevel { integerValue } } } }";
        let body = json!({"query": text, "variables": {"paths": paths}}).to_string();
        let bearer = format!("Bearer {token}");
        let request = request("POST", "/api/graphql", &[("authorization", &bearer)], &body);
        assert!(!gitlab.is_write(&request));
        send(&gitlab, &request)
    };
    let told = query("p", json!(["acme/infra", "acme/done", "other/closed", "acme/nothing"])).body;
    assert_eq!(
        told["data"]["projects"]["nodes"],
        json!([{"fullPath": "acme/infra", "maxAccessLevel": {"integerValue": 30}}])
    );
    for token in ["n", "f"] {
        assert_eq!(query(token, json!(["acme/infra"])).body["data"]["projects"], Value::Null);
    }
    assert_eq!(query("x", json!([])).body, json!({"errors": [{"message": "Invalid token"}]}));
    assert!(query("p", json!(vec!["a"; 51])).body["errors"].is_array());
    let change = request("POST", "/api/graphql", &[], r#"{"query":"mutation { destroy }"}"#);
    assert!(gitlab.is_write(&change) && gitlab.is_write(&request("PUT", "/api/v4/user", &[], "")));
}
