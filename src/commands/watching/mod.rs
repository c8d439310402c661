//! `credcheck watch`: the same check again and again, with metrics over HTTP. Each round reads policy, settings and secrets
//! anew, and one that fails does not end the watch.

mod pace;
mod server;
mod state;

use std::cell::RefCell;
use std::rc::Rc;
use std::time::{Duration, Instant};

use super::cli::WatchArguments;
use super::failure::Failure;
use super::output::Sink;
use super::running;
use super::signals::{self, HangUps};
use super::{checking, edge};
use crate::checker::LONGEST_FAREWELL;
use crate::diagnostic::{Code, Diagnostic};
use crate::evaluation::ExitCode;
use crate::settings::Environment;

use state::{Round, State};

/// The shortest interval: a slip of the hand must not become a flood of requests.
const SHORTEST: Duration = Duration::from_secs(10);
/// The longest interval, a year: what is longer is a slip of the hand too.
const LONGEST: Duration = Duration::from_secs(366 * 24 * 60 * 60);
/// How often a watch that waits says that it lives.
const BEAT: Duration = Duration::from_secs(30);

/// Runs the command, until a signal ends it.
pub(super) fn run(arguments: &WatchArguments, environment: &Environment, sink: &Sink) -> Result<ExitCode, Failure> {
    let every = running::duration("--every", &arguments.every)?;
    if every < SHORTEST || every > LONGEST {
        let message = format!("`--every {}` is no interval of a watch", arguments.every);
        let problem = Diagnostic::new(Code::CommandLine, message).help("give 10 seconds to a year, such as `15m`");
        return Err(Failure::Usage(vec![problem]));
    }
    // None at all is a grace, too.
    let none = matches!(arguments.grace.trim(), "0" | "0s");
    let grace = if none { Duration::ZERO } else { running::duration("--grace", &arguments.grace)? };
    signals::listen();
    // What a round that is ended early needs to revoke its tokens is part of the grace.
    signals::be_patient(grace.saturating_sub(LONGEST_FAREWELL));
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(|error| failed(&error))?;
    let mut hang_ups = {
        let _inside = runtime.enter();
        HangUps::new()
    };
    let state = State::new();
    let address = server::start(arguments.listen, state.clone()).map_err(|error| {
        let message = format!("cannot listen on {}: {}", arguments.listen, error.kind());
        Failure::Failed(vec![Diagnostic::new(Code::CannotWrite, message).help("name another address: `--listen`")])
    })?;
    sink.note(&format!("metrics are at http://{address}/metrics"));
    let check = arguments.check();
    loop {
        let began = Instant::now();
        state.beat();
        let said = round(arguments, &check, environment, &state)?;
        let pause = pace::pause(pace::interval(every, pace::random()), began.elapsed());
        let count = state.rounds();
        let took = began.elapsed().as_secs_f64();
        if signals::received().is_some() {
            sink.note(&format!("{} round {count}: {said} after {took:.1} s; the watch ends", edge::now()));
            return Ok(ExitCode::Success);
        }
        sink.note(&format!(
            "{} round {count}: {said} after {took:.1} s; the next in {} s",
            edge::now(),
            pause.as_secs_f64().round()
        ));
        runtime.block_on(wait(pause, &mut hang_ups, &state));
        if signals::received().is_some() {
            return Ok(ExitCode::Success);
        }
    }
}

/// One round: how it ended, in a few words.
///
/// # Errors
/// Those of the command line in the first round: later ones would have them too.
fn round(
    arguments: &WatchArguments,
    check: &super::cli::CheckArguments,
    environment: &Environment,
    state: &State,
) -> Result<String, Failure> {
    let metrics = Rc::new(RefCell::new(Vec::new()));
    let pulse = state.clone();
    let mut sink = Sink::new(&check.output, &arguments.reports.reports, environment)
        .with_metrics(Rc::clone(&metrics))
        .with_pulse(move || pulse.beat());
    sink.json_has(arguments.reports.json_outcomes);
    sink.cut_at(arguments.reports.max_bytes);
    let result = checking::run(check, environment, &mut sink).and_then(|exit| sink.close().map(|()| exit));
    let metrics = String::from_utf8_lossy(&metrics.borrow()).into_owned();
    let failed = result.is_err();
    let is_first = state.rounds() == 0;
    let said = match result {
        Err(failure @ Failure::Usage(_)) if is_first => return Err(failure),
        Ok(exit) => format!("exit code {}", exit.number()),
        Err(failure) => {
            sink.leave_what_was_read();
            sink.fail_reports(&failure);
            sink.complain(&failure);
            format!("failed with exit code {}", failure.exit().number())
        }
    };
    state.round(Round { metrics: Some(metrics).filter(|text| !text.is_empty()), failed });
    Ok(said)
}

/// Waits for the next round: so long, or until a signal asks for it or ends the watch.
async fn wait(pause: Duration, hang_ups: &mut HangUps, state: &State) {
    let mut over = std::pin::pin!(tokio::time::sleep(pause));
    let mut ends = std::pin::pin!(signals::arrived());
    let mut beat = tokio::time::interval(BEAT);
    loop {
        tokio::select! {
            () = &mut over => return,
            _ = &mut ends => return,
            () = hang_ups.next() => return,
            _ = beat.tick() => state.beat(),
        }
    }
}

fn failed(error: &std::io::Error) -> Failure {
    Failure::Failed(vec![Diagnostic::new(Code::CannotWrite, format!("cannot start: {}", error.kind()))])
}
