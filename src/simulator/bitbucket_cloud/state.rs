//! Who and what a simulated Bitbucket Cloud holds: users, workspaces and repositories.

use std::collections::BTreeMap;

use super::restrictions::Restriction;

/// A permission on a repository or project, weakest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Permission {
    /// `read`.
    Read,
    /// `write`.
    Write,
    /// `admin`.
    Admin,
}

impl Permission {
    /// As answers spell it.
    pub(super) const fn word(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Write => "write",
            Self::Admin => "admin",
        }
    }
}

/// A role in a workspace.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WorkspaceRole {
    /// `member`.
    Member,
    /// `create-project`.
    CreateProject,
    /// `owner`: administers the workspace and everything in it.
    Owner,
}

impl WorkspaceRole {
    /// As answers spell it.
    pub(super) const fn word(self) -> &'static str {
        match self {
            Self::Member => "member",
            Self::CreateProject => "create-project",
            Self::Owner => "owner",
        }
    }
}

/// A user account.
#[derive(Clone, Debug)]
pub struct User {
    pub(super) nickname: String,
    /// The login name of old, with which app passwords signed in.
    pub(super) username: String,
    pub(super) display_name: String,
    pub(super) email: String,
    pub(super) two_factor: Option<bool>,
    pub(super) number: u32,
}

impl User {
    /// A user; the e-mail address is `NICKNAME@acme.example`.
    pub fn new(nickname: &str) -> Self {
        Self {
            nickname: nickname.to_owned(),
            username: nickname.to_owned(),
            display_name: nickname.to_owned(),
            email: format!("{nickname}@acme.example"),
            two_factor: None,
            number: 0,
        }
    }

    /// The display name.
    #[must_use]
    pub fn named(mut self, name: &str) -> Self {
        self.display_name = name.to_owned();
        self
    }

    /// The primary e-mail address, with which API tokens sign in.
    #[must_use]
    pub fn email(mut self, email: &str) -> Self {
        self.email = email.to_owned();
        self
    }

    /// The login name of old, where it is not the nickname.
    #[must_use]
    pub fn username(mut self, username: &str) -> Self {
        self.username = username.to_owned();
        self
    }

    /// Shows whether a second factor is set up; without this the answer says `null`.
    #[must_use]
    pub fn two_factor(mut self, enabled: bool) -> Self {
        self.two_factor = Some(enabled);
        self
    }

    /// In braces, as answers spell it.
    pub(super) fn uuid(&self) -> String {
        format!("{{0b5e6c1e-1111-4222-8333-{:012x}}}", self.number)
    }

    pub(super) fn account_id(&self) -> String {
        format!("557058:11112222-3333-4444-5555-{:012x}", self.number)
    }
}

impl From<&str> for User {
    fn from(nickname: &str) -> Self {
        Self::new(nickname)
    }
}

/// A workspace.
#[derive(Clone, Debug)]
pub struct Workspace {
    pub(super) slug: String,
    pub(super) members: Vec<(String, WorkspaceRole)>,
    /// What projects grant, by their key in upper case: nickname and permission.
    pub(super) projects: BTreeMap<String, Vec<(String, Permission)>>,
    pub(super) hooks: Vec<Hook>,
}

impl Workspace {
    /// A workspace without members.
    pub fn new(slug: &str) -> Self {
        Self { slug: slug.to_owned(), members: Vec::new(), projects: BTreeMap::new(), hooks: Vec::new() }
    }

    /// A member.
    #[must_use]
    pub fn member(mut self, nickname: &str, role: WorkspaceRole) -> Self {
        self.members.push((nickname.to_owned(), role));
        self
    }

    /// A user's permission on a project, and so on each of its repositories.
    #[must_use]
    pub fn project_permission(mut self, key: &str, nickname: &str, permission: Permission) -> Self {
        self.projects.entry(key.to_ascii_uppercase()).or_default().push((nickname.to_owned(), permission));
        self
    }

    /// A webhook.
    #[must_use]
    pub fn hook(mut self, hook: Hook) -> Self {
        self.hooks.push(hook);
        self
    }

