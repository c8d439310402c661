//! The client against a loopback server that answers well, badly and with malice.

#[path = "../../../tests/keys/authority.rs"]
mod authority;
mod secure;
mod server;

use std::io::Write as _;
use std::sync::Arc;
use std::time::Duration;

use flate2::Compression;
use flate2::write::GzEncoder;
use jiff::Timestamp;

use self::server::{Reply, Server, reply};
use super::*;
use crate::facts::{Answer, Attempt, Exchange, Failure, HttpRequest, RequestLabel};
use crate::text::redact::{MASK, Redactor};
use crate::text::secret::Secret;
use crate::vocabulary::token_shapes;

const NAMES: LimitHeaders = LimitHeaders { limit: "x-limit", remaining: "x-left", reset: "x-reset" };

fn now() -> Timestamp {
    Timestamp::from_second(1_795_435_200).unwrap()
}

/// Waits are short here; how long each has to be is tested without a clock in `retry`.
fn settings() -> ClientSettings {
    ClientSettings {
        timeout: Duration::from_secs(20),
        ca_certificates: None,
        retries: 2,
        longest_wait: Duration::from_secs(5),
        body_cap: 64 * 1024,
        backoff: Duration::from_millis(1),
    }
}

fn token() -> String {
    ["ghp", &"x1".repeat(18)].join("_")
}

fn account() -> Account {
    Account {
        credential: "atlantis".into(),
        authorization: Authorization::Bearer(Secret::token(&token()).unwrap()),
        limits: Some(NAMES),
    }
}

fn get(url: impl Into<String>) -> HttpRequest {
    let label = Arc::new(RequestLabel { method: "GET", url: url.into() });
    HttpRequest { label, headers: vec![("accept", "application/json".into())], body: None, once: false }
}

async fn sent(server: &Server, settings: &ClientSettings) -> Exchange {
    let client = Client::new(settings, now).unwrap();
    client.send(&get(format!("{}/user", server.url)), &account(), &Budget::new(None, 4)).await
}

