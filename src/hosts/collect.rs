//! The one loop: plan a wave, ask, decode, plan again, until nothing is left to ask.

use std::sync::Arc;
use std::time::Duration;

use futures_util::stream::{self, StreamExt as _};
use jiff::Timestamp;
use url::Url;

use super::minting::{self, As, Purse};
use super::{Collector, Decoded, Further, Question};
use crate::facts::record::{Kept, RecordedExchange, trim};
use crate::facts::{
    Cause, Credential, Evidence, Exchange, Fact, FactSet, Failure, HttpRequest, Incident, Knowledge, Listed,
    RequestLabel, Target, Unknown,
};
use crate::language::CheckedPolicy;
use crate::plan::{self, Asked, Judge, MAX_WAVES, PlannedRequest, Wave, next_wave};
use crate::transport::{By, Channel, Minted};
use crate::vocabulary::{FactIndex, Request};

/// The most that two clocks may differ before it is worth a warning.
const CLOCK_TOLERANCE: Duration = Duration::from_secs(60);

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
}

/// One exchange, with what it was about.
#[derive(Clone, Debug)]
pub struct Asking {
    /// The request's row.
    pub row: &'static Request,
    /// The request as sent.
    pub request: HttpRequest,
    /// What came of it.
    pub exchange: Exchange,
}

impl Asking {
    /// The same, of the answer only what decoders read: everything else has done its work, and bodies can be large.
    fn trimmed(mut self) -> Self {
        if let Ok(answer) = &mut self.exchange.result {
            *answer = trim(self.row, Kept::default(), answer);
        }
        self
    }

    /// What a record keeps of it: only what decoders read.
    pub fn recorded(&self) -> RecordedExchange {
        RecordedExchange::new(self.row, Kept::default(), &self.request, &self.exchange)
    }
}

/// Everything collected of a credential.
#[derive(Clone, Debug)]
pub struct Collected {
    /// The facts, derived ones included.
    pub facts: FactSet,
    /// The exchanges, in the order planned.
    pub exchanges: Vec<Asking>,
    /// The exchanges that minted and revoked tokens, without bodies. They tell no facts.
    pub minting: Vec<Exchange>,
}

/// Collects what a policy reads of one credential.
pub async fn collect(task: &Task<'_>, collector: &dyn Collector, channel: &Channel) -> Collected {
    let mut state = State::new(task);
    let purse = Purse::default();
    for _ in 0..MAX_WAVES {
        let wave = state.plan(task);
        if wave.is_empty() {
            break;
        }
        let requests = state.settle(wave);
        let Some(mut requests) = requests else { continue };
        // What repositories show of their organisation is known before its own answers are read: it decides what a 404 means.
        requests.sort_by_key(|planned| planned.row.subject);
        let answered: Vec<(PlannedRequest, Answered)> = {
            let kind = plan::kind_of(task.credential, &state.facts);
            let so_far = &state.facts;
            let purse = &purse;
            stream::iter(requests)
                .map(|planned| async move {
                    let targets: Vec<Target> = planned.targets().cloned().collect();
                    let facts = &planned.facts;
                    let credential = task.credential;
                    let question = Question { row: planned.row, targets: &targets, credential, kind, so_far, facts };
                    let answered = ask(collector, channel, purse, &question).await;
                    (planned, answered)
                })
                .buffered(task.at_once.max(1))
                .collect()
                .await
        };
        for (planned, answered) in answered {
            state.decode(task, collector, &planned, answered);
        }
    }
    state.facts.incidents.extend(minting::revoke(channel).await);
    let minting = channel.minted().map(Minted::exchanges).unwrap_or_default();
    Collected { minting, ..state.finish(task.now) }
}

/// What is known of a credential that must not, or cannot, be asked with: the incident that says why, and every fact that
/// the policy reads unknown for the same reason.
pub fn unasked(task: &Task<'_>, incident: Incident, reason: Unknown) -> Collected {
    let mut state = State::new(task);
    state.facts.incidents.push(incident);
    state.ended = Some(reason);
    for _ in 0..MAX_WAVES {
        let wave = state.plan(task);
        if wave.is_empty() {
            break;
        }
        let _ = state.settle(wave);
    }
    state.finish(task.now)
}

/// The most exchanges of one question that lists no repositories: pages of webhooks, levels of permission.
const MOST_EXCHANGES: usize = 12;

/// What came of a question.
struct Answered {
    /// The requests as sent, and what came of each: as long as each other.
    requests: Vec<HttpRequest>,
    exchanges: Vec<Exchange>,
    /// Why there is more that was not read.
    incomplete: Option<Unknown>,
}

