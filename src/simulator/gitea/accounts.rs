//! Routes about accounts, their tokens, and organizations.

use serde_json::{Value, json};

use super::bodies;
use super::call::{Call, Outcome};
use super::caller::{Caller, Way};
use super::paging::counted;
use super::people::{Organization, Team, User, Visibility};
use super::refusal::{Refusal, json_answer, no_redirect};
use super::release::Difference;
use super::rights;
use super::state::Level;
use super::token::{Kind, Token};
use super::world::same;

/// The token in use, where a route of tokens takes it for one.
fn described<'a>(call: &Call<'a>) -> Result<(&'a User, &'a Token), Refusal> {
    call.signed_in()?;
    match call.caller {
        Caller::User(user, token, Way::Header) if token.kind != Kind::Oauth => Ok((user, token)),
        Caller::User(_, _, Way::Basic | Way::Query | Way::Password) => {
            Err(Refusal::message(404, "invalid access token"))
        }
        _ => Err(Refusal::message(404, "access token not found")),
    }
}

pub(super) fn own_token(call: &Call<'_>, _: &[&str]) -> Outcome {
    let (user, token) = described(call)?;
    let created = token.created(call.world.now);
    let body = json!({
        "id": token.id, "name": token.name, "scopes": super::scopes::Scopes::of(&token.words).words(),
        "created_at": created.to_string(), "last_used_at": call.world.now.to_string(),
        "user": {"id": user.id, "login": user.login},
    });
    Ok(json_answer(200, &body))
}

/// The token that is in use ends: nobody should ask for this.
pub(super) fn delete_own_token(call: &Call<'_>, _: &[&str]) -> Outcome {
    described(call)?;
    call.changed(204)
}

pub(super) fn own_user(call: &Call<'_>, _: &[&str]) -> Outcome {
    call.signed_in()?;
    Ok(json_answer(
        200,
        &match call.caller {
            Caller::Job(token) => bodies::job(call, token),
            Caller::User(user, ..) => bodies::user(call, user, true),
            Caller::Anonymous => Value::Null,
        },
    ))
}

pub(super) fn user(call: &Call<'_>, names: &[&str]) -> Outcome {
    let [login] = names else { return Err(Refusal::NoRoute) };
    let user = public_user(call, login)?;
    let own = call.caller.user().is_some_and(|caller| caller.admin || caller.id == user.id);
    Ok(json_answer(200, &bodies::user(call, user, own)))
}

/// An account of a path, which a public-only token may ask for only where everybody sees it.
fn public_user<'a>(call: &Call<'a>, login: &str) -> Result<&'a User, Refusal> {
    let user = call.user(login)?;
    if call.is_public_only_everywhere() && user.visibility != Visibility::Public {
        return Err(Refusal::message(403, "token scope is limited to public users"));
    }
    Ok(user)
}

pub(super) fn follow(call: &Call<'_>, names: &[&str]) -> Outcome {
    let [login] = names else { return Err(Refusal::NoRoute) };
    call.signed_in()?;
    call.user(login)?;
    call.changed(204)
}

pub(super) fn tokens(call: &Call<'_>, names: &[&str]) -> Outcome {
    let [login] = names else { return Err(Refusal::NoRoute) };
    let user = public_user(call, login)?;
    let caller = call.caller.user();
    if !caller.is_some_and(|caller| caller.admin || caller.id == user.id) {
        return Err(Refusal::message(403, "doer should be the site admin or be same as the contextUser"));
    }
    let basic = matches!(call.caller, Caller::User(_, _, Way::Basic | Way::Password));
    if !basic && !call.has(Difference::ListsTokensPlainly) {
        return Err(Refusal::message(401, "auth required"));
    }
    listed(call, user)
}

pub(super) fn tokens_by_admin(call: &Call<'_>, names: &[&str]) -> Outcome {
    let [login] = names else { return Err(Refusal::NoRoute) };
    call.site_admin()?;
    listed(call, call.user(login)?)
}

/// Newest first by the second, older numbers first within one. Most versions give all of it for the first page, and the end
/// of it again for the next.
fn listed(call: &Call<'_>, user: &User) -> Outcome {
    let mut tokens: Vec<&Token> =
        call.world.tokens.iter().filter(|token| token.is_listed() && same(&token.owner, &user.login)).collect();
    tokens.sort_by_key(|token| (std::cmp::Reverse(token.created(call.world.now).as_second()), token.id));
    let items: Vec<Value> = tokens.into_iter().map(|token| bodies::listed_token(call, token)).collect();
    let total = items.len();
    let (page, _) = call.paging();
    let shown = if page == 1 && !call.has(Difference::PagesTokens) { items } else { call.page(items).0 };
    // No links, whatever there is behind.
    Ok(counted(json_answer(200, &Value::Array(shown)), total))
}

pub(super) fn own_organizations(call: &Call<'_>, _: &[&str]) -> Outcome {
    call.signed_in()?;
    let Some(user) = call.caller.user() else { return call.list(Vec::new()) };
    let member = |organization: &&Organization| rights::is_member(organization, user);
    call.list(call.world.organizations.iter().filter(member).map(bodies::organization).collect())
}

pub(super) fn own_teams(call: &Call<'_>, _: &[&str]) -> Outcome {
    call.signed_in()?;
    let Some(user) = call.caller.user() else { return call.list(Vec::new()) };
    let login = user.login.to_lowercase();
    let mut found = Vec::new();
    for organization in &call.world.organizations {
        if organization.owners.contains(&login) {
            found.push(bodies::owners(call, call.world.owners_number(organization)));
        }
        for (at, team) in organization.teams.iter().enumerate() {
            if team.members.contains(&login) {
                let number = call.world.team_number(organization, at);
                found.push(bodies::team(call, number, team, Some(organization)));
            }
        }
    }
    call.list(found)
}

