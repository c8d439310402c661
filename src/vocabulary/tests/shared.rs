//! What all hosts share: portable facts, abilities, paths of one meaning.

use super::*;

#[test]
fn abilities_are_all_there_and_name_what_exists() {
    let expected: Vec<&str> = portable::ABILITIES.names.iter().map(|row| row.name).collect();
    for host in HOSTS {
        let found: Vec<&str> = host.abilities.iter().map(|ability| ability.word).collect();
        assert_eq!(found, expected, "{}", host.word);
        let grounds = host.grounds().unwrap();
        assert_eq!(grounds.by_role, host.abilities.iter().any(|ability| !ability.roles.is_empty()), "{}", host.word);
        let scopes = host.fact("token.scopes").map_or_else(Vec::new, |at| words(host.row(at).ty));
        let permissions = host.fact("token.permissions").map(|at| host.row(at).ty);
        for ability in host.abilities {
            let at = format!("{} {}", host.word, ability.word);
            let groups = ability.scopes.iter().chain(ability.public_scopes);
            assert!(groups.clone().all(|group| !group.is_empty()), "{at}");
            assert!(groups.copied().flatten().all(|scope| scopes.contains(scope)), "{at}");
            assert!(!ability.public_scopes.iter().any(|group| ability.scopes.contains(group)), "{at}");
            let kind = |word: &&str| host.credential_kind(word).is_some();
            assert!(ability.never_on.iter().all(kind), "{at}");
            assert_eq!(ability.scopes.is_empty(), scopes.is_empty(), "{at}");
            assert_eq!(ability.permissions.is_empty(), permissions.is_none(), "{at}");
            for (name, level) in ability.permissions.iter().copied().flatten() {
                let Some(Type::Permissions(table)) = permissions else { panic!("{at}") };
                let row = table.permissions.iter().find(|row| row.name == *name);
                assert!(row.is_some_and(|row| row.levels.contains(level)), "{at}: {name} {level}");
            }
            assert!(!(ability.roles.is_empty() && ability.rights.is_empty()), "{at}");
            for right in ability.rights {
                assert!(grounds.reads().contains(&right.fact()), "{at}: {right:?}");
                let row = host.row(host.fact(right.fact()).unwrap_or_else(|| panic!("{at}: {right:?}")));
                assert_eq!(row.subject, Subject::Repository, "{at}: {right:?}");
                match (right, row.ty) {
                    (Right::Known(_), _) | (Right::Holds(_) | Right::Rules(_) | Right::Own(_), Type::Bool) => {}
                    (Right::AtLeast(_, level), Type::Level(table)) => assert!(table.word(level).is_some(), "{at}"),
                    other => panic!("{at}: {other:?}"),
                }
            }
            assert!(ability.roles.iter().all(|role| role_table(host).word(role).is_some()), "{at}");
            assert!(!(ability.on_public == OnPublic::Everything && ability.writes), "{at}: everybody writes?");
        }
    }
}

const PORTABLE: [&str; 20] = [
    "token.lifetime",
    "token.expires_at",
    "token.expires_in",
    "token.created_at",
    "token.age",
    "token.last_used_at",
    "token.unused_for",
    "token.name",
    "token.active",
    "user.username",
    "user.is_bot",
    "user.name",
    "repository.name",
    "repository.access",
    "repository.can",
    "repository.default_branch",
    "repository.default_branch_protected",
    "repository.push_default",
    "repository.merge_default",
    "host.version",
];

#[test]
fn portable_facts_are_the_same_on_every_pair_of_hosts() {
    for one in HOSTS {
        for other in HOSTS {
            for path in PORTABLE {
                let row =
                    |host: &Host| host.row(host.fact(path).unwrap_or_else(|| panic!("{} has no {path}", host.word)));
                let (left, right) = (row(one), row(other));
                assert_eq!(
                    (left.path, left.subject, left.ty, left.absence),
                    (right.path, right.subject, right.ty, right.absence),
                    "{} and {}",
                    one.word,
                    other.word
                );
                match (&left.origin, &right.origin) {
                    (Origin::Derived(left), Origin::Derived(right)) => {
                        assert_eq!(discriminant(left), discriminant(right), "{path}");
                    }
                    (Origin::Asked(_), Origin::Asked(_)) => {}
                    _ => panic!("{path} is asked on one of {} and {}", one.word, other.word),
                }
            }
        }
    }
}

/// What two hosts call alike is alike: of one subject, with one sort of type, absence read one way.
#[test]
fn shared_paths_mean_the_same() {
    for one in HOSTS {
        for other in HOSTS {
            for fact in one.facts {
                // A project is a repository on GitLab.
                let Some(at) = other.fact(fact.path).filter(|_| !fact.path.starts_with("project.")) else { continue };
                let theirs = other.row(at);
                let at = format!("{} of {} and {}", fact.path, one.word, other.word);
                // Maps of different permissions are different types: no block can be about both.
                if matches!(fact.ty, Type::Permissions(_)) {
                    assert!(fact.ty != theirs.ty || fact.subject == theirs.subject, "{at}");
                } else {
                    assert_eq!(fact.subject, theirs.subject, "{at}");
                }
                assert_eq!(discriminant(&fact.ty), discriminant(&theirs.ty), "{at}");
                assert_eq!(fact.absence, theirs.absence, "{at}");
            }
        }
    }
}
