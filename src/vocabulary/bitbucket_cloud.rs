//! What Bitbucket Cloud knows: bitbucket.org.
//!
//! The API's base is `https://api.bitbucket.org/2.0`. Two scope languages live side by side: the words of OAuth and of
//! access tokens imply others, those of API tokens imply nothing. Sources are Atlassian's OpenAPI document (July 2026), its
//! support pages and recorded answers.

use super::names::{Name, NameTable};
use super::portable;
use super::row::{
    Ability, Absence, Alias, CredentialKind, EnumTable, Fact, Host, HostKind, LevelTable, Lifetime, Listing,
    ListingShape, OnPublic, Origin, Request, Subject, Type,
};
use super::rows::{WEBHOOKS, by_text, get, hidden, lists, never, told};

/// Bitbucket Cloud.
pub(super) static HOST: Host = Host {
    kind: HostKind::BitbucketCloud,
    word: "bitbucket_cloud",
    title: "Bitbucket Cloud",
    public_url: Some("https://bitbucket.org"),
    repository_word: "repository",
    kinds: KINDS,
    facts: FACTS,
    requests: REQUESTS,
    proofs: &[],
    abilities: ABILITIES,
    collected: false,
};

/// The tokens of a repository, project or workspace: no user stands behind them.
const ACCESS_TOKENS: &[&str] = &["repository_access_token", "project_access_token", "workspace_access_token"];
/// The kinds that act as a person.
const PEOPLE: &[&str] = &["api_token", "oauth"];
/// The kinds that the host still takes.
const LIVE: &[&str] =
    &["api_token", "repository_access_token", "project_access_token", "workspace_access_token", "oauth"];
/// The kinds that it does not take any more.
const DEAD: &[&str] = &["app_password", "account_password"];

const KINDS: &[CredentialKind] = &[
    CredentialKind {
        word: "app_password",
        title: "app password",
        prefixes: &["ATBB"],
        lifetime: Some(Lifetime::Standing),
        has_user: true,
        unlimited: false,
        first_request: Some("user"),
        settings_page: Some("https://id.atlassian.com/manage-profile/security/api-tokens"),
        doc: "None can be made since 9 September 2025, and Atlassian removed them on 28 July 2026: use an API token. \
              Source: Atlassian's announcements of 2025 and 2026.",
    },
    CredentialKind {
        word: "api_token",
        title: "API token",
        prefixes: &["ATATT3"],
        lifetime: Some(Lifetime::Standing),
        has_user: true,
        unlimited: false,
        first_request: Some("user"),
        settings_page: Some("https://id.atlassian.com/manage-profile/security/api-tokens"),
        doc: "A person's token, sent as Basic with the Atlassian e-mail address as user. Jira and Confluence tokens, and \
              those without scopes, begin alike. Expires within a year. Source: Atlassian support, API tokens.",
    },
    CredentialKind {
        word: "repository_access_token",
        title: "repository access token",
        prefixes: &["ATCTT3"],
        lifetime: Some(Lifetime::Standing),
        has_user: false,
        unlimited: false,
        first_request: Some("user"),
        settings_page: None,
        doc: "The token of one repository, sent as Bearer; made in the repository's settings. `/user` refuses it with a \
              403 that shows its kind and scopes. Source: Bitbucket Cloud REST documentation, Authentication.",
    },
    CredentialKind {
        word: "project_access_token",
        title: "project access token",
        prefixes: &["ATCTT3"],
        lifetime: Some(Lifetime::Standing),
        has_user: false,
        unlimited: false,
        first_request: Some("user"),
        settings_page: None,
        doc: "The token of one project (Premium), sent as Bearer. \
              Source: Bitbucket Cloud REST documentation, Authentication.",
    },
    CredentialKind {
        word: "workspace_access_token",
        title: "workspace access token",
        prefixes: &["ATCTT3"],
        lifetime: Some(Lifetime::Standing),
        has_user: false,
        unlimited: false,
        first_request: Some("user"),
        settings_page: None,
        doc: "The token of one workspace (Premium), sent as Bearer. \
              Source: Bitbucket Cloud REST documentation, Authentication.",
    },
    CredentialKind {
        word: "oauth",
        title: "OAuth access token",
        prefixes: &[],
        lifetime: Some(Lifetime::ShortLived),
        has_user: true,
        unlimited: false,
        first_request: Some("user"),
        settings_page: None,
        doc: "An OAuth consumer's token, good for an hour or two, sent as Bearer; taken at api.bitbucket.org alone since \
              May 2026. Source: Bitbucket Cloud REST documentation, OAuth 2.0.",
    },
    CredentialKind {
        word: "account_password",
        title: "account password",
        prefixes: &[],
        lifetime: Some(Lifetime::Standing),
        has_user: true,
        unlimited: false,
        first_request: None,
        settings_page: Some("https://id.atlassian.com/manage-profile/security/api-tokens"),
        doc: "The password of an Atlassian account. Neither the API nor Git takes it since 1 March 2022. \
              Source: bitbucket.org/blog, Deprecating Atlassian account password for Bitbucket API and Git activity.",
    },
];

