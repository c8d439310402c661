//! What Gitea knows, and its fork Forgejo, and so Codeberg: one API below `{url}/api/v1`.
//!
//! Scopes are checked before anything about a repository, so that a request about an owner that cannot exist shows
//! whether a scope is there. A token learns its scopes by another road on each product and version. Sources are the source
//! code of both, release by release, and recorded answers of Gitea 1.22 to 1.27 and of Forgejo 11 and 15.

mod abilities;
mod facts;
pub mod headers;
mod holders;
mod kinds;
mod operating;
mod requests;
mod scopes;
mod shapes;

use super::row::{Host, HostKind};
use super::sending::{LimitHeaders, Scheme};
use super::token_text::TokenText;

/// Gitea.
pub(super) static HOST: Host = Host {
    kind: HostKind::Gitea,
    word: "gitea",
    title: "Gitea",
    public_url: None,
    addresses: operating::ADDRESSES,
    products: operating::PRODUCTS,
    names: operating::NAMES,
    declaring: operating::DECLARING,
    repository_word: "repository",
    login: Some("user.username"),
    sent: Scheme::Bearer,
    limit_headers: LimitHeaders {
        limit: headers::X_RATELIMIT_LIMIT,
        remaining: headers::X_RATELIMIT_REMAINING,
        reset: headers::X_RATELIMIT_RESET,
    },
    kinds: kinds::KINDS,
    shapes: shapes::SHAPES,
    secret_headers: &[],
    facts: facts::FACTS,
    requests: requests::REQUESTS,
    proofs: &[],
    once_proofs: requests::ONCE_PROOFS,
    abilities: abilities::ABILITIES,
    token_text: TokenText {
        own_prefix: None,
        forms: kinds::FORMS,
        record_number: Some(kinds::last_eight),
        times: Some(kinds::times),
        useless: kinds::USELESS,
    },
    holders: holders::HOLDERS,
    new_pages: &[],
    mends: &[],
    moved_refuse_writes: false,
    misnamed: &[],
    synonyms: &[],
};
