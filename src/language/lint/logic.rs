//! Statements and guards of which the outcome is settled before any host is asked.

use std::collections::BTreeMap;
use std::rc::Rc;

use super::super::checked::{Expression, Statement};
use super::context::Context;
use super::finding::Finding;
use super::formula::{Formula, Formulas};
use super::solve::impossible;
use crate::diagnostic::{Code, Diagnostic, Severity};
use crate::text::source::Span;
use crate::vocabulary::HostKind;

/// A statement's conditions, made ready.
pub(super) struct Ready<'a> {
    pub(super) statement: &'a Statement,
    pub(super) host: HostKind,
    /// That it holds.
    pub(super) met: Rc<Formula<'a>>,
    /// That it is broken.
    pub(super) broken: Rc<Formula<'a>>,
    /// That its guards hold, outermost first.
    pub(super) guards: Vec<Rc<Formula<'a>>>,
}

impl<'a> Ready<'a> {
    pub(super) fn new(host: HostKind, statement: &'a Statement, formulas: &mut Formulas<'a>) -> Self {
        let negative = statement.verb.is_negative();
        Self {
            statement,
            host,
            met: formulas.of(host, &statement.expression, !negative),
            broken: formulas.of(host, &statement.expression, negative),
            guards: statement.guards.iter().map(|guard| formulas.guard(host, guard)).collect(),
        }
    }

    /// Whether its guards, and these conditions, cannot hold together.
    pub(super) fn excludes(&self, conditions: &[&Formula<'a>]) -> bool {
        let all: Vec<&Formula<'a>> = self.guards.iter().map(AsRef::as_ref).chain(conditions.iter().copied()).collect();
        impossible(self.host, &all)
    }
}

/// What is settled of a guard.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Settled {
    /// It holds, by itself or where those around it do.
    Always,
    /// It never does.
    Never,
    Open,
}

/// C1005, C1008, C1009.
pub(super) fn constants(context: &Context<'_>) -> Vec<Finding> {
    let mut formulas = Formulas::default();
    let mut guards: BTreeMap<(HostKind, Span), (Settled, bool)> = BTreeMap::new();
    let mut found_guards: BTreeMap<Span, Vec<(Settled, bool)>> = BTreeMap::new();
    let mut findings = Vec::new();
    for group in &context.groups {
        let mut settled = Vec::new();
        for statement in group {
            let Some(rule) = context.policy.rule(statement.rule) else { continue };
            let ready = Ready::new(rule.host, statement, &mut formulas);
            let mut idle = false;
            for (at, guard) in statement.guards.iter().enumerate() {
                let (found, alone) = *guards.entry((rule.host, guard.span)).or_insert_with(|| {
                    let found = settled_guard(&ready, guard, at, &mut formulas);
                    found_guards.entry(guard.span).or_default().push(found);
                    found
                });
                idle |= found == Settled::Never && (alone || at > 0);
            }
            settled.push(if idle { Constant::Open } else { constant(&ready) });
        }
        let (Some(statement), Some(first)) = (group.first(), settled.first()) else { continue };
        // What is settled on one host of the block alone is no mistake of the statement.
        if settled.iter().all(|one| one == first) {
            findings.extend(settled_statement(statement, *first));
        }
    }
    for (span, settled) in found_guards {
        let Some(first) = settled.first() else { continue };
        if settled.iter().all(|one| one == first) {
            findings.extend(constant_guard(span, first.0, first.1));
        }
    }
    findings
}

/// What is settled of a guard, and whether by itself (else by those around it).
fn settled_guard<'a>(
    ready: &Ready<'a>,
    guard: &'a Expression,
    at: usize,
    formulas: &mut Formulas<'a>,
) -> (Settled, bool) {
    let holds = formulas.guard(ready.host, guard);
    let fails = formulas.of(ready.host, guard, false);
    if impossible(ready.host, &[&holds]) {
        return (Settled::Never, true);
    }
    if impossible(ready.host, &[&fails]) {
        return (Settled::Always, true);
    }
    let around: Vec<&Formula<'a>> = ready.guards.iter().take(at).map(AsRef::as_ref).collect();
    if around.is_empty() || impossible(ready.host, &around) {
        return (Settled::Open, true);
    }
    let with = |condition: &Formula<'a>| {
        let mut all = around.clone();
        all.push(condition);
        impossible(ready.host, &all)
    };
    if with(&holds) {
        (Settled::Never, false)
    } else if with(&fails) {
        (Settled::Always, false)
    } else {
        (Settled::Open, true)
    }
}

fn constant_guard(span: Span, settled: Settled, alone: bool) -> Option<Finding> {
    let problem = match settled {
        Settled::Open => return None,
        Settled::Always => Diagnostic::at(Code::ConstantGuard, span, "this guard always holds")
            .labelled(if alone { "true, whatever the host says" } else { "true wherever the guards around it are" })
            .help("remove it"),
        Settled::Never => {
            Diagnostic::at(Code::ConstantGuard, span, "this guard never holds: what it guards never applies")
                .labelled(if alone {
                    "false, whatever the host says"
                } else {
                    "false wherever the guards around it are true"
                })
                .help("mend the guard, or remove what it guards")
        }
    };
    Some(Finding::new(problem))
}

/// What is settled of a statement.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Constant {
    NeverMet,
    NeverMetHere,
    NeverBroken,
    NeverBrokenHere,
    Open,
}

fn constant(ready: &Ready<'_>) -> Constant {
    // What reads no fact says so openly: `require false`.
    if ready.statement.facts.is_empty() {
        return Constant::Open;
    }
    if impossible(ready.host, &[&ready.met]) {
        Constant::NeverMet
    } else if impossible(ready.host, &[&ready.broken]) {
        Constant::NeverBroken
    } else if ready.guards.is_empty() || ready.excludes(&[]) {
        Constant::Open
    } else if ready.excludes(&[&ready.met]) {
        Constant::NeverMetHere
    } else if ready.excludes(&[&ready.broken]) {
        Constant::NeverBrokenHere
    } else {
        Constant::Open
    }
}

fn settled_statement(statement: &Statement, constant: Constant) -> Option<Finding> {
    let span = statement.expression.span;
    let (verb, negative) = (statement.verb.word(), statement.verb.is_negative());
    let never =
        |text: &str| Diagnostic::at(Code::NeverHolds, span, format!("this `{verb}` can never be satisfied{text}"));
    let problem = match constant {
        Constant::Open => return None,
        Constant::NeverMet => never("")
            .severity(if statement.verb.is_error() { Severity::Error } else { Severity::Warning })
            .labelled(if negative { "every credential is like that" } else { "no credential can be like that" })
            .help("its parts contradict each other, or a value lies out of reach: mend one of them"),
        Constant::NeverMetHere => never(" where its guard holds")
            .severity(Severity::Warning)
            .labelled("the guard says otherwise")
            .help("every credential that it applies to breaks it: mend the guard or the statement"),
        Constant::NeverBroken => Diagnostic::at(Code::AlwaysHolds, span, format!("this `{verb}` can never be broken"))
            .labelled(if negative { "no credential can be like that" } else { "every credential is like that" })
            .help("remove it, or mend what it says"),
        Constant::NeverBrokenHere => {
            Diagnostic::at(Code::AlwaysHolds, span, format!("this `{verb}` can never be broken where its guard holds"))
                .labelled("the guard says so already")
                .help("remove it, or mend what it says")
        }
    };
    Some(Finding::new(problem))
}
