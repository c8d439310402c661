//! Hosts: per host what to ask (`requests`) and how answers are read (`decode`, pure), and the one loop that does both.
//!
//! What is not one host's own is shared: [`path`] makes URLs of the tables' paths, [`reader`] reads answers into facts with
//! their evidence, [`link`] follows pages, [`shape`] knows kinds by the text of a token, [`words`] makes texts of hosts fit
//! to be kept.

pub mod bitbucket_cloud;
pub mod bitbucket_server;
mod collect;
pub mod github;
pub mod gitlab;
mod link;
mod minting;
mod path;
mod reader;
mod shape;
mod words;

pub use collect::{Asking, Collected, Task, collect, unasked};
pub use minting::{As, Grant, Mint, Of};
pub use shape::Shape;

use crate::facts::{Credential, Exchange, Fact, FactSet, HttpRequest, Incident, RepositoryName, Target, Unknown};
use crate::text::secret::Secret;
use crate::transport::{Authorization, LimitHeaders};
use crate::vocabulary::{CredentialKind, FactIndex, HostKind, Request};

/// What the loop needs from a host: its requests and its decoders.
pub trait Collector: Sync {
    /// The HTTP request that a question begins with. Names become URL text only percent-encoded, per path segment.
    fn request(&self, question: &Question<'_>) -> HttpRequest;

    /// What the answers so far make necessary: the next page, or another request that settles the same question. `None`
    /// where they settle it, or nothing can. The loop bounds how often it asks.
    fn further(&self, question: &Question<'_>, exchanges: &[Exchange]) -> Option<Further>;

    /// Reads the answers, or failures, of a question into facts. Pure: recorded exchanges give the same facts again. Every
    /// fact of `question.facts` that they do not settle comes back unknown, with its cause; of a batch, what is left out
    /// is asked for one by one.
    fn decode(&self, question: &Question<'_>, exchanges: &[Exchange]) -> Decoded;

    /// As whom a question is asked. Only what the plan asks of a minted token is asked so.
    fn asks_as(&self, _question: &Question<'_>) -> As {
        As::Itself
    }

    /// How the host mints tokens, where it does.
    fn mint(&self) -> Option<&dyn Mint> {
        None
    }

    /// How many requests a question takes, for a plan that asks nothing.
    fn cost(&self, _question: &Question<'_>) -> Cost {
        Cost::ONE
    }

    /// The headers by which the host shows its rate limit.
    fn limit_headers(&self) -> LimitHeaders;

    /// How a credential's secret goes into a request.
    fn authorization(&self, credential: &Credential, secret: Secret) -> Authorization;
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
}

/// A further request of a question.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Further {
    /// An address that an answer gave. The loop takes it only on the API's own origin, and no address twice.
    Page(String),
    /// A request of the collector's own making.
    Request(HttpRequest),
    /// Such a request, asked as somebody else from here on.
    As(HttpRequest, As),
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

/// The collector of a host kind.
pub fn collector(host: HostKind) -> &'static dyn Collector {
    match host {
        HostKind::GitHub => &github::GitHub,
        HostKind::GitLab => &gitlab::GitLab,
        HostKind::BitbucketCloud => &bitbucket_cloud::BitbucketCloud,
        HostKind::BitbucketServer => &bitbucket_server::BitbucketServer,
    }
}
