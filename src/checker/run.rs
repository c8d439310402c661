//! A run: credentials are asked about and judged as they come, and given out in their order.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use futures_util::future::{BoxFuture, join_all, ready};
use futures_util::stream::FuturesUnordered;
use futures_util::{FutureExt as _, StreamExt as _};

use super::checked::Checked;
use super::network::Network;
use super::ready::Ready;
use super::tally::{Interrupted, Tail, Tally};
use super::terms::{Reads, Terms};
use crate::collecting::{Collected, Task, collect, not_revoked, revoke, unasked};
use crate::evaluation::{Evaluator, Judged};
use crate::facts::record::RecordedCredential;
use crate::facts::{Credential, Incident, NotChecked, Withheld};
use crate::hosts;
use crate::transport::{Channel, Minted, Replay};

/// The most credentials between their first request and their report.
pub const MOST_UNDER_WAY: usize = 64;

/// How long a run that is ended early takes at most to revoke what it minted.
pub const LONGEST_FAREWELL: Duration = Duration::from_secs(10);

/// The credentials that have not begun.
enum Waiting {
    /// Each is asked with, or there is a reason not to.
    Live(VecDeque<Ready>, Arc<Network>),
    /// A record tells of them.
    Recorded(VecDeque<RecordedCredential>),
}

impl Waiting {
    fn len(&self) -> usize {
        match self {
            Self::Live(ready, _) => ready.len(),
            Self::Recorded(recorded) => recorded.len(),
        }
    }

    /// What was not judged of them.
    fn left(&self) -> Vec<NotChecked> {
        match self {
            Self::Live(ready, _) => ready.iter().map(|one| not_judged(&one.credential)).collect(),
            Self::Recorded(recorded) => recorded.iter().map(|one| not_judged(&one.credential)).collect(),
        }
    }
}

fn not_judged(credential: &Credential) -> NotChecked {
    NotChecked {
        host: credential.host.word().to_owned(),
        credential: Some(credential.name.clone()),
        reason: "the run was interrupted before it was judged".to_owned(),
    }
}

/// A credential between its first request and its report.
struct Begun {
    /// What is said of it where the run ends before.
    left: NotChecked,
    /// Where it is asked; `None` for one that is not.
    channel: Option<Arc<Channel>>,
}

