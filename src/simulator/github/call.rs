//! One request on its way through the rules: who calls, what was asked, what comes of it.

use serde_json::Value;

use super::app::{App, Installation};
use super::rules::scopes;
use super::state::{Access, User};
use super::token::{Token, TokenKind};
use super::world::World;
use crate::simulator::Request;

/// A request with what is known of its caller.
pub(super) struct Call<'a> {
    pub(super) world: &'a World,
    pub(super) request: &'a Request,
    pub(super) caller: Caller<'a>,
    /// The API's base in addresses, without a trailing slash.
    pub(super) base: String,
}

/// Who calls.
#[derive(Clone, Copy)]
pub(super) enum Caller<'a> {
    /// Nobody.
    Anonymous,
    /// A user, by one of their tokens.
    User { token: &'a Token, user: &'a User },
    /// An app's installation.
    Installation { installation: &'a Installation, app: &'a App },
}

impl<'a> Caller<'a> {
    /// The caller behind the token at an index.
    pub(super) fn of(world: &'a World, index: Option<usize>) -> Result<Self, Refusal> {
        let Some(token) = index.and_then(|index| world.tokens.get(index)) else { return Ok(Self::Anonymous) };
        if token.kind != TokenKind::AppInstallation {
            let user = world.find_user(&token.owner).ok_or_else(Refusal::bad_credentials)?;
            return Ok(Self::User { token, user });
        }
        let installation = token.installation.and_then(|id| world.find_installation(id));
        let app = installation.and_then(|installation| world.find_app(&installation.app));
        match (installation, app) {
            (Some(installation), _) if installation.suspended => {
                Err(Refusal::new(403, "This installation has been suspended"))
            }
            (Some(installation), Some(app)) => {
                Ok(Self::Installation { installation: token.narrowed.as_ref().unwrap_or(installation), app })
            }
            // The app was uninstalled: its tokens end with it.
            _ => Err(Refusal::bad_credentials()),
        }
    }

    pub(super) fn user(&self) -> Option<&'a User> {
        match self {
            Self::User { user, .. } => Some(user),
            Self::Anonymous | Self::Installation { .. } => None,
        }
    }

    /// The user's token; `None` for nobody and for installations.
    pub(super) fn user_token(&self) -> Option<&'a Token> {
        match self {
            Self::User { token, .. } => Some(token),
            Self::Anonymous | Self::Installation { .. } => None,
        }
    }

    /// Whether scopes decide, and one of these is granted, implied scopes counted.
    pub(super) fn has_any_scope(&self, wanted: &[&str]) -> bool {
        self.user_token()
            .is_some_and(|token| token.kind.has_scopes() && wanted.iter().any(|one| scopes::grant(&token.scopes, one)))
    }
}

/// What an endpoint asks for, as its headers and errors tell it.
pub(super) struct Route {
    /// `X-Accepted-OAuth-Scopes`; `None` where the header is left out.
    pub(super) accepted_scopes: Option<&'static str>,
    /// `X-Accepted-GitHub-Permissions`.
    pub(super) accepted_permissions: Option<&'static str>,
    /// `documentation_url` of its errors.
    pub(super) documentation: &'static str,
    /// `X-GitHub-Media-Type`.
    pub(super) media_type: &'static str,
}

impl Route {
    /// No endpoint at all.
    pub(super) const NONE: Self = Self {
        accepted_scopes: None,
        accepted_permissions: None,
        documentation: "https://docs.github.com/rest",
        media_type: "github.v3; format=json",
    };

    /// The GraphQL endpoint: always `repo`, whatever is asked (47 captures), and never accepted permissions.
    pub(super) const GRAPHQL: Self = Self {
        accepted_scopes: Some("repo"),
        accepted_permissions: None,
        documentation: "https://docs.github.com/graphql",
        media_type: "github.v4; format=json",
    };

    /// A REST endpoint.
    pub(super) const fn rest(
        accepted_scopes: &'static str,
        accepted_permissions: Option<&'static str>,
        documentation: &'static str,
    ) -> Self {
        Self { accepted_scopes: Some(accepted_scopes), accepted_permissions, documentation, ..Self::NONE }
    }
}

/// What comes of a call.
pub(super) type Outcome = Result<Reply, Refusal>;

