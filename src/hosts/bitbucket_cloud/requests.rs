//! What is asked: a row of the table and its target, as an HTTP request.

use std::sync::Arc;

use crate::facts::{HttpRequest, RequestLabel};
use crate::hosts::{Question, path};
use crate::vocabulary::{HostKind, host};

/// The request that a question begins with.
pub(super) fn request(question: &Question<'_>) -> HttpRequest {
    get(path::url(question, question.credential.api.as_str(), &|_| None))
}

/// The list of permissions without the filter that its row has.
pub(super) fn without_filter(question: &Question<'_>) -> HttpRequest {
    let filtered = path::url(question, question.credential.api.as_str(), &|_| None);
    let (path, _) = filtered.split_once('?').unwrap_or((&filtered, ""));
    get(format!("{path}?pagelen=100"))
}

/// The repository itself, for a question about something else of it.
pub(super) fn repository(question: &Question<'_>) -> Option<HttpRequest> {
    let row = host(HostKind::BitbucketCloud).request("repository")?;
    Some(get(path::url(&Question { row, ..*question }, question.credential.api.as_str(), &|_| None)))
}

fn get(url: String) -> HttpRequest {
    HttpRequest {
        label: Arc::new(RequestLabel { method: "GET", url }),
        headers: vec![("accept", "application/json".to_owned())],
        body: None,
        once: false,
    }
}
