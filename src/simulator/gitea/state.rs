//! Rights, repositories, what protects branches, and webhooks.

use std::collections::{BTreeMap, BTreeSet};

/// A right.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// None.
    #[default]
    None,
    /// Reading.
    Read,
    /// Writing.
    Write,
    /// Administering.
    Admin,
    /// Owning.
    Owner,
}

impl Level {
    pub(super) fn word(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Read => "read",
            Self::Write => "write",
            Self::Admin => "admin",
            Self::Owner => "owner",
        }
    }

    /// By the word of a collaborator's right.
    pub(super) fn of(word: &str) -> Option<Self> {
        [Self::Read, Self::Write, Self::Admin].into_iter().find(|level| level.word() == word)
    }
}

/// A part of a repository that rights are given on, and that can be switched off.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Unit {
    /// The code.
    Code,
    /// The issues.
    Issues,
    /// The pull requests.
    PullRequests,
    /// The wiki.
    Wiki,
    /// The actions.
    Actions,
}

impl Unit {
    /// All of them.
    pub(super) const ALL: [Self; 5] = [Self::Code, Self::Issues, Self::PullRequests, Self::Wiki, Self::Actions];

    /// The name that teams list it by.
    pub(super) fn word(self) -> &'static str {
        match self {
            Self::Code => "repo.code",
            Self::Issues => "repo.issues",
            Self::PullRequests => "repo.pulls",
            Self::Wiki => "repo.wiki",
            Self::Actions => "repo.actions",
        }
    }
}

/// A repository.
#[derive(Clone, Debug)]
pub struct Repository {
    pub(super) owner: String,
    pub(super) name: String,
    pub(super) id: u64,
    pub(super) private: bool,
    pub(super) archived: bool,
    pub(super) empty: bool,
    pub(super) off: BTreeSet<Unit>,
    pub(super) default_branch: String,
    pub(super) branches: BTreeSet<String>,
    pub(super) protections: Vec<Protection>,
    pub(super) collaborators: BTreeMap<String, Level>,
    pub(super) hooks: Vec<Hook>,
    pub(super) former: BTreeSet<String>,
}

impl Repository {
    /// A private repository with a commit on `main`, by `owner/name`.
    pub fn new(full_name: &str) -> Self {
        let (owner, name) = full_name.split_once('/').unwrap_or(("", full_name));
        Self {
            owner: owner.to_owned(),
            name: name.to_owned(),
            id: 0,
            private: true,
            archived: false,
            empty: false,
            off: BTreeSet::new(),
            default_branch: "main".to_owned(),
            branches: ["main".to_owned()].into(),
            protections: Vec::new(),
            collaborators: BTreeMap::new(),
            hooks: Vec::new(),
            former: BTreeSet::new(),
        }
    }

    /// Not private: seen by whoever sees its owner.
    #[must_use]
    pub fn public(mut self) -> Self {
        self.private = false;
        self
    }

    /// Nobody writes to it.
    #[must_use]
    pub fn archived(mut self) -> Self {
        self.archived = true;
        self
    }

    /// Has no commit.
    #[must_use]
    pub fn empty(mut self) -> Self {
        self.empty = true;
        self.branches.clear();
        self
    }

    /// Has a unit switched off.
    #[must_use]
    pub fn without(mut self, unit: Unit) -> Self {
        self.off.insert(unit);
        self
    }

    /// Has another branch.
    #[must_use]
    pub fn branch(mut self, name: &str) -> Self {
        self.branches.insert(name.to_owned());
        self
    }

    /// Has another default branch.
    #[must_use]
    pub fn default_branch(mut self, name: &str) -> Self {
        name.clone_into(&mut self.default_branch);
        self.branch(name)
    }

    /// Protects a branch.
    #[must_use]
    pub fn protection(mut self, protection: Protection) -> Self {
        self.protections.push(protection);
        self
    }

    /// Adds a collaborator.
    #[must_use]
    pub fn collaborator(mut self, login: &str, level: Level) -> Self {
        self.collaborators.insert(login.to_lowercase(), level);
        self
    }

