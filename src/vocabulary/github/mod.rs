//! What GitHub knows: github.com, GHE.com and GitHub Enterprise Server.

mod abilities;
mod facts;
pub mod headers;
mod kinds;
mod mends;
mod operating;
mod permissions;
mod proofs;
mod requests;
mod scopes;
mod shapes;
mod start;

pub use self::permissions::API;
use super::misnamed::Misnamed;
use super::naming::RepositoryNames;
use super::row::{Host, HostKind, Invitations};
use super::sending::{LimitHeaders, Scheme};
use super::synonyms::called;
use super::token_text::TokenText;

/// GitHub.
pub(super) static HOST: Host = Host {
    kind: HostKind::GitHub,
    word: "github",
    title: "GitHub",
    public_url: Some("https://github.com"),
    addresses: operating::ADDRESSES,
    products: &[],
    names: RepositoryNames::OWNER_AND_NAME,
    declaring: operating::DECLARING,
    repository_word: "repository",
    login: Some("user.username"),
    // `Authorization: token …` means the same.
    sent: Scheme::Bearer,
    limit_headers: LimitHeaders {
        limit: headers::X_RATELIMIT_LIMIT,
        remaining: headers::X_RATELIMIT_REMAINING,
        reset: headers::X_RATELIMIT_RESET,
    },
    kinds: kinds::KINDS,
    shapes: shapes::SHAPES,
    secret_headers: &[],
    facts: facts::FACTS,
    requests: requests::REQUESTS,
    proofs: proofs::PROOFS,
    once_proofs: &[],
    abilities: abilities::ABILITIES,
    token_text: TokenText::with_forms(kinds::FORMS),
    holders: &[],
    new_pages: mends::NEW_PAGES,
    mends: mends::MENDS,
    moved_refuse_writes: false,
    invitations: Some(Invitations { request: "invitations", kinds: kinds::USERS }),
    misnamed: &[Misnamed {
        words: &["ghe", "github_enterprise", "ghes"],
        instead: "write `github`; `at \"ghe.acme.dev\"` filters by address",
    }],
    synonyms: &[
        called(&["user.admin", "user.is_admin", "user.superuser"], &["user.site_admin"]),
        called(&["token.app", "token.client", "token.client_id", "token.oauth_app"], &["token.oauth_client"]),
        called(&["organization.permission", "organization.access", "organization.membership"], &["organization.role"]),
        called(&["organization.sso", "token.sso", "organization.saml", "token.saml"], &["organization.sso_authorized"]),
        called(
            &["organization.mfa", "organization.2fa", "organization.two_factor"],
            &["organization.two_factor_required"],
        ),
        called(&["installation.permissions", "app.permission", "app.scopes"], &["app.permissions"]),
        called(&["app.name"], &["app.slug"]),
        called(&["organization.hooks", "organization.webhook"], &["organization.webhooks"]),
        called(
            &["actions.permissions", "actions.default_workflow_permissions", "repository.workflow_permissions"],
            &["repository.job_permissions"],
        ),
        called(
            &["actions.can_approve_pull_requests", "actions.pull_requests", "repository.workflow_pull_requests"],
            &["repository.job_pull_requests"],
        ),
    ],
};

#[cfg(test)]
mod tests {
    use super::*;
    use crate::vocabulary::row::{Derivation, Origin, Told, Type};
    use crate::vocabulary::{NameSet, Place};

    #[test]
    fn every_name_in_the_tables_is_a_row() {
        for fact in HOST.facts {
            let Origin::Asked(reveals) = &fact.origin else { continue };
            let mut covered = Vec::new();
            for reveal in *reveals {
                covered.extend(reveal.kinds);
                if let Told::Request { request, source } = reveal.by {
                    let row = HOST.request(request).unwrap_or_else(|| panic!("{}: {request}", fact.path));
                    match source {
                        Place::Header(header) => assert!(row.headers.contains(header), "{}: {source}", fact.path),
                        Place::Field(path) => {
                            assert!(row.fields.contains(&path.pointer().as_str()), "{}: {source}", fact.path);
                        }
                        _ => {}
                    }
                }
            }
            for kind in HOST.kinds {
                assert!(covered.contains(&kind.word), "{} says nothing of {}", fact.path, kind.word);
            }
            assert!(covered.iter().all(|word| HOST.credential_kind(word).is_some()), "{}", fact.path);
        }
        for kind in HOST.kinds {
            assert!(kind.first_request.is_none_or(|name| HOST.request(name).is_some()), "{}", kind.word);
        }
    }

