//! The rules, asked over HTTP by a plain client.

use reqwest::header::HeaderMap;
use serde_json::Value;

use super::{Fault, Hook, Level, Project, Repository, Running, Token, User, World};
use crate::simulator::client::client;

fn token(word: &str) -> String {
    Token::text(848_894_838_086, word)
}

fn acme() -> World {
    World::new("2026-11-23T12:00:00Z".parse().unwrap())
        .user(User::new("Bot.One").password("secret-x1").email("bot@acme.example"))
        .project(Project::new("INF").name("Infrastructure").grant("Bot.One", Level::Read))
        .repository(Repository::new("INF/infra").grant("Bot.One", Level::Write))
        .repository(
            Repository::new("INF/docs").public().hook(Hook::new("https://a.example/", ["pr:opened"]).secret("s")),
        )
        .token(Token::personal(&token("bot"), "Bot.One").name("atlantis").levels(Level::Read, Level::Write))
        .token(Token::repository(&token("resource"), "INF/infra").level(Level::Read))
}

struct Got {
    status: u16,
    headers: HeaderMap,
    body: Value,
}

impl Got {
    fn name(&self) -> Option<&str> {
        self.headers.get("x-ausername").map(|name| name.to_str().unwrap())
    }

    /// One field of every value of a list.
    fn all(&self, pointer: &str) -> Vec<&str> {
        self.body["values"]
            .as_array()
            .unwrap()
            .iter()
            .map(|item| item.pointer(pointer).unwrap().as_str().unwrap())
            .collect()
    }
}

async fn get(running: &Running, token: Option<&str>, path: &str) -> Got {
    let request = client().get(format!("{}{path}", running.url()));
    let answer = match token {
        None => request,
        Some(token) => match token.split_once(':') {
            Some((name, password)) => request.basic_auth(name, Some(password)),
            None => request.bearer_auth(token),
        },
    };
    let answer = answer.send().await.unwrap();
    let (status, headers) = (answer.status().as_u16(), answer.headers().clone());
    Got { status, headers, body: serde_json::from_str(&answer.text().await.unwrap()).unwrap_or_default() }
}

#[tokio::test]
async fn a_name_in_the_header_tells_who_calls() {
    let running = acme().start().unwrap();
    let path = "/rest/api/1.0/application-properties";
    let bot = get(&running, Some(&token("bot")), path).await;
    assert_eq!((bot.status, bot.name()), (200, Some("Bot.One")));
    assert_eq!(bot.headers.get_all("cache-control").iter().count(), 2);
    let service = get(&running, Some(&token("resource")), path).await;
    assert_eq!(service.name(), Some("access-token-user%2F2%2F431"));
    let password = get(&running, Some("Bot.One:secret-x1"), path).await;
    assert_eq!(password.name(), Some("Bot.One"));
    let nobody = get(&running, None, path).await;
    assert_eq!((nobody.status, nobody.name()), (200, None));
    let bad = get(&running, Some(&token("bad")), path).await;
    assert_eq!((bad.status, bad.name()), (401, None));
    // A resource's token is no password of anybody's.
    let basic = format!("Bot.One:{}", token("resource"));
    assert_eq!(get(&running, Some(&basic), path).await.status, 401);
    assert!(running.bitbucket.update(|world| world.revoke(&token("bot"))));
    assert_eq!(get(&running, Some(&token("bot")), path).await.status, 401);
}

#[tokio::test]
async fn a_missing_permission_is_a_401_with_a_name() {
    let running = acme().repository(Repository::new("OPS/closed")).start().unwrap();
    let bot = Some(token("bot"));
    let status = async |path: &str| {
        let got = get(&running, bot.as_deref(), path).await;
        assert_eq!(got.name(), Some("Bot.One"), "{path}");
        got.status
    };
    assert_eq!(status("/rest/api/1.0/projects/OPS/repos/closed").await, 401);
    assert_eq!(status("/rest/api/1.0/projects/INF/repos/infra/webhooks").await, 401);
    assert_eq!(status("/rest/api/1.0/projects/INF/repos/nothing").await, 404);
    assert_eq!(status("/rest/api/1.0/projects/INF/repos/docs").await, 200);
    assert_eq!(status("/rest/access-tokens/1.0/users/bot.one").await, 200);
    assert_eq!(status("/rest/access-tokens/1.0/users/Bot.One").await, 404, "that is the name, not the slug");
    assert_eq!(status("/rest/access-tokens/1.0/projects/INF/repos/infra").await, 401);
}

