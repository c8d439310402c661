//! The levels and the permissions of tokens.

use crate::vocabulary::row::{Alias, LevelTable, Permission, PermissionTable};

pub(super) static LEVELS: LevelTable = LevelTable {
    title: "Bitbucket permission level",
    levels: &[("none", &[]), ("read", &["none"]), ("write", &["read"]), ("admin", &["write"])],
    access: &[("none", "none"), ("read", "read"), ("write", "write"), ("admin", "admin")],
};

/// A token has one level for projects and one for repositories. A level on projects holds for their repositories too: a
/// token of project level `read` reads repositories, whichever of the two its record lists.
pub(super) static TOKEN_PERMISSIONS: PermissionTable = PermissionTable {
    title: "Bitbucket token permission",
    levels: &LEVELS,
    permissions: &[
        Permission {
            name: "project",
            levels: &["read", "write", "admin"],
            title: "Project permissions",
            never_on: &[],
        },
        Permission {
            name: "repository",
            levels: &["read", "write", "admin"],
            title: "Repository permissions",
            never_on: &[],
        },
    ],
    aliases: &[
        Alias { spelling: "projects", name: "project", seen_in: "the token page" },
        Alias { spelling: "repositories", name: "repository", seen_in: "the token page" },
        Alias { spelling: "repo", name: "repository", seen_in: "the API's `REPO_WRITE`" },
        Alias { spelling: "pull_requests", name: "repository", seen_in: "Atlantis's page, after an old token page" },
    ],
};
