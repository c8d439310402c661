//! What an account may do on a repository, and what of that a credential keeps.

use std::collections::BTreeMap;

use super::caller::Caller;
use super::people::{Organization, User, Visibility};
use super::release::Difference;
use super::state::{Allowed, Level, Protection, Repository, Unit};
use super::token::Kind;
use super::world::{Owner, World, same};

/// Rights on a repository.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Rights {
    /// The general right: what the route for roles tells.
    pub(super) general: Level,
    /// The right on each unit that is switched on.
    units: BTreeMap<Unit, Level>,
    /// Whether the account was added to the repository, itself or by a team, and does not just own or administer it.
    added: bool,
    /// The object is shown, and nothing of what is in it.
    pub(super) shell: bool,
    /// Routes for administrators are closed, whatever the right.
    pub(super) admin_closed: bool,
}

impl Rights {
    fn uniform(repository: &Repository, general: Level) -> Self {
        let units = Unit::ALL.into_iter().filter(|unit| repository.has(*unit)).map(|unit| (unit, general)).collect();
        Self { general, units, ..Self::default() }
    }

    pub(super) fn of(&self, unit: Unit) -> Level {
        self.units.get(&unit).copied().unwrap_or_default()
    }

    /// Whether the repository is there for the caller.
    pub(super) fn sees(&self) -> bool {
        self.shell || self.general > Level::None || self.units.values().any(|level| *level > Level::None)
    }

    /// Whether something in it is.
    pub(super) fn reads(&self) -> bool {
        self.sees() && !self.shell
    }

    pub(super) fn is_admin(&self) -> bool {
        self.general >= Level::Admin
    }

    /// Whether routes for administrators of the repository are open.
    pub(super) fn administers(&self) -> bool {
        self.is_admin() && !self.admin_closed
    }

    fn at_most(mut self, most: Level) -> Self {
        self.general = self.general.min(most);
        for level in self.units.values_mut() {
            *level = (*level).min(most);
        }
        self
    }

    fn join(&mut self, other: Self) {
        self.general = self.general.max(other.general);
        for (unit, level) in other.units {
            let held = self.units.entry(unit).or_default();
            *held = level.max(*held);
        }
    }
}

/// Whether an account, or somebody who is not signed in, sees an owner.
pub(super) fn sees_owner(user: Option<&User>, owner: Owner<'_>) -> bool {
    if user.is_some_and(|user| user.admin || same(&user.login, owner.name())) {
        return true;
    }
    let belongs = match owner {
        Owner::Organization(organization) => user.is_some_and(|user| is_member(organization, user)),
        Owner::User(_) => false,
    };
    belongs
        || match owner.visibility() {
            Visibility::Public => true,
            Visibility::Limited => user.is_some_and(|user| !user.restricted),
            Visibility::Private => false,
        }
}

fn restricted_sees(world: &World) -> bool {
    world.release.has(Difference::RestrictedSeesPublic)
}

pub(super) fn is_member(organization: &Organization, user: &User) -> bool {
    let login = user.login.to_lowercase();
    organization.owners.contains(&login) || organization.teams.iter().any(|team| team.members.contains(&login))
}

/// What an account has on a repository, whatever token it comes with.
pub(super) fn of_account(world: &World, user: Option<&User>, repository: &Repository) -> Rights {
    let with_admin = true;
    of_user(world, user, repository, with_admin)
}

