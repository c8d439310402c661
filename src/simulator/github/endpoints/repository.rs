//! A repository, its webhooks, what its jobs may, and a user's permission on it.

use serde_json::{Value, json};

use crate::simulator::github::call::{Call, Caller, Outcome, Refusal, Reply, Route};
use crate::simulator::github::rules::{role, visibility};
use crate::simulator::github::state::{Access, Hook, Level, Repository};
use crate::simulator::github::token::TokenKind;

pub(super) const REPOSITORY: Route =
    Route::rest("repo", Some("metadata=read"), "https://docs.github.com/rest/repos/repos#get-a-repository");
pub(super) const HOOKS: Route = Route::rest(
    "admin:repo_hook, public_repo, read:repo_hook, repo, write:repo_hook",
    Some("repository_hooks=read"),
    "https://docs.github.com/rest/repos/webhooks#list-repository-webhooks",
);
pub(super) const JOBS: Route = Route::rest(
    "repo",
    Some("administration=read"),
    "https://docs.github.com/rest/actions/permissions#get-default-workflow-permissions-for-a-repository",
);
pub(super) const PERMISSION: Route = Route::rest(
    "",
    Some("metadata=read"),
    "https://docs.github.com/rest/collaborators/collaborators#get-repository-permissions-for-a-user",
);

/// `GET /repos/O/R`.
pub(super) fn repository(call: &Call<'_>, repository: &Repository) -> Outcome {
    visibility::see(call, repository)?;
    Ok(Reply::ok(body(call, repository)))
}

/// A repository as every listing shows it too. `permissions` is the USER's role, whatever the token may do; all false
/// for an installation, and missing without a credential.
pub(super) fn body(call: &Call<'_>, repository: &Repository) -> Value {
    let owner = match call.world.find_organization(&repository.owner) {
        Some(organization) => {
            json!({"login": organization.login, "id": organization.id, "type": "Organization", "site_admin": false})
        }
        None => {
            let user = call.world.find_user(&repository.owner);
            json!({
                "login": repository.owner,
                "id": user.map(|user| user.id),
                "type": "User",
                "site_admin": user.is_some_and(|user| user.site_admin),
            })
        }
    };
    let mut body = json!({
        "id": repository.id,
        "node_id": format!("R_{}", repository.id),
        "name": repository.name,
        "full_name": repository.full_name(),
        "private": !repository.is_public(),
        "visibility": repository.visibility.word(),
        "owner": owner,
        "html_url": format!("https://github.com/{}", repository.full_name()),
        "description": null,
        "fork": false,
        "url": format!("{}/repos/{}", call.base, repository.full_name()),
        "default_branch": repository.default_branch.name,
        "archived": repository.archived,
        "disabled": repository.disabled,
        "topics": [],
    });
    let level = match call.caller {
        Caller::Anonymous => None,
        Caller::Installation { .. } => Some(Level::None),
        Caller::User { user, .. } => Some(role::of(call.world, &user.login, repository).level),
    };
    if let (Some(level), Value::Object(fields)) = (level, &mut body) {
        fields.insert("permissions".to_owned(), flags(call, level));
    }
    body
}

/// The five booleans; three of them on servers before 3.2.
fn flags(call: &Call<'_>, level: Level) -> Value {
    if call.world.flavour.server_version().is_some_and(|version| version < (3, 2)) {
        return json!({"admin": level >= Level::Admin, "push": level >= Level::Write, "pull": level >= Level::Read});
    }
    json!({
        "admin": level >= Level::Admin,
        "maintain": level >= Level::Maintain,
        "push": level >= Level::Write,
        "triage": level >= Level::Triage,
        "pull": level >= Level::Read,
    })
}

/// `GET /repos/O/R/hooks`: the user is admin and the scope fits, else 404; fine-grained and app tokens hear 403.
pub(super) fn hooks(call: &Call<'_>, repository: &Repository) -> Outcome {
    visibility::see(call, repository)?;
    let by_repository = if repository.is_public() { "public_repo" } else { "repo" };
    administered(call, repository, "repository_hooks", &["read:repo_hook", by_repository])?;
    let body = |(id, hook)| hook_body("Repository", id, hook);
    let all: Vec<Value> = (500_001_u64..).zip(&repository.hooks).map(body).collect();
    // GitHub's own links name the repository by its id.
    let (hooks, link) = call.page(all, &format!("/repositories/{}/hooks", repository.id));
    Ok(Reply::ok(Value::Array(hooks)).header("link", link))
}

