//! The shapes of what answers hold. Fields that no client here reads are left out where they are many.

use serde_json::{Map, Value, json};

use super::call::{Call, Seen};
use super::people::{Organization, Team, User, Visibility};
use super::release::Difference;
use super::rights;
use super::state::{Hook, Level, Protection, Repository, Unit};
use super::token::{Kind, Token};
use super::world::Owner;

/// A body with a field more.
fn with(mut body: Value, name: &str, value: Value) -> Value {
    put(&mut body, name, value);
    body
}

/// A field more, in a body that is an object.
fn put(body: &mut Value, name: &str, value: Value) {
    if let Some(body) = body.as_object_mut() {
        body.insert(name.to_owned(), value);
    }
}

/// An account. Of others, what only they may know is nothing.
pub(super) fn user(call: &Call<'_>, user: &User, whole: bool) -> Value {
    let mut body = json!({
        "id": user.id, "login": user.login, "username": user.login, "full_name": user.full_name,
        "login_name": if whole { user.login_name.as_str() } else { "" }, "source_id": 0,
        "email": format!("{}@example.com", user.login.to_lowercase()),
        "avatar_url": format!("{}/avatars/0", call.root), "html_url": format!("{}/{}", call.root, user.login),
        "language": "", "is_admin": whole && user.admin, "last_login": "1970-01-01T00:00:00Z",
        "created": call.world.now.to_string(), "restricted": user.restricted, "active": whole && user.active,
        "prohibit_login": whole && user.prohibited, "location": "", "website": "", "description": "",
        "visibility": user.visibility.word(), "followers_count": 0, "following_count": 0, "starred_repos_count": 0,
    });
    if call.world.release.is_forgejo() {
        put(&mut body, "pronouns", json!(""));
    }
    body
}

/// The account that jobs act as.
pub(super) fn job(call: &Call<'_>, token: &Token) -> Value {
    let forgejo = call.world.release.is_forgejo();
    let (login, name, email) = if forgejo {
        ("forgejo-actions", "Forgejo Actions", "noreply@forgejo.org")
    } else {
        ("gitea-actions", "Gitea Actions", "teabot@gitea.io")
    };
    // The versions in which a job reads public things are those in which its account tells its task.
    let (login_name, source) = match &token.kind {
        Kind::Job(_, task) if call.has(Difference::JobSeesPublic) => (format!("@{login}/{task}"), -1),
        _ => (login.to_owned(), 0),
    };
    json!({
        "id": -2, "login": login, "username": login, "login_name": login_name, "source_id": source, "full_name": name,
        "email": email, "avatar_url": format!("{}/avatars/0", call.root), "html_url": format!("{}/{login}", call.root),
        "language": "", "is_admin": false, "last_login": "0001-01-01T00:00:00Z", "created": "0001-01-01T00:00:00Z",
        "restricted": false, "active": true, "prohibit_login": false, "location": "", "website": "", "description": "",
        "visibility": "public", "followers_count": 0, "following_count": 0, "starred_repos_count": 0,
    })
}

pub(super) fn organization(organization: &Organization) -> Value {
    json!({
        "id": organization.id, "name": organization.name, "username": organization.name, "full_name": "", "email": "",
        "avatar_url": "", "description": "", "website": "", "location": "", "visibility": organization.visibility.word(),
        "repo_admin_change_team_access": false,
    })
}

/// A team.
pub(super) fn team(call: &Call<'_>, id: usize, team: &Team, of: Option<&Organization>) -> Value {
    let mixed = if call.has(Difference::MixedTeamIsNone) { Level::None } else { team.lowest() };
    let held = team.rights.iter().filter(|(_, level)| **level > Level::None);
    let map = held.map(|(unit, level)| (unit.word().to_owned(), json!(level.word()))).collect();
    let every = team.repositories.is_none();
    let body = team_body(call, id, &team.name, team.uniform().unwrap_or(mixed), map, every);
    with(body, "organization", json!(of.map(organization)))
}

