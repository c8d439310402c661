//! What a caller can see. Hidden and missing look the same: 404.

use super::{organization, role};
use crate::simulator::github::call::{Call, Caller, Refusal};
use crate::simulator::github::state::{Level, Repository};
use crate::simulator::github::token::TokenKind;

/// Whether the caller can see a repository.
///
/// # Errors
/// 404 where it is hidden; 403 where the organisation refuses this credential and says so.
pub(in crate::simulator::github) fn see(call: &Call<'_>, repository: &Repository) -> Result<(), Refusal> {
    let affiliated = match call.caller {
        Caller::User { user, .. } => role::affiliated(call.world, &user.login, repository).level > Level::None,
        Caller::Installation { .. } => covers(call, repository),
        Caller::Anonymous => false,
    };
    let owner = call.world.find_organization(&repository.owner);
    if let Some(owner) = owner.filter(|_| affiliated || repository.is_public()) {
        organization::accepts(call, owner)?;
    }
    if repository.is_public() {
        return Ok(());
    }
    if !affiliated || !covers(call, repository) {
        return Err(Refusal::not_found());
    }
    owner.map_or(Ok(()), |owner| organization::admits(call, owner))
}

/// Whether the credential itself, whatever its user's role, reaches a repository beyond what everyone may read.
pub(in crate::simulator::github) fn covers(call: &Call<'_>, repository: &Repository) -> bool {
    match call.caller {
        Caller::Anonymous => false,
        Caller::Installation { installation, .. } => installation.covers(repository),
        Caller::User { token, user } => match token.kind {
            TokenKind::Classic | TokenKind::OauthApp => {
                let wanted = if repository.is_public() { "public_repo" } else { "repo" };
                call.caller.has_any_scope(&[wanted])
            }
            TokenKind::FineGrained => {
                // It cannot be used where its user is only an outside or repository collaborator.
                let at_home = repository.owner.eq_ignore_ascii_case(&user.login)
                    || call
                        .world
                        .find_organization(&repository.owner)
                        .and_then(|organization| organization.membership(&user.login))
                        .is_some_and(|member| member.active);
                at_home
                    && !token.awaits_approval
                    && token.resource_owner_login().eq_ignore_ascii_case(&repository.owner)
                    && token.selection.covers(&repository.full_name())
            }
            TokenKind::AppUser => call.world.installations.iter().any(|installation| {
                installation.app == token.app && !installation.suspended && installation.covers(repository)
            }),
            TokenKind::AppInstallation => false,
        },
    }
}
