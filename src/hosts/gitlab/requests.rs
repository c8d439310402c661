//! What is asked: a row of the table and its target, as an HTTP request.

use std::sync::Arc;

use serde_json::json;

use crate::facts::{Credential, HttpRequest, RequestLabel, Target, Value};
use crate::hosts::{Question, path};
use crate::vocabulary::Method;

/// The request that a question begins with.
pub(super) fn request(question: &Question<'_>) -> HttpRequest {
    let row = question.row;
    let mut url = path::url(question, question.credential.api.as_str(), &|placeholder| own(question, placeholder));
    // What lies outside of the API's base lies beside it: a secret goes to one origin.
    if row.path.starts_with("{url}")
        && let Some(rest) = url.strip_prefix(question.credential.url.trim_end_matches('/'))
    {
        url = format!("{}{rest}", root(question.credential));
    }
    let mut headers = vec![("accept", "application/json".to_owned())];
    let body = match row.method {
        Method::Get | Method::Probe { .. } => None,
        Method::Query(query) => {
            headers.push(("content-type", "application/json".to_owned()));
            let paths: Vec<&str> = question.targets.iter().filter_map(path_of).collect();
            Some(json!({ "query": query, "variables": { "paths": paths } }).to_string())
        }
    };
    HttpRequest { label: Arc::new(RequestLabel { method: row.method.word(), url }), headers, body, once: false }
}

/// Another row's request about the same.
pub(super) fn named(question: &Question<'_>, name: &str) -> Option<HttpRequest> {
    let row = super::tables::host().request(name)?;
    Some(request(&Question { row, ..*question }))
}

/// A GET of a path below the API's base.
pub(super) fn below(credential: &Credential, path: &str) -> HttpRequest {
    let url = format!("{}{path}", credential.api.as_str().trim_end_matches('/'));
    let headers = vec![("accept", "application/json".to_owned())];
    HttpRequest { label: Arc::new(RequestLabel { method: "GET", url }), headers, body: None, once: false }
}

/// Where the instance is: the API's address without `/api/v4`, with what a relative URL root puts before it.
fn root(credential: &Credential) -> String {
    let path = credential.api.path().trim_end_matches('/');
    match path.strip_suffix("/api/v4") {
        Some(path) => format!("{}{path}", credential.api.origin().ascii_serialization()),
        None => credential.url.trim_end_matches('/').to_owned(),
    }
}

fn path_of(target: &Target) -> Option<&str> {
    match target {
        Target::Repository(name) => Some(name.as_str()),
        Target::Credential | Target::Organization(_) => None,
    }
}

/// What GitLab's own placeholders stand for.
fn own(question: &Question<'_>, placeholder: &str) -> Option<String> {
    match placeholder {
        "user" => user_id(question).map(|id| id.to_string()),
        _ => None,
    }
}

/// The number of the account, where it is known.
pub(super) fn user_id(question: &Question<'_>) -> Option<i64> {
    let index = super::tables::host().fact("user.id")?;
    match question.so_far.credential.get(index)?.knowledge.value()? {
        Value::Integer(id) => Some(*id),
        _ => None,
    }
}
