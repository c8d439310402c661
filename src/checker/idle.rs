//! What of a policy had nothing to do in a run: blocks whose filter lets nobody in, waivers that waive nothing.

use std::collections::BTreeSet;

use super::checked::Checked;
use super::terms::Terms;
use crate::diagnostic::{Code, Diagnostic};
use crate::evaluation::{Evaluator, Verdict};
use crate::language::{self, CheckedPolicy};
use crate::text::english;
use crate::text::source::Span;

/// Blocks whose `at` or `credential` filter has let in none of the credentials so far.
#[derive(Clone, Debug)]
pub(super) struct IdleFilters(Vec<Filtered>);

/// A block with a filter.
#[derive(Clone, Debug)]
struct Filtered {
    block: Span,
    covered: bool,
    /// The credentials of its hosts, while none of them is let in.
    candidates: Vec<String>,
}

impl IdleFilters {
    pub(super) fn new(policy: &CheckedPolicy) -> Self {
        let filtered = policy.rules.iter().filter(|rule| rule.at.is_some() || rule.credential.is_some());
        let blocks: BTreeSet<Span> = filtered.map(|rule| rule.block).collect();
        Self(blocks.into_iter().map(|block| Filtered { block, covered: false, candidates: Vec::new() }).collect())
    }

    pub(super) fn add(&mut self, terms: &Terms, one: &Checked) {
        if self.0.iter().all(|filtered| filtered.covered) {
            return;
        }
        let (evaluator, credential) = (terms.evaluator(), &one.credential);
        for filtered in self.0.iter_mut().filter(|filtered| !filtered.covered) {
            let mut rules = terms.policy.rules.iter().filter(|rule| rule.block == filtered.block).peekable();
            if !rules.clone().any(|rule| rule.host == credential.host) {
                continue;
            }
            if rules.any(|rule| evaluator.covers(rule, credential)) {
                filtered.covered = true;
                filtered.candidates = Vec::new();
            } else {
                filtered.candidates.push(format!("{} on {}", credential.name, credential.url));
            }
        }
    }

    /// What to say of them.
    pub(super) fn notes(&self, policy: &CheckedPolicy) -> Vec<Diagnostic> {
        let idle = self.0.iter().filter(|filtered| !filtered.covered && !filtered.candidates.is_empty());
        idle.map(|filtered| {
            let first = policy.rules.iter().find(|rule| rule.block == filtered.block);
            let filter = first.and_then(|rule| rule.credential.as_ref().or(rule.at.as_ref()));
            let span = filter.map_or(filtered.block, |filter| filter.span);
            Diagnostic::at(Code::FilterMatchesNothing, span, "this filter matches none of the credentials")
                .labelled("nothing was judged by this block")
                .help(format!("there is {}", english::list(&filtered.candidates, "and")))
        })
        .collect()
    }
}

/// What became of each waiver so far.
#[derive(Clone, Debug)]
pub(super) struct Waivers {
    /// Whether each waived something, by position in the policy.
    used: Vec<bool>,
    /// What was judged of each rule.
    of_rule: Vec<Judged>,
}

#[derive(Clone, Copy, Debug, Default)]
struct Judged {
    /// Something that a waiver could excuse was judged.
    some: bool,
    /// Something that a waiver could excuse was judged and not decided.
    open: bool,
}

impl Waivers {
    pub(super) fn new(policy: &CheckedPolicy) -> Self {
        Self { used: vec![false; policy.waivers.len()], of_rule: vec![Judged::default(); policy.rules.len()] }
    }

    pub(super) fn add(&mut self, policy: &CheckedPolicy, one: &Checked) {
        if self.used.is_empty() {
            return;
        }
        for outcome in &one.judged.outcomes {
            if let Verdict::Waived(at) = outcome.verdict
                && let Some(used) = self.used.get_mut(at)
            {
                *used = true;
            }
            let rule = policy.statement(outcome.statement).map(|statement| statement.rule.0);
            if let Some(judged) = rule.and_then(|rule| self.of_rule.get_mut(rule)) {
                judged.some = true;
                judged.open |= matches!(outcome.verdict, Verdict::Undetermined { .. });
            }
        }
    }

    /// Waivers that are over, and live ones that had nothing to waive: only where everything that one could excuse was
    /// judged and decided, and nothing was left out, is that known.
    pub(super) fn notes(&self, evaluator: &Evaluator<'_>, filtered: bool) -> Vec<Diagnostic> {
        let mut notes = Vec::new();
        for (waiver, used) in evaluator.policy().waivers.iter().zip(&self.used) {
            let rules = || waiver.rules.iter().filter_map(|rule| self.of_rule.get(rule.0));
            if let Some(over) = language::lint::expired_waiver(waiver, evaluator.now()) {
                notes.push(over);
            } else if !used && !filtered && rules().any(|rule| rule.some) && !rules().any(|rule| rule.open) {
                let message = format!("the waiver of `{}` had nothing to waive", waiver.name);
                notes.push(
                    Diagnostic::at(Code::WaiverIdle, waiver.span, message).help("remove it: what it excused is mended"),
                );
            }
        }
        notes
    }
}
