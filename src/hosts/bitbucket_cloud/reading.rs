//! How one answer is read: what was asked for, or the reasons of a refusal.

use serde_json::Value as Json;

use super::tables::NAME;
use super::{headers, refusal};
use crate::facts::{Exchange, Unknown};
use crate::hosts::reader::Reader;
use crate::hosts::{Walk, alike};

/// An exchange whose body was parsed, once.
pub(super) struct Arrived {
    pub(super) exchange: Exchange,
    /// The JSON of the body, whatever the status; `None` where no answer came, or none in JSON.
    pub(super) body: Option<Json>,
}

impl Arrived {
    pub(super) fn of(exchange: Exchange) -> Self {
        let body = exchange.result.as_ref().ok().and_then(|answer| alike::json(answer).ok());
        Self { exchange, body }
    }

    /// The body of an answer that is what was asked for.
    pub(super) fn found(&self) -> Option<&Json> {
        self.body.as_ref().filter(|_| self.exchange.status() == Some(200))
    }

    /// The address of the next page, where this is a page that names one.
    pub(super) fn next(&self) -> Option<String> {
        self.found()?.get("next")?.as_str().filter(|next| !next.is_empty()).map(str::to_owned)
    }
}

/// Reads an exchange: `read` where the answer is 200 and JSON, and the reasons of a refusal elsewhere. What is asked and was
/// not told is open for the reason given back.
pub(super) fn answered(
    walk: &mut Walk<'_>,
    arrived: &Arrived,
    read: impl FnOnce(&mut Reader<'_>, &Json) -> Unknown,
) -> Unknown {
    walk.read(&arrived.exchange, |reader| match (reader.answer.status, &arrived.body) {
        (200, Some(body)) => {
            headers::read(reader, body);
            read(reader, body)
        }
        (200, None) => reader.unreadable(NAME),
        (_, body) => refusal::read(reader, body.as_ref().unwrap_or(&Json::Null)),
    })
}
