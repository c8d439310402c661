//! What each ability of `repository.can` takes: a scope, and a right of the account.

use crate::vocabulary::row::{Ability, OnPublic, Right};

const READ_CODE: &[Right] = &[Right::AtLeast("repository.code", "read")];
const WRITE_CODE: &[Right] = &[Right::AtLeast("repository.code", "write")];
const ADMINISTER: &[Right] = &[Right::AtLeast("repository.code", "admin")];

const fn ability(
    word: &'static str,
    scope: &'static [&'static [&'static str]],
    rights: &'static [Right],
    doc: &'static str,
) -> Ability {
    Ability {
        word,
        scopes: scope,
        public_scopes: &[],
        permissions: &[],
        only_way: true,
        roles: &[],
        rights,
        on_public: OnPublic::Nothing,
        writes: false,
        never_on: &[],
        doc,
    }
}

const READ: &[&[&str]] = &[&["read:repository"]];
const WRITE: &[&[&str]] = &[&["write:repository"]];

/// The rights are those that the answers say the account has, not a role that stands for them: a team's rights differ from
/// unit to unit. Source: `routers/api/v1/api.go` of both products.
pub(super) static ABILITIES: &[Ability] = &[
    ability("read", READ, &[Right::Known("repository.name")], "The repository's answer: any unit that can be read."),
    ability("clone", READ, READ_CODE, "Git over HTTP: the code unit, reading."),
    Ability {
        writes: true,
        ..ability(
            "comment",
            &[&["write:issue"]],
            &[Right::Holds("repository.pull_requests")],
            "Comments on pull requests are issues' comments: whoever reads the pull requests writes them.",
        )
    },
    Ability {
        writes: true,
        ..ability(
            "set_status",
            WRITE,
            WRITE_CODE,
            "Commit statuses: the code unit, writing; rights on pull requests do not do.",
        )
    },
    Ability { writes: true, ..ability("push", WRITE, WRITE_CODE, "A branch of one's own: the code unit, writing.") },
    Ability {
        writes: true,
        ..ability(
            "push_default",
            WRITE,
            &[Right::AtLeast("repository.code", "write"), Right::Rules("repository.push_default")],
            "The default branch: the code unit, writing, and what the branch's rules say.",
        )
    },
    Ability {
        writes: true,
        ..ability(
            "merge",
            WRITE,
            &[Right::Rules("repository.merge_default"), Right::Holds("repository.pull_requests")],
            "Into the default branch: its list of who may merge, else the code unit, writing. Checks and approvals \
             that the branch asks for decide each merge besides.",
        )
    },
    Ability {
        never_on: &["repository"],
        ..ability("manage_webhooks", WRITE, ADMINISTER, "Webhooks: administrators of the repository.")
    },
    Ability {
        never_on: &["repository"],
        ..ability("administer", WRITE, ADMINISTER, "Settings and collaborators: administrators of the repository.")
    },
];
