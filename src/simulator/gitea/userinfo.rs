//! The user information of sign-in, which takes tokens of the API in most versions.

use serde_json::json;

use super::caller::Caller;
use super::refusal::{json_answer, plain};
use super::release::Difference;
use super::scopes::{Category, Half};
use super::token::{Kind, Token};
use super::world::World;
use crate::simulator::Answer;

/// What sign-in by OpenID tells of an account. Most versions tell it to any token, whatever its scopes.
pub(super) fn answer(world: &World, caller: &Caller<'_>, root: &str) -> Answer {
    let realm = if world.release.has(Difference::UserinfoNamesRealm) { "Gitea OAuth2" } else { "" };
    let refused =
        |status, words: &str| plain(status, words).header("WWW-Authenticate", format!("Bearer realm=\"{realm}\""));
    let is_oauth = matches!(caller, Caller::User(_, Token { kind: Kind::Oauth, .. }, _));
    if caller.is_anonymous() || world.release.has(Difference::UserinfoOauthOnly) && !is_oauth {
        return refused(401, "no valid authorization");
    }
    if world.release.has(Difference::UserinfoWantsScope) {
        let scopes = caller.scopes(world);
        if !scopes.is_some_and(|scopes| scopes.has(Category::User, Half::Read)) {
            return refused(403, "token does not have required scope: read:user");
        }
    }
    let (id, login, name) = match caller {
        Caller::User(user, ..) => (user.id, user.login.as_str(), user.full_name.as_str()),
        _ if world.release.is_forgejo() => (-2, "forgejo-actions", "Forgejo Actions"),
        _ => (-2, "gitea-actions", "Gitea Actions"),
    };
    let name = if name.is_empty() && world.release.has(Difference::UserinfoNamesLogin) { login } else { name };
    let lower = login.to_lowercase();
    let mut groups = Vec::new();
    for organization in &world.organizations {
        let teams =
            organization.teams.iter().filter(|team| team.members.contains(&lower)).map(|team| team.name.as_str());
        let owners = organization.owners.contains(&lower).then_some("Owners");
        let teams: Vec<String> =
            owners.into_iter().chain(teams).map(|team| format!("{}:{team}", organization.name)).collect();
        if !teams.is_empty() {
            groups.push(organization.name.clone());
            groups.extend(teams);
        }
    }
    let body = json!({
        "sub": id.to_string(), "name": name, "preferred_username": login, "email": format!("{lower}@example.com"),
        "picture": format!("{root}/avatars/0"), "groups": (!groups.is_empty()).then_some(groups),
    });
    json_answer(200, &body)
}
