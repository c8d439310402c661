//! The tables tested as tables: what every host's rows must keep, whoever adds them.

use std::collections::{BTreeMap, BTreeSet};
use std::mem::discriminant;

use super::*;

/// Every level, word and name that a type can have, with the aliases of it.
fn words(ty: Type) -> Vec<&'static str> {
    match ty {
        Type::Enum(table) => table.words.iter().map(|(word, _)| *word).collect(),
        Type::Level(table) => table.levels.iter().map(|(word, _)| *word).collect(),
        Type::Names(table) => table.names.iter().map(|row| row.name).collect(),
        Type::Permissions(table) => table.permissions.iter().map(|row| row.name).collect(),
        _ => Vec::new(),
    }
}

fn aliases(ty: Type) -> &'static [Alias] {
    match ty {
        Type::Enum(table) => table.aliases,
        Type::Names(table) => table.aliases,
        Type::Permissions(table) => table.aliases,
        _ => &[],
    }
}

/// The types of all facts and record fields, with where each stands.
fn types() -> Vec<(String, Type)> {
    let mut types = Vec::new();
    for host in HOSTS {
        for fact in host.facts {
            types.push((format!("{} {}", host.word, fact.path), fact.ty));
            if let Type::Records(table) = fact.ty {
                types.extend(
                    table.fields.iter().map(|field| (format!("{} {}.{}", host.word, fact.path, field.name), field.ty)),
                );
            }
        }
    }
    types
}

fn name_tables() -> Vec<(String, &'static NameTable)> {
    types()
        .into_iter()
        .filter_map(|(at, ty)| if let Type::Names(table) = ty { Some((at, table)) } else { None })
        .collect()
}

fn level_tables() -> Vec<(String, &'static LevelTable)> {
    types()
        .into_iter()
        .filter_map(|(at, ty)| match ty {
            Type::Level(table) => Some((at, table)),
            Type::Permissions(table) => Some((at, table.levels)),
            _ => None,
        })
        .collect()
}

fn reveals(fact: &Fact) -> &'static [Reveal] {
    match fact.origin {
        Origin::Asked(reveals) => reveals,
        Origin::Derived(_) => &[],
    }
}

/// The rows of a fact that are about a kind.
fn about(fact: &Fact, kind: &CredentialKind) -> Vec<&'static Told> {
    reveals(fact)
        .iter()
        .filter(|reveal| reveal.kinds.contains(&kind.word) || (reveal.kinds.is_empty() && kind.first_request.is_some()))
        .map(|reveal| &reveal.by)
        .collect()
}

fn duplicates<T: Ord + Copy>(items: impl IntoIterator<Item = T>) -> Vec<T> {
    let mut seen = BTreeSet::new();
    items.into_iter().filter(|item| !seen.insert(*item)).collect()
}

/// Whether a policy can write it bare: a word of an enum, a level, a field.
fn is_word(text: &str) -> bool {
    text.starts_with(|first: char| first.is_ascii_lowercase())
        && text
            .chars()
            .all(|character| character.is_ascii_lowercase() || character.is_ascii_digit() || character == '_')
}

fn is_sentence(text: &str) -> bool {
    text.ends_with('.') && text.starts_with(|first: char| !first.is_lowercase())
}

fn placeholders(text: &str) -> Vec<&str> {
    text.split('{').skip(1).map(|rest| rest.split('}').next().unwrap()).collect()
}

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
fn reads(request: &Request, source: &str) -> bool {
    let kept = |field: &str| {
        let wanted: Vec<&str> = field.split('.').collect();
        request.fields.iter().any(|pointer| {
            let segments: Vec<&str> = pointer.split('/').skip(1).filter(|segment| *segment != "*").collect();
            segments.windows(wanted.len()).any(|window| window == wanted)
        })
    };
    if let Some(header) = source.strip_prefix("header ") {
        request.headers.contains(&header.to_ascii_lowercase().as_str())
    } else if let Some(fields) = source.strip_prefix("fields ") {
        fields.split(" and ").all(kept)
    } else if let Some(field) = source.strip_prefix("field ") {
        kept(field.split(' ').next().unwrap())
    } else {
        source == "status of the answer" || (source == "the list" && request.fields.iter().any(|at| at.contains("/*/")))
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

/// The role that `repository.access` is derived from.
fn role_table(host: &Host) -> &'static LevelTable {
    let access = host.row(host.fact("repository.access").unwrap());
    let Origin::Derived(Derivation::Access(path)) = access.origin else { panic!("{}", host.word) };
    let role = host.row(host.fact(path).unwrap());
    assert_eq!(role.subject, Subject::Repository);
    let Type::Level(table) = role.ty else { panic!("{path} is no level") };
    table
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
                Derivation::Outsider => {
                    assert_eq!(fact.ty, Type::Bool, "{at}");
                    derivation.reads().iter().for_each(|path| assert_eq!(read(path).path, *path));
                }
                Derivation::Lifetime => {
                    let words = words(fact.ty);
                    for kind in host.kinds {
                        assert!(kind.lifetime.is_none_or(|lifetime| words.contains(&lifetime.word())), "{at}");
                    }
                }
                Derivation::Abilities => {
                    read("repository.access");
                    assert!(derivation.reads().iter().any(|path| host.fact(path).is_some()), "{at}");
                }
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
                    .chars()
                    .all(|character| character.is_ascii_lowercase() || character.is_ascii_digit() || character == '-')),
                "{at}"
            );
            assert_eq!(duplicates(request.headers.iter().copied()), [""; 0], "{at}");
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
                assert!(!["authorization", "cookie", "set-cookie", "private-token"].contains(header), "{header}");
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
fn abilities_are_all_there_and_name_what_exists() {
    let expected: Vec<&str> = portable::ABILITIES.names.iter().map(|row| row.name).collect();
    for host in HOSTS {
        let found: Vec<&str> = host.abilities.iter().map(|ability| ability.word).collect();
        assert_eq!(found, expected, "{}", host.word);
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
            assert!(!ability.roles.is_empty(), "{at}");
            assert!(ability.roles.iter().all(|role| role_table(host).word(role).is_some()), "{at}");
            assert!(!(ability.on_public == OnPublic::Everything && ability.writes), "{at}: everybody writes?");
        }
    }
}

#[test]
fn needs_and_batches_name_what_exists() {
    for host in HOSTS {
        for request in host.requests {
            let at = format!("{} {}", host.word, request.name);
            for path in request.needs {
                let row = host.row(host.fact(path).unwrap_or_else(|| panic!("{at}: {path}")));
                assert_eq!(row.subject, Subject::Credential, "{at}: {path}");
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

const PORTABLE: [&str; 16] = [
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
