//! Credentials of a simulated GitLab.

use std::collections::BTreeSet;
use std::fmt;

use jiff::{SignedDuration, Timestamp};

use super::state::Level;

/// What sort of credential it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum TokenKind {
    /// A personal access token, of whatever owner.
    Personal,
    /// A fine-grained one.
    FineGrained,
    /// An OAuth access token.
    Oauth,
    /// A job's.
    Job,
    /// A deploy token.
    Deploy,
}

/// A credential. Its `Debug` does not show its text.
#[derive(Clone)]
pub struct Token {
    pub(super) id: u64,
    text: String,
    pub(super) kind: TokenKind,
    pub(super) owner: String,
    pub(super) name: String,
    pub(super) scopes: Vec<String>,
    /// Of a fine-grained one: `Project: Read`.
    pub(super) permissions: BTreeSet<String>,
    pub(super) lifetime: Option<SignedDuration>,
    pub(super) expires_at: Option<Timestamp>,
    pub(super) created_at: Timestamp,
    pub(super) last_used_at: Option<Timestamp>,
    pub(super) revoked: bool,
    pub(super) impersonation: bool,
    /// The project or group that its bot belongs to, with its level.
    pub(super) bot_of: Option<(bool, String, Level)>,
}

impl Token {
    fn new(text: &str, kind: TokenKind) -> Self {
        Self {
            id: 0,
            text: text.to_owned(),
            kind,
            owner: String::new(),
            name: "token".to_owned(),
            scopes: Vec::new(),
            permissions: BTreeSet::new(),
            lifetime: None,
            expires_at: None,
            created_at: Timestamp::UNIX_EPOCH,
            last_used_at: None,
            revoked: false,
            impersonation: false,
            bot_of: None,
        }
    }

    /// A personal access token with scopes: a person's, or a service account's, by its owner.
    pub fn personal(text: &str) -> Self {
        Self::new(text, TokenKind::Personal)
    }

    /// A fine-grained personal access token.
    pub fn fine_grained(text: &str) -> Self {
        Self { scopes: vec!["granular".to_owned()], ..Self::new(text, TokenKind::FineGrained) }
    }

    /// A project access token, with its bot as a member of the project.
    pub fn project(text: &str, path: &str, level: Level) -> Self {
        Self { bot_of: Some((true, path.to_owned(), level)), ..Self::new(text, TokenKind::Personal) }
    }

    /// A group access token, with its bot as a member of the group.
    pub fn group(text: &str, path: &str, level: Level) -> Self {
        Self { bot_of: Some((false, path.to_owned(), level)), ..Self::new(text, TokenKind::Personal) }
    }

    /// An OAuth access token, good for another two hours.
    pub fn oauth(text: &str) -> Self {
        Self { lifetime: Some(SignedDuration::from_hours(2)), ..Self::new(text, TokenKind::Oauth) }
    }

    /// A running job's token; its owner is who started the job.
    pub fn job(text: &str) -> Self {
        Self::new(text, TokenKind::Job)
    }

    /// A deploy token.
    pub fn deploy(text: &str) -> Self {
        Self::new(text, TokenKind::Deploy)
    }

    /// Whose it is.
    #[must_use]
    pub fn owner(mut self, username: &str) -> Self {
        username.clone_into(&mut self.owner);
        self
    }

    /// Its name.
    #[must_use]
    pub fn named(mut self, name: &str) -> Self {
        name.clone_into(&mut self.name);
        self
    }

    /// Its scopes.
    #[must_use]
    pub fn scopes<'a>(mut self, scopes: impl IntoIterator<Item = &'a str>) -> Self {
        self.scopes = scopes.into_iter().map(str::to_owned).collect();
        self
    }

    /// The permissions of a fine-grained one, as GitLab's pages name them: `Project: Read`.
    #[must_use]
    pub fn permissions<'a>(mut self, permissions: impl IntoIterator<Item = &'a str>) -> Self {
        self.permissions = permissions.into_iter().map(str::to_owned).collect();
        self
    }

    /// It ends in so many days; negative for one that has ended. Without this it never does.
    #[must_use]
    pub fn expires_in_days(mut self, days: i64) -> Self {
        self.lifetime = Some(SignedDuration::from_hours(days.saturating_mul(24)));
        self
    }

    /// It never ends.
    #[must_use]
    pub fn never_expires(mut self) -> Self {
        self.lifetime = None;
        self
    }

    /// Somebody revoked it.
    #[must_use]
    pub fn revoked(mut self) -> Self {
        self.revoked = true;
        self
    }

    /// An administrator made it for its owner.
    #[must_use]
    pub fn impersonation(mut self) -> Self {
        self.impersonation = true;
        self
    }

    /// With what depends on the world's time.
    pub(super) fn placed(mut self, now: Timestamp, id: u64) -> Self {
        self.id = id;
        self.created_at = now.checked_sub(SignedDuration::from_hours(48)).unwrap_or(now);
        if self.kind == TokenKind::Oauth {
            self.created_at = now;
        }
        self.last_used_at = now.checked_sub(SignedDuration::from_mins(9)).ok();
        self.expires_at = self.lifetime.and_then(|lifetime| now.checked_add(lifetime).ok());
        self
    }

    pub(super) fn is(&self, text: &str) -> bool {
        self.text == text
    }

    pub(super) fn set_revoked(&mut self) {
        self.revoked = true;
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Token").field("id", &self.id).field("kind", &self.kind).finish_non_exhaustive()
    }
}
