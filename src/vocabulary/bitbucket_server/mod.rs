//! What Bitbucket Server knows: Server and Data Center, formerly Stash.
//!
//! The API's base is `{url}/rest`, where `{url}` may have a path; version 1.0 of each resource is there from 5.x to now.
//! Every authenticated answer, errors too, names the caller in `X-AUSERNAME`: a 401 with it is a missing permission, one
//! without it a refused credential, and a 200 without it an answer to nobody. Access tokens work below `/rest` and `/scm`
//! alone, so nothing else is asked. Sources are Atlassian's OpenAPI document of 9.4, its documentation and recorded answers.

mod abilities;
mod facts;
pub mod headers;
mod kinds;
mod operating;
mod permissions;
mod requests;
mod shapes;
mod token;

use super::row::{Host, HostKind};
use super::sending::{LimitHeaders, Scheme};
use super::synonyms::called;
use super::token_text::TokenText;

/// Bitbucket Server.
pub(super) static HOST: Host = Host {
    kind: HostKind::BitbucketServer,
    word: "bitbucket_server",
    title: "Bitbucket Server",
    public_url: None,
    addresses: operating::ADDRESSES,
    products: &[],
    names: operating::NAMES,
    declaring: operating::DECLARING,
    repository_word: "repository",
    login: Some("user.username"),
    // The tokens of projects and repositories are taken so alone, and Atlantis sends no other way.
    sent: Scheme::Bearer,
    // Seen on other Data Center products; a host without them shows no limit.
    limit_headers: LimitHeaders {
        limit: headers::X_RATELIMIT_LIMIT,
        remaining: headers::X_RATELIMIT_REMAINING,
        reset: headers::X_RATELIMIT_INTERVAL_SECONDS,
    },
    kinds: kinds::KINDS,
    shapes: shapes::SHAPES,
    secret_headers: &[],
    facts: facts::FACTS,
    requests: requests::REQUESTS,
    proofs: &[],
    once_proofs: &[],
    abilities: abilities::ABILITIES,
    token_text: TokenText {
        own_prefix: None,
        forms: kinds::FORMS,
        record_number: Some(token::record_number),
        times: None,
        useless: &[],
    },
    holders: &[],
    new_pages: &[],
    mends: &[],
    moved_refuse_writes: false,
    invitations: None,
    misnamed: &[],
    synonyms: &[
        called(
            &["project.role", "project.access_level", "project.access", "project.permissions"],
            &["project.permission"],
        ),
        called(&["project.hooks", "project.webhook", "organization.webhooks"], &["project.webhooks"]),
    ],
};
