//! The world: everything that a simulated Gitea or Forgejo answers from, and its builder.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

use super::people::{Organization, User, Visibility};
use super::release::{Product, Release};
use super::state::Repository;
use super::token::Token;
use crate::simulator::Answer;

/// Everything that a simulated Gitea or Forgejo knows. Build it, then [`World::start`] it. Owners and accounts that are
/// used before they are declared come into being.
#[derive(Debug)]
pub struct World {
    pub(super) now: Timestamp,
    pub(super) release: Release,
    pub(super) sub_path: String,
    pub(super) root: Option<String>,
    pub(super) users: Vec<User>,
    pub(super) organizations: Vec<Organization>,
    pub(super) repositories: Vec<Repository>,
    pub(super) tokens: Vec<Token>,
    pub(super) demands_two_factor: bool,
    pub(super) demands_sign_in: bool,
    pub(super) no_passwords: bool,
    pub(super) confirms_addresses: bool,
    pub(super) federation: bool,
    pub(super) hooks_off: bool,
    pub(super) git_off: bool,
    pub(super) no_userinfo: bool,
    pub(super) page_limit: usize,
    pub(super) latency: Duration,
    pub(super) replaced: Vec<Replaced>,
    pub(super) changes: Vec<String>,
}

/// Answers that go wrong on purpose.
#[derive(Debug)]
pub(super) struct Replaced {
    pub(super) path: String,
    pub(super) left: u32,
    pub(super) answer: Answer,
}

/// An owner of repositories.
#[derive(Clone, Copy)]
pub(super) enum Owner<'a> {
    User(&'a User),
    Organization(&'a Organization),
}

impl Owner<'_> {
    pub(super) fn name(&self) -> &str {
        match self {
            Self::User(user) => &user.login,
            Self::Organization(organization) => &organization.name,
        }
    }

    pub(super) fn visibility(&self) -> Visibility {
        match self {
            Self::User(user) => user.visibility,
            Self::Organization(organization) => organization.visibility,
        }
    }
}

impl World {
    /// An empty server of a product and version at a time.
    pub fn new(product: Product, version: &str, now: Timestamp) -> Self {
        Self {
            now,
            release: Release::new(product, version),
            sub_path: String::new(),
            root: None,
            users: Vec::new(),
            organizations: Vec::new(),
            repositories: Vec::new(),
            tokens: Vec::new(),
            demands_two_factor: false,
            demands_sign_in: false,
            no_passwords: false,
            confirms_addresses: false,
            federation: false,
            hooks_off: false,
            git_off: false,
            no_userinfo: false,
            page_limit: 50,
            latency: Duration::ZERO,
            replaced: Vec::new(),
            changes: Vec::new(),
        }
    }

    /// Puts everything below a path, such as `/git`.
    #[must_use]
    pub fn sub_path(mut self, path: &str) -> Self {
        path.clone_into(&mut self.sub_path);
        self
    }

    /// The address that the instance believes to have, where that is not the one it was asked by: links and messages have
    /// it. Without a trailing slash.
    #[must_use]
    pub fn root_url(mut self, address: &str) -> Self {
        self.root = Some(address.to_owned());
        self
    }

    /// Accounts must have a second factor, in versions that can demand it.
    #[must_use]
    pub fn demands_two_factor(mut self) -> Self {
        self.demands_two_factor = true;
        self
    }

    /// Nothing is shown to who is not signed in.
    #[must_use]
    pub fn demands_sign_in(mut self) -> Self {
        self.demands_sign_in = true;
        self
    }

    /// Passwords are no way to sign in to the API.
    #[must_use]
    pub fn no_passwords(mut self) -> Self {
        self.no_passwords = true;
        self
    }

    /// Accounts must confirm their address: an inactive one is told so.
    #[must_use]
    pub fn confirms_addresses(mut self) -> Self {
        self.confirms_addresses = true;
        self
    }

    /// Federation is on.
    #[must_use]
    pub fn federation(mut self) -> Self {
        self.federation = true;
        self
    }

    /// Webhooks are switched off.
    #[must_use]
    pub fn no_webhooks(mut self) -> Self {
        self.hooks_off = true;
        self
    }

    /// Git does not go over HTTP. The answer to it is not one that was recorded.
    #[must_use]
    pub fn no_git_over_http(mut self) -> Self {
        self.git_off = true;
        self
    }

    /// The OAuth provider is off, and with it the user information by web. The answer to it is not one that was recorded.
    #[must_use]
    pub fn no_oauth_provider(mut self) -> Self {
        self.no_userinfo = true;
        self
    }

    /// The most that a page has.
    #[must_use]
    pub fn page_limit(mut self, items: usize) -> Self {
        self.page_limit = items.max(1);
        self
    }

    /// Every answer takes so long.
    #[must_use]
    pub fn latency(mut self, latency: Duration) -> Self {
        self.latency = latency;
        self
    }

    /// The next answers, so many of them, to paths that begin like this are replaced. The path is that below the sub-path.
    #[must_use]
    pub fn replaced(mut self, path: &str, times: u32, answer: Answer) -> Self {
        self.replaced.push(Replaced { path: path.to_owned(), left: times, answer });
        self
    }

    /// Adds an account; a second one with the same login replaces the first.
    #[must_use]
    pub fn user(mut self, user: impl Into<User>) -> Self {
        self.add_user(user.into());
        self
    }

    /// Adds an organization; a second one with the same name replaces the first.
    #[must_use]
    pub fn organization(mut self, organization: impl Into<Organization>) -> Self {
        self.add_organization(organization.into());
        self
    }

