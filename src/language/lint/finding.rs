//! What a lint gives.

use super::fix::Fix;
use crate::diagnostic::Diagnostic;

/// One thing that is worth saying of a policy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// What is said, its first place being in a file that was named.
    pub diagnostic: Diagnostic,
    /// The change that mends it without changing what the policy means, where there is a certain one.
    pub fix: Option<Fix>,
}

impl Finding {
    pub(super) const fn new(diagnostic: Diagnostic) -> Self {
        Self { diagnostic, fix: None }
    }

    pub(super) fn fixed_by(mut self, fix: Option<Fix>) -> Self {
        self.fix = fix;
        self
    }
}