/// For admins of the repository, whose token has one of the scopes or the permission.
fn administered(call: &Call<'_>, repository: &Repository, permission: &str, scopes: &[&str]) -> Result<(), Refusal> {
    let is_admin = |login: &str| role::of(call.world, login, repository).level >= Level::Admin;
    let granted =
        || visibility::covers(call, repository) && call.has_permission(&repository.owner, permission, Access::Read);
    let may = match call.caller {
        Caller::Anonymous => return Err(Refusal::not_found()),
        Caller::Installation { .. } => granted(),
        Caller::User { token, user } => match token.kind {
            TokenKind::Classic | TokenKind::OauthApp => {
                let allowed = is_admin(&user.login) && call.caller.has_any_scope(scopes);
                return if allowed { Ok(()) } else { Err(Refusal::not_found()) };
            }
            TokenKind::FineGrained | TokenKind::AppUser | TokenKind::AppInstallation => {
                granted() && is_admin(&user.login)
            }
        },
    };
    if may { Ok(()) } else { Err(call.not_accessible()) }
}

/// `GET /repos/O/R/actions/permissions/workflow`: for admins.
pub(super) fn jobs(call: &Call<'_>, repository: &Repository) -> Outcome {
    visibility::see(call, repository)?;
    administered(call, repository, "administration", &["repo"])?;
    Ok(Reply::ok(json!({
        "default_workflow_permissions": if repository.jobs_write { "write" } else { "read" },
        "can_approve_pull_request_reviews": repository.jobs_open_pull_requests,
    })))
}

pub(super) fn hook_body(of: &str, id: u64, hook: &Hook) -> Value {
    let mut config = json!({
        "content_type": if hook.form { "form" } else { "json" },
        "insecure_ssl": if hook.insecure_tls { "1" } else { "0" },
        "url": hook.url,
    });
    if let (true, Value::Object(fields)) = (hook.secret_set, &mut config) {
        fields.insert("secret".to_owned(), json!("********"));
    }
    let last_response = match hook.last_status {
        Some(status) => {
            let good = (200..300).contains(&status);
            json!({
                "code": status,
                "status": if good { "active" } else { "misconfigured" },
                "message": if good { "OK" } else { "Invalid HTTP Response" },
            })
        }
        None => json!({"code": null, "status": "unused", "message": null}),
    };
    json!({
        "type": of,
        "id": id,
        "name": "web",
        "active": hook.active,
        "events": hook.events,
        "config": config,
        "updated_at": "2026-01-01T00:00:00Z",
        "created_at": "2026-01-01T00:00:00Z",
        "last_response": last_response,
    })
}

/// `GET /repos/O/R/collaborators/LOGIN/permission`: for those who can push.
pub(super) fn permission(call: &Call<'_>, repository: &Repository, login: &str) -> Outcome {
    visibility::see(call, repository)?;
    match call.caller {
        Caller::Anonymous => return Err(Refusal::new(401, "Requires authentication")),
        Caller::Installation { .. } => {
            if !visibility::covers(call, repository) {
                return Err(call.not_accessible());
            }
        }
        Caller::User { user, .. } => {
            if role::of(call.world, &user.login, repository).level < Level::Write {
                return Err(Refusal::new(403, "Must have push access to view collaborator permission."));
            }
        }
    }
    let Some(user) = call.world.find_user(login) else { return Err(Refusal::not_found()) };
    let role = role::of(call.world, &user.login, repository);
    Ok(Reply::ok(json!({
        "permission": role.level.legacy_name(),
        "role_name": role.name,
        "user": {
            "login": user.login,
            "id": user.id,
            "type": "User",
            "site_admin": user.site_admin,
            "permissions": flags(call, role.level),
            "role_name": role.name,
        },
    })))
}
