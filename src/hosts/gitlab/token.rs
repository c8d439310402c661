//! What credentials say of themselves: `personal_access_tokens/self`, `/oauth/token/info`, `/job`.

use jiff::civil::{Date, Time};
use jiff::{SignedDuration, Timestamp, tz};
use serde_json::Value as Json;

use super::tables::host;
use crate::facts::{Bounds, Cause, Evidence, Exchange, Knowledge, Unknown, Value};
use crate::hosts::column::{Column, Gap, Held, required};
use crate::hosts::reader::{Reader, malformed};
use crate::hosts::strange;
use crate::vocabulary::{CredentialKind, FieldPath, NameSet, Place, Type, field};

/// The marker that stands in place of scopes.
const GRANULAR: &str = "granular";
/// The kinds that list scopes there.
const CLASSIC: [&str; 4] = ["personal", "project", "group", "service_account"];

const ID: Column = required("id");
const NAME: Column = required("name").null(Gap::Nothing);
/// Old instances send neither.
const ACTIVE: Column = required("active").missing(Gap::Is(true));
const REVOKED: Column = required("revoked").missing(Gap::Is(false));
const SCOPES: Column = required("scopes");
const GRANULAR_FLAG: Column = required("granular").missing(Gap::Is(false));
const USER_ID: Column = required("user_id");
/// Null is a token that never ends.
const EXPIRES_AT: Column = required("expires_at").null(Gap::Nothing);
const CREATED_AT: Column = required("created_at");
/// Null is a token that was never used.
const LAST_USED_AT: Column = required("last_used_at").null(Gap::Nothing);
const SCOPE: Column = required("scope").missing(Gap::Nothing);
const OTHER_SCOPES: Column = required("scopes").missing(Gap::Nothing);
const OWNER_ID: Column = required("resource_owner_id");
const EXPIRES_IN: Column = required("expires_in").null(Gap::Nothing);
const EXPIRES_IN_SECONDS: Column = required("expires_in_seconds").null(Gap::Nothing);
const JOB_USER_ID: Column = required("user.id");
const JOB_USER_NAME: Column = required("user.name").null(Gap::Nothing);

/// A personal access token of whatever owner, described by itself.
pub(super) fn token_self(reader: &mut Reader<'_>, body: &Json) -> Unknown {
    if let Err(unknown) = ID.number(body).value() {
        return unknown;
    }
    match (ACTIVE.flag(body), REVOKED.flag(body)) {
        (Held::Value(false), _) | (_, Held::Value(true)) => {
            reader.tell("token.active", Knowledge::Known(Value::Bool(false)), field("active"));
        }
        (Held::Open(why), _) | (_, Held::Open(why)) => {
            reader.tell("token.active", Knowledge::Unknown(why), field("active"));
        }
        _ => reader.tell("token.active", Knowledge::Known(Value::Bool(true)), Place::Status),
    }
    scopes_and_kind(reader, body);
    reader.tell("user.id", USER_ID.number(body).known(Value::Integer), field("user_id"));
    reader.tell("token.name", NAME.text_or_empty(body).says(), field("name"));
    let expiry = EXPIRES_AT.read(body, "a date", |value| date(value.as_str()?));
    reader.tell("token.expires_at", expiry.known(Value::Time), field("expires_at"));
    reader.tell("token.created_at", CREATED_AT.time(body).known(Value::Time), field("created_at"));
    reader.tell("token.last_used_at", LAST_USED_AT.time(body).known(Value::Time), field("last_used_at"));
    malformed("the answer does not tell this")
}

/// A date without a time means its first moment in UTC: the token's last good day is the one before.
pub(super) fn date(text: &str) -> Option<Timestamp> {
    if text.len() != 10 {
        return text.parse().ok();
    }
    let date: Date = text.parse().ok()?;
    tz::Offset::UTC.to_timestamp(date.to_datetime(Time::midnight())).ok()
}

fn scopes_and_kind(reader: &mut Reader<'_>, body: &Json) {
    let (scopes, granular) =
        match SCOPES.texts(body).value().and_then(|all| Ok((all, GRANULAR_FLAG.flag(body).value()?))) {
            Ok(read) => read,
            Err(unknown) => return reader.tell("token.scopes", Knowledge::Unknown(unknown), field("scopes")),
        };
    let marked = scopes.iter().any(|scope| scope == GRANULAR);
    if marked && scopes.len() > 1 {
        let unknown = malformed("the token lists `granular` beside scopes, which belong to different kinds of token");
        reader.tell("token.scopes", Knowledge::Unknown(unknown), field("scopes"));
        return;
    }
    if marked || granular {
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
    // Versions name the list differently; where both are there, they must say the same.
    let (name, scopes) = match (SCOPE.texts(body), OTHER_SCOPES.texts(body)) {
        (Held::Value(one), Held::Value(two)) if one != two => {
            return malformed("the fields `scope` and `scopes` of the answer disagree");
        }
        (Held::Open(why), _) | (_, Held::Open(why)) => return why,
        (Held::Value(scopes), _) => ("scope", scopes),
        (Held::Nothing, Held::Value(scopes)) => ("scopes", scopes),
        (Held::Nothing, Held::Nothing) => return SCOPE.wrong("a list of texts"),
    };
    let mut evidence = vec![reader.evidence(Place::Status)];
    evidence.extend(refused.map(|exchange| Evidence::answer(&exchange.request, exchange.status(), Place::Status)));
    reader.tell_with("token.kind", Knowledge::Known(Value::Word("oauth")), evidence);
    reader.tell("token.active", Knowledge::Known(Value::Bool(true)), Place::Status);
    tell_scopes(reader, &scopes, field(name));
    reader.tell("user.id", OWNER_ID.number(body).known(Value::Integer), field("resource_owner_id"));
    let created = CREATED_AT.read(body, "a time in seconds", |at| Timestamp::from_second(at.as_i64()?).ok());
    reader.tell("token.created_at", created.known(Value::Time), field("created_at"));
    // What is left counts from the answer on.
    let end = |left: &Json| reader.answer.at.checked_add(SignedDuration::from_secs(left.as_i64()?)).ok();
    let (name, column) = match (body.get("expires_in"), body.get("expires_in_seconds")) {
        (None, Some(_)) => ("expires_in_seconds", EXPIRES_IN_SECONDS),
        _ => ("expires_in", EXPIRES_IN),
    };
    let expiry = column.read(body, "a number of seconds", end);
    reader.tell("token.expires_at", expiry.known(Value::Time), field(name));
    malformed("the answer does not tell this")
}

/// A job, by its token.
pub(super) fn job(reader: &mut Reader<'_>, body: &Json) -> Unknown {
    if let Err(unknown) = ID.number(body).value() {
        return unknown;
    }
    let username = match reader.text(body, "/user/username") {
        Ok(username) => username,
        Err(unknown) => return unknown,
    };
    reader.tell("token.kind", Knowledge::Known(Value::Word("job")), Place::Status);
    reader.tell("token.active", Knowledge::Known(Value::Bool(true)), Place::Status);
    reader.tell("user.username", Knowledge::Known(Value::String(username)), field("user.username"));
    reader.tell("user.name", JOB_USER_NAME.text_or_empty(body).says(), field("user.name"));
    reader.tell("user.id", JOB_USER_ID.number(body).known(Value::Integer), field("user.id"));
    malformed("the answer does not tell this")
}
