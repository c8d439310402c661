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
        let mut names = self.repositories.clone();
        if let Some(listed) = &facts.listed {
            let excluded =
                |name: &RepositoryName| self.excluded.iter().any(|pattern| glob::matches(pattern, name.as_str()));
            names.extend(
                listed
                    .names
                    .iter()
                    .filter(|name| self.globs.iter().any(|pattern| glob::matches(pattern, name.as_str())))
                    .filter(|name| !excluded(name))
                    .cloned(),
            );
        }
        for name in &names {
            facts.repository(name);
        }
        let owners: BTreeSet<String> = facts.repositories.iter().map(|(name, _)| name.owner().to_owned()).collect();
        for organization in owners.iter().chain(&self.organizations) {
            facts.organization(organization);
        }
    }
}
