//! The world: everything that a simulated GitHub answers from, and its builder.

use std::collections::BTreeMap;
use std::time::Duration;

use jiff::Timestamp;

use super::app::{App, Installation};
use super::fault::{Fault, PlannedFault};
use super::state::{Organization, Repository, User};
use super::token::{Token, TokenKind};

/// The REST versions that GitHub takes; an Enterprise Server below 3.21 only takes the first.
const API_VERSIONS: [&str; 2] = ["2022-11-28", "2026-03-10"];

/// Which GitHub it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Flavour {
    /// github.com.
    GitHubCom,
    /// Enterprise Cloud with data residency, a tenant below ghe.com. It answers like github.com.
    EnterpriseCloud,
    /// GitHub Enterprise Server of a version: below `/api/v3`, with a version header, without rate limits.
    EnterpriseServer {
        /// `3.19.2`.
        version: String,
    },
}

impl Flavour {
    /// Major and minor version of an Enterprise Server.
    pub(super) fn server_version(&self) -> Option<(u32, u32)> {
        let Self::EnterpriseServer { version } = self else { return None };
        let mut parts = version.split('.').map(|part| part.parse().unwrap_or(0));
        Some((parts.next().unwrap_or(0), parts.next().unwrap_or(0)))
    }
}

/// Everything that a simulated GitHub knows. Build it, then [`World::start`] it.
///
/// Names that are used before they are declared come into being: a repository's owner as an organisation, an owner of
/// a token as a user. Declare a user before the repositories that are their own.
#[derive(Debug)]
pub struct World {
    pub(super) now: Timestamp,
    pub(super) flavour: Flavour,
    pub(super) users: Vec<User>,
    pub(super) organizations: Vec<Organization>,
    pub(super) repositories: Vec<Repository>,
    pub(super) apps: Vec<App>,
    pub(super) installations: Vec<Installation>,
    pub(super) tokens: Vec<Token>,
    pub(super) faults: Vec<PlannedFault>,
    pub(super) latency: Duration,
    /// Requests used in this window, by who is counted and the resource.
    pub(super) used: BTreeMap<(String, &'static str), u64>,
    /// Limits that were set by hand, by who is counted.
    pub(super) limits: BTreeMap<String, u64>,
    pub(super) bad_logins: u32,
    pub(super) bad_logins_allowed: u32,
    pub(super) answered: u64,
}

impl World {
    /// An empty github.com at a time.
    pub fn new(now: Timestamp) -> Self {
        Self {
            now,
            flavour: Flavour::GitHubCom,
            users: Vec::new(),
            organizations: Vec::new(),
            repositories: Vec::new(),
            apps: Vec::new(),
            installations: Vec::new(),
            tokens: Vec::new(),
            faults: Vec::new(),
            latency: Duration::ZERO,
            used: BTreeMap::new(),
            limits: BTreeMap::new(),
            bad_logins: 0,
            bad_logins_allowed: 5,
            answered: 0,
        }
    }

    /// Makes it another GitHub.
    #[must_use]
    pub fn flavour(mut self, flavour: Flavour) -> Self {
        self.flavour = flavour;
        self
    }

    /// Makes it a GitHub Enterprise Server of a version (`3.19.2`).
    #[must_use]
    pub fn enterprise_server(self, version: &str) -> Self {
        self.flavour(Flavour::EnterpriseServer { version: version.to_owned() })
    }

    /// Adds a user; a second one with the same login replaces the first.
    #[must_use]
    pub fn user(mut self, user: impl Into<User>) -> Self {
        let mut user = user.into();
        match self.users.iter_mut().find(|known| known.login.eq_ignore_ascii_case(&user.login)) {
            Some(known) => {
                user.id = known.id;
                *known = user;
            }
            None => {
                user.id = 90_000_001 + count(&self.users);
                self.users.push(user);
            }
        }
        self
    }

    /// Adds an organisation; a second one with the same login replaces the first.
    #[must_use]
    pub fn organization(mut self, organization: impl Into<Organization>) -> Self {
        let mut organization = organization.into();
        for member in &organization.members {
            self = self.known_user(&member.login);
        }
        match self.organizations.iter_mut().find(|known| known.login.eq_ignore_ascii_case(&organization.login)) {
            Some(known) => {
                organization.id = known.id;
                *known = organization;
            }
            None => {
                organization.id = 80_000_001 + count(&self.organizations);
                self.organizations.push(organization);
            }
        }
        self
    }

    /// Adds a repository.
    #[must_use]
    pub fn repository(mut self, repository: impl Into<Repository>) -> Self {
        let mut repository = repository.into();
        self = self.known_account(&repository.owner);
        for collaborator in &repository.collaborators {
            self = self.known_user(&collaborator.login);
        }
        repository.id = 700_000_001 + count(&self.repositories);
        self.repositories.push(repository);
        self
    }

    /// Adds an app.
    #[must_use]
    pub fn app(mut self, mut app: App) -> Self {
        if self.find_app(&app.slug).is_none() {
            app.id = 300_001 + count(&self.apps);
            app.client_id = format!("Iv1.{:016x}", app.id);
            self.apps.push(app);
        }
        self
    }

    /// Adds an installation, and its app where that is not known.
    #[must_use]
    pub fn installation(mut self, installation: Installation) -> Self {
        self = self.app(App::new(&installation.app)).known_account(&installation.account);
        self.installations.push(installation);
        self
    }

