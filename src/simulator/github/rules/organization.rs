//! An organisation's policies on credentials.

use crate::simulator::github::call::{Call, Refusal};
use crate::simulator::github::state::Organization;
use crate::simulator::github::token::TokenKind;

const SSO_HELP: &str =
    "https://docs.github.com/articles/authenticating-to-a-github-organization-with-saml-single-sign-on/";

/// The policies that hold for everything of the organisation, what is public too: classic tokens banned, fine-grained
/// tokens that live too long.
///
/// # Errors
/// 403 with GitHub's words.
pub(in crate::simulator::github) fn accepts(call: &Call<'_>, organization: &Organization) -> Result<(), Refusal> {
    let Some(token) = call.caller.user_token() else { return Ok(()) };
    let login = &organization.login;
    if token.kind == TokenKind::Classic && organization.forbids_classic {
        return Err(Refusal::new(
            403,
            format!(
                "`{login}` forbids access via a personal access token (classic). Please use a GitHub App, OAuth App, \
                 or a personal access token with fine-grained permissions."
            ),
        ));
    }
    if token.kind == TokenKind::FineGrained
        && let Some(longest) = organization.longest_lifetime_days
        && token.lifetime_days().is_none_or(|days| days > i64::from(longest))
    {
        return Err(Refusal::new(
            403,
            format!(
                "The '{login}' organization forbids access via a fine-grained personal access tokens if the token's \
                 lifetime is greater than {longest} days. Please adjust your token's lifetime at the following URL: \
                 https://github.com/settings/personal-access-tokens/{}",
                token.id
            ),
        ));
    }
    Ok(())
}

/// The policies that hold for what is not public: single sign-on, OAuth app restrictions, the IP allow list.
///
/// # Errors
/// 403 with GitHub's words, and the address to authorise at for single sign-on.
pub(in crate::simulator::github) fn admits(call: &Call<'_>, organization: &Organization) -> Result<(), Refusal> {
    let login = &organization.login;
    let opening = "Although you appear to have the correct authorization credentials, the";
    if organization.ip_allow_list {
        return Err(Refusal::new(
            403,
            format!(
                "{opening} `{login}` organization has an IP allow list enabled, and your IP address is not permitted \
                 to access this resource."
            ),
        ));
    }
    let Some(token) = call.caller.user_token() else { return Ok(()) };
    if token.kind == TokenKind::OauthApp
        && let Some(approved) = &organization.approved_oauth_apps
        && !token.client_id.as_ref().is_some_and(|id| approved.contains(id))
    {
        return Err(Refusal::new(
            403,
            format!(
                "{opening} `{login}` organization has enabled OAuth App access restrictions, meaning that data access \
                 to third-parties is limited. For more information on these restrictions, including how to enable \
                 this app, visit https://docs.github.com/articles/restricting-access-to-your-organization-s-data/"
            ),
        ));
    }
    if lacks_sso(call, organization) {
        let what = if token.kind == TokenKind::OauthApp { "OAuth token" } else { "Personal Access token" };
        let message = format!(
            "Resource protected by organization SAML enforcement. You must grant your {what} access to this \
             organization."
        );
        let address = format!("https://github.com/orgs/{login}/sso?authorization_request=AAAA");
        return Err(Refusal { documentation: Some(SSO_HELP), ..Refusal::new(403, message) }
            .header("x-github-sso", format!("required; url={address}")));
    }
    Ok(())
}

/// Whether single sign-on keeps this token out. Fine-grained tokens are authorised when they are made, app tokens by
/// the app's installation.
pub(in crate::simulator::github) fn lacks_sso(call: &Call<'_>, organization: &Organization) -> bool {
    organization.sso
        && call.caller.user_token().is_some_and(|token| {
            token.kind.has_scopes() && !token.sso.contains(&organization.login.to_ascii_lowercase())
        })
}
