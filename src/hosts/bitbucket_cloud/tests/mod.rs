//! Recorded shapes with made-up names. Every decoding here is done twice: of the whole answer and of what a record keeps.
//!
//! Tests named `finding` are of recorded answers of live servers, those named `trap` of what is easily read wrong.

mod credential;
mod refusals;
mod repository;

use std::sync::Arc;

use serde_json::{Value as Json, json};
use url::Url;

use super::BitbucketCloud;
use crate::facts::record::{Kept, trim};
use crate::facts::{
    Answer, AppUse, Attempt, Cause, Credential, Exchange, FactSet, Incident, Knowledge, RepositoryName, Target, Value,
};
use crate::hosts::script::trial;
use crate::hosts::{Brief, Decoded, script};
use crate::vocabulary::Place;
use crate::vocabulary::{FactIndex, Host, HostKind, NameSet, Origin, Request, Shape, Told, Type};

const API: &str = "https://api.bitbucket.org/2.0";
const API_TOKEN: &[(&str, &str)] = &[
    ("X-Credential-Type", "api_token"),
    ("X-OAuth-Scopes", "read:pullrequest:bitbucket, read:repository:bitbucket, read:user:bitbucket"),
];

fn shape_of(text: &str) -> Shape {
    Shape::of(HostKind::BitbucketCloud, text)
}

fn host() -> &'static Host {
    crate::vocabulary::host(HostKind::BitbucketCloud)
}

fn index(path: &str) -> FactIndex {
    host().fact(path).unwrap_or_else(|| panic!("{path}"))
}

/// A secret that begins so, assembled so that it looks like none in the source.
fn secret(prefix: &str) -> String {
    [prefix, &"x1".repeat(18)].concat()
}

fn of(prefix: &str) -> Credential {
    let Shape { kinds, evidence: kind_evidence, token_id, times } = shape_of(&secret(prefix));
    Credential {
        name: "atlantis".into(),
        host: HostKind::BitbucketCloud,
        url: "https://bitbucket.org".into(),
        api: Url::parse(API).unwrap(),
        username: Some("bot@acme.example".into()),
        kinds,
        kind_evidence,
        token_id,
        times,
        scope: Vec::new(),
        excluded: Vec::new(),
        app: AppUse::default(),
        probes: false,
    }
}

fn api_token() -> Credential {
    of("ATATT3")
}

fn access_token() -> Credential {
    of("ATCTT3")
}

/// A credential whose kind the settings tell.
fn declared(kind: &str) -> Credential {
    Credential { kinds: vec![host().credential_kind(kind).unwrap()], kind_evidence: Some(Place::Settings), ..of("") }
}

fn infra() -> Target {
    Target::Repository(RepositoryName::parse("acme/infra").unwrap())
}

fn acme() -> Target {
    Target::Organization("acme".into())
}

fn answer(status: u16, headers: &[(&str, &str)], body: &Json) -> Answer {
    raw(status, headers, body.to_string())
}

fn raw(status: u16, headers: &[(&str, &str)], body: impl Into<Vec<u8>>) -> Answer {
    Answer {
        status,
        headers: headers.iter().map(|(name, value)| (name.to_lowercase(), (*value).to_owned())).collect(),
        body: body.into(),
        at: "2026-11-23T12:00:00Z".parse().unwrap(),
    }
}

/// The facts that this request is there for, for the credential's kinds.
fn asked(row: &Request, credential: &Credential) -> Vec<FactIndex> {
    let mut asked = Vec::new();
    for (at, fact) in host().facts.iter().enumerate() {
        let Origin::Asked(reveals) = &fact.origin else { continue };
        let asks = reveals.iter().any(|reveal| {
            matches!(reveal.by, Told::Request { request, .. } if request == row.name)
                && credential.kinds.iter().any(|kind| reveal.kinds.contains(&kind.word))
        });
        // What is known before anything is asked is not asked for.
        if asks && (fact.path != "token.kind" || credential.kinds.len() > 1) {
            asked.push(FactIndex(u16::try_from(at).unwrap()));
        }
    }
    asked
}