/// An answer that is no error.
pub(super) struct Reply {
    pub(super) status: u16,
    pub(super) headers: Vec<(&'static str, String)>,
    pub(super) body: Value,
}

impl Reply {
    pub(super) fn ok(body: Value) -> Self {
        Self { status: 200, headers: Vec::new(), body }
    }

    pub(super) fn header(mut self, name: &'static str, value: Option<String>) -> Self {
        self.headers.extend(value.map(|value| (name, value)));
        self
    }
}

/// An error.
#[derive(Debug)]
pub(super) struct Refusal {
    pub(super) status: u16,
    pub(super) message: String,
    pub(super) headers: Vec<(&'static str, String)>,
    /// Where it is not the route's own page.
    pub(super) documentation: Option<&'static str>,
}

impl Refusal {
    pub(super) fn new(status: u16, message: impl Into<String>) -> Self {
        Self { status, message: message.into(), headers: Vec::new(), documentation: None }
    }

    /// Missing, or hidden: nobody can tell.
    pub(super) fn not_found() -> Self {
        Self::new(404, "Not Found")
    }

    pub(super) fn bad_credentials() -> Self {
        Self { documentation: Some("https://docs.github.com/rest"), ..Self::new(401, "Bad credentials") }
    }

    pub(super) fn header(mut self, name: &'static str, value: String) -> Self {
        self.headers.push((name, value));
        self
    }
}

impl Call<'_> {
    /// The refusal of a fine-grained or app token without the permission, or with too low a role: the real answer does
    /// not tell the two apart.
    pub(super) fn not_accessible(&self) -> Refusal {
        let integration = match self.caller {
            Caller::Installation { .. } => true,
            Caller::User { token, .. } => token.kind.is_integration(),
            Caller::Anonymous => false,
        };
        let by = if integration { "integration" } else { "personal access token" };
        Refusal::new(403, format!("Resource not accessible by {by}"))
    }

    /// The items of the page that was asked for, and the `Link` header. `path` is below the API's base; GitHub's own
    /// links name a repository by its id there.
    pub(super) fn page<T>(&self, items: Vec<T>, path: &str) -> (Vec<T>, Option<String>) {
        let number = |name: &str| self.request.parameter(name).and_then(|text| text.parse::<usize>().ok());
        let size = number("per_page").filter(|size| *size > 0).unwrap_or(30).min(100);
        let page = number("page").unwrap_or(1).max(1);
        let last = items.len().div_ceil(size).max(1);
        let address = |page: usize| {
            let mut query = url::form_urlencoded::Serializer::new(String::new());
            for (name, value) in &self.request.query {
                if name != "page" {
                    query.append_pair(name, value);
                }
            }
            query.append_pair("page", &page.to_string());
            format!("<{}{path}?{}>", self.base, query.finish())
        };
        let mut links = Vec::new();
        if page > 1 {
            links.push(format!("{}; rel=\"prev\"", address((page - 1).min(last))));
        }
        if page < last {
            links.push(format!("{}; rel=\"next\"", address(page + 1)));
            links.push(format!("{}; rel=\"last\"", address(last)));
        }
        if page > 1 {
            links.push(format!("{}; rel=\"first\"", address(1)));
        }
        let items = items.into_iter().skip((page - 1).saturating_mul(size)).take(size).collect();
        (items, (!links.is_empty()).then(|| links.join(", ")))
    }

    /// Whether a permission is granted to this caller for an account or repository's owner: by the fine-grained token,
    /// the installation, or an installation of the app behind the user's token.
    pub(super) fn has_permission(&self, account: &str, name: &str, wanted: Access) -> bool {
        let enough = |granted: Option<&Access>| granted.is_some_and(|access| *access >= wanted);
        match self.caller {
            Caller::Anonymous => false,
            Caller::Installation { installation, .. } => {
                installation.account.eq_ignore_ascii_case(account) && enough(installation.permissions.get(name))
            }
            Caller::User { token, .. } => match token.kind {
                TokenKind::FineGrained => {
                    token.resource_owner_login().eq_ignore_ascii_case(account)
                        && !token.awaits_approval
                        && enough(token.permissions.get(name))
                }
                TokenKind::AppUser => self.world.installations.iter().any(|installation| {
                    installation.app == token.app
                        && !installation.suspended
                        && installation.account.eq_ignore_ascii_case(account)
                        && enough(installation.permissions.get(name))
                }),
                TokenKind::Classic | TokenKind::OauthApp | TokenKind::AppInstallation => false,
            },
        }
    }
}