static TOKEN_KINDS: EnumTable = EnumTable {
    title: "Bitbucket Cloud credential kind",
    words: &[
        ("app_password", "app password, removed in July 2026"),
        ("api_token", "API token of an Atlassian account"),
        ("repository_access_token", "access token of a repository"),
        ("project_access_token", "access token of a project"),
        ("workspace_access_token", "access token of a workspace"),
        ("oauth", "OAuth access token"),
        ("account_password", "password of an account"),
    ],
    aliases: &[
        Alias { spelling: "apppassword", name: "app_password", seen_in: "the header X-Credential-Type" },
        Alias {
            spelling: "repo_access_token",
            name: "repository_access_token",
            seen_in: "the header X-Credential-Type",
        },
        Alias { spelling: "repository", name: "repository_access_token", seen_in: "Bitbucket Server's kinds" },
        Alias { spelling: "project", name: "project_access_token", seen_in: "Bitbucket Server's kinds" },
        Alias { spelling: "workspace", name: "workspace_access_token", seen_in: "everyday speech" },
        Alias { spelling: "oauth_token", name: "oauth", seen_in: "Atlassian's documentation" },
        Alias { spelling: "password", name: "account_password", seen_in: "Bitbucket Server's kinds" },
    ],
};

/// Both scope languages. Only documented implications: `repository:admin` and `project:admin` imply nothing, and what
/// `pipeline:write` or `runner:write` imply is not documented.
static SCOPES: NameTable = NameTable {
    singular: "scope",
    plural: "scopes",
    words: false,
    names: &[
        // The words of OAuth consumers and of access tokens.
        Name { name: "account", implies: &[], doc: "read the profile; of workspaces users, permissions and projects" },
        Name { name: "account:write", implies: &[], doc: "change the profile" },
        Name { name: "email", implies: &[], doc: "read the primary e-mail address" },
        Name { name: "team", implies: &[], doc: "historic: workspace membership" },
        Name { name: "team:write", implies: &[], doc: "historic: change workspace membership" },
        Name { name: "project", implies: &["repository"], doc: "see projects" },
        Name { name: "project:write", implies: &[], doc: "deprecated: replaced by `project:admin`" },
        Name { name: "project:admin", implies: &[], doc: "create, change and delete projects; no reading" },
        Name { name: "repository", implies: &[], doc: "read and clone repositories" },
        Name { name: "repository:write", implies: &["repository"], doc: "push and fork" },
        Name { name: "repository:admin", implies: &[], doc: "settings, permissions, hooks; neither read nor push" },
        Name { name: "repository:delete", implies: &[], doc: "delete repositories" },
        Name { name: "pullrequest", implies: &["repository"], doc: "read pull requests and comment on them" },
        Name {
            name: "pullrequest:write",
            implies: &["pullrequest", "repository:write"],
            doc: "create, approve, decline and merge pull requests",
        },
        Name { name: "webhook", implies: &[], doc: "list, create, change and delete webhooks" },
        Name { name: "pipeline", implies: &[], doc: "read pipelines" },
        Name { name: "pipeline:write", implies: &[], doc: "run pipelines" },
        Name { name: "pipeline:variable", implies: &[], doc: "set the variables of pipelines" },
        Name { name: "runner", implies: &[], doc: "read runners" },
        Name { name: "runner:write", implies: &[], doc: "manage runners" },
        Name { name: "issue", implies: &[], doc: "read issues; the tracker ended in August 2026" },
        Name { name: "issue:write", implies: &["issue"], doc: "change issues; the tracker ended in August 2026" },
        Name { name: "wiki", implies: &[], doc: "wikis; they ended in August 2026" },
        Name { name: "snippet", implies: &[], doc: "read snippets" },
        Name { name: "snippet:write", implies: &["snippet"], doc: "change snippets" },
        Name { name: "test", implies: &[], doc: "read test reports" },
        Name { name: "test:write", implies: &[], doc: "write test reports" },
        // The words of API tokens: none implies another.
        Name { name: "read:repository:bitbucket", implies: &[], doc: "read and clone repositories; set statuses" },
        Name { name: "write:repository:bitbucket", implies: &[], doc: "push and fork; no reading" },
        Name {
            name: "admin:repository:bitbucket",
            implies: &[],
            doc: "create repositories, see permissions, restrict branches; does not change permissions",
        },
        Name { name: "delete:repository:bitbucket", implies: &[], doc: "delete repositories" },
        Name { name: "read:pullrequest:bitbucket", implies: &[], doc: "read pull requests and comment on them" },
        Name {
            name: "write:pullrequest:bitbucket",
            implies: &[],
            doc: "create, approve, decline and merge pull requests; no reading",
        },
        Name { name: "read:project:bitbucket", implies: &[], doc: "see projects" },
        Name { name: "admin:project:bitbucket", implies: &[], doc: "create, change and delete projects" },
        Name { name: "read:workspace:bitbucket", implies: &[], doc: "see workspaces and membership" },
        Name { name: "admin:workspace:bitbucket", implies: &[], doc: "administer workspaces" },
        Name { name: "read:user:bitbucket", implies: &[], doc: "read the profile and the e-mail addresses" },
        Name { name: "write:user:bitbucket", implies: &[], doc: "change the profile" },
        Name { name: "read:pipeline:bitbucket", implies: &[], doc: "read pipelines" },
        Name { name: "write:pipeline:bitbucket", implies: &[], doc: "run pipelines" },
        Name { name: "admin:pipeline:bitbucket", implies: &[], doc: "configure pipelines and their variables" },
        Name { name: "read:runner:bitbucket", implies: &[], doc: "read runners" },
        Name { name: "write:runner:bitbucket", implies: &[], doc: "manage runners" },
        Name { name: "read:issue:bitbucket", implies: &[], doc: "read issues" },
        Name { name: "write:issue:bitbucket", implies: &[], doc: "change issues" },
        Name { name: "delete:issue:bitbucket", implies: &[], doc: "delete issues" },
        Name { name: "read:webhook:bitbucket", implies: &[], doc: "list webhooks" },
        Name { name: "write:webhook:bitbucket", implies: &[], doc: "create and change webhooks" },
        Name { name: "delete:webhook:bitbucket", implies: &[], doc: "delete webhooks" },
        Name { name: "read:snippet:bitbucket", implies: &[], doc: "read snippets" },
        Name { name: "write:snippet:bitbucket", implies: &[], doc: "change snippets" },
        Name { name: "delete:snippet:bitbucket", implies: &[], doc: "delete snippets" },
        Name { name: "read:ssh-key:bitbucket", implies: &[], doc: "read SSH keys" },
        Name { name: "write:ssh-key:bitbucket", implies: &[], doc: "add SSH keys" },
        Name { name: "delete:ssh-key:bitbucket", implies: &[], doc: "delete SSH keys" },
        Name { name: "read:gpg-key:bitbucket", implies: &[], doc: "read GPG keys" },
        Name { name: "write:gpg-key:bitbucket", implies: &[], doc: "add GPG keys" },
        Name { name: "delete:gpg-key:bitbucket", implies: &[], doc: "delete GPG keys" },
        Name { name: "read:permission:bitbucket", implies: &[], doc: "read who has access" },
        Name { name: "write:permission:bitbucket", implies: &[], doc: "change who has access" },
        Name { name: "delete:permission:bitbucket", implies: &[], doc: "take access away" },
        Name { name: "write:package:bitbucket", implies: &[], doc: "write packages" },
        Name { name: "read:account", implies: &[], doc: "read the Atlassian account" },
        Name { name: "read:me", implies: &[], doc: "read the Atlassian account's profile" },
    ],
    aliases: &[
        Alias {
            spelling: "repository:read",
            name: "repository",
            seen_in: "third-party guides, after the settings page",
        },
        Alias {
            spelling: "pullrequest:read",
            name: "pullrequest",
            seen_in: "third-party guides, after the settings page",
        },
        Alias { spelling: "pullrequests", name: "pullrequest", seen_in: "the settings page" },
        Alias { spelling: "pullrequests:write", name: "pullrequest:write", seen_in: "the settings page" },
        Alias { spelling: "account:read", name: "account", seen_in: "third-party guides, after the settings page" },
        Alias { spelling: "project:read", name: "project", seen_in: "third-party guides, after the settings page" },
        Alias { spelling: "webhook:write", name: "webhook", seen_in: "third-party guides, after the settings page" },
        Alias { spelling: "read:repository", name: "read:repository:bitbucket", seen_in: "guides that shorten it" },
        Alias { spelling: "write:repository", name: "write:repository:bitbucket", seen_in: "guides that shorten it" },
        Alias { spelling: "admin:repository", name: "admin:repository:bitbucket", seen_in: "guides that shorten it" },
        Alias { spelling: "read:pullrequest", name: "read:pullrequest:bitbucket", seen_in: "guides that shorten it" },
        Alias { spelling: "write:pullrequest", name: "write:pullrequest:bitbucket", seen_in: "guides that shorten it" },
        Alias { spelling: "read:user", name: "read:user:bitbucket", seen_in: "guides that shorten it" },
        Alias { spelling: "read:workspace", name: "read:workspace:bitbucket", seen_in: "guides that shorten it" },
        Alias { spelling: "read:project", name: "read:project:bitbucket", seen_in: "guides that shorten it" },
        Alias { spelling: "read:webhook", name: "read:webhook:bitbucket", seen_in: "guides that shorten it" },
        Alias { spelling: "write:webhook", name: "write:webhook:bitbucket", seen_in: "guides that shorten it" },
    ],
};

