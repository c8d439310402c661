//! Scope: which repositories and organisations a credential is checked for.

use std::collections::BTreeSet;

use super::demand::covering;
use super::judge::Judge;
use crate::facts::{Cause, Credential, FactSet, Named, RepositoryName, SubjectRef, Unknown};
use crate::language::CheckedPolicy;
use crate::text::english;
use crate::text::glob::{self, GlobSet};
use crate::vocabulary::Subject;

/// The most repositories, and organisations, that a policy brings into scope by their names. Who may propose a policy must
/// not be able to send thousands of requests; what an operator names has no such bound.
const MOST_NAMED: usize = 200;

/// The repositories and organisations in scope, as far as names say it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Scope {
    /// Repositories that the operator names exactly.
    pub repositories: BTreeSet<RepositoryName>,
    /// Repositories that the policy names exactly, where the operator names none.
    pub named: BTreeSet<RepositoryName>,
    /// Organisations named exactly by `each organization`.
    pub organizations: BTreeSet<String>,
    /// Globs over full names, to be matched against what the credential can list.
    pub globs: BTreeSet<String>,
    /// What the operator takes out again of what globs match.
    pub excluded: BTreeSet<String>,
    /// Names and globs over a list's other names: with the project's name for its key.
    pub aliases: BTreeSet<String>,
    /// What the operator takes out again, by those names.
    pub excluded_aliases: BTreeSet<String>,
}

/// The scope of a credential. What the operator names is the ceiling; where the operator names nothing, the names in the
/// policy's `each` are the scope. Statements that a guard has ruled out name nothing.
pub fn scope(policy: &CheckedPolicy, credential: &Credential, facts: &FactSet, judge: &Judge<'_>) -> Scope {
    let mut scope = Scope::default();
    for entry in &credential.excluded {
        let by_alias = entry.by_project_title(credential.host);
        let excluded = if by_alias { &mut scope.excluded_aliases } else { &mut scope.excluded };
        excluded.insert(entry.text().to_owned());
    }
    let add = |scope: &mut Scope, pattern: &str| {
        if glob::is_pattern(pattern) {
            scope.globs.insert(pattern.to_owned());
        } else if let Ok(name) = RepositoryName::parse(pattern) {
            scope.named.insert(name);
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
    for entry in &credential.scope {
        if entry.by_project_title(credential.host) {
            if reads_repositories {
                scope.aliases.insert(entry.text().to_owned());
            }
            continue;
        }
        match &entry.names {
            Named::Exact(name) => {
                scope.repositories.insert(name.clone());
            }
            Named::Pattern(glob) if reads_repositories => {
                scope.globs.insert(glob.clone());
            }
            Named::Pattern(_) | Named::Nothing => {}
        }
    }
    scope
}

impl Scope {
    /// Whether only a list of repositories tells what is in scope.
    pub fn needs_list(&self) -> bool {
        !self.globs.is_empty() || !self.aliases.is_empty()
    }

    /// Puts the named subjects, and those of a listing that a glob matches, into a fact set.
    pub fn apply(&self, facts: &mut FactSet) {
        // As the operator or policy spells it first, then as the host does: hosts compare names without case.
        facts.repositories.extend(&self.repositories);
        let named = bounded(&self.named, |name| facts.repositories.position(name.as_str()).is_some());
        let organizations = bounded(&self.organizations, |name| facts.organizations.position(name).is_some());
        facts.left_out = self.left_out();
        facts.repositories.extend(named);
        let [globs, excluded, aliases, excluded_aliases] =
            [&self.globs, &self.excluded, &self.aliases, &self.excluded_aliases]
                .map(|patterns| patterns.iter().map(String::as_str).collect::<GlobSet<'_>>());
        let listed = facts.listed.iter();
        let by_alias = listed.clone().flat_map(|listed| &listed.aliases).filter(|(alias, name)| {
            aliases.matches(alias) && !excluded_aliases.matches(alias) && !excluded.matches(name.as_str())
        });
        let selected: Vec<RepositoryName> = listed
            .flat_map(|listed| &listed.names)
            .filter(|name| globs.matches(name.as_str()) && !excluded.matches(name.as_str()))
            .chain(by_alias.map(|(_, name)| name))
            .cloned()
            .collect();
        facts.repositories.extend(&selected);
        let owners: BTreeSet<String> = facts.repositories.iter().map(|(name, _)| name.owner().to_owned()).collect();
        facts.organizations.extend(owners.iter().chain(organizations));
    }

    /// Why not all that the policy names is in scope.
    pub fn left_out(&self) -> Option<Unknown> {
        let of = |many: usize, one: &str, several: &str| {
            (many > MOST_NAMED).then(|| {
                let reason = format!(
                    "the policy names {}, and where the operator names none, {MOST_NAMED} of them are asked about",
                    english::count(many, one, several)
                );
                Unknown::new(Cause::Incomplete, reason)
            })
        };
        of(self.named.len(), "repository", "repositories")
            .or_else(|| of(self.organizations.len(), "organisation", "organisations"))
    }
}

/// As many of these as a policy may name; those that are there already come first.
fn bounded<N: Ord>(named: &BTreeSet<N>, is_there: impl Fn(&N) -> bool) -> Vec<&N> {
    let mut chosen: Vec<&N> = named.iter().collect();
    if chosen.len() > MOST_NAMED {
        chosen.sort_by_cached_key(|name| !is_there(name));
        chosen.truncate(MOST_NAMED);
    }
    chosen
}
