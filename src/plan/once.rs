//! What is asked once, about one of the repositories, and proves something of the credential.

use std::collections::BTreeSet;

use super::planner::{Missing, Needs, Planner};
use super::request::{Asked, PlannedRequest};
use crate::facts::{Bounds, Cause, Credential, FactSet, Incident, Knowledge, RepositoryName, Target, Value, Wanted};
use crate::language::StatementId;
use crate::vocabulary::{FactIndex, Host, OnceProof, Proves, Subject, Type};

/// Nobody: such a request is made for no statement of its own.
const NOBODY: BTreeSet<StatementId> = BTreeSet::new();

/// The name that a credential is configured for, where it can be an account's.
fn configured(credential: &Credential) -> Option<&str> {
    credential.username.as_deref().filter(|name| !name.is_empty() && !name.contains('@'))
}

/// The repository that an incident says is not shown.
const fn not_visible(incident: &Incident) -> Option<&RepositoryName> {
    match incident {
        Incident::NotVisible { repository, .. } => Some(repository),
        _ => None,
    }
}

impl Planner<'_> {
    /// Those of the host that were not asked yet.
    fn once_proofs(&self) -> impl Iterator<Item = &'static OnceProof> {
        let asked = self.asked;
        let was_asked = move |proof: &&OnceProof| !asked.iter().any(|(name, _)| *name == proof.request.name);
        self.host.once_proofs.iter().filter(was_asked)
    }

    fn repositories(&self) -> Vec<Target> {
        self.facts.repositories.iter().map(|(name, _)| Target::Repository(name.clone())).collect()
    }

    /// Plans the one request that proves a name which is open and asked after, about a repository where it can prove it.
    pub(super) fn prove_name(&mut self, target: &Target, index: FactIndex, asked_by: &BTreeSet<StatementId>) {
        let Some(Knowledge::Bounded(Bounds::Names { granted, denied }, _)) =
            self.so_far(target, index).map(|fact| fact.knowledge.clone())
        else {
            return;
        };
        let wanted = self.names_of(index);
        let is_open = |proof: &&OnceProof| match proof.proves {
            Proves::Name(name) => !granted.grants(name) && !denied.names().contains(&name) && wanted.has(name),
            Proves::Login { .. } | Proves::AllHidden => false,
        };
        let proofs: Vec<&'static OnceProof> = self.once_proofs().filter(is_open).collect();
        for proof in proofs {
            if self.about_one(proof, index, asked_by, |planner, repository| planner.takes_writes(repository)) {
                return;
            }
        }
    }

    /// The proof of whose the credential is, where nothing else told that and an operator named the account. It is the same
    /// throughout a wave.
    pub(super) fn login_proof(&self) -> Option<&'static OnceProof> {
        let proof = self.once_proofs().find(|proof| matches!(proof.proves, Proves::Login { .. }))?;
        configured(self.credential)?;
        let login = self.facts.credential.get(self.host.fact(self.host.login?)?)?;
        let may_be_told = match &login.knowledge {
            Knowledge::Unknown(why) => matches!(why.cause, Cause::NotPermitted | Cause::NotRevealable),
            _ => false,
        };
        let may_answer = |repository: &Target| match self.missing(proof.request.needs, repository) {
            Some(Missing::NotAsked(..)) => true,
            Some(Missing::Unknown(_)) => false,
            None => self.tells_own_alone(proof, repository),
        };
        (self.needs == Needs::MustBeKnown && may_be_told && self.repositories().iter().any(may_answer)).then_some(proof)
    }

    /// The fact of whose the credential is, while the one question about a repository may still tell it.
    pub(super) fn open_login(&self) -> Option<FactIndex> {
        self.login.and_then(|_| self.host.fact(self.host.login?))
    }

    /// Plans what proves whose the credential is.
    pub(super) fn prove_login(&mut self, index: FactIndex, asked_by: &BTreeSet<StatementId>) {
        if let Some(proof) = self.login {
            self.about_one(proof, index, asked_by, |planner, repository| planner.tells_own_alone(proof, repository));
        }
    }

    /// Once nothing else is left to ask, and no repository is shown: plans what tells why.
    pub(super) fn ask_why_hidden(&mut self) {
        let idle = self.requests.is_empty() && self.settled.is_empty() && self.needs == Needs::MustBeKnown;
        let Some(proof) = self.once_proofs().find(|proof| matches!(proof.proves, Proves::AllHidden)) else { return };
        let hidden: BTreeSet<&RepositoryName> = self.facts.incidents.iter().filter_map(not_visible).collect();
        let mut repositories = self.facts.repositories.iter().map(|(name, _)| name);
        let Some(first) =
            repositories.clone().next().filter(|_| idle && repositories.all(|name| hidden.contains(name)))
        else {
            return;
        };
        let target = Target::Repository(first.clone());
        match self.missing(proof.request.needs, &target) {
            Some(Missing::NotAsked(whose, needed)) => self.fact(&whose, needed, &NOBODY),
            Some(Missing::Unknown(_)) => {}
            None => self.request(&proof.request, &target, &[], &NOBODY),
        }
    }

    /// Plans a proof about the first repository that fits, or what must be known of one before. Whether anything was planned.
    fn about_one(
        &mut self,
        proof: &'static OnceProof,
        index: FactIndex,
        asked_by: &BTreeSet<StatementId>,
        fits: impl Fn(&Self, &Target) -> bool,
    ) -> bool {
        for repository in self.repositories() {
            match self.missing(proof.request.needs, &repository) {
                Some(Missing::NotAsked(whose, needed)) => {
                    self.fact(&whose, needed, asked_by);
                    return true;
                }
                None if fits(self, &repository) => {
                    self.request(&proof.request, &repository, &[index], asked_by);
                    return true;
                }
                Some(Missing::Unknown(_)) | None => {}
            }
        }
        false
    }

    /// Whether the repository takes writes and is shown to the credential, as far as its own answer tells.
    fn takes_writes(&self, target: &Target) -> bool {
        let Some(grounds) = self.host.grounds() else { return false };
        let archived = |path: &str| self.so_far(target, self.host.fact(path)?)?.knowledge.value();
        let writable = grounds.archived.is_none_or(|path| archived(path) == Some(&Value::Bool(false)));
        writable && grounds.limits.as_ref().is_none_or(|limits| self.shows_at_least(target, limits.reads) == Some(true))
    }

    /// Whether the repository is shown to the credential, and not as to those who are told of others, too.
    fn tells_own_alone(&self, proof: &OnceProof, target: &Target) -> bool {
        let Proves::Login { tells_others_from } = proof.proves else { return false };
        let Some(limits) = self.host.grounds().and_then(|grounds| grounds.limits.as_ref()) else { return false };
        // What is limited to some repositories administers nothing, whatever their answers show.
        let limited = matches!(self.kinds.as_slice(), [only] if limits.kinds.contains(&only.word));
        self.shows_at_least(target, limits.reads) == Some(true)
            && (limited || self.shows_at_least(target, tells_others_from) == Some(false))
    }

    /// Whether a repository's own answer shows this level; `None` where it tells none.
    fn shows_at_least(&self, target: &Target, level: &str) -> Option<bool> {
        let limits = self.host.grounds()?.limits.as_ref()?;
        let index = self.host.fact(limits.shown)?;
        match (self.so_far(target, index)?.knowledge.value()?, self.host.row(index).ty) {
            (Value::Word(shown), Type::Level(table)) => Some(table.at_least(shown, level)),
            _ => None,
        }
    }
}

