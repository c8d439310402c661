//! `each` blocks that change nothing, or select nothing.

use std::collections::BTreeMap;

use super::super::checked::{Selector, Statement};
use super::context::Context;
use super::finding::Finding;
use super::globs;
use crate::diagnostic::{Code, Diagnostic};
use crate::text::glob;
use crate::text::source::Span;
use crate::vocabulary::Subject;

/// C1010.
pub(super) fn idle(context: &Context<'_>) -> Vec<Finding> {
    let mut blocks: BTreeMap<Span, (&Selector, Vec<&Selector>, Vec<&Statement>)> = BTreeMap::new();
    for statement in &context.policy.statements {
        for (at, selector) in statement.selectors.iter().enumerate() {
            blocks
                .entry(selector.span)
                .or_insert_with(|| (selector, statement.selectors.iter().take(at).collect(), Vec::new()))
                .2
                .push(statement);
        }
    }
    let mut findings = Vec::new();
    for (selector, around, statements) in blocks.into_values() {
        if statements.iter().all(|statement| statement.subject == Subject::Credential) {
            let what = match selector.subject {
                Subject::Organization => "an organisation's",
                _ => "a repository's",
            };
            findings.push(Finding::new(
                Diagnostic::at(Code::IdleSelector, selector.span, "this `each` changes nothing")
                    .labelled(format!("nothing in it reads {what} fact"))
                    .help("remove it: what is in it is checked once for each credential"),
            ));
            continue;
        }
        findings.extend(selects_nothing(selector));
        findings.extend(idle_exception(selector));
        findings.extend(outside(selector, &around));
    }
    findings
}

/// Every name that it selects, `except` takes out again.
fn selects_nothing(selector: &Selector) -> Option<Finding> {
    let taken = |pattern: &str| selector.except.iter().any(|except| globs::covers(&except.value, pattern));
    if !selector.patterns.iter().all(|pattern| taken(&pattern.value)) {
        return None;
    }
    Some(Finding::new(
        Diagnostic::at(Code::IdleSelector, selector.span, "this `each` selects nothing")
            .labelled("`except` takes out everything again")
            .help("mend one of the two lists: what selects nothing is undetermined"),
    ))
}

/// A name in `except` that is not selected anyway.
fn idle_exception(selector: &Selector) -> Option<Finding> {
    let idle = selector
        .except
        .iter()
        .find(|except| selector.patterns.iter().all(|pattern| globs::are_apart(&pattern.value, &except.value)))?;
    Some(Finding::new(
        Diagnostic::at(Code::IdleSelector, idle.span, "this exception takes nothing out")
            .labelled("nothing like it is selected")
            .help("remove it, or mend its name"),
    ))
}

/// A name that the `each` around it does not let in.
fn outside(selector: &Selector, around: &[&Selector]) -> Option<Finding> {
    let outer = around.iter().find(|outer| {
        outer.subject == selector.subject
            && selector.patterns.iter().all(|inner| {
                let apart = outer.patterns.iter().all(|pattern| globs::are_apart(&pattern.value, &inner.value));
                let taken = outer
                    .except
                    .iter()
                    .any(|except| !glob::is_pattern(&inner.value) && glob::matches(&except.value, &inner.value));
                apart || taken
            })
    })?;
    Some(Finding::new(
        Diagnostic::at(Code::IdleSelector, selector.span, "this `each` selects nothing")
            .labelled("none of these")
            .label(outer.span, "is selected here")
            .help("mend one of the two: what selects nothing is undetermined"),
    ))
}
