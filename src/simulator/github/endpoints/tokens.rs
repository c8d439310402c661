//! The fine-grained tokens that an organisation let in, as it shows them to Apps.

use serde_json::{Map, Value, json};

use crate::simulator::github::call::{Call, Caller, Outcome, Refusal, Reply, Route};
use crate::simulator::github::state::Access;
use crate::simulator::github::token::{Selection, Token, TokenKind};

pub(super) const TOKENS: Route = Route::rest(
    "",
    Some("organization_personal_access_tokens=read"),
    "https://docs.github.com/rest/orgs/personal-access-tokens#list-fine-grained-personal-access-tokens-with-access-to-organization-resources",
);

/// The permissions that concern an organisation and not its repositories.
fn is_of_organization(name: &str) -> bool {
    name.starts_with("organization_") || name == "members"
}

fn listed<'a>(call: &'a Call<'_>, organization: &'a str) -> Result<impl Iterator<Item = &'a Token>, Refusal> {
    call.world.find_organization(organization).ok_or_else(Refusal::not_found)?;
    let permitted = matches!(call.caller, Caller::Installation { .. })
        && call.has_permission(organization, "organization_personal_access_tokens", Access::Read);
    if !permitted {
        return Err(call.not_accessible());
    }
    Ok(call.world.tokens.iter().filter(move |token| {
        token.kind == TokenKind::FineGrained
            && !token.revoked
            && !token.awaits_approval
            && token.resource_owner_login().eq_ignore_ascii_case(organization)
    }))
}

/// `GET /orgs/ORG/personal-access-tokens`.
pub(super) fn tokens(call: &Call<'_>, organization: &str) -> Outcome {
    let owner = call.request.parameter("owner[]");
    let rows: Vec<Value> = listed(call, organization)?
        .filter(|token| owner.is_none_or(|owner| token.owner.eq_ignore_ascii_case(owner)))
        .map(|token| row(call, token))
        .collect();
    let (page, link) = call.page(rows, &format!("/orgs/{organization}/personal-access-tokens"));
    Ok(Reply::ok(Value::Array(page)).header("link", link))
}

fn row(call: &Call<'_>, token: &Token) -> Value {
    let group = |of_organization: bool| -> Map<String, Value> {
        let own = token.permissions.iter().filter(|(name, _)| is_of_organization(name) == of_organization);
        own.map(|(name, access)| (name.clone(), json!(access.word()))).collect()
    };
    let expires = token.expires();
    json!({
        "id": token.id,
        "owner": {"login": token.owner, "type": "User"},
        "repository_selection": if token.selection == Selection::All { "all" } else { "subset" },
        "permissions": {"organization": group(true), "repository": group(false)},
        "access_granted_at": "2026-06-01T00:00:00Z",
        "token_id": token.id,
        "token_name": "atlantis",
        "token_expired": expires.is_some_and(|at| at <= call.world.now),
        "token_expires_at": expires.map(|at| at.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()),
        "token_last_used_at": null,
    })
}

/// `GET /orgs/ORG/personal-access-tokens/ID/repositories`.
pub(super) fn repositories(call: &Call<'_>, organization: &str, id: &str) -> Outcome {
    let token = listed(call, organization)?.find(|token| token.id.to_string() == id).ok_or_else(Refusal::not_found)?;
    let reached = call
        .world
        .repositories
        .iter()
        .filter(|one| one.owner.eq_ignore_ascii_case(organization) && token.selection.covers(&one.full_name()));
    let rows: Vec<Value> = reached.map(|one| json!({"id": one.id, "full_name": one.full_name()})).collect();
    let (page, link) = call.page(rows, &format!("/orgs/{organization}/personal-access-tokens/{id}/repositories"));
    Ok(Reply::ok(Value::Array(page)).header("link", link))
}
