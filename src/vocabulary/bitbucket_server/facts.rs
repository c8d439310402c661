//! The facts.

use super::headers::X_AUSERNAME;
use super::kinds::{ALL, TOKEN_KINDS, TOKENS};
use super::permissions::{LEVELS, TOKEN_PERMISSIONS};
use crate::vocabulary::field_path::field;
use crate::vocabulary::grounds::Grounds;
use crate::vocabulary::place::Place::{self, Field, Fields, List};
use crate::vocabulary::portable;
use crate::vocabulary::row::{Absence, Alias, EnumTable, Fact, Origin, Reveal, Subject, Type};
use crate::vocabulary::rows::{WEBHOOKS, by_text, hidden, never, told};
use crate::vocabulary::start::{self, How, Start};

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

/// What abilities rest on.
static GROUNDS: Grounds = Grounds {
    visibility: Some("repository.visibility"),
    archived: Some("repository.archived"),
    writable: Some("repository.writable"),
    rights: portable::DEFAULT_BRANCH_RIGHTS,
    ..Grounds::NOTHING
};

/// Where branch permissions are told.
const RESTRICTIONS: &[Reveal] = &[told(ALL, "branch_restrictions", &List)];

pub(super) const FACTS: &[Fact] = &[
    Fact {
        path: "token.kind",
        start: Start::first(&start::KIND, How::Equal),
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
        start: Start::first(&start::PERMISSIONS, How::Grants),
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
        start: Start::then(&start::ACCOUNT, 1, How::Equal),
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
        start: Start::first(&start::OWNER_ROLE, How::Level),
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
        start: Start::first(&start::ROLE, How::Level),
        subject: Subject::Repository,
        ty: Type::Level(&LEVELS),
        absence: Absence::Level("none"),
        origin: Origin::Asked(&[told(ALL, "repository_permission", &List)]),
        doc: "The permission that Bitbucket says the requesting user has on the repository, through its project, groups \
              and global rights too. It proves nothing about the token's own permissions: `repository.can` needs both. \
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
        origin: Origin::Asked(&[told(ALL, "repository", &Field(field("public")))]),
        doc: "Who sees the repository.",
    },
    Fact {
        path: "repository.archived",
        start: Start::first(&start::OPEN, How::HoldsNot),
        subject: Subject::Repository,
        ty: Type::Bool,
        absence: Absence::Impossible,
        origin: Origin::Asked(&[told(ALL, "repository", &Field(field("archived")))]),
        doc: "Whether the repository is archived, and so read-only. Versions before 8.0 archive none.",
    },
    Fact {
        path: "repository.writable",
        start: Start::LeftOut("counted where something is pushed"),
        subject: Subject::Repository,
        ty: Type::Bool,
        absence: Absence::Impossible,
        origin: Origin::Asked(&[told(ALL, "repository", &Field(field("state")))]),
        doc: "Whether the repository takes pushes at all, archived or not: one does that is `AVAILABLE`, and none that is \
              still being made, or could not be, or is offline.",
    },
    portable::repository_default_branch(&[told(ALL, "default_branch", &Field(field("displayId")))]),
    Fact {
        doc: "Whether a branch permission of the repository bears on the default branch, whomever it lets through: known \
              where one does. That none does stays open: those of the project bear on it, too, and no page says that this \
              list holds them. Only administrators of the repository may read it.",
        ..portable::repository_default_branch_protected(RESTRICTIONS)
    },
    Fact {
        doc: "Whether branch permissions let the account push to the default branch: known where one lets neither the \
              account nor any group. Else it stays open.",
        ..portable::repository_push_default(RESTRICTIONS)
    },
    Fact {
        doc: "Whether branch permissions let the account merge into the default branch: known where one that makes it \
              read-only lets neither the account nor any group. Else it stays open.",
        ..portable::repository_merge_default(RESTRICTIONS)
    },
    Fact {
        path: "repository.webhooks",
        start: Start::LeftOut("of the repository"),
        subject: Subject::Repository,
        ty: Type::Records(&WEBHOOKS),
        absence: Absence::Empty,
        origin: Origin::Asked(&[told(ALL, "repository_hooks", &List)]),
        doc: "The repository's own webhooks, not those of its project. Only administrators of the repository may list \
              them. `secret_set` is true where Bitbucket shows a secret, which goes no further, and else unknown: \
              that it always shows one is documented nowhere.",
    },
    Fact {
        path: "project.webhooks",
        start: Start::LeftOut("of the project"),
        subject: Subject::Organization,
        ty: Type::Records(&WEBHOOKS),
        absence: Absence::Empty,
        origin: Origin::Asked(&[told(ALL, "project_hooks", &List)]),
        doc: "The project's own webhooks, which deliver for all of its repositories. Only administrators of the project may \
              list them. `secret_set` is told as in `repository.webhooks`.",
    },
];
