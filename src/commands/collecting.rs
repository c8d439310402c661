//! Collecting for all credentials at once: each its own chain of waves, one client and one budget for the run.

use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use futures_util::future::join_all;
use jiff::Timestamp;

use super::cli::NetworkArguments;
use super::credentials::Ready;
use super::edge;
use super::failure::Failure;
use crate::collecting::{Asking, Collected, Task, collect, unasked};
use crate::diagnostic::{Code, Diagnostic};
use crate::facts::record::RecordedCredential;
use crate::facts::{Credential, Exchange, ExchangeSummary, Incident};
use crate::hosts;
use crate::language::{CheckedPolicy, InputType, parse_input};
use crate::plan::Judge;
use crate::report::Revealed;
use crate::text::redact::Redactor;
use crate::transport::{Budget, Channel, Client, ClientSettings, Live, Minted, Replay};

/// How long an interrupted run takes at most to revoke what it minted.
const LONGEST_FAREWELL: Duration = Duration::from_secs(10);

/// How often such a run looks whether what it is minting has arrived.
const LOOK_AGAIN: Duration = Duration::from_millis(10);

/// The largest body that is read, after decompression.
const BODY_CAP: usize = 8 << 20;

/// What all credentials share.
pub(super) struct Shared<'a> {
    pub(super) policy: &'a CheckedPolicy,
    pub(super) judge: &'a Judge<'a>,
    pub(super) now: Timestamp,
    pub(super) at_once: usize,
}

/// A credential with what was collected of it.
pub(super) struct Finished {
    pub(super) credential: Credential,
    pub(super) collected: Collected,
}

impl Finished {
    /// What was sent for it, minting and revoking tokens last.
    pub(super) fn exchanges(&self) -> Vec<ExchangeSummary> {
        let asked = self.collected.exchanges.iter().map(|asking| &asking.exchange);
        asked.chain(&self.collected.minting).map(Exchange::summary).collect()
    }

    /// What it reveals, as reports take it.
    pub(super) fn revealed<'a>(&'a self, exchanges: &'a [ExchangeSummary]) -> Revealed<'a> {
        Revealed { credential: &self.credential, facts: &self.collected.facts, exchanges }
    }

    /// What is recorded of it.
    pub(super) fn recorded(&self) -> RecordedCredential {
        RecordedCredential {
            credential: self.credential.clone(),
            exchanges: self.collected.exchanges.iter().map(Asking::recorded).collect(),
            withheld: self.collected.facts.incidents.iter().find_map(Incident::withheld).cloned(),
        }
    }
}

/// How to send, from the command line.
///
/// # Errors
/// [`Failure::Usage`] for a duration or certificate file that cannot be read.
pub(super) fn client_settings(arguments: &NetworkArguments) -> Result<ClientSettings, Failure> {
    let usage =
        |message: String, help: &str| Failure::Usage(vec![Diagnostic::new(Code::CommandLine, message).help(help)]);
    let timeout = match parse_input(InputType::Duration, &arguments.timeout) {
        Ok(crate::facts::Value::Duration(duration)) if duration.is_positive() => duration.unsigned_abs(),
        _ => {
            return Err(usage(
                format!("`--timeout {}` is not a duration", arguments.timeout),
                "write one number and one of `s m h d w`, such as `10s`",
            ));
        }
    };
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
    Ok(ClientSettings {
        timeout,
        ca_certificates,
        retries: 2,
        longest_wait: Duration::from_secs(60),
        body_cap: BODY_CAP,
        backoff: Duration::from_millis(500),
    })
}

