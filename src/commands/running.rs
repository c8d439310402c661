//! Running: what the command line says of sending, and a run on a runtime of its own, until it ends or a signal comes.

use std::time::Duration;

use super::cli::NetworkArguments;
use super::edge;
use super::failure::Failure;
use super::output::Sink;
use super::progress::{Progress, TICK};
use super::signals;
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
///
/// # Errors
/// [`Failure::Usage`] for what is none.
pub(super) fn duration(option: &str, text: &str) -> Result<Duration, Failure> {
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

/// The client and the budgets of a run, whose progress is told.
///
/// # Errors
/// As [`options`], and for certificates that cannot be used.
pub(super) fn network(arguments: &NetworkArguments, sink: &Sink, progress: &Progress) -> Result<Network, Failure> {
    let watch = progress.is_shown().then(|| progress.watch());
    Network::new(&options(arguments)?, edge::now, sink.redactor().clone(), watch)
        .map_err(|error| usage(error.to_string(), "give a PEM file with certificates: `--ca-cert FILE`"))
}

/// Runs to the end, or until a signal comes, and gives `each` what is judged, in order.
///
/// # Errors
/// [`Failure::Failed`] where nothing can run, and what `each` fails with. Whatever ends the run, what it minted is revoked.
pub(super) fn drive(
    mut run: Run,
    mut progress: Progress,
    mut each: impl FnMut(Checked) -> Result<(), Failure>,
) -> Result<Tail, Failure> {
    signals::listen();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(|error| {
        Failure::Failed(vec![Diagnostic::new(Code::CannotWrite, format!("cannot start: {}", error.kind()))])
    })?;
    runtime.block_on(async {
        let mut signal = std::pin::pin!(signals::first());
        let mut tick = tokio::time::interval(TICK);
        let outcome = loop {
            // A run that never waits lets nothing else wake up.
            if signals::due().is_some() {
                break run.judged_early().into_iter().try_for_each(&mut each);
            }
            let checked = tokio::select! {
                biased;
                _ = &mut signal => continue,
                checked = run.next() => checked,
                _ = tick.tick(), if progress.is_followed() => {
                    progress.show(run.judged(), run.credentials());
                    continue;
                }
            };
            let Some(checked) = checked else { break Ok(()) };
            if let Err(failure) = each(checked) {
                break Err(failure);
            }
            progress.show(run.judged(), run.credentials());
        };
        progress.clear();
        let mut tail = run.end().await;
        if let Some(signal) = signals::due() {
            tail.end_by(signal.exit());
        }
        outcome.map(|()| tail)
    })
}
