//! A project's webhooks.

use std::collections::BTreeSet;

use serde_json::Value as Json;

use super::pages::Pages;
use super::reading::{Arrived, answered};
use super::refusal::Verdict;
use super::{credential, requests};
use crate::facts::{Bounds, Cause, Knowledge, RecordValue, Unknown, Value};
use crate::hosts::reader::{Reader, malformed, wrong_field};
use crate::hosts::words::bare_url;
use crate::hosts::{Seen, Walk};
use crate::vocabulary::Place;

/// All pages of the list.
pub(super) async fn hooks(walk: &mut Walk<'_>) {
    let request = requests::request(&walk.question());
    let mut pages = Pages::at(request.label.url.clone());
    let Ok(exchange) = walk.ask(request).await else { return };
    let mut begin = None;
    let mut records = Vec::new();
    let mut page = Arrived::of(exchange);
    // Why the last page that was read may not be the last that there is.
    let mut more = None;
    loop {
        let next = match pages.next(walk, &page) {
            Ok(Some(next)) => walk.page(&next).await,
            Ok(None) => break,
            Err(why) => Err(why),
        };
        let exchange = match next {
            Ok(exchange) => exchange,
            Err(why) => {
                more = Some(why);
                break;
            }
        };
        begin.get_or_insert_with(|| Seen::of(&page.exchange));
        // A page that is followed by another was read well.
        let items = page.found.as_ref().and_then(Json::as_array).into_iter().flatten();
        records.extend(items.filter(|item| item.is_object()).map(webhook));
        page = Arrived::of(exchange);
    }
    let readable = page.is(200) && page.found.is_some();
    if let Some(begin) = begin.filter(|_| !records.is_empty() && !readable) {
        let why = Unknown::new(Cause::Incomplete, "the next page of the project's webhooks could not be read");
        let evidence = vec![begin.evidence(Place::List)];
        walk.tell("project.webhooks", Knowledge::Bounded(Bounds::List(records), why), evidence);
        let rest = malformed("the answer does not tell this");
        return walk.settle(&rest, &[begin.evidence(Place::Status)]);
    }
    let read = move |reader: &mut Reader<'_>, body: &Json| {
        let Json::Array(items) = body else { return malformed("the answer is no list of webhooks") };
        if !items.iter().all(Json::is_object) {
            return malformed("the list holds something that is no webhook");
        }
        records.extend(items.iter().map(webhook));
        let knowledge = match more {
            Some(why) => Knowledge::Bounded(Bounds::List(records), why),
            None => Knowledge::Known(Value::Records(records)),
        };
        reader.tell("project.webhooks", knowledge, Place::List);
        malformed("the answer does not tell this")
    };
    if walk.asked() == 1 {
        return credential::settled(walk, page, read).await;
    }
    walk.turn().await;
    answered(walk, &page, Verdict::Open, read);
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
