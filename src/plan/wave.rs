//! Waves: demanded facts, joined into the fewest requests that can be sent now.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;

use super::demand::{Judge, demand};
use super::scope::scope;
use crate::facts::{Bounds, Cause, Credential, Evidence, Fact, FactSet, Knowledge, Target, Unknown, Value, derive};
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

/// The most waves of one credential. Each wave asks or settles something new, and chains of dependent facts are short:
/// more would be a plan that goes round in circles.
pub const MAX_WAVES: usize = 64;

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
    let mut plan = |row: &'static Request, target: &Target, facts: &[FactIndex], asked_by: &BTreeSet<StatementId>| {
        let planned = requests.entry((row.name, target.clone())).or_insert_with(|| PlannedRequest {
            row,
            target: target.clone(),
            facts: Vec::new(),
            asked_by: Vec::new(),
        });
        planned.facts.extend(facts);
        planned.asked_by.extend(asked_by);
    };
    for ((target, index), asked_by) in &demand {
        let source = match kind {
            Some(kind) => source(host, kind, *index),
            None => source_of_any(host, credential, facts, asked, *index),
        };
        match source {
            Source::Settled(knowledge) => {
                wave.settled.push((target.clone(), *index, from_table(credential, knowledge)));
            }
            Source::Kind(row) => {
                // What every kind learns from this request comes with it; the rest is planned once the kind is known.
                let with_it = *target == Target::Credential && same_request(host, credential, *index) == Some(row.name);
                let facts: Vec<FactIndex> =
                    host.fact("token.kind").into_iter().chain(with_it.then_some(*index)).collect();
                plan(row, &Target::Credential, &facts, asked_by);
            }
            Source::Request(row) if asked.contains(&(row.name, target.clone())) => {
                let knowledge = Knowledge::unknown(Cause::Malformed, "the host's answer does not tell");
                wave.settled.push((target.clone(), *index, from_table(credential, knowledge)));
            }
            Source::Request(row) => plan(row, target, &[*index], asked_by),
        }
    }
    if facts.listed.is_none() && !scope(policy, credential, &derived, judge).globs.is_empty() {
        let asked_by = super::demand::covering(policy, credential, judge)
            .filter(|statement| statement.subject != vocabulary::Subject::Credential)
            .map(|statement| statement.id)
            .collect();
        match listing(host, kind, credential, asked) {
            Source::Request(row) if !asked.contains(&(row.name, Target::Credential)) => {
                plan(row, &Target::Credential, &[], &asked_by);
            }
            Source::Kind(row) => {
                let kind: Vec<FactIndex> = host.fact("token.kind").into_iter().collect();
                plan(row, &Target::Credential, &kind, &asked_by);
            }
            Source::Request(_) | Source::Settled(_) => {}
        }
    }
    wave.requests = requests.into_values().collect();
    for request in &mut wave.requests {
        request.facts.sort_unstable();
        request.facts.dedup();
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

/// The listing that globs need: the kind's, or the one that all possible kinds share; the kind comes first.
fn listing(
    host: &'static Host,
    kind: Option<&'static CredentialKind>,
    credential: &Credential,
    asked: &Asked,
) -> Source {
    let of_kind = |kind: &CredentialKind| {
        let lists = |row: &&Request| row.listing.as_ref().is_some_and(|listing| listing.kinds.contains(&kind.word));
        host.requests.iter().find(lists)
    };
    let row = match kind {
        Some(kind) => of_kind(kind),
        None => match first_request(host, credential) {
            Some(first) if !asked.contains(&(first.name, Target::Credential)) => return Source::Kind(first),
            _ => {
                let mut rows = credential.kinds.iter().map(|kind| of_kind(kind));
                let first = rows.next().flatten();
                first.filter(|first| rows.all(|row| row.is_some_and(|row| row.name == first.name)))
            }
        },
    };
    row.map_or_else(|| Source::Settled(Knowledge::unknown(Cause::NotRevealable, "nothing lists")), Source::Request)
}

/// What is known of a credential before anything is asked: its kind, where its text or its settings tell; the kinds it can
/// be, where no answer will tell either.
pub fn initial_facts(credential: &Credential) -> FactSet {
    let mut facts = FactSet::new(credential.host);
    let host = vocabulary::host(credential.host);
    let Some(index) = host.fact("token.kind") else { return facts };
    let knowledge = match credential.kinds.as_slice() {
        [only] => Knowledge::Known(Value::Word(only.word)),
        several if !several.iter().any(|kind| matches!(source(host, kind, index), Source::Request(_))) => {
            let why = "the token's text can be of each of these kinds, and no answer tells which";
            let words = several.iter().map(|kind| kind.word).collect();
            Knowledge::Bounded(Bounds::Candidates(words), Unknown::new(Cause::NotRevealable, why))
        }
        _ => return facts,
    };
    facts.credential.set(index, from_table(credential, knowledge));
    facts
}

/// The kind, where it is known: from the facts, or because the credential can be one kind only.
pub fn kind_of(credential: &Credential, facts: &FactSet) -> Option<&'static CredentialKind> {
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
    /// This request, about the fact's own target.
    Request(&'static Request),
    /// This request about the credential, which tells the kind: everything else depends on it.
    Kind(&'static Request),
    /// No request.
    Settled(Knowledge),
}

/// The request that tells the kind of a credential, while that is open.
fn first_request(host: &'static Host, credential: &Credential) -> Option<&'static Request> {
    credential.kinds.iter().find_map(|kind| kind.first_request).and_then(|name| host.request(name))
}

/// The request that tells a fact to every kind that the credential may be of.
fn same_request(host: &'static Host, credential: &Credential, index: FactIndex) -> Option<&'static str> {
    let mut names = credential.kinds.iter().map(|kind| match source(host, kind, index) {
        Source::Request(row) => Some(row.name),
        Source::Kind(_) | Source::Settled(_) => None,
    });
    let first = names.next()??;
    names.all(|name| name == Some(first)).then_some(first)
}

/// Where a base fact comes from, while several kinds are possible.
fn source_of_any(
    host: &'static Host,
    credential: &Credential,
    facts: &FactSet,
    asked: &Asked,
    index: FactIndex,
) -> Source {
    let Some(first) = first_request(host, credential) else {
        return Source::Settled(Knowledge::unknown(
            Cause::NotRevealable,
            "this version cannot ask with such a credential",
        ));
    };
    if !asked.contains(&(first.name, Target::Credential)) {
        return Source::Kind(first);
    }
    // The kind stays open: what all that are possible agree on is still asked for.
    if let Some(row) = same_request(host, credential, index).and_then(|name| host.request(name)) {
        return Source::Request(row);
    }
    let kind = host.fact("token.kind").and_then(|index| facts.credential.get(index)).map(|fact| &fact.knowledge);
    Source::Settled(match kind {
        Some(Knowledge::Unknown(unknown) | Knowledge::Bounded(_, unknown)) => Knowledge::Unknown(unknown.clone()),
        _ => Knowledge::unknown(Cause::Malformed, "the host's answer does not tell the credential's kind"),
    })
}

/// Where a base fact comes from, for a kind of credential.
fn source(host: &'static Host, kind: &'static CredentialKind, index: FactIndex) -> Source {
    let row = host.row(index);
    let Origin::Asked(reveals) = &row.origin else {
        return Source::Settled(Knowledge::unknown(Cause::NotRevealable, "it is not asked for"));
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
