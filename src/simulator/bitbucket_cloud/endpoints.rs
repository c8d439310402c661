//! The endpoints: who may ask, and the answers' bodies.

use serde_json::{Value, json};

use super::answers::Refusal;
use super::rules::{self, Needs};
use super::state::{Hook, Permission, Repository, User, Workspace, WorkspaceRole};
use super::token::{Token, TokenKind};
use super::world::World;
use crate::simulator::Request;

const PROFILE: Needs = Needs { oauth: &["account"], api: &["read:user:bitbucket"] };
const EMAIL: Needs = Needs { oauth: &["email"], api: &["read:user:bitbucket"] };
const MEMBERSHIP: Needs = Needs { oauth: &["account"], api: &["read:workspace:bitbucket"] };
const OWN_PERMISSION: Needs = Needs { oauth: &["account", "repository"], api: &["read:repository:bitbucket"] };
const WORKSPACE: Needs = Needs { oauth: &[], api: &["read:workspace:bitbucket"] };
const PROJECT: Needs = Needs { oauth: &["project"], api: &["read:project:bitbucket"] };
const REPOSITORY: Needs = Needs { oauth: &["repository"], api: &["read:repository:bitbucket"] };
const GRANTS: Needs = Needs { oauth: &["repository:admin"], api: &["read:repository:bitbucket"] };
const RESTRICTIONS: Needs = Needs { oauth: &["repository:admin"], api: &["admin:repository:bitbucket"] };
const HOOKS: Needs = Needs { oauth: &["webhook"], api: &["read:webhook:bitbucket"] };

/// A request on its way.
struct Call<'a> {
    world: &'a World,
    token: Option<&'a Token>,
    request: &'a Request,
}

/// The answer's body for a path below the API's base.
pub(super) fn answer(
    world: &World,
    token: Option<usize>,
    request: &Request,
    path: &[String],
) -> Result<Value, Refusal> {
    let call = Call { world, token: token.and_then(|at| world.tokens.get(at)), request };
    let path: Vec<&str> = path.iter().map(String::as_str).filter(|segment| !segment.is_empty()).collect();
    match path.as_slice() {
        ["user"] => call.user(),
        ["user", "emails"] => call.emails(),
        ["user", "workspaces"] => call.workspaces(),
        ["user", "workspaces", slug, "permission"] => call.workspace_permission(slug),
        ["user", "workspaces", slug, "permissions", "repositories"] => call.own_permissions(slug),
        // Removed in spring 2026.
        ["repositories" | "workspaces"] | ["user", "permissions", "repositories" | "workspaces"] => {
            Err(Refusal::removed("CHANGE-2770"))
        }
        ["workspaces", slug] => call.workspace(slug),
        ["workspaces", slug, "hooks"] => call.workspace_hooks(slug),
        ["workspaces", slug, "projects"] => call.projects(slug),
        ["workspaces", slug, "projects", key] => call.project(slug, key),
        ["repositories", slug] => call.repositories(slug),
        ["repositories", workspace, slug] => call.repository(workspace, slug),
        ["repositories", workspace, slug, "hooks"] => call.hooks(workspace, slug),
        ["repositories", workspace, slug, "branch-restrictions"] => call.restrictions(workspace, slug),
        ["repositories", workspace, slug, "permissions-config", "users"] => call.grants(workspace, slug),
        _ => Err(Refusal::page()),
    }
}

