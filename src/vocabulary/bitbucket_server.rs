//! What Bitbucket Server knows: Server and Data Center, formerly Stash.
//!
//! The API's base is `{url}/rest`, where `{url}` may have a path; version 1.0 of each resource is there from 5.x to now.
//! Every authenticated answer, errors too, names the caller in `X-AUSERNAME`: a 401 with it is a missing permission, one
//! without it a refused credential, and a 200 without it an answer to nobody. Access tokens work below `/rest` and `/scm`
//! alone, so nothing else is asked. Sources are Atlassian's OpenAPI document of 9.4, its documentation and recorded answers.

pub mod headers;
mod shapes;

use self::headers::{X_AREQUESTID, X_AUSERNAME};
use super::field_path::field;
use super::header::Header;
use super::headers::{LOCATION, RETRY_AFTER};
use super::place::Place::{self, Field, Fields, List};
use super::portable;
use super::row::{
    Ability, Absence, Alias, Batch, CredentialKind, EnumTable, Fact, Host, HostKind, LevelTable, Lifetime, Listing,
    ListingShape, OnPublic, Origin, Permission, PermissionTable, Request, Subject, Type,
};
use super::rows::{WEBHOOKS, after, by_text, get, hidden, in_batches, lists, never, told};
use super::sending::{LimitHeaders, Scheme};

/// Bitbucket Server.
pub(super) static HOST: Host = Host {
    kind: HostKind::BitbucketServer,
    word: "bitbucket_server",
    title: "Bitbucket Server",
    public_url: None,
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
    kinds: KINDS,
    shapes: shapes::SHAPES,
    secret_headers: &[],
    facts: FACTS,
    requests: REQUESTS,
    proofs: &[],
    abilities: ABILITIES,
};

const ALL: &[&str] = &["personal", "project", "repository", "oauth", "password"];
/// HTTP access tokens, which have a record. Those of a project or repository act as a hidden service account.
const TOKENS: &[&str] = &["personal", "project", "repository"];

const KINDS: &[CredentialKind] = &[
    CredentialKind {
        word: "personal",
        title: "personal HTTP access token",
        prefixes: &["BBDC-"],
        lifetime: Some(Lifetime::Standing),
        has_user: true,
        unlimited: false,
        sent: Scheme::Bearer,
        first_request: Some("caller"),
        settings_page: Some("{url}/plugins/servlet/access-tokens/manage"),
        doc: "A person's token, limited to its permissions; as Bearer, or as the password of Basic. Before the prefix \
              came, bare base64 of the token's id, a colon and 20 bytes. Source: Atlassian, HTTP access tokens.",
    },
    CredentialKind {
        word: "project",
        title: "project HTTP access token",
        prefixes: &["BBDC-"],
        lifetime: Some(Lifetime::Standing),
        has_user: false,
        unlimited: false,
        sent: Scheme::Bearer,
        first_request: Some("caller"),
        settings_page: None,
        doc: "The token of a project (Data Center), as Bearer alone. It acts as a service account named \
              `access-token-user/…` and cannot merge. Source: Atlassian, HTTP access tokens.",
    },
    CredentialKind {
        word: "repository",
        title: "repository HTTP access token",
        prefixes: &["BBDC-"],
        lifetime: Some(Lifetime::Standing),
        has_user: false,
        unlimited: false,
        sent: Scheme::Bearer,
        first_request: Some("caller"),
        settings_page: None,
        doc: "The token of a repository (Data Center), as Bearer alone. It acts as a service account named \
              `access-token-user/2/ID` and cannot merge. Source: Atlassian, HTTP access tokens; recorded answers of 9.4.",
    },
    CredentialKind {
        word: "oauth",
        title: "OAuth 2.0 access token",
        prefixes: &[],
        lifetime: None,
        has_user: true,
        unlimited: false,
        sent: Scheme::Bearer,
        first_request: Some("caller"),
        settings_page: None,
        doc: "The token of an incoming application link, since 7.20. Source: Atlassian, Bitbucket OAuth 2.0 provider API.",
    },
    CredentialKind {
        word: "password",
        title: "password",
        prefixes: &[],
        lifetime: Some(Lifetime::Standing),
        has_user: true,
        unlimited: true,
        sent: Scheme::Basic { nameless: false },
        first_request: Some("caller"),
        settings_page: Some("{url}/plugins/servlet/access-tokens/manage"),
        doc: "A person's password, as Basic. Failed logins may lock the account with a captcha. \
              Source: Atlassian, REST API authentication.",
    },
];

