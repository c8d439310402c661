//! Waves: demanded facts, joined into the fewest requests that can be sent now.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;

use super::batch::in_batches;
use super::demand::{Judge, demand};
use super::proofs;
use super::scope::{Scope, scope};
use crate::facts::{
    Bounds, Cause, Credential, Evidence, Fact, FactSet, Knowledge, Target, Unknown, Value, derive, hidden, kind_of,
};
use crate::language::{CheckedPolicy, StatementId};
use crate::text::glob;
use crate::vocabulary::{
    self, CredentialKind, FactIndex, Host, Listing, ListingShape, Origin, Place, Proof, Request, Subject, Told,
};

/// Why a fact that a minted token would tell stays unknown.
const NEEDS_MINTING: &str = "only a token of the App's installation can read it: `--mint` decides this";

/// A request of a wave.
#[derive(Clone, Debug)]
pub struct PlannedRequest {
    /// What to ask.
    pub row: &'static Request,
    /// About what.
    pub target: Target,
    /// About what else, in the same request: the further repositories of a batch.
    pub also: Vec<Target>,
    /// The facts to settle.
    pub facts: Vec<FactIndex>,
    /// The statements that need them.
    pub asked_by: Vec<StatementId>,
}

impl PlannedRequest {
    /// Everything that it is about.
    pub fn targets(&self) -> impl Iterator<Item = &Target> {
        std::iter::once(&self.target).chain(&self.also)
    }
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
    wave(policy, credential, facts, asked, judge, now, Needs::MustBeKnown)
}

/// What becomes of a request that needs a fact which stays unknown.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Needs {
    /// It cannot be made.
    MustBeKnown,
    /// It is planned all the same: nothing is asked, so nothing gets known.
    AreExpected,
}

pub(super) fn wave(
    policy: &CheckedPolicy,
    credential: &Credential,
    facts: &FactSet,
    asked: &Asked,
    judge: &dyn Judge,
    now: Timestamp,
    needs: Needs,
) -> Wave {
    let mut derived = facts.clone();
    derive(&mut derived, now);
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
        settled: Vec::new(),
        requests: BTreeMap::new(),
    };
    for ((target, index), asked_by) in &demand(policy, credential, facts, &derived, judge) {
        planner.fact(target, *index, asked_by);
    }
    let scope = scope(policy, credential, &derived, judge);
    if scope.needs_list() {
        let asked_by = super::demand::covering(policy, credential, judge)
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
    planner.finish()
}

/// A wave while it is made.
pub(super) struct Planner<'a> {
    pub(super) host: &'static Host,
    pub(super) policy: &'a CheckedPolicy,
    pub(super) credential: &'a Credential,
    facts: &'a FactSet,
    pub(super) asked: &'a Asked,
    /// The kinds that it may still be of.
    kinds: Vec<&'static CredentialKind>,
    pub(super) needs: Needs,
    pub(super) settled: Vec<Settled>,
    requests: BTreeMap<(&'static str, Target), PlannedRequest>,
}

