//! Apps and their installations.

use std::collections::BTreeMap;

use super::state::{Access, Repository};
use super::token::Selection;

/// A GitHub App.
#[derive(Clone, Debug)]
pub struct App {
    pub(super) id: u64,
    pub(super) slug: String,
    pub(super) client_id: String,
    /// The public key in DER, where it has a private one to sign with.
    pub(super) public_key: Option<Vec<u8>>,
    /// What it asks for.
    pub(super) permissions: BTreeMap<String, Access>,
    pub(super) events: Vec<String>,
}

impl App {
    /// An app by its slug; `github-actions` is the one behind the token of a workflow.
    pub fn new(slug: &str) -> Self {
        Self {
            id: 0,
            slug: slug.to_owned(),
            client_id: String::new(),
            public_key: None,
            permissions: BTreeMap::from([("metadata".to_owned(), Access::Read)]),
            events: Vec::new(),
        }
    }

    /// The public half of its private key, in DER.
    #[must_use]
    pub fn public_key(mut self, der: &[u8]) -> Self {
        self.public_key = Some(der.to_vec());
        self
    }

    /// What it asks for, beside `metadata = read`.
    #[must_use]
    pub fn permissions<S: Into<String>>(mut self, permissions: impl IntoIterator<Item = (S, Access)>) -> Self {
        self.permissions.extend(permissions.into_iter().map(|(name, access)| (name.into(), access)));
        self
    }

    /// The events that it subscribes to.
    #[must_use]
    pub fn events<S: Into<String>>(mut self, events: impl IntoIterator<Item = S>) -> Self {
        self.events = events.into_iter().map(Into::into).collect();
        self
    }

    /// The id of its bot user.
    pub(super) fn bot_id(&self) -> u64 {
        280_000_000 + self.id
    }
}

/// An app's installation on an account.
#[derive(Clone, Debug)]
pub struct Installation {
    pub(super) id: u64,
    pub(super) app: String,
    pub(super) account: String,
    pub(super) permissions: BTreeMap<String, Access>,
    pub(super) selection: Selection,
    pub(super) suspended: bool,
}

impl Installation {
    /// An installation, by the id that its tokens name, of an app on an account, with all of its repositories and
    /// `metadata = read`.
    pub fn new(id: u64, app: &str, account: &str) -> Self {
        Self {
            id,
            app: app.to_owned(),
            account: account.to_owned(),
            permissions: BTreeMap::from([("metadata".to_owned(), Access::Read)]),
            selection: Selection::All,
            suspended: false,
        }
    }

    /// What was granted, beside `metadata = read`.
    #[must_use]
    pub fn permissions<S: Into<String>>(mut self, permissions: impl IntoIterator<Item = (S, Access)>) -> Self {
        self.permissions.extend(permissions.into_iter().map(|(name, access)| (name.into(), access)));
        self
    }

    /// The only repositories it covers, by full name.
    #[must_use]
    pub fn selected<S: AsRef<str>>(mut self, repositories: impl IntoIterator<Item = S>) -> Self {
        self.selection = Selection::of(repositories);
        self
    }

    /// Suspended by the account's owner.
    #[must_use]
    pub fn suspended(mut self) -> Self {
        self.suspended = true;
        self
    }

    /// Whether it covers a repository.
    pub(super) fn covers(&self, repository: &Repository) -> bool {
        self.account.eq_ignore_ascii_case(&repository.owner) && self.selection.covers(&repository.full_name())
    }
}
