//! The headers of Gitea's answers, each named once.

use crate::vocabulary::header::Header;

/// How many a list has, all of its pages together.
pub const X_TOTAL_COUNT: Header = Header::new("X-Total-Count");
/// Requests a window. Neither product has a limit of its own: a proxy before it may.
pub const X_RATELIMIT_LIMIT: Header = Header::new("X-RateLimit-Limit");
/// Requests left in this window.
pub const X_RATELIMIT_REMAINING: Header = Header::new("X-RateLimit-Remaining");
/// When the window ends.
pub const X_RATELIMIT_RESET: Header = Header::new("X-RateLimit-Reset");
