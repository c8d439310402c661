//! Waves: demanded facts, joined into the fewest requests that can be sent now.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;

use super::demand::{Judge, demand};
use super::scope::scope;
use crate::facts::{Cause, Credential, Evidence, Fact, FactSet, Knowledge, Target, Value, derive};
use crate::language::{CheckedPolicy, StatementId};
use crate::vocabulary::{self, CredentialKind, FactIndex, Host, Origin, Request, Told};

/// A request of a wave.
#[derive(Clone, Debug)]
pub struct PlannedRequest {
    /// What to ask.
    pub row: &'static Request,
    /// About what.
    pub target: Target,
    /// The facts to settle.
    pub facts: Vec<FactIndex>,
    /// The statements that need them.
    pub asked_by: Vec<StatementId>,
}

/// A fact that the tables settle without a request.
pub type Settled = (Target, FactIndex, Fact);

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

/// The requests sent so far, by row and target: each is sent once.
pub type Asked = BTreeSet<(&'static str, Target)>;

/// The next wave for a credential, given what is known. The very first wave is one request alone, so that a dead
/// credential counts as one bad login.
pub fn next_wave(
    policy: &CheckedPolicy,
    credential: &Credential,
    facts: &FactSet,
    asked: &Asked,
    judge: &dyn Judge,
    now: Timestamp,
) -> Wave {
    let mut derived = facts.clone();
    derive(&mut derived, now);
    let demand = demand(policy, credential, facts, &derived, judge);
    let host = vocabulary::host(credential.host);
    let kind = kind_of(credential, facts);
    let mut wave = Wave::default();
    let mut requests: BTreeMap<(&'static str, Target), PlannedRequest> = BTreeMap::new();
    for ((target, index), asked_by) in &demand {
        match source(host, kind, credential, *index) {
            Source::Settled(knowledge) => {
                wave.settled.push((target.clone(), *index, from_table(credential, knowledge)))
            }
            Source::Request(row) if asked.contains(&(row.name, target.clone())) => {
                let knowledge = Knowledge::unknown(Cause::Malformed, "the host's answer does not tell");
                wave.settled.push((target.clone(), *index, from_table(credential, knowledge)));
            }
            Source::Request(row) => {
                let planned = requests.entry((row.name, target.clone())).or_insert_with(|| PlannedRequest {
                    row,
                    target: target.clone(),
                    facts: Vec::new(),
                    asked_by: Vec::new(),
                });
                planned.facts.push(*index);
                planned.asked_by.extend(asked_by);
            }
        }
    }
    if let Some(listing) = listing(policy, credential, facts, &derived, asked, judge, kind, host) {
        requests.insert((listing.row.name, listing.target.clone()), listing);
    }
    wave.requests = requests.into_values().collect();
    for request in &mut wave.requests {
        request.asked_by.sort_unstable();
        request.asked_by.dedup();
    }
    if asked.is_empty() {
        alone(&mut wave.requests, kind);
    }
    wave
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

/// The listing that globs need, while nothing was listed.
#[expect(clippy::too_many_arguments, reason = "the parts of the plan's question, each named")]
fn listing(
    policy: &CheckedPolicy,
    credential: &Credential,
    facts: &FactSet,
    derived: &FactSet,
    asked: &Asked,
    judge: &dyn Judge,
    kind: Option<&'static CredentialKind>,
    host: &'static Host,
) -> Option<PlannedRequest> {
    if facts.listed.is_some() || scope(policy, credential, derived, judge).globs.is_empty() {
        return None;
    }
    let kind = kind?;
    let row = host
        .requests
        .iter()
        .find(|row| row.listing.as_ref().is_some_and(|listing| listing.kinds.contains(&kind.word)))?;
    if asked.contains(&(row.name, Target::Credential)) {
        return None;
    }
    let asked_by = super::demand::covering(policy, credential, judge)
        .filter(|statement| statement.subject != vocabulary::Subject::Credential)
        .map(|statement| statement.id)
        .collect();
    Some(PlannedRequest { row, target: Target::Credential, facts: Vec::new(), asked_by })
}

/// The kind, where it is known: from the facts, or because the credential can be one kind only.
pub(super) fn kind_of(credential: &Credential, facts: &FactSet) -> Option<&'static CredentialKind> {
    let host = vocabulary::host(credential.host);
    let known = host.fact("token.kind").and_then(|index| facts.credential.get(index)).map(|fact| &fact.knowledge);
    match known {
        Some(Knowledge::Known(Value::Word(word))) => host.credential_kind(word),
        _ => match credential.kinds.as_slice() {
            [only] => Some(only),
            _ => None,
        },
    }
}

enum Source {
    Request(&'static Request),
    Settled(Knowledge),
}

/// Where a base fact comes from, for a kind of credential or, while that is open, for all that it may be.
fn source(
    host: &'static Host,
    kind: Option<&'static CredentialKind>,
    credential: &Credential,
    index: FactIndex,
) -> Source {
    let row = host.row(index);
    let Origin::Asked(reveals) = &row.origin else {
        return Source::Settled(Knowledge::unknown(Cause::NotRevealable, "it is not asked for"));
    };
    let Some(kind) = kind else {
        // The kind comes first: everything else depends on it.
        let first = credential.kinds.iter().find_map(|kind| kind.first_request).and_then(|name| host.request(name));
        return match first {
            Some(first) => Source::Request(first),
            None => Source::Settled(Knowledge::unknown(
                Cause::NotRevealable,
                "this version cannot ask with such a credential",
            )),
        };
    };
    let of_kind = |reveal: &&vocabulary::Reveal| reveal.kinds.is_empty() || reveal.kinds.contains(&kind.word);
    let told = reveals.iter().filter(of_kind).map(|reveal| &reveal.by);
    let mut settled = None;
    for told in told {
        match told {
            Told::Request { request, .. } => {
                if let Some(request) = host.request(request) {
                    return Source::Request(request);
                }
            }
            Told::TokenText if row.path == "token.kind" => settled = Some(Knowledge::Known(Value::Word(kind.word))),
            Told::TokenText => {}
            Told::Inapplicable(reason) => settled = Some(Knowledge::Inapplicable((*reason).to_owned())),
            Told::NotRevealable(reason) => settled = Some(Knowledge::unknown(Cause::NotRevealable, *reason)),
        }
    }
    Source::Settled(settled.unwrap_or_else(|| {
        Knowledge::unknown(Cause::NotRevealable, format!("no request shows it to a {}", kind.title))
    }))
}

/// A fact that the kind alone settles, with the kind's evidence.
fn from_table(credential: &Credential, knowledge: Knowledge) -> Fact {
    let source = credential.kind_evidence.clone().unwrap_or_else(|| "kind of the credential".to_owned());
    Fact { knowledge, evidence: vec![Evidence::own(source)] }
}
