//! The shape of answers: headers by kind of credential, bodies, errors.

use serde_json::{Value, json};

use super::world::World;
use crate::simulator::Answer;

/// An error.
#[derive(Debug)]
pub(super) struct Refusal {
    status: u16,
    body: Body,
}

#[derive(Debug)]
enum Body {
    /// Bitbucket's own form.
    Error(Value),
    /// Several lines of text, with a challenge.
    Login,
    /// A page for people.
    Page,
}

impl Refusal {
    pub(super) fn new(status: u16, message: impl Into<String>) -> Self {
        Self { status, body: Body::Error(json!({"message": message.into()})) }
    }

    /// The credential is alive, and lacks a scope.
    pub(super) fn lacking(granted: &[String], required: &[&str]) -> Self {
        let error = json!({
            "message": "Your credentials lack one or more required privilege scopes.",
            "detail": {"granted": granted, "required": required},
        });
        Self { status: 403, body: Body::Error(error) }
    }

    /// A Basic credential that is not taken.
    pub(super) fn bad_login() -> Self {
        Self { status: 401, body: Body::Login }
    }

    /// Missing, or hidden: nobody can tell.
    pub(super) fn no_repository() -> Self {
        Self::new(
            404,
            "You may not have access to this repository or it no longer exists in this workspace. If you think this \
             repository exists and you have access, make sure you are authenticated.",
        )
    }

    pub(super) fn no_workspace(slug: &str) -> Self {
        Self::new(404, format!("No workspace with identifier '{slug}'."))
    }

    /// Missing, by a page for people.
    pub(super) fn page() -> Self {
        Self { status: 404, body: Body::Page }
    }

    /// A request that was removed.
    pub(super) fn removed(change: &str) -> Self {
        let error = json!({
            "message": format!("{change} - Functionality has been deprecated"),
            "detail": "Please read the changelog entry for more details.",
            "data": {"announcement_url": format!("https://developer.atlassian.com/cloud/bitbucket/changelog#{change}")},
        });
        Self { status: 410, body: Body::Error(error) }
    }
}

/// An answer that is no error.
pub(super) fn ok(world: &World, token: Option<usize>, body: &Value) -> Answer {
    let mut answer = Answer::new(200, body.to_string());
    answer.headers = headers(world, token, "application/json");
    answer
}

/// An error. The page for people holds what must never be shown: the caller's profile and a web token.
pub(super) fn refusal(world: &World, token: Option<usize>, refusal: Refusal) -> Answer {
    let status = refusal.status;
    // A credential that is not taken gets none of the headers that tell of it.
    let token = token.filter(|_| status != 401);
    let (text, content_type) = match refusal.body {
        Body::Error(error) => (json!({"type": "error", "error": error}).to_string(), "application/json"),
        Body::Login => (
            "You may not have access to this resource.\nCheck the username and the password,\nand sign in again.\n"
                .into(),
            "text/plain",
        ),
        Body::Page => (page(world, token), "text/html; charset=utf-8"),
    };
    let mut answer = Answer::new(status, text);
    answer.headers = headers(world, token, content_type);
    if content_type == "text/plain" {
        answer = answer.header("www-authenticate", "Basic realm=\"Bitbucket.org HTTP\"");
    }
    answer
}

/// About 25 kB, as the real one is.
fn page(world: &World, token: Option<usize>) -> String {
    let owner = token.and_then(|at| world.tokens.get(at)).and_then(|token| world.find_user(&token.owner));
    let profile = owner.map_or(Value::Null, |user| json!({"nickname": user.nickname, "email": user.email}));
    let web_token = format!("eyJ{}", "Web0token1".repeat(6));
    let filling = "<!-- bitbucket -->".repeat(1_350);
    format!(
        "<!DOCTYPE html><html><head><title>404</title></head><body data-current-user='{profile}' \
         data-frontbucket='{{\"token\": \"{web_token}\"}}'>Repository not found{filling}</body></html>"
    )
}

fn headers(world: &World, token: Option<usize>, content_type: &str) -> Vec<(String, String)> {
    let mut headers: Vec<(String, String)> = Vec::new();
    let mut add = |name: &str, value: String| headers.push((name.to_owned(), value));
    add("server", "AtlassianEdge".to_owned());
    if let Ok(date) = jiff::fmt::rfc2822::DateTimePrinter::new().timestamp_to_rfc9110_string(&world.now) {
        add("date", date);
    }
    add("content-type", content_type.to_owned());
    add("vary", "Authorization, Cookie, Origin".to_owned());
    add("vary", "Accept-Encoding".to_owned());
    if let Some(token) = token.and_then(|at| world.tokens.get(at)) {
        if let Some(kind) = token.kind.header().filter(|_| token.shows_kind) {
            add("x-credential-type", kind.to_owned());
        }
        if token.shows_scopes {
            add("x-oauth-scopes", token.scopes.join(", "));
        }
        if token.kind.is_access_token() {
            add("x-ratelimit-limit", "1000".to_owned());
            add("x-ratelimit-resource", "api-repository".to_owned());
            add("x-ratelimit-nearlimit", world.near_limit.to_string());
        }
    }
    headers
}