    #[test]
    fn all_facts_are_there_once() {
        let expected = "token.kind token.scopes token.permissions token.oauth_client user.kind user.email \
                      user.two_factor user.site_admin repository.permission repository.visibility \
                      repository.archived repository.writable repository.webhooks organization.role organization.sso_authorized \
                      organization.two_factor_required app.slug app.permissions app.events token.lifetime \
                      token.expires_at token.expires_in token.created_at token.age token.last_used_at \
                      token.unused_for token.name token.active user.username user.is_bot user.name repository.name \
                      repository.access repository.can host.version repository.outside_collaborator installation.id \
                      installation.selection installation.suspended installation.events organization.webhooks \
                      repository.job_permissions repository.job_pull_requests repository.default_branch \
                      repository.default_branch_protected repository.push_default repository.merge_default";
        let mut wanted: Vec<&str> = expected.split_whitespace().collect();
        let mut have: Vec<&str> = HOST.facts.iter().map(|fact| fact.path).collect();
        wanted.sort_unstable();
        have.sort_unstable();
        assert_eq!(have, wanted);
    }

    #[test]
    fn aliases_point_at_names_and_are_none_themselves() {
        for alias in scopes::SCOPES.aliases {
            assert!(scopes::SCOPES.position(alias.name).is_some(), "{}", alias.name);
            assert!(scopes::SCOPES.position(alias.spelling).is_none(), "{}", alias.spelling);
        }
        let names: Vec<&str> = permissions::PERMISSIONS.permissions.iter().map(|row| row.name).collect();
        for alias in permissions::PERMISSIONS.aliases {
            assert!(names.contains(&alias.name), "{}", alias.name);
            assert!(!names.contains(&alias.spelling), "{}", alias.spelling);
        }
        for alias in kinds::KIND_WORDS.aliases {
            assert!(HOST.credential_kind(alias.name).is_some() && HOST.credential_kind(alias.spelling).is_none());
        }
        let mut unique = names.clone();
        unique.sort_unstable();
        unique.dedup();
        assert_eq!(unique.len(), names.len());
        for row in permissions::PERMISSIONS.permissions {
            assert!(row.levels.iter().all(|level| permissions::LEVELS.word(level).is_some()), "{}", row.name);
            assert!(row.never_on.iter().all(|kind| HOST.credential_kind(kind).is_some()), "{}", row.name);
        }
    }

    #[test]
    fn scopes_imply_what_the_documentation_says_and_no_more() {
        assert!(scopes::SCOPES.names.len() <= 128);
        for row in scopes::SCOPES.names {
            assert!(row.implies.iter().all(|name| scopes::SCOPES.position(name).is_some()), "{}", row.name);
        }
        let grants = |scope: &str, wanted: &str| NameSet::new(&scopes::SCOPES, [scope]).grants(wanted);
        assert!(grants("repo", "repo:status") && grants("admin:org", "read:org") && grants("user", "user:email"));
        assert!(grants("admin:repo_hook", "read:repo_hook"));
        assert!(!grants("repo", "admin:repo_hook"), "reach is no implication");
        assert!(!grants("repo", "workflow") && !grants("repo", "delete_repo") && !grants("write:org", "admin:org"));
        assert!(!grants("admin:org", "admin:org_hook") && !grants("read:org", "write:org"));
    }

    #[test]
    fn abilities_name_rows_of_the_tables() {
        let Some(Type::Level(roles)) = HOST.fact("repository.permission").map(|at| HOST.row(at).ty) else {
            panic!("a level")
        };
        let words: Vec<&str> = HOST.abilities.iter().map(|ability| ability.word).collect();
        let table: Vec<&str> = crate::vocabulary::portable::ABILITIES.names.iter().map(|name| name.name).collect();
        assert_eq!(words, table);
        for ability in HOST.abilities {
            assert!(ability.roles.iter().all(|role| roles.word(role).is_some()));
            for scope in ability.scopes.iter().chain(ability.public_scopes).copied().flatten() {
                assert!(scopes::SCOPES.position(scope).is_some(), "{scope}");
            }
            for (name, level) in ability.permissions.iter().copied().flatten() {
                let row = permissions::PERMISSIONS.permissions.iter().find(|row| row.name == *name).expect(name);
                assert!(row.levels.contains(level), "{name}={level}");
            }
        }
        assert_eq!(
            HOST.facts.iter().filter(|fact| matches!(&fact.origin, Origin::Derived(Derivation::Abilities(_)))).count(),
            1
        );
    }
}
