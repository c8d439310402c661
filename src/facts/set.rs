//! The facts of one credential, by subject.

use super::agree;
use super::evidence::Evidence;
use super::incident::Incident;
use super::knowledge::{Knowledge, Unknown};
use super::repository::RepositoryName;
use super::subjects::{Subjects, compare_names};
use super::target::Target;
use crate::vocabulary::{self, FactIndex, HostKind, Subject};

/// A fact: what is known, and by which evidence.
#[derive(Clone, Debug, PartialEq)]
pub struct Fact {
    /// What is known.
    pub knowledge: Knowledge,
    /// Where that was seen.
    pub evidence: Vec<Evidence>,
}

/// The facts of one subject. Few of the host's table are known of each, and subjects are many: only those take room.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct SubjectFacts {
    /// In the order of the table.
    slots: Vec<Slot>,
}

/// A fact that there is.
#[derive(Clone, Debug, PartialEq)]
struct Slot {
    index: FactIndex,
    fact: Fact,
    standing: Standing,
}

/// How a fact came to be what it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Standing {
    /// An answer, the settings or a test said it.
    Said,
    /// It was computed here, and may be computed again when more is known.
    Derived,
    /// Answers contradict each other: whatever else is said, it stays unknown.
    Contradicted,
}

impl SubjectFacts {
    /// A fact, where it was asked for or given.
    pub fn get(&self, index: FactIndex) -> Option<&Fact> {
        self.slots.get(self.place(index).ok()?).map(|slot| &slot.fact)
    }

    /// Sets a fact, replacing what was there.
    pub fn set(&mut self, index: FactIndex, fact: Fact) {
        self.put(Slot { index, fact, standing: Standing::Said });
    }

    /// Says of a fact that nothing follows from it yet, and why.
    pub(super) fn hold(&mut self, index: FactIndex, why: Unknown, because: &[Evidence]) {
        if let Some(slot) = self.place(index).ok().and_then(|at| self.slots.get_mut(at)) {
            slot.fact.knowledge = Knowledge::Unknown(why);
            slot.fact.evidence = agree::of_both(&slot.fact.evidence, because.to_vec());
        }
    }

    /// Takes a fact from an answer, together with what is known: what is certain stays, whatever a later answer cannot
    /// tell; bounds narrow each other. Where both cannot be right it is unknown from now on, with the evidence of both.
    pub fn learn(&mut self, host: HostKind, index: FactIndex, fact: Fact) {
        let have = self.place(index).ok().and_then(|at| self.slots.get_mut(at));
        let Some(have) = have.filter(|have| have.standing != Standing::Derived) else { return self.set(index, fact) };
        if have.standing == Standing::Contradicted {
            if !matches!(fact.knowledge, Knowledge::Unknown(_)) {
                have.fact.evidence = agree::of_both(&have.fact.evidence, fact.evidence);
            }
            return;
        }
        // What only the token's text or the settings say, an answer may contradict.
        let asked = |fact: &Fact| fact.evidence.iter().any(|one| one.request.is_some());
        let certain = |fact: &Fact| !matches!(fact.knowledge, Knowledge::Unknown(_) | Knowledge::Bounded(..));
        if certain(&have.fact) && !asked(&have.fact) && asked(&fact) {
            have.fact = fact;
            return;
        }
        let first = (have.fact.knowledge.clone(), have.fact.evidence.clone());
        let row = vocabulary::host(host).row(index);
        let ((knowledge, evidence), contradicted) = agree::joined(row, first, (fact.knowledge, fact.evidence));
        have.fact = Fact { knowledge, evidence };
        if contradicted {
            have.standing = Standing::Contradicted;
        }
    }

    /// Whether answers contradict each other about a fact.
    pub fn is_contradicted(&self, index: FactIndex) -> bool {
        let have = self.place(index).ok().and_then(|at| self.slots.get(at));
        have.is_some_and(|slot| slot.standing == Standing::Contradicted)
    }

    /// Whether a fact was computed here, from others.
    pub fn is_derived(&self, index: FactIndex) -> bool {
        let have = self.place(index).ok().and_then(|at| self.slots.get(at));
        have.is_some_and(|slot| slot.standing == Standing::Derived)
    }

    /// Sets a derived fact, unless it was given or recorded: only what was derived before is replaced.
    pub(super) fn set_derived(&mut self, index: FactIndex, fact: Fact) {
        let have = self.place(index).ok().and_then(|at| self.slots.get(at));
        if have.is_none_or(|slot| slot.standing == Standing::Derived) {
            self.put(Slot { index, fact, standing: Standing::Derived });
        }
    }

    /// Where a fact is, or where it belongs.
    fn place(&self, index: FactIndex) -> Result<usize, usize> {
        self.slots.binary_search_by_key(&index, |slot| slot.index)
    }

