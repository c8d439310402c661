//! The planner: fact by fact, the request that tells it, or what that request needs first.

use std::collections::{BTreeMap, BTreeSet};

use super::proofs;
use super::request::{Asked, PlannedRequest, Settled};
use super::source::{Source, from_table, same_request, source, source_of_any};
use crate::facts::{Cause, Credential, Fact, FactSet, Knowledge, Target, Unknown, Wanted, base_facts};
use crate::language::{CheckedPolicy, Statement, StatementId};
use crate::vocabulary::{CredentialKind, FactIndex, Host, OnceProof, Origin, Request, Subject, Told, Type};

/// What becomes of a request that needs a fact which stays unknown.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Needs {
    /// It cannot be made.
    MustBeKnown,
    /// It is planned all the same: nothing is asked, so nothing gets known.
    AreExpected,
}

/// What a request needs.
pub(super) enum Missing {
    /// It was not asked for yet.
    NotAsked(Target, FactIndex),
    /// It cannot be known; the fact that says why.
    Unknown(Box<Fact>),
}

/// A wave while it is made.
pub(super) struct Planner<'a> {
    pub(super) host: &'static Host,
    pub(super) policy: &'a CheckedPolicy,
    pub(super) credential: &'a Credential,
    pub(super) facts: &'a FactSet,
    pub(super) asked: &'a Asked,
    /// The kinds that it may still be of.
    pub(super) kinds: Vec<&'static CredentialKind>,
    pub(super) needs: Needs,
    /// What may still prove whose the credential is.
    pub(super) login: Option<&'static OnceProof>,
    pub(super) settled: Vec<Settled>,
    pub(super) requests: BTreeMap<(&'static str, Target), PlannedRequest>,
}

impl Planner<'_> {
    /// Plans what reveals a fact.
    pub(super) fn fact(&mut self, target: &Target, index: FactIndex, asked_by: &BTreeSet<StatementId>) {
        if self.open_login() == Some(index) {
            self.prove_login(index, asked_by);
            return;
        }
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
                if partly && self.asked.contains(&(row.name, target.clone())) =>
            {
                self.prove_name(target, index, asked_by);
            }
            Source::Settled(knowledge) => {
                self.settled.push((target.clone(), index, from_table(self.credential, knowledge)));
            }
            Source::Kind(row) => {
                // What every kind learns from this request comes with it; the rest is planned once the kind is known.
                let with_it = |index: &FactIndex| {
                    self.host.row(*index).subject == Subject::Credential
                        && same_request(self.host, &self.kinds, *index, self.credential) == Some(row.name)
                };
                let with_it = std::iter::once(index).chain(self.read_anywhere()).filter(with_it);
                let facts: Vec<FactIndex> = self.host.fact("token.kind").into_iter().chain(with_it).collect();
                self.request(row, &Target::Credential, &facts, asked_by);
            }
            Source::Request(row) | Source::Minted(row) if self.asked.contains(&(row.name, target.clone())) => {
                let knowledge = self.untold(row, target);
                self.settled.push((target.clone(), index, from_table(self.credential, knowledge)));
            }
            Source::Request(row) => self.once_known(row, row.needs, target, index, asked_by),
            // A token is minted for the installation that covers the repository.
            Source::Minted(row) => {
                let installation = self.host.grounds().and_then(|grounds| grounds.installation.as_ref());
                let needs: Vec<&str> =
                    installation.map(|one| one.id).into_iter().chain(row.needs.iter().copied()).collect();
                self.once_known(row, &needs, target, index, asked_by);
            }
        }
    }

    /// What is left of a fact whose request was answered without telling of it: why the answer told nothing else either,
    /// where that is why. Only an answer that tells the rest makes no sense.
    fn untold(&self, row: &Request, target: &Target) -> Knowledge {
        let tells = |fact: &crate::vocabulary::Fact| match &fact.origin {
            Origin::Asked(reveals) => reveals.iter().any(|reveal| match reveal.by {
                Told::Request { request, .. } | Told::Minted { request, .. } | Told::Checked { request, .. } => {
                    request == row.name
                }
                _ => false,
            }),
            Origin::Derived(_) => false,
        };
        let told = self.host.facts.iter().filter(|fact| tells(fact));
        let told = told.filter_map(|fact| self.so_far(target, self.host.fact(fact.path)?));
        let refused = told.filter_map(|fact| match &fact.knowledge {
            Knowledge::Unknown(why) if matches!(why.cause, Cause::NotPermitted | Cause::NotReachable) => Some(why),
            _ => None,
        });
        refused
            .map(|why| Knowledge::Unknown(why.clone()))
            .next()
            .unwrap_or_else(|| Knowledge::unknown(Cause::Malformed, "the host's answer does not tell"))
    }

    /// Plans a request where what it needs is known; else what tells that.
    fn once_known(
        &mut self,
        row: &'static Request,
        needs: &[&str],
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

    /// The facts that the policy's statements about this host read, whatever their guards, and those that their requests need.
    /// A request that is made all the same, and never again, settles those of them that it tells.
    fn read_anywhere(&self) -> BTreeSet<FactIndex> {
        let own = |statement: &&Statement| {
            self.policy.rule(statement.rule).is_some_and(|rule| rule.host == self.credential.host)
        };
        let statements = self.policy.statements.iter().filter(own);
        let read = statements.flat_map(|statement| statement.facts.iter().chain(&statement.guard_facts));
        let mut all: BTreeSet<FactIndex> = BTreeSet::new();
        let mut next: Vec<FactIndex> = read.flat_map(|index| base_facts(self.credential.host, *index)).collect();
        while let Some(index) = next.pop() {
            if all.insert(index) {
                let sources = self.kinds.iter().map(|kind| source(self.host, kind, index, self.credential));
                let needs = sources.flat_map(|source| match source {
                    Source::Request(row) => row.needs,
                    Source::Kind(_) | Source::Minted(_) | Source::Settled(_) => &[],
                });
                next.extend(needs.filter_map(|path| self.host.fact(path)));
            }
        }
        all
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
            if self.host.login == Some(*path) && self.open_login().is_some() {
                return Some(Missing::NotAsked(whose.clone(), index));
            }
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
        let mut wanted = Wanted::NOTHING;
        for index in facts.iter().filter(|index| matches!(self.host.row(**index).ty, Type::Names(_))) {
            wanted.join(self.names_of(*index));
        }
        let planned = self.requests.entry((row.name, target.clone())).or_insert_with(|| PlannedRequest {
            row,
            target: target.clone(),
            also: Vec::new(),
            facts: Vec::new(),
            wanted: Wanted::NOTHING,
            asked_by: Vec::new(),
        });
        planned.wanted.join(wanted);
        planned.facts.extend(facts);
        planned.asked_by.extend(asked_by);
    }
}
