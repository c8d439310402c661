//! The formats of the report of a check.

use std::io::Write;

use super::concise::Concise;
use super::human::{self, Verbosity};
use super::json::v1;
use super::spool::Spool;
use super::stream::{Head, Stream};
use crate::diagnostic::Style;

/// A format.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// For people.
    Human(Style, Verbosity),
    /// A line for each finding.
    Concise(Verbosity),
    /// JSON, version 1.
    Json,
}

/// Begins the report of a check that goes to `out`; its rows wait in `spool`.
pub fn open<'a>(
    format: Format,
    head: Head<'a>,
    out: Box<dyn Write + 'a>,
    spool: Box<dyn Spool + 'a>,
) -> Box<dyn Stream + 'a> {
    match format {
        Format::Human(style, verbosity) => Box::new(human::Human::new(head, style, verbosity, out, spool)),
        Format::Concise(verbosity) => Box::new(Concise::new(head, verbosity, out)),
        Format::Json => Box::new(v1::Check::new(head, out, spool)),
    }
}
