//! The headers of GitHub's answers.

use jiff::fmt::strtime;
use jiff::{Timestamp, tz};

use super::tables::permission_name;
use crate::facts::{Answer, PermissionMap};
use crate::hosts::words::listed;
use crate::vocabulary::github::headers::{
    SUNSET, X_ACCEPTED_GITHUB_PERMISSIONS, X_GITHUB_REQUEST_ID, X_GITHUB_SSO, X_OAUTH_SCOPES,
};

/// `X-OAuth-Scopes`: the names as granted; `None` where the header is missing, which is not the same as empty.
pub(super) fn scopes(answer: &Answer) -> Option<Vec<String>> {
    let text = answer.header(X_OAUTH_SCOPES)?;
    Some(listed(&text))
}

/// When a token expires: `2026-09-19 08:26:39 UTC` or `2026-02-06 07:42:23 +0100`. Both forms come for several kinds.
pub(super) fn expiry(text: &str) -> Option<Timestamp> {
    let text = text.trim();
    match text.strip_suffix("UTC") {
        Some(utc) => {
            let time = strtime::parse("%Y-%m-%d %H:%M:%S", utc.trim_end()).ok()?.to_datetime().ok()?;
            tz::Offset::UTC.to_timestamp(time).ok()
        }
        None => strtime::parse("%Y-%m-%d %H:%M:%S %z", text).ok()?.to_timestamp().ok(),
    }
}

/// Whether the answer is GitHub's own: a proxy that answers or rewrites by itself lacks this header.
pub(super) fn is_githubs(answer: &Answer) -> bool {
    answer.header(X_GITHUB_REQUEST_ID).is_some()
}

/// The ways that `X-Accepted-GitHub-Permissions` names, each with the permissions that go together: `;` stands between
/// ways, `,` between the parts of one. `None` where the header is missing or says something else.
pub(super) fn accepted_permissions(answer: &Answer) -> Option<Vec<PermissionMap>> {
    let text = answer.header(X_ACCEPTED_GITHUB_PERMISSIONS)?;
    let item = |item: &str| {
        let (name, level) = item.trim().split_once('=')?;
        let level = matches!(level, "read" | "write" | "admin").then_some(level)?;
        Some((permission_name(name).to_owned(), level.to_owned()))
    };
    text.split(';').map(|way| way.split(',').map(item).collect()).collect()
}

/// What `X-Accepted-GitHub-Permissions` says where it leaves one way only: the permissions that the answer took.
pub(super) fn taken_permissions(answer: &Answer) -> Option<PermissionMap> {
    let mut ways = accepted_permissions(answer)?;
    let only = ways.pop()?;
    ways.is_empty().then_some(only)
}

/// What `X-GitHub-SSO` says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum SingleSignOn {
    /// An organisation refuses, with the link to authorise the token.
    Required(Option<String>),
    /// A list leaves out what these many organisations hide.
    Partial(usize),
}

/// Reads `X-GitHub-SSO`.
pub(super) fn single_sign_on(answer: &Answer) -> Option<SingleSignOn> {
    let text = answer.header(X_GITHUB_SSO)?;
    let (word, rest) = text.split_once(';').unwrap_or((&text, ""));
    let rest = rest.trim();
    match word.trim() {
        "required" => Some(SingleSignOn::Required(rest.strip_prefix("url=").map(str::to_owned))),
        "partial-results" => {
            let count = |ids: &str| ids.split(',').filter(|id| !id.trim().is_empty()).count();
            Some(SingleSignOn::Partial(rest.strip_prefix("organizations=").map_or(0, count)))
        }
        _ => None,
    }
}

/// When this API version goes, by `Sunset` (an HTTP date).
pub(super) fn sunset(answer: &Answer) -> Option<Timestamp> {
    let text = answer.header(SUNSET)?;
    jiff::fmt::rfc2822::DateTimeParser::new().parse_timestamp(text.trim()).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(headers: &[(&str, &str)]) -> Answer {
        let headers = headers.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        Answer { status: 200, headers, body: Vec::new(), at: Timestamp::UNIX_EPOCH }
    }

    #[test]
    fn both_forms_of_the_expiry_are_read_and_nothing_else() {
        for (text, expected) in [
            ("2026-09-19 08:26:39 UTC", "2026-09-19T08:26:39Z"),
            ("2026-02-06 07:42:23 +0100", "2026-02-06T06:42:23Z"),
            ("2026-02-06 07:42:23 -0700", "2026-02-06T14:42:23Z"),
            ("2026-02-06 07:42:23 +0900", "2026-02-05T22:42:23Z"),
        ] {
            assert_eq!(expiry(text).map(|time| time.to_string()).as_deref(), Some(expected));
        }
        for text in [
            "",
            "never",
            "UTC",
            "2026-13-19 08:26:39 UTC",
            "2026-09-19",
            "2026-09-19 08:26:39",
            "2026-09-19 08:26:39 CET",
            "2026-09-19 08:26:39 UTC, 2027-09-19 08:26:39 UTC",
            "99999-09-19 08:26:39 UTC",
        ] {
            assert_eq!(expiry(text), None, "{text}");
        }
    }

    #[test]
    fn taken_permissions_are_those_of_a_single_way() {
        let taken = |text: &str| taken_permissions(&answer(&[("x-accepted-github-permissions", text)]));
        assert_eq!(taken("metadata=read").unwrap().get("metadata").map(String::as_str), Some("read"));
        assert_eq!(taken("secrets=read,environments=read").unwrap().len(), 2);
        assert_eq!(taken("contents=write; contents=write,workflows=write"), None);
        assert_eq!(taken("allows_permissionless_access=true"), None);
        assert_eq!(taken(""), None);
    }

    #[test]
    fn single_sign_on_is_required_or_partial() {
        let said = |text: &str| single_sign_on(&answer(&[("x-github-sso", text)]));
        let link = "https://github.com/orgs/acme/sso?authorization_request=AAAA";
        assert_eq!(said(&format!("required; url={link}")), Some(SingleSignOn::Required(Some(link.into()))));
        assert_eq!(said("required"), Some(SingleSignOn::Required(None)));
        assert_eq!(said("partial-results; organizations=21955855,20582480"), Some(SingleSignOn::Partial(2)));
        assert_eq!(said("something else"), None);
    }
}
