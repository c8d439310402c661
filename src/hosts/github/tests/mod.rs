//! Recorded shapes with made-up names. Every decoding here is done twice: of the whole answer and of what a record keeps.

mod account;
mod batch;
mod refusals;
mod repository;
mod requests;

use std::sync::Arc;

use serde_json::{Value as Json, json};
use url::Url;

use crate::facts::record::{Kept, trim};
use crate::facts::{
    Answer, AppUse, Attempt, Cause, Credential, Exchange, FactSet, Failure, HttpRequest, Knowledge, RepositoryName,
    SubjectRef, Target, Value,
};
use crate::hosts::github::GitHub;
use crate::hosts::script::trial;
use crate::hosts::{Brief, Decoded, Question, Scripts as _, script};
use crate::vocabulary::{FactIndex, Host, HostKind, NameSet, Origin, Request, Shape, Told, Type};

const REQUEST_ID: (&str, &str) = ("X-GitHub-Request-Id", "AAAA:1B2C:3D4E5F");

fn shape_of(text: &str) -> Shape {
    Shape::of(HostKind::GitHub, text)
}

fn host() -> &'static Host {
    crate::vocabulary::host(HostKind::GitHub)
}

fn index(path: &str) -> FactIndex {
    host().fact(path).unwrap_or_else(|| panic!("{path}"))
}

/// A token of the prefix, assembled so that it looks like none in the source.
fn token(prefix: &str) -> String {
    [prefix, &"x1".repeat(18)].join("_")
}

