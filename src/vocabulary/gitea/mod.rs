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

pub use requests::HOOK_ADDRESSES;

use super::row::{Host, HostKind};
use super::sending::{LimitHeaders, Scheme};
use super::synonyms::called;
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
    // Writes are redirected like reads, Git's question whether it may push too (301 or 307), as recorded of all five
    // servers. Source: `services/context/repo.go` of both products.
    moved_refuse_writes: false,
    invitations: None,
    misnamed: &[],
    // The words of its own answers, and of its pages.
    synonyms: &[
        called(&["organization.hooks", "organization.webhook"], &["organization.webhooks"]),
        called(&["user.is_admin", "user.administrator", "user.superuser", "user.site_admin"], &["user.admin"]),
        called(&["user.is_restricted", "user.limited"], &["user.restricted"]),
        called(
            &["token.public", "token.is_public_only", "token.limited_to_public", "token.publiconly"],
            &["token.public_only"],
        ),
        called(
            &[
                "repository.push",
                "repository.pull",
                "repository.permissions.push",
                "repository.permissions.pull",
                "repository.permissions.admin",
                "repository.code_access",
            ],
            &["repository.code", "repository.can"],
        ),
        called(
            &["repository.has_pull_requests", "repository.pulls", "repository.pull_request"],
            &["repository.pull_requests"],
        ),
        called(&["repository.user_can_push", "repository.can_push"], &["repository.push_default", "repository.can"]),
        called(&["repository.user_can_merge", "repository.can_merge"], &["repository.merge_default", "repository.can"]),
        called(&["repository.main_branch", "repository.branch"], &["repository.default_branch"]),
        called(&["host.software", "host.flavor", "host.flavour", "host.vendor", "host.name"], &["host.product"]),
        called(&["host.forgejo_version", "host.gitea_version"], &["host.version"]),
    ],
};
