//! How a command that could not do its work says so: to people on standard error, to programs where the report would be.

use std::cell::RefCell;
use std::io::Write as _;
use std::rc::Rc;

use super::{Sink, TOOL};
use crate::commands::cli::Format;
use crate::commands::destination::Destination;
use crate::commands::edge;
use crate::commands::failure::Failure;
use crate::commands::reporting::Goes;
use crate::diagnostic::{Style, render_redacted};
use crate::report::json::{self, v1};
use crate::report::{Unbegun, linting};

impl Sink {
    /// Why a command ended early: diagnostics to standard error, or as JSON to where the report would go.
    pub(in crate::commands) fn fail(&self, failure: &Failure) {
        let diagnostics = failure.diagnostics();
        if diagnostics.is_empty() {
            // All is told. What was written gets its name.
            let _ = self.close();
            return;
        }
        if self.format == Format::Json {
            let mut bytes = Vec::new();
            let document = v1::Diagnostics::new(failure.exit().number(), diagnostics, &self.sources);
            // Nothing of a report that failed stands before it.
            self.out.borrow_mut().start_over();
            let written = json::write(&document, &self.redactor, &mut bytes).is_ok()
                && self.write(&String::from_utf8_lossy(&bytes)).is_ok()
                && self.close().is_ok();
            // Where the report's own file cannot be written, a person must still be told.
            if written {
                return;
            }
        }
        if !diagnostics.is_empty() {
            edge::print_error(&self.rendered(diagnostics));
        }
    }

    /// Before anything is written of a failure, which may have come before it was asked what is written over: nothing of it
    /// goes to a file that was read.
    pub(in crate::commands) fn leave_what_was_read(&mut self) {
        if let Err(failure) = self.spares(None) {
            self.complain(&failure);
        }
    }

    /// Why a check ended before it began, in the formats for programs: what stood in their files before is of another
    /// policy, and nobody must take it for this one's.
    pub(in crate::commands) fn fail_reports(&self, failure: &Failure) {
        let Failure::Invalid(problems) = failure else { return };
        let files = self.beside.iter().map(|report| {
            let out = Rc::new(RefCell::new(Destination::new(Some(report.path.clone()))));
            (report.format, Goes::File(out))
        });
        let first =
            Some((self.format, Goes::Output(Rc::clone(&self.out)))).filter(|(format, _)| format.machine().is_some());
        for (format, goes) in first.into_iter().chain(files) {
            let mut out = goes.writer();
            let document = v1::Diagnostics::new(failure.exit().number(), problems, &self.sources);
            let result = match (format, format.machine()) {
                (_, Some(machine)) => {
                    let unbegun = Unbegun { tool: TOOL, at: edge::now(), exit: failure.exit().number(), problems };
                    unbegun.write(machine, &self.sources, &self.redactor, &self.surroundings, out)
                }
                (Format::Json, _) => json::write(&document, &self.redactor, out.as_mut()).and_then(|()| out.flush()),
                (Format::Concise, _) => {
                    let written = linting::write_lines(problems, &self.sources, &self.redactor, out.as_mut());
                    written.and_then(|()| out.flush())
                }
                _ => {
                    let text = render_redacted(problems, &self.sources, Style::Plain, &self.redactor);
                    out.write_all(text.as_bytes()).and_then(|()| out.flush())
                }
            };
            if let Err(failure) = goes.came(result) {
                self.complain(&failure);
            }
        }
    }

    /// What of several reports could not be written, told here and now: those that could be stay as they are.
    pub(in crate::commands) fn told(&self, failure: &Failure) -> Failure {
        self.complain(failure);
        Failure::Failed(Vec::new())
    }

    /// Tells a person what went wrong beside the report, which is out already.
    pub(in crate::commands) fn complain(&self, failure: &Failure) {
        edge::print_error(&self.rendered(failure.diagnostics()));
    }
}