/// Asks live hosts. The number of requests sent comes with it; the redactor learns what is minted for it.
///
/// # Errors
/// [`Failure::Usage`] for certificates that cannot be used, [`Failure::Failed`] where nothing can run, and
/// [`Failure::Interrupted`].
pub(super) fn live(
    shared: &Shared<'_>,
    ready: Vec<Ready>,
    network: &NetworkArguments,
    redactor: &Redactor,
) -> Result<(Vec<Finished>, u64), Failure> {
    let settings = client_settings(network)?;
    let client = Client::new(&settings, edge::now).map_err(|error| {
        Failure::Usage(vec![
            Diagnostic::new(Code::CommandLine, error.to_string())
                .help("give a PEM file with certificates: `--ca-cert FILE`"),
        ])
    })?;
    let client = Arc::new(client);
    let budget = Arc::new(Budget::new(network.max_requests, network.concurrency));
    let revocations = Arc::new(Budget::new(None, network.concurrency));
    // Nothing to ask: nothing to set up.
    if ready.iter().all(|one| one.account.is_err()) {
        return Ok((ready.into_iter().map(|one| without_asking(shared, one)).collect(), 0));
    }
    let channels: Vec<Option<Channel>> = ready
        .iter()
        .map(|one| {
            let account = one.account.as_ref().ok()?.clone();
            Some(Channel::Live(Box::new(Live {
                client: Arc::clone(&client),
                budget: Arc::clone(&budget),
                revocations: Arc::clone(&revocations),
                account,
                checker: one.checker.clone(),
                minted: Minted::new(redactor.clone()),
            })))
        })
        .collect();
    let work = join_all(ready.iter().zip(&channels).map(|(one, channel)| async move {
        let scripts = hosts::scripts(one.credential.host);
        let collected = collect(&task(shared, &one.credential), scripts, channel.as_ref()?).await;
        Some(Finished { credential: one.credential.clone(), collected })
    }));
    let channels: Vec<&Channel> = channels.iter().flatten().collect();
    let finished = interruptible(work, &channels);
    let finished = finished?
        .into_iter()
        .zip(ready)
        .map(|(finished, one)| finished.unwrap_or_else(|| without_asking(shared, one)))
        .collect();
    Ok((finished, budget.sent() + revocations.sent()))
}

/// Collects from a record.
///
/// # Errors
/// [`Failure::Failed`] where nothing can run, and [`Failure::Interrupted`].
pub(super) fn replayed(shared: &Shared<'_>, recorded: &[RecordedCredential]) -> Result<Vec<Finished>, Failure> {
    let work = join_all(recorded.iter().map(|one| async move {
        let task = task(shared, &one.credential);
        let collected = match &one.withheld {
            Some(withheld) => unasked(&task, Incident::Withheld(withheld.clone()), withheld.unknown()),
            None => {
                let channel = Channel::Replay(Replay::new(&one.exchanges));
                collect(&task, hosts::scripts(one.credential.host), &channel).await
            }
        };
        Finished { credential: one.credential.clone(), collected }
    }));
    interruptible(work, &[])
}

fn task<'a>(shared: &Shared<'a>, credential: &'a Credential) -> Task<'a> {
    Task { credential, policy: shared.policy, judge: shared.judge, now: shared.now, at_once: shared.at_once }
}

fn without_asking(shared: &Shared<'_>, one: Ready) -> Finished {
    let (incident, reason) = match one.account {
        Err(withheld) => {
            let reason = withheld.unknown();
            (Incident::Withheld(withheld), reason)
        }
        Ok(_) => (
            Incident::Note { text: "this version cannot ask this host".into(), evidence: Vec::new() },
            crate::facts::Unknown::new(crate::facts::Cause::NotReachable, "this version cannot ask this host"),
        ),
    };
    let collected = unasked(&task(shared, &one.credential), incident, reason);
    Finished { credential: one.credential, collected }
}

/// Runs work on a runtime of its own until it ends or the user interrupts. Whoever interrupts leaves no token behind: what
/// is being minted arrives, and what was minted is revoked.
fn interruptible<T>(work: impl Future<Output = T>, channels: &[&Channel]) -> Result<T, Failure> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(|error| {
        Failure::Failed(vec![Diagnostic::new(Code::CannotWrite, format!("cannot start: {}", error.kind()))])
    })?;
    // Every one is closed, whatever the one before it says.
    let settled = || {
        let busy = channels.iter().filter_map(|channel| channel.minted()).filter(|minted| !minted.close());
        busy.count() == 0
    };
    runtime.block_on(async {
        let mut work = std::pin::pin!(work);
        tokio::select! {
            done = &mut work => return Ok(done),
            _ = tokio::signal::ctrl_c() => {}
        }
        let farewell = async {
            while !settled() {
                tokio::select! {
                    _ = &mut work => break,
                    () = tokio::time::sleep(LOOK_AGAIN) => {}
                }
            }
            join_all(channels.iter().map(|channel| channel.revoke())).await;
        };
        // What a dead host does not answer ends by itself.
        let _ = tokio::time::timeout(LONGEST_FAREWELL, farewell).await;
        Err(Failure::Interrupted)
    })
}
