//! Bitbucket Server's tables.

use crate::vocabulary::{Host, HostKind};

/// Bitbucket Server's tables.
pub(super) fn host() -> &'static Host {
    crate::vocabulary::host(HostKind::BitbucketServer)
}
