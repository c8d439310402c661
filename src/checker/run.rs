//! A run: credentials are asked about and judged as they come, and given out in their order.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

use futures_util::StreamExt as _;
use futures_util::future::{BoxFuture, join_all, ready};
use futures_util::stream::FuturesOrdered;

use super::checked::Checked;
use super::network::Network;
use super::ready::Ready;
use super::tally::{Tail, Tally};
use super::terms::{Reads, Terms};
use crate::collecting::{Collected, Task, collect, unasked};
use crate::evaluation::{Evaluator, Judged};
use crate::facts::record::RecordedCredential;
use crate::facts::{Credential, Incident, NotChecked, Withheld};
use crate::hosts;
use crate::transport::{Channel, Minted, Replay};

/// The most credentials between their first request and their report.
pub const MOST_UNDER_WAY: usize = 64;

/// How long a run that is ended early takes at most to revoke what it minted.
const LONGEST_FAREWELL: Duration = Duration::from_secs(10);

/// The credentials that have not begun.
enum Waiting {
    /// Each is asked with, or there is a reason not to.
    Live(VecDeque<Ready>, Arc<Network>),
    /// A record tells of them.
    Recorded(VecDeque<RecordedCredential>),
}

impl Waiting {
    fn is_empty(&self) -> bool {
        match self {
            Self::Live(ready, _) => ready.is_empty(),
            Self::Recorded(recorded) => recorded.is_empty(),
        }
    }
}

/// A run over credentials, in their order. At most [`MOST_UNDER_WAY`] of them are between their first request and their
/// report; each is let go by whoever takes it out.
///
/// A run ends with [`Run::end`]. One that is dropped stops where it is: what it has minted until then stays valid until
/// the host ends it.
pub struct Run {
    terms: Arc<Terms>,
    waiting: Waiting,
    under_way: FuturesOrdered<BoxFuture<'static, Checked>>,
    /// Where each credential under way is asked, in the same order; `None` for one that is not.
    channels: VecDeque<Option<Arc<Channel>>>,
    tally: Tally,
}

impl Run {
    /// Asks live hosts.
    pub fn live(terms: Terms, ready: Vec<Ready>, not_checked: Vec<NotChecked>, network: Network) -> Self {
        Self::new(terms, Waiting::Live(ready.into(), Arc::new(network)), not_checked)
    }

    /// Evaluates a record.
    pub fn replay(terms: Terms, recorded: Vec<RecordedCredential>) -> Self {
        Self::new(terms, Waiting::Recorded(recorded.into()), Vec::new())
    }

    fn new(terms: Terms, waiting: Waiting, not_checked: Vec<NotChecked>) -> Self {
        let tally = Tally::new(&terms, not_checked);
        Self { terms: Arc::new(terms), waiting, under_way: FuturesOrdered::new(), channels: VecDeque::new(), tally }
    }

    /// What every credential is judged by.
    pub fn terms(&self) -> &Arc<Terms> {
        &self.terms
    }

    /// The next credential, judged; `None` after the last. Nothing is lost where this is dropped before it is ready.
    pub async fn next(&mut self) -> Option<Checked> {
        while self.under_way.len() < MOST_UNDER_WAY && self.begin() {}
        let checked = self.under_way.next().await?;
        self.channels.pop_front();
        self.tally.add(&self.terms, &checked);
        Some(checked)
    }

    /// Ends the run: with its last credential, or early. A run that is ended early leaves no token behind: what is being
    /// minted arrives, and what was minted is revoked.
    pub async fn end(mut self) -> Tail {
        let interrupted = !self.waiting.is_empty() || !self.under_way.is_empty();
        if interrupted {
            // What a dead host does not answer ends by itself.
            let _ = tokio::time::timeout(LONGEST_FAREWELL, self.leave()).await;
        }
        let sent = match &self.waiting {
            Waiting::Live(_, network) => network.sent(),
            Waiting::Recorded(_) => 0,
        };
        self.tally.end(&self.terms, sent, interrupted)
    }

    async fn leave(&mut self) {
        let channels: Vec<&Channel> = self.channels.iter().flatten().map(Arc::as_ref).collect();
        let minted = || channels.iter().filter_map(|channel| channel.minted());
        // Every one is closed before any is waited for.
        minted().for_each(Minted::close);
        let settled = join_all(minted().map(Minted::settled));
        let under_way = &mut self.under_way;
        let work = async { while under_way.next().await.is_some() {} };
        tokio::select! {
            _ = settled => {}
            () = work => {}
        }
        join_all(channels.iter().map(|channel| channel.revoke())).await;
    }

    /// Begins with the next credential, where there is one.
    fn begin(&mut self) -> bool {
        let terms = Arc::clone(&self.terms);
        let mut begun = None;
        let work: BoxFuture<'static, Checked> = match &mut self.waiting {
            Waiting::Live(waiting, network) => {
                let Some(one) = waiting.pop_front() else { return false };
                let Ready { credential, account, checker } = one;
                match account {
                    Ok(account) => {
                        let channel = Arc::new(network.channel(account, checker));
                        begun = Some(Arc::clone(&channel));
                        Box::pin(ask(terms, credential, channel, network.at_once))
                    }
                    Err(withheld) => Box::pin(ready(leave_out(&terms, credential, withheld))),
                }
            }
            Waiting::Recorded(recorded) => {
                let Some(RecordedCredential { credential, exchanges, withheld }) = recorded.pop_front() else {
                    return false;
                };
                match withheld {
                    Some(withheld) => Box::pin(ready(leave_out(&terms, credential, withheld))),
                    None => Box::pin(ask(terms, credential, Arc::new(Channel::Replay(Replay::new(&exchanges))), 1)),
                }
            }
        };
        self.channels.push_back(begun);
        self.under_way.push_back(work);
        true
    }
}

/// Collects what the terms read of a credential, and judges it.
async fn ask(terms: Arc<Terms>, credential: Credential, channel: Arc<Channel>, at_once: usize) -> Checked {
    let evaluator = terms.evaluator();
    let judge = terms.judge(&evaluator);
    let task = Task {
        credential: &credential,
        policy: &terms.policy,
        judge: &judge,
        now: terms.now,
        at_once,
        records: terms.records,
    };
    let collected = collect(&task, hosts::scripts(credential.host), &channel).await;
    judged(&terms, &evaluator, credential, collected)
}

/// Judges a credential that nothing may be sent with.
fn leave_out(terms: &Terms, credential: Credential, withheld: Withheld) -> Checked {
    let evaluator = terms.evaluator();
    let judge = terms.judge(&evaluator);
    let task = Task {
        credential: &credential,
        policy: &terms.policy,
        judge: &judge,
        now: terms.now,
        at_once: 1,
        records: false,
    };
    let reason = withheld.unknown();
    let collected = unasked(&task, Incident::Withheld(withheld), reason);
    judged(terms, &evaluator, credential, collected)
}

fn judged(terms: &Terms, evaluator: &Evaluator<'_>, credential: Credential, collected: Collected) -> Checked {
    let judged = match terms.reads {
        Reads::Needed => evaluator.judge(&credential, &collected.facts),
        Reads::Everything => Judged::default(),
    };
    Checked { credential, collected, judged }
}
