//! The default branch's rules, joined with the grant and the role.

use jiff::Timestamp;

use super::*;
use crate::facts::{Half, RepositoryName, base_facts, derive, lacks};
use crate::vocabulary::{self, HOSTS, Host, HostKind, Subject};

fn word(word: &'static str) -> Knowledge {
    Knowledge::Known(Value::Word(word))
}

fn known(value: bool) -> Knowledge {
    Knowledge::Known(Value::Bool(value))
}

fn open() -> Knowledge {
    Knowledge::unknown(Cause::NotPermitted, "hidden")
}

/// Facts of one credential of a host and of `acme/infra`.
fn given(host: &'static Host, rows: &[(&str, Knowledge)]) -> FactSet {
    let mut facts = FactSet::new(host.kind);
    let at = facts.repository(&RepositoryName::parse("acme/infra").unwrap());
    for (path, knowledge) in rows {
        let index = host.fact(path).unwrap_or_else(|| panic!("{} has no {path}", host.word));
        let fact = Fact { knowledge: knowledge.clone(), evidence: Vec::new() };
        let subject = match host.row(index).subject {
            Subject::Repository => SubjectRef::Repository(at),
            _ => SubjectRef::Credential,
        };
        facts.subject_mut(subject).unwrap().set(index, fact);
    }
    derive(&mut facts, Timestamp::UNIX_EPOCH);
    facts
}

/// Whether an ability is there; `None` where that is open.
fn has(facts: &FactSet, ability: &str) -> Option<bool> {
    let index = vocabulary::host(facts.host).fact("repository.can").unwrap();
    match facts.fact(index, SubjectRef::Repository(0)).map(|fact| &fact.knowledge) {
        Some(Knowledge::Known(Value::Names(names))) => Some(names.grants(ability)),
        Some(Knowledge::Bounded(Bounds::Names { granted, denied }, _)) => match ability {
            _ if granted.grants(ability) => Some(true),
            _ if denied.grants(ability) => Some(false),
            _ => None,
        },
        _ => None,
    }
}

fn scopes(host: &'static Host, names: &[&str]) -> Knowledge {
    let Type::Names(table) = host.row(host.fact("token.scopes").unwrap()).ty else { panic!("a set") };
    Knowledge::Known(Value::Names(NameSet::new(table, names)))
}

/// A GitLab token's facts, with a role and what the default branch's answer tells.
fn gitlab(role: Knowledge, push: Knowledge, merge: Knowledge) -> FactSet {
    let host = vocabulary::host(HostKind::GitLab);
    let rows = [
        ("token.kind", word("personal")),
        ("token.scopes", scopes(host, &["api"])),
        ("project.access_level", role),
        ("project.visibility", word("private")),
        ("project.archived", known(false)),
        ("repository.push_default", push),
        ("repository.merge_default", merge),
    ];
    given(host, &rows)
}

#[test]
fn the_accounts_own_right_decides_whatever_is_known_of_its_role() {
    let of = |facts: &FactSet| ["push", "push_default", "merge"].map(|ability| has(facts, ability));
    let (yes, no) = (Some(true), Some(false));
    assert_eq!(of(&gitlab(word("developer"), known(true), known(true))), [yes, yes, yes]);
    assert_eq!(of(&gitlab(word("developer"), known(false), open())), [yes, no, None], "protected against developers");
    assert_eq!(of(&gitlab(word("developer"), known(false), known(true))), [yes, no, yes], "developers merge");
    assert_eq!(of(&gitlab(word("developer"), open(), open())), [yes, None, None]);
    assert_eq!(of(&gitlab(open(), known(true), known(true))), [None, yes, yes]);
    assert_eq!(of(&gitlab(open(), known(false), known(true))), [None, no, None], "developers, and what is it?");
    assert_eq!(of(&gitlab(word("reporter"), known(false), known(true))), [no, no, no]);
    assert_eq!(of(&gitlab(word("reporter"), open(), open())), [no, no, no]);
    // The answers disagree: nobody without a role pushes.
    assert_eq!(of(&gitlab(word("reporter"), known(true), known(true))), [no, None, None]);
}

#[test]
fn a_role_that_answers_contradict_each_other_about_is_settled_by_no_other_answer() {
    let role = Knowledge::unknown(Cause::Malformed, "the host contradicts itself");
    let facts = gitlab(role, known(true), known(true));
    for ability in ["push", "push_default", "merge"] {
        assert_eq!(has(&facts, ability), None, "{ability}");
    }
}

