//! Names of repositories, checked before anything is made of them.

use std::fmt;

use crate::vocabulary::RepositoryNames;

/// A repository's full name, checked: `owner/name`, or more parts where a host nests groups.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct RepositoryName(String);

/// Why a text is not a repository's name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RepositoryNameError {
    /// Too few parts, or more than the host has.
    #[error("a repository is named `OWNER/NAME`")]
    Parts,
    /// A part is empty, `.` or `..`.
    #[error("no part of a repository's name may be empty, `.` or `..`")]
    DotPart,
    /// A character that no host allows in names.
    #[error("a repository's name has only letters, digits, `.`, `_`, `-` and `~`")]
    Character,
    /// Longer than any host allows.
    #[error("a repository's name has at most 512 characters")]
    TooLong,
}

impl RepositoryName {
    /// Checks a name.
    ///
    /// # Errors
    /// [`RepositoryNameError`] for what no host would allow; such a name must never become part of a URL.
    pub fn parse(text: &str) -> Result<Self, RepositoryNameError> {
        Self::with_parts(text, 2, usize::MAX)
    }

    /// Checks a name of a host that names repositories so.
    ///
    /// # Errors
    /// [`RepositoryNameError`] for what no host would allow, and for fewer or more parts than this one has.
    pub fn of(names: &RepositoryNames, text: &str) -> Result<Self, RepositoryNameError> {
        Self::with_parts(text, names.least, names.most)
    }

    fn with_parts(text: &str, least: usize, most: usize) -> Result<Self, RepositoryNameError> {
        if text.len() > 512 {
            return Err(RepositoryNameError::TooLong);
        }
        let parts: Vec<&str> = text.split('/').collect();
        if parts.len() < least || parts.len() > most {
            return Err(RepositoryNameError::Parts);
        }
        if parts.iter().any(|part| matches!(*part, "" | "." | "..")) {
            return Err(RepositoryNameError::DotPart);
        }
        let allowed = |character: char| character.is_alphanumeric() || matches!(character, '.' | '_' | '-' | '~' | ' ');
        if parts.iter().any(|part| !part.chars().all(allowed)) {
            return Err(RepositoryNameError::Character);
        }
        Ok(Self(text.to_owned()))
    }

    /// The whole name.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Everything before the last slash: the owner, group or project.
    pub fn owner(&self) -> &str {
        self.0.rsplit_once('/').map_or("", |(owner, _)| owner)
    }

    /// The part after the last slash.
    pub fn name(&self) -> &str {
        self.0.rsplit_once('/').map_or("", |(_, name)| name)
    }
}

impl AsRef<str> for RepositoryName {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for RepositoryName {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}
