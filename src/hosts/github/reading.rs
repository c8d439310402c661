//! How one answer is read: what was asked for, or the reasons of a refusal.

use jiff::SignedDuration;
use serde_json::Value as Json;

use super::tables::NAME;
use super::{account, headers, refusal, requests};
use crate::facts::{Exchange, Incident, Unknown};
use crate::hosts::reader::Reader;
use crate::hosts::{Walk, alike, link};
use crate::vocabulary::github::headers::SUNSET;

/// How long before an API version goes a note says so.
const SUNSET_NOTICE: SignedDuration = SignedDuration::from_hours(180 * 24);

/// Reads an exchange: `read` where the answer is 200 and JSON, and the reasons of a refusal elsewhere. What is asked and was
/// not told is open for the reason given back. Gives the body of a 200.
pub(super) fn answered(
    walk: &mut Walk<'_>,
    exchange: &Exchange,
    read: impl FnOnce(&mut Reader<'_>, &Json) -> Unknown,
) -> Option<Json> {
    let body = found(exchange);
    walk.read(exchange, |reader| match &body {
        Some(Ok(body)) => {
            note_sunset(reader);
            account::again(reader);
            read(reader, body)
        }
        Some(Err(())) => reader.unreadable(NAME),
        None => refusal::read(reader),
    });
    body.and_then(Result::ok)
}

/// The body of a 200; `Err` where it is no JSON.
pub(super) fn found(exchange: &Exchange) -> Option<Result<Json, ()>> {
    let answer = exchange.result.as_ref().ok().filter(|answer| answer.status == 200)?;
    Some(alike::json(answer).map_err(drop))
}

/// The address of the page after an answer; `None` where it is the last.
///
/// # Errors
/// Where the answer leaves that open.
pub(super) fn next_page(exchange: &Exchange) -> Result<Option<String>, Unknown> {
    match exchange.result.as_ref().ok().filter(|answer| answer.status == 200) {
        Some(answer) => link::next(answer),
        None => Ok(None),
    }
}

/// Says when GitHub is about to drop the API version that is asked for.
fn note_sunset(reader: &mut Reader<'_>) {
    let near = |sunset| reader.answer.at.duration_until(sunset) < SUNSET_NOTICE;
    if let Some(sunset) = headers::sunset(reader.answer).filter(|sunset| near(*sunset)) {
        let version = requests::API_VERSION;
        let note = Incident::Note {
            text: format!("GitHub drops the API version {version}, which credcheck asks for, at {sunset}"),
            evidence: vec![reader.evidence(SUNSET)],
        };
        reader.decoded.incidents.push(note);
    }
}
