//! The world: everything that a simulated Bitbucket Server answers from, and its builder.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use jiff::Timestamp;

use super::state::{Fault, PlannedFault, Project, Repository, User};
use super::token::{Of, Token};

/// Everything that a simulated Bitbucket Server knows. Build it, then [`World::start`] it. Users and projects that are used
/// before they are declared come into being.
#[derive(Debug)]
pub struct World {
    pub(super) now: Timestamp,
    pub(super) version: String,
    pub(super) context: String,
    pub(super) users: Vec<User>,
    pub(super) groups: BTreeMap<String, BTreeSet<String>>,
    pub(super) admins: BTreeSet<String>,
    pub(super) projects: Vec<Project>,
    pub(super) repositories: Vec<Repository>,
    pub(super) tokens: Vec<Token>,
    pub(super) faults: Vec<PlannedFault>,
    pub(super) records_refused: bool,
    pub(super) short_records: bool,
    pub(super) lists_honour_tokens: bool,
    pub(super) bad_is_anonymous: bool,
    pub(super) page_limit: u64,
    pub(super) gap: u64,
    pub(super) latency: Duration,
}

impl World {
    /// An empty Data Center 9.4 at a time.
    pub fn new(now: Timestamp) -> Self {
        Self {
            now,
            version: "9.4.3".to_owned(),
            context: String::new(),
            users: Vec::new(),
            groups: BTreeMap::new(),
            admins: BTreeSet::new(),
            projects: Vec::new(),
            repositories: Vec::new(),
            tokens: Vec::new(),
            faults: Vec::new(),
            records_refused: false,
            short_records: false,
            lists_honour_tokens: false,
            bad_is_anonymous: false,
            page_limit: 1000,
            gap: 0,
            latency: Duration::ZERO,
        }
    }

    /// Makes it another version, from 5.5 on. Those before 8.0 know neither the filters `projectkey` and `archived` nor
    /// archived repositories; those before 7.0 do not say whether a webhook checks certificates.
    #[must_use]
    pub fn version(mut self, version: &str) -> Self {
        version.clone_into(&mut self.version);
        self
    }

    /// Puts everything below a path, such as `/bitbucket`.
    #[must_use]
    pub fn context_path(mut self, path: &str) -> Self {
        path.clone_into(&mut self.context);
        self
    }

    /// Adds a user; a second one with the same name replaces the first.
    #[must_use]
    pub fn user(mut self, user: impl Into<User>) -> Self {
        let mut user = user.into();
        match self.users.iter_mut().find(|known| known.name.eq_ignore_ascii_case(&user.name)) {
            Some(known) => {
                user.id = known.id;
                *known = user;
            }
            None => {
                user.id = 1201 + count(&self.users);
                self.users.push(user);
            }
        }
        self
    }

    /// Puts users into a group.
    #[must_use]
    pub fn group(mut self, name: &str, members: &[&str]) -> Self {
        for member in members {
            self = self.known_user(member);
        }
        let members = members.iter().map(|member| member.to_lowercase());
        self.groups.entry(name.to_lowercase()).or_default().extend(members);
        self
    }

    /// Makes a user an administrator of everything.
    #[must_use]
    pub fn admin(mut self, user: &str) -> Self {
        self.admins.insert(user.to_lowercase());
        self.known_user(user)
    }

    /// Adds a project; a second one with the same key replaces the first.
    #[must_use]
    pub fn project(mut self, mut project: Project) -> Self {
        for user in project.grants.users.keys().cloned().collect::<Vec<_>>() {
            self = self.known_user(&user);
        }
        match self.projects.iter_mut().find(|known| known.key.eq_ignore_ascii_case(&project.key)) {
            Some(known) => {
                project.id = known.id;
                *known = project;
            }
            None => {
                project.id = 12 + count(&self.projects);
                self.projects.push(project);
            }
        }
        self
    }

    /// Adds a repository.
    #[must_use]
    pub fn repository(mut self, mut repository: Repository) -> Self {
        for user in repository.grants.users.keys().cloned().collect::<Vec<_>>() {
            self = self.known_user(&user);
        }
        if self.find_project(&repository.project).is_none() {
            self = self.project(Project::new(&repository.project));
        }
        repository.id = 431 + count(&self.repositories);
        self.repositories.push(repository);
        self
    }

    /// Adds a token.
    #[must_use]
    pub fn token(mut self, token: Token) -> Self {
        if let Of::User(name) | Of::Oauth(name) = &token.of {
            let name = name.clone();
            self = self.known_user(&name);
        }
        self.tokens.push(token);
        self
    }

    /// No token may read token records.
    #[must_use]
    pub fn refuses_records(mut self) -> Self {
        self.records_refused = true;
        self
    }

    /// Records have only what the published schema lists: number, name and when they were made.
    #[must_use]
    pub fn short_records(mut self) -> Self {
        self.short_records = true;
        self
    }

    /// Lists by level are of what the token may do, not of what its user may.
    #[must_use]
    pub fn lists_honour_tokens(mut self) -> Self {
        self.lists_honour_tokens = true;
        self
    }

    /// A credential that is not accepted is overlooked: answers are those that anybody gets.
    #[must_use]
    pub fn overlooks_bad_credentials(mut self) -> Self {
        self.bad_is_anonymous = true;
        self
    }

    /// The most that a page holds, and how many unseen items lie behind each, so that a page does not begin where the last
    /// one's limit would put it.
    #[must_use]
    pub fn pages(mut self, limit: u64, gap: u64) -> Self {
        (self.page_limit, self.gap) = (limit.max(1), gap);
        self
    }

    /// Every answer takes so long.
    #[must_use]
    pub fn latency(mut self, latency: Duration) -> Self {
        self.latency = latency;
        self
    }

    /// The next answers, so many of them, go wrong in this way, of paths that begin like this.
    #[must_use]
    pub fn fault_on(mut self, path: &str, times: u32, fault: Fault) -> Self {
        self.faults.push(PlannedFault { path: path.to_owned(), left: times, fault });
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

    fn known_user(self, name: &str) -> Self {
        if self.find_user(name).is_some() { self } else { self.user(name) }
    }

    pub(super) fn find_user(&self, name: &str) -> Option<&User> {
        self.users.iter().find(|user| user.name.eq_ignore_ascii_case(name))
    }

    pub(super) fn find_project(&self, key: &str) -> Option<&Project> {
        self.projects.iter().find(|project| project.key.eq_ignore_ascii_case(key))
    }

    pub(super) fn find_repository(&self, key: &str, slug: &str) -> Option<&Repository> {
        self.repositories
            .iter()
            .find(|one| one.project.eq_ignore_ascii_case(key) && one.slug.eq_ignore_ascii_case(slug))
    }

    /// The version's first number.
    pub(super) fn major(&self) -> u32 {
        self.version.split('.').next().and_then(|text| text.parse().ok()).unwrap_or(9)
    }
}

/// How many there are, for the next id.
fn count<T>(items: &[T]) -> u64 {
    u64::try_from(items.len()).unwrap_or(u64::MAX)
}
