//! Derived facts, from what is known of those they rest on.

use std::sync::Arc;

use super::*;
use crate::facts::{Evidence, Half, Listed, PermissionMap, RepositoryName, RequestLabel, hidden, lacks};
use crate::vocabulary::{HostKind, NameSet, Place};

const NOW: &str = "2026-11-23T12:00:00Z";

fn now() -> Timestamp {
    NOW.parse().unwrap()
}

fn index(path: &str) -> FactIndex {
    vocabulary::host(HostKind::GitHub).fact(path).unwrap()
}

fn evidence(source: &str) -> Evidence {
    let request = Arc::new(RequestLabel { method: "GET", url: "https://api.github.com/user".into() });
    Evidence::answer(&request, Some(200), Place::Recorded(source.into()))
}

/// Facts of one credential and, where the path is a repository's, of `acme/infra`.
fn given(rows: &[(&str, Knowledge)]) -> FactSet {
    let mut facts = FactSet::new(HostKind::GitHub);
    let at = facts.repository(&RepositoryName::parse("acme/infra").unwrap());
    for (path, knowledge) in rows {
        let fact = Fact { knowledge: knowledge.clone(), evidence: vec![evidence(path)] };
        let subject = match vocabulary::host(HostKind::GitHub).row(index(path)).subject {
            Subject::Repository => SubjectRef::Repository(at),
            Subject::Organization => SubjectRef::Organization(facts.organization("acme")),
            Subject::Credential => SubjectRef::Credential,
        };
        facts.subject_mut(subject).unwrap().set(index(path), fact);
    }
    facts
}

fn derived(rows: &[(&str, Knowledge)], path: &str) -> Option<Knowledge> {
    let mut facts = given(rows);
    derive(&mut facts, now());
    facts.fact(index(path), SubjectRef::Repository(0)).map(|fact| fact.knowledge.clone())
}

fn word(word: &'static str) -> Knowledge {
    Knowledge::Known(Value::Word(word))
}

fn scopes(names: &[&str]) -> Knowledge {
    let Type::Names(table) = vocabulary::host(HostKind::GitHub).row(index("token.scopes")).ty else { panic!("a set") };
    Knowledge::Known(Value::Names(NameSet::new(table, names)))
}

fn permissions(items: &[(&str, &str)]) -> PermissionMap {
    items.iter().map(|(name, level)| ((*name).to_owned(), (*level).to_owned())).collect()
}

fn known(value: bool) -> Knowledge {
    Knowledge::Known(Value::Bool(value))
}

/// The names decided: granted and denied, and whether all are.
fn can(rows: &[(&str, Knowledge)]) -> (Vec<String>, Vec<String>, bool) {
    let list = |set: &NameSet| set.names().into_iter().map(str::to_owned).collect();
    match derived(rows, "repository.can").unwrap() {
        Knowledge::Known(Value::Names(set)) => (list(&set), Vec::new(), true),
        Knowledge::Bounded(Bounds::Names { granted, denied }, _) => (list(&granted), list(&denied), false),
        Knowledge::Unknown(_) => (Vec::new(), Vec::new(), false),
        other => panic!("{other:?}"),
    }
}

#[test]
fn the_time_until_expiry_carries_absence_causes_and_evidence() {
    let at = |text: &str| Knowledge::Known(Value::Time(text.parse().unwrap()));
    let days = |days: i64| Knowledge::Known(Value::Duration(SignedDuration::from_hours(24 * days)));
    let unknown = Knowledge::unknown(Cause::Malformed, "the header is no date");
    for (base, expected) in [
        (at("2026-11-30T12:00:00Z"), days(7)),
        (at("2026-11-22T12:00:00Z"), days(-1)),
        (Knowledge::Absent, Knowledge::Absent),
        (Knowledge::Inapplicable("no expiry".into()), Knowledge::Inapplicable("no expiry".into())),
        (unknown.clone(), unknown),
    ] {
        assert_eq!(derived(&[("token.expires_at", base)], "token.expires_in"), Some(expected));
    }
    assert_eq!(derived(&[("token.created_at", at("2026-11-13T12:00:00Z"))], "token.age"), Some(days(10)));
    assert_eq!(derived(&[], "token.expires_in"), None, "nothing follows from what nobody asked");

    let mut facts = given(&[("token.expires_at", Knowledge::Absent)]);
    derive(&mut facts, now());
    let fact = facts.credential.get(index("token.expires_in")).unwrap();
    assert_eq!(fact.evidence, vec![evidence("token.expires_at")]);
}

