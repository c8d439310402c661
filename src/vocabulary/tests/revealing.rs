//! Which kind learns what by which request: complete, without contradictions, and no promise that a host does not keep.

use super::*;

/// `token.kind` may be told twice: by the text, and by an answer where the text does not tell.
#[test]
fn every_kind_is_told_about_every_fact_once() {
    for host in HOSTS {
        for fact in host.facts.iter().filter(|fact| matches!(fact.origin, Origin::Asked(_))) {
            for kind in host.kinds {
                let rows = about(fact, kind);
                let by_text = rows.iter().filter(|told| matches!(told, Told::TokenText)).count();
                let by_answer = rows.iter().filter(|told| matches!(told, Told::Request { .. })).count();
                let at = format!("{} {} of {}: {rows:?}", host.word, fact.path, kind.word);
                assert!(!rows.is_empty(), "{at}");
                assert!(by_text <= 1 && by_answer <= 1, "{at}");
                assert!(rows.len() == 1 || (rows.len() == by_text + by_answer && fact.path == "token.kind"), "{at}");
                assert!(by_text == 0 || fact.path == "token.kind", "{at}");
            }
        }
    }
}

#[test]
fn reveals_name_kinds_and_requests_that_exist() {
    for host in HOSTS {
        for fact in host.facts {
            for reveal in reveals(fact) {
                let at = format!("{} {}: {reveal:?}", host.word, fact.path);
                assert_eq!(duplicates(reveal.kinds.iter().copied()), [""; 0], "{at}");
                for word in reveal.kinds {
                    let kind = host.credential_kind(word).unwrap_or_else(|| panic!("{at}"));
                    assert!(!matches!(reveal.by, Told::Request { .. }) || kind.first_request.is_some(), "{at}");
                }
                match reveal.by {
                    Told::Request { request, source } => {
                        let request = host.request(request).unwrap_or_else(|| panic!("{at}"));
                        assert_eq!(request.subject, fact.subject, "{at}");
                        assert!(reads(request, source), "{at}: the request does not keep it");
                    }
                    Told::Minted { request, source } => {
                        let request = host.request(request).unwrap_or_else(|| panic!("{at}"));
                        assert_eq!((request.subject, fact.subject), (Subject::Repository, Subject::Repository), "{at}");
                        assert!(reads(request, source), "{at}: the request does not keep it");
                        // The token is minted for the installation that covers the repository.
                        assert!(host.fact("installation.id").is_some(), "{at}");
                    }
                    Told::Checked { request, source, otherwise } => {
                        let request = host.request(request).unwrap_or_else(|| panic!("{at}"));
                        // One list of an organisation tells of all its repositories.
                        let subjects = (request.subject, fact.subject);
                        assert_eq!(subjects, (Subject::Organization, Subject::Repository), "{at}");
                        assert!(reads(request, source), "{at}: the request does not keep it");
                        assert!(!otherwise.is_empty() && !otherwise.ends_with('.'), "{at}");
                    }
                    Told::Inapplicable(why) | Told::NotRevealable(why) => {
                        assert!(!why.is_empty() && !why.ends_with('.'), "{at}");
                    }
                    Told::TokenText => {}
                }
            }
        }
    }
}

/// Whether a request's row has the header or the fields that a source names: a record keeps only those.
fn reads(request: &Request, source: &Place) -> bool {
    let kept = |path: &FieldPath| request.fields.contains(&path.pointer().as_str());
    match source {
        Place::Header(header) => request.headers.contains(header),
        Place::Headers(headers) => headers.iter().all(|header| request.headers.contains(header)),
        Place::Field(path) => kept(path),
        Place::Fields(paths) => paths.iter().all(kept),
        Place::Status => true,
        Place::List => request.fields.iter().any(|pointer| pointer.contains("/*/")),
        _ => false,
    }
}

