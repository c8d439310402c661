//! Webhooks: a project's, and a group's.

use std::collections::BTreeSet;

use serde_json::Value as Json;

use super::pages::Pages;
use super::reading::{Arrived, answered};
use super::refusal::Verdict;
use super::{credential, requests};
use crate::facts::{Bounds, Cause, Knowledge, RecordValue, Target, Unknown, Value, WebAddress};
use crate::hosts::column::{self, Column, Gap, Held, required};
use crate::hosts::reader::{Reader, malformed};
use crate::hosts::{Seen, Walk};
use crate::vocabulary::Place;

/// All pages of the list, which tells this fact.
pub(super) async fn hooks(walk: &mut Walk<'_>, path: &'static str) {
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
        let why = Unknown::new(Cause::Incomplete, "the next page of the webhooks could not be read");
        let evidence = vec![begin.evidence(Place::List)];
        walk.tell(path, Knowledge::Bounded(Bounds::List(records), why), evidence);
        let rest = malformed("the answer does not tell this");
        return walk.settle(&rest, &[begin.evidence(Place::Status)]);
    }
    let more = more.or_else(|| above(&walk.target()));
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
        reader.tell(path, knowledge, Place::List);
        malformed("the answer does not tell this")
    };
    if walk.asked() == 1 {
        return credential::settled(walk, page, read).await;
    }
    walk.turn().await;
    answered(walk, &page, Verdict::Open, read);
}

/// Why a group's list is not all that delivers for it: a group inside of another has that one's webhooks, too.
fn above(target: &Target) -> Option<Unknown> {
    match target {
        Target::Organization(group) if group.contains('/') => {
            let reason = "webhooks of the groups above this one deliver for it, too, and are not in its list";
            Some(Unknown::new(Cause::NotRevealable, reason))
        }
        _ => None,
    }
}

const URL: Column = required("url");
const ALERT_STATUS: Column = required("alert_status").missing(Gap::Hidden(Cause::NotRevealable, NOT_DELIVERED));
const NOT_DELIVERED: &str = "GitLab does not say that it delivers to this webhook";
const SSL: Column = required("enable_ssl_verification");
const TOKEN: Column = required("token_present").missing(Gap::Hidden(Cause::NotRevealable, BEFORE_19));
const SIGNING_TOKEN: Column = required("signing_token_present").missing(Gap::Hidden(Cause::NotRevealable, BEFORE_19));
const BEFORE_19: &str = "GitLab before 19.0 does not tell whether there is a secret";

/// The flags that every GitLab sends of each webhook; newer ones send more.
const EVENTS: [Column; 4] =
    [required("push_events"), required("tag_push_events"), required("merge_requests_events"), required("note_events")];

fn webhook(item: &Json) -> RecordValue {
    let active = match ALERT_STATUS.text(item) {
        Held::Value("executable") => Knowledge::Known(Value::Bool(true)),
        Held::Value(_) | Held::Nothing => Knowledge::unknown(Cause::NotRevealable, NOT_DELIVERED),
        Held::Open(why) => Knowledge::Unknown(why),
    };
    // Either way of signing counts.
    let secret = match (TOKEN.flag(item), SIGNING_TOKEN.flag(item)) {
        (Held::Value(true), _) | (_, Held::Value(true)) => Held::Value(true),
        (Held::Value(false), other) | (other, _) => other,
    };
    RecordValue::from([
        ("url", URL.text(item).map(WebAddress::with_masks).known(Value::Address)),
        ("active", active),
        ("events", events(item).map_or_else(Knowledge::Unknown, |events| Knowledge::Known(Value::Strings(events)))),
        ("content_type", Knowledge::Known(Value::Word("json"))),
        ("secret_set", secret.is()),
        ("insecure_ssl", SSL.flag(item).not().is()),
        ("last_status", Knowledge::unknown(Cause::NotRevealable, "GitLab does not tell it in the list of webhooks")),
    ])
}

/// The events that are delivered. A flag that is missing or none leaves them open.
fn events(item: &Json) -> Result<BTreeSet<String>, Unknown> {
    for column in &EVENTS {
        column.flag(item).value()?;
    }
    let mut events = BTreeSet::new();
    let flags = item.as_object().into_iter().flatten().filter(|(name, _)| name.ends_with("_events"));
    for (name, value) in flags {
        match column::flag(value) {
            Some(true) => {
                events.insert(name.clone());
            }
            Some(false) => {}
            None => return Err(malformed(format!("the field `{name}` of the answer is not true or false"))),
        }
    }
    Ok(events)
}
