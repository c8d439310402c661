//! Evidence: which request, and which header or field of its answer, says so. A reader can repeat it with curl.

use std::fmt;
use std::sync::Arc;

use crate::vocabulary::Place;

/// A request as evidence names it: method and whole URL, without any secret.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct RequestLabel {
    /// The HTTP method.
    pub method: &'static str,
    /// The URL.
    pub url: String,
}

impl fmt::Display for RequestLabel {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.method)?;
        formatter.write_str(" ")?;
        formatter.write_str(&self.url)
    }
}

/// Where a fact was read, or where its absence shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Evidence {
    /// The request; `None` where the token's own text says it.
    pub request: Option<Arc<RequestLabel>>,
    /// The HTTP status of the answer; `None` where none came.
    pub status: Option<u16>,
    /// Where in the answer, the token's text or the settings.
    pub source: Place,
}

impl Evidence {
    /// Evidence from an answer.
    pub fn answer(request: &Arc<RequestLabel>, status: Option<u16>, source: impl Into<Place>) -> Self {
        Self { request: Some(Arc::clone(request)), status, source: source.into() }
    }

    /// Evidence from the credential's own text, or from how it was configured.
    pub fn own(source: impl Into<Place>) -> Self {
        Self { request: None, status: None, source: source.into() }
    }
}
