//! What Bitbucket Cloud knows: bitbucket.org.
//!
//! The API's base is `https://api.bitbucket.org/2.0`. Two scope languages live side by side: the words of OAuth and of
//! access tokens imply others, those of API tokens imply nothing. Sources are Atlassian's OpenAPI document (July 2026), its
//! support pages and recorded answers.
mod abilities;
mod facts;
pub mod headers;
mod holders;
mod kinds;
mod operating;
mod requests;
mod scopes;
mod shapes;

use super::misnamed::Misnamed;
use super::naming::RepositoryNames;
use super::row::{Host, HostKind};
use super::sending::{LimitHeaders, Scheme};
use super::synonyms::called;
use super::token_text::TokenText;

/// Bitbucket Cloud.
pub(super) static HOST: Host = Host {
    kind: HostKind::BitbucketCloud,
    word: "bitbucket_cloud",
    title: "Bitbucket Cloud",
    public_url: Some("https://bitbucket.org"),
    addresses: operating::ADDRESSES,
    products: &[],
    names: RepositoryNames::OWNER_AND_NAME,
    declaring: operating::DECLARING,
    repository_word: "repository",
    // Accounts are configured by their Bitbucket username, and answers show the nickname.
    login: None,
    // API tokens and app passwords go as Basic, with the e-mail address or the username; everything else so.
    sent: Scheme::Bearer,
    // Only access tokens are shown a limit, and nobody what is left of it or when it starts again.
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
    once_proofs: &[],
    abilities: abilities::ABILITIES,
    token_text: TokenText::with_forms(kinds::FORMS),
    holders: holders::HOLDERS,
    new_pages: &[],
    mends: &[],
    moved_refuse_writes: false,
    invitations: None,
    misnamed: &[Misnamed {
        words: &["bitbucket"],
        instead: "write `bitbucket_cloud` (bitbucket.org) or `bitbucket_server` (Data Center too)",
    }],
    synonyms: &[
        called(&["workspace.permission", "workspace.access", "organization.role", "team.role"], &["workspace.role"]),
        called(&["workspace.hooks", "workspace.webhook", "organization.webhooks"], &["workspace.webhooks"]),
    ],
};
