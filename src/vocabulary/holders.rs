//! Scopes that only some kinds of credential can be given. A scope without a row here may be given to every kind that has
//! scopes: a table that may be wrong must not call a policy wrong.

use super::row::{CredentialKind, Host, HostKind};

/// Who can have some scopes.
struct Holders {
    host: HostKind,
    /// Whether it is about a scope.
    about: fn(&str) -> bool,
    /// Whether a kind can have them.
    held_by: fn(&str) -> bool,
}

static HOLDERS: [Holders; 7] = [
    // Bitbucket Cloud has two languages of scopes. Source: Atlassian support, API token permissions; Bitbucket Cloud REST
    // documentation, OAuth scopes.
    Holders { host: HostKind::BitbucketCloud, about: is_of_api_tokens, held_by: |kind| kind == "api_token" },
    Holders {
        host: HostKind::BitbucketCloud,
        about: |scope| !is_of_api_tokens(scope),
        held_by: |kind| kind != "api_token",
    },
    // What an access token can be given depends on what it belongs to. Source: the same documentation, Access tokens.
    Holders {
        host: HostKind::BitbucketCloud,
        about: |scope| scope == "project",
        held_by: |kind| kind != "repository_access_token",
    },
    Holders {
        host: HostKind::BitbucketCloud,
        about: |scope| ["account", "project:admin"].contains(&scope),
        held_by: |kind| !["repository_access_token", "project_access_token"].contains(&kind),
    },
    Holders {
        host: HostKind::BitbucketCloud,
        about: |scope| {
            ["account:write", "email", "team", "team:write", "issue", "issue:write", "wiki", "snippet", "snippet:write"]
                .contains(&scope)
        },
        held_by: |kind| !kind.ends_with("_access_token"),
    },
    // Source: GitLab docs, Deploy tokens.
    Holders {
        host: HostKind::GitLab,
        about: |scope| ["read_package_registry", "write_package_registry"].contains(&scope),
        held_by: |kind| kind == "deploy",
    },
    // Source: GitLab docs, OAuth 2.0 applications; Personal access token scopes.
    Holders {
        host: HostKind::GitLab,
        about: |scope| ["openid", "profile", "email"].contains(&scope),
        held_by: |kind| kind == "oauth",
    },
];

/// The words of API tokens, which name the product, but for two of the Atlassian account.
fn is_of_api_tokens(scope: &str) -> bool {
    scope.ends_with(":bitbucket") || ["read:account", "read:me"].contains(&scope)
}

/// Whether a kind of credential can be given a scope, as far as is known. A scope that the table does not have can.
pub fn can_have_scope(host: &Host, kind: &CredentialKind, scope: &str) -> bool {
    let known = host.facts.iter().any(|fact| match fact.ty {
        super::Type::Names(table) => fact.path == "token.scopes" && table.position(scope).is_some(),
        _ => false,
    });
    !known
        || HOLDERS.iter().filter(|row| row.host == host.kind && (row.about)(scope)).all(|row| (row.held_by)(kind.word))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::vocabulary::{HOSTS, Type, host};

    fn can(host_kind: HostKind, kind: &str, scope: &str) -> bool {
        let host = host(host_kind);
        can_have_scope(host, host.credential_kind(kind).unwrap(), scope)
    }

    #[test]
    fn bitbucket_speaks_two_languages_of_scopes() {
        let cloud = HostKind::BitbucketCloud;
        assert!(can(cloud, "api_token", "read:repository:bitbucket"));
        assert!(!can(cloud, "api_token", "repository:write"));
        assert!(can(cloud, "repository_access_token", "repository:write"));
        assert!(!can(cloud, "workspace_access_token", "read:me"));
        assert!(can(cloud, "api_token", "future:scope"), "what is not in the table may be anybody's");
    }

    #[test]
    fn what_an_access_token_can_have_depends_on_what_it_belongs_to() {
        let of = |scope: &str| {
            ["repository_access_token", "project_access_token", "workspace_access_token", "oauth"]
                .map(|kind| can(HostKind::BitbucketCloud, kind, scope))
        };
        assert_eq!(of("pullrequest:write"), [true, true, true, true]);
        assert_eq!(of("project"), [false, true, true, true]);
        assert_eq!(of("account"), [false, false, true, true]);
        assert_eq!(of("project:admin"), [false, false, true, true]);
        assert_eq!(of("email"), [false, false, false, true]);
    }

    #[test]
    fn every_scope_can_be_had_by_some_kind() {
        for host in HOSTS {
            for fact in host.facts.iter().filter(|fact| fact.path == "token.scopes") {
                let Type::Names(table) = fact.ty else { panic!("{}", fact.path) };
                for name in table.names {
                    let held = host.kinds.iter().any(|kind| can_have_scope(host, kind, name.name));
                    assert!(held, "{} {}", host.word, name.name);
                }
            }
        }
        assert!(!can(HostKind::GitLab, "personal", "openid") && can(HostKind::GitLab, "oauth", "openid"));
        assert!(!can(HostKind::GitLab, "project", "read_package_registry"));
    }
}
