//! Tokens: what kind, whose, with what grants, until when. Only a digest of the text is kept.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use jiff::{SignedDuration, Timestamp};
use sha2::{Digest as _, Sha256};

use super::app::Installation;
use super::state::Access;

/// A kind of GitHub token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum TokenKind {
    /// A classic personal access token (`ghp_`, or 40 hexadecimal digits).
    Classic,
    /// An OAuth app's token (`gho_`).
    OauthApp,
    /// A fine-grained personal access token (`github_pat_`).
    FineGrained,
    /// An app's token for a user (`ghu_`).
    AppUser,
    /// An app installation's token (`ghs_`), which is also what Actions hands out.
    AppInstallation,
}

impl TokenKind {
    /// Whether scopes say what it may do.
    pub(super) fn has_scopes(self) -> bool {
        matches!(self, Self::Classic | Self::OauthApp)
    }

    /// Whether it belongs to an app: errors then say "integration".
    pub(super) fn is_integration(self) -> bool {
        matches!(self, Self::AppUser | Self::AppInstallation)
    }
}

/// Which repositories a fine-grained token or an installation covers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Selection {
    /// All of the owner's.
    All,
    /// The named ones (`owner/name`, lower case).
    Selected(BTreeSet<String>),
}

impl Selection {
    /// The named repositories.
    pub(super) fn of<S: AsRef<str>>(names: impl IntoIterator<Item = S>) -> Self {
        Self::Selected(names.into_iter().map(|name| name.as_ref().to_ascii_lowercase()).collect())
    }

    /// Whether it covers a repository of its owner.
    pub(super) fn covers(&self, full_name: &str) -> bool {
        match self {
            Self::All => true,
            Self::Selected(names) => names.contains(&full_name.to_ascii_lowercase()),
        }
    }
}

/// When a token ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Expiry {
    Never,
    At(Timestamp),
    /// Days from the world's now; negative is past.
    InDays(i64),
}

/// A token of the simulated GitHub.
#[derive(Clone)]
pub struct Token {
    digest: [u8; 32],
    pub(super) kind: TokenKind,
    /// The user's login; empty for installation tokens.
    pub(super) owner: String,
    /// Scopes as granted, in the order the header shows them.
    pub(super) scopes: Vec<String>,
    /// A fine-grained token's permissions; metadata is always there.
    pub(super) permissions: BTreeMap<String, Access>,
    pub(super) selection: Selection,
    /// A fine-grained token's one resource owner; its own user unless said.
    resource_owner: Option<String>,
    pub(super) awaits_approval: bool,
    /// Organisations with single sign-on that this token is authorised for, lower case.
    pub(super) sso: BTreeSet<String>,
    pub(super) client_id: Option<String>,
    /// The app's slug, for its users' tokens.
    pub(super) app: String,
    pub(super) installation: Option<u64>,
    /// What a minted token may do, no more than its installation.
    pub(super) narrowed: Option<Installation>,
    pub(super) revoked: bool,
    pub(super) id: u64,
    expiry: Expiry,
    /// Days before the world's now.
    created_days_ago: i64,
    /// The zone in which a fine-grained token's expiry header is written, minutes east.
    offset_minutes: i16,
    now: Timestamp,
}

impl Token {
    fn new(kind: TokenKind, text: &str) -> Self {
        Self {
            digest: digest(text),
            kind,
            owner: String::new(),
            scopes: Vec::new(),
            permissions: BTreeMap::from([("metadata".to_owned(), Access::Read)]),
            selection: Selection::All,
            resource_owner: None,
            awaits_approval: false,
            sso: BTreeSet::new(),
            client_id: None,
            app: String::new(),
            installation: None,
            narrowed: None,
            revoked: false,
            id: 0,
            expiry: Expiry::Never,
            created_days_ago: 0,
            offset_minutes: 60,
            now: Timestamp::UNIX_EPOCH,
        }
    }

    /// A classic personal access token.
    pub fn classic(text: &str) -> Self {
        Self::new(TokenKind::Classic, text)
    }

