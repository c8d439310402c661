//! The reports that are made of a report that was read.

use std::io;

use super::json::v1;
use super::open::{Format, Sheets, Wanted};
use super::told::Surroundings;
use super::told::of_json::Report;
use crate::text::redact::Redactor;

/// Writes reports of a report: what came of each, in the order in which they were asked for. Formats for people need the
/// policy's text, which is not there: nothing is written in them.
pub fn retell<'a>(
    wanted: Vec<Wanted<'a>>,
    report: &Report<'_>,
    surroundings: &Surroundings,
    redactor: &Redactor,
) -> Vec<io::Result<()>> {
    let mut sheets = Sheets::new(report.opening.clone(), surroundings);
    let mut ended: Vec<Option<io::Result<()>>> = Vec::new();
    for Wanted { format, out, spool } in wanted {
        ended.push(match format {
            Format::Machine(machine) => {
                sheets.add(machine, out, spool);
                None
            }
            Format::Json | Format::JsonOfFindings => Some(v1::write_again(report, redactor, out, spool)),
            Format::Human(..) | Format::Concise(_) => Some(Err(io::ErrorKind::Unsupported.into())),
        });
    }
    report.sections.iter().for_each(|read| sheets.section(&read.section));
    let mut told = sheets.end(&report.closing).into_iter();
    ended.into_iter().map(|one| one.or_else(|| told.next()).unwrap_or(Ok(()))).collect()
}