#[test]
fn a_given_derived_fact_stays_and_a_derived_one_is_derived_again() {
    let given_duration = Knowledge::Known(Value::Duration(SignedDuration::from_secs(5)));
    let mut facts = given(&[("token.expires_at", Knowledge::Absent), ("token.expires_in", given_duration.clone())]);
    derive(&mut facts, now());
    assert_eq!(facts.credential.get(index("token.expires_in")).unwrap().knowledge, given_duration);

    let mut facts = given(&[("token.kind", word("classic")), ("repository.permission", word("read"))]);
    derive(&mut facts, now());
    let before = facts.fact(index("repository.can"), SubjectRef::Repository(0)).unwrap().knowledge.clone();
    assert!(matches!(before, Knowledge::Bounded(..)), "{before:?}");
    facts.credential.set(index("token.scopes"), Fact { knowledge: scopes(&["repo"]), evidence: Vec::new() });
    for (path, knowledge) in [("repository.visibility", word("private")), ("repository.archived", known(false))] {
        let fact = Fact { knowledge, evidence: Vec::new() };
        facts.subject_mut(SubjectRef::Repository(0)).unwrap().set(index(path), fact);
    }
    derive(&mut facts, now());
    let after = &facts.fact(index("repository.can"), SubjectRef::Repository(0)).unwrap().knowledge;
    let Knowledge::Known(Value::Names(set)) = after else { panic!("{after:?}") };
    assert_eq!(set.names(), ["clone", "comment", "read"]);
}

#[test]
fn lifetime_is_the_kinds_or_the_expirys() {
    let in_hours =
        |hours: i64| Knowledge::Known(Value::Time(now().checked_add(SignedDuration::from_hours(hours)).unwrap()));
    for (rows, expected) in [
        (vec![("token.kind", word("classic"))], word("standing")),
        (vec![("token.kind", word("app_installation"))], word("short_lived")),
        (vec![("token.kind", word("actions"))], word("job")),
        (vec![("token.kind", word("app_user")), ("token.expires_at", in_hours(7))], word("short_lived")),
        (vec![("token.kind", word("app_user")), ("token.expires_at", in_hours(48))], word("standing")),
        (vec![("token.kind", word("app_user")), ("token.expires_at", Knowledge::Absent)], word("standing")),
    ] {
        assert_eq!(derived(&rows, "token.lifetime"), Some(expected), "{rows:?}");
    }
    let why = Unknown::new(Cause::Malformed, "40 hexadecimal digits");
    let both = |words| Knowledge::Bounded(Bounds::Candidates(words), why.clone());
    assert_eq!(
        derived(&[("token.kind", both(vec!["classic", "oauth_app"]))], "token.lifetime"),
        Some(word("standing"))
    );
    let open = derived(&[("token.kind", both(vec!["classic", "actions"]))], "token.lifetime");
    assert_eq!(open, Some(both(vec!["standing", "job"])));
    let open = derived(&[("token.kind", word("app_user"))], "token.lifetime").unwrap();
    assert!(matches!(open, Knowledge::Bounded(Bounds::Candidates(words), _) if words.len() == 2));
    let none = derived(&[("token.kind", Knowledge::Unknown(why.clone()))], "token.lifetime");
    assert_eq!(none, Some(Knowledge::Unknown(why)));
}

