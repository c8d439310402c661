//! Values of facts as JSON, as reports and baselines have them.

use serde::{Serialize, Serializer};
use serde_json::{Map, Value as Json, json};

use super::{Bounds, Cause, Knowledge, RecordValue, Value};

/// A value as JSON: scopes as the host granted them (not expanded), times in RFC 3339 and UTC, durations in seconds, levels
/// and kinds as the bare words of the language.
#[derive(Clone, Copy, Debug)]
pub struct AsJson<'a>(pub &'a Value);

impl Serialize for AsJson<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            Value::Bool(value) => serializer.serialize_bool(*value),
            Value::Integer(value) => serializer.serialize_i64(*value),
            Value::String(value) => serializer.serialize_str(value),
            Value::Address(value) => serializer.collect_str(value),
            Value::Version(value) => serializer.serialize_str(value.as_str()),
            Value::Time(value) => serializer.collect_str(value),
            Value::Duration(value) => serializer.serialize_i64(value.as_secs()),
            Value::Word(value) => serializer.serialize_str(value),
            Value::Names(value) => serializer.collect_seq(value.names()),
            Value::Permissions(value) => serializer.collect_map(value),
            Value::Strings(value) => serializer.collect_seq(value),
            Value::Records(records) => records_as_json(records).serialize(serializer),
        }
    }
}

/// The same as a tree.
pub fn as_json(value: &Value) -> Json {
    // No value has what JSON cannot say: keys are text, and numbers are whole.
    serde_json::to_value(AsJson(value)).unwrap_or_default()
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
