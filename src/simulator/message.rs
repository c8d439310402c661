//! Requests and answers as a simulated host sees them: host-neutral, and without any HTTP library's types.

use std::time::Duration;

use percent_encoding::percent_decode_str;

/// What a simulated host does: it answers. State and its lock are the handler's own.
pub trait Handler: Send + Sync + 'static {
    /// The answer to a request. Called from several connections at once.
    fn answer(&self, request: &Request) -> Answer;

    /// Whether the request asks for a change. By default everything but `GET`, `HEAD` and `OPTIONS`; hosts with
    /// queries that travel by `POST` look inside.
    fn is_write(&self, request: &Request) -> bool {
        !matches!(request.method.as_str(), "GET" | "HEAD" | "OPTIONS")
    }
}

/// A request. It has no `Debug`: its headers hold the credential.
pub struct Request {
    /// The method, upper case.
    pub method: String,
    /// The path as sent, still percent-encoded.
    pub path: String,
    /// The query's parameters, decoded, in order.
    pub query: Vec<(String, String)>,
    /// The headers, names in lower case, in order.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: Vec<u8>,
    /// Scheme and authority that the client used: `http://127.0.0.1:40123`, without a trailing slash.
    pub origin: String,
}

impl Request {
    /// A header's first value by its name in lower case.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(header, _)| header == name).map(|(_, value)| value.as_str())
    }

    /// A query parameter's first value.
    pub fn parameter(&self, name: &str) -> Option<&str> {
        self.query.iter().find(|(parameter, _)| parameter == name).map(|(_, value)| value.as_str())
    }

    /// Whether it carries a credential, valid or not.
    pub fn has_credential(&self) -> bool {
        ["authorization", "private-token", "job-token", "deploy-token"].iter().any(|name| self.header(name).is_some())
    }
}

/// The segments of a path, decoded one by one, so that an encoded slash stays inside its segment. A trailing slash
/// leaves an empty last segment.
pub(super) fn segments(path: &str) -> Vec<String> {
    let path = path.strip_prefix('/').unwrap_or(path);
    if path.is_empty() {
        return Vec::new();
    }
    path.split('/').map(|segment| percent_decode_str(segment).decode_utf8_lossy().into_owned()).collect()
}

/// An answer.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Answer {
    /// The status.
    pub status: u16,
    /// The headers, in order; a name may repeat. `Content-Length` is the server's.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: Vec<u8>,
    /// How long to wait before answering.
    pub delay: Duration,
    /// Whether the connection breaks in the middle of the body.
    pub breaks: bool,
}

impl Answer {
    /// An answer without headers.
    pub fn new(status: u16, body: impl Into<Vec<u8>>) -> Self {
        Self { status, body: body.into(), ..Self::default() }
    }

    /// Adds a header.
    #[must_use]
    pub fn header(mut self, name: &str, value: impl Into<String>) -> Self {
        self.headers.push((name.to_owned(), value.into()));
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn segments_are_decoded_one_by_one() {
        assert_eq!(segments("/"), Vec::<String>::new());
        assert_eq!(segments("/repos/acme/a%2Fb"), ["repos", "acme", "a/b"]);
        assert_eq!(segments("/user/"), ["user", ""]);
    }
}
