//! The reports of a run on their way, each to where it goes.

use std::cell::RefCell;
use std::io::{self, Write};
use std::rc::Rc;

use super::destination::{self, Destination};
use super::edge;
use super::failure::Failure;
use super::output::{cannot_write, unwritten};
use super::summary::Summary;
use crate::report::{Reports, Section, Tail};

/// Where one report goes.
pub(super) enum Goes {
    /// To where the command's report goes, which is closed where the command ends: more may follow.
    Output(Rc<RefCell<Destination>>),
    /// To a file of its own.
    File(Rc<RefCell<Destination>>),
    /// To the summary of a CI system's job.
    Summary(Rc<RefCell<Summary>>),
    /// To memory.
    Memory(Rc<RefCell<Vec<u8>>>),
}

impl Goes {
    /// What a report writes to.
    pub(super) fn writer(&self) -> Box<dyn Write> {
        match self {
            Self::Output(out) | Self::File(out) => Box::new(Shared(Rc::clone(out))),
            Self::Summary(summary) => Box::new(Shared(Rc::clone(summary))),
            Self::Memory(memory) => Box::new(Shared(Rc::clone(memory))),
        }
    }

    /// What came of writing there.
    ///
    /// # Errors
    /// [`Failure::Failed`] where it could not be written.
    pub(super) fn came(&self, result: io::Result<()>) -> Result<(), Failure> {
        match self {
            Self::Output(out) => came_of(result, &out.borrow()),
            Self::File(out) => {
                let result = result.and_then(|()| out.borrow_mut().close());
                came_of(result, &out.borrow())
            }
            Self::Summary(summary) => {
                let summary = summary.borrow();
                // Nobody asked for it: the verdict is not lost with it.
                if let Err(error) = result.and_then(|()| summary.end()) {
                    edge::print_error(&format!(
                        "the summary of the job could not be written: {}\n",
                        destination::reason(&error)
                    ));
                }
                Ok(())
            }
            Self::Memory(_) => result.map_err(|error| cannot_write("the report", &error)),
        }
    }
}

/// Something that several write to, one after the other.
pub(super) struct Shared<W>(pub(super) Rc<RefCell<W>>);

impl<W: Write> Write for Shared<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.borrow_mut().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.borrow_mut().flush()
    }
}

/// What came of writing to a destination. A reader that went away (`| head`) is a normal end.
pub(super) fn came_of(result: io::Result<()>, out: &Destination) -> Result<(), Failure> {
    match (result, out.path()) {
        (Ok(()), _) => Ok(()),
        (Err(error), None) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        (Err(error), None) => Err(cannot_write("standard output", &error)),
        (Err(error), Some(path)) => Err(unwritten(path, &error)),
    }
}

/// Reports on their way.
pub(super) struct Reporting<'a> {
    reports: Reports<'a>,
    /// Where each goes.
    to: Vec<Goes>,
}

impl<'a> Reporting<'a> {
    /// Reports, and where each goes, in the same order.
    pub(super) const fn new(reports: Reports<'a>, to: Vec<Goes>) -> Self {
        Self { reports, to }
    }

    /// Takes the next credential.
    pub(super) fn section(&mut self, section: &Section<'_>) {
        self.reports.section(section);
    }

    /// Writes the reports, each whether or not the others could be written.
    ///
    /// # Errors
    /// [`Failure::Failed`] with every one that cannot be written.
    pub(super) fn end(self, tail: &Tail<'_>) -> Result<(), Failure> {
        all(self.to.iter().zip(self.reports.end(tail)).map(|(goes, result)| goes.came(result)))
    }
}

/// One failure of several.
///
/// # Errors
/// [`Failure::Failed`] with everything that failed.
pub(super) fn all(results: impl IntoIterator<Item = Result<(), Failure>>) -> Result<(), Failure> {
    let mut problems = Vec::new();
    for failure in results.into_iter().filter_map(Result::err) {
        problems.extend_from_slice(failure.diagnostics());
    }
    if problems.is_empty() { Ok(()) } else { Err(Failure::Failed(problems)) }
}
