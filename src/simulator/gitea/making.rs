//! What is made by the API, and what ends: accounts, tokens, organizations, repositories and what belongs to them. These
//! answers are not held against recorded ones, in which nothing was made: their statuses and fields are those of
//! `modules/structs` and `routers/api/v1` of both products.

use serde_json::{Value, json};

use super::bodies;
use super::call::{Call, Outcome, Seen};
use super::caller::{Caller, Way};
use super::people::{Organization, User, Visibility};
use super::refusal::Refusal;
use super::release::Difference;
use super::rights;
use super::scopes::{Category, Scopes};
use super::state::{Allowed, Hook, Level, Protection, Repository};
use super::token::Token;
use super::world::{World, same};

/// A text of an object.
fn text<'a>(body: &'a Value, name: &str) -> Result<&'a str, Refusal> {
    let found = body.get(name).and_then(Value::as_str).filter(|text| !text.is_empty());
    found.ok_or_else(|| Refusal::message(422, format!("[{name}]: Required")))
}

fn flag(body: &Value, name: &str) -> Option<bool> {
    body.get(name).and_then(Value::as_bool)
}

fn texts(body: &Value, name: &str) -> Vec<String> {
    let items = body.get(name).and_then(Value::as_array).into_iter().flatten();
    items.filter_map(Value::as_str).map(str::to_owned).collect()
}

fn visibility(body: &Value) -> Result<Visibility, Refusal> {
    match body.get("visibility").and_then(Value::as_str) {
        None | Some("") => Ok(Visibility::Public),
        Some(word) => Visibility::of(word).ok_or_else(|| Refusal::message(422, "[Visibility]: In")),
    }
}

/// An account must change its password where nothing else is said.
pub(super) fn user(call: &Call<'_>, _: &[&str]) -> Outcome {
    call.site_admin()?;
    let body = call.object()?;
    let (login, password) = (text(&body, "username")?, text(&body, "password")?);
    text(&body, "email")?;
    if call.world.find_owner(login).is_some() || login == "explore" {
        return Err(Refusal::message(422, format!("user already exists [name: {login}]")));
    }
    let mut user = User::new(login).visibility(visibility(&body)?).password(password);
    user.stale_password = flag(&body, "must_change_password").unwrap_or(true);
    user.restricted = flag(&body, "restricted").unwrap_or(false);
    let shown = bodies::user(call, &user, true);
    call.makes(201, &shown, |world| world.add_user(user))
}

pub(super) fn change_user(call: &Call<'_>, names: &[&str]) -> Outcome {
    let [login] = names else { return Err(Refusal::NoRoute) };
    call.site_admin()?;
    let mut user = call.user(login)?.clone();
    let body = call.object()?;
    let set = |name: &str, value: &mut bool| *value = flag(&body, name).unwrap_or(*value);
    set("admin", &mut user.admin);
    set("active", &mut user.active);
    set("restricted", &mut user.restricted);
    set("must_change_password", &mut user.stale_password);
    set("prohibit_login", &mut user.prohibited);
    let shown = bodies::user(call, &user, true);
    call.makes(200, &shown, |world| world.add_user(user))
}

/// With `purge` its repositories end, too; else there may be none.
pub(super) fn end_user(call: &Call<'_>, names: &[&str]) -> Outcome {
    let [login] = names else { return Err(Refusal::NoRoute) };
    call.site_admin()?;
    let login = call.user(login)?.login.clone();
    let purges = call.request.parameter("purge") == Some("true");
    if !purges && call.world.repositories.iter().any(|one| same(&one.owner, &login)) {
        return Err(Refusal::message(422, "user still has ownership of repositories"));
    }
    call.makes(204, &Value::Null, move |world| {
        world.users.retain(|user| !same(&user.login, &login));
        world.tokens.retain(|token| !same(&token.owner, &login));
        world.repositories.retain(|one| !same(&one.owner, &login));
        for repository in &mut world.repositories {
            repository.collaborators.remove(&login.to_lowercase());
        }
    })
}

