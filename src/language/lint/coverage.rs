//! Policies that are about nothing, and kinds of credential that every rule leaves out.

use std::collections::{BTreeMap, BTreeSet};

use super::super::checked::{Expression, ExpressionKind, Operand};
use super::context::Context;
use super::finding::Finding;
use super::kinds::Reach;
use crate::diagnostic::{Code, Diagnostic};
use crate::facts::Value;
use crate::text::english;
use crate::text::source::Span;
use crate::vocabulary::{self, HostKind};

/// What the rules of a host leave out.
#[derive(Default)]
struct OfHost {
    /// The first block in a file that was named.
    block: Option<Span>,
    /// Whether some block is about every credential of the host.
    unfiltered: bool,
    /// The kinds that some statement is about.
    covered: BTreeSet<&'static str>,
    /// The kinds that some guard names: leaving them out is meant.
    named: BTreeSet<&'static str>,
}

/// C1019.
pub(super) fn empty(context: &Context<'_>) -> Vec<Finding> {
    let first = context.policy.files.iter().find(|file| file.root).filter(|_| context.policy.statements.is_empty());
    let at = |source| {
        Diagnostic::at(
            Code::EmptyPolicy,
            Span::new(source, 0, 0),
            "this policy has no statement, so it demands nothing",
        )
        .help("write a `host` block with a `require`; `credcheck init` writes a policy to begin with")
    };
    first.map(|file| Finding::new(at(file.source))).into_iter().collect()
}

/// C1004.
pub(super) fn uncovered_kinds(context: &Context<'_>) -> Vec<Finding> {
    let mut hosts: BTreeMap<HostKind, OfHost> = BTreeMap::new();
    for statement in &context.policy.statements {
        let Some(rule) = context.policy.rule(statement.rule) else { continue };
        let of = hosts.entry(rule.host).or_default();
        if of.block.is_none() && context.roots.contains(&rule.source) {
            of.block = Some(rule.block);
        }
        of.unfiltered |= rule.at.is_none() && rule.credential.is_none();
        for guard in &statement.guards {
            named(guard, &mut of.named);
        }
        for kind in context.kinds.of(rule.host) {
            if !of.covered.contains(kind.kind.word) && !matches!(kind.reach(statement), Reach::Out) {
                of.covered.insert(kind.kind.word);
            }
        }
    }
    let mut findings = Vec::new();
    for (host, of) in &hosts {
        let (Some(block), true) = (of.block, of.unfiltered) else { continue };
        let forgotten: Vec<&str> = context
            .kinds
            .of(*host)
            .iter()
            .filter(|kind| kind.shows && !of.covered.contains(kind.kind.word) && !of.named.contains(kind.kind.word))
            .map(|kind| kind.kind.word)
            .collect();
        if forgotten.is_empty() {
            continue;
        }
        let title = vocabulary::host(*host).title;
        let it = if forgotten.len() == 1 { "it" } else { "them" };
        let words = english::quoted_list(&forgotten, "and");
        findings.push(Finding::new(
            Diagnostic::at(
                Code::UncoveredKinds,
                block,
                format!("no rule for {title} is about credentials of kind {words}"),
            )
            .labelled("guards rule out every statement")
            .help(format!("add a rule for {it}, or forbid {it}: `forbid token.kind in [{}]`", forgotten.join(", ")))
            .note("what no statement judges is undetermined when it is checked"),
        ));
    }
    findings
}

/// The kinds that a condition names.
fn named(expression: &Expression, into: &mut BTreeSet<&'static str>) {
    let mut operand = |operand: &Operand| {
        if let Operand::Literal { value: Value::Word(word), .. } = operand {
            into.insert(word);
        }
    };
    match &expression.kind {
        ExpressionKind::Compare { left, right, .. } => {
            operand(left);
            operand(right);
        }
        ExpressionKind::In { items, .. } => items.iter().for_each(operand),
        ExpressionKind::Not(inner) => named(inner, into),
        ExpressionKind::And(terms) | ExpressionKind::Or(terms) => terms.iter().for_each(|term| named(term, into)),
        _ => {}
    }
}