static ROLES: LevelTable = LevelTable {
    title: "Bitbucket repository permission",
    levels: &[("none", &[]), ("read", &["none"]), ("write", &["read"]), ("admin", &["write"])],
    access: &[("none", "none"), ("read", "read"), ("write", "write"), ("admin", "admin")],
};

static WORKSPACE_ROLES: EnumTable = EnumTable {
    title: "Bitbucket workspace role",
    words: &[
        ("owner", "administers the workspace"),
        ("create_project", "a member who may create projects"),
        ("member", "a member"),
        ("collaborator", "historic: works on some repositories without being a member"),
    ],
    aliases: &[
        Alias { spelling: "create-project", name: "create_project", seen_in: "Bitbucket's answers" },
        Alias { spelling: "admin", name: "owner", seen_in: "the settings page" },
    ],
};

static VISIBILITIES: EnumTable = EnumTable {
    title: "Bitbucket repository visibility",
    words: &[("private", "those with permission see it"), ("public", "everybody sees it")],
    aliases: &[],
};

const REMOVED: &str = "Bitbucket Cloud does not take such a credential any more";
const NO_USER: &str = "no user stands behind an access token";
const USER_IS_CLOSED: &str = "Bitbucket refuses to tell access tokens who they are";
const NO_REQUEST: &str = "no request of Bitbucket Cloud tells it";

