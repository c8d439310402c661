//! A repository's default branch, and what bears on it.

/// A default branch.
#[derive(Clone, Debug)]
pub struct DefaultBranch {
    pub(super) name: String,
    pub(super) empty: bool,
    pub(super) protected: bool,
    pub(super) rules: Vec<String>,
}

impl DefaultBranch {
    /// A branch without protection or rules.
    pub fn new(name: &str) -> Self {
        Self { name: name.to_owned(), empty: false, protected: false, rules: Vec::new() }
    }

    /// Nothing was pushed yet: the name is chosen, and there is no such branch.
    #[must_use]
    pub fn empty(mut self) -> Self {
        self.empty = true;
        self
    }

    /// Under a branch protection.
    #[must_use]
    pub fn protected(mut self) -> Self {
        self.protected = true;
        self
    }

    /// Under a ruleset's active rule, by its type (`pull_request`).
    #[must_use]
    pub fn rule(mut self, kind: &str) -> Self {
        self.rules.push(kind.to_owned());
        self
    }
}

impl From<&str> for DefaultBranch {
    fn from(name: &str) -> Self {
        Self::new(name)
    }
}
