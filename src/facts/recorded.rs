//! Scope, and why nothing was sent, as they stand in a record.

use serde::{Deserialize, Serialize};

use super::incident::Withheld;
use super::origin::Origin;
use super::scope::ScopeEntry;
use crate::vocabulary::HostKind;

/// Why nothing was sent with a credential.
#[derive(PartialEq, Serialize, Deserialize)]
pub(super) struct WithheldEntry {
    kind: WithheldKind,
    reason: String,
    help: String,
}

#[derive(Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum WithheldKind {
    NoSecret,
    WrongHost,
}

impl From<&Withheld> for WithheldEntry {
    fn from(withheld: &Withheld) -> Self {
        let (kind, reason, help) = match withheld {
            Withheld::Missing { reason, help } => (WithheldKind::NoSecret, reason, help),
            Withheld::WrongHost { reason, help } => (WithheldKind::WrongHost, reason, help),
        };
        Self { kind, reason: reason.clone(), help: help.clone() }
    }
}

impl From<WithheldEntry> for Withheld {
    fn from(entry: WithheldEntry) -> Self {
        let WithheldEntry { kind, reason, help } = entry;
        match kind {
            WithheldKind::NoSecret => Self::Missing { reason, help },
            WithheldKind::WrongHost => Self::WrongHost { reason, help },
        }
    }
}

/// A name or glob in scope: its text, and where it was said as a word and as people read it.
#[derive(PartialEq, Serialize, Deserialize)]
pub(super) struct NamedEntry {
    pattern: String,
    origin: String,
    /// Absent in records of builds before it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    said_by: Option<SaidBy>,
}

#[derive(Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum SaidBy {
    Option,
    AllowList,
    Variable,
    File,
    Other,
}

/// The allow list that builds without a word for the origin knew, by its text.
const OLD_ALLOW_LIST: &str = "ATLANTIS_REPO_ALLOWLIST";

impl From<&ScopeEntry> for NamedEntry {
    fn from(entry: &ScopeEntry) -> Self {
        let said_by = match &entry.origin {
            Origin::Option(_) => SaidBy::Option,
            Origin::AllowList(_) => SaidBy::AllowList,
            Origin::Variable(_) => SaidBy::Variable,
            Origin::File { .. } => SaidBy::File,
            Origin::Default | Origin::Other(_) => SaidBy::Other,
        };
        Self { pattern: entry.text().to_owned(), origin: entry.origin.to_string(), said_by: Some(said_by) }
    }
}

impl NamedEntry {
    /// The entry of a credential of a host.
    pub(super) fn into_scope(self, host: HostKind) -> ScopeEntry {
        let Self { pattern, origin, said_by } = self;
        let said_by = said_by.unwrap_or_else(|| match origin.as_str() {
            OLD_ALLOW_LIST => SaidBy::AllowList,
            text if Origin::REPOSITORY_OPTION.to_string() == text => SaidBy::Option,
            _ => SaidBy::Other,
        });
        let origin = match said_by {
            SaidBy::Option => Origin::REPOSITORY_OPTION,
            SaidBy::AllowList => Origin::AllowList(origin),
            SaidBy::Variable => Origin::Variable(origin),
            SaidBy::File => Origin::File { file: origin, span: None },
            SaidBy::Other => Origin::Other(origin),
        };
        ScopeEntry::new(host, &pattern, origin)
    }
}
