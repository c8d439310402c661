//! Who calls, what they may do, what they are a member of.

use jiff::Timestamp;
use serde_json::{Value, json};

use super::state::{Group, Level, Member, Project, User};
use super::token::{Token, TokenKind};
use super::world::World;
use crate::simulator::Request;

/// An answer that refuses.
#[derive(Debug)]
pub(super) struct Refusal {
    pub(super) status: u16,
    pub(super) body: Value,
    pub(super) location: Option<String>,
}

impl Refusal {
    pub(super) fn new(status: u16, body: Value) -> Self {
        Self { status, body, location: None }
    }

    pub(super) fn message(status: u16, message: &str) -> Self {
        Self::new(status, json!({ "message": message }))
    }

    pub(super) fn unauthorized() -> Self {
        Self::message(401, "401 Unauthorized")
    }

    fn invalid_token(description: &str) -> Self {
        Self::new(401, json!({ "error": "invalid_token", "error_description": description }))
    }

    pub(super) fn granular(names: &str, boundary: &str) -> Self {
        let description = format!(
            "Access denied: This operation requires a fine-grained personal access token with the following {boundary} \
             permissions: [{names}]."
        );
        Self::new(403, json!({ "error": "insufficient_granular_scope", "error_description": description }))
    }
}

/// Who calls.
#[derive(Clone, Copy)]
pub(super) struct Caller<'a> {
    pub(super) token: &'a Token,
    /// Nobody stands behind a deploy token.
    pub(super) user: Option<&'a User>,
}

/// Whether a kind may come in a header.
type Takes = fn(TokenKind) -> bool;

/// The credential of a request, with whether each kind may come that way.
fn presented(request: &Request) -> Option<(&str, Takes)> {
    let bearer = request.header("authorization").and_then(|value| value.strip_prefix("Bearer "));
    let personal = |kind| matches!(kind, TokenKind::Personal | TokenKind::FineGrained);
    if let Some(text) = request.header("private-token") {
        return Some((text, personal));
    }
    if let Some(text) = request.header("job-token") {
        return Some((text, |kind| kind == TokenKind::Job));
    }
    if let Some(text) = request.header("deploy-token") {
        return Some((text, |kind| kind == TokenKind::Deploy));
    }
    bearer.map(|text| (text, (|kind| kind != TokenKind::Deploy) as Takes))
}

/// The caller; `None` for nobody.
pub(super) fn authenticate<'a>(world: &'a World, request: &Request) -> Result<Option<Caller<'a>>, Refusal> {
    let Some((text, takes)) = presented(request) else { return Ok(None) };
    let token = world.tokens.iter().find(|token| token.is(text) && takes(token.kind));
    let Some(token) = token else { return Err(Refusal::unauthorized()) };
    if token.revoked {
        return Err(Refusal::invalid_token("Token was revoked. You have to re-authorize from the user."));
    }
    if is_over(token, world.now) {
        return Err(match token.kind {
            // A job's token is gone with its job.
            TokenKind::Job => Refusal::unauthorized(),
            _ => Refusal::invalid_token("Token is expired. You can either do re-authorization or token refresh."),
        });
    }
    if token.impersonation && !world.impersonation_allowed {
        return Err(Refusal::invalid_token("Token is an impersonation token but impersonation was disabled."));
    }
    let user = world.find_user(&token.owner);
    if let Some(user) = user {
        if user.dpop && request.header("dpop").is_none() {
            let description = "DPoP validation error: DPoP header is missing";
            return Err(Refusal::new(401, json!({ "error": "dpop_error", "error_description": description })));
        }
        if user.state == "blocked" {
            return Err(Refusal::message(403, "403 Forbidden - Your account has been blocked."));
        }
        if user.internal {
            let words = "403 Forbidden - This action cannot be performed by internal users";
            return Err(Refusal::message(403, words));
        }
    }
    Ok(Some(Caller { token, user }))
}

fn is_over(token: &Token, now: Timestamp) -> bool {
    token.expires_at.is_some_and(|end| end <= now)
}

/// The accounts that the rules of a route let in: by a scope, or by a fine-grained permission. Job and deploy tokens are
/// not among them.
pub(super) fn allow<'a>(
    caller: Option<Caller<'a>>,
    scopes: &[&str],
    permission: &str,
    boundary: &str,
) -> Result<(&'a Token, &'a User), Refusal> {
    let Some(Caller { token, user: Some(user) }) = caller else { return Err(Refusal::unauthorized()) };
    match token.kind {
        TokenKind::Job | TokenKind::Deploy => Err(Refusal::unauthorized()),
        TokenKind::FineGrained if token.permissions.contains(permission) => Ok((token, user)),
        TokenKind::FineGrained => Err(Refusal::granular(permission, boundary)),
        TokenKind::Personal | TokenKind::Oauth => {
            if scopes.iter().any(|scope| token.scopes.iter().any(|have| have == scope)) {
                return Ok((token, user));
            }
            let description = "The request requires higher privileges than provided by the access token.";
            Err(Refusal::new(
                403,
                json!({
                    "error": "insufficient_scope", "error_description": description, "scope": scopes.join(" "),
                }),
            ))
        }
    }
}

/// The groups on the way to a path, the path's own included.
fn lineage<'a>(world: &'a World, path: &'a str) -> impl Iterator<Item = &'a Group> {
    let parts: Vec<usize> = path.match_indices('/').map(|(at, _)| at).chain(std::iter::once(path.len())).collect();
    parts.into_iter().filter_map(move |end| world.find_group(path.get(..end)?))
}

fn of<'a>(members: &'a [Member], user: &User) -> Option<&'a Member> {
    members.iter().find(|member| member.username.eq_ignore_ascii_case(&user.username))
}

/// The membership of a group with the highest level, inherited ones counted.
pub(super) fn in_group(world: &World, path: &str, user: &User) -> Option<Member> {
    lineage(world, path).filter_map(|group| of(&group.members, user)).max_by_key(|member| member.level).cloned()
}

/// The membership of a project with the highest level: direct, inherited, or through a group that it is shared with.
pub(super) fn in_project(world: &World, project: &Project, user: &User) -> Option<Member> {
    let direct = of(&project.members, user).cloned();
    let inherited = in_group(world, project.owner(), user);
    let shared = project.shared.iter().filter_map(|(group, most)| {
        let member = in_group(world, group, user)?;
        Some(Member { level: member.level.min(*most), ..member })
    });
    direct.into_iter().chain(inherited).chain(shared).max_by_key(|member| member.level)
}

/// The direct level, and that through the project's own group: what `permissions` shows.
pub(super) fn shown(world: &World, project: &Project, user: &User) -> (Option<Level>, Option<Level>) {
    let direct = of(&project.members, user).map(|member| member.level);
    (direct, in_group(world, project.owner(), user).map(|member| member.level))
}

/// Whether a user sees a project.
pub(super) fn sees(world: &World, project: &Project, user: &User) -> bool {
    let member = in_project(world, project, user).filter(|member| !member.awaiting);
    match project.visibility {
        "public" => true,
        "internal" if !user.external => true,
        _ => user.admin || member.is_some_and(|member| member.level >= Level::Guest),
    }
}

/// Whether a group on the way to this path takes fine-grained tokens only.
pub(super) fn demands_fine_grained(world: &World, path: &str) -> bool {
    lineage(world, path).any(|group| group.fine_grained_only)
}
