//! Answers in the shapes that recorded ones have, and in shapes that none should have. Every decoding is done twice: of the
//! whole answers and of what a record keeps.

use std::sync::Arc;

use serde_json::{Value as Json, json};
use url::Url;

use super::BitbucketServer;
use super::tables::host;
use crate::facts::record::{Kept, trim};
use crate::facts::{
    Answer, Attempt, Bounds, Cause, Credential, Exchange, Fact, FactSet, Knowledge, RepositoryName, Target, Value,
};
use crate::hosts::script::trial;
use crate::hosts::{Brief, Decoded, script};
use crate::vocabulary::{FactIndex, HostKind, Origin, Told};

fn index(path: &str) -> FactIndex {
    host().fact(path).unwrap_or_else(|| panic!("{path}"))
}

fn credential(kinds: &[&str], token_id: Option<&str>) -> Credential {
    Credential {
        name: "atlantis".into(),
        host: HostKind::BitbucketServer,
        url: "https://git.acme.dev/bitbucket".into(),
        api: Url::parse("https://git.acme.dev/bitbucket/rest").unwrap(),
        username: None,
        kinds: kinds.iter().map(|word| host().credential_kind(word).unwrap()).collect(),
        kind_evidence: None,
        token_id: token_id.map(str::to_owned),
        times: crate::vocabulary::Times::default(),
        scope: Vec::new(),
        excluded: Vec::new(),
        app: crate::facts::AppUse::default(),
        probes: false,
    }
}

const TOKENS: &[&str] = &["personal", "project", "repository"];

fn infra() -> Target {
    Target::Repository(RepositoryName::parse("INF/terraform").unwrap())
}

fn raw(status: u16, name: Option<&str>, body: impl Into<Vec<u8>>) -> Answer {
    let headers = name.map(|name| ("x-ausername".to_owned(), name.to_owned())).into_iter().collect();
    Answer { status, headers, body: body.into(), at: "2026-11-23T12:00:00Z".parse().unwrap() }
}

fn answer(body: &Json) -> Answer {
    raw(200, Some("atlantis-bot"), body.to_string())
}

fn error(status: u16, name: Option<&str>) -> Answer {
    let body = json!({"errors": [{"context": null, "message": "No.", "exceptionName": "com.atlassian.bitbucket.No"}]});
    raw(status, name, body.to_string())
}

fn page(values: &Json) -> Answer {
    answer(
        &json!({"size": values.as_array().map_or(0, Vec::len), "limit": 25, "isLastPage": true, "start": 0, "values": values}),
    )
}

/// The facts that this request is there for.
fn asked(row: &str) -> Vec<FactIndex> {
    let told = |origin: &Origin| match origin {
        Origin::Asked(reveals) => {
            reveals.iter().any(|one| matches!(one.by, Told::Request { request, .. } if request == row))
        }
        Origin::Derived(_) => false,
    };
    (0_u16..).zip(host().facts).filter(|(_, fact)| told(&fact.origin)).map(|(at, _)| FactIndex(at)).collect()
}

/// Asks with these answers to come, until nothing more is asked. Gives the paths asked for and what was told.
fn ask(credential: &Credential, row: &str, target: &Target, answers: &[Answer]) -> (Vec<String>, Decoded) {
    let row = host().request(row).unwrap();
    let mut so_far = FactSet::new(HostKind::BitbucketServer);
    if row.name != "caller" {
        let name = Fact { knowledge: Knowledge::Known(Value::String("atlantis-bot".into())), evidence: Vec::new() };
        so_far.credential.set(index("user.username"), name);
    }
    let facts = asked(row.name);
    let run = |shown: &dyn Fn(&Answer) -> Answer| {
        let brief = Brief {
            row,
            targets: [target.clone()].into(),
            credential,
            so_far: Arc::new(so_far.clone()),
            facts: facts.as_slice().into(),
            wanted: crate::facts::Wanted::All,
        };
        let mut answers = answers.iter();
        trial::run(script(&BitbucketServer, brief), &so_far, |request, _| {
            let answer = shown(answers.next()?);
            Some(Exchange {
                request: Arc::clone(&request.label),
                attempts: vec![Attempt { status: Some(answer.status) }],
                result: Ok(answer),
            })
        })
    };
    let (sent, decoded) = run(&Answer::clone);
    let (_, from_record) = run(&|answer| trim(row, Kept::default(), answer));
    let path = |url: &str| url.strip_prefix("https://git.acme.dev/bitbucket/rest").unwrap().to_owned();
    let paths = sent.iter().map(|(request, _)| path(&request.label.url)).collect();
    assert_eq!(format!("{decoded:?}"), format!("{from_record:?}"), "a record keeps too little");
    for wanted in facts.iter().filter(|_| row.batch.is_none()) {
        assert!(decoded.facts.iter().any(|(_, have, _)| have == wanted), "{} is not settled", host().row(*wanted).path);
    }
    for (_, at, fact) in &decoded.facts {
        assert!(!fact.evidence.is_empty(), "{} has no evidence", host().row(*at).path);
    }
    (paths, decoded)
}

