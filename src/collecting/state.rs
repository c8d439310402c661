//! What is known of one credential while it is collected, and what was asked for it.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use jiff::SignedDuration;

use super::collect::{Derives, Task};
use crate::facts::record::{Kept, RecordedExchange, trim};
use crate::facts::{
    Answer, Cause, Evidence, Exchange, Fact, FactSet, Failure, HttpRequest, Incident, Knowledge, Listed,
    RepositoryName, Target, Unknown, derive, derive_read,
};
use crate::hosts::{Decoded, Seen};
use crate::plan::{self, Asked, PlannedRequest, Wave, next_wave};
use crate::vocabulary::{FactIndex, Place, Request, headers};

/// The most that two clocks may differ before it is worth a warning.
const CLOCK_TOLERANCE: Duration = Duration::from_secs(60);

/// One exchange, with what it was about.
#[derive(Clone, Debug)]
pub struct Asking {
    /// The request as sent.
    pub request: HttpRequest,
    /// What came of it: of the answer its status, and for a record what scripts read. Everything else has done its work,
    /// and bodies can be large.
    pub exchange: Exchange,
    /// How far this machine's clock is ahead of the host's, where the answer says.
    clock_ahead: Option<SignedDuration>,
}

impl Asking {
    pub(super) fn new(row: &Request, request: HttpRequest, exchange: &Exchange, records: bool) -> Self {
        let clock_ahead = exchange.result.as_ref().ok().and_then(Answer::clock_ahead);
        let kept = |answer: &Answer| match records {
            true => trim(row, Kept::default(), answer),
            false => Answer { status: answer.status, headers: Vec::new(), body: Vec::new(), at: answer.at },
        };
        let exchange = Exchange {
            request: Arc::clone(&exchange.request),
            result: exchange.result.as_ref().map(kept).map_err(Clone::clone),
            attempts: exchange.attempts.clone(),
        };
        Self { request, exchange, clock_ahead }
    }

