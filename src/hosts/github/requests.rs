//! What is asked: a row of the table and its target, as an HTTP request.

use std::sync::Arc;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use url::Url;

use crate::facts::{Credential, HttpRequest, RequestLabel, Target};
use crate::vocabulary::{Method, Request};

/// The REST API's version that is asked for. GitHub serves it until 2028-03-10, and every Enterprise Server knows it.
pub(super) const API_VERSION: &str = "2022-11-28";

/// Everything but the unreserved characters of a URL: a name can end no path segment and start no query.
const SEGMENT: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// The request for a row about a target.
pub(super) fn request(row: &'static Request, target: &Target, credential: &Credential) -> HttpRequest {
    let (owner, name) = match target {
        Target::Credential => ("", ""),
        Target::Repository(repository) => (repository.owner(), repository.name()),
        Target::Organization(organization) => (organization.as_str(), ""),
    };
    let mut url = base(&credential.api, matches!(row.method, Method::Query(_)));
    for (place, part) in row.path.split('/').skip(1).map(|segment| (segment, segment.split_once('?'))) {
        let (segment, query) = part.map_or((place, None), |(segment, query)| (segment, Some(query)));
        let value = match segment {
            "{owner}" | "{organization}" => owner,
            "{name}" => name,
            fixed => fixed,
        };
        url.push('/');
        // No encoding keeps these from changing the path; no account has a name with a space, so this finds nothing.
        if matches!(value, "" | "." | "..") {
            url.push_str("%20");
        }
        url.extend(utf8_percent_encode(value, SEGMENT));
        if let Some(query) = query {
            url.push('?');
            url.push_str(query);
        }
    }
    let mut headers =
        vec![("accept", "application/vnd.github+json".to_owned()), ("x-github-api-version", API_VERSION.to_owned())];
    let body = match row.method {
        Method::Get => None,
        Method::Query(query) => {
            headers.push(("content-type", "application/json".to_owned()));
            Some(serde_json::json!({ "query": query }).to_string())
        }
    };
    HttpRequest { label: Arc::new(RequestLabel { method: row.method.word(), url }), headers, body }
}

/// The API's base without a trailing slash. On an Enterprise Server, REST is at `/api/v3` and GraphQL at `/api`.
fn base(api: &Url, query: bool) -> String {
    let path = api.path().trim_end_matches('/');
    let path = if query && path.ends_with("/api/v3") { path.trim_end_matches("/v3") } else { path };
    format!("{}{path}", api.origin().ascii_serialization())
}
