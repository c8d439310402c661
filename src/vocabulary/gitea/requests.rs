//! The requests, with exactly the headers and fields that decoders read.

use super::headers::X_TOTAL_COUNT;
use super::kinds::ALL;
use crate::vocabulary::header::Header;
use crate::vocabulary::headers::{CONTENT_TYPE, LOCATION, RETRY_AFTER};
use crate::vocabulary::row::{Listing, ListingShape, OnceProof, Proves, Request, SecretAddresses, Subject};
use crate::vocabulary::rows::{after, get, lists};

const HEADERS: &[Header] = &[CONTENT_TYPE, LOCATION, RETRY_AFTER, X_TOTAL_COUNT];

/// The most pages of a listing: five hundred repositories.
const PAGES: usize = 10;

/// The page that lists every route of an instance of the newest release.
const API: &str = "https://docs.gitea.com/api/";

/// The page that says what Git asks first.
const GIT: &str = "https://git-scm.com/docs/gitprotocol-http";

/// What is read of webhooks.
const HOOKS: &[&str] =
    &["/message", "/*/id", "/*/type", "/*/active", "/*/events", "/*/config/url", "/*/config/content_type"];

/// The addresses of webhooks: those of chats hold a secret in their path. The others deliver the event as it is, and sign
/// it where they have a secret. Source: `modules/webhook/type.go` of both products.
pub const HOOK_ADDRESSES: SecretAddresses =
    SecretAddresses { address: "/config/url", kind: "/type", plain: &["gitea", "forgejo", "gogs", "sourcehut_builds"] };

/// `user` may be followed by the version and by another answer that names the account, `token` by whatever leads to the
/// scopes: their fields are those of all.
pub(super) static REQUESTS: &[Request] = &[
    get(
        "user",
        Subject::Credential,
        "/user",
        HEADERS,
        &[
            "/message",
            "/id",
            "/login",
            "/full_name",
            "/email",
            "/is_admin",
            "/restricted",
            "/version",
            "/sub",
            "/preferred_username",
        ],
        API,
    ),
    get("version", Subject::Credential, "/version", HEADERS, &["/message", "/version"], API),
    after(
        &["host.version"],
        get(
            "token",
            Subject::Credential,
            "/token",
            HEADERS,
            &[
                "/message",
                "/id",
                "/name",
                "/scopes",
                "/created_at",
                "/user/id",
                "/user/login",
                "/login",
                "/full_name",
                "/is_admin",
                "/restricted",
                "/new",
                "/*/id",
                "/*/name",
                "/*/token_last_eight",
                "/*/scopes",
                "/*/created_at",
                "/*/repositories",
            ],
            API,
        ),
    ),
    lists(
        get("repositories", Subject::Credential, "/user/repos?limit=50", HEADERS, &["/message", "/*/full_name"], API),
        Listing { kinds: ALL, shape: ListingShape::Bare, pages: PAGES },
    ),
    get(
        "repository",
        Subject::Repository,
        "/repos/{owner}/{name}",
        HEADERS,
        &[
            "/message",
            "/id",
            "/full_name",
            "/private",
            "/internal",
            "/archived",
            "/has_pull_requests",
            "/default_branch",
            "/owner/visibility",
            "/permissions/admin",
            "/permissions/push",
            "/permissions/pull",
        ],
        API,
    ),
    after(
        &["user.username", "repository.code"],
        get(
            "repository_permission",
            Subject::Repository,
            "/repos/{owner}/{name}/collaborators/{user}/permission",
            HEADERS,
            &["/message", "/permission", "/user/id", "/user/login"],
            API,
        ),
    ),
    after(
        &["repository.default_branch"],
        get(
            "branch",
            Subject::Repository,
            "/repos/{owner}/{name}/branches/{branch}",
            HEADERS,
            &["/message", "/name", "/protected", "/user_can_push", "/user_can_merge"],
            API,
        ),
    ),
    after(
        &["repository.code"],
        get(
            "pull_requests",
            Subject::Repository,
            "/repos/{owner}/{name}/pulls?limit=1",
            HEADERS,
            &["/message", "/*/id"],
            API,
        ),
    ),
    Request {
        secret_addresses: Some(HOOK_ADDRESSES),
        ..get("webhooks", Subject::Repository, "/repos/{owner}/{name}/hooks?limit=50", HEADERS, HOOKS, API)
    },
    Request {
        secret_addresses: Some(HOOK_ADDRESSES),
        ..get(
            "organization_webhooks",
            Subject::Organization,
            "/orgs/{organization}/hooks?limit=50",
            HEADERS,
            HOOKS,
            API,
        )
    },
];

/// What is asked once, about one repository.
pub(super) static ONCE_PROOFS: &[OnceProof] = &[
    // What Git is told that asks whether it may push: the scope is looked at, and nothing is written. With an archived
    // repository the answer comes before the scope is looked at, and out of reach it is the same for every token.
    OnceProof {
        proves: Proves::Name("write:repository"),
        request: Request {
            words: &["Forbidden"],
            ..after(
                &["repository.code", "repository.archived", "repository.visibility"],
                get(
                    "git_push",
                    Subject::Repository,
                    "{url}/{owner}/{name}.git/info/refs?service=git-receive-pack",
                    HEADERS,
                    &["/message"],
                    GIT,
                ),
            )
        },
    },
    // A right on a repository is told to the account whose it is, to the repository's administrators and to those of the
    // instance: where the token's account is neither, an answer says whose the token is. Site administrators are shown
    // every right. Source: `routers/api/v1/repo/collaborators.go` of both products.
    OnceProof {
        proves: Proves::Login { tells_others_from: "admin" },
        request: after(
            &["host.version", "repository.code"],
            get(
                "whose",
                Subject::Repository,
                "/repos/{owner}/{name}/collaborators/{expected}/permission",
                HEADERS,
                &["/message", "/permission", "/user/id", "/user/login"],
                API,
            ),
        ),
    },
    // A Gitea that demands a second factor hides every repository from accounts without one by its API, and by Git none
    // that they may read. Source: `services/context/repo.go`, and seen on Gitea 1.24.7 and 1.27.0.
    OnceProof {
        proves: Proves::AllHidden,
        request: after(
            &["host.version"],
            get(
                "git_fetch",
                Subject::Repository,
                "{url}/{owner}/{name}.git/info/refs?service=git-upload-pack",
                HEADERS,
                &["/message"],
                GIT,
            ),
        ),
    },
];