static TOKEN_KINDS: EnumTable = EnumTable {
    title: "Bitbucket Server credential kind",
    words: &[
        ("personal", "HTTP access token of a person"),
        ("project", "HTTP access token of a project"),
        ("repository", "HTTP access token of a repository"),
        ("oauth", "OAuth 2.0 access token"),
        ("password", "a person's password"),
    ],
    aliases: &[
        Alias { spelling: "personal_access_token", name: "personal", seen_in: "Bitbucket before 7.0" },
        Alias { spelling: "pat", name: "personal", seen_in: "everyday speech" },
        Alias { spelling: "http_access_token", name: "personal", seen_in: "Atlassian's documentation" },
        Alias { spelling: "project_access_token", name: "project", seen_in: "Bitbucket Cloud's kinds" },
        Alias { spelling: "repository_access_token", name: "repository", seen_in: "Bitbucket Cloud's kinds" },
        Alias { spelling: "oauth2", name: "oauth", seen_in: "Atlassian's documentation" },
        Alias { spelling: "account_password", name: "password", seen_in: "Bitbucket Cloud's kinds" },
    ],
};

static LEVELS: LevelTable = LevelTable {
    title: "Bitbucket permission level",
    levels: &[("none", &[]), ("read", &["none"]), ("write", &["read"]), ("admin", &["write"])],
    access: &[("none", "none"), ("read", "read"), ("write", "write"), ("admin", "admin")],
};

/// A token has one level for projects and one for repositories. A level on projects holds for their repositories too: a
/// token of project level `read` reads repositories, whichever of the two its record lists.
static TOKEN_PERMISSIONS: PermissionTable = PermissionTable {
    title: "Bitbucket token permission",
    levels: &LEVELS,
    permissions: &[
        Permission {
            name: "project",
            levels: &["read", "write", "admin"],
            title: "Project permissions",
            never_on: &[],
        },
        Permission {
            name: "repository",
            levels: &["read", "write", "admin"],
            title: "Repository permissions",
            never_on: &[],
        },
    ],
    aliases: &[
        Alias { spelling: "projects", name: "project", seen_in: "the token page" },
        Alias { spelling: "repositories", name: "repository", seen_in: "the token page" },
        Alias { spelling: "repo", name: "repository", seen_in: "the API's `REPO_WRITE`" },
        Alias { spelling: "pull_requests", name: "repository", seen_in: "Atlantis's page, after an old token page" },
    ],
};

static USER_KINDS: EnumTable = EnumTable {
    title: "Bitbucket account kind",
    words: &[("normal", "a person's account"), ("service", "an account that Bitbucket keeps for a token")],
    aliases: &[
        Alias { spelling: "NORMAL", name: "normal", seen_in: "Bitbucket's answers" },
        Alias { spelling: "SERVICE", name: "service", seen_in: "Bitbucket's answers" },
    ],
};

static VISIBILITIES: EnumTable = EnumTable {
    title: "Bitbucket repository visibility",
    words: &[("private", "those with permission see it"), ("public", "everybody sees it, without signing in too")],
    aliases: &[],
};

const NO_TOKEN: &str = "a password is no token";
const OAUTH_HAS_NO_RECORD: &str = "no request tells an OAuth token about itself";

