use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;
use crate::facts::{Named, Origin, ScopeEntry};
use crate::vocabulary::HostKind;
use crate::vocabulary::Place;

fn at() -> Timestamp {
    "2026-11-23T12:00:00Z".parse().unwrap()
}

fn user_row() -> &'static Request {
    vocabulary::host(HostKind::GitHub).request("user").unwrap()
}

fn request(method: &'static str, url: &str, body: Option<&str>) -> HttpRequest {
    let label = Arc::new(RequestLabel { method, url: url.to_owned() });
    HttpRequest {
        label,
        headers: vec![("accept", "application/json".into())],
        body: body.map(str::to_owned),
        once: false,
    }
}

fn answered(request: &HttpRequest, headers: &[(&str, &str)], body: &Value) -> Exchange {
    let headers = headers.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    Exchange {
        request: Arc::clone(&request.label),
        result: Ok(Answer { status: 200, headers, body: body.to_string().into_bytes(), at: at() }),
        attempts: vec![Attempt { status: None }, Attempt { status: Some(503) }, Attempt { status: Some(200) }],
    }
}

fn failed(request: &HttpRequest, failure: Failure) -> Exchange {
    Exchange { request: Arc::clone(&request.label), result: Err(failure), attempts: Vec::new() }
}

fn credential(name: &str, exchanges: Vec<RecordedExchange>) -> RecordedCredential {
    let host = vocabulary::host(HostKind::GitHub);
    let credential = Credential {
        name: name.to_owned(),
        host: HostKind::GitHub,
        url: "https://ghe.acme.dev".into(),
        api: Url::parse("https://ghe.acme.dev/api/v3").unwrap(),
        username: Some("acme-bot".into()),
        kinds: vec![host.credential_kind("classic").unwrap(), host.credential_kind("oauth_app").unwrap()],
        kind_evidence: Some(Place::Recorded("40 hexadecimal digits".into())),
        token_id: None,
        times: Times::default(),
        scope: vec![ScopeEntry::new(HostKind::GitHub, "acme/infra-*", Origin::REPOSITORY_OPTION)],
        excluded: Vec::new(),
        app: AppUse::default(),
        probes: false,
    };
    RecordedCredential { credential, exchanges, withheld: None }
}

fn record(exchanges: Vec<RecordedExchange>) -> Record {
    of(vec![credential("atlantis-prod", exchanges)])
}

fn of(credentials: Vec<RecordedCredential>) -> Record {
    Record { tool: concat!("credcheck ", env!("CARGO_PKG_VERSION")).to_owned(), at: at(), credentials }
}

impl Record {
    /// The record as its writer writes it, with facts that are read over.
    fn write(&self) -> String {
        let redactor = Redactor::new(vocabulary::token_shapes());
        let mut writer = RecordWriter::begin(Vec::new(), self.at, &redactor).unwrap();
        for one in &self.credentials {
            writer.credential(one).unwrap();
        }
        let facts = br#"{"version":1,"credentials":[]}"#;
        String::from_utf8(writer.end(|out| io::Write::write_all(out, facts)).unwrap()).unwrap()
    }
}

/// A written record with one place changed.
fn changed(pointer: &str, value: Value) -> Result<Record, RecordError> {
    let user = request("GET", "https://ghe.acme.dev/api/v3/user", None);
    let exchange = answered(&user, &[("date", "now")], &json!({ "login": "acme-bot" }));
    let text = record(vec![RecordedExchange::new(user_row(), Kept::default(), &user, &exchange)]).write();
    let mut json: Value = serde_json::from_str(&text).unwrap();
    *json.pointer_mut(pointer).unwrap_or_else(|| panic!("{pointer} in {text}")) = value;
    Record::read(json.to_string().as_bytes())
}

