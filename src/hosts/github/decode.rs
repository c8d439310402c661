//! How answers are read: one entry, which sends each to its part.

use jiff::SignedDuration;
use serde_json::Value as Json;

use super::{account, app, batch, checker, headers, organization, proofs, refusal, repository, requests};
use crate::facts::{Exchange, Incident};
use crate::hosts::reader::{self, Reader, malformed};
use crate::hosts::{Decoded, Question};
use crate::vocabulary::github::headers::SUNSET;
use crate::vocabulary::{Host, HostKind};

/// How long before an API version goes a note says so.
const SUNSET_NOTICE: SignedDuration = SignedDuration::from_hours(180 * 24);

/// Reads the exchanges of a question, one by one: only lists have more than one.
pub(super) fn decode(question: &Question<'_>, exchanges: &[Exchange]) -> Decoded {
    if question.row.name == "granted_tokens" {
        return checker::granted(question, exchanges);
    }
    if question.row.batch.is_some() {
        return exchanges.first().map_or_else(Decoded::default, |exchange| batch::decode(question, exchange));
    }
    let mut decoded = Decoded::default();
    for exchange in exchanges {
        decoded.join(one(question, exchange));
    }
    decoded
}

fn one(question: &Question<'_>, exchange: &Exchange) -> Decoded {
    let answer = match &exchange.result {
        Ok(answer) => answer,
        Err(failure) if host().proof(question.row.name).is_some() => {
            return proofs::failed(question, exchange, failure);
        }
        Err(failure) => return reader::failed(question, exchange, failure),
    };
    let mut reader = Reader::new(question, &exchange.request, answer);
    if let Some(proof) = host().proof(question.row.name) {
        let rest = proofs::read(&mut reader, proof);
        return reader.finish(&rest);
    }
    let rest = match answer.status {
        200 => match serde_json::from_slice::<Json>(&answer.body) {
            Ok(body) => {
                note_sunset(&mut reader);
                match question.row.name {
                    "user" => account::user(&mut reader, &body),
                    "viewer" => account::viewer(&mut reader, &body),
                    "app" => app::app(&mut reader, &body),
                    "repository_installation" => app::installation(&mut reader, &body),
                    "app_installations" if body.is_array() => app::installations(&mut reader, &body),
                    "app_installations" => {
                        repository::listing(&mut reader, body.get("repositories").unwrap_or(&Json::Null))
                    }
                    "repository" => repository::repository(&mut reader, &body),
                    "webhooks" => repository::webhooks(&mut reader, &body),
                    "membership" => organization::membership(&mut reader, &body),
                    "organization" => organization::organization(&mut reader, &body),
                    "user_repositories" => repository::listing(&mut reader, &body),
                    "installation_repositories" => {
                        repository::listing(&mut reader, body.get("repositories").unwrap_or(&Json::Null))
                    }
                    _ => malformed("the answer belongs to no request that credcheck knows"),
                }
            }
            Err(_) => malformed("the answer is not the JSON that GitHub sends"),
        },
        _ => refusal::read(&mut reader),
    };
    reader.finish(&rest)
}

/// GitHub's tables.
pub(super) fn host() -> &'static Host {
    crate::vocabulary::host(HostKind::GitHub)
}

/// GitHub's word for a text of its API, in whatever case.
pub(super) fn word_of(path: &str, text: &str) -> Option<&'static str> {
    reader::word_of(host(), path, text)
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
