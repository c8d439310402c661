//! The headers of GitHub's answers, each named once.

use crate::vocabulary::header::Header;

/// The scopes of the token.
pub const X_OAUTH_SCOPES: Header = Header::new("X-OAuth-Scopes");
/// The client id of the app that the token was made for.
pub const X_OAUTH_CLIENT_ID: Header = Header::new("X-OAuth-Client-Id");
/// The permissions that the request takes.
pub const X_ACCEPTED_GITHUB_PERMISSIONS: Header = Header::new("X-Accepted-GitHub-Permissions");
/// When the token expires.
pub const TOKEN_EXPIRATION: Header = Header::new("GitHub-Authentication-Token-Expiration");
/// The version of an Enterprise Server.
pub const X_GITHUB_ENTERPRISE_VERSION: Header = Header::new("X-GitHub-Enterprise-Version");
/// The request's number, which only GitHub's own answers have.
pub const X_GITHUB_REQUEST_ID: Header = Header::new("X-GitHub-Request-Id");
/// What single sign-on asks for, or hides.
pub const X_GITHUB_SSO: Header = Header::new("X-GitHub-SSO");
/// That a second factor is asked for.
pub const X_GITHUB_OTP: Header = Header::new("X-GitHub-OTP");
/// Requests a window.
pub const X_RATELIMIT_LIMIT: Header = Header::new("X-RateLimit-Limit");
/// Requests left in this window.
pub const X_RATELIMIT_REMAINING: Header = Header::new("X-RateLimit-Remaining");
/// When the window ends.
pub const X_RATELIMIT_RESET: Header = Header::new("X-RateLimit-Reset");
/// When the API version goes.
pub const SUNSET: Header = Header::new("Sunset");
