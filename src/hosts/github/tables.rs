//! GitHub's tables.

use crate::hosts::reader;
use crate::vocabulary::github::API;
use crate::vocabulary::{Host, HostKind, Type};

/// What its own messages call it.
pub(super) const NAME: &str = "GitHub";

/// GitHub's tables.
pub(super) fn host() -> &'static Host {
    crate::vocabulary::host(HostKind::GitHub)
}

/// The table's name of a permission, where GitHub's API spells it otherwise.
pub(super) fn permission_name(text: &str) -> &str {
    let table = match host().fact("token.permissions").map(|at| host().row(at).ty) {
        Some(Type::Permissions(table)) => table,
        _ => return text,
    };
    table.aliases.iter().find(|alias| alias.seen_in == API && alias.spelling == text).map_or(text, |alias| alias.name)
}

/// GitHub's word for a text of its API, in whatever case.
pub(super) fn word_of(path: &str, text: &str) -> Option<&'static str> {
    reader::word_of(host(), path, text)
}