#[test]
fn a_scope_that_is_missing_denies_what_the_branch_lets() {
    let host = vocabulary::host(HostKind::GitLab);
    let rows = [
        ("token.kind", word("personal")),
        ("token.scopes", scopes(host, &["read_api"])),
        ("project.access_level", word("maintainer")),
        ("project.visibility", word("private")),
        ("project.archived", known(false)),
        ("repository.push_default", known(true)),
        ("repository.merge_default", known(true)),
    ];
    let facts = given(host, &rows);
    assert_eq!(["push_default", "merge"].map(|ability| has(&facts, ability)), [Some(false); 2]);
}

#[test]
fn an_archived_repository_takes_no_push_to_its_default_branch() {
    let host = vocabulary::host(HostKind::GitHub);
    let rows = |archived: bool| {
        [
            ("token.kind", word("classic")),
            ("token.scopes", scopes(host, &["repo"])),
            ("repository.permission", word("admin")),
            ("repository.visibility", word("private")),
            ("repository.archived", known(archived)),
            ("repository.push_default", known(true)),
            ("repository.merge_default", known(true)),
        ]
    };
    let of = |archived| ["push_default", "merge"].map(|ability| has(&given(host, &rows(archived)), ability));
    assert_eq!(of(false), [Some(true); 2]);
    assert_eq!(of(true), [Some(false); 2]);
}

#[test]
fn what_the_rules_deny_or_leave_open_is_named() {
    let lacks = |facts: &FactSet, ability: &str| {
        let lacks = lacks(facts, SubjectRef::Repository(0), ability);
        lacks.into_iter().map(|lack| (lack.half, lack.why, lack.mend.is_some())).collect::<Vec<_>>()
    };
    let facts = gitlab(word("developer"), known(false), open());
    let denied = "the default branch's rules do not let the account".to_owned();
    assert_eq!(lacks(&facts, "push_default"), [(Half::Rules, denied, true)]);
    let question = "whether the default branch's rules let the account".to_owned();
    assert_eq!(lacks(&facts, "merge"), [(Half::Rules, question, false)]);
    // The role comes first, where it is what is missing.
    let facts = gitlab(word("reporter"), known(false), open());
    let halves: Vec<(Half, bool)> = lacks(&facts, "merge").into_iter().map(|(half, _, mend)| (half, mend)).collect();
    assert_eq!(halves, [(Half::Role, true)]);
    let facts = gitlab(open(), open(), open());
    assert_eq!(lacks(&facts, "merge"), [(Half::Role, "whether the account may".to_owned(), false)]);
}

/// What the rules leave open leaves nothing else open.
#[test]
fn the_default_branch_bears_on_no_other_ability() {
    for host in HOSTS {
        for ability in host.abilities {
            let of_branch = |right: &Right| {
                portable::DEFAULT_BRANCH_RIGHTS.contains(&right.fact()) && !matches!(right, Right::Holds(_))
            };
            let rests = ability.rights.iter().any(of_branch);
            assert_eq!(rests, ["push_default", "merge"].contains(&ability.word), "{} {}", host.word, ability.word);
        }
    }
}

/// Everything that an ability rests on was asked in vain, and nothing that it does not take was asked: the cause is that of
/// the answers, never that something was not asked.
#[test]
fn the_cause_of_an_abilitys_grounds_is_its_own_whatever_else_was_not_asked() {
    for host in HOSTS {
        let Some((index, grounds)) = host.fact("repository.can").zip(host.grounds()) else { continue };
        for ability in host.abilities {
            for cause in [Cause::NotPermitted, Cause::NotReachable, Cause::Malformed, Cause::NotRevealable] {
                let why = Knowledge::unknown(cause, "why it is not");
                let takes = |path: &&str| {
                    !grounds.rights.contains(path) || ability.rights.iter().any(|right| right.fact() == *path)
                };
                let paths = base_facts(host.kind, index).into_iter().map(|index| host.row(index).path);
                let rows: Vec<(&str, Knowledge)> = paths.filter(takes).map(|path| (path, why.clone())).collect();
                let facts = given(host, &rows);
                let at = format!("{} {} {cause}", host.word, ability.word);
                let can = facts.fact(index, SubjectRef::Repository(0)).unwrap_or_else(|| panic!("{at}"));
                assert_eq!(can.knowledge, why, "{at}");
                let lacks = lacks(&facts, SubjectRef::Repository(0), ability.word);
                assert!(!lacks.is_empty(), "{at}");
                for lack in lacks {
                    let unknown = lack.unknown.unwrap();
                    assert_eq!((unknown.cause, unknown.reason.as_str()), (cause, "why it is not"), "{at}");
                }
            }
        }
    }
}
