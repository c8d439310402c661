//! The REST endpoints.

use jiff::tz;
use serde_json::{Value, json};

use super::branches;
use super::rules::{self, Caller, Refusal, allow};
use super::state::{Group, Hook, Level, Project, User};
use super::token::TokenKind;
use super::world::World;
use crate::simulator::Request;

/// An answer that is no error.
pub(super) struct Reply {
    pub(super) body: Value,
    pub(super) headers: Vec<(&'static str, String)>,
}

impl From<Value> for Reply {
    fn from(body: Value) -> Self {
        Self { body, headers: Vec::new() }
    }
}

pub(super) type Outcome = Result<Reply, Refusal>;

/// One request below the API's base.
pub(super) struct Call<'a> {
    pub(super) world: &'a World,
    pub(super) request: &'a Request,
    pub(super) caller: Option<Caller<'a>>,
    /// The API's base in addresses.
    pub(super) base: String,
}

const READ: &[&str] = &["api", "read_api"];
const READ_USER: &[&str] = &["api", "read_api", "read_user"];

/// The answer to a GET of these segments below `/api/v4`.
pub(super) fn answer(call: &Call<'_>, segments: &[String]) -> Outcome {
    let segments: Vec<&str> = segments.iter().map(String::as_str).collect();
    match segments.as_slice() {
        ["personal_access_tokens", "self"] => token_self(call),
        ["user"] => {
            let (_, user) = allow(call.caller, READ_USER, "User: Read", "user")?;
            Ok(account(call.world, user).into())
        }
        ["version" | "metadata"] => {
            let scopes = &["read_user", "ai_features", "read_api", "api"];
            allow(call.caller, scopes, "Metadata: Read", "instance")?;
            let enterprise = call.world.version.contains("-ee");
            Ok(json!({
                "version": call.world.version, "revision": "0a1b2c3d", "enterprise": enterprise,
                "kas": {"enabled": true, "externalUrl": "grpc://127.0.0.1:1", "version": "19.4.0"},
            })
            .into())
        }
        ["job"] => job(call),
        ["projects"] => projects(call),
        ["projects", id] => {
            let (user, project) = visible(call, id, "", "Project: Read")?;
            Ok(whole(call.world, project, user).into())
        }
        ["projects", id, "members", "all", user_id] => {
            let (_, project) = visible(call, id, &format!("/members/all/{user_id}"), "Member: Read")?;
            member(call, user_id, |user| rules::in_project(call.world, project, user))
        }
        ["projects", id, "repository", "branches", name] => {
            let below = format!("/repository/branches/{name}");
            let (user, project) = visible(call, id, &below, "Branch: Read")?;
            Ok(branches::branch(call.world, project, user, name)?.into())
        }
        ["projects", id, "hooks"] => {
            let (user, project) = visible(call, id, "/hooks", "Webhook: Read")?;
            let level = rules::in_project(call.world, project, user).map_or(Level::None, |member| member.level);
            if level < Level::Maintainer && !user.admin {
                return Err(Refusal::message(403, "403 Forbidden"));
            }
            hooks(call, ("project_id", project.id), &project.hooks)
        }
        // Only the editions that one pays for know of webhooks of groups.
        ["groups", path, "hooks"] if call.world.version.contains("-ee") => {
            let (user, group) = visible_group(call, path, "Webhook: Read")?;
            let level = rules::in_group(call.world, &group.path, user).map_or(Level::None, |member| member.level);
            if level < Level::Owner && !user.admin {
                return Err(Refusal::message(403, "403 Forbidden"));
            }
            hooks(call, ("group_id", group.id), &group.hooks)
        }
        ["groups", path, "members", "all", user_id] => {
            let (_, group) = visible_group(call, path, "Member: Read")?;
            member(call, user_id, |user| rules::in_group(call.world, &group.path, user))
        }
        _ => Err(Refusal::new(404, json!({ "error": "404 Not Found" }))),
    }
}

fn token_self(call: &Call<'_>) -> Outcome {
    let Some(Caller { token, user: Some(user) }) = call.caller else { return Err(Refusal::unauthorized()) };
    match token.kind {
        TokenKind::Job | TokenKind::Deploy => return Err(Refusal::unauthorized()),
        TokenKind::Oauth => {
            let words = "400 Bad request - This endpoint requires token type to be a personal access token";
            return Err(Refusal::message(400, words));
        }
        TokenKind::FineGrained if !token.permissions.contains("Personal Access Token: Read") => {
            return Err(Refusal::granular("Personal Access Token: Read", "user"));
        }
        TokenKind::FineGrained | TokenKind::Personal => {}
    }
    let end = token.expires_at.map(|end| tz::Offset::UTC.to_datetime(end).date().to_string());
    Ok(json!({
        "id": token.id, "name": token.name, "revoked": false, "created_at": token.created_at.to_string(),
        "description": null, "scopes": token.scopes, "user_id": user.id,
        "last_used_at": token.last_used_at.map(|at| at.to_string()), "last_used_ips": ["198.51.100.7"],
        "active": true, "expires_at": end,
    })
    .into())
}

