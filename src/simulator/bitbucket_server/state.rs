//! Users, projects, repositories, webhooks, and what goes wrong on purpose.

use std::collections::BTreeMap;

use super::restrictions::Restriction;
use crate::simulator::Answer;

/// A level on a repository or project, or of a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// Reading.
    Read,
    /// Writing.
    Write,
    /// Administering.
    Admin,
}

impl Level {
    /// The word behind `REPO_` and `PROJECT_`.
    pub(super) fn word(self) -> &'static str {
        match self {
            Self::Read => "READ",
            Self::Write => "WRITE",
            Self::Admin => "ADMIN",
        }
    }

    pub(super) fn of_word(word: &str) -> Option<Self> {
        [Self::Read, Self::Write, Self::Admin].into_iter().find(|level| level.word() == word)
    }
}

/// A user.
#[derive(Clone, Debug)]
pub struct User {
    pub(super) name: String,
    pub(super) slug: String,
    pub(super) display_name: String,
    pub(super) email: Option<String>,
    pub(super) password: Option<String>,
    pub(super) id: u64,
}

impl User {
    /// A user whose slug follows from the name: lower case, other characters replaced.
    pub fn new(name: &str) -> Self {
        let plain = |c: char| if c.is_ascii_alphanumeric() || ".-_".contains(c) { c } else { '_' };
        Self {
            name: name.to_owned(),
            slug: name.to_lowercase().chars().map(plain).collect(),
            display_name: name.to_owned(),
            email: None,
            password: None,
            id: 0,
        }
    }

    /// Another slug than the one that follows from the name.
    #[must_use]
    pub fn slug(mut self, slug: &str) -> Self {
        slug.clone_into(&mut self.slug);
        self
    }

    /// The name for people.
    #[must_use]
    pub fn display_name(mut self, name: &str) -> Self {
        name.clone_into(&mut self.display_name);
        self
    }

    /// The e-mail address.
    #[must_use]
    pub fn email(mut self, address: &str) -> Self {
        self.email = Some(address.to_owned());
        self
    }

    /// A password to sign in with.
    #[must_use]
    pub fn password(mut self, password: &str) -> Self {
        self.password = Some(password.to_owned());
        self
    }
}

impl From<&str> for User {
    fn from(name: &str) -> Self {
        Self::new(name)
    }
}

/// Who has which level, users and groups, by name in lower case.
#[derive(Clone, Debug, Default)]
pub(super) struct Grants {
    pub(super) users: BTreeMap<String, Level>,
    pub(super) groups: BTreeMap<String, Level>,
}

/// A project, personal where its key begins with `~`.
#[derive(Clone, Debug)]
pub struct Project {
    pub(super) key: String,
    pub(super) name: String,
    pub(super) public: bool,
    pub(super) grants: Grants,
    pub(super) hooks: Vec<Hook>,
    pub(super) id: u64,
}

impl Project {
    /// A private project without any grants, of the same name as its key.
    pub fn new(key: &str) -> Self {
        let grants = Grants::default();
        Self { key: key.to_owned(), name: key.to_owned(), public: false, grants, hooks: Vec::new(), id: 0 }
    }

    /// The name for people.
    #[must_use]
    pub fn name(mut self, name: &str) -> Self {
        name.clone_into(&mut self.name);
        self
    }

    /// Everybody reads all of it.
    #[must_use]
    pub fn public(mut self) -> Self {
        self.public = true;
        self
    }

    /// Gives a user a level.
    #[must_use]
    pub fn grant(mut self, user: &str, level: Level) -> Self {
        self.grants.users.insert(user.to_lowercase(), level);
        self
    }

    /// Gives a group a level.
    #[must_use]
    pub fn grant_group(mut self, group: &str, level: Level) -> Self {
        self.grants.groups.insert(group.to_lowercase(), level);
        self
    }

    /// Adds a webhook.
    #[must_use]
    pub fn hook(mut self, hook: Hook) -> Self {
        self.hooks.push(hook);
        self
    }

    /// The owner of a personal project.
    pub(super) fn owner(&self) -> Option<&str> {
        self.key.strip_prefix('~')
    }
}

/// A repository.
#[derive(Clone, Debug)]
pub struct Repository {
    pub(super) project: String,
    pub(super) slug: String,
    pub(super) name: String,
    pub(super) public: bool,
    pub(super) archived: bool,
    pub(super) grants: Grants,
    pub(super) hooks: Vec<Hook>,
    /// `None` where the branch that is configured does not exist.
    pub(super) default_branch: Option<String>,
    pub(super) restrictions: Vec<Restriction>,
    pub(super) id: u64,
}

impl Repository {
    /// A private repository by `KEY/slug`, of the same name as its slug.
    pub fn new(full_name: &str) -> Self {
        let (project, slug) = full_name.split_once('/').unwrap_or((full_name, "repository"));
        Self {
            project: project.to_owned(),
            slug: slug.to_owned(),
            name: slug.to_owned(),
            public: false,
            archived: false,
            grants: Grants::default(),
            hooks: Vec::new(),
            default_branch: Some("main".to_owned()),
            restrictions: Vec::new(),
            id: 0,
        }
    }

