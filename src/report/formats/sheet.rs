//! A machine format that is written from what a report tells as data.

use std::io::{self, BufWriter, Write};

use super::{Whole, WriteFindings};
use crate::report::spool::CHUNK;
use crate::report::told::Section;

/// A format on its way. It is told of one credential after another, in any order, and writes nothing to where it goes
/// before the end.
pub(in crate::report) trait Sheet {
    /// Takes the next credential.
    ///
    /// # Errors
    /// Those of what parts are spooled to.
    fn section(&mut self, section: &Section<'_>) -> io::Result<()>;

    /// Writes the whole.
    ///
    /// # Errors
    /// Those of where it goes, and of what parts were spooled to.
    fn end(self: Box<Self>, whole: &Whole<'_>) -> io::Result<()>;
}

/// A format of findings alone: everything that it needs comes at the end.
pub(in crate::report) struct Findings<'a> {
    /// The format.
    pub(in crate::report) write: WriteFindings,
    /// Where it goes.
    pub(in crate::report) out: Box<dyn Write + 'a>,
}

impl Sheet for Findings<'_> {
    fn section(&mut self, _: &Section<'_>) -> io::Result<()> {
        Ok(())
    }

    fn end(self: Box<Self>, whole: &Whole<'_>) -> io::Result<()> {
        let mut out = BufWriter::with_capacity(CHUNK, self.out);
        (self.write)(whole, &mut out)?;
        out.flush()
    }
}
