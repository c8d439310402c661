//! Bitbucket Cloud's tables.

use crate::vocabulary::{Host, HostKind};

/// What its own messages call it.
pub(super) const NAME: &str = "Bitbucket";

/// Bitbucket Cloud's tables.
pub(super) fn host() -> &'static Host {
    crate::vocabulary::host(HostKind::BitbucketCloud)
}