    /// What a record keeps of it: only what scripts read.
    pub fn recorded(&self) -> RecordedExchange {
        RecordedExchange::trimmed(self.request.body.clone(), self.exchange.clone())
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

/// What is known so far.
pub(super) struct State {
    /// Base facts only: derived ones are made anew after each wave. Scripts under way share it.
    facts: Arc<FactSet>,
    asked: Asked,
    exchanges: Vec<Asking>,
    /// The positions of incidents, by what they are about: each is told once.
    told: HashMap<String, Vec<usize>>,
    /// Set where nothing more is asked, and why.
    ended: Option<Unknown>,
}

impl State {
    pub(super) fn new(task: &Task<'_>) -> Self {
        let facts = Arc::new(plan::initial_facts(task.credential));
        Self { facts, asked: Asked::new(), exchanges: Vec::new(), told: HashMap::new(), ended: None }
    }

    /// What is known now, for a script.
    pub(super) fn facts(&self) -> Arc<FactSet> {
        Arc::clone(&self.facts)
    }

    /// Adds incidents.
    pub(super) fn note(&mut self, incidents: Vec<Incident>) {
        Arc::make_mut(&mut self.facts).incidents.extend(incidents);
    }

    /// Nothing is asked from now on.
    pub(super) fn end(&mut self, why: Unknown) {
        self.ended = Some(why);
    }

    pub(super) fn plan(&mut self, task: &Task<'_>) -> Wave {
        let scope = plan::scope(task.policy, task.credential, &self.facts, task.judge);
        let facts = Arc::make_mut(&mut self.facts);
        if facts.listed.is_none() && !scope.globs.is_empty() {
            let unlisted = |reason| Listed { incomplete: Some(reason), ..Listed::default() };
            facts.listed = plan::unlisted(task.credential, facts).map(unlisted);
        }
        scope.apply(facts);
        next_wave(task.policy, task.credential, facts, &self.asked, task.judge, task.now)
    }

    /// Sets what needs no request. Gives the requests to send, or `None` where the plan is to be asked again first.
    pub(super) fn settle(&mut self, wave: Wave) -> Option<Vec<PlannedRequest>> {
        let again = !wave.settled.is_empty();
        let facts = Arc::make_mut(&mut self.facts);
        for (target, index, fact) in wave.settled {
            facts.set(&target, index, fact);
        }
        if let Some(reason) = &self.ended {
            for planned in wave.requests {
                for target in planned.targets() {
                    self.asked.insert((planned.row.name, target.clone()));
                    for index in &planned.facts {
                        give_up(facts, target, *index, reason);
                    }
                }
                if planned.row.listing.is_some() {
                    facts.listed.get_or_insert_default().incomplete.get_or_insert_with(|| reason.clone());
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

    /// Takes in what a question's answers say.
    pub(super) fn learn(&mut self, row: &Request, decoded: Decoded, asked: Vec<Asking>) {
        let Decoded { facts: told, incidents, listed, aliases, incomplete, ends } = decoded;
        let facts = Arc::make_mut(&mut self.facts);
        asked.iter().for_each(|asking| compare_clocks(facts, asking));
        for (target, index, fact) in told {
            facts.learn(&target, index, fact);
        }
        for incident in incidents {
            let alike = self.told.entry(about(&incident)).or_default();
            if !alike.iter().any(|at| facts.incidents.get(*at) == Some(&incident)) {
                alike.push(facts.incidents.len());
                facts.incidents.push(incident);
            }
        }
        if row.listing.is_some() {
            let seen = |asking: &Asking| Seen::of(&asking.exchange).evidence(Place::ListOf("repositories".into()));
            // A host that lists by organisation has a list for each.
            let all = facts.listed.get_or_insert_default();
            all.add(listed);
            all.aliases.extend(aliases);
            all.incomplete = all.incomplete.take().or(incomplete);
            all.evidence.extend(asked.iter().map(seen));
        }
        let unreachable = match asked.first().map(|asking| &asking.exchange.result) {
            // A host that the very first request does not reach is not asked a thousand times more.
            Some(Err(failure @ (Failure::Connection(_) | Failure::Tls(_) | Failure::Timeout(_))))
                if self.exchanges.is_empty() =>
            {
                Some(Unknown::new(Cause::NotReachable, failure.to_string()))
            }
            _ => None,
        };
        self.ended = self.ended.take().or(ends).or(unreachable);
        self.exchanges.extend(asked);
    }

    pub(super) fn finish(self, task: &Task<'_>) -> Collected {
        let mut facts = Arc::unwrap_or_clone(self.facts);
        match task.derives {
            Derives::Everything => derive(&mut facts, task.now),
            Derives::Read => derive_read(&mut facts, task.now, plan::read(task.policy, task.credential, task.judge)),
        }
        Collected { facts, exchanges: self.exchanges, minting: Vec::new() }
    }
}

/// What tells an incident from most others.
fn about(incident: &Incident) -> String {
    let of = |evidence: &[Evidence]| {
        let request = evidence.first().and_then(|one| one.request.as_ref());
        request.map_or_else(String::new, |request| request.url.clone())
    };
    match incident {
        Incident::NotVisible { repository, .. }
        | Incident::Invited { repository, .. }
        | Incident::Renamed { from: repository, .. } => repository.to_string(),
        Incident::NotAccepted { by, repository, evidence, .. } => {
            format!("{by} {} {}", repository.as_ref().map_or("", RepositoryName::as_str), of(evidence))
        }
        Incident::NotApproved { by, evidence, .. } => format!("{by} {}", of(evidence)),
        Incident::Note { text, evidence } => format!("{text} {}", of(evidence)),
        Incident::Refused { evidence, .. }
        | Incident::ClockOff { evidence, .. }
        | Incident::AnotherAccount { evidence, .. } => of(evidence),
        Incident::Withheld(_) => String::new(),
    }
}

/// A clock that is off is noted once a credential.
fn compare_clocks(facts: &mut FactSet, asking: &Asking) {
    let noted = || facts.incidents.iter().any(|incident| matches!(incident, Incident::ClockOff { .. }));
    if let Some(ahead) = asking.clock_ahead.filter(|ahead| ahead.unsigned_abs() > CLOCK_TOLERANCE && !noted()) {
        let evidence = vec![Seen::of(&asking.exchange).evidence(headers::DATE)];
        facts.incidents.push(Incident::ClockOff { ahead, evidence });
    }
}

/// Nothing more is asked: what is not known of a fact stays so for this reason.
fn give_up(facts: &mut FactSet, target: &Target, index: FactIndex, reason: &Unknown) {
    let subject = facts.subject_of(target);
    if subject.and_then(|subject| facts.subject(subject)).is_some_and(|facts| facts.is_contradicted(index)) {
        return;
    }
    let so_far = subject.and_then(|subject| facts.fact(index, subject));
    let fact = match so_far.map(|fact| (&fact.knowledge, &fact.evidence)) {
        Some((Knowledge::Bounded(bounds, _), evidence)) => {
            Fact { knowledge: Knowledge::Bounded(bounds.clone(), reason.clone()), evidence: evidence.clone() }
        }
        Some((Knowledge::Known(_) | Knowledge::Absent | Knowledge::Inapplicable(_), _)) => return,
        Some((Knowledge::Unknown(_), _)) | None => {
            Fact { knowledge: Knowledge::Unknown(reason.clone()), evidence: Vec::new() }
        }
    };
    facts.set(target, index, fact);
}
