//! Look-ups over a host's columns.

use super::new_page::NewPage;
use super::refusal::Refusal;
use super::row::{CredentialKind, Host, Type};

impl Host {
    /// The page on which a token of this kind is made, filled in.
    pub fn new_page(&self, kind: &CredentialKind) -> Option<&'static NewPage> {
        self.new_pages.iter().find(|page| page.kind == kind.word)
    }

    /// What to do about a refusal, where this host's table says it.
    pub fn mend(&self, refusal: Refusal, by: &str) -> Option<String> {
        self.mends.iter().find(|row| row.refusal == refusal).map(|row| row.mend.replace("{by}", by))
    }
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
