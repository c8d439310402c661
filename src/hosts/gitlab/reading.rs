//! How one answer is read: what was asked for, or the reasons of a refusal.

use serde_json::Value as Json;

use super::refusal::{self, Verdict};
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
}

/// Reads an exchange: `read` where the answer is 200 and JSON, and the reasons of a refusal elsewhere. What is asked and was
/// not told is open for the reason given back.
pub(super) fn answered(
    walk: &mut Walk<'_>,
    arrived: &Arrived,
    verdict: Verdict,
    read: impl FnOnce(&mut Reader<'_>, &Json) -> Unknown,
) {
    walk.read(&arrived.exchange, |reader| match &arrived.found {
        Some(body) => read(reader, body),
        None if reader.answer.status == 200 => reader.unreadable(NAME),
        None => refusal::read(reader, &arrived.told, verdict),
    });
}
