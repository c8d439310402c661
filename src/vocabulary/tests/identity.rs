//! Hosts, kinds and facts by their names: found, unique, documented, and there to stay.

use super::*;

#[test]
fn hosts_are_found_by_word_and_kind() {
    assert_eq!(duplicates(HOSTS.map(|host| host.word)), [""; 0]);
    for row in HOSTS {
        assert_eq!(host(row.kind).word, row.word);
        assert_eq!(host_kind(row.word), Some(row.kind));
        assert!(!row.facts.is_empty() && !row.kinds.is_empty() && !row.requests.is_empty(), "{}", row.word);
        assert!(row.public_url.is_none_or(|url| url.starts_with("https://") && !url.ends_with('/')));
    }
    assert_eq!(host_kind("sourcehut"), None);
}

#[test]
fn paths_kinds_and_requests_are_unique() {
    for host in HOSTS {
        assert_eq!(duplicates(host.facts.iter().map(|fact| fact.path)), [""; 0], "{}", host.word);
        assert_eq!(duplicates(host.kinds.iter().map(|kind| kind.word)), [""; 0], "{}", host.word);
        assert_eq!(duplicates(host.requests.iter().map(|request| request.name)), [""; 0], "{}", host.word);
        for (at, fact) in host.facts.iter().enumerate() {
            assert_eq!(host.fact(fact.path), Some(FactIndex(u16::try_from(at).unwrap())));
        }
    }
}

#[test]
fn paths_are_two_words_and_their_first_names_the_subject() {
    for host in HOSTS {
        for fact in host.facts {
            let (of, what) = fact.path.split_once('.').unwrap();
            assert!(is_word(of) && is_word(what), "{}", fact.path);
            let subjects: &[Subject] = match of {
                // GitHub grants them for an account's repositories: an App's installations differ.
                "token" if host.kind == HostKind::GitHub && what == "permissions" => &[Subject::Repository],
                "token" | "user" | "app" | "host" => &[Subject::Credential],
                // The installation that covers a repository.
                "repository" | "installation" => &[Subject::Repository],
                // A repository on GitLab, a folder of repositories on Bitbucket Server.
                "project" if host.kind == HostKind::GitLab => &[Subject::Repository],
                "project" | "organization" | "group" | "workspace" => &[Subject::Organization],
                other => panic!("{other}: whose fact is that?"),
            };
            assert!(subjects.contains(&fact.subject), "{} {}", host.word, fact.path);
        }
    }
}

#[test]
fn everything_has_a_doc() {
    for host in HOSTS {
        for fact in host.facts {
            assert!(is_sentence(fact.doc), "{} {}: {}", host.word, fact.path, fact.doc);
        }
        for kind in host.kinds {
            assert!(is_sentence(kind.doc) && !kind.title.is_empty(), "{} {}: {}", host.word, kind.word, kind.doc);
            assert!(kind.doc.contains("Source: "), "{} {}: no source", host.word, kind.word);
        }
        for request in host.requests {
            assert!(request.see.starts_with("https://"), "{} {}", host.word, request.name);
        }
        for ability in host.abilities {
            assert!(ability.doc.ends_with('.'), "{} {}", host.word, ability.word);
        }
    }
    for (at, ty) in types() {
        let docs: Vec<&str> = match ty {
            Type::Enum(table) => table.words.iter().map(|(_, doc)| *doc).collect(),
            Type::Names(table) => table.names.iter().map(|name| name.doc).collect(),
            Type::Permissions(table) => table.permissions.iter().map(|row| row.title).collect(),
            Type::Records(table) => table.fields.iter().map(|field| field.doc).collect(),
            _ => Vec::new(),
        };
        assert!(docs.iter().all(|doc| !doc.is_empty()), "{at}");
    }
}

#[test]
fn kinds_are_the_words_of_token_kind() {
    for host in HOSTS {
        let fact = host.row(host.fact("token.kind").unwrap());
        let kinds: BTreeSet<&str> = host.kinds.iter().map(|kind| kind.word).collect();
        assert_eq!(words(fact.ty).into_iter().collect::<BTreeSet<_>>(), kinds, "{}", host.word);
    }
}

/// A prefix that several kinds share cannot tell the kind; one that two hosts share could send a token astray.
#[test]
fn prefixes_tell_what_the_rows_say_they_tell() {
    for host in HOSTS {
        let fact = host.row(host.fact("token.kind").unwrap());
        for kind in host.kinds {
            assert_eq!(duplicates(kind.prefixes.iter().copied()), [""; 0]);
            let only_text = about(fact, kind).iter().all(|told| matches!(told, Told::TokenText));
            for prefix in kind.prefixes {
                assert!(prefix.len() >= 4, "{prefix}");
                for other in HOSTS {
                    for theirs in
                        other.kinds.iter().filter(|theirs| theirs.word != kind.word || other.kind != host.kind)
                    {
                        for their in theirs.prefixes {
                            let meets = prefix.starts_with(their) || their.starts_with(prefix);
                            let same_host = other.kind == host.kind;
                            assert!(!meets || (same_host && !only_text), "{} {prefix} {}", kind.word, theirs.word);
                        }
                    }
                }
            }
        }
    }
}

/// The kinds and facts that every release has had; policies name them.
#[test]
fn kinds_and_facts_that_policies_name_stay() {
    let rows: [(HostKind, &[&str], &[&str]); 3] = [
        (
            HostKind::GitLab,
            &["personal", "fine_grained", "project", "group", "service_account", "oauth", "job", "deploy"],
            &[
                "token.kind",
                "token.scopes",
                "user.id",
                "user.admin",
                "user.external",
                "user.state",
                "user.two_factor",
                "project.access_level",
                "project.visibility",
                "project.archived",
                "project.webhooks",
                "group.access_level",
            ],
        ),
        (
            HostKind::BitbucketCloud,
            &[
                "app_password",
                "api_token",
                "repository_access_token",
                "project_access_token",
                "workspace_access_token",
                "oauth",
                "account_password",
            ],
            &["token.kind", "token.scopes", "repository.permission", "repository.webhooks", "workspace.role"],
        ),
        (
            HostKind::BitbucketServer,
            &["personal", "project", "repository", "oauth", "password"],
            &[
                "token.kind",
                "token.permissions",
                "user.kind",
                "project.permission",
                "repository.permission",
                "repository.webhooks",
            ],
        ),
    ];
    for (kind, kinds, facts) in rows {
        let host = host(kind);
        assert_eq!(host.kinds.iter().map(|kind| kind.word).collect::<Vec<_>>(), kinds);
        for path in facts {
            assert!(host.fact(path).is_some(), "{} {path}", host.word);
        }
    }
}
