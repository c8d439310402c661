//! What Bitbucket Server knows: Server and Data Center, formerly Stash.
//!
//! The API's base is `{url}/rest/api/latest`, where `{url}` may have a path. Every authenticated answer, errors too, names
//! the caller in `X-AUSERNAME`: a 401 with it is a missing permission, one without it a refused credential. Access tokens
//! work below `/rest` and `/scm` alone. Sources are Atlassian's OpenAPI document of 9.4, its documentation and recorded
//! answers.

use super::portable;
use super::row::{
    Ability, Absence, Alias, CredentialKind, EnumTable, Fact, Host, HostKind, LevelTable, Lifetime, Listing,
    ListingShape, OnPublic, Origin, Permission, PermissionTable, Request, Subject, Type,
};
use super::rows::{WEBHOOKS, by_text, get, hidden, lists, never, told};

/// Bitbucket Server.
pub(super) static HOST: Host = Host {
    kind: HostKind::BitbucketServer,
    word: "bitbucket_server",
    title: "Bitbucket Server",
    public_url: None,
    repository_word: "repository",
    kinds: KINDS,
    facts: FACTS,
    requests: REQUESTS,
    abilities: ABILITIES,
    collected: false,
};

const ALL: &[&str] = &["personal", "project", "repository", "oauth", "password"];
/// The kinds that act as a person.
const PEOPLE: &[&str] = &["personal", "oauth", "password"];
/// The tokens of a project or repository: a hidden service account stands for all of one resource.
const RESOURCES: &[&str] = &["project", "repository"];