    fn put(&mut self, new: Slot) {
        match self.place(new.index) {
            Ok(at) => {
                if let Some(slot) = self.slots.get_mut(at) {
                    *slot = new;
                }
            }
            Err(at) => self.slots.insert(at, new),
        }
    }

    /// All facts there are, in the order of the table.
    pub fn iter(&self) -> impl Iterator<Item = (FactIndex, &Fact)> {
        self.slots.iter().map(|slot| (slot.index, &slot.fact))
    }
}

/// Which subject of a credential: itself, its n-th repository or its n-th organisation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum SubjectRef {
    /// The credential itself.
    Credential,
    /// A position in [`FactSet::repositories`].
    Repository(usize),
    /// A position in [`FactSet::organizations`].
    Organization(usize),
}

impl SubjectRef {
    /// What kind of subject.
    pub const fn subject(self) -> Subject {
        match self {
            Self::Credential => Subject::Credential,
            Self::Repository(_) => Subject::Repository,
            Self::Organization(_) => Subject::Organization,
        }
    }
}

/// What listing the repositories that a credential sees gave.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Listed {
    /// The full names, sorted without heed of their case.
    pub names: Vec<RepositoryName>,
    /// The same under another name that an operator may have written: with the project's name for its key.
    pub aliases: Vec<(String, RepositoryName)>,
    /// Why there may be more, or that nothing could be listed; `None` for a complete list.
    pub incomplete: Option<Unknown>,
    /// Where that was seen.
    pub evidence: Vec<Evidence>,
}

impl Listed {
    /// Takes in more names, each once.
    pub fn add(&mut self, names: impl IntoIterator<Item = RepositoryName>) {
        self.names.extend(names);
        self.names.sort_by(|one, other| compare_names(one.as_str(), other.as_str()).then_with(|| one.cmp(other)));
        self.names.dedup();
    }

    /// Whether a repository is among them, in this or another spelling.
    pub fn has(&self, name: &str) -> bool {
        self.names.binary_search_by(|have| compare_names(have.as_str(), name)).is_ok()
    }
}

/// Everything known of one credential.
#[derive(Clone, Debug, PartialEq)]
pub struct FactSet {
    /// The host's kind, whose table the indexes are of.
    pub host: HostKind,
    /// The credential's own facts.
    pub credential: SubjectFacts,
    /// The repositories in scope, sorted by name, with their facts.
    pub repositories: Subjects<RepositoryName>,
    /// The organisations in scope, sorted by name, with their facts.
    pub organizations: Subjects<String>,
    /// The repositories that the credential can list, where globs needed it.
    pub listed: Option<Listed>,
    /// Why not all that the policy names is in scope, where it names too much.
    pub left_out: Option<Unknown>,
    /// What answers said beside facts.
    pub incidents: Vec<Incident>,
}

impl FactSet {
    /// No facts yet.
    pub fn new(host: HostKind) -> Self {
        Self {
            host,
            credential: SubjectFacts::default(),
            repositories: Subjects::default(),
            organizations: Subjects::default(),
            listed: None,
            left_out: None,
            incidents: Vec::new(),
        }
    }

    /// Why there may be repositories in scope that nobody has seen.
    pub fn unseen(&self) -> Option<&Unknown> {
        self.left_out.as_ref().or_else(|| self.listed.as_ref()?.incomplete.as_ref())
    }

    /// Whether the host told anything of the credential. What the token's own text tells, or a refusal, is nothing told; and
    /// what a host says of itself it may tell everybody.
    pub fn is_told(&self) -> bool {
        let of_itself = |index: FactIndex| vocabulary::host(self.host).row(index).path.starts_with("host.");
        let own = self.credential.iter().filter(|(index, _)| !of_itself(*index));
        let repositories = self.repositories.iter().flat_map(|(_, of)| of.iter());
        own.chain(repositories).any(|(_, fact)| {
            matches!(fact.knowledge, Knowledge::Known(_) | Knowledge::Absent)
                && fact.evidence.iter().any(|seen| seen.status.is_some_and(|status| (200..300).contains(&status)))
        })
    }

    /// The facts of a subject.
    pub fn subject(&self, subject: SubjectRef) -> Option<&SubjectFacts> {
        match subject {
            SubjectRef::Credential => Some(&self.credential),
            SubjectRef::Repository(at) => self.repositories.get(at).map(|(_, facts)| facts),
            SubjectRef::Organization(at) => self.organizations.get(at).map(|(_, facts)| facts),
        }
    }

    /// The facts of a subject, to set.
    pub fn subject_mut(&mut self, subject: SubjectRef) -> Option<&mut SubjectFacts> {
        match subject {
            SubjectRef::Credential => Some(&mut self.credential),
            SubjectRef::Repository(at) => self.repositories.facts_mut(at),
            SubjectRef::Organization(at) => self.organizations.facts_mut(at),
        }
    }

