//! Scope: which repositories and organisations a credential is checked for.

use std::collections::BTreeSet;

use super::demand::{Judge, covering};
use crate::facts::{Credential, FactSet, RepositoryName, SubjectRef};
use crate::language::CheckedPolicy;
use crate::text::glob;
use crate::vocabulary::Subject;

/// The repositories and organisations in scope, as far as names say it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Scope {
    /// Repositories named exactly.
    pub repositories: BTreeSet<RepositoryName>,
    /// Organisations named exactly by `each organization`.
    pub organizations: BTreeSet<String>,
    /// Globs over full names, to be matched against what the credential can list.
    pub globs: BTreeSet<String>,
    /// What the operator takes out again of what globs match.
    pub excluded: BTreeSet<String>,
}

/// The scope of a credential. What the operator names is the ceiling; where the operator names nothing, the names in the
/// policy's `each` are the scope. Statements that a guard has ruled out name nothing.
pub fn scope(policy: &CheckedPolicy, credential: &Credential, facts: &FactSet, judge: &dyn Judge) -> Scope {
    let mut scope = Scope {
        excluded: credential.excluded.iter().map(|pattern| pattern.pattern.clone()).collect(),
        ..Scope::default()
    };
    let add = |scope: &mut Scope, pattern: &str| {
        if glob::is_pattern(pattern) {
            scope.globs.insert(pattern.to_owned());
        } else if let Ok(name) = RepositoryName::parse(pattern) {
            scope.repositories.insert(name);
        }
    };
    let mut reads_repositories = false;
    for statement in covering(policy, credential, judge) {
        if statement.subject == Subject::Credential
            || judge.guard(statement, facts, SubjectRef::Credential) == Some(false)
        {
            continue;
        }
        reads_repositories = true;
        for selector in &statement.selectors {
            for pattern in &selector.patterns {
                match selector.subject {
                    Subject::Organization if !glob::is_pattern(&pattern.value) => {
                        scope.organizations.insert(pattern.value.clone());
                    }
                    Subject::Repository if credential.scope.is_empty() => add(&mut scope, &pattern.value),
                    _ => {}
                }
            }
        }
    }
    for pattern in &credential.scope {
        if let Some(name) = pattern.exact() {
            scope.repositories.insert(name);
        } else if reads_repositories {
            add(&mut scope, &pattern.pattern);
        }
    }
    scope
}

impl Scope {
    /// Puts the named subjects, and those of a listing that a glob matches, into a fact set.
    pub fn apply(&self, facts: &mut FactSet) {
        // As the operator or policy spells it first, then as the host does: hosts compare names without case.
        for name in &self.repositories {
            facts.repository(name);
        }
        let among = |patterns: &BTreeSet<String>, name: &RepositoryName| {
            patterns.iter().any(|pattern| glob::matches(pattern, name.as_str()))
        };
        let selected: Vec<RepositoryName> = facts
            .listed
            .iter()
            .flat_map(|listed| &listed.names)
            .filter(|name| among(&self.globs, name) && !among(&self.excluded, name))
            .cloned()
            .collect();
        for name in &selected {
            facts.repository(name);
        }
        let owners: BTreeSet<String> = facts.repositories.iter().map(|(name, _)| name.owner().to_owned()).collect();
        for organization in owners.iter().chain(&self.organizations) {
            facts.organization(organization);
        }
    }
}