impl Call<'_> {
    fn user(&self) -> Result<Value, Refusal> {
        let user = rules::user(self.world, self.token)?;
        rules::scopes(self.token, &PROFILE)?;
        Ok(json!({
            "type": "user",
            "display_name": user.display_name,
            "nickname": user.nickname,
            "username": user.username,
            "uuid": user.uuid(),
            "account_id": user.account_id(),
            "account_status": "active",
            "created_on": "2025-02-03T09:10:11.120000+00:00",
            "has_2fa_enabled": user.two_factor,
            "is_staff": false,
            "links": {"self": {"href": format!("{}/2.0/users/{}", self.request.origin, user.account_id())}},
        }))
    }

    fn emails(&self) -> Result<Value, Refusal> {
        let user = rules::user(self.world, self.token)?;
        rules::scopes(self.token, &EMAIL)?;
        let email = |address: &str, primary: bool| json!({"type": "email", "email": address, "is_primary": primary, "is_confirmed": true});
        Ok(self.page(vec![email(&format!("old-{}", user.email), false), email(&user.email, true)]))
    }

    fn workspaces(&self) -> Result<Value, Refusal> {
        let user = rules::user(self.world, self.token)?;
        rules::scopes(self.token, &MEMBERSHIP)?;
        let entries = self.world.workspaces.iter().filter_map(|workspace| {
            let role = workspace.role_of(&user.nickname)?;
            Some(json!({"administrator": role == WorkspaceRole::Owner, "workspace": {"slug": workspace.slug}}))
        });
        Ok(self.page(entries.collect()))
    }

    /// A workspace that the user is a member of.
    fn joined(&self, slug: &str) -> Result<(&User, &Workspace, WorkspaceRole), Refusal> {
        let user = rules::user(self.world, self.token)?;
        let workspace = self.world.find_workspace(slug).ok_or_else(|| Refusal::no_workspace(slug))?;
        let role = workspace.role_of(&user.nickname).ok_or_else(|| Refusal::no_workspace(slug))?;
        Ok((user, workspace, role))
    }

    fn workspace_permission(&self, slug: &str) -> Result<Value, Refusal> {
        rules::user(self.world, self.token)?;
        rules::scopes(self.token, &MEMBERSHIP)?;
        let (user, workspace, role) = self.joined(slug)?;
        Ok(json!({
            "type": "workspace_membership",
            "permission": role.word(),
            "user": {"type": "user", "nickname": user.nickname, "uuid": user.uuid()},
            "workspace": {"type": "workspace", "slug": workspace.slug},
        }))
    }

    /// The repositories on which the user was granted something, public ones without a grant not among them.
    fn own_permissions(&self, slug: &str) -> Result<Value, Refusal> {
        rules::user(self.world, self.token)?;
        rules::scopes(self.token, &OWN_PERMISSION)?;
        let user = rules::user(self.world, self.token)?;
        let workspace = self.world.find_workspace(slug).ok_or_else(|| Refusal::no_workspace(slug))?;
        let filter = self.request.parameter("q").map(|text| self.filter(text)).transpose()?;
        let entries = self.world.repositories.iter().filter_map(|repository| {
            let wanted = filter.as_ref().is_none_or(|(key, value)| match *key {
                "repository.full_name" => repository.full_name() == *value,
                _ => repository.slug == *value,
            });
            let permission = rules::permission(self.world, &user.nickname, repository)?;
            (repository.workspace == workspace.slug && wanted).then(|| {
                json!({
                    "type": "repository_permission",
                    "permission": permission.word(),
                    "user": {"type": "user", "nickname": user.nickname, "uuid": user.uuid()},
                    "repository": {
                        "type": "repository", "name": repository.slug, "full_name": repository.full_name(),
                    },
                })
            })
        });
        Ok(self.page(entries.collect()))
    }

    /// A filter of the form `key="value"`.
    fn filter(&self, text: &str) -> Result<(&'static str, String), Refusal> {
        let refused = || Refusal::new(400, "Invalid query: unknown field");
        let (key, value) = text.split_once('=').ok_or_else(refused)?;
        let value = value.trim().strip_prefix('"').and_then(|value| value.strip_suffix('"')).ok_or_else(refused)?;
        match key.trim() {
            "repository.name" => Ok(("repository.name", value.to_owned())),
            "repository.full_name" if self.world.takes_full_name_filter => {
                Ok(("repository.full_name", value.to_owned()))
            }
            _ => Err(refused()),
        }
    }

    fn workspace(&self, slug: &str) -> Result<Value, Refusal> {
        rules::scopes(self.token, &WORKSPACE)?;
        let workspace = self.world.find_workspace(slug).ok_or_else(|| Refusal::no_workspace(slug))?;
        Ok(json!({"type": "workspace", "slug": workspace.slug, "name": workspace.slug, "is_private": true}))
    }

    fn projects(&self, slug: &str) -> Result<Value, Refusal> {
        rules::scopes(self.token, &PROJECT)?;
        let workspace = self.visible_workspace(slug)?;
        let mut keys: Vec<&str> = self
            .world
            .repositories
            .iter()
            .filter(|repository| repository.workspace == workspace.slug)
            .filter(|repository| rules::sees(self.world, self.token, repository))
            .map(|repository| repository.project.as_str())
            .collect();
        keys.sort_unstable();
        keys.dedup();
        Ok(self.page(keys.into_iter().map(|key| json!({"type": "project", "key": key})).collect()))
    }

    fn project(&self, slug: &str, key: &str) -> Result<Value, Refusal> {
        rules::scopes(self.token, &PROJECT)?;
        let workspace = self.visible_workspace(slug)?;
        let known = self.world.repositories.iter().any(|repository| {
            repository.workspace == workspace.slug
                && repository.project.eq_ignore_ascii_case(key)
                && rules::sees(self.world, self.token, repository)
        });
        if known {
            Ok(json!({"type": "project", "key": key.to_ascii_uppercase(), "is_private": true}))
        } else {
            Err(Refusal::new(404, "Project not found"))
        }
    }

    /// A workspace, for its members, for its own tokens, and for whoever sees one of its repositories.
    fn visible_workspace(&self, slug: &str) -> Result<&Workspace, Refusal> {
        let workspace = self.world.find_workspace(slug).ok_or_else(|| Refusal::no_workspace(slug))?;
        let of_it = |repository: &&Repository| repository.workspace == workspace.slug;
        let sees = self
            .world
            .repositories
            .iter()
            .filter(of_it)
            .any(|repository| rules::sees(self.world, self.token, repository));
        let member = self.token.is_some_and(|token| {
            workspace.role_of(&token.owner).is_some()
                || matches!(&token.kind, TokenKind::WorkspaceAccess(own) if own.eq_ignore_ascii_case(slug))
        });
        if sees || member { Ok(workspace) } else { Err(Refusal::no_workspace(slug)) }
    }

    fn repositories(&self, slug: &str) -> Result<Value, Refusal> {
        rules::scopes(self.token, &REPOSITORY)?;
        let workspace = self.visible_workspace(slug)?;
        let least = match self.request.parameter("role") {
            None => None,
            Some("member") => Some(Permission::Read),
            Some("contributor") => Some(Permission::Write),
            Some(_) => Some(Permission::Admin),
        };
        let listed = self.world.repositories.iter().filter(|repository| {
            let role = self.token.and_then(|token| rules::permission(self.world, &token.owner, repository));
            repository.workspace == workspace.slug
                && rules::sees(self.world, self.token, repository)
                && least.is_none_or(|least| role >= Some(least))
        });
        Ok(self.page(listed.map(body_of).collect()))
    }

    /// A repository that the caller sees.
    fn seen(&self, workspace: &str, slug: &str) -> Option<&Repository> {
        let repository = self.world.find_repository(workspace, slug)?;
        rules::sees(self.world, self.token, repository).then_some(repository)
    }

    fn repository(&self, workspace: &str, slug: &str) -> Result<Value, Refusal> {
        rules::scopes(self.token, &REPOSITORY)?;
        self.seen(workspace, slug).map(body_of).ok_or_else(Refusal::no_repository)
    }

    fn hooks(&self, workspace: &str, slug: &str) -> Result<Value, Refusal> {
        rules::scopes(self.token, &HOOKS)?;
        let repository = self.seen(workspace, slug).ok_or_else(Refusal::page)?;
        self.admin_only(repository)?;
        let hooks = repository.hooks.iter().enumerate().map(|(at, hook)| hook_body("repository", at, hook));
        Ok(self.page(hooks.collect()))
    }

    /// For owners of the workspace, and for its own tokens.
    fn workspace_hooks(&self, slug: &str) -> Result<Value, Refusal> {
        rules::scopes(self.token, &HOOKS)?;
        let workspace = self.visible_workspace(slug)?;
        let administers = self.token.is_some_and(|token| {
            workspace.role_of(&token.owner) == Some(WorkspaceRole::Owner)
                || matches!(&token.kind, TokenKind::WorkspaceAccess(own) if own.eq_ignore_ascii_case(slug))
        });
        if !administers {
            return Err(Refusal::new(403, "Your credentials do not have admin permission on this workspace."));
        }
        let hooks = workspace.hooks.iter().enumerate().map(|(at, hook)| hook_body("workspace", at, hook));
        Ok(self.page(hooks.collect()))
    }

    fn restrictions(&self, workspace: &str, slug: &str) -> Result<Value, Refusal> {
        rules::scopes(self.token, &RESTRICTIONS)?;
        let repository = self.seen(workspace, slug).ok_or_else(Refusal::page)?;
        self.admin_only(repository)?;
        let restrictions = repository.restrictions.iter().enumerate().map(|(at, one)| one.body(at + 1));
        Ok(self.page(restrictions.collect()))
    }

    fn grants(&self, workspace: &str, slug: &str) -> Result<Value, Refusal> {
        rules::user(self.world, self.token)?;
        rules::scopes(self.token, &GRANTS)?;
        let repository = self.seen(workspace, slug).ok_or_else(Refusal::no_repository)?;
        self.admin_only(repository)?;
        let granted = repository.permissions.iter().map(|(nickname, permission)| {
            json!({"permission": permission.word(), "user": {"type": "user", "nickname": nickname}})
        });
        Ok(self.page(granted.collect()))
    }

    fn admin_only(&self, repository: &Repository) -> Result<(), Refusal> {
        if rules::administers(self.world, self.token, repository) {
            return Ok(());
        }
        Err(Refusal::new(403, "Your credentials do not have admin permission on this repository."))
    }

    /// A page of entries; `next` stands on every page but the last.
    fn page(&self, entries: Vec<Value>) -> Value {
        let number = |name: &str| self.request.parameter(name).and_then(|text| text.parse::<usize>().ok());
        let length = number("pagelen").filter(|length| *length > 0).unwrap_or(10).min(self.world.page_length);
        let page = number("page").unwrap_or(1).max(1);
        let size = entries.len();
        let values: Vec<Value> = entries.into_iter().skip((page - 1).saturating_mul(length)).take(length).collect();
        let mut body = json!({"pagelen": length, "page": page, "size": size, "values": values});
        if page.saturating_mul(length) < size
            && let Value::Object(fields) = &mut body
        {
            let mut query = url::form_urlencoded::Serializer::new(String::new());
            for (name, value) in self.request.query.iter().filter(|(name, _)| name != "page") {
                query.append_pair(name, value);
            }
            query.append_pair("page", &(page + 1).to_string());
            let next = format!("{}{}?{}", self.request.origin, self.request.path, query.finish());
            fields.insert("next".to_owned(), json!(next));
        }
        body
    }
}

fn body_of(repository: &Repository) -> Value {
    json!({
        "type": "repository",
        "uuid": "{77aa0000-1111-4222-8333-000000000001}",
        "name": repository.slug,
        "full_name": repository.full_name(),
        "is_private": repository.private,
        "project": {"type": "project", "key": repository.project},
        "workspace": {"type": "workspace", "slug": repository.workspace},
        "mainbranch": repository.main_branch.as_ref().map(|name| json!({"type": "branch", "name": name})),
    })
}

fn hook_body(of: &str, at: usize, hook: &Hook) -> Value {
    let mut body = json!({
        "type": "webhook_subscription",
        "uuid": format!("{{202c0000-1111-4222-8333-{at:012x}}}"),
        "url": hook.url,
        "description": "Atlantis",
        "active": hook.active,
        "events": hook.events,
        "subject_type": of,
        "created_at": "2026-01-09T08:00:00.000000Z",
    });
    if let Value::Object(fields) = &mut body {
        fields.extend(hook.secret_set.map(|set| ("secret_set".to_owned(), json!(set))));
        fields.extend(hook.skip_verification.map(|skip| ("skip_cert_verification".to_owned(), json!(skip))));
    }
    body
}