fn told<'a>(decoded: &'a Decoded, path: &str) -> &'a Knowledge {
    let found = decoded.facts.iter().rev().find(|(_, at, _)| *at == index(path));
    &found.unwrap_or_else(|| panic!("nothing is told of {path}")).2.knowledge
}

fn word(word: &'static str) -> Knowledge {
    Knowledge::Known(Value::Word(word))
}

fn properties() -> Json {
    json!({"version": "7.11.2", "buildNumber": "7011002", "buildDate": "1614", "displayName": "Bitbucket"})
}

#[test]
fn the_first_answer_tells_kind_name_and_version() {
    let first = |kinds: &[&str], name: &str| {
        ask(&credential(kinds, None), "caller", &Target::Credential, &[raw(200, Some(name), properties().to_string())])
            .1
    };
    let person = first(TOKENS, "atlantis-bot");
    assert_eq!(told(&person, "token.kind"), &word("personal"));
    assert_eq!(told(&person, "host.version").value().unwrap().to_string(), "7.11.2");
    assert_eq!(told(&first(TOKENS, "access-token-user%2F2%2F11754"), "token.kind"), &word("repository"));
    let other = first(TOKENS, "access-token-user%2F1%2F12");
    let Knowledge::Bounded(Bounds::Candidates(words), _) = told(&other, "token.kind") else { panic!("{other:?}") };
    assert_eq!(words, &["project", "repository"]);
    let open = first(&["personal", "project", "repository", "oauth"], "atlantis-bot");
    let Knowledge::Bounded(Bounds::Candidates(words), _) = told(&open, "token.kind") else { panic!("{open:?}") };
    assert_eq!(words, &["personal", "oauth"]);
    let strange = first(&["project", "repository"], "maria");
    assert_eq!(told(&strange, "token.kind").cause(), Some(Cause::Malformed));
    let old = answer(&json!({"version": 7}));
    let (_, old) = ask(&credential(TOKENS, None), "caller", &Target::Credential, &[old]);
    assert_eq!(told(&old, "host.version").cause(), Some(Cause::Malformed));
    assert_eq!(told(&old, "token.active"), &Knowledge::Known(Value::Bool(true)));
}

#[test]
fn a_refused_credential_ends_everything_and_a_proxy_decides_nothing() {
    let first =
        |answer: Answer| ask(&credential(TOKENS, None), "caller", &Target::Credential, std::slice::from_ref(&answer)).1;
    for refused in [error(401, None), raw(200, None, properties().to_string())] {
        let decoded = first(refused);
        assert_eq!(told(&decoded, "token.active"), &Knowledge::Known(Value::Bool(false)));
        assert_eq!(told(&decoded, "user.username").cause(), Some(Cause::NotPermitted));
        assert!(decoded.ends.is_some() && decoded.incidents.len() == 1);
    }
    let page = "<html>Sign in</html>";
    let decoded = first(raw(401, None, page));
    assert_eq!(told(&decoded, "token.active").cause(), Some(Cause::NotPermitted));
    assert!(decoded.ends.is_some());
    for proxied in [raw(200, None, page), raw(302, None, ""), raw(502, None, page), raw(404, None, page)] {
        let decoded = first(proxied);
        assert_eq!(told(&decoded, "token.active").cause(), Some(Cause::NotReachable), "{decoded:?}");
        assert_eq!(decoded.incidents, []);
    }
    // Known to Bitbucket, and still refused: the credential is good.
    let decoded = first(error(401, Some("atlantis-bot")));
    assert_eq!(told(&decoded, "token.active"), &Knowledge::Known(Value::Bool(true)));
}

