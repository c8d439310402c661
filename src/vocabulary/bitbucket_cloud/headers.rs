//! The headers of Bitbucket Cloud's answers, each named once.

use crate::vocabulary::header::Header;

/// What kind of credential the host takes it for.
pub const X_CREDENTIAL_TYPE: Header = Header::new("X-Credential-Type");
/// The scopes of the token.
pub const X_OAUTH_SCOPES: Header = Header::new("X-OAuth-Scopes");
/// Whether most of the rate limit is used up.
pub const X_RATELIMIT_NEARLIMIT: Header = Header::new("X-RateLimit-NearLimit");
/// Requests a window.
pub const X_RATELIMIT_LIMIT: Header = Header::new("X-RateLimit-Limit");
/// Requests left in this window.
pub const X_RATELIMIT_REMAINING: Header = Header::new("X-RateLimit-Remaining");
/// When the window ends.
pub const X_RATELIMIT_RESET: Header = Header::new("X-RateLimit-Reset");