impl Planner<'_> {
    /// Plans what reveals a fact.
    pub(super) fn fact(&mut self, target: &Target, index: FactIndex, asked_by: &BTreeSet<StatementId>) {
        let source = match self.kinds.as_slice() {
            [only] => source(self.host, only, index, self.credential),
            several => source_of_any(self.host, self.credential, several, self.facts, self.asked, index),
        };
        // What is known in part stays so, unless a request that was not sent yet tells it, too.
        let partly = self.so_far(target, index).is_some();
        match source {
            Source::Settled(knowledge)
                if let [only] = self.kinds.as_slice()
                    && proofs::are_there(self.host, only, index) =>
            {
                let only = *only;
                self.prove(only, (target, index), knowledge, asked_by);
            }
            Source::Settled(_) if partly => {}
            Source::Request(row) | Source::Minted(row)
                if partly && self.asked.contains(&(row.name, target.clone())) => {}
            Source::Settled(knowledge) => {
                self.settled.push((target.clone(), index, from_table(self.credential, knowledge)));
            }
            Source::Kind(row) => {
                // What every kind learns from this request comes with it; the rest is planned once the kind is known.
                let with_it = *target == Target::Credential
                    && same_request(self.host, &self.kinds, index, self.credential) == Some(row.name);
                let facts: Vec<FactIndex> =
                    self.host.fact("token.kind").into_iter().chain(with_it.then_some(index)).collect();
                self.request(row, &Target::Credential, &facts, asked_by);
            }
            Source::Request(row) | Source::Minted(row) if self.asked.contains(&(row.name, target.clone())) => {
                let knowledge = Knowledge::unknown(Cause::Malformed, "the host's answer does not tell");
                self.settled.push((target.clone(), index, from_table(self.credential, knowledge)));
            }
            Source::Request(row) => self.once_known(row, row.needs, target, index, asked_by),
            // A token is minted for the installation that covers the repository.
            Source::Minted(row) => self.once_known(row, &["installation.id"], target, index, asked_by),
        }
    }

    /// Plans a request where what it needs is known; else what tells that.
    fn once_known(
        &mut self,
        row: &'static Request,
        needs: &'static [&'static str],
        target: &Target,
        index: FactIndex,
        asked_by: &BTreeSet<StatementId>,
    ) {
        match self.missing(needs, target) {
            None => self.request(row, target, &[index], asked_by),
            Some(Missing::NotAsked(whose, needed)) => self.fact(&whose, needed, asked_by),
            // What is known in part stays so.
            Some(Missing::Unknown(_)) if self.so_far(target, index).is_some() => {}
            Some(Missing::Unknown(fact)) => self.settled.push((target.clone(), index, *fact)),
        }
    }

    /// What is known of a fact.
    pub(super) fn so_far(&self, target: &Target, index: FactIndex) -> Option<&Fact> {
        self.facts.fact(index, self.facts.subject_of(target)?)
    }

    /// What a request needs and is not known: of the credential, or of the repository that it is about.
    pub(super) fn missing(&self, needs: &[&str], target: &Target) -> Option<Missing> {
        needs.iter().find_map(|path| {
            let index = self.host.fact(path)?;
            let whose = match self.host.row(index).subject {
                Subject::Credential => &Target::Credential,
                Subject::Repository | Subject::Organization => target,
            };
            let known = self.facts.subject_of(whose).and_then(|subject| self.facts.subject(subject)?.get(index));
            let Some(fact) = known else { return Some(Missing::NotAsked(whose.clone(), index)) };
            let why = match &fact.knowledge {
                _ if self.needs == Needs::AreExpected => return None,
                Knowledge::Known(_) => return None,
                Knowledge::Unknown(unknown) | Knowledge::Bounded(_, unknown) => unknown.clone(),
                Knowledge::Inapplicable(reason) => Unknown::new(Cause::NotRevealable, reason.clone()),
                Knowledge::Absent => {
                    Unknown::new(Cause::NotRevealable, format!("it cannot be asked for without `{path}`"))
                }
            };
            let fact = Fact { knowledge: Knowledge::Unknown(why), evidence: fact.evidence.clone() };
            Some(Missing::Unknown(Box::new(fact)))
        })
    }

    pub(super) fn request(
        &mut self,
        row: &'static Request,
        target: &Target,
        facts: &[FactIndex],
        asked_by: &BTreeSet<StatementId>,
    ) {
        let planned = self.requests.entry((row.name, target.clone())).or_insert_with(|| PlannedRequest {
            row,
            target: target.clone(),
            also: Vec::new(),
            facts: Vec::new(),
            asked_by: Vec::new(),
        });
        planned.facts.extend(facts);
        planned.asked_by.extend(asked_by);
    }

    fn finish(self) -> Wave {
        let mut requests = one_an_owner(self.requests.into_values());
        requests.iter_mut().for_each(tidy);
        if self.needs == Needs::MustBeKnown {
            one_probe_first(&mut requests, self.host, self.asked);
        }
        if self.asked.is_empty() {
            let only = if let [only] = self.kinds.as_slice() { Some(*only) } else { None };
            alone(&mut requests, only);
        } else {
            requests = in_batches(requests, self.host, &self.kinds, self.asked);
        }
        Wave { settled: self.settled, requests }
    }
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
    for one in planned {
        let owner = |request: &PlannedRequest| match &request.target {
            Target::Repository(name) if request.row.subject == Subject::Organization => {
                Some(name.owner().to_ascii_lowercase())
            }
            _ => None,
        };
        let same = |have: &&mut PlannedRequest| {
            have.row.name == one.row.name && owner(have).is_some() && owner(have) == owner(&one)
        };
        match requests.iter_mut().find(same) {
            Some(have) => {
                have.also.push(one.target);
                have.facts.extend(one.facts);
                have.asked_by.extend(one.asked_by);
            }
            None => requests.push(one),
        }
    }
    requests
}

/// What a request needs.
pub(super) enum Missing {
    /// It was not asked for yet.
    NotAsked(Target, FactIndex),
    /// It cannot be known; the fact that says why.
    Unknown(Box<Fact>),
}

