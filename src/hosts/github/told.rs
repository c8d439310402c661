//! What an error answer says in its body.

use serde_json::Value as Json;

use crate::hosts::words::shortened;
use crate::text::strict_json;

/// What an error answer says in its body.
pub(super) struct Told {
    pub(super) message: String,
    pub(super) documentation: String,
    /// Why a legal block stands.
    pub(super) block: String,
}

impl Told {
    pub(super) fn read(body: &[u8]) -> Self {
        let body = strict_json::parse(body).unwrap_or(Json::Null);
        let text = |pointer: &str| body.pointer(pointer).and_then(Json::as_str).unwrap_or_default().to_owned();
        Self { message: text("/message"), documentation: text("/documentation_url"), block: text("/block/reason") }
    }

    /// What an error in a query's answer says.
    pub(super) fn of_error(error: &Json) -> Self {
        let message = error.get("message").and_then(Json::as_str).unwrap_or_default().to_owned();
        Self { message, documentation: String::new(), block: String::new() }
    }

    pub(super) fn says(&self, words: &str) -> bool {
        self.message.contains(words)
    }

    /// GitHub's own words, shortened.
    pub(super) fn words(&self) -> String {
        shortened(&self.message)
    }
}