    /// The name of a repository or organisation; `None` for the credential itself.
    pub fn subject_name(&self, subject: SubjectRef) -> Option<&str> {
        match subject {
            SubjectRef::Credential => None,
            SubjectRef::Repository(at) => self.repositories.get(at).map(|(name, _)| name.as_str()),
            SubjectRef::Organization(at) => self.organizations.get(at).map(|(name, _)| name.as_str()),
        }
    }

    /// The position of a repository that is there, in this or another spelling: hosts compare names without case.
    pub fn repository_position(&self, name: &RepositoryName) -> Option<usize> {
        self.repositories.position(name.as_str())
    }

    /// The position of an organisation that is there, in this or another spelling.
    pub fn organization_position(&self, name: &str) -> Option<usize> {
        self.organizations.position(name)
    }

    /// The position of a repository, added (in order) where it is new; another spelling is the same repository, as
    /// first written. Adding shifts later positions.
    pub fn repository(&mut self, name: &RepositoryName) -> usize {
        self.repositories.add(name)
    }

    /// The position of an organisation, added (in order) where it is new; another spelling is the same organisation, as
    /// first written. Adding shifts later positions.
    pub fn organization(&mut self, name: &str) -> usize {
        self.organization_position(name).unwrap_or_else(|| self.organizations.add(&name.to_owned()))
    }

    /// The subject that a target names, where it is in scope.
    pub fn subject_of(&self, target: &Target) -> Option<SubjectRef> {
        match target {
            Target::Credential => Some(SubjectRef::Credential),
            Target::Repository(name) => self.repository_position(name).map(SubjectRef::Repository),
            Target::Organization(name) => self.organization_position(name).map(SubjectRef::Organization),
        }
    }

    /// Takes a fact of a target from an answer ([`SubjectFacts::learn`]); one that is not in scope is dropped.
    pub fn learn(&mut self, target: &Target, index: FactIndex, fact: Fact) {
        let host = self.host;
        if let Some(facts) = self.subject_of(target).and_then(|subject| self.subject_mut(subject)) {
            facts.learn(host, index, fact);
        }
    }

    /// Sets a fact of a target; one that is not in scope is dropped.
    pub fn set(&mut self, target: &Target, index: FactIndex, fact: Fact) {
        if let Some(facts) = self.subject_of(target).and_then(|subject| self.subject_mut(subject)) {
            facts.set(index, fact);
        }
    }

    /// A fact as seen from a subject: a repository's statement reads the credential's facts and its owner's too.
    pub fn fact(&self, index: FactIndex, from: SubjectRef) -> Option<&Fact> {
        let owner = match vocabulary::host(self.host).row(index).subject {
            Subject::Credential => SubjectRef::Credential,
            Subject::Repository => from,
            Subject::Organization => match from {
                SubjectRef::Repository(_) => {
                    let owner = self.repositories.get(self.position(from)?)?.0.owner();
                    SubjectRef::Organization(self.organization_position(owner)?)
                }
                other => other,
            },
        };
        self.subject(owner)?.get(index)
    }

    const fn position(&self, subject: SubjectRef) -> Option<usize> {
        match subject {
            SubjectRef::Repository(at) | SubjectRef::Organization(at) => Some(at),
            SubjectRef::Credential => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::facts::{Cause, Evidence, RequestLabel, Value};
    use crate::vocabulary::Place;

    /// A fact as the answer with this status tells it.
    fn told(knowledge: Knowledge, status: Option<u16>) -> Fact {
        let request = Arc::new(RequestLabel { method: "GET", url: "https://git.acme.dev/user".into() });
        Fact { knowledge, evidence: vec![Evidence::answer(&request, status, Place::Status)] }
    }

    #[test]
    fn a_host_tells_of_a_credential_what_it_would_not_tell_everybody() {
        let known = || Knowledge::Known(Value::String("x".into()));
        for (path, fact, is_told) in [
            ("user.username", told(known(), Some(200)), true),
            ("user.email", told(Knowledge::Absent, Some(200)), true),
            ("host.version", told(known(), Some(200)), false),
            ("user.username", told(known(), Some(401)), false),
            ("user.username", told(Knowledge::unknown(Cause::NotPermitted, "refused"), Some(200)), false),
            ("token.kind", Fact { knowledge: known(), evidence: vec![Evidence::own(Place::Settings)] }, false),
        ] {
            let mut facts = FactSet::new(HostKind::GitHub);
            let index = vocabulary::host(HostKind::GitHub).fact(path).unwrap();
            facts.credential.set(index, fact.clone());
            assert_eq!(facts.is_told(), is_told, "{path}: {fact:?}");
        }
    }
}
