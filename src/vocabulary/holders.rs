//! Scopes that only some kinds of credential can be given. A scope without a row in its host's table may be given to every
//! kind that has scopes: a table that may be wrong must not call a policy wrong.

use super::row::{CredentialKind, Host, Type};

/// Who can have some scopes.
#[derive(Debug)]
pub struct Holders {
    /// Whether it is about a scope.
    pub about: fn(&str) -> bool,
    /// Whether a kind can have them, by its word.
    pub held_by: fn(&str) -> bool,
}

/// Whether a kind of credential can be given a scope, as far as is known. A scope that the table does not have can.
pub fn can_have_scope(host: &Host, kind: &CredentialKind, scope: &str) -> bool {
    let known = host.facts.iter().any(|fact| match fact.ty {
        Type::Names(table) => fact.path == "token.scopes" && table.position(scope).is_some(),
        _ => false,
    });
    !known || host.holders.iter().filter(|row| (row.about)(scope)).all(|row| (row.held_by)(kind.word))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::vocabulary::{HOSTS, HostKind, host};

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
        let gitlab = host(HostKind::GitLab);
        let can = |kind: &str, scope: &str| can_have_scope(gitlab, gitlab.credential_kind(kind).unwrap(), scope);
        assert!(!can("personal", "openid") && can("oauth", "openid"));
        assert!(!can("project", "read_package_registry"));
    }
}