#[tokio::test]
async fn lists_are_of_the_caller_and_exact_in_nothing() {
    let running = acme().repository(Repository::new("INF/infra-old").grant("Bot.One", Level::Admin)).start().unwrap();
    let bot = token("bot");
    let list = async |query: &str| {
        let got = get(&running, Some(&bot), &format!("/rest/api/1.0/repos?{query}")).await;
        got.all("/slug").into_iter().map(str::to_owned).collect::<Vec<_>>()
    };
    assert_eq!(list("permission=REPO_ADMIN&name=infra").await, ["infra-old"]);
    assert_eq!(list("permission=REPO_WRITE&name=INFRA&projectkey=inf").await, ["infra", "infra-old"]);
    assert_eq!(list("permission=REPO_READ").await, ["infra", "docs", "infra-old"], "the project's level counts");
    assert_eq!(list("projectname=infrastructure&projectkey=OPS").await, [""; 0]);
    let anonymous = get(&running, None, "/rest/api/1.0/repos?permission=REPO_READ").await;
    assert_eq!((anonymous.status, anonymous.all("/slug").len()), (200, 0));
    let bad = get(&running, Some(&bot), "/rest/api/1.0/repos?permission=REPO_FLY").await;
    assert_eq!(bad.status, 400);
    // What a version does not know it overlooks.
    running.bitbucket.update(|world| world.version = "7.21.0".to_owned());
    assert_eq!(list("permission=REPO_WRITE&name=infra&projectkey=OPS").await, ["infra", "infra-old"]);
}

#[tokio::test]
async fn pages_begin_where_the_last_one_says() {
    let running = acme().pages(1, 1).start().unwrap();
    let bot = token("bot");
    let first = get(&running, Some(&bot), "/rest/api/1.0/repos?limit=100").await;
    assert_eq!((first.body["isLastPage"].as_bool(), first.body["nextPageStart"].as_u64()), (Some(false), Some(2)));
    let last = get(&running, Some(&bot), "/rest/api/1.0/repos?limit=100&start=2").await;
    assert_eq!((last.all("/slug"), last.body["nextPageStart"].as_u64()), (vec!["docs"], None));
}

#[tokio::test]
async fn switches_do_what_they_say() {
    let honouring = acme()
        .lists_honour_tokens()
        .repository(Repository::new("INF/owned").grant("Bot.One", Level::Admin))
        .start()
        .unwrap();
    let admin = "/rest/api/1.0/repos?permission=REPO_ADMIN";
    assert_eq!(get(&honouring, Some(&token("bot")), admin).await.all("/slug"), [""; 0]);
    let refusing = acme().refuses_records().start().unwrap();
    let record = "/rest/access-tokens/1.0/users/bot.one/848894838086";
    assert_eq!(get(&refusing, Some(&token("bot")), record).await.status, 401);
    let overlooking = acme().overlooks_bad_credentials().start().unwrap();
    let got = get(&overlooking, Some(&token("bad")), "/rest/api/1.0/repos").await;
    assert_eq!((got.status, got.name(), got.all("/slug")), (200, None, vec!["docs"]));
    let short = acme().short_records().start().unwrap();
    let got = get(&short, Some(&token("bot")), record).await;
    assert_eq!((got.body["name"].as_str(), got.body.get("permissions")), (Some("atlantis"), None));
}

#[tokio::test]
async fn below_a_context_path_nothing_else_answers_and_outside_rest_there_is_a_login() {
    let running = acme().context_path("/bitbucket").start().unwrap();
    assert!(running.api_url().ends_with("/bitbucket/rest"));
    let bot = token("bot");
    assert_eq!(get(&running, Some(&bot), "/rest/api/1.0/application-properties").await.status, 200);
    let login = get(&running, Some(&bot), "/plugins/servlet/applinks/whoami").await;
    assert_eq!((login.status, login.headers["location"].to_str().unwrap()), (302, "/bitbucket/login"));
    let outside = client().get(format!("{}/rest/api/1.0/repos", running.server.url())).send().await.unwrap();
    assert_eq!(outside.status(), 404);
}

#[tokio::test]
async fn changes_are_noticed_and_not_made_and_faults_are_counted_down() {
    let running = acme().fault_on("/rest/api/1.0/repos", 1, Fault::TooManyRequests("7".to_owned())).start().unwrap();
    let url = format!("{}/rest/access-tokens/1.0/users/bot.one", running.url());
    let made = client().put(url).bearer_auth(token("bot")).body("{}").send().await.unwrap();
    assert_eq!(made.status(), 405);
    assert_eq!(running.server.writes().len(), 1);
    let limited = get(&running, Some(&token("bot")), "/rest/api/1.0/repos").await;
    assert_eq!((limited.status, limited.headers["retry-after"].to_str().unwrap()), (429, "7"));
    assert_eq!(get(&running, Some(&token("bot")), "/rest/api/1.0/repos").await.status, 200);
}
