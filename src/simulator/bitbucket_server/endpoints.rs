//! The read-only resources, and the shapes they share.

use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Value, json};

use super::rules::{self, Call, Caller, Refusal};
use super::state::{Hook, Level, Project, Repository, User};
use super::token::{Of, Token};
use super::world::World;
use crate::simulator::{Answer, Request};

const NO_REPOSITORY: &str = "com.atlassian.bitbucket.repository.NoSuchRepositoryException";
const NO_BRANCH: &str = "com.atlassian.bitbucket.repository.NoSuchBranchException";
const NO_PROJECT: &str = "com.atlassian.bitbucket.project.NoSuchProjectException";
const NO_USER: &str = "com.atlassian.bitbucket.user.NoSuchUserException";

type Outcome = Result<Value, Refusal>;

/// A page that is no API.
pub(super) fn page(status: u16) -> Answer {
    Answer::new(status, "<html><body>Bitbucket</body></html>").header("content-type", "text/html;charset=UTF-8")
}

/// Outside of `/rest`: 302 to the login page for a bearer token, 401 for a password.
pub(super) fn login(world: &World, request: &Request) -> Answer {
    match request.header("authorization") {
        Some(header) if !header.starts_with("Bearer") => {
            page(401).header("www-authenticate", "Basic realm=\"Bitbucket\"")
        }
        _ if request.path.ends_with("/login") => page(200),
        _ => page(302).header("location", format!("{}/login", world.context)),
    }
}

/// A JSON answer, with the headers that name the caller.
pub(super) fn json(world: &World, caller: &Caller<'_>, status: u16, body: &Value) -> Answer {
    let mut answer = Answer::new(status, body.to_string())
        .header("Content-Type", "application/json;charset=UTF-8")
        .header("Date", world.now.strftime("%a, %d %b %Y %H:%M:%S GMT").to_string())
        .header("X-AREQUESTID", "@1AB2CDx720x1234x0")
        .header("Cache-Control", "private, no-cache")
        .header("Cache-Control", "no-cache, no-transform");
    if let Some(name) = caller.name() {
        answer = answer.header("X-AUSERNAME", utf8_percent_encode(&name, NAME).to_string()).header("X-AUSERID", "1203");
    }
    answer
}

const NAME: &percent_encoding::AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_');

/// An error.
pub(super) fn refusal(world: &World, caller: &Caller<'_>, refusal: Refusal) -> Answer {
    let body = json!({
        "errors": [{"context": null, "message": refusal.message, "exceptionName": refusal.exception}],
    });
    json(world, caller, refusal.status, &body)
}

/// Answers a path's segments below `/rest`.
pub(super) fn answer(call: &Call<'_>, segments: &[&str]) -> Outcome {
    if !matches!(call.request.method.as_str(), "GET" | "HEAD") {
        return Err(Refusal { status: 405, message: "Method not allowed".to_owned(), exception: None });
    }
    let nowhere = || Refusal { status: 404, message: "null for uri".to_owned(), exception: None };
    match segments {
        ["api", "1.0" | "latest", rest @ ..] => match rest {
            ["application-properties"] => Ok(json!({
                "version": call.world.version, "buildNumber": "9004003", "buildDate": "1735689600000",
                "displayName": "Bitbucket",
            })),
            ["users"] => users(call),
            ["users", slug] => signed_in(call).and_then(|()| user(call, slug)),
            ["projects"] => projects(call),
            ["projects", key] => find_project(call, key).map(project_body),
            ["projects", key, "repos", slug] => {
                find_repository(call, key, slug).map(|repository| repository_body(call.world, repository))
            }
            ["projects", key, "repos", slug, "default-branch"] => default_branch(find_repository(call, key, slug)?),
            ["projects", key, "repos", slug, "webhooks"] => hooks(call, find_repository(call, key, slug)?),
            ["projects", key, "webhooks"] => project_hooks(call, find_project(call, key)?),
            ["repos"] => repositories(call),
            _ => Err(nowhere()),
        },
        ["branch-permissions", "2.0" | "latest", "projects", key, "repos", slug, "restrictions"] => {
            restrictions(call, find_repository(call, key, slug)?)
        }
        ["access-tokens", "1.0" | "latest", rest @ ..] => {
            let (of, number) = match rest {
                ["users", slug] => (place_of_user(call, slug)?, None),
                ["users", slug, number] => (place_of_user(call, slug)?, Some(*number)),
                ["projects", key] => (place_of_project(call, key)?, None),
                ["projects", key, "repos", slug] => (place_of_repository(call, key, slug)?, None),
                ["projects", key, "repos", slug, number] => (place_of_repository(call, key, slug)?, Some(*number)),
                ["projects", key, number] => (place_of_project(call, key)?, Some(*number)),
                _ => return Err(nowhere()),
            };
            records(call, &of, number)
        }
        _ => Err(nowhere()),
    }
}

