//! Waves: demanded facts, joined into the fewest requests that can be sent now.

use std::collections::{BTreeMap, HashMap};

use jiff::Timestamp;

use super::batch::in_batches;
use super::demand::{covering, demand, read};
use super::judge::Judge;
use super::kinds::possible_kinds;
use super::listing::{listing, lists_about};
use super::planner::{Needs, Planner};
use super::request::{Asked, PlannedRequest, Settled, tidy};
use super::scope::scope;
use super::source::Source;
use crate::facts::{Credential, FactSet, Incident, Target, derive_read};
use crate::language::CheckedPolicy;
use crate::vocabulary::{self, CredentialKind, FactIndex, Host, Proof, Subject};

/// The most waves of one credential. Each wave asks or settles something new, and chains of dependent facts are short:
/// more would be a plan that goes round in circles.
pub const MAX_WAVES: usize = 64;

/// What to do next.
#[derive(Clone, Debug, Default)]
pub struct Wave {
    /// Facts that need no request. Where there are any, they are to be set, and the plan asked again, before anything is
    /// sent: they may rule requests out.
    pub settled: Vec<Settled>,
    /// Requests that do not depend on each other.
    pub requests: Vec<PlannedRequest>,
}

impl Wave {
    /// Whether nothing is left to do.
    pub const fn is_empty(&self) -> bool {
        self.settled.is_empty() && self.requests.is_empty()
    }
}

/// The next wave for a credential, given what is known. The very first wave is one request alone, so that a dead
/// credential counts as one bad login.
pub fn next_wave(
    policy: &CheckedPolicy,
    credential: &Credential,
    facts: &FactSet,
    asked: &Asked,
    judge: &Judge<'_>,
    now: Timestamp,
) -> Wave {
    wave(policy, credential, facts, asked, judge, now, Needs::MustBeKnown)
}

pub(super) fn wave(
    policy: &CheckedPolicy,
    credential: &Credential,
    facts: &FactSet,
    asked: &Asked,
    judge: &Judge<'_>,
    now: Timestamp,
    needs: Needs,
) -> Wave {
    let mut derived = facts.clone();
    derive_read(&mut derived, now, read(policy, credential, judge));
    let host = vocabulary::host(credential.host);
    let kinds = possible_kinds(credential, facts);
    let mut planner = Planner {
        host,
        policy,
        credential,
        facts,
        asked,
        kinds,
        needs,
        login: None,
        settled: Vec::new(),
        requests: BTreeMap::new(),
    };
    planner.login = planner.login_proof();
    let demanded = demand(policy, credential, facts, &derived, judge, planner.open_login());
    for ((target, index), asked_by) in &demanded {
        planner.fact(target, *index, asked_by);
    }
    let scope = scope(policy, credential, &derived, judge);
    if scope.needs_list() {
        let asked_by = covering(policy, credential, judge)
            .filter(|statement| statement.subject != Subject::Credential)
            .map(|statement| statement.id)
            .collect();
        match listing(host, &planner.kinds, credential, asked) {
            Source::Request(row) => {
                for target in lists_about(row, &scope) {
                    if !asked.contains(&(row.name, target.clone()))
                        && (facts.listed.is_none() || target != Target::Credential)
                    {
                        planner.request(row, &target, &[], &asked_by);
                    }
                }
            }
            Source::Kind(row) if facts.listed.is_none() => {
                let kind: Vec<FactIndex> = host.fact("token.kind").into_iter().collect();
                planner.request(row, &Target::Credential, &kind, &asked_by);
            }
            Source::Kind(_) | Source::Minted(_) | Source::Settled(_) => {}
        }
    }
    planner.ask_why_hidden();
    invitations(&mut planner, judge);
    wave_of(planner)
}

/// What may explain why a repository is not visible, once one is not.
fn invitations(planner: &mut Planner<'_>, judge: &Judge<'_>) {
    let Some(invitations) = &planner.host.invitations else { return };
    let is_hidden = |incident: &Incident| matches!(incident, Incident::NotVisible { .. });
    let Some(row) = planner.host.request(invitations.request) else { return };
    if !planner.facts.incidents.iter().any(is_hidden)
        || planner.asked.contains(&(row.name, Target::Credential))
        || !planner.kinds.iter().all(|kind| invitations.kinds.contains(&kind.word))
    {
        return;
    }
    let asked_by = covering(planner.policy, planner.credential, judge)
        .filter(|statement| statement.subject != Subject::Credential)
        .map(|statement| statement.id)
        .collect();
    planner.request(row, &Target::Credential, &[], &asked_by);
}

/// The wave of what was planned: joined where one request serves several, one request alone where it comes first.
fn wave_of(planner: Planner<'_>) -> Wave {
    let mut requests = one_an_owner(planner.requests.into_values());
    requests.iter_mut().for_each(tidy);
    if planner.needs == Needs::MustBeKnown {
        one_probe_first(&mut requests, planner.host, planner.asked);
    }
    if planner.asked.is_empty() {
        let only = if let [only] = planner.kinds.as_slice() { Some(*only) } else { None };
        alone(&mut requests, only);
    } else {
        requests = in_batches(requests, planner.host, &planner.kinds, planner.asked);
    }
    Wave { settled: planner.settled, requests }
}

/// The first write probe goes alone: where the host takes what it must refuse, no other follows.
fn one_probe_first(requests: &mut Vec<PlannedRequest>, host: &Host, asked: &Asked) {
    let is_probe = |name: &str| host.proof(name).is_some_and(Proof::is_probe);
    if asked.iter().any(|(name, _)| is_probe(name)) {
        return;
    }
    let mut first = true;
    requests.retain(|planned| !is_probe(planned.row.name) || std::mem::take(&mut first));
}

/// Requests about the owner of repositories: one for all repositories that it has.
fn one_an_owner(planned: impl Iterator<Item = PlannedRequest>) -> Vec<PlannedRequest> {
    let mut requests: Vec<PlannedRequest> = Vec::new();
    let mut of_owner: HashMap<(&'static str, String), usize> = HashMap::new();
    for one in planned {
        let owner = match &one.target {
            Target::Repository(name) if one.row.subject == Subject::Organization => {
                Some((one.row.name, name.owner().to_ascii_lowercase()))
            }
            _ => None,
        };
        let have = owner.as_ref().and_then(|owner| of_owner.get(owner)).and_then(|at| requests.get_mut(*at));
        match have {
            Some(have) => {
                have.also.push(one.target);
                have.facts.extend(one.facts);
                have.wanted.join(one.wanted);
                have.asked_by.extend(one.asked_by);
            }
            None => {
                of_owner.extend(owner.map(|owner| (owner, requests.len())));
                requests.push(one);
            }
        }
    }
    requests
}

/// Keeps the one request that goes first: the kind's own first request where it is wanted, else a credential's.
fn alone(requests: &mut Vec<PlannedRequest>, kind: Option<&'static CredentialKind>) {
    let first = kind.and_then(|kind| kind.first_request);
    let at = requests
        .iter()
        .position(|request| Some(request.row.name) == first)
        .or_else(|| requests.iter().position(|request| request.target == Target::Credential))
        .unwrap_or(0);
    if at < requests.len() {
        let chosen = requests.swap_remove(at);
        requests.clear();
        requests.push(chosen);
    }
}
