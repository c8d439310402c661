//! `credcheck convert REPORT`: a report that was written as JSON, in another format.

use std::path::Path;

use super::cli::{ConvertArguments, Format};
use super::edge;
use super::failure::Failure;
use super::output::Sink;
use crate::diagnostic::{Code, Diagnostic};
use crate::evaluation::ExitCode;
use crate::report::told::of_json::{self, OutcomesOf, ReadError, Report};

/// Runs the command.
pub(super) fn run(arguments: &ConvertArguments, sink: &mut Sink) -> Result<ExitCode, Failure> {
    machines_only(sink)?;
    let bytes = bytes(&arguments.report)?;
    let report = read(&arguments.report, &bytes, sink)?;
    can_be_told(&arguments.report, &report, sink)?;
    retell(&report, sink)?;
    Ok(ExitCode::Success)
}

/// Writes the reports that are asked for.
///
/// # Errors
/// [`Failure`] where a format cannot tell it, or where it cannot be written.
pub(super) fn retell(report: &Report<'_>, sink: &mut Sink) -> Result<(), Failure> {
    let files = || report.opening.policies.iter().map(|file| file.file.as_str());
    sink.can_place_in(files(), files())?;
    sink.can_write(None)?;
    sink.retell(report)
}

/// Formats for people show the policy's text, which no report has.
///
/// # Errors
/// [`Failure::Usage`] where one of them is asked for.
pub(super) fn machines_only(sink: &Sink) -> Result<(), Failure> {
    let of_people = sink.formats().find(|format| format.machine().is_none() && *format != Format::Json);
    of_people.map_or(Ok(()), |_| {
        let problem = Diagnostic::new(
            Code::CommandLine,
            "formats for people show the policy's text, which a JSON report does not have",
        );
        let help = "ask for `html` or `markdown`, or evaluate a record of the run by the policy: `--record FILE` writes \
                    one, `--replay FILE` reads it";
        Err(Failure::Usage(vec![problem.help(help)]))
    })
}

/// The bytes of a report.
///
/// # Errors
/// [`Failure::Invalid`] where it cannot be read.
pub(super) fn bytes(path: &Path) -> Result<Vec<u8>, Failure> {
    let read = if path == Path::new(edge::STANDARD_INPUT) {
        match edge::read_input(of_json::MAX_BYTES) {
            Ok(bytes) if bytes.len() > of_json::MAX_BYTES => {
                Err(format!("it is larger than {} bytes", of_json::MAX_BYTES))
            }
            read => read.map_err(|error| error.kind().to_string()),
        }
    } else {
        edge::read_named(path, of_json::MAX_BYTES)
    };
    read.map_err(|reason| Failure::Invalid(vec![unreadable(path, &reason)]))
}

/// Reads a report.
///
/// # Errors
/// [`Failure::Invalid`] where it is none.
pub(super) fn read<'a>(path: &Path, bytes: &'a [u8], sink: &Sink) -> Result<Report<'a>, Failure> {
    of_json::read(bytes, sink.redactor())
        .map_err(|error: ReadError| Failure::Invalid(vec![unreadable(path, &error.to_string())]))
}

/// Whether a report has everything that the formats tell which are asked for.
///
/// # Errors
/// [`Failure::Invalid`] where it has not.
fn can_be_told(path: &Path, report: &Report<'_>, sink: &Sink) -> Result<(), Failure> {
    if report.outcomes == OutcomesOf::All {
        return Ok(());
    }
    let whole = sink.formats().filter_map(Format::machine).any(|machine| !machine.is_of_findings());
    if !whole {
        return Ok(());
    }
    let message = format!("{} has findings only: what passed is missing, which this format tells", name(path));
    let problem = Diagnostic::new(Code::BadRecord, message);
    Err(Failure::Invalid(vec![
        problem.help("write the report with `--json-outcomes all`, or ask for a format of findings"),
    ]))
}

/// That a report cannot be read, and what to do.
fn unreadable(path: &Path, reason: &str) -> Diagnostic {
    Diagnostic::new(Code::BadRecord, format!("{} cannot be read as a report: {reason}", name(path)))
        .help("make one with `--format json --output FILE`, or with `--report json=FILE`")
}

/// How messages name a report.
pub(super) fn name(path: &Path) -> String {
    if path == Path::new(edge::STANDARD_INPUT) { "standard input".to_owned() } else { format!("`{}`", path.display()) }
}