#[test]
fn what_bitbucket_itself_sends_and_is_no_json_is_malformed() {
    let twice = r#"{"slug": "terraform", "slug": "other", "project": {"key": "INF"}}"#;
    let cause = |answer: Answer| {
        let (_, decoded) = ask(&credential(TOKENS, None), "repository", &infra(), &[answer]);
        told(&decoded, "repository.name").cause()
    };
    assert_eq!(cause(raw(200, Some("atlantis-bot"), twice)), Some(Cause::Malformed));
    assert_eq!(cause(raw(200, Some("atlantis-bot"), "{\"slug\": ")), Some(Cause::Malformed));
    assert_eq!(cause(raw(200, None, twice)), Some(Cause::NotReachable));
    assert_eq!(cause(raw(200, None, "<html>Sign in</html>")), Some(Cause::NotReachable));
}

fn record() -> Json {
    json!({
        "id": "848894838086", "createdDate": 1_767_225_600_000_i64, "lastAuthenticated": 1_795_392_000_000_i64,
        "expiryDate": 1_798_761_600_000_i64, "name": "atlantis", "permissions": ["PROJECT_READ", "REPO_WRITE"],
        "user": {"name": "atlantis-bot", "slug": "atlantis-bot", "type": "NORMAL"},
    })
}

fn with(mut body: Json, field: &str, value: Json) -> Json {
    body.as_object_mut().unwrap().insert(field.to_owned(), value);
    body
}

fn without(mut body: Json, field: &str) -> Json {
    body.as_object_mut().unwrap().remove(field).unwrap();
    body
}

fn read(body: Json) -> Decoded {
    let own = credential(TOKENS, Some("848894838086"));
    ask(&own, "token_record", &Target::Credential, &[answer(&body), error(404, Some("b")), error(404, Some("b"))]).1
}

fn levels(decoded: &Decoded) -> String {
    told(decoded, "token.permissions").value().map_or_else(String::new, ToString::to_string)
}

#[test]
fn a_record_tells_name_levels_and_times() {
    let decoded = read(record());
    assert_eq!(told(&decoded, "token.name"), &Knowledge::Known(Value::String("atlantis".into())));
    assert_eq!(told(&decoded, "token.expires_at").value().unwrap().to_string(), "2027-01-01T00:00:00Z");
    assert_eq!(told(&decoded, "token.created_at").value().unwrap().to_string(), "2026-01-01T00:00:00Z");
    assert_eq!(levels(&decoded), "project=read, repository=write");
    assert_eq!(told(&read(without(record(), "expiryDate")), "token.expires_at"), &Knowledge::Absent);
    let short = read(without(without(record(), "expiryDate"), "permissions"));
    assert_eq!(told(&short, "token.expires_at").cause(), Some(Cause::NotRevealable), "silence of a short record");
    assert_eq!(told(&short, "token.permissions").cause(), Some(Cause::NotRevealable));
    let unused = read(without(record(), "lastAuthenticated"));
    assert_eq!(told(&unused, "token.last_used_at").cause(), Some(Cause::NotRevealable));
}

#[test]
fn levels_are_those_listed_and_those_that_follow() {
    for (listed, expected) in [
        (json!(["REPO_READ"]), "repository=read"),
        (json!(["PROJECT_ADMIN"]), "project=admin, repository=admin"),
        (json!(["REPO_READ", "REPO_ADMIN", "PROJECT_READ"]), "project=read, repository=admin"),
        (json!([]), "none"),
    ] {
        assert_eq!(levels(&read(with(record(), "permissions", listed.clone()))), expected, "{listed}");
    }
    let strange = read(with(record(), "permissions", json!(["REPO_READ", "REPO_FLY"])));
    let Knowledge::Bounded(Bounds::Permissions { granted, .. }, why) = told(&strange, "token.permissions") else {
        panic!("{strange:?}")
    };
    assert_eq!((granted.len(), why.cause), (1, Cause::Malformed));
    assert_eq!(strange.incidents.len(), 1);
}

