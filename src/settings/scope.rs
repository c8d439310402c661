//! Scope: the repositories that the operator names, from allow lists, settings and `--repository`.

use std::collections::HashSet;

use super::address;
use crate::vocabulary::{HOSTS, RepositoryNames};

/// Why a text names no repository.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum PatternError {
    #[error("a repository is named `OWNER/NAME`")]
    Parts,
    #[error("no part of a repository's name may be empty, `.` or `..`")]
    DotPart,
    #[error("a repository's name has only letters, digits, `.`, `_`, `-` and `~`, and `*` and `?` in patterns")]
    Character,
    #[error("a repository's name has at most 512 characters")]
    TooLong,
    #[error("a repository is named without its host's address")]
    Address,
}

/// Checks a repository's name or glob of a host that names repositories so.
pub(super) fn check(pattern: &str, names: &RepositoryNames) -> Result<(), PatternError> {
    if pattern.len() > 512 {
        return Err(PatternError::TooLong);
    }
    if pattern.contains("://") {
        return Err(PatternError::Address);
    }
    let parts: Vec<&str> = pattern.split('/').collect();
    if !names.is_whole(pattern) {
        return Err(PatternError::Parts);
    }
    if parts.iter().any(|part| matches!(*part, "" | "." | "..")) {
        return Err(PatternError::DotPart);
    }
    let allowed =
        |character: char| character.is_alphanumeric() || matches!(character, '.' | '_' | '-' | '~' | ' ' | '*' | '?');
    if parts.iter().any(|part| !part.chars().all(allowed)) {
        return Err(PatternError::Character);
    }
    Ok(())
}

/// Checks a repository's name or glob that may stand after its host: `git.acme.dev:8443/acme/infra`. Of which kind of
/// host it is does not show yet.
pub(super) fn check_with_host(text: &str) -> Result<(), PatternError> {
    let name = match text.split_once('/') {
        Some((host, rest)) if host.contains(':') && address::bare_authority(host).is_ok() => rest,
        _ => text,
    };
    let of_each = || HOSTS.iter().map(|host| check(name, &host.names));
    match of_each().find(Result::is_ok) {
        Some(fits) => fits,
        None => of_each().next().unwrap_or(Ok(())),
    }
}

/// A bot's allow list, for one host: what it may work on there, and what it may not.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct AllowList {
    pub(super) included: Vec<String>,
    pub(super) excluded: Vec<String>,
}

/// Reads Atlantis' allow list for the host at `authority`.
///
/// As Atlantis reads it (`repo_allowlist_checker.go`): entries are globs over `HOST/OWNER/NAME` without regard to case,
/// `*` matches any run, slashes too, `!` excludes and wins over every inclusion.
pub(super) fn allow_list(text: &str, authority: &str, names: &RepositoryNames) -> Result<AllowList, PatternError> {
    let mut list = AllowList::default();
    let mut seen = [HashSet::new(), HashSet::new()];
    let [included, excluded] = &mut seen;
    for entry in text.split(',').map(str::trim).filter(|entry| !entry.is_empty()) {
        if entry.contains("://") {
            return Err(PatternError::Address);
        }
        let (entry, into) = match entry.strip_prefix('!') {
            Some(rest) if !rest.is_empty() => (rest, (&mut list.excluded, &mut *excluded)),
            _ => (entry, (&mut list.included, &mut *included)),
        };
        if entry.contains(['?', '!']) {
            return Err(PatternError::Character);
        }
        for rest in residuals(entry, &format!("{authority}/")) {
            if !names.has_room_for(&rest) || !names.is_whole(&rest) {
                continue;
            }
            check(&rest, names)?;
            if into.1.insert(rest.clone()) {
                into.0.push(rest);
            }
        }
    }
    // Exact names that are excluded need no further look.
    let AllowList { included, excluded } = &mut list;
    included
        .retain(|name| name.contains('*') || !excluded.iter().any(|pattern| crate::text::glob::matches(pattern, name)));
    Ok(list)
}

