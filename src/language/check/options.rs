//! How a policy is checked.

/// How to check.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CheckOptions {
    /// `--allow-unknown-names`: scopes and permissions that are not in the tables are warnings.
    pub allow_unknown_names: bool,
}
