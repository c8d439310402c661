//! Values of facts as JSON.

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

/// What is known of a partly known value: keys to put beside `knowledge`.
pub(in crate::report) fn bounds(bounds: &Bounds) -> Map<String, Json> {
    let mut keys = Map::new();
    match bounds {
        Bounds::Names { granted, denied } => {
            keys.insert("granted".into(), json!(granted.names()));
            keys.insert("denied".into(), json!(denied.names()));
        }
        Bounds::Permissions { granted, denied } => {
            keys.insert("granted".into(), json!(granted));
            keys.insert("denied".into(), json!(denied));
        }
        Bounds::Level { least, most } => {
            keys.insert("least".into(), json!(least));
            keys.insert("most".into(), json!(most));
        }
        Bounds::Candidates(words) => {
            keys.insert("candidates".into(), json!(words));
        }
        Bounds::List(records) => {
            keys.insert("seen".into(), Json::Array(records.iter().map(record).collect()));
        }
    }
    keys
}
