//! What an App sees when its key signs the request, and the tokens that it mints.

use serde_json::{Map, Value, json};

use crate::simulator::Request;
use crate::simulator::github::app::{App, Installation};
use crate::simulator::github::call::{Outcome, Refusal, Reply, Route};
use crate::simulator::github::state::{Access, Repository};
use crate::simulator::github::token::{Selection, Token};
use crate::simulator::github::world::World;

/// The most repositories that a token can be narrowed to.
const MOST: usize = 500;

const APP: Route = route("https://docs.github.com/rest/apps/apps#get-the-authenticated-app");
const INSTALLATIONS: Route =
    route("https://docs.github.com/rest/apps/apps#list-installations-for-the-authenticated-app");
const INSTALLATION: Route =
    route("https://docs.github.com/rest/apps/apps#get-a-repository-installation-for-the-authenticated-app");
const MINT: Route = route("https://docs.github.com/rest/reference/apps#create-an-installation-access-token-for-an-app");

const fn route(documentation: &'static str) -> Route {
    Route { documentation, ..Route::NONE }
}

/// Answers a request that the App at an index signed. `base` is the API's base in addresses.
pub(in crate::simulator::github) fn answer(
    world: &mut World,
    app: usize,
    request: &Request,
    segments: &[String],
    base: &str,
) -> (&'static Route, Outcome) {
    let segments: Vec<&str> = segments.iter().map(String::as_str).collect();
    let Some(app) = world.apps.get(app).cloned() else { return (&Route::NONE, Err(Refusal::not_found())) };
    match (request.method.as_str(), segments.as_slice()) {
        ("GET", ["app"]) => (&APP, Ok(Reply::ok(itself(world, &app)))),
        ("GET", ["app", "installations"]) => (&INSTALLATIONS, installations(world, &app, request, base)),
        ("GET", ["repos", owner, name, "installation"]) => {
            (&INSTALLATION, of_repository(world, &app, &format!("{owner}/{name}")))
        }
        ("GET", ["orgs" | "users", account, "installation"]) => {
            let own = own(world, &app).find(|one| one.account.eq_ignore_ascii_case(account));
            (&INSTALLATION, own.map(|one| Reply::ok(body(world, &app, one))).ok_or_else(Refusal::not_found))
        }
        ("POST", ["app", "installations", number, "access_tokens"]) => {
            let number = number.parse().ok();
            (&MINT, mint(world, &app, number, &request.body))
        }
        // Everything else takes a token.
        _ => (&Route::NONE, Err(Refusal::new(401, "Requires authentication"))),
    }
}

fn own<'a>(world: &'a World, app: &'a App) -> impl Iterator<Item = &'a Installation> {
    world.installations.iter().filter(|installation| installation.app == app.slug)
}

fn map<'a>(permissions: impl IntoIterator<Item = (&'a String, &'a Access)>) -> Value {
    Value::Object(permissions.into_iter().map(|(name, access)| (name.clone(), json!(access.word()))).collect())
}

/// `GET /app`: what it asks for now.
fn itself(world: &World, app: &App) -> Value {
    let mut body = json!({
        "id": app.id,
        "slug": app.slug,
        "node_id": format!("A_{}", app.id),
        "owner": {"login": "acme", "type": "Organization"},
        "name": app.slug,
        "permissions": map(&app.permissions),
        "events": app.events,
        "installations_count": own(world, app).count(),
        "created_at": "2025-01-02T03:04:05Z",
        "updated_at": "2026-05-06T07:08:09Z",
    });
    // Servers before 3.14 do not name it.
    if let Value::Object(fields) = &mut body
        && world.flavour.server_version().is_none_or(|version| version >= (3, 14))
    {
        fields.insert("client_id".to_owned(), json!(app.client_id));
    }
    body
}

/// An installation: what its account granted.
fn body(world: &World, app: &App, installation: &Installation) -> Value {
    let kind = if world.find_user(&installation.account).is_some() { "User" } else { "Organization" };
    json!({
        "id": installation.id,
        "account": {"login": installation.account, "type": kind},
        "repository_selection": selection(&installation.selection),
        "app_id": app.id,
        "app_slug": app.slug,
        "target_type": kind,
        "permissions": map(&installation.permissions),
        "events": app.events,
        "single_file_name": null,
        "suspended_by": null,
        "suspended_at": installation.suspended.then_some("2026-06-07T08:09:10Z"),
        "created_at": "2025-01-02T03:04:05.000Z",
        "updated_at": "2025-01-02T03:04:05.000Z",
    })
}