/// Facts and statements sorted, each once.
pub(super) fn tidy(request: &mut PlannedRequest) {
    request.facts.sort_unstable();
    request.facts.dedup();
    request.asked_by.sort_unstable();
    request.asked_by.dedup();
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
fn listing(host: &'static Host, kinds: &[&'static CredentialKind], credential: &Credential, asked: &Asked) -> Source {
    let of_kind = |kind: &CredentialKind| {
        let may_ask = |listing: &Listing| credential.app.mints || listing.shape != ListingShape::OfInstallations;
        listing_of(host, kind).filter(|row| row.listing.as_ref().is_some_and(may_ask))
    };
    let row = match kinds {
        [only] => of_kind(only),
        several => match first_request(host, credential) {
            Some(first) if !asked.contains(&(first.name, Target::Credential)) => return Source::Kind(first),
            _ => {
                let mut rows = several.iter().map(|kind| of_kind(kind));
                let first = rows.next().flatten();
                first.filter(|first| rows.all(|row| row.is_some_and(|row| row.name == first.name)))
            }
        },
    };
    row.map_or_else(|| Source::Settled(Knowledge::unknown(Cause::NotRevealable, "nothing lists")), Source::Request)
}

/// The request that lists what a kind of credential sees.
fn listing_of(host: &'static Host, kind: &CredentialKind) -> Option<&'static Request> {
    let lists = |row: &&Request| row.listing.as_ref().is_some_and(|listing| listing.kinds.contains(&kind.word));
    host.requests.iter().find(lists)
}

/// Why a credential cannot list repositories that it could list with a minted token.
pub fn unlisted(credential: &Credential, facts: &FactSet) -> Option<Unknown> {
    let row = listing_of(vocabulary::host(credential.host), kind_of(credential, facts)?)?;
    let minted = row.listing.as_ref().is_some_and(|listing| listing.shape == ListingShape::OfInstallations);
    let reason = "an App's key lists no repositories by itself: name them, or let `--mint` list them";
    (minted && !credential.app.mints).then(|| Unknown::new(Cause::NotRevealable, reason))
}

/// Whether a planned request takes a token that is minted first: `Some(true)` by the checker App, `Some(false)` with the
/// credential's own key.
pub fn minted_for(planned: &PlannedRequest, credential: &Credential) -> Option<bool> {
    if !credential.app.mints {
        return None;
    }
    let lists = planned.row.listing.as_ref().is_some_and(|listing| listing.shape == ListingShape::OfInstallations);
    let of_kind = |reveal: &&vocabulary::Reveal| {
        credential.kinds.iter().any(|kind| reveal.kinds.is_empty() || reveal.kinds.contains(&kind.word))
    };
    let reveals = vocabulary::host(credential.host).facts.iter().filter_map(|fact| match &fact.origin {
        Origin::Asked(reveals) => Some(reveals.iter().filter(of_kind)),
        Origin::Derived(_) => None,
    });
    let mut checked = reveals.flatten().filter_map(|reveal| match reveal.by {
        Told::Minted { request, .. } => (request == planned.row.name).then_some(false),
        Told::Checked { request, .. } => (request == planned.row.name).then_some(true),
        _ => None,
    });
    if lists { Some(false) } else { checked.next() }
}

/// What a listing is asked about: all that the credential sees, or, where the host lists by organisation only, each that
/// the globs name. A glob that names none is matched against what the others made known.
fn lists_about(row: &Request, scope: &Scope) -> BTreeSet<Target> {
    if row.subject != Subject::Organization {
        return BTreeSet::from([Target::Credential]);
    }
    let owners =
        scope.globs.iter().filter_map(|glob| glob.rsplit_once('/')).map(|(owner, _)| owner.to_ascii_lowercase());
    owners.filter(|owner| !glob::is_pattern(owner)).map(Target::Organization).collect()
}

/// What is known of a credential before anything is asked: its kind, where its text or its settings tell; the kinds it can
/// be, where no answer will tell either.
pub fn initial_facts(credential: &Credential) -> FactSet {
    let mut facts = FactSet::new(credential.host);
    let host = vocabulary::host(credential.host);
    let Some(index) = host.fact("token.kind") else { return facts };
    let knowledge = match credential.kinds.as_slice() {
        [only] => Knowledge::Known(Value::Word(only.word)),
        several if !several.iter().any(|kind| matches!(source(host, kind, index, credential), Source::Request(_))) => {
            let why = "the token's text can be of each of these kinds, and no answer tells which";
            let words = several.iter().map(|kind| kind.word).collect();
            Knowledge::Bounded(Bounds::Candidates(words), Unknown::new(Cause::NotRevealable, why))
        }
        _ => return facts,
    };
    facts.credential.set(index, from_table(credential, knowledge));
    facts
}

/// The kinds that the credential may be of, by its text, by how it was configured, and by what answers told.
pub(super) fn possible_kinds(credential: &Credential, facts: &FactSet) -> Vec<&'static CredentialKind> {
    let host = vocabulary::host(credential.host);
    if let Some(kind) = kind_of(credential, facts) {
        return vec![kind];
    }
    let told = host.fact("token.kind").and_then(|index| facts.credential.get(index)).map(|fact| &fact.knowledge);
    match told {
        Some(Knowledge::Bounded(Bounds::Candidates(words), _)) => {
            words.iter().filter_map(|word| host.credential_kind(word)).collect()
        }
        _ => credential.kinds.clone(),
    }
}

