//! What credentials say of themselves: `personal_access_tokens/self`, `/oauth/token/info`, `/job`.

use jiff::civil::{Date, Time};
use jiff::{SignedDuration, Timestamp, tz};
use serde_json::Value as Json;

use super::tables::host;
use crate::facts::{Bounds, Cause, Evidence, Exchange, Knowledge, Unknown, Value};
use crate::hosts::reader::{Reader, malformed, wrong_field};
use crate::hosts::strange;
use crate::vocabulary::{CredentialKind, FieldPath, NameSet, Place, Type, field};

/// The marker that stands in place of scopes.
const GRANULAR: &str = "granular";
/// The kinds that list scopes there.
const CLASSIC: [&str; 4] = ["personal", "project", "group", "service_account"];

/// A personal access token of whatever owner, described by itself.
pub(super) fn token_self(reader: &mut Reader<'_>, body: &Json) -> Unknown {
    if body.get("id").and_then(Json::as_u64).is_none() {
        return wrong_field("/id", "a number");
    }
    let gone = body.get("active") == Some(&Json::Bool(false)) || body.get("revoked") == Some(&Json::Bool(true));
    if gone {
        reader.tell("token.active", Knowledge::Known(Value::Bool(false)), field("active"));
    } else {
        reader.tell("token.active", Knowledge::Known(Value::Bool(true)), Place::Status);
    }
    scopes_and_kind(reader, body);
    reader.tell("user.id", integer(body, "/user_id"), field("user_id"));
    reader.tell("token.name", reader.text_or_null(body, "/name"), field("name"));
    let expiry = match body.get("expires_at") {
        Some(Json::Null) => Knowledge::Absent,
        Some(Json::String(text)) => date(text).map_or_else(
            || Knowledge::Unknown(wrong_field("/expires_at", "a date")),
            |time| Knowledge::Known(Value::Time(time)),
        ),
        _ => Knowledge::Unknown(wrong_field("/expires_at", "a date")),
    };
    reader.tell("token.expires_at", expiry, field("expires_at"));
    let created = match body.get("created_at").and_then(Json::as_str).and_then(|text| text.parse().ok()) {
        Some(time) => Knowledge::Known(Value::Time(time)),
        None => Knowledge::Unknown(wrong_field("/created_at", "a time")),
    };
    reader.tell("token.created_at", created, field("created_at"));
    let last_used = match body.get("last_used_at") {
        Some(Json::Null) => Knowledge::Absent,
        Some(Json::String(text)) => text.parse().map_or_else(
            |_| Knowledge::Unknown(wrong_field("/last_used_at", "a time")),
            |time| Knowledge::Known(Value::Time(time)),
        ),
        _ => Knowledge::Unknown(wrong_field("/last_used_at", "a time")),
    };
    reader.tell("token.last_used_at", last_used, field("last_used_at"));
    malformed("the answer does not tell this")
}

/// A date without a time means its first moment in UTC: the token's last good day is the one before.
fn date(text: &str) -> Option<Timestamp> {
    if text.len() != 10 {
        return text.parse().ok();
    }
    let date: Date = text.parse().ok()?;
    tz::Offset::UTC.to_timestamp(date.to_datetime(Time::midnight())).ok()
}

/// A whole number.
pub(super) fn integer(body: &Json, pointer: &str) -> Knowledge {
    match body.pointer(pointer).and_then(Json::as_i64) {
        Some(number) => Knowledge::Known(Value::Integer(number)),
        None => Knowledge::Unknown(wrong_field(pointer, "a number")),
    }
}

/// The texts of a list.
fn texts(body: &Json, pointer: &str) -> Option<Vec<String>> {
    body.pointer(pointer)?.as_array()?.iter().map(|item| item.as_str().map(str::to_owned)).collect()
}

fn scopes_and_kind(reader: &mut Reader<'_>, body: &Json) {
    let Some(scopes) = texts(body, "/scopes") else {
        reader.tell("token.scopes", Knowledge::Unknown(wrong_field("/scopes", "a list of texts")), field("scopes"));
        return;
    };
    let marked = scopes.iter().any(|scope| scope == GRANULAR);
    if marked && scopes.len() > 1 {
        let unknown = malformed("the token lists `granular` beside scopes, which belong to different kinds of token");
        reader.tell("token.scopes", Knowledge::Unknown(unknown), field("scopes"));
        return;
    }
    if marked || body.get("granular") == Some(&Json::Bool(true)) {
        fine_grained(reader, field("scopes"));
        return;
    }
    let fitting: Vec<&CredentialKind> =
        possible(reader).into_iter().filter(|kind| CLASSIC.contains(&kind.word)).collect();
    let knowledge = match fitting.as_slice() {
        [] => Knowledge::Unknown(malformed("the token lists scopes, which a token of its kind does not have")),
        [only] => Knowledge::Known(Value::Word(only.word)),
        several => {
            let why = Unknown::new(Cause::NotRevealable, "only the account that owns the token tells its kind");
            Knowledge::Bounded(Bounds::Candidates(several.iter().map(|kind| kind.word).collect()), why)
        }
    };
    reader.tell("token.kind", knowledge, field("scopes"));
    tell_scopes(reader, &scopes, field("scopes"));
}

