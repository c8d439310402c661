//! Hosts: per host what to ask (`requests`) and how answers are read (`decode`, pure), and the one loop that does both.

use crate::facts::{Answer, Credential, Exchange, Fact, FactSet, HttpRequest, Incident, RepositoryName, Target};
use crate::vocabulary::{CredentialKind, FactIndex, HostKind, Request};

/// What the loop needs from a host: its requests and its decoders.
pub trait Collector: Sync {
    /// The HTTP request for a row about a target. Names become URL text only percent-encoded, per path segment.
    fn request(&self, row: &'static Request, target: &Target, credential: &Credential) -> HttpRequest;

    /// Reads an answer, or a failure, into facts. Pure: recorded exchanges give the same facts again. Every fact of
    /// `question.facts` that the answer does not settle comes back unknown, with its cause.
    fn decode(&self, question: &Question<'_>, exchange: &Exchange) -> Decoded;

    /// The next page of a list, where the answer names one; the loop checks its origin and counts.
    fn next_page(&self, answer: &Answer) -> Option<String>;

    /// The rate limit that an answer shows: how many requests are left, and of how many.
    fn rate_limit(&self, answer: &Answer) -> Option<RateLimit>;
}

/// The primary rate limit as an answer shows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RateLimit {
    /// Requests left in this window.
    pub remaining: u64,
    /// Requests a window.
    pub limit: u64,
}

/// What was asked, for a decoder.
#[derive(Clone, Copy, Debug)]
pub struct Question<'a> {
    /// The request's row.
    pub row: &'static Request,
    /// What it is about.
    pub target: &'a Target,
    /// Whose question it is.
    pub credential: &'a Credential,
    /// The kind as far as it is known by now; `None` while several are possible.
    pub kind: Option<&'static CredentialKind>,
    /// What is known so far: the scopes decide what a 404 means.
    pub so_far: &'a FactSet,
    /// The facts to settle. A decoder may settle more, if the same answer tells them.
    pub facts: &'a [FactIndex],
}

/// What an answer says.
#[derive(Clone, Debug, Default)]
pub struct Decoded {
    /// Facts, each of its target.
    pub facts: Vec<(Target, FactIndex, Fact)>,
    /// What the answer says beside facts.
    pub incidents: Vec<Incident>,
    /// The repositories of a listing's page.
    pub listed: Vec<RepositoryName>,
    /// Why a listing's page does not show everything that it could, or nothing; a further page is no reason.
    pub incomplete: Option<crate::facts::Unknown>,
    /// Set where the answer ends everything for this credential (a refused credential): nothing more is asked.
    pub ends: Option<crate::facts::Unknown>,
}

/// The collector of a host kind; `None` for kinds that this build cannot ask.
pub fn collector(host: HostKind) -> Option<&'static dyn Collector> {
    match host {
        HostKind::GitHub | HostKind::GitLab | HostKind::BitbucketCloud | HostKind::BitbucketServer => None,
    }
}