#[test]
fn access_maps_roles_and_their_bounds() {
    let why = Unknown::new(Cause::Incomplete, "a custom role");
    let bounds = |least, most| Knowledge::Bounded(Bounds::Level { least, most }, why.clone());
    for (role, access) in [
        (word("triage"), word("read")),
        (word("none"), word("none")),
        (word("maintain"), word("maintain")),
        (Knowledge::Absent, Knowledge::Absent),
        (Knowledge::Unknown(why.clone()), Knowledge::Unknown(why.clone())),
        (bounds(Some("triage"), None), bounds(Some("read"), None)),
        (bounds(Some("read"), Some("triage")), word("read")),
        (bounds(None, Some("write")), bounds(None, Some("write"))),
    ] {
        assert_eq!(derived(&[("repository.permission", role)], "repository.access"), Some(access));
    }
}

/// A classic token's facts with everything else as usual, and a default branch without rules.
fn classic(names: &[&str], role: &'static str, visibility: &'static str) -> Vec<(&'static str, Knowledge)> {
    vec![
        ("token.kind", word("classic")),
        ("token.scopes", scopes(names)),
        ("repository.name", Knowledge::Known(Value::String("acme/infra".into()))),
        ("repository.permission", word(role)),
        ("repository.visibility", word(visibility)),
        ("repository.archived", known(false)),
        ("repository.push_default", known(true)),
        ("repository.merge_default", known(true)),
    ]
}

#[test]
fn abilities_take_both_the_grant_and_the_role() {
    let decided = |rows: &[(&str, Knowledge)]| {
        let (granted, _, all) = can(rows);
        assert!(all, "{rows:?}");
        granted.join(" ")
    };
    assert_eq!(
        decided(&classic(&["repo"], "write", "private")),
        "clone comment merge push push_default read set_status"
    );
    assert_eq!(decided(&classic(&["gist"], "admin", "private")), "", "an admin's token may grant nothing");
    assert_eq!(decided(&classic(&["gist"], "admin", "public")), "clone read", "everybody has these");
    assert_eq!(decided(&classic(&["repo:status"], "write", "private")), "set_status");
    assert_eq!(
        decided(&classic(&["public_repo"], "write", "public")),
        "clone comment merge push push_default read set_status"
    );
    assert_eq!(decided(&classic(&["public_repo"], "write", "private")), "");
    assert_eq!(decided(&classic(&["admin:repo_hook"], "admin", "private")), "manage_webhooks");
    assert_eq!(decided(&classic(&["repo"], "none", "private")), "");
}

/// The halves that an ability lacks, with what to do; what is open has a question instead.
fn lacking(rows: &[(&str, Knowledge)], ability: &str) -> Vec<(Half, String)> {
    lacks(&given(rows), SubjectRef::Repository(0), ability)
        .into_iter()
        .map(|lack| {
            assert_eq!(lack.unknown.is_none(), lack.mend.is_some(), "{lack:?}");
            (lack.half, lack.mend.unwrap_or(lack.why))
        })
        .collect()
}

