//! The headers of Bitbucket Server's answers, each named once.

use crate::vocabulary::header::Header;

/// The caller's name, percent-encoded: every authenticated answer has it.
pub const X_AUSERNAME: Header = Header::new("X-AUSERNAME");
/// The request's number.
pub const X_AREQUESTID: Header = Header::new("X-AREQUESTID");
/// Requests a window.
pub const X_RATELIMIT_LIMIT: Header = Header::new("X-RateLimit-Limit");
/// Requests left in this window.
pub const X_RATELIMIT_REMAINING: Header = Header::new("X-RateLimit-Remaining");
/// How long a window is.
pub const X_RATELIMIT_INTERVAL_SECONDS: Header = Header::new("X-RateLimit-Interval-Seconds");
