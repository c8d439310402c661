//! Names, words, levels and permissions: what implies what, and what reads how.

use super::*;

#[test]
fn names_imply_names_that_exist_and_never_themselves() {
    for (at, table) in name_tables() {
        assert!(table.names.len() <= 120, "{at}: {}", table.names.len());
        assert_eq!(duplicates(table.names.iter().map(|row| row.name)), [""; 0], "{at}");
        for row in table.names {
            for implied in row.implies {
                assert!(table.position(implied).is_some(), "{at}: {} implies {implied}", row.name);
                // Acyclic: nothing that is implied implies back.
                assert!(!NameSet::new(table, [implied]).grants(row.name), "{at}: {} and {implied}", row.name);
            }
        }
    }
}

#[test]
fn aliases_lead_to_names_and_are_none() {
    for (at, ty) in types() {
        let words = words(ty);
        assert_eq!(duplicates(aliases(ty).iter().map(|alias| alias.spelling)), [""; 0], "{at}");
        for alias in aliases(ty) {
            assert!(words.contains(&alias.name), "{at}: {} leads to {}", alias.spelling, alias.name);
            assert!(!words.contains(&alias.spelling), "{at}: {} is a name", alias.spelling);
            assert!(!alias.seen_in.is_empty(), "{at}: {}", alias.spelling);
        }
    }
}

#[test]
fn words_are_words_and_unique() {
    for (at, ty) in types() {
        assert_eq!(duplicates(words(ty)), [""; 0], "{at}");
        let bare = !matches!(ty, Type::Names(table) if !table.words);
        assert!(!bare || words(ty).into_iter().all(is_word), "{at}");
        if let Type::Records(table) = ty {
            assert_eq!(duplicates(table.fields.iter().map(|field| field.name)), [""; 0], "{at}");
            assert!(table.fields.iter().all(|field| is_word(field.name)), "{at}");
        }
    }
}

#[test]
fn levels_are_partial_orders() {
    for (at, table) in level_tables() {
        let words: Vec<&str> = table.levels.iter().map(|(word, _)| *word).collect();
        assert_eq!(duplicates(words.iter().copied()), [""; 0], "{at}");
        for (place, (word, below)) in table.levels.iter().enumerate() {
            for low in *below {
                let under = words.iter().position(|word| word == low);
                assert!(under.is_some_and(|under| under < place), "{at}: {word} stands before {low}");
            }
        }
        for a in &words {
            assert!(table.at_least(a, a));
            for b in &words {
                assert!(a == b || !(table.at_least(a, b) && table.at_least(b, a)), "{at}: {a} and {b}");
                for c in &words {
                    let chain = table.at_least(a, b) && table.at_least(b, c);
                    assert!(!chain || table.at_least(a, c), "{at}: {a} {b} {c}");
                }
            }
        }
    }
}

#[test]
fn access_is_total_and_monotone() {
    for host in HOSTS {
        let table = role_table(host);
        let access: BTreeMap<&str, &str> = table.access.iter().copied().collect();
        assert_eq!(table.access.len(), table.levels.len(), "{}", host.word);
        for (high, _) in table.levels {
            assert!(portable::ACCESS.word(access[high]).is_some(), "{high}");
            for (low, _) in table.levels.iter().filter(|(low, _)| table.at_least(high, low)) {
                assert!(portable::ACCESS.at_least(access[high], access[low]), "{}: {high} {low}", host.word);
            }
        }
        assert_eq!(access["none"], "none");
    }
}

#[test]
fn permissions_have_levels_of_their_table() {
    for host in HOSTS {
        for fact in host.facts {
            let Type::Permissions(table) = fact.ty else { continue };
            for row in table.permissions {
                assert!(!row.levels.is_empty() && !row.levels.contains(&"none"), "{}", row.name);
                assert!(row.levels.iter().all(|level| table.levels.word(level).is_some()), "{}", row.name);
                let rising =
                    row.levels.windows(2).all(|pair| table.levels.at_least(pair[1], pair[0]) && pair[0] != pair[1]);
                assert!(rising, "{}: {:?}", row.name, row.levels);
                assert!(row.never_on.iter().all(|kind| host.credential_kind(kind).is_some()), "{}", row.name);
            }
        }
    }
}

#[test]
fn absence_fits_the_type() {
    for host in HOSTS {
        for fact in host.facts {
            let fits = match fact.absence {
                Absence::Impossible | Absence::NoValue => true,
                Absence::Never => matches!(fact.ty, Type::Time | Type::Duration),
                Absence::Level(word) => matches!(fact.ty, Type::Level(table) if table.word(word).is_some()),
                Absence::Empty => {
                    matches!(fact.ty, Type::Names(_) | Type::Permissions(_) | Type::Strings | Type::Records(_))
                }
            };
            assert!(fits, "{} {}", host.word, fact.path);
        }
    }
}

#[test]
fn gitlab_access_levels_are_the_documented_order() {
    let table = role_table(host(HostKind::GitLab));
    for pair in ["none", "minimal", "guest", "reporter", "developer", "maintainer", "owner"].windows(2) {
        assert!(table.at_least(pair[1], pair[0]) && !table.at_least(pair[0], pair[1]), "{pair:?}");
    }
    assert!(table.at_least("planner", "guest") && table.at_least("security_manager", "reporter"));
    for (one, other) in [("planner", "reporter"), ("security_manager", "developer"), ("planner", "owner")] {
        assert!(!table.at_least(one, other) && !table.at_least(other, one), "{one} {other}");
    }
}

fn scopes(kind: HostKind) -> &'static NameTable {
    let host = host(kind);
    let Type::Names(table) = host.row(host.fact("token.scopes").unwrap()).ty else { panic!("{}", host.word) };
    table
}

#[test]
fn gitlab_scopes_imply_what_its_routes_accept_and_no_more() {
    let table = scopes(HostKind::GitLab);
    let api = NameSet::new(table, ["api"]);
    for name in ["read_api", "read_user", "read_repository", "write_repository", "read_registry", "write_registry"] {
        assert!(api.grants(name), "{name}");
    }
    assert!(!api.grants("sudo") && !api.grants("admin_mode"));
    assert!(!NameSet::new(table, ["write_registry"]).grants("read_registry"));
    assert!(!NameSet::new(table, ["write_repository"]).grants("read_api"));
    assert!(!NameSet::new(table, ["read_api"]).grants("write_repository"));
}

/// OAuth words imply, API-token words never do, and neither language grants the other's words.
#[test]
fn bitbucket_cloud_has_two_scope_languages() {
    let table = scopes(HostKind::BitbucketCloud);
    let merging = NameSet::new(table, ["pullrequest:write"]);
    assert!(merging.grants("pullrequest") && merging.grants("repository:write") && merging.grants("repository"));
    for (scope, not) in [
        ("repository:admin", "repository"),
        ("repository:admin", "repository:write"),
        ("project:admin", "project"),
        ("pipeline:write", "pipeline"),
        ("account:write", "account"),
    ] {
        assert!(!NameSet::new(table, [scope]).grants(not), "{scope} {not}");
    }
    let is_api_token_word = |name: &str| name.ends_with(":bitbucket") || name.starts_with("read:");
    let (api_token, oauth): (Vec<&Name>, Vec<&Name>) = table.names.iter().partition(|row| is_api_token_word(row.name));
    assert!(api_token.len() > 30 && oauth.len() > 20);
    assert!(api_token.iter().all(|row| row.implies.is_empty()));
    assert!(oauth.iter().all(|row| !row.implies.iter().any(|implied| is_api_token_word(implied))));
}
