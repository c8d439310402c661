//! The requests.

use super::headers::{X_AREQUESTID, X_AUSERNAME};
use super::kinds::ALL;
use crate::vocabulary::header::Header;
use crate::vocabulary::headers::{LOCATION, RETRY_AFTER};
use crate::vocabulary::row::{Batch, Listing, ListingShape, Request, Subject};
use crate::vocabulary::rows::{after, get, in_batches, lists};

/// The headers that every decoder reads. Every authenticated answer has the caller's name, percent-encoded.
const HEADERS: &[Header] = &[X_AUSERNAME, X_AREQUESTID, RETRY_AFTER, LOCATION];

const REST: &str = "https://developer.atlassian.com/server/bitbucket/rest/v904/api-group-system-maintenance/";
const REST_AUTHENTICATION: &str =
    "https://developer.atlassian.com/server/bitbucket/rest/v904/api-group-authentication/";
const REST_PROJECT: &str = "https://developer.atlassian.com/server/bitbucket/rest/v904/api-group-project/";
const REST_BRANCHES: &str = "https://developer.atlassian.com/server/bitbucket/rest/v904/api-group-repository/#api-branch-permissions-latest-projects-projectkey-repos-repositoryslug-restrictions-get";
const REST_REPOSITORY: &str = "https://developer.atlassian.com/server/bitbucket/rest/v904/api-group-repository/";

/// What is read of webhooks.
const HOOKS: &[&str] = &[
    "/values/*/url",
    "/values/*/events",
    "/values/*/active",
    "/values/*/configuration/secret",
    "/values/*/sslVerificationRequired",
    "/isLastPage",
    "/size",
    "/nextPageStart",
    "/errors/*/message",
];