#[test]
fn a_missing_ability_names_each_missing_half_and_its_mend() {
    let role = |least: &str| (Half::Role, format!("give the account the role `{least}` on the repository"));
    let grant = |what: &str| (Half::Grant, format!("grant it {what}"));
    assert_eq!(lacking(&classic(&["repo"], "write", "private"), "set_status"), []);
    assert_eq!(
        lacking(&classic(&["gist"], "read", "private"), "set_status"),
        [grant("scope `repo` or `repo:status`"), role("write")]
    );
    assert_eq!(
        lacking(&classic(&["gist"], "write", "public"), "set_status"),
        [grant("scope `repo`, `repo:status` or `public_repo`")]
    );
    assert_eq!(lacking(&classic(&["repo"], "write", "private"), "administer"), [role("admin")]);
    assert_eq!(lacking(&classic(&["gist"], "none", "public"), "clone"), [], "everybody can");
    assert_eq!(lacking(&classic(&["repo"], "write", "private"), "fly"), [], "no such ability");
    let mut archived = classic(&["repo"], "write", "private");
    archived.retain(|(path, _)| *path != "repository.archived");
    archived.push(("repository.archived", known(true)));
    let mend = "unarchive it, or take it out of the credential's scope".to_owned();
    assert_eq!(lacking(&archived, "push"), [(Half::Repository, mend)]);
    // What is certain comes alone; else each half that is open.
    let fine = |role: &'static str| {
        [
            ("token.kind", word("fine_grained")),
            ("repository.permission", word(role)),
            ("repository.visibility", word("private")),
            ("repository.archived", known(false)),
        ]
    };
    assert_eq!(lacking(&fine("read"), "push"), [role("write")]);
    assert_eq!(lacking(&fine("write"), "push"), [(Half::Grant, "whether the credential grants it".into())]);
    let mut without = fine("write").to_vec();
    without.push(("token.permissions", Knowledge::Known(Value::Permissions(permissions(&[("contents", "read")])))));
    assert_eq!(lacking(&without, "push"), [grant("`contents = write`")]);
    assert_eq!(lacking(&without, "comment"), [grant("`pull_requests = write` or `issues = write`")]);
}

#[test]
fn an_outside_collaborator_has_a_role_and_no_membership() {
    let outsider = |membership: Option<Knowledge>, role: &'static str, visibility: &'static str| {
        let mut rows = classic(&["repo"], role, visibility);
        rows.extend(membership.map(|membership| ("organization.role", membership)));
        derived(&rows, "repository.outside_collaborator")
    };
    let is = |membership: &'static str, role, visibility| match outsider(Some(word(membership)), role, visibility) {
        Some(Knowledge::Known(Value::Bool(is))) => is,
        other => panic!("{other:?}"),
    };
    assert!(
        is("none", "write", "private") && is("none", "read", "private") && is("billing_manager", "read", "private")
    );
    assert!(is("none", "triage", "public") && is("none", "write", "internal"));
    assert!(!is("none", "read", "public") && !is("none", "read", "internal"), "everybody has that much");
    assert!(!is("member", "write", "private") && !is("admin", "admin", "private"));
    let user = Knowledge::Inapplicable("`acme` is a user's account".into());
    assert!(matches!(outsider(Some(user), "write", "private"), Some(Knowledge::Inapplicable(_))));
    let hidden = Knowledge::unknown(Cause::NotPermitted, "hidden");
    let open = outsider(Some(hidden), "write", "private").unwrap();
    assert_eq!(open.cause(), Some(Cause::NotPermitted));
    assert_eq!(outsider(None, "write", "private"), None, "not asked yet");
}

#[test]
fn permissions_that_a_kind_cannot_hold_are_denied() {
    let host = vocabulary::host(HostKind::GitHub);
    let row = host.row(index("token.permissions"));
    let of = |kind: &str| hidden(row, host.credential_kind(kind).unwrap(), "it cannot list them");
    let Knowledge::Bounded(Bounds::Permissions { granted, denied }, why) = of("fine_grained") else { panic!("bounds") };
    assert!(granted.is_empty() && why.cause == Cause::NotRevealable);
    assert_eq!(denied.get("checks").map(String::as_str), Some("read"));
    assert!(!denied.contains_key("contents"));
    let row = host.row(index("token.created_at"));
    let known = hidden(row, host.credential_kind("fine_grained").unwrap(), "silent");
    assert_eq!(known, Knowledge::unknown(Cause::NotRevealable, "silent"));
}

#[test]
fn an_archived_repository_takes_no_changes() {
    let mut rows = classic(&["repo"], "admin", "private");
    rows.retain(|(path, _)| *path != "repository.archived");
    let (granted, denied, all) = can(&rows);
    assert_eq!((granted.join(" "), denied.len(), all), ("administer clone manage_webhooks read".into(), 0, false));
    rows.push(("repository.archived", known(true)));
    assert_eq!(can(&rows).0.join(" "), "administer clone manage_webhooks read");
}

