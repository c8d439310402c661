//! Lists in pages: `next` names the next page, its absence the last one. Webhooks and e-mail addresses.

use serde_json::Value as Json;

use super::decode::answered;
use super::{account, repository};
use crate::facts::{Bounds, Cause, Exchange, Knowledge, RecordValue, Unknown, Value};
use crate::hosts::reader::{Reader, malformed};
use crate::hosts::{Decoded, Question};
use crate::vocabulary::{Place, field};

/// The address of the next page, where the answer is a page that names one.
pub(super) fn next(exchange: &Exchange) -> Option<String> {
    let answer = exchange.result.as_ref().ok().filter(|answer| answer.status == 200)?;
    let body: Json = serde_json::from_slice(&answer.body).ok()?;
    body.get("next")?.as_str().filter(|next| !next.is_empty()).map(str::to_owned)
}

/// The body of a page.
fn page(exchange: &Exchange) -> Option<Json> {
    let answer = exchange.result.as_ref().ok().filter(|answer| answer.status == 200)?;
    serde_json::from_slice(&answer.body).ok()
}

/// Reads all pages of a list as one fact. The last exchange says whether there is more, and why it was not read.
pub(super) fn decode(question: &Question<'_>, exchanges: &[Exchange]) -> Decoded {
    let Some((last, before)) = exchanges.split_last() else { return Decoded::default() };
    let more = next(last).is_some();
    let earlier: Vec<Json> = before.iter().filter_map(page).collect();
    let read = |reader: &mut Reader<'_>, body: &Json| {
        let pages: Vec<&Json> = earlier.iter().chain([body]).collect();
        match question.row.name {
            "user_emails" => emails(reader, &pages, more),
            _ => webhooks(reader, &pages, more),
        }
    };
    let decoded = answered(question, last, read);
    // A later page that fails takes nothing away from those that were read.
    let failed = page(last).is_none() && !earlier.is_empty() && question.row.name == "repository_hooks";
    if !failed { decoded } else { partly(question, before, decoded) }
}

/// What the pages before a failed one tell, beside what the failure says.
fn partly(question: &Question<'_>, before: &[Exchange], failed: Decoded) -> Decoded {
    let why = failed.facts.iter().find_map(|(_, _, fact)| match &fact.knowledge {
        Knowledge::Unknown(unknown) => Some(unknown.clone()),
        _ => None,
    });
    let mut decoded = decode(question, before);
    for (_, _, fact) in &mut decoded.facts {
        if let (Knowledge::Bounded(Bounds::List(_), open), Some(why)) = (&mut fact.knowledge, &why) {
            *open = why.clone();
        }
    }
    decoded.incidents.extend(failed.incidents);
    decoded.ends = decoded.ends.take().or(failed.ends);
    decoded
}

fn emails(reader: &mut Reader<'_>, pages: &[&Json], more: bool) -> Unknown {
    for page in pages {
        match account::primary_email(page) {
            Ok(Some(email)) => {
                let source = field("email").of_the("values", "primary one");
                reader.tell("user.email", Knowledge::Known(Value::String(email)), source);
                return malformed("the answer does not tell this");
            }
            Ok(None) => {}
            Err(unknown) => return unknown,
        }
    }
    if more {
        return Unknown::new(Cause::Incomplete, "the account has more e-mail addresses than were read");
    }
    malformed("none of the account's e-mail addresses is the primary one")
}

fn webhooks(reader: &mut Reader<'_>, pages: &[&Json], more: bool) -> Unknown {
    let mut records: Vec<RecordValue> = Vec::new();
    for page in pages {
        let Some(Json::Array(items)) = page.get("values") else {
            return malformed("the answer is no list of webhooks");
        };
        for item in items {
            if !item.is_object() {
                return malformed("the list holds something that is no webhook");
            }
            records.push(repository::webhook(reader, item));
        }
    }
    let knowledge = if more {
        let why = Unknown::new(Cause::Incomplete, "the repository has more webhooks than were read");
        Knowledge::Bounded(Bounds::List(records), why)
    } else {
        Knowledge::Known(Value::Records(records))
    };
    reader.tell("repository.webhooks", knowledge, Place::List);
    malformed("the answer does not tell this")
}
