//! Lists, page by page: the repositories that the credential sees, the webhooks of one, and those of an organization.

use std::collections::BTreeSet;

use serde_json::Value as Json;

use super::reading::{Arrived, answered};
use super::tables::NAME;
use super::{refusal, requests};
use crate::facts::{Bounds, Cause, HttpRequest, Knowledge, RecordValue, RepositoryName, Unknown, Value, WebAddress};
use crate::hosts::column::required;
use crate::hosts::reader::malformed;
use crate::hosts::{Seen, Walk};
use crate::vocabulary::gitea::HOOK_ADDRESSES;
use crate::vocabulary::gitea::headers::X_TOTAL_COUNT;
use crate::vocabulary::{Place, status};

/// The most pages of a list of webhooks.
const PAGES: usize = 10;

/// Why a list has no end that is known.
const TOO_MANY: &str = "the list holds more than the host says it does";

/// A page of the question's own list. Links name the address that the instance was configured with, which may be another.
fn page(walk: &Walk<'_>, number: usize) -> HttpRequest {
    let mut request = requests::request(&walk.question());
    if number > 1 {
        let label = crate::facts::RequestLabel {
            method: request.label.method,
            url: format!("{}&page={number}", request.label.url),
        };
        request.label = label.into();
    }
    request
}

/// How many there are, all pages together.
fn total(arrived: &Arrived) -> Option<usize> {
    let answer = arrived.exchange.result.as_ref().ok()?;
    answer.header(X_TOTAL_COUNT)?.trim().parse().ok()
}

/// The repositories that the account has access to.
pub(super) async fn repositories(walk: &mut Walk<'_>) {
    let most = walk.row().listing.as_ref().map_or(1, |listing| listing.pages);
    let mut seen = BTreeSet::new();
    for number in 1..=most {
        let request = page(walk, number);
        let exchange = match walk.ask(request).await {
            Ok(exchange) => exchange,
            Err(why) => {
                walk.leave_open(why);
                return;
            }
        };
        let arrived = Arrived::of(exchange);
        let Some(items) = arrived.items() else {
            walk.turn().await;
            answered(walk, &arrived, |reader, _| {
                let unknown = malformed("the answer is no list of repositories");
                reader.decoded.incomplete = Some(unknown.clone());
                unknown
            });
            if arrived.exchange.result.is_err() || arrived.is(200) {
                walk.cut(malformed("a page of the list of repositories could not be read"));
            }
            return;
        };
        let before = seen.len();
        for item in items {
            let name = item.get("full_name").and_then(Json::as_str);
            match name.and_then(|name| RepositoryName::parse(name).ok()) {
                Some(name) => {
                    if seen.insert(name.as_str().to_lowercase()) {
                        walk.decoded.listed.push(name);
                    }
                }
                None => walk.cut(malformed("the list holds something that is no repository")),
            }
        }
        let total = total(&arrived);
        if total.is_some_and(|total| seen.len() > total) {
            walk.cut(malformed(TOO_MANY));
            return;
        }
        let is_all = total.map_or(items.is_empty(), |total| seen.len() == total);
        if is_all {
            return;
        }
        if seen.len() == before {
            walk.cut(malformed("a page of the list of repositories brings nothing new, and it has more"));
            return;
        }
    }
    walk.leave_open(Unknown::new(Cause::Incomplete, format!("only the first {most} pages of the list were read")));
}

/// The webhooks of a repository or organization, which tell this fact.
pub(super) async fn webhooks(walk: &mut Walk<'_>, path: &'static str) {
    let mut records: Vec<RecordValue> = Vec::new();
    let mut seen = BTreeSet::new();
    let mut open = None;
    let mut begin = None;
    for number in 1..=PAGES {
        let request = page(walk, number);
        let exchange = match walk.ask(request).await {
            Ok(exchange) => exchange,
            Err(why) => {
                open = Some(why);
                break;
            }
        };
        let arrived = Arrived::of(exchange);
        let items = arrived.items().filter(|items| items.iter().all(Json::is_object));
        let Some(items) = items else {
            if begin.is_none() {
                walk.turn().await;
                walk.read(&arrived.exchange, |reader| match (&arrived.found, reader.answer.status) {
                    (Some(_), _) => malformed("the answer is no list of webhooks"),
                    (None, 200) => refusal::unreadable(reader),
                    (None, _) => refusal::read(reader, &arrived.told),
                });
                return;
            }
            open = Some(Unknown::new(Cause::Incomplete, "the next page of the webhooks could not be read"));
            break;
        };
        begin.get_or_insert_with(|| Seen::of(&arrived.exchange));
        let before = seen.len();
        let mut nameless = None;
        for item in items {
            match required("id").number(item).value() {
                Ok(id) if !seen.insert(id) => {}
                Ok(_) => records.push(webhook(item)),
                // It may be one that was read before, or another.
                Err(why) => nameless = Some(why),
            }
        }
        let total = total(&arrived);
        let more = total.is_some_and(|total| seen.len() > total).then(|| malformed(TOO_MANY));
        if let Some(why) = nameless.or(more) {
            open = Some(why);
            break;
        }
        let is_all = total.map_or(items.is_empty(), |total| seen.len() == total);
        if is_all {
            open = None;
            break;
        }
        open = Some(Unknown::new(Cause::Incomplete, "there are more webhooks than credcheck reads"));
        if seen.len() == before {
            break;
        }
    }
    walk.turn().await;
    let Some(begin) = begin else {
        let why = open.unwrap_or_else(|| malformed("the answer does not tell this"));
        walk.settle(&why, &[]);
        return;
    };
    let knowledge = match open {
        None => Knowledge::Known(Value::Records(records)),
        Some(why) => Knowledge::Bounded(Bounds::List(records), why),
    };
    walk.tell(path, knowledge, vec![begin.evidence(Place::List)]);
    walk.settle(&malformed("the answer does not tell this"), &[begin.evidence(status(200))]);
}

fn webhook(item: &Json) -> RecordValue {
    let kind = item.get("type").and_then(Json::as_str);
    let is_secret = HOOK_ADDRESSES.is_secret(kind);
    let address = |said: &str| if is_secret { WebAddress::host_of(said) } else { WebAddress::new(said) };
    let url = required("config.url").text(item).map(address);
    let format = required("config.content_type");
    let content_type = format.text(item).or_strange(
        |said| match *said {
            "json" => Some("json"),
            "form" => Some("form"),
            _ => None,
        },
        || format.wrong("`json` or `form`"),
    );
    let never = |what: &str| Knowledge::unknown(Cause::NotRevealable, format!("{NAME} does not tell {what}"));
    RecordValue::from([
        ("url", url.known(Value::Address)),
        ("active", required("active").flag(item).is()),
        ("events", required("events").texts(item).known(|events| Value::Strings(events.into_iter().collect()))),
        ("content_type", content_type.known(Value::Word)),
        ("secret_set", never("whether there is a secret")),
        ("insecure_ssl", never("whether it checks the receiver's certificate")),
        ("last_status", never("what became of a delivery")),
    ])
}
