//! Routes about repositories.

use serde_json::{Value, json};

use super::call::{Call, Outcome, Seen};
use super::caller::Caller;
use super::paging::{counted, merged};
use super::people::{Team, User};
use super::refusal::{Refusal, html, json_answer};
use super::release::Difference;
use super::rights::{self, Rights};
use super::scopes::Category;
use super::state::{Level, Repository, Unit};
use super::world::{Owner, same};
use super::{accounts, bodies};

/// The repository of a path, of a route about repositories.
fn find<'a>(call: &Call<'a>, owner: &str, name: &str) -> Result<Seen<'a>, Refusal> {
    call.repository(owner, name, Category::Repository)
}

pub(super) fn repository(call: &Call<'_>, names: &[&str]) -> Outcome {
    let [owner, name] = names else { return Err(Refusal::NoRoute) };
    Ok(json_answer(200, &bodies::repository(call, &find(call, owner, name)?)))
}

/// Repositories by name, of which the caller's rights say so.
fn listed(call: &Call<'_>, wanted: impl Fn(&Repository, &Rights) -> bool) -> Vec<Value> {
    let mut found: Vec<Seen<'_>> = Vec::new();
    for repository in &call.world.repositories {
        let rights = rights::of_caller(call.world, &call.caller, repository);
        let hidden = call.is_public_only() && !rights::is_public(call.world, repository);
        if rights.reads() && !hidden && wanted(repository, &rights) {
            found.push(Seen { repository, rights });
        }
    }
    found.sort_by(|one, other| one.repository.name.cmp(&other.repository.name));
    found.iter().map(|seen| bodies::repository(call, seen)).collect()
}

pub(super) fn search(call: &Call<'_>, _: &[&str]) -> Outcome {
    let (data, head) = call.page(listed(call, |_, _| true));
    Ok(merged(json_answer(200, &json!({"ok": true, "data": data})), head))
}

/// What an account owns or was added to.
pub(super) fn own(call: &Call<'_>, _: &[&str]) -> Outcome {
    call.signed_in()?;
    let Some(user) = call.caller.user() else { return call.list(Vec::new()) };
    let login = user.login.to_lowercase();
    let given = |repository: &Repository, _: &Rights| {
        let by_team = call.world.find_organization(&repository.owner).is_some_and(|organization| {
            organization.owners.contains(&login)
                || organization.teams.iter().any(|team| team.members.contains(&login) && team.covers(&repository.name))
        });
        same(&repository.owner, &login) || repository.collaborators.contains_key(&login) || by_team
    };
    call.list(listed(call, given))
}

pub(super) fn collaborators(call: &Call<'_>, names: &[&str]) -> Outcome {
    let [owner, name] = names else { return Err(Refusal::NoRoute) };
    let seen = find(call, owner, name)?;
    call.signed_in()?;
    if !seen.rights.reads() {
        return Err(Refusal::not_found());
    }
    let users = seen.repository.collaborators.keys().filter_map(|login| call.world.find_user(login));
    call.list(users.map(|user| bodies::user(call, user, is_caller(call, user))).collect())
}

fn is_caller(call: &Call<'_>, user: &User) -> bool {
    call.caller.user().is_some_and(|caller| caller.id == user.id)
}

/// The role of an account, as one's own or for administrators. It is the account's, whatever the token lets through.
pub(super) fn role(call: &Call<'_>, names: &[&str]) -> Outcome {
    let [owner, name, login] = names else { return Err(Refusal::NoRoute) };
    let seen = find(call, owner, name)?;
    call.signed_in()?;
    let user = || {
        let message = format!("user does not exist [uid: 0, name: {login}]");
        call.world.find_user(login).ok_or_else(|| Refusal::message(404, message))
    };
    if call.world.release.is_forgejo() {
        user()?;
    }
    // Old versions compare a name that local accounts do not have.
    let own = |caller: &User| {
        if call.has(Difference::OwnRole) { same(&caller.login, login) } else { caller.login_name == **login }
    };
    let site_admin = |caller: &User| caller.admin && call.caller.only_repositories().is_none();
    let may = match call.caller {
        Caller::User(caller, ..) => own(caller) || site_admin(caller) || seen.rights.administers(),
        Caller::Anonymous | Caller::Job(_) => false,
    };
    if !may {
        return Err(Refusal::message(
            403,
            "Only admins can query all permissions, repo admins can query all repo permissions, collaborators can query \
             only their own",
        ));
    }
    let user = user()?;
    let level = rights::of_account(call.world, Some(user), seen.repository).general.word();
    Ok(json_answer(200, &json!({"permission": level, "role_name": level, "user": bodies::user(call, user, false)})))
}

