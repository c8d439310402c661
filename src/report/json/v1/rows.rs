//! Rows that documents of version 1 share: evidence, requests, diagnostics.

use std::fmt::Display;

use serde::{Serialize, Serializer};
use serde_json::Value as Json;

use crate::diagnostic::Diagnostic;
use crate::facts::{Evidence, ExchangeSummary, Fact, Knowledge, RequestLabel, as_json};
use crate::report::json::values::{BoundsRow, bounds};
use crate::text::redact::Word;
use crate::text::source::SourceMap;
use crate::vocabulary::Place;

#[derive(Debug, Serialize)]
pub(super) struct EvidenceRow<'a> {
    fact: Option<Word>,
    knowledge: Option<Word>,
    pub(super) value: Json,
    #[serde(flatten)]
    pub(super) bounds: BoundsRow,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) cause: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) reason: Option<&'a str>,
    request: Option<Shown<&'a RequestLabel>>,
    status: Option<u16>,
    source: Option<Shown<&'a Place>>,
}

/// A text that is made as it is written: a request's label, a place of evidence.
#[derive(Debug)]
pub(super) struct Shown<T>(pub(super) T);

impl<T: Display> Serialize for Shown<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&self.0)
    }
}

/// A request with its attempts.
#[derive(Debug, Serialize)]
pub(super) struct RequestRow<'a> {
    pub(super) method: &'static str,
    pub(super) url: &'a str,
    pub(super) status: Option<u16>,
    pub(super) attempts: usize,
}

#[derive(Debug, Serialize)]
pub(in crate::report) struct DiagnosticRow {
    code: &'static str,
    name: &'static str,
    severity: &'static str,
    message: String,
    help: Option<String>,
    file: Option<String>,
    line: Option<usize>,
    column: Option<usize>,
    end_line: Option<usize>,
    end_column: Option<usize>,
}

impl EvidenceRow<'_> {
    pub(super) fn empty() -> Self {
        Self {
            fact: None,
            knowledge: None,
            value: Json::Null,
            bounds: BoundsRow::default(),
            cause: None,
            reason: None,
            request: None,
            status: None,
            source: None,
        }
    }
}

pub(super) fn row<'a>(path: &'static str, fact: &'a Fact) -> EvidenceRow<'a> {
    let mut row =
        EvidenceRow { fact: Some(Word(path)), knowledge: Some(Word(fact.knowledge.word())), ..EvidenceRow::empty() };
    match &fact.knowledge {
        Knowledge::Known(known) => row.value = as_json(known),
        Knowledge::Absent => {}
        Knowledge::Inapplicable(reason) => row.reason = Some(reason),
        Knowledge::Bounded(known, unknown) => {
            row.bounds = bounds(known);
            row.cause = Some(unknown.cause.word());
            row.reason = Some(&unknown.reason);
        }
        Knowledge::Unknown(unknown) => {
            row.cause = Some(unknown.cause.word());
            row.reason = Some(&unknown.reason);
        }
    }
    row
}

pub(super) fn place<'a>(row: EvidenceRow<'a>, seen: &'a Evidence) -> EvidenceRow<'a> {
    EvidenceRow {
        request: seen.request.as_deref().map(Shown),
        status: seen.status,
        source: Some(Shown(&seen.source)),
        ..row
    }
}

/// The requests of one credential. A request that was not sent has no attempts.
pub(super) fn request_rows(exchanges: &[ExchangeSummary]) -> impl Iterator<Item = RequestRow<'_>> {
    exchanges.iter().map(|exchange| RequestRow {
        method: exchange.request.method,
        url: &exchange.request.url,
        status: exchange.status,
        attempts: exchange.attempts,
    })
}

pub(in crate::report) fn diagnostic_row(diagnostic: &Diagnostic, sources: &SourceMap) -> DiagnosticRow {
    let span = diagnostic.span();
    let (start, end) = (span.map(|span| sources.start(span)), span.map(|span| sources.end(span)));
    DiagnosticRow {
        code: diagnostic.code.number(),
        name: diagnostic.code.name(),
        severity: diagnostic.severity.word(),
        message: diagnostic.message.clone(),
        help: diagnostic.help.clone(),
        file: span.map(|span| sources.name(span.source).to_owned()),
        line: start.map(|start| start.line),
        column: start.map(|start| start.column),
        end_line: end.map(|end| end.line),
        end_column: end.map(|end| end.column),
    }
}
