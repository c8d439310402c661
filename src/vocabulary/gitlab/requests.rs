//! The requests, with exactly the headers and fields that decoders read.

use super::headers::{RATELIMIT_LIMIT, RATELIMIT_REMAINING, RATELIMIT_RESET, X_NEXT_PAGE, X_REQUEST_ID};
use super::kinds::ACCOUNTS;
use crate::vocabulary::header::Header;
use crate::vocabulary::headers::{LINK, LOCATION, RETRY_AFTER};
use crate::vocabulary::row::{Batch, Listing, ListingShape, Method, Request, Subject};
use crate::vocabulary::rows::{after, get, in_batches, lists};

/// The headers that every decoder reads: the next page, a new address, what is left of the rate limit.
const HEADERS: &[Header] =
    &[LINK, LOCATION, RETRY_AFTER, RATELIMIT_LIMIT, RATELIMIT_REMAINING, RATELIMIT_RESET, X_NEXT_PAGE, X_REQUEST_ID];

/// The most pages of a listing: a thousand projects.
const PAGES: usize = 10;

/// Many projects in one query: 50 full paths at most (GitLab's `projects_resolver.rb`).
const PROJECTS: &str = "query($paths: [String!]) { projects(fullPaths: $paths, first: 50) { nodes { fullPath visibility \
                        archived maxAccessLevel { integerValue } } } }";

/// Subgroups are part of `{owner}`: its slashes go into the path percent-encoded, like the one before `{name}`.
///
/// `token_self` is asked first while the kind is open, and where it is refused, `oauth_token_info`, `user` and `job` may
/// follow as parts of the same question: its fields are theirs, too.
pub(super) static REQUESTS: &[Request] = &[
    get(
        "token_self",
        Subject::Credential,
        "/personal_access_tokens/self",
        HEADERS,
        &[
            "/id",
            "/name",
            "/scopes",
            "/user_id",
            "/created_at",
            "/expires_at",
            "/last_used_at",
            "/active",
            "/revoked",
            "/granular",
            "/error",
            "/error_description",
            "/message",
            "/scope",
            "/expires_in",
            "/expires_in_seconds",
            "/resource_owner_id",
            "/username",
            "/state",
            "/bot",
            "/external",
            "/is_admin",
            "/two_factor_enabled",
            "/status",
            "/user/id",
            "/user/username",
            "/user/name",
        ],
        "https://docs.gitlab.com/api/personal_access_tokens/",
    ),
    get(
        "oauth_token_info",
        Subject::Credential,
        "{url}/oauth/token/info",
        HEADERS,
        &[
            "/scope",
            "/scopes",
            "/expires_in",
            "/expires_in_seconds",
            "/created_at",
            "/resource_owner_id",
            "/error",
            "/error_description",
            "/message",
        ],
        "https://docs.gitlab.com/api/oauth2/",
    ),
    get(
        "user",
        Subject::Credential,
        "/user",
        HEADERS,
        &[
            "/id",
            "/username",
            "/name",
            "/state",
            "/bot",
            "/external",
            "/is_admin",
            "/two_factor_enabled",
            "/error",
            "/error_description",
            "/scope",
            "/message",
        ],
        "https://docs.gitlab.com/api/users/",
    ),
    get(
        "job",
        Subject::Credential,
        "/job",
        HEADERS,
        &["/id", "/status", "/user/id", "/user/username", "/user/name", "/error", "/error_description", "/message"],
        "https://docs.gitlab.com/api/jobs/",
    ),
    get(
        "metadata",
        Subject::Credential,
        "/metadata",
        HEADERS,
        &["/version", "/enterprise", "/error", "/error_description", "/scope", "/message"],
        "https://docs.gitlab.com/api/metadata/",
    ),
    lists(
        get(
            "projects",
            Subject::Credential,
            "/projects?membership=true&simple=true&per_page=100",
            HEADERS,
            &["/*/path_with_namespace", "/error", "/error_description", "/scope", "/message"],
            "https://docs.gitlab.com/api/projects/",
        ),
        Listing { kinds: ACCOUNTS, shape: ListingShape::Bare, pages: PAGES },
    ),
    get(
        "project",
        Subject::Repository,
        "/projects/{owner}%2F{name}",
        HEADERS,
        &[
            "/id",
            "/path_with_namespace",
            "/visibility",
            "/archived",
            "/permissions/project_access/access_level",
            "/permissions/group_access/access_level",
            "/error",
            "/error_description",
            "/scope",
            "/message",
        ],
        "https://docs.gitlab.com/api/projects/",
    ),
    after(
        &["user.id"],
        get(
            "project_member",
            Subject::Repository,
            "/projects/{owner}%2F{name}/members/all/{user}",
            HEADERS,
            &[
                "/id",
                "/username",
                "/access_level",
                "/membership_state",
                "/member_role/id",
                "/error",
                "/error_description",
                "/scope",
                "/message",
            ],
            "https://docs.gitlab.com/api/project_members/",
        ),
    ),
    in_batches(
        Request {
            name: "many_projects",
            method: Method::Query(PROJECTS),
            path: "{url}/api/graphql",
            subject: Subject::Repository,
            headers: HEADERS,
            fields: &[
                "/data/projects/nodes/*/fullPath",
                "/data/projects/nodes/*/visibility",
                "/data/projects/nodes/*/archived",
                "/data/projects/nodes/*/maxAccessLevel/integerValue",
                "/errors/*/message",
                "/error",
                "/error_description",
                "/scope",
                "/message",
            ],
            words: &[],
            listing: None,
            batch: None,
            needs: &[],
            see: "https://docs.gitlab.com/api/graphql/reference/#queryprojects",
        },
        Batch {
            // A query answers a fine-grained token with silence.
            kinds: &["personal", "project", "group", "service_account", "oauth"],
            instead_of: &["project", "project_member"],
            tells: &["repository.name", "project.visibility", "project.archived", "project.access_level"],
            from: 2,
            most: 50,
        },
    ),
    get(
        "project_hooks",
        Subject::Repository,
        "/projects/{owner}%2F{name}/hooks?per_page=100",
        HEADERS,
        &[
            "/*/id",
            "/*/url",
            "/*/alert_status",
            "/*/enable_ssl_verification",
            "/*/token_present",
            "/*/signing_token_present",
            "/*/push_events",
            "/*/tag_push_events",
            "/*/merge_requests_events",
            "/*/note_events",
            "/*/confidential_note_events",
            "/*/issues_events",
            "/*/confidential_issues_events",
            "/*/job_events",
            "/*/pipeline_events",
            "/*/wiki_page_events",
            "/*/releases_events",
            "/*/deployment_events",
            "/*/feature_flag_events",
            "/*/emoji_events",
            "/*/milestone_events",
            "/*/vulnerability_events",
            "/*/resource_access_token_events",
            "/error",
            "/error_description",
            "/scope",
            "/message",
        ],
        "https://docs.gitlab.com/api/project_webhooks/",
    ),
    after(
        &["user.id"],
        get(
            "group_member",
            Subject::Organization,
            "/groups/{organization}/members/all/{user}",
            HEADERS,
            &[
                "/id",
                "/username",
                "/access_level",
                "/membership_state",
                "/member_role/id",
                "/error",
                "/error_description",
                "/scope",
                "/message",
            ],
            "https://docs.gitlab.com/api/group_members/",
        ),
    ),
];