/// Where a fact comes from.
pub(super) enum Source {
    /// This request, about the fact's own target.
    Request(&'static Request),
    /// This request about the credential, which tells the kind: everything else depends on it.
    Kind(&'static Request),
    /// This request about the fact's own target, with a token minted for the installation that covers it.
    Minted(&'static Request),
    /// No request.
    Settled(Knowledge),
}

/// The request that tells the kind of a credential, while that is open.
fn first_request(host: &'static Host, credential: &Credential) -> Option<&'static Request> {
    credential.kinds.iter().find_map(|kind| kind.first_request).and_then(|name| host.request(name))
}

/// The request that tells a fact to every one of these kinds.
fn same_request(
    host: &'static Host,
    kinds: &[&'static CredentialKind],
    index: FactIndex,
    credential: &Credential,
) -> Option<&'static str> {
    let mut names = kinds.iter().map(|kind| match source(host, kind, index, credential) {
        Source::Request(row) => Some(row.name),
        Source::Kind(_) | Source::Minted(_) | Source::Settled(_) => None,
    });
    let first = names.next()??;
    names.all(|name| name == Some(first)).then_some(first)
}

/// Where a base fact comes from, while several kinds are possible.
fn source_of_any(
    host: &'static Host,
    credential: &Credential,
    kinds: &[&'static CredentialKind],
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
    if let Some(row) = same_request(host, kinds, index, credential).and_then(|name| host.request(name)) {
        return Source::Request(row);
    }
    // Another request than the first may tell the kind.
    let tells_kind = host.fact("token.kind").and_then(|kind| same_request(host, kinds, kind, credential));
    let tells_kind = tells_kind.and_then(|name| host.request(name));
    if let Some(row) = tells_kind.filter(|row| !asked.contains(&(row.name, Target::Credential))) {
        return Source::Kind(row);
    }
    let kind = host.fact("token.kind").and_then(|index| facts.credential.get(index)).map(|fact| &fact.knowledge);
    Source::Settled(match kind {
        Some(Knowledge::Unknown(unknown) | Knowledge::Bounded(_, unknown)) => Knowledge::Unknown(unknown.clone()),
        _ => Knowledge::unknown(Cause::Malformed, "the host's answer does not tell the credential's kind"),
    })
}

/// Where a base fact comes from, for a kind of credential.
pub(super) fn source(
    host: &'static Host,
    kind: &'static CredentialKind,
    index: FactIndex,
    credential: &Credential,
) -> Source {
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
            Told::Minted { request, .. } if credential.app.mints => {
                if let Some(request) = host.request(request) {
                    return Source::Minted(request);
                }
            }
            Told::Minted { .. } => settled = Some(Knowledge::unknown(Cause::NotRevealable, NEEDS_MINTING)),
            Told::Checked { request, otherwise, .. } => match &credential.app.checker {
                Some(_) if credential.app.mints => {
                    if let Some(request) = host.request(request) {
                        return Source::Request(request);
                    }
                }
                Some(checker) => {
                    let reason = format!("{otherwise}; with `--mint`, the checker App `{checker}` decides this");
                    settled = Some(hidden(row, kind, &reason));
                }
                None => settled = Some(hidden(row, kind, otherwise)),
            },
            Told::TokenText if row.path == "token.kind" => settled = Some(Knowledge::Known(Value::Word(kind.word))),
            Told::TokenText => {}
            Told::Inapplicable(reason) => settled = Some(Knowledge::Inapplicable((*reason).to_owned())),
            Told::NotRevealable(reason) => settled = Some(hidden(row, kind, reason)),
        }
    }
    Source::Settled(settled.unwrap_or_else(|| {
        Knowledge::unknown(Cause::NotRevealable, format!("no request shows it to a {}", kind.title))
    }))
}

/// A fact that the kind alone settles, with the kind's evidence.
pub(super) fn from_table(credential: &Credential, knowledge: Knowledge) -> Fact {
    let source = credential.kind_evidence.clone().unwrap_or(Place::Kind);
    Fact { knowledge, evidence: vec![Evidence::own(source)] }
}
