//! The headers that mean the same on every host.

use super::header::Header;

/// What the body is.
pub const CONTENT_TYPE: Header = Header::new("Content-Type");
/// The host's clock.
pub const DATE: Header = Header::new("Date");
/// Where the next page of a list is.
pub const LINK: Header = Header::new("Link");
/// Where a redirect leads.
pub const LOCATION: Header = Header::new("Location");
/// When to ask again.
pub const RETRY_AFTER: Header = Header::new("Retry-After");
/// How the host wants to be authenticated to.
pub const WWW_AUTHENTICATE: Header = Header::new("WWW-Authenticate");

/// All of them: a record keeps them of every answer.
pub const STANDARD: [Header; 6] = [CONTENT_TYPE, DATE, LINK, LOCATION, RETRY_AFTER, WWW_AUTHENTICATE];
