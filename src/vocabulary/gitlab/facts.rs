//! The facts, with what each kind of credential reveals of them.

use super::kinds::{ACCOUNTS, BOTS, CLASSIC, KIND_WORDS, TOKENS};
use super::scopes::SCOPES;
use crate::vocabulary::field_path::field;
use crate::vocabulary::grounds::{Grounds, RoleEnd};
use crate::vocabulary::place::Place::{Field, Fields, List, Status};
use crate::vocabulary::portable;
use crate::vocabulary::row::{Absence, Derivation, EnumTable, Fact, LevelTable, Origin, Subject, Type};
use crate::vocabulary::rows::{WEBHOOKS, by_text, hidden, never, told};
use crate::vocabulary::start::{self, How, Start};

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

/// What abilities rest on.
static GROUNDS: Grounds = Grounds {
    visibility: Some("project.visibility"),
    archived: Some("project.archived"),
    writable: Some("project.writable"),
    rights: portable::DEFAULT_BRANCH_RIGHTS,
    ..Grounds::NOTHING
};

/// When a role on a project ends.
static ROLE_END: RoleEnd = RoleEnd {
    membership: "project.membership_expires_at",
    role: "project.access_level",
    own: "project.own_access_level",
    otherwise: "the role comes through an invited group, and GitLab does not tell here when that invitation ends",
};

