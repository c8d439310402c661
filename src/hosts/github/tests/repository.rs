//! Repositories, their webhooks, their lists, and what they prove of organisations.

use jiff::Timestamp;
use serde_json::{Value as Json, json};

use std::sync::Arc;

use super::{
    REQUEST_ID, account, acme, actions, answer, answered, ask, ask_knowing, cause, credential, host, index, infra,
    is_told, known, learn, message, next_page, of, raw, repository, sources, text, told, with, without, word,
};
use crate::facts::{
    Bounds, Cause, Fact, FactSet, Incident, Knowledge, PermissionMap, SubjectRef, Target, Unknown, Value, WebAddress,
    base_facts, derive,
};
use crate::hosts::{Brief, Decoded};
use crate::vocabulary::{HostKind, Type};

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
    assert!(can.evidence.iter().any(|evidence| evidence.source.to_string() == "header X-OAuth-Scopes"));
    assert!(can.evidence.iter().any(|evidence| evidence.source.to_string() == "field permissions"));
    let reads = base_facts(HostKind::GitHub, index("repository.can"));
    let settled = reads.iter().filter(|at| facts.fact(**at, from).is_some()).count();
    assert_eq!(
        settled,
        reads.len() - 5,
        "two requests settle all but the default branch's rules, a permission map and installation, which such a token lacks"
    );
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
        let brief = Brief {
            row,
            targets: [infra()].into(),
            credential: &credential,
            so_far: Arc::new(so_far.clone()),
            facts: wanted.as_slice().into(),
            wanted: crate::facts::Wanted::All,
        };
        let (_, decoded) = answered(&so_far, &brief, Ok(answer(200, &[REQUEST_ID], &body)));
        assert_eq!(cause(&decoded, "repository.permission"), Some(Cause::NotRevealable));
    }
    // A user's token cannot be denied what it just did.
    let decoded = ask(&of("ghp"), "repository", &infra(), answer(200, &[REQUEST_ID], &body));
    assert_eq!(cause(&decoded, "repository.permission"), Some(Cause::Malformed));
    let decoded = ask(&credential("an unusual text"), "repository", &infra(), answer(200, &[REQUEST_ID], &body));
    assert_eq!(cause(&decoded, "repository.permission"), Some(Cause::NotRevealable), "it may be an installation's");
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
    let url = "https://bot:hunter2@atlantis.example.com/events?token=abc#x";
    assert_eq!(first["url"], Knowledge::Known(Value::Address(WebAddress::new(url))));
    assert_eq!((&first["active"], &second["active"]), (&known(true), &known(false)));
    assert_eq!((&first["secret_set"], &second["secret_set"]), (&known(true), &known(false)));
    assert_eq!((&first["insecure_ssl"], &second["insecure_ssl"]), (&known(false), &known(true)));
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
    assert_eq!(next_page(answered.clone()).as_deref(), Some(next));
    let decoded = ask(&of("ghp"), "user_repositories", &Target::Credential, answered);
    assert_eq!(names(&decoded), ["acme/infra", "acme/live-eu"]);
    assert_eq!(decoded.incomplete.map(|why| why.cause), Some(Cause::Incomplete), "the further page did not come");
    let last = answer(200, &[("X-OAuth-Scopes", "repo")], &list);
    assert_eq!(ask(&of("ghp"), "user_repositories", &Target::Credential, last).incomplete, None);

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
    for page in ["<html>", "", "[{\"full_name\": \"acme/in", "\u{feff}[]"] {
        let decoded =
            ask(&of("ghp"), "user_repositories", &Target::Credential, raw(200, &[("X-OAuth-Scopes", "repo")], page));
        assert_eq!(decoded.incomplete.map(|why| why.cause), Some(Cause::Malformed), "a list with `{page}` has no end");
    }
    let refused = answer(403, &[], &message("Resource not accessible by integration"));
    let decoded = ask(&of("ghp"), "user_repositories", &Target::Credential, refused);
    assert_eq!(decoded.incomplete.map(|why| why.cause), Some(Cause::NotPermitted));

    let wrapped =
        json!({"total_count": 1, "repository_selection": "selected", "repositories": [{"full_name": "acme/infra"}]});
    let decoded =
        ask(&of("ghs"), "installation_repositories", &Target::Credential, answer(200, &[REQUEST_ID], &wrapped));
    assert_eq!((names(&decoded), decoded.incomplete), (vec!["acme/infra".to_owned()], None));
}