/// Sends the request of a question, and the further ones that its answers make necessary.
async fn ask(collector: &dyn Collector, channel: &Channel, purse: &Purse, question: &Question<'_>) -> Answered {
    let mut answered = Answered { requests: Vec::new(), exchanges: Vec::new(), incomplete: None };
    let most = question.row.listing.as_ref().map_or(MOST_EXCHANGES, |listing| listing.pages);
    let mut next = Some(collector.request(question));
    let mut by = collector.asks_as(question);
    while let Some(request) = next.take() {
        let exchange = exchange(collector, channel, purse, question.credential, &request, &by).await;
        answered.requests.push(request);
        answered.exchanges.push(exchange);
        let Some(further) = collector.further(question, &answered.exchanges) else { break };
        if answered.exchanges.len() >= most {
            let reason = format!("only the first {most} pages of the list were read");
            answered.incomplete = Some(Unknown::new(Cause::Incomplete, reason));
            break;
        }
        let malformed = |reason: &str| Some(Unknown::new(Cause::Malformed, reason));
        next = match (further, answered.requests.last()) {
            (Further::Request(request), _) => Some(request),
            (Further::As(request, other), _) => {
                by = other;
                Some(request)
            }
            (Further::Page(_), None) => None,
            (Further::Page(url), Some(last)) => match same_origin(&url, &question.credential.api) {
                None => {
                    answered.incomplete = malformed("the next page of the list is on another origin");
                    None
                }
                Some(url) => {
                    let label = Arc::new(RequestLabel { method: last.label.method, url });
                    Some(HttpRequest { label, ..last.clone() })
                }
            },
        };
        let again = |request: &HttpRequest| {
            answered.requests.iter().any(|sent| sent.label == request.label && sent.body == request.body)
        };
        if next.as_ref().is_some_and(again) {
            answered.incomplete = malformed("the pages of the list go round in a circle");
            break;
        }
    }
    answered
}

/// One exchange, with the token that it takes. A record holds the answer, whoever asked.
async fn exchange(
    collector: &dyn Collector,
    channel: &Channel,
    purse: &Purse,
    credential: &Credential,
    request: &HttpRequest,
    by: &As,
) -> Exchange {
    let (grant, mint) = match (by, collector.mint()) {
        (As::Minted(grant), Some(mint)) if channel.minted().is_some() => (grant, mint),
        _ => return channel.exchange(request).await,
    };
    match purse.token(mint, credential, channel, grant).await {
        Ok(token) => channel.exchange_by(request, &By::Token(token)).await,
        Err(reason) => Exchange {
            request: Arc::clone(&request.label),
            result: Err(Failure::NotMinted(reason)),
            attempts: Vec::new(),
        },
    }
}

/// A URL from an answer, where it has the origin of the API.
fn same_origin(url: &str, api: &Url) -> Option<String> {
    let url = api.join(url).ok()?;
    (url.origin() == api.origin() && url.username().is_empty() && url.password().is_none()).then(|| url.to_string())
}

struct State {
    /// Base facts only: derived ones are made anew after each wave.
    facts: FactSet,
    asked: Asked,
    exchanges: Vec<Asking>,
    /// Set where nothing more is asked, and why.
    ended: Option<Unknown>,
}

impl State {
    fn new(task: &Task<'_>) -> Self {
        let facts = plan::initial_facts(task.credential);
        Self { facts, asked: Asked::new(), exchanges: Vec::new(), ended: None }
    }

    fn plan(&mut self, task: &Task<'_>) -> Wave {
        let scope = plan::scope(task.policy, task.credential, &self.facts, task.judge);
        if self.facts.listed.is_none() && !scope.globs.is_empty() {
            let unlisted = |reason| Listed { incomplete: Some(reason), ..Listed::default() };
            self.facts.listed = plan::unlisted(task.credential, &self.facts).map(unlisted);
        }
        scope.apply(&mut self.facts);
        next_wave(task.policy, task.credential, &self.facts, &self.asked, task.judge, task.now)
    }

    /// Sets what needs no request. Gives the requests to send, or `None` where the plan is to be asked again first.
    fn settle(&mut self, wave: Wave) -> Option<Vec<PlannedRequest>> {
        let again = !wave.settled.is_empty();
        for (target, index, fact) in wave.settled {
            self.facts.set(&target, index, fact);
        }
        if let Some(reason) = self.ended.clone() {
            for planned in wave.requests {
                for target in planned.targets() {
                    self.asked.insert((planned.row.name, target.clone()));
                    for index in &planned.facts {
                        self.give_up(target, *index, &reason);
                    }
                }
                if planned.row.listing.is_some() {
                    let listed = self.facts.listed.get_or_insert_default();
                    listed.incomplete.get_or_insert_with(|| reason.clone());
                }
            }
            return None;
        }
        if again {
            return None;
        }
        for planned in &wave.requests {
            self.asked.extend(planned.targets().map(|target| (planned.row.name, target.clone())));
        }
        Some(wave.requests)
    }