#[test]
fn a_record_reads_back_as_it_was_written() {
    let user = request("GET", "https://ghe.acme.dev/api/v3/user", None);
    let query = request("POST", "https://ghe.acme.dev/api/graphql", Some("{\"query\":\"{viewer{login}}\"}"));
    let mut exchanges = vec![
        answered(&user, &[("x-oauth-scopes", "repo"), ("date", "now")], &json!({ "login": "acme-bot" })),
        answered(&user, &[], &Value::Null),
    ];
    exchanges.extend(
        [
            Failure::Connection("a".into()),
            Failure::Tls("b".into()),
            Failure::Timeout("c".into()),
            Failure::TooLarge(7),
            Failure::Unreadable("d".into()),
            Failure::Redirect("e".into()),
            Failure::Budget("f".into()),
            Failure::NotMinted("g".into()),
            Failure::NotRecorded,
        ]
        .map(|failure| failed(&user, failure)),
    );
    let mut recorded: Vec<RecordedExchange> =
        exchanges.iter().map(|exchange| RecordedExchange::new(user_row(), Kept::default(), &user, exchange)).collect();
    recorded.push(RecordedExchange::new(user_row(), Kept::default(), &query, &answered(&query, &[], &json!([]))));
    let record = record(recorded);
    let read = Record::read(record.write().as_bytes()).unwrap();
    assert_eq!(read, record);
    assert_eq!(read.credentials[0].exchanges, record.credentials[0].exchanges);
    assert_eq!(read.credentials[0].credential.kinds.len(), 2);
    assert_eq!(read.write(), record.write());
}

#[test]
fn the_shape_of_version_1_stays() {
    let user = request("GET", "https://ghe.acme.dev/api/v3/user", None);
    let exchange =
        answered(&user, &[("date", "now"), ("set-cookie", "zzz")], &json!({ "login": "acme-bot", "x": "zzz" }));
    let recorded = vec![
        RecordedExchange::new(user_row(), Kept::default(), &user, &exchange),
        RecordedExchange::new(user_row(), Kept::default(), &user, &failed(&user, Failure::TooLarge(9))),
        RecordedExchange::new(user_row(), Kept::default(), &user, &failed(&user, Failure::NotRecorded)),
    ];
    let json: Value = serde_json::from_str(&record(recorded).write()).unwrap();
    let expected = json!({
        "version": 1,
        "tool": concat!("credcheck ", env!("CARGO_PKG_VERSION")),
        "at": "2026-11-23T12:00:00Z",
        "credentials": [{
            "name": "atlantis-prod",
            "host": "github",
            "url": "https://ghe.acme.dev",
            "api": "https://ghe.acme.dev/api/v3",
            "username": "acme-bot",
            "kinds": ["classic", "oauth_app"],
            "kind_evidence": "40 hexadecimal digits",
            "scope": [{ "pattern": "acme/infra-*", "origin": "--repository", "said_by": "option" }],
            "exchanges": [
                {
                    "method": "GET",
                    "url": "https://ghe.acme.dev/api/v3/user",
                    "attempts": [null, 503, 200],
                    "answer": {
                        "status": 200,
                        "at": "2026-11-23T12:00:00Z",
                        "headers": [["date", "now"]],
                        "json": { "login": "acme-bot" }
                    }
                },
                { "method": "GET", "url": "https://ghe.acme.dev/api/v3/user", "attempts": [],
                  "failure": { "kind": "too-large", "detail": 9 } },
                { "method": "GET", "url": "https://ghe.acme.dev/api/v3/user", "attempts": [],
                  "failure": { "kind": "not-recorded" } }
            ]
        }],
        "facts": { "version": 1, "credentials": [] }
    });
    assert_eq!(json, expected);
}

