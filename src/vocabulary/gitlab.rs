//! What GitLab knows: gitlab.com, self-managed and Dedicated.
//!
//! The API's base is `{url}/api/v4`; the OAuth request is outside of it. Prefixes may be replaced by an administrator, so
//! that a token without one may be of any kind. Sources are GitLab's documentation and source code unless a row says
//! otherwise.

use super::names::{Name, NameTable};
use super::portable;
use super::row::{
    Ability, Absence, Alias, CredentialKind, EnumTable, Fact, Host, HostKind, LevelTable, Lifetime, Listing,
    ListingShape, OnPublic, Origin, Request, Subject, Type,
};
use super::rows::{WEBHOOKS, by_text, get, hidden, lists, never, told};

/// GitLab.
pub(super) static HOST: Host = Host {
    kind: HostKind::GitLab,
    word: "gitlab",
    title: "GitLab",
    public_url: Some("https://gitlab.com"),
    repository_word: "project",
    kinds: KINDS,
    facts: FACTS,
    requests: REQUESTS,
    abilities: ABILITIES,
    collected: false,
};

/// The kinds that are personal access tokens by their make: the account that owns one tells them apart.
const TOKENS: &[&str] = &["personal", "project", "group", "service_account"];
/// The tokens of bot accounts.
const BOTS: &[&str] = &["project", "group", "service_account"];
/// The kinds that act as an account on the whole API.
const ACCOUNTS: &[&str] = &["personal", "project", "group", "service_account", "oauth"];

const KINDS: &[CredentialKind] = &[
    CredentialKind {
        word: "personal",
        title: "personal access token",
        prefixes: &["glpat-"],
        lifetime: Some(Lifetime::Standing),
        has_user: true,
        unlimited: false,
        first_request: Some("token_self"),
        settings_page: Some("{url}/-/user_settings/personal_access_tokens"),
        doc: "A person's token; an impersonation token, made by an administrator for somebody, cannot be told from it. \
              A fine-grained one (beta since 18.10) shows `granular` as its only scope. \
              Source: GitLab docs, Personal access tokens, GitLab token overview.",
    },
    CredentialKind {
        word: "project",
        title: "project access token",
        prefixes: &["glpat-"],
        lifetime: Some(Lifetime::Standing),
        has_user: true,
        unlimited: false,
        first_request: Some("token_self"),
        settings_page: None,
        doc: "The token of a bot account that is a member of one project and is named `project_ID_bot_…`; made in the \
              project's settings under access tokens. Source: GitLab docs, Project access tokens.",
    },
    CredentialKind {
        word: "group",
        title: "group access token",
        prefixes: &["glpat-"],
        lifetime: Some(Lifetime::Standing),
        has_user: true,
        unlimited: false,
        first_request: Some("token_self"),
        settings_page: None,
        doc: "The token of a bot account that is a member of one group, and so of everything below it, and is named \
              `group_ID_bot_…`; made in the group's settings under access tokens. \
              Source: GitLab docs, Group access tokens.",
    },
    CredentialKind {
        word: "service_account",
        title: "service account token",
        prefixes: &["glpat-"],
        lifetime: Some(Lifetime::Standing),
        has_user: true,
        unlimited: false,
        first_request: Some("token_self"),
        settings_page: None,
        doc: "The personal access token of a service account of an instance, group or project. Its name is \
              `service_account_…` unless somebody chose another; it is a bot account whose name is not that of a \
              project or group token. It alone may be allowed never to expire. \
              Source: GitLab docs, Service accounts API; gitlab `has_user_type.rb`.",
    },
    CredentialKind {
        word: "oauth",
        title: "OAuth access token",
        prefixes: &[],
        lifetime: Some(Lifetime::ShortLived),
        has_user: true,
        unlimited: false,
        first_request: Some("oauth_token_info"),
        settings_page: Some("{url}/-/user_settings/applications"),
        doc: "An application's grant by a person, good for two hours unless an administrator says otherwise, and \
              refreshed. `personal_access_tokens/self` answers it with 400. \
              Source: GitLab docs, OAuth 2.0 identity provider API.",
    },
    CredentialKind {
        word: "job",
        title: "CI/CD job token",
        prefixes: &["glcbt-"],
        lifetime: Some(Lifetime::Job),
        has_user: true,
        unlimited: false,
        first_request: Some("job"),
        settings_page: None,
        doc: "The `CI_JOB_TOKEN` of a running job: it acts for whoever started the job, on few requests, and ends with \
              the job. Source: GitLab docs, CI/CD job token, Jobs API.",
    },
    CredentialKind {
        word: "deploy",
        title: "deploy token",
        prefixes: &["gldt-"],
        lifetime: Some(Lifetime::Standing),
        has_user: false,
        unlimited: false,
        first_request: None,
        settings_page: None,
        doc: "A token of a project or group, without an account, for clones, packages and images. The API takes it on \
              package requests only, so that nothing can be asked with it. Source: GitLab docs, REST API authentication.",
    },
];