fn signed_in(call: &Call<'_>) -> Result<(), Refusal> {
    if matches!(call.caller, Caller::Anonymous) { Err(Refusal::denied()) } else { Ok(()) }
}

/// A page of a list: positions have gaps where the caller may not see what is there.
fn paged(call: &Call<'_>, values: Vec<Value>) -> Value {
    let number = |name: &str| call.request.parameter(name).and_then(|text| text.parse::<u64>().ok());
    let limit = number("limit").unwrap_or(25).clamp(1, call.world.page_limit);
    let start = number("start").unwrap_or(0);
    let step = call.world.gap + 1;
    let (mut page, mut next) = (Vec::new(), None);
    for (at, value) in (0_u64..).zip(values) {
        let position = at * step;
        if position < start {
            continue;
        }
        if u64::try_from(page.len()).unwrap_or(u64::MAX) == limit {
            next = Some(position);
            break;
        }
        page.push(value);
    }
    let mut body = json!({
        "size": page.len(), "limit": limit, "start": start, "isLastPage": next.is_none(), "values": page,
    });
    if let (Some(next), Some(body)) = (next, body.as_object_mut()) {
        body.insert("nextPageStart".to_owned(), json!(next));
    }
    body
}

fn user_body(user: &User) -> Value {
    json!({
        "name": user.name, "emailAddress": user.email, "active": true, "displayName": user.display_name, "id": user.id,
        "slug": user.slug, "type": "NORMAL",
    })
}

fn service_body(call: &Call<'_>) -> Option<Value> {
    let name = call.caller.name()?;
    matches!(call.caller, Caller::Service(..)).then(|| {
        json!({
            "name": name, "emailAddress": null, "active": true, "displayName": "Access Token User - terraform", "id": 16772,
            "slug": name.replace('/', "_"), "type": "SERVICE",
        })
    })
}

fn user(call: &Call<'_>, slug: &str) -> Outcome {
    if let Some(user) = call.world.users.iter().find(|user| user.slug == slug) {
        return Ok(user_body(user));
    }
    service_body(call)
        .filter(|body| body.get("slug").and_then(Value::as_str) == Some(slug))
        .ok_or_else(|| Refusal::not_found(slug, NO_USER))
}

/// Users by a piece of any of their names, and by a level that they have.
fn users(call: &Call<'_>) -> Outcome {
    signed_in(call)?;
    let world = call.world;
    let filter = call.request.parameter("filter").unwrap_or_default().to_lowercase();
    let fits = |user: &&User| {
        [Some(&user.name), Some(&user.display_name), user.email.as_ref()]
            .into_iter()
            .flatten()
            .any(|text| text.to_lowercase().contains(&filter))
    };
    let permission = call.request.parameter("permission");
    let key = call.request.parameter("permission.projectKey");
    let slug = call.request.parameter("permission.repositorySlug");
    let mut found = Vec::new();
    for user in world.users.iter().filter(fits) {
        let has = match permission {
            None => true,
            Some("ADMIN" | "SYS_ADMIN") => world.admins.contains(&user.name.to_lowercase()),
            Some(name) => {
                let level =
                    name.split_once('_').and_then(|(_, level)| Level::of_word(level)).ok_or_else(|| bad(name))?;
                let key = key.unwrap_or_default();
                let have = match slug {
                    Some(slug) => world
                        .find_repository(key, slug)
                        .map(|repository| rules::user_on_repository(world, &user.name, repository))
                        .ok_or_else(|| Refusal::not_found(slug, NO_REPOSITORY))?,
                    None => world
                        .find_project(key)
                        .map(|project| rules::user_on_project(world, &user.name, project))
                        .ok_or_else(|| Refusal::not_found(key, NO_PROJECT))?,
                };
                have >= Some(level)
            }
        };
        if has {
            found.push(user_body(user));
        }
    }
    Ok(paged(call, found))
}

