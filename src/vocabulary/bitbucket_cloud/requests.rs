//! The requests, with exactly the headers and fields that decoders read.

use super::headers::{X_CREDENTIAL_TYPE, X_OAUTH_SCOPES, X_RATELIMIT_NEARLIMIT};
use super::kinds::LIVE;
use crate::vocabulary::header::Header;
use crate::vocabulary::headers::WWW_AUTHENTICATE;
use crate::vocabulary::row::{Listing, ListingShape, Request, Subject};
use crate::vocabulary::rows::{after, get, lists};

/// The headers that every decoder reads: what the credential is, why it is refused, how near its rate limit is.
const HEADERS: &[Header] = &[X_CREDENTIAL_TYPE, X_OAUTH_SCOPES, WWW_AUTHENTICATE, X_RATELIMIT_NEARLIMIT];

/// What is read of webhooks.
const HOOKS: &[&str] = &[
    "/values/*/url",
    "/values/*/active",
    "/values/*/events",
    "/values/*/secret_set",
    "/values/*/skip_cert_verification",
    "/next",
    "/size",
    "/error/message",
    "/error/detail/granted",
    "/error/detail/required",
];

pub(super) const REQUESTS: &[Request] = &[
    get(
        "user",
        Subject::Credential,
        "/user",
        HEADERS,
        &[
            "/uuid",
            "/nickname",
            "/display_name",
            "/has_2fa_enabled",
            "/error/message",
            "/error/detail/granted",
            "/error/detail/required",
        ],
        "https://developer.atlassian.com/cloud/bitbucket/rest/api-group-users/",
    ),
    get(
        "user_emails",
        Subject::Credential,
        "/user/emails",
        HEADERS,
        &[
            "/values/*/email",
            "/values/*/is_primary",
            "/next",
            "/size",
            "/error/message",
            "/error/detail/granted",
            "/error/detail/required",
        ],
        "https://developer.atlassian.com/cloud/bitbucket/rest/api-group-users/",
    ),
    lists(
        get(
            "repositories",
            Subject::Organization,
            "/repositories/{organization}?pagelen=100",
            HEADERS,
            &[
                "/values/*/full_name",
                "/next",
                "/size",
                "/error/message",
                "/error/detail/granted",
                "/error/detail/required",
            ],
            "https://developer.atlassian.com/cloud/bitbucket/rest/api-group-repositories/",
        ),
        Listing { kinds: LIVE, shape: ListingShape::In("values"), pages: 10 },
    ),
    get(
        "repository",
        Subject::Repository,
        "/repositories/{owner}/{name}",
        HEADERS,
        &[
            "/full_name",
            "/is_private",
            "/mainbranch/name",
            "/error/message",
            "/error/detail/granted",
            "/error/detail/required",
        ],
        "https://developer.atlassian.com/cloud/bitbucket/rest/api-group-repositories/",
    ),
    // The filter is one that clients use and no page documents: where it is refused, or finds nothing, the whole list is
    // read, and then the repository itself: it may be public, or not there. Names are compared here in any case.
    get(
        "repository_permission",
        Subject::Repository,
        "/user/workspaces/{owner}/permissions/repositories?q=repository.full_name%3D%22{owner}%2F{name}%22&pagelen=100",
        HEADERS,
        &[
            "/values/*/permission",
            "/values/*/repository/full_name",
            "/next",
            "/size",
            "/full_name",
            "/is_private",
            "/error/message",
            "/error/detail/granted",
            "/error/detail/required",
        ],
        "https://developer.atlassian.com/cloud/bitbucket/rest/api-group-workspaces/",
    ),
    get(
        "repository_hooks",
        Subject::Repository,
        "/repositories/{owner}/{name}/hooks?pagelen=100",
        HEADERS,
        HOOKS,
        "https://developer.atlassian.com/cloud/bitbucket/rest/api-group-repositories/",
    ),
    after(
        &["repository.default_branch"],
        get(
            "branch_restrictions",
            Subject::Repository,
            "/repositories/{owner}/{name}/branch-restrictions?pagelen=100",
            HEADERS,
            &[
                "/values/*/kind",
                "/values/*/branch_match_kind",
                "/values/*/pattern",
                "/next",
                "/size",
                "/error/message",
                "/error/detail/granted",
                "/error/detail/required",
            ],
            "https://developer.atlassian.com/cloud/bitbucket/rest/api-group-branch-restrictions/",
        ),
    ),
    get(
        "workspace_hooks",
        Subject::Organization,
        "/workspaces/{organization}/hooks?pagelen=100",
        HEADERS,
        HOOKS,
        "https://developer.atlassian.com/cloud/bitbucket/rest/api-group-workspaces/",
    ),
    get(
        "workspace_permission",
        Subject::Organization,
        "/user/workspaces/{organization}/permission",
        HEADERS,
        &["/permission", "/workspace/slug", "/error/message", "/error/detail/granted", "/error/detail/required"],
        "https://developer.atlassian.com/cloud/bitbucket/rest/api-group-workspaces/",
    ),
];
