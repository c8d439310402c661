//! The plan without asking: what a check could send, for `credcheck plan`.

use std::collections::BTreeMap;

use jiff::Timestamp;

use super::demand::demand;
use super::judge::Judge;
use super::kinds::initial_facts;
use super::once;
use super::planner::Needs;
use super::request::{Asked, PlannedRequest, tidy};
use super::scope::scope;
use super::source::{Source, source};
use super::wave::{MAX_WAVES, wave};
use crate::facts::{Cause, Credential, Fact, FactSet, Knowledge, Listed, Target, Unknown, Wanted, derive};
use crate::language::CheckedPolicy;
use crate::vocabulary::CredentialKind;

/// The requests that a check can make, wave by wave: at most these. A `judge` that lets open guards hold shows what they
/// may lead to. What globs select is not known before asking, so its requests are not listed.
pub fn dry_run(
    policy: &CheckedPolicy,
    credential: &Credential,
    judge: &Judge<'_>,
    now: Timestamp,
) -> Vec<PlannedRequest> {
    match credential.kinds.as_slice() {
        [] | [_] => of_one_kind(policy, credential, judge, now),
        _ => of_all_kinds(policy, credential, judge, now),
    }
}

/// The same, with what may be asked once beside them, where nothing else decides it.
pub fn at_most(
    policy: &CheckedPolicy,
    credential: &Credential,
    judge: &Judge<'_>,
    now: Timestamp,
) -> Vec<PlannedRequest> {
    let mut planned = dry_run(policy, credential, judge, now);
    let mut facts = FactSet::new(credential.host);
    scope(policy, credential, &facts, judge).apply(&mut facts);
    planned.extend(once::beside(crate::vocabulary::host(credential.host), credential, &facts, &planned));
    planned
}

/// The same, for a credential of one kind.
fn of_one_kind(
    policy: &CheckedPolicy,
    credential: &Credential,
    judge: &Judge<'_>,
    now: Timestamp,
) -> Vec<PlannedRequest> {
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
    judge: &Judge<'_>,
    now: Timestamp,
) -> Vec<PlannedRequest> {
    let mut planned: Vec<PlannedRequest> = Vec::new();
    let mut positions: BTreeMap<(&'static str, Target, Vec<Target>), usize> = BTreeMap::new();
    for kind in &credential.kinds {
        let one = Credential { kinds: vec![kind], ..credential.clone() };
        let telling = telling_kind(policy, credential, kind, judge, now);
        for request in of_one_kind(policy, &one, judge, now).into_iter().chain(telling) {
            let at = *positions
                .entry((request.row.name, request.target.clone(), request.also.clone()))
                .or_insert(planned.len());
            match planned.get_mut(at) {
                Some(have) => {
                    have.facts.extend(&request.facts);
                    have.wanted.join(request.wanted);
                    have.asked_by.extend(&request.asked_by);
                    tidy(have);
                }
                None => planned.push(request),
            }
        }
    }
    // What is about the credential comes before what it leads to.
    planned.sort_by_key(|request| request.target != Target::Credential);
    planned
}

/// The request that settles that it is this kind, where statements read the kind.
fn telling_kind(
    policy: &CheckedPolicy,
    credential: &Credential,
    kind: &'static CredentialKind,
    judge: &Judge<'_>,
    now: Timestamp,
) -> Option<PlannedRequest> {
    let host = crate::vocabulary::host(credential.host);
    let index = host.fact("token.kind")?;
    let Source::Request(row) = source(host, kind, index, credential) else { return None };
    let mut facts = FactSet::new(credential.host);
    scope(policy, credential, &facts, judge).apply(&mut facts);
    let mut derived = facts.clone();
    derive(&mut derived, now);
    let demand = demand(policy, credential, &facts, &derived, judge, None);
    let asked_by = demand.get(&(Target::Credential, index))?.iter().copied().collect();
    let (facts, wanted) = (vec![index], Wanted::NOTHING);
    Some(PlannedRequest { row, target: Target::Credential, also: Vec::new(), facts, wanted, asked_by })
}
