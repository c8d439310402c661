//! Credentials as programs give them.

use std::fmt;

use crate::settings::{Declared, Given, GivenApp, GivenError, declare};
use crate::text::secret::Secret;
use crate::vocabulary::HostKind;

/// A credential to check: a name, the kind of its host, its secret, and where it goes. Its `Debug` shows no secret, and the
/// secret is wiped when it is dropped.
///
/// What it says is looked at when a run begins: a secret goes to its own host only, over https (or to this machine), and
/// only if its shape is not another vendor's.
#[derive(Clone)]
pub struct Credential(Given);

impl Credential {
    /// A token or password, for the public host of its kind.
    pub fn token(host: HostKind, name: impl Into<String>, token: &str) -> Self {
        Self(Given {
            name: name.into(),
            host,
            url: None,
            api: None,
            username: None,
            repositories: Vec::new(),
            app: None,
            secret: Secret::token(token),
        })
    }

    /// An App of a host that has them, by its private key in PEM. `issuer` is the App's id or client id.
    pub fn app(host: HostKind, name: impl Into<String>, issuer: impl Into<String>, private_key: &str) -> Self {
        let app = GivenApp { issuer: issuer.into(), installation: None };
        let Self(given) = Self::token(host, name, "");
        Self(Given { app: Some(app), secret: Secret::key(private_key), ..given })
    }

    /// The one installation of the App to look at.
    #[must_use]
    pub fn installation(mut self, number: u64) -> Self {
        if let Some(app) = &mut self.0.app {
            app.installation = Some(number);
        }
        self
    }

    /// The host's web address, where it is not the public one: `https://ghe.acme.dev`.
    #[must_use]
    pub fn at(mut self, url: impl Into<String>) -> Self {
        self.0.url = Some(url.into());
        self
    }

    /// The API's base, where it does not follow from the web address.
    #[must_use]
    pub fn api(mut self, url: impl Into<String>) -> Self {
        self.0.api = Some(url.into());
        self
    }

    /// The username that the bot is configured with; the built-in rule `username-matches` compares it with the live one.
    #[must_use]
    pub fn username(mut self, name: impl Into<String>) -> Self {
        self.0.username = Some(name.into());
        self
    }

    /// The repositories in scope, by full names or globs over them. Without any, the policy's `each` names them.
    #[must_use]
    pub fn repositories<R: Into<String>>(mut self, names: impl IntoIterator<Item = R>) -> Self {
        self.0.repositories = names.into_iter().map(Into::into).collect();
        self
    }

    pub(super) fn declare(self) -> Result<Declared, GivenError> {
        declare(self.0)
    }
}

impl fmt::Debug for Credential {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Credential")
            .field("name", &self.0.name)
            .field("host", &self.0.host)
            .finish_non_exhaustive()
    }
}