#[test]
fn undecided_abilities_leave_the_set_bounded() {
    // A fine-grained token hides its grant: a low role still denies, nothing is granted.
    let rows = [
        ("token.kind", word("fine_grained")),
        ("repository.permission", word("read")),
        ("repository.visibility", word("private")),
        ("repository.archived", known(false)),
    ];
    let (granted, denied, all) = can(&rows);
    assert_eq!(
        (granted.join(" "), denied.join(" "), all),
        (String::new(), "administer manage_webhooks merge push push_default set_status".into(), false),
    );
    // What is certain of its permissions counts both ways.
    let why = Unknown::new(Cause::NotRevealable, "open");
    let mut rows = rows.to_vec();
    let bounds = Bounds::Permissions {
        granted: permissions(&[("metadata", "read")]),
        denied: permissions(&[("contents", "read"), ("issues", "write")]),
    };
    rows.push(("token.permissions", Knowledge::Bounded(bounds, why)));
    let (granted, denied, _) = can(&rows);
    assert_eq!(granted, ["read"]);
    assert!(denied.contains(&"clone".to_owned()), "{denied:?}");
    assert!(!denied.contains(&"comment".to_owned()), "`pull_requests` is still open");
}

#[test]
fn an_installation_needs_the_repository_to_be_covered() {
    let why = Unknown::new(Cause::NotRevealable, "no role");
    let full = permissions(&[("metadata", "read"), ("contents", "write"), ("statuses", "write")]);
    let mut rows = vec![
        ("token.kind", word("app_installation")),
        ("token.permissions", Knowledge::Known(Value::Permissions(full))),
        ("repository.permission", Knowledge::Unknown(why)),
        ("repository.name", Knowledge::Known(Value::String("acme/infra".into()))),
        ("repository.archived", known(false)),
        ("repository.push_default", known(true)),
        ("repository.merge_default", known(true)),
        ("repository.visibility", word("private")),
    ];
    let (granted, _, all) = can(&rows);
    assert_eq!((granted.join(" "), all), ("clone merge push push_default read set_status".into(), true));
    rows.pop();
    rows.push(("repository.visibility", word("public")));
    let (granted, denied, all) = can(&rows);
    assert_eq!((granted.join(" "), all), ("clone read".into(), false), "a public one is visible to everybody");
    assert_eq!(denied.join(" "), "administer comment manage_webhooks", "not granted anywhere");

    let mut facts = given(&rows);
    let names = vec![RepositoryName::parse("acme/infra").unwrap()];
    facts.listed = Some(Listed { names, ..Listed::default() });
    derive(&mut facts, now());
    let knowledge = &facts.fact(index("repository.can"), SubjectRef::Repository(0)).unwrap().knowledge;
    assert!(matches!(knowledge, Knowledge::Known(Value::Names(set)) if set.grants("push")), "{knowledge:?}");
}

#[test]
fn a_credential_with_neither_scopes_nor_permissions_is_not_denied() {
    let mut rows = classic(&[], "admin", "private");
    rows.retain(|(path, _)| *path != "token.scopes");
    rows.push(("token.scopes", Knowledge::Inapplicable("a password has none".into())));
    let (granted, denied, all) = can(&rows);
    assert_eq!((granted.len(), denied.len(), all), (0, 0, false));
}

#[test]
fn base_facts_are_the_asked_ones_transitively() {
    let paths = |path: &str| -> Vec<&str> {
        let host = vocabulary::host(HostKind::GitHub);
        base_facts(HostKind::GitHub, index(path)).into_iter().map(|at| host.row(at).path).collect()
    };
    assert_eq!(paths("token.scopes"), ["token.scopes"]);
    assert_eq!(paths("token.expires_in"), ["token.expires_at"]);
    assert_eq!(paths("token.lifetime"), ["token.kind", "token.expires_at"]);
    assert_eq!(paths("repository.access"), ["repository.permission"]);
    assert_eq!(
        paths("repository.can"),
        [
            "token.kind",
            "token.scopes",
            "token.permissions",
            "repository.name",
            "repository.permission",
            "repository.visibility",
            "repository.archived",
            "repository.writable",
            "repository.push_default",
            "repository.merge_default",
            "installation.id",
            "installation.suspended",
        ]
    );
}