const FACTS: &[Fact] = &[
    Fact {
        path: "token.kind",
        subject: Subject::Credential,
        ty: Type::Enum(&TOKEN_KINDS),
        absence: Absence::Impossible,
        origin: Origin::Asked(&[
            by_text(&["app_password"]),
            told(
                &["api_token", "repository_access_token", "project_access_token", "workspace_access_token"],
                "user",
                "header X-Credential-Type",
            ),
            hidden(&["oauth"], "it is not known how Bitbucket's answers name an OAuth token"),
            hidden(&["account_password"], REMOVED),
        ]),
        doc: "What sort of credential it is. The three access tokens begin alike; the header tells them apart.",
    },
    portable::TOKEN_LIFETIME,
    Fact {
        path: "token.scopes",
        subject: Subject::Credential,
        ty: Type::Names(&SCOPES),
        absence: Absence::Empty,
        origin: Origin::Asked(&[
            told(
                &["api_token", "repository_access_token", "project_access_token", "workspace_access_token"],
                "user",
                "header X-OAuth-Scopes",
            ),
            hidden(&["oauth"], "it is not known whether Bitbucket's answers list the scopes of an OAuth token"),
            hidden(&["app_password"], REMOVED),
            never(&["account_password"], "a password has no scopes"),
        ]),
        doc: "The scopes that the credential was given, in the words of its kind: API tokens have their own, which imply \
              nothing. An answer without the header leaves them unknown.",
    },
    portable::token_expires_at(&[
        hidden(&["api_token"], "an API token expires within a year, and no request tells when"),
        hidden(ACCESS_TOKENS, "no request tells whether and when an access token expires"),
        hidden(&["oauth"], "Bitbucket tells the expiry of an OAuth token only when it is made"),
        hidden(&["app_password"], REMOVED),
        never(&["account_password"], "a password does not expire"),
    ]),
    portable::TOKEN_EXPIRES_IN,
    portable::token_created_at(&[hidden(LIVE, NO_REQUEST), hidden(DEAD, REMOVED)]),
    portable::TOKEN_AGE,
    portable::token_last_used_at(&[hidden(LIVE, NO_REQUEST), hidden(DEAD, REMOVED)]),
    portable::TOKEN_UNUSED_FOR,
    portable::token_name(&[
        hidden(LIVE, NO_REQUEST),
        hidden(&["app_password"], REMOVED),
        never(&["account_password"], "a password has no name"),
    ]),
    portable::token_active(&[
        told(LIVE, "user", "status of the answer"),
        told(&["app_password"], "user", "status of the answer"),
        hidden(&["account_password"], REMOVED),
    ]),
    Fact {
        doc: "The nickname of the account, as Bitbucket shows it; login names are not part of its API any more.",
        ..portable::user_username(&[
            told(PEOPLE, "user", "field nickname"),
            hidden(ACCESS_TOKENS, USER_IS_CLOSED),
            hidden(DEAD, REMOVED),
        ])
    },
    portable::user_is_bot(&[
        hidden(PEOPLE, "Bitbucket Cloud does not mark the accounts of bots"),
        never(ACCESS_TOKENS, NO_USER),
        hidden(DEAD, REMOVED),
    ]),
    portable::user_name(&[
        told(PEOPLE, "user", "field display_name"),
        hidden(ACCESS_TOKENS, USER_IS_CLOSED),
        hidden(DEAD, REMOVED),
    ]),
    Fact {
        path: "user.email",
        subject: Subject::Credential,
        ty: Type::String,
        absence: Absence::NoValue,
        origin: Origin::Asked(&[
            told(PEOPLE, "user_emails", "field email of the primary one"),
            never(ACCESS_TOKENS, NO_USER),
            hidden(DEAD, REMOVED),
        ]),
        doc: "The account's primary e-mail address, with which an API token signs in.",
    },
    portable::host_version(&[never(LIVE, "Bitbucket Cloud has no version"), hidden(DEAD, REMOVED)]),
    portable::repository_name(&[told(LIVE, "repository", "field full_name"), hidden(DEAD, REMOVED)]),
    Fact {
        path: "repository.permission",
        subject: Subject::Repository,
        ty: Type::Level(&ROLES),
        absence: Absence::Level("none"),
        origin: Origin::Asked(&[
            told(PEOPLE, "repository_permission", "field permission"),
            never(ACCESS_TOKENS, NO_USER),
            hidden(DEAD, REMOVED),
        ]),
        doc: "The user's permission on the repository, through groups too. It is not reduced by the token's scopes. \
              Absent when nothing was granted, though a public repository can still be read.",
    },
    portable::repository_access("repository.permission"),
    portable::REPOSITORY_CAN,
    Fact {
        path: "repository.visibility",
        subject: Subject::Repository,
        ty: Type::Enum(&VISIBILITIES),
        absence: Absence::Impossible,
        origin: Origin::Asked(&[told(LIVE, "repository", "field is_private"), hidden(DEAD, REMOVED)]),
        doc: "Who sees the repository.",
    },
    Fact {
        path: "repository.webhooks",
        subject: Subject::Repository,
        ty: Type::Records(&WEBHOOKS),
        absence: Absence::Empty,
        origin: Origin::Asked(&[told(LIVE, "repository_hooks", "the list"), hidden(DEAD, REMOVED)]),
        doc: "The repository's own webhooks, not those of its workspace. Takes the scope `webhook` or \
              `read:webhook:bitbucket`.",
    },
    Fact {
        path: "workspace.role",
        subject: Subject::Organization,
        ty: Type::Enum(&WORKSPACE_ROLES),
        absence: Absence::NoValue,
        origin: Origin::Asked(&[
            told(PEOPLE, "workspace_permission", "field permission"),
            never(ACCESS_TOKENS, NO_USER),
            hidden(DEAD, REMOVED),
        ]),
        doc: "The user's role in the workspace. Absent when the user is no member.",
    },
];

