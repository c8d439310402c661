//! What Bitbucket Cloud knows.

use super::row::{Host, HostKind};

/// Bitbucket Cloud.
pub(super) static HOST: Host = Host {
    kind: HostKind::BitbucketCloud,
    word: "bitbucket_cloud",
    title: "Bitbucket Cloud",
    public_url: None,
    repository_word: "repository",
    kinds: &[],
    facts: &[],
    requests: &[],
    abilities: &[],
    collected: false,
};
