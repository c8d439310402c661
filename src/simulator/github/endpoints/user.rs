//! The authenticated user, what is theirs, and anybody's public profile.

use serde_json::{Value, json};

use super::repository;
use crate::simulator::github::call::{Call, Caller, Outcome, Refusal, Reply, Route};
use crate::simulator::github::rules::{organization, role, visibility};
use crate::simulator::github::state::{Level, Organization, Repository, User};
use crate::simulator::github::token::{Token, TokenKind};

pub(super) const USER: Route = Route::rest(
    "",
    Some("allows_permissionless_access=true"),
    "https://docs.github.com/rest/users/users#get-the-authenticated-user",
);
pub(super) const REPOSITORIES: Route = Route::rest(
    "",
    Some("metadata=read"),
    "https://docs.github.com/rest/repos/repos#list-repositories-for-the-authenticated-user",
);
pub(super) const ORGANIZATIONS: Route = Route::rest(
    "admin:org, read:org, repo, user, write:org",
    None,
    "https://docs.github.com/rest/orgs/orgs#list-organizations-for-the-authenticated-user",
);

pub(super) const INVITATIONS: Route = Route::rest(
    "repo, repo:invite",
    None,
    "https://docs.github.com/rest/collaborators/invitations#list-repository-invitations-for-the-authenticated-user",
);
pub(super) const PROFILE: Route =
    Route::rest("", Some("allows_permissionless_access=true"), "https://docs.github.com/rest/users/users#get-a-user");

/// The user who calls.
///
/// # Errors
/// 401 for nobody, 403 for an installation.
pub(super) fn caller<'a>(call: &Call<'a>) -> Result<(&'a Token, &'a User), Refusal> {
    match call.caller {
        Caller::Anonymous => Err(Refusal::new(401, "Requires authentication")),
        Caller::Installation { .. } => Err(call.not_accessible()),
        Caller::User { token, user } => Ok((token, user)),
    }
}

/// `GET /user`. The private part is there with `user` or `read:user` only.
pub(super) fn authenticated(call: &Call<'_>) -> Outcome {
    let (_, user) = caller(call)?;
    let private = call.caller.has_any_scope(&["read:user"]);
    let mut body = json!({
        "login": user.login,
        "id": user.id,
        "node_id": format!("U_{}", user.id),
        "avatar_url": format!("https://avatars.githubusercontent.com/u/{}?v=4", user.id),
        "html_url": format!("https://github.com/{}", user.login),
        "type": "User",
        "user_view_type": if private { "private" } else { "public" },
        "site_admin": user.site_admin,
        "name": user.name,
        "company": null,
        "email": user.email,
        "notification_email": user.email,
        "hireable": null,
        "bio": null,
        "twitter_username": null,
        "created_at": "2024-01-02T03:04:05Z",
        "updated_at": "2026-01-02T03:04:05Z",
    });
    if let (true, Value::Object(fields)) = (private, &mut body) {
        let repositories = call.world.repositories.iter();
        let own = repositories.filter(|one| one.owner.eq_ignore_ascii_case(&user.login) && !one.is_public()).count();
        fields.insert("two_factor_authentication".to_owned(), json!(user.two_factor));
        fields.insert("total_private_repos".to_owned(), json!(own));
        fields.insert(
            "plan".to_owned(),
            json!({"name": "free", "space": 976_562_499, "collaborators": 0, "private_repos": 10_000}),
        );
    }
    Ok(Reply::ok(body))
}

/// `GET /user/repos`: repositories where the user is owner, collaborator or member, as far as the token reaches. Those
/// of organisations whose single sign-on this token lacks are left out, and a header says so.
pub(super) fn repositories(call: &Call<'_>) -> Outcome {
    let (token, user) = caller(call)?;
    let mut lacking = Vec::new();
    let mut listed = Vec::new();
    for repository in call.world.repositories.iter().filter(|one| affiliated(call, user, one)) {
        if let Some(owner) = call.world.find_organization(&repository.owner)
            && organization::lacks_sso(call, owner)
        {
            if !lacking.contains(&owner.id) {
                lacking.push(owner.id);
            }
            continue;
        }
        let reached = token.kind != TokenKind::AppUser || visibility::covers(call, repository);
        if reached && visibility::see(call, repository).is_ok() && asked_for(call, repository) {
            listed.push(repository::body(call, repository));
        }
    }
    let (page, link) = call.page(listed, "/user/repos");
    Ok(Reply::ok(Value::Array(page)).header("link", link).header("x-github-sso", partial_results(&lacking)))
}

