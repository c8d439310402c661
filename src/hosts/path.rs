//! A row's path as a URL: names of targets become text only here, percent-encoded.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use super::branch;
use super::question::Question;
use crate::facts::Target;

/// Everything but the unreserved characters of a URL: a name can end no path segment and start no query.
const ENCODED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// The URL of a question: its row's path below `base` (or from `{url}` on, below the host's web address), with every
/// placeholder filled in. `own` gives those that are the host's own (`user`, `level`); one that is not known yet, in a plan
/// that asks nothing, stays as it is.
pub(super) fn url(question: &Question<'_>, base: &str, own: &dyn Fn(&str) -> Option<String>) -> String {
    let (owner, name) = match question.target() {
        Target::Credential => ("", ""),
        Target::Repository(repository) => (repository.owner(), repository.name()),
        Target::Organization(organization) => (organization.as_str(), ""),
    };
    let (mut url, mut rest) = match question.row.path.strip_prefix("{url}") {
        Some(rest) => (question.credential.url.trim_end_matches('/').to_owned(), rest),
        None => (base.trim_end_matches('/').to_owned(), question.row.path),
    };
    while let Some((fixed, after)) = rest.split_once('{') {
        let (placeholder, after) = after.split_once('}').unwrap_or((after, ""));
        url.push_str(fixed);
        rest = after;
        let value = match placeholder {
            "owner" | "organization" => Some(owner.to_owned()),
            "name" => Some(name.to_owned()),
            "branch" => branch::default(question),
            other => own(other),
        };
        let Some(value) = value else {
            url.extend(["{", placeholder, "}"]);
            continue;
        };
        url.push_str(&encoded(&value));
    }
    url.push_str(rest);
    url
}

/// A name as one segment of a path, or one value of a query.
pub(super) fn encoded(name: &str) -> String {
    // No encoding keeps these from changing the path; no account has a name with a space, so this finds nothing.
    if matches!(name, "" | "." | "..") {
        return format!("%20{name}");
    }
    utf8_percent_encode(name, ENCODED).to_string()
}
