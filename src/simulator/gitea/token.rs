//! Credentials of a simulated Gitea or Forgejo.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

/// What sort of credential it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// A personal access token.
    Personal,
    /// One for some repositories, by `owner/name` in lower case.
    Repository(Vec<String>),
    /// An OAuth access token; its words are what the grant asked for.
    Oauth,
    /// What renews an OAuth access token: no credential for the API.
    Refresh,
    /// The token of a job, with its repository in lower case and the number of its task.
    Job(String, u64),
}

/// A credential. Its `Debug` does not show its text, which is not kept either.
#[derive(Clone)]
pub struct Token {
    digest: [u8; 32],
    pub(super) last_eight: String,
    pub(super) kind: Kind,
    pub(super) owner: String,
    pub(super) name: String,
    pub(super) words: Vec<String>,
    pub(super) id: u64,
    pub(super) created: Option<Timestamp>,
    pub(super) used: Option<Timestamp>,
    pub(super) ends_in: Option<SignedDuration>,
    pub(super) revoked: bool,
}

impl Token {
    fn new(text: &str, kind: Kind, owner: &str) -> Self {
        let last: Vec<char> = text.chars().rev().take(8).collect();
        Self {
            digest: Self::digest(text),
            last_eight: last.into_iter().rev().collect(),
            kind,
            owner: owner.to_owned(),
            name: "token".to_owned(),
            words: Vec::new(),
            id: 0,
            created: None,
            used: None,
            ends_in: None,
            revoked: false,
        }
    }

    /// A personal access token of an account.
    pub fn personal(text: &str, owner: &str) -> Self {
        Self::new(text, Kind::Personal, owner)
    }

    /// A token for some repositories, by `owner/name`; of Forgejo 15 and later.
    pub fn repository(text: &str, owner: &str, repositories: &[&str]) -> Self {
        let repositories = repositories.iter().map(|name| name.to_lowercase()).collect();
        Self::new(text, Kind::Repository(repositories), owner)
    }

    /// An OAuth access token; its scopes are the words that the grant asked for.
    pub fn oauth(text: &str, owner: &str) -> Self {
        Self::new(text, Kind::Oauth, owner)
    }

    /// An OAuth refresh token.
    pub fn refresh(text: &str, owner: &str) -> Self {
        Self::new(text, Kind::Refresh, owner)
    }

    /// The token of a job of a repository.
    pub fn job(text: &str, repository: &str) -> Self {
        Self::new(text, Kind::Job(repository.to_lowercase(), 4711), "")
    }

    /// The number of the job's task.
    #[must_use]
    pub fn task(mut self, number: u64) -> Self {
        if let Kind::Job(_, task) = &mut self.kind {
            *task = number;
        }
        self
    }

    /// The text of a personal or job token: forty hexadecimal digits that follow from a word.
    pub fn text(word: &str) -> String {
        use std::fmt::Write as _;
        let mut text = String::new();
        for byte in Sha256::digest(word).iter().take(20) {
            // Writing to a text does not fail.
            let _ = write!(text, "{byte:02x}");
        }
        text
    }

    /// The text of an OAuth token: a JWT with these claims, and no signature that anything made.
    pub fn jwt(claims: &Value) -> String {
        let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
        let header = json!({"alg": "RS256", "typ": "JWT"});
        format!("{}.{}.{}", part(&header), part(claims), URL_SAFE_NO_PAD.encode("not a signature"))
    }

    /// The name that its owner gave it.
    #[must_use]
    pub fn named(mut self, name: &str) -> Self {
        name.clone_into(&mut self.name);
        self
    }

    /// Its scopes.
    #[must_use]
    pub fn scopes<S: AsRef<str>>(mut self, words: impl IntoIterator<Item = S>) -> Self {
        self.words = words.into_iter().map(|word| word.as_ref().to_owned()).collect();
        self
    }

    /// Its number, where the next free one will not do.
    #[must_use]
    pub fn id(mut self, id: u64) -> Self {
        self.id = id;
        self
    }

    /// When it was made; a month ago where nothing is said.
    #[must_use]
    pub fn created_at(mut self, time: Timestamp) -> Self {
        self.created = Some(time);
        self
    }

    /// When it was last used; when it was made where nothing is said.
    #[must_use]
    pub fn last_used_at(mut self, time: Timestamp) -> Self {
        self.used = Some(time);
        self
    }

    /// When the server takes it for expired: OAuth tokens alone end.
    #[must_use]
    pub fn expires_in(mut self, time: SignedDuration) -> Self {
        self.ends_in = Some(time);
        self
    }

    /// What is kept of a text, to know it again.
    pub(super) fn digest(text: &str) -> [u8; 32] {
        Sha256::digest(text).into()
    }

    /// Whether its text is the one that this was made of.
    pub(super) fn is(&self, digest: &[u8; 32]) -> bool {
        self.digest == *digest
    }

    /// Whether a server lists it among its owner's tokens.
    pub(super) fn is_listed(&self) -> bool {
        matches!(self.kind, Kind::Personal | Kind::Repository(_)) && !self.revoked
    }

    pub(super) fn created(&self, now: Timestamp) -> Timestamp {
        let month = SignedDuration::from_hours(30 * 24);
        self.created.unwrap_or_else(|| now.checked_sub(month).unwrap_or(now))
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Token").field("owner", &self.owner).field("name", &self.name).finish_non_exhaustive()
    }
}
