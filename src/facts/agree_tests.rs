use std::sync::Arc;

use proptest::prelude::*;

use super::*;
use crate::facts::{Fact, FactSet, RepositoryName, RequestLabel, SubjectFacts, Target};
use crate::vocabulary::{FactIndex, HostKind, field, host};

fn index(path: &str) -> FactIndex {
    host(HostKind::GitHub).fact(path).unwrap()
}

fn fact(knowledge: Knowledge, url: &str) -> Fact {
    let request = Arc::new(RequestLabel { method: "GET", url: url.to_owned() });
    Fact { knowledge, evidence: vec![Evidence::answer(&request, Some(200), field("permission"))] }
}

fn word(word: &'static str) -> Knowledge {
    Knowledge::Known(Value::Word(word))
}

fn level(least: Option<&'static str>, most: Option<&'static str>) -> Knowledge {
    Knowledge::Bounded(Bounds::Level { least, most }, Unknown::new(Cause::NotRevealable, "open"))
}

/// What is known after hearing both, in this order.
fn after(path: &str, first: Knowledge, second: Knowledge) -> Fact {
    let mut facts = SubjectFacts::default();
    for (knowledge, url) in [(first, "https://h/1"), (second, "https://h/2")] {
        facts.learn(HostKind::GitHub, index(path), fact(knowledge, url));
    }
    facts.get(index(path)).unwrap().clone()
}

/// They contradict each other, in whatever order, with both places as evidence, and nothing later changes that.
#[track_caller]
fn contradict(path: &str, one: &Knowledge, other: &Knowledge) {
    for (first, second) in [(one, other), (other, one)] {
        let fact = after(path, first.clone(), second.clone());
        assert_eq!(fact.knowledge.cause(), Some(Cause::Malformed), "{path}: {first:?}, {second:?}");
        assert_eq!(fact.evidence.len(), 2);
    }
}

fn scopes(names: &[&str]) -> Knowledge {
    let Type::Names(table) = host(HostKind::GitHub).row(index("token.scopes")).ty else { panic!() };
    Knowledge::Known(Value::Names(NameSet::new(table, names)))
}

fn map(entries: &[(&str, &str)]) -> PermissionMap {
    entries.iter().map(|(name, level)| ((*name).to_owned(), (*level).to_owned())).collect()
}

fn bounded(granted: &[(&str, &str)], denied: &[(&str, &str)]) -> Knowledge {
    let bounds = Bounds::Permissions { granted: map(granted), denied: map(denied) };
    Knowledge::Bounded(bounds, Unknown::new(Cause::NotRevealable, "open"))
}

#[test]
fn what_contradicts_itself_is_unknown_of_every_type_of_fact() {
    let known = |value| Knowledge::Known(value);
    contradict("repository.permission", &word("read"), &word("admin"));
    contradict("repository.permission", &level(Some("write"), None), &word("read"));
    contradict("repository.permission", &level(Some("write"), None), &level(None, Some("triage")));
    contradict("repository.visibility", &word("public"), &word("private"));
    contradict("repository.archived", &known(Value::Bool(true)), &known(Value::Bool(false)));
    contradict("user.username", &known(Value::String("a".into())), &known(Value::String("b".into())));
    contradict("token.scopes", &scopes(&["repo"]), &scopes(&["repo", "gist"]));
    contradict("token.scopes", &scopes(&["repo"]), &Knowledge::Absent);
    contradict("token.scopes", &scopes(&["repo"]), &Knowledge::Inapplicable("no scopes".into()));
    let time = |text: &str| known(Value::Time(text.parse().unwrap()));
    contradict("token.expires_at", &time("2026-11-23T12:00:00Z"), &time("2027-11-23T12:00:00Z"));
    contradict("token.expires_at", &time("2026-11-23T12:00:00Z"), &Knowledge::Absent);
    contradict("token.permissions", &bounded(&[("contents", "write")], &[]), &bounded(&[], &[("contents", "read")]));
    let whole = known(Value::Permissions(map(&[("contents", "read")])));
    contradict("token.permissions", &whole, &bounded(&[("contents", "write")], &[]));
    contradict("token.permissions", &whole, &bounded(&[], &[("contents", "read")]));
    contradict("token.permissions", &whole, &known(Value::Permissions(PermissionMap::new())));
}

#[test]
fn what_agrees_is_narrowed() {
    let role = |first, second| after("repository.permission", first, second).knowledge;
    assert_eq!(role(level(Some("read"), None), level(None, Some("triage"))), level(Some("read"), Some("triage")));
    assert_eq!(role(level(Some("write"), None), level(None, Some("write"))), word("write"));
    assert_eq!(role(level(Some("read"), None), word("admin")), word("admin"));
    assert_eq!(role(word("admin"), level(Some("read"), None)), word("admin"));
    assert_eq!(role(word("admin"), Knowledge::unknown(Cause::NotReachable, "gone")), word("admin"));
    assert_eq!(role(Knowledge::unknown(Cause::NotReachable, "gone"), word("admin")), word("admin"));
    let permissions = |first, second| after("token.permissions", first, second).knowledge;
    let both = permissions(bounded(&[("contents", "read")], &[]), bounded(&[], &[("issues", "write")]));
    assert_eq!(both, bounded(&[("contents", "read")], &[("issues", "write")]));
    // Written out or implied, the same is granted.
    let scopes = after("token.scopes", scopes(&["repo"]), scopes(&["repo", "repo:status"])).knowledge;
    assert!(scopes.value().is_some());
}

#[test]
fn a_contradiction_outlasts_whatever_is_said_later() {
    let mut facts = FactSet::new(HostKind::GitHub);
    let name = RepositoryName::parse("acme/infra").unwrap();
    facts.repository(&name);
    let (target, at) = (Target::Repository(name), index("repository.permission"));
    for (role, url) in [("read", "https://h/1"), ("admin", "https://h/2"), ("read", "https://h/3")] {
        facts.learn(&target, at, fact(word(role), url));
    }
    facts.learn(&target, at, fact(Knowledge::unknown(Cause::NotReachable, "gone"), "https://h/4"));
    let (_, own) = facts.repositories.first().unwrap();
    let Some(Fact { knowledge: Knowledge::Unknown(why), evidence }) = own.get(at) else { panic!("{own:?}") };
    assert_eq!((why.cause, evidence.len()), (Cause::Malformed, 3));
    assert!(why.reason.contains("GET https://h/1") && why.reason.contains("GET https://h/2"), "{}", why.reason);
}

fn any_role() -> impl Strategy<Value = Knowledge> {
    let words = ["none", "read", "triage", "write", "maintain", "admin"];
    let one = proptest::sample::select(words.to_vec());
    prop_oneof![
        one.clone().prop_map(word),
        (proptest::option::of(one.clone()), proptest::option::of(one)).prop_map(|(least, most)| level(least, most)),
        Just(Knowledge::unknown(Cause::NotReachable, "gone")),
    ]
}

proptest! {
    /// In whatever order it is heard, the same words stay possible.
    #[test]
    fn the_order_of_answers_changes_nothing(first in any_role(), second in any_role()) {
        let row = host(HostKind::GitHub).row(index("repository.permission"));
        let one = after("repository.permission", first.clone(), second.clone()).knowledge;
        let two = after("repository.permission", second, first).knowledge;
        prop_assert_eq!(words(row, &one), words(row, &two));
    }
}
