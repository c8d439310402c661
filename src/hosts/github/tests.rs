//! Recorded shapes with made-up names. Every decoding here is done twice: of the whole answer and of what a record keeps.

use std::sync::Arc;

use jiff::Timestamp;
use serde_json::{Value as Json, json};
use url::Url;

use super::{GitHub, kinds_of};
use crate::facts::{
    Answer, Attempt, Bounds, Cause, Credential, Exchange, Fact, FactSet, Failure, Incident, Knowledge, PermissionMap,
    Refusal, RepositoryName, RequestLabel, SubjectRef, Target, Unknown, Value, base_facts, derive,
};
use crate::hosts::{Collector as _, Decoded, Question, RateLimit};
use crate::vocabulary::{FactIndex, Host, HostKind, NameSet, Origin, Request, Told, Type};

const REQUEST_ID: (&str, &str) = ("X-GitHub-Request-Id", "AAAA:1B2C:3D4E5F");

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
    let (kinds, kind_evidence) = kinds_of(token);
    Credential {
        name: "atlantis".into(),
        host: HostKind::GitHub,
        url: url.into(),
        api: Url::parse(api).unwrap(),
        username: None,
        kinds,
        kind_evidence,
        scope: Vec::new(),
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
    asked
}

/// What a record keeps of a body: the row's pointers, and the shape around them.
fn kept(value: &Json, paths: &[Vec<&str>]) -> Option<Json> {
    if paths.iter().any(Vec::is_empty) {
        return Some(value.clone());
    }
    let below = |key: &str| -> Vec<Vec<&str>> {
        paths.iter().filter(|path| path[0] == key).map(|path| path[1..].to_vec()).collect()
    };
    match value {
        Json::Object(fields) => Some(Json::Object(
            fields.iter().filter_map(|(key, child)| Some((key.clone(), kept(child, &below(key))?))).collect(),
        )),
        Json::Array(items) => {
            let paths = below("*");
            (!paths.is_empty()).then(|| items.iter().map(|item| kept(item, &paths).unwrap_or(Json::Null)).collect())
        }
        _ => None,
    }
}

fn trimmed(row: &Request, answer: &Answer) -> Answer {
    let paths: Vec<Vec<&str>> = row.fields.iter().map(|field| field.split('/').skip(1).collect()).collect();
    let body = match serde_json::from_slice::<Json>(&answer.body) {
        Ok(body) => kept(&body, &paths).unwrap_or(Json::Null).to_string().into_bytes(),
        Err(_) => Vec::new(),
    };
    let headers = answer.headers.iter().filter(|(name, _)| row.headers.contains(&name.as_str())).cloned().collect();
    Answer { headers, body, ..answer.clone() }
}

