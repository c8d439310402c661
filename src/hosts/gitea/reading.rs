//! How one answer is read: what was asked for, or the reasons of a refusal.

use serde_json::Value as Json;

use super::refusal;
use super::tables::NAME;
use super::told::Told;
use crate::facts::{Exchange, Unknown};
use crate::hosts::reader::Reader;
use crate::hosts::{Walk, alike};

/// An exchange whose body was parsed, once.
pub(super) struct Arrived {
    pub(super) exchange: Exchange,
    /// The JSON of an answer that is what was asked for.
    pub(super) found: Option<Json>,
    /// What any other answer says.
    pub(super) told: Told,
}

impl Arrived {
    pub(super) fn of(exchange: Exchange) -> Self {
        let (found, told) = match &exchange.result {
            Ok(answer) if answer.status == 200 => (alike::json(answer).ok(), Told::default()),
            Ok(answer) => (None, Told::read(&answer.body)),
            Err(_) => (None, Told::default()),
        };
        Self { exchange, found, told }
    }

    /// Whether the answer has this status.
    pub(super) fn is(&self, status: u16) -> bool {
        self.exchange.status() == Some(status)
    }

    /// The items of the list that was asked for.
    pub(super) fn items(&self) -> Option<&Vec<Json>> {
        self.found.as_ref().and_then(Json::as_array)
    }
}

/// Reads an exchange: `read` where the answer is 200 and JSON, and the reasons of a refusal elsewhere. What is asked and was
/// not told is open for the reason given back.
pub(super) fn answered(
    walk: &mut Walk<'_>,
    arrived: &Arrived,
    read: impl FnOnce(&mut Reader<'_>, &Json) -> Unknown,
) -> Unknown {
    walk.read(&arrived.exchange, |reader| match &arrived.found {
        Some(body) => read(reader, body),
        None if reader.answer.status == 200 => refusal::unreadable(reader),
        None => refusal::read(reader, &arrived.told),
    })
}

/// Reads a refusal for what it says beside what was asked.
pub(super) fn glanced(walk: &mut Walk<'_>, arrived: &Arrived) {
    walk.glance(&arrived.exchange, |reader| {
        let _ = if reader.answer.status == 200 {
            Unknown::new(crate::facts::Cause::Malformed, NAME)
        } else {
            refusal::read(reader, &arrived.told)
        };
    });
}
