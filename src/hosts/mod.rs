//! Hosts: for each host its scripts, which ask and read.
//!
//! A question is a row of the table about targets. Its [script](Script) is one function that asks, reads what came, and
//! asks further where that is necessary; whoever collects resumes it with each answer. Nothing here sends anything, and
//! no secret comes here.
//!
//! What is not one host's own is shared: [`path`] makes URLs of the tables' paths, [`reader`] reads answers into facts with
//! their evidence, [`column`] their fields, [`link`] follows pages, [`words`] makes texts of hosts fit
//! to be kept.

mod alike;
pub mod bitbucket_cloud;
pub mod bitbucket_server;
mod branch;
mod column;
pub mod gitea;
pub mod github;
pub mod gitlab;
mod grant;
mod link;
mod path;
mod question;
mod reader;
mod script;
mod scripts;
mod strange;
mod walk;
mod words;

pub use grant::{As, Grant, Mint, Of};
pub use question::{Cost, Decoded, Question};
pub use script::{Running, Script, Step};
pub use scripts::{Scripts, first, script};
pub use walk::{Brief, Seen, Walk};

use crate::vocabulary::HostKind;

/// The scripts of a host kind.
pub fn scripts(host: HostKind) -> &'static dyn Scripts {
    match host {
        HostKind::GitHub => &github::GitHub,
        HostKind::GitLab => &gitlab::GitLab,
        HostKind::BitbucketCloud => &bitbucket_cloud::BitbucketCloud,
        HostKind::BitbucketServer => &bitbucket_server::BitbucketServer,
        HostKind::Gitea => &gitea::Gitea,
    }
}
