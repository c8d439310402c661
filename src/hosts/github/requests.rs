//! What is asked: a row of the table and its target, as an HTTP request.

use std::sync::Arc;

use url::Url;

use super::queries;
use super::tables::host;
use crate::facts::{Credential, FactSet, HttpRequest, RequestLabel, Target, Value};
use crate::hosts::{Question, branch, path};
use crate::vocabulary::Method;

/// The REST API's version that is asked for. GitHub serves it until 2028-03-10, and every Enterprise Server knows it.
pub(super) const API_VERSION: &str = "2022-11-28";

/// The request that a question begins with.
pub(super) fn request(question: &Question<'_>) -> HttpRequest {
    let row = question.row;
    let base = base(&question.credential.api, matches!(row.method, Method::Query(_)));
    let url = path::url(question, &base, &|placeholder| match placeholder {
        "user" => login(question.so_far),
        _ => None,
    });
    let mut headers = headers();
    let body = match row.method {
        Method::Get => None,
        Method::Probe { body, .. } => {
            headers.push(("content-type", "application/json".to_owned()));
            Some(body.to_owned())
        }
        Method::Query(query) => {
            headers.push(("content-type", "application/json".to_owned()));
            Some(match row.batch {
                Some(_) => queries::body(query, question.targets),
                None => serde_json::json!({ "query": query }).to_string(),
            })
        }
    };
    let once = matches!(row.method, Method::Probe { .. });
    HttpRequest { label: Arc::new(RequestLabel { method: row.method.word(), url }), headers, body, once }
}

/// A GET of a path below the API's base.
pub(super) fn below(credential: &Credential, path: &str) -> HttpRequest {
    let label = Arc::new(RequestLabel { method: "GET", url: format!("{}{path}", base(&credential.api, false)) });
    HttpRequest { label, headers: headers(), body: None, once: false }
}

/// The public profile of an account: a user's, or an organisation's.
pub(super) fn account(question: &Question<'_>) -> HttpRequest {
    let name = match question.target() {
        Target::Organization(name) => name.as_str(),
        Target::Repository(repository) => repository.owner(),
        Target::Credential => "",
    };
    below(question.credential, &format!("/users/{}", path::encoded(name)))
}

/// The rules of rulesets that bear on the branch that a question is about.
pub(super) fn rules(question: &Question<'_>) -> Option<HttpRequest> {
    let Target::Repository(name) = question.target() else { return None };
    let branch = path::encoded(&branch::default(question)?);
    let repository = format!("/repos/{}/{}", path::encoded(name.owner()), path::encoded(name.name()));
    Some(below(question.credential, &format!("{repository}/rules/branches/{branch}?per_page=100")))
}

/// The repositories of an App's installation.
pub(super) fn of_installation(credential: &Credential, number: u64) -> HttpRequest {
    // GitHub reads past the last parameter; it tells apart what is asked of different installations.
    below(credential, &format!("/installation/repositories?per_page=100&installation_id={number}"))
}

/// The headers of every request.
pub(super) fn headers() -> Vec<(&'static str, String)> {
    vec![("accept", "application/vnd.github+json".to_owned()), ("x-github-api-version", API_VERSION.to_owned())]
}

/// The login, where it is known.
fn login(facts: &FactSet) -> Option<String> {
    match facts.credential.get(host().fact("user.username")?)?.knowledge.value()? {
        Value::String(login) => Some(login.clone()),
        _ => None,
    }
}

/// The API's base without a trailing slash. On an Enterprise Server, REST is at `/api/v3` and GraphQL at `/api`.
pub(super) fn base(api: &Url, query: bool) -> String {
    let path = api.path().trim_end_matches('/');
    let path = if query && path.ends_with("/api/v3") { path.trim_end_matches("/v3") } else { path };
    format!("{}{path}", api.origin().ascii_serialization())
}
