//! How one answer is read: what was asked for, or the reasons of a refusal.

use serde_json::Value as Json;

use super::tables::NAME;
use super::{headers, refusal};
use crate::facts::{Cause, Exchange, Unknown};
use crate::hosts::reader::{Reader, wrong_field};
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
}

/// A list while it is read: how many items its pages held.
#[derive(Default)]
pub(super) struct Counted {
    seen: u64,
}

impl Counted {
    /// The address of the page after this one, where this is a page; `None` after the last. To be asked once a page.
    ///
    /// # Errors
    /// Where the page leaves open whether another follows, or the list holds less than Bitbucket counts.
    pub(super) fn next(&mut self, page: &Arrived) -> Result<Option<String>, Unknown> {
        let Some(body) = page.found() else { return Ok(None) };
        let items = body.get("values").and_then(Json::as_array).map_or(0, Vec::len);
        self.seen = self.seen.saturating_add(u64::try_from(items).unwrap_or(u64::MAX));
        match (body.get("next"), body.get("size")) {
            (Some(Json::String(next)), _) if next.contains("://") => Ok(Some(next.clone())),
            (Some(_), _) => Err(wrong_field("/next", "an address")),
            (None, None) => Ok(None),
            (None, Some(size)) => match size.as_u64() {
                Some(size) if size <= self.seen => Ok(None),
                Some(size) => {
                    let reason = format!("Bitbucket counts {size} items in the list and shows {}", self.seen);
                    Err(Unknown::new(Cause::Incomplete, reason))
                }
                None => Err(wrong_field("/size", "a number")),
            },
        }
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
        (_, body) => refusal::read(reader, body.as_ref()),
    })
}
