//! The primary rate limit: one budget per user, installation or address, and per resource.

use crate::simulator::github::call::{Caller, Refusal};
use crate::simulator::github::token::TokenKind;
use crate::simulator::github::world::World;

/// Whose budget it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::simulator::github) struct Who {
    /// The key: a login in lower case, an installation's id, `anonymous`.
    key: String,
    /// As the error names it: `user ID 90000001`.
    named: String,
    limit: u64,
}

/// A budget at this moment.
pub(in crate::simulator::github) struct Budget {
    pub(in crate::simulator::github) limit: u64,
    pub(in crate::simulator::github) used: u64,
    /// When the window ends, in seconds since 1970.
    pub(in crate::simulator::github) reset: i64,
}

impl Budget {
    pub(in crate::simulator::github) fn remaining(&self) -> u64 {
        self.limit.saturating_sub(self.used)
    }
}

/// Whether there are rate limits at all: off on an Enterprise Server unless its administrator wants them.
pub(in crate::simulator::github) fn enabled(world: &World) -> bool {
    world.flavour.server_version().is_none()
}

/// Whose budget a token's requests count on. All tokens of a user share one.
pub(in crate::simulator::github) fn who(world: &World, token: Option<usize>) -> Who {
    let token = token.and_then(|index| world.tokens.get(index));
    let (key, named, limit) = match token {
        None => ("anonymous".to_owned(), "127.0.0.1".to_owned(), 60),
        Some(token) if token.kind == TokenKind::AppInstallation => {
            let id = token.installation.unwrap_or_default();
            (id.to_string(), format!("installation ID {id}"), installation_limit(world, id))
        }
        Some(token) => {
            let id = world.find_user(&token.owner).map_or(0, |user| user.id);
            (token.owner.to_ascii_lowercase(), format!("user ID {id}"), 5_000)
        }
    };
    let limit = world.limits.get(&key).copied().unwrap_or(limit);
    Who { key, named, limit }
}

/// The budget of a caller.
pub(in crate::simulator::github) fn of_caller(world: &World, caller: &Caller<'_>, resource: &'static str) -> Budget {
    let index = match caller {
        Caller::User { token, .. } => world.tokens.iter().position(|one| one.id == token.id),
        Caller::Installation { installation, .. } => {
            world.tokens.iter().position(|one| one.installation == Some(installation.id))
        }
        Caller::Anonymous => None,
    };
    budget(world, &who(world, index), resource)
}

/// 5,000, and 50 for each repository beyond 20, at most 12,500; a workflow's token has 1,000.
fn installation_limit(world: &World, id: u64) -> u64 {
    let Some(installation) = world.find_installation(id) else { return 5_000 };
    if installation.app == "github-actions" {
        return 1_000;
    }
    let covered = world.repositories.iter().filter(|repository| installation.covers(repository)).count();
    let extra = u64::try_from(covered.saturating_sub(20)).unwrap_or(u64::MAX);
    extra.saturating_mul(50).saturating_add(5_000).min(12_500)
}

/// Somebody's budget.
pub(in crate::simulator::github) fn budget(world: &World, who: &Who, resource: &'static str) -> Budget {
    let used = world.used.get(&(who.key.clone(), resource)).copied().unwrap_or(0);
    let reset = world.now.as_second().saturating_add(3_600);
    Budget { limit: who.limit, used: used.min(who.limit), reset }
}

/// Counts a request.
///
/// # Errors
/// 403 where nothing is left.
pub(in crate::simulator::github) fn spend(world: &mut World, who: &Who, resource: &'static str) -> Result<(), Refusal> {
    if !enabled(world) {
        return Ok(());
    }
    let used = world.used.entry((who.key.clone(), resource)).or_insert(0);
    if *used >= who.limit {
        return Err(Refusal {
            documentation: Some("https://docs.github.com/rest/overview/rate-limits-for-the-rest-api"),
            ..Refusal::new(403, format!("API rate limit exceeded for {}.", who.named))
        });
    }
    *used += 1;
    Ok(())
}
