//! Accounts, organizations and teams.

use std::collections::{BTreeMap, BTreeSet};

use super::state::{Hook, Level, Unit};
use super::token::Token;

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

    /// By its word.
    pub(super) fn of(word: &str) -> Option<Self> {
        [Self::Public, Self::Limited, Self::Private].into_iter().find(|one| one.word() == word)
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
    /// What signs it in, where it has a password: it may do everything that the account may.
    pub(super) password: Option<Token>,
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
            password: None,
        }
    }

    /// Has a password, which signs it in by Basic.
    #[must_use]
    pub fn password(mut self, text: &str) -> Self {
        self.password = Some(Token::personal(text, &self.login).scopes(["all"]));
        self
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
    pub(super) hooks: Vec<Hook>,
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
            hooks: Vec::new(),
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

    /// Adds a webhook.
    #[must_use]
    pub fn hook(mut self, hook: Hook) -> Self {
        self.hooks.push(hook);
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
