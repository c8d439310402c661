//! Drafts → the policy: which rules files see and imports leave out, and what names of rules mean.

use std::collections::BTreeSet;

use super::super::checked::{CheckedPolicy, PolicyFile, Rule, RuleId, StatementId};
use super::super::syntax::short;
use super::messages::suggest;
use super::policy::Checker;
use crate::diagnostic::{Code, Diagnostic};

impl Checker<'_> {
    /// For each file the drafts that are its rules: its own and those it imports, less those that imports leave out.
    pub(super) fn visible(&self) -> Vec<BTreeSet<usize>> {
        let mut known: Vec<Option<BTreeSet<usize>>> = vec![None; self.program.files.len()];
        for at in 0..known.len() {
            self.visible_of(at, &mut known);
        }
        known.into_iter().map(Option::unwrap_or_default).collect()
    }

    /// Each file once: loading has refused cycles, and files that many import are not walked many times.
    fn visible_of(&self, file: usize, known: &mut Vec<Option<BTreeSet<usize>>>) {
        if known.get(file).is_none_or(Option::is_some) {
            return;
        }
        let mut visible: BTreeSet<usize> =
            self.drafts.iter().enumerate().filter(|(_, draft)| draft.file == file).map(|(at, _)| at).collect();
        for (target, except, _) in self.program.files.get(file).map_or(&[] as &[_], |loaded| loaded.imports.as_slice())
        {
            self.visible_of(*target, known);
            let left_out: BTreeSet<usize> = except.iter().flat_map(|word| self.named(&word.value)).collect();
            let imported = known.get(*target).and_then(Option::as_ref).into_iter().flatten();
            visible.extend(imported.filter(|draft| !left_out.contains(draft)));
        }
        if let Some(slot) = known.get_mut(file) {
            *slot = Some(visible);
        }
    }

    /// The drafts of this name, short or full, in any file.
    fn named(&self, name: &str) -> impl Iterator<Item = usize> {
        self.by_name.get(name).into_iter().flatten().copied()
    }

    pub(super) fn assemble(&mut self, visible: &[BTreeSet<usize>]) -> CheckedPolicy {
        let mut active = BTreeSet::new();
        for (at, file) in self.program.files.iter().enumerate() {
            for (target, except, _) in &file.imports {
                let Some(imported) = visible.get(*target) else { continue };
                for word in except {
                    if !self.named(&word.value).any(|draft| imported.contains(&draft)) {
                        let message = format!("the imported file has no rule `{}`", short(&word.value));
                        let problem = Diagnostic::at(Code::UnknownRule, word.span, message);
                        let problem = self.suggest_rule(problem, &word.value, imported);
                        self.problems.push(problem);
                    }
                }
            }
            if file.root {
                active.extend(visible.get(at).into_iter().flatten().copied());
            }
        }
        let mut policy = CheckedPolicy::default();
        for file in &self.program.files {
            policy.files.push(PolicyFile {
                source: file.source,
                name: file.name.clone(),
                sha256: file.sha256.clone(),
                root: file.root,
                used_at: file.used_at,
            });
        }
        // Positions of drafts stay: waivers and tests find rules through them, by full name and file.
        let drafts = std::mem::take(&mut self.drafts);
        for (at, mut draft) in drafts.into_iter().enumerate() {
            let moved = std::mem::take(&mut draft.statements);
            if active.contains(&at) {
                let id = RuleId(policy.rules.len());
                self.rule_ids.insert(at, id);
                let mut rule = draft.rule.clone();
                for mut statement in moved {
                    statement.id = StatementId(policy.statements.len());
                    statement.rule = id;
                    rule.statements.push(statement.id);
                    policy.statements.push(statement);
                }
                policy.rules.push(rule);
            }
            self.drafts.push(draft);
        }
        policy
    }

    /// The rules that a name means, among those a file can see.
    pub(super) fn find_rules(&self, name: &str, visible: &BTreeSet<usize>) -> Vec<RuleId> {
        self.named(name)
            .filter(|draft| visible.contains(draft))
            .filter_map(|draft| self.rule_ids.get(&draft).copied())
            .collect()
    }

    /// Adds the nearest name of a rule that a file can see, or all of them. Of a great many mistakes only the first are
    /// shown, and looking for near names is dear: the rest go without.
    pub(super) fn suggest_rule(&self, problem: Diagnostic, name: &str, visible: &BTreeSet<usize>) -> Diagnostic {
        if self.problems.len() > self.budget.problems {
            return problem;
        }
        let names: BTreeSet<&str> = visible
            .iter()
            .filter_map(|draft| self.drafts.get(*draft))
            .filter_map(|draft| draft.rule.short_name.as_deref())
            .take(1_000)
            .collect();
        if names.is_empty() {
            return problem.help("there is no named rule");
        }
        suggest(problem, name, names.iter().copied())
    }

    /// A bare statement's rule by the name it is shown under: it cannot be named, and the error says what to write.
    pub(super) fn bare_named(&self, name: &str, visible: &BTreeSet<usize>) -> Option<&Rule> {
        if self.problems.len() > self.budget.problems {
            return None;
        }
        visible.iter().filter_map(|draft| self.drafts.get(*draft)).map(|draft| &draft.rule).find(|rule| {
            rule.short_name.is_none()
                && (rule.name == name || rule.name.split_once('.').is_some_and(|(_, path)| path == name))
        })
    }
}
