//! A user's role on a repository.

use crate::simulator::github::state::{Level, OrganizationRole, Repository, Visibility};
use crate::simulator::github::world::World;

/// A role, with the name that `role_name` shows.
pub(in crate::simulator::github) struct Role {
    pub(in crate::simulator::github) level: Level,
    pub(in crate::simulator::github) name: String,
}

/// The role that a user has, what everyone has on a public repository counted.
pub(in crate::simulator::github) fn of(world: &World, login: &str, repository: &Repository) -> Role {
    let own = affiliated(world, login, repository);
    if own.level == Level::None && repository.is_public() { named(Level::Read) } else { own }
}

/// The role that a user has as owner, member or collaborator.
pub(in crate::simulator::github) fn affiliated(world: &World, login: &str, repository: &Repository) -> Role {
    if repository.owner.eq_ignore_ascii_case(login) {
        return named(Level::Admin);
    }
    let mut role = named(as_member(world, login, repository));
    for collaborator in repository.collaborators.iter().filter(|one| one.login.eq_ignore_ascii_case(login)) {
        if collaborator.level > role.level || (collaborator.level == role.level && collaborator.custom.is_some()) {
            let name = collaborator.custom.clone().unwrap_or_else(|| collaborator.level.role_name().to_owned());
            role = Role { level: collaborator.level, name };
        }
    }
    role
}

/// What the organisation's membership alone gives; a pending one gives nothing.
fn as_member(world: &World, login: &str, repository: &Repository) -> Level {
    let Some(organization) = world.find_organization(&repository.owner) else { return Level::None };
    match organization.membership(login).filter(|member| member.active).map(|member| member.role) {
        None | Some(OrganizationRole::BillingManager) => Level::None,
        Some(OrganizationRole::Admin) => Level::Admin,
        Some(OrganizationRole::Member) if repository.visibility == Visibility::Internal => {
            organization.base_permission.max(Level::Read)
        }
        Some(OrganizationRole::Member) => organization.base_permission,
    }
}

fn named(level: Level) -> Role {
    Role { level, name: level.role_name().to_owned() }
}
