//! Which kinds of credential can be given which scopes.

use crate::vocabulary::holders::Holders;

pub(super) static HOLDERS: &[Holders] = &[
    // Source: GitLab docs, Deploy tokens.
    Holders {
        about: |scope| ["read_package_registry", "write_package_registry"].contains(&scope),
        held_by: |kind| kind == "deploy",
    },
    // Source: GitLab docs, OAuth 2.0 applications; Personal access token scopes.
    Holders { about: |scope| ["openid", "profile", "email"].contains(&scope), held_by: |kind| kind == "oauth" },
];
