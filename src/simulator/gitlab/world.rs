//! The world: everything that a simulated GitLab answers from, and its builder.

use std::time::Duration;

use jiff::Timestamp;

use super::state::{Group, Member, Project, User};
use super::token::{Token, TokenKind};
use crate::simulator::Answer;

/// Everything that a simulated GitLab knows. Build it, then [`World::start`] it.
///
/// Names that are used before they are declared come into being: groups of projects, owners of tokens.
#[derive(Debug)]
pub struct World {
    pub(super) now: Timestamp,
    pub(super) version: String,
    /// The relative URL root: empty, or `/git`.
    pub(super) root: String,
    pub(super) users: Vec<User>,
    pub(super) groups: Vec<Group>,
    pub(super) projects: Vec<Project>,
    pub(super) tokens: Vec<Token>,
    pub(super) impersonation_allowed: bool,
    pub(super) batches: bool,
    pub(super) shows_bots: bool,
    pub(super) latency: Duration,
    /// Requests a minute, and how many of them are used.
    pub(super) limit: Option<(u64, u64)>,
    pub(super) replaced: Vec<Replaced>,
}

/// Answers that go wrong on purpose.
#[derive(Debug)]
pub(super) struct Replaced {
    pub(super) path: String,
    pub(super) left: u32,
    pub(super) answer: Answer,
}

impl World {
    /// An empty instance of a recent version at a time.
    pub fn new(now: Timestamp) -> Self {
        Self {
            now,
            version: "19.4.1-ee".to_owned(),
            root: String::new(),
            users: Vec::new(),
            groups: Vec::new(),
            projects: Vec::new(),
            tokens: Vec::new(),
            impersonation_allowed: true,
            batches: true,
            shows_bots: true,
            latency: Duration::ZERO,
            limit: None,
            replaced: Vec::new(),
        }
    }

    /// Its version: `18.1.1-ee`, `19.1.0-pre`.
    #[must_use]
    pub fn version(mut self, version: &str) -> Self {
        version.clone_into(&mut self.version);
        self
    }

    /// Puts everything below a relative URL root (`/git`).
    #[must_use]
    pub fn below(mut self, root: &str) -> Self {
        root.trim_end_matches('/').clone_into(&mut self.root);
        self
    }

    /// Adds a user; a second one with the same name replaces the first.
    #[must_use]
    pub fn user(mut self, user: impl Into<User>) -> Self {
        let mut user = user.into();
        match self.users.iter_mut().find(|known| known.username.eq_ignore_ascii_case(&user.username)) {
            Some(known) => {
                user.id = known.id;
                *known = user;
            }
            None => {
                user.id = 5_501 + count(&self.users);
                self.users.push(user);
            }
        }
        self
    }

    /// Adds a group; a second one with the same path replaces the first.
    #[must_use]
    pub fn group(mut self, group: impl Into<Group>) -> Self {
        let mut group = group.into();
        if let Some((parent, _)) = group.path.rsplit_once('/') {
            self = self.known_group(parent);
        }
        for member in &group.members {
            self = self.known_user(&member.username);
        }
        match self.groups.iter_mut().find(|known| known.path.eq_ignore_ascii_case(&group.path)) {
            Some(known) => {
                group.id = known.id;
                *known = group;
            }
            None => {
                group.id = 41 + count(&self.groups);
                self.groups.push(group);
            }
        }
        self
    }

    /// Adds a project.
    #[must_use]
    pub fn project(mut self, project: impl Into<Project>) -> Self {
        let mut project = project.into();
        self = self.known_group(project.owner());
        for (group, _) in &project.shared {
            self = self.known_group(group);
        }
        for member in &project.members {
            self = self.known_user(&member.username);
        }
        project.id = 318 + count(&self.projects);
        self.projects.push(project);
        self
    }

    /// Adds a token. That of a project or group brings its bot along; declare the project or group first.
    #[must_use]
    pub fn token(mut self, token: Token) -> Self {
        let mut token = token;
        let id = 9_041 + count(&self.tokens);
        if let Some((of_project, path, level)) = token.bot_of.clone() {
            let (word, number) = if of_project {
                ("project", self.find_project(&path).map(|project| project.id))
            } else {
                ("group", self.find_group(&path).map(|group| group.id))
            };
            let username = format!("{word}_{}_bot_0c9be1d2f3a4{id}", number.unwrap_or_default());
            let member = Member::new(&username, level);
            if of_project {
                self.projects
                    .iter_mut()
                    .filter(|one| one.path == path)
                    .for_each(|one| one.members.push(member.clone()));
            } else {
                self.groups.iter_mut().filter(|one| one.path == path).for_each(|one| one.members.push(member.clone()));
            }
            self = self.user(User::service_account(&username).named(&token.name));
            token.owner = username;
        }
        if token.kind != TokenKind::Deploy {
            self = self.known_user(&token.owner);
        }
        self.tokens.push(token.placed(self.now, id));
        self
    }

    /// The administrator switched impersonation off.
    #[must_use]
    pub fn without_impersonation(mut self) -> Self {
        self.impersonation_allowed = false;
        self
    }

    /// An instance from before queries took many paths.
    #[must_use]
    pub fn without_batches(mut self) -> Self {
        self.batches = false;
        self
    }

    /// An instance from before accounts were marked as bots'.
    #[must_use]
    pub fn without_bot_marks(mut self) -> Self {
        self.shows_bots = false;
        self
    }

    /// Every answer takes so long.
    #[must_use]
    pub fn latency(mut self, latency: Duration) -> Self {
        self.latency = latency;
        self
    }

    /// Limits requests a minute, of which so many are used.
    #[must_use]
    pub fn rate_limit(mut self, limit: u64, used: u64) -> Self {
        self.limit = Some((limit, used));
        self
    }

    /// The next answers, so many of them, to paths that begin like this are replaced.
    #[must_use]
    pub fn replaced(mut self, path: &str, times: u32, answer: Answer) -> Self {
        self.replaced.push(Replaced { path: path.to_owned(), left: times, answer });
        self
    }

    /// Revokes a token by its text, in a world that runs already. Tells whether there is one.
    pub fn revoke(&mut self, text: &str) -> bool {
        let token = self.tokens.iter_mut().find(|token| token.is(text));
        token.is_some_and(|token| {
            token.set_revoked();
            true
        })
    }

    fn known_user(self, username: &str) -> Self {
        if self.find_user(username).is_some() { self } else { self.user(username) }
    }

    fn known_group(self, path: &str) -> Self {
        if path.is_empty() || self.find_group(path).is_some() { self } else { self.group(path) }
    }

    pub(super) fn find_user(&self, username: &str) -> Option<&User> {
        self.users.iter().find(|user| user.username.eq_ignore_ascii_case(username))
    }

    pub(super) fn find_group(&self, path: &str) -> Option<&Group> {
        self.groups.iter().find(|group| group.path.eq_ignore_ascii_case(path))
    }

    /// A project by its present path, in any case.
    pub(super) fn find_project(&self, path: &str) -> Option<&Project> {
        self.projects.iter().find(|project| project.path.eq_ignore_ascii_case(path))
    }
}

/// How many there are, for the next id.
fn count<T>(items: &[T]) -> u64 {
    u64::try_from(items.len()).unwrap_or(u64::MAX)
}