    pub(super) fn role_of(&self, nickname: &str) -> Option<WorkspaceRole> {
        self.members.iter().find(|(name, _)| name.eq_ignore_ascii_case(nickname)).map(|(_, role)| *role)
    }
}

impl From<&str> for Workspace {
    fn from(slug: &str) -> Self {
        Self::new(slug)
    }
}

/// A repository.
#[derive(Clone, Debug)]
pub struct Repository {
    pub(super) workspace: String,
    pub(super) slug: String,
    pub(super) private: bool,
    pub(super) project: String,
    pub(super) permissions: Vec<(String, Permission)>,
    pub(super) hooks: Vec<Hook>,
    /// `None` in an empty repository.
    pub(super) main_branch: Option<String>,
    pub(super) restrictions: Vec<Restriction>,
    /// A name that it had before, which still leads to it.
    pub(super) former: Option<String>,
}

impl Repository {
    /// A public repository by its full name, in the project `PROJ`.
    pub fn new(full_name: &str) -> Self {
        let (workspace, slug) = full_name.split_once('/').unwrap_or(("", full_name));
        Self {
            workspace: workspace.to_owned(),
            slug: slug.to_owned(),
            private: false,
            project: "PROJ".to_owned(),
            permissions: Vec::new(),
            hooks: Vec::new(),
            main_branch: Some("main".to_owned()),
            restrictions: Vec::new(),
            former: None,
        }
    }

    /// Seen by those with permission only.
    #[must_use]
    pub fn private(mut self) -> Self {
        self.private = true;
        self
    }

    /// In this project.
    #[must_use]
    pub fn project(mut self, key: &str) -> Self {
        self.project = key.to_ascii_uppercase();
        self
    }

    /// A user's permission.
    #[must_use]
    pub fn permission(mut self, nickname: &str, permission: Permission) -> Self {
        self.permissions.push((nickname.to_owned(), permission));
        self
    }

    /// A webhook.
    #[must_use]
    pub fn hook(mut self, hook: Hook) -> Self {
        self.hooks.push(hook);
        self
    }

    /// Another main branch than `main`.
    #[must_use]
    pub fn main_branch(mut self, name: &str) -> Self {
        self.main_branch = Some(name.to_owned());
        self
    }

    /// Without anything in it.
    #[must_use]
    pub fn empty(mut self) -> Self {
        self.main_branch = None;
        self
    }

    /// A branch restriction.
    #[must_use]
    pub fn restriction(mut self, restriction: Restriction) -> Self {
        self.restrictions.push(restriction);
        self
    }

    /// A full name that it had before.
    #[must_use]
    pub fn formerly(mut self, full_name: &str) -> Self {
        self.former = Some(full_name.to_owned());
        self
    }

    pub(super) fn full_name(&self) -> String {
        format!("{}/{}", self.workspace, self.slug)
    }
}

impl From<&str> for Repository {
    fn from(full_name: &str) -> Self {
        Self::new(full_name)
    }
}

/// A webhook of a repository or workspace.
#[derive(Clone, Debug)]
pub struct Hook {
    pub(super) url: String,
    pub(super) events: Vec<String>,
    pub(super) active: bool,
    /// `None`: an answer from before the field.
    pub(super) secret_set: Option<bool>,
    pub(super) skip_verification: Option<bool>,
}

impl Hook {
    /// An active webhook without a secret.
    pub fn new<S: Into<String>>(url: &str, events: impl IntoIterator<Item = S>) -> Self {
        Self {
            url: url.to_owned(),
            events: events.into_iter().map(Into::into).collect(),
            active: true,
            secret_set: Some(false),
            skip_verification: Some(false),
        }
    }

    /// With a secret.
    #[must_use]
    pub fn secret(mut self) -> Self {
        self.secret_set = Some(true);
        self
    }

    /// Switched off.
    #[must_use]
    pub fn inactive(mut self) -> Self {
        self.active = false;
        self
    }

    /// Without a look at the receiver's certificate.
    #[must_use]
    pub fn insecure(mut self) -> Self {
        self.skip_verification = Some(true);
        self
    }

    /// As answers were before they showed secrets and certificates.
    #[must_use]
    pub fn as_of_old(mut self) -> Self {
        self.secret_set = None;
        self.skip_verification = None;
        self
    }
}
