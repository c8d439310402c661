//! The user's own permission on a repository.
//!
//! The list of the user's permissions in the workspace, filtered for the repository; where the filter is refused or finds
//! nothing, the whole list; where the repository is not in it, the repository itself. Not being listed means that nothing
//! was granted, but only where the repository is there: everybody may see a public one.

use serde_json::Value as Json;

use super::decode::{answered, host};
use super::{headers, lists, refusal, repository, requests};
use crate::facts::{Cause, Evidence, Exchange, Knowledge, Target, Unknown, Value};
use crate::hosts::reader::{self, Reader, malformed, strange_word};
use crate::hosts::{Decoded, Further, Question};
use crate::vocabulary::{Place, field};

/// How far the question has got.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Stage {
    Filtered,
    Whole,
    Repository,
}

fn stage(question: &Question<'_>, exchanges: &[Exchange]) -> Stage {
    let sent = |url: &str| exchanges.iter().any(|exchange| exchange.request.url == url);
    if requests::repository(question).is_some_and(|request| sent(&request.label.url)) {
        Stage::Repository
    } else if sent(&requests::without_filter(question).label.url) {
        Stage::Whole
    } else {
        Stage::Filtered
    }
}

/// What to ask next.
pub(super) fn further(question: &Question<'_>, exchanges: &[Exchange]) -> Option<Further> {
    let last = exchanges.last()?;
    let stage = stage(question, exchanges);
    if stage == Stage::Repository {
        return None;
    }
    match last.status()? {
        200 => {
            if entries(last)?.iter().any(|entry| is_of(entry, question)) {
                return None;
            }
            if let Some(next) = lists::next(last) {
                return Some(Further::Page(next));
            }
            match stage {
                Stage::Filtered => Some(Further::Request(requests::without_filter(question))),
                Stage::Whole => requests::repository(question).map(Further::Request),
                Stage::Repository => None,
            }
        }
        400 if stage == Stage::Filtered => Some(Further::Request(requests::without_filter(question))),
        _ => None,
    }
}

/// The entries of a page of permissions.
fn entries(exchange: &Exchange) -> Option<Vec<Json>> {
    let body: Json = serde_json::from_slice(&exchange.result.as_ref().ok()?.body).ok()?;
    match body.get("values")? {
        Json::Array(entries) => Some(entries.clone()),
        _ => None,
    }
}

fn is_of(entry: &Json, question: &Question<'_>) -> bool {
    let Target::Repository(asked) = question.target() else { return false };
    let name = entry.pointer("/repository/full_name").and_then(Json::as_str);
    name.is_some_and(|name| name.eq_ignore_ascii_case(asked.as_str()))
}

/// Reads what came of it.
pub(super) fn decode(question: &Question<'_>, exchanges: &[Exchange]) -> Decoded {
    let listed = |exchange: &&Exchange| {
        exchange.status() == Some(200)
            && entries(exchange).is_some_and(|entries| entries.iter().any(|entry| is_of(entry, question)))
    };
    if let Some(exchange) = exchanges.iter().find(listed) {
        return answered(question, exchange, granted);
    }
    let Some(last) = exchanges.last() else { return Decoded::default() };
    if stage(question, exchanges) == Stage::Repository {
        return not_listed(question, exchanges, last);
    }
    answered(question, last, |_, body| match body.get("values") {
        Some(Json::Array(_)) => {
            Unknown::new(Cause::Incomplete, "the user has permissions on more repositories than were read")
        }
        _ => malformed("the answer is no list of permissions"),
    })
}

/// The entry of the repository.
fn granted(reader: &mut Reader<'_>, body: &Json) -> Unknown {
    let question = reader.question;
    let entries = body.get("values").and_then(Json::as_array);
    let entry = entries.and_then(|entries| entries.iter().find(|entry| is_of(entry, question)));
    let word = entry.and_then(|entry| entry.get("permission")).and_then(Json::as_str);
    match word.and_then(|word| reader::word_of(host(), "repository.permission", word)) {
        Some(word) => {
            reader.tell(
                "repository.permission",
                Knowledge::Known(Value::Word(word)),
                field("permission").of_each("values"),
            );
            malformed("the answer does not tell this")
        }
        None => strange_word("/values/permission", &["admin", "write", "read"]),
    }
}

/// The repository was in no list; `last` is the repository itself.
fn not_listed(question: &Question<'_>, exchanges: &[Exchange], last: &Exchange) -> Decoded {
    let seen =
        |exchange: &Exchange| Evidence::answer(&exchange.request, exchange.status(), Place::NotListed("repository"));
    let lists: Vec<Evidence> = exchanges.iter().filter(|one| one.request.url != last.request.url).map(seen).collect();
    let Ok(answer) = &last.result else { return answered(question, last, |_, _| malformed("no answer")) };
    let mut reader = Reader::new(question, &last.request, answer);
    let body = serde_json::from_slice::<Json>(&answer.body).unwrap_or(Json::Null);
    let rest = match answer.status {
        200 => {
            headers::read(&mut reader, &body);
            let rest = repository::repository(&mut reader, &body);
            match body.get("is_private") {
                Some(Json::Bool(false)) => {
                    let mut evidence = lists;
                    evidence.push(reader.evidence(field("is_private")));
                    reader.tell_with("repository.permission", Knowledge::Absent, evidence);
                    rest
                }
                Some(Json::Bool(true)) => {
                    malformed("Bitbucket shows the private repository and lists no permission of the user on it")
                }
                _ => rest,
            }
        }
        _ => refusal::read(&mut reader, &body),
    };
    reader.finish(&rest)
}
