//! The simulated Gitea and Forgejo, asked every recorded question.

use std::collections::{BTreeMap, BTreeSet};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use credcheck::simulator::gitea::Gitea;
use credcheck::simulator::{Answer, Handler as _, Request};
use serde_json::Value;

use super::files::{Exchange, Recorded, SERVERS, read};
use super::world::{BASE, is_of_second, text_of, world};

/// Fields of recorded answers that nothing of credcheck reads, wherever they stand.
const UNREAD: [&str; 12] = [
    "allow_merge_update",
    "commit",
    "created",
    "email",
    "groups",
    "last_used_at",
    "metadata",
    "mirror",
    "mirror_last_sync_at",
    "picture",
    "pronouns",
    "updated_at",
];

/// Headers that are compared. Those of the second instance were not all kept.
const HEADERS: [&str; 7] =
    ["content-type", "location", "link", "x-total-count", "www-authenticate", "x-gitea-warning", "warning"];

/// Why a question is not asked.
fn not_modelled(exchange: &Exchange, recorded: &Value) -> Option<&'static str> {
    let path = exchange.path.split('?').next().unwrap();
    if path == "/login/oauth/introspect" {
        return Some("introspection wants the secret of an OAuth application");
    }
    if path.ends_with("/actions/secrets") || path.ends_with("/wiki/pages") {
        return Some("secrets of actions and pages of a wiki");
    }
    if path == "/api/v1/admin/cron" && recorded["status"] == 200 {
        return Some("the scheduled tasks of a real server");
    }
    if path == "/api/v1/user/repos" && exchange.credential.as_deref() == Some("job") {
        return Some("the repositories of the account that jobs act as");
    }
    if recorded["body"]["message"].as_str().is_some_and(|text| text.starts_with("Diese Forgejo-Instanz")) {
        return Some("asked in German, which was not recorded");
    }
    let is_json = recorded["headers"]["content-type"].as_str().is_some_and(|kind| kind.contains("json"));
    if is_json && recorded["body"].as_str().is_some_and(|text| !text.is_empty()) {
        return Some("cut when it was recorded");
    }
    None
}

/// A recorded question as the simulated server gets it.
fn request(exchange: &Exchange, recorded: &Recorded) -> Request {
    let token = |name: &str| text_of(recorded, name);
    let basic = |login: &str, secret: &str| format!("Basic {}", STANDARD.encode(format!("{login}:{secret}")));
    let authorization = match (exchange.note.as_deref(), exchange.credential.as_deref()) {
        (Some("token as user name with x-oauth-basic"), _) => Some(basic(&token("bot"), "x-oauth-basic")),
        (Some("token as user name, empty password"), _) => Some(basic(&token("bot"), "")),
        (Some("empty bearer"), _) => Some("Bearer ".to_owned()),
        (Some("Token with capital"), _) => Some(format!("Token {}", token("bot"))),
        (Some("bearer in lower case"), _) => Some(format!("bearer {}", token("bot"))),
        (_, None) => None,
        (_, Some("read-user, other name in Basic")) => Some(basic("somebody", &token("read-user"))),
        (_, Some("read-user as name, password x-oauth-basic")) => Some(basic(&token("read-user"), "x-oauth-basic")),
        (_, Some(name)) => Some(match exchange.sent.as_str() {
            "basic" => {
                let login = recorded.credentials.get(name).and_then(|one| one["login"].as_str()).unwrap_or("planbot");
                basic(login, &token(name))
            }
            "token" => format!("token {}", token(name)),
            _ => format!("Bearer {}", token(name)),
        }),
    };
    let path = exchange.path.replace("<token:bot>", &token("bot"));
    let (path, query) = path.split_once('?').unwrap_or((&path, ""));
    let language = exchange.accept_language.clone();
    let headers = [("authorization", authorization), ("accept-language", language)];
    Request {
        method: exchange.method.clone(),
        path: path.to_owned(),
        query: url::form_urlencoded::parse(query.as_bytes()).into_owned().collect(),
        headers: headers.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?))).collect(),
        body: match &exchange.request_body {
            None => Vec::new(),
            Some(Value::String(text)) => text.clone().into_bytes(),
            Some(body) => body.to_string().into_bytes(),
        },
        origin: "http://127.0.0.1:1".to_owned(),
    }
}

