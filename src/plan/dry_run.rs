//! The plan without asking: what a check could send, for `credcheck plan`.

use jiff::Timestamp;

use super::demand::Judge;
use super::scope::scope;
use super::wave::{Asked, MAX_WAVES, Needs, PlannedRequest, initial_facts, tidy, wave};
use crate::facts::{Cause, Credential, Fact, Knowledge, Listed, Unknown};
use crate::language::CheckedPolicy;

/// The requests that a check can make, wave by wave: at most these. A `judge` that lets open guards hold shows what they
/// may lead to. What globs select is not known before asking, so its requests are not listed.
pub fn dry_run(
    policy: &CheckedPolicy,
    credential: &Credential,
    judge: &dyn Judge,
    now: Timestamp,
) -> Vec<PlannedRequest> {
    if credential.kinds.len() > 1 {
        return of_all_kinds(policy, credential, judge, now);
    }
    let mut facts = initial_facts(credential);
    let not_asked = || Unknown::new(Cause::NotReachable, "nothing was asked");
    let mut asked = Asked::new();
    let mut planned = Vec::new();
    for _ in 0..MAX_WAVES {
        scope(policy, credential, &facts, judge).apply(&mut facts);
        let wave = wave(policy, credential, &facts, &asked, judge, now, Needs::AreExpected);
        if wave.is_empty() {
            break;
        }
        let settled = !wave.settled.is_empty();
        for (target, index, fact) in wave.settled {
            facts.set(&target, index, fact);
        }
        if settled {
            continue;
        }
        for request in wave.requests {
            if request.row.listing.is_some() {
                facts.listed = Some(Listed { incomplete: Some(not_asked()), ..Listed::default() });
            }
            for target in request.targets() {
                asked.insert((request.row.name, target.clone()));
                for index in &request.facts {
                    let fact = Fact { knowledge: Knowledge::Unknown(not_asked()), evidence: Vec::new() };
                    facts.set(target, *index, fact);
                }
            }
            planned.push(request);
        }
    }
    planned
}

/// While several kinds are possible: what any of them can lead to.
fn of_all_kinds(
    policy: &CheckedPolicy,
    credential: &Credential,
    judge: &dyn Judge,
    now: Timestamp,
) -> Vec<PlannedRequest> {
    let mut planned: Vec<PlannedRequest> = Vec::new();
    for kind in &credential.kinds {
        let one = Credential { kinds: vec![kind], ..credential.clone() };
        for request in dry_run(policy, &one, judge, now) {
            let same = |have: &&mut PlannedRequest| {
                have.row.name == request.row.name && have.target == request.target && have.also == request.also
            };
            match planned.iter_mut().find(same) {
                Some(have) => {
                    have.facts.extend(&request.facts);
                    have.asked_by.extend(&request.asked_by);
                    tidy(have);
                }
                None => planned.push(request),
            }
        }
    }
    planned
}