/// The kinds that are possible so far: what an answer told, else what the text and the settings leave.
pub(super) fn possible(reader: &Reader<'_>) -> Vec<&'static CredentialKind> {
    match reader.known("token.kind").map(|fact| &fact.knowledge) {
        Some(Knowledge::Known(Value::Word(word))) => host().credential_kind(word).into_iter().collect(),
        Some(Knowledge::Bounded(Bounds::Candidates(words), _)) => {
            words.iter().filter_map(|word| host().credential_kind(word)).collect()
        }
        _ => reader.question.credential.kinds.clone(),
    }
}

/// The answer proves a fine-grained token, whatever its text says.
pub(super) fn fine_grained(reader: &mut Reader<'_>, source: impl Into<Place>) {
    let source = source.into();
    reader.tell("token.kind", Knowledge::Known(Value::Word("fine_grained")), &source);
    let reason = "a fine-grained token has permissions, resource by resource, instead of scopes";
    reader.tell("token.scopes", Knowledge::Inapplicable(reason.to_owned()), source);
}

fn tell_scopes(reader: &mut Reader<'_>, scopes: &[String], source: FieldPath) {
    let Some(Type::Names(table)) = host().fact("token.scopes").map(|index| host().row(index).ty) else { return };
    let names = NameSet::new(table, scopes);
    let evidence = || vec![reader.evidence(source)];
    let notes = strange::names("the token", ("scope", "scopes"), names.unknown_names(), evidence);
    reader.decoded.incidents.extend(notes);
    reader.tell("token.scopes", Knowledge::Known(Value::Names(names)), source);
}

/// An OAuth access token, described by itself. `refused` is the exchange in which what describes personal tokens did not
/// take it.
pub(super) fn oauth(reader: &mut Reader<'_>, body: &Json, refused: Option<&Exchange>) -> Unknown {
    let list = ["scope", "scopes"].into_iter().find_map(|name| Some((name, texts(body, &format!("/{name}"))?)));
    let Some((name, scopes)) = list else { return wrong_field("/scope", "a list of texts") };
    let mut evidence = vec![reader.evidence(Place::Status)];
    evidence.extend(refused.map(|exchange| Evidence::answer(&exchange.request, exchange.status(), Place::Status)));
    reader.tell_with("token.kind", Knowledge::Known(Value::Word("oauth")), evidence);
    reader.tell("token.active", Knowledge::Known(Value::Bool(true)), Place::Status);
    tell_scopes(reader, &scopes, field(name));
    reader.tell("user.id", integer(body, "/resource_owner_id"), field("resource_owner_id"));
    let created = body.get("created_at").and_then(Json::as_i64).and_then(|at| Timestamp::from_second(at).ok());
    let created = created.map_or_else(
        || Knowledge::Unknown(wrong_field("/created_at", "a time in seconds")),
        |time| Knowledge::Known(Value::Time(time)),
    );
    reader.tell("token.created_at", created, field("created_at"));
    let left = ["expires_in", "expires_in_seconds"].into_iter().find_map(|name| Some((name, body.get(name)?)));
    let (name, expiry) = match left {
        Some((name, Json::Null)) => (name, Knowledge::Absent),
        // What is left counts from the answer on.
        Some((name, seconds)) => {
            let end = seconds.as_i64().and_then(|left| {
                let left = SignedDuration::from_secs(left);
                reader.answer.at.checked_add(left).ok()
            });
            let expiry = end.map_or_else(
                || Knowledge::Unknown(wrong_field("/expires_in", "a number of seconds")),
                |time| Knowledge::Known(Value::Time(time)),
            );
            (name, expiry)
        }
        None => ("expires_in", Knowledge::Unknown(wrong_field("/expires_in", "a number of seconds"))),
    };
    reader.tell("token.expires_at", expiry, field(name));
    malformed("the answer does not tell this")
}

/// A job, by its token.
pub(super) fn job(reader: &mut Reader<'_>, body: &Json) -> Unknown {
    if body.get("id").and_then(Json::as_u64).is_none() {
        return wrong_field("/id", "a number");
    }
    let username = match reader.text(body, "/user/username") {
        Ok(username) => username,
        Err(unknown) => return unknown,
    };
    reader.tell("token.kind", Knowledge::Known(Value::Word("job")), Place::Status);
    reader.tell("token.active", Knowledge::Known(Value::Bool(true)), Place::Status);
    reader.tell("user.username", Knowledge::Known(Value::String(username)), field("user.username"));
    reader.tell("user.name", reader.text_or_null(body, "/user/name"), field("user.name"));
    reader.tell("user.id", integer(body, "/user/id"), field("user.id"));
    malformed("the answer does not tell this")
}