fn credential_at(token: &str, url: &str, api: &str) -> Credential {
    let Shape { kinds, evidence: kind_evidence, token_id, times } = shape_of(token);
    Credential {
        name: "atlantis".into(),
        host: HostKind::GitHub,
        url: url.into(),
        api: Url::parse(api).unwrap(),
        username: None,
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

fn credential(token: &str) -> Credential {
    credential_at(token, "https://github.com", "https://api.github.com")
}

fn of(prefix: &str) -> Credential {
    credential(&token(prefix))
}

fn actions() -> Credential {
    Credential { kinds: vec![host().credential_kind("actions").unwrap()], ..of("ghs") }
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
        if asks {
            asked.push(FactIndex(u16::try_from(at).unwrap()));
        }
    }
    // While the kind is open, the first request is there to settle it.
    if row.name == "user" && credential.kinds.len() > 1 {
        asked.push(index("token.kind"));
    }
    asked
}

/// Asks what the request is there for and decodes, the whole answer and what a record keeps of it.
fn ask_knowing(so_far: &FactSet, credential: &Credential, row: &str, target: &Target, answer: Answer) -> Decoded {
    let row = host().request(row).unwrap();
    let facts = asked(row, credential);
    let brief = Brief {
        row,
        targets: [target.clone()].into(),
        credential,
        so_far: Arc::new(so_far.clone()),
        facts: facts.as_slice().into(),
        wanted: crate::facts::Wanted::All,
    };
    let decode = |answer: Answer| answered(so_far, &brief, Ok(answer)).1;
    let short = trim(row, Kept::default(), &answer);
    let decoded = decode(answer);
    assert_eq!(format!("{decoded:?}"), format!("{:?}", decode(short)), "a record keeps too little");
    for wanted in &facts {
        assert!(decoded.facts.iter().any(|(_, have, _)| have == wanted), "{} is not settled", host().row(*wanted).path);
    }
    for (_, at, fact) in &decoded.facts {
        assert!(!fact.evidence.is_empty(), "{} has no evidence", host().row(*at).path);
    }
    decoded
}

/// Asks a question that one exchange settles.
fn answered(so_far: &FactSet, brief: &Brief<'_>, result: Result<Answer, Failure>) -> (HttpRequest, Decoded) {
    let mut result = Some(result);
    let (sent, decoded) = trial::run(script(&GitHub, brief.clone()), so_far, |request, _| {
        let result = result.take()?;
        let attempts = vec![Attempt { status: result.as_ref().ok().map(|answer| answer.status) }];
        Some(Exchange { request: Arc::clone(&request.label), result, attempts })
    });
    // Where there is no list of an organisation's webhooks, the account is asked whether it is one.
    let may_go_on = brief.row.listing.is_some() || brief.row.name == "organization_webhooks";
    assert!(sent.len() == 1 || may_go_on, "nothing more is asked");
    (sent[0].0.clone(), decoded)
}

/// The request of a row, as it is sent.
fn sent(row: &'static Request, target: &Target, credential: &Credential) -> HttpRequest {
    let (targets, so_far) = ([target.clone()], FactSet::new(HostKind::GitHub));
    GitHub.unfilled(&Question { row, targets: &targets, credential, kind: None, so_far: &so_far, facts: &[] })
}

/// The next page that is asked for after an answer to a listing.
fn next_page(answer: Answer) -> Option<String> {
    let (row, credential) = (host().request("user_repositories").unwrap(), of("ghp"));
    let so_far = FactSet::new(HostKind::GitHub);
    let targets = [Target::Credential].into();
    let brief = Brief {
        row,
        targets,
        credential: &credential,
        so_far: Arc::new(so_far.clone()),
        facts: [].as_slice().into(),
        wanted: crate::facts::Wanted::All,
    };
    let mut answer = Some(answer);
    let (sent, _) = trial::run(script(&GitHub, brief), &so_far, |request, _| {
        Some(Exchange { request: Arc::clone(&request.label), result: Ok(answer.take()?), attempts: Vec::new() })
    });
    sent.get(1).map(|(request, _)| request.label.url.clone())
}

fn ask(credential: &Credential, row: &str, target: &Target, answer: Answer) -> Decoded {
    ask_knowing(&FactSet::new(HostKind::GitHub), credential, row, target, answer)
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

fn scopes(names: &[&str]) -> Knowledge {
    let Type::Names(table) = host().row(index("token.scopes")).ty else { panic!("a set") };
    Knowledge::Known(Value::Names(NameSet::new(table, names)))
}

fn account() -> Json {
    json!({
        "login": "acme-ci-bot", "id": 90_000_001, "node_id": "U_kgDOBVzabc", "type": "User",
        "user_view_type": "private", "site_admin": false, "name": "Acme CI", "email": null,
        "two_factor_authentication": true, "plan": {"name": "free", "space": 1},
    })
}

fn repository() -> Json {
    json!({
        "id": 700_000_001, "name": "infra", "full_name": "acme/infra", "private": true, "visibility": "private",
        "archived": false, "disabled": false, "fork": false, "default_branch": "main",
        "owner": {"login": "acme", "id": 80_000_001, "type": "Organization", "site_admin": false},
        "permissions": {"admin": false, "maintain": false, "push": true, "triage": true, "pull": true},
    })
}

fn with(mut body: Json, pointer: &str, value: Json) -> Json {
    *body.pointer_mut(pointer).unwrap_or_else(|| panic!("{pointer}")) = value;
    body
}

fn without(mut body: Json, field: &str) -> Json {
    body.as_object_mut().unwrap().remove(field).unwrap();
    body
}

fn message(message: &str) -> Json {
    json!({"message": message, "documentation_url": "https://docs.github.com/rest", "status": "403"})
}

/// Puts what was told into a set, as the loop does.
fn learn(facts: &mut FactSet, decoded: &Decoded) {
    for (target, at, fact) in &decoded.facts {
        let subject = match target {
            Target::Credential => SubjectRef::Credential,
            Target::Repository(name) => SubjectRef::Repository(facts.repository(name)),
            Target::Organization(name) => SubjectRef::Organization(facts.organization(name)),
        };
        facts.subject_mut(subject).unwrap().set(*at, fact.clone());
    }
}
