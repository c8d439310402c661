//! Accounts, organizations, teams, repositories, what protects branches, and webhooks.

use std::collections::{BTreeMap, BTreeSet};

/// Who may see an account or an organization.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Visibility {
    /// Everybody.
    Public,
    /// Whoever is signed in.
    Limited,
    /// Members.
    Private,
}

impl Visibility {
    pub(super) fn word(self) -> &'static str {
        match self {
            Self::Public => "public",
            Self::Limited => "limited",
            Self::Private => "private",
        }
    }
}

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

/// An account.
#[derive(Clone, Debug)]
pub struct User {
    pub(super) login: String,
    pub(super) id: i64,
    pub(super) full_name: String,
    pub(super) login_name: String,
    pub(super) visibility: Visibility,
    pub(super) admin: bool,
    pub(super) restricted: bool,
    pub(super) active: bool,
    pub(super) prohibited: bool,
    pub(super) stale_password: bool,
    pub(super) two_factor: bool,
    pub(super) former: BTreeSet<String>,
}

impl User {
    /// An active account that everybody sees.
    pub fn new(login: &str) -> Self {
        Self {
            login: login.to_owned(),
            id: 0,
            full_name: String::new(),
            login_name: String::new(),
            visibility: Visibility::Public,
            admin: false,
            restricted: false,
            active: true,
            prohibited: false,
            stale_password: false,
            two_factor: false,
            former: BTreeSet::new(),
        }
    }

    /// Its number, where the next free one will not do.
    #[must_use]
    pub fn id(mut self, id: i64) -> Self {
        self.id = id;
        self
    }

    /// The name for people.
    #[must_use]
    pub fn named(mut self, name: &str) -> Self {
        name.clone_into(&mut self.full_name);
        self
    }

    /// The name in an external directory; accounts that an administrator's program made may have one too.
    #[must_use]
    pub fn login_name(mut self, name: &str) -> Self {
        name.clone_into(&mut self.login_name);
        self
    }

    /// Who sees it.
    #[must_use]
    pub fn visibility(mut self, visibility: Visibility) -> Self {
        self.visibility = visibility;
        self
    }

    /// Administers the site.
    #[must_use]
    pub fn admin(mut self) -> Self {
        self.admin = true;
        self
    }

    /// Sees only what it was added to.
    #[must_use]
    pub fn restricted(mut self) -> Self {
        self.restricted = true;
        self
    }

    /// Was not activated, or deactivated.
    #[must_use]
    pub fn inactive(mut self) -> Self {
        self.active = false;
        self
    }

    /// May not sign in.
    #[must_use]
    pub fn blocked(mut self) -> Self {
        self.prohibited = true;
        self
    }

    /// Must change its password first.
    #[must_use]
    pub fn must_change_password(mut self) -> Self {
        self.stale_password = true;
        self
    }

    /// Has a second factor.
    #[must_use]
    pub fn two_factor(mut self) -> Self {
        self.two_factor = true;
        self
    }

    /// Had this login before.
    #[must_use]
    pub fn renamed_from(mut self, login: &str) -> Self {
        self.former.insert(login.to_lowercase());
        self
    }
}

impl From<&str> for User {
    fn from(login: &str) -> Self {
        Self::new(login)
    }
}

/// An organization. It has a team of owners.
#[derive(Clone, Debug)]
pub struct Organization {
    pub(super) name: String,
    pub(super) id: i64,
    pub(super) visibility: Visibility,
    pub(super) owners: BTreeSet<String>,
    pub(super) teams: Vec<Team>,
    pub(super) former: BTreeSet<String>,
}

impl Organization {
    /// An organization that everybody sees.
    pub fn new(name: &str) -> Self {
        Self {
            name: name.to_owned(),
            id: 0,
            visibility: Visibility::Public,
            owners: BTreeSet::new(),
            teams: Vec::new(),
            former: BTreeSet::new(),
        }
    }

    /// Its number, where the next free one will not do.
    #[must_use]
    pub fn id(mut self, id: i64) -> Self {
        self.id = id;
        self
    }

    /// Who sees it.
    #[must_use]
    pub fn visibility(mut self, visibility: Visibility) -> Self {
        self.visibility = visibility;
        self
    }

    /// Adds an owner.
    #[must_use]
    pub fn owner(mut self, login: &str) -> Self {
        self.owners.insert(login.to_lowercase());
        self
    }

    /// Adds a team.
    #[must_use]
    pub fn team(mut self, team: Team) -> Self {
        self.teams.push(team);
        self
    }

    /// Had this name before.
    #[must_use]
    pub fn renamed_from(mut self, name: &str) -> Self {
        self.former.insert(name.to_lowercase());
        self
    }
}

impl From<&str> for Organization {
    fn from(name: &str) -> Self {
        Self::new(name)
    }
}

/// A team of an organization.
#[derive(Clone, Debug)]
pub struct Team {
    pub(super) name: String,
    pub(super) members: BTreeSet<String>,
    pub(super) rights: BTreeMap<Unit, Level>,
    pub(super) admin: bool,
    /// By name; none for all.
    pub(super) repositories: Option<BTreeSet<String>>,
}

impl Team {
    /// A team with one right on every unit, on no repository yet.
    pub fn new(name: &str, level: Level) -> Self {
        Self {
            name: name.to_owned(),
            members: BTreeSet::new(),
            rights: Unit::ALL.map(|unit| (unit, level.min(Level::Write))).into(),
            admin: level >= Level::Admin,
            repositories: Some(BTreeSet::new()),
        }
    }

    /// A team with rights that differ.
    pub fn of_units(name: &str, rights: impl IntoIterator<Item = (Unit, Level)>) -> Self {
        Self { rights: rights.into_iter().collect(), ..Self::new(name, Level::None) }
    }

    /// Adds a member.
    #[must_use]
    pub fn member(mut self, login: &str) -> Self {
        self.members.insert(login.to_lowercase());
        self
    }

    /// Gives it a repository of the organization, by name.
    #[must_use]
    pub fn repository(mut self, name: &str) -> Self {
        self.repositories.get_or_insert_default().insert(name.to_lowercase());
        self
    }

    /// Gives it every repository of the organization.
    #[must_use]
    pub fn every_repository(mut self) -> Self {
        self.repositories = None;
        self
    }

    pub(super) fn covers(&self, repository: &str) -> bool {
        self.repositories.as_ref().is_none_or(|names| names.contains(&repository.to_lowercase()))
    }

    /// The right that it has everywhere, if it is the same everywhere.
    pub(super) fn uniform(&self) -> Option<Level> {
        if self.admin {
            return Some(Level::Admin);
        }
        let first = self.rights.get(&Unit::Code).copied().unwrap_or_default();
        Unit::ALL.iter().all(|unit| self.rights.get(unit).copied().unwrap_or_default() == first).then_some(first)
    }

    /// The lowest right that is one.
    pub(super) fn lowest(&self) -> Level {
        self.rights.values().copied().filter(|level| *level > Level::None).min().unwrap_or_default()
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

/// A webhook of a repository.
#[derive(Clone, Debug)]
pub struct Hook {
    pub(super) kind: String,
    pub(super) url: String,
    pub(super) events: Vec<String>,
    pub(super) active: bool,
    pub(super) branch_filter: String,
    pub(super) authorization: String,
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
}