fn statuses(exchange: &Exchange) -> Vec<Option<u16>> {
    exchange.attempts.iter().map(|attempt| attempt.status).collect()
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn with_encoding(encoding: &str, body: &[u8]) -> Vec<u8> {
    let head = format!("HTTP/1.1 200 OK\r\ncontent-encoding: {encoding}\r\ncontent-length: {}\r\n\r\n", body.len());
    [head.as_bytes(), body].concat()
}

#[tokio::test]
async fn an_answer_comes_back_whole() {
    let server =
        Server::start(|_, _| reply("200 OK", &["X-Scopes: repo", "X-Scopes: gist"], "{\"login\":\"bot\"}")).await;
    let exchange = sent(&server, &settings()).await;
    let answer = exchange.result.as_ref().unwrap();
    assert_eq!((answer.status, answer.at), (200, now()));
    assert_eq!(answer.header("x-scopes").as_deref(), Some("repo, gist"));
    assert_eq!(answer.body, b"{\"login\":\"bot\"}");
    assert_eq!(exchange.attempts, [Attempt { status: Some(200) }]);
    let requests = server.requests();
    let request = requests[0].to_ascii_lowercase();
    assert!(request.starts_with("get /user http/1.1\r\n"), "{request}");
    for header in [
        format!("authorization: bearer {}", token()),
        concat!("user-agent: credcheck/", env!("CARGO_PKG_VERSION")).to_owned(),
        "accept-encoding: gzip".to_owned(),
        "accept: application/json".to_owned(),
    ] {
        assert!(request.contains(&format!("\r\n{header}\r\n")), "{header} is not in {request}");
    }
    assert!(!request.contains("referer") && !request.contains("cookie"));
}

#[tokio::test]
async fn each_way_to_authorize_sets_its_header_alone() {
    let server = Server::start(|_, _| reply("200 OK", &[], "{}")).await;
    let client = Client::new(&settings(), now).unwrap();
    let secret = || Secret::token("s3cr3t").unwrap();
    for authorization in
        [Authorization::Basic("bot".into(), secret()), Authorization::Header("private-token", secret())]
    {
        let account = Account { authorization, ..account() };
        let query = HttpRequest {
            label: Arc::new(RequestLabel { method: "POST", url: format!("{}/graphql", server.url) }),
            headers: Vec::new(),
            body: Some("{\"query\":\"{viewer{login}}\"}".into()),
            once: false,
        };
        client.send(&query, &account, &Budget::new(None, 1)).await.result.unwrap();
    }
    let requests = server.requests();
    assert!(requests[0].contains("\r\nauthorization: Basic Ym90OnMzY3IzdA==\r\n"), "{}", requests[0]);
    assert!(requests[1].contains("\r\nprivate-token: s3cr3t\r\n"), "{}", requests[1]);
    assert!(!requests[1].contains("authorization:"));
    assert!(requests.iter().all(|request| request.ends_with("\r\n\r\n{\"query\":\"{viewer{login}}\"}")));
    assert!(requests.iter().all(|request| request.contains("\r\ncontent-type: application/json\r\n")));
}

#[tokio::test]
async fn gzip_is_read_and_a_bomb_stops_at_the_cap() {
    let small = with_encoding("gzip", &gzip(b"{\"login\":\"bot\"}"));
    let server = Server::start(move |_, _| Reply::Bytes(small.clone())).await;
    assert_eq!(sent(&server, &settings()).await.result.unwrap().body, b"{\"login\":\"bot\"}");

    // 16 MiB in some 16 KB: below the cap on the wire, far above it when unpacked.
    let bomb = with_encoding("gzip", &gzip(&vec![b' '; 16 * 1024 * 1024]));
    assert!(bomb.len() < settings().body_cap);
    let server = Server::start(move |_, _| Reply::Bytes(bomb.clone())).await;
    let exchange = sent(&server, &settings()).await;
    assert_eq!(exchange.result, Err(Failure::TooLarge(64 * 1024)));
    assert_eq!(statuses(&exchange), [None], "it is not asked for again");
}

#[tokio::test]
async fn broken_or_unasked_encodings_are_unreadable() {
    let mut cut = gzip(&[7; 4_000]);
    cut.truncate(cut.len() / 2);
    for body in
        [with_encoding("gzip", b"this is not gzip"), with_encoding("gzip", &cut), with_encoding("br", b"\x0b\x02")]
    {
        let server = Server::start(move |_, _| Reply::Bytes(body.clone())).await;
        let exchange = sent(&server, &settings()).await;
        assert!(matches!(exchange.result, Err(Failure::Unreadable(_))), "{exchange:?}");
    }
    let server = Server::start(|_, _| Reply::Bytes(with_encoding("identity", b"{}"))).await;
    assert_eq!(sent(&server, &settings()).await.result.unwrap().body, b"{}");
}

#[tokio::test]
async fn endless_and_enormous_bodies_stop_at_the_cap() {
    let chunked = b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n".to_vec();
    let chunk = [b"1000\r\n".as_slice(), &[b'x'; 4_096], b"\r\n"].concat();
    let server = Server::start(move |_, _| Reply::Endless(chunked.clone(), chunk.clone())).await;
    assert_eq!(sent(&server, &settings()).await.result, Err(Failure::TooLarge(64 * 1024)));

    let announced = b"HTTP/1.1 200 OK\r\ncontent-length: 1073741824\r\n\r\n".to_vec();
    let server = Server::start(move |_, _| Reply::Hang(announced.clone())).await;
    let failure = sent(&server, &settings()).await.result.unwrap_err();
    assert_eq!(failure.to_string(), "the answer is larger than 65536 bytes", "and nothing of it was waited for");
}

#[tokio::test]
async fn a_body_of_exactly_the_cap_is_read() {
    for (length, fits) in [(1_024, true), (1_025, false)] {
        let server = Server::start(move |_, _| reply("200 OK", &[], &"x".repeat(length))).await;
        let settings = ClientSettings { body_cap: 1_024, ..settings() };
        assert_eq!(sent(&server, &settings).await.result.is_ok(), fits);
    }
}

#[tokio::test]
async fn slow_servers_are_left() {
    let settings = ClientSettings { timeout: Duration::from_millis(60), ..settings() };
    for bytes in ["", "HTTP/1.1 200 OK\r\nx-slow:", "HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\n12345"] {
        let server = Server::start(move |_, _| Reply::Hang(bytes.into())).await;
        let exchange = sent(&server, &settings).await;
        assert_eq!(exchange.result.as_ref().unwrap_err().to_string(), "no answer within 60 ms", "{bytes}");
        assert_eq!(statuses(&exchange), [None], "waiting again would only double the wait");
    }
}

#[tokio::test]
async fn a_server_that_sends_a_byte_now_and_then_is_left_too() {
    let settings = ClientSettings { timeout: Duration::from_millis(100), ..settings() };
    let head = b"HTTP/1.1 200 OK\r\ncontent-length: 60000\r\n\r\n".to_vec();
    let server = Server::start(move |_, _| Reply::Drip(head.clone(), Duration::from_millis(5))).await;
    let exchange = sent(&server, &settings).await;
    assert!(matches!(exchange.result, Err(Failure::Timeout(_))), "{exchange:?}");
}

#[tokio::test]
async fn a_redirect_within_the_origin_is_followed_with_the_credential() {
    let server = Server::start(|number, _| match number {
        0 => reply("301 Moved Permanently", &["Location: /repositories/7"], ""),
        1 => reply("307 Temporary Redirect", &["Location: other#part"], ""),
        _ => reply("200 OK", &[], "{}"),
    })
    .await;
    let budget = Budget::new(None, 1);
    let client = Client::new(&settings(), now).unwrap();
    let exchange = client.send(&get(format!("{}/user", server.url)), &account(), &budget).await;
    assert_eq!(statuses(&exchange), [Some(301), Some(307), Some(200)]);
    assert_eq!((exchange.status(), budget.sent()), (Some(200), 3));
    let requests = server.requests();
    assert!(requests[1].starts_with("GET /repositories/7 ") && requests[2].starts_with("GET /repositories/other "));
    assert!(requests.iter().all(|request| request.contains(&token())));
}

#[tokio::test]
async fn a_redirect_to_another_origin_never_gets_the_credential() {
    let thief = Server::start(|_, _| reply("200 OK", &[], "{}")).await;
    let target = thief.url.clone();
    for location in [target.clone(), target.replace("http://", "http://user:pass@"), target.replace("http:", "")] {
        let header = format!("Location: {location}/steal");
        let server = Server::start(move |_, _| reply("302 Found", &[&header], "")).await;
        let exchange = sent(&server, &settings()).await;
        let words = exchange.result.as_ref().unwrap_err().to_string();
        assert_eq!(
            words,
            format!("the host redirected (302) to `{target}`; a credential is not sent on to another origin")
        );
        assert_eq!(statuses(&exchange), [Some(302)]);
    }
    assert!(thief.requests().is_empty());
}

#[tokio::test]
async fn a_redirect_loop_ends() {
    let server = Server::start(|_, _| reply("302 Found", &["Location: /user"], "")).await;
    let exchange = sent(&server, &settings()).await;
    let words = exchange.result.unwrap_err().to_string();
    assert_eq!(words, "the host redirected more than 3 times (302)");
    assert_eq!(server.requests().len(), 4);
}

#[tokio::test]
async fn what_may_pass_is_asked_for_again() {
    let server = Server::start(|number, _| match number {
        0 => reply("503 Service Unavailable", &[], ""),
        1 => Reply::Bytes(Vec::new()),
        _ => reply("200 OK", &[], "{}"),
    })
    .await;
    let exchange = sent(&server, &settings()).await;
    assert_eq!(statuses(&exchange), [Some(503), None, Some(200)]);
    assert_eq!(exchange.status(), Some(200));
}

#[tokio::test]
async fn retries_end_with_the_last_answer() {
    let server = Server::start(|_, _| reply("502 Bad Gateway", &[], "")).await;
    let exchange = sent(&server, &settings()).await;
    assert_eq!(statuses(&exchange), [Some(502), Some(502), Some(502)]);
    assert_eq!(exchange.status(), Some(502));

    let server = Server::start(|_, _| Reply::Bytes(b"HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\n123".to_vec())).await;
    let exchange = sent(&server, &settings()).await;
    assert_eq!(statuses(&exchange), [None, None, None]);
    let words = exchange.result.unwrap_err().to_string();
    assert!(words.starts_with("the connection to `127.0.0.1:") && words.ends_with("` was lost"), "{words}");
}

#[tokio::test]
async fn a_401_is_asked_once_and_a_long_wait_is_not_waited_for() {
    for (status, headers) in [
        ("401 Unauthorized", &["Retry-After: 0"] as &'static [&'static str]),
        ("403 Forbidden", &["x-left: 100", "x-limit: 5000"]),
        ("404 Not Found", &[]),
        ("429 Too Many Requests", &["Retry-After: 6"]),
        ("429 Too Many Requests", &["Retry-After: Mon, 23 Nov 2026 13:00:00 GMT"]),
        ("403 Forbidden", &["x-left: 0", "x-limit: 5000", "x-reset: 1795439000"]),
    ] {
        let server = Server::start(move |_, _| reply(status, headers, "{}")).await;
        let exchange = sent(&server, &settings()).await;
        assert_eq!(server.requests().len(), 1, "{status} {headers:?}");
        assert!(status.starts_with(&exchange.status().unwrap().to_string()));
    }
}

