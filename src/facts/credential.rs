//! A credential without its secret: what plan, hosts, evaluation and reports may know of it.

use url::Url;

use super::origin::Origin;
use super::scope::ScopeEntry;
use crate::vocabulary::{CredentialKind, HostKind, Place, Times};

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
    /// What the token's record is found by, where the token's text holds it: a number, the last digits. Never the token.
    pub token_id: Option<String>,
    /// When the token was made and ends, as its text says: that counts once the host has accepted it.
    pub times: Times,
    /// The repositories in scope that the operator names. Empty: the policy's `each` names them.
    pub scope: Vec<ScopeEntry>,
    /// Repositories that the globs of `scope` do not mean (`!` in an allow list).
    pub excluded: Vec<ScopeEntry>,
    /// What Apps add to it.
    pub app: AppUse,
    /// Whether write probes may be sent (`--probe`).
    pub probes: bool,
}

/// What Apps add to a credential.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AppUse {
    /// For an App's key: the installation that the operator names.
    pub installation: Option<u64>,
    /// For a token that cannot list its permissions: the credential of the organisation's checker App, by name.
    pub checker: Option<String>,
    /// Whether tokens may be minted with the App's key, or the checker's (`--mint`).
    pub mints: bool,
}

impl Credential {
    /// Whether the command line narrows this credential's scope: an `each` that selects none of the rest does not apply.
    pub fn is_narrowed(&self) -> bool {
        !self.scope.is_empty() && self.scope.iter().all(|entry| matches!(entry.origin, Origin::Option(_)))
    }
}

/// A repository, or a pattern of them, that the operator names for a credential and that no statement read.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct NotRead {
    /// The host kind.
    pub host: HostKind,
    /// The credential.
    pub credential: String,
    /// The name or pattern, as the operator wrote it.
    pub repository: String,
}

/// A host block or credential that nothing was checked for.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct NotChecked {
    /// The word for the host kind: one of the vocabulary, or what another tool calls a host that is not in it.
    pub host: String,
    /// The credential, where there is one.
    pub credential: Option<String>,
    /// Why, without a full stop: "no credential".
    pub reason: String,
}
