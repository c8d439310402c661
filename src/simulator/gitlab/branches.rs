//! The default branch, and what its protection lets whom do.

use serde_json::{Value, json};

use super::rules::{self, Refusal};
use super::state::{Level, Project, User};
use super::world::World;

/// The level of a user on a project.
fn level(world: &World, project: &Project, user: &User) -> Level {
    let member = rules::in_project(world, project, user).filter(|member| !member.awaiting);
    member.map_or(Level::None, |member| member.level)
}

/// Whether a user may read the code: on a private project from reporter on.
pub(super) fn reads_code(world: &World, project: &Project, user: &User) -> bool {
    project.visibility != "private" || user.admin || level(world, project, user) >= Level::Reporter
}

/// Whether a user may push to the default branch.
fn can_push(world: &World, project: &Project, user: &User) -> bool {
    let (level, branch) = (level(world, project, user), &project.default_branch);
    let named = branch.pushers.iter().any(|name| name.eq_ignore_ascii_case(&user.username));
    let lets = branch.protection.is_none_or(|(push, _)| level >= push || named);
    (user.admin || (lets && level >= Level::Developer)) && !project.archived && !project.mirror
}

/// `GET /projects/:id/repository/branches/:branch`.
pub(super) fn branch(world: &World, project: &Project, user: &User, name: &str) -> Result<Value, Refusal> {
    if !reads_code(world, project, user) {
        return Err(Refusal::message(403, "403 Forbidden"));
    }
    let branch = &project.default_branch;
    if branch.empty || branch.name != name || project.switched_off {
        return Err(Refusal::message(404, "404 Branch Not Found"));
    }
    let developers = |least: Option<Level>| least.is_some_and(|least| least <= Level::Developer);
    Ok(json!({
        "name": branch.name, "merged": false, "default": true, "protected": branch.protection.is_some(),
        "developers_can_push": developers(branch.protection.map(|(push, _)| push)),
        "developers_can_merge": developers(branch.protection.map(|(_, merge)| merge)),
        "can_push": can_push(world, project, user),
        "web_url": format!("https://gitlab.com/{}/-/tree/{}", project.path, branch.name),
    }))
}
