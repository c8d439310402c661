//! A credential without its secret: what plan, hosts, evaluation and reports may know of it.

use std::fmt;

use url::Url;

use super::set::RepositoryName;
use crate::text::glob;
use crate::vocabulary::{CredentialKind, HostKind, Place};

/// A credential as the operator configured it, without its secret.
#[derive(Clone, Debug)]
pub struct Credential {
    /// Its name: from the settings, or of its family (`atlantis`).
    pub name: String,
    /// The host's kind.
    pub host: HostKind,
    /// The host's web address without a trailing slash: `https://github.com`.
    pub url: String,
    /// The API's base, without a trailing slash in its path.
    pub api: Url,
    /// The username that the operator configured, `@` stripped.
    pub username: Option<String>,
    /// The kinds it may be, by the token's text or by how it was configured. Never empty; one where the text decides.
    pub kinds: Vec<&'static CredentialKind>,
    /// How the kind is known before anything is asked: `prefix ghp_ of the token`; `None` where it is not.
    pub kind_evidence: Option<Place>,
    /// The number of the token's record, where the token's text holds it (Bitbucket Server).
    pub token_id: Option<String>,
    /// The repositories in scope that the operator names. Empty: the policy's `each` names them.
    pub scope: Vec<ScopePattern>,
    /// Repositories that the globs of `scope` do not mean (`!` in an allow list).
    pub excluded: Vec<ScopePattern>,
    /// What GitHub Apps add to it.
    pub app: AppUse,
    /// Whether write probes may be sent (`--probe`).
    pub probes: bool,
}

/// What GitHub Apps add to a credential.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AppUse {
    /// For an App's key: the installation that the operator names.
    pub installation: Option<u64>,
    /// For a fine-grained token: the credential of the organisation's checker App, by name.
    pub checker: Option<String>,
    /// Whether tokens may be minted with the App's key, or the checker's (`--mint`).
    pub mints: bool,
}

impl Credential {
    /// Whether the command line narrows this credential's scope: an `each` that selects none of the rest does not apply.
    pub fn is_narrowed(&self) -> bool {
        !self.scope.is_empty() && self.scope.iter().all(|pattern| pattern.origin == ScopePattern::COMMAND_LINE)
    }
}

/// A repository that the operator names: exactly, or by a glob over full names.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct ScopePattern {
    /// The name or glob.
    pub pattern: String,
    /// Where it was said: `--repository`, `ATLANTIS_REPO_ALLOWLIST`, a settings file.
    pub origin: String,
}

impl ScopePattern {
    /// The origin of what the command line names. It replaces a credential's scope, as a filter of that credential only.
    pub const COMMAND_LINE: &str = "--repository";

    /// The allow list of Atlantis. Of a Bitbucket Server it names a project's name where everybody else has its key.
    pub const ATLANTIS: &str = "ATLANTIS_REPO_ALLOWLIST";

    /// Whether the owner in it is a project's name, on a host whose repositories are named by the project's key. Only a list
    /// of repositories has both.
    pub fn by_project_name(&self, host: HostKind) -> bool {
        host == HostKind::BitbucketServer && self.origin == Self::ATLANTIS && !self.pattern.is_empty()
    }

    /// A scope that the operator named and that holds nothing here (an allow list of another host's repositories): it is
    /// a ceiling all the same, so the policy's own names must not take its place.
    pub fn nothing(origin: impl Into<String>) -> Self {
        Self { pattern: String::new(), origin: origin.into() }
    }

    /// The one repository it names; `None` for a glob and for what no host would allow.
    pub fn exact(&self) -> Option<RepositoryName> {
        if glob::is_pattern(&self.pattern) { None } else { RepositoryName::parse(&self.pattern).ok() }
    }
}

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
