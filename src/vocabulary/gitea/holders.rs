//! Which kinds of credential can be given which scopes.

use crate::vocabulary::holders::Holders;

/// What a token for some repositories can hold.
const OF_REPOSITORIES: [&str; 4] = ["read:issue", "write:issue", "read:repository", "write:repository"];

// Source: Forgejo's `services/authz/access_token.go`: anything else is refused where such a token is made.
pub(super) static HOLDERS: &[Holders] =
    &[Holders { about: |scope| !OF_REPOSITORIES.contains(&scope), held_by: |kind| kind != "repository" }];
