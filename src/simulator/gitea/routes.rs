//! The routes of the API: a table, and the way through it.

use super::call::{Call, Outcome};
use super::refusal::Refusal;
use super::release::Difference;
use super::scopes::Category;
use super::world::World;
use super::{accounts, instance, making, repositories};

/// What a route wants and who answers it.
pub(super) struct Route {
    method: &'static str,
    /// Below `/api/v1/`; `{}` is a name, and `*` at the end is whatever follows.
    pattern: &'static str,
    /// The checks of scopes, one after another; each names the categories that it wants together.
    checks: &'static [&'static [Category]],
    /// What a version must be like to have it.
    of: Option<Difference>,
    answer: fn(&Call<'_>, &[&str]) -> Outcome,
}

const fn get(
    pattern: &'static str,
    checks: &'static [&'static [Category]],
    answer: fn(&Call<'_>, &[&str]) -> Outcome,
) -> Route {
    Route { method: "GET", pattern, checks, of: None, answer }
}

const USER: &[&[Category]] = &[&[Category::User]];
const REPOSITORY: &[&[Category]] = &[&[Category::Repository]];
const ISSUE: &[&[Category]] = &[&[Category::Issue]];
const ORGANIZATION: &[&[Category]] = &[&[Category::Organization]];
const NOTIFICATION: &[&[Category]] = &[&[Category::Notification]];
const PACKAGE: &[&[Category]] = &[&[Category::Package]];
const ADMIN: &[&[Category]] = &[&[Category::Admin]];
/// One check of both: the refusal names both.
const USER_AND_ORGANIZATION: &[&[Category]] = &[&[Category::User, Category::Organization]];
/// Two checks: the refusal names the first that fails.
const USER_THEN_REPOSITORY: &[&[Category]] = &[&[Category::User], &[Category::Repository]];

const ROUTES: &[Route] = &[
    get("version", &[], instance::version),
    get("settings/api", &[], instance::api_settings),
    get("settings/repository", &[], instance::repository_settings),
    get("signing-key.gpg", &[], instance::signing_key),
    Route { of: Some(Difference::DescribesToken), ..get("token", &[], accounts::own_token) },
    Route { method: "DELETE", of: Some(Difference::DescribesToken), ..get("token", &[], accounts::delete_own_token) },
    get("user", USER, accounts::own_user),
    get("user/orgs", USER_AND_ORGANIZATION, accounts::own_organizations),
    get("user/teams", USER, accounts::own_teams),
    get("user/repos", USER_THEN_REPOSITORY, repositories::own),
    Route { method: "PUT", ..get("user/following/{}", USER, accounts::follow) },
    get("users/{}", USER, accounts::user),
    get("users/{}/tokens", USER, accounts::tokens),
    get("users/{}/orgs/{}/permissions", USER_AND_ORGANIZATION, accounts::organization_rights),
    Route { method: "POST", ..get("users/{}/tokens", USER, making::token) },
    Route { method: "POST", ..get("orgs", ORGANIZATION, making::organization) },
    get("orgs/{}", ORGANIZATION, accounts::organization),
    Route { method: "DELETE", ..get("orgs/{}", ORGANIZATION, making::end_organization) },
    Route { method: "POST", ..get("orgs/{}/repos", ORGANIZATION, making::repository) },
    Route { method: "PATCH", ..get("orgs/{}", ORGANIZATION, accounts::change_organization) },
    get("orgs/{}/hooks", ORGANIZATION, accounts::organization_hooks),
    get("orgs/{}/teams", ORGANIZATION, accounts::organization_teams),
    get("packages/{}", PACKAGE, accounts::packages),
    get("notifications/new", NOTIFICATION, accounts::new_notifications),
    Route { method: "PUT", ..get("notifications", NOTIFICATION, accounts::read_notifications) },
    Route { method: "PATCH", ..get("notifications/threads/{}", NOTIFICATION, accounts::read_thread) },
    get("admin/cron", ADMIN, instance::tasks),
    get("admin/users", ADMIN, accounts::all),
    Route { method: "POST", ..get("admin/users", ADMIN, making::user) },
    Route { method: "PATCH", ..get("admin/users/{}", ADMIN, making::change_user) },
    Route { method: "DELETE", ..get("admin/users/{}", ADMIN, making::end_user) },
    Route { of: Some(Difference::AdminListsTokens), ..get("admin/users/{}/tokens", ADMIN, accounts::tokens_by_admin) },
    get("repos/search", REPOSITORY, repositories::search),
    get("repos/{}/{}", REPOSITORY, repositories::repository),
    Route { method: "PATCH", ..get("repos/{}/{}", REPOSITORY, making::change_repository) },
    Route { method: "DELETE", ..get("repos/{}/{}", REPOSITORY, making::end_repository) },
    Route { method: "PUT", ..get("repos/{}/{}/collaborators/{}", REPOSITORY, making::collaborator) },
    Route { method: "POST", ..get("repos/{}/{}/hooks", REPOSITORY, making::hook) },
    Route { method: "POST", ..get("repos/{}/{}/branch_protections", REPOSITORY, making::protection) },
    get("repos/{}/{}/collaborators", REPOSITORY, repositories::collaborators),
    get("repos/{}/{}/collaborators/{}/permission", REPOSITORY, repositories::role),
    get("repos/{}/{}/teams", REPOSITORY, repositories::teams),
    get("repos/{}/{}/branch_protections", REPOSITORY, repositories::protections),
    get("repos/{}/{}/branches/*", REPOSITORY, repositories::branch),
    get("repos/{}/{}/hooks", REPOSITORY, repositories::hooks),
    get("repos/{}/{}/pulls", REPOSITORY, repositories::pull_requests),
    get("repos/{}/{}/issues", ISSUE, repositories::issues),
    get("repos/{}/{}/labels", ISSUE, repositories::labels),
    Route { method: "PATCH", ..get("repos/{}/{}/labels/{}", ISSUE, repositories::change_label) },
    Route { method: "POST", ..get("repos/{}/{}/markdown", REPOSITORY, repositories::markdown) },
    Route { method: "POST", ..get("repos/{}/{}/statuses/{}", REPOSITORY, repositories::set_status) },
];

