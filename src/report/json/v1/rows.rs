//! Rows that documents of version 1 share: what is known, requests, diagnostics.

use std::fmt::Display;

use serde::{Serialize, Serializer};

use crate::diagnostic::Diagnostic;
use crate::facts::{AsJson, ExchangeSummary, Knowledge, Unknown};
use crate::report::json::values::{BoundsRow, bounds};
use crate::text::redact::Word;
use crate::text::source::SourceMap;

/// A text that is made as it is written: a request's label, a place of evidence.
#[derive(Debug)]
pub(super) struct Shown<T>(pub(super) T);

impl<T: Display> Serialize for Shown<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&self.0)
    }
}

/// A request with its attempts, and whose it is, where that is not said around it.
#[derive(Debug, Serialize)]
pub(super) struct RequestRow<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) credential: Option<&'a str>,
    pub(super) method: Word,
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

/// What is known of a fact, as rows say it.
#[derive(Debug, Default)]
pub(super) struct Known<'a> {
    pub(super) value: Option<AsJson<'a>>,
    pub(super) bounds: BoundsRow,
    pub(super) cause: Option<Word>,
    pub(super) reason: Option<&'a str>,
}

impl<'a> Known<'a> {
    pub(super) fn of(knowledge: &'a Knowledge) -> Self {
        let open = |unknown: &'a Unknown| Self {
            cause: Some(Word(unknown.cause.word())),
            reason: Some(&unknown.reason),
            ..Self::default()
        };
        match knowledge {
            Knowledge::Known(value) => Self { value: Some(AsJson(value)), ..Self::default() },
            Knowledge::Absent => Self::default(),
            Knowledge::Inapplicable(reason) => Self { reason: Some(reason), ..Self::default() },
            Knowledge::Bounded(known, unknown) => Self { bounds: bounds(known), ..open(unknown) },
            Knowledge::Unknown(unknown) => open(unknown),
        }
    }
}

/// The requests of one credential. A request that was not sent has no attempts.
pub(super) fn request_rows<'a>(
    exchanges: &'a [ExchangeSummary],
    credential: Option<&'a str>,
) -> impl Iterator<Item = RequestRow<'a>> {
    exchanges.iter().map(move |exchange| RequestRow {
        credential,
        method: Word(exchange.request.method),
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