    /// An OAuth app's token; the client id travels in `X-OAuth-Client-Id`.
    pub fn oauth_app(text: &str, client_id: &str) -> Self {
        Self { client_id: Some(client_id.to_owned()), ..Self::new(TokenKind::OauthApp, text) }
    }

    /// A fine-grained personal access token. It always has `metadata = read`, and covers all repositories of its
    /// resource owner until [`Token::selected`] says otherwise.
    pub fn fine_grained(text: &str) -> Self {
        Self::new(TokenKind::FineGrained, text)
    }

    /// An app's token for a user. What it may do is its app's installations and the user's role together.
    pub fn app_user(text: &str, app: &str) -> Self {
        Self { app: app.to_owned(), ..Self::new(TokenKind::AppUser, text) }
    }

    /// An installation's token, by the installation's id.
    pub fn installation(text: &str, installation: u64) -> Self {
        Self { installation: Some(installation), ..Self::new(TokenKind::AppInstallation, text) }
    }

    /// A token minted for an installation, narrowed to this.
    pub(super) fn minted(text: &str, narrowed: Installation) -> Self {
        Self { narrowed: Some(narrowed.clone()), ..Self::installation(text, narrowed.id) }
    }

    /// The user it belongs to.
    #[must_use]
    pub fn owner(mut self, login: &str) -> Self {
        self.owner = login.to_owned();
        self
    }

    /// Its scopes, in the order that the header shows them.
    #[must_use]
    pub fn scopes<S: Into<String>>(mut self, scopes: impl IntoIterator<Item = S>) -> Self {
        self.scopes = scopes.into_iter().map(Into::into).collect();
        self
    }

    /// A fine-grained token's permissions, beside `metadata = read`.
    #[must_use]
    pub fn permissions<S: Into<String>>(mut self, permissions: impl IntoIterator<Item = (S, Access)>) -> Self {
        self.permissions.extend(permissions.into_iter().map(|(name, access)| (name.into(), access)));
        self
    }

    /// A fine-grained token's resource owner: the one user or organisation whose things it can reach.
    #[must_use]
    pub fn resource_owner(mut self, login: &str) -> Self {
        self.resource_owner = Some(login.to_owned());
        self
    }

    /// The only repositories that a fine-grained token covers, by full name.
    #[must_use]
    pub fn selected<S: AsRef<str>>(mut self, repositories: impl IntoIterator<Item = S>) -> Self {
        self.selection = Selection::of(repositories);
        self
    }

    /// A fine-grained token that its organisation has not approved yet: it reads what is public, no more.
    #[must_use]
    pub fn awaits_approval(mut self) -> Self {
        self.awaits_approval = true;
        self
    }

    /// Authorised for an organisation's single sign-on.
    #[must_use]
    pub fn sso_authorized(mut self, organization: &str) -> Self {
        self.sso.insert(organization.to_ascii_lowercase());
        self
    }

    /// It ends so many days after the world's now; a negative number means that it has ended.
    #[must_use]
    pub fn expires_in_days(mut self, days: i32) -> Self {
        self.expiry = Expiry::InDays(days.into());
        self
    }

    /// It ends at a time.
    #[must_use]
    pub fn expires_at(mut self, time: Timestamp) -> Self {
        self.expiry = Expiry::At(time);
        self
    }

    /// It was made so many days before the world's now: lifetime policies count from there.
    #[must_use]
    pub fn created_days_ago(mut self, days: u32) -> Self {
        self.created_days_ago = days.into();
        self
    }

    /// The zone of a fine-grained token's expiry header, in minutes east of Greenwich; 60 unless said.
    #[must_use]
    pub fn header_offset_minutes(mut self, minutes: i16) -> Self {
        self.offset_minutes = minutes;
        self
    }

    /// Revoked: from now on it is a bad credential.
    #[must_use]
    pub fn revoked(mut self) -> Self {
        self.revoked = true;
        self
    }

    /// Places it into a world.
    pub(super) fn placed(mut self, now: Timestamp, id: u64) -> Self {
        self.now = now;
        self.id = id;
        self
    }

