//! Requests only read, name what they are about, and point at no secret.

use super::*;

#[test]
fn requests_only_read_and_name_what_they_are_about() {
    for host in HOSTS {
        for request in host.requests {
            let at = format!("{} {}", host.word, request.name);
            match request.method {
                Method::Get => {
                    assert!(request.path.starts_with('/') || request.path.starts_with("{url}/"), "{at}");
                    let found = placeholders(request.path);
                    for word in &found {
                        assert!(Request::PLACEHOLDERS.iter().any(|(name, _)| name == word), "{at}: {word}");
                    }
                    let about: BTreeSet<&str> =
                        found.into_iter().filter(|word| ["owner", "name", "organization"].contains(word)).collect();
                    let expected: &[&str] = match request.subject {
                        Subject::Credential => &[],
                        Subject::Repository => &["name", "owner"],
                        Subject::Organization => &["organization"],
                    };
                    // A list by level is of everything that the credential has there, not of one.
                    let by_level = request.path.contains("permission={level}") && about.is_empty();
                    assert!(by_level || about.into_iter().collect::<Vec<_>>() == expected, "{at}");
                }
                Method::Query(text) => {
                    assert!(text.trim_start().starts_with("query"), "{at}");
                    assert!(!text.contains("mutation") && !text.contains("subscription"), "{at}");
                }
                Method::Probe { .. } => panic!("{at}: a write probe tells no fact by itself"),
            }
            assert!(!request.path.contains(char::is_whitespace), "{at}");
            assert_eq!(request.path.matches('{').count(), request.path.matches('}').count(), "{at}");
            assert!(
                request.headers.iter().all(|header| header
                    .name()
                    .chars()
                    .all(|character| character.is_ascii_alphanumeric() || character == '-')),
                "{at}"
            );
            assert_eq!(duplicates(request.headers.iter().map(|header| header.name())), [""; 0], "{at}");
        }
    }
}

#[test]
fn fields_are_json_pointers() {
    for host in HOSTS {
        for request in host.requests {
            let at = format!("{} {}", host.word, request.name);
            assert_eq!(duplicates(request.fields.iter().copied()), [""; 0], "{at}");
            for pointer in request.fields {
                assert!(pointer.starts_with('/'), "{at}: {pointer}");
                for segment in pointer.split('/').skip(1) {
                    assert!(!segment.is_empty(), "{at}: {pointer}");
                    assert!(segment == "*" || !segment.contains('*'), "{at}: {pointer}");
                    let escapes = segment.split('~').skip(1).all(|rest| rest.starts_with(['0', '1']));
                    assert!(escapes, "{at}: {pointer}");
                }
            }
        }
    }
}

/// GitHub masks a webhook's secret, and whatever is named `secret` a record keeps as stars; the other hosts' answers may
/// hold secrets in clear.
#[test]
fn no_field_points_at_a_secret() {
    const SECRETS: [&str; 10] = [
        "token",
        "secret",
        "password",
        "private_key",
        "runners_token",
        "signing_token",
        "configuration",
        "credentials",
        "private_token",
        "access_token",
    ];
    for host in HOSTS {
        for request in host.requests {
            for pointer in request.fields {
                let masked = match host.kind {
                    HostKind::GitHub => pointer.ends_with("/config/secret"),
                    HostKind::BitbucketServer => pointer.ends_with("/configuration/secret"),
                    _ => false,
                };
                let secret = pointer.split('/').any(|segment| SECRETS.contains(&segment));
                assert!(!secret || masked, "{} {}: {pointer}", host.word, request.name);
                // A whole hook or project would bring its secrets along.
                assert!(!["/*", "/values", "/values/*"].contains(pointer), "{} {}", host.word, request.name);
            }
            for header in request.headers {
                let secret = ["authorization", "cookie", "set-cookie", "private-token"];
                assert!(!secret.iter().any(|name| header.is(name)), "{header}");
            }
        }
    }
}

#[test]
fn listings_name_kinds_and_keep_what_they_list() {
    for host in HOSTS {
        let listings: Vec<&Request> = host.requests.iter().filter(|request| request.listing.is_some()).collect();
        assert!(!listings.is_empty(), "{}: globs could match nothing", host.word);
        let mut kinds: Vec<&str> = Vec::new();
        for request in listings {
            let listing = request.listing.as_ref().unwrap();
            kinds.extend(listing.kinds.iter().copied());
            assert!((1..=100).contains(&listing.pages), "{}", request.name);
            let within = match listing.shape {
                ListingShape::Bare => "/*/".to_owned(),
                ListingShape::In(field) => format!("/{field}/*/"),
                ListingShape::OfInstallations => "/repositories/*/".to_owned(),
            };
            assert!(request.fields.iter().any(|pointer| pointer.starts_with(&within)), "{}", request.name);
        }
        for kind in &kinds {
            assert!(host.credential_kind(kind).unwrap().first_request.is_some(), "{} {kind}", host.word);
        }
        assert_eq!(duplicates(kinds), [""; 0], "{}: two listings for one kind", host.word);
    }
}

#[test]
fn needs_and_batches_name_what_exists() {
    for host in HOSTS {
        for request in host.requests {
            let at = format!("{} {}", host.word, request.name);
            for path in request.needs {
                let row = host.row(host.fact(path).unwrap_or_else(|| panic!("{at}: {path}")));
                assert!([Subject::Credential, request.subject].contains(&row.subject), "{at}: {path}");
            }
            let Some(batch) = &request.batch else { continue };
            assert!(batch.kinds.iter().all(|kind| host.credential_kind(kind).is_some()), "{at}");
            assert!(batch.tells.iter().all(|path| host.fact(path).is_some()), "{at}");
            assert!(batch.most > 1 && batch.from > 1, "{at}");
            for name in batch.instead_of {
                let replaced = host.request(name).unwrap_or_else(|| panic!("{at}: {name}"));
                assert_eq!(replaced.subject, request.subject, "{at}: {name}");
            }
        }
    }
}
