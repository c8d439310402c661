//! The facts, with what each kind of credential reveals of them.

use super::headers::{TOKEN_EXPIRATION, X_GITHUB_ENTERPRISE_VERSION, X_GITHUB_SSO, X_OAUTH_CLIENT_ID, X_OAUTH_SCOPES};
use super::kinds::{INSTALLATIONS, KEY, KIND_WORDS, USERS};
use super::permissions::PERMISSIONS;
use super::scopes::SCOPES;
use super::start::{APP, SIGN_ON};
use crate::vocabulary::field_path::field;
use crate::vocabulary::grounds::{Grounds, Installation, Outsider};
use crate::vocabulary::place::Place::{self, Field, Fields, Header, List, Status};
use crate::vocabulary::portable;
use crate::vocabulary::row::{Absence, Derivation, EnumTable, Fact, LevelTable, Origin, Reveal, Subject, Type};
use crate::vocabulary::rows::{WEBHOOKS_OF_EVERY_EVENT as WEBHOOKS, by_text, checked, hidden, minted, never, told};
use crate::vocabulary::start::{self, How, Start};

/// The words of `user.kind`: the API's `type`, in lower case.
static ACCOUNT_KINDS: EnumTable = EnumTable {
    title: "GitHub account kind",
    words: &[
        ("user", "an account that signs in, of a person or of a machine"),
        ("bot", "an App's own account"),
        ("organization", "an organisation's account"),
    ],
    aliases: &[],
};

/// The words of `repository.visibility`.
static VISIBILITIES: EnumTable = EnumTable {
    title: "GitHub repository visibility",
    words: &[
        ("public", "for everybody"),
        ("internal", "for all members of the enterprise"),
        ("private", "for those with a role on it"),
    ],
    aliases: &[],
};

/// The roles on a repository; custom roles show as the one they are based on.
static ROLES: LevelTable = LevelTable {
    title: "GitHub repository role",
    levels: &[
        ("none", &[]),
        ("read", &["none"]),
        ("triage", &["read"]),
        ("write", &["triage"]),
        ("maintain", &["write"]),
        ("admin", &["maintain"]),
    ],
    access: &[
        ("none", "none"),
        ("read", "read"),
        ("triage", "read"),
        ("write", "write"),
        ("maintain", "maintain"),
        ("admin", "admin"),
    ],
};

/// The roles in an organisation. A billing manager is no member.
static ORGANIZATION_ROLES: LevelTable = LevelTable {
    title: "GitHub organisation role",
    levels: &[
        ("none", &[]),
        ("billing_manager", &["none"]),
        ("member", &["none"]),
        ("admin", &["member", "billing_manager"]),
    ],
    access: &[],
};

/// What a job's token may do on its repository by default.
static JOB_PERMISSIONS: LevelTable = LevelTable {
    title: "GitHub Actions default permission",
    levels: &[("read", &[]), ("write", &["read"])],
    access: &[],
};

/// The words of `installation.selection`.
static SELECTIONS: EnumTable = EnumTable {
    title: "GitHub installation's choice of repositories",
    words: &[("all", "all of the account's, later ones too"), ("selected", "those that the account's owner chose")],
    aliases: &[],
};

const JOB_IS_NO_ADMIN: &str = "a job's token cannot be given the permission `administration`";
const KEY_SILENT: &str = "GitHub shows an App's key nothing about itself";
const NO_INSTALLATION: &str = "this kind of token belongs to no App's installation";
const INSTALLATION_SILENT: &str = "a token of an App's installation cannot read the installation's settings";
const NO_ROLE: &str = "GitHub reports no role for an App installation token";
const NO_USER: &str = "no user account stands behind an App installation token";
const NO_APP: &str = "a user's token belongs to no App that it could describe";
const TOKEN_SILENT: &str = "GitHub does not tell a token this about itself";

const fn fact(
    path: &'static str,
    start: Start,
    subject: Subject,
    ty: Type,
    absence: Absence,
    reveals: &'static [Reveal],
    doc: &'static str,
) -> Fact {
    Fact { path, start, subject, ty, absence, origin: Origin::Asked(reveals), doc }
}