fn of_user(world: &World, user: Option<&User>, repository: &Repository, with_admin: bool) -> Rights {
    let Some(owner) = world.find_owner(&repository.owner) else { return Rights::default() };
    let mut rights = Rights::default();
    if let Some(user) = user {
        let login = user.login.to_lowercase();
        let owns = match owner {
            Owner::User(owner) => same(&owner.login, &login),
            Owner::Organization(organization) => organization.owners.contains(&login),
        };
        if owns || user.admin && with_admin {
            rights = Rights::uniform(repository, Level::Owner);
        }
        if let Some(level) = repository.collaborators.get(&login) {
            rights.join(Rights::uniform(repository, *level));
            rights.added = true;
        }
        if let Owner::Organization(organization) = owner {
            for team in &organization.teams {
                if !team.members.contains(&login) || !team.covers(&repository.name) {
                    continue;
                }
                rights.added = true;
                let lowest = || match world.release.has(Difference::MixedTeamIsNone) {
                    true => Level::None,
                    false => team.lowest(),
                };
                let mut given = Rights::uniform(repository, Level::None);
                given.general = team.uniform().unwrap_or_else(lowest);
                for (unit, level) in &mut given.units {
                    *level = if team.admin { Level::Admin } else { team.rights.get(unit).copied().unwrap_or_default() };
                }
                rights.join(given);
            }
        }
    }
    let public = !repository.private
        && match user {
            // Seeing an owner is not enough: a restricted account is shown public repositories of public owners at most.
            Some(user) if user.restricted => restricted_sees(world) && owner.visibility() == Visibility::Public,
            // Without the override, an administrator is an account like any other.
            Some(user) if user.admin && !with_admin => owner.visibility() != Visibility::Private,
            user => sees_owner(user, owner),
        };
    if public {
        rights.join(Rights::uniform(repository, Level::Read));
    }
    rights
}

/// Whether everybody may know of a repository: it is not private, nor is its owner hidden.
pub(super) fn is_public(world: &World, repository: &Repository) -> bool {
    let open = world.find_owner(&repository.owner).is_some_and(|owner| owner.visibility() == Visibility::Public);
    !repository.private && (open || !world.release.has(Difference::PublicOwnerToo))
}

/// What a caller has on a repository.
pub(super) fn of_caller(world: &World, caller: &Caller<'_>, repository: &Repository) -> Rights {
    match caller {
        Caller::Anonymous => of_account(world, None, repository),
        Caller::Job(token) => of_job(world, &token.kind, repository, Difference::JobSeesPublic),
        Caller::User(user, ..) => {
            let reduces = world.release.has(Difference::RepositoryTokens);
            match caller.only_repositories() {
                Some(names) => of_repository_token(world, user, repository, names),
                None if reduces && caller.is_public_only(world) => of_public_only(world, user, repository),
                None => of_account(world, Some(user), repository),
            }
        }
    }
}

/// A job has its own repository, and in some versions what is public.
pub(super) fn of_job(world: &World, kind: &Kind, repository: &Repository, public: Difference) -> Rights {
    match kind {
        Kind::Job(own, _) if same(own, &repository.full_name()) => Rights::uniform(repository, Level::Write),
        _ if !repository.private && world.release.has(public) => Rights::uniform(repository, Level::Read),
        _ => Rights::default(),
    }
}

/// A token for some repositories: those, and what is public for reading. Of others to which its account was added there is
/// a shell. Nothing comes of being a site administrator.
fn of_repository_token(world: &World, user: &User, repository: &Repository, names: &[String]) -> Rights {
    let mut rights = of_user(world, Some(user), repository, false);
    rights.admin_closed = true;
    if names.contains(&repository.full_name().to_lowercase()) {
        return rights;
    }
    if is_public(world, repository) {
        return rights.at_most(Level::Read);
    }
    Rights { shell: rights.added && rights.sees(), ..Rights::default() }
}

/// A public-only token where servers reduce rights: of what is not public there is a shell at most.
fn of_public_only(world: &World, user: &User, repository: &Repository) -> Rights {
    if is_public(world, repository) {
        return Rights { admin_closed: true, ..of_account(world, Some(user), repository) };
    }
    let rights = of_user(world, Some(user), repository, false);
    let shell = rights.sees() && (rights.added || !repository.private);
    Rights { shell, admin_closed: true, ..Rights::default() }
}

impl Protection {
    fn lets(&self, allowed: &Allowed, caller: &Caller<'_>, rights: &Rights) -> bool {
        // A job is nobody whom a list could name, and its right is not looked up here.
        let Some(user) = caller.user() else { return false };
        match allowed {
            Allowed::Nobody => false,
            Allowed::Writers => rights.of(Unit::Code) >= Level::Write,
            Allowed::Only(logins) => logins.iter().any(|login| same(login, &user.login)),
        }
    }

    pub(super) fn lets_push(&self, caller: &Caller<'_>, rights: &Rights) -> bool {
        rights.of(Unit::Code) >= Level::Write && self.lets(&self.push, caller, rights)
    }

    pub(super) fn lets_merge(&self, caller: &Caller<'_>, rights: &Rights) -> bool {
        self.lets(&self.merge, caller, rights)
    }
}
