//! Look-ups over a host's columns.

use std::collections::HashMap;
use std::sync::LazyLock;

use super::HOSTS;
use super::new_page::NewPage;
use super::refusal::Refusal;
use super::row::{Ability, CredentialKind, FactIndex, Host, HostKind, Origin, PermissionTable, Told, Type};
use crate::text::hash::Seed;

/// The positions of facts by their paths: rules that derive facts look them up for each of many repositories.
static BY_PATH: LazyLock<HashMap<(HostKind, &str), FactIndex, Seed>> = LazyLock::new(|| {
    let of = |host: &'static Host| (0..).zip(host.facts).map(|(at, fact)| ((host.kind, fact.path), FactIndex(at)));
    HOSTS.into_iter().flat_map(of).collect()
});

impl Host {
    /// A fact's position by its path.
    pub fn fact(&self, path: &str) -> Option<FactIndex> {
        BY_PATH.get(&(self.kind, path)).copied()
    }

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

/// Whether a kind has a fact at all, by the tables: a fine-grained token has no scopes.
fn has(host: &Host, kind: &CredentialKind, path: &str) -> bool {
    let Some(index) = host.fact(path) else { return false };
    match &host.row(index).origin {
        Origin::Asked(reveals) => !reveals
            .iter()
            .any(|reveal| matches!(reveal.by, Told::Inapplicable(_)) && reveal.kinds.contains(&kind.word)),
        Origin::Derived(_) => true,
    }
}

/// Whether a kind can hold a permission at all: an Actions job's token never administers.
pub fn can_hold(host: &Host, kind: &CredentialKind, permission: &str) -> bool {
    let never = |table: &PermissionTable| {
        table.permissions.iter().any(|row| row.name == permission && row.never_on.contains(&kind.word))
    };
    !matches!(host.fact("token.permissions").map(|index| host.row(index).ty), Some(Type::Permissions(table)) if never(table))
}

/// The kinds that can hold a permission, as the words of `token.kind`. None where the host has no permissions.
pub fn holding(host: &Host, permission: &str) -> Vec<&'static str> {
    let holds = |kind: &&CredentialKind| has(host, kind, "token.permissions") && can_hold(host, kind, permission);
    host.kinds.iter().filter(|kind| kind.first_request.is_some()).filter(holds).map(|kind| kind.word).collect()
}

/// The kinds that can have an ability, by what they can be granted.
pub fn kinds_able(host: &Host, ability: &Ability) -> Vec<&'static str> {
    let by_permissions = |kind: &CredentialKind| {
        has(host, kind, "token.permissions")
            && ability.permissions.iter().any(|group| group.iter().all(|(name, _)| can_hold(host, kind, name)))
    };
    let by_scopes = |kind: &CredentialKind| {
        has(host, kind, "token.scopes")
            && ability.scopes.iter().any(|group| group.iter().all(|scope| can_have_scope(host, kind, scope)))
    };
    let able = |kind: &&CredentialKind| {
        kind.first_request.is_some()
            && !ability.never_on.contains(&kind.word)
            && (kind.unlimited || by_permissions(kind) || by_scopes(kind))
    };
    host.kinds.iter().filter(able).map(|kind| kind.word).collect()
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