#[tokio::test]
async fn after_a_limit_nothing_more_is_sent_for_that_credential() {
    let server = Server::start(|_, _| reply("429 Too Many Requests", &["Retry-After: 600"], "")).await;
    let client = Client::new(&settings(), now).unwrap();
    let budget = Budget::new(None, 4);
    let request = get(format!("{}/user", server.url));
    assert_eq!(client.send(&request, &account(), &budget).await.status(), Some(429));
    let second = client.send(&request, &account(), &budget).await;
    assert!(second.attempts.is_empty());
    assert_eq!(
        second.result.unwrap_err().to_string(),
        "the host asks to send nothing for 10 minutes, which is longer than credcheck waits"
    );
    let other = Account { credential: "renovate".into(), ..account() };
    assert_eq!(client.send(&request, &other, &budget).await.status(), Some(429));
    assert_eq!((server.requests().len(), budget.sent()), (2, 2));
}

#[tokio::test]
async fn the_reserve_of_the_rate_limit_is_kept() {
    let server = Server::start(|number, _| {
        let left = format!("x-left: {}", 12 - 2 * number);
        reply("200 OK", &["x-limit: 100", &left, "x-reset: 1795436000"], "{}")
    })
    .await;
    let client = Client::new(&settings(), now).unwrap();
    let budget = Budget::new(None, 4);
    let request = get(format!("{}/user", server.url));
    for expected in [true, true, false] {
        assert_eq!(client.send(&request, &account(), &budget).await.result.is_ok(), expected);
    }
    assert_eq!(server.requests().len(), 2);
}

