//! A run that ended before it began, in machine formats: what was there before is of another policy, and nobody must take
//! it for this one's.

use std::collections::BTreeSet;
use std::io::{self, Cursor, Write};

use jiff::Timestamp;

use super::open::{Machine, Sheets};
use super::told::{Closing, Opening, PolicyFile, Surroundings, Totals, of_run};
use crate::diagnostic::Diagnostic;
use crate::text::redact::Redactor;
use crate::text::source::SourceMap;

/// A run that ended before it began: policy or settings are wrong.
#[derive(Clone, Copy, Debug)]
pub struct Unbegun<'a> {
    /// Name and version of the program.
    pub tool: &'a str,
    /// When.
    pub at: Timestamp,
    /// The exit code.
    pub exit: u8,
    /// What is wrong.
    pub problems: &'a [Diagnostic],
}

impl Unbegun<'_> {
    /// Writes it in a machine format: what is wrong is what is found, and nothing was decided.
    ///
    /// # Errors
    /// Those of where it goes.
    pub fn write<'a>(
        &self,
        machine: Machine,
        sources: &SourceMap,
        redactor: &Redactor,
        surroundings: &Surroundings,
        out: Box<dyn Write + 'a>,
    ) -> io::Result<()> {
        let files = self.problems.iter().filter_map(|one| Some(sources.name(one.span()?.source).to_owned()));
        let files: BTreeSet<String> = files.collect();
        let policies = files.into_iter().map(|file| PolicyFile { file, sha256: String::new(), used_at: None });
        let opening = Opening {
            tool: self.tool.to_owned(),
            at: self.at,
            replayed_from: None,
            strict: false,
            policies: policies.collect(),
            rules: Vec::new(),
        };
        let closing = Closing {
            exit: self.exit,
            interrupted: None,
            summary: Totals::default(),
            not_checked: Vec::new(),
            not_read: Vec::new(),
            notes: self.problems.iter().map(|one| of_run::note(one, sources, redactor)).collect(),
            elapsed: None,
        };
        let mut sheets = Sheets::new(opening, surroundings);
        sheets.add(machine, out, Box::new(Cursor::new(Vec::new())));
        sheets.end(&closing).into_iter().collect()
    }
}
