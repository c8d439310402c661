//! What GitHub knows.

use super::row::{Host, HostKind};

/// GitHub.
pub(super) static HOST: Host = Host {
    kind: HostKind::GitHub,
    word: "github",
    title: "GitHub",
    public_url: None,
    repository_word: "repository",
    kinds: &[],
    facts: &[],
    requests: &[],
    abilities: &[],
    collected: false,
};