/// A token is made by whom it is for, with a password: one of the products takes nothing else for it.
pub(super) fn token(call: &Call<'_>, names: &[&str]) -> Outcome {
    let [login] = names else { return Err(Refusal::NoRoute) };
    let user = call.user(login)?;
    let caller = call.caller.user();
    if !caller.is_some_and(|caller| caller.admin || caller.id == user.id) {
        return Err(Refusal::message(403, "doer should be the site admin or be same as the contextUser"));
    }
    match call.caller {
        Caller::User(_, _, Way::Password) => {}
        Caller::User(_, _, Way::Basic) if !call.world.release.is_forgejo() => {}
        _ => return Err(Refusal::message(401, "auth required")),
    }
    let body = call.object()?;
    let name = text(&body, "name")?;
    let words = texts(&body, "scopes");
    let is_for = |token: &&Token| same(&token.owner, &user.login) && token.is_listed();
    if call.world.tokens.iter().filter(is_for).any(|token| token.name == name) {
        return Err(Refusal::message(400, "access token name has been used already"));
    }
    if words.is_empty() {
        return Err(Refusal::message(400, "access token must have a scope"));
    }
    let scopes = Scopes::of(&words);
    if let Some(unknown) = &scopes.unknown {
        return Err(Refusal::message(
            400,
            format!("invalid access token scope provided: invalid access token scope: {unknown}"),
        ));
    }
    let mut targets = Vec::new();
    for target in body.get("repositories").and_then(Value::as_array).into_iter().flatten() {
        let full_name = format!("{}/{}", text(target, "owner")?, text(target, "name")?);
        targets.push(full_name);
    }
    let id = call.world.next_token();
    let secret = Token::text(&format!("{} {name} {id}", user.login));
    let names: Vec<&str> = targets.iter().map(String::as_str).collect();
    let made = match names.is_empty() || !call.has(Difference::RepositoryTokens) {
        true => Token::personal(&secret, &user.login),
        false => Token::repository(&secret, &user.login, &names),
    };
    let made = made.named(name).scopes(&words).created_at(call.world.now).id(id);
    let shown = json!({
        "id": id, "name": name, "sha1": secret, "token_last_eight": made.last_eight, "scopes": scopes.words(),
    });
    call.makes(201, &shown, |world| world.add_token(made))
}

pub(super) fn organization(call: &Call<'_>, _: &[&str]) -> Outcome {
    call.signed_in()?;
    let Some(user) = call.caller.user() else { return Err(Refusal::message(403, "")) };
    let body = call.object()?;
    let name = text(&body, "username")?;
    if call.world.find_owner(name).is_some() {
        return Err(Refusal::message(422, format!("user already exists [name: {name}]")));
    }
    let made = Organization::new(name).visibility(visibility(&body)?).owner(&user.login);
    let shown = bodies::organization(&made);
    call.makes(201, &shown, |world| world.add_organization(made))
}

pub(super) fn end_organization(call: &Call<'_>, names: &[&str]) -> Outcome {
    let [name] = names else { return Err(Refusal::NoRoute) };
    let organization = call.organization(name)?;
    call.signed_in()?;
    super::accounts::owned(call, organization)?;
    let name = organization.name.clone();
    if call.world.repositories.iter().any(|one| same(&one.owner, &name)) {
        return Err(Refusal::message(500, ""));
    }
    call.makes(204, &Value::Null, move |world| world.organizations.retain(|one| !same(&one.name, &name)))
}

pub(super) fn repository(call: &Call<'_>, names: &[&str]) -> Outcome {
    let [owner] = names else { return Err(Refusal::NoRoute) };
    let organization = call.organization(owner)?;
    call.signed_in()?;
    super::accounts::owned(call, organization)?;
    let body = call.object()?;
    let name = text(&body, "name")?;
    if call.world.find_repository(owner, name).is_some() {
        return Err(Refusal::message(409, "The repository with the same name already exists."));
    }
    let mut made = Repository::new(&format!("{}/{name}", organization.name));
    made.private = flag(&body, "private").unwrap_or(false);
    if !flag(&body, "auto_init").unwrap_or(false) {
        made = made.empty();
    }
    let rights = rights::of_caller(call.world, &call.caller, &made);
    let shown = bodies::repository(call, &Seen { repository: &made, rights });
    call.makes(201, &shown, |world| world.add_repository(made))
}

