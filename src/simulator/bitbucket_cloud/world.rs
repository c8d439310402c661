//! The world: everything that a simulated Bitbucket Cloud answers from, and its builder.

use std::time::Duration;

use jiff::Timestamp;

use super::fault::{Fault, PlannedFault};
use super::state::{Repository, User, Workspace};
use super::token::Token;

/// Everything that a simulated Bitbucket Cloud knows. Build it, then [`World::start`] it.
///
/// Names that are used before they are declared come into being: a repository's workspace, a token's owner as a user.
#[derive(Debug)]
pub struct World {
    pub(super) now: Timestamp,
    pub(super) users: Vec<User>,
    pub(super) workspaces: Vec<Workspace>,
    pub(super) repositories: Vec<Repository>,
    pub(super) tokens: Vec<Token>,
    pub(super) faults: Vec<PlannedFault>,
    pub(super) latency: Duration,
    /// The most entries of a page, whatever is asked for.
    pub(super) page_length: usize,
    /// Whether the list of permissions takes a filter by full name: no page documents it.
    pub(super) takes_full_name_filter: bool,
    /// The requests that are left in this hour; `None` without a limit.
    pub(super) requests_left: Option<u64>,
    pub(super) near_limit: bool,
}

impl World {
    /// An empty Bitbucket Cloud at a time.
    pub fn new(now: Timestamp) -> Self {
        Self {
            now,
            users: Vec::new(),
            workspaces: Vec::new(),
            repositories: Vec::new(),
            tokens: Vec::new(),
            faults: Vec::new(),
            latency: Duration::ZERO,
            page_length: 100,
            takes_full_name_filter: true,
            requests_left: None,
            near_limit: false,
        }
    }

    /// Adds a user; a second one with the same nickname replaces the first.
    #[must_use]
    pub fn user(mut self, user: impl Into<User>) -> Self {
        let mut user = user.into();
        match self.users.iter_mut().find(|known| known.nickname.eq_ignore_ascii_case(&user.nickname)) {
            Some(known) => {
                user.number = known.number;
                *known = user;
            }
            None => {
                user.number = u32::try_from(self.users.len()).unwrap_or(u32::MAX).saturating_add(1);
                self.users.push(user);
            }
        }
        self
    }

    /// Adds a workspace; a second one with the same slug replaces the first.
    #[must_use]
    pub fn workspace(mut self, workspace: impl Into<Workspace>) -> Self {
        let workspace = workspace.into();
        for (nickname, _) in &workspace.members {
            self = self.known_user(nickname);
        }
        self.workspaces.retain(|known| !known.slug.eq_ignore_ascii_case(&workspace.slug));
        self.workspaces.push(workspace);
        self
    }

    /// Adds a repository; a second one with the same full name replaces the first.
    #[must_use]
    pub fn repository(mut self, repository: impl Into<Repository>) -> Self {
        let repository = repository.into();
        if self.find_workspace(&repository.workspace).is_none() {
            self = self.workspace(repository.workspace.as_str());
        }
        for (nickname, _) in &repository.permissions {
            self = self.known_user(nickname);
        }
        self.repositories.retain(|known| !known.full_name().eq_ignore_ascii_case(&repository.full_name()));
        self.repositories.push(repository);
        self
    }

    /// Adds a token.
    #[must_use]
    pub fn token(mut self, token: Token) -> Self {
        if !token.kind.is_access_token() {
            self = self.known_user(&token.owner);
        }
        self.tokens.push(token);
        self
    }

    /// The next answers, so many of them, go wrong in this way.
    #[must_use]
    pub fn fault(mut self, times: u32, fault: Fault) -> Self {
        self.plan_fault("/", times, fault);
        self
    }

    /// As [`World::fault`], for paths that begin like this only (`/2.0/user`).
    #[must_use]
    pub fn fault_on(mut self, path: &str, times: u32, fault: Fault) -> Self {
        self.plan_fault(path, times, fault);
        self
    }

    /// Plans a fault on a world that runs already.
    pub fn plan_fault(&mut self, path: &str, times: u32, fault: Fault) {
        self.faults.push(PlannedFault { path: path.to_owned(), left: times, fault });
    }

    /// Every answer takes so long.
    #[must_use]
    pub fn latency(mut self, latency: Duration) -> Self {
        self.latency = latency;
        self
    }

    /// The most entries of a page, whatever is asked for.
    #[must_use]
    pub fn page_length(mut self, entries: usize) -> Self {
        self.page_length = entries.max(1);
        self
    }

    /// The list of the user's permissions refuses a filter by full name with 400.
    #[must_use]
    pub fn refusing_full_name_filter(mut self) -> Self {
        self.takes_full_name_filter = false;
        self
    }

    /// After so many requests every answer is 429.
    #[must_use]
    pub fn requests_left(mut self, requests: u64) -> Self {
        self.requests_left = Some(requests);
        self
    }

    /// Answers to access tokens say that the limit is near.
    #[must_use]
    pub fn near_limit(mut self) -> Self {
        self.near_limit = true;
        self
    }

    /// Revokes a token by its text, in a world that runs already. Tells whether there is one.
    pub fn revoke(&mut self, text: &str) -> bool {
        let token = self.tokens.iter_mut().find(|token| token.is(text));
        token.is_some_and(|token| {
            token.revoked = true;
            true
        })
    }

    /// Moves the clock.
    pub fn set_now(&mut self, now: Timestamp) {
        self.now = now;
    }

    fn known_user(self, nickname: &str) -> Self {
        if self.find_user(nickname).is_some() { self } else { self.user(nickname) }
    }

    pub(super) fn find_user(&self, nickname: &str) -> Option<&User> {
        self.users.iter().find(|user| user.nickname.eq_ignore_ascii_case(nickname))
    }

    pub(super) fn find_workspace(&self, slug: &str) -> Option<&Workspace> {
        self.workspaces.iter().find(|workspace| workspace.slug.eq_ignore_ascii_case(slug))
    }

    /// A repository by its present full name or the one before, in any case.
    pub(super) fn find_repository(&self, workspace: &str, slug: &str) -> Option<&Repository> {
        let name = format!("{workspace}/{slug}");
        let is_now = |repository: &&Repository| repository.full_name().eq_ignore_ascii_case(&name);
        let was = |repository: &&Repository| {
            repository.former.as_deref().is_some_and(|former| former.eq_ignore_ascii_case(&name))
        };
        self.repositories.iter().find(is_now).or_else(|| self.repositories.iter().find(was))
    }
}
