//! Statements that some kinds of credential, or all of them, can never decide; and scopes and permissions that a kind
//! cannot have.

use super::super::checked::{Expression, ExpressionKind, Operand, Rule, SetOperator, Statement};
use super::context::Context;
use super::finding::Finding;
use super::kinds::{Assume, OfKind, Reach, causes};
use crate::diagnostic::{Code, Diagnostic, Severity};
use crate::facts::reveal::Obstacle;
use crate::text::english;
use crate::text::source::Span;
use crate::vocabulary::FactIndex;

/// A host of a statement's block, with the kinds of credential that the statement is about.
struct OfHost<'a> {
    rule: &'a Rule,
    /// Those that can never decide it and that show something at all, each with what stands in the way.
    undecided: Vec<(&'a OfKind, Vec<Obstacle>)>,
    /// What stays open: for each of those a guard, or the demand itself.
    open: Vec<Option<Span>>,
    /// Those that can.
    deciding: Vec<&'a OfKind>,
    /// Those that can never decide it, which the policy accepts in writing.
    accepted: Vec<&'a OfKind>,
    /// Those that can never decide it and show nothing of anything.
    silent: Vec<(&'a OfKind, Vec<Obstacle>)>,
}

/// C1001, C1002.
pub(super) fn undecided(context: &Context<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for group in &context.groups {
        let hosts: Vec<OfHost<'_>> = group.iter().filter_map(|statement| of_host(context, statement)).collect();
        let Some(statement) = group.first() else { continue };
        let several = group.len() > 1;
        let (never, partly): (Vec<&OfHost<'_>>, Vec<&OfHost<'_>>) = hosts
            .iter()
            .filter(|of| {
                let only_silent = of.deciding.is_empty() && of.accepted.is_empty() && !of.silent.is_empty();
                !of.undecided.is_empty() || only_silent
            })
            .partition(|of| of.deciding.is_empty());
        if !never.is_empty() {
            findings.push(never_decided(statement, &never, never.len() == group.len()));
        }
        if !partly.is_empty() {
            findings.push(partly_decided(statement, &partly, several));
        }
    }
    findings
}

fn of_host<'a>(context: &'a Context<'_>, statement: &Statement) -> Option<OfHost<'a>> {
    let rule = context.policy.rule(statement.rule)?;
    let mut of = OfHost {
        rule,
        undecided: Vec::new(),
        open: Vec::new(),
        deciding: Vec::new(),
        accepted: Vec::new(),
        silent: Vec::new(),
    };
    for kind in context.kinds.of(rule.host) {
        match kind.reach(statement) {
            Reach::Out => {}
            Reach::Decidable => of.deciding.push(kind),
            Reach::Undecidable(obstacles, guard) => {
                let accepted = statement
                    .acceptance
                    .as_ref()
                    .is_some_and(|acceptance| causes(&obstacles).within(acceptance.causes));
                if !accepted {
                    of.open.push(guard);
                }
                match (accepted, kind.shows) {
                    (true, _) => of.accepted.push(kind),
                    (false, true) => of.undecided.push((kind, obstacles)),
                    (false, false) => of.silent.push((kind, obstacles)),
                }
            }
        }
    }
    Some(of)
}

/// Points at the guard that stays open, where that is why for all of them.
fn with_guard(problem: Diagnostic, hosts: &[&OfHost<'_>]) -> Diagnostic {
    let mut open = hosts.iter().flat_map(|of| &of.open);
    match open.next().copied().flatten() {
        Some(first) if open.all(|other| *other == Some(first)) => problem.label(first, "this guard stays open"),
        _ => problem,
    }
}

const ACCEPT: &str = "on unknown warn because \"…\"";

fn never_decided(statement: &Statement, hosts: &[&OfHost<'_>], everywhere: bool) -> Finding {
    let titles = english::list(hosts.iter().map(|of| of.rule.host.title()), "and");
    let severe = everywhere && statement.verb.is_error();
    let kinds: usize = hosts.iter().map(|of| of.undecided.len() + of.silent.len()).sum();
    let mut problem = Diagnostic::at(
        Code::NeverDecided,
        statement.expression.span,
        if kinds == 1 {
            format!("the only kind of {titles} credential that this is about can never decide it")
        } else {
            format!("no kind of {titles} credential can ever decide this")
        },
    )
    .severity(if severe { Severity::Error } else { Severity::Warning })
    .labelled("stays undetermined, always");
    problem = with_guard(problem, hosts);
    for host in hosts {
        problem = reasons(problem, host, hosts.len() > 1, true);
    }
    Finding::new(problem.help(format!("remove it, or accept that it stays open: `{ACCEPT}`")))
}

fn partly_decided(statement: &Statement, hosts: &[&OfHost<'_>], several: bool) -> Finding {
    let named = hosts.iter().map(|of| {
        let words = english::quoted_list(of.undecided.iter().map(|(kind, _)| kind.kind.word), "and");
        format!("{words} of {}", of.rule.host.title())
    });
    let count: usize = hosts.iter().map(|of| of.undecided.len()).sum();
    let kinds = if count == 1 { "a kind" } else { "kinds" };
    let filtered = hosts.iter().all(|of| of.rule.credential.is_some() || of.rule.at.is_some());
    let severity = if statement.verb.is_error() && !filtered { Severity::Warning } else { Severity::Advice };
    let mut problem = Diagnostic::at(
        Code::UndecidedKinds,
        statement.expression.span,
        format!("{kinds} of credential can never decide this: {}", english::list(named, "and")),
    )
    .severity(severity)
    .labelled(if count == 1 { "stays undetermined for it" } else { "stays undetermined for them" });
    problem = with_guard(problem, hosts);
    for host in hosts {
        problem = reasons(problem, host, hosts.len() > 1, false);
    }
    // A guard on the kind stands in the block of one host only: the words differ.
    if let ([only], false) = (hosts, several) {
        let deciding: Vec<&str> = only.deciding.iter().chain(&only.accepted).map(|kind| kind.kind.word).collect();
        problem = problem.help(format!("guard it: `when {}`", guard(&deciding)));
        problem = problem.help(format!("or accept it: `{ACCEPT}`"));
    } else {
        problem = problem.help(format!("accept it: `{ACCEPT}`; or write a block for each host, with guards"));
    }
    Finding::new(problem)
}

/// The guard that leaves these kinds.
fn guard(kinds: &[&str]) -> String {
    match kinds {
        [only] => format!("token.kind == {only}"),
        kinds => format!("token.kind in [{}]", kinds.join(", ")),
    }
}

/// A note for each reason, with the kinds that it is about.
fn reasons(mut problem: Diagnostic, of: &OfHost<'_>, with_host: bool, silent: bool) -> Diagnostic {
    let mut notes: Vec<(String, Vec<&str>)> = Vec::new();
    let shown = of.undecided.iter().chain(of.silent.iter().filter(|_| silent));
    for (kind, obstacles) in shown {
        let mut texts: Vec<String> = Vec::new();
        for obstacle in obstacles {
            let text = format!("`{}`: {}", obstacle.fact, obstacle.reason);
            if !texts.contains(&text) {
                texts.push(text);
            }
        }
        let text = texts.join("; ");
        match notes.iter_mut().find(|(have, _)| *have == text) {
            Some((_, words)) => words.push(kind.kind.word),
            None => notes.push((text, vec![kind.kind.word])),
        }
    }
    for (text, words) in notes {
        let host = if with_host { format!(" of {}", of.rule.host.title()) } else { String::new() };
        problem = problem.note(format!("{}{host}: {text}", english::quoted_list(words, "and")));
    }
    problem
}

/// C1003.
pub(super) fn impossible_grants(context: &Context<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for statement in context.groups.iter().flatten() {
        if !demands_grants(&statement.expression) {
            continue;
        }
        let Some(rule) = context.policy.rule(statement.rule) else { continue };
        let met = |kind: &&OfKind, assume: Assume| {
            let possible = kind.possible(&statement.expression, assume);
            if statement.verb.is_negative() { possible.no } else { possible.yes }
        };
        let reached: Vec<&OfKind> = context
            .kinds
            .of(rule.host)
            .iter()
            .filter(|kind| kind.shows && kind.guards(statement).yes)
            // A kind without scopes or permissions at all is no matter of these names.
            .filter(|kind| !matches!(kind.reach(statement), Reach::Undecidable(ref why, _) if is_inapplicable(why)))
            .collect();
        let unmet = reached.iter().filter(|kind| met(kind, Assume::Everything) && !met(kind, Assume::Holdable));
        let mut groups: Vec<(Vec<Item>, Vec<&str>)> = Vec::new();
        for kind in unmet {
            let mut items = Vec::new();
            unheld(&statement.expression, kind, &mut items);
            match groups.iter_mut().find(|(have, _)| *have == items) {
                Some((_, words)) => words.push(kind.kind.word),
                None => groups.push((items, vec![kind.kind.word])),
            }
        }
        for (items, words) in &groups {
            // Another kind may lack another name: it can have these.
            let others: Vec<&str> = reached
                .iter()
                .filter(|kind| {
                    !words.contains(&kind.kind.word) && items.iter().all(|item| kind.can_hold(item.fact, &item.name))
                })
                .map(|kind| kind.kind.word)
                .collect();
            findings.extend(impossible_grant(items, words, &others));
        }
    }
    findings
}

fn impossible_grant(items: &[Item], kinds: &[&str], others: &[&str]) -> Option<Finding> {
    let (first, rest) = items.split_first()?;
    let what = if first.permission { "permission" } else { "scope" };
    let mut names: Vec<&str> = items.iter().map(|item| item.name.as_str()).collect();
    names.dedup();
    let names = english::quoted_list(names, "or");
    let (subject, it) =
        if kinds.len() == 1 { ("a credential of kind", "it") } else { ("credentials of the kinds", "they") };
    let words = english::quoted_list(kinds, "and");
    let mut problem =
        Diagnostic::at(Code::ImpossibleGrant, first.span, format!("{subject} {words} cannot have {names}"))
            .labelled(format!("{it} can be given no such {what}"));
    for item in rest.iter().filter(|item| item.span != first.span) {
        problem = problem.label(item.span, "nor this");
    }
    Some(Finding::new(match others {
        [] => problem.help("remove it: no credential can satisfy a demand for it here"),
        others => problem.help(format!("demand it of the others only: `when {}`", guard(others))),
    }))
}

fn is_inapplicable(obstacles: &[Obstacle]) -> bool {
    obstacles.iter().any(|obstacle| obstacle.cause == crate::facts::Cause::Inapplicable)
}

/// Whether scopes or permissions are demanded anywhere in it.
fn demands_grants(expression: &Expression) -> bool {
    match &expression.kind {
        ExpressionKind::Not(inner) => demands_grants(inner),
        ExpressionKind::And(terms) | ExpressionKind::Or(terms) => terms.iter().any(demands_grants),
        ExpressionKind::Set { operator, .. } => *operator != SetOperator::Within,
        _ => false,
    }
}

/// A name that is demanded, and where.
#[derive(PartialEq, Eq)]
struct Item {
    fact: FactIndex,
    name: String,
    span: Span,
    permission: bool,
}

/// The names that a kind cannot have.
fn unheld(expression: &Expression, kind: &OfKind, into: &mut Vec<Item>) {
    match &expression.kind {
        ExpressionKind::Not(inner) => unheld(inner, kind, into),
        ExpressionKind::And(terms) | ExpressionKind::Or(terms) => {
            terms.iter().for_each(|term| unheld(term, kind, into));
        }
        ExpressionKind::Set { left: Operand::Fact(fact), right: Operand::Literal { items, value, span }, .. } => {
            let permission = matches!(value, crate::facts::Value::Permissions(_));
            for item in items {
                let name = item.value.split(['=', ' ']).next().unwrap_or("").to_owned();
                if !kind.can_hold(fact.index, &name) {
                    // The items of a constant stand elsewhere: what is shown is its use.
                    let place = if span.contains(item.span) { item.span } else { *span };
                    into.push(Item { fact: fact.index, name, span: place, permission });
                }
            }
        }
        _ => {}
    }
}
