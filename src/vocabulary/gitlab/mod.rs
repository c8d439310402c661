//! What GitLab knows: gitlab.com, self-managed and Dedicated.
//!
//! The API's base is `{url}/api/v4`; the OAuth request is outside of it. Prefixes may be replaced by an administrator, so
//! that a token without one may be of any kind. Sources are GitLab's documentation and source code unless a row says
//! otherwise.

mod abilities;
mod facts;
pub mod headers;
mod holders;
mod kinds;
mod operating;
mod requests;
mod scopes;
mod shapes;

use super::refusal::{Mend, Refusal};
use super::row::{Host, HostKind};
use super::sending::{LimitHeaders, Scheme};
use super::synonyms::called;
use super::token_text::TokenText;

/// GitLab.
pub(super) static HOST: Host = Host {
    kind: HostKind::GitLab,
    word: "gitlab",
    title: "GitLab",
    public_url: Some("https://gitlab.com"),
    addresses: operating::ADDRESSES,
    products: &[],
    names: operating::NAMES,
    declaring: operating::DECLARING,
    repository_word: "project",
    login: Some("user.username"),
    // It serves every kind but two, and no client takes it along to another host, as it would `PRIVATE-TOKEN`.
    sent: Scheme::Bearer,
    limit_headers: LimitHeaders {
        limit: headers::RATELIMIT_LIMIT,
        remaining: headers::RATELIMIT_REMAINING,
        reset: headers::RATELIMIT_RESET,
    },
    kinds: kinds::KINDS,
    shapes: shapes::SHAPES,
    secret_headers: &["PRIVATE-TOKEN", "JOB-TOKEN"],
    facts: facts::FACTS,
    requests: requests::REQUESTS,
    proofs: &[],
    once_proofs: &[],
    abilities: abilities::ABILITIES,
    token_text: TokenText { own_prefix: Some(32), forms: kinds::FORMS, record_number: None, times: None, useless: &[] },
    holders: holders::HOLDERS,
    new_pages: &[],
    mends: &[Mend {
        refusal: Refusal::KindForbidden,
        mend: "use a kind of credential that `{by}` allows: a fine-grained token or an App",
    }],
    // "405: non-GET request is not allowed for moved project". Source: GitLab, `lib/api/helpers.rb`.
    moved_refuse_writes: true,
    invitations: None,
    misnamed: &[],
    synonyms: &[
        called(
            &[
                "repository.role",
                "project.role",
                "project.permission",
                "project.access",
                "user.role",
                "user.access_level",
                "repository.access_level",
                "repository.permission",
            ],
            &["project.access_level", "repository.access"],
        ),
        called(&["group.role", "group.permission", "group.access", "namespace.access_level"], &["group.access_level"]),
        called(&["repository.visibility", "project.private", "project.public"], &["project.visibility"]),
        called(&["group.hooks", "group.webhook", "organization.webhooks"], &["group.webhooks"]),
        called(
            &["project.expires_at", "project.role_expires_at", "project.membership_ends", "user.expires_at"],
            &["project.access_expires_at", "project.access_expires_in"],
        ),
        called(&["repository.webhooks", "project.hooks", "repository.hooks"], &["project.webhooks"]),
        called(&["repository.archived"], &["project.archived"]),
        called(&["user.is_admin", "user.administrator", "user.superuser"], &["user.admin"]),
        called(&["user.blocked", "user.status", "user.active", "user.suspended"], &["user.state"]),
    ],
};