#[test]
fn a_record_that_makes_no_sense_is_malformed() {
    for (field, value, path) in [
        ("expiryDate", json!("soon"), "token.expires_at"),
        ("expiryDate", json!(i64::MAX), "token.expires_at"),
        ("expiryDate", json!(1.5), "token.expires_at"),
        ("createdDate", json!([]), "token.created_at"),
        ("permissions", json!("REPO_READ"), "token.permissions"),
        ("permissions", json!([1]), "token.permissions"),
        ("name", json!(7), "token.name"),
    ] {
        assert_eq!(told(&read(with(record(), field, value)), path).cause(), Some(Cause::Malformed), "{field}");
    }
    // Another token's record is nobody's here.
    let other = read(with(record(), "id", json!("1")));
    assert!(matches!(told(&other, "token.permissions"), Knowledge::Unknown(_)));
}

#[test]
fn the_record_is_looked_for_in_the_order_of_what_is_likely() {
    let own = credential(TOKENS, Some("848894838086"));
    let users = page(&json!([{"name": "atlantis-bot-2", "slug": "x"}, {"name": "atlantis-bot", "slug": "bot-7"}]));
    let answers = [error(404, Some("b")), users, error(404, Some("b")), page(&json!([{"id": "5"}, record()]))];
    let (paths, decoded) = ask(&own, "token_record", &Target::Credential, &answers);
    assert_eq!(
        paths,
        [
            "/access-tokens/1.0/users/atlantis-bot/848894838086",
            "/api/1.0/users?filter=atlantis-bot&limit=100",
            "/access-tokens/1.0/users/bot-7/848894838086",
            "/access-tokens/1.0/users/bot-7?limit=100",
        ]
    );
    assert_eq!(levels(&decoded), "project=read, repository=write");
    // The only token there is; and one of two is none.
    let unnumbered = credential(TOKENS, None);
    let (_, decoded) = ask(&unnumbered, "token_record", &Target::Credential, &[page(&json!([record()]))]);
    assert_eq!(levels(&decoded), "project=read, repository=write");
    let two = page(&json!([record(), with(record(), "id", json!("5"))]));
    let (_, decoded) = ask(&unnumbered, "token_record", &Target::Credential, &[two]);
    assert_eq!(told(&decoded, "token.name").cause(), Some(Cause::NotRevealable));
}

#[test]
fn hits_are_exact_whatever_the_filter_lets_through() {
    let one = |key: &str, slug: &str| json!({"slug": slug, "project": {"key": key}});
    let others = page(&json!([one("OPS", "terraform"), one("INF", "terraform-old")]));
    let answers = [others, page(&json!([one("inf", "Terraform")]))];
    let (paths, decoded) = ask(&credential(TOKENS, None), "repository_permission", &infra(), &answers);
    assert_eq!(paths.len(), 2);
    assert_eq!(told(&decoded, "repository.permission"), &word("write"));
}

#[test]
fn an_item_that_cannot_be_read_may_be_the_one_that_is_looked_for() {
    for strange in [
        json!(7),
        json!({}),
        json!({"slug": null, "project": {"key": "INF"}}),
        json!({"slug": "terraform", "project": {"key": 1}}),
        json!({"slug": "terraform"}),
    ] {
        let here = json!({"slug": "terraform", "project": {"key": "INF"}});
        let answers = [page(&json!([strange])), page(&json!([here])), page(&json!([here]))];
        let (_, decoded) = ask(&credential(TOKENS, None), "repository_permission", &infra(), &answers);
        assert_eq!(told(&decoded, "repository.permission").cause(), Some(Cause::Malformed), "{strange}");
    }
}

#[test]
fn no_level_is_said_only_of_what_is_there() {
    let none = page(&json!([]));
    let level = |last: Answer| {
        let answers = [none.clone(), none.clone(), none.clone(), last];
        ask(&credential(TOKENS, None), "repository_permission", &infra(), &answers).1
    };
    let named = |name: &str| answer(&json!({"slug": "terraform", "name": name, "project": {"key": "INF"}}));
    assert_eq!(told(&level(named("Terraform")), "repository.permission"), &Knowledge::Absent);
    assert_eq!(told(&level(error(401, Some("b"))), "repository.permission"), &Knowledge::Absent);
    assert_eq!(told(&level(error(404, Some("b"))), "repository.permission").cause(), Some(Cause::NotPermitted));
    let (paths, _) = ask(
        &credential(TOKENS, None),
        "repository_permission",
        &infra(),
        &[none.clone(), none.clone(), none.clone(), named("My Terraform")],
    );
    assert!(paths.last().unwrap().contains("permission=REPO_ADMIN&projectkey=INF&name=My%20Terraform"), "{paths:?}");
}

