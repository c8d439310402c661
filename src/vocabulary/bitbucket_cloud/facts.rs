//! The facts, with what each kind of credential reveals of them.

use super::headers::{X_CREDENTIAL_TYPE, X_OAUTH_SCOPES};
use super::kinds::{ACCESS_TOKENS, DEAD, LIVE, PEOPLE, TOKEN_KINDS};
use super::scopes::SCOPES;
use crate::vocabulary::field_path::field;
use crate::vocabulary::grounds::Grounds;
use crate::vocabulary::place::Place::{Field, Header, List, Status};
use crate::vocabulary::portable;
use crate::vocabulary::row::{Absence, Alias, EnumTable, Fact, LevelTable, Origin, Reveal, Subject, Type};
use crate::vocabulary::rows::{WEBHOOKS, by_text, hidden, never, told};
use crate::vocabulary::start::{self, How, Start};

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

/// What abilities rest on.
static GROUNDS: Grounds =
    Grounds { visibility: Some("repository.visibility"), rights: portable::DEFAULT_BRANCH_RIGHTS, ..Grounds::NOTHING };

/// Where branch restrictions are told.
const RESTRICTIONS: &[Reveal] = &[told(LIVE, "branch_restrictions", &List), hidden(DEAD, REMOVED)];

pub(super) const FACTS: &[Fact] = &[
    Fact {
        path: "token.kind",
        start: Start::first(&start::KIND, How::Equal),
        subject: Subject::Credential,
        ty: Type::Enum(&TOKEN_KINDS),
        absence: Absence::Impossible,
        origin: Origin::Asked(&[
            by_text(&["app_password"]),
            told(
                &["api_token", "repository_access_token", "project_access_token", "workspace_access_token"],
                "user",
                &Header(X_CREDENTIAL_TYPE),
            ),
            hidden(&["oauth"], "it is not known how Bitbucket's answers name an OAuth token"),
            hidden(&["account_password"], REMOVED),
        ]),
        doc: "What sort of credential it is. The three access tokens begin alike; the header tells them apart.",
    },
    portable::TOKEN_LIFETIME,
    Fact {
        path: "token.scopes",
        start: Start::first(&start::SCOPES, How::Grants),
        subject: Subject::Credential,
        ty: Type::Names(&SCOPES),
        absence: Absence::Empty,
        origin: Origin::Asked(&[
            told(
                &["api_token", "repository_access_token", "project_access_token", "workspace_access_token"],
                "user",
                &Header(X_OAUTH_SCOPES),
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
        told(LIVE, "user", &Status),
        told(&["app_password"], "user", &Status),
        hidden(&["account_password"], REMOVED),
    ]),
    Fact {
        doc: "The nickname of the account, as Bitbucket shows it; login names are not part of its API any more.",
        ..portable::user_username(&[
            told(PEOPLE, "user", &Field(field("nickname"))),
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
        told(PEOPLE, "user", &Field(field("display_name"))),
        hidden(ACCESS_TOKENS, USER_IS_CLOSED),
        hidden(DEAD, REMOVED),
    ]),
    Fact {
        path: "user.email",
        start: Start::LeftOut("of a person, perhaps"),
        subject: Subject::Credential,
        ty: Type::String,
        absence: Absence::NoValue,
        origin: Origin::Asked(&[
            told(PEOPLE, "user_emails", &Field(field("email").of_the("values", "primary one"))),
            never(ACCESS_TOKENS, NO_USER),
            hidden(DEAD, REMOVED),
        ]),
        doc: "The account's primary e-mail address, with which an API token signs in. Takes the scope `email` or \
              `read:user:bitbucket`.",
    },
    Fact {
        path: "user.two_factor",
        start: Start::then(&start::ACCOUNT, 4, How::Holds),
        subject: Subject::Credential,
        ty: Type::Bool,
        absence: Absence::Impossible,
        origin: Origin::Asked(&[
            told(PEOPLE, "user", &Field(field("has_2fa_enabled"))),
            never(ACCESS_TOKENS, NO_USER),
            hidden(DEAD, REMOVED),
        ]),
        doc: "Whether the account signs in with a second factor. Bitbucket often leaves it open.",
    },
    portable::host_version(&[never(LIVE, "Bitbucket Cloud has no version"), hidden(DEAD, REMOVED)]),
    portable::repository_name(&[told(LIVE, "repository", &Field(field("full_name"))), hidden(DEAD, REMOVED)]),
    Fact {
        path: "repository.permission",
        start: Start::first(&start::ROLE, How::Level),
        subject: Subject::Repository,
        ty: Type::Level(&ROLES),
        absence: Absence::Level("none"),
        origin: Origin::Asked(&[
            told(PEOPLE, "repository_permission", &Field(field("permission").of_each("values"))),
            never(ACCESS_TOKENS, NO_USER),
            hidden(DEAD, REMOVED),
        ]),
        doc: "The user's permission on the repository, through groups too. It is not reduced by the token's scopes. \
              Absent when nothing was granted, though a public repository can still be read.",
    },
    portable::repository_access("repository.permission"),
    portable::repository_can(&GROUNDS),
    Fact {
        path: "repository.visibility",
        start: Start::LeftOut("of the repository"),
        subject: Subject::Repository,
        ty: Type::Enum(&VISIBILITIES),
        absence: Absence::Impossible,
        origin: Origin::Asked(&[told(LIVE, "repository", &Field(field("is_private"))), hidden(DEAD, REMOVED)]),
        doc: "Who sees the repository.",
    },
    portable::repository_default_branch(&[
        told(LIVE, "repository", &Field(field("mainbranch.name"))),
        hidden(DEAD, REMOVED),
    ]),
    Fact {
        doc: "Whether a branch restriction of the repository bears on the default branch, whomever it lets through: known \
              where one does. That none does stays open: those of the project bear on it, too, and no page says that this \
              list holds them. Takes the scope `repository:admin` or `admin:repository:bitbucket`.",
        ..portable::repository_default_branch_protected(RESTRICTIONS)
    },
    Fact {
        doc: "Whether branch restrictions let the account push to the default branch: known of access tokens, which none \
              can name, where one limits who pushes. Else it stays open: whom one keeps out another may let in.",
        ..portable::repository_push_default(RESTRICTIONS)
    },
    Fact {
        doc: "Whether branch restrictions let the account merge into the default branch: known of access tokens, which none \
              can name, where one limits who merges. Else it stays open: whom one keeps out another may let in.",
        ..portable::repository_merge_default(RESTRICTIONS)
    },
    Fact {
        path: "repository.webhooks",
        start: Start::LeftOut("of the repository"),
        subject: Subject::Repository,
        ty: Type::Records(&WEBHOOKS),
        absence: Absence::Empty,
        origin: Origin::Asked(&[told(LIVE, "repository_hooks", &List), hidden(DEAD, REMOVED)]),
        doc: "The repository's own webhooks, not those of its workspace. Takes the scope `webhook` or \
              `read:webhook:bitbucket`.",
    },
    Fact {
        path: "workspace.webhooks",
        start: Start::LeftOut("of the workspace"),
        subject: Subject::Organization,
        ty: Type::Records(&WEBHOOKS),
        absence: Absence::Empty,
        origin: Origin::Asked(&[told(LIVE, "workspace_hooks", &List), hidden(DEAD, REMOVED)]),
        doc: "The workspace's own webhooks, which deliver for all of its repositories. Takes the scope `webhook` or \
              `read:webhook:bitbucket`.",
    },
    Fact {
        path: "workspace.role",
        start: Start::first(&start::OWNER_ROLE, How::Equal),
        subject: Subject::Organization,
        ty: Type::Enum(&WORKSPACE_ROLES),
        absence: Absence::NoValue,
        origin: Origin::Asked(&[
            told(PEOPLE, "workspace_permission", &Field(field("permission"))),
            never(ACCESS_TOKENS, NO_USER),
            hidden(DEAD, REMOVED),
        ]),
        doc: "The user's role in the workspace. Where Bitbucket shows none it is unknown: the user may be no member, or the \
              workspace may not exist.",
    },
];
