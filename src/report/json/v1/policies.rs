//! JSON, version 1: what is said of policies without any credential, and of runs that ended before any verdict.

use serde::Serialize;

use super::rows::{DiagnosticRow, diagnostic_row};
use crate::diagnostic::Diagnostic;
use crate::report::linting::{LintReport, LintedFile};
use crate::report::starter::Starter;
use crate::text::source::SourceMap;

/// The diagnostics of commands that only read policies, and of runs that ended before any verdict.
#[derive(Debug, Serialize)]
pub struct Diagnostics {
    version: u8,
    exit: u8,
    diagnostics: Vec<DiagnosticRow>,
}

/// What formatting changes, or would change.
#[derive(Debug, Serialize)]
pub struct Formatting {
    version: u8,
    diagnostics: Vec<DiagnosticRow>,
    files: Vec<FormattedRow>,
}

/// A starting policy.
#[derive(Debug, Serialize)]
pub struct Start {
    version: u8,
    tool: String,
    exit: u8,
    /// The policy's text; `None` where nothing was learnt that it could say.
    policy: Option<String>,
    notes: Vec<String>,
}

/// What lints found, and what `--fix` did.
#[derive(Debug, Serialize)]
pub struct Linting {
    version: u8,
    exit: u8,
    diagnostics: Vec<DiagnosticRow>,
    files: Vec<LintedRow>,
}

#[derive(Debug, Serialize)]
struct LintedRow {
    file: String,
    invalid: bool,
    fixable: usize,
    fixed: Vec<FixedRow>,
}

#[derive(Debug, Serialize)]
struct FixedRow {
    line: usize,
    what: String,
}

#[derive(Debug, Serialize)]
struct FormattedRow {
    file: String,
    changed: bool,
}

impl Diagnostics {
    /// Diagnostics of a command that ended with this exit code, as version 1 says them.
    pub fn new(exit: u8, diagnostics: &[Diagnostic], sources: &SourceMap) -> Self {
        Self { version: 1, exit, diagnostics: diagnostics.iter().map(|one| diagnostic_row(one, sources)).collect() }
    }
}

impl Linting {
    /// What was found in each file, as version 1 says it.
    pub fn new(report: &LintReport<'_>, exit: u8) -> Self {
        let row = |file: &LintedFile| LintedRow {
            file: file.name.clone(),
            invalid: file.invalid,
            fixable: file.fixable,
            fixed: file.done.iter().map(|(line, what)| FixedRow { line: *line, what: what.clone() }).collect(),
        };
        Self {
            version: 1,
            exit,
            diagnostics: report.diagnostics().iter().map(|one| diagnostic_row(one, report.sources)).collect(),
            files: report.files.iter().map(row).collect(),
        }
    }
}

impl Formatting {
    /// Files as they were named, each with whether formatting changes it, and what hindered others.
    pub fn new<'a>(
        diagnostics: &[Diagnostic],
        sources: &SourceMap,
        files: impl IntoIterator<Item = (&'a str, bool)>,
    ) -> Self {
        let row = |(file, changed): (&str, bool)| FormattedRow { file: file.to_owned(), changed };
        Self {
            version: 1,
            diagnostics: diagnostics.iter().map(|one| diagnostic_row(one, sources)).collect(),
            files: files.into_iter().map(row).collect(),
        }
    }
}

impl Start {
    /// A starting policy as version 1 says it: its text, and what is worth saying beside it.
    pub fn new(tool: &str, exit: u8, starter: &Starter) -> Self {
        Self {
            version: 1,
            tool: tool.to_owned(),
            exit,
            policy: (!starter.policy.is_empty()).then(|| starter.policy.clone()),
            notes: starter.notes.clone(),
        }
    }
}
