//! What takes one permission of a repository: lists that are empty here, and changes that are never made.
//!
//! A change is checked as GitHub checks it: the repository is seen, the permission and the role are there, what the path
//! names is there, the body is valid. Nothing that a path can name exists here, and a valid change to the repository itself
//! is answered 201 without being made: the log shows it.

use serde_json::{Value, json};

use crate::simulator::github::call::{Call, Caller, Outcome, Refusal, Reply, Route};
use crate::simulator::github::rules::{role, visibility};
use crate::simulator::github::state::{Access, Level, Repository};
use crate::simulator::github::token::TokenKind;

/// What comes of a request that may be made.
#[derive(Clone, Copy)]
enum Comes {
    /// An empty list, or an object for `pages` and settings.
    Read(u16),
    /// Nothing of this name is there: 404, whatever the body.
    Nothing,
    /// The body is checked first, and must hold these fields: 422.
    Checked(&'static [&'static str]),
}

/// An endpoint, by its method and its segments below a repository; `*` is any one segment.
struct Endpoint {
    method: &'static str,
    path: &'static [&'static str],
    /// The ways in, each one permission.
    permissions: &'static [(&'static str, Access)],
    /// The least role of a user.
    role: Level,
    route: Route,
    comes: Comes,
}

const fn endpoint(
    method: &'static str,
    path: &'static [&'static str],
    (accepted, permissions): (&'static str, &'static [(&'static str, Access)]),
    role: Level,
    comes: Comes,
) -> Endpoint {
    let route = Route::rest("repo", Some(accepted), "https://docs.github.com/rest");
    Endpoint { method, path, permissions, role, route, comes }
}

static ENDPOINTS: &[Endpoint] = &[
    endpoint(
        "GET",
        &["actions", "artifacts"],
        ("actions=read", &[("actions", Access::Read)]),
        Level::Read,
        Comes::Read(200),
    ),
    endpoint(
        "GET",
        &["actions", "variables"],
        ("actions_variables=read", &[("actions_variables", Access::Read)]),
        Level::Write,
        Comes::Read(200),
    ),
    endpoint(
        "GET",
        &["actions", "permissions"],
        ("administration=read", &[("administration", Access::Read)]),
        Level::Admin,
        Comes::Read(200),
    ),
    endpoint(
        "GET",
        &["rulesets", "rule-suites"],
        ("administration=write", &[("administration", Access::Write)]),
        Level::Admin,
        Comes::Read(200),
    ),
    endpoint("GET", &["commits"], ("contents=read", &[("contents", Access::Read)]), Level::Read, Comes::Read(200)),
    endpoint(
        "GET",
        &["commits", "*", "statuses"],
        ("statuses=read", &[("statuses", Access::Read)]),
        Level::Read,
        Comes::Nothing,
    ),
    endpoint(
        "GET",
        &["deployments"],
        ("deployments=read", &[("deployments", Access::Read)]),
        Level::Read,
        Comes::Read(200),
    ),
    endpoint(
        "GET",
        &["issues"],
        ("issues=read; pull_requests=read", &[("issues", Access::Read), ("pull_requests", Access::Read)]),
        Level::Read,
        Comes::Read(200),
    ),
    endpoint("GET", &["pages"], ("pages=read", &[("pages", Access::Read)]), Level::Write, Comes::Nothing),
    endpoint(
        "GET",
        &["pulls"],
        ("pull_requests=read", &[("pull_requests", Access::Read)]),
        Level::Read,
        Comes::Read(200),
    ),
    endpoint(
        "GET",
        &["actions", "secrets"],
        ("secrets=read", &[("secrets", Access::Read)]),
        Level::Write,
        Comes::Read(200),
    ),
    endpoint(
        "POST",
        &["statuses", "*"],
        ("statuses=write", &[("statuses", Access::Write)]),
        Level::Write,
        Comes::Checked(&["state"]),
    ),
    endpoint(
        "POST",
        &["pulls"],
        ("pull_requests=write", &[("pull_requests", Access::Write)]),
        Level::Read,
        Comes::Checked(&["head", "base", "title"]),
    ),
    endpoint(
        "PATCH",
        &["labels", "*"],
        ("issues=write; pull_requests=write", &[("issues", Access::Write), ("pull_requests", Access::Write)]),
        Level::Triage,
        Comes::Nothing,
    ),
    endpoint(
        "PATCH",
        &["actions", "variables", "*"],
        ("actions_variables=write", &[("actions_variables", Access::Write)]),
        Level::Write,
        Comes::Checked(&["value"]),
    ),
    endpoint(
        "PATCH",
        &["code-scanning", "alerts", "*"],
        ("security_events=write", &[("security_events", Access::Write)]),
        Level::Write,
        Comes::Nothing,
    ),
    endpoint(
        "PATCH",
        &["dependabot", "alerts", "*"],
        ("vulnerability_alerts=write", &[("vulnerability_alerts", Access::Write)]),
        Level::Admin,
        Comes::Nothing,
    ),
    endpoint(
        "PATCH",
        &["secret-scanning", "alerts", "*"],
        ("secret_scanning_alerts=write", &[("secret_scanning_alerts", Access::Write)]),
        Level::Admin,
        Comes::Nothing,
    ),
    endpoint(
        "PATCH",
        &["hooks", "*"],
        ("repository_hooks=write", &[("repository_hooks", Access::Write)]),
        Level::Admin,
        Comes::Nothing,
    ),
];

/// Answers what is below a repository.
pub(super) fn answer(call: &Call<'_>, repository: &Repository, rest: &[&str]) -> (&'static Route, Outcome) {
    let method = if call.request.method == "HEAD" { "GET" } else { call.request.method.as_str() };
    let fits = |endpoint: &&Endpoint| {
        endpoint.method == method
            && endpoint.path.len() == rest.len()
            && endpoint.path.iter().zip(rest).all(|(pattern, segment)| *pattern == "*" || pattern == segment)
    };
    match ENDPOINTS.iter().find(fits) {
        Some(endpoint) => (&endpoint.route, outcome(call, repository, endpoint)),
        None => (&Route::NONE, Err(Refusal::not_found())),
    }
}

fn outcome(call: &Call<'_>, repository: &Repository, endpoint: &Endpoint) -> Outcome {
    visibility::see(call, repository)?;
    permitted(call, repository, endpoint)?;
    if endpoint.method != "GET" && repository.archived {
        return Err(Refusal::new(403, "Repository was archived so is read-only."));
    }
    match endpoint.comes {
        Comes::Read(status) => Ok(Reply { status, ..Reply::ok(json!([])) }),
        Comes::Nothing => Err(Refusal::not_found()),
        Comes::Checked(fields) => {
            let body: Value =
                serde_json::from_slice(&call.request.body).map_err(|_| Refusal::new(400, "Problems parsing JSON"))?;
            let states = ["error", "failure", "pending", "success"];
            let given = |field: &&&str| match body.get(**field).and_then(Value::as_str) {
                Some(state) if **field == "state" => states.contains(&state),
                Some(_) => true,
                None => false,
            };
            match fields.iter().find(|field| !given(field)) {
                Some(_) => Err(Refusal::new(422, "Validation Failed")),
                None => Ok(Reply { status: 201, ..Reply::ok(json!({})) }),
            }
        }
    }
}

/// The token's permission and its user's role: the real answer does not tell the two apart.
fn permitted(call: &Call<'_>, repository: &Repository, endpoint: &Endpoint) -> Result<(), Refusal> {
    let granted = || {
        let held =
            endpoint.permissions.iter().any(|(name, access)| call.has_permission(&repository.owner, name, *access));
        visibility::covers(call, repository) && held
    };
    // Everybody reads what is public, whatever the token.
    let public = endpoint.method == "GET" && repository.is_public() && endpoint.role <= Level::Read;
    match call.caller {
        Caller::Anonymous if public => Ok(()),
        Caller::Anonymous => Err(Refusal::not_found()),
        Caller::Installation { .. } if public || granted() => Ok(()),
        Caller::Installation { .. } => Err(call.not_accessible()),
        Caller::User { token, user } => {
            let can = role::of(call.world, &user.login, repository).level >= endpoint.role;
            match token.kind {
                TokenKind::Classic | TokenKind::OauthApp => {
                    let wanted = if repository.is_public() { "public_repo" } else { "repo" };
                    if public || (can && call.caller.has_any_scope(&[wanted])) {
                        Ok(())
                    } else {
                        Err(Refusal::not_found())
                    }
                }
                _ if public || (can && granted()) => Ok(()),
                _ => Err(call.not_accessible()),
            }
        }
    }
}