/// Adds a field to an object.
fn add(body: &mut Value, name: &str, value: impl Into<Value>) {
    if let Some(fields) = body.as_object_mut() {
        fields.insert(name.to_owned(), value.into());
    }
}

fn account(world: &World, user: &User) -> Value {
    let mut body = json!({
        "id": user.id, "username": user.username, "name": user.name, "state": user.state, "locked": false,
        "external": user.external, "two_factor_enabled": user.two_factor, "private_profile": false,
        "email": format!("{}@noreply.git.acme.example", user.username), "projects_limit": 0, "identities": [],
    });
    if world.shows_bots {
        add(&mut body, "bot", user.bot);
    }
    if user.admin {
        add(&mut body, "is_admin", true);
        add(&mut body, "note", Value::Null);
    }
    body
}

fn job(call: &Call<'_>) -> Outcome {
    match call.caller {
        Some(Caller { token, user: Some(user) }) if token.kind == TokenKind::Job => Ok(json!({
            "id": 70_001, "name": "plan", "ref": "main", "status": "running", "stage": "test",
            "user": {"id": user.id, "username": user.username, "name": user.name, "state": user.state},
            "pipeline": {"id": 61_001, "project_id": 318, "status": "running"},
        })
        .into()),
        Some(Caller { token, .. }) if token.kind == TokenKind::FineGrained => {
            let description = "Access denied: This operation doesn't support fine-grained personal access tokens.";
            Err(Refusal::new(403, json!({ "error": "insufficient_granular_scope", "error_description": description })))
        }
        _ => Err(Refusal::unauthorized()),
    }
}

/// A project by path or number, where the caller sees it. A path that it had before redirects to its number.
fn visible<'a>(call: &Call<'a>, id: &str, below: &str, permission: &str) -> Result<(&'a User, &'a Project), Refusal> {
    let (_, user) = allow(call.caller, READ, permission, "project")?;
    let missing = || Refusal::message(404, "404 Project Not Found");
    let by_number = |project: &&Project| project.id.to_string() == id;
    let found = call.world.find_project(id).or_else(|| call.world.projects.iter().find(by_number));
    let seen = |project: &&Project| rules::sees(call.world, project, user);
    let Some(project) = found.filter(seen) else {
        let former = |project: &&Project| project.former.iter().any(|path| path.eq_ignore_ascii_case(id));
        let moved = call.world.projects.iter().find(former).filter(seen).ok_or_else(missing)?;
        let location = format!("{}/projects/{}{below}", call.base, moved.id);
        return Err(Refusal {
            location: Some(location),
            ..Refusal::message(301, "This resource has been moved permanently to another location")
        });
    };
    guard(call, project.owner())?;
    Ok((user, project))
}

/// A group by path or number, where the caller is a member.
fn visible_group<'a>(call: &Call<'a>, path: &str, permission: &str) -> Result<(&'a User, &'a Group), Refusal> {
    let (_, user) = allow(call.caller, READ, permission, "group")?;
    let by_number = |group: &&Group| group.id.to_string() == path;
    let group = call.world.find_group(path).or_else(|| call.world.groups.iter().find(by_number));
    let seen = group.filter(|group| user.admin || rules::in_group(call.world, &group.path, user).is_some());
    let Some(group) = seen else { return Err(Refusal::message(404, "404 Group Not Found")) };
    guard(call, &group.path)?;
    Ok((user, group))
}

/// A group that takes fine-grained tokens only refuses all others.
fn guard(call: &Call<'_>, path: &str) -> Result<(), Refusal> {
    let classic = call.caller.is_some_and(|caller| caller.token.kind != TokenKind::FineGrained);
    if classic && rules::demands_fine_grained(call.world, path) {
        return Err(Refusal::granular("Project: Read", "project"));
    }
    Ok(())
}

/// A text shaped like a runner's token, as answers to maintainers hold one.
fn runners_token(project: &Project) -> String {
    ["glrt", &format!("Secret{:0>14}", project.id)].join("-")
}

fn whole(world: &World, project: &Project, user: &User) -> Value {
    let (direct, group) = rules::shown(world, project, user);
    let access =
        |level: Option<Level>| level.map(|level| json!({ "access_level": level.number(), "notification_level": 3 }));
    let mut body = json!({
        "id": project.id, "path_with_namespace": project.path, "visibility": project.visibility,
        "archived": project.archived, "merge_method": "merge", "empty_repo": project.default_branch.empty,
        "repository_access_level": if project.switched_off { "disabled" } else { "enabled" }, "mirror": project.mirror,
        "permissions": {"project_access": access(direct), "group_access": access(group)},
    });
    if branches::reads_code(world, project, user) {
        let branch = Some(&project.default_branch.name).filter(|_| !project.default_branch.empty);
        add(&mut body, "default_branch", json!(branch));
    }
    if direct.max(group) >= Some(Level::Maintainer) {
        add(&mut body, "runners_token", runners_token(project));
    }
    body
}

