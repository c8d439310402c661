//! Many repositories by one query.

use std::sync::Arc;

use serde_json::{Value as Json, json};

use super::{answer, answered, credential_at, host, index, message, of, raw, token};
use crate::facts::record::{Kept, trim};
use crate::facts::{
    Answer, Cause, Credential, Fact, FactSet, Failure, HttpRequest, Incident, Knowledge, Refusal, RepositoryName,
    Target, Value,
};
use crate::hosts::{Brief, Decoded};
use crate::vocabulary::HostKind;

const TOLD: [&str; 5] = [
    "repository.name",
    "repository.permission",
    "repository.visibility",
    "repository.archived",
    "repository.default_branch",
];

fn names(names: &[&str]) -> Vec<Target> {
    names.iter().map(|name| Target::Repository(RepositoryName::parse(name).unwrap())).collect()
}

/// What is asked about these, and what is read of the outcome; a record keeps enough for the same.
fn read(credential: &Credential, targets: &[Target], result: Result<Answer, Failure>) -> (HttpRequest, Decoded) {
    let row = host().request("repositories").unwrap();
    let facts = TOLD.map(index);
    let so_far = FactSet::new(HostKind::GitHub);
    let brief = Brief {
        row,
        targets: targets.into(),
        credential,
        so_far: Arc::new(so_far.clone()),
        facts: facts.as_slice().into(),
        wanted: crate::facts::Wanted::All,
    };
    let short = result.clone().map(|answer| trim(row, Kept::default(), &answer));
    let (request, decoded) = answered(&so_far, &brief, result);
    let (_, from_record) = answered(&so_far, &brief, short);
    assert_eq!(format!("{decoded:?}"), format!("{from_record:?}"), "a record keeps too little");
    (request, decoded)
}

fn told<'a>(decoded: &'a Decoded, name: &str, path: &str) -> Option<&'a Fact> {
    let owner = name.split('/').next().unwrap();
    let whose = |target: &Target| match target {
        Target::Repository(have) => have.as_str() == name,
        Target::Organization(have) => have == owner,
        Target::Credential => false,
    };
    decoded.facts.iter().find(|(target, at, _)| *at == index(path) && whose(target)).map(|(_, _, fact)| fact)
}

fn node(name: &str, role: &str) -> Json {
    json!({
        "nameWithOwner": name, "viewerPermission": role, "visibility": "PRIVATE", "isArchived": false,
        "owner": {"__typename": "Organization"},
    })
}

fn ok(body: &Json) -> Result<Answer, Failure> {
    Ok(answer(200, &[("X-OAuth-Scopes", "repo"), ("X-GitHub-Request-Id", "AAAA:1")], body))
}

#[test]
fn names_are_variables_and_the_text_depends_on_their_number_alone() {
    let body = |list: &[&str]| -> Json {
        let (request, _) = read(&of("ghp"), &names(list), Err(Failure::NotRecorded));
        assert_eq!(request.label.to_string(), "POST https://api.github.com/graphql");
        serde_json::from_str(&request.body.unwrap()).unwrap()
    };
    let (plain, odd) = (body(&["acme/infra", "acme/live"]), body(&["a.b/n1", "o0/R"]));
    assert_eq!(plain["query"], odd["query"]);
    assert_eq!(plain["variables"], json!({"o0": "acme", "n0": "infra", "o1": "acme", "n1": "live"}));
    assert_eq!(odd["variables"], json!({"o0": "a.b", "n0": "n1", "o1": "o0", "n1": "R"}));
    let query = plain["query"].as_str().unwrap();
    assert!(query.starts_with("query ($o0: String!, $n0: String!, $o1: String!, $n1: String!) {"), "{query}");
    assert!(query.contains("r1: repository(owner: $o1, name: $n1) { ...R } }"), "{query}");
}

