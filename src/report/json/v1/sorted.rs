//! The rows of facts as a record has them: the same keys, in the order of their names, without a tree of values between.

use serde::ser::{Serialize, SerializeSeq, Serializer};
use serde_json::Value as Json;

use super::facts::{FactRow, FactsOfCredential, Rows, Seen, SeenRow};
use super::rows::{RequestRow, Shown};
use crate::facts::{AsJson, RequestLabel};
use crate::text::redact::Word;
use crate::vocabulary::Place;

/// Serialises a row with its keys sorted, those of the rows inside as well.
pub(super) struct Sorted<'a, T>(pub(super) &'a T);

#[derive(serde::Serialize)]
struct OfCredential<'a> {
    facts: Sorted<'a, Rows<'a>>,
    host: Word,
    name: &'a str,
    url: &'a str,
}

impl Serialize for Sorted<'_, FactsOfCredential<'_>> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let FactsOfCredential { name, host, url, facts } = self.0;
        OfCredential { facts: Sorted(facts), host: *host, name, url }.serialize(serializer)
    }
}

impl Serialize for Sorted<'_, Rows<'_>> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        each(serializer, self.0.each())
    }
}

impl Serialize for Sorted<'_, Seen<'_>> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        each(serializer, self.0.each())
    }
}

/// Rows as a list, each sorted.
fn each<R, S: Serializer>(serializer: S, rows: impl Iterator<Item = R>) -> Result<S::Ok, S::Error>
where
    for<'r> Sorted<'r, R>: Serialize,
{
    let mut list = serializer.serialize_seq(None)?;
    for row in rows {
        list.serialize_element(&Sorted(&row))?;
    }
    list.end()
}

#[derive(serde::Serialize)]
struct OfFact<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    candidates: Option<&'a Json>,
    #[serde(skip_serializing_if = "Option::is_none")]
    cause: Option<Word>,
    #[serde(skip_serializing_if = "Option::is_none")]
    denied: Option<&'a Json>,
    evidence: Sorted<'a, Seen<'a>>,
    fact: Word,
    #[serde(skip_serializing_if = "Option::is_none")]
    granted: Option<&'a Json>,
    knowledge: Word,
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
    value: Option<Option<AsJson<'a>>>,
}

impl Serialize for Sorted<'_, FactRow<'_>> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let row = self.0;
        let row = OfFact {
            candidates: row.candidates.as_ref(),
            cause: row.cause,
            denied: row.denied.as_ref(),
            evidence: Sorted(&row.evidence),
            fact: row.fact,
            granted: row.granted.as_ref(),
            knowledge: row.knowledge,
            least: row.least.as_ref(),
            most: row.most.as_ref(),
            reason: row.reason,
            seen: row.seen.as_ref(),
            subject: row.subject,
            value: row.value,
        };
        row.serialize(serializer)
    }
}

#[derive(serde::Serialize)]
struct OfEvidence<'a> {
    request: &'a Option<Shown<&'a RequestLabel>>,
    source: &'a Shown<&'a Place>,
    status: Option<u16>,
}

impl Serialize for Sorted<'_, SeenRow<'_>> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let SeenRow { request, status, source } = self.0;
        OfEvidence { request, source, status: *status }.serialize(serializer)
    }
}

#[derive(serde::Serialize)]
struct OfRequest<'a> {
    attempts: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    credential: Option<&'a str>,
    method: Word,
    status: Option<u16>,
    url: &'a str,
}