/// The routes that a server has with federation alone.
const FEDERATED: &[Route] = &[get("activitypub/user-id/{}", &[&[Category::ActivityPub]], accounts::actor)];

/// What is where a request goes.
pub(super) enum Found {
    /// A route, with the names in its path.
    Route(&'static Route, Vec<String>),
    /// Routes for other methods.
    OtherMethod,
    /// Nothing.
    Nothing,
}

/// The route of a method and of the segments below `/api/v1/`.
pub(super) fn find(world: &World, method: &str, segments: &[String]) -> Found {
    let method = if method == "HEAD" && world.release.has(Difference::Head) { "GET" } else { method };
    let federated: &[Route] = if world.federation { FEDERATED } else { &[] };
    let mut found = Found::Nothing;
    for route in ROUTES.iter().chain(federated) {
        if route.of.is_some_and(|difference| !world.release.has(difference)) {
            continue;
        }
        let Some(names) = names(route.pattern, segments) else { continue };
        if route.method == method {
            return Found::Route(route, names);
        }
        found = Found::OtherMethod;
    }
    found
}

/// The names in a path that fits a pattern.
fn names(pattern: &str, segments: &[String]) -> Option<Vec<String>> {
    let mut names = Vec::new();
    let mut rest = segments.iter();
    for part in pattern.split('/') {
        if part == "*" {
            let rest: Vec<&str> = rest.map(String::as_str).collect();
            return (!rest.is_empty()).then(|| {
                names.push(rest.join("/"));
                names
            });
        }
        let segment = rest.next()?;
        if part == "{}" {
            names.push(segment.clone());
        } else if part != segment {
            return None;
        }
    }
    // A slash at the end is overlooked.
    rest.all(String::is_empty).then_some(names)
}

impl Route {
    /// What it answers, once the caller's account is in order.
    pub(super) fn answer(&self, call: &Call<'_>, names: &[String]) -> Outcome {
        for check in self.checks {
            call.caller.check(call.world, check, call.half())?;
        }
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        (self.answer)(call, &names)
    }
}

impl Found {
    /// The answer, or why there is none.
    pub(super) fn answer(&self, call: &Call<'_>) -> Outcome {
        match self {
            Self::Route(route, names) => route.answer(call, names),
            Self::OtherMethod => Err(Refusal::NoMethod),
            Self::Nothing => Err(Refusal::NoRoute),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_taken_from_their_places() {
        let segments = |path: &str| path.split('/').map(str::to_owned).collect::<Vec<_>>();
        assert_eq!(names("repos/{}/{}", &segments("repos/a/b")).unwrap(), ["a", "b"]);
        assert_eq!(names("repos/{}/{}/branches/*", &segments("repos/a/b/branches/r/1")).unwrap(), ["a", "b", "r/1"]);
        assert!(names("repos/{}/{}", &segments("repos/a/b/c")).is_none());
        assert!(names("repos/{}/{}", &segments("repos/a")).is_none());
    }
}
