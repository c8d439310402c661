//! The portable facts: the same path, type and meaning on every host, so that `host any` policies can read them.
//!
//! Derived ones are constants; for asked ones a host gives its own [`Reveal`] rows. Where a host has more to say about
//! one, it replaces the doc: `Fact { doc: "…", ..portable::user_is_bot(ROWS) }`.

use super::grounds::Grounds;
use super::names::{Name, NameTable};
use super::row::{Absence, Derivation, EnumTable, Fact, LevelTable, Origin, Reveal, Subject, Type};
use super::start::{self, How, Start};

/// The words of `token.lifetime`.
pub static LIFETIMES: EnumTable = EnumTable {
    title: "token lifetime",
    words: &[
        ("standing", "stays until somebody revokes it or a chosen date comes"),
        ("short_lived", "minted or refreshed by a program within a day"),
        ("job", "lives as long as a CI job"),
    ],
    aliases: &[],
};

/// The levels of `repository.access`, onto which every host's own roles are mapped.
pub static ACCESS: LevelTable = LevelTable {
    title: "repository access",
    levels: &[
        ("none", &[]),
        ("read", &["none"]),
        ("write", &["read"]),
        ("maintain", &["write"]),
        ("admin", &["maintain"]),
    ],
    access: &[("none", "none"), ("read", "read"), ("write", "write"), ("maintain", "maintain"), ("admin", "admin")],
};

/// The words of `repository.can`. None implies another: each is decided by itself, so that a denied one denies no other.
pub static ABILITIES: NameTable = NameTable {
    singular: "ability",
    plural: "abilities",
    words: true,
    names: &[
        Name { name: "read", implies: &[], doc: "see the repository and its metadata" },
        Name { name: "clone", implies: &[], doc: "read its content, by API and by `git clone`" },
        Name { name: "comment", implies: &[], doc: "comment on its pull or merge requests" },
        Name { name: "set_status", implies: &[], doc: "set a status on its commits" },
        Name { name: "push", implies: &[], doc: "push branches of one's own, whatever the default branch's rules" },
        Name {
            name: "push_default",
            implies: &[],
            doc: "push straight to its default branch, by that branch's rules too",
        },
        Name {
            name: "merge",
            implies: &[],
            doc: "merge its pull or merge requests into its default branch, by that branch's rules too",
        },
        Name { name: "manage_webhooks", implies: &[], doc: "create and change its webhooks" },
        Name { name: "administer", implies: &[], doc: "change its settings and who has access" },
    ],
    aliases: &[],
};