/// The team of owners that every organization has.
pub(super) fn owners(call: &Call<'_>, id: usize) -> Value {
    let map = Unit::ALL.iter().map(|unit| (unit.word().to_owned(), json!("owner"))).collect();
    team_body(call, id, "Owners", Level::Owner, map, true)
}

fn team_body(call: &Call<'_>, id: usize, name: &str, level: Level, map: Map<String, Value>, every: bool) -> Value {
    let body = json!({
        "id": id, "name": name, "description": "", "organization": null, "includes_all_repositories": every,
        "permission": level.word(), "units": map.keys().collect::<Vec<_>>(), "units_map": map,
        "can_create_org_repo": level == Level::Owner,
    });
    let seen = if level == Level::Owner { "limited" } else { "private" };
    if call.has(Difference::TeamsAreSeen) { with(body, "visibility", json!(seen)) } else { body }
}

pub(super) fn repository(call: &Call<'_>, seen: &Seen<'_>) -> Value {
    let Seen { repository, rights } = seen;
    let owner = call.world.find_owner(&repository.owner);
    let visibility = owner.map_or(Visibility::Public, |owner| owner.visibility());
    let owner = owner.map(|owner| match owner {
        Owner::User(owner) => user(call, owner, call.caller.user().is_some_and(|user| user.id == owner.id)),
        Owner::Organization(owner) => json!({
            "id": owner.id, "login": owner.name, "username": owner.name, "full_name": "", "email": "",
            "visibility": owner.visibility.word(), "is_admin": false, "active": false,
        }),
    });
    let merges = repository.has(Unit::PullRequests);
    let archived_at = if repository.archived { call.world.now.to_string() } else { "1970-01-01T00:00:00Z".to_owned() };
    let web = format!("{}/{}", call.root, repository.full_name());
    let mut body = json!({
        "id": repository.id, "owner": owner, "name": repository.name, "full_name": repository.full_name(),
        "description": "", "empty": repository.empty, "private": repository.private, "fork": false, "template": false,
        "parent": null, "mirror": false, "size": 25, "html_url": web, "clone_url": format!("{web}.git"),
        "default_branch": repository.default_branch, "archived": repository.archived, "archived_at": archived_at,
        "created_at": call.world.now.to_string(), "updated_at": call.world.now.to_string(),
        "permissions": {
            "admin": rights.is_admin(), "push": rights.of(Unit::Code) >= Level::Write,
            "pull": rights.of(Unit::Code) >= Level::Read,
        },
        "has_issues": repository.has(Unit::Issues), "has_wiki": repository.has(Unit::Wiki), "has_pull_requests": merges,
        "has_projects": true, "has_releases": true, "has_packages": true, "has_actions": repository.has(Unit::Actions),
        "allow_merge_commits": merges, "allow_rebase": merges, "allow_rebase_explicit": merges,
        "allow_squash_merge": merges, "allow_fast_forward_only_merge": merges, "default_merge_style": "merge",
        "internal": !repository.private && visibility == Visibility::Private, "object_format_name": "sha1",
    });
    if call.has(Difference::CountsBranches) {
        put(&mut body, "branch_count", json!(repository.branches.len()));
    }
    body
}

pub(super) fn branch(call: &Call<'_>, seen: &Seen<'_>, name: &str) -> Value {
    let rights = &seen.rights;
    let protection = seen.repository.protections.iter().find(|protection| protection.branch == name);
    let writes = rights.of(Unit::Code) >= Level::Write;
    let checks =
        protection.map_or_else(|| json!([]), |one| if one.checks.is_empty() { Value::Null } else { json!(one.checks) });
    let shown = protection.filter(|_| rights.administers()).map_or("", |one| one.branch.as_str());
    json!({
        "name": name, "commit": {"id": commit(seen.repository)}, "protected": protection.is_some(),
        "required_approvals": protection.map_or(0, |one| one.approvals),
        "enable_status_check": protection.is_some_and(|one| !one.checks.is_empty()), "status_check_contexts": checks,
        "user_can_push": protection.map_or(writes, |one| one.lets_push(&call.caller, rights)),
        "user_can_merge": protection.map_or(writes, |one| one.lets_merge(&call.caller, rights)),
        "effective_branch_protection_name": shown,
    })
}