static TOKEN_KINDS: EnumTable = EnumTable {
    title: "GitLab credential kind",
    words: &[
        ("personal", "personal access token"),
        ("project", "project access token"),
        ("group", "group access token"),
        ("service_account", "service account token"),
        ("oauth", "OAuth access token"),
        ("job", "CI/CD job token"),
        ("deploy", "deploy token"),
    ],
    aliases: &[
        Alias { spelling: "personal_access_token", name: "personal", seen_in: "GitLab's API paths" },
        Alias { spelling: "pat", name: "personal", seen_in: "everyday speech" },
        Alias { spelling: "impersonation", name: "personal", seen_in: "GitLab's administration pages" },
        Alias { spelling: "project_access_token", name: "project", seen_in: "GitLab's documentation" },
        Alias { spelling: "group_access_token", name: "group", seen_in: "GitLab's documentation" },
        Alias { spelling: "service_account_token", name: "service_account", seen_in: "GitLab's documentation" },
        Alias { spelling: "oauth2", name: "oauth", seen_in: "the user name of OAuth clones" },
        Alias { spelling: "ci_job_token", name: "job", seen_in: "the variable `CI_JOB_TOKEN`" },
        Alias { spelling: "job_token", name: "job", seen_in: "GitLab's documentation" },
        Alias { spelling: "deploy_token", name: "deploy", seen_in: "GitLab's documentation" },
    ],
};

/// Classic scopes. GitLab's documentation states no superset relation in so many words; the implications here follow what
/// its routes and `lib/gitlab/auth.rb` accept. `write_registry` gives no reading.
static SCOPES: NameTable = NameTable {
    singular: "scope",
    plural: "scopes",
    words: false,
    names: &[
        Name {
            name: "api",
            implies: &["read_api", "write_repository", "read_registry", "write_registry"],
            doc: "the whole API, reading and writing; registries; Git over HTTP",
        },
        Name {
            name: "read_api",
            implies: &["read_user", "read_repository", "read_registry"],
            doc: "the whole API, reading; pulls and image reads",
        },
        Name { name: "read_user", implies: &[], doc: "`/user` and what can be read below `/users`" },
        Name { name: "read_repository", implies: &[], doc: "Git pulls and the repository files API" },
        Name {
            name: "write_repository",
            implies: &["read_repository"],
            doc: "Git pulls and pushes; no API, so neither comments nor merges",
        },
        Name { name: "read_registry", implies: &[], doc: "pull container images" },
        Name { name: "write_registry", implies: &[], doc: "push container images; no pulls" },
        Name { name: "read_virtual_registry", implies: &[], doc: "read through the dependency proxy" },
        Name {
            name: "write_virtual_registry",
            implies: &["read_virtual_registry"],
            doc: "read, write and delete in the dependency proxy",
        },
        Name { name: "read_package_registry", implies: &[], doc: "read packages (deploy tokens)" },
        Name { name: "write_package_registry", implies: &[], doc: "write packages (deploy tokens)" },
        Name { name: "self_rotate", implies: &[], doc: "rotate this token itself" },
        Name { name: "create_runner", implies: &[], doc: "create runners" },
        Name { name: "manage_runner", implies: &[], doc: "manage runners" },
        Name { name: "ai_features", implies: &[], doc: "GitLab Duo" },
        Name { name: "k8s_proxy", implies: &[], doc: "Kubernetes calls through the agent" },
        Name { name: "read_observability", implies: &[], doc: "read observability data" },
        Name { name: "write_observability", implies: &[], doc: "write observability data" },
        Name { name: "sudo", implies: &[], doc: "act as any user (administrators only)" },
        Name { name: "admin_mode", implies: &[], doc: "administer where Admin Mode is on (administrators only)" },
        Name { name: "read_service_ping", implies: &[], doc: "read the Service Ping payload (administrators only)" },
        Name { name: "openid", implies: &[], doc: "sign in by OpenID Connect (OAuth)" },
        Name { name: "profile", implies: &[], doc: "the profile by OpenID Connect (OAuth)" },
        Name { name: "email", implies: &[], doc: "the e-mail address by OpenID Connect (OAuth)" },
    ],
    aliases: &[
        Alias { spelling: "write_api", name: "api", seen_in: "policies written by analogy with `read_api`" },
        Alias { spelling: "read_repo", name: "read_repository", seen_in: "third-party guides" },
        Alias { spelling: "write_repo", name: "write_repository", seen_in: "third-party guides" },
        Alias { spelling: "repo", name: "write_repository", seen_in: "GitHub's scopes" },
        Alias { spelling: "read:user", name: "read_user", seen_in: "GitHub's scopes" },
    ],
};

