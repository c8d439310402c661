//! A credential of the demo.

use std::fmt;

use crate::vocabulary::HostKind;

/// A credential of the demo.
#[derive(Clone)]
pub struct DemoCredential {
    /// The kind of its host.
    pub host: HostKind,
    /// Its name, as settings would give it.
    pub name: &'static str,
    /// The token's text: shaped like a real one, plainly not one.
    pub token: String,
    /// The username that an operator would have configured.
    pub username: &'static str,
    /// The repositories in scope.
    pub repositories: Vec<&'static str>,
    /// What is the matter with it, in a few words.
    pub about: &'static str,
}

impl fmt::Debug for DemoCredential {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("DemoCredential").field("name", &self.name).finish_non_exhaustive()
    }
}

/// A text with a token's beginning and length that no scanner and no reader takes for a real one; put together here so
/// that it stands nowhere whole.
pub(super) fn fake(beginning: &str, word: &str, length: usize) -> String {
    format!("{beginning}{word:0<length$}")
}