/// Of what a check could send: what may be asked once beside it.
pub(super) fn beside(
    host: &'static Host,
    credential: &Credential,
    facts: &FactSet,
    planned: &[PlannedRequest],
) -> Vec<PlannedRequest> {
    let Some((first, _)) = facts.repositories.iter().next() else { return Vec::new() };
    let target = Target::Repository(first.clone());
    let asked: Asked =
        planned.iter().flat_map(|one| one.targets().map(|target| (one.row.name, target.clone()))).collect();
    let whose = |index: FactIndex| planned.iter().filter(move |one| one.facts.contains(&index));
    let mut more = Vec::new();
    for proof in host.once_proofs {
        let (index, by) = match proof.proves {
            Proves::Name(name) => {
                let scopes = host.fact("token.scopes");
                let by = scopes.into_iter().flat_map(whose).filter(|one| one.wanted.has(name));
                (scopes, by.flat_map(|one| one.asked_by.clone()).collect::<Vec<_>>())
            }
            Proves::Login { .. } if configured(credential).is_some() => {
                let login = host.login.and_then(|path| host.fact(path));
                (login, login.into_iter().flat_map(whose).flat_map(|one| one.asked_by.clone()).collect())
            }
            Proves::Login { .. } => continue,
            Proves::AllHidden => {
                let about = planned.iter().filter(|one| one.row.subject == Subject::Repository);
                (None, about.flat_map(|one| one.asked_by.clone()).collect())
            }
        };
        if by.is_empty() || asked.contains(&(proof.request.name, target.clone())) {
            continue;
        }
        let mut one = PlannedRequest {
            row: &proof.request,
            target: target.clone(),
            also: Vec::new(),
            facts: index.into_iter().collect(),
            wanted: Wanted::NOTHING,
            asked_by: by,
        };
        super::request::tidy(&mut one);
        more.push(one);
    }
    more
}