/// `GET /users/LOGIN`: of an organisation, too.
pub(super) fn profile(call: &Call<'_>, login: &str) -> Outcome {
    let of = |login: &str, id: u64, kind: &str| {
        Ok(Reply::ok(json!({"login": login, "id": id, "type": kind, "site_admin": false, "name": null})))
    };
    match (call.world.find_organization(login), call.world.find_user(login)) {
        (Some(organization), _) => of(&organization.login, organization.id, "Organization"),
        (None, Some(user)) => of(&user.login, user.id, "User"),
        (None, None) => Err(Refusal::not_found()),
    }
}

/// `GET /user/repository_invitations`: those that the user has not accepted.
pub(super) fn invitations(call: &Call<'_>) -> Outcome {
    let (token, user) = caller(call)?;
    if !token.kind.has_scopes() {
        return Err(call.not_accessible());
    }
    if !call.caller.has_any_scope(&["repo", "repo:invite"]) {
        return Err(Refusal::not_found());
    }
    let mut listed = Vec::new();
    for repository in &call.world.repositories {
        for (_, expired) in repository.invited.iter().filter(|(login, _)| login.eq_ignore_ascii_case(&user.login)) {
            listed.push(json!({
                "id": 700_001 + listed.len(),
                "repository": repository::body(call, repository),
                "invitee": {"login": user.login, "id": user.id, "type": "User"},
                "permissions": "write",
                "created_at": "2026-11-02T03:04:05Z",
                "expired": expired,
                "html_url": format!("https://github.com/{}/invitations", repository.full_name()),
            }));
        }
    }
    let (page, link) = call.page(listed, "/user/repository_invitations");
    Ok(Reply::ok(Value::Array(page)).header("link", link))
}

/// Whether the user has a role of the affiliations asked for; all of them unless `affiliation` says otherwise.
fn affiliated(call: &Call<'_>, user: &User, repository: &Repository) -> bool {
    if role::affiliated(call.world, &user.login, repository).level == Level::None {
        return false;
    }
    let Some(wanted) = call.request.parameter("affiliation") else { return true };
    let owner = repository.owner.eq_ignore_ascii_case(&user.login);
    let collaborator = repository.collaborators.iter().any(|one| one.login.eq_ignore_ascii_case(&user.login));
    let member = call
        .world
        .find_organization(&repository.owner)
        .and_then(|organization| organization.membership(&user.login))
        .is_some_and(|member| member.active);
    wanted.split(',').any(|kind| match kind.trim() {
        "owner" => owner,
        "collaborator" => collaborator,
        "organization_member" => member,
        _ => false,
    })
}

/// Whether `visibility` asks for such a repository.
fn asked_for(call: &Call<'_>, repository: &Repository) -> bool {
    match call.request.parameter("visibility") {
        Some("public") => repository.is_public(),
        Some("private") => !repository.is_public(),
        _ => true,
    }
}

/// `GET /user/orgs`. A fine-grained token always gets an empty list, which says nothing.
pub(super) fn organizations(call: &Call<'_>) -> Outcome {
    let (token, user) = caller(call)?;
    if token.kind.has_scopes() && !call.caller.has_any_scope(&["read:org", "user"]) {
        return Err(Refusal::new(403, "You need at least read:org scope or user scope to list your organizations."));
    }
    let mut lacking = Vec::new();
    let mut listed = Vec::new();
    let mine = |organization: &&Organization| organization.membership(&user.login).is_some_and(|one| one.active);
    for organization in call.world.organizations.iter().filter(mine) {
        let shown = match token.kind {
            TokenKind::FineGrained | TokenKind::AppInstallation => false,
            TokenKind::AppUser => call.world.installations.iter().any(|installation| {
                installation.app == token.app && installation.account.eq_ignore_ascii_case(&organization.login)
            }),
            TokenKind::Classic | TokenKind::OauthApp => {
                let lacks = organization::lacks_sso(call, organization);
                if lacks {
                    lacking.push(organization.id);
                }
                !lacks
            }
        };
        if shown {
            listed.push(json!({
                "login": organization.login,
                "id": organization.id,
                "url": format!("{}/orgs/{}", call.base, organization.login),
                "description": null,
            }));
        }
    }
    let (page, link) = call.page(listed, "/user/orgs");
    Ok(Reply::ok(Value::Array(page)).header("link", link).header("x-github-sso", partial_results(&lacking)))
}

/// `X-GitHub-SSO` of a list that leaves organisations out.
fn partial_results(organizations: &[u64]) -> Option<String> {
    let ids: Vec<String> = organizations.iter().map(u64::to_string).collect();
    (!ids.is_empty()).then(|| format!("partial-results; organizations={}", ids.join(",")))
}
