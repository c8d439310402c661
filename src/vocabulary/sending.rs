//! How a credential goes into a request, and the headers by which a host shows its rate limit: columns of its rows.

use super::header::Header;

/// How a secret is sent. The secret itself is joined where requests are sent, and stands in no table and no script.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scheme {
    /// `Authorization: Bearer SECRET`.
    Bearer,
    /// `Authorization: token SECRET`.
    Token,
    /// `Authorization: Basic` of the username and the secret.
    Basic {
        /// Whether it goes so without a username, too: an empty one stands there then. Where not, a credential without
        /// one goes as its host sends credentials of open kind.
        nameless: bool,
    },
    /// A header of its own, by its name in lower case.
    Header(&'static str),
    /// `Authorization: Bearer` of a token that the secret, a private key, signs anew.
    Signed,
}

/// The headers by which a host shows its rate limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LimitHeaders {
    /// Requests a window: `x-ratelimit-limit`.
    pub limit: Header,
    /// Requests left in this window: `x-ratelimit-remaining`.
    pub remaining: Header,
    /// When the window ends, in seconds since 1970 or in seconds from now: `x-ratelimit-reset`.
    pub reset: Header,
}
