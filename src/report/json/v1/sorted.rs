//! The rows of facts as a record has them: the same keys, in the order of their names, without a tree of values between.

use serde::Serialize;
use serde_json::Value as Json;

use super::facts::{FactRow, FactsOfCredential, SeenRow};
use super::rows::{RequestRow, Shown};
use crate::facts::RequestLabel;
use crate::vocabulary::Place;

/// Serialises a row with its keys sorted, those of the rows inside as well.
pub(super) struct Sorted<'a, T>(pub(super) &'a T);

#[derive(Serialize)]
struct OfCredential<'a> {
    facts: Vec<Sorted<'a, FactRow<'a>>>,
    host: &'static str,
    name: &'a str,
    url: &'a str,
}

impl Serialize for Sorted<'_, FactsOfCredential<'_>> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let FactsOfCredential { name, host, url, facts } = self.0;
        OfCredential { facts: facts.iter().map(Sorted).collect(), host, name, url }.serialize(serializer)
    }
}

#[derive(Serialize)]
struct OfFact<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    candidates: Option<&'a Json>,
    #[serde(skip_serializing_if = "Option::is_none")]
    cause: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    denied: Option<&'a Json>,
    evidence: Vec<Sorted<'a, SeenRow<'a>>>,
    fact: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    granted: Option<&'a Json>,
    knowledge: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    least: Option<&'a Json>,
    #[serde(skip_serializing_if = "Option::is_none")]
    most: Option<&'a Json>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    seen: Option<&'a Json>,
    subject: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    value: Option<&'a Json>,
}

impl Serialize for Sorted<'_, FactRow<'_>> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let FactRow { fact, subject, knowledge, value, bounds, cause, reason, evidence } = self.0;
        let row = OfFact {
            candidates: bounds.candidates.as_ref(),
            cause: *cause,
            denied: bounds.denied.as_ref(),
            evidence: evidence.iter().map(Sorted).collect(),
            fact,
            granted: bounds.granted.as_ref(),
            knowledge,
            least: bounds.least.as_ref(),
            most: bounds.most.as_ref(),
            reason: *reason,
            seen: bounds.seen.as_ref(),
            subject: *subject,
            value: value.as_ref(),
        };
        row.serialize(serializer)
    }
}

#[derive(Serialize)]
struct OfEvidence<'a> {
    request: &'a Option<Shown<&'a RequestLabel>>,
    source: &'a Shown<&'a Place>,
    status: Option<u16>,
}

impl Serialize for Sorted<'_, SeenRow<'_>> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let SeenRow { request, status, source } = self.0;
        OfEvidence { request, source, status: *status }.serialize(serializer)
    }
}

#[derive(Serialize)]
struct OfRequest<'a> {
    attempts: usize,
    method: &'static str,
    status: Option<u16>,
    url: &'a str,
}

impl Serialize for Sorted<'_, RequestRow<'_>> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let RequestRow { method, url, status, attempts } = self.0;
        OfRequest { attempts: *attempts, method, status: *status, url }.serialize(serializer)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::report::json::values::BoundsRow;

    #[test]
    fn sorted_rows_say_what_the_rows_say_in_the_order_of_their_keys() {
        let label = RequestLabel { method: "GET", url: "https://git.acme.dev/user".into() };
        let seen = |request| SeenRow { request, status: Some(200), source: Shown(&Place::Status) };
        let fact = |value, bounds, evidence| FactRow {
            fact: "token.scopes",
            subject: Some("acme/infra"),
            knowledge: "bounded",
            value,
            bounds,
            cause: Some("not-permitted"),
            reason: Some("the host does not say"),
            evidence,
        };
        let bounds = BoundsRow {
            granted: Some(json!(["repo"])),
            denied: Some(json!({ "b": 1, "a": 2 })),
            least: Some(json!(null)),
            most: Some(json!("write")),
            candidates: Some(json!([1])),
            seen: Some(json!([true])),
        };
        let facts = vec![
            fact(Some(json!({ "z": 1, "a": [2] })), BoundsRow::default(), vec![seen(Some(Shown(&label))), seen(None)]),
            fact(None, bounds, Vec::new()),
        ];
        let row = FactsOfCredential { name: "bot", host: "github", url: "https://git.acme.dev", facts };
        let sorted = serde_json::to_value(&row).unwrap().to_string();
        assert_eq!(serde_json::to_string(&Sorted(&row)).unwrap(), sorted);
        let row = RequestRow { method: "GET", url: "https://git.acme.dev/user", status: None, attempts: 2 };
        let sorted = serde_json::to_value(&row).unwrap().to_string();
        assert_eq!(serde_json::to_string(&Sorted(&row)).unwrap(), sorted);
    }
}