/// GitLab's facts.
pub(super) static FACTS: &[Fact] = &[
    Fact {
        path: "token.kind",
        start: Start::first(&start::KIND, How::Equal),
        subject: Subject::Credential,
        ty: Type::Enum(&KIND_WORDS),
        absence: Absence::Impossible,
        origin: Origin::Asked(&[
            told(CLASSIC, "user", &Fields(&[field("bot"), field("username")])),
            told(&["fine_grained"], "token_self", &Field(field("scopes"))),
            told(&["oauth"], "oauth_token_info", &Status),
            by_text(&["job", "deploy"]),
        ]),
        doc: "What sort of credential it is. A fine-grained token lists `granular` as its only scope, or is refused for \
              want of a permission. The other four kinds of `glpat-` are told apart by the account that owns the token, \
              so a token that may not read its account leaves them open.",
    },
    portable::TOKEN_LIFETIME,
    Fact {
        path: "token.scopes",
        start: Start::first(&start::SCOPES, How::Grants),
        subject: Subject::Credential,
        ty: Type::Names(&SCOPES),
        absence: Absence::Empty,
        origin: Origin::Asked(&[
            told(CLASSIC, "token_self", &Field(field("scopes"))),
            never(&["fine_grained"], "a fine-grained token has permissions, resource by resource, instead of scopes"),
            told(&["oauth"], "oauth_token_info", &Field(field("scope"))),
            never(&["job"], "a job token has no scopes; it acts for whoever started the job, on few requests"),
            hidden(&["deploy"], DEPLOY_IS_NARROW),
        ]),
        doc: "The scopes that the token was given. A fine-grained token has none: that GitLab lists `granular` as its only \
              scope says nothing of what it may do. Scopes never widen the account's role.",
    },
    Fact {
        doc: "When the credential expires: at midnight UTC, as its day begins. Of an OAuth token GitLab tells the seconds \
              left. Absent, and later than every time, when it never does.",
        ..portable::token_expires_at(&[
            told(TOKENS, "token_self", &Field(field("expires_at"))),
            told(&["oauth"], "oauth_token_info", &Field(field("expires_in"))),
            hidden(&["job"], "a job token ends with its job, at no time that GitLab tells"),
            hidden(&["deploy"], DEPLOY_IS_NARROW),
        ])
    },
    portable::TOKEN_EXPIRES_IN,
    portable::token_created_at(&[
        told(TOKENS, "token_self", &Field(field("created_at"))),
        told(&["oauth"], "oauth_token_info", &Field(field("created_at"))),
        hidden(&["job"], "GitLab does not tell when a job's token was made"),
        hidden(&["deploy"], DEPLOY_IS_NARROW),
    ]),
    portable::TOKEN_AGE,
    Fact {
        doc: "When GitLab last recorded a use of the token, about every ten minutes. Absent when never used.",
        ..portable::token_last_used_at(&[
            told(TOKENS, "token_self", &Field(field("last_used_at"))),
            hidden(&["oauth"], "GitLab does not tell when an OAuth token was last used"),
            hidden(&["job"], "GitLab does not tell when a job token was last used"),
            hidden(&["deploy"], DEPLOY_IS_NARROW),
        ])
    },
    portable::TOKEN_UNUSED_FOR,
    portable::token_name(&[
        told(TOKENS, "token_self", &Field(field("name"))),
        never(&["oauth", "job"], "GitLab gives such a token no name"),
        hidden(&["deploy"], DEPLOY_IS_NARROW),
    ]),
    portable::token_active(&[
        told(TOKENS, "token_self", &Status),
        told(&["oauth"], "oauth_token_info", &Status),
        told(&["job"], "job", &Status),
        hidden(&["deploy"], DEPLOY_IS_NARROW),
    ]),
    Fact {
        path: "user.id",
        start: Start::LeftOut("a number that the name stands for"),
        subject: Subject::Credential,
        ty: Type::Integer,
        absence: Absence::Impossible,
        origin: Origin::Asked(&[
            told(TOKENS, "token_self", &Field(field("user_id"))),
            told(&["oauth"], "oauth_token_info", &Field(field("resource_owner_id"))),
            told(&["job"], "job", &Field(field("user.id"))),
            never(&["deploy"], DEPLOY_HAS_NO_USER),
        ]),
        doc: "The number of the account that acts with this credential.",
    },
    portable::user_username(&[
        told(ACCOUNTS, "user", &Field(field("username"))),
        told(&["job"], "job", &Field(field("user.username"))),
        never(&["deploy"], DEPLOY_HAS_NO_USER),
    ]),
    Fact {
        doc: "Whether GitLab marks the account as a bot's: those of project and group tokens and service accounts are.",
        ..portable::user_is_bot(&[
            told(ACCOUNTS, "user", &Field(field("bot"))),
            hidden(&["job"], "a job shows the name of the account only"),
            never(&["deploy"], DEPLOY_HAS_NO_USER),
        ])
    },
    portable::user_name(&[
        told(ACCOUNTS, "user", &Field(field("name"))),
        told(&["job"], "job", &Field(field("user.name"))),
        never(&["deploy"], DEPLOY_HAS_NO_USER),
    ]),
    Fact {
        path: "user.admin",
        start: Start::then(&start::ACCOUNT, 6, How::HoldsNot),
        subject: Subject::Credential,
        ty: Type::Bool,
        absence: Absence::Impossible,
        origin: Origin::Asked(&[
            told(ACCOUNTS, "user", &Field(field("is_admin"))),
            hidden(&["job"], "a job shows the name of the account only"),
            never(&["deploy"], DEPLOY_HAS_NO_USER),
        ]),
        doc: "Whether the account administers the instance. GitLab shows it to administrators only, and where Admin \
              Mode is on perhaps not even to them, so that it is unknown where it is not shown.",
    },
    Fact {
        path: "user.external",
        start: Start::LeftOut("neither better nor worse"),
        subject: Subject::Credential,
        ty: Type::Bool,
        absence: Absence::Impossible,
        origin: Origin::Asked(&[
            told(ACCOUNTS, "user", &Field(field("external"))),
            hidden(&["job"], "a job shows the name of the account only"),
            never(&["deploy"], DEPLOY_HAS_NO_USER),
        ]),
        doc: "Whether the account is external: it sees only projects that it is a member of, internal ones too.",
    },
    Fact {
        path: "user.state",
        start: Start::then(&start::ACCOUNT, 3, How::Equal),
        subject: Subject::Credential,
        ty: Type::Enum(&USER_STATES),
        absence: Absence::Impossible,
        origin: Origin::Asked(&[
            told(ACCOUNTS, "user", &Field(field("state"))),
            hidden(&["job"], "a job shows the name of the account only"),
            never(&["deploy"], DEPLOY_HAS_NO_USER),
        ]),
        doc: "The state of the account.",
    },
    Fact {
        path: "user.two_factor",
        start: Start::then(&start::ACCOUNT, 4, How::Holds),
        subject: Subject::Credential,
        ty: Type::Bool,
        absence: Absence::Impossible,
        origin: Origin::Asked(&[
            told(&["personal", "fine_grained", "oauth"], "user", &Field(field("two_factor_enabled"))),
            never(BOTS, "a bot account does not sign in and has no second factor"),
            hidden(&["job"], "a job shows the name of the account only"),
            never(&["deploy"], DEPLOY_HAS_NO_USER),
        ]),
        doc: "Whether the account has a second factor.",
    },
    portable::host_version(&[
        told(ACCOUNTS, "metadata", &Field(field("version"))),
        hidden(&["job"], JOB_IS_NARROW),
        hidden(&["deploy"], DEPLOY_IS_NARROW),
    ]),
    Fact {
        doc: "The project's full path as GitLab gives it now, `GROUP/SUBGROUP/NAME`; after a move not the one asked for.",
        ..portable::repository_name(&[
            told(ACCOUNTS, "project", &Field(field("path_with_namespace"))),
            hidden(&["job"], JOB_IS_NARROW),
            hidden(&["deploy"], DEPLOY_IS_NARROW),
        ])
    },
    Fact {
        path: "project.access_level",
        start: Start::first(&start::ROLE, How::Level),
        subject: Subject::Repository,
        ty: Type::Level(&ACCESS_LEVELS),
        absence: Absence::Level("none"),
        origin: Origin::Asked(&[
            told(ACCOUNTS, "project_member", &Field(field("access_level"))),
            hidden(&["job"], JOB_IS_NARROW),
            never(&["deploy"], DEPLOY_HAS_NO_USER),
        ]),
        doc: "The account's highest role on the project: direct, inherited or through an invited group. It is the role, \
              not what this token may do. Absent when the account is no member, whatever an administrator may do. With \
              a custom role it is the least that the account has, and so it is where many projects are asked about at \
              once: that answer does not tell custom roles.",
    },
    Fact {
        path: "project.own_access_level",
        start: Start::LeftOut("follows from the role"),
        subject: Subject::Repository,
        ty: Type::Level(&ACCESS_LEVELS),
        absence: Absence::Level("none"),
        origin: Origin::Asked(&[
            told(
                ACCOUNTS,
                "project",
                &Fields(&[
                    field("permissions.project_access.access_level"),
                    field("permissions.group_access.access_level"),
                ]),
            ),
            hidden(&["job"], JOB_IS_NARROW),
            never(&["deploy"], DEPLOY_HAS_NO_USER),
        ]),
        doc: "The account's role by its own membership of the project or of a group above it, and not of a group that was \
              invited. Absent where that is its only way in.",
    },
    Fact {
        path: "project.membership_expires_at",
        start: Start::LeftOut("follows from the end of the role"),
        subject: Subject::Repository,
        ty: Type::Time,
        absence: Absence::Never,
        origin: Origin::Asked(&[
            told(ACCOUNTS, "project_member", &Field(field("expires_at"))),
            hidden(&["job"], JOB_IS_NARROW),
            never(&["deploy"], DEPLOY_HAS_NO_USER),
        ]),
        doc: "When the membership ends that gives the account its highest role on the project, whosever it is: at midnight \
              UTC, as its day begins. Absent, and later than every time, when it never does. A membership of a lower role may \
              outlive it, and a group's invitation end before it: `project.access_expires_at` counts that.",
    },
    Fact {
        path: "project.access_expires_at",
        start: Start::LeftOut("counted by people who give roles for a time"),
        subject: Subject::Repository,
        ty: Type::Time,
        absence: Absence::Never,
        origin: Origin::Derived(Derivation::RoleEnd(&ROLE_END)),
        doc: "When the account's role on the project ends, a lower one perhaps not. Absent, and later than every time, when \
              it never does. Where the role comes through an invited group it is unknown: GitLab does not tell here when that \
              invitation ends.",
    },
    Fact {
        path: "project.access_expires_in",
        start: Start::LeftOut("follows from project.access_expires_at"),
        subject: Subject::Repository,
        ty: Type::Duration,
        absence: Absence::Never,
        origin: Origin::Derived(Derivation::Until("project.access_expires_at")),
        doc: "The time until the account's role on the project ends; negative when past, longer than every duration when it \
              never does.",
    },
    Fact {
        doc: "The identity's role on the project in words that all hosts share. Guests and planners count as `none`: \
              they cannot read the code of a private project. It is the role, not what this credential may do: only \
              `repository.can` says that.",
        ..portable::repository_access("project.access_level")
    },
    portable::repository_can(&GROUNDS),
    Fact {
        path: "project.visibility",
        start: Start::LeftOut("of the project"),
        subject: Subject::Repository,
        ty: Type::Enum(&VISIBILITIES),
        absence: Absence::Impossible,
        origin: Origin::Asked(&[
            told(ACCOUNTS, "project", &Field(field("visibility"))),
            hidden(&["job"], JOB_IS_NARROW),
            hidden(&["deploy"], DEPLOY_IS_NARROW),
        ]),
        doc: "Who sees the project.",
    },
    Fact {
        path: "project.archived",
        start: Start::first(&start::OPEN, How::HoldsNot),
        subject: Subject::Repository,
        ty: Type::Bool,
        absence: Absence::Impossible,
        origin: Origin::Asked(&[
            told(ACCOUNTS, "project", &Field(field("archived"))),
            hidden(&["job"], JOB_IS_NARROW),
            hidden(&["deploy"], DEPLOY_IS_NARROW),
        ]),
        doc: "Whether the project is archived, and so read-only.",
    },
    Fact {
        path: "project.writable",
        start: Start::LeftOut("counted where something is pushed"),
        subject: Subject::Repository,
        ty: Type::Bool,
        absence: Absence::Impossible,
        origin: Origin::Asked(&[
            told(ACCOUNTS, "project", &Fields(&[field("repository_access_level"), field("mirror")])),
            hidden(&["job"], JOB_IS_NARROW),
            hidden(&["deploy"], DEPLOY_IS_NARROW),
        ]),
        doc: "Whether the project takes pushes at all, archived or not: none does whose repository is switched off, or \
              that mirrors another.",
    },
    portable::repository_default_branch(&[
        told(ACCOUNTS, "project", &Field(field("default_branch"))),
        hidden(&["job"], JOB_IS_NARROW),
        hidden(&["deploy"], DEPLOY_IS_NARROW),
    ]),
    Fact {
        doc: "Whether a protection bears on the default branch, whomever it lets through.",
        ..portable::repository_default_branch_protected(&[
            told(ACCOUNTS, "default_branch", &Field(field("protected"))),
            hidden(&["job"], JOB_IS_NARROW),
            hidden(&["deploy"], DEPLOY_IS_NARROW),
        ])
    },
    portable::repository_push_default(&[
        told(ACCOUNTS, "default_branch", &Field(field("can_push"))),
        hidden(&["job"], JOB_IS_NARROW),
        hidden(&["deploy"], DEPLOY_IS_NARROW),
    ]),
    Fact {
        doc: "Whether the default branch's rules let the account merge into it, from developer up: known where the account \
              may push to it, or its protection lets developers merge. Whom else it lets through is shown to maintainers \
              alone. Checks and approvals decide each merge besides.",
        ..portable::repository_merge_default(&[
            told(ACCOUNTS, "default_branch", &Fields(&[field("can_push"), field("developers_can_merge")])),
            hidden(&["job"], JOB_IS_NARROW),
            hidden(&["deploy"], DEPLOY_IS_NARROW),
        ])
    },
    Fact {
        path: "project.webhooks",
        start: Start::LeftOut("of the project"),
        subject: Subject::Repository,
        ty: Type::Records(&WEBHOOKS),
        absence: Absence::Empty,
        origin: Origin::Asked(&[
            told(ACCOUNTS, "project_hooks", &List),
            hidden(&["job"], JOB_IS_NARROW),
            hidden(&["deploy"], DEPLOY_IS_NARROW),
        ]),
        doc: "The project's own webhooks, not those of its groups. Only maintainers may list them. `events` are the names \
              of the fields that are on, such as `merge_requests_events`. `secret_set` is unknown before GitLab 19.0, \
              and `last_status` everywhere.",
    },
    Fact {
        path: "group.access_level",
        start: Start::first(&start::OWNER_ROLE, How::Level),
        subject: Subject::Organization,
        ty: Type::Level(&ACCESS_LEVELS),
        absence: Absence::Level("none"),
        origin: Origin::Asked(&[
            told(ACCOUNTS, "group_member", &Field(field("access_level"))),
            hidden(&["job"], JOB_IS_NARROW),
            never(&["deploy"], DEPLOY_HAS_NO_USER),
        ]),
        doc: "The account's highest role in the group, inherited ones counted. Absent when it is no member.",
    },
    Fact {
        path: "group.webhooks",
        start: Start::LeftOut("of the group"),
        subject: Subject::Organization,
        ty: Type::Records(&WEBHOOKS),
        absence: Absence::Empty,
        origin: Origin::Asked(&[
            told(ACCOUNTS, "group_hooks", &List),
            hidden(&["job"], JOB_IS_NARROW),
            hidden(&["deploy"], DEPLOY_IS_NARROW),
        ]),
        doc: "The group's own webhooks, which deliver for all of its projects: with Premium, and shown to those who may \
              administer the group. A group inside of another has that one's deliveries, too, which its own list does not \
              show, so that its list is never complete. `events` are named as those of `project.webhooks`.",
    },
];