#[tokio::test]
async fn the_budget_ends_the_run_and_a_retry_it_forbids_leaves_the_answer() {
    let server = Server::start(|_, _| reply("503 Service Unavailable", &[], "")).await;
    let client = Client::new(&settings(), now).unwrap();
    let budget = Budget::new(Some(2), 4);
    let request = get(format!("{}/user", server.url));
    let first = client.send(&request, &account(), &budget).await;
    assert_eq!((first.status(), statuses(&first)), (Some(503), vec![Some(503), Some(503)]));
    let second = client.send(&request, &account(), &budget).await;
    assert!(second.attempts.is_empty());
    let words = second.result.unwrap_err().to_string();
    assert_eq!(words, "the run's budget of 2 requests is used up (`--max-requests`)");
    assert_eq!((server.requests().len(), budget.sent()), (2, 2));
}

#[tokio::test]
async fn a_host_that_asks_to_wait_again_and_again_is_left_alone() {
    let server = Server::start(|_, _| reply("503 Service Unavailable", &["Retry-After: 1"], "")).await;
    let client = Client::new(&settings(), now).unwrap();
    let budget = Budget::new(None, 4).waiting_at_most(Duration::from_millis(1_500));
    let request = get(format!("{}/user", server.url));
    let first = client.send(&request, &account(), &budget).await;
    assert_eq!(statuses(&first), [Some(503), Some(503)], "one wait, and no second");
    let second = client.send(&request, &account(), &budget).await;
    assert!(second.attempts.is_empty());
    let words = second.result.unwrap_err().to_string();
    assert_eq!(words, "credcheck has waited 1 second for this host, and asks it no more");
}

