//! What an error answer says in its body.

use serde_json::Value as Json;

use crate::hosts::words::shortened;
use crate::text::strict_json;

/// What an error answer says in its body.
#[derive(Debug, Default)]
pub(super) struct Told {
    /// The kind of error, where GitLab names one: `invalid_token`.
    pub(super) error: String,
    /// Its sentence.
    pub(super) description: String,
    /// GitLab's words where it names no kind of error: a text, a list, or lists by field.
    pub(super) message: String,
    /// The scopes that the route takes. Never those that the token has.
    pub(super) scopes: Vec<String>,
}

impl Told {
    pub(super) fn read(body: &[u8]) -> Self {
        let body = strict_json::parse(body).unwrap_or(Json::Null);
        let text = |name: &str| body.get(name).and_then(Json::as_str).unwrap_or_default().to_owned();
        let mut message = Vec::new();
        words_of(body.get("message").unwrap_or(&Json::Null), &mut message);
        Self {
            error: text("error"),
            description: text("error_description"),
            message: message.join(", "),
            scopes: text("scope").split_ascii_whitespace().map(str::to_owned).collect(),
        }
    }

    /// A refusal that says nothing about why.
    pub(super) fn is_bare(&self) -> bool {
        self.error.is_empty() || self.error == "unauthorized" || self.error == "401 Unauthorized"
    }

    /// Whether it says that a personal access token is wanted here.
    pub(super) fn wants_personal_token(&self) -> bool {
        self.message.contains("requires token type to be a personal access token")
    }

    pub(super) fn says(&self, words: &str) -> bool {
        self.message.contains(words) || self.description.contains(words)
    }

    /// GitLab's own words, shortened; without the status that they begin with.
    pub(super) fn words(&self) -> String {
        let words = if self.description.is_empty() { &self.message } else { &self.description };
        let plain = words.trim_start_matches(|letter: char| letter.is_ascii_digit()).trim_start();
        let plain =
            plain.strip_prefix("Forbidden - ").or_else(|| plain.strip_prefix("Bad request - ")).unwrap_or(plain);
        shortened(plain)
    }
}

/// The texts of a message: it is a text, a list of texts, or an object of such lists.
fn words_of(message: &Json, into: &mut Vec<String>) {
    match message {
        Json::String(text) => into.push(text.clone()),
        Json::Array(items) => items.iter().for_each(|item| words_of(item, into)),
        Json::Object(fields) => {
            for (name, value) in fields {
                let mut own = Vec::new();
                words_of(value, &mut own);
                into.push(format!("{name} {}", own.join(", ")));
            }
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_is_a_text_a_list_or_lists_by_field() {
        let words = |body: &str| Told::read(body.as_bytes()).words();
        assert_eq!(words(r#"{"message":"401 Unauthorized"}"#), "Unauthorized");
        assert_eq!(words(r#"{"message":["a","b"]}"#), "a, b");
        assert_eq!(words(r#"{"message":{"name":["is taken","is long"]}}"#), "name is taken, is long");
        assert_eq!(words(r#"{"message":"403 Forbidden - no"}"#), "no");
        assert_eq!(words("<html>"), "");
        assert_eq!(words(r#"{"message":{"a":{"b":[1,null]}}}"#), "a b ");
    }
}