/// The headers that every decoder reads: what the credential is, why it is refused, when to ask again.
const HEADERS: &[&str] = &[
    "x-credential-type",
    "x-oauth-scopes",
    "x-accepted-oauth-scopes",
    "www-authenticate",
    "x-ratelimit-limit",
    "x-ratelimit-nearlimit",
    "retry-after",
    "location",
];

const REQUESTS: &[Request] = &[
    get(
        "user",
        Subject::Credential,
        "/user",
        HEADERS,
        &[
            "/uuid",
            "/account_id",
            "/nickname",
            "/display_name",
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
            "/values/*/is_confirmed",
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
            &["/values/*/full_name", "/next", "/error/message"],
            "https://developer.atlassian.com/cloud/bitbucket/rest/api-group-repositories/",
        ),
        Listing { kinds: LIVE, shape: ListingShape::In("values"), pages: 10 },
    ),
    get(
        "repository",
        Subject::Repository,
        "/repositories/{owner}/{name}",
        HEADERS,
        &["/uuid", "/full_name", "/is_private", "/error/message", "/error/detail/granted", "/error/detail/required"],
        "https://developer.atlassian.com/cloud/bitbucket/rest/api-group-repositories/",
    ),
    // The filter is one that clients use and no page documents: where it is refused, or answers another repository, the
    // whole list is read. Names are compared exactly either way.
    get(
        "repository_permission",
        Subject::Repository,
        "/user/workspaces/{owner}/permissions/repositories?q=repository.full_name%3D%22{owner}%2F{name}%22&pagelen=100",
        HEADERS,
        &[
            "/values/*/permission",
            "/values/*/repository/full_name",
            "/next",
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
        &[
            "/values/*/uuid",
            "/values/*/url",
            "/values/*/active",
            "/values/*/events",
            "/values/*/secret_set",
            "/values/*/skip_cert_verification",
            "/next",
            "/error/message",
            "/error/detail/granted",
            "/error/detail/required",
        ],
        "https://developer.atlassian.com/cloud/bitbucket/rest/api-group-repositories/",
    ),
    get(
        "workspace_permission",
        Subject::Organization,
        "/user/workspaces/{organization}/permission",
        HEADERS,
        &["/permission", "/error/message", "/error/detail/granted", "/error/detail/required"],
        "https://developer.atlassian.com/cloud/bitbucket/rest/api-group-workspaces/",
    ),
];

/// What the OpenAPI document asks for each. Where it is not known that a lower role suffices, the higher one stands.
const ABILITIES: &[Ability] = &[
    Ability {
        word: "read",
        scopes: &[&["repository"], &["read:repository:bitbucket"]],
        public_scopes: &[],
        permissions: &[],
        only_way: true,
        roles: &["read"],
        on_public: OnPublic::Everything,
        writes: false,
        never_on: &[],
        doc: "`GET /repositories/{workspace}/{repo_slug}`.",
    },
    Ability {
        word: "clone",
        scopes: &[&["repository"], &["read:repository:bitbucket"]],
        public_scopes: &[],
        permissions: &[],
        only_way: true,
        roles: &["read"],
        on_public: OnPublic::Everything,
        writes: false,
        never_on: &[],
        doc: "Git over HTTPS.",
    },
    Ability {
        word: "comment",
        scopes: &[&["pullrequest"], &["read:pullrequest:bitbucket"]],
        public_scopes: &[],
        permissions: &[],
        only_way: true,
        roles: &["read"],
        on_public: OnPublic::Nothing,
        writes: true,
        never_on: &[],
        doc: "`POST …/pullrequests/{id}/comments`: reading scopes suffice.",
    },
    Ability {
        word: "set_status",
        scopes: &[&["repository"], &["read:repository:bitbucket"]],
        public_scopes: &[],
        permissions: &[],
        only_way: false,
        roles: &["write"],
        on_public: OnPublic::Nothing,
        writes: true,
        never_on: &[],
        doc: "`POST …/commit/{sha}/statuses/build`: a reading scope suffices; whether the user needs more than `read` is \
              not documented.",
    },
    Ability {
        word: "push",
        scopes: &[&["repository:write"], &["read:repository:bitbucket", "write:repository:bitbucket"]],
        public_scopes: &[],
        permissions: &[],
        only_way: true,
        roles: &["write"],
        on_public: OnPublic::Nothing,
        writes: true,
        never_on: &[],
        doc: "Git over HTTPS.",
    },
    Ability {
        word: "merge",
        scopes: &[&["pullrequest:write"], &["read:pullrequest:bitbucket", "write:pullrequest:bitbucket"]],
        public_scopes: &[],
        permissions: &[],
        only_way: true,
        roles: &["write"],
        on_public: OnPublic::Nothing,
        writes: true,
        never_on: &[],
        doc: "`POST …/pullrequests/{id}/merge`.",
    },
    Ability {
        word: "manage_webhooks",
        scopes: &[&["webhook"], &["read:webhook:bitbucket", "write:webhook:bitbucket"]],
        public_scopes: &[],
        permissions: &[],
        only_way: false,
        roles: &["admin"],
        on_public: OnPublic::Nothing,
        writes: false,
        never_on: &[],
        doc: "`/repositories/{workspace}/{repo_slug}/hooks`; whether less than `admin` suffices is not documented.",
    },
    Ability {
        word: "administer",
        scopes: &[&["repository:admin"], &["admin:repository:bitbucket"]],
        public_scopes: &[],
        permissions: &[],
        only_way: true,
        roles: &["admin"],
        on_public: OnPublic::Nothing,
        writes: false,
        never_on: &[],
        doc: "`permissions-config` and `branch-restrictions` of the repository.",
    },
];
