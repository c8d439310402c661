//! What Bitbucket Server knows.

use super::row::{Host, HostKind};

/// Bitbucket Server.
pub(super) static HOST: Host = Host {
    kind: HostKind::BitbucketServer,
    word: "bitbucket_server",
    title: "Bitbucket Server",
    public_url: None,
    repository_word: "repository",
    kinds: &[],
    facts: &[],
    requests: &[],
    abilities: &[],
    collected: false,
};
