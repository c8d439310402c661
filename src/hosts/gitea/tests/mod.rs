//! Each text of a refusal by itself, and answers in shapes that none should have. What was never seen in a recorded answer is
//! marked as constructed.

mod account;
mod refusals;

use std::sync::Arc;

use serde_json::{Value as Json, json};
use url::Url;

use super::Gitea;
use super::proofs;
use super::tables::{host, index};
use crate::facts::record::{Kept, trim};
use crate::facts::{
    Answer, Attempt, Bounds, Cause, Credential, Exchange, Fact, FactSet, Incident, Knowledge, RepositoryName, Target,
    Value, Version, Wanted,
};
use crate::hosts::script::trial;
use crate::hosts::{Brief, Decoded, script};
use crate::vocabulary::{HostKind, Times};

const KINDS: [&str; 3] = ["personal", "repository", "actions"];

fn credential() -> Credential {
    Credential {
        name: "bot".into(),
        host: HostKind::Gitea,
        url: "https://git.acme.dev".into(),
        api: Url::parse("https://git.acme.dev/api/v1").unwrap(),
        username: Some("acme-bot".into()),
        kinds: KINDS.iter().map(|word| host().credential_kind(word).unwrap()).collect(),
        kind_evidence: None,
        token_id: Some("0a1b2c3d".into()),
        times: Times::default(),
        scope: Vec::new(),
        excluded: Vec::new(),
        app: crate::facts::AppUse::default(),
        probes: false,
    }
}

fn answer(status: u16, body: impl Into<Vec<u8>>) -> Answer {
    let headers = vec![("content-type".to_owned(), "application/json;charset=utf-8".to_owned())];
    Answer { status, headers, body: body.into(), at: "2026-11-27T12:00:00Z".parse().unwrap() }
}

fn message(status: u16, text: &str) -> Answer {
    answer(status, json!({"message": text, "url": "https://git.acme.dev/api/swagger"}).to_string())
}

fn known(value: Value) -> Fact {
    Fact { knowledge: Knowledge::Known(value), evidence: Vec::new() }
}

/// What is known of a server, before anything else.
fn served(product: &'static str, version: &str) -> FactSet {
    let mut facts = FactSet::new(HostKind::Gitea);
    facts.credential.set(index("host.product").unwrap(), known(Value::Word(product)));
    facts.credential.set(index("host.version").unwrap(), known(Value::Version(Version::parse(version).unwrap())));
    facts
}

/// Asks with these answers to come, by the paths that they are for; what has none is not answered. Done twice: of the whole
/// answers, and of what a record keeps.
fn ask(row: &str, target: &Target, so_far: &FactSet, paths: &[&str], answers: &[(&str, Answer)]) -> Decoded {
    let row =
        host().request(row).or_else(|| host().once_proofs.iter().map(|one| &one.request).find(|one| one.name == row));
    let row = row.unwrap();
    let credential = credential();
    let facts: Vec<_> = paths.iter().map(|path| index(path).unwrap()).collect();
    let run = |shown: &dyn Fn(&Answer) -> Answer| {
        let brief = Brief {
            row,
            targets: [target.clone()].into(),
            credential: &credential,
            so_far: Arc::new(so_far.clone()),
            facts: facts.as_slice().into(),
            wanted: Wanted::All,
        };
        trial::run(script(&Gitea, brief), so_far, |request, _| {
            let path = request.label.url.trim_start_matches("https://git.acme.dev").trim_start_matches("/api/v1");
            let (_, answer) = answers.iter().find(|(of, _)| *of == path)?;
            let answer = shown(answer);
            let attempts = vec![Attempt { status: Some(answer.status) }];
            Some(Exchange { request: Arc::clone(&request.label), attempts, result: Ok(answer) })
        })
        .1
    };
    let decoded = run(&Answer::clone);
    let from_record = run(&|answer| trim(row, Kept::default(), answer));
    assert_eq!(format!("{decoded:?}"), format!("{from_record:?}"), "a record keeps too little");
    decoded
}

fn told<'a>(decoded: &'a Decoded, path: &str) -> Option<&'a Knowledge> {
    let at = index(path).unwrap();
    decoded.facts.iter().rev().find(|(_, have, _)| *have == at).map(|(_, _, fact)| &fact.knowledge)
}