const KINDS: &[CredentialKind] = &[
    CredentialKind {
        word: "personal",
        title: "personal HTTP access token",
        prefixes: &["BBDC-"],
        lifetime: Some(Lifetime::Standing),
        has_user: true,
        unlimited: false,
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
const ADMINS_READ_IT: &str = "only administrators of its project or repository may read such a token's record";
const OAUTH_HAS_NO_RECORD: &str = "no request tells an OAuth token about itself";
const SERVICE_ACCOUNT: &str =
    "such a token acts as a service account; what Bitbucket tells of its permission is not known";

const FACTS: &[Fact] = &[
    Fact {
        path: "token.kind",
        subject: Subject::Credential,
        ty: Type::Enum(&TOKEN_KINDS),
        absence: Absence::Impossible,
        origin: Origin::Asked(&[
            told(&["personal", "repository"], "caller", "header X-AUSERNAME"),
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
            told(&["personal"], "token_record", "field permissions"),
            hidden(RESOURCES, ADMINS_READ_IT),
            hidden(&["oauth"], OAUTH_HAS_NO_RECORD),
            never(&["password"], "a password has all of its owner's permissions"),
        ]),
        doc: "The levels that the token was given, for projects and for repositories. No token can do more than its \
              owner, and none carries global rights. Whether a token may read its own record is for the host to \
              decide: refused, it is unknown.",
    },
    portable::token_expires_at(&[
        told(&["personal"], "token_record", "field expiryDate"),
        hidden(RESOURCES, ADMINS_READ_IT),
        hidden(&["oauth"], OAUTH_HAS_NO_RECORD),
        never(&["password"], NO_TOKEN),
    ]),
    portable::TOKEN_EXPIRES_IN,
    portable::token_created_at(&[
        told(&["personal"], "token_record", "field createdDate"),
        hidden(RESOURCES, ADMINS_READ_IT),
        hidden(&["oauth"], OAUTH_HAS_NO_RECORD),
        never(&["password"], NO_TOKEN),
    ]),
    portable::TOKEN_AGE,
    portable::token_last_used_at(&[
        told(&["personal"], "token_record", "field lastAuthenticated"),
        hidden(RESOURCES, ADMINS_READ_IT),
        hidden(&["oauth"], OAUTH_HAS_NO_RECORD),
        never(&["password"], NO_TOKEN),
    ]),
    portable::TOKEN_UNUSED_FOR,
    portable::token_name(&[
        told(&["personal"], "token_record", "field name"),
        hidden(RESOURCES, ADMINS_READ_IT),
        hidden(&["oauth"], OAUTH_HAS_NO_RECORD),
        never(&["password"], NO_TOKEN),
    ]),
    portable::token_active(&[told(ALL, "caller", "header X-AUSERNAME")]),
    portable::user_username(&[told(ALL, "caller", "header X-AUSERNAME")]),
    Fact {
        path: "user.kind",
        subject: Subject::Credential,
        ty: Type::Enum(&USER_KINDS),
        absence: Absence::Impossible,
        origin: Origin::Asked(&[told(ALL, "user", "field type")]),
        doc: "The kind of the account: a person's, or one that Bitbucket keeps for a project's or repository's token.",
    },
    Fact {
        doc: "Whether the account is one that Bitbucket keeps for a token. A bot with an account of its own is a person \
              to Bitbucket.",
        ..portable::user_is_bot(&[told(ALL, "user", "field type")])
    },
    portable::user_name(&[told(ALL, "user", "field displayName")]),
    portable::host_version(&[told(ALL, "properties", "field version")]),
    Fact {
        path: "project.permission",
        subject: Subject::Organization,
        ty: Type::Level(&LEVELS),
        absence: Absence::Level("none"),
        origin: Origin::Asked(&[told(PEOPLE, "project_permission", "the list"), hidden(RESOURCES, SERVICE_ACCOUNT)]),
        doc: "The user's permission on the project, through groups and global rights too. It is not reduced by the \
              token's permissions.",
    },
    Fact {
        doc: "The repository's full name as Bitbucket gives it now, `PROJECT/NAME`; after a move not the one asked for.",
        ..portable::repository_name(&[told(ALL, "repository", "fields project.key and slug")])
    },
    Fact {
        path: "repository.permission",
        subject: Subject::Repository,
        ty: Type::Level(&LEVELS),
        absence: Absence::Level("none"),
        origin: Origin::Asked(&[told(PEOPLE, "repository_permission", "the list"), hidden(RESOURCES, SERVICE_ACCOUNT)]),
        doc: "The user's permission on the repository, through its project, groups and global rights too. It is not \
              reduced by the token's permissions. Absent when nothing was granted, though a public repository can \
              still be read.",
    },
    portable::repository_access("repository.permission"),
    portable::REPOSITORY_CAN,
    Fact {
        path: "repository.visibility",
        subject: Subject::Repository,
        ty: Type::Enum(&VISIBILITIES),
        absence: Absence::Impossible,
        origin: Origin::Asked(&[told(ALL, "repository", "field public")]),
        doc: "Who sees the repository.",
    },
    Fact {
        path: "repository.archived",
        subject: Subject::Repository,
        ty: Type::Bool,
        absence: Absence::Impossible,
        origin: Origin::Asked(&[told(ALL, "repository", "field archived")]),
        doc: "Whether the repository is archived, and so read-only. Older versions do not tell.",
    },
    Fact {
        path: "repository.webhooks",
        subject: Subject::Repository,
        ty: Type::Records(&WEBHOOKS),
        absence: Absence::Empty,
        origin: Origin::Asked(&[told(ALL, "repository_hooks", "the list")]),
        doc: "The repository's own webhooks, not those of its project. Only administrators of the repository may list \
              them. `secret_set` is unknown: Bitbucket may show the secret itself, and credcheck does not read it.",
    },
];

/// The headers that every decoder reads. Every authenticated answer has the caller's name, percent-encoded.
const HEADERS: &[&str] = &["x-ausername", "x-arequestid", "retry-after", "location"];

/// `/errors/*` are the host's refusals.
const REQUESTS: &[Request] = &[
    get(
        "caller",
        Subject::Credential,
        "/projects?limit=1",
        HEADERS,
        &["/errors/*/message", "/errors/*/exceptionName"],
        "https://developer.atlassian.com/server/bitbucket/rest/v904/api-group-project/",
    ),
    get(
        "user",
        Subject::Credential,
        "/users/{user}",
        HEADERS,
        &["/id", "/name", "/slug", "/displayName", "/active", "/type", "/errors/*/message", "/errors/*/exceptionName"],
        "https://developer.atlassian.com/server/bitbucket/rest/v904/api-group-system-maintenance/",
    ),
    get(
        "token_record",
        Subject::Credential,
        "{url}/rest/access-tokens/latest/users/{user}/{token_id}",
        HEADERS,
        &[
            "/id",
            "/name",
            "/permissions",
            "/createdDate",
            "/lastAuthenticated",
            "/expiryDate",
            "/errors/*/message",
            "/errors/*/exceptionName",
        ],
        "https://developer.atlassian.com/server/bitbucket/rest/v904/api-group-authentication/",
    ),
    get(
        "properties",
        Subject::Credential,
        "/application-properties",
        HEADERS,
        &["/version", "/displayName"],
        "https://developer.atlassian.com/server/bitbucket/rest/v904/api-group-system-maintenance/",
    ),
    lists(
        get(
            "repositories",
            Subject::Credential,
            "/repos?limit=100",
            HEADERS,
            &["/values/*/slug", "/values/*/project/key", "/isLastPage", "/nextPageStart"],
            "https://developer.atlassian.com/server/bitbucket/rest/v904/api-group-repository/",
        ),
        Listing { kinds: ALL, shape: ListingShape::In("values"), pages: 10 },
    ),
    // Who has the level: the caller is looked for among the answers by its exact name. Any caller may ask.
    get(
        "project_permission",
        Subject::Organization,
        "/users?filter={user}&permission={level}&permission.projectKey={organization}&limit=100",
        HEADERS,
        &["/values/*/name", "/isLastPage", "/nextPageStart", "/errors/*/message", "/errors/*/exceptionName"],
        "https://developer.atlassian.com/server/bitbucket/rest/v904/api-group-system-maintenance/",
    ),
    get(
        "repository",
        Subject::Repository,
        "/projects/{owner}/repos/{name}",
        HEADERS,
        &["/id", "/slug", "/project/key", "/public", "/archived", "/errors/*/message", "/errors/*/exceptionName"],
        "https://developer.atlassian.com/server/bitbucket/rest/v904/api-group-project/",
    ),
    get(
        "repository_permission",
        Subject::Repository,
        "/users?filter={user}&permission={level}&permission.projectKey={owner}&permission.repositorySlug={name}&limit=100",
        HEADERS,
        &["/values/*/name", "/isLastPage", "/nextPageStart", "/errors/*/message", "/errors/*/exceptionName"],
        "https://developer.atlassian.com/server/bitbucket/rest/v904/api-group-system-maintenance/",
    ),
    // `configuration` and `credentials` may hold secrets in clear, and are never read.
    get(
        "repository_hooks",
        Subject::Repository,
        "/projects/{owner}/repos/{name}/webhooks?limit=100",
        HEADERS,
        &[
            "/values/*/id",
            "/values/*/name",
            "/values/*/url",
            "/values/*/events",
            "/values/*/active",
            "/values/*/scopeType",
            "/values/*/sslVerificationRequired",
            "/isLastPage",
            "/nextPageStart",
            "/errors/*/message",
            "/errors/*/exceptionName",
        ],
        "https://developer.atlassian.com/server/bitbucket/rest/v904/api-group-project/",
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
