//! What each ability of `repository.can` takes.

use crate::vocabulary::row::{Ability, OnPublic, Right};

/// What the default branch's rules let the account.
const PUSH_DEFAULT: &[Right] = &[Right::Rules("repository.push_default")];
const MERGE: &[Right] = &[Right::Rules("repository.merge_default")];

/// GitHub's abilities.
pub(super) static ABILITIES: &[Ability] = &[
    Ability {
        word: "read",
        scopes: &[&["repo"]],
        public_scopes: &[],
        permissions: &[&[("metadata", "read")]],
        only_way: true,
        roles: &["read"],
        rights: &[],
        on_public: OnPublic::Everything,
        writes: false,
        never_on: &[],
        doc: "GET /repos/OWNER/NAME: a private repository takes `repo` or `metadata=read`.",
    },
    Ability {
        word: "clone",
        scopes: &[&["repo"]],
        public_scopes: &[],
        permissions: &[&[("contents", "read")]],
        only_way: true,
        roles: &["read"],
        rights: &[],
        on_public: OnPublic::Everything,
        writes: false,
        never_on: &[],
        doc: "GitHub docs, \"Scopes for OAuth apps\" and \"Permissions required for fine-grained personal access \
              tokens\": reading code takes `repo` or `contents=read`.",
    },
    Ability {
        word: "comment",
        scopes: &[&["repo"]],
        public_scopes: &[&["public_repo"]],
        permissions: &[&[("pull_requests", "write")], &[("issues", "write")]],
        only_way: true,
        roles: &["read"],
        rights: &[],
        on_public: OnPublic::Nothing,
        writes: true,
        never_on: &[],
        doc: "GitHub docs, \"Create an issue comment\": `issues=write` or `pull_requests=write`. Anyone who can read \
              may comment, unless the conversation is locked or interaction limited.",
    },
    Ability {
        word: "set_status",
        scopes: &[&["repo"], &["repo:status"]],
        public_scopes: &[&["public_repo"]],
        permissions: &[&[("statuses", "write")]],
        only_way: true,
        roles: &["write"],
        rights: &[],
        on_public: OnPublic::Nothing,
        writes: true,
        never_on: &[],
        doc: "GitHub docs, \"Scopes for OAuth apps\": `repo:status` writes commit statuses of public and private \
              repositories, `public_repo` those of public ones. \"Create a commit status\": `statuses=write`.",
    },
    Ability {
        word: "push",
        scopes: &[&["repo"]],
        public_scopes: &[&["public_repo"]],
        permissions: &[&[("contents", "write")]],
        only_way: true,
        roles: &["write"],
        rights: &[],
        on_public: OnPublic::Nothing,
        writes: true,
        never_on: &[],
        doc: "GitHub docs, \"Scopes for OAuth apps\": `repo` or `public_repo`; `contents=write`. Workflow files take \
              `workflow` or `workflows=write` besides.",
    },
    Ability {
        word: "push_default",
        scopes: &[&["repo"]],
        public_scopes: &[&["public_repo"]],
        permissions: &[&[("contents", "write")]],
        only_way: true,
        roles: &["write"],
        rights: PUSH_DEFAULT,
        on_public: OnPublic::Nothing,
        writes: true,
        never_on: &[],
        doc: "As `push`, and what protection and rulesets leave: where there are none, everybody who writes. Whom \
              they let through is shown to administrators alone.",
    },
    Ability {
        word: "merge",
        scopes: &[&["repo"]],
        public_scopes: &[&["public_repo"]],
        permissions: &[&[("contents", "write")]],
        only_way: true,
        roles: &["write"],
        rights: MERGE,
        on_public: OnPublic::Nothing,
        writes: true,
        never_on: &[],
        doc: "GitHub docs, \"Merge a pull request\": `contents=write`. Into a branch that is protected, as its rules say; \
              checks and reviews decide each merge besides.",
    },
    Ability {
        word: "manage_webhooks",
        scopes: &[&["repo"], &["write:repo_hook"]],
        public_scopes: &[&["public_repo"]],
        permissions: &[&[("repository_hooks", "write")]],
        only_way: true,
        roles: &["admin"],
        rights: &[],
        on_public: OnPublic::Nothing,
        writes: false,
        never_on: &[],
        doc: "A recorded answer to POST /repos/OWNER/NAME/hooks accepts `admin:repo_hook`, `public_repo`, `repo` or \
              `write:repo_hook`; \"Create a repository webhook\": `repository_hooks=write`.",
    },
    Ability {
        word: "administer",
        scopes: &[&["repo"]],
        public_scopes: &[&["public_repo"]],
        permissions: &[&[("administration", "write")]],
        only_way: true,
        roles: &["admin"],
        rights: &[],
        on_public: OnPublic::Nothing,
        writes: false,
        never_on: &[],
        doc: "GitHub docs, \"Scopes for OAuth apps\": `repo` and, for public repositories, `public_repo` manage \
              collaborators; `administration=write`. An archived repository can still be unarchived.",
    },
];