/// Asks what the request is there for and decodes, the whole answer and what a record keeps of it.
fn ask_knowing(so_far: &FactSet, credential: &Credential, row: &str, target: &Target, answer: Answer) -> Decoded {
    let row = host().request(row).unwrap();
    let facts = asked(row, credential);
    let question = Question { row, target, credential, kind: None, so_far, facts: &facts };
    let request = GitHub.request(row, target, credential).label;
    let decode = |answer: Answer| {
        let attempts = vec![Attempt { status: Some(answer.status) }];
        GitHub.decode(&question, &Exchange { request: Arc::clone(&request), result: Ok(answer), attempts })
    };
    let short = trimmed(row, &answer);
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
    found.2.evidence.iter().map(|evidence| evidence.source.clone()).collect()
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

#[test]
fn one_answer_tells_everything_of_a_classic_token_and_its_user() {
    let decoded = ask(
        &of("ghp"),
        "user",
        &Target::Credential,
        answer(
            200,
            &[
                ("X-OAuth-Scopes", "read:user, repo"),
                ("GitHub-Authentication-Token-Expiration", "2027-01-15 09:30:00 UTC"),
                REQUEST_ID,
            ],
            &account(),
        ),
    );
    let expiry: Timestamp = "2027-01-15T09:30:00Z".parse().unwrap();
    for (path, expected) in [
        ("token.kind", word("classic")),
        ("token.scopes", scopes(&["read:user", "repo"])),
        ("token.expires_at", Knowledge::Known(Value::Time(expiry))),
        ("token.active", known(true)),
        ("user.username", text("acme-ci-bot")),
        ("user.name", text("Acme CI")),
        ("user.email", Knowledge::Absent),
        ("user.kind", word("user")),
        ("user.is_bot", known(false)),
        ("user.two_factor", known(true)),
        ("user.site_admin", known(false)),
        ("host.version", Knowledge::Absent),
    ] {
        assert_eq!(told(&decoded, path), &expected, "{path}");
    }
    assert_eq!(sources(&decoded, "token.scopes"), ["header X-OAuth-Scopes"]);
    assert_eq!(sources(&decoded, "token.kind"), ["prefix ghp_ of the token"]);
    assert!(matches!(told(&decoded, "token.oauth_client"), Knowledge::Inapplicable(_)));
    assert!(decoded.incidents.is_empty() && decoded.ends.is_none());
    let evidence = &decoded.facts[0].2.evidence[0];
    assert_eq!(evidence.request.as_ref().unwrap().to_string(), "GET https://api.github.com/user");
    assert_eq!(evidence.status, Some(200));
}

#[test]
fn trap_01_the_role_is_the_users_and_not_the_tokens_power() {
    let token = of("ghp");
    let admin = json!({"admin": true, "maintain": true, "push": true, "triage": true, "pull": true});
    let mut facts = FactSet::new(HostKind::GitHub);
    let headers = [("X-OAuth-Scopes", "repo_deployment"), REQUEST_ID];
    learn(&mut facts, &ask(&token, "user", &Target::Credential, answer(200, &headers, &account())));
    let body = with(repository(), "/permissions", admin);
    learn(&mut facts, &ask(&token, "repository", &infra(), answer(200, &headers, &body)));
    derive(&mut facts, "2026-11-23T12:00:00Z".parse().unwrap());
    let from = SubjectRef::Repository(0);
    assert_eq!(facts.fact(index("repository.permission"), from).unwrap().knowledge, word("admin"));
    let can = facts.fact(index("repository.can"), from).unwrap();
    assert!(matches!(&can.knowledge, Knowledge::Known(Value::Names(names)) if names.is_empty()), "{can:?}");
    assert!(can.evidence.iter().any(|evidence| evidence.source == "header X-OAuth-Scopes"));
    assert!(can.evidence.iter().any(|evidence| evidence.source == "field permissions"));
    let reads = base_facts(HostKind::GitHub, index("repository.can"));
    let settled = reads.iter().filter(|at| facts.fact(**at, from).is_some()).count();
    assert_eq!(settled, reads.len() - 1, "two requests settle all but the permission map, which such a token lacks");
}

#[test]
fn finding_01_installation_token_flags_are_noise() {
    let none = json!({"admin": false, "maintain": false, "push": false, "triage": false, "pull": false});
    let body = with(repository(), "/permissions", none);
    for credential in [of("ghs"), actions()] {
        let decoded = ask(&credential, "repository", &infra(), answer(200, &[REQUEST_ID], &body));
        assert!(!is_told(&decoded, "repository.permission"), "it is not asked");
        assert_eq!(told(&decoded, "repository.visibility"), &word("private"));
        let row = host().request("repository").unwrap();
        let wanted = [index("repository.permission")];
        let so_far = FactSet::new(HostKind::GitHub);
        let target = infra();
        let question =
            Question { row, target: &target, credential: &credential, kind: None, so_far: &so_far, facts: &wanted };
        let request = GitHub.request(row, &target, &credential).label;
        let exchange = Exchange { request, result: Ok(answer(200, &[REQUEST_ID], &body)), attempts: Vec::new() };
        assert_eq!(cause(&GitHub.decode(&question, &exchange), "repository.permission"), Some(Cause::NotRevealable));
    }
    // A user's token cannot be denied what it just did.
    let decoded = ask(&of("ghp"), "repository", &infra(), answer(200, &[REQUEST_ID], &body));
    assert_eq!(cause(&decoded, "repository.permission"), Some(Cause::Malformed));
    let decoded = ask(&credential("an unusual text"), "repository", &infra(), answer(200, &[REQUEST_ID], &body));
    assert_eq!(cause(&decoded, "repository.permission"), Some(Cause::NotRevealable), "it may be an installation's");
}

#[test]
fn finding_02_the_expiry_comes_in_two_forms() {
    let expires = |token: &Credential, headers: &[(&str, &str)]| {
        told(&ask(token, "user", &Target::Credential, answer(200, headers, &account())), "token.expires_at").clone()
    };
    let header = "GitHub-Authentication-Token-Expiration";
    for prefix in ["ghp", "github_pat", "ghu", "gho"] {
        for (value, expected) in [
            ("2026-12-24 18:00:00 +0100", "2026-12-24T17:00:00Z"),
            ("2026-12-24 10:00:00 -0700", "2026-12-24T17:00:00Z"),
            ("2026-12-24 17:00:00 UTC", "2026-12-24T17:00:00Z"),
        ] {
            let expected: Timestamp = expected.parse().unwrap();
            assert_eq!(expires(&of(prefix), &[(header, value)]), Knowledge::Known(Value::Time(expected)));
        }
    }
}

#[test]
fn trap_04_an_expiry_that_cannot_be_read_is_not_never() {
    let expires = |headers: &[(&str, &str)]| {
        told(&ask(&of("ghp"), "user", &Target::Credential, answer(200, headers, &account())), "token.expires_at")
            .clone()
    };
    let header = "GitHub-Authentication-Token-Expiration";
    for value in ["", "soon", "2026-12-24", "2026-12-24T17:00:00Z", "2026-02-30 17:00:00 UTC"] {
        assert_eq!(expires(&[(header, value), REQUEST_ID]).cause(), Some(Cause::Malformed), "{value}");
    }
    assert_eq!(expires(&[REQUEST_ID]), Knowledge::Absent, "GitHub's own answer without one means never");
    assert_eq!(expires(&[]).cause(), Some(Cause::Malformed), "a proxy may have stripped it");
    let decoded = ask(&of("ghp"), "user", &Target::Credential, answer(200, &[REQUEST_ID], &account()));
    assert_eq!(
        sources(&decoded, "token.expires_at").len(),
        2,
        "the evidence names what is missing and whose answer it is"
    );
}

#[test]
fn finding_03_headers_tell_kinds_apart_where_the_text_does_not() {
    let hexadecimal = "0123456789abcdef0123456789abcdef01234567";
    let oauth = ("X-OAuth-Client-Id", "178c6fc778ccc68e1d6a");
    let app = ("X-OAuth-Client-Id", "Iv1.0123456789abcdef");
    let accepted = ("X-Accepted-GitHub-Permissions", "allows_permissionless_access=true");
    let repo = ("X-OAuth-Scopes", "repo");
    let empty = ("X-OAuth-Scopes", "");
    let kind = |token: &str, headers: &[(&str, &str)]| {
        told(&ask(&credential(token), "user", &Target::Credential, answer(200, headers, &account())), "token.kind")
            .clone()
    };
    for (token, headers, expected) in [
        (hexadecimal, vec![repo], word("classic")),
        (hexadecimal, vec![repo, oauth], word("oauth_app")),
        (hexadecimal, vec![empty], word("classic")),
        ("an unusual text", vec![repo], word("classic")),
        ("an unusual text", vec![repo, oauth], word("oauth_app")),
        ("an unusual text", vec![empty, app], word("app_user")),
        ("an unusual text", vec![accepted], word("fine_grained")),
    ] {
        assert_eq!(kind(token, &headers), expected, "{token} {headers:?}");
    }
    for (token, headers) in [
        (hexadecimal, vec![accepted]),
        (hexadecimal, vec![empty, app]),
        ("an unusual text", vec![empty, ("X-OAuth-Client-Id", "Iv23liAbCdEf0123456789")]),
        ("an unusual text", vec![]),
    ] {
        assert_eq!(kind(token, &headers).cause(), Some(Cause::Malformed), "{token} {headers:?}");
    }
}

#[test]
fn finding_03_an_empty_scopes_header_of_an_app_user_token_is_not_no_scopes() {
    let app = ("X-OAuth-Client-Id", "Iv1.0123456789abcdef");
    let answered = answer(200, &[("X-OAuth-Scopes", ""), app, REQUEST_ID], &account());
    let decoded = ask(&of("ghu"), "user", &Target::Credential, answered.clone());
    assert_eq!(told(&decoded, "token.oauth_client"), &text("Iv1.0123456789abcdef"));
    assert!(matches!(told(&decoded, "token.scopes"), Knowledge::Inapplicable(_)));
    let decoded = ask(&of("gho"), "user", &Target::Credential, answered);
    assert_eq!(cause(&decoded, "token.scopes"), Some(Cause::Malformed), "the prefix and the client id disagree");
    let decoded = ask(&of("ghp"), "user", &Target::Credential, answer(200, &[("X-OAuth-Scopes", "")], &account()));
    assert_eq!(told(&decoded, "token.scopes"), &scopes(&[]), "here it is");
}

#[test]
fn a_prefix_and_headers_that_disagree_leave_the_scopes_unknown() {
    for prefix in ["ghp", "gho"] {
        let decoded = ask(&of(prefix), "user", &Target::Credential, answer(200, &[REQUEST_ID], &account()));
        let Knowledge::Unknown(unknown) = told(&decoded, "token.scopes") else { panic!("{decoded:?}") };
        assert_eq!(unknown.cause, Cause::Malformed);
        assert!(unknown.reason.contains("X-OAuth-Scopes"), "{}", unknown.reason);
    }
    let headers = [("X-OAuth-Scopes", "repo"), REQUEST_ID];
    let credential = of("github_pat");
    let row = host().request("user").unwrap();
    let so_far = FactSet::new(HostKind::GitHub);
    let wanted = [index("token.scopes"), index("token.kind")];
    let question = Question {
        row,
        target: &Target::Credential,
        credential: &credential,
        kind: None,
        so_far: &so_far,
        facts: &wanted,
    };
    let request = GitHub.request(row, &Target::Credential, &credential).label;
    let exchange = Exchange { request, result: Ok(answer(200, &headers, &account())), attempts: Vec::new() };
    let decoded = GitHub.decode(&question, &exchange);
    assert_eq!(told(&decoded, "token.kind"), &word("fine_grained"), "the prefix wins");
    assert_eq!(cause(&decoded, "token.scopes"), Some(Cause::Malformed));
}

#[test]
fn finding_04_fine_grained_flags_are_the_users_role_and_grant_nothing() {
    let decoded = ask(&of("github_pat"), "repository", &infra(), answer(200, &[REQUEST_ID], &repository()));
    assert_eq!(told(&decoded, "repository.permission"), &word("write"));
    let mut facts = FactSet::new(HostKind::GitHub);
    learn(&mut facts, &decoded);
    facts.credential.set(index("token.kind"), Fact { knowledge: word("fine_grained"), evidence: Vec::new() });
    derive(&mut facts, Timestamp::UNIX_EPOCH);
    let can = facts.fact(index("repository.can"), SubjectRef::Repository(0)).unwrap();
    let Knowledge::Bounded(Bounds::Names { granted, denied }, _) = &can.knowledge else { panic!("{can:?}") };
    assert!(granted.is_empty(), "{granted:?}");
    assert_eq!(denied.names(), ["administer", "manage_webhooks"]);
}

#[test]
fn trap_03_and_finding_05_accepted_permissions_are_the_endpoints() {
    let token = of("github_pat");
    let permissions = |body: &Json, accepted: &str| {
        let headers = [("X-Accepted-GitHub-Permissions", accepted), REQUEST_ID];
        let decoded = ask(&token, "repository", &infra(), answer(200, &headers, body));
        is_told(&decoded, "token.permissions").then(|| told(&decoded, "token.permissions").clone())
    };
    let public = with(with(repository(), "/visibility", json!("public")), "/private", json!(false));
    assert_eq!(permissions(&public, "metadata=read"), None, "everybody may read it");
    assert_eq!(permissions(&repository(), "allows_permissionless_access=true"), None);
    assert_eq!(permissions(&repository(), "contents=write; contents=write,workflows=write"), None, "one of two ways");
    let Some(Knowledge::Bounded(Bounds::Permissions { granted, denied }, why)) =
        permissions(&repository(), "metadata=read")
    else {
        panic!("a bound")
    };
    assert_eq!(granted, PermissionMap::from([("metadata".into(), "read".into())]));
    assert!(denied.is_empty());
    assert_eq!(why.cause, Cause::NotRevealable);
}

#[test]
fn what_is_proven_of_permissions_adds_up() {
    let token = of("github_pat");
    let mut facts = FactSet::new(HostKind::GitHub);
    let headers = [("X-Accepted-GitHub-Permissions", "metadata=read"), REQUEST_ID];
    learn(&mut facts, &ask(&token, "repository", &infra(), answer(200, &headers, &repository())));
    let headers = [("X-Accepted-GitHub-Permissions", "repository_hooks=read"), REQUEST_ID];
    let decoded = ask_knowing(&facts, &token, "webhooks", &infra(), answer(200, &headers, &json!([])));
    let Knowledge::Bounded(Bounds::Permissions { granted, .. }, _) = told(&decoded, "token.permissions") else {
        panic!("{decoded:?}")
    };
    assert_eq!(granted.keys().map(String::as_str).collect::<Vec<_>>(), ["metadata", "repository_hooks"]);
    assert_eq!(sources(&decoded, "token.permissions").len(), 2);
}

#[test]
fn trap_05_new_installation_tokens_are_recognised_by_their_prefix() {
    let new =
        format!("{}_300001_{}.{}.{}_{}", "ghs", "e".repeat(200), "y".repeat(200), "c-".repeat(40), "s_".repeat(9));
    assert!(new.len() > 500);
    let (kinds, evidence) = kinds_of(&new);
    assert_eq!(kinds.iter().map(|kind| kind.word).collect::<Vec<_>>(), ["app_installation"]);
    assert_eq!(evidence.as_deref(), Some("prefix ghs_ of the token"));
}

#[test]
fn kinds_come_from_prefixes_or_stay_open() {
    let words = |token: &str| kinds_of(token).0.iter().map(|kind| kind.word).collect::<Vec<_>>();
    for (prefix, kind) in [
        ("ghp", "classic"),
        ("github_pat", "fine_grained"),
        ("gho", "oauth_app"),
        ("ghu", "app_user"),
        ("ghs", "app_installation"),
    ] {
        assert_eq!(words(&token(prefix)), [kind]);
        assert_eq!(kinds_of(&token(prefix)).1, Some(format!("prefix {prefix}_ of the token")));
    }
    let hexadecimal = "0123456789abcdef0123456789abcdef01234567";
    assert_eq!(words(hexadecimal), ["classic", "oauth_app"]);
    assert_eq!(kinds_of(hexadecimal).1, None);
    let all = ["classic", "fine_grained", "oauth_app", "app_user", "app_installation", "actions"];
    for text in ["", &hexadecimal.to_uppercase(), &hexadecimal[1..], "Ghp_x", "é"] {
        assert_eq!(words(text), all, "{text}");
    }
}

#[test]
fn trap_07_a_fine_grained_token_has_a_page_to_make_it_on() {
    let kind = host().credential_kind("fine_grained").unwrap();
    assert_eq!(kind.settings_page, Some("{url}/settings/personal-access-tokens"));
}

#[test]
fn finding_06_scopes_are_a_set_with_its_own_implications() {
    let headers = [("X-OAuth-Scopes", "user, public_repo,repo , gist,, future:scope"), REQUEST_ID];
    let decoded = ask(&of("ghp"), "user", &Target::Credential, answer(200, &headers, &account()));
    let Knowledge::Known(Value::Names(names)) = told(&decoded, "token.scopes") else { panic!("known") };
    assert_eq!(names.names(), ["future:scope", "gist", "public_repo", "repo", "user"]);
    assert!(names.grants("repo:status") && names.grants("user:email") && !names.grants("read:org"));
    assert!(matches!(&decoded.incidents[..], [Incident::Note { text, .. }] if text.contains("`future:scope`")));
}

#[test]
fn finding_07_a_role_too_low_to_ask_leaves_the_fact_unknown() {
    for words in ["Must have push access to view collaborator permission.", "Must have admin rights to Repository."] {
        let decoded = ask(&of("ghp"), "webhooks", &infra(), answer(403, &[REQUEST_ID], &message(words)));
        assert_eq!(cause(&decoded, "repository.webhooks"), Some(Cause::NotPermitted));
        assert!(decoded.incidents.is_empty());
    }
}

#[test]
fn finding_08_flags_come_as_three_or_five() {
    let role = |permissions: Json| {
        let body = with(repository(), "/permissions", permissions);
        told(&ask(&of("ghp"), "repository", &infra(), answer(200, &[REQUEST_ID], &body)), "repository.permission")
            .clone()
    };
    let five = |admin: bool, maintain: bool, push: bool, triage: bool| json!({"admin": admin, "maintain": maintain, "push": push, "triage": triage, "pull": true});
    assert_eq!(role(five(true, true, true, true)), word("admin"));
    assert_eq!(role(five(false, true, true, true)), word("maintain"));
    assert_eq!(role(five(false, false, true, true)), word("write"));
    assert_eq!(role(five(false, false, false, true)), word("triage"));
    assert_eq!(role(five(false, false, false, false)), word("read"));
    let three = |admin: bool, push: bool| json!({"admin": admin, "push": push, "pull": true});
    assert_eq!(role(three(true, true)), word("admin"));
    for (permissions, bounds) in
        [(three(false, true), ("write", "maintain")), (three(false, false), ("read", "triage"))]
    {
        let Knowledge::Bounded(Bounds::Level { least, most }, _) = role(permissions) else { panic!("bounded") };
        assert_eq!((least, most), (Some(bounds.0), Some(bounds.1)));
    }
    for wrong in
        [json!(null), json!({}), json!({"admin": "yes", "push": true, "pull": true}), json!([true]), json!("admin")]
    {
        assert_eq!(role(wrong.clone()).cause(), Some(Cause::Malformed), "{wrong}");
    }
    let decoded =
        ask(&of("ghp"), "repository", &infra(), answer(200, &[REQUEST_ID], &without(repository(), "permissions")));
    assert_eq!(cause(&decoded, "repository.permission"), Some(Cause::Malformed), "an answer to nobody");
}

#[test]
fn finding_08_a_renamed_repository_is_reported() {
    let body = with(repository(), "/full_name", json!("acme/platform"));
    let decoded = ask(&of("ghp"), "repository", &infra(), answer(200, &[REQUEST_ID], &body));
    assert_eq!(told(&decoded, "repository.name"), &text("acme/platform"));
    assert!(matches!(&decoded.incidents[..], [Incident::Renamed { from, to, .. }]
        if from.as_str() == "acme/infra" && to == "acme/platform"));
    let body = with(repository(), "/full_name", json!("Acme/Infra"));
    assert!(ask(&of("ghp"), "repository", &infra(), answer(200, &[], &body)).incidents.is_empty(), "only the case");
    // A redirect that nobody followed says nothing but that.
    let moved = json!({"message": "Moved Permanently", "url": "https://api.github.com/repositories/700000001"});
    let decoded = ask(&of("ghp"), "repository", &infra(), answer(301, &[REQUEST_ID], &moved));
    assert_eq!(cause(&decoded, "repository.permission"), Some(Cause::NotReachable));
    // Moved to another owner: nothing follows for the owner that was asked about.
    let body = with(repository(), "/full_name", json!("umbrella/infra"));
    assert!(!is_told(&ask(&of("ghp"), "repository", &infra(), answer(200, &[], &body)), "organization.sso_authorized"));
}

#[test]
fn finding_09_null_is_absent_and_a_missing_second_factor_is_unknown() {
    let body = with(without(account(), "two_factor_authentication"), "/name", Json::Null);
    for prefix in ["ghp", "github_pat", "ghu"] {
        let decoded = ask(&of(prefix), "user", &Target::Credential, answer(200, &[REQUEST_ID], &body));
        assert_eq!(told(&decoded, "user.name"), &Knowledge::Absent);
        assert_eq!(told(&decoded, "user.email"), &Knowledge::Absent);
        assert_eq!(cause(&decoded, "user.two_factor"), Some(Cause::NotPermitted));
    }
}

#[test]
fn trap_06_and_finding_10_a_404_hides_and_proves_nothing() {
    let body = json!({"message": "Not Found", "documentation_url": "https://docs.github.com/rest", "status": "404"});
    let reasons = |credential: &Credential, headers: &[(&str, &str)]| {
        let decoded = ask(credential, "repository", &infra(), answer(404, headers, &body));
        for path in ["repository.name", "repository.visibility", "repository.archived"] {
            assert_eq!(cause(&decoded, path), Some(Cause::NotPermitted), "{path}");
        }
        let [Incident::NotVisible { repository, reasons, .. }] = &decoded.incidents[..] else { panic!("{decoded:?}") };
        assert_eq!(repository.as_str(), "acme/infra");
        reasons.join("; ")
    };
    assert!(reasons(&of("ghp"), &[("X-OAuth-Scopes", "gist")]).contains("lacks the scope `repo`"));
    assert!(!reasons(&of("ghp"), &[("X-OAuth-Scopes", "repo")]).contains("lacks the scope"));
    assert!(!reasons(&of("ghp"), &[]).contains("lacks the scope"), "the scopes are not known");
    assert!(reasons(&of("github_pat"), &[]).contains("not among those selected"));
    assert!(reasons(&of("ghs"), &[]).contains("installation does not cover it"));
    assert!(reasons(&actions(), &[]).contains("the job's own repository"));
    // Without a body, and for a list that an admin would have seen.
    let decoded = ask(&of("ghp"), "webhooks", &infra(), raw(404, &[REQUEST_ID], ""));
    assert_eq!(cause(&decoded, "repository.webhooks"), Some(Cause::NotPermitted));
    let decoded = ask(&of("ghp"), "user", &Target::Credential, raw(404, &[], "<html>"));
    assert_eq!(cause(&decoded, "token.active"), Some(Cause::NotReachable), "no API is there");
    assert_eq!(cause(&decoded, "token.expires_at"), Some(Cause::NotReachable));
}

#[test]
fn finding_11_a_pending_membership_gives_no_role() {
    let role = |state: &str, role: &str| {
        let body = json!({"url": "https://api.github.com/x", "state": state, "role": role});
        told(&ask(&of("ghp"), "membership", &acme(), answer(200, &[REQUEST_ID], &body)), "organization.role").clone()
    };
    assert_eq!(role("pending", "admin"), word("none"));
    assert_eq!(role("active", "admin"), word("admin"));
    assert_eq!(role("active", "billing_manager"), word("billing_manager"));
    assert_eq!(role("active", "none").cause(), Some(Cause::Malformed));
    assert_eq!(role("active", "overlord").cause(), Some(Cause::Malformed));
    assert_eq!(role("suspended", "admin").cause(), Some(Cause::Malformed));
}

#[test]
fn no_membership_is_certain_only_with_sight_and_scope() {
    let token = of("ghp");
    let scopes = [("X-OAuth-Scopes", "read:org, repo"), REQUEST_ID];
    let missing = || answer(404, &scopes, &message("Not Found"));
    let decoded = ask(&token, "membership", &acme(), missing());
    assert_eq!(cause(&decoded, "organization.role"), Some(Cause::NotPermitted), "the name may be mistyped");
    let mut seen = FactSet::new(HostKind::GitHub);
    learn(&mut seen, &ask(&token, "repository", &infra(), answer(200, &scopes, &repository())));
    let decoded = ask_knowing(&seen, &token, "membership", &acme(), missing());
    assert_eq!(told(&decoded, "organization.role"), &word("none"));
    let other = answer(404, &[("X-OAuth-Scopes", "gist"), REQUEST_ID], &message("Not Found"));
    let decoded = ask_knowing(&seen, &token, "membership", &acme(), other);
    assert_eq!(cause(&decoded, "organization.role"), Some(Cause::NotPermitted), "this scope shows no membership");
    let proxy = raw(404, &[("X-OAuth-Scopes", "repo")], "");
    let decoded = ask_knowing(&seen, &token, "membership", &acme(), proxy);
    assert_eq!(cause(&decoded, "organization.role"), Some(Cause::NotPermitted), "not GitHub's own answer");
}

#[test]
fn finding_12_the_sunset_of_the_api_version_is_noted_when_it_is_near() {
    let headers = [
        ("Deprecation", "Tue, 10 Mar 2026 00:00:00 GMT"),
        ("Sunset", "Fri, 10 Mar 2028 00:00:00 GMT"),
        ("Link", "<https://docs.github.com/rest/api-versions>; rel=\"deprecation\"; type=\"text/html\""),
        REQUEST_ID,
    ];
    let far = answer(200, &headers, &account());
    assert_eq!(GitHub.next_page(&far), None, "that relation is no page");
    assert!(ask(&of("github_pat"), "user", &Target::Credential, far.clone()).incidents.is_empty());
    let near = Answer { at: "2028-01-10T00:00:00Z".parse().unwrap(), ..far };
    let decoded = ask(&of("github_pat"), "user", &Target::Credential, near);
    assert!(matches!(&decoded.incidents[..], [Incident::Note { text, .. }] if text.contains("2022-11-28")));
}

#[test]
fn finding_13_an_enterprise_server_names_its_version_and_no_rate_limit() {
    let server = credential_at(&token("ghp"), "https://ghe.acme.example", "https://ghe.acme.example/api/v3");
    let version = |headers: &[(&str, &str)]| {
        let answered = answer(200, headers, &account());
        assert_eq!(GitHub.rate_limit(&answered), None);
        told(&ask(&server, "user", &Target::Credential, answered), "host.version").clone()
    };
    let Knowledge::Known(Value::Version(known)) = version(&[("X-GitHub-Enterprise-Version", "3.19.2")]) else {
        panic!("known")
    };
    assert_eq!(known.as_str(), "3.19.2");
    assert_eq!(version(&[]).cause(), Some(Cause::Malformed), "a server without one makes no sense");
    assert_eq!(version(&[("X-GitHub-Enterprise-Version", "main")]).cause(), Some(Cause::Malformed));
    let residency = credential_at(&token("ghp"), "https://acme.ghe.com", "https://api.acme.ghe.com");
    let decoded = ask(&residency, "user", &Target::Credential, answer(200, &[REQUEST_ID], &account()));
    assert_eq!(cause(&decoded, "host.version"), Some(Cause::NotRevealable), "nobody confirmed what GHE.com sends");
}

#[test]
fn finding_14_rate_limits_are_read_where_both_numbers_are() {
    let limit = |remaining: &str, limit: &str| {
        let headers = [("X-RateLimit-Remaining", remaining), ("X-RateLimit-Limit", limit)];
        GitHub.rate_limit(&answer(200, &headers, &json!({})))
    };
    assert_eq!(limit("4987", "5000"), Some(RateLimit { remaining: 4987, limit: 5000 }));
    assert_eq!(limit("0", "5950"), Some(RateLimit { remaining: 0, limit: 5950 }));
    assert_eq!(limit("-1", "5000"), None);
    assert_eq!(limit("many", "5000"), None);
}

#[test]
fn a_401_refuses_the_credential_and_ends_everything() {
    let body =
        json!({"message": "Bad credentials", "documentation_url": "https://docs.github.com/rest", "status": "401"});
    for (credential, row) in [(of("ghp"), "user"), (of("ghs"), "viewer")] {
        let decoded = ask(&credential, row, &Target::Credential, answer(401, &[REQUEST_ID], &body));
        assert_eq!(told(&decoded, "token.active"), &known(false));
        assert_eq!(cause(&decoded, "user.username"), Some(Cause::NotPermitted));
        assert!(
            matches!(&decoded.incidents[..], [Incident::Refused { reason, .. }] if reason.contains("Bad credentials"))
        );
        assert!(decoded.ends.is_some());
    }
    let otp = message("Must specify two-factor authentication OTP code.");
    for answered in [
        raw(401, &[], "<html>proxy"),
        answer(401, &[("X-GitHub-OTP", "required; app")], &otp),
        answer(401, &[], &message("A JSON web token could not be decoded")),
    ] {
        let decoded = ask(&of("ghp"), "user", &Target::Credential, answered);
        assert_eq!(cause(&decoded, "token.active"), Some(Cause::NotPermitted), "why is not certain");
        assert!(matches!(&decoded.incidents[..], [Incident::Refused { .. }]) && decoded.ends.is_some());
    }
}

#[test]
fn the_403_family_is_told_apart_in_order() {
    let sso = "Resource protected by organization SAML enforcement. You must grant your Personal Access token access to \
               this organization.";
    let classic = "`acme` forbids access via a personal access token (classic). Please use a GitHub App, OAuth App, or a \
                   personal access token with fine-grained permissions.";
    let lifetime = "The 'acme' organization forbids access via a fine-grained personal access tokens if the token's \
                    lifetime is greater than 366 days. Please adjust your token's lifetime at the following URL: \
                    https://github.com/settings/personal-access-tokens/1234567";
    let address = "Although you appear to have the correct authorization credentials, the `acme` organization has an IP \
                   allow list enabled, and your IP address is not permitted to access this resource.";
    let app = "Although you appear to have the correct authorization credentials, the `acme` organization has enabled \
               OAuth App access restrictions, meaning that data access to third-parties is limited.";
    let link = "https://github.com/orgs/acme/sso?authorization_request=AAAA";
    let required = format!("required; url={link}");
    let plenty = ("X-RateLimit-Remaining", "4882");
    let page = "https://github.com/settings/personal-access-tokens/1234567";
    for (headers, words, expected, expected_link) in [
        (vec![("X-GitHub-SSO", required.as_str()), plenty], sso, Refusal::SingleSignOn, Some(link)),
        (vec![plenty], sso, Refusal::SingleSignOn, None),
        (vec![plenty], classic, Refusal::KindForbidden, None),
        (vec![plenty], lifetime, Refusal::LifetimeTooLong, Some(page)),
        (vec![plenty], address, Refusal::AddressNotAllowed, None),
        (vec![plenty], app, Refusal::AppNotApproved, None),
        (vec![plenty], "This installation has been suspended", Refusal::Suspended, None),
    ] {
        let decoded = ask(&of("ghp"), "repository", &infra(), answer(403, &headers, &message(words)));
        assert_eq!(cause(&decoded, "repository.permission"), Some(Cause::NotPermitted), "{words}");
        let [Incident::NotAccepted { refusal, by, link, repository, message, .. }] = &decoded.incidents[..] else {
            panic!("{words}: {decoded:?}")
        };
        assert_eq!((*refusal, by.as_str(), link.as_deref()), (expected, "acme", expected_link));
        assert_eq!(repository.as_ref().map(RepositoryName::as_str), Some("acme/infra"));
        assert_eq!(message, words);
        assert!(decoded.ends.is_none(), "another organisation may accept it");
    }
    let none = message("Resource not accessible by personal access token");
    for (headers, body, expected) in [
        (vec![("Retry-After", "60")], message(sso), Cause::NotReachable),
        (vec![("Retry-After", "Fri, 31 Dec 2026 23:59:59 GMT")], none.clone(), Cause::NotReachable),
        (vec![], message("You have exceeded a secondary rate limit. Please wait."), Cause::NotReachable),
        (
            vec![("X-RateLimit-Remaining", "0")],
            message("API rate limit exceeded for installation ID 41000001."),
            Cause::NotReachable,
        ),
        (vec![plenty], none, Cause::NotPermitted),
        (vec![("X-RateLimit-Remaining", "0")], message("Must have admin rights to Repository."), Cause::NotPermitted),
        (
            vec![],
            message("Upgrade to GitHub Pro or make this repository public to enable this feature."),
            Cause::NotPermitted,
        ),
        (vec![], message("Something new"), Cause::NotPermitted),
        (vec![], json!([1]), Cause::NotPermitted),
    ] {
        let decoded = ask(&of("ghp"), "repository", &infra(), answer(403, &headers, &body));
        assert_eq!(cause(&decoded, "repository.permission"), Some(expected), "{body}");
        assert!(decoded.incidents.is_empty(), "{body}");
    }
    let locked = message("Max number of login attempt exceeded. Please try again later.");
    let decoded = ask(&of("ghp"), "user", &Target::Credential, answer(403, &[], &locked));
    assert_eq!(cause(&decoded, "user.username"), Some(Cause::NotReachable));
    assert!(decoded.ends.is_some(), "every further request would lengthen it");
    let decoded = ask(&of("ghp"), "user", &Target::Credential, raw(429, &[], ""));
    assert_eq!(cause(&decoded, "user.username"), Some(Cause::NotReachable));
}

#[test]
fn the_hosts_link_is_passed_on_only_to_its_own_address() {
    for (link, passes) in [
        ("https://github.com/orgs/acme/sso", true),
        ("https://github.com.evil.example/orgs/acme/sso", false),
        ("http://github.com/orgs/acme/sso", false),
        ("https://user:pass@github.com/orgs/acme/sso", false),
        ("javascript:alert(1)", false),
        ("", false),
    ] {
        let header = format!("required; url={link}");
        let decoded =
            ask(&of("ghp"), "repository", &infra(), answer(403, &[("X-GitHub-SSO", &header)], &message("SAML")));
        let [Incident::NotAccepted { link: passed, .. }] = &decoded.incidents[..] else { panic!("{decoded:?}") };
        assert_eq!(passed.is_some(), passes, "{link}");
    }
}

#[test]
fn what_a_missing_permission_needs_is_said() {
    let headers = [("X-Accepted-GitHub-Permissions", "members=read"), REQUEST_ID];
    let body = message("Resource not accessible by personal access token");
    let decoded = ask(&of("github_pat"), "membership", &acme(), answer(403, &headers, &body));
    let Knowledge::Unknown(unknown) = told(&decoded, "organization.role") else { panic!("unknown") };
    assert!(unknown.cause == Cause::NotPermitted && unknown.reason.contains("`members=read`"), "{}", unknown.reason);
}

#[test]
fn single_sign_on_is_authorised_once_something_private_was_read() {
    let sso = |decoded: &Decoded| told(decoded, "organization.sso_authorized").clone();
    let token = of("ghp");
    let decoded = ask(&token, "repository", &infra(), answer(200, &[REQUEST_ID], &repository()));
    assert_eq!(sso(&decoded), known(true));
    assert_eq!(decoded.facts.iter().find(|(_, at, _)| *at == index("organization.sso_authorized")).unwrap().0, acme());
    let public = with(with(repository(), "/visibility", json!("public")), "/private", json!(false));
    let decoded = ask(&token, "repository", &infra(), answer(200, &[REQUEST_ID], &public));
    assert!(!is_told(&decoded, "organization.sso_authorized"), "everybody may read it");

    let page = json!({"login": "acme", "two_factor_requirement_enabled": null});
    let decoded = ask(&token, "organization", &acme(), answer(200, &[REQUEST_ID], &page));
    assert_eq!(sso(&decoded).cause(), Some(Cause::NotRevealable));
    assert_eq!(cause(&decoded, "organization.two_factor_required"), Some(Cause::NotPermitted));
    let owner = json!({"login": "acme", "two_factor_requirement_enabled": true});
    let decoded = ask(&token, "organization", &acme(), answer(200, &[REQUEST_ID], &owner));
    assert_eq!((sso(&decoded), told(&decoded, "organization.two_factor_required")), (known(true), &known(true)));
    let refused = answer(403, &[("X-GitHub-SSO", "required; url=https://github.com/orgs/acme/sso")], &message("SAML"));
    assert_eq!(sso(&ask(&token, "organization", &acme(), refused)), known(false));

    // What a repository proved is not forgotten because the public page proves nothing.
    let mut seen = FactSet::new(HostKind::GitHub);
    learn(&mut seen, &ask(&token, "repository", &infra(), answer(200, &[REQUEST_ID], &repository())));
    let decoded = ask_knowing(&seen, &token, "organization", &acme(), answer(200, &[REQUEST_ID], &page));
    assert_eq!(sso(&decoded), known(true));
}

#[test]
fn a_users_account_has_no_organisation_facts() {
    let body = with(repository(), "/owner/type", json!("User"));
    let decoded = ask(&of("ghp"), "repository", &infra(), answer(200, &[REQUEST_ID], &body));
    for path in ["organization.role", "organization.sso_authorized", "organization.two_factor_required"] {
        assert!(matches!(told(&decoded, path), Knowledge::Inapplicable(_)), "{path}");
    }
}

#[test]
fn visibility_falls_back_to_private_and_must_agree_with_it() {
    let visibility = |body: &Json| {
        told(&ask(&of("ghp"), "repository", &infra(), answer(200, &[], body)), "repository.visibility").clone()
    };
    assert_eq!(visibility(&with(repository(), "/visibility", json!("internal"))), word("internal"));
    let old = without(repository(), "visibility");
    assert!(matches!(visibility(&old), Knowledge::Bounded(Bounds::Candidates(_), _)));
    assert_eq!(visibility(&with(old, "/private", json!(false))), word("public"));
    assert_eq!(visibility(&with(repository(), "/private", json!(false))).cause(), Some(Cause::Malformed));
    assert_eq!(visibility(&with(repository(), "/visibility", json!("secret"))).cause(), Some(Cause::Malformed));
    assert_eq!(visibility(&with(repository(), "/visibility", json!(7))).cause(), Some(Cause::Malformed));
}

#[test]
fn the_viewer_of_an_installation_token_is_its_bot() {
    let body = json!({"data": {"viewer": {"login": "acme-bot[bot]", "databaseId": 280_000_001}}});
    for credential in [of("ghs"), actions()] {
        let decoded = ask(&credential, "viewer", &Target::Credential, answer(200, &[REQUEST_ID], &body));
        assert_eq!(told(&decoded, "user.username"), &text("acme-bot[bot]"));
        assert_eq!(told(&decoded, "user.is_bot"), &known(true));
        assert_eq!(told(&decoded, "user.kind"), &word("bot"));
        assert_eq!(told(&decoded, "app.slug"), &text("acme-bot"));
        assert_eq!(told(&decoded, "token.active"), &known(true));
        assert!(!is_told(&decoded, "token.expires_at"), "nothing is claimed of its expiry");
    }
    let person = json!({"data": {"viewer": {"login": "alice"}}});
    let decoded = ask(&of("ghs"), "viewer", &Target::Credential, answer(200, &[], &person));
    assert_eq!(cause(&decoded, "user.is_bot"), Some(Cause::Malformed));
}

#[test]
fn a_query_that_fails_comes_with_status_200() {
    let limited = json!({"errors": [{"type": "RATE_LIMITED", "message": "API rate limit exceeded for user ID 1."}]});
    let forbidden = json!({"data": {"viewer": null}, "errors": [{"type": "FORBIDDEN", "message": "no"}]});
    for (headers, body, expected) in [
        (vec![("X-RateLimit-Remaining", "0")], forbidden.clone(), Cause::NotReachable),
        (vec![], limited, Cause::NotReachable),
        (vec![], forbidden, Cause::NotPermitted),
        (vec![], json!({"data": null}), Cause::Malformed),
        (vec![], json!({"data": {"viewer": {"login": ""}}, "errors": []}), Cause::Malformed),
        (vec![], json!([]), Cause::Malformed),
    ] {
        let decoded = ask(&of("ghs"), "viewer", &Target::Credential, answer(200, &headers, &body));
        assert_eq!(cause(&decoded, "token.active"), Some(expected), "{body}");
        assert_eq!(cause(&decoded, "user.is_bot"), Some(expected), "{body}");
    }
}

#[test]
fn an_installation_token_of_unusual_text_shows_itself_by_its_refusal() {
    let body = message("Resource not accessible by integration");
    let decoded = ask(&credential("an unusual text"), "user", &Target::Credential, answer(403, &[REQUEST_ID], &body));
    assert!(matches!(told(&decoded, "token.kind"), Knowledge::Bounded(Bounds::Candidates(words), _)
        if words == &["app_installation", "actions"]));
    assert_eq!(told(&decoded, "token.active"), &known(true));
    assert_eq!(cause(&decoded, "user.username"), Some(Cause::NotPermitted));
}

#[test]
fn webhooks_are_read_without_their_secrets() {
    let hooks = json!([
        {
            "type": "Repository", "id": 500_001, "name": "web", "active": true, "events": ["pull_request", "push"],
            "config": {
                "content_type": "json", "insecure_ssl": "0", "secret": "********",
                "url": "https://bot:hunter2@atlantis.example.com/events?token=abc#x",
            },
            "last_response": {"code": 200, "status": "active", "message": "OK"},
        },
        {
            "id": 500_002, "active": false, "events": ["*"],
            "config": {"insecure_ssl": 1, "url": "http://old.example.com/hook"},
            "last_response": {"code": null, "status": "unused", "message": null},
        },
    ]);
    let answered = answer(200, &[REQUEST_ID], &hooks);
    let decoded = ask(&of("ghp"), "webhooks", &infra(), answered);
    let Knowledge::Known(Value::Records(records)) = told(&decoded, "repository.webhooks") else { panic!("known") };
    let (first, second) = (&records[0], &records[1]);
    assert_eq!(first["url"], text("https://atlantis.example.com/events"));
    assert_eq!((&first["active"], &second["active"]), (&known(true), &known(false)));
    assert_eq!((&first["has_secret"], &second["has_secret"]), (&known(true), &known(false)));
    assert_eq!((&first["verifies_tls"], &second["verifies_tls"]), (&known(true), &known(false)));
    assert_eq!((&first["content_type"], &second["content_type"]), (&word("json"), &word("form")));
    assert_eq!(first["last_status"], Knowledge::Known(Value::Integer(200)));
    assert_eq!(second["last_status"], Knowledge::Absent);
    let Type::Records(table) = host().row(index("repository.webhooks")).ty else { panic!("records") };
    let fields: std::collections::BTreeSet<&str> = table.fields.iter().map(|field| field.name).collect();
    assert_eq!(first.keys().copied().collect::<std::collections::BTreeSet<_>>(), fields);
    let shown = format!("{decoded:?}");
    assert!(!shown.contains("hunter2") && !shown.contains("token=abc") && !shown.contains("****"));
}

#[test]
fn webhooks_that_make_no_sense_or_go_on_stay_open() {
    let webhooks = |headers: &[(&str, &str)], body: &Json| {
        told(&ask(&of("ghp"), "webhooks", &infra(), answer(200, headers, body)), "repository.webhooks").clone()
    };
    assert_eq!(webhooks(&[], &json!([])), Knowledge::Known(Value::Records(Vec::new())));
    let more = [("Link", "<https://api.github.com/repositories/7/hooks?page=2>; rel=\"next\"")];
    assert!(matches!(
        webhooks(&more, &json!([])),
        Knowledge::Bounded(Bounds::List(_), Unknown { cause: Cause::Incomplete, .. })
    ));
    assert_eq!(webhooks(&[], &json!({"message": "?"})).cause(), Some(Cause::Malformed));
    assert_eq!(webhooks(&[], &json!(["hook"])).cause(), Some(Cause::Malformed));
    let odd = json!([{"active": "yes", "events": [1], "config": "none", "last_response": null}]);
    let Knowledge::Known(Value::Records(records)) = webhooks(&[], &odd) else { panic!("a record") };
    for (name, knowledge) in &records[0] {
        assert_eq!(knowledge.cause(), Some(Cause::Malformed), "{name}");
    }
}

#[test]
fn listings_give_names_pages_and_what_they_leave_out() {
    let list = json!([{"full_name": "acme/infra", "private": true}, {"full_name": "acme/live-eu"}]);
    let names = |decoded: &Decoded| decoded.listed.iter().map(ToString::to_string).collect::<Vec<_>>();
    let next = "https://api.github.com/user/repos?per_page=100&page=2";
    let link = format!("<{next}>; rel=\"next\", <https://api.github.com/user/repos?page=9>; rel=\"last\"");
    let answered = answer(200, &[("Link", &link), ("X-OAuth-Scopes", "repo")], &list);
    assert_eq!(GitHub.next_page(&answered).as_deref(), Some(next));
    let decoded = ask(&of("ghp"), "user_repositories", &Target::Credential, answered);
    assert_eq!(names(&decoded), ["acme/infra", "acme/live-eu"]);
    assert_eq!(decoded.incomplete, None, "a further page is the loop's to read");

    let incomplete = |headers: &[(&str, &str)], body: &Json| {
        ask(&of("ghp"), "user_repositories", &Target::Credential, answer(200, headers, body))
            .incomplete
            .map(|why| why.cause)
    };
    let partial = [("X-GitHub-SSO", "partial-results; organizations=1,2"), ("X-OAuth-Scopes", "repo")];
    assert_eq!(incomplete(&partial, &list), Some(Cause::Incomplete));
    assert_eq!(incomplete(&[("X-OAuth-Scopes", "public_repo")], &list), Some(Cause::Incomplete));
    assert_eq!(incomplete(&[], &json!([{"full_name": "../evil"}])), Some(Cause::Malformed));
    assert_eq!(incomplete(&[], &json!({})), Some(Cause::Malformed));
    let refused = answer(403, &[], &message("Resource not accessible by integration"));
    let decoded = ask(&of("ghp"), "user_repositories", &Target::Credential, refused);
    assert_eq!(decoded.incomplete.map(|why| why.cause), Some(Cause::NotPermitted));

    let wrapped =
        json!({"total_count": 1, "repository_selection": "selected", "repositories": [{"full_name": "acme/infra"}]});
    let decoded =
        ask(&of("ghs"), "installation_repositories", &Target::Credential, answer(200, &[REQUEST_ID], &wrapped));
    assert_eq!((names(&decoded), decoded.incomplete), (vec!["acme/infra".to_owned()], None));
}

#[test]
fn answers_that_make_no_sense_are_malformed_and_never_a_panic() {
    let bomb = "[".repeat(100_000);
    let nested = format!("{{\"login\":{}1{}}}", "[".repeat(5_000), "]".repeat(5_000));
    let requests: Vec<(&Request, Target)> = host()
        .requests
        .iter()
        .map(|row| {
            let target = match row.subject {
                crate::vocabulary::Subject::Credential => Target::Credential,
                crate::vocabulary::Subject::Repository => infra(),
                crate::vocabulary::Subject::Organization => acme(),
            };
            (row, target)
        })
        .collect();
    for (row, target) in &requests {
        for body in
            ["", "<html>sign in</html>", "null", "7", "\"text\"", "[null]", "[[]]", "{}", "\u{feff}{}", &bomb, &nested]
        {
            for status in [200, 201, 204, 304, 400, 401, 403, 404, 409, 410, 422, 429, 451, 500, 502, 599, 999] {
                for credential in [of("ghp"), of("github_pat"), of("ghs"), credential("an unusual text")] {
                    let decoded = ask(&credential, row.name, target, raw(status, &[], body));
                    for (_, at, fact) in &decoded.facts {
                        let path = host().row(*at).path;
                        let empty_list = path == "repository.webhooks" && body == "[]";
                        assert!(fact.knowledge.cause().is_some() || empty_list, "{path} from {status} {body:.40}");
                    }
                }
            }
        }
    }
    let decoded =
        ask(&of("ghp"), "user", &Target::Credential, answer(200, &[REQUEST_ID], &with(account(), "/login", json!(7))));
    assert_eq!(cause(&decoded, "token.active"), Some(Cause::Malformed), "no account, no acceptance");
    let odd = with(with(with(account(), "/type", json!("Alien")), "/name", json!(7)), "/site_admin", json!("no"));
    let decoded = ask(&of("ghp"), "user", &Target::Credential, answer(200, &[REQUEST_ID], &odd));
    for path in ["user.kind", "user.is_bot", "user.name", "user.site_admin"] {
        assert_eq!(cause(&decoded, path), Some(Cause::Malformed), "{path}");
    }
    assert_eq!(told(&decoded, "user.username"), &text("acme-ci-bot"), "one wrong field spoils no other");
}

#[test]
fn statuses_beside_200_have_their_causes() {
    for (status, expected) in [
        (201, Cause::Malformed),
        (302, Cause::NotReachable),
        (409, Cause::Malformed),
        (410, Cause::NotReachable),
        (451, Cause::NotPermitted),
        (500, Cause::NotReachable),
        (502, Cause::NotReachable),
        (503, Cause::NotReachable),
    ] {
        let decoded = ask(
            &of("ghp"),
            "repository",
            &infra(),
            answer(status, &[REQUEST_ID], &json!({"block": {"reason": "dmca"}})),
        );
        assert_eq!(cause(&decoded, "repository.permission"), Some(expected), "{status}");
    }
}

#[test]
fn no_answer_leaves_everything_asked_unknown() {
    let credential = of("ghp");
    let row = host().request("user").unwrap();
    let so_far = FactSet::new(HostKind::GitHub);
    let facts = asked(row, &credential);
    let question = Question {
        row,
        target: &Target::Credential,
        credential: &credential,
        kind: None,
        so_far: &so_far,
        facts: &facts,
    };
    let request = Arc::new(RequestLabel { method: "GET", url: "https://api.github.com/user".into() });
    for (failure, expected) in [
        (Failure::Connection("the connection was refused".into()), Cause::NotReachable),
        (Failure::Tls("unknown issuer".into()), Cause::NotReachable),
        (Failure::Timeout("10s".into()), Cause::NotReachable),
        (Failure::TooLarge(8), Cause::Malformed),
        (Failure::Unreadable("bad gzip".into()), Cause::Malformed),
        (Failure::Redirect("a redirect leads elsewhere".into()), Cause::NotReachable),
        (Failure::Budget("the budget is used up".into()), Cause::NotReachable),
        (Failure::NotRecorded, Cause::NotReachable),
    ] {
        let exchange = Exchange { request: Arc::clone(&request), result: Err(failure), attempts: Vec::new() };
        let decoded = GitHub.decode(&question, &exchange);
        assert_eq!(decoded.facts.len(), facts.len());
        assert!(
            decoded
                .facts
                .iter()
                .all(|(_, _, fact)| fact.knowledge.cause() == Some(expected) && fact.evidence.len() == 1)
        );
    }
}

#[test]
fn requests_go_where_each_host_has_its_api() {
    let url = |credential: &Credential, row: &str, target: &Target| {
        GitHub.request(host().request(row).unwrap(), target, credential).label.to_string()
    };
    let server = credential_at(&token("ghs"), "https://ghe.acme.example:8443", "https://ghe.acme.example:8443/api/v3/");
    let residency = credential_at(&token("ghs"), "https://acme.ghe.com", "https://api.acme.ghe.com/");
    let public = of("ghs");
    for (credential, base, query) in [
        (&public, "https://api.github.com", "https://api.github.com/graphql"),
        (&residency, "https://api.acme.ghe.com", "https://api.acme.ghe.com/graphql"),
        (&server, "https://ghe.acme.example:8443/api/v3", "https://ghe.acme.example:8443/api/graphql"),
    ] {
        assert_eq!(url(credential, "user", &Target::Credential), format!("GET {base}/user"));
        assert_eq!(url(credential, "viewer", &Target::Credential), format!("POST {query}"));
        assert_eq!(url(credential, "repository", &infra()), format!("GET {base}/repos/acme/infra"));
        assert_eq!(url(credential, "webhooks", &infra()), format!("GET {base}/repos/acme/infra/hooks?per_page=100"));
        assert_eq!(url(credential, "membership", &acme()), format!("GET {base}/user/memberships/orgs/acme"));
        assert_eq!(url(credential, "organization", &acme()), format!("GET {base}/orgs/acme"));
    }
    let odd = Target::Organization("../user?x=1#é/".into());
    let encoded = "GET https://api.github.com/orgs/..%2Fuser%3Fx%3D1%23%C3%A9%2F";
    assert_eq!(url(&public, "organization", &odd), encoded, "a name is one segment, whatever it is");
    for dots in ["", ".", ".."] {
        let request =
            GitHub.request(host().request("organization").unwrap(), &Target::Organization(dots.into()), &public);
        let path = Url::parse(&request.label.url).unwrap().path().to_owned();
        assert!(path.starts_with("/orgs/%20"), "{path}");
    }
    let nested = Target::Repository(RepositoryName::parse("a/b/c d").unwrap());
    assert_eq!(url(&public, "repository", &nested), "GET https://api.github.com/repos/a%2Fb/c%20d");
}

#[test]
fn requests_read_and_name_their_version() {
    for row in host().requests {
        let request = GitHub.request(row, &infra(), &of("ghp"));
        let header =
            |name: &str| request.headers.iter().find(|(have, _)| *have == name).map(|(_, value)| value.as_str());
        assert_eq!(header("accept"), Some("application/vnd.github+json"));
        assert_eq!(header("x-github-api-version"), Some("2022-11-28"));
        match request.body {
            None => assert_eq!(request.label.method, "GET"),
            Some(body) => {
                let body: Json = serde_json::from_str(&body).unwrap();
                let query = body["query"].as_str().unwrap();
                assert!(query.starts_with("query ") && !query.contains("mutation"));
            }
        }
    }
}
