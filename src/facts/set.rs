//! The facts of one credential, by subject.

use std::collections::BTreeSet;
use std::fmt;

use super::credential::Target;
use super::evidence::Evidence;
use super::incident::Incident;
use super::knowledge::Knowledge;
use crate::vocabulary::{FactIndex, HostKind, Subject};

/// A fact: what is known, and by which evidence.
#[derive(Clone, Debug, PartialEq)]
pub struct Fact {
    /// What is known.
    pub knowledge: Knowledge,
    /// Where that was seen.
    pub evidence: Vec<Evidence>,
}

/// A repository's full name, checked: `owner/name`, or more parts where a host nests groups.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct RepositoryName(String);

/// Why a text is not a repository's name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RepositoryNameError {
    /// Fewer than two parts.
    #[error("a repository is named `OWNER/NAME`")]
    Parts,
    /// A part is empty, `.` or `..`.
    #[error("no part of a repository's name may be empty, `.` or `..`")]
    DotPart,
    /// A character that no host allows in names.
    #[error("a repository's name has only letters, digits, `.`, `_`, `-` and `~`")]
    Character,
    /// Longer than any host allows.
    #[error("a repository's name has at most 512 characters")]
    TooLong,
}

impl RepositoryName {
    /// Checks a name.
    ///
    /// # Errors
    /// [`RepositoryNameError`] for what no host would allow; such a name must never become part of a URL.
    pub fn parse(text: &str) -> Result<Self, RepositoryNameError> {
        if text.len() > 512 {
            return Err(RepositoryNameError::TooLong);
        }
        let parts: Vec<&str> = text.split('/').collect();
        if parts.len() < 2 {
            return Err(RepositoryNameError::Parts);
        }
        if parts.iter().any(|part| matches!(*part, "" | "." | "..")) {
            return Err(RepositoryNameError::DotPart);
        }
        let allowed = |character: char| character.is_alphanumeric() || matches!(character, '.' | '_' | '-' | '~' | ' ');
        if parts.iter().any(|part| !part.chars().all(allowed)) {
            return Err(RepositoryNameError::Character);
        }
        Ok(Self(text.to_owned()))
    }

    /// The whole name.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Everything before the last slash: the owner, group or project.
    pub fn owner(&self) -> &str {
        self.0.rsplit_once('/').map_or("", |(owner, _)| owner)
    }

    /// The part after the last slash.
    pub fn name(&self) -> &str {
        self.0.rsplit_once('/').map_or("", |(_, name)| name)
    }
}

impl fmt::Display for RepositoryName {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

/// The facts of one subject: a slot for each row of the host's table.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct SubjectFacts {
    slots: Vec<Option<Fact>>,
    /// Which of them were computed here, so that they may be computed again when more is known.
    derived: BTreeSet<FactIndex>,
}

impl SubjectFacts {
    /// A fact, where it was asked for or given.
    pub fn get(&self, index: FactIndex) -> Option<&Fact> {
        self.slots.get(usize::from(index.0)).and_then(Option::as_ref)
    }

    /// Sets a fact, replacing what was there.
    pub fn set(&mut self, index: FactIndex, fact: Fact) {
        self.derived.remove(&index);
        self.put(index, fact);
    }

    /// Sets a derived fact, unless it was given or recorded: only what was derived before is replaced.
    pub(super) fn set_derived(&mut self, index: FactIndex, fact: Fact) {
        if self.get(index).is_none() || self.derived.contains(&index) {
            self.derived.insert(index);
            self.put(index, fact);
        }
    }

    fn put(&mut self, index: FactIndex, fact: Fact) {
        let at = usize::from(index.0);
        if self.slots.len() <= at {
            self.slots.resize(at + 1, None);
        }
        if let Some(slot) = self.slots.get_mut(at) {
            *slot = Some(fact);
        }
    }

    /// All facts there are, in the order of the table.
    pub fn iter(&self) -> impl Iterator<Item = (FactIndex, &Fact)> {
        self.slots
            .iter()
            .enumerate()
            .filter_map(|(at, slot)| Some((FactIndex(u16::try_from(at).ok()?), slot.as_ref()?)))
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
    /// The full names.
    pub names: Vec<RepositoryName>,
    /// The same under another name that an operator may have written: with the project's name for its key.
    pub aliases: Vec<(String, RepositoryName)>,
    /// Why there may be more, or that nothing could be listed; `None` for a complete list.
    pub incomplete: Option<super::Unknown>,
    /// Where that was seen.
    pub evidence: Vec<Evidence>,
}

/// Everything known of one credential.
#[derive(Clone, Debug, PartialEq)]
pub struct FactSet {
    /// The host's kind, whose table the indexes are of.
    pub host: HostKind,
    /// The credential's own facts.
    pub credential: SubjectFacts,
    /// The repositories in scope, sorted by name, with their facts.
    pub repositories: Vec<(RepositoryName, SubjectFacts)>,
    /// The organisations in scope, sorted by name, with their facts.
    pub organizations: Vec<(String, SubjectFacts)>,
    /// The repositories that the credential can list, where globs needed it.
    pub listed: Option<Listed>,
    /// What answers said beside facts.
    pub incidents: Vec<Incident>,
}

impl FactSet {
    /// No facts yet.
    pub fn new(host: HostKind) -> Self {
        Self {
            host,
            credential: SubjectFacts::default(),
            repositories: Vec::new(),
            organizations: Vec::new(),
            listed: None,
            incidents: Vec::new(),
        }
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
            SubjectRef::Repository(at) => self.repositories.get_mut(at).map(|(_, facts)| facts),
            SubjectRef::Organization(at) => self.organizations.get_mut(at).map(|(_, facts)| facts),
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
        let exact = self.repositories.binary_search_by(|(have, _)| have.cmp(name)).ok();
        let spelled = || self.repositories.iter().position(|(have, _)| have.0.eq_ignore_ascii_case(&name.0));
        exact.or_else(spelled)
    }

    /// The position of an organisation that is there, in this or another spelling.
    pub fn organization_position(&self, name: &str) -> Option<usize> {
        let exact = self.organizations.binary_search_by(|(have, _)| have.as_str().cmp(name)).ok();
        let spelled = || self.organizations.iter().position(|(have, _)| have.eq_ignore_ascii_case(name));
        exact.or_else(spelled)
    }

    /// The position of a repository, added (in order) where it is new; another spelling is the same repository, as
    /// first written. Adding shifts later positions.
    pub fn repository(&mut self, name: &RepositoryName) -> usize {
        self.repository_position(name).unwrap_or_else(|| {
            let at = self.repositories.partition_point(|(have, _)| have < name);
            self.repositories.insert(at, (name.clone(), SubjectFacts::default()));
            at
        })
    }

    /// The position of an organisation, added (in order) where it is new; another spelling is the same organisation, as
    /// first written. Adding shifts later positions.
    pub fn organization(&mut self, name: &str) -> usize {
        self.organization_position(name).unwrap_or_else(|| {
            let at = self.organizations.partition_point(|(have, _)| have.as_str() < name);
            self.organizations.insert(at, (name.to_owned(), SubjectFacts::default()));
            at
        })
    }

    /// The subject that a target names, where it is in scope.
    pub fn subject_of(&self, target: &Target) -> Option<SubjectRef> {
        match target {
            Target::Credential => Some(SubjectRef::Credential),
            Target::Repository(name) => self.repository_position(name).map(SubjectRef::Repository),
            Target::Organization(name) => self.organization_position(name).map(SubjectRef::Organization),
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
        let owner = match crate::vocabulary::host(self.host).row(index).subject {
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