#[test]
fn where_scope_was_said_is_a_word_and_old_texts_are_understood() {
    let read = |entry: Value| {
        let mut json: Value = serde_json::from_str(&record(Vec::new()).write()).unwrap();
        json["credentials"][0]["scope"] = json!([entry]);
        Record::read(json.to_string().as_bytes())
            .map(|mut record| record.credentials.remove(0).credential.scope.remove(0))
    };
    for (origin, said_by) in [
        (Origin::REPOSITORY_OPTION, "option"),
        (Origin::AllowList("ATLANTIS_REPO_ALLOWLIST".into()), "allow-list"),
        (Origin::Variable("RENOVATE_REPOSITORIES".into()), "variable"),
        (Origin::File { file: "/etc/credcheck.toml".into(), span: None }, "file"),
        (Origin::Other("the demo".into()), "other"),
    ] {
        let entry = ScopeEntry::new(HostKind::GitHub, "acme/infra", origin);
        let text = entry.origin.to_string();
        let typed = read(json!({ "pattern": "acme/infra", "origin": text, "said_by": said_by })).unwrap();
        assert_eq!(typed, entry);
        let untyped = read(json!({ "pattern": "acme/infra", "origin": text })).unwrap();
        let known = matches!(entry.origin, Origin::Option(_) | Origin::AllowList(_));
        assert_eq!(untyped.origin, if known { entry.origin } else { Origin::Other(text) });
    }
    // The text alone decides nothing where the word is there.
    let entry = json!({ "pattern": "", "origin": "--repository", "said_by": "variable" });
    let entry = read(entry).unwrap();
    assert_eq!((entry.names, entry.origin), (Named::Nothing, Origin::Variable("--repository".into())));
    assert!(matches!(
        read(json!({ "pattern": "a/b", "origin": "", "said_by": "magic" })),
        Err(RecordError::Shape { .. })
    ));
}

#[test]
fn new_keys_may_join() {
    let mut json: Value = serde_json::from_str(&record(Vec::new()).write()).unwrap();
    json["note"] = json!("from a later build");
    json["credentials"][0]["note"] = json!({});
    assert_eq!(Record::read(json.to_string().as_bytes()).unwrap(), record(Vec::new()));
}

#[test]
fn what_is_no_record_is_refused_with_the_reason() {
    for (pointer, value, text) in [
        ("/version", json!(2), "the record has version 2, and this build reads version 1"),
        ("/at", json!("yesterday"), "the record's own time cannot be read"),
        (
            "/credentials/0/host",
            json!("svn"),
            "the record's credential `atlantis-prod` is of the unknown host kind `svn`",
        ),
        (
            "/credentials/0/kinds",
            json!(["magic"]),
            "the record's credential `atlantis-prod` has the unknown kind `magic`",
        ),
        ("/credentials/0/kinds", json!([]), "the record's credential `atlantis-prod` has no kind"),
        (
            "/credentials/0/api",
            json!("file:///etc/passwd"),
            "the record's credential `atlantis-prod` has an API address that cannot be used",
        ),
        (
            "/credentials/0/api",
            json!("https://a:b@ghe.acme.dev"),
            "the record's credential `atlantis-prod` has an API address that cannot be used",
        ),
        (
            "/credentials/0/exchanges/0/method",
            json!("DELETE"),
            "exchange 1 of the record's credential `atlantis-prod` makes no sense: its method is none of GET, POST and PATCH",
        ),
        (
            "/credentials/0/exchanges/0/answer",
            Value::Null,
            "exchange 1 of the record's credential `atlantis-prod` makes no sense: it needs either an answer or a failure",
        ),
        (
            "/credentials/0/exchanges/0/answer/status",
            json!(7),
            "exchange 1 of the record's credential `atlantis-prod` makes no sense: its status is not one of HTTP",
        ),
        (
            "/credentials/0/exchanges/0/answer/at",
            json!(""),
            "exchange 1 of the record's credential `atlantis-prod` makes no sense: its time cannot be read",
        ),
    ] {
        assert_eq!(changed(pointer, value).unwrap_err().to_string(), text);
    }
    for (pointer, value) in [
        ("/version", json!("1")),
        ("/credentials", json!({})),
        ("/credentials/0/exchanges/0/answer/status", json!(70_000)),
        ("/credentials/0/exchanges/0/answer/headers", json!([["only a name"]])),
    ] {
        assert!(matches!(changed(pointer, value), Err(RecordError::Shape { .. })), "{pointer}");
    }
    let twice = of(vec![credential("a", Vec::new()), credential("a", Vec::new())]);
    let error = Record::read(twice.write().as_bytes()).unwrap_err();
    assert_eq!(error, RecordError::TwoCredentials { name: "a".into() });
}