#[tokio::test]
async fn no_more_than_the_concurrency_are_on_the_way() {
    let late = || match reply("200 OK", &[], "{}") {
        Reply::Bytes(bytes) => Reply::Late(Duration::from_millis(5), bytes),
        other => other,
    };
    let server = Server::start(move |_, _| late()).await;
    let client = Client::new(&settings(), now).unwrap();
    let (account, budget) = (account(), Budget::new(None, 3));
    let requests: Vec<HttpRequest> = (0..12).map(|page| get(format!("{}/r?page={page}", server.url))).collect();
    let all = requests.iter().map(|request| client.send(request, &account, &budget));
    let exchanges = futures_util::future::join_all(all).await;
    assert!(exchanges.iter().all(|exchange| exchange.status() == Some(200)));
    assert_eq!((server.most_open(), budget.sent()), (3, 12));
}

#[tokio::test]
async fn failures_have_words_for_people() {
    let listener = tokio::net::TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let address = listener.local_addr().unwrap();
    drop(listener);
    let client = Client::new(&settings(), now).unwrap();
    let budget = Budget::new(None, 1);
    let exchange = client.send(&get(format!("http://{address}/user")), &account(), &budget).await;
    assert_eq!(exchange.result.as_ref().unwrap_err().to_string(), format!("`{address}` refused the connection"));
    assert_eq!(statuses(&exchange), [None]);

    let server = Server::start(|_, _| Reply::Bytes(b"220 mail.acme.dev ESMTP\r\n".to_vec())).await;
    let words = sent(&server, &settings()).await.result.unwrap_err().to_string();
    assert_eq!(words, "the answer could not be read: it is not HTTP");
    let https = server.url.replace("http://", "https://");
    let exchange = client.send(&get(format!("{https}/user")), &account(), &budget).await;
    let words = exchange.result.unwrap_err().to_string();
    assert!(
        words == format!("`{}` does not speak TLS on this port", https.replace("https://", ""))
            || words.contains("authorities"),
        "{words}"
    );

    for (url, words) in [
        ("https://bot:pass@git.acme.dev/", "the request's address has user information in it"),
        ("ftp://git.acme.dev/", "the request's address is not an HTTP address"),
        ("git.acme.dev", "the request's address is not a URL"),
    ] {
        let exchange = client.send(&get(url), &account(), &budget).await;
        assert_eq!(exchange.result.unwrap_err().to_string(), words);
        assert!(exchange.attempts.is_empty());
    }
}

#[tokio::test]
async fn odd_answers_are_taken_as_they_are() {
    let server = Server::start(|_, _| {
        Reply::Bytes(b"HTTP/1.1 200\r\ncontent-length: 2\r\nx-odd: a\xff\xc2\x9b\tb\r\n\r\n{}".to_vec())
    })
    .await;
    let answer = sent(&server, &settings()).await.result.unwrap();
    assert_eq!(answer.header("x-odd").as_deref(), Some("a\u{fffd}\u{9b}\tb"), "sinks make it harmless");

    for bytes in [
        b"HTTP/1.1 200 OK\r\nx-odd: \x1b[31mred\r\n\r\n".as_slice(),
        b"HTTP/1.1 200 OK\r\nx odd: 1\r\n\r\n",
        b"HTTP/1.1 20 OK\r\n\r\n",
        b"HTTP/1.1 200 OK\r\ncontent-length: -1\r\n\r\n",
        b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n",
    ] {
        let server = Server::start(move |_, _| Reply::Bytes(bytes.to_vec())).await;
        let exchange = sent(&server, &settings()).await;
        assert!(matches!(exchange.result, Err(Failure::Unreadable(_) | Failure::Connection(_))), "{exchange:?}");
    }

    let many = format!("HTTP/1.1 200 OK\r\n{}\r\n", "x-many: 1\r\n".repeat(5_000)).into_bytes();
    let endless = Server::start(move |_, _| Reply::Endless(many.clone(), b"x-more: 1\r\n".to_vec())).await;
    assert!(matches!(sent(&endless, &settings()).await.result, Err(Failure::Unreadable(_))));
}

