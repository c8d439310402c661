//! The facts, with what each kind of credential reveals of them.

use super::kinds::{ACCOUNTS, ALL, KIND_WORDS, SCOPED};
use super::scopes::SCOPES;
use crate::vocabulary::field_path::field;
use crate::vocabulary::grounds::{Grounds, Limits};
use crate::vocabulary::place::Place::{Field, Fields, List, Status};
use crate::vocabulary::portable;
use crate::vocabulary::row::{Absence, Alias, EnumTable, Fact, LevelTable, Origin, Subject, Type};
use crate::vocabulary::rows::{WEBHOOKS, hidden, never, told};
use crate::vocabulary::start::{self, How, Start};

static PRODUCTS: EnumTable = EnumTable {
    title: "Gitea product",
    words: &[("gitea", "Gitea"), ("forgejo", "Forgejo, which Codeberg is, too")],
    aliases: &[Alias { spelling: "codeberg", name: "forgejo", seen_in: "the name of the public instance" }],
};

static PERMISSIONS: LevelTable = LevelTable {
    title: "Gitea repository permission",
    levels: &[("none", &[]), ("read", &["none"]), ("write", &["read"]), ("admin", &["write"]), ("owner", &["admin"])],
    access: &[("none", "none"), ("read", "read"), ("write", "write"), ("admin", "admin"), ("owner", "admin")],
};

static CODE: LevelTable = LevelTable {
    title: "Gitea right on code",
    levels: &[("none", &[]), ("read", &["none"]), ("write", &["read"]), ("admin", &["write"])],
    access: &[("none", "none"), ("read", "read"), ("write", "write"), ("admin", "admin")],
};

static VISIBILITIES: EnumTable = EnumTable {
    title: "Gitea repository visibility",
    words: &[
        ("private", "those with access see it"),
        ("internal", "its owner is not public: those who see the owner see it"),
        ("public", "everybody sees it"),
    ],
    aliases: &[Alias { spelling: "limited", name: "internal", seen_in: "the visibility of organisations" }],
};

const CANNOT_READ_ITSELF: &str = "a repository-specific token cannot read its account, nor the list that it stands in";
const NO_PERSONAL_TOKEN: &str = "it stands in no list of tokens and has no name";
const OWN_USE: &str = "what Gitea shows as the last use is this check";
const JOBS_OWN: &str = "Gitea does not tell it of the account that jobs act as";

/// What abilities rest on.
static GROUNDS: Grounds = Grounds {
    visibility: Some("repository.visibility"),
    archived: Some("repository.archived"),
    writable: None,
    installation: None,
    limits: Some(Limits {
        to_public: "token.public_only",
        kinds: &["repository"],
        shown: "repository.code",
        reads: "read",
        is_for: "write",
    }),
    by_role: false,
    rights: &["repository.code", "repository.pull_requests", "repository.push_default", "repository.merge_default"],
};

