//! What an outcome of version 1 rests on: each made a row as it is written.

use serde::{Serialize, Serializer};
use serde_json::Value as Json;

use super::rows::{Known, Shown};
use crate::facts::{AsJson, Evidence, Fact, RequestLabel, SubjectRef};
use crate::language::Statement;
use crate::report::json::values::BoundsRow;
use crate::report::stream::Section;
use crate::report::wording;
use crate::text::redact::Word;
use crate::vocabulary::{FactIndex, Place};

/// What an outcome rests on.
#[derive(Debug)]
pub(super) enum EvidenceOf<'a> {
    /// What was seen, and no fact.
    Seen(&'a [Evidence]),
    /// What a statement reads of a subject: its own facts come first, then those that its guards read.
    Read { section: Section<'a>, statement: &'a Statement, subject: SubjectRef },
}

impl Serialize for EvidenceOf<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Seen(seen) => serializer.collect_seq(seen.iter().map(|seen| EvidenceRow::of_none().at(seen))),
            Self::Read { section, statement, subject } => {
                let guards = statement.guard_facts.iter().filter(|index| !statement.facts.contains(index));
                let facts = statement.facts.iter().chain(guards);
                serializer.collect_seq(facts.flat_map(|index| rows(section, *index, *subject)))
            }
        }
    }
}

/// The rows of a fact: one for each place it was seen in, one where there is none.
fn rows<'a>(section: &Section<'a>, index: FactIndex, subject: SubjectRef) -> impl Iterator<Item = EvidenceRow<'a>> {
    let path = wording::path(section.facts.host, index);
    section.facts.fact(index, subject).into_iter().flat_map(move |fact| {
        let row = move || EvidenceRow::of(path, fact);
        let unseen = fact.evidence.is_empty().then(row);
        unseen.into_iter().chain(fact.evidence.iter().map(move |seen| row().at(seen)))
    })
}

#[derive(Debug, Serialize)]
struct EvidenceRow<'a> {
    fact: Option<Word>,
    knowledge: Option<Word>,
    value: Option<AsJson<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    granted: Option<Json>,
    #[serde(skip_serializing_if = "Option::is_none")]
    denied: Option<Json>,
    #[serde(skip_serializing_if = "Option::is_none")]
    least: Option<Json>,
    #[serde(skip_serializing_if = "Option::is_none")]
    most: Option<Json>,
    #[serde(skip_serializing_if = "Option::is_none")]
    candidates: Option<Json>,
    #[serde(skip_serializing_if = "Option::is_none")]
    seen: Option<Json>,
    #[serde(skip_serializing_if = "Option::is_none")]
    cause: Option<Word>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<&'a str>,
    request: Option<Shown<&'a RequestLabel>>,
    status: Option<u16>,
    source: Option<Shown<&'a Place>>,
}

impl<'a> EvidenceRow<'a> {
    /// Of nothing that a fact says.
    fn of_none() -> Self {
        Self::saying(None, None, Known::default())
    }

    /// Of a fact, at no place yet.
    fn of(path: &'static str, fact: &'a Fact) -> Self {
        Self::saying(Some(Word(path)), Some(Word(fact.knowledge.word())), Known::of(&fact.knowledge))
    }

    fn saying(fact: Option<Word>, knowledge: Option<Word>, known: Known<'a>) -> Self {
        let Known { value, bounds, cause, reason } = known;
        let BoundsRow { granted, denied, least, most, candidates, seen } = bounds;
        Self {
            fact,
            knowledge,
            value,
            granted,
            denied,
            least,
            most,
            candidates,
            seen,
            cause,
            reason,
            request: None,
            status: None,
            source: None,
        }
    }

    /// The same, seen at a place.
    fn at(self, seen: &'a Evidence) -> Self {
        Self {
            request: seen.request.as_deref().map(Shown),
            status: seen.status,
            source: Some(Shown(&seen.source)),
            ..self
        }
    }
}
