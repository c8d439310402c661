//! The one loop: plan a wave, let its scripts ask, learn what they tell, plan again, until nothing is left to ask.

use std::sync::Arc;

use futures_util::stream::{self, StreamExt as _};
use jiff::Timestamp;

use super::purse::{self, Purse};
use super::sending;
use super::state::{Asking, Collected, State};
use crate::facts::{Cause, Credential, Exchange, FactSet, Failure, HttpRequest, Incident, Unknown};
use crate::hosts::{As, Brief, Script, Scripts, Step, script};
use crate::language::CheckedPolicy;
use crate::plan::{Judge, MAX_WAVES, PlannedRequest};
use crate::transport::{By, Channel, Minted};

/// What to collect.
pub struct Task<'a> {
    /// Whose facts.
    pub credential: &'a Credential,
    /// The policy whose statements need them.
    pub policy: &'a CheckedPolicy,
    /// Who decides what is still open.
    pub judge: &'a Judge<'a>,
    /// The time of judgement.
    pub now: Timestamp,
    /// The most requests on the way at once.
    pub at_once: usize,
    /// Which derived facts are made of what was learnt.
    pub derives: Derives,
    /// Whether answers are kept for a record. Otherwise each is let go when its script has read it.
    pub records: bool,
}

/// Which derived facts are made of what was learnt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Derives {
    /// Those that the policy reads, and what they rest on: with many repositories the others are much work for nobody.
    Read,
    /// Every one that follows: somebody may look at any.
    Everything,
}

/// Collects what a policy reads of one credential.
pub async fn collect(task: &Task<'_>, scripts: &dyn Scripts, channel: &Channel) -> Collected {
    let mut state = State::new(task);
    let purse = Purse::default();
    let sender = Sender { credential: task.credential, scripts, channel, purse: &purse, records: task.records };
    for _ in 0..MAX_WAVES {
        let wave = state.plan(task);
        if wave.is_empty() {
            break;
        }
        let Some(mut requests) = state.settle(wave) else { continue };
        // What repositories show of their organisation is known before its own answers are read: it decides what a 404 means.
        requests.sort_by_key(|planned| planned.row.subject);
        let so_far = state.facts();
        let mut walked = stream::iter(requests)
            .map(|planned| sender.walk(planned, Arc::clone(&so_far)))
            .buffered(task.at_once.max(1));
        // They ask side by side, and tell one after the other, in the order of the plan.
        while let Some(mut walked) = walked.next().await {
            let decoded = loop {
                walked.step = match walked.step {
                    Step::Done(decoded) => break decoded,
                    Step::Turn => walked.script.turn(state.facts()),
                    // After its turn, a question asks no more.
                    Step::Ask(..) => walked.script.answered(Err(late())),
                };
            };
            drop(walked.script);
            state.learn(walked.planned.row, decoded, walked.asked);
        }
    }
    let not_revoked = purse::revoke(channel).await.into_iter();
    state.note(not_revoked.map(|text| Incident::Note { text, evidence: Vec::new() }).collect());
    let minting = channel.minted().map(Minted::exchanges).unwrap_or_default();
    Collected { minting, ..state.finish(task) }
}

fn late() -> Unknown {
    Unknown::new(Cause::Incomplete, "the question was over before it was asked")
}

/// What is known of a credential that must not, or cannot, be asked with: the incident that says why, and every fact that
/// the policy reads unknown for the same reason.
pub fn unasked(task: &Task<'_>, incident: Incident, reason: Unknown) -> Collected {
    let mut state = State::new(task);
    state.note(vec![incident]);
    state.end(reason);
    for _ in 0..MAX_WAVES {
        let wave = state.plan(task);
        if wave.is_empty() {
            break;
        }
        let _ = state.settle(wave);
    }
    state.finish(task)
}

/// A question that has asked everything it can, and what it asked.
struct Walked<'a> {
    planned: PlannedRequest,
    script: Script<'a>,
    step: Step,
    asked: Vec<Asking>,
}

/// Sends what scripts ask for.
struct Sender<'a> {
    credential: &'a Credential,
    scripts: &'a dyn Scripts,
    channel: &'a Channel,
    purse: &'a Purse,
    records: bool,
}

impl<'a> Sender<'a> {
    /// Lets a question ask until it has what it takes to tell.
    async fn walk(&self, planned: PlannedRequest, so_far: Arc<FactSet>) -> Walked<'a> {
        let brief = Brief {
            row: planned.row,
            targets: planned.targets().cloned().collect(),
            credential: self.credential,
            so_far,
            facts: planned.facts.as_slice().into(),
            wanted: planned.wanted.clone(),
        };
        let mut script = script(self.scripts, brief);
        let (mut step, mut asked) = (script.begin(), Vec::new());
        while let Step::Ask(request, by) = step {
            let exchange = self.send(&request, &by).await;
            asked.push(Asking::new(planned.row, request, &exchange, self.records));
            step = script.answered(Ok(exchange));
        }
        Walked { planned, script, step, asked }
    }

    /// One exchange, with the token that it takes. A record holds the answer, whoever asked.
    async fn send(&self, request: &HttpRequest, by: &As) -> Exchange {
        let by = match by {
            As::Itself => By::Itself,
            As::Sent(scheme) => sending::otherwise(*scheme, self.credential, self.channel),
            As::Minted(grant) => match self.scripts.mint().filter(|_| self.channel.minted().is_some()) {
                None => By::Itself,
                Some(mint) => match self.purse.token(mint, self.credential, self.channel, grant).await {
                    Ok(token) => By::Token(token),
                    Err(reason) => {
                        return Exchange {
                            request: Arc::clone(&request.label),
                            result: Err(Failure::NotMinted(reason)),
                            attempts: Vec::new(),
                        };
                    }
                },
            },
        };
        self.channel.exchange_by(request, &by).await
    }
}
