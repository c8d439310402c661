//! The read-only REST endpoints: which there are, and the shapes they share.

pub(super) mod app;
mod branches;
mod installation;
mod organization;
mod permissions;
mod repository;
mod server;
mod tokens;
mod user;

use super::call::{Call, Outcome, Refusal, Reply, Route};
use super::rules::visibility;
use super::state::Repository;

/// Answers a `GET` by its path's segments below the API's base. A trailing slash is no endpoint.
pub(super) fn answer(call: &Call<'_>, segments: &[String]) -> (&'static Route, Outcome) {
    let segments: Vec<&str> = segments.iter().map(String::as_str).collect();
    match segments.as_slice() {
        [] => (&server::ROOT, server::root(call)),
        ["meta"] => (&server::META, server::meta(call)),
        ["rate_limit"] => (&server::RATE_LIMIT, server::rate_limit(call)),
        ["user"] => (&user::USER, user::authenticated(call)),
        ["user", "repos"] => (&user::REPOSITORIES, user::repositories(call)),
        ["user", "orgs"] => (&user::ORGANIZATIONS, user::organizations(call)),
        ["user", "memberships", "orgs", name] => (&organization::MEMBERSHIP, organization::membership(call, name)),
        ["user", "repository_invitations"] => (&user::INVITATIONS, user::invitations(call)),
        ["users", login] => (&user::PROFILE, user::profile(call, login)),
        ["orgs", name, "hooks"] => (&organization::HOOKS, organization::hooks(call, name)),
        ["orgs", name] => (&organization::ORGANIZATION, organization::organization(call, name)),
        ["installation", "repositories"] => (&installation::REPOSITORIES, installation::repositories(call)),
        ["orgs", name, "personal-access-tokens"] => (&tokens::TOKENS, tokens::tokens(call, name)),
        ["orgs", name, "personal-access-tokens", id, "repositories"] => {
            (&tokens::TOKENS, tokens::repositories(call, name, id))
        }
        ["app"] | ["app", "installations"] | ["repos" | "orgs" | "users", .., "installation"] => {
            // For an app's own JWT only, which no token is.
            (&Route::NONE, Err(Refusal::new(401, "A JSON web token could not be decoded")))
        }
        ["repos", owner, name, rest @ ..] => by_name(call, &format!("{owner}/{name}"), rest),
        ["repositories", id, rest @ ..] => by_id(call, id, rest),
        _ => (&Route::NONE, Err(Refusal::not_found())),
    }
}

/// Answers a change by its path's segments below the API's base. No change is ever made here: those that are known fail.
pub(super) fn change(call: &Call<'_>, segments: &[String]) -> (&'static Route, Outcome) {
    let segments: Vec<&str> = segments.iter().map(String::as_str).collect();
    match segments.as_slice() {
        ["repos", owner, name, rest @ ..] if !rest.is_empty() => {
            match call.world.find_repository(&format!("{owner}/{name}")) {
                Some(repository) => permissions::answer(call, repository, rest),
                None => (&Route::NONE, Err(Refusal::not_found())),
            }
        }
        _ => (&Route::NONE, Err(Refusal::not_found())),
    }
}

/// What is below a repository.
fn below(call: &Call<'_>, repository: &Repository, rest: &[&str]) -> (&'static Route, Outcome) {
    match rest {
        [] => (&repository::REPOSITORY, repository::repository(call, repository)),
        ["hooks"] if call.request.method == "GET" => (&repository::HOOKS, repository::hooks(call, repository)),
        ["actions", "permissions", "workflow"] if call.request.method == "GET" => {
            (&repository::JOBS, repository::jobs(call, repository))
        }
        ["branches", name] if call.request.method == "GET" => {
            (&branches::BRANCH, branches::branch(call, repository, name))
        }
        ["rules", "branches", name] => (&branches::RULES, branches::rules(call, repository, name)),
        ["collaborators", login, "permission"] => {
            (&repository::PERMISSION, repository::permission(call, repository, login))
        }
        rest => permissions::answer(call, repository, rest),
    }
}

/// The route whose headers a path gets though its repository cannot be seen.
fn route_below(rest: &[&str]) -> &'static Route {
    match rest {
        [] => &repository::REPOSITORY,
        ["branches", _] => &branches::BRANCH,
        ["rules", "branches", _] => &branches::RULES,
        ["hooks"] => &repository::HOOKS,
        ["actions", "permissions", "workflow"] => &repository::JOBS,
        ["collaborators", _, "permission"] => &repository::PERMISSION,
        _ => &Route::NONE,
    }
}

fn by_name(call: &Call<'_>, full_name: &str, rest: &[&str]) -> (&'static Route, Outcome) {
    if let Some(repository) = call.world.find_repository(full_name) {
        return below(call, repository, rest);
    }
    let outcome = match call.world.find_renamed(full_name) {
        Some(repository) => moved(call, repository, rest),
        None => Err(Refusal::not_found()),
    };
    (route_below(rest), outcome)
}

fn by_id(call: &Call<'_>, id: &str, rest: &[&str]) -> (&'static Route, Outcome) {
    match call.world.repositories.iter().find(|repository| repository.id.to_string() == id) {
        Some(repository) => below(call, repository, rest),
        None => (route_below(rest), Err(Refusal::not_found())),
    }
}

/// A former name: 301 to the address by id, for those who can see the repository.
fn moved(call: &Call<'_>, repository: &Repository, rest: &[&str]) -> Outcome {
    visibility::see(call, repository)?;
    let rest: String = rest
        .iter()
        .map(|segment| {
            format!("/{}", percent_encoding::utf8_percent_encode(segment, percent_encoding::NON_ALPHANUMERIC))
        })
        .collect();
    let address = format!("{}/repositories/{}{rest}", call.base, repository.id);
    let body = serde_json::json!({
        "message": "Moved Permanently",
        "url": address,
        "documentation_url": "https://docs.github.com/rest/guides/best-practices-for-using-the-rest-api#follow-redirects",
    });
    Ok(Reply { status: 301, ..Reply::ok(body) }.header("location", Some(address)))
}