    /// Whether this is its text.
    pub(super) fn is(&self, text: &str) -> bool {
        self.digest == digest(text)
    }

    /// When it ends; `None`: never.
    pub(super) fn expires(&self) -> Option<Timestamp> {
        match self.expiry {
            Expiry::Never => None,
            Expiry::At(time) => Some(time),
            Expiry::InDays(days) => Some(days_after(self.now, days)),
        }
    }

    /// Its whole lifetime in days, rounded up; `None`: it never ends.
    pub(super) fn lifetime_days(&self) -> Option<i64> {
        let created = days_after(self.now, -self.created_days_ago);
        let seconds = self.expires()?.duration_since(created).as_secs();
        Some(seconds.div_euclid(86_400) + i64::from(seconds.rem_euclid(86_400) > 0))
    }

    /// The resource owner of a fine-grained token.
    pub(super) fn resource_owner_login(&self) -> &str {
        self.resource_owner.as_deref().unwrap_or(&self.owner)
    }

    /// The expiry header's value: `… UTC`, or with an offset for fine-grained tokens (captures of both spellings).
    /// Installation tokens have none.
    pub(super) fn expiry_header(&self) -> Option<String> {
        let expires = self.expires()?;
        match self.kind {
            TokenKind::AppInstallation => None,
            TokenKind::FineGrained => {
                let offset = jiff::tz::Offset::from_seconds(i32::from(self.offset_minutes) * 60).ok()?;
                Some(offset.to_datetime(expires).strftime("%Y-%m-%d %H:%M:%S").to_string())
                    .map(|local| format!("{local} {}", offset_text(self.offset_minutes)))
            }
            _ => Some(expires.strftime("%Y-%m-%d %H:%M:%S UTC").to_string()),
        }
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Token").field("kind", &self.kind).field("owner", &self.owner).finish_non_exhaustive()
    }
}

fn digest(text: &str) -> [u8; 32] {
    Sha256::digest(text.as_bytes()).into()
}

/// `+0100`.
fn offset_text(minutes: i16) -> String {
    let sign = if minutes < 0 { '-' } else { '+' };
    let minutes = minutes.unsigned_abs();
    format!("{sign}{:02}{:02}", minutes / 60, minutes % 60)
}

/// A time so many days later, or the time itself where the calendar ends.
pub(super) fn days_after(time: Timestamp, days: i64) -> Timestamp {
    time.checked_add(SignedDuration::from_hours(days.saturating_mul(24))).unwrap_or(time)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn expiry_is_spelled_as_each_kind_does() {
        let now: Timestamp = "2026-11-23T12:00:00Z".parse().unwrap();
        let classic = Token::classic("x").expires_in_days(90).placed(now, 1);
        assert_eq!(classic.expiry_header().unwrap(), "2027-02-21 12:00:00 UTC");
        let fine = Token::fine_grained("x").expires_in_days(90).placed(now, 1);
        assert_eq!(fine.expiry_header().unwrap(), "2027-02-21 13:00:00 +0100");
        let west = Token::fine_grained("x").expires_in_days(90).header_offset_minutes(-210).placed(now, 1);
        assert_eq!(west.expiry_header().unwrap(), "2027-02-21 08:30:00 -0330");
        assert_eq!(Token::classic("x").expiry_header(), None);
        assert_eq!(Token::installation("x", 1).expires_in_days(1).placed(now, 1).expiry_header(), None);
    }

    #[test]
    fn lifetime_counts_from_creation() {
        let now: Timestamp = "2026-11-23T12:00:00Z".parse().unwrap();
        let token = Token::fine_grained("x").created_days_ago(300).expires_in_days(90).placed(now, 1);
        assert_eq!(token.lifetime_days(), Some(390));
        assert_eq!(Token::fine_grained("x").lifetime_days(), None);
    }

    #[test]
    fn debug_shows_nothing_of_the_text() {
        let text = ["ghp", &"x1".repeat(18)].join("_");
        let token = Token::classic(&text);
        assert!(!format!("{token:?}").contains("x1x1"));
        assert!(token.is(&text) && !token.is("other"));
    }
}
