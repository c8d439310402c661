//! Values of facts as JSON, as reports and baselines have them.

use serde_json::{Map, Value as Json, json};

use super::{Bounds, Cause, Knowledge, RecordValue, Value};

/// A value: scopes as the host granted them (not expanded), times in RFC 3339 and UTC, durations in seconds, levels and
/// kinds as the bare words of the language.
pub fn as_json(value: &Value) -> Json {
    match value {
        Value::Bool(value) => json!(value),
        Value::Integer(value) => json!(value),
        Value::String(value) => json!(value),
        Value::Address(value) => json!(value.to_string()),
        Value::Version(value) => json!(value.as_str()),
        Value::Time(value) => json!(value.to_string()),
        Value::Duration(value) => json!(value.as_secs()),
        Value::Word(value) => json!(value),
        Value::Names(value) => json!(value.names()),
        Value::Permissions(value) => json!(value),
        Value::Strings(value) => json!(value),
        Value::Records(records) => records_as_json(records),
    }
}

/// Records: known fields as values, absent ones as null, the rest as `{ "unknown": CAUSE }`.
pub fn records_as_json(records: &[RecordValue]) -> Json {
    Json::Array(records.iter().map(record).collect())
}

fn record(record: &RecordValue) -> Json {
    let fields = record.iter().map(|(name, knowledge)| {
        let field = match knowledge {
            Knowledge::Known(known) => as_json(known),
            Knowledge::Absent => Json::Null,
            other => json!({ "unknown": other.cause().map(Cause::word) }),
        };
        ((*name).to_owned(), field)
    });
    Json::Object(fields.collect::<Map<String, Json>>())
}

/// What is certain of what is known: a value, the seen part of a list, what is granted for certain; null where nothing is.
pub fn certain_as_json(knowledge: &Knowledge) -> Json {
    match knowledge {
        Knowledge::Known(value) => as_json(value),
        Knowledge::Bounded(Bounds::Names { granted, .. }, _) => json!(granted.names()),
        Knowledge::Bounded(Bounds::Permissions { granted, .. }, _) => json!(granted),
        Knowledge::Bounded(Bounds::Level { least, .. }, _) => json!(least),
        Knowledge::Bounded(Bounds::Candidates(words), _) => json!(words),
        Knowledge::Bounded(Bounds::List(records), _) => records_as_json(records),
        Knowledge::Absent | Knowledge::Inapplicable(_) | Knowledge::Unknown(_) => Json::Null,
    }
}
