//! A project's webhooks.

use std::collections::BTreeSet;

use serde_json::Value as Json;

use super::decode::one;
use super::refusal::Verdict;
use crate::facts::{Bounds, Cause, Exchange, Knowledge, RecordValue, Unknown, Value};
use crate::hosts::reader::{Reader, malformed, wrong_field};
use crate::hosts::words::bare_url;
use crate::hosts::{Decoded, Question, link};
use crate::vocabulary::Place;
use crate::vocabulary::gitlab::headers::X_NEXT_PAGE;

/// All pages of the list.
pub(super) fn hooks(question: &Question<'_>, exchanges: &[Exchange]) -> Decoded {
    let Some((last, before)) = exchanges.split_last() else { return Decoded::default() };
    let mut records = Vec::new();
    for exchange in before {
        // A page that is followed by another was read well.
        if let Ok(answer) = &exchange.result
            && let Ok(Json::Array(items)) = serde_json::from_slice(&answer.body)
        {
            records.extend(items.iter().filter(|item| item.is_object()).map(webhook));
        }
    }
    if !records.is_empty() && last.status() != Some(200) {
        let why = Unknown::new(Cause::Incomplete, "the next page of the project's webhooks could not be read");
        return told(question, exchanges, Knowledge::Bounded(Bounds::List(records), why));
    }
    one(question, last, Verdict::Open, |reader, body| {
        let Json::Array(items) = body else { return malformed("the answer is no list of webhooks") };
        if !items.iter().all(Json::is_object) {
            return malformed("the list holds something that is no webhook");
        }
        records.extend(items.iter().map(webhook));
        let more = link::next(reader.answer).is_some()
            || reader.answer.header(X_NEXT_PAGE).is_some_and(|page| !page.trim().is_empty());
        let knowledge = if more {
            let why = Unknown::new(Cause::Incomplete, "the project has more webhooks than credcheck reads");
            Knowledge::Bounded(Bounds::List(records), why)
        } else {
            Knowledge::Known(Value::Records(records))
        };
        reader.tell("project.webhooks", knowledge, Place::List);
        malformed("the answer does not tell this")
    })
}

/// Tells it from the first page.
fn told(question: &Question<'_>, exchanges: &[Exchange], knowledge: Knowledge) -> Decoded {
    let first = exchanges.iter().find_map(|exchange| Some((exchange, exchange.result.as_ref().ok()?)));
    let Some((exchange, answer)) = first else { return Decoded::default() };
    let mut reader = Reader::new(question, &exchange.request, answer);
    reader.tell("project.webhooks", knowledge, Place::List);
    reader.finish(&malformed("the answer does not tell this"))
}

fn webhook(item: &Json) -> RecordValue {
    let flag = |name: &str| item.get(name).and_then(Json::as_bool);
    let known = |value: bool| Knowledge::Known(Value::Bool(value));
    let url = match item.get("url").and_then(Json::as_str) {
        Some(url) => Knowledge::Known(Value::String(bare_url(url))),
        None => Knowledge::Unknown(wrong_field("/url", "a text")),
    };
    let active = match item.get("alert_status").and_then(Json::as_str) {
        Some("executable") => known(true),
        _ => Knowledge::unknown(Cause::NotRevealable, "GitLab does not say that it delivers to this webhook"),
    };
    let events: BTreeSet<String> = item
        .as_object()
        .into_iter()
        .flatten()
        .filter(|(name, value)| name.ends_with("_events") && **value == Json::Bool(true))
        .map(|(name, _)| name.clone())
        .collect();
    // Either way of signing counts. GitLab before 19.0 tells neither.
    let secret = match (flag("token_present"), flag("signing_token_present")) {
        (Some(true), _) | (_, Some(true)) => known(true),
        (Some(false), _) => known(false),
        (None, _) => {
            Knowledge::unknown(Cause::NotRevealable, "GitLab before 19.0 does not tell whether there is a secret")
        }
    };
    let insecure = match flag("enable_ssl_verification") {
        Some(verifies) => known(!verifies),
        None => Knowledge::Unknown(wrong_field("/enable_ssl_verification", "true or false")),
    };
    RecordValue::from([
        ("url", url),
        ("active", active),
        ("events", Knowledge::Known(Value::Strings(events))),
        ("content_type", Knowledge::Known(Value::Word("json"))),
        ("secret_set", secret),
        ("insecure_ssl", insecure),
        ("last_status", Knowledge::unknown(Cause::NotRevealable, "GitLab does not tell it in the list of webhooks")),
    ])
}