    /// The name for people.
    #[must_use]
    pub fn name(mut self, name: &str) -> Self {
        name.clone_into(&mut self.name);
        self
    }

    /// Everybody reads it.
    #[must_use]
    pub fn public(mut self) -> Self {
        self.public = true;
        self
    }

    /// Nobody may change it.
    #[must_use]
    pub fn archived(mut self) -> Self {
        self.archived = true;
        self
    }

    /// Gives a user a level.
    #[must_use]
    pub fn grant(mut self, user: &str, level: Level) -> Self {
        self.grants.users.insert(user.to_lowercase(), level);
        self
    }

    /// Gives a group a level.
    #[must_use]
    pub fn grant_group(mut self, group: &str, level: Level) -> Self {
        self.grants.groups.insert(group.to_lowercase(), level);
        self
    }

    /// Another default branch than `main`.
    #[must_use]
    pub fn default_branch(mut self, name: &str) -> Self {
        self.default_branch = Some(name.to_owned());
        self
    }

    /// Without anything in it.
    #[must_use]
    pub fn empty(mut self) -> Self {
        self.default_branch = None;
        self
    }

    /// Adds a branch permission.
    #[must_use]
    pub fn restriction(mut self, restriction: Restriction) -> Self {
        self.restrictions.push(restriction);
        self
    }

    /// Adds a webhook.
    #[must_use]
    pub fn hook(mut self, hook: Hook) -> Self {
        self.hooks.push(hook);
        self
    }
}

/// A webhook of a repository or project. Its secret comes back in clear.
#[derive(Clone, Debug)]
pub struct Hook {
    pub(super) url: String,
    pub(super) events: Vec<String>,
    pub(super) active: bool,
    pub(super) secret: Option<String>,
    pub(super) verifies: bool,
}

impl Hook {
    /// An active webhook without a secret that checks certificates.
    pub fn new<S: AsRef<str>>(url: &str, events: impl IntoIterator<Item = S>) -> Self {
        let events = events.into_iter().map(|event| event.as_ref().to_owned()).collect();
        Self { url: url.to_owned(), events, active: true, secret: None, verifies: true }
    }

    /// Signs its deliveries with this.
    #[must_use]
    pub fn secret(mut self, secret: &str) -> Self {
        self.secret = Some(secret.to_owned());
        self
    }

    /// Delivers nothing.
    #[must_use]
    pub fn inactive(mut self) -> Self {
        self.active = false;
        self
    }

    /// Delivers without checking certificates.
    #[must_use]
    pub fn insecure(mut self) -> Self {
        self.verifies = false;
        self
    }
}

/// A way in which an answer goes wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// This status with a page of HTML, as a proxy answers.
    Html(u16),
    /// 429 with this `Retry-After`.
    TooManyRequests(String),
    /// 302 to this address, as single sign-on answers.
    Redirect(String),
    /// 401 that asks for a captcha.
    Captcha,
    /// The right answer without the headers that name the caller.
    NoName,
    /// The right status with this body.
    Body(String),
}

/// A fault that waits for its requests.
#[derive(Clone, Debug)]
pub(super) struct PlannedFault {
    pub(super) path: String,
    pub(super) left: u32,
    pub(super) fault: Fault,
}

/// The first planned fault for a path, counted down.
pub(super) fn next_fault(faults: &mut [PlannedFault], path: &str) -> Option<Fault> {
    let planned = faults.iter_mut().find(|fault| fault.left > 0 && path.starts_with(&fault.path))?;
    planned.left -= 1;
    Some(planned.fault.clone())
}

impl Fault {
    pub(super) fn apply(&self, mut answer: Answer) -> Answer {
        let json = |status, message: &str| {
            let body = serde_json::json!({"errors": [{"context": null, "message": message, "exceptionName": null}]});
            Answer::new(status, body.to_string()).header("content-type", "application/json;charset=UTF-8")
        };
        match self {
            Self::Html(status) => Answer::new(*status, "<html><body>Sign in to continue</body></html>")
                .header("content-type", "text/html;charset=UTF-8"),
            Self::TooManyRequests(after) => {
                json(429, "Too many requests have been sent in a short time.").header("retry-after", after)
            }
            Self::Redirect(address) => Answer::new(302, "").header("location", address),
            Self::Captcha => json(
                401,
                "CAPTCHA required. Your Bitbucket account has been marked as requiring a CAPTCHA to be solved before it \
                 may be used again.",
            ),
            Self::NoName => {
                answer.headers.retain(|(name, _)| !name.to_ascii_lowercase().starts_with("x-auser"));
                answer
            }
            Self::Body(body) => Answer { body: body.clone().into_bytes(), ..answer },
        }
    }
}