#[test]
fn each_repository_is_told_with_its_own_place_as_evidence() {
    let mut second = node("acme/live-eu", "ADMIN");
    second["visibility"] = "INTERNAL".into();
    second["isArchived"] = true.into();
    let body = json!({"data": {"r0": node("acme/infra", "WRITE"), "r1": second}});
    let (_, decoded) = read(&of("ghp"), &names(&["acme/infra", "acme/live"]), ok(&body));
    let word = |name: &str, path: &str| match &told(&decoded, name, path).unwrap().knowledge {
        Knowledge::Known(Value::Word(word)) => *word,
        other => panic!("{other:?}"),
    };
    assert_eq!(word("acme/infra", "repository.permission"), "write");
    assert_eq!(word("acme/live", "repository.permission"), "admin");
    assert_eq!(word("acme/infra", "repository.visibility"), "private");
    assert_eq!(word("acme/live", "repository.visibility"), "internal");
    let fact = told(&decoded, "acme/live", "repository.archived").unwrap();
    assert_eq!(fact.knowledge, Knowledge::Known(Value::Bool(true)));
    assert_eq!(fact.evidence[0].source.to_string(), "field data.r1.isArchived");
    let sso = told(&decoded, "acme/infra", "organization.sso_authorized").unwrap();
    assert_eq!(sso.knowledge, Knowledge::Known(Value::Bool(true)), "something private of it was read");
    let renamed = |incident: &Incident| matches!(incident, Incident::Renamed { to, .. } if to == "acme/live-eu");
    assert_eq!(decoded.incidents.iter().filter(|one| renamed(one)).count(), 1);
}

#[test]
fn an_error_decides_its_own_repository_alone() {
    let body = json!({
        "data": {"r0": node("acme/infra", "WRITE"), "r1": null, "r2": null, "r3": null, "r4": null},
        "errors": [
            {"type": "NOT_FOUND", "path": ["r1"], "message": "Could not resolve to a Repository with the name 'a/b'."},
            {"type": "FORBIDDEN", "path": ["r2"], "extensions": {"saml_failure": true},
             "message": "Resource protected by organization SAML enforcement. You must grant your token access."},
            {"type": "FORBIDDEN", "path": ["r3"],
             "message": "Although you appear to have the correct authorization credentials, the `ip` organization has \
                         an IP allow list enabled, and your IP address is not permitted."},
            {"type": "SOMETHING_NEW", "path": ["r4"], "message": "who knows"},
        ],
    });
    let list = ["acme/infra", "acme/ghost", "saml/x", "ip/y", "acme/odd"];
    let (_, decoded) = read(&of("ghp"), &names(&list), ok(&body));
    let cause = |name: &str| told(&decoded, name, "repository.permission").map(|fact| fact.knowledge.cause());
    assert_eq!(cause("acme/infra"), Some(None));
    for refused in ["acme/ghost", "saml/x", "ip/y"] {
        assert_eq!(cause(refused), Some(Some(Cause::NotPermitted)), "{refused}");
    }
    assert_eq!(cause("acme/odd"), None, "it is asked about by itself");
    let sso = told(&decoded, "saml/x", "organization.sso_authorized").unwrap();
    assert_eq!(sso.knowledge, Knowledge::Known(Value::Bool(false)));
    let said = |wanted: Refusal, whose: &str| {
        decoded.incidents.iter().any(|incident| {
            matches!(incident, Incident::NotAccepted { refusal, by, .. } if *refusal == wanted && by == whose)
        })
    };
    assert!(said(Refusal::SingleSignOn, "saml") && said(Refusal::AddressNotAllowed, "ip"));
    let hidden = |incident: &&Incident| matches!(incident, Incident::NotVisible { .. });
    assert_eq!(decoded.incidents.iter().filter(hidden).count(), 1);
    assert!(decoded.ends.is_none());
}

