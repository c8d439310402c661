//! Evidence: where something was seen.

/// Where something was seen: a request that a reader can repeat, and the place in its answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Evidence {
    request: Option<String>,
    status: Option<u16>,
    place: String,
}

impl Evidence {
    pub(super) fn new(request: Option<String>, status: Option<u16>, place: String) -> Self {
        Self { request, status, place }
    }

    /// Method and URL; `None` where the token's own text or the settings say it.
    pub fn request(&self) -> Option<&str> {
        self.request.as_deref()
    }

    /// The status of the answer; `None` where none came.
    pub fn status(&self) -> Option<u16> {
        self.status
    }

    /// The header, field or other place of it; empty for the whole answer.
    pub fn place(&self) -> &str {
        &self.place
    }
}