/// How an answer differs from the recorded one.
fn differences(exchange: &Exchange, recorded: &Recorded, answer: &Answer) -> Vec<String> {
    let wanted = &recorded.answers[exchange.answer];
    let mut found = Vec::new();
    if wanted["status"] != answer.status {
        found.push(format!("status {}, not {}", answer.status, wanted["status"]));
    }
    let header = |name: &str| {
        let header = answer.headers.iter().find(|(one, _)| one.eq_ignore_ascii_case(name));
        header.map(|(_, value)| value.as_str())
    };
    for name in HEADERS {
        let value = wanted["headers"][name].as_str();
        let kept = !is_of_second(exchange) || value.is_some();
        if kept && header(name) != value {
            found.push(format!("{name} {:?}, not {value:?}", header(name)));
        }
    }
    let text = String::from_utf8_lossy(&answer.body);
    match &wanted["body"] {
        // HEAD: the library sends no body.
        _ if exchange.method == "HEAD" => {}
        Value::String(wanted) if header("content-type").is_some_and(|kind| kind.contains("x-git")) => {
            // The service's frame and the flush behind it; then comes a commit.
            let frame = wanted.split("0000").next();
            if frame != text.split("0000").next() {
                found.push(format!("{text:?}, not {wanted:?}"));
            }
        }
        Value::String(wanted) if wanted.starts_with("<!DOCTYPE") => {
            let head = |text: &str| text.lines().take(2).map(str::to_owned).collect::<Vec<_>>();
            if head(wanted) != head(&text) {
                found.push(format!("{text:?}, not {wanted:?}"));
            }
        }
        Value::String(wanted) => {
            if text != wanted.as_str() {
                found.push(format!("{text:?}, not {wanted:?}"));
            }
        }
        wanted => match serde_json::from_slice::<Value>(&answer.body) {
            Ok(body) => {
                let mut wanted = wanted.clone();
                if is_of_second(exchange) {
                    forget_ends(&mut wanted);
                }
                compare(&exchange.path, "", &wanted, &body, recorded, &mut found);
            }
            Err(_) => found.push(format!("{text:?}, not {wanted}")),
        },
    }
    found
}

/// The ends of tokens are known of the first instance only.
fn forget_ends(value: &mut Value) {
    for entry in value.as_array_mut().into_iter().flatten() {
        entry.as_object_mut().and_then(|entry| entry.remove("token_last_eight"));
    }
}

/// How a value differs from the recorded one, field by field.
fn compare(path: &str, at: &str, wanted: &Value, body: &Value, recorded: &Recorded, found: &mut Vec<String>) {
    let last = at.rsplit('/').next().unwrap();
    let of_tokens = path.contains("/token");
    match (wanted, body) {
        _ if UNREAD.contains(&last) => {}
        _ if last == "created_at" && !of_tokens => {}
        (Value::Object(wanted), Value::Object(body)) => {
            // The rights of owners have units that nothing else has.
            let owners = wanted.get("name").is_some_and(|name| name == "Owners");
            for (name, value) in wanted {
                let of_chat = last == "config" && !["url", "content_type"].contains(&name.as_str());
                if of_chat || owners && ["units", "units_map"].contains(&name.as_str()) {
                    continue;
                }
                match body.get(name) {
                    Some(body) => compare(path, &format!("{at}/{name}"), value, body, recorded, found),
                    // What protects a branch has more to it than is read.
                    None if path.ends_with("/branch_protections") || UNREAD.contains(&name.as_str()) => {}
                    None => found.push(format!("{at}/{name} is missing")),
                }
            }
            let told = ["errors", "url", "created_at", "last_used_at", "repositories", "name"];
            let whole = of_tokens || path.contains("/hooks") || wanted.contains_key("message");
            for name in told.iter().filter(|name| whole && body.contains_key(**name) && !wanted.contains_key(**name)) {
                found.push(format!("{at}/{name} is there"));
            }
        }
        (Value::Array(wanted), Value::Array(body)) if ["events", "units", "scopes"].contains(&last) => {
            let set = |values: &[Value]| values.iter().map(Value::to_string).collect::<BTreeSet<_>>();
            if set(wanted) != set(body) {
                found.push(format!("{at} {body:?}, not {wanted:?}"));
            }
        }
        (Value::Array(wanted), Value::Array(body)) => {
            if wanted.len() != body.len() {
                found.push(format!("{at} has {}, not {}", body.len(), wanted.len()));
            }
            for (number, (wanted, body)) in wanted.iter().zip(body).enumerate() {
                compare(path, &format!("{at}/{number}"), wanted, body, recorded, found);
            }
        }
        (Value::String(wanted), Value::String(body)) if last == "archived_at" => {
            if wanted.starts_with("1970") != body.starts_with("1970") {
                found.push(format!("{at} {body:?}, not {wanted:?}"));
            }
        }
        (Value::String(wanted), Value::String(body)) => {
            let name = wanted.split_once("<token:").and_then(|(_, rest)| rest.split_once('>')).map(|(name, _)| name);
            let wanted = match name {
                Some(name) => wanted.replace(&format!("<token:{name}>"), &text_of(recorded, name)),
                None => wanted.clone(),
            };
            if wanted != *body {
                found.push(format!("{at} {body:?}, not {wanted:?}"));
            }
        }
        (wanted, body) => {
            if wanted != body {
                found.push(format!("{at} {body}, not {wanted}"));
            }
        }
    }
}