    fn decode(&mut self, task: &Task<'_>, collector: &dyn Collector, planned: &PlannedRequest, answered: Answered) {
        let Answered { requests, exchanges, incomplete: cut } = answered;
        exchanges.iter().for_each(|exchange| self.compare_clocks(exchange));
        let kind = plan::kind_of(task.credential, &self.facts);
        let targets: Vec<Target> = planned.targets().cloned().collect();
        let (credential, facts) = (task.credential, &planned.facts);
        let question = Question { row: planned.row, targets: &targets, credential, kind, so_far: &self.facts, facts };
        let Decoded { facts, incidents, listed, aliases, incomplete, ends } = collector.decode(&question, &exchanges);
        for (target, index, fact) in facts {
            self.learn(&target, index, fact);
        }
        for incident in incidents {
            if !self.facts.incidents.contains(&incident) {
                self.facts.incidents.push(incident);
            }
        }
        if planned.row.listing.is_some() {
            let seen = |exchange: &Exchange| {
                Evidence::answer(&exchange.request, exchange.status(), "the list of repositories")
            };
            // A host that lists by organisation has a list for each.
            let mut all = self.facts.listed.take().unwrap_or_default();
            all.names.extend(listed);
            all.names.sort();
            all.names.dedup();
            all.aliases.extend(aliases);
            all.incomplete = all.incomplete.or(cut).or(incomplete);
            all.evidence.extend(exchanges.iter().map(seen));
            self.facts.listed = Some(all);
        }
        let unreachable = match exchanges.first().map(|exchange| &exchange.result) {
            // A host that the very first request does not reach is not asked a thousand times more.
            Some(Err(failure @ (Failure::Connection(_) | Failure::Tls(_) | Failure::Timeout(_))))
                if self.exchanges.is_empty() =>
            {
                Some(Unknown::new(Cause::NotReachable, failure.to_string()))
            }
            _ => None,
        };
        self.ended = self.ended.take().or(ends).or(unreachable);
        let asked = requests.into_iter().zip(exchanges);
        let row = planned.row;
        self.exchanges.extend(asked.map(|(request, exchange)| Asking { row, request, exchange }.trimmed()));
    }

    /// A clock that is off is noted once a credential.
    fn compare_clocks(&mut self, exchange: &Exchange) {
        let Ok(answer) = &exchange.result else { return };
        let noted = self.facts.incidents.iter().any(|incident| matches!(incident, Incident::ClockOff { .. }));
        if let Some(ahead) = answer.clock_ahead().filter(|ahead| !noted && ahead.unsigned_abs() > CLOCK_TOLERANCE) {
            let evidence = vec![Evidence::answer(&exchange.request, Some(answer.status), "header Date")];
            self.facts.incidents.push(Incident::ClockOff { ahead, evidence });
        }
    }

    /// Takes a fact from an answer: what is known stays, whatever a later answer cannot tell.
    fn learn(&mut self, target: &Target, index: FactIndex, fact: Fact) {
        let subject = self.facts.subject_of(target);
        let Some(facts) = subject.and_then(|subject| self.facts.subject_mut(subject)) else { return };
        let worse = facts.get(index).is_some_and(|have| {
            // What only the token's text or the settings say, an answer may contradict.
            let said_without = certainty(&have.knowledge) == 2 && have.evidence.iter().all(|one| one.request.is_none());
            let contradicted = said_without && fact.evidence.iter().any(|one| one.request.is_some());
            !contradicted && certainty(&have.knowledge) > certainty(&fact.knowledge)
        });
        if !worse {
            facts.set(index, fact);
        }
    }

    /// Nothing more is asked: what is not known of a fact stays so for this reason.
    fn give_up(&mut self, target: &Target, index: FactIndex, reason: &Unknown) {
        let so_far = self.facts.subject_of(target).and_then(|subject| self.facts.fact(index, subject));
        let fact = match so_far.map(|fact| (&fact.knowledge, &fact.evidence)) {
            Some((Knowledge::Bounded(bounds, _), evidence)) => {
                Fact { knowledge: Knowledge::Bounded(bounds.clone(), reason.clone()), evidence: evidence.clone() }
            }
            Some((Knowledge::Known(_) | Knowledge::Absent | Knowledge::Inapplicable(_), _)) => return,
            Some((Knowledge::Unknown(_), _)) | None => {
                Fact { knowledge: Knowledge::Unknown(reason.clone()), evidence: Vec::new() }
            }
        };
        self.facts.set(target, index, fact);
    }

    fn finish(mut self, now: Timestamp) -> Collected {
        crate::facts::derive(&mut self.facts, now);
        Collected { facts: self.facts, exchanges: self.exchanges, minting: Vec::new() }
    }
}

/// How much is known: nothing, part, or all there is to know.
const fn certainty(knowledge: &Knowledge) -> u8 {
    match knowledge {
        Knowledge::Unknown(_) => 0,
        Knowledge::Bounded(..) => 1,
        Knowledge::Known(_) | Knowledge::Absent | Knowledge::Inapplicable(_) => 2,
    }
}