const fn selection(selection: &Selection) -> &'static str {
    match selection {
        Selection::All => "all",
        Selection::Selected(_) => "selected",
    }
}

fn installations(world: &World, app: &App, request: &Request, base: &str) -> Outcome {
    let number = |name: &str| request.parameter(name).and_then(|text| text.parse::<usize>().ok());
    let (size, page) = (number("per_page").unwrap_or(30).clamp(1, 100), number("page").unwrap_or(1).max(1));
    let all: Vec<Value> = own(world, app).map(|one| body(world, app, one)).collect();
    let more = all.len() > page.saturating_mul(size);
    let items: Vec<Value> = all.into_iter().skip((page - 1).saturating_mul(size)).take(size).collect();
    let next = format!("<{base}/app/installations?per_page={size}&page={}>; rel=\"next\"", page + 1);
    Ok(Reply::ok(Value::Array(items)).header("link", more.then_some(next)))
}

/// The installation that covers a repository. Where none does, GitHub shows neither.
fn of_repository(world: &World, app: &App, full_name: &str) -> Outcome {
    let repository = world.find_repository(full_name).ok_or_else(Refusal::not_found)?;
    let covers = own(world, app).find(|one| one.covers(repository)).ok_or_else(Refusal::not_found)?;
    Ok(Reply::ok(body(world, app, covers)))
}

/// `POST /app/installations/NUMBER/access_tokens`, narrowed as the body says.
fn mint(world: &mut World, app: &App, number: Option<u64>, wanted: &[u8]) -> Outcome {
    let found = own(world, app).find(|one| Some(one.id) == number).cloned();
    let mut narrowed = found.ok_or_else(Refusal::not_found)?;
    if narrowed.suspended {
        return Err(Refusal::new(403, "This installation has been suspended"));
    }
    let wanted: Value = if wanted.is_empty() {
        json!({})
    } else {
        serde_json::from_slice(wanted).map_err(|_| Refusal::new(400, "Problems parsing JSON"))?
    };
    if let Some(names) = wanted.get("repositories").and_then(Value::as_array) {
        let names: Vec<String> =
            names.iter().filter_map(Value::as_str).map(|name| format!("{}/{name}", narrowed.account)).collect();
        let reached = |name: &String| {
            world.find_repository(name).is_some_and(|repository: &Repository| narrowed.covers(repository))
        };
        if names.len() > MOST || !names.iter().all(reached) {
            let message = "There is at least one repository that does not exist or is not accessible to the parent \
                           installation.";
            return Err(Refusal::new(422, message));
        }
        narrowed.selection = Selection::of(names);
    }
    if let Some(permissions) = wanted.get("permissions").and_then(Value::as_object) {
        narrowed.permissions = narrowed_permissions(&narrowed, permissions)?;
    }
    let text = world.next_token();
    let expires = world.now + jiff::SignedDuration::from_hours(1);
    let body = json!({
        "token": text,
        "expires_at": expires.to_string(),
        "permissions": map(&narrowed.permissions),
        "repository_selection": selection(&narrowed.selection),
    });
    world.add_token(Token::minted(&text, narrowed).expires_at(expires));
    Ok(Reply { status: 201, ..Reply::ok(body) })
}

fn narrowed_permissions(
    installation: &Installation,
    wanted: &Map<String, Value>,
) -> Result<std::collections::BTreeMap<String, Access>, Refusal> {
    let refused = || Refusal::new(422, "The permissions requested are not granted to this installation.");
    let mut narrowed = std::collections::BTreeMap::from([("metadata".to_owned(), Access::Read)]);
    for (name, level) in wanted {
        let level = level.as_str().and_then(Access::from_word).ok_or_else(refused)?;
        if installation.permissions.get(name).is_none_or(|granted| *granted < level) {
            return Err(refused());
        }
        narrowed.insert(name.clone(), level);
    }
    Ok(narrowed)
}