/// Access levels by name. 15 (planner) and 25 (security manager) stand to the side of the old order.
///
/// Reading code takes `reporter` on a private project, so that `guest` and `planner` map to `none`.
static ACCESS_LEVELS: LevelTable = LevelTable {
    title: "GitLab access level",
    levels: &[
        ("none", &[]),
        ("minimal", &["none"]),
        ("guest", &["minimal"]),
        ("planner", &["guest"]),
        ("reporter", &["guest"]),
        ("security_manager", &["reporter"]),
        ("developer", &["reporter"]),
        ("maintainer", &["developer"]),
        ("owner", &["maintainer"]),
    ],
    access: &[
        ("none", "none"),
        ("minimal", "none"),
        ("guest", "none"),
        ("planner", "none"),
        ("reporter", "read"),
        ("security_manager", "read"),
        ("developer", "write"),
        ("maintainer", "maintain"),
        ("owner", "admin"),
    ],
};

static USER_STATES: EnumTable = EnumTable {
    title: "GitLab account state",
    words: &[
        ("active", "may sign in and act"),
        ("blocked", "blocked by an administrator"),
        ("deactivated", "deactivated for not being used"),
        ("banned", "banned by an administrator"),
        ("ldap_blocked", "blocked through LDAP"),
        ("blocked_pending_approval", "waits for an administrator's approval"),
    ],
    aliases: &[],
};

static VISIBILITIES: EnumTable = EnumTable {
    title: "GitLab project visibility",
    words: &[
        ("private", "members see it"),
        ("internal", "everybody with an account sees it, external users excepted"),
        ("public", "everybody sees it"),
    ],
    aliases: &[],
};

const JOB_IS_NARROW: &str = "GitLab takes a job token on few requests, and this is none of them";
const DEPLOY_IS_NARROW: &str = "GitLab takes a deploy token on package requests only";
const DEPLOY_HAS_NO_USER: &str = "a deploy token has no account";

