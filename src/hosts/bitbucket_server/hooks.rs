//! Webhooks: a repository's, and a project's.

use serde_json::Value as Json;

use super::asking::{List, Page, Stop};
use super::repository::not_visible;
use crate::facts::{Bounds, Cause, Knowledge, RecordValue, Target, Unknown, Value, WebAddress};
use crate::hosts::Walk;
use crate::hosts::column::{Column, Gap, Held, required};
use crate::hosts::path::encoded;
use crate::hosts::reader::malformed;
use crate::vocabulary::Place;

/// The webhooks of one repository.
pub(super) async fn of_repository(walk: &mut Walk<'_>) -> Result<Unknown, Stop> {
    let Target::Repository(name) = walk.target() else {
        return Ok(malformed("the answer is about no repository"));
    };
    let path = format!("/api/1.0/projects/{}/repos/{}/webhooks?limit=100", encoded(name.owner()), encoded(name.name()));
    webhooks(walk, "repository.webhooks", "repository", path, not_visible(&name)).await
}

/// The webhooks of one project.
pub(super) async fn of_project(walk: &mut Walk<'_>) -> Result<Unknown, Stop> {
    let Target::Organization(key) = walk.target() else {
        return Ok(malformed("the answer is about no project"));
    };
    let path = format!("/api/1.0/projects/{}/webhooks?limit=100", encoded(&key));
    let reason =
        format!("Bitbucket shows no webhooks of a project `{key}`: it may be missing, or this version has none");
    webhooks(walk, "project.webhooks", "project", path, Unknown::new(Cause::NotPermitted, reason)).await
}

/// A list of webhooks, which tells this fact of what it is about; `missing` says why where there is none.
async fn webhooks(
    walk: &mut Walk<'_>,
    fact: &'static str,
    whose: &'static str,
    path: String,
    missing: Unknown,
) -> Result<Unknown, Stop> {
    let (mut records, mut strange, mut evidence) = (Vec::new(), false, Vec::new());
    let mut list = List::at(path);
    loop {
        match list.page(walk).await {
            Ok(Page::Values(seen, values)) => {
                strange |= !values.iter().all(Json::is_object);
                records.extend(values.iter().filter(|item| item.is_object()).map(webhook));
                if !values.is_empty() {
                    evidence.push(seen.evidence(Place::List));
                }
            }
            Ok(Page::End(_)) if strange => return Ok(malformed("the list holds something that is no webhook")),
            Ok(Page::End(seen)) => {
                if evidence.is_empty() {
                    evidence.push(seen.evidence(Place::List));
                }
                walk.tell(fact, Knowledge::Known(Value::Records(records)), evidence);
                return Ok(malformed("the answer does not tell this"));
            }
            Ok(Page::NoList) => return Ok(missing),
            Ok(Page::Denied(unknown)) => {
                let reason = format!("webhooks are shown to administrators of the {whose} alone; {}", unknown.reason);
                return Ok(Unknown::new(Cause::NotPermitted, reason));
            }
            Err(stop) => {
                // Of a list that breaks off, the webhooks seen so far are webhooks all the same.
                if !records.is_empty() {
                    let reason = format!("the {whose} has more webhooks than were read");
                    let bounds = Bounds::List(records);
                    let knowledge = Knowledge::Bounded(bounds, Unknown::new(Cause::Incomplete, reason));
                    walk.tell(fact, knowledge, evidence);
                }
                return Err(stop);
            }
        }
    }
}

const URL: Column = required("url");
const ACTIVE: Column = required("active");
const EVENTS: Column = required("events");
const SECRET: Column = required("configuration.secret").empty(Gap::Hidden(Cause::NotRevealable, NO_SECRET));
const NO_SECRET: &str = "Bitbucket shows no secret, and that it always shows one is documented nowhere";
const SSL: Column = required("sslVerificationRequired")
    .missing(Gap::Hidden(Cause::NotRevealable, "this Bitbucket does not say whether it checks certificates"));

fn webhook(item: &Json) -> RecordValue {
    // Only whether there is one is looked at.
    let secret = match SECRET.text_or_empty(item) {
        Held::Value(_) => Held::Value(true),
        Held::Nothing => Held::Open(Unknown::new(Cause::NotRevealable, NO_SECRET)),
        Held::Open(why) => Held::Open(why),
    };
    RecordValue::from([
        ("url", URL.text(item).map(WebAddress::new).known(Value::Address)),
        ("active", ACTIVE.flag(item).is()),
        ("events", EVENTS.texts(item).known(|events| Value::Strings(events.into_iter().collect()))),
        ("content_type", Knowledge::Known(Value::Word("json"))),
        ("secret_set", secret.is()),
        ("insecure_ssl", SSL.flag(item).not().is()),
        (
            "last_status",
            Knowledge::unknown(Cause::NotRevealable, "Bitbucket's list of webhooks does not tell of deliveries"),
        ),
    ])
}
