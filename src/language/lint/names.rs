//! Inputs and imports that nothing needs, and constants, which checking reports: what is certain is removed by `--fix`.

use std::collections::{BTreeMap, BTreeSet};

use super::super::ast::Item;
use super::super::checked::{Expression, ExpressionKind, InputId, Operand};
use super::context::Context;
use super::finding::Finding;
use super::fix::Fix;
use crate::diagnostic::{Code, Diagnostic};
use crate::text::source::{SourceId, Span};

/// What checking said, with a fix where there is a certain one.
pub(super) fn with_fix(context: &Context<'_>, problem: Diagnostic) -> Finding {
    let fix =
        problem.span().filter(|_| problem.code == Code::UnusedName).and_then(|span| unused_constant(context, span));
    Finding::new(problem).fixed_by(fix)
}

/// Removes the constant whose name stands there.
fn unused_constant(context: &Context<'_>, place: Span) -> Option<Fix> {
    let file = context.program.files.iter().find(|file| file.source == place.source)?;
    let (name, value) = file.file.items.iter().find_map(|item| match item {
        Item::Let { name, value } if name.span == place => Some((name, value)),
        _ => None,
    })?;
    let text = context.sources.get(place.source)?.text();
    let before = text.get(..name.span.start as usize)?.trim_end().strip_suffix("let")?;
    let whole = Span::new(place.source, before.len(), value.span.end as usize);
    Fix::remove_lines(text, whole, format!("removed the constant `{}`", name.value))
}

/// C1011, C1012.
pub(super) fn unused(context: &Context<'_>) -> Vec<Finding> {
    let mut read: BTreeSet<InputId> = BTreeSet::new();
    for statement in &context.policy.statements {
        inputs(&statement.expression, &mut read);
        statement.guards.iter().for_each(|guard| inputs(guard, &mut read));
    }
    let mut findings: Vec<Finding> = Vec::new();
    for (at, input) in context.policy.inputs.iter().enumerate() {
        if !read.contains(&InputId(at)) {
            let problem =
                Diagnostic::at(Code::UnusedInput, input.span, format!("no rule reads the input `{}`", input.name))
                    .help("remove it, or read it where its value is meant to count");
            findings.push(Finding::new(problem));
        }
    }
    findings.extend(imports(context, &read));
    findings
}

/// Imports of files that, with all they import, bring no rule and no input that is read.
fn imports(context: &Context<'_>, read: &BTreeSet<InputId>) -> Vec<Finding> {
    let mut useful: BTreeSet<SourceId> = context.policy.rules.iter().map(|rule| rule.source).collect();
    useful.extend(read.iter().filter_map(|id| context.policy.inputs.get(id.0)).map(|input| input.span.source));
    // An input that two files declare stands once: whoever declares one of its name may be needed.
    let names: BTreeSet<&str> =
        read.iter().filter_map(|id| context.policy.inputs.get(id.0)).map(|input| input.name.as_str()).collect();
    for file in &context.program.files {
        let declares = file
            .file
            .items
            .iter()
            .any(|item| matches!(item, Item::Input { name, .. } if names.contains(name.value.as_str())));
        if declares {
            useful.insert(file.source);
        }
    }
    let mut known: BTreeMap<usize, bool> = BTreeMap::new();
    let mut findings = Vec::new();
    for file in &context.program.files {
        for (target, except, span) in &file.imports {
            if brings(context, *target, &useful, &mut known) {
                continue;
            }
            let why =
                if except.is_empty() { "it has no rule" } else { "every rule of it is left out, here or elsewhere" };
            findings.push(Finding::new(
                Diagnostic::at(Code::UnusedImport, *span, "this import brings nothing")
                    .labelled(why)
                    .help("remove it, or leave out fewer rules"),
            ));
        }
    }
    findings
}

/// Whether a file, or one that it imports, is of use. Loading has refused cycles.
fn brings(context: &Context<'_>, at: usize, useful: &BTreeSet<SourceId>, known: &mut BTreeMap<usize, bool>) -> bool {
    if let Some(known) = known.get(&at) {
        return *known;
    }
    let Some(file) = context.program.files.get(at) else { return true };
    let brings = useful.contains(&file.source)
        || file.imports.iter().any(|(target, ..)| brings(context, *target, useful, known));
    known.insert(at, brings);
    brings
}

fn inputs(expression: &Expression, into: &mut BTreeSet<InputId>) {
    let mut operand = |operand: &Operand| {
        let mut operand = operand;
        while let Operand::Count(inner, _) = operand {
            operand = inner;
        }
        if let Operand::Input(id, _) = operand {
            into.insert(*id);
        }
    };
    match &expression.kind {
        ExpressionKind::Operand(one)
        | ExpressionKind::IsAbsent { operand: one, .. }
        | ExpressionKind::Matches { left: one, .. } => operand(one),
        ExpressionKind::Compare { left, right, .. } | ExpressionKind::Set { left, right, .. } => {
            operand(left);
            operand(right);
        }
        ExpressionKind::In { left, items: others, .. } | ExpressionKind::Like { left, patterns: others, .. } => {
            std::iter::once(left).chain(others).for_each(operand);
        }
        ExpressionKind::Quantified { list, body, .. } => {
            operand(list);
            inputs(body, into);
        }
        ExpressionKind::Not(inner) => inputs(inner, into),
        ExpressionKind::And(terms) | ExpressionKind::Or(terms) => terms.iter().for_each(|term| inputs(term, into)),
    }
}