/// A repository that the caller administers.
fn administered<'a>(call: &Call<'a>, owner: &str, name: &str) -> Result<&'a Repository, Refusal> {
    let seen = call.repository(owner, name, Category::Repository)?;
    call.signed_in()?;
    seen.administered()?;
    Ok(seen.repository)
}

/// Changes a repository of the world.
fn change(world: &mut World, id: u64, change: impl FnOnce(&mut Repository)) {
    if let Some(repository) = world.repositories.iter_mut().find(|one| one.id == id) {
        change(repository);
    }
}

pub(super) fn change_repository(call: &Call<'_>, names: &[&str]) -> Outcome {
    let [owner, name] = names else { return Err(Refusal::NoRoute) };
    let found = administered(call, owner, name)?;
    let body = call.object()?;
    let (id, archived) = (found.id, flag(&body, "archived"));
    let renamed = text(&body, "name").ok().map(str::to_owned);
    call.makes(200, &json!({}), move |world| {
        change(world, id, |one| {
            one.archived = archived.unwrap_or(one.archived);
            if let Some(renamed) = renamed {
                one.former.insert(one.name.to_lowercase());
                one.name = renamed;
            }
        });
    })
}

pub(super) fn end_repository(call: &Call<'_>, names: &[&str]) -> Outcome {
    let [owner, name] = names else { return Err(Refusal::NoRoute) };
    let id = administered(call, owner, name)?.id;
    call.makes(204, &Value::Null, move |world| world.repositories.retain(|one| one.id != id))
}

/// Whoever is added without a word may write.
pub(super) fn collaborator(call: &Call<'_>, names: &[&str]) -> Outcome {
    let [owner, name, login] = names else { return Err(Refusal::NoRoute) };
    let id = administered(call, owner, name)?.id;
    let login = call.user(login)?.login.to_lowercase();
    let body = call.object()?;
    let level = text(&body, "permission").map_or(Some(Level::Write), Level::of);
    let level = level.ok_or_else(|| Refusal::message(422, "[Permission]: In"))?;
    call.makes(204, &Value::Null, move |world| {
        change(world, id, |one| {
            one.collaborators.insert(login, level);
        });
    })
}

pub(super) fn hook(call: &Call<'_>, names: &[&str]) -> Outcome {
    let [owner, name] = names else { return Err(Refusal::NoRoute) };
    let found = administered(call, owner, name)?;
    let body = call.object()?;
    let url =
        body.get("config").map_or(Err(Refusal::message(422, "Missing config option: url")), |one| text(one, "url"))?;
    let mut made = Hook::new(url, texts(&body, "events")).kind(text(&body, "type")?);
    made.active = flag(&body, "active").unwrap_or(false);
    let shown = bodies::hook(call, found.hooks.len() + 1, &made);
    let id = found.id;
    call.makes(201, &shown, move |world| change(world, id, |one| one.hooks.push(made)))
}

pub(super) fn protection(call: &Call<'_>, names: &[&str]) -> Outcome {
    let [owner, name] = names else { return Err(Refusal::NoRoute) };
    let found = administered(call, owner, name)?;
    let body = call.object()?;
    let branch = text(&body, "rule_name").or_else(|_| text(&body, "branch_name"))?;
    let pushes = if flag(&body, "enable_push").unwrap_or(false) { Allowed::Writers } else { Allowed::Nobody };
    let made = Protection::new(branch).push(pushes);
    let (id, shown) = (found.id, bodies::protection(&made));
    call.makes(201, &shown, move |world| change(world, id, |one| one.protections.push(made)))
}