const FACTS: &[Fact] = &[
    Fact {
        path: "token.kind",
        subject: Subject::Credential,
        ty: Type::Enum(&TOKEN_KINDS),
        absence: Absence::Impossible,
        origin: Origin::Asked(&[
            told(TOKENS, "user", "fields bot and username"),
            told(&["oauth"], "oauth_token_info", "status of the answer"),
            by_text(&["job", "deploy"]),
        ]),
        doc: "What sort of credential it is. The four kinds of `glpat-` are told apart by the account that owns the \
              token, so a token that may not read its account leaves them open.",
    },
    portable::TOKEN_LIFETIME,
    Fact {
        path: "token.scopes",
        subject: Subject::Credential,
        ty: Type::Names(&SCOPES),
        absence: Absence::Empty,
        origin: Origin::Asked(&[
            told(TOKENS, "token_self", "field scopes"),
            told(&["oauth"], "oauth_token_info", "field scope"),
            never(&["job"], "a job token has no scopes; it acts for whoever started the job, on few requests"),
            hidden(&["deploy"], DEPLOY_IS_NARROW),
        ]),
        doc: "The scopes that the token was given. Those of a fine-grained personal token are unknown: GitLab lists \
              `granular` alone. Scopes never widen the account's role.",
    },
    Fact {
        doc: "When the credential expires: at midnight UTC, as its day begins. Of an OAuth token GitLab tells the seconds \
              left. Absent, and later than every time, when it never does.",
        ..portable::token_expires_at(&[
            told(TOKENS, "token_self", "field expires_at"),
            told(&["oauth"], "oauth_token_info", "field expires_in"),
            hidden(&["job"], "a job token ends with its job, at no time that GitLab tells"),
            hidden(&["deploy"], DEPLOY_IS_NARROW),
        ])
    },
    portable::TOKEN_EXPIRES_IN,
    portable::token_created_at(&[
        told(TOKENS, "token_self", "field created_at"),
        told(&["oauth"], "oauth_token_info", "field created_at"),
        hidden(&["job"], "GitLab does not tell when a job's token was made"),
        hidden(&["deploy"], DEPLOY_IS_NARROW),
    ]),
    portable::TOKEN_AGE,
    Fact {
        doc: "When GitLab last recorded a use of the token, about every ten minutes. Absent when never used.",
        ..portable::token_last_used_at(&[
            told(TOKENS, "token_self", "field last_used_at"),
            hidden(&["oauth"], "GitLab does not tell when an OAuth token was last used"),
            hidden(&["job"], "GitLab does not tell when a job token was last used"),
            hidden(&["deploy"], DEPLOY_IS_NARROW),
        ])
    },
    portable::TOKEN_UNUSED_FOR,
    portable::token_name(&[
        told(TOKENS, "token_self", "field name"),
        never(&["oauth", "job"], "GitLab gives such a token no name"),
        hidden(&["deploy"], DEPLOY_IS_NARROW),
    ]),
    portable::token_active(&[
        told(TOKENS, "token_self", "status of the answer"),
        told(&["oauth"], "oauth_token_info", "status of the answer"),
        told(&["job"], "job", "status of the answer"),
        hidden(&["deploy"], DEPLOY_IS_NARROW),
    ]),
    portable::user_username(&[
        told(ACCOUNTS, "user", "field username"),
        told(&["job"], "job", "field user.username"),
        never(&["deploy"], DEPLOY_HAS_NO_USER),
    ]),
    Fact {
        doc: "Whether GitLab marks the account as a bot's: those of project and group tokens and service accounts are.",
        ..portable::user_is_bot(&[
            told(ACCOUNTS, "user", "field bot"),
            hidden(&["job"], "a job shows the name of the account only"),
            never(&["deploy"], DEPLOY_HAS_NO_USER),
        ])
    },
    portable::user_name(&[
        told(ACCOUNTS, "user", "field name"),
        told(&["job"], "job", "field user.name"),
        never(&["deploy"], DEPLOY_HAS_NO_USER),
    ]),
    Fact {
        path: "user.admin",
        subject: Subject::Credential,
        ty: Type::Bool,
        absence: Absence::Impossible,
        origin: Origin::Asked(&[
            told(ACCOUNTS, "user", "field is_admin"),
            hidden(&["job"], "a job shows the name of the account only"),
            never(&["deploy"], DEPLOY_HAS_NO_USER),
        ]),
        doc: "Whether the account administers the instance. GitLab shows it to administrators only, and where Admin \
              Mode is on perhaps not even to them, so that it is unknown where it is not shown.",
    },
    Fact {
        path: "user.external",
        subject: Subject::Credential,
        ty: Type::Bool,
        absence: Absence::Impossible,
        origin: Origin::Asked(&[
            told(ACCOUNTS, "user", "field external"),
            hidden(&["job"], "a job shows the name of the account only"),
            never(&["deploy"], DEPLOY_HAS_NO_USER),
        ]),
        doc: "Whether the account is external: it sees only projects that it is a member of, internal ones too.",
    },
    Fact {
        path: "user.state",
        subject: Subject::Credential,
        ty: Type::Enum(&USER_STATES),
        absence: Absence::Impossible,
        origin: Origin::Asked(&[
            told(ACCOUNTS, "user", "field state"),
            hidden(&["job"], "a job shows the name of the account only"),
            never(&["deploy"], DEPLOY_HAS_NO_USER),
        ]),
        doc: "The state of the account.",
    },
    Fact {
        path: "user.two_factor",
        subject: Subject::Credential,
        ty: Type::Bool,
        absence: Absence::Impossible,
        origin: Origin::Asked(&[
            told(&["personal", "oauth"], "user", "field two_factor_enabled"),
            never(BOTS, "a bot account does not sign in and has no second factor"),
            hidden(&["job"], "a job shows the name of the account only"),
            never(&["deploy"], DEPLOY_HAS_NO_USER),
        ]),
        doc: "Whether the account has a second factor.",
    },
    portable::host_version(&[
        told(ACCOUNTS, "metadata", "field version"),
        hidden(&["job"], JOB_IS_NARROW),
        hidden(&["deploy"], DEPLOY_IS_NARROW),
    ]),
    Fact {
        doc: "The project's full path as GitLab gives it now, `GROUP/SUBGROUP/NAME`; after a move not the one asked for.",
        ..portable::repository_name(&[
            told(ACCOUNTS, "project", "field path_with_namespace"),
            hidden(&["job"], JOB_IS_NARROW),
            hidden(&["deploy"], DEPLOY_IS_NARROW),
        ])
    },
    Fact {
        path: "project.access_level",
        subject: Subject::Repository,
        ty: Type::Level(&ACCESS_LEVELS),
        absence: Absence::Level("none"),
        origin: Origin::Asked(&[
            told(ACCOUNTS, "project_member", "field access_level"),
            hidden(&["job"], JOB_IS_NARROW),
            never(&["deploy"], DEPLOY_HAS_NO_USER),
        ]),
        doc: "The account's highest role on the project: direct, inherited or through an invited group. It is the role, \
              not what this token may do. Absent when the account is no member, whatever an administrator may do. With \
              a custom role it is the least that the account has.",
    },
    Fact {
        doc: "The identity's role on the project in words that all hosts share. Guests and planners count as `none`: \
              they cannot read the code of a private project. It is the role, not what this credential may do: only \
              `repository.can` says that.",
        ..portable::repository_access("project.access_level")
    },
    portable::REPOSITORY_CAN,
    Fact {
        path: "project.visibility",
        subject: Subject::Repository,
        ty: Type::Enum(&VISIBILITIES),
        absence: Absence::Impossible,
        origin: Origin::Asked(&[
            told(ACCOUNTS, "project", "field visibility"),
            hidden(&["job"], JOB_IS_NARROW),
            hidden(&["deploy"], DEPLOY_IS_NARROW),
        ]),
        doc: "Who sees the project.",
    },
    Fact {
        path: "project.archived",
        subject: Subject::Repository,
        ty: Type::Bool,
        absence: Absence::Impossible,
        origin: Origin::Asked(&[
            told(ACCOUNTS, "project", "field archived"),
            hidden(&["job"], JOB_IS_NARROW),
            hidden(&["deploy"], DEPLOY_IS_NARROW),
        ]),
        doc: "Whether the project is archived, and so read-only.",
    },
    Fact {
        path: "project.webhooks",
        subject: Subject::Repository,
        ty: Type::Records(&WEBHOOKS),
        absence: Absence::Empty,
        origin: Origin::Asked(&[
            told(ACCOUNTS, "project_hooks", "the list"),
            hidden(&["job"], JOB_IS_NARROW),
            hidden(&["deploy"], DEPLOY_IS_NARROW),
        ]),
        doc: "The project's own webhooks, not those of its groups. Only maintainers may list them. `active` is unknown, \
              and `secret_set` is before GitLab 19.0.",
    },
    Fact {
        path: "group.access_level",
        subject: Subject::Organization,
        ty: Type::Level(&ACCESS_LEVELS),
        absence: Absence::Level("none"),
        origin: Origin::Asked(&[
            told(ACCOUNTS, "group_member", "field access_level"),
            hidden(&["job"], JOB_IS_NARROW),
            never(&["deploy"], DEPLOY_HAS_NO_USER),
        ]),
        doc: "The account's highest role in the group, inherited ones counted. Absent when it is no member.",
    },
];

