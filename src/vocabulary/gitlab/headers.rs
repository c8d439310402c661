//! The headers of GitLab's answers, each named once.

use crate::vocabulary::header::Header;

/// Requests a window.
pub const RATELIMIT_LIMIT: Header = Header::new("RateLimit-Limit");
/// Requests left in this window.
pub const RATELIMIT_REMAINING: Header = Header::new("RateLimit-Remaining");
/// When the window ends.
pub const RATELIMIT_RESET: Header = Header::new("RateLimit-Reset");
/// The number of a list's next page; empty on the last.
pub const X_NEXT_PAGE: Header = Header::new("X-Next-Page");
/// The number of the items on all of a list's pages; left out where they are many.
pub const X_TOTAL: Header = Header::new("X-Total");
/// The number of a list's pages; left out where they are many.
pub const X_TOTAL_PAGES: Header = Header::new("X-Total-Pages");
/// The number of this page of a list.
pub const X_PAGE: Header = Header::new("X-Page");
/// The request's number.
pub const X_REQUEST_ID: Header = Header::new("X-Request-Id");