/// What remains of a glob once it has matched all of `start`: a glob for each way to match it, without those that
/// another one covers.
fn residuals(glob: &str, start: &str) -> Vec<String> {
    let glob: Vec<char> = glob.chars().collect();
    // A star may match nothing, so a position at a star is one after it, too.
    let close = |mut positions: Vec<usize>| {
        let mut at = 0;
        while let Some(position) = positions.get(at).copied() {
            if glob.get(position) == Some(&'*') && !positions.contains(&(position + 1)) {
                positions.push(position + 1);
            }
            at += 1;
        }
        positions
    };
    let mut positions = close(vec![0]);
    for character in start.chars() {
        let mut next = Vec::new();
        for position in positions {
            let after = match glob.get(position) {
                Some('*') => position,
                Some(wanted) if wanted.eq_ignore_ascii_case(&character) => position + 1,
                _ => continue,
            };
            if !next.contains(&after) {
                next.push(after);
            }
        }
        positions = close(next);
    }
    // A star covers what comes after it when it matches nothing.
    positions.sort_unstable();
    let covered = |position: usize| {
        position.checked_sub(1).is_some_and(|before| glob.get(before) == Some(&'*') && positions.contains(&before))
    };
    positions
        .iter()
        .filter(|position| !covered(**position))
        .filter_map(|position| glob.get(*position..))
        .map(|rest| rest.iter().collect())
        .collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::text::glob;

    const FLAT: RepositoryNames = RepositoryNames::OWNER_AND_NAME;
    const NESTED: RepositoryNames = RepositoryNames { most: usize::MAX, ..FLAT };

    fn included(text: &str, authority: &str) -> Vec<String> {
        allow_list(text, authority, &FLAT).unwrap().included
    }

    #[test]
    fn names_are_checked() {
        for good in ["acme/infra", "acme/infra-*", "*", "group/sub/name", "acme/*", "~user/a b"] {
            assert_eq!(check(good, &NESTED), Ok(()), "{good}");
        }
        for (bad, error) in [
            ("infra", PatternError::Parts),
            ("", PatternError::Parts),
            ("acme/", PatternError::DotPart),
            ("acme/../x", PatternError::DotPart),
            ("acme/in?fra#x", PatternError::Character),
            ("acme/a%2fb", PatternError::Character),
            ("acme/a\nb", PatternError::Character),
            ("!acme/infra", PatternError::Character),
            ("https://github.com/acme/infra", PatternError::Address),
        ] {
            assert_eq!(check(bad, &NESTED), Err(error), "{bad}");
        }
        assert_eq!(check(&format!("a/{}", "b".repeat(600)), &NESTED), Err(PatternError::TooLong));
    }

    #[test]
    fn an_allow_list_is_bound_by_its_host() {
        let list = "github.com/acme/infra, GitHub.com/acme/live-*,ghe.acme.dev/ops/*,gitlab.com/g/s/p";
        assert_eq!(included(list, "github.com"), ["acme/infra", "acme/live-*"]);
        assert_eq!(included(list, "ghe.acme.dev"), ["ops/*"]);
        assert_eq!(included(list, "gitlab.com"), [] as [&str; 0]);
        assert_eq!(allow_list(list, "gitlab.com", &NESTED).unwrap().included, ["g/s/p"]);
        assert_eq!(included(list, "github.com.evil.dev"), [] as [&str; 0]);
        assert_eq!(included("*", "github.com"), ["*"]);
        assert_eq!(included("github.com/*", "github.com"), ["*"]);
        assert_eq!(included("*/acme/infra", "github.com"), ["acme/infra"]);
        assert_eq!(included("git*", "github.com"), ["*"]);
        assert_eq!(included("github.com/*-prod", "github.com"), ["*-prod"]);
        assert_eq!(included("github.com:8443/a/b", "github.com"), [] as [&str; 0]);
        assert_eq!(included("", "github.com"), [] as [&str; 0]);
    }

    #[test]
    fn exclusions_win() {
        let list =
            allow_list("github.com/acme/*,github.com/acme/secret,!github.com/acme/secret,!*/x", "github.com", &FLAT);
        assert_eq!(
            list,
            Ok(AllowList { included: vec!["acme/*".into()], excluded: vec!["acme/secret".into(), "*/x".into()] })
        );
    }

    #[test]
    fn what_an_allow_list_cannot_mean_is_refused() {
        assert_eq!(allow_list("https://github.com/acme/a", "github.com", &FLAT), Err(PatternError::Address));
        assert_eq!(allow_list("github.com/acme/a?", "github.com", &FLAT), Err(PatternError::Character));
        assert_eq!(allow_list("github.com/acme/../x/y", "github.com", &NESTED), Err(PatternError::DotPart));
    }

    proptest! {
        #[test]
        fn residuals_match_what_the_whole_glob_matches(entry in "[ab./*]{0,10}", rest in "[ab/]{0,6}") {
            let start = "a.b/";
            let whole = glob::matches(&entry, &format!("{start}{rest}"));
            let parts = residuals(&entry, start).iter().any(|glob| glob::matches(glob, &rest));
            prop_assert_eq!(whole, parts, "{}", entry);
        }
    }
}
