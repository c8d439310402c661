//! The one loop: plan a wave, ask, decode, plan again, until nothing is left to ask.

use std::sync::Arc;
use std::time::Duration;

use futures_util::stream::{self, StreamExt as _};
use jiff::Timestamp;
use url::Url;

use super::{Collector, Decoded, Question};
use crate::facts::record::{Kept, RecordedExchange, trim};
use crate::facts::{
    Cause, Credential, Evidence, Exchange, Fact, FactSet, Failure, HttpRequest, Incident, Knowledge, Listed,
    RequestLabel, Target, Unknown,
};
use crate::language::CheckedPolicy;
use crate::plan::{self, Asked, Judge, MAX_WAVES, PlannedRequest, Wave, next_wave};
use crate::transport::Channel;
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
    pub judge: &'a dyn Judge,
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
}

/// Collects what a policy reads of one credential.
pub async fn collect(task: &Task<'_>, collector: &dyn Collector, channel: &Channel) -> Collected {
    let mut state = State::new(task);
    for _ in 0..MAX_WAVES {
        let wave = state.plan(task);
        if wave.is_empty() {
            break;
        }
        let requests = state.settle(wave);
        let Some(requests) = requests else { continue };
        let asked: Vec<(PlannedRequest, Vec<Asking>, Listing)> = {
            let credential = task.credential;
            stream::iter(requests)
                .map(|planned| async move {
                    let (askings, listing) = ask(collector, channel, credential, &planned).await;
                    (planned, askings, listing)
                })
                .buffered(task.at_once.max(1))
                .collect()
                .await
        };
        for (planned, askings, listing) in asked {
            state.decode(task, collector, &planned, askings, listing);
        }
    }
    state.finish(task.now)
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

/// The pages of a listing.
#[derive(Default)]
struct Listing {
    incomplete: Option<Unknown>,
}

/// Sends one planned request, and the further pages where it lists.
async fn ask(
    collector: &dyn Collector,
    channel: &Channel,
    credential: &Credential,
    planned: &PlannedRequest,
) -> (Vec<Asking>, Listing) {
    let mut request = collector.request(planned.row, &planned.target, credential);
    let mut askings = Vec::new();
    let mut listing = Listing::default();
    let pages = planned.row.listing.as_ref().map_or(1, |listing| listing.pages);
    for page in 1..=pages {
        let exchange = channel.exchange(&request).await;
        let next = match &exchange.result {
            Ok(answer) if planned.row.listing.is_some() => collector.next_page(answer),
            _ => None,
        };
        let failed = planned.row.listing.is_some() && exchange.status().is_none_or(|status| status != 200);
        askings.push(Asking { row: planned.row, request: request.clone(), exchange });
        let Some(next) = next.filter(|_| !failed) else { break };
        let Some(url) = same_origin(&next, &credential.api) else {
            listing.incomplete = Some(Unknown::new(Cause::Malformed, "the next page of the list is on another origin"));
            break;
        };
        if page == pages {
            listing.incomplete =
                Some(Unknown::new(Cause::Incomplete, format!("only the first {pages} pages of the list were read")));
            break;
        }
        if askings.iter().any(|asking| asking.request.label.url == url) {
            listing.incomplete = Some(Unknown::new(Cause::Malformed, "the pages of the list go round in a circle"));
            break;
        }
        request.label = Arc::new(RequestLabel { method: request.label.method, url });
    }
    (askings, listing)
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
        plan::scope(task.policy, task.credential, &self.facts, task.judge).apply(&mut self.facts);
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
                self.asked.insert((planned.row.name, planned.target.clone()));
                for index in &planned.facts {
                    let fact = Fact { knowledge: Knowledge::Unknown(reason.clone()), evidence: Vec::new() };
                    self.facts.set(&planned.target, *index, fact);
                }
                if planned.row.listing.is_some() {
                    self.facts.listed =
                        Some(Listed { names: Vec::new(), incomplete: Some(reason.clone()), evidence: Vec::new() });
                }
            }
            return None;
        }
        if again {
            return None;
        }
        for planned in &wave.requests {
            self.asked.insert((planned.row.name, planned.target.clone()));
        }
        Some(wave.requests)
    }

    fn decode(
        &mut self,
        task: &Task<'_>,
        collector: &dyn Collector,
        planned: &PlannedRequest,
        askings: Vec<Asking>,
        listing: Listing,
    ) {
        let mut listed =
            planned.row.listing.as_ref().map(|_| Listed { incomplete: listing.incomplete, ..Listed::default() });
        for asking in askings {
            self.compare_clocks(&asking.exchange);
            let kind = plan::kind_of(task.credential, &self.facts);
            let question = Question {
                row: planned.row,
                target: &planned.target,
                credential: task.credential,
                kind,
                so_far: &self.facts,
                facts: &planned.facts,
            };
            let Decoded { facts, incidents, listed: names, incomplete, ends } =
                collector.decode(&question, &asking.exchange);
            for (target, index, fact) in facts {
                self.learn(&target, index, fact);
            }
            for incident in incidents {
                if !self.facts.incidents.contains(&incident) {
                    self.facts.incidents.push(incident);
                }
            }
            if let Some(listed) = &mut listed {
                listed.names.extend(names);
                listed.evidence.push(Evidence::answer(
                    &asking.exchange.request,
                    asking.exchange.status(),
                    "the list of repositories",
                ));
                listed.incomplete = listed.incomplete.take().or(incomplete);
            }
            let unreachable = match &asking.exchange.result {
                // A host that the very first request does not reach is not asked a thousand times more.
                Err(failure @ (Failure::Connection(_) | Failure::Tls(_) | Failure::Timeout(_)))
                    if self.exchanges.is_empty() =>
                {
                    Some(Unknown::new(Cause::NotReachable, failure.to_string()))
                }
                _ => None,
            };
            self.ended = self.ended.take().or(ends).or(unreachable);
            self.exchanges.push(asking.trimmed());
        }
        if let Some(mut listed) = listed {
            listed.names.sort();
            listed.names.dedup();
            self.facts.listed = Some(listed);
        }
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
        let worse = facts.get(index).is_some_and(|have| certainty(&have.knowledge) > certainty(&fact.knowledge));
        if !worse {
            facts.set(index, fact);
        }
    }

    fn finish(mut self, now: Timestamp) -> Collected {
        crate::facts::derive(&mut self.facts, now);
        Collected { facts: self.facts, exchanges: self.exchanges }
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
