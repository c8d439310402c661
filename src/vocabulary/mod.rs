//! The vocabulary: tables of what hosts know. **The tables are the product.**
//!
//! Type checker, plan, reports and docs read the same rows, so one row added is one fact added. Everything here is
//! `'static` data and small look-ups over it; a host is one file.

pub mod bitbucket_cloud;
pub mod bitbucket_server;
mod field_path;
pub mod github;
pub mod gitlab;
mod header;
pub mod headers;
mod holders;
mod names;
mod place;
pub mod portable;
mod row;
mod rows;
mod sending;
mod shapes;
#[cfg(test)]
mod tests;
mod vendors;

pub use field_path::{FieldPath, field};
pub use header::Header;
pub use holders::can_have_scope;
pub use names::{Name, NameSet, NameTable};
pub use place::{Place, Remark, status};
pub use row::{
    Ability, Absence, Alias, Batch, CredentialKind, Derivation, EnumTable, Fact, FactIndex, Field, Host, HostKind,
    LevelTable, Lifetime, Listing, ListingShape, Method, OnPublic, Origin, Permission, PermissionTable, Proof,
    RecordTable, Request, Reveal, Subject, Told, Type,
};
pub use shapes::{host_of_shape, token_shapes};

pub use sending::{LimitHeaders, Scheme};

/// Every host, in the order that people list them.
pub static HOSTS: [&Host; 4] = [&github::HOST, &gitlab::HOST, &bitbucket_cloud::HOST, &bitbucket_server::HOST];

/// The host of a kind.
pub fn host(kind: HostKind) -> &'static Host {
    match kind {
        HostKind::GitHub => &github::HOST,
        HostKind::GitLab => &gitlab::HOST,
        HostKind::BitbucketCloud => &bitbucket_cloud::HOST,
        HostKind::BitbucketServer => &bitbucket_server::HOST,
    }
}

impl HostKind {
    /// The word in policies, settings and JSON.
    pub fn word(self) -> &'static str {
        host(self).word
    }

    /// The name people say.
    pub fn title(self) -> &'static str {
        host(self).title
    }
}

/// The host kind that a policy's word names.
pub fn host_kind(word: &str) -> Option<HostKind> {
    HOSTS.iter().find(|host| host.word == word).map(|host| host.kind)
}
