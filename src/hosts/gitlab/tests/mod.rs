//! Recorded shapes with made-up names. Every decoding here is done twice: of the whole answer and of what a record keeps.

mod account;
mod project;
mod wild;

use std::sync::Arc;

use serde_json::{Value as Json, json};
use url::Url;

use super::GitLab;
use crate::facts::record::{Kept, trim};
use crate::facts::{
    Answer, Attempt, Bounds, Cause, Credential, Exchange, Fact, FactSet, HttpRequest, Incident, Knowledge,
    RepositoryName, Target, Value,
};
use crate::hosts::script::trial;
use crate::hosts::{As, Brief, Decoded, Question, Scripts as _, script};
use crate::text::secret::Secret;
use crate::transport::Authorization;
use crate::vocabulary::{FactIndex, Host, HostKind, NameSet, Shape, Type};

fn shape_of(text: &str) -> Shape {
    Shape::of(HostKind::GitLab, text)
}

fn host() -> &'static Host {
    crate::vocabulary::host(HostKind::GitLab)
}

fn index(path: &str) -> FactIndex {
    host().fact(path).unwrap_or_else(|| panic!("{path}"))
}

/// A token of the prefix, assembled so that it looks like none in the source.
fn token(prefix: &str) -> String {
    [prefix, &"x1Y2".repeat(5)].join("-")
}

fn credential(token: &str) -> Credential {
    let Shape { kinds, evidence: kind_evidence, token_id, times } = shape_of(token);
    Credential {
        name: "bot".into(),
        host: HostKind::GitLab,
        url: "https://git.acme.dev/lab".into(),
        api: Url::parse("https://git.acme.dev/lab/api/v4").unwrap(),
        username: None,
        kinds,
        kind_evidence,
        token_id,
        times,
        scope: Vec::new(),
        excluded: Vec::new(),
        app: crate::facts::AppUse::default(),
        probes: false,
    }
}

fn pat() -> Credential {
    credential(&token("glpat"))
}

fn infra() -> Target {
    Target::Repository(RepositoryName::parse("acme/platform/infra").unwrap())
}

fn answer(status: u16, body: &Json) -> Answer {
    answer_with(status, &[], body)
}

fn answer_with(status: u16, headers: &[(&str, &str)], body: &Json) -> Answer {
    Answer {
        status,
        headers: headers.iter().map(|(name, value)| (name.to_lowercase(), (*value).to_owned())).collect(),
        body: body.to_string().into_bytes(),
        at: "2026-11-23T12:00:00Z".parse().unwrap(),
    }
}

/// Asks a row about a target for facts, with these answers one after the other, as the loop does.
fn ask_knowing(
    so_far: &FactSet,
    credential: &Credential,
    row: &str,
    target: &Target,
    wanted: &[&str],
    answers: Vec<Answer>,
) -> (Vec<String>, Decoded) {
    let row = host().request(row).unwrap();
    let facts: Vec<FactIndex> = wanted.iter().map(|path| index(path)).collect();
    let brief = Brief {
        row,
        targets: [target.clone()].into(),
        credential,
        so_far: Arc::new(so_far.clone()),
        facts: facts.as_slice().into(),
        wanted: crate::facts::Wanted::All,
    };
    let run = |shown: &dyn Fn(&Answer) -> Answer| {
        let mut left = answers.iter();
        let (sent, decoded) = trial::run(script(&GitLab, brief.clone()), so_far, |request, _| {
            let answer = shown(left.next()?);
            let attempts = vec![Attempt { status: Some(answer.status) }];
            Some(Exchange { request: Arc::clone(&request.label), result: Ok(answer), attempts })
        });
        assert!(left.next().is_none(), "nothing more is asked");
        (sent, decoded)
    };
    let (sent, decoded) = run(&Answer::clone);
    let (_, from_record) = run(&|answer| trim(row, Kept::default(), answer));
    assert_eq!(format!("{decoded:?}"), format!("{from_record:?}"), "a record keeps too little");
    let asked = sent.iter().take(answers.len());
    let urls = asked.map(|(request, _)| format!("{} {}", request.label.method, request.label.url)).collect();
    for (_, at, fact) in &decoded.facts {
        assert!(!fact.evidence.is_empty(), "{} has no evidence", host().row(*at).path);
    }
    (urls, decoded)
}

fn ask(credential: &Credential, row: &str, target: &Target, wanted: &[&str], answers: Vec<Answer>) -> Decoded {
    ask_knowing(&FactSet::new(HostKind::GitLab), credential, row, target, wanted, answers).1
}

/// What is known of the credential from these decoded answers.
fn facts(decoded: &Decoded) -> FactSet {
    let mut facts = FactSet::new(HostKind::GitLab);
    for (target, at, fact) in &decoded.facts {
        if *target == Target::Credential {
            facts.set(target, *at, fact.clone());
        }
    }
    facts
}

#[track_caller]
fn found<'a>(decoded: &'a Decoded, path: &str) -> &'a Fact {
    let found = decoded.facts.iter().rev().find(|(_, at, _)| *at == index(path));
    &found.unwrap_or_else(|| panic!("nothing told of {path}")).2
}

#[track_caller]
fn known(decoded: &Decoded, path: &str) -> Value {
    let fact = found(decoded, path);
    fact.knowledge.value().unwrap_or_else(|| panic!("{path}: {:?}", fact.knowledge)).clone()
}