    /// Adds a webhook.
    #[must_use]
    pub fn hook(mut self, hook: Hook) -> Self {
        self.hooks.push(hook);
        self
    }

    /// Had this name before, with the same owner.
    #[must_use]
    pub fn renamed_from(mut self, name: &str) -> Self {
        self.former.insert(name.to_lowercase());
        self
    }

    pub(super) fn full_name(&self) -> String {
        format!("{}/{}", self.owner, self.name)
    }

    /// Whether a unit is there.
    pub(super) fn has(&self, unit: Unit) -> bool {
        !self.off.contains(&unit)
    }
}

impl From<&str> for Repository {
    fn from(full_name: &str) -> Self {
        Self::new(full_name)
    }
}

/// Who may do something to a protected branch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Allowed {
    /// Nobody.
    Nobody,
    /// Whoever writes code.
    Writers,
    /// These accounts, by login.
    Only(Vec<String>),
}

/// What protects a branch.
#[derive(Clone, Debug)]
pub struct Protection {
    pub(super) branch: String,
    pub(super) push: Allowed,
    pub(super) merge: Allowed,
    pub(super) approvals: u32,
    pub(super) checks: Vec<String>,
}

impl Protection {
    /// Nobody pushes, and whoever writes code merges.
    pub fn new(branch: &str) -> Self {
        Self {
            branch: branch.to_owned(),
            push: Allowed::Nobody,
            merge: Allowed::Writers,
            approvals: 0,
            checks: Vec::new(),
        }
    }

    /// Who pushes.
    #[must_use]
    pub fn push(mut self, allowed: Allowed) -> Self {
        self.push = allowed;
        self
    }

    /// Who merges.
    #[must_use]
    pub fn merge(mut self, allowed: Allowed) -> Self {
        self.merge = allowed;
        self
    }

    /// So many approvals are wanted.
    #[must_use]
    pub fn approvals(mut self, approvals: u32) -> Self {
        self.approvals = approvals;
        self
    }

    /// A check that must be green.
    #[must_use]
    pub fn check(mut self, context: &str) -> Self {
        self.checks.push(context.to_owned());
        self
    }
}

/// A webhook of a repository or an organization.
#[derive(Clone, Debug)]
pub struct Hook {
    pub(super) kind: String,
    pub(super) url: String,
    pub(super) events: Vec<String>,
    pub(super) active: bool,
    pub(super) branch_filter: String,
    pub(super) authorization: String,
    pub(super) metadata: serde_json::Value,
}

impl Hook {
    /// An active webhook for every branch that sends JSON.
    pub fn new<S: AsRef<str>>(url: &str, events: impl IntoIterator<Item = S>) -> Self {
        Self {
            kind: "gitea".to_owned(),
            url: url.to_owned(),
            events: events.into_iter().map(|event| event.as_ref().to_owned()).collect(),
            active: true,
            branch_filter: String::new(),
            authorization: String::new(),
            metadata: serde_json::Value::Null,
        }
    }

    /// Of another kind: `slack`, `telegram`.
    #[must_use]
    pub fn kind(mut self, kind: &str) -> Self {
        kind.clone_into(&mut self.kind);
        self
    }

    /// Sends nothing.
    #[must_use]
    pub fn inactive(mut self) -> Self {
        self.active = false;
        self
    }

    /// For some branches only.
    #[must_use]
    pub fn branch_filter(mut self, filter: &str) -> Self {
        filter.clone_into(&mut self.branch_filter);
        self
    }

    /// Sends this `Authorization`: older servers show it.
    #[must_use]
    pub fn authorization(mut self, header: &str) -> Self {
        header.clone_into(&mut self.authorization);
        self
    }

    /// What a Forgejo tells of a chat besides: some of it is secret.
    #[must_use]
    pub fn metadata(mut self, metadata: serde_json::Value) -> Self {
        self.metadata = metadata;
        self
    }
}
