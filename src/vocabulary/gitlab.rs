//! What GitLab knows.

use super::row::{Host, HostKind};

/// GitLab.
pub(super) static HOST: Host = Host {
    kind: HostKind::GitLab,
    word: "gitlab",
    title: "GitLab",
    public_url: None,
    repository_word: "repository",
    kinds: &[],
    facts: &[],
    requests: &[],
    abilities: &[],
    collected: false,
};
