//! Values of facts as JSON.

use serde::Serialize;
use serde_json::{Map, Value as Json, json};

use crate::facts::{Bounds, Knowledge, RecordValue, Value};

/// A value: scopes as the host granted them (not expanded), times in RFC 3339 and UTC, durations in seconds, levels and
/// kinds as the bare words of the language.
pub(in crate::report) fn value(value: &Value) -> Json {
    match value {
        Value::Bool(value) => json!(value),
        Value::Integer(value) => json!(value),
        Value::String(value) => json!(value),
        Value::Version(value) => json!(value.as_str()),
        Value::Time(value) => json!(value.to_string()),
        Value::Duration(value) => json!(value.as_secs()),
        Value::Word(value) => json!(value),
        Value::Names(value) => json!(value.names()),
        Value::Permissions(value) => json!(value),
        Value::Strings(value) => json!(value),
        Value::Records(records) => Json::Array(records.iter().map(record).collect()),
    }
}

/// A record: known fields as values, absent ones as null, the rest as `{ "unknown": CAUSE }`.
fn record(record: &RecordValue) -> Json {
    let fields = record.iter().map(|(name, knowledge)| {
        let field = match knowledge {
            Knowledge::Known(known) => value(known),
            Knowledge::Absent => Json::Null,
            other => json!({ "unknown": other.cause().map(crate::facts::Cause::word) }),
        };
        ((*name).to_owned(), field)
    });
    Json::Object(fields.collect::<Map<String, Json>>())
}

/// What is known of a partly known value: keys to put beside `knowledge`. Which ones are there says what kind of value.
#[derive(Debug, Default, Serialize)]
pub(in crate::report) struct BoundsRow {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::report) granted: Option<Json>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::report) denied: Option<Json>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::report) least: Option<Json>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::report) most: Option<Json>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::report) candidates: Option<Json>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::report) seen: Option<Json>,
}

/// The keys of a partly known value. A level without a bound on one side has null there.
pub(in crate::report) fn bounds(bounds: &Bounds) -> BoundsRow {
    let row = BoundsRow::default();
    match bounds {
        Bounds::Names { granted, denied } => {
            BoundsRow { granted: Some(json!(granted.names())), denied: Some(json!(denied.names())), ..row }
        }
        Bounds::Permissions { granted, denied } => {
            BoundsRow { granted: Some(json!(granted)), denied: Some(json!(denied)), ..row }
        }
        Bounds::Level { least, most } => BoundsRow { least: Some(json!(least)), most: Some(json!(most)), ..row },
        Bounds::Candidates(words) => BoundsRow { candidates: Some(json!(words)), ..row },
        Bounds::List(records) => BoundsRow { seen: Some(Json::Array(records.iter().map(record).collect())), ..row },
    }
}