impl Serialize for Sorted<'_, RequestRow<'_>> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let RequestRow { credential, method, url, status, attempts } = *self.0;
        OfRequest { attempts, credential, method, status, url }.serialize(serializer)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use serde_json::json;

    use super::*;
    use crate::facts::{Cause, Evidence, Fact, FactSet, Knowledge, RepositoryName, Value};
    use crate::text::json::{Escapes, Writer};
    use crate::text::redact::Redactor;
    use crate::text::secret::Secret;
    use crate::vocabulary::{FactIndex, HostKind, token_shapes};

    #[test]
    fn sorted_rows_say_what_the_rows_say_in_the_order_of_their_keys() {
        let label = RequestLabel { method: "GET", url: "https://git.acme.dev/user".into() };
        let seen = |request| Evidence { request, status: Some(200), source: Place::Status };
        let seen = [seen(Some(Arc::new(label))), seen(None)];
        let value =
            Value::Permissions([("b", "read"), ("a", "write")].map(|(one, other)| (one.into(), other.into())).into());
        let fact = |value, evidence| FactRow {
            fact: Word("token.permissions"),
            subject: Some("acme/infra"),
            knowledge: Word("bounded"),
            value,
            granted: None,
            denied: None,
            least: None,
            most: None,
            candidates: None,
            seen: None,
            cause: Some(Word("not-permitted")),
            reason: Some("the host does not say"),
            evidence,
        };
        let bounded = FactRow {
            granted: Some(json!(["repo"])),
            denied: Some(json!({ "b": 1, "a": 2 })),
            least: Some(json!(null)),
            most: Some(json!("write")),
            candidates: Some(json!([1])),
            seen: Some(json!([true])),
            ..fact(None, Seen(&[]))
        };
        let known = fact(Some(Some(AsJson(&value))), Seen(&seen));
        for row in [known, fact(Some(None), Seen(&[])), bounded] {
            let sorted = serde_json::to_value(&row).unwrap().to_string();
            assert_eq!(serde_json::to_string(&Sorted(&row)).unwrap(), sorted);
        }
        let mut set = FactSet::new(HostKind::GitHub);
        set.credential.set(FactIndex(3), Fact { knowledge: Knowledge::Known(value), evidence: seen.into() });
        set.repository(&RepositoryName::parse("acme/infra").unwrap());
        set.repositories
            .facts_mut(0)
            .unwrap()
            .set(FactIndex(40), Fact { knowledge: Knowledge::Absent, evidence: vec![] });
        let facts = Rows(&set);
        let row = FactsOfCredential { name: "bot", host: Word("github"), url: "https://git.acme.dev", facts };
        let sorted = serde_json::to_value(&row).unwrap().to_string();
        assert!(sorted.contains("acme/infra"), "{sorted}");
        assert_eq!(serde_json::to_string(&Sorted(&row)).unwrap(), sorted);
        for credential in [None, Some("bot")] {
            let url = "https://git.acme.dev/user";
            let row = RequestRow { credential, method: Word("GET"), url, status: None, attempts: 2 };
            let sorted = serde_json::to_value(&row).unwrap().to_string();
            assert_eq!(serde_json::to_string(&Sorted(&row)).unwrap(), sorted);
        }
    }

    #[test]
    fn own_words_stay_and_what_is_told_does_not_whatever_a_secret_is_spelled_like() {
        let redactor = Redactor::new(token_shapes());
        for spelled in ["token.scopes", "known", "github", "POST", "not-permitted", "acme/infra"] {
            redactor.add(&Secret::token(spelled).unwrap());
        }
        let value = Value::String("known".to_owned());
        let told = Fact { knowledge: Knowledge::Known(value), evidence: Vec::new() };
        let hidden = Fact { knowledge: Knowledge::unknown(Cause::NotPermitted, "known"), evidence: Vec::new() };
        let facts = [&told, &hidden].map(|fact| FactRow::of(Some("acme/infra"), "token.scopes", fact));
        let sorted = facts.each_ref().map(Sorted);
        let request = RequestRow { credential: None, method: Word("POST"), url: "POST", status: None, attempts: 1 };
        for written in [written(&(&facts, &request), &redactor), written(&(&sorted, Sorted(&request)), &redactor)] {
            let mask = "***";
            let expected = json!([
                [
                    { "fact": "token.scopes", "subject": mask, "knowledge": "known", "value": mask, "evidence": [] },
                    { "fact": "token.scopes", "subject": mask, "knowledge": "unknown", "cause": "not-permitted",
                      "reason": mask, "evidence": [] },
                ],
                { "method": "POST", "url": mask, "status": null, "attempts": 1 },
            ]);
            assert_eq!(written, expected);
        }
    }

    fn written(value: &impl Serialize, redactor: &Redactor) -> Json {
        let mut bytes = Vec::new();
        Writer::new(&mut bytes, Escapes::Needed, 0, redactor).value(value).unwrap();
        serde_json::from_slice(&bytes).unwrap()
    }
}
