//! Gitea's tables.

use crate::hosts::reader;
use crate::vocabulary::{FactIndex, Host, HostKind, NameSet, NameTable, Type};

/// What its own messages call it, both products alike.
pub(super) const NAME: &str = "Gitea";

/// Gitea's tables.
pub(super) fn host() -> &'static Host {
    crate::vocabulary::host(HostKind::Gitea)
}

/// A fact's place in the tables.
pub(super) fn index(path: &str) -> Option<FactIndex> {
    host().fact(path)
}

/// Gitea's word for a text of its API, in whatever case.
pub(super) fn word_of(path: &str, text: &str) -> Option<&'static str> {
    reader::word_of(host(), path, text)
}

/// The table of scopes.
fn scope_table() -> Option<&'static NameTable> {
    match host().row(index("token.scopes")?).ty {
        Type::Names(table) => Some(table),
        _ => None,
    }
}

/// A set of scopes.
pub(super) fn scopes<S: AsRef<str>>(names: impl IntoIterator<Item = S>) -> Option<NameSet> {
    Some(NameSet::new(scope_table()?, names))
}