/// How many questions were asked of each server, and how many the simulated one is not asked.
const ASKED: [(&str, usize, usize); 5] = [
    ("gitea-1.22.6", 1232, 12),
    ("gitea-1.24.7", 1241, 12),
    ("gitea-1.27.0", 1188, 12),
    ("forgejo-11.0.15", 1232, 12),
    ("forgejo-15.0.3", 1345, 20),
];

/// Why, and how many of all.
const LEFT: [(&str, usize); 6] = [
    ("asked in German, which was not recorded", 1),
    ("cut when it was recorded", 7),
    ("introspection wants the secret of an OAuth application", 35),
    ("secrets of actions and pages of a wiki", 10),
    ("the repositories of the account that jobs act as", 5),
    ("the scheduled tasks of a real server", 10),
];

/// The simulated servers answer as the real ones did: status, headers, message, and each field that is read.
#[test]
fn every_recorded_question_is_answered_as_the_real_server_did() {
    let mut table = Vec::new();
    let mut wrong: Vec<String> = Vec::new();
    let mut left: BTreeMap<&str, usize> = BTreeMap::new();
    for server in SERVERS {
        let recorded = read(server);
        let mut worlds: BTreeMap<(bool, Option<String>), Gitea> = BTreeMap::new();
        let mut not_asked = 0;
        for exchange in &recorded.exchanges {
            if let Some(reason) = not_modelled(exchange, &recorded.answers[exchange.answer]) {
                *left.entry(reason).or_default() += 1;
                not_asked += 1;
                continue;
            }
            let key = (is_of_second(exchange), exchange.variant.clone());
            let gitea = worlds.entry(key).or_insert_with_key(|(second, variant)| {
                Gitea::new(world(server, &recorded, *second, variant.as_deref()).root_url(BASE))
            });
            let answer = gitea.answer(&request(exchange, &recorded));
            let found = differences(exchange, &recorded, &answer);
            if !found.is_empty() {
                let Exchange { credential, sent, method, path, .. } = exchange;
                wrong.push(format!("{server} {credential:?} {sent} {method} {path}: {}", found.join("; ")));
            }
        }
        // What was recorded changed nothing, and nothing does here.
        assert!(worlds.values().all(|gitea| gitea.changes().is_empty()), "{server}");
        table.push((server, recorded.exchanges.len(), not_asked));
    }
    assert!(wrong.is_empty(), "{} differ:\n{}", wrong.len(), wrong[..wrong.len().min(60)].join("\n"));
    assert_eq!(table, ASKED);
    assert_eq!(left.into_iter().collect::<Vec<_>>(), LEFT);
}
