//! Waivers: which rules they name.

use std::collections::BTreeSet;

use jiff::SignedDuration;

use super::super::ast::{Item, Waive};
use super::super::checked::{CheckedPolicy, RuleId, Waiver};
use super::super::load::Loaded;
use super::super::syntax::short;
use super::names::BUILTIN_RULES;
use super::policy::Checker;
use crate::diagnostic::{Code, Diagnostic};
use crate::text::source::Spanned;

impl Checker<'_> {
    pub(super) fn waivers(&mut self, file: &Loaded, visible: &BTreeSet<usize>, policy: &mut CheckedPolicy) {
        for item in &file.file.items {
            if let Item::Waive(waive) = item {
                let waiver = self.waiver(waive, visible);
                policy.waivers.extend(waiver);
            }
        }
    }

    fn waiver(&mut self, waive: &Waive, visible: &BTreeSet<usize>) -> Option<Waiver> {
        let rules = self.named_rules(&waive.rule, visible, "waived");
        let until = waive.until.as_ref()?;
        let because = waive.because.as_ref()?;
        // Through the end of its day, UTC.
        let ends = until.value.0.checked_add(SignedDuration::from_hours(24)).ok()?;
        if rules.is_empty() {
            return None;
        }
        Some(Waiver {
            rules,
            name: waive.rule.value.clone(),
            credential: waive.credential.as_ref().map(|glob| glob.value.clone()),
            repository: waive.repository.as_ref().map(|glob| glob.value.clone()),
            ends,
            until: until.value.1.clone(),
            because: because.value.clone(),
            by: waive.by.as_ref().map(|by| by.value.clone()),
            span: waive.span,
        })
    }

    /// The rules that a name means; empty after a report.
    pub(super) fn named_rules(&mut self, name: &Spanned<String>, visible: &BTreeSet<usize>, done: &str) -> Vec<RuleId> {
        let rules = self.find_rules(&name.value, visible);
        if !rules.is_empty() {
            return rules;
        }
        let last = name.value.rsplit('.').next().unwrap_or("");
        if BUILTIN_RULES.contains(&last) && name.value.matches('.').count() <= 1 {
            self.report(
                Diagnostic::at(
                    Code::WaiverBuiltin,
                    name.span,
                    format!("`{}` is a built-in rule and cannot be {done}", short(&name.value)),
                )
                .help("built-in rules are always checked: mend the credential"),
            );
            return Vec::new();
        }
        if let Some(bare) = self.bare_named(&name.value, visible) {
            let block = bare.span;
            let problem = Diagnostic::at(
                Code::UnknownRule,
                name.span,
                format!("`{}` is a bare statement and cannot be {done}", short(&name.value)),
            )
            .label(block, "this statement")
            .help("give it a name: `rule my-rule { … }` around it");
            self.report(problem);
            return Vec::new();
        }
        let problem =
            Diagnostic::at(Code::UnknownRule, name.span, format!("there is no rule `{}`", short(&name.value)));
        let problem = self.suggest_rule(problem, last, visible);
        self.report(problem);
        Vec::new()
    }
}
