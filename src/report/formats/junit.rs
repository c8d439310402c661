//! JUnit XML, for test reports.

use std::io::{self, Write};

use super::{Sheet, Whole};
use crate::report::spool::Spool;
use crate::report::told::Section;

/// The format on its way.
pub(in crate::report) struct Junit<'a> {
    out: Box<dyn Write + 'a>,
}

impl<'a> Junit<'a> {
    /// A report that goes to `out`.
    pub(in crate::report) fn new(out: Box<dyn Write + 'a>, _spool: Box<dyn Spool + 'a>) -> Self {
        Self { out }
    }
}

impl Sheet for Junit<'_> {
    fn section(&mut self, _section: &Section<'_>) -> io::Result<()> {
        Ok(())
    }

    fn end(mut self: Box<Self>, _whole: &Whole<'_>) -> io::Result<()> {
        self.out.flush()
    }
}