/// A conversation: asks, answers every request by `answers`, and decodes; whole, and of what a record keeps. Gives what was
/// decoded and the addresses that were asked, without the API's base.
fn converse(
    credential: &Credential,
    row: &str,
    target: &Target,
    answers: impl Fn(&str) -> Answer,
) -> (Decoded, Vec<String>) {
    let row = host().request(row).unwrap();
    let (facts, so_far) = (asked(row, credential), FactSet::new(HostKind::BitbucketCloud));
    let run = |answers: &mut dyn FnMut(&str) -> Answer| {
        let brief = Brief {
            row,
            targets: [target.clone()].into(),
            credential,
            so_far: Arc::new(so_far.clone()),
            facts: facts.as_slice().into(),
            wanted: crate::facts::Wanted::All,
        };
        trial::run(script(&BitbucketCloud, brief), &so_far, |request, _| {
            let answer = answers(request.label.url.strip_prefix(API).unwrap());
            let attempts = vec![Attempt { status: Some(answer.status) }];
            Some(Exchange { request: Arc::clone(&request.label), result: Ok(answer), attempts })
        })
    };
    let mut given = Vec::new();
    let (sent, decoded) = run(&mut |path| {
        given.push(answers(path));
        given.last().unwrap().clone()
    });
    let mut recorded = given.iter().map(|answer| trim(row, Kept::default(), answer));
    let (_, again) = run(&mut |_| recorded.next().unwrap());
    let urls = sent.iter().map(|(request, _)| request.label.url.strip_prefix(API).unwrap().to_owned()).collect();
    assert_eq!(format!("{decoded:?}"), format!("{again:?}"), "a record keeps too little");
    for wanted in &facts {
        assert!(decoded.facts.iter().any(|(_, have, _)| have == wanted), "{} is not settled", host().row(*wanted).path);
    }
    for (_, at, fact) in &decoded.facts {
        assert!(!fact.evidence.is_empty(), "{} has no evidence", host().row(*at).path);
    }
    (decoded, urls)
}

fn ask(credential: &Credential, row: &str, target: &Target, answer: &Answer) -> Decoded {
    converse(credential, row, target, |_| answer.clone()).0
}

fn ask_user(credential: &Credential, answer: &Answer) -> Decoded {
    ask(credential, "user", &Target::Credential, answer)
}

/// What was told of a fact, its last word.
fn told<'a>(decoded: &'a Decoded, path: &str) -> &'a Knowledge {
    let found = decoded.facts.iter().rev().find(|(_, at, _)| *at == index(path));
    &found.unwrap_or_else(|| panic!("nothing is told of {path}")).2.knowledge
}

fn is_told(decoded: &Decoded, path: &str) -> bool {
    decoded.facts.iter().any(|(_, at, _)| *at == index(path))
}

fn sources(decoded: &Decoded, path: &str) -> Vec<String> {
    let found = decoded.facts.iter().rev().find(|(_, at, _)| *at == index(path)).unwrap();
    found.2.evidence.iter().map(|evidence| evidence.source.to_string()).collect()
}

fn notes(decoded: &Decoded) -> Vec<&str> {
    let note = |incident: &'_ Incident| matches!(incident, Incident::Note { .. });
    decoded
        .incidents
        .iter()
        .filter(|incident| note(incident))
        .map(|incident| match incident {
            Incident::Note { text, .. } => text.as_str(),
            _ => "",
        })
        .collect()
}

fn word(word: &'static str) -> Knowledge {
    Knowledge::Known(Value::Word(word))
}

fn text(text: &str) -> Knowledge {
    Knowledge::Known(Value::String(text.into()))
}

fn known(value: bool) -> Knowledge {
    Knowledge::Known(Value::Bool(value))
}

fn cause(decoded: &Decoded, path: &str) -> Option<Cause> {
    told(decoded, path).cause()
}

fn set(names: &[&str]) -> NameSet {
    let Type::Names(table) = host().row(index("token.scopes")).ty else { panic!("a set") };
    NameSet::new(table, names)
}

fn scopes(names: &[&str]) -> Knowledge {
    Knowledge::Known(Value::Names(set(names)))
}

/// What `/user` answers an API token with.
fn account() -> Json {
    json!({
        "type": "user", "display_name": "Acme Atlantis", "nickname": "acme-atlantis", "username": "acme-login",
        "uuid": "{0b5e6c1e-1111-4222-8333-944455556666}", "account_id": "557058:11112222-3333-4444-5555-666677778888",
        "account_status": "active", "created_on": "2025-02-03T09:10:11.120000+00:00", "has_2fa_enabled": null,
        "links": {"self": {"href": "https://api.bitbucket.org/2.0/users/%7B0b5e6c1e%7D"}},
    })
}

fn error(message: &str) -> Json {
    json!({"type": "error", "error": {"message": message}})
}

fn lacking(granted: &[&str], required: &[&str]) -> Json {
    json!({"type": "error", "error": {
        "message": "Your credentials lack one or more required privilege scopes.",
        "detail": {"granted": granted, "required": required},
    }})
}