#[test]
fn hostile_files_are_refused() {
    assert_eq!(Record::read(b"").unwrap_err(), RecordError::NotJson { line: 1, column: 0 });
    assert_eq!(Record::read(b"{\n  x").unwrap_err(), RecordError::NotJson { line: 2, column: 3 });
    assert!(matches!(Record::read(b"[]").unwrap_err(), RecordError::Shape { .. }));
    assert!(matches!(Record::read(b"{}").unwrap_err(), RecordError::Shape { .. }));
    assert!(matches!(Record::read(b"{\"version\":1}").unwrap_err(), RecordError::Shape { .. }));
    let large = vec![0; Record::MAX_BYTES + 1];
    assert_eq!(Record::read(&large).unwrap_err(), RecordError::TooLarge { bytes: Record::MAX_BYTES + 1 });
    // Deep nesting: where a record has a free value, and where it has none.
    let deep = format!("{}{}", "[".repeat(200_000), "]".repeat(200_000));
    let record =
        format!("{{\"version\":1,\"tool\":\"\",\"at\":\"2026-11-23T12:00:00Z\",\"credentials\":[],\"facts\":{deep}}}");
    assert!(matches!(Record::read(record.as_bytes()).unwrap_err(), RecordError::NotJson { .. }));
    assert!(Record::read(deep.as_bytes()).is_err());
}

#[test]
fn debug_shows_no_value_of_an_answer() {
    let user = request("GET", "https://ghe.acme.dev/api/v3/user", None);
    let exchange = answered(&user, &[("x-echo", "zzz-secret")], &json!({ "echo": "zzz-secret" }));
    let shown = format!("{exchange:?}");
    assert!(shown.contains("x-echo") && !shown.contains("zzz") && !shown.contains("122, 122, 122"), "{shown}");
}

fn json_body() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        ".{0,8}".prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 24, 4, |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..4).prop_map(Value::Array),
            proptest::collection::btree_map("login|type|name|block|reason|zzz", inner, 0..4)
                .prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    })
}

proptest! {
    #[test]
    fn what_a_decoder_reads_survives_the_file_and_other_secrets_do_not(
        body in json_body(),
        scopes in "[a-z:, ]{0,12}",
        status in 100_u16..=599,
    ) {
        let user = request("GET", "https://ghe.acme.dev/api/v3/user", None);
        let mut sent = body.clone();
        if let Some(members) = sent.as_object_mut() {
            members.insert("runners_token".into(), "UNLISTED-SECRET".into());
            members.insert("block".into(), json!({ "reason": "r", "note": "UNLISTED-SECRET" }));
        }
        let mut exchange = answered(&user, &[("x-oauth-scopes", &scopes), ("set-cookie", "UNLISTED-SECRET")], &sent);
        if let Ok(answer) = &mut exchange.result {
            answer.status = status;
        }
        let recorded = RecordedExchange::new(user_row(), Kept::default(), &user, &exchange);
        let text = record(vec![recorded]).write();
        prop_assert!(!text.contains("UNLISTED-SECRET"));
        let read = Record::read(text.as_bytes()).unwrap();
        let read = read.credentials[0].exchanges[0].exchange();
        prop_assert_eq!(read.status(), Some(status));
        prop_assert_eq!(&read.attempts, &exchange.attempts);
        let read = read.result.as_ref().unwrap();
        prop_assert_eq!(read.header("x-oauth-scopes"), Some(scopes));
        let left: Value = serde_json::from_slice(&read.body).unwrap();
        for pointer in ["/login", "/type", "/name", "/block/reason"] {
            prop_assert_eq!(left.pointer(pointer), sent.pointer(pointer), "{}", pointer);
        }
    }

    #[test]
    fn any_bytes_are_read_or_refused(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        prop_assert!(Record::read(&bytes).is_err());
    }
}
