//! An organisation, its webhooks, and the caller's own membership.

use serde_json::{Value, json};

use super::repository::hook_body;
use super::user;
use crate::simulator::github::call::{Call, Caller, Outcome, Refusal, Reply, Route};
use crate::simulator::github::rules::organization as policies;
use crate::simulator::github::state::{Access, Hook, Organization, OrganizationRole};
use crate::simulator::github::token::TokenKind;

pub(super) const ORGANIZATION: Route = Route::rest(
    "admin:org, read:org, repo, user, write:org",
    None,
    "https://docs.github.com/rest/orgs/orgs#get-an-organization",
);
pub(super) const HOOKS: Route = Route::rest(
    "admin:org_hook",
    Some("organization_hooks=read"),
    "https://docs.github.com/rest/orgs/webhooks#list-organization-webhooks",
);
pub(super) const MEMBERSHIP: Route = Route::rest(
    "admin:org, read:org, repo, user, write:org",
    Some("members=read"),
    "https://docs.github.com/rest/orgs/members#get-an-organization-membership-for-the-authenticated-user",
);

/// `GET /orgs/ORG`: the public profile, and what only owners see.
pub(super) fn organization(call: &Call<'_>, name: &str) -> Outcome {
    let organization = call.world.find_organization(name).ok_or_else(Refusal::not_found)?;
    policies::accepts(call, organization)?;
    let mut body = json!({
        "login": organization.login,
        "id": organization.id,
        "node_id": format!("O_{}", organization.id),
        "url": format!("{}/orgs/{}", call.base, organization.login),
        "description": null,
        "type": "Organization",
        "created_at": "2024-01-02T03:04:05Z",
    });
    if let (true, Value::Object(fields)) = (administers(call, organization), &mut body) {
        fields.insert("two_factor_requirement_enabled".to_owned(), json!(organization.two_factor_required));
        fields.insert("default_repository_permission".to_owned(), json!(organization.base_permission.legacy_name()));
    }
    Ok(Reply::ok(body))
}

/// Whether the caller sees the organisation as its owner does.
fn administers(call: &Call<'_>, organization: &Organization) -> bool {
    let granted = || call.has_permission(&organization.login, "organization_administration", Access::Read);
    match call.caller {
        Caller::Anonymous => false,
        Caller::Installation { .. } => granted(),
        Caller::User { token, user } => {
            let owner = organization
                .membership(&user.login)
                .is_some_and(|member| member.active && member.role == OrganizationRole::Admin);
            let allowed = if token.kind.has_scopes() { call.caller.has_any_scope(&["admin:org"]) } else { granted() };
            owner && allowed && policies::admits(call, organization).is_ok()
        }
    }
}

/// `GET /orgs/ORG/hooks`: for owners. A user's token shows those that users made, an OAuth app's those of the app; an
/// installation's all.
pub(super) fn hooks(call: &Call<'_>, name: &str) -> Outcome {
    let organization = call.world.find_organization(name).ok_or_else(Refusal::not_found)?;
    policies::accepts(call, organization)?;
    policies::admits(call, organization)?;
    let granted = || call.has_permission(&organization.login, "organization_hooks", Access::Read);
    let shown: Vec<&Hook> = match call.caller {
        Caller::Anonymous => return Err(Refusal::not_found()),
        Caller::Installation { .. } if granted() => organization.hooks.iter().collect(),
        Caller::Installation { .. } => return Err(call.not_accessible()),
        Caller::User { token, user } => {
            let owns = organization
                .membership(&user.login)
                .is_some_and(|member| member.active && member.role == OrganizationRole::Admin);
            if token.kind.has_scopes() {
                if !owns || !call.caller.has_any_scope(&["admin:org_hook"]) {
                    return Err(Refusal::not_found());
                }
            } else if !owns || !granted() {
                return Err(call.not_accessible());
            }
            let by_user = |hook: &&Hook| match token.kind {
                TokenKind::OauthApp => hook.made_by.is_some() && hook.made_by == token.client_id,
                _ => hook.made_by.is_none(),
            };
            organization.hooks.iter().filter(by_user).collect()
        }
    };
    let body = |(id, hook): (u64, &&Hook)| hook_body("Organization", id, hook);
    let all = (600_001_u64..).zip(&shown).map(body).collect();
    let (hooks, link) = call.page(all, &format!("/organizations/{}/hooks", organization.id));
    Ok(Reply::ok(Value::Array(hooks)).header("link", link))
}

/// `GET /user/memberships/orgs/ORG`. Without a scope for it the answer is the same 404 as for a stranger.
pub(super) fn membership(call: &Call<'_>, name: &str) -> Outcome {
    let (token, user) = user::caller(call)?;
    match token.kind {
        TokenKind::Classic | TokenKind::OauthApp => {
            if !call.caller.has_any_scope(&["read:org", "repo", "user"]) {
                return Err(Refusal::not_found());
            }
        }
        TokenKind::FineGrained | TokenKind::AppUser | TokenKind::AppInstallation => {
            if !call.has_permission(name, "members", Access::Read) {
                return Err(call.not_accessible());
            }
        }
    }
    let organization = call.world.find_organization(name).ok_or_else(Refusal::not_found)?;
    let member = organization.membership(&user.login).ok_or_else(Refusal::not_found)?;
    policies::accepts(call, organization)?;
    policies::admits(call, organization)?;
    Ok(Reply::ok(json!({
        "url": format!("{}/orgs/{}/memberships/{}", call.base, organization.login, user.login),
        "state": if member.active { "active" } else { "pending" },
        "role": member.role.word(),
        "direct_membership": true,
        "organization_url": format!("{}/orgs/{}", call.base, organization.login),
        "organization": {"login": organization.login, "id": organization.id},
        "user": {"login": user.login, "id": user.id, "type": "User"},
    })))
}