/// What the default branch's own answer tells, and after it that about its rules.
const BRANCH: &[Reveal] = &[
    told(USERS, "default_branch", BRANCH_RULES),
    told(INSTALLATIONS, "default_branch", BRANCH_RULES),
    minted(KEY, "default_branch", BRANCH_RULES),
];
const BRANCH_RULES: &Place = &Fields(&[field("protected"), field("type").of_each("")]);

/// What abilities rest on.
static GROUNDS: Grounds = Grounds {
    visibility: Some("repository.visibility"),
    archived: Some("repository.archived"),
    writable: Some("repository.writable"),
    installation: Some(Installation {
        id: "installation.id",
        suspended: "installation.suspended",
        why: "the App's installation is suspended",
        mend: "unsuspend it on the installation's page",
    }),
    rights: portable::DEFAULT_BRANCH_RIGHTS,
    ..Grounds::NOTHING
};

/// Everybody reads what is public, and a whole enterprise what is internal.
static OUTSIDER: Outsider = Outsider {
    membership: "organization.role",
    no_member: &["none", "billing_manager"],
    role: "repository.permission",
    visibility: "repository.visibility",
    closed: "private",
    no_role: "none",
    by_itself: &["none", "read"],
};

/// GitHub's facts.
pub(super) static FACTS: &[Fact] = &[
    fact(
        "token.kind",
        Start::first(&start::KIND, How::Equal),
        Subject::Credential,
        Type::Enum(&KIND_WORDS),
        Absence::Impossible,
        &[by_text(&["classic", "fine_grained", "oauth_app", "app_user", "app_installation", "actions", "app_key"])],
        "What kind of credential it is: by the prefix of its text, and where that does not tell, by the headers of the \
         answer to its first request.",
    ),
    fact(
        "token.scopes",
        Start::first(&start::SCOPES, How::Grants),
        Subject::Credential,
        Type::Names(&SCOPES),
        Absence::Empty,
        &[
            told(&["classic", "oauth_app"], "user", &Header(X_OAUTH_SCOPES)),
            never(&["fine_grained"], "a fine-grained token has permissions instead of scopes"),
            never(&["app_user"], "a GitHub App's user token has the App's permissions instead of scopes"),
            never(INSTALLATIONS, "an App installation token has permissions instead of scopes"),
            never(KEY, "an App has permissions instead of scopes"),
        ],
        "The scopes as GitHub granted them. They never exceed what the user may do, and say nothing about it.",
    ),
    fact(
        "token.permissions",
        Start::first(&start::PERMISSIONS, How::Grants),
        Subject::Repository,
        Type::Permissions(&PERMISSIONS),
        Absence::Empty,
        &[
            never(&["classic", "oauth_app"], "a token with scopes has no permission map"),
            checked(
                &["fine_grained"],
                "granted_tokens",
                &Field(field("permissions").of_each("")),
                "a fine-grained token cannot list its own permissions",
            ),
            hidden(
                &["app_user"],
                "the token has its App installation's permissions, which this version does not ask for",
            ),
            hidden(INSTALLATIONS, "an App installation token cannot list its own permissions"),
            told(KEY, "repository_installation", &Field(field("permissions"))),
        ],
        "The permissions granted for the repository: to the token, or to the App's installation that covers the \
         repository, the organisation's among them. Of a token that cannot list them, what an answer to a read of a \
         private repository proves is granted counts; the rest stays open.",
    ),
    fact(
        "token.oauth_client",
        Start::then(&start::ACCOUNT, 7, How::Equal),
        Subject::Credential,
        Type::String,
        Absence::NoValue,
        &[
            told(&["oauth_app", "app_user"], "user", &Header(X_OAUTH_CLIENT_ID)),
            never(&["classic", "fine_grained"], "a personal access token belongs to no OAuth client"),
            never(INSTALLATIONS, "an App installation token belongs to no OAuth client"),
            told(KEY, "app", &Field(field("client_id"))),
        ],
        "The client id of the app that the token was made for. `178c6fc778ccc68e1d6a` is GitHub CLI's own, so that \
         token came from somebody's `gh auth login`.",
    ),
    portable::TOKEN_LIFETIME,
    portable::token_expires_at(&[
        told(USERS, "user", &Header(TOKEN_EXPIRATION)),
        hidden(INSTALLATIONS, "GitHub does not tell an installation token when it expires"),
        told(KEY, "app", &Status),
    ]),
    portable::TOKEN_EXPIRES_IN,
    portable::token_created_at(&[
        hidden(USERS, TOKEN_SILENT),
        hidden(INSTALLATIONS, TOKEN_SILENT),
        hidden(KEY, KEY_SILENT),
    ]),
    portable::TOKEN_AGE,
    portable::token_last_used_at(&[
        hidden(USERS, TOKEN_SILENT),
        hidden(INSTALLATIONS, TOKEN_SILENT),
        hidden(KEY, KEY_SILENT),
    ]),
    portable::TOKEN_UNUSED_FOR,
    portable::token_name(&[
        hidden(USERS, TOKEN_SILENT),
        never(INSTALLATIONS, "an App installation token has no name"),
        never(KEY, "an App's key has no name"),
    ]),
    portable::token_active(&[
        told(USERS, "user", &Status),
        told(INSTALLATIONS, "viewer", &Status),
        told(KEY, "app", &Status),
    ]),
    portable::user_username(&[
        told(USERS, "user", &Field(field("login"))),
        told(INSTALLATIONS, "viewer", &Field(field("data.viewer.login"))),
        told(KEY, "app", &Field(field("slug"))),
    ]),
    portable::user_name(&[
        told(USERS, "user", &Field(field("name"))),
        never(INSTALLATIONS, NO_USER),
        never(KEY, NO_USER),
    ]),
    Fact {
        doc: "Whether the host says that the account is a bot's: the account of an App. A machine user, an ordinary \
              account that a team made for its bot, is of type `User` like a person's, so this is false for it; \
              policies also look at `user.username`.",
        ..portable::user_is_bot(&[
            told(USERS, "user", &Field(field("type"))),
            told(INSTALLATIONS, "viewer", &Field(field("data.viewer.login"))),
            told(KEY, "app", &Field(field("slug"))),
        ])
    },
    fact(
        "user.kind",
        Start::then(&start::ACCOUNT, 1, How::Equal),
        Subject::Credential,
        Type::Enum(&ACCOUNT_KINDS),
        Absence::Impossible,
        &[
            told(USERS, "user", &Field(field("type"))),
            told(INSTALLATIONS, "viewer", &Field(field("data.viewer.login"))),
            told(KEY, "app", &Field(field("slug"))),
        ],
        "What kind of account acts with this credential. People and machine users are both `user`.",
    ),
    fact(
        "user.email",
        Start::LeftOut("of a person, perhaps"),
        Subject::Credential,
        Type::String,
        Absence::NoValue,
        &[told(USERS, "user", &Field(field("email"))), never(INSTALLATIONS, NO_USER), never(KEY, NO_USER)],
        "The account's public e-mail address. Absent when none is public; others may still exist.",
    ),
    fact(
        "user.two_factor",
        Start::then(&start::ACCOUNT, 4, How::Holds),
        Subject::Credential,
        Type::Bool,
        Absence::Impossible,
        &[
            told(USERS, "user", &Field(field("two_factor_authentication"))),
            never(INSTALLATIONS, "an App has no second factor"),
            never(KEY, "an App has no second factor"),
        ],
        "Whether the account signs in with a second factor. Shown to tokens with the scope `user` or `read:user`.",
    ),
    fact(
        "user.site_admin",
        Start::then(&start::ACCOUNT, 5, How::HoldsNot),
        Subject::Credential,
        Type::Bool,
        Absence::Impossible,
        &[
            told(USERS, "user", &Field(field("site_admin"))),
            never(INSTALLATIONS, NO_USER),
            never(KEY, "an App is no site administrator"),
        ],
        "Whether the account administers the whole server; on github.com, whether it is GitHub staff.",
    ),
    portable::host_version(&[
        told(USERS, "user", &Header(X_GITHUB_ENTERPRISE_VERSION)),
        told(INSTALLATIONS, "viewer", &Header(X_GITHUB_ENTERPRISE_VERSION)),
        told(KEY, "app", &Header(X_GITHUB_ENTERPRISE_VERSION)),
    ]),
    portable::repository_name(&[
        told(USERS, "repository", &Field(field("full_name"))),
        told(INSTALLATIONS, "repository", &Field(field("full_name"))),
        minted(KEY, "repository", &Field(field("full_name"))),
    ]),
    fact(
        "repository.permission",
        Start::first(&start::ROLE, How::Level),
        Subject::Repository,
        Type::Level(&ROLES),
        Absence::Level("none"),
        &[
            told(USERS, "repository", &Field(field("permissions"))),
            hidden(INSTALLATIONS, NO_ROLE),
            hidden(KEY, NO_ROLE),
        ],
        "The user's role on the repository as GitHub reports it: not what this token may do, which also takes its \
         scopes or permissions. A custom role shows as the role it is based on.",
    ),
    portable::repository_access("repository.permission"),
    portable::repository_can(&GROUNDS),
    fact(
        "repository.visibility",
        Start::LeftOut("of the repository"),
        Subject::Repository,
        Type::Enum(&VISIBILITIES),
        Absence::Impossible,
        &[
            told(USERS, "repository", &Field(field("visibility"))),
            told(INSTALLATIONS, "repository", &Field(field("visibility"))),
            minted(KEY, "repository", &Field(field("visibility"))),
        ],
        "Who can see the repository.",
    ),
    fact(
        "repository.archived",
        Start::first(&start::OPEN, How::HoldsNot),
        Subject::Repository,
        Type::Bool,
        Absence::Impossible,
        &[
            told(USERS, "repository", &Field(field("archived"))),
            told(INSTALLATIONS, "repository", &Field(field("archived"))),
            minted(KEY, "repository", &Field(field("archived"))),
        ],
        "Whether the repository is archived: read-only, whatever the role.",
    ),
    fact(
        "repository.writable",
        Start::LeftOut("counted where something is pushed"),
        Subject::Repository,
        Type::Bool,
        Absence::Impossible,
        &[
            told(USERS, "repository", &Fields(&[field("disabled"), field("mirror_url")])),
            told(INSTALLATIONS, "repository", &Fields(&[field("disabled"), field("mirror_url")])),
            minted(KEY, "repository", &Fields(&[field("disabled"), field("mirror_url")])),
        ],
        "Whether the repository takes pushes at all, archived or not: none does that GitHub has disabled, or that mirrors \
         another.",
    ),
    portable::repository_default_branch(&[
        told(USERS, "repository", &Field(field("default_branch"))),
        told(INSTALLATIONS, "repository", &Field(field("default_branch"))),
        minted(KEY, "repository", &Field(field("default_branch"))),
    ]),
    Fact {
        doc: "Whether a branch protection or a ruleset bears on the default branch, whomever it lets through.",
        ..portable::repository_default_branch_protected(BRANCH)
    },
    Fact {
        doc: "Whether the default branch's rules let everybody who writes push to it: known where there are none. Whom \
              protection and rulesets let through, GitHub shows to administrators alone.",
        ..portable::repository_push_default(BRANCH)
    },
    Fact {
        doc: "Whether the default branch's rules let everybody who writes merge into it: known where it has no protection, \
              and its rulesets hold conditions alone, which decide each merge.",
        ..portable::repository_merge_default(BRANCH)
    },
    Fact {
        path: "repository.outside_collaborator",
        start: Start::LeftOut("follows from the membership and the role"),
        subject: Subject::Repository,
        ty: Type::Bool,
        absence: Absence::Impossible,
        origin: Origin::Derived(Derivation::Outsider(&OUTSIDER)),
        doc: "Whether the user has a role on the repository, beyond what everybody has, without being a member of the \
              organisation that owns it. A fine-grained token cannot be used on such a repository at all.",
    },
    fact(
        "repository.webhooks",
        Start::LeftOut("of the repository"),
        Subject::Repository,
        Type::Records(&WEBHOOKS),
        Absence::Empty,
        &[told(USERS, "webhooks", &List), told(INSTALLATIONS, "webhooks", &List), minted(KEY, "webhooks", &List)],
        "The repository's own webhooks; those of its organisation and of Apps are elsewhere. Shown to an admin of the \
         repository with `read:repo_hook`, `repo` or `repository_hooks = read`.",
    ),
    fact(
        "repository.job_permissions",
        Start::LeftOut("of the repository"),
        Subject::Repository,
        Type::Level(&JOB_PERMISSIONS),
        Absence::Impossible,
        &[
            told(USERS, "job_permissions", &Field(field("default_workflow_permissions"))),
            told(&["app_installation"], "job_permissions", &Field(field("default_workflow_permissions"))),
            hidden(&["actions"], JOB_IS_NO_ADMIN),
            minted(KEY, "job_permissions", &Field(field("default_workflow_permissions"))),
        ],
        "What the token of a GitHub Actions job may do on the repository where its workflow does not say. Shown to an \
         admin of the repository with `repo` or `administration = read`.",
    ),
    fact(
        "repository.job_pull_requests",
        Start::LeftOut("of the repository"),
        Subject::Repository,
        Type::Bool,
        Absence::Impossible,
        &[
            told(USERS, "job_permissions", &Field(field("can_approve_pull_request_reviews"))),
            told(&["app_installation"], "job_permissions", &Field(field("can_approve_pull_request_reviews"))),
            hidden(&["actions"], JOB_IS_NO_ADMIN),
            minted(KEY, "job_permissions", &Field(field("can_approve_pull_request_reviews"))),
        ],
        "Whether the token of a GitHub Actions job may open and approve pull requests of the repository: one setting \
         allows both. Shown to an admin of the repository with `repo` or `administration = read`.",
    ),
    fact(
        "organization.webhooks",
        Start::LeftOut("of the organisation"),
        Subject::Organization,
        Type::Records(&WEBHOOKS),
        Absence::Empty,
        &[
            told(USERS, "organization_webhooks", &List),
            told(&["app_installation"], "organization_webhooks", &List),
            hidden(&["actions"], "a job's token has no permission of its organisation"),
            hidden(KEY, "an App's key reads no organisation's webhooks; a token of its installation may"),
        ],
        "The organisation's own webhooks, which deliver for all of its repositories. Shown to owners with \
         `admin:org_hook` or `organization_hooks = read`. To a user's token GitHub shows only those that users made, \
         and to an OAuth app's only those that the app made, so that their lists are never complete. An owner that is a \
         user's account has none.",
    ),
    fact(
        "organization.role",
        Start::first(&start::OWNER_ROLE, How::Level),
        Subject::Organization,
        Type::Level(&ORGANIZATION_ROLES),
        Absence::Level("none"),
        &[
            told(USERS, "membership", &Field(field("role"))),
            never(INSTALLATIONS, "an App installation is no member of an organisation"),
            never(KEY, "an App is no member of an organisation"),
        ],
        "The user's role in the organisation; `none` while an invitation is pending. Shown to tokens with `read:org` \
         or `members = read`.",
    ),
    fact(
        "organization.sso_authorized",
        Start::first(&SIGN_ON, How::Holds),
        Subject::Organization,
        Type::Bool,
        Absence::Impossible,
        &[
            told(USERS, "organization", &Header(X_GITHUB_SSO)),
            never(INSTALLATIONS, "single sign-on does not apply to App installation tokens"),
            never(KEY, "single sign-on does not apply to Apps"),
        ],
        "Whether the organisation's single sign-on lets this credential in: true once it read something private there \
         (also where no single sign-on is set up), false when the organisation demands it, else open.",
    ),
    fact(
        "organization.two_factor_required",
        Start::LeftOut("of the organisation"),
        Subject::Organization,
        Type::Bool,
        Absence::Impossible,
        &[
            told(USERS, "organization", &Field(field("two_factor_requirement_enabled"))),
            hidden(INSTALLATIONS, "GitHub shows this to the organisation's owners only"),
            hidden(KEY, "GitHub shows this to the organisation's owners only"),
        ],
        "Whether the organisation demands a second factor of its members. Shown to owners with `admin:org`.",
    ),
    fact(
        "app.slug",
        Start::then(&start::ACCOUNT, 8, How::Equal),
        Subject::Credential,
        Type::String,
        Absence::NoValue,
        &[
            told(INSTALLATIONS, "viewer", &Field(field("data.viewer.login"))),
            never(USERS, NO_APP),
            told(KEY, "app", &Field(field("slug"))),
        ],
        "The App's name in URLs; its bot account is this with `[bot]` behind it.",
    ),
    fact(
        "app.permissions",
        Start::first(&APP, How::Grants),
        Subject::Credential,
        Type::Permissions(&PERMISSIONS),
        Absence::Empty,
        &[
            hidden(INSTALLATIONS, "an App installation token cannot read its App's settings"),
            never(USERS, NO_APP),
            told(KEY, "app", &Field(field("permissions"))),
        ],
        "The permissions that the App asks for. What an account has approved is `token.permissions` of its repositories.",
    ),
    fact(
        "app.events",
        Start::then(&APP, 1, How::Grants),
        Subject::Credential,
        Type::Strings,
        Absence::Empty,
        &[
            hidden(INSTALLATIONS, "an App installation token cannot read its App's settings"),
            never(USERS, NO_APP),
            told(KEY, "app", &Field(field("events"))),
        ],
        "The events that the App subscribes to, as it asks for them.",
    ),
    fact(
        "installation.id",
        Start::LeftOut("changes with each installation"),
        Subject::Repository,
        Type::Integer,
        Absence::Impossible,
        &[
            never(&["classic", "fine_grained", "oauth_app"], NO_INSTALLATION),
            hidden(&["app_user"], INSTALLATION_SILENT),
            hidden(INSTALLATIONS, INSTALLATION_SILENT),
            told(KEY, "repository_installation", &Field(field("id"))),
        ],
        "The number of the App's installation that covers the repository.",
    ),
    fact(
        "installation.selection",
        Start::LeftOut("of the account that installed the App"),
        Subject::Repository,
        Type::Enum(&SELECTIONS),
        Absence::Impossible,
        &[
            never(&["classic", "fine_grained", "oauth_app"], NO_INSTALLATION),
            hidden(&["app_user"], INSTALLATION_SILENT),
            hidden(INSTALLATIONS, INSTALLATION_SILENT),
            told(KEY, "repository_installation", &Field(field("repository_selection"))),
        ],
        "Which of the account's repositories the installation covers.",
    ),
    fact(
        "installation.suspended",
        Start::LeftOut("a built-in rule"),
        Subject::Repository,
        Type::Bool,
        Absence::Impossible,
        &[
            never(&["classic", "fine_grained", "oauth_app"], NO_INSTALLATION),
            hidden(&["app_user"], INSTALLATION_SILENT),
            hidden(INSTALLATIONS, INSTALLATION_SILENT),
            told(KEY, "repository_installation", &Field(field("suspended_at"))),
        ],
        "Whether the installation is suspended: the App can do nothing there, whatever it was granted.",
    ),
    fact(
        "installation.events",
        Start::LeftOut("follows from app.events"),
        Subject::Repository,
        Type::Strings,
        Absence::Empty,
        &[
            never(&["classic", "fine_grained", "oauth_app"], NO_INSTALLATION),
            hidden(&["app_user"], INSTALLATION_SILENT),
            hidden(INSTALLATIONS, INSTALLATION_SILENT),
            told(KEY, "repository_installation", &Field(field("events"))),
        ],
        "The events that the installation sends to the App.",
    ),
];
