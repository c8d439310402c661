//! What of a policy had nothing to do so far: blocks whose filter lets nobody in, waivers that waive nothing.

use std::collections::BTreeSet;

use super::checked::Checked;
use super::terms::Terms;
use crate::diagnostic::{Code, Diagnostic};
use crate::evaluation::{Candidate, Evaluator, FilterUse, Verdict, WaiverUse};
use crate::language::{self, CheckedPolicy};
use crate::text::source::Span;

/// Blocks whose `at` or `credential` filter has let in none of the credentials so far.
#[derive(Clone, Debug, Default)]
pub(super) struct IdleFilters(Vec<Filtered>);

/// A block with a filter.
#[derive(Clone, Debug)]
struct Filtered {
    block: Span,
    covered: bool,
    /// The credentials of its hosts, while none of them is let in.
    candidates: Vec<Candidate>,
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
                let (credential, url) = (credential.name.clone(), credential.url.clone());
                filtered.candidates.push(Candidate { credential, url });
            }
        }
    }

    /// What became of them.
    pub(super) fn uses(self, policy: &CheckedPolicy) -> Vec<FilterUse<Diagnostic>> {
        let uses = self.0.into_iter().map(|filtered| {
            let first = policy.rules.iter().find(|rule| rule.block == filtered.block);
            let filter = first.and_then(|rule| rule.credential.as_ref().or(rule.at.as_ref()));
            let span = filter.map_or(filtered.block, |filter| filter.span);
            let note = Diagnostic::at(Code::FilterMatchesNothing, span, "this filter matches none of the credentials")
                .labelled("nothing was judged by this block");
            FilterUse { covered: filtered.covered, candidates: filtered.candidates, note }
        });
        uses.collect()
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

    /// What became of them.
    pub(super) fn uses(&self, evaluator: &Evaluator<'_>) -> Vec<WaiverUse<Diagnostic>> {
        let waivers = evaluator.policy().waivers.iter().zip(&self.used);
        let uses = waivers.map(|(waiver, used)| {
            let rules = || waiver.rules.iter().filter_map(|rule| self.of_rule.get(rule.0));
            let message = format!("the waiver of `{}` had nothing to waive", waiver.name);
            WaiverUse {
                used: *used,
                judged: rules().any(|rule| rule.some),
                open: rules().any(|rule| rule.open),
                over: language::lint::expired_waiver(waiver, evaluator.now()),
                idle: Diagnostic::at(Code::WaiverIdle, waiver.span, message)
                    .help("remove it: what it excused is mended"),
            }
        });
        uses.collect()
    }
}
