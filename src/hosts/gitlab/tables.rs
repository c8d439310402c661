//! GitLab's tables.

use crate::hosts::reader;
use crate::vocabulary::{Host, HostKind};

/// What its own messages call it.
pub(super) const NAME: &str = "GitLab";

/// GitLab's tables.
pub(super) fn host() -> &'static Host {
    crate::vocabulary::host(HostKind::GitLab)
}

/// GitLab's word for a text of its API, in whatever case.
pub(super) fn word_of(path: &str, text: &str) -> Option<&'static str> {
    reader::word_of(host(), path, text)
}
