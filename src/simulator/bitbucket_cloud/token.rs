//! Tokens: what kind, whose, with what grants. Only a digest of the text is kept.

use std::fmt;

use sha2::{Digest as _, Sha256};

/// What a token belongs to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum TokenKind {
    AppPassword,
    ApiToken,
    /// By the repository's full name.
    RepositoryAccess(String),
    /// By the workspace and the project's key.
    ProjectAccess(String, String),
    /// By the workspace.
    WorkspaceAccess(String),
    Oauth,
}

impl TokenKind {
    /// `X-Credential-Type`; `None` where it is not known.
    pub(super) const fn header(&self) -> Option<&'static str> {
        match self {
            Self::AppPassword => Some("apppassword"),
            Self::ApiToken => Some("api_token"),
            Self::RepositoryAccess(_) => Some("repo_access_token"),
            Self::ProjectAccess(..) => Some("project_access_token"),
            Self::WorkspaceAccess(_) => Some("workspace_access_token"),
            Self::Oauth => None,
        }
    }

    pub(super) const fn is_access_token(&self) -> bool {
        matches!(self, Self::RepositoryAccess(_) | Self::ProjectAccess(..) | Self::WorkspaceAccess(_))
    }

    /// Whether it goes as Basic.
    pub(super) const fn is_basic(&self) -> bool {
        matches!(self, Self::AppPassword | Self::ApiToken)
    }
}

/// A token of the simulated Bitbucket Cloud.
#[derive(Clone)]
pub struct Token {
    digest: [u8; 32],
    pub(super) kind: TokenKind,
    /// The user's nickname; empty for access tokens.
    pub(super) owner: String,
    /// Scopes as granted, in the order the header shows them.
    pub(super) scopes: Vec<String>,
    pub(super) revoked: bool,
    /// Whether answers name its scopes.
    pub(super) shows_scopes: bool,
    /// Whether answers name its kind.
    pub(super) shows_kind: bool,
}

impl Token {
    fn new(kind: TokenKind, text: &str) -> Self {
        Self {
            digest: Sha256::digest(text).into(),
            kind,
            owner: String::new(),
            scopes: Vec::new(),
            revoked: false,
            shows_scopes: true,
            shows_kind: true,
        }
    }

    /// A user's API token. Without scopes it is one for other Atlassian products.
    pub fn api_token(text: &str) -> Self {
        Self::new(TokenKind::ApiToken, text)
    }

    /// An app password. Refused from 28 July 2026 on.
    pub fn app_password(text: &str) -> Self {
        Self::new(TokenKind::AppPassword, text)
    }

    /// The access token of a repository, by its full name.
    pub fn repository_access(text: &str, repository: &str) -> Self {
        Self::new(TokenKind::RepositoryAccess(repository.to_owned()), text)
    }

    /// The access token of a workspace's project.
    pub fn project_access(text: &str, workspace: &str, project: &str) -> Self {
        Self::new(TokenKind::ProjectAccess(workspace.to_owned(), project.to_ascii_uppercase()), text)
    }

    /// The access token of a workspace.
    pub fn workspace_access(text: &str, workspace: &str) -> Self {
        Self::new(TokenKind::WorkspaceAccess(workspace.to_owned()), text)
    }

    /// An OAuth consumer's token for a user. Whether answers name its kind and scopes is not known, so they do not.
    pub fn oauth(text: &str) -> Self {
        Self { shows_scopes: false, ..Self::new(TokenKind::Oauth, text) }
    }

    /// Whose it is, by nickname.
    #[must_use]
    pub fn owner(mut self, nickname: &str) -> Self {
        self.owner = nickname.to_owned();
        self
    }

    /// What it is granted.
    #[must_use]
    pub fn scopes<S: Into<String>>(mut self, scopes: impl IntoIterator<Item = S>) -> Self {
        self.scopes = scopes.into_iter().map(Into::into).collect();
        self
    }

    /// Revoked, or expired: the answers are alike.
    #[must_use]
    pub fn revoked(mut self) -> Self {
        self.revoked = true;
        self
    }

    /// Answers do not name its scopes, as was seen of a workspace access token in 2023.
    #[must_use]
    pub fn without_scopes_header(mut self) -> Self {
        self.shows_scopes = false;
        self
    }

    /// Answers do not name its kind.
    #[must_use]
    pub fn without_type_header(mut self) -> Self {
        self.shows_kind = false;
        self
    }

    /// Whether it has this text.
    pub(super) fn is(&self, text: &str) -> bool {
        self.digest == <[u8; 32]>::from(Sha256::digest(text))
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Token")
            .field("kind", &self.kind)
            .field("owner", &self.owner)
            .field("scopes", &self.scopes)
            .finish_non_exhaustive()
    }
}