const FACTS: &[Fact] = &[
    Fact {
        path: "token.kind",
        subject: Subject::Credential,
        ty: Type::Enum(&TOKEN_KINDS),
        absence: Absence::Impossible,
        origin: Origin::Asked(&[
            told(&["personal", "repository"], "caller", &Place::Header(X_AUSERNAME)),
            hidden(&["project"], "it is not known how the service account of a project's token is told from others"),
            hidden(&["oauth"], "nothing in it or in the answers tells it from other bearer tokens"),
            by_text(&["password"]),
        ]),
        doc: "What sort of credential it is. HTTP access tokens begin alike; the name of the account that they act as \
              tells a person's from a repository's.",
    },
    portable::TOKEN_LIFETIME,
    Fact {
        path: "token.permissions",
        subject: Subject::Credential,
        ty: Type::Permissions(&TOKEN_PERMISSIONS),
        absence: Absence::Empty,
        origin: Origin::Asked(&[
            told(TOKENS, "token_record", &Field(field("permissions"))),
            hidden(&["oauth"], OAUTH_HAS_NO_RECORD),
            never(&["password"], "a password has all of its owner's permissions"),
        ]),
        doc: "The levels that the token was given, for projects and for repositories. No token can do more than its \
              owner, and none carries global rights. Whether a token may read its own record is for the host to \
              decide: refused, it is unknown. Of a project's or repository's token only its administrators may.",
    },
    portable::token_expires_at(&[
        told(TOKENS, "token_record", &Field(field("expiryDate"))),
        hidden(&["oauth"], OAUTH_HAS_NO_RECORD),
        never(&["password"], NO_TOKEN),
    ]),
    portable::TOKEN_EXPIRES_IN,
    portable::token_created_at(&[
        told(TOKENS, "token_record", &Field(field("createdDate"))),
        hidden(&["oauth"], OAUTH_HAS_NO_RECORD),
        never(&["password"], NO_TOKEN),
    ]),
    portable::TOKEN_AGE,
    portable::token_last_used_at(&[
        told(TOKENS, "token_record", &Field(field("lastAuthenticated"))),
        hidden(&["oauth"], OAUTH_HAS_NO_RECORD),
        never(&["password"], NO_TOKEN),
    ]),
    portable::TOKEN_UNUSED_FOR,
    portable::token_name(&[
        told(TOKENS, "token_record", &Field(field("name"))),
        hidden(&["oauth"], OAUTH_HAS_NO_RECORD),
        never(&["password"], NO_TOKEN),
    ]),
    portable::token_active(&[told(ALL, "caller", &Place::Header(X_AUSERNAME))]),
    portable::user_username(&[told(ALL, "caller", &Place::Header(X_AUSERNAME))]),
    Fact {
        path: "user.kind",
        subject: Subject::Credential,
        ty: Type::Enum(&USER_KINDS),
        absence: Absence::Impossible,
        origin: Origin::Asked(&[told(ALL, "user", &Field(field("type")))]),
        doc: "The kind of the account: a person's, or one that Bitbucket keeps for a project's or repository's token.",
    },
    Fact {
        doc: "Whether the account is one that Bitbucket keeps for a token. A bot with an account of its own is a person \
              to Bitbucket.",
        ..portable::user_is_bot(&[told(ALL, "user", &Field(field("type")))])
    },
    portable::user_name(&[told(ALL, "user", &Field(field("displayName")))]),
    portable::host_version(&[told(ALL, "caller", &Field(field("version")))]),
    Fact {
        path: "project.permission",
        subject: Subject::Organization,
        ty: Type::Level(&LEVELS),
        absence: Absence::Level("none"),
        origin: Origin::Asked(&[told(ALL, "project_permission", &List)]),
        doc: "The permission that Bitbucket says the requesting user has on the project, through groups and global rights \
              too. It proves nothing about the token's own permissions.",
    },
    Fact {
        doc: "The repository's full name as Bitbucket gives it now, `PROJECT/NAME`; after a move not the one asked for.",
        ..portable::repository_name(&[told(ALL, "repository", &Fields(&[field("project.key"), field("slug")]))])
    },
    Fact {
        path: "repository.permission",
        subject: Subject::Repository,
        ty: Type::Level(&LEVELS),
        absence: Absence::Level("none"),
        origin: Origin::Asked(&[told(ALL, "repository_permission", &List)]),
        doc: "The permission that Bitbucket says the requesting user has on the repository, through its project, groups \
              and global rights too. It proves nothing about the token's own permissions: `repository.can` needs both. \
              Absent when nothing was granted, though a public repository can still be read.",
    },
    portable::repository_access("repository.permission"),
    portable::REPOSITORY_CAN,
    Fact {
        path: "repository.visibility",
        subject: Subject::Repository,
        ty: Type::Enum(&VISIBILITIES),
        absence: Absence::Impossible,
        origin: Origin::Asked(&[told(ALL, "repository", &Field(field("public")))]),
        doc: "Who sees the repository.",
    },
    Fact {
        path: "repository.archived",
        subject: Subject::Repository,
        ty: Type::Bool,
        absence: Absence::Impossible,
        origin: Origin::Asked(&[told(ALL, "repository", &Field(field("archived")))]),
        doc: "Whether the repository is archived, and so read-only. Versions before 8.0 archive none.",
    },
    Fact {
        path: "repository.webhooks",
        subject: Subject::Repository,
        ty: Type::Records(&WEBHOOKS),
        absence: Absence::Empty,
        origin: Origin::Asked(&[told(ALL, "repository_hooks", &List)]),
        doc: "The repository's own webhooks, not those of its project. Only administrators of the repository may list \
              them. `secret_set` is true where Bitbucket shows a secret, which goes no further, and else unknown: \
              that it always shows one is documented nowhere.",
    },
];

/// The headers that every decoder reads. Every authenticated answer has the caller's name, percent-encoded.
const HEADERS: &[Header] = &[X_AUSERNAME, X_AREQUESTID, RETRY_AFTER, LOCATION];

const REST: &str = "https://developer.atlassian.com/server/bitbucket/rest/v904/api-group-system-maintenance/";
const REST_AUTHENTICATION: &str =
    "https://developer.atlassian.com/server/bitbucket/rest/v904/api-group-authentication/";