fn bad(permission: &str) -> Refusal {
    Refusal { status: 400, message: format!("{permission} is not a valid permission"), exception: None }
}

/// The level that a list is asked for by.
fn asked_level(call: &Call<'_>, of: &str) -> Result<Option<Level>, Refusal> {
    let Some(name) = call.request.parameter("permission") else { return Ok(None) };
    let level = name.strip_prefix(of).and_then(Level::of_word);
    level.map(Some).ok_or_else(|| bad(name))
}

fn project_body(project: &Project) -> Value {
    let kind = if project.owner().is_some() { "PERSONAL" } else { "NORMAL" };
    json!({"key": project.key, "id": project.id, "name": project.name, "public": project.public, "type": kind})
}

fn projects(call: &Call<'_>) -> Outcome {
    let level = asked_level(call, "PROJECT_")?;
    let name = call.request.parameter("name");
    let fits = |project: &&Project| {
        project.owner().is_none()
            && name.is_none_or(|name| project.name.to_lowercase().contains(&name.to_lowercase()))
            && match level {
                Some(level) => call.lists_project(project, level),
                None => call.sees_project(project),
            }
    };
    Ok(paged(call, call.world.projects.iter().filter(fits).map(project_body).collect()))
}

fn find_project<'a>(call: &Call<'a>, key: &str) -> Result<&'a Project, Refusal> {
    let project =
        call.world.find_project(key).ok_or_else(|| Refusal::not_found(&format!("Project {key}"), NO_PROJECT))?;
    if call.sees_project(project) { Ok(project) } else { Err(Refusal::denied()) }
}

fn repository_body(world: &World, repository: &Repository) -> Value {
    let project = world.find_project(&repository.project).map(project_body);
    let mut body = json!({
        "slug": repository.slug, "id": repository.id, "name": repository.name, "state": "AVAILABLE",
        "public": repository.public, "project": project,
    });
    if let Some(body) = body.as_object_mut().filter(|_| world.major() >= 8) {
        body.insert("archived".to_owned(), json!(repository.archived));
    }
    body
}

fn find_repository<'a>(call: &Call<'a>, key: &str, slug: &str) -> Result<&'a Repository, Refusal> {
    let repository = call
        .world
        .find_repository(key, slug)
        .ok_or_else(|| Refusal::not_found(&format!("Repository {key}/{slug}"), NO_REPOSITORY))?;
    if call.sees(repository) { Ok(repository) } else { Err(Refusal::denied()) }
}

/// Repositories by name, project and level. What a version does not know of filters it overlooks.
fn repositories(call: &Call<'_>) -> Outcome {
    let world = call.world;
    let level = asked_level(call, "REPO_")?;
    let knows = world.major() >= 8;
    let parameter = |name: &str| call.request.parameter(name).map(|text| text.trim().to_lowercase());
    let (name, project_name) = (parameter("name"), parameter("projectname"));
    let key = parameter("projectkey").filter(|_| knows);
    let archived = parameter("archived").filter(|_| knows).unwrap_or_else(|| "active".to_owned());
    let fits = |repository: &&Repository| {
        let project = world.find_project(&repository.project);
        name.as_ref().is_none_or(|name| repository.name.to_lowercase().contains(name.as_str()))
            && key.as_ref().is_none_or(|key| repository.project.to_lowercase() == *key)
            && project_name.as_ref().is_none_or(|name| project.is_some_and(|one| one.name.to_lowercase() == *name))
            && match archived.as_str() {
                "all" => true,
                "archived" => repository.archived,
                _ => !repository.archived || !knows,
            }
            && match level {
                Some(level) => call.lists(repository, level),
                None => call.sees(repository),
            }
    };
    let found = world.repositories.iter().filter(fits).map(|repository| repository_body(world, repository));
    Ok(paged(call, found.collect()))
}

/// The branch that is configured to be the default one, where it exists.
fn default_branch(repository: &Repository) -> Outcome {
    let Some(name) = &repository.default_branch else { return Err(Refusal::not_found("refs/heads/main", NO_BRANCH)) };
    Ok(json!({"id": format!("refs/heads/{name}"), "displayId": name, "type": "BRANCH"}))
}

