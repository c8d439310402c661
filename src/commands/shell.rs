//! `credcheck completions` and `credcheck man`: the command line for shells and for `man`, written from its definition.

use clap::CommandFactory as _;

use super::cli::{Cli, CompletionsArguments};
use super::failure::Failure;
use super::output::Sink;
use crate::diagnostic::{Code, Diagnostic};
use crate::evaluation::ExitCode;

/// `credcheck completions`.
pub(super) fn completions(arguments: &CompletionsArguments, sink: &Sink) -> Result<ExitCode, Failure> {
    let mut bytes = Vec::new();
    clap_complete::generate(arguments.shell, &mut Cli::command(), "credcheck", &mut bytes);
    sink.text(&String::from_utf8_lossy(&bytes))?;
    Ok(ExitCode::Success)
}

/// `credcheck man`: one page with every command, each with its options.
pub(super) fn man(sink: &Sink) -> Result<ExitCode, Failure> {
    let mut bytes = Vec::new();
    let mut command = Cli::command();
    command.build();
    let written = clap_mangen::Man::new(command.clone()).render(&mut bytes).and_then(|()| {
        for sub in command.get_subcommands().filter(|sub| sub.get_name() != "help" && !sub.is_hide_set()) {
            let page = clap_mangen::Man::new(sub.clone());
            bytes.extend_from_slice(format!(".SH \"CREDCHECK {}\"\n", sub.get_name().to_uppercase()).as_bytes());
            page.render_description_section(&mut bytes)?;
            page.render_options_section(&mut bytes)?;
        }
        Ok(())
    });
    written.map_err(|error| {
        Failure::Failed(vec![Diagnostic::new(
            Code::CannotWrite,
            format!("the manual page could not be written: {}", error.kind()),
        )])
    })?;
    sink.text(&String::from_utf8_lossy(&bytes))?;
    Ok(ExitCode::Success)
}