const REST_PROJECT: &str = "https://developer.atlassian.com/server/bitbucket/rest/v904/api-group-project/";
const REST_REPOSITORY: &str = "https://developer.atlassian.com/server/bitbucket/rest/v904/api-group-repository/";

/// `/errors/*` are the host's refusals. Where a request leads to others that settle the same (the next page, the next
/// level, a name looked up), its fields are those of all of them.
const REQUESTS: &[Request] = &[
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
            &["/key", "/values/*/key", "/values/*/name", "/isLastPage", "/nextPageStart", "/errors/*/message"],
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
            &["/values/*/key", "/isLastPage", "/nextPageStart", "/errors/*/message"],
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
            &["/slug", "/project/key", "/project/public", "/public", "/archived", "/errors/*/message"],
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
            &["/values/*/slug", "/values/*/project/key", "/isLastPage", "/nextPageStart", "/errors/*/message"],
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
    // `credentials` may hold a password in clear, and is never read; of `configuration.secret` a record keeps stars.
    after(
        &["user.username"],
        get(
            "repository_hooks",
            Subject::Repository,
            "/api/1.0/projects/{owner}/repos/{name}/webhooks?limit=100",
            HEADERS,
            &[
                "/values/*/url",
                "/values/*/events",
                "/values/*/active",
                "/values/*/configuration/secret",
                "/values/*/sslVerificationRequired",
                "/isLastPage",
                "/nextPageStart",
                "/errors/*/message",
            ],
            REST_PROJECT,
        ),
    ),
];

const READS: &[&[(&str, &str)]] = &[&[("repository", "read")], &[("project", "read")]];
const WRITES: &[&[(&str, &str)]] = &[&[("repository", "write")], &[("project", "write")]];
const ADMINISTERS: &[&[(&str, &str)]] = &[&[("repository", "admin")], &[("project", "admin")]];

/// What the OpenAPI document asks for each. Everybody reads public repositories, which is less than the level `read`.
const ABILITIES: &[Ability] = &[
    Ability {
        word: "read",
        scopes: &[],
        public_scopes: &[],
        permissions: READS,
        only_way: true,
        roles: &["read"],
        on_public: OnPublic::Everything,
        writes: false,
        never_on: &[],
        doc: "`GET /projects/{projectKey}/repos/{repositorySlug}`: REPO_READ.",
    },
    Ability {
        word: "clone",
        scopes: &[],
        public_scopes: &[],
        permissions: READS,
        only_way: true,
        roles: &["read"],
        on_public: OnPublic::Everything,
        writes: false,
        never_on: &[],
        doc: "Git over HTTPS: REPO_READ.",
    },
    Ability {
        word: "comment",
        scopes: &[],
        public_scopes: &[],
        permissions: READS,
        only_way: true,
        roles: &["read"],
        on_public: OnPublic::Nothing,
        writes: true,
        never_on: &[],
        doc: "`POST …/pull-requests/{id}/comments`: REPO_READ.",
    },
    Ability {
        word: "set_status",
        scopes: &[],
        public_scopes: &[],
        permissions: READS,
        only_way: true,
        roles: &["read"],
        on_public: OnPublic::Nothing,
        writes: true,
        never_on: &[],
        doc: "`POST …/commits/{id}/builds`: REPO_READ; the older build-status resource takes any licensed user.",
    },
    Ability {
        word: "push",
        scopes: &[],
        public_scopes: &[],
        permissions: WRITES,
        only_way: true,
        roles: &["write"],
        on_public: OnPublic::Nothing,
        writes: true,
        never_on: &[],
        doc: "Git over HTTPS: REPO_WRITE.",
    },
    Ability {
        word: "merge",
        scopes: &[],
        public_scopes: &[],
        permissions: WRITES,
        only_way: true,
        roles: &["write"],
        on_public: OnPublic::Nothing,
        writes: true,
        never_on: &["project", "repository"],
        doc: "`POST …/pull-requests/{id}/merge`: REPO_WRITE, and not with the token of a project or repository.",
    },
    Ability {
        word: "manage_webhooks",
        scopes: &[],
        public_scopes: &[],
        permissions: ADMINISTERS,
        only_way: true,
        roles: &["admin"],
        on_public: OnPublic::Nothing,
        writes: false,
        never_on: &[],
        doc: "`…/repos/{repositorySlug}/webhooks`: REPO_ADMIN.",
    },
    Ability {
        word: "administer",
        scopes: &[],
        public_scopes: &[],
        permissions: ADMINISTERS,
        only_way: true,
        roles: &["admin"],
        on_public: OnPublic::Nothing,
        writes: false,
        never_on: &[],
        doc: "`…/repos/{repositorySlug}/permissions`: REPO_ADMIN.",
    },
];
