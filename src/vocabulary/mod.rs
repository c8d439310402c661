//! The vocabulary: tables of what hosts know. **The tables are the product.**
//!
//! Type checker, plan, reports and docs read the same rows, so one row added is one fact added. Everything here is
//! `'static` data and small look-ups over it; a host is one folder.

mod address;
pub mod bitbucket_cloud;
pub mod bitbucket_server;
mod columns;
mod declaring;
mod field_path;
pub mod gitea;
pub mod github;
pub mod gitlab;
mod grounds;
mod header;
pub mod headers;
mod holders;
mod misnamed;
mod names;
mod naming;
mod new_page;
mod place;
pub mod portable;
mod refusal;
mod row;
mod rows;
mod sending;
mod shape;
mod shapes;
pub mod start;
mod synonyms;
#[cfg(test)]
mod tests;
mod token_text;
mod types;
mod vendors;

pub use address::{Addresses, Elsewhere, Endpoint, Product, RunBy, Service};
pub use columns::{can_have_scope, can_hold, holding, kinds_able};
pub use declaring::Declaring;
pub use field_path::{FieldPath, field};
pub use grounds::{Grounds, Installation, Limits, Outsider, RoleEnd};
pub use header::Header;
pub use holders::Holders;
pub use misnamed::{Misnamed, OTHER_PRODUCTS};
pub use names::{Name, NameSet, NameTable};
pub use naming::{ListNames, RepositoryNames};
pub use new_page::NewPage;
pub use place::{Place, Remark, status};
pub use refusal::{Mend, Refusal};
pub use row::{
    Ability, Absence, Alias, Batch, CredentialKind, Derivation, EVERY, EnumTable, Fact, FactIndex, Field, Host,
    HostKind, Invitations, LevelTable, Lifetime, Listing, ListingShape, Method, OnPublic, OnceProof, Origin,
    Permission, PermissionTable, Proof, Proves, RecordTable, Request, Reveal, Right, SecretAddresses, Subject, Told,
    Type,
};
pub use shapes::{host_of_shape, token_shapes};
pub use synonyms::{Meant, Synonym, facts_meant, level_meant, word_meant};
pub use token_text::{Form, Made, Times, TokenText, Useless};

pub use sending::{LimitHeaders, Scheme};
pub use shape::Shape;

/// Every host, in the order that people list them.
pub static HOSTS: [&Host; 5] =
    [&github::HOST, &gitlab::HOST, &bitbucket_cloud::HOST, &bitbucket_server::HOST, &gitea::HOST];

/// The host of a kind.
pub fn host(kind: HostKind) -> &'static Host {
    match kind {
        HostKind::GitHub => &github::HOST,
        HostKind::GitLab => &gitlab::HOST,
        HostKind::BitbucketCloud => &bitbucket_cloud::HOST,
        HostKind::BitbucketServer => &bitbucket_server::HOST,
        HostKind::Gitea => &gitea::HOST,
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

/// The host kind that a word names, its own or that of a product.
pub fn host_kind(word: &str) -> Option<HostKind> {
    host_named(word).map(|(kind, _)| kind)
}

/// The host kind that a word names, and the product where it is the word of one.
pub fn host_named(word: &str) -> Option<(HostKind, Option<&'static Product>)> {
    HOSTS.iter().find_map(|host| {
        let product = host.products.iter().find(|product| product.word == word);
        (host.word == word || product.is_some()).then_some((host.kind, product))
    })
}

/// What to write instead of a word that names no host kind, where it is known.
pub fn instead_of(word: &str) -> Option<&'static str> {
    let mut rows = HOSTS.iter().flat_map(|host| host.misnamed);
    rows.find(|row| row.words.contains(&word)).map(|row| row.instead)
}
