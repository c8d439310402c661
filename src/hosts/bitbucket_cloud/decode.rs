//! How answers are read: one entry, which sends each to its part.

use serde_json::Value as Json;

use super::{account, headers, lists, permission, refusal, repository};
use crate::facts::{Exchange, Unknown};
use crate::hosts::reader::{self, Reader, malformed};
use crate::hosts::{Decoded, Question};
use crate::vocabulary::{Host, HostKind};

/// Reads the exchanges of a question.
pub(super) fn decode(question: &Question<'_>, exchanges: &[Exchange]) -> Decoded {
    match question.row.name {
        "repository_permission" => permission::decode(question, exchanges),
        "repository_hooks" | "user_emails" => lists::decode(question, exchanges),
        // One answer each; of a listing, every page tells its own repositories.
        name => {
            let mut decoded = Decoded::default();
            for exchange in exchanges {
                decoded.join(answered(question, exchange, |reader, body| match name {
                    "user" => account::user(reader, body),
                    "repository" => repository::repository(reader, body),
                    "workspace_permission" => account::workspace(reader, body),
                    "repositories" => repository::listing(reader, body),
                    _ => malformed("the answer belongs to no request that credcheck knows"),
                }));
            }
            decoded
        }
    }
}

/// Reads one exchange: `read` where the answer is 200 and JSON, and the reasons of a refusal elsewhere. What is asked and
/// was not told is open for the reason given back.
pub(super) fn answered(
    question: &Question<'_>,
    exchange: &Exchange,
    read: impl FnOnce(&mut Reader<'_>, &Json) -> Unknown,
) -> Decoded {
    let answer = match &exchange.result {
        Ok(answer) => answer,
        Err(failure) => return reader::failed(question, exchange, failure),
    };
    let mut reader = Reader::new(question, &exchange.request, answer);
    let rest = match (answer.status, serde_json::from_slice::<Json>(&answer.body)) {
        (200, Ok(body)) => {
            headers::read(&mut reader, &body);
            read(&mut reader, &body)
        }
        (200, Err(_)) => {
            let rest = malformed("the answer is not the JSON that Bitbucket sends");
            reader.decoded.incomplete = question.row.listing.is_some().then(|| rest.clone());
            rest
        }
        (_, body) => refusal::read(&mut reader, &body.unwrap_or(Json::Null)),
    };
    reader.finish(&rest)
}

/// Bitbucket Cloud's tables.
pub(super) fn host() -> &'static Host {
    crate::vocabulary::host(HostKind::BitbucketCloud)
}
