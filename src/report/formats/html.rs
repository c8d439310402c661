//! A page in one file, without scripts.

use std::io::{self, Write};

use super::{Sheet, Whole};
use crate::report::spool::Spool;
use crate::report::told::Section;

/// The format on its way.
pub(in crate::report) struct Html<'a> {
    out: Box<dyn Write + 'a>,
}

impl<'a> Html<'a> {
    /// A report that goes to `out`.
    pub(in crate::report) fn new(out: Box<dyn Write + 'a>, _spool: Box<dyn Spool + 'a>) -> Self {
        Self { out }
    }
}

impl Sheet for Html<'_> {
    fn section(&mut self, _section: &Section<'_>) -> io::Result<()> {
        Ok(())
    }

    fn end(mut self: Box<Self>, _whole: &Whole<'_>) -> io::Result<()> {
        self.out.flush()
    }
}