    /// Adds a token.
    #[must_use]
    pub fn token(mut self, mut token: Token) -> Self {
        if token.kind != TokenKind::AppInstallation {
            self = self.known_user(&token.owner);
        }
        if token.kind == TokenKind::AppUser {
            self = self.app(App::new(&token.app));
            token.client_id = self.find_app(&token.app).map(|app| app.client_id.clone());
        }
        let id = 1_234_567 + count(&self.tokens);
        self.tokens.push(token.placed(self.now, id));
        self
    }

    /// Adds a token to a world that runs already.
    pub(super) fn add_token(&mut self, token: Token) {
        let id = 1_234_567 + count(&self.tokens);
        self.tokens.push(token.placed(self.now, id));
    }

    /// Ticks other scopes for every token of a user's, as their settings pages can.
    pub fn edit_scopes(&mut self, owner: &str, scopes: &[&str]) {
        for token in self.tokens.iter_mut().filter(|token| token.owner == owner) {
            token.scopes = scopes.iter().map(|&scope| scope.to_owned()).collect();
        }
    }

    /// The text of the next token that is minted: nothing that a client could know before.
    pub(super) fn next_token(&self) -> String {
        use sha2::{Digest as _, Sha256};
        let seed = format!("{} {} {}", self.tokens.len(), self.answered, self.now);
        let digest = Sha256::digest(seed.as_bytes());
        let letters: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
        ["ghs", letters.get(..36).unwrap_or_default()].join("_")
    }

    /// Everything that a client could change, as a text to compare with a later one.
    pub fn contents(&self) -> String {
        let tokens: Vec<bool> = self.tokens.iter().map(|token| token.revoked).collect();
        let all = (&self.users, &self.organizations, &self.repositories, &self.apps, &self.installations, tokens);
        format!("{all:?}")
    }

    /// How many of the tokens minted are not revoked.
    pub fn minted_and_live(&self) -> usize {
        self.tokens.iter().filter(|token| token.narrowed.is_some() && !token.revoked).count()
    }

    /// The next answers, so many of them, go wrong in this way.
    #[must_use]
    pub fn fault(mut self, times: u32, fault: Fault) -> Self {
        self.plan_fault("/", times, fault);
        self
    }

    /// As [`World::fault`], for paths that begin like this only (`/repos/acme`; with `/api/v3` before it on an Enterprise
    /// Server).
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

    /// How many requests an hour somebody has: a user's login, an installation's id as text, or `anonymous`.
    #[must_use]
    pub fn rate_limit(mut self, who: &str, limit: u64) -> Self {
        self.limits.insert(who.to_ascii_lowercase(), limit);
        self
    }

    /// How many requests somebody has used already, of `core` and of `graphql`.
    #[must_use]
    pub fn requests_used(mut self, who: &str, used: u64) -> Self {
        for resource in ["core", "graphql"] {
            self.used.insert((who.to_ascii_lowercase(), resource), used);
        }
        self
    }

    /// How many bad logins in a row GitHub bears before it refuses every login; 5 unless said.
    #[must_use]
    pub fn bad_logins_allowed(mut self, count: u32) -> Self {
        self.bad_logins_allowed = count;
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

    /// Moves the clock; rate limits start again where an hour or more has passed.
    pub fn set_now(&mut self, now: Timestamp) {
        if now.duration_since(self.now).as_hours() >= 1 {
            self.used.clear();
            self.bad_logins = 0;
        }
        self.now = now;
    }

    /// Whether it takes a version of the REST API.
    pub(super) fn supports(&self, version: &str) -> bool {
        let newest_too = self.flavour.server_version().is_none_or(|server| server >= (3, 21));
        API_VERSIONS.iter().take(if newest_too { 2 } else { 1 }).any(|known| *known == version)
    }

    fn known_user(self, login: &str) -> Self {
        if self.find_user(login).is_some() { self } else { self.user(login) }
    }

    /// An account that is neither a user nor an organisation becomes an organisation.
    fn known_account(self, login: &str) -> Self {
        if self.find_user(login).is_some() || self.find_organization(login).is_some() {
            self
        } else {
            self.organization(login)
        }
    }

    pub(super) fn find_user(&self, login: &str) -> Option<&User> {
        self.users.iter().find(|user| user.login.eq_ignore_ascii_case(login))
    }

    pub(super) fn find_organization(&self, login: &str) -> Option<&Organization> {
        self.organizations.iter().find(|organization| organization.login.eq_ignore_ascii_case(login))
    }

    pub(super) fn find_app(&self, slug: &str) -> Option<&App> {
        self.apps.iter().find(|app| app.slug == slug)
    }

    pub(super) fn find_installation(&self, id: u64) -> Option<&Installation> {
        self.installations.iter().find(|installation| installation.id == id)
    }

    /// A repository by its present full name, in any case.
    pub(super) fn find_repository(&self, full_name: &str) -> Option<&Repository> {
        self.repositories.iter().find(|repository| repository.full_name().eq_ignore_ascii_case(full_name))
    }

    /// A repository by a name that it had before.
    pub(super) fn find_renamed(&self, full_name: &str) -> Option<&Repository> {
        self.repositories
            .iter()
            .find(|repository| repository.former_names.iter().any(|name| name.eq_ignore_ascii_case(full_name)))
    }
}

/// How many there are, for the next id.
fn count<T>(items: &[T]) -> u64 {
    u64::try_from(items.len()).unwrap_or(u64::MAX)
}
