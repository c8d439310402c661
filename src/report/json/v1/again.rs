//! JSON, version 1: a report of a check that was read, written again.

use std::io::{self, Write};

use serde::{Serialize, Serializer};
use serde_json::value::RawValue;

use super::document::{Document, Whole};
use crate::report::spool::Spool;
use crate::report::told::of_json::Report;
use crate::text::redact::Redactor;

/// A row as it was read: its keys in their order, those too that this program does not know.
struct AsRead<'a>(&'a RawValue);

impl Serialize for AsRead<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serde_transcode::transcode(&mut serde_json::Deserializer::from_str(self.0.get()), serializer)
    }
}

/// Writes a report as version 1 says it.
pub(in crate::report) fn write<'a>(
    report: &Report<'_>,
    redactor: &Redactor,
    out: Box<dyn Write + 'a>,
    spool: Box<dyn Spool + 'a>,
) -> io::Result<()> {
    let mut document = Document::new(out, spool);
    for read in &report.sections {
        let mut spool = |rows: &[&RawValue]| document.spool(redactor, rows.iter().map(|row| AsRead(row)));
        let [credential, outcomes, notes, requests] = &read.rows;
        let lists = [spool(credential)?, spool(outcomes)?, spool(notes)?, spool(requests)?];
        let (name, host, url) = read.key();
        document.section((name.to_owned(), host, url.to_owned()), lists);
    }
    let Report { opening, outcomes, closing, shard, overall, .. } = report;
    let (outcomes, shard, overall) = (*outcomes, *shard, overall.as_ref());
    document.end(&Whole { opening, outcomes, closing, shard, overall }, redactor)
}