#[test]
fn what_makes_no_sense_is_left_to_rest() {
    let mut hostile = Vec::new();
    for (field, value) in [
        ("nameWithOwner", json!("../etc")),
        ("nameWithOwner", json!(7)),
        ("visibility", json!("SECRET")),
        ("viewerPermission", json!("OWNER")),
        ("viewerPermission", Json::Null),
    ] {
        let mut one = node("acme/infra", "WRITE");
        one[field] = value;
        hostile.push(json!({"data": {"r0": one}}));
    }
    hostile.extend([
        json!({"data": null, "errors": [{"message": "Field 'visibility' doesn't exist on type 'Repository'"}]}),
        json!({"data": {"r0": null}}),
        json!({"data": {"r0": null}, "errors": {"path": "r0"}}),
        json!({"data": {"r0": [1, 2]}}),
        json!([]),
    ]);
    for body in hostile {
        let (_, decoded) = read(&of("ghp"), &names(&["acme/infra"]), ok(&body));
        assert!(decoded.facts.is_empty() && decoded.incidents.is_empty(), "{body}: {decoded:?}");
    }
    let (_, decoded) = read(&of("ghp"), &names(&["acme/infra"]), Ok(raw(200, &[], "<html>")));
    assert!(decoded.facts.is_empty());
    // Archived is no more than one fact: the others stand.
    let mut odd = node("acme/infra", "WRITE");
    odd["isArchived"] = "yes".into();
    let (_, decoded) = read(&of("ghp"), &names(&["acme/infra"]), ok(&json!({"data": {"r0": odd}})));
    let archived = told(&decoded, "acme/infra", "repository.archived").unwrap();
    assert_eq!(archived.knowledge.cause(), Some(Cause::Malformed));
    assert!(told(&decoded, "acme/infra", "repository.permission").is_some());
}

#[test]
fn a_repository_without_a_default_branch_may_be_empty() {
    let of = |branch: Json| {
        let mut one = node("acme/infra", "WRITE");
        one["defaultBranchRef"] = branch;
        let (_, decoded) = read(&of("ghp"), &names(&["acme/infra"]), ok(&json!({"data": {"r0": one}})));
        told(&decoded, "acme/infra", "repository.default_branch").unwrap().knowledge.clone()
    };
    let Knowledge::Unknown(why) = of(Json::Null) else { panic!() };
    assert_eq!(why.cause, Cause::NotRevealable);
    assert!(why.reason.contains("may be empty"), "{}", why.reason);
    assert_eq!(of(json!({"name": "main"})), Knowledge::Known(Value::String("main".into())));
    for odd in [json!({}), json!({"name": null}), json!([]), json!("main")] {
        assert_eq!(of(odd.clone()).cause(), Some(Cause::Malformed), "{odd}");
    }
}

#[test]
fn queries_refused_as_a_whole_leave_everything_to_rest_unless_that_would_be_refused_too() {
    let targets = names(&["acme/infra", "acme/live"]);
    let open = [
        Ok(answer(403, &[], &message("Resource not accessible by personal access token"))),
        Ok(answer(404, &[], &message("Not Found"))),
        Ok(answer(502, &[], &json!({}))),
        ok(&json!({"errors": [{"type": "RATE_LIMITED", "message": "API rate limit exceeded for user ID 1."}]})),
        Err(Failure::TooLarge(1)),
        Err(Failure::NotRecorded),
    ];
    for result in open {
        let (_, decoded) = read(&of("github_pat"), &targets, result);
        assert!(decoded.facts.is_empty() && decoded.incidents.is_empty() && decoded.ends.is_none());
    }
    let settled = [
        (Ok(answer(401, &[], &message("Bad credentials"))), Cause::NotPermitted),
        (Ok(answer(403, &[("Retry-After", "60")], &message("secondary rate limit"))), Cause::NotReachable),
        (Err(Failure::Connection("refused".into())), Cause::NotReachable),
    ];
    for (result, cause) in settled {
        let (_, decoded) = read(&of("github_pat"), &targets, result);
        for name in ["acme/infra", "acme/live"] {
            for path in TOLD {
                assert_eq!(told(&decoded, name, path).unwrap().knowledge.cause(), Some(cause), "{path}");
            }
        }
    }
}

#[test]
fn an_installation_has_no_role_in_a_query_either() {
    let mut body = node("acme/infra", "");
    body["viewerPermission"] = Json::Null;
    let server = credential_at(&token("ghs"), "https://ghe.acme.example", "https://ghe.acme.example/api/v3");
    let (request, decoded) = read(&server, &names(&["acme/infra"]), ok(&json!({"data": {"r0": body}})));
    assert_eq!(request.label.to_string(), "POST https://ghe.acme.example/api/graphql");
    let role = told(&decoded, "acme/infra", "repository.permission").unwrap();
    assert_eq!(role.knowledge.cause(), Some(Cause::NotRevealable));
    assert!(told(&decoded, "acme/infra", "organization.sso_authorized").is_none(), "it does not apply to Apps");
}