/// Gitea's facts.
pub(super) static FACTS: &[Fact] = &[
    Fact {
        path: "token.kind",
        start: Start::first(&start::KIND, How::Equal),
        subject: Subject::Credential,
        ty: Type::Enum(&KIND_WORDS),
        absence: Absence::Impossible,
        origin: Origin::Asked(&[told(ALL, "user", &Fields(&[field("id"), field("login")]))]),
        doc: "What sort of credential it is. A job's token acts as an account of the instance's own. A token that may \
              not read its account may be for some repositories alone where the server is a Forgejo of 15.0 or later, \
              so that its kind stays open there.",
    },
    portable::TOKEN_LIFETIME,
    Fact {
        path: "token.scopes",
        start: Start::first(&start::SCOPES, How::Grants),
        subject: Subject::Credential,
        ty: Type::Names(&SCOPES),
        absence: Absence::Empty,
        origin: Origin::Asked(&[
            told(SCOPED, "token", &Field(field("scopes"))),
            never(&["actions"], "a job's token has no scopes: what its workflow was given decides"),
        ]),
        doc: "The scopes that the token was given, by the road that product and version leave open: the token's own \
              answer, the list of its owner's tokens, or the text of a refusal. Where none leads, they are proved one by \
              one: that a token may read says nothing of whether it may write. Scopes never widen the account's rights.",
    },
    Fact {
        path: "token.public_only",
        start: Start::then(&start::SCOPES, 1, How::HoldsNot),
        subject: Subject::Credential,
        ty: Type::Bool,
        absence: Absence::Impossible,
        origin: Origin::Asked(&[
            told(SCOPED, "token", &Field(field("scopes"))),
            never(&["actions"], "a job's token has no scopes, and so none that limits it"),
        ]),
        doc: "Whether the token is limited to what is public, owners included: Gitea's `public-only`.",
    },
    Fact {
        doc: "When the credential expires. Absent, and later than every time, for access tokens: neither product knows \
              an end of them. Of an OAuth token its text tells, once the server accepted it.",
        ..portable::token_expires_at(&[
            told(SCOPED, "user", &Status),
            hidden(&["actions"], "a job's token ends with its job, at no time that Gitea tells"),
        ])
    },
    portable::TOKEN_EXPIRES_IN,
    portable::token_created_at(&[
        told(&["personal"], "token", &Field(field("created_at"))),
        hidden(&["repository"], CANNOT_READ_ITSELF),
        told(&["oauth"], "user", &Status),
        hidden(&["actions"], "Gitea does not tell when a job's token was made"),
    ]),
    portable::TOKEN_AGE,
    portable::token_last_used_at(&[hidden(ALL, OWN_USE)]),
    portable::TOKEN_UNUSED_FOR,
    portable::token_name(&[
        told(&["personal"], "token", &Field(field("name"))),
        hidden(&["repository"], CANNOT_READ_ITSELF),
        never(&["oauth", "actions"], NO_PERSONAL_TOKEN),
    ]),
    portable::token_active(&[told(ALL, "user", &Status)]),
    Fact {
        path: "user.id",
        start: Start::LeftOut("a number that the name stands for"),
        subject: Subject::Credential,
        ty: Type::Integer,
        absence: Absence::Impossible,
        origin: Origin::Asked(&[told(ALL, "user", &Field(field("id")))]),
        doc: "The number of the account that acts with this credential.",
    },
    portable::user_username(&[told(ALL, "user", &Field(field("login")))]),
    Fact {
        doc: "Whether the account is a bot's. It is known of the account that jobs act as: Gitea has accounts of type \
              bot and shows it in no answer, Forgejo has none.",
        ..portable::user_is_bot(&[
            hidden(SCOPED, "no answer tells a bot's account from a person's"),
            told(&["actions"], "user", &Field(field("id"))),
        ])
    },
    portable::user_name(&[
        told(&["personal", "oauth", "actions"], "user", &Field(field("full_name"))),
        hidden(&["repository"], CANNOT_READ_ITSELF),
    ]),
    Fact {
        path: "user.email",
        start: Start::LeftOut("of a person, perhaps"),
        subject: Subject::Credential,
        ty: Type::String,
        absence: Absence::NoValue,
        origin: Origin::Asked(&[
            told(&["personal", "oauth", "actions"], "user", &Field(field("email"))),
            hidden(&["repository"], CANNOT_READ_ITSELF),
        ]),
        doc: "The account's e-mail address, as it is shown to the account itself.",
    },
    Fact {
        path: "user.admin",
        start: Start::then(&start::ACCOUNT, 6, How::HoldsNot),
        subject: Subject::Credential,
        ty: Type::Bool,
        absence: Absence::Impossible,
        origin: Origin::Asked(&[
            told(&["personal", "oauth", "actions"], "user", &Field(field("is_admin"))),
            hidden(&["repository"], CANNOT_READ_ITSELF),
        ]),
        doc: "Whether the account administers the instance, and so may do everything on every repository.",
    },
    Fact {
        path: "user.restricted",
        start: Start::LeftOut("neither better nor worse"),
        subject: Subject::Credential,
        ty: Type::Bool,
        absence: Absence::Impossible,
        origin: Origin::Asked(&[
            told(&["personal", "oauth", "actions"], "user", &Field(field("restricted"))),
            hidden(&["repository"], CANNOT_READ_ITSELF),
        ]),
        doc: "Whether the account sees only what it was added to.",
    },
    Fact {
        path: "host.product",
        start: Start::LeftOut("of the host"),
        subject: Subject::Credential,
        ty: Type::Enum(&PRODUCTS),
        absence: Absence::Impossible,
        origin: Origin::Asked(&[told(ALL, "version", &Field(field("version")))]),
        doc: "Which product answers: a Forgejo's version ends in `+gitea-` and a number.",
    },
    Fact {
        doc: "The version of the host's software: of a Forgejo its own, never the number after `+gitea-`.",
        ..portable::host_version(&[told(ALL, "version", &Field(field("version")))])
    },
    portable::repository_name(&[told(ALL, "repository", &Field(field("full_name")))]),
    Fact {
        path: "repository.permission",
        start: Start::first(&start::ROLE, How::Level),
        subject: Subject::Repository,
        ty: Type::Level(&PERMISSIONS),
        absence: Absence::Level("none"),
        origin: Origin::Asked(&[
            told(SCOPED, "repository_permission", &Field(field("permission"))),
            hidden(&["actions"], JOBS_OWN),
        ]),
        doc: "The account's right on the repository: the higher of what Gitea says of the account and of what the \
              repository's own answer shows, since either leaves out what some teams give. It is the account's, not what \
              this token may do: `repository.can` needs both. Versions before Gitea 1.24 and Forgejo 11 tell an ordinary \
              account at least what the repository's answer shows.",
    },
    portable::repository_access("repository.permission"),
    portable::repository_can(&GROUNDS),
    Fact {
        path: "repository.code",
        start: Start::LeftOut("follows from the role"),
        subject: Subject::Repository,
        ty: Type::Level(&CODE),
        absence: Absence::Level("none"),
        origin: Origin::Asked(&[told(
            ALL,
            "repository",
            &Fields(&[field("permissions.admin"), field("permissions.push"), field("permissions.pull")]),
        )]),
        doc: "What the repository's answer says that the account may with its code: read, write, or administer the \
              repository. Scopes never lower it. Of a token for some repositories, or for what is public, it says \
              `none` where the repository is out of reach.",
    },
    Fact {
        path: "repository.pull_requests",
        start: Start::LeftOut("follows from the role"),
        subject: Subject::Repository,
        ty: Type::Bool,
        absence: Absence::Impossible,
        origin: Origin::Asked(&[told(ALL, "pull_requests", &Status)]),
        doc: "Whether the repository has pull requests, and the account reads them.",
    },
    portable::repository_push_default(&[told(ALL, "branch", &Field(field("user_can_push")))]),
    portable::repository_merge_default(&[told(ALL, "branch", &Field(field("user_can_merge")))]),
    portable::repository_default_branch(&[told(ALL, "repository", &Field(field("default_branch")))]),
    portable::repository_default_branch_protected(&[told(ALL, "branch", &Field(field("protected")))]),
    Fact {
        path: "repository.visibility",
        start: Start::LeftOut("of the repository"),
        subject: Subject::Repository,
        ty: Type::Enum(&VISIBILITIES),
        absence: Absence::Impossible,
        origin: Origin::Asked(&[told(
            ALL,
            "repository",
            &Fields(&[field("private"), field("internal"), field("owner.visibility")]),
        )]),
        doc: "Who sees the repository. It is public only where its owner is, too.",
    },
    Fact {
        path: "repository.archived",
        start: Start::first(&start::OPEN, How::HoldsNot),
        subject: Subject::Repository,
        ty: Type::Bool,
        absence: Absence::Impossible,
        origin: Origin::Asked(&[told(ALL, "repository", &Field(field("archived")))]),
        doc: "Whether the repository is archived, and so read-only.",
    },
    Fact {
        path: "repository.webhooks",
        start: Start::LeftOut("of the repository"),
        subject: Subject::Repository,
        ty: Type::Records(&WEBHOOKS),
        absence: Absence::Empty,
        origin: Origin::Asked(&[
            told(ACCOUNTS, "webhooks", &List),
            hidden(&["repository"], "Forgejo closes everything of administrators to repository-specific tokens"),
            hidden(&["actions"], "a job's token administers nothing"),
        ]),
        doc: "The repository's own webhooks, not those of its owner or of the instance. Only administrators of the \
              repository may list them. Of those that deliver to a chat the address may be a secret, so that only its \
              host is kept. Whether there is a secret is told nowhere, nor what became of a delivery.",
    },
    Fact {
        path: "organization.webhooks",
        start: Start::LeftOut("of the organization"),
        subject: Subject::Organization,
        ty: Type::Records(&WEBHOOKS),
        absence: Absence::Empty,
        origin: Origin::Asked(&[
            told(ACCOUNTS, "organization_webhooks", &List),
            hidden(&["repository"], "a token for some repositories owns no organization"),
            hidden(&["actions"], "a job's token administers nothing"),
        ]),
        doc: "The organization's own webhooks, which deliver for all of its repositories; those of the instance are \
              elsewhere. Only owners of the organization may list them, with `read:organization`. They are told as in \
              `repository.webhooks`.",
    },
];
