//! Running: what the command line says of sending, and a run on a runtime of its own, until it ends or the user
//! interrupts.

use std::time::Duration;

use super::cli::NetworkArguments;
use super::edge;
use super::failure::Failure;
use super::output::Sink;
use crate::checker::{Checked, Network, NetworkOptions, Run, Tail};
use crate::diagnostic::{Code, Diagnostic};
use crate::facts::Value;
use crate::language::{InputType, parse_input};

/// How to send, from the command line.
///
/// # Errors
/// [`Failure::Usage`] for a duration or certificate file that cannot be read.
pub(super) fn options(arguments: &NetworkArguments) -> Result<NetworkOptions, Failure> {
    let timeout = duration("--timeout", &arguments.timeout)?;
    let deadline = arguments.deadline.as_deref().map(|text| duration("--deadline", text)).transpose()?;
    if arguments.concurrency == 0 {
        return Err(usage("`--concurrency 0` would send nothing".into(), "give at least 1"));
    }
    let ca_certificates = match &arguments.ca_cert {
        None => None,
        Some(path) => match edge::read_named(path, 1 << 20) {
            Ok(bytes) => Some((path.clone(), bytes.to_vec())),
            Err(reason) => {
                return Err(usage(
                    format!("cannot read `{}`: {reason}", path.display()),
                    "give a PEM file with certificates",
                ));
            }
        },
    };
    Ok(NetworkOptions {
        most: arguments.max_requests,
        at_once: arguments.concurrency,
        timeout,
        deadline,
        ca_certificates,
    })
}

/// An option's duration.
fn duration(option: &str, text: &str) -> Result<Duration, Failure> {
    match parse_input(InputType::Duration, text) {
        Ok(Value::Duration(duration)) if duration.is_positive() => Ok(duration.unsigned_abs()),
        _ => Err(usage(
            format!("`{option} {text}` is not a duration"),
            "write one number and one of `s m h d w`, such as `10s`",
        )),
    }
}

fn usage(message: String, help: &str) -> Failure {
    Failure::Usage(vec![Diagnostic::new(Code::CommandLine, message).help(help)])
}

/// The client and the budgets of a run.
///
/// # Errors
/// As [`options`], and for certificates that cannot be used.
pub(super) fn network(arguments: &NetworkArguments, sink: &mut Sink) -> Result<Network, Failure> {
    Network::new(&options(arguments)?, edge::now, sink.redactor().clone())
        .map_err(|error| usage(error.to_string(), "give a PEM file with certificates: `--ca-cert FILE`"))
}

/// Runs to the end, and gives `each` what is judged, in order.
///
/// # Errors
/// [`Failure::Failed`] where nothing can run, [`Failure::Interrupted`], and what `each` fails with. Whatever ends the run,
/// what it minted is revoked.
pub(super) fn drive(mut run: Run, mut each: impl FnMut(Checked) -> Result<(), Failure>) -> Result<Tail, Failure> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(|error| {
        Failure::Failed(vec![Diagnostic::new(Code::CannotWrite, format!("cannot start: {}", error.kind()))])
    })?;
    runtime.block_on(async {
        let mut interrupt = std::pin::pin!(tokio::signal::ctrl_c());
        let outcome = loop {
            let checked = tokio::select! {
                checked = run.next() => checked,
                _ = &mut interrupt => break Err(Failure::Interrupted),
            };
            let Some(checked) = checked else { break Ok(()) };
            if let Err(failure) = each(checked) {
                break Err(failure);
            }
        };
        let tail = run.end().await;
        outcome.map(|()| tail)
    })
}