    /// Adds a repository. An owner that is not known becomes an organization.
    #[must_use]
    pub fn repository(mut self, repository: impl Into<Repository>) -> Self {
        self.add_repository(repository.into());
        self
    }

    /// Adds a token.
    #[must_use]
    pub fn token(mut self, token: Token) -> Self {
        self.add_token(token);
        self
    }

    pub(super) fn add_user(&mut self, mut user: User) {
        let next = self.next_id();
        match self.users.iter_mut().find(|known| same(&known.login, &user.login)) {
            Some(known) => {
                user.id = if user.id == 0 { known.id } else { user.id };
                *known = user;
            }
            None => {
                user.id = if user.id == 0 { next } else { user.id };
                self.users.push(user);
            }
        }
    }

    pub(super) fn add_organization(&mut self, mut organization: Organization) {
        let members = organization.owners.iter().cloned();
        let of_teams = organization.teams.iter().flat_map(|team| team.members.iter().cloned());
        for login in members.chain(of_teams).collect::<Vec<String>>() {
            self.know_user(&login);
        }
        let next = self.next_id();
        organization.id = if organization.id == 0 { next } else { organization.id };
        match self.organizations.iter_mut().find(|known| same(&known.name, &organization.name)) {
            Some(known) => *known = organization,
            None => self.organizations.push(organization),
        }
    }

    pub(super) fn add_repository(&mut self, mut repository: Repository) {
        for login in repository.collaborators.keys().cloned().collect::<Vec<_>>() {
            self.know_user(&login);
        }
        if self.find_owner(&repository.owner).is_none() {
            self.add_organization(Organization::new(&repository.owner));
        }
        repository.id = 1 + self.repositories.iter().map(|one| one.id).max().unwrap_or(0);
        self.repositories.push(repository);
    }

    pub(super) fn add_token(&mut self, mut token: Token) {
        if !token.owner.is_empty() {
            let owner = token.owner.clone();
            self.know_user(&owner);
        }
        if token.id == 0 {
            token.id = self.next_token();
        }
        self.tokens.push(token);
    }

    /// The number of the next token.
    pub(super) fn next_token(&self) -> u64 {
        1 + self.tokens.iter().map(|token| token.id).max().unwrap_or(0)
    }

    /// Revokes a token by its text, in a world that runs already. Tells whether there is one.
    pub fn revoke(&mut self, text: &str) -> bool {
        let digest = Token::digest(text);
        let token = self.tokens.iter_mut().find(|token| token.is(&digest));
        token.is_some_and(|token| {
            token.revoked = true;
            true
        })
    }

    /// The requests that would have changed something on a real server, as method and path: a check that keeps its promise
    /// leaves this empty, whatever it probes.
    pub fn changes(&self) -> &[String] {
        &self.changes
    }

    fn know_user(&mut self, login: &str) {
        if self.find_user(login).is_none() {
            self.add_user(User::new(login));
        }
    }

    fn next_id(&self) -> i64 {
        let users = self.users.iter().map(|user| user.id);
        users.chain(self.organizations.iter().map(|organization| organization.id)).max().unwrap_or(0).saturating_add(1)
    }

    /// The number of an organization's team of owners: those of all organizations come first.
    pub(super) fn owners_number(&self, organization: &Organization) -> usize {
        1 + self.before(organization).count()
    }

    /// The number of another team of an organization, by its place among them.
    pub(super) fn team_number(&self, organization: &Organization, at: usize) -> usize {
        let before: usize = self.before(organization).map(|one| one.teams.len()).sum();
        1 + self.organizations.len() + before + at
    }

    fn before(&self, organization: &Organization) -> impl Iterator<Item = &Organization> {
        self.organizations.iter().take_while(move |one| one.id != organization.id)
    }

    pub(super) fn find_user(&self, login: &str) -> Option<&User> {
        self.users.iter().find(|user| same(&user.login, login))
    }

    pub(super) fn find_organization(&self, name: &str) -> Option<&Organization> {
        self.organizations.iter().find(|organization| same(&organization.name, name))
    }

    pub(super) fn find_owner(&self, name: &str) -> Option<Owner<'_>> {
        let user = self.find_user(name).map(Owner::User);
        user.or_else(|| self.find_organization(name).map(Owner::Organization))
    }

    /// The owner that had this name before.
    pub(super) fn find_former_owner(&self, name: &str) -> Option<Owner<'_>> {
        let name = name.to_lowercase();
        let user = self.users.iter().find(|user| user.former.contains(&name)).map(Owner::User);
        user.or_else(|| {
            let organization = self.organizations.iter().find(|organization| organization.former.contains(&name));
            organization.map(Owner::Organization)
        })
    }

    pub(super) fn find_repository(&self, owner: &str, name: &str) -> Option<&Repository> {
        self.repositories.iter().find(|repository| same(&repository.owner, owner) && same(&repository.name, name))
    }

    /// The repository that had this name before.
    pub(super) fn find_former_repository(&self, owner: &str, name: &str) -> Option<&Repository> {
        let name = name.to_lowercase();
        self.repositories.iter().find(|repository| same(&repository.owner, owner) && repository.former.contains(&name))
    }

    /// The credential with this text, if the server still takes it.
    pub(super) fn find_token(&self, text: &str) -> Option<&Token> {
        let digest = Token::digest(text);
        let live = |token: &&Token| {
            let gone = !token.owner.is_empty() && self.find_user(&token.owner).is_none();
            token.is(&digest) && !token.revoked && !gone && token.ends_in.is_none_or(|left| left > SignedDuration::ZERO)
        };
        self.tokens.iter().find(live)
    }
}

/// Whether two names are the same to a server.
pub(super) fn same(one: &str, other: &str) -> bool {
    one.eq_ignore_ascii_case(other)
}
