//! Which kinds of credential can be given which scopes.

use crate::vocabulary::holders::Holders;

pub(super) static HOLDERS: &[Holders] = &[
    // Two languages of scopes. Source: Atlassian support, API token permissions; Bitbucket Cloud REST documentation, OAuth
    // scopes.
    Holders { about: is_of_api_tokens, held_by: |kind| kind == "api_token" },
    Holders { about: |scope| !is_of_api_tokens(scope), held_by: |kind| kind != "api_token" },
    // What an access token can be given depends on what it belongs to. Source: the same documentation, Access tokens.
    Holders { about: |scope| scope == "project", held_by: |kind| kind != "repository_access_token" },
    Holders {
        about: |scope| ["account", "project:admin"].contains(&scope),
        held_by: |kind| !["repository_access_token", "project_access_token"].contains(&kind),
    },
    Holders {
        about: |scope| {
            ["account:write", "email", "team", "team:write", "issue", "issue:write", "wiki", "snippet", "snippet:write"]
                .contains(&scope)
        },
        held_by: |kind| !kind.ends_with("_access_token"),
    },
];

/// The words of API tokens, which name the product, but for two of the Atlassian account.
fn is_of_api_tokens(scope: &str) -> bool {
    scope.ends_with(":bitbucket") || ["read:account", "read:me"].contains(&scope)
}

#[cfg(test)]
mod tests {
    use crate::vocabulary::{can_have_scope, host};

    fn can(kind: &str, scope: &str) -> bool {
        let host = host(super::super::HOST.kind);
        can_have_scope(host, host.credential_kind(kind).unwrap(), scope)
    }

    #[test]
    fn bitbucket_speaks_two_languages_of_scopes() {
        assert!(can("api_token", "read:repository:bitbucket"));
        assert!(!can("api_token", "repository:write"));
        assert!(can("repository_access_token", "repository:write"));
        assert!(!can("workspace_access_token", "read:me"));
        assert!(can("api_token", "future:scope"), "what is not in the table may be anybody's");
    }

    #[test]
    fn what_an_access_token_can_have_depends_on_what_it_belongs_to() {
        let of = |scope: &str| {
            ["repository_access_token", "project_access_token", "workspace_access_token", "oauth"]
                .map(|kind| can(kind, scope))
        };
        assert_eq!(of("pullrequest:write"), [true, true, true, true]);
        assert_eq!(of("project"), [false, true, true, true]);
        assert_eq!(of("account"), [false, false, true, true]);
        assert_eq!(of("project:admin"), [false, false, true, true]);
        assert_eq!(of("email"), [false, false, false, true]);
    }
}
