//! Problems: what is wrong with a policy or its inputs, or worth knowing of a run.

use std::fmt;

use crate::diagnostic::{Code, Diagnostic, Severity};
use crate::text::source::SourceMap;
use crate::vocabulary::token_shapes;

/// One thing to tell: what is wrong, where, and what to do. Its text may hold words of policies and hosts: make it
/// harmless for where you show it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    code: Code,
    severity: Severity,
    message: String,
    help: Option<String>,
    place: Option<(String, usize, usize)>,
}

impl Problem {
    pub(super) fn of(diagnostic: &Diagnostic, sources: &SourceMap, clean: &dyn Fn(&str) -> String) -> Self {
        let place = |span| {
            let start = sources.start(span);
            (sources.name(span.source).to_owned(), start.line, start.column)
        };
        Self {
            code: diagnostic.code,
            severity: diagnostic.severity,
            message: clean(&diagnostic.message),
            help: diagnostic.help.as_deref().map(clean),
            place: diagnostic.span().map(place),
        }
    }

    pub(super) fn all(diagnostics: &[Diagnostic], sources: &SourceMap) -> Vec<Self> {
        let clean = |text: &str| token_shapes().mask(text).into_owned();
        diagnostics.iter().map(|diagnostic| Self::of(diagnostic, sources, &clean)).collect()
    }

    /// Its code, which stays: `C0203`. `credcheck explain` has a page for each.
    pub fn code(&self) -> &'static str {
        self.code.number()
    }

    /// Whether it makes the policy invalid, or the run fail.
    pub fn is_error(&self) -> bool {
        self.severity == Severity::Error
    }

    /// What is wrong, in one line.
    pub fn message(&self) -> &str {
        &self.message
    }

    /// What to do.
    pub fn help(&self) -> Option<&str> {
        self.help.as_deref()
    }

    /// Where it is: the file's name, the line and the column, both from 1.
    pub fn place(&self) -> Option<(&str, usize, usize)> {
        self.place.as_ref().map(|(file, line, column)| (file.as_str(), *line, *column))
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some((file, line, column)) = &self.place {
            write!(formatter, "{file}:{line}:{column}: ")?;
        }
        write!(formatter, "{} {}: {}", self.severity.word(), self.code.number(), self.message)
    }
}