#[test]
fn first_requests_exist_and_need_nothing_learnt_before() {
    for host in HOSTS {
        for kind in host.kinds {
            if let Some(name) = kind.first_request {
                let request = host.request(name).unwrap_or_else(|| panic!("{} {}", host.word, kind.word));
                assert_eq!(request.subject, Subject::Credential, "{name}");
                assert!(placeholders(request.path).iter().all(|word| *word == "url"), "{name}");
                // It shows whether the credential is accepted.
                let active = host.row(host.fact("token.active").unwrap());
                assert!(
                    about(active, kind)
                        .iter()
                        .any(|told| matches!(told, Told::Request { request, .. } if *request == name)),
                    "{} {}",
                    host.word,
                    kind.word
                );
            }
            if let Some(page) = kind.settings_page {
                assert!(page.starts_with("{url}/") || page.starts_with("https://"), "{page}");
                assert!(placeholders(page).iter().all(|word| *word == "url"), "{page}");
            }
        }
    }
}

#[test]
fn derived_facts_name_facts_of_the_right_type() {
    for host in HOSTS {
        for fact in host.facts {
            let Origin::Derived(derivation) = &fact.origin else { continue };
            let at = format!("{} {}", host.word, fact.path);
            let read = |path: &str| host.row(host.fact(path).unwrap_or_else(|| panic!("{at} reads {path}")));
            match *derivation {
                Derivation::Until(path) | Derivation::Since(path) => {
                    assert_eq!((read(path).ty, fact.ty), (Type::Time, Type::Duration), "{at}");
                    assert_eq!(read(path).subject, fact.subject, "{at}");
                    assert_eq!(read(path).absence, fact.absence, "{at}");
                }
                Derivation::Access(path) => assert!(matches!(read(path).ty, Type::Level(_)), "{at}"),
                Derivation::Outsider(_) => {
                    assert_eq!(fact.ty, Type::Bool, "{at}");
                    derivation.reads().iter().for_each(|path| assert_eq!(read(path).path, *path));
                }
                Derivation::RoleEnd(end) => {
                    assert_eq!((read(end.membership).ty, fact.ty), (Type::Time, Type::Time), "{at}");
                    assert_eq!(read(end.role).ty, read(end.own).ty, "{at}");
                    assert_eq!(read(end.membership).absence, fact.absence, "{at}");
                }
                Derivation::Lifetime => {
                    let words = words(fact.ty);
                    for kind in host.kinds {
                        assert!(kind.lifetime.is_none_or(|lifetime| words.contains(&lifetime.word())), "{at}");
                    }
                }
                Derivation::Abilities(_) => {
                    read("repository.access");
                    assert!(derivation.reads().iter().any(|path| host.fact(path).is_some()), "{at}");
                }
            }
        }
    }
}

/// What the hosts are not known to show must not be promised.
#[test]
fn what_is_not_known_to_be_shown_is_not_promised() {
    for (kind, credential, path) in [
        (HostKind::GitLab, "deploy", "token.scopes"),
        (HostKind::GitLab, "fine_grained", "token.scopes"),
        (HostKind::GitLab, "job", "token.expires_at"),
        (HostKind::BitbucketCloud, "api_token", "token.expires_at"),
        (HostKind::BitbucketCloud, "workspace_access_token", "token.expires_at"),
        (HostKind::BitbucketCloud, "workspace_access_token", "repository.permission"),
        (HostKind::BitbucketCloud, "oauth", "token.kind"),
        (HostKind::BitbucketCloud, "oauth", "token.scopes"),
        (HostKind::BitbucketServer, "project", "token.kind"),
        (HostKind::BitbucketServer, "oauth", "token.kind"),
        (HostKind::BitbucketServer, "oauth", "token.permissions"),
    ] {
        let host = host(kind);
        let rows = about(host.row(host.fact(path).unwrap()), host.credential_kind(credential).unwrap());
        assert!(
            rows.iter().all(|told| matches!(told, Told::Inapplicable(_) | Told::NotRevealable(_))),
            "{} {path} of {credential}",
            host.word
        );
    }
}