/// The headers that every decoder reads: the next page, a new address, what is left of the rate limit.
const HEADERS: &[&str] = &[
    "link",
    "location",
    "retry-after",
    "ratelimit-limit",
    "ratelimit-remaining",
    "ratelimit-reset",
    "x-next-page",
    "x-request-id",
];

/// Subgroups are part of `{owner}`: its slashes go into the path percent-encoded, like the one before `{name}`.
const REQUESTS: &[Request] = &[
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
        ],
        "https://docs.gitlab.com/api/personal_access_tokens/",
    ),
    get(
        "oauth_token_info",
        Subject::Credential,
        "{url}/oauth/token/info",
        HEADERS,
        &["/scope", "/scopes", "/expires_in", "/expires_in_seconds", "/created_at", "/resource_owner_id", "/error"],
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
        &["/id", "/status", "/user/username", "/user/name", "/message"],
        "https://docs.gitlab.com/api/jobs/",
    ),
    get(
        "metadata",
        Subject::Credential,
        "/metadata",
        HEADERS,
        &["/version", "/enterprise", "/error", "/message"],
        "https://docs.gitlab.com/api/metadata/",
    ),
    lists(
        get(
            "projects",
            Subject::Credential,
            "/projects?membership=true&simple=true&per_page=100",
            HEADERS,
            &["/*/path_with_namespace"],
            "https://docs.gitlab.com/api/projects/",
        ),
        Listing { kinds: ACCOUNTS, shape: ListingShape::Bare, pages: 10 },
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
            "/error",
            "/error_description",
            "/scope",
            "/message",
        ],
        "https://docs.gitlab.com/api/projects/",
    ),
    get(
        "project_member",
        Subject::Repository,
        "/projects/{owner}%2F{name}/members/all/{user}",
        HEADERS,
        &["/id", "/username", "/access_level", "/expires_at", "/member_role/id", "/error", "/scope", "/message"],
        "https://docs.gitlab.com/api/project_members/",
    ),
    get(
        "project_hooks",
        Subject::Repository,
        "/projects/{owner}%2F{name}/hooks?per_page=100",
        HEADERS,
        &[
            "/*/id",
            "/*/url",
            "/*/enable_ssl_verification",
            "/*/token_present",
            "/*/signing_token_present",
            "/*/push_events",
            "/*/tag_push_events",
            "/*/merge_requests_events",
            "/*/note_events",
            "/*/issues_events",
            "/*/job_events",
            "/*/pipeline_events",
            "/*/releases_events",
            "/*/deployment_events",
            "/*/resource_access_token_events",
            "/error",
            "/scope",
            "/message",
        ],
        "https://docs.gitlab.com/api/project_webhooks/",
    ),
    get(
        "group_member",
        Subject::Organization,
        "/groups/{organization}/members/all/{user}",
        HEADERS,
        &["/id", "/username", "/access_level", "/expires_at", "/member_role/id", "/error", "/scope", "/message"],
        "https://docs.gitlab.com/api/group_members/",
    ),
];