/// A run over credentials, in their order. At most [`MOST_UNDER_WAY`] of them are between their first request and their
/// report; each is let go by whoever takes it out.
///
/// A run ends with [`Run::end`]. One that is dropped stops where it is: what it has minted until then stays valid until
/// the host ends it.
pub struct Run {
    terms: Arc<Terms>,
    waiting: Waiting,
    /// How many credentials there are.
    of: usize,
    /// Those that are asked or judged, each with its place among all.
    under_way: FuturesUnordered<BoxFuture<'static, (usize, Checked)>>,
    begun: BTreeMap<usize, Begun>,
    /// Those that are judged before one that comes first.
    early: BTreeMap<usize, Checked>,
    /// The place of the next to begin, and that of the next to give out.
    next_to_begin: usize,
    next_to_give: usize,
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
        Self {
            tally: Tally::new(&terms, not_checked),
            terms: Arc::new(terms),
            of: waiting.len(),
            waiting,
            under_way: FuturesUnordered::new(),
            begun: BTreeMap::new(),
            early: BTreeMap::new(),
            next_to_begin: 0,
            next_to_give: 0,
        }
    }

    /// What every credential is judged by.
    pub fn terms(&self) -> &Arc<Terms> {
        &self.terms
    }

    /// How many credentials there are.
    pub const fn credentials(&self) -> usize {
        self.of
    }

    /// How many of them are judged by now, given out or not.
    pub fn judged(&self) -> usize {
        self.next_to_begin - self.begun.len()
    }

    /// The next credential, judged; `None` after the last. Nothing is lost where this is dropped before it is ready.
    pub async fn next(&mut self) -> Option<Checked> {
        loop {
            while self.next_to_begin < self.next_to_give + MOST_UNDER_WAY && self.begin() {}
            if let Some(mut checked) = self.early.remove(&self.next_to_give) {
                self.next_to_give += 1;
                self.tally.add(&self.terms, &mut checked);
                return Some(checked);
            }
            let (at, checked) = self.under_way.next().await?;
            self.begun.remove(&at);
            self.early.insert(at, checked);
        }
    }

    /// For a run that ends early: the credentials that are judged though an earlier one is not, in order. Nothing more is
    /// given out afterwards.
    pub fn judged_early(&mut self) -> Vec<Checked> {
        while let Some(Some((at, checked))) = self.under_way.next().now_or_never() {
            self.begun.remove(&at);
            self.early.insert(at, checked);
        }
        let mut judged: Vec<Checked> = std::mem::take(&mut self.early).into_values().collect();
        judged.iter_mut().for_each(|checked| self.tally.add(&self.terms, checked));
        judged
    }

    /// Ends the run: with its last credential, or early. A run that is ended early leaves no token behind: what is being
    /// minted arrives, and what was minted is revoked.
    pub async fn end(mut self) -> Tail {
        let early = self.early.values().map(|checked| not_judged(&checked.credential));
        let begun = self.begun.values().map(|begun| begun.left.clone());
        let left: Vec<NotChecked> = begun.chain(early).chain(self.waiting.left()).collect();
        let mut interrupted = None;
        if !left.is_empty() {
            let not_revoked = self.leave().await;
            interrupted = Some(Interrupted { judged: self.of - left.len(), of: self.of, left, not_revoked });
        }
        let sent = match &self.waiting {
            Waiting::Live(_, network) => network.sent(),
            Waiting::Recorded(_) => 0,
        };
        self.tally.end(&self.terms, sent, interrupted)
    }

    /// Revokes what was minted for the credentials under way. Gives a line for each token that could not be revoked.
    async fn leave(&mut self) -> Vec<String> {
        let begun: Vec<(&str, &Channel)> = self
            .begun
            .values()
            .filter_map(|begun| Some((begun.left.credential.as_deref()?, begun.channel.as_deref()?)))
            .filter(|(_, channel)| channel.minted().is_some())
            .collect();
        let minted = || begun.iter().filter_map(|(_, channel)| channel.minted());
        // Every one is closed before any is waited for.
        minted().for_each(Minted::close);
        let settled = join_all(minted().map(Minted::settled));
        let under_way = &mut self.under_way;
        let work = async { while under_way.next().await.is_some() {} };
        let told = Mutex::new(Vec::new());
        let tell = |name: &str, text: &str| {
            told.lock().unwrap_or_else(PoisonError::into_inner).push(format!("credential `{name}`: {text}"));
        };
        let farewell = async {
            tokio::select! {
                _ = settled => {}
                () = work => {}
            }
            let revoked = begun.iter().map(|(name, channel)| async {
                revoke(channel).await.iter().for_each(|text| tell(name, text));
            });
            join_all(revoked).await
        };
        // What a dead host does not answer ends by itself.
        if tokio::time::timeout(LONGEST_FAREWELL, farewell).await.is_err() {
            let late = format!("the host did not answer within {} seconds", LONGEST_FAREWELL.as_secs());
            for (name, channel) in &begun {
                let live = channel.minted().map_or(0, Minted::live_count);
                (0..live).for_each(|_| tell(name, &not_revoked(&late)));
            }
        }
        told.into_inner().unwrap_or_else(PoisonError::into_inner)
    }

    /// Begins with the next credential, where there is one.
    fn begin(&mut self) -> bool {
        let terms = Arc::clone(&self.terms);
        let mut begun = None;
        let left;
        let work: BoxFuture<'static, Checked> = match &mut self.waiting {
            Waiting::Live(waiting, network) => {
                let Some(one) = waiting.pop_front() else { return false };
                let Ready { credential, account, checker } = one;
                left = not_judged(&credential);
                match account {
                    Ok(account) => {
                        let channel = Arc::new(network.channel(account, checker));
                        begun = Some(Arc::clone(&channel));
                        let (turns, at_once) = (network.turns(&credential.url), network.at_once);
                        Box::pin(async move {
                            // It is never closed.
                            let _turn = turns.acquire_owned().await.ok();
                            ask(terms, credential, channel, at_once).await
                        })
                    }
                    Err(withheld) => Box::pin(ready(leave_out(&terms, credential, withheld))),
                }
            }
            Waiting::Recorded(recorded) => {
                let Some(RecordedCredential { credential, exchanges, withheld }) = recorded.pop_front() else {
                    return false;
                };
                left = not_judged(&credential);
                match withheld {
                    Some(withheld) => Box::pin(ready(leave_out(&terms, credential, withheld))),
                    None => Box::pin(ask(terms, credential, Arc::new(Channel::Replay(Replay::new(&exchanges))), 1)),
                }
            }
        };
        let at = self.next_to_begin;
        self.next_to_begin += 1;
        self.begun.insert(at, Begun { left, channel: begun });
        self.under_way.push(Box::pin(work.map(move |checked| (at, checked))));
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
        derives: terms.derives,
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
        derives: terms.derives,
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