#[test]
fn an_apps_key_reaches_what_its_installation_covers_until_that_is_suspended() {
    let full = permissions(&[("metadata", "read"), ("contents", "write"), ("statuses", "write")]);
    let open = || Knowledge::unknown(Cause::NotRevealable, "only a minted token shows it");
    let mut rows = vec![
        ("token.kind", word("app_key")),
        ("token.permissions", Knowledge::Known(Value::Permissions(full))),
        ("repository.permission", open()),
        ("repository.name", open()),
        ("repository.archived", open()),
        ("repository.visibility", open()),
        ("installation.suspended", known(false)),
    ];
    let (granted, _, _) = can(&rows);
    assert_eq!(granted, [""; 0], "nothing covers the repository");
    rows.push(("installation.id", Knowledge::Known(Value::Integer(41))));
    let (granted, denied, all) = can(&rows);
    assert_eq!((granted.join(" "), all), ("clone read".into(), false), "an archived repository takes no change");
    assert_eq!(denied.join(" "), "administer comment manage_webhooks");
    rows.retain(|(path, _)| !matches!(*path, "installation.suspended" | "repository.visibility"));
    rows.extend([("installation.suspended", known(true)), ("repository.visibility", word("private"))]);
    let (granted, _, all) = can(&rows);
    assert_eq!((granted.join(" "), all), (String::new(), true));
}

/// A GitLab account with a second factor, whose credential may be of these kinds.
fn two_factor_of(kinds: Knowledge) -> Knowledge {
    let host = vocabulary::host(HostKind::GitLab);
    let mut facts = FactSet::new(HostKind::GitLab);
    let fact = |knowledge| Fact { knowledge, evidence: vec![evidence("field bot")] };
    facts.credential.set(host.fact("token.kind").unwrap(), fact(kinds));
    let at = host.fact("user.two_factor").unwrap();
    facts.credential.set(at, fact(Knowledge::Known(Value::Bool(true))));
    derive(&mut facts, "2026-11-23T12:00:00Z".parse().unwrap());
    facts.credential.get(at).unwrap().knowledge.clone()
}

#[test]
fn what_one_of_the_possible_kinds_cannot_have_is_not_decided() {
    let open = |words: &[&'static str]| {
        Knowledge::Bounded(Bounds::Candidates(words.to_vec()), Unknown::new(Cause::NotRevealable, "it does not show"))
    };
    let known = Knowledge::Known(Value::Bool(true));
    assert_eq!(two_factor_of(Knowledge::Known(Value::Word("personal"))), known);
    assert_eq!(two_factor_of(open(&["personal", "fine_grained"])), known, "either has one");
    assert_eq!(two_factor_of(open(&["personal", "project"])).cause(), Some(Cause::NotRevealable));
    let unknown = Knowledge::unknown(Cause::Malformed, "answers disagree");
    assert_eq!(two_factor_of(unknown).cause(), Some(Cause::Malformed));
}

#[test]
fn a_listed_repository_is_found_in_any_spelling() {
    let mut listed = Listed::default();
    listed.add(
        ["acme/live", "Acme/Infra", "zeta/a", "ACME/live", "acme/live"]
            .map(|name| RepositoryName::parse(name).unwrap()),
    );
    assert_eq!(listed.names.len(), 4, "each spelling once: {listed:?}");
    for name in ["acme/infra", "ACME/INFRA", "Acme/Infra", "acme/LIVE", "Zeta/A"] {
        assert!(listed.has(name), "{name}");
    }
    assert!(!listed.has("acme/other") && !listed.has("acme/liv"));
}
