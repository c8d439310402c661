//! What an error answer says in its body.
//!
//! Only the message of Bitbucket's own JSON is ever passed on: its pages for people hold profile data and a web token of
//! the caller.

use serde_json::Value as Json;

/// What an error answer says.
pub(super) struct Told {
    pub(super) message: String,
    /// The scopes that the request takes, where a refusal for lack of one names them.
    pub(super) required: Vec<String>,
}

impl Told {
    pub(super) fn read(body: &Json) -> Self {
        let message = body.pointer("/error/message").and_then(Json::as_str).unwrap_or_default().to_owned();
        Self { message, required: names(body, "/error/detail/required").unwrap_or_default() }
    }

    /// The scopes that a refusal for lack of one says are granted.
    pub(super) fn granted(body: &Json) -> Option<Vec<String>> {
        names(body, "/error/detail/granted")
    }

    pub(super) fn says(&self, words: &str) -> bool {
        self.message.to_ascii_lowercase().contains(words)
    }
}

/// A list of names; `None` where it is anything else. `error.detail` may be a text, too.
fn names(body: &Json, pointer: &str) -> Option<Vec<String>> {
    body.pointer(pointer)?.as_array()?.iter().map(|name| name.as_str().map(str::to_owned)).collect()
}
