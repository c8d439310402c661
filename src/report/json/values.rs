//! What is partly known of facts, as JSON.

use serde::Serialize;
use serde_json::{Value as Json, json};

use crate::facts::{Bounds, records_as_json};

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
        Bounds::List(records) => BoundsRow { seen: Some(records_as_json(records)), ..row },
    }
}