fn member(call: &Call<'_>, id: &str, find: impl Fn(&User) -> Option<super::state::Member>) -> Outcome {
    let user = call.world.users.iter().find(|user| user.id.to_string() == id);
    let found = user.and_then(|user| Some((user, find(user)?)));
    let Some((user, member)) = found else { return Err(Refusal::message(404, "404 Not found")) };
    let mut body = json!({
        "id": user.id, "username": user.username, "name": user.name, "state": user.state,
        "membership_state": if member.awaiting { "awaiting" } else { "active" },
        "access_level": member.level.number(), "expires_at": member.until, "created_at": "2026-01-02T03:04:05.000Z",
    });
    if member.custom_role {
        add(
            &mut body,
            "member_role",
            json!({ "id": 5, "name": "deployer", "base_access_level": member.level.number() }),
        );
    }
    Ok(body.into())
}

fn projects(call: &Call<'_>) -> Outcome {
    let (_, user) = allow(call.caller, READ, "Project: Read", "project")?;
    let members_only = call.request.parameter("membership") == Some("true");
    let found: Vec<&Project> = call
        .world
        .projects
        .iter()
        .filter(|project| rules::sees(call.world, project, user))
        .filter(|project| !members_only || rules::in_project(call.world, project, user).is_some())
        .collect();
    let (page, headers) = paged(call, &found);
    let items = page.iter().map(|project| json!({ "id": project.id, "path_with_namespace": project.path })).collect();
    Ok(Reply { body: Value::Array(items), headers })
}

/// The items of the page that was asked for, with the headers of offset paging.
fn paged<'i, T>(call: &Call<'_>, items: &'i [T]) -> (&'i [T], Vec<(&'static str, String)>) {
    let number = |name: &str| call.request.parameter(name).and_then(|text| text.parse::<usize>().ok());
    let size = number("per_page").filter(|size| *size > 0).unwrap_or(20).min(100);
    let page = number("page").unwrap_or(1).max(1);
    let last = items.len().div_ceil(size).max(1);
    let start = (page - 1).saturating_mul(size).min(items.len());
    let end = start.saturating_add(size).min(items.len());
    let mut headers = vec![
        ("x-page", page.to_string()),
        ("x-per-page", size.to_string()),
        ("x-next-page", if page < last { (page + 1).to_string() } else { String::new() }),
        ("x-prev-page", if page > 1 { (page - 1).to_string() } else { String::new() }),
    ];
    if page < last {
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        for (name, value) in call.request.query.iter().filter(|(name, _)| name != "page") {
            query.append_pair(name, value);
        }
        query.append_pair("page", &(page + 1).to_string());
        let address = format!("{}{}?{}", call.request.origin, call.request.path, query.finish());
        headers.push(("link", format!("<{address}>; rel=\"next\"")));
    }
    (items.get(start..end).unwrap_or(&[]), headers)
}

/// A page of webhooks; `of` says whose they are.
fn hooks(call: &Call<'_>, of: (&str, u64), all: &[Hook]) -> Outcome {
    let (page, headers) = paged(call, all);
    let hooks = (1..).zip(page).map(|(id, one)| hook(call.world, of, id, one)).collect();
    Ok(Reply { body: Value::Array(hooks), headers })
}

fn hook(world: &World, (whose, number): (&str, u64), id: u64, hook: &Hook) -> Value {
    let mut body = json!({
        "id": id, "url": hook.url, whose: number, "enable_ssl_verification": hook.verifies,
        "alert_status": hook.alert_status, "disabled_until": null, "url_variables": [], "custom_headers": [],
    });
    for name in ["push_events", "merge_requests_events", "note_events", "tag_push_events", "pipeline_events"] {
        add(&mut body, name, hook.events.iter().any(|event| event == name));
    }
    let major = world.version.split('.').next().and_then(|text| text.parse::<u32>().ok()).unwrap_or(0);
    if major >= 19 {
        add(&mut body, "token_present", hook.token);
        add(&mut body, "signing_token_present", false);
    }
    body
}

/// `/oauth/token/info`, beside the API.
pub(super) fn oauth_token_info(call: &Call<'_>) -> Outcome {
    match call.caller {
        Some(Caller { token, user: Some(user) }) if token.kind == TokenKind::Oauth => {
            let left = token.expires_at.map(|end| end.duration_since(call.world.now).as_secs());
            Ok(json!({
                "resource_owner_id": user.id, "scope": token.scopes, "scopes": token.scopes,
                "expires_in": left, "expires_in_seconds": left,
                "application": {"uid": "6f0e6f0e"}, "created_at": token.created_at.as_second(),
            })
            .into())
        }
        _ => Err(Refusal::unauthorized()),
    }
}