/// Who may do what: the tables of GitLab's page "Roles and permissions".
const ABILITIES: &[Ability] = &[
    Ability {
        word: "read",
        scopes: &[&["read_api"]],
        public_scopes: &[],
        permissions: &[],
        only_way: true,
        roles: &["guest"],
        on_public: OnPublic::Everything,
        writes: false,
        never_on: &[],
        doc: "A guest sees a private project and its issues, not its code.",
    },
    Ability {
        word: "clone",
        scopes: &[&["read_repository"]],
        public_scopes: &[],
        permissions: &[],
        only_way: true,
        roles: &["reporter"],
        on_public: OnPublic::Everything,
        writes: false,
        never_on: &[],
        doc: "\"Pull project code\": reporter; guests on public and internal projects only.",
    },
    Ability {
        word: "comment",
        scopes: &[&["api"]],
        public_scopes: &[],
        permissions: &[],
        only_way: true,
        roles: &["planner", "reporter"],
        on_public: OnPublic::Role,
        writes: true,
        never_on: &[],
        doc: "\"Comment and add suggestions\" on merge requests: reporter, and planner to its side; on a public \
              project everybody with an account may too.",
    },
    Ability {
        word: "set_status",
        scopes: &[&["api"]],
        public_scopes: &[],
        permissions: &[],
        only_way: true,
        roles: &["developer"],
        on_public: OnPublic::Nothing,
        writes: true,
        never_on: &[],
        doc: "\"Create or update commit status\": developer; on a protected branch as that branch's rules say.",
    },
    Ability {
        word: "push",
        scopes: &[&["write_repository"]],
        public_scopes: &[],
        permissions: &[],
        only_way: true,
        roles: &["developer"],
        on_public: OnPublic::Nothing,
        writes: true,
        never_on: &[],
        doc: "\"Push to non-protected branches\": developer.",
    },
    Ability {
        word: "merge",
        scopes: &[&["api"]],
        public_scopes: &[],
        permissions: &[],
        only_way: true,
        roles: &["developer"],
        on_public: OnPublic::Nothing,
        writes: true,
        never_on: &[],
        doc: "Merging takes the right to push to the target branch: developer, where that branch is not protected.",
    },
    Ability {
        word: "manage_webhooks",
        scopes: &[&["api"]],
        public_scopes: &[],
        permissions: &[],
        only_way: true,
        roles: &["maintainer"],
        on_public: OnPublic::Nothing,
        writes: false,
        never_on: &[],
        doc: "Project webhooks API: maintainer or owner.",
    },
    Ability {
        word: "administer",
        scopes: &[&["api"]],
        public_scopes: &[],
        permissions: &[],
        only_way: true,
        roles: &["maintainer"],
        on_public: OnPublic::Nothing,
        writes: false,
        never_on: &[],
        doc: "\"Manage project members\" and merge request settings: maintainer. Deleting and transferring: owner.",
    },
];