/// The branch permissions, for administrators.
fn restrictions(call: &Call<'_>, repository: &Repository) -> Outcome {
    if !call.may(repository, Level::Admin) {
        return Err(Refusal::denied());
    }
    let values = (1..).zip(&repository.restrictions).map(|(id, one)| one.body(id, repository.id)).collect();
    Ok(paged(call, values))
}

fn hooks(call: &Call<'_>, repository: &Repository) -> Outcome {
    if !call.may(repository, Level::Admin) {
        return Err(Refusal::denied());
    }
    let body = |(id, hook)| hook_body(call.world, "repository", id, hook);
    Ok(paged(call, (1..).zip(&repository.hooks).map(body).collect()))
}

fn project_hooks(call: &Call<'_>, project: &Project) -> Outcome {
    if !call.may_on_project(project, Level::Admin) {
        return Err(Refusal::denied());
    }
    let body = |(id, hook)| hook_body(call.world, "project", id, hook);
    Ok(paged(call, (1..).zip(&project.hooks).map(body).collect()))
}

fn hook_body(world: &World, of: &str, id: u64, hook: &Hook) -> Value {
    let mut configuration = json!({"createdBy": "bitbucket"});
    if let (Some(secret), Some(configuration)) = (&hook.secret, configuration.as_object_mut()) {
        configuration.insert("secret".to_owned(), json!(secret));
    }
    let mut body = json!({
        "id": id, "name": "Atlantis", "url": hook.url, "events": hook.events, "active": hook.active,
        "configuration": configuration, "scopeType": of,
    });
    if let Some(body) = body.as_object_mut().filter(|_| world.major() >= 7) {
        body.insert("sslVerificationRequired".to_owned(), json!(hook.verifies));
    }
    body
}

/// Whose records: one's own, and those of what one administers.
fn place_of_user(call: &Call<'_>, slug: &str) -> Result<Of, Refusal> {
    signed_in(call)?;
    let user = call.world.users.iter().find(|user| user.slug == slug);
    let user = user.ok_or_else(|| Refusal::not_found(slug, NO_USER))?;
    match call.caller {
        Caller::User(own, _) if own.name == user.name && !call.world.records_refused => Ok(Of::User(user.name.clone())),
        _ => Err(Refusal::denied()),
    }
}

fn place_of_project(call: &Call<'_>, key: &str) -> Result<Of, Refusal> {
    let project = find_project(call, key)?;
    if call.world.records_refused || !call.may_on_project(project, Level::Admin) {
        return Err(Refusal::denied());
    }
    Ok(Of::Project(project.key.clone()))
}

fn place_of_repository(call: &Call<'_>, key: &str, slug: &str) -> Result<Of, Refusal> {
    let repository = find_repository(call, key, slug)?;
    if call.world.records_refused || !call.may(repository, Level::Admin) {
        return Err(Refusal::denied());
    }
    Ok(Of::Repository(format!("{}/{}", repository.project, repository.slug)))
}

fn records(call: &Call<'_>, of: &Of, number: Option<&str>) -> Outcome {
    let same = |one: &Of| match (one, of) {
        (Of::User(one), Of::User(other))
        | (Of::Project(one), Of::Project(other))
        | (Of::Repository(one), Of::Repository(other)) => one.eq_ignore_ascii_case(other),
        _ => false,
    };
    let mut own = call.world.tokens.iter().filter(|token| same(&token.of) && !token.revoked);
    match number {
        Some(number) => own
            .find(|token| token.number == number)
            .map(|token| record(call.world, token))
            .ok_or_else(|| Refusal::not_found("Access token", "com.atlassian.bitbucket.NoSuchEntityException")),
        None => Ok(paged(call, own.map(|token| record(call.world, token)).collect())),
    }
}

fn record(world: &World, token: &Token) -> Value {
    let mut body = json!({
        "id": token.number, "name": token.name, "createdDate": token.created(world.now).as_millisecond(),
    });
    if let Some(body) = body.as_object_mut().filter(|_| !world.short_records) {
        body.insert("permissions".to_owned(), json!(token.permissions()));
        if token.used {
            body.insert("lastAuthenticated".to_owned(), json!(world.now.as_millisecond()));
        }
        if let Some(ends) = token.expires(world.now) {
            body.insert("expiryDate".to_owned(), json!(ends.as_millisecond()));
        }
        if let Of::User(name) = &token.of {
            body.insert("user".to_owned(), json!(world.find_user(name).map(user_body)));
        }
    }
    body
}
