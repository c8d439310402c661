//! Questions, and what answers say.

use crate::facts::{Credential, Fact, FactSet, Incident, RepositoryName, Target, Unknown};
use crate::vocabulary::{CredentialKind, FactIndex, Request};

/// What is asked: a row of the table about targets, for facts.
#[derive(Clone, Copy, Debug)]
pub struct Question<'a> {
    /// The request's row.
    pub row: &'static Request,
    /// What it is about. Never empty; several for a batch.
    pub targets: &'a [Target],
    /// Whose question it is.
    pub credential: &'a Credential,
    /// The kind as far as it is known by now; `None` while several are possible.
    pub kind: Option<&'static CredentialKind>,
    /// What is known so far: the scopes decide what a 404 means.
    pub so_far: &'a FactSet,
    /// The facts to settle. A decoder may settle more, if the same answer tells them.
    pub facts: &'a [FactIndex],
}

impl<'a> Question<'a> {
    /// What it is about, where that is one.
    pub fn target(&self) -> &'a Target {
        self.targets.first().unwrap_or(&Target::Credential)
    }
}

/// How many requests a question takes, as far as can be said before asking.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cost {
    /// Where nothing is unusual: one page, a name that is its own slug, a level below the highest.
    pub usual: usize,
    /// The most that the loop lets it take.
    pub most: usize,
}

impl Cost {
    /// One request, whatever comes of it.
    pub const ONE: Self = Self { usual: 1, most: 1 };

    /// The most requests of one question that lists no repositories: pages of webhooks, levels of permission.
    const MOST: usize = 12;

    /// The most requests that a row's question may take.
    pub(super) fn most_of(row: &Request) -> usize {
        row.listing.as_ref().map_or(Self::MOST, |listing| listing.pages)
    }
}

/// What answers say.
#[derive(Clone, Debug, Default)]
pub struct Decoded {
    /// Facts, each of its target.
    pub facts: Vec<(Target, FactIndex, Fact)>,
    /// What the answers say beside facts.
    pub incidents: Vec<Incident>,
    /// The repositories of a listing.
    pub listed: Vec<RepositoryName>,
    /// The same under another name that people write, where a host has one: with the project's name for its key.
    pub aliases: Vec<(String, RepositoryName)>,
    /// Why a listing does not show everything that it could, or nothing; a further page is no reason.
    pub incomplete: Option<Unknown>,
    /// Set where the answer ends everything for this credential (a refused credential): nothing more is asked.
    pub ends: Option<Unknown>,
}

impl Decoded {
    /// Adds what a further answer says.
    pub(super) fn join(&mut self, other: Self) {
        self.facts.extend(other.facts);
        self.incidents.extend(other.incidents);
        self.listed.extend(other.listed);
        self.aliases.extend(other.aliases);
        self.incomplete = self.incomplete.take().or(other.incomplete);
        self.ends = self.ends.take().or(other.ends);
    }
}
