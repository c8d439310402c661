//! The rules: who is let in, what scopes grant, who sees and may do what.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use jiff::Timestamp;

use super::answers::Refusal;
use super::state::{Permission, Repository, User, WorkspaceRole};
use super::token::{Token, TokenKind};
use super::world::World;
use crate::simulator::Request;

/// What Bitbucket says of every API token and access token that it does not take, whatever the reason.
const INVALID: &str = "Token is invalid, expired, or not supported for this endpoint.";
/// 28 July 2026: the removal of app passwords.
const REMOVAL: i64 = 1_785_196_800;

/// The position of the token that a request carries; `None` without one.
pub(super) fn authenticate(world: &World, request: &Request) -> Result<Option<usize>, Refusal> {
    let Some(header) = request.header("authorization") else { return Ok(None) };
    let (scheme, rest) = header.split_once(' ').unwrap_or((header, ""));
    let refused = |json: bool| if json { Refusal::new(401, INVALID) } else { Refusal::bad_login() };
    if scheme.eq_ignore_ascii_case("bearer") {
        let found = world.tokens.iter().position(|token| token.is(rest) && !token.kind.is_basic() && !token.revoked);
        return found.map(Some).ok_or_else(|| refused(true));
    }
    let decoded = STANDARD.decode(rest).ok().and_then(|bytes| String::from_utf8(bytes).ok()).unwrap_or_default();
    let (name, secret) = decoded.split_once(':').unwrap_or((&decoded, ""));
    let takes = |token: &Token| {
        let Some(owner) = world.find_user(&token.owner) else { return false };
        let name_fits = match token.kind {
            // Neither a username nor a token without scopes is ever taken.
            TokenKind::ApiToken => owner.email.eq_ignore_ascii_case(name) && !token.scopes.is_empty(),
            TokenKind::AppPassword => owner.username.eq_ignore_ascii_case(name) && !are_app_passwords_gone(world.now),
            _ => false,
        };
        token.is(secret) && !token.revoked && name_fits
    };
    let found = world.tokens.iter().position(takes);
    found.map(Some).ok_or_else(|| refused(secret.starts_with("ATATT3")))
}

fn are_app_passwords_gone(now: Timestamp) -> bool {
    now.as_second() >= REMOVAL
}

/// What an endpoint takes, in both languages: all of a list.
pub(super) struct Needs {
    pub(super) oauth: &'static [&'static str],
    pub(super) api: &'static [&'static str],
}

/// Checks the scopes of the caller.
pub(super) fn scopes(token: Option<&Token>, needs: &Needs) -> Result<(), Refusal> {
    let Some(token) = token else { return Ok(()) };
    let required = if token.kind == TokenKind::ApiToken { needs.api } else { needs.oauth };
    if required.iter().all(|scope| grants(token, scope)) {
        return Ok(());
    }
    Err(Refusal::lacking(&token.scopes, required))
}

/// Whether a token grants a scope: implied ones count in the language of OAuth, and in it only.
fn grants(token: &Token, wanted: &str) -> bool {
    let implied = |scope: &str| -> &'static [&'static str] {
        match scope {
            "project" | "repository:write" | "pullrequest" => &["repository"],
            "pullrequest:write" => &["pullrequest", "repository:write", "repository"],
            "issue:write" => &["issue"],
            "snippet:write" => &["snippet"],
            _ => &[],
        }
    };
    token.scopes.iter().any(|scope| scope == wanted || implied(scope).contains(&wanted))
}

/// The user behind a token.
pub(super) fn user<'a>(world: &'a World, token: Option<&Token>) -> Result<&'a User, Refusal> {
    let Some(token) = token else { return Err(Refusal::bad_login()) };
    if token.kind.is_access_token() {
        return Err(Refusal::new(403, "This API is not accessible by this authentication mechanism."));
    }
    world.find_user(&token.owner).ok_or_else(Refusal::bad_login)
}

/// A user's permission on a repository: the highest of the repository's, the project's and the workspace's.
pub(super) fn permission(world: &World, nickname: &str, repository: &Repository) -> Option<Permission> {
    let of = |granted: &[(String, Permission)]| {
        granted.iter().filter(|(name, _)| name.eq_ignore_ascii_case(nickname)).map(|(_, level)| *level).max()
    };
    let workspace = world.find_workspace(&repository.workspace);
    let by_project = workspace
        .and_then(|workspace| workspace.projects.get(&repository.project))
        .and_then(|granted| of(granted.as_slice()));
    let owns = workspace.and_then(|workspace| workspace.role_of(nickname)) == Some(WorkspaceRole::Owner);
    [of(&repository.permissions), by_project, owns.then_some(Permission::Admin)].into_iter().flatten().max()
}

/// Whether an access token is for this repository.
pub(super) fn covers(token: &Token, repository: &Repository) -> bool {
    let same = |one: &str, other: &str| one.eq_ignore_ascii_case(other);
    match &token.kind {
        TokenKind::RepositoryAccess(name) => same(name, &repository.full_name()),
        TokenKind::ProjectAccess(workspace, key) => {
            same(workspace, &repository.workspace) && same(key, &repository.project)
        }
        TokenKind::WorkspaceAccess(workspace) => same(workspace, &repository.workspace),
        TokenKind::ApiToken | TokenKind::AppPassword | TokenKind::Oauth => false,
    }
}

/// Whether the caller sees a repository.
pub(super) fn sees(world: &World, token: Option<&Token>, repository: &Repository) -> bool {
    !repository.private
        || token.is_some_and(|token| {
            covers(token, repository)
                || (!token.kind.is_access_token() && permission(world, &token.owner, repository).is_some())
        })
}

/// Whether the caller administers a repository.
pub(super) fn administers(world: &World, token: Option<&Token>, repository: &Repository) -> bool {
    token.is_some_and(|token| {
        covers(token, repository)
            || (!token.kind.is_access_token() && permission(world, &token.owner, repository) == Some(Permission::Admin))
    })
}
