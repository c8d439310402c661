//! What is asked: a row of the table and its target, as an HTTP request.

use std::sync::Arc;

use super::tables::{host, index};
use crate::facts::{Credential, HttpRequest, RequestLabel, Value};
use crate::hosts::{Question, path};

fn get(url: String) -> HttpRequest {
    let headers = vec![("accept", "application/json".to_owned())];
    HttpRequest { label: Arc::new(RequestLabel { method: "GET", url }), headers, body: None, once: false }
}

/// The request that a question begins with.
pub(super) fn request(question: &Question<'_>) -> HttpRequest {
    let url = path::url(question, question.credential.api.as_str(), &|placeholder| own(question, placeholder));
    let of_git = question.row.path.starts_with("{url}");
    match url.strip_prefix(question.credential.url.trim_end_matches('/')).filter(|_| of_git) {
        None => get(url),
        // What lies outside of the API's base lies beside it: a secret goes to one origin. Git says what it is by itself.
        Some(rest) => {
            let label = RequestLabel { method: "GET", url: format!("{}{rest}", root(question.credential)) };
            HttpRequest { label: Arc::new(label), headers: Vec::new(), body: None, once: false }
        }
    }
}

/// Another row's request about the same.
pub(super) fn named(question: &Question<'_>, name: &str) -> Option<HttpRequest> {
    let row = host().request(name)?;
    Some(request(&Question { row, ..*question }))
}

/// A GET of a path below the API's base.
pub(super) fn below(credential: &Credential, path: &str) -> HttpRequest {
    get(format!("{}{path}", credential.api.as_str().trim_end_matches('/')))
}

/// A GET of a path beside the API.
pub(super) fn beside(credential: &Credential, path: &str) -> HttpRequest {
    get(format!("{}{path}", root(credential)))
}

/// A write that cannot change anything: its body is never valid, and what it names cannot exist.
pub(super) fn probe(credential: &Credential, method: &'static str, path: &str, body: &str) -> HttpRequest {
    let url = format!("{}{path}", credential.api.as_str().trim_end_matches('/'));
    let mut headers = vec![("accept", "application/json".to_owned())];
    if !body.is_empty() {
        headers.push(("content-type", "application/json".to_owned()));
    }
    let body = (!body.is_empty()).then(|| body.to_owned());
    HttpRequest { label: Arc::new(RequestLabel { method, url }), headers, body, once: true }
}

/// Where the instance is: the API's address without `/api/v1`, with what a path of the instance puts before it.
fn root(credential: &Credential) -> String {
    let path = credential.api.path().trim_end_matches('/');
    match path.strip_suffix("/api/v1") {
        Some(path) => format!("{}{path}", credential.api.origin().ascii_serialization()),
        None => credential.url.trim_end_matches('/').to_owned(),
    }
}

/// What Gitea's own placeholders stand for.
fn own(question: &Question<'_>, placeholder: &str) -> Option<String> {
    match placeholder {
        "user" => username(question),
        "expected" => question.credential.username.clone(),
        _ => None,
    }
}

/// The name of the account, where it is known.
pub(super) fn username(question: &Question<'_>) -> Option<String> {
    match question.so_far.credential.get(index("user.username")?)?.knowledge.value()? {
        Value::String(name) => Some(name.clone()),
        _ => None,
    }
}
