//! `credcheck merge REPORT...`: the report of one run over all credentials, made of those of its parts.

use super::cli::MergeArguments;
use super::converting::{bytes, machines_only, name, read, retell};
use super::failure::Failure;
use super::output::Sink;
use crate::diagnostic::{Code, Diagnostic};
use crate::evaluation::ExitCode;
use crate::report::told::of_json::{self, ReadError, Report};

/// Runs the command.
pub(super) fn run(arguments: &MergeArguments, sink: &mut Sink) -> Result<ExitCode, Failure> {
    machines_only(sink)?;
    let texts: Vec<Vec<u8>> = arguments.merged.iter().map(|path| bytes(path)).collect::<Result<_, _>>()?;
    failed(arguments, &texts, sink)?;
    let read = arguments.merged.iter().zip(&texts).map(|(path, bytes)| Ok((name(path), read(path, bytes, sink)?)));
    let reports: Vec<(String, Report<'_>)> = read.collect::<Result<_, Failure>>()?;
    let merged = crate::report::merge(reports, sink.redactor()).map_err(|error| {
        let problem = Diagnostic::new(Code::BadRecord, format!("these reports cannot be merged: {error}"));
        Failure::Invalid(vec![problem.help(
            "merge reports of the same policy and program, each with other credentials, written with `--json-outcomes all`",
        )])
    })?;
    retell(&merged, sink)?;
    let ended = ExitCode::ALL.into_iter().find(|exit| exit.number() == merged.closing.exit);
    Ok(ended.unwrap_or(ExitCode::Undetermined))
}

/// Whether a run had no report: it could not begin, or could not do its own work. The merged run ends as the worst of them.
///
/// # Errors
/// [`Failure`] of that kind, with what each says.
fn failed(arguments: &MergeArguments, texts: &[Vec<u8>], sink: &Sink) -> Result<(), Failure> {
    let mut worst = None;
    let mut problems = Vec::new();
    for (path, bytes) in arguments.merged.iter().zip(texts) {
        if let Err(ReadError::Failed { exit, message }) = of_json::failed(bytes, sink.redactor()) {
            worst = worst.map_or(Some(exit), |worst: u8| Some(worst.min(exit)));
            let text = format!("{} is of a run that ended with {exit} and has no report: {message}", name(path));
            problems.push(Diagnostic::new(Code::BadRecord, text).help("mend that, and run it again"));
        }
    }
    match worst {
        None => Ok(()),
        Some(2) => Err(Failure::Usage(problems)),
        Some(4) => Err(Failure::Invalid(problems)),
        Some(_) => Err(Failure::Failed(problems)),
    }
}