pub(super) fn organization_rights(call: &Call<'_>, names: &[&str]) -> Outcome {
    let [login, name] = names else { return Err(Refusal::NoRoute) };
    call.signed_in()?;
    let user = public_user(call, login)?;
    let organization = call.organization(name)?;
    let login = user.login.to_lowercase();
    let owner = organization.owners.contains(&login);
    let mut general = Level::None;
    for team in organization.teams.iter().filter(|team| team.members.contains(&login)) {
        let mixed = if call.has(Difference::MixedTeamIsNone) { Level::None } else { team.lowest() };
        general = general.max(team.uniform().unwrap_or(mixed));
    }
    let at_least = |level| owner || general >= level;
    Ok(json_answer(
        200,
        &json!({
            "is_owner": owner, "is_admin": at_least(Level::Admin), "can_write": at_least(Level::Write),
            "can_read": at_least(Level::Read), "can_create_repository": owner,
        }),
    ))
}

pub(super) fn organization(call: &Call<'_>, names: &[&str]) -> Outcome {
    let [name] = names else { return Err(Refusal::NoRoute) };
    Ok(json_answer(200, &bodies::organization(call.organization(name)?)))
}

pub(super) fn owned(call: &Call<'_>, organization: &Organization) -> Result<(), Refusal> {
    let owns = |user: &User| user.admin || organization.owners.contains(&user.login.to_lowercase());
    if call.caller.user().is_some_and(owns) {
        return Ok(());
    }
    Err(Refusal::message(403, "Must be an organization owner"))
}

pub(super) fn change_organization(call: &Call<'_>, names: &[&str]) -> Outcome {
    let [name] = names else { return Err(Refusal::NoRoute) };
    call.signed_in()?;
    owned(call, call.organization(name)?)?;
    call.has_object()?;
    call.changed(200)
}

pub(super) fn organization_hooks(call: &Call<'_>, names: &[&str]) -> Outcome {
    let [name] = names else { return Err(Refusal::NoRoute) };
    let organization = call.organization(name)?;
    call.signed_in()?;
    owned(call, organization)?;
    if call.world.hooks_off {
        return Err(Refusal::message(403, "webhooks disabled by administrator"));
    }
    call.list((1..).zip(&organization.hooks).map(|(id, hook)| bodies::hook(call, id, hook)).collect())
}

pub(super) fn organization_teams(call: &Call<'_>, names: &[&str]) -> Outcome {
    let [name] = names else { return Err(Refusal::NoRoute) };
    let organization = call.organization(name)?;
    call.signed_in()?;
    if !call.caller.user().is_some_and(|user| user.admin || rights::is_member(organization, user)) {
        return Err(Refusal::message(403, "Must be an organization member"));
    }
    call.list(team_bodies(call, organization, |_| true))
}

/// The teams of an organization, the owners first.
pub(super) fn team_bodies(call: &Call<'_>, organization: &Organization, wanted: impl Fn(&Team) -> bool) -> Vec<Value> {
    let owners = bodies::owners(call, call.world.owners_number(organization));
    let teams = organization.teams.iter().enumerate().filter(|(_, team)| wanted(team));
    let teams = teams.map(|(at, team)| bodies::team(call, call.world.team_number(organization, at), team, None));
    [owners].into_iter().chain(teams).collect()
}

pub(super) fn packages(call: &Call<'_>, names: &[&str]) -> Outcome {
    let [name] = names else { return Err(Refusal::NoRoute) };
    let Some(owner) = call.world.find_owner(name) else { return Err(Refusal::message(404, no_redirect(name))) };
    if call.is_public_only_everywhere() && owner.visibility() != Visibility::Public {
        return Err(Refusal::message(403, "token scope is limited to public packages"));
    }
    call.list(Vec::new())
}

/// One of the products, later on, has no notifications for public-only tokens.
fn notified(call: &Call<'_>) -> Result<(), Refusal> {
    call.signed_in()?;
    if call.is_public_only() && call.has(Difference::HidesFromPublicOnly) {
        return Err(Refusal::message(403, "this endpoint is not available for public-only tokens"));
    }
    Ok(())
}

pub(super) fn new_notifications(call: &Call<'_>, _: &[&str]) -> Outcome {
    notified(call)?;
    Ok(json_answer(200, &json!({"new": 0})))
}

/// Everything is marked as read: nobody should ask for this.
pub(super) fn read_notifications(call: &Call<'_>, _: &[&str]) -> Outcome {
    notified(call)?;
    call.changed(205)
}

pub(super) fn read_thread(call: &Call<'_>, _: &[&str]) -> Outcome {
    notified(call)?;
    Err(Refusal::message(404, "notification does not exist"))
}

/// Every account, for administrators.
pub(super) fn all(call: &Call<'_>, _: &[&str]) -> Outcome {
    call.site_admin()?;
    call.list(call.world.users.iter().map(|user| bodies::user(call, user, true)).collect())
}

/// An account as federation shows it; only that there is one is known here.
pub(super) fn actor(call: &Call<'_>, names: &[&str]) -> Outcome {
    let [id] = names else { return Err(Refusal::NoRoute) };
    let user = call.world.users.iter().find(|user| user.id.to_string() == *id).ok_or_else(Refusal::not_found)?;
    Ok(json_answer(200, &json!({"type": "Person", "preferredUsername": user.login})))
}