const fn asked(
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

const fn derived(
    path: &'static str,
    start: Start,
    subject: Subject,
    ty: Type,
    absence: Absence,
    derivation: Derivation,
    doc: &'static str,
) -> Fact {
    Fact { path, start, subject, ty, absence, origin: Origin::Derived(derivation), doc }
}

/// `token.lifetime`, derived from the credential's kind and, where that does not tell, from its expiry.
pub const TOKEN_LIFETIME: Fact = derived(
    "token.lifetime",
    Start::then(&start::KIND, 1, How::Renewed),
    Subject::Credential,
    Type::Enum(&LIFETIMES),
    Absence::Impossible,
    Derivation::Lifetime,
    "How such a credential lives: `standing`, `short_lived` (minted or refreshed by a program within a day) or `job`.",
);

/// `token.expires_in`, derived from `token.expires_at`.
pub const TOKEN_EXPIRES_IN: Fact = derived(
    "token.expires_in",
    Start::LeftOut("follows from token.expires_at"),
    Subject::Credential,
    Type::Duration,
    Absence::Never,
    Derivation::Until("token.expires_at"),
    "The time until the credential expires; negative when past, longer than every duration when it never does.",
);

/// `token.age`, derived from `token.created_at`.
pub const TOKEN_AGE: Fact = derived(
    "token.age",
    Start::LeftOut("changes by itself"),
    Subject::Credential,
    Type::Duration,
    Absence::NoValue,
    Derivation::Since("token.created_at"),
    "The time since the credential was made.",
);

/// `token.unused_for`, derived from `token.last_used_at`.
pub const TOKEN_UNUSED_FOR: Fact = derived(
    "token.unused_for",
    Start::LeftOut("changes by itself"),
    Subject::Credential,
    Type::Duration,
    Absence::NoValue,
    Derivation::Since("token.last_used_at"),
    "The time since the host last recorded a use of the credential; this check is a use too. Absent when never used.",
);

/// `repository.access`, derived from the host's own role fact, whose level table maps each role.
pub const fn repository_access(role: &'static str) -> Fact {
    derived(
        "repository.access",
        Start::LeftOut("follows from the role"),
        Subject::Repository,
        Type::Level(&ACCESS),
        Absence::Level("none"),
        Derivation::Access(role),
        "The identity's role on the repository in words that all hosts share. It is the role, not what this \
         credential may do: only `repository.can` says that.",
    )
}

/// `repository.can`, derived from [`super::Host::abilities`].
pub const fn repository_can(grounds: &'static Grounds) -> Fact {
    derived(
        "repository.can",
        Start::first(&start::ABILITIES, How::Grants),
        Subject::Repository,
        Type::Names(&ABILITIES),
        Absence::Empty,
        Derivation::Abilities(grounds),
        "What the credential can do on the repository: what the credential grants and what the identity may do there, \
     together. Abilities that cannot be decided stay open, the others count.",
    )
}

/// The facts of the default branch that abilities rest on.
pub const DEFAULT_BRANCH_RIGHTS: &[&str] = &["repository.push_default", "repository.merge_default"];

/// `repository.default_branch`, asked.
pub const fn repository_default_branch(reveals: &'static [Reveal]) -> Fact {
    asked(
        "repository.default_branch",
        Start::LeftOut("of the repository"),
        Subject::Repository,
        Type::String,
        Absence::NoValue,
        reveals,
        "The name of the default branch. Where the repository has none yet, it is unknown.",
    )
}

/// `repository.default_branch_protected`, asked.
pub const fn repository_default_branch_protected(reveals: &'static [Reveal]) -> Fact {
    asked(
        "repository.default_branch_protected",
        Start::LeftOut("of the repository"),
        Subject::Repository,
        Type::Bool,
        Absence::Impossible,
        reveals,
        "Whether rules of the host's bear on the default branch, whomever they let through.",
    )
}

/// `repository.push_default`, asked.
pub const fn repository_push_default(reveals: &'static [Reveal]) -> Fact {
    asked(
        "repository.push_default",
        Start::LeftOut("follows from the role"),
        Subject::Repository,
        Type::Bool,
        Absence::Impossible,
        reveals,
        "Whether the account may push to the default branch, by its rules where it has some.",
    )
}

/// `repository.merge_default`, asked.
pub const fn repository_merge_default(reveals: &'static [Reveal]) -> Fact {
    asked(
        "repository.merge_default",
        Start::LeftOut("follows from the role"),
        Subject::Repository,
        Type::Bool,
        Absence::Impossible,
        reveals,
        "Whether the default branch's rules let the account merge into it, where its role does. Checks and approvals \
         decide each merge besides.",
    )
}

/// `token.expires_at`, asked.
pub const fn token_expires_at(reveals: &'static [Reveal]) -> Fact {
    asked(
        "token.expires_at",
        Start::first(&start::END, How::Ahead),
        Subject::Credential,
        Type::Time,
        Absence::Never,
        reveals,
        "When the credential expires. Absent, and later than every time, when it never does.",
    )
}

/// `token.created_at`, asked.
pub const fn token_created_at(reveals: &'static [Reveal]) -> Fact {
    asked(
        "token.created_at",
        Start::LeftOut("changes with each renewal"),
        Subject::Credential,
        Type::Time,
        Absence::NoValue,
        reveals,
        "When the credential was made.",
    )
}

/// `token.last_used_at`, asked.
pub const fn token_last_used_at(reveals: &'static [Reveal]) -> Fact {
    asked(
        "token.last_used_at",
        Start::LeftOut("changes by itself"),
        Subject::Credential,
        Type::Time,
        Absence::NoValue,
        reveals,
        "When the host last recorded a use of the credential. Absent when never used.",
    )
}

/// `token.name`, asked.
pub const fn token_name(reveals: &'static [Reveal]) -> Fact {
    asked(
        "token.name",
        Start::LeftOut("a label"),
        Subject::Credential,
        Type::String,
        Absence::NoValue,
        reveals,
        "The name or note that its owner gave the credential.",
    )
}

/// `token.active`, asked.
pub const fn token_active(reveals: &'static [Reveal]) -> Fact {
    asked(
        "token.active",
        Start::LeftOut("a built-in rule"),
        Subject::Credential,
        Type::Bool,
        Absence::Impossible,
        reveals,
        "Whether the host accepted the credential in this run.",
    )
}

/// `user.username`, asked.
pub const fn user_username(reveals: &'static [Reveal]) -> Fact {
    asked(
        "user.username",
        Start::first(&start::ACCOUNT, How::Equal),
        Subject::Credential,
        Type::String,
        Absence::NoValue,
        reveals,
        "The name of the account that acts with this credential, as the host shows it beside comments.",
    )
}

/// `user.is_bot`, asked.
pub const fn user_is_bot(reveals: &'static [Reveal]) -> Fact {
    asked(
        "user.is_bot",
        Start::then(&start::ACCOUNT, 2, How::Holds),
        Subject::Credential,
        Type::Bool,
        Absence::Impossible,
        reveals,
        "Whether the host says that the account is a bot's.",
    )
}

/// `user.name`, asked.
pub const fn user_name(reveals: &'static [Reveal]) -> Fact {
    asked(
        "user.name",
        Start::LeftOut("a label"),
        Subject::Credential,
        Type::String,
        Absence::NoValue,
        reveals,
        "The display name of the account. Absent when it has none.",
    )
}

/// `repository.name`, asked.
pub const fn repository_name(reveals: &'static [Reveal]) -> Fact {
    asked(
        "repository.name",
        Start::LeftOut("the name that was asked for"),
        Subject::Repository,
        Type::String,
        Absence::Impossible,
        reveals,
        "The repository's full name as the host gives it now, `OWNER/NAME`; after a renaming not the one asked for.",
    )
}

/// `host.version`, asked.
pub const fn host_version(reveals: &'static [Reveal]) -> Fact {
    asked(
        "host.version",
        Start::LeftOut("changes with each upgrade"),
        Subject::Credential,
        Type::Version,
        Absence::NoValue,
        reveals,
        "The version of the host's software. Absent on public hosts that have none.",
    )
}
