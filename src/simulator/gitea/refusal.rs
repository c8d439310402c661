//! Answers that are none: errors and redirects, in the words of each version.

use serde_json::{Value, json};

use super::release::Difference;
use super::world::World;
use crate::simulator::{Answer, Request};

/// An error of the API.
pub(super) enum Refusal {
    /// A status and a message.
    Message {
        status: u16,
        message: String,
        /// Of the checks before a route is looked for: there is no address of the documentation.
        bare: bool,
    },
    /// Something is not found. Old versions name what they looked for in it, and say more in a list.
    NotFound { looked_for: Option<&'static str>, errors: Vec<String> },
    /// There is no such route.
    NoRoute,
    /// There is, but not for this method.
    NoMethod,
    /// It is elsewhere: the status, and the path below the sub-path.
    Moved(u16, String),
}

impl Refusal {
    pub(super) fn message(status: u16, message: impl Into<String>) -> Self {
        Self::Message { status, message: message.into(), bare: false }
    }

    pub(super) fn bare(message: impl Into<String>) -> Self {
        Self::Message { status: 403, message: message.into(), bare: true }
    }

    /// Nothing there that the caller may know of.
    pub(super) fn not_found() -> Self {
        Self::NotFound { looked_for: None, errors: Vec::new() }
    }

    /// No such name, in the words of a function of old versions.
    pub(super) fn no_name(looked_for: &'static str, name: &str) -> Self {
        Self::NotFound { looked_for: Some(looked_for), errors: vec![no_redirect(name)] }
    }

    pub(super) fn answer(self, world: &World, request: &Request, root: &str) -> Answer {
        let documentation = format!("{root}/api/swagger");
        match self {
            Self::Message { status, message, bare: true } => json_answer(status, &json!({"message": message})),
            Self::Message { status, message, bare: false } => {
                json_answer(status, &json!({"message": message, "url": documentation}))
            }
            Self::NotFound { .. } if world.release.has(Difference::BareNotFound) => {
                json_answer(404, &json!({"message": "not found", "url": documentation}))
            }
            Self::NotFound { looked_for, errors } => {
                let message = looked_for.unwrap_or(if world.release.has(Difference::PlainNotFound) {
                    "not found"
                } else if is_german(request) {
                    "Das Ziel konnte nicht gefunden werden."
                } else {
                    "The target couldn't be found."
                });
                let errors = match (errors.is_empty(), world.release.is_forgejo()) {
                    (true, false) => Value::Null,
                    _ => json!(errors),
                };
                json_answer(404, &json!({"message": message, "url": documentation, "errors": errors}))
            }
            Self::NoRoute => text(404, "404 page not found\n"),
            Self::NoMethod => Answer::new(405, ""),
            Self::Moved(status, path) => moved(status, &format!("{}{path}", world.sub_path)),
        }
    }
}

/// `user redirect does not exist [name: x]`.
pub(super) fn no_redirect(name: &str) -> String {
    format!("user redirect does not exist [name: {}]", name.to_lowercase())
}

/// Whether answers that are translated come in German.
pub(super) fn is_german(request: &Request) -> bool {
    request.header("accept-language").is_some_and(|languages| languages.starts_with("de"))
}

pub(super) fn json_answer(status: u16, body: &Value) -> Answer {
    Answer::new(status, body.to_string()).header("Content-Type", "application/json;charset=utf-8")
}

/// Text as the language's own library writes errors.
pub(super) fn text(status: u16, text: &str) -> Answer {
    Answer::new(status, text).header("Content-Type", "text/plain; charset=utf-8")
}

/// Text as the servers' handlers write it.
pub(super) fn plain(status: u16, text: &str) -> Answer {
    Answer::new(status, text).header("Content-Type", "text/plain;charset=utf-8")
}

pub(super) fn html(status: u16, text: &str) -> Answer {
    Answer::new(status, text).header("Content-Type", "text/html; charset=utf-8")
}

/// A redirect to a path, as the language's own library writes it.
pub(super) fn moved(status: u16, location: &str) -> Answer {
    let words = match status {
        301 => "Moved Permanently",
        303 => "See Other",
        _ => "Temporary Redirect",
    };
    html(status, &format!("<a href=\"{location}\">{words}</a>.\n\n")).header("Location", location)
}