/// A commit that a repository could have.
pub(super) fn commit(repository: &Repository) -> String {
    Token::text(&repository.full_name())
}

pub(super) fn protection(protection: &Protection) -> Value {
    use super::state::Allowed;
    let logins = |allowed: &Allowed| match allowed {
        Allowed::Only(logins) => logins.clone(),
        Allowed::Nobody | Allowed::Writers => Vec::new(),
    };
    json!({
        "branch_name": protection.branch, "rule_name": protection.branch,
        "enable_push": protection.push != Allowed::Nobody,
        "enable_push_whitelist": matches!(protection.push, Allowed::Only(_)),
        "push_whitelist_usernames": logins(&protection.push), "push_whitelist_teams": [],
        "enable_merge_whitelist": protection.merge != Allowed::Writers,
        "merge_whitelist_usernames": logins(&protection.merge), "merge_whitelist_teams": [],
        "enable_status_check": !protection.checks.is_empty(), "status_check_contexts": protection.checks,
        "required_approvals": protection.approvals, "enable_approvals_whitelist": false,
        "approvals_whitelist_username": [], "block_on_rejected_reviews": false, "block_on_outdated_branch": false,
        "dismiss_stale_approvals": false, "require_signed_commits": false, "protected_file_patterns": "",
    })
}

pub(super) fn hook(call: &Call<'_>, id: usize, hook: &Hook) -> Value {
    let hidden = call.has(Difference::HidesHookHeader);
    let mut body = json!({
        "id": id, "type": hook.kind, "branch_filter": hook.branch_filter,
        "config": {"content_type": "json", "url": hook.url}, "events": hook.events,
        "authorization_header": if hidden { "" } else { hook.authorization.as_str() }, "active": hook.active,
        "updated_at": call.world.now.to_string(), "created_at": call.world.now.to_string(),
    });
    if call.has(Difference::NamesHooks) {
        put(&mut body, "name", json!(""));
    }
    if call.world.release.is_forgejo() {
        put(&mut body, "url", json!(hook.url));
        put(&mut body, "content_type", json!("json"));
        put(&mut body, "metadata", hook.metadata.clone());
    }
    body
}

/// A token as its owner's list has it.
pub(super) fn listed_token(call: &Call<'_>, token: &Token) -> Value {
    let mut body = json!({
        "id": token.id, "name": token.name, "sha1": "", "token_last_eight": token.last_eight,
        "scopes": super::scopes::Scopes::of(&token.words).words(),
    });
    let created = token.created(call.world.now);
    if call.has(Difference::DatesTokens) {
        put(&mut body, "created_at", json!(created.to_string()));
    }
    if call.has(Difference::DatesUse) {
        put(&mut body, "last_used_at", json!(token.used.unwrap_or(created).to_string()));
    }
    if call.has(Difference::RepositoryTokens) {
        put(&mut body, "repositories", token_repositories(call, token));
    }
    body
}

/// The repositories that a token is for, as far as the caller sees them.
fn token_repositories(call: &Call<'_>, token: &Token) -> Value {
    let Kind::Repository(names) = &token.kind else { return Value::Null };
    let shown = |repository: &&Repository| {
        names.contains(&repository.full_name().to_lowercase())
            && rights::of_caller(call.world, &call.caller, repository).sees()
    };
    let found = call.world.repositories.iter().filter(shown).map(|repository| {
        json!({
            "id": repository.id, "name": repository.name, "owner": repository.owner, "full_name": repository.full_name(),
        })
    });
    Value::Array(found.collect())
}
