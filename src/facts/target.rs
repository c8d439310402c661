//! What a request is about.

use std::fmt;

use super::repository::RepositoryName;

/// What a request is about.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Target {
    /// The credential itself.
    Credential,
    /// A repository.
    Repository(RepositoryName),
    /// An organisation, group or workspace.
    Organization(String),
}

impl Target {
    /// The account: the organisation, or a repository's owner.
    pub fn owner(&self) -> Option<&str> {
        match self {
            Self::Credential => None,
            Self::Repository(name) => Some(name.owner()),
            Self::Organization(name) => Some(name),
        }
    }
}

impl fmt::Display for Target {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Credential => formatter.write_str("the credential"),
            Self::Repository(name) => write!(formatter, "{name}"),
            Self::Organization(name) => formatter.write_str(name),
        }
    }
}