pub(super) fn teams(call: &Call<'_>, names: &[&str]) -> Outcome {
    let [owner, name] = names else { return Err(Refusal::NoRoute) };
    let seen = find(call, owner, name)?;
    call.signed_in()?;
    let Some(Owner::Organization(organization)) = call.world.find_owner(&seen.repository.owner) else {
        return Err(Refusal::message(405, "repo is not owned by an organization"));
    };
    let covers = |team: &Team| team.covers(&seen.repository.name);
    Ok(json_answer(200, &Value::Array(accounts::team_bodies(call, organization, covers))))
}

pub(super) fn protections(call: &Call<'_>, names: &[&str]) -> Outcome {
    let [owner, name] = names else { return Err(Refusal::NoRoute) };
    let seen = find(call, owner, name)?;
    call.signed_in()?;
    seen.administered()?;
    Ok(json_answer(200, &Value::Array(seen.repository.protections.iter().map(bodies::protection).collect())))
}

pub(super) fn branch(call: &Call<'_>, names: &[&str]) -> Outcome {
    let [owner, name, branch] = names else { return Err(Refusal::NoRoute) };
    let seen = find(call, owner, name)?;
    seen.reads_code()?;
    if seen.repository.branches.contains(*branch) {
        return Ok(json_answer(200, &bodies::branch(call, &seen, branch)));
    }
    let named = call.has(Difference::NamesBranch);
    let errors = if named { vec![format!("branch does not exist [name: {branch}]")] } else { Vec::new() };
    Err(Refusal::NotFound { looked_for: None, errors })
}

pub(super) fn hooks(call: &Call<'_>, names: &[&str]) -> Outcome {
    let [owner, name] = names else { return Err(Refusal::NoRoute) };
    let seen = find(call, owner, name)?;
    call.signed_in()?;
    seen.administered()?;
    if call.world.hooks_off {
        return Err(Refusal::message(403, "webhooks disabled by administrator"));
    }
    call.list((1..).zip(&seen.repository.hooks).map(|(id, hook)| bodies::hook(call, id, hook)).collect())
}

pub(super) fn pull_requests(call: &Call<'_>, names: &[&str]) -> Outcome {
    let [owner, name] = names else { return Err(Refusal::NoRoute) };
    find(call, owner, name)?.reads(Unit::PullRequests)?;
    call.list(Vec::new())
}

pub(super) fn issues(call: &Call<'_>, names: &[&str]) -> Outcome {
    let [owner, name] = names else { return Err(Refusal::NoRoute) };
    call.repository(owner, name, Category::Issue)?.reads(Unit::Issues)?;
    call.list(Vec::new())
}

/// Labels are shown whatever is switched off.
pub(super) fn labels(call: &Call<'_>, names: &[&str]) -> Outcome {
    let [owner, name] = names else { return Err(Refusal::NoRoute) };
    call.repository(owner, name, Category::Issue)?;
    Ok(counted(json_answer(200, &json!([])), 0))
}

/// Writing to a repository in general: archived ones take nothing.
fn writable(call: &Call<'_>, seen: &Seen<'_>, unit: Unit) -> Result<(), Refusal> {
    call.signed_in()?;
    if seen.rights.of(unit) < Level::Write {
        return Err(Refusal::message(403, "user should have a permission to write to a repo"));
    }
    if seen.repository.archived {
        let name = if call.has(Difference::DescribesToken) { "repo".to_owned() } else { seen.repository.full_name() };
        return Err(Refusal::message(423, format!("{name} is archived")));
    }
    Ok(())
}

/// Labels have no number here, so that there is none to change.
pub(super) fn change_label(call: &Call<'_>, names: &[&str]) -> Outcome {
    let [owner, name, _] = names else { return Err(Refusal::NoRoute) };
    writable(call, &call.repository(owner, name, Category::Issue)?, Unit::Issues)?;
    call.has_object()?;
    Err(Refusal::not_found())
}

/// Renders a text and stores nothing.
pub(super) fn markdown(call: &Call<'_>, names: &[&str]) -> Outcome {
    let [owner, name] = names else { return Err(Refusal::NoRoute) };
    find(call, owner, name)?;
    call.has_object()?;
    let body: Value = serde_json::from_slice(&call.request.body).unwrap_or_default();
    let text = body.get("Text").and_then(Value::as_str).unwrap_or_default();
    let text = text.replace('&', "&amp;").replace('<', "&lt;");
    Ok(html(200, &format!("<p dir=\"auto\">{text}</p>\n")))
}

pub(super) fn set_status(call: &Call<'_>, names: &[&str]) -> Outcome {
    let [owner, name, _] = names else { return Err(Refusal::NoRoute) };
    writable(call, &find(call, owner, name)?, Unit::Code)?;
    call.has_object()?;
    call.changed(201)
}
