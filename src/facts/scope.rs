//! Scope: the repositories that an operator names, each with where that was said.

use super::origin::Origin;
use super::repository::RepositoryName;
use crate::text::glob;
use crate::vocabulary::{self, HostKind, ListNames};

/// What an operator names at one place, and where that is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScopeEntry {
    /// The repositories.
    pub names: Named,
    /// Where it was said.
    pub origin: Origin,
}

/// Which repositories one entry names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Named {
    /// One, by its full name.
    Exact(RepositoryName),
    /// Those whose full names a glob matches.
    Pattern(String),
    /// None. A scope that was said and holds nothing here, such as an allow list of another host's repositories, is a
    /// ceiling all the same: the policy's own names must not take its place.
    Nothing,
}

impl ScopeEntry {
    /// Reads a full name or a glob over the names of a host. A text that cannot be a name there names nothing.
    pub fn new(host: HostKind, text: &str, origin: Origin) -> Self {
        let names = if glob::is_pattern(text) {
            Named::Pattern(text.to_owned())
        } else {
            RepositoryName::of(&vocabulary::host(host).names, text).map_or(Named::Nothing, Named::Exact)
        };
        Self { names, origin }
    }

    /// A scope that holds nothing.
    pub const fn nothing(origin: Origin) -> Self {
        Self { names: Named::Nothing, origin }
    }

    /// The name or glob as written; empty where it names nothing.
    pub fn text(&self) -> &str {
        match &self.names {
            Named::Exact(name) => name.as_str(),
            Named::Pattern(glob) => glob,
            Named::Nothing => "",
        }
    }

    /// Whether it stands for a scope that holds nothing.
    pub const fn is_nothing(&self) -> bool {
        matches!(self.names, Named::Nothing)
    }

    /// Whether the owner in it is not the one in full names: bots' allow lists of some hosts name the project by its
    /// title where full names have its key. Only a list of repositories has both.
    pub fn by_project_title(&self, host: HostKind) -> bool {
        let titles = vocabulary::host(host).names.in_allow_lists == ListNames::ProjectTitle;
        titles && matches!(self.origin, Origin::AllowList(_)) && !self.is_nothing()
    }

    /// Whether only a list of repositories tells what it names.
    pub fn needs_list(&self, host: HostKind) -> bool {
        matches!(self.names, Named::Pattern(_)) || self.by_project_title(host)
    }
}
