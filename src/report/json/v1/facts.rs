//! JSON, version 1: what credentials reveal.

use std::io::{self, Write};
use std::ops::Range;

use serde::{Serialize, Serializer};
use serde_json::Value as Json;

use super::rows::{Known, Shown, request_rows};
use super::sorted::Sorted;
use crate::facts::{AsJson, Evidence, Fact, FactSet, Knowledge, RequestLabel};
use crate::report::json::values::BoundsRow;
use crate::report::revealed::{Reveal, Revealed, rows};
use crate::report::spool::{Spool, Spooling};
use crate::text::json::{Elements, Escapes, Writer};
use crate::text::redact::{Redactor, Word};
use crate::vocabulary;

/// Facts as version 1 says them: the credential's, then each repository's, then each organisation's.
pub(in crate::report) struct Facts<'a> {
    redactor: &'a Redactor,
    place: Place,
    rows: Spooling<'a>,
    /// Of each credential its own row, and those of its requests.
    parts: Vec<[Range<u64>; 2]>,
}

/// Where the document stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::report) enum Place {
    /// On its own.
    Alone,
    /// As a member of a record: a value whose keys are sorted.
    Recorded,
}

impl Place {
    const fn level(self) -> usize {
        match self {
            Self::Alone => 0,
            Self::Recorded => 1,
        }
    }

    const fn escapes(self) -> Escapes {
        match self {
            Self::Alone => Escapes::Harmless,
            Self::Recorded => Escapes::Needed,
        }
    }
}

impl<'a> Facts<'a> {
    /// A document whose rows wait in `spool`.
    pub(in crate::report) fn new(place: Place, spool: Box<dyn Spool + 'a>, redactor: &'a Redactor) -> Self {
        Self { redactor, place, rows: Spooling::new(spool), parts: Vec::new() }
    }

    fn spool<R: Serialize>(&mut self, list: impl IntoIterator<Item = R>) -> io::Result<Range<u64>>
    where
        for<'r> Sorted<'r, R>: Serialize,
    {
        let (place, redactor) = (self.place, self.redactor);
        self.rows.part(|rows| {
            let mut elements = Elements::new(rows, place.escapes(), place.level() + 2, redactor);
            list.into_iter().try_for_each(|row| match place {
                Place::Alone => elements.element(&row),
                Place::Recorded => elements.element(&Sorted(&row)),
            })
        })
    }
}

impl Reveal for Facts<'_> {
    fn credential(&mut self, one: &Revealed<'_>) -> io::Result<()> {
        let own = FactsOfCredential {
            name: &one.credential.name,
            host: Word(one.credential.host.word()),
            url: &one.credential.url,
            facts: Rows(one.facts),
        };
        let parts = [self.spool([own])?, self.spool(request_rows(one.exchanges, None))?];
        self.parts.push(parts);
        Ok(())
    }

    fn end(self: Box<Self>, out: &mut dyn Write) -> io::Result<()> {
        let Self { redactor, place, rows, parts } = *self;
        let mut rows = rows.finish()?;
        let mut document = Writer::new(out, place.escapes(), place.level(), redactor);
        document.open('{')?;
        if place == Place::Alone {
            document.member("version", &1)?;
        }
        for (at, name) in ["credentials", "requests"].into_iter().enumerate() {
            document.list(name)?;
            for part in parts.iter().filter_map(|parts| parts.get(at)).filter(|part| !part.is_empty()) {
                document.elements(|out| rows.copy(part, out))?;
            }
            document.close(']')?;
        }
        if place == Place::Recorded {
            document.member("version", &1)?;
        }
        document.close('}')?;
        if place == Place::Alone {
            document.out().write_all(b"\n")?;
        }
        Ok(())
    }
}

#[derive(Debug, Serialize)]
pub(super) struct FactsOfCredential<'a> {
    pub(super) name: &'a str,
    pub(super) host: Word,
    pub(super) url: &'a str,
    pub(super) facts: Rows<'a>,
}

/// The facts of a set, each made a row as it is written.
#[derive(Debug)]
pub(super) struct Rows<'a>(pub(super) &'a FactSet);

impl<'a> Rows<'a> {
    pub(super) fn each(&self) -> impl Iterator<Item = FactRow<'a>> + use<'a> {
        rows(self.0).map(|(subject, path, fact)| FactRow::of(subject, path, fact))
    }
}

impl Serialize for Rows<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.each())
    }
}

/// A fact. `value` is there where it is known or absent; for the rest `cause` and `reason` say why it is not.
#[derive(Debug, Serialize)]
pub(super) struct FactRow<'a> {
    pub(super) fact: Word,
    pub(super) subject: Option<&'a str>,
    pub(super) knowledge: Word,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) value: Option<Option<AsJson<'a>>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) granted: Option<Json>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) denied: Option<Json>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) least: Option<Json>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) most: Option<Json>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) candidates: Option<Json>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) seen: Option<Json>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) cause: Option<Word>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) reason: Option<&'a str>,
    pub(super) evidence: Seen<'a>,
}

/// Evidence, each made a row as it is written.
#[derive(Debug)]
pub(super) struct Seen<'a>(pub(super) &'a [Evidence]);

impl<'a> Seen<'a> {
    pub(super) fn each(&self) -> impl Iterator<Item = SeenRow<'a>> + use<'a> {
        self.0.iter().map(|seen| SeenRow {
            request: seen.request.as_deref().map(Shown),
            status: seen.status,
            source: Shown(&seen.source),
        })
    }
}

impl Serialize for Seen<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.each())
    }
}

#[derive(Debug, Serialize)]
pub(super) struct SeenRow<'a> {
    pub(super) request: Option<Shown<&'a RequestLabel>>,
    pub(super) status: Option<u16>,
    pub(super) source: Shown<&'a vocabulary::Place>,
}

impl<'a> FactRow<'a> {
    pub(super) fn of(subject: Option<&'a str>, path: &'static str, fact: &'a Fact) -> Self {
        let Known { value, bounds, cause, reason } = Known::of(&fact.knowledge);
        let BoundsRow { granted, denied, least, most, candidates, seen } = bounds;
        Self {
            fact: Word(path),
            subject,
            knowledge: Word(fact.knowledge.word()),
            value: matches!(fact.knowledge, Knowledge::Known(_) | Knowledge::Absent).then_some(value),
            granted,
            denied,
            least,
            most,
            candidates,
            seen,
            cause,
            reason,
            evidence: Seen(&fact.evidence),
        }
    }
}