/// `/errors/*` are the host's refusals. Where a request leads to others that settle the same (the next page, the next
/// level, a name looked up), its fields are those of all of them.
pub(super) const REQUESTS: &[Request] = &[
    // It needs no authentication: only the caller's name in the header shows that the credential was accepted.
    get(
        "caller",
        Subject::Credential,
        "/api/1.0/application-properties",
        HEADERS,
        &["/version", "/errors/*/message"],
        REST,
    ),
    after(
        &["user.username"],
        get(
            "user",
            Subject::Credential,
            "/api/1.0/users/{user}",
            HEADERS,
            &[
                "/name",
                "/displayName",
                "/type",
                "/values/*/name",
                "/values/*/displayName",
                "/values/*/type",
                "/isLastPage",
                "/size",
                "/nextPageStart",
                "/errors/*/message",
            ],
            REST,
        ),
    ),
    // The record itself; where that is not there, the slug behind the user's name, the administered repository or project
    // that a service account's number names, or the list of the tokens.
    after(
        &["user.username"],
        get(
            "token_record",
            Subject::Credential,
            "/access-tokens/1.0/users/{user}/{token_id}",
            HEADERS,
            &[
                "/id",
                "/name",
                "/permissions",
                "/createdDate",
                "/lastAuthenticated",
                "/expiryDate",
                "/values/*/id",
                "/values/*/name",
                "/values/*/permissions",
                "/values/*/createdDate",
                "/values/*/lastAuthenticated",
                "/values/*/expiryDate",
                "/values/*/slug",
                "/values/*/key",
                "/values/*/project/key",
                "/isLastPage",
                "/size",
                "/nextPageStart",
                "/errors/*/message",
            ],
            REST_AUTHENTICATION,
        ),
    ),
    lists(
        get(
            "repositories",
            Subject::Credential,
            "/api/1.0/repos?archived=ALL&limit=1000",
            HEADERS,
            &[
                "/values/*/slug",
                "/values/*/project/key",
                "/values/*/project/name",
                "/isLastPage",
                "/size",
                "/nextPageStart",
                "/errors/*/message",
            ],
            REST_REPOSITORY,
        ),
        Listing { kinds: ALL, shape: ListingShape::In("values"), pages: 10 },
    ),
    // The projects on which the requesting user has the level. Personal projects are asked about by the user's name.
    after(
        &["user.username"],
        get(
            "project_permission",
            Subject::Organization,
            "/api/1.0/projects?permission={level}&limit=1000",
            HEADERS,
            &["/key", "/values/*/key", "/values/*/name", "/isLastPage", "/size", "/nextPageStart", "/errors/*/message"],
            REST_PROJECT,
        ),
    ),
    // The same lists, for all projects at once.
    in_batches(
        get(
            "project_permissions",
            Subject::Organization,
            "/api/1.0/projects?permission={level}&limit=1000",
            HEADERS,
            &["/values/*/key", "/isLastPage", "/size", "/nextPageStart", "/errors/*/message"],
            REST_PROJECT,
        ),
        Batch { kinds: ALL, instead_of: &["project_permission"], tells: &["project.permission"], from: 2, most: 1000 },
    ),
    after(
        &["user.username"],
        get(
            "repository",
            Subject::Repository,
            "/api/1.0/projects/{owner}/repos/{name}",
            HEADERS,
            &["/slug", "/project/key", "/project/public", "/public", "/archived", "/state", "/errors/*/message"],
            REST_PROJECT,
        ),
    ),
    // About repositories nothing is asked before the credential is known to be accepted: to nobody, a public one looks the
    // same. These are the ones on which the requesting user has the level. `name` matches the repository's name, not its slug, so
    // that after three empty lists the repository itself tells whether its name is another.
    after(
        &["user.username"],
        get(
            "repository_permission",
            Subject::Repository,
            "/api/1.0/repos?permission={level}&projectkey={owner}&name={name}&archived=ALL&limit=100",
            HEADERS,
            &[
                "/slug",
                "/name",
                "/project/key",
                "/values/*/slug",
                "/values/*/project/key",
                "/isLastPage",
                "/size",
                "/nextPageStart",
                "/errors/*/message",
            ],
            REST_REPOSITORY,
        ),
    ),
    // One list a level, for all repositories at once.
    in_batches(
        get(
            "repository_permissions",
            Subject::Repository,
            "/api/1.0/repos?permission={level}&archived=ALL&limit=1000",
            HEADERS,
            &["/values/*/slug", "/values/*/project/key", "/isLastPage", "/size", "/nextPageStart", "/errors/*/message"],
            REST_REPOSITORY,
        ),
        Batch {
            kinds: ALL,
            instead_of: &["repository_permission"],
            tells: &["repository.permission"],
            from: 2,
            most: 1000,
        },
    ),
    // The branch that is configured to be the default one; 404 where it does not exist yet.
    after(
        &["user.username", "repository.name"],
        get(
            "default_branch",
            Subject::Repository,
            "/api/1.0/projects/{owner}/repos/{name}/default-branch",
            HEADERS,
            &["/id", "/displayId", "/errors/*/message"],
            REST_PROJECT,
        ),
    ),
    after(
        &["user.username", "repository.default_branch"],
        get(
            "branch_restrictions",
            Subject::Repository,
            "/branch-permissions/2.0/projects/{owner}/repos/{name}/restrictions?limit=100",
            HEADERS,
            &[
                "/values/*/type",
                "/values/*/matcher/id",
                "/values/*/matcher/type/id",
                "/values/*/users/*/name",
                "/values/*/groups",
                "/isLastPage",
                "/size",
                "/nextPageStart",
                "/errors/*/message",
            ],
            REST_BRANCHES,
        ),
    ),
    // `credentials` may hold a password in clear, and is never read; of `configuration.secret` a record keeps stars.
    after(
        &["user.username"],
        get(
            "repository_hooks",
            Subject::Repository,
            "/api/1.0/projects/{owner}/repos/{name}/webhooks?limit=100",
            HEADERS,
            HOOKS,
            REST_PROJECT,
        ),
    ),
    after(
        &["user.username"],
        get(
            "project_hooks",
            Subject::Organization,
            "/api/1.0/projects/{organization}/webhooks?limit=100",
            HEADERS,
            HOOKS,
            REST_PROJECT,
        ),
    ),
];
