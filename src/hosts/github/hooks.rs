//! Webhooks: a repository's, and those of the organisation above it.

use serde_json::Value as Json;

use super::reading::answered;
use super::repository::proven_by_answer;
use super::requests;
use crate::facts::{Bounds, Cause, Exchange, Knowledge, RecordValue, Unknown, Value, WebAddress};
use crate::hosts::column::{Column, Gap, Held, required};
use crate::hosts::reader::{Reader, malformed};
use crate::hosts::{Seen, Walk, alike, link};
use crate::vocabulary::{Place, Remark, field, status};

/// A webhook's fields. One without a secret has no field for it.
const URL: Column = required("config.url");
const CONTENT_TYPE: Column = required("config.content_type").missing(Gap::Nothing);
const INSECURE_SSL: Column = required("config.insecure_ssl");
const SECRET: Column = required("config.secret").empty(Gap::Nothing);
const ACTIVE: Column = required("active");
const EVENTS: Column = required("events");
const LAST_STATUS: Column = required("last_response.code").null(Gap::Nothing);

const ACCOUNT_LOGIN: Column = required("login");
const ACCOUNT_TYPE: Column = required("type");

/// The webhooks of a repository, answered.
pub(super) fn of_repository(reader: &mut Reader<'_>, body: &Json) -> Unknown {
    let (records, more) = match list(reader, body) {
        Ok(list) => list,
        Err(unknown) => return unknown,
    };
    reader.tell("repository.webhooks", known(records, more), Place::List);
    proven_by_answer(reader);
    malformed("the answer does not tell this")
}

/// The webhooks of an organisation. Where GitHub shows none, the account itself tells whether it is one.
pub(super) async fn of_organization(walk: &mut Walk<'_>) {
    let request = requests::request(&walk.question());
    let Ok(exchange) = walk.ask(request).await else { return };
    let account = match exchange.status() {
        Some(404) => {
            let request = requests::account(&walk.question());
            walk.ask(request).await.ok()
        }
        _ => None,
    };
    walk.turn().await;
    if let Some(seen) = account.as_ref().and_then(|account| of_user(walk, account)) {
        let source = Place::from(field("type")).remarked(Remark::Says("a user's account has none"));
        walk.tell("organization.webhooks", Knowledge::Absent, vec![seen.evidence(source)]);
        let rest = Unknown::new(Cause::NotPermitted, "the account is a user's, not an organisation");
        return walk.settle(&rest, &[seen.evidence(status(200))]);
    }
    answered(walk, &exchange, organization);
}

/// The account that was asked about, where it is a user's.
fn of_user(walk: &Walk<'_>, account: &Exchange) -> Option<Seen> {
    let answer = account.result.as_ref().ok().filter(|answer| answer.status == 200)?;
    let body = alike::json(answer).ok()?;
    let login = ACCOUNT_LOGIN.text(&body).value().ok()?;
    let is_asked =
        matches!(walk.target(), crate::facts::Target::Organization(name) if name.eq_ignore_ascii_case(login));
    (is_asked && ACCOUNT_TYPE.text(&body) == Held::Value("User")).then(|| Seen::of(account))
}

/// The webhooks of an organisation, answered. Only an App's installation is shown all of them.
fn organization(reader: &mut Reader<'_>, body: &Json) -> Unknown {
    let (records, more) = match list(reader, body) {
        Ok(list) => list,
        Err(unknown) => return unknown,
    };
    let hides = |reason: &str| Some(Unknown::new(Cause::NotRevealable, reason));
    let hidden = match reader.kind() {
        Some(kind) if kind.word == "oauth_app" => {
            hides("GitHub shows an OAuth app's token only those of the organisation's webhooks that the app made")
        }
        Some(kind) if !kind.has_user => None,
        _ => hides("GitHub shows a user's token only those of the organisation's webhooks that users made"),
    };
    reader.tell("organization.webhooks", known(records, more.or(hidden)), Place::List);
    malformed("the answer does not tell this")
}

/// The webhooks of a list, and why there may be more.
fn list(reader: &Reader<'_>, body: &Json) -> Result<(Vec<RecordValue>, Option<Unknown>), Unknown> {
    let Json::Array(items) = body else { return Err(malformed("the answer is no list of webhooks")) };
    if !items.iter().all(Json::is_object) {
        return Err(malformed("the list holds something that is no webhook"));
    }
    let more = match link::next(reader.answer) {
        Ok(None) => None,
        Ok(Some(_)) => Some(Unknown::new(Cause::Incomplete, "there are more webhooks than one page holds")),
        Err(why) => Some(why),
    };
    Ok((items.iter().map(webhook).collect(), more))
}

fn known(records: Vec<RecordValue>, more: Option<Unknown>) -> Knowledge {
    match more {
        Some(why) => Knowledge::Bounded(Bounds::List(records), why),
        None => Knowledge::Known(Value::Records(records)),
    }
}

fn webhook(item: &Json) -> RecordValue {
    let url = URL.text(item).map(WebAddress::new);
    // Without any readable configuration, nothing in it is known, a missing secret included.
    let configured = |knowledge: Knowledge| match &url {
        Held::Value(_) => knowledge,
        Held::Nothing | Held::Open(_) => Knowledge::Unknown(URL.wrong("a text")),
    };
    let content_type = match CONTENT_TYPE.text(item) {
        Held::Nothing => Knowledge::Known(Value::Word("form")),
        held => held
            .or_strange(
                |text| ["json", "form"].into_iter().find(|word| word == text),
                || CONTENT_TYPE.wrong("`json` or `form`"),
            )
            .known(Value::Word),
    };
    // `"0"` and `"1"`, as texts or as numbers.
    let insecure = INSECURE_SSL.read(item, "`0` or `1`", |value| match (value.as_str(), value.as_u64()) {
        (Some("0"), _) | (_, Some(0)) => Some(false),
        (Some("1"), _) | (_, Some(1)) => Some(true),
        _ => None,
    });
    let secret = match SECRET.read(item, "a text", Json::as_str) {
        Held::Nothing => Held::Value(false),
        held => held.map(|text| !text.is_empty()),
    };
    RecordValue::from([
        ("content_type", configured(content_type)),
        ("secret_set", configured(secret.is())),
        ("url", url.known(Value::Address)),
        ("active", ACTIVE.flag(item).is()),
        ("events", EVENTS.texts(item).known(|events| Value::Strings(events.into_iter().collect()))),
        ("insecure_ssl", insecure.is()),
        ("last_status", LAST_STATUS.number(item).known(Value::Integer)),
    ])
}