#[tokio::test]
async fn a_server_that_echoes_the_token_puts_it_into_no_words() {
    let echo = token();
    let header = format!("x-echo: {echo}");
    let body = format!("{{\"message\":\"{echo}\"}}");
    let server = Server::start(move |_, _| reply("418 Teapot", &[&header], &body)).await;
    let exchange = sent(&server, &settings()).await;
    let answer: &Answer = exchange.result.as_ref().unwrap();
    assert_eq!(answer.header("x-echo"), Some(token()), "the exchange itself is kept; what is shown is redacted later");
    assert!(!format!("{exchange:?}").contains("x1x1"));
    assert!(!format!("{:?}", account()).contains("x1x1"));

    let secret = token();
    let echoes: Vec<Vec<u8>> = [
        format!("HTTP/1.1 302 Found\r\nlocation: http://{secret}.evil.example/{secret}\r\n\r\n"),
        format!("HTTP/1.1 302 Found\r\nlocation: http://{secret}@evil.example/\r\n\r\n"),
        format!("HTTP/1.1 302 Found\r\nlocation: http://[{secret}]/\r\n\r\n"),
        format!("{secret}\r\n\r\n"),
        format!("HTTP/1.1 200 OK\r\n{secret}\r\n\r\n"),
        format!("HTTP/1.1 200 OK\r\ncontent-encoding: {secret}\r\ncontent-length: 2\r\n\r\n{{}}"),
        format!("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n{secret}\r\n"),
        format!("HTTP/1.1 200 OK\r\ncontent-length: {secret}\r\n\r\n"),
    ]
    .map(String::into_bytes)
    .into();
    for bytes in echoes {
        let server = Server::start(move |_, _| Reply::Bytes(bytes.clone())).await;
        let exchange = sent(&server, &settings()).await;
        let shown = format!("{} {exchange:?}", exchange.result.as_ref().unwrap_err());
        assert!(!shown.to_lowercase().contains("x1x1"), "{shown}");
    }
}

#[tokio::test]
async fn a_channel_sends_as_its_account() {
    let server = Server::start(|_, _| reply("200 OK", &[], "{}")).await;
    let channel = Channel::Live(Box::new(live()));
    assert_eq!(channel.exchange(&get(format!("{}/user", server.url))).await.status(), Some(200));
    assert!(server.requests()[0].contains(&token()));
}

/// A channel of the account that may send one request.
fn live() -> Live {
    live_with(Redactor::new(token_shapes()))
}

/// The same, with a redactor to look at.
fn live_with(redactor: Redactor) -> Live {
    Live {
        client: Arc::new(Client::new(&settings(), now).unwrap()),
        budget: Arc::new(Budget::new(Some(1), 1)),
        revocations: Arc::new(Budget::new(None, 1)),
        account: account(),
        checker: None,
        minted: Minted::new(redactor),
    }
}

#[tokio::test]
async fn what_was_minted_is_revoked_once_whatever_the_budget_says() {
    let server = Server::start(|_, _| reply("204 No Content", &[], "")).await;
    let redactor = Redactor::new(token_shapes());
    let channel = Channel::Live(Box::new(live_with(redactor.clone())));
    let minted = ["ghs", &"m1".repeat(18)].join("_");
    let label = Arc::new(RequestLabel { method: "DELETE", url: format!("{}/installation/token", server.url) });
    let revocation = HttpRequest { label, headers: Vec::new(), body: None, once: false };
    let kept = channel.minted().unwrap();
    kept.add(Secret::token(&minted).unwrap(), revocation);
    assert_eq!(redactor.redact(&minted), MASK, "it is known before it is used");
    assert_eq!(channel.exchange(&get(format!("{}/user", server.url))).await.status(), Some(204));
    assert!(channel.exchange(&get(format!("{}/user", server.url))).await.result.is_err(), "the budget is spent");
    assert_eq!(channel.revoke().await.len(), 1);
    assert!(channel.revoke().await.is_empty());
    let requests = server.requests();
    assert_eq!(requests.len(), 2);
    assert!(requests[1].starts_with("DELETE /installation/token"), "{}", requests[1]);
    assert!(requests[1].contains(&minted) && !requests[1].contains(&token()));
    assert_eq!(kept.exchanges().len(), 1);
    assert!(!format!("{kept:?}").contains("m1m1"));
}

#[tokio::test]
async fn nobody_is_asked_in_place_of_a_checker_that_is_not_there() {
    let server = Server::start(|_, _| reply("200 OK", &[], "{}")).await;
    let channel = Channel::Live(Box::new(live()));
    let exchange = channel.exchange_by(&get(format!("{}/orgs/acme", server.url)), &By::Checker).await;
    assert!(matches!(exchange.result, Err(Failure::NotMinted(_))), "{:?}", exchange.result);
    assert!(server.requests().is_empty());
}