const WHO: [&str; 3] = ["token.kind", "user.username", "token.active"];

/// What an answer to the first question leads to.
fn first(answer: Answer) -> Decoded {
    let version = self::answer(200, r#"{"version":"1.22.6"}"#);
    let new = FactSet::new(HostKind::Gitea);
    ask("user", &Target::Credential, &new, &WHO, &[("/user", answer), ("/version", version)])
}

fn refusal(decoded: &Decoded) -> Option<(&str, &str)> {
    decoded.incidents.iter().find_map(|incident| match incident {
        Incident::Refused { reason, help, .. } => Some((reason.as_str(), help.as_str())),
        _ => None,
    })
}

/// Refused by a 401: dead, nothing more is asked, and none of the words is passed on.
fn is_refused(text: &str) {
    let decoded = first(message(401, text));
    let (reason, help) = refusal(&decoded).unwrap_or_else(|| panic!("{text}: {decoded:?}"));
    assert_eq!(reason, "is not accepted (401)");
    assert!(decoded.ends.is_some() && !help.contains(text));
    assert_eq!(told(&decoded, "token.active"), Some(&Knowledge::Known(Value::Bool(false))));
    assert!(!format!("{decoded:?}").contains(text), "{decoded:?}");
}

/// The account is refused, whatever the token: alive, nothing more is asked, and it says what to do.
fn account_is_refused(text: &str, says: &str) {
    let decoded = first(answer(403, json!({"message": text}).to_string()));
    let (reason, _) = refusal(&decoded).unwrap_or_else(|| panic!("{text}: {decoded:?}"));
    assert!(reason.contains(says), "{reason}");
    assert!(decoded.ends.is_some());
    assert_eq!(told(&decoded, "token.active"), Some(&Knowledge::Known(Value::Bool(true))));
}

/// Neither dead nor known: the question stays open, and the next one is asked.
fn says_nothing_of_the_credential(status: u16, text: &str) {
    let decoded = first(message(status, text));
    assert!(refusal(&decoded).is_none() && decoded.ends.is_none(), "{decoded:?}");
    assert!(matches!(told(&decoded, "user.username"), Some(Knowledge::Unknown(_))), "{decoded:?}");
}

fn infra() -> Target {
    Target::Repository(RepositoryName::parse("acme/infra").unwrap())
}

/// The facts of a repository that its own answer tells.
const OF_REPOSITORY: [&str; 5] =
    ["repository.name", "repository.code", "repository.archived", "repository.visibility", "repository.default_branch"];

fn of_repository(answer: Answer) -> Decoded {
    let mut facts = served("gitea", "1.27.0");
    facts.repository(&RepositoryName::parse("acme/infra").unwrap());
    ask("repository", &infra(), &facts, &OF_REPOSITORY, &[("/repos/acme/infra", answer)])
}

#[test]
fn texts_of_5_1_of_a_repository_that_is_not_shown() {
    for text in
        ["The target couldn't be found.", "Das Ziel konnte nicht gefunden werden.", "not found", "GetUserByName"]
    {
        let decoded = of_repository(message(404, text));
        assert!(decoded.incidents.iter().any(|one| matches!(one, Incident::NotVisible { .. })), "{text}");
        assert!(decoded.ends.is_none());
        for path in OF_REPOSITORY {
            assert!(matches!(told(&decoded, path), Some(Knowledge::Unknown(_))), "{text} {path}");
        }
    }
}

#[test]
fn a_404_that_is_no_json_says_nothing_of_a_repository() {
    let decoded = of_repository(answer(404, "404 page not found\n"));
    assert!(decoded.incidents.is_empty(), "{decoded:?}");
    let Some(Knowledge::Unknown(why)) = told(&decoded, "repository.archived") else { panic!() };
    assert_eq!(why.cause, Cause::NotReachable);
}

/// A repository that is whole.
fn whole() -> Json {
    json!({
        "id": 7, "full_name": "acme/infra", "private": true, "internal": false, "archived": false,
        "has_pull_requests": true, "default_branch": "main", "owner": {"visibility": "public"},
        "permissions": {"admin": false, "push": true, "pull": true}
    })
}

#[test]
fn a_whole_repository_tells_everything() {
    let decoded = of_repository(answer(200, whole().to_string()));
    assert_eq!(told(&decoded, "repository.code"), Some(&Knowledge::Known(Value::Word("write"))));
    assert_eq!(told(&decoded, "repository.visibility"), Some(&Knowledge::Known(Value::Word("private"))));
    for path in OF_REPOSITORY {
        assert!(matches!(told(&decoded, path), Some(Knowledge::Known(_))), "{path}");
    }
}

/// What each fact of a repository is read from.
const READ_FROM: [(&str, &[&str]); 5] = [
    ("repository.name", &["/full_name"]),
    ("repository.code", &["/permissions/admin", "/permissions/push", "/permissions/pull", "/permissions"]),
    ("repository.archived", &["/archived"]),
    ("repository.visibility", &["/private", "/internal"]),
    ("repository.default_branch", &["/default_branch"]),
];

/// A field that is missing, null or of another type leaves its fact unknown: never false, never the least.
#[test]
fn a_field_that_is_not_what_it_should_be_is_unknown_and_never_false() {
    for (path, fields) in READ_FROM {
        for field in fields {
            for wrong in [Json::Null, json!(0), json!("no"), json!([]), json!({}), json!({"admin": null})] {
                let mut body = whole();
                let right = body.pointer(field).unwrap().clone();
                if std::mem::discriminant(&right) == std::mem::discriminant(&wrong) {
                    continue;
                }
                *body.pointer_mut(field).unwrap() = wrong.clone();
                let decoded = of_repository(answer(200, body.to_string()));
                assert!(
                    matches!(told(&decoded, path), Some(Knowledge::Unknown(_))),
                    "{path}: {field} is {wrong}: {:?}",
                    told(&decoded, path)
                );
            }
            let mut body = whole();
            let (parent, name) = field.rsplit_once('/').unwrap();
            body.pointer_mut(parent).unwrap().as_object_mut().unwrap().remove(name);
            let decoded = of_repository(answer(200, body.to_string()));
            assert!(matches!(told(&decoded, path), Some(Knowledge::Unknown(_))), "{path}: {field} is missing");
        }
    }
}

#[test]
fn rights_that_contradict_each_other_are_unknown() {
    for (admin, push, pull) in [(true, false, true), (true, true, false), (false, true, false), (true, false, false)] {
        let mut body = whole();
        body["permissions"] = json!({"admin": admin, "push": push, "pull": pull});
        let decoded = of_repository(answer(200, body.to_string()));
        assert!(matches!(told(&decoded, "repository.code"), Some(Knowledge::Unknown(_))), "{admin} {push} {pull}");
    }
}

#[test]
fn an_answer_that_is_cut_or_no_json_tells_nothing() {
    let text = whole().to_string();
    for body in [text.split_once("owner").unwrap().0, "", "[]", "null", "<!DOCTYPE html>", "\"acme/infra\""] {
        let decoded = of_repository(answer(200, body));
        for path in OF_REPOSITORY {
            assert!(matches!(told(&decoded, path), Some(Knowledge::Unknown(_))), "{path}: {body}");
        }
    }
}

#[test]
fn a_public_repository_of_an_owner_who_is_not_is_internal() {
    for (owner, word) in [("public", "public"), ("limited", "internal"), ("private", "internal")] {
        let mut body = whole();
        body["private"] = json!(false);
        body["owner"]["visibility"] = json!(owner);
        let decoded = of_repository(answer(200, body.to_string()));
        assert_eq!(told(&decoded, "repository.visibility"), Some(&Knowledge::Known(Value::Word(word))));
    }
    let mut body = whole();
    body["private"] = json!(false);
    body["owner"] = json!({});
    let decoded = of_repository(answer(200, body.to_string()));
    assert!(matches!(told(&decoded, "repository.visibility"), Some(Knowledge::Unknown(_))));
}

/// The right on a repository, where its own answer shows this one.
fn permission(code: &'static str, answer: Answer) -> Option<Knowledge> {
    let mut facts = served("gitea", "1.27.0");
    facts.credential.set(index("user.username").unwrap(), known(Value::String("acme-bot".into())));
    let at = facts.repository(&RepositoryName::parse("acme/infra").unwrap());
    facts.repositories.facts_mut(at).unwrap().set(index("repository.code").unwrap(), known(Value::Word(code)));
    let path = "/repos/acme/infra/collaborators/acme-bot/permission";
    let decoded = ask("repository_permission", &infra(), &facts, &["repository.permission"], &[(path, answer)]);
    told(&decoded, "repository.permission").cloned()
}

#[test]
fn the_higher_right_of_both_answers_counts_and_none_alone_is_unknown() {
    let of = |word: &str| answer(200, json!({"permission": word, "user": {"id": 2, "login": "Acme-Bot"}}).to_string());
    for (code, route, right) in [
        ("read", "none", "read"),
        ("write", "read", "write"),
        ("read", "write", "write"),
        ("admin", "owner", "owner"),
        ("admin", "write", "admin"),
    ] {
        assert_eq!(permission(code, of(route)), Some(Knowledge::Known(Value::Word(right))), "{code} and {route}");
    }
    assert!(matches!(permission("none", of("none")), Some(Knowledge::Unknown(_))));
    assert!(matches!(permission("read", of("root")), Some(Knowledge::Unknown(_))));
    let other = answer(200, json!({"permission": "owner", "user": {"id": 3, "login": "somebody"}}).to_string());
    assert!(matches!(permission("read", other), Some(Knowledge::Unknown(_))));
    let refused = message(403, "Only admins can query all permissions, repo admins can query all repo permissions");
    let Some(Knowledge::Bounded(Bounds::Level { least, most }, _)) = permission("write", refused) else { panic!() };
    assert_eq!((least, most), (Some("write"), None));
}

fn git(visibility: &'static str, code: &'static str, public_only: Option<bool>, answer: Answer) -> Option<Knowledge> {
    let mut facts = served("forgejo", "11.0.15");
    facts.credential.set(index("token.kind").unwrap(), known(Value::Word("personal")));
    if let Some(limited) = public_only {
        facts.credential.set(index("token.public_only").unwrap(), known(Value::Bool(limited)));
    }
    let at = facts.repository(&RepositoryName::parse("acme/infra").unwrap());
    for (path, word) in [("repository.visibility", visibility), ("repository.code", code)] {
        facts.repositories.facts_mut(at).unwrap().set(index(path).unwrap(), known(Value::Word(word)));
    }
    let path = "/acme/infra.git/info/refs?service=git-receive-pack";
    told(&ask("git_push", &infra(), &facts, &["token.scopes"], &[(path, answer)]), "token.scopes").cloned()
}

fn typed(status: u16, kind: &str, body: &str) -> Answer {
    Answer { headers: vec![("content-type".to_owned(), kind.to_owned())], ..answer(status, body) }
}

#[test]
fn row_of_3_7_git_proves_under_its_conditions_alone() {
    let advertised = typed(200, "application/x-git-receive-pack-advertisement", "001f# service=git-receive-pack\n");
    let Some(Knowledge::Bounded(Bounds::Names { granted, .. }, _)) = git("private", "read", None, advertised) else {
        panic!()
    };
    assert!(granted.grants("write:repository") && granted.grants("read:repository"));
    let forbidden = || typed(403, "text/plain; charset=utf-8", "Forbidden\n");
    let denies = |knowledge: Option<Knowledge>| matches!(knowledge, Some(Knowledge::Bounded(Bounds::Names { denied, .. }, _)) if denied.grants("write:repository"));
    assert!(denies(git("private", "read", Some(false), forbidden())));
    assert!(denies(git("public", "read", None, forbidden())));
    // Limited to what is public, it would be refused alike.
    assert!(!denies(git("private", "read", None, forbidden())));
    assert!(!denies(git("private", "read", Some(true), forbidden())));
    for other in [
        typed(403, "text/plain", "This repo is archived. You can view files and clone it, but cannot push."),
        typed(200, "text/html; charset=utf-8", "<!DOCTYPE html>"),
        typed(404, "text/plain", "Repository not found"),
        typed(401, "text/plain", "Unauthorized\n"),
    ] {
        let status = other.status;
        let said = git("private", "write", Some(false), other);
        assert!(matches!(said, Some(Knowledge::Unknown(_))), "{status}: {said:?}");
    }
}

#[test]
fn a_list_of_webhooks_that_contradicts_itself_has_no_end_constructed() {
    let hook = |id: Json| {
        json!({"id": id, "type": "gitea", "active": true, "events": ["push"],
               "config": {"url": "https://plan.acme.dev/events", "content_type": "json"}})
    };
    let target = Target::Repository(RepositoryName::parse("acme/infra").unwrap());
    let webhooks = |items: &[Json], total: &str| {
        let mut page = answer(200, json!(items).to_string());
        page.headers.push(("x-total-count".to_owned(), total.to_owned()));
        let path = "/repos/acme/infra/hooks?limit=50";
        let decoded = ask("webhooks", &target, &served("gitea", "1.27.0"), &["repository.webhooks"], &[(path, page)]);
        told(&decoded, "repository.webhooks").cloned()
    };
    let two = [hook(json!(1)), hook(json!(2))];
    assert!(matches!(webhooks(&two, "2"), Some(Knowledge::Known(Value::Records(all))) if all.len() == 2));
    for (items, total) in
        [(&two[..], "1"), (&two[..], "3"), (&[hook(json!(1)), hook(Json::Null)][..], "2"), (&[json!({})][..], "1")]
    {
        let said = webhooks(items, total);
        assert!(matches!(said, Some(Knowledge::Bounded(Bounds::List(_), _))), "{total}: {said:?}");
    }
}

#[test]
fn a_record_keeps_of_a_chats_address_the_host_alone() {
    for name in ["webhooks", "organization_webhooks"] {
        let hook =
            |kind: &str| json!({"id": 1, "type": kind, "config": {"url": "https://hooks.acme.dev/services/zzz"}});
        let body = |kind: &str| {
            let given = answer(200, json!([hook(kind)]).to_string());
            String::from_utf8(trim(host().request(name).unwrap(), Kept::default(), &given).body).unwrap()
        };
        assert!(body("gitea").contains("/services/zzz"));
        let chats =
            ["slack", "discord", "dingtalk", "telegram", "msteams", "feishu", "matrix", "wechatwork", "packagist"];
        for chat in chats {
            assert!(body(chat).contains("https://hooks.acme.dev/***") && !body(chat).contains("zzz"), "{chat}");
        }
    }
}

/// What a list of tokens that is refused so leads to, on a server that wants the token as a password.
fn of_list(answer: Answer) -> Decoded {
    let mut facts = served("gitea", "1.24.7");
    for (path, value) in [
        ("token.kind", Value::Word("personal")),
        ("token.active", Value::Bool(true)),
        ("user.username", Value::String("acme-bot".to_owned())),
    ] {
        facts.credential.set(index(path).unwrap(), known(value));
    }
    let list = "/users/acme-bot/tokens?limit=50";
    ask("token", &Target::Credential, &facts, &["token.scopes", "token.name"], &[(list, answer)])
}

#[test]
fn texts_of_5_1_of_a_password_that_is_none_say_nothing_of_the_token() {
    for text in [
        "user's password is invalid [uid: 12, name: acme-bot]",
        "user does not exist [uid: 0, name: acme-bot]",
        "basic authentication by username & password is disabled",
        "auth required",
    ] {
        let decoded = of_list(message(401, text));
        assert!(refusal(&decoded).is_none() && decoded.ends.is_none(), "{text}: {decoded:?}");
        assert!(matches!(told(&decoded, "token.name"), Some(Knowledge::Unknown(_))), "{text}: {decoded:?}");
        assert!(!format!("{decoded:?}").contains(text), "{decoded:?}");
    }
}

#[test]
fn text_of_5_1_auth_method_not_allowed_constructed() {
    let decoded = of_list(message(401, "auth method not allowed"));
    assert!(refusal(&decoded).is_none() && decoded.ends.is_none(), "{decoded:?}");
}

#[test]
fn texts_of_5_1_of_names_that_are_not_there_prove_a_scope_and_nothing_else() {
    // An account, and an organization: a handler spoke, so that the scope is there.
    let decoded = of_list(message(404, "user redirect does not exist [name: acme-bot]"));
    assert!(refusal(&decoded).is_none() && decoded.ends.is_none(), "{decoded:?}");
    let mut facts = served("forgejo", "11.0.15");
    facts.credential.set(index("token.kind").unwrap(), known(Value::Word("personal")));
    let gone = message(404, "GetOrgByName");
    // No other question is answered by Gitea.
    let page = || typed(404, "text/html", "<html>not found</html>");
    let asked = proofs::reads().map(|path| (path, if path == "/orgs/explore" { gone.clone() } else { page() }));
    let decoded = ask("token", &Target::Credential, &facts, &["token.scopes"], &asked.collect::<Vec<_>>());
    let Some(Knowledge::Bounded(Bounds::Names { granted, denied }, _)) = told(&decoded, "token.scopes") else {
        panic!("{decoded:?}")
    };
    assert!(granted.grants("read:organization") && !granted.grants("write:organization") && denied.is_empty());
}

#[test]
fn texts_of_5_1_of_git_prove_nothing() {
    for (status, text) in [
        (403, "Push to create is not enabled for organizations."),
        (403, "Push to create is not enabled for users."),
        (404, "Repository not found"),
    ] {
        let said = git("private", "write", Some(false), typed(status, "text/plain", text));
        assert!(matches!(said, Some(Knowledge::Unknown(_))), "{text}: {said:?}");
    }
}

/// What the one question of whose a token is leads to.
fn whose(version: &str, answer: Answer) -> Decoded {
    let mut facts = served("forgejo", version);
    let at = facts.repository(&RepositoryName::parse("acme/infra").unwrap());
    facts.repositories.facts_mut(at).unwrap().set(index("repository.code").unwrap(), known(Value::Word("write")));
    let path = "/repos/acme/infra/collaborators/acme-bot/permission";
    let facts_wanted = ["user.username", "repository.permission"];
    ask("whose", &infra(), &facts, &facts_wanted, &[(path, answer)])
}

fn right_of(login: &str) -> Json {
    json!({"permission": "write", "role_name": "write", "user": {"id": 12, "login": login}})
}

#[test]
fn row_of_3_8_the_account_itself_is_told_its_right() {
    let decoded = whose("15.0.3", answer(200, right_of("acme-bot").to_string()));
    assert_eq!(told(&decoded, "user.username"), Some(&Knowledge::Known(Value::String("acme-bot".into()))));
    assert_eq!(told(&decoded, "user.id"), Some(&Knowledge::Known(Value::Integer(12))));
    assert_eq!(told(&decoded, "repository.permission"), Some(&Knowledge::Known(Value::Word("write"))));
}

#[test]
fn row_of_3_8_a_refusal_says_that_it_is_another_account() {
    let only = "Only admins can query all permissions, repo admins can query all repo permissions, collaborators can \
                query only their own";
    for (status, text) in [(403, only), (404, "user does not exist [uid: 0, name: acme-bot]")] {
        let decoded = whose("15.0.3", message(status, text));
        assert!(matches!(told(&decoded, "user.username"), Some(Knowledge::Unknown(_))), "{decoded:?}");
        let is_said =
            |one: &Incident| matches!(one, Incident::AnotherAccount { configured, .. } if configured == "acme-bot");
        assert!(decoded.incidents.iter().any(is_said), "{text}: {decoded:?}");
    }
}

#[test]
fn row_of_3_8_nothing_else_tells_whose_it_is_constructed() {
    let without = |field: &str| {
        let mut body = right_of("acme-bot");
        body["user"].as_object_mut().unwrap().remove(field);
        answer(200, body.to_string())
    };
    for (version, answer) in [
        ("15.0.3", answer(200, right_of("somebody-else").to_string())),
        ("15.0.3", without("login")),
        ("15.0.3", without("id")),
        ("15.0.3", answer(200, r#"{"permission":"write","user":{"id":"12","login":"acme-bot"}}"#)),
        ("15.0.3", answer(200, r#"{"permission":"write","user":{"id":12,"login":"acme-bot","login":"other"}}"#)),
        ("15.0.3", answer(200, "<html>")),
        ("15.0.3", answer(200, r#"{"permission":"#)),
        ("15.0.3", message(404, "The target couldn't be found.")),
        ("15.0.3", answer(404, "404 page not found\n")),
        ("15.0.3", message(403, "token does not have at least one of required scope(s): [read:repository]")),
        ("15.0.3", message(403, "Keine Berechtigung")),
        ("15.0.3", message(500, "")),
        ("10.0.3", answer(200, right_of("acme-bot").to_string())),
    ] {
        let body = String::from_utf8_lossy(&answer.body).into_owned();
        let decoded = whose(version, answer);
        assert!(matches!(told(&decoded, "user.username"), Some(Knowledge::Unknown(_))), "{body}: {decoded:?}");
        assert!(!decoded.incidents.iter().any(|one| matches!(one, Incident::AnotherAccount { .. })), "{body}");
    }
}

/// What the default branch's answer makes of the rights on it and of the right on the code, which is known so far.
fn on_branch(code: &'static str, protected: Json, push: bool, merge: bool) -> [Knowledge; 3] {
    let mut facts = served("gitea", "1.27.0");
    let at = facts.repository(&RepositoryName::parse("acme/infra").unwrap());
    let mut repository = whole();
    let reached = ["none", "read", "write", "admin"].iter().position(|level| *level == code).unwrap();
    for (place, right) in ["pull", "push", "admin"].into_iter().enumerate() {
        repository["permissions"][right] = (place < reached).into();
    }
    for (target, at, fact) in &of_repository(answer(200, repository.to_string())).facts {
        facts.learn(target, *at, fact.clone());
    }
    let body = json!({"name": "main", "protected": protected, "user_can_push": push, "user_can_merge": merge});
    let paths = ["repository.push_default", "repository.merge_default"];
    let path = "/repos/acme/infra/branches/main";
    let decoded = ask("branch", &infra(), &facts, &paths, &[(path, answer(200, body.to_string()))]);
    for (target, at, fact) in &decoded.facts {
        facts.learn(target, *at, fact.clone());
    }
    let (_, repository) = facts.repositories.get(at).unwrap();
    ["repository.push_default", "repository.merge_default", "repository.code"]
        .map(|path| repository.get(index(path).unwrap()).unwrap().knowledge.clone())
}

#[test]
fn a_branch_and_a_repository_that_contradict_each_other_are_not_believed_constructed() {
    let no = || Json::Bool(false);
    for (code, protected, push, merge) in [
        // Without protection, both rights are the right to write the code.
        ("read", no(), true, true),
        ("write", no(), false, false),
        ("none", no(), true, true),
        ("none", no(), false, false),
        // The branch is shown to those who read the code.
        ("none", Json::Bool(true), false, true),
    ] {
        let causes = on_branch(code, protected.clone(), push, merge).map(|knowledge| knowledge.cause());
        assert_eq!(causes, [Some(Cause::Malformed); 3], "{code} {protected} {push} {merge}");
    }
    for (protected, push, merge) in [(no(), true, false), (no(), false, true), (Json::Null, true, true)] {
        let [push, merge, code] = on_branch("write", protected, push, merge);
        assert_eq!([push.cause(), merge.cause()], [Some(Cause::Malformed); 2]);
        assert_eq!(code, Knowledge::Known(Value::Word("write")));
    }
    let yes = || Json::Bool(true);
    for (code, protected, push, merge) in [
        ("read", no(), false, false),
        ("write", no(), true, true),
        ("admin", no(), true, true),
        ("write", yes(), false, true),
        // A list of who may merge lets those in who may not write.
        ("read", yes(), false, true),
    ] {
        let told = on_branch(code, protected.clone(), push, merge);
        let is = |flag| Knowledge::Known(Value::Bool(flag));
        let expected = [is(push), is(merge), Knowledge::Known(Value::Word(code))];
        assert_eq!(told, expected, "{code} {protected} {push} {merge}");
    }
}

#[test]
fn a_default_branch_without_a_name_is_of_an_empty_repository_constructed() {
    let mut empty = whole();
    empty["default_branch"] = "".into();
    let decoded = of_repository(answer(200, empty.to_string()));
    let Some(Knowledge::Unknown(why)) = told(&decoded, "repository.default_branch") else { panic!() };
    assert_eq!(why.cause, Cause::NotRevealable);
    assert!(why.reason.contains("may be empty"), "{}", why.reason);
}

#[test]
fn an_organization_that_is_not_shown_may_be_a_person_constructed() {
    let facts = served("gitea", "1.27.0");
    let target = Target::Organization("acme".into());
    let path = "/orgs/acme/hooks?limit=50";
    let missing = message(404, "GetOrgByName");
    let mut with = facts;
    with.organization("acme");
    let decoded = ask("organization_webhooks", &target, &with, &["organization.webhooks"], &[(path, missing)]);
    let Some(Knowledge::Unknown(why)) = told(&decoded, "organization.webhooks") else { panic!("{decoded:?}") };
    assert_eq!(why.cause, Cause::NotPermitted);
    assert!(why.reason.contains("may be a person"), "{}", why.reason);
}
