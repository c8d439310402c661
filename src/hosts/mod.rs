//! Hosts: for each host its scripts, which ask and read.
//!
//! A question is a row of the table about targets. Its [script](Script) is one function that asks, reads what came, and
//! asks further where that is necessary; whoever collects resumes it with each answer. Nothing here sends anything, and
//! no secret comes here.
//!
//! What is not one host's own is shared: [`path`] makes URLs of the tables' paths, [`reader`] reads answers into facts with
//! their evidence, [`link`] follows pages, [`shape`] knows kinds by the text of a token, [`words`] makes texts of hosts fit
//! to be kept.

mod alike;
pub mod bitbucket_cloud;
pub mod bitbucket_server;
pub mod github;
pub mod gitlab;
mod grant;
mod link;
mod path;
mod reader;
mod script;
mod shape;
mod walk;
mod words;

pub use grant::{As, Grant, Mint, Of};
pub use script::{Running, Script, Step};
pub use shape::Shape;
pub use walk::{Brief, Seen, Walk};

use self::script::Desk;
use crate::facts::{Credential, Fact, FactSet, HttpRequest, Incident, RepositoryName, Target, Unknown};
use crate::vocabulary::{CredentialKind, FactIndex, HostKind, Request};

/// A host's scripts.
pub trait Scripts: Sync {
    /// The script of a question, by its row. Pure: recorded answers give the same facts again. Every fact of the question
    /// that the answers do not settle comes back unknown, with its cause; of a batch, what is left out is asked for one by
    /// one.
    fn run<'a>(&'a self, walk: Walk<'a>) -> Running<'a>;

    /// The request of the row itself. Names become URL text only percent-encoded, per path segment; what no answer has told
    /// yet stands as in the row's path.
    fn unfilled(&self, question: &Question<'_>) -> HttpRequest;

    /// How many requests a question takes, for a plan that asks nothing.
    fn cost(&self, _question: &Question<'_>) -> Cost {
        Cost::ONE
    }

    /// How the host mints tokens, where it does.
    fn mint(&self) -> Option<&dyn Mint> {
        None
    }
}

/// The script of a question, not begun yet.
pub fn script<'a>(scripts: &'a dyn Scripts, brief: Brief<'a>) -> Script<'a> {
    let desk = Desk::default();
    Script::new(scripts.run(Walk::new(brief, desk.clone())), desk)
}

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
    fn most_of(row: &Request) -> usize {
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
    fn join(&mut self, other: Self) {
        self.facts.extend(other.facts);
        self.incidents.extend(other.incidents);
        self.listed.extend(other.listed);
        self.aliases.extend(other.aliases);
        self.incomplete = self.incomplete.take().or(other.incomplete);
        self.ends = self.ends.take().or(other.ends);
    }
}

/// The request that a question begins with, for a plan that asks nothing.
pub fn first(scripts: &dyn Scripts, brief: Brief<'_>) -> HttpRequest {
    match script(scripts, brief.clone()).begin() {
        Step::Ask(request, _) => request,
        // It needs what only an answer tells.
        Step::Turn | Step::Done(_) => scripts.unfilled(&brief.question()),
    }
}

/// The scripts of a host kind.
pub fn scripts(host: HostKind) -> &'static dyn Scripts {
    match host {
        HostKind::GitHub => &github::GitHub,
        HostKind::GitLab => &gitlab::GitLab,
        HostKind::BitbucketCloud => &bitbucket_cloud::BitbucketCloud,
        HostKind::BitbucketServer => &bitbucket_server::BitbucketServer,
    }
}
