//! HTTP access tokens: of a person, a project or a repository. Only a digest of the text is kept.

use std::fmt;

use jiff::{SignedDuration, Timestamp};
use sha2::{Digest as _, Sha256};

use super::state::Level;

/// What a token is of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Of {
    /// A person, by name.
    User(String),
    /// A project, by key.
    Project(String),
    /// A repository, by `KEY/slug`.
    Repository(String),
    /// A person, by an OAuth application; it has no record.
    Oauth(String),
}

/// An HTTP access token.
#[derive(Clone)]
pub struct Token {
    digest: [u8; 32],
    pub(super) of: Of,
    pub(super) name: String,
    pub(super) number: String,
    pub(super) project: Option<Level>,
    pub(super) repository: Level,
    ends_in: Option<i64>,
    created_ago: i64,
    pub(super) revoked: bool,
    pub(super) used: bool,
}

impl Token {
    fn new(text: &str, of: Of) -> Self {
        let digest: [u8; 32] = Sha256::digest(text).into();
        let number = number_of(text, &digest);
        Self {
            digest,
            of,
            name: "token".to_owned(),
            number,
            project: Some(Level::Read),
            repository: Level::Read,
            ends_in: None,
            created_ago: 30,
            revoked: false,
            used: true,
        }
    }

    /// A person's token.
    pub fn personal(text: &str, user: &str) -> Self {
        Self::new(text, Of::User(user.to_owned()))
    }

    /// A project's token, by the project's key.
    pub fn project(text: &str, key: &str) -> Self {
        Self::new(text, Of::Project(key.to_owned()))
    }

    /// A repository's token, by `KEY/slug`.
    pub fn repository(text: &str, full_name: &str) -> Self {
        Self { project: None, ..Self::new(text, Of::Repository(full_name.to_owned())) }
    }

    /// A person's OAuth token; it reaches whatever the person does.
    pub fn oauth(text: &str, user: &str) -> Self {
        Self { project: Some(Level::Admin), repository: Level::Admin, ..Self::new(text, Of::Oauth(user.to_owned())) }
    }

    /// The text of a token as Bitbucket before 8.x makes it: base64 of the record's number, a colon and 20 bytes.
    pub fn text(number: u64, word: &str) -> String {
        use base64::Engine as _;
        let digest = Sha256::digest(word);
        let secret = digest.iter().take(20).copied();
        let bytes: Vec<u8> = format!("{number}:").into_bytes().into_iter().chain(secret).collect();
        base64::engine::general_purpose::STANDARD.encode(bytes)
    }

    /// The name that its owner gave it.
    #[must_use]
    pub fn name(mut self, name: &str) -> Self {
        name.clone_into(&mut self.name);
        self
    }

    /// Its levels on projects and on repositories.
    #[must_use]
    pub fn levels(mut self, project: Level, repository: Level) -> Self {
        (self.project, self.repository) = (Some(project), repository.max(project));
        self
    }

    /// Its level on repositories alone; the record lists no other.
    #[must_use]
    pub fn level(mut self, repository: Level) -> Self {
        (self.project, self.repository) = (None, repository);
        self
    }

    /// When it ends, in days from now; a past day is one it has ended on.
    #[must_use]
    pub fn expires_in_days(mut self, days: i64) -> Self {
        self.ends_in = Some(days);
        self
    }

    /// It was never used before.
    #[must_use]
    pub fn unused(mut self) -> Self {
        self.used = false;
        self
    }

    pub(super) fn is(&self, text: &str) -> bool {
        self.digest == <[u8; 32]>::from(Sha256::digest(text))
    }

    pub(super) fn expires(&self, now: Timestamp) -> Option<Timestamp> {
        self.ends_in.and_then(|days| now.checked_add(SignedDuration::from_hours(days * 24)).ok())
    }

    pub(super) fn created(&self, now: Timestamp) -> Timestamp {
        now.checked_sub(SignedDuration::from_hours(self.created_ago * 24)).unwrap_or(now)
    }

    /// Its names as the record lists them.
    pub(super) fn permissions(&self) -> Vec<String> {
        let project = self.project.map(|level| format!("PROJECT_{}", level.word()));
        project.into_iter().chain([format!("REPO_{}", self.repository.word())]).collect()
    }
}

/// The number in the text; a text without one has a record of some number all the same.
fn number_of(text: &str, digest: &[u8; 32]) -> String {
    use base64::Engine as _;
    let decoded = base64::engine::general_purpose::STANDARD.decode(text.strip_prefix("BBDC-").unwrap_or(text));
    let digits: Option<String> = decoded.ok().and_then(|bytes| {
        let colon = bytes.iter().position(|byte| *byte == b':')?;
        String::from_utf8(bytes.get(..colon)?.to_vec()).ok().filter(|text| text.bytes().all(|b| b.is_ascii_digit()))
    });
    digits.unwrap_or_else(|| {
        let number = digest.iter().take(5).fold(0_u64, |number, byte| number << 8 | u64::from(*byte));
        format!("{:012}", number % 1_000_000_000_000)
    })
}

impl fmt::Debug for Token {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Token").field("of", &self.of).field("name", &self.name).finish_non_exhaustive()
    }
}