#[test]
fn pages_that_make_no_sense_end_the_question() {
    for body in [
        json!({"isLastPage": false, "nextPageStart": 0, "values": []}),
        json!({"isLastPage": false, "nextPageStart": null, "values": []}),
        json!({"isLastPage": false, "values": []}),
        json!({"isLastPage": true, "values": {}}),
        json!([]),
        json!(null),
    ] {
        let answers = [answer(&body)];
        let (paths, decoded) = ask(&credential(TOKENS, None), "repository_permission", &infra(), &answers);
        assert_eq!(paths.len(), 1, "{body}");
        assert_eq!(told(&decoded, "repository.permission").cause(), Some(Cause::Malformed), "{body}");
    }
    // A missing flag is no matter where the next page is told; both kinds of end are ends.
    for body in
        [json!({"values": [], "nextPageStart": 7}), json!({"values": [], "isLastPage": false, "nextPageStart": 7})]
    {
        let (paths, _) = ask(&credential(TOKENS, None), "repository_permission", &infra(), &[answer(&body)]);
        assert!(paths[1].ends_with("&start=7"), "{paths:?}");
    }
}

#[test]
fn a_webhooks_record_has_no_secret_in_it() {
    let secret = ["whs", &"Zq7".repeat(9)].join("-");
    let hook = json!({
        "id": 2, "name": "Atlantis", "url": "https://u:p@atlantis.acme.example/events?key=x", "active": true,
        "events": ["pr:opened"], "configuration": {"createdBy": "bitbucket", "secret": secret},
        "credentials": {"username": "u", "password": secret}, "scopeType": "repository", "sslVerificationRequired": true,
    });
    let answers = [page(&json!([hook, {"id": 3}, {"configuration": {"secret": ""}}]))];
    let (_, decoded) = ask(&credential(TOKENS, None), "repository_hooks", &infra(), &answers);
    assert!(!format!("{decoded:?}").contains(&secret));
    let Some(Value::Records(records)) = told(&decoded, "repository.webhooks").value() else { panic!("{decoded:?}") };
    assert_eq!(records[0]["secret_set"], Knowledge::Known(Value::Bool(true)));
    assert_eq!(records[0]["url"].value().unwrap().to_string(), "https://***@atlantis.acme.example/events?***");
    assert_eq!(records[0]["insecure_ssl"], Knowledge::Known(Value::Bool(false)));
    assert_eq!(records[1]["secret_set"].cause(), Some(Cause::NotRevealable));
    assert_eq!(records[1]["insecure_ssl"].cause(), Some(Cause::NotRevealable));
    assert_eq!(records[1]["url"].cause(), Some(Cause::Malformed));
    assert_eq!(records[2]["secret_set"].cause(), Some(Cause::NotRevealable));
    let recorded = trim(host().request("repository_hooks").unwrap(), Kept::default(), &answers[0]);
    assert!(!String::from_utf8_lossy(&recorded.body).contains(&secret));
}

#[test]
fn a_repository_of_a_public_project_is_public() {
    let seen = |public: Json, project: Json| {
        let body = json!({
            "slug": "terraform", "public": public, "archived": false, "project": {"key": "INF", "public": project},
        });
        let (_, decoded) = ask(&credential(TOKENS, None), "repository", &infra(), &[answer(&body)]);
        told(&decoded, "repository.visibility").clone()
    };
    assert_eq!(seen(json!(false), json!(false)), word("private"));
    assert_eq!(seen(json!(false), json!(null)).cause(), Some(Cause::Malformed));
    assert_eq!(seen(json!(false), json!(true)), word("public"));
    assert_eq!(seen(json!(true), json!(false)), word("public"));
    assert_eq!(seen(json!("no"), json!(false)).cause(), Some(Cause::Malformed));
}