#[track_caller]
fn word(decoded: &Decoded, path: &str) -> &'static str {
    match known(decoded, path) {
        Value::Word(word) => word,
        other => panic!("{path}: {other:?}"),
    }
}

#[track_caller]
fn cause(decoded: &Decoded, path: &str) -> Cause {
    let knowledge = &found(decoded, path).knowledge;
    knowledge.cause().unwrap_or_else(|| panic!("{path}: {knowledge:?}"))
}

#[track_caller]
fn least(decoded: &Decoded, path: &str) -> &'static str {
    match &found(decoded, path).knowledge {
        Knowledge::Bounded(Bounds::Level { least: Some(least), most: None }, _) => least,
        other => panic!("{path}: {other:?}"),
    }
}

fn scopes(names: &[&str]) -> Value {
    let Type::Names(table) = host().row(index("token.scopes")).ty else { panic!("names") };
    Value::Names(NameSet::new(table, names))
}

/// What a token says of itself.
fn described(change: impl Fn(&mut Json)) -> Answer {
    let mut body = json!({
        "id": 9041, "name": "planbot", "revoked": false, "created_at": "2026-06-02T08:11:09.120Z", "description": null,
        "scopes": ["api"], "user_id": 5512, "last_used_at": "2026-11-23T06:40:00.000Z",
        "last_used_ips": ["198.51.100.7"], "active": true, "expires_at": "2027-06-01",
    });
    change(&mut body);
    answer(200, &body)
}

const TOKEN: &[&str] = &["token.kind", "token.scopes", "token.expires_at", "token.name", "user.id", "token.active"];

fn token_self(credential: &Credential, answers: Vec<Answer>) -> Decoded {
    ask(credential, "token_self", &Target::Credential, TOKEN, answers)
}

fn bare() -> Answer {
    answer(401, &json!({"message": "401 Unauthorized"}))
}

fn refusals(decoded: &Decoded) -> Vec<&str> {
    let reasons = decoded.incidents.iter().filter_map(|incident| match incident {
        Incident::Refused { reason, .. } => Some(reason.as_str()),
        _ => None,
    });
    reasons.collect()
}

#[test]
fn the_kind_s_row_chooses_the_header() {
    let header =
        |prefix: &str| match crate::collecting::authorization(&credential(&token(prefix)), Secret::token("x").unwrap())
        {
            Authorization::Bearer(_) => "bearer",
            Authorization::Header(name, _) => name,
            Authorization::Token(_) => "token",
            Authorization::Basic(..) => "basic",
            Authorization::Signed(_) => "signed",
        };
    assert_eq!(header("glpat"), "bearer");
    assert_eq!(header("anything"), "bearer");
    assert_eq!(header("glcbt"), "job-token");
    assert_eq!(header("acme-glcbt"), "job-token");
    assert_eq!(header("gldt"), "deploy-token");
}

#[test]
fn the_text_is_a_hint_and_prefixes_can_be_anything() {
    let words = |text: &str| shape_of(text).kinds.iter().map(|kind| kind.word).collect::<Vec<_>>();
    let personal = ["personal", "fine_grained", "project", "group", "service_account"];
    assert_eq!(words(&token("glpat")), personal);
    assert_eq!(words(&token("acme-prod-glpat")), personal);
    assert_eq!(words(&token("gldt")), ["deploy"]);
    assert_eq!(words(&"0f".repeat(32)), ["oauth"]);
    assert!(shape_of(&"0f".repeat(32)).evidence.is_some());
    let open = ["personal", "fine_grained", "project", "group", "service_account", "oauth", "job"];
    assert_eq!(words(&token("acmepat")), open);
    assert_eq!(words(&"0F".repeat(32)), open);
    assert_eq!(words(""), open);
}

#[test]
fn urls_keep_a_relative_root_and_encode_every_slash() {
    let credential = pat();
    let mut so_far = FactSet::new(HostKind::GitLab);
    let id = Fact { knowledge: Knowledge::Known(Value::Integer(5512)), evidence: Vec::new() };
    so_far.set(&Target::Credential, index("user.id"), id);
    let url = |row: &str, target: Target| {
        let row = host().request(row).unwrap();
        let targets = [target];
        let question =
            Question { row, targets: &targets, credential: &credential, kind: None, so_far: &so_far, facts: &[] };
        GitLab.unfilled(&question)
    };
    let label = |row, target| url(row, target).label.url.clone();
    assert_eq!(label("token_self", Target::Credential), "https://git.acme.dev/lab/api/v4/personal_access_tokens/self");
    assert_eq!(label("oauth_token_info", Target::Credential), "https://git.acme.dev/lab/oauth/token/info");
    assert_eq!(
        label("project_member", infra()),
        "https://git.acme.dev/lab/api/v4/projects/acme%2Fplatform%2Finfra/members/all/5512"
    );
    assert_eq!(
        label("group_member", Target::Organization("acme/platform".into())),
        "https://git.acme.dev/lab/api/v4/groups/acme%2Fplatform/members/all/5512"
    );
    let query = url("many_projects", infra());
    assert_eq!((query.label.method, query.label.url.as_str()), ("POST", "https://git.acme.dev/lab/api/graphql"));
    let body: Json = serde_json::from_str(&query.body.unwrap()).unwrap();
    assert_eq!(body["variables"]["paths"], json!(["acme/platform/infra"]));
    assert!(body["query"].as_str().unwrap().starts_with("query("));
}
