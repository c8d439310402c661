//! Order comparisons with levels that stand beside others.

use super::super::checked::{Compared, Expression, ExpressionKind, Operand, Operator, OrderOperator};
use super::context::Context;
use super::finding::Finding;
use super::kinds::flipped;
use crate::diagnostic::{Code, Diagnostic};
use crate::facts::Value;
use crate::text::english;
use crate::vocabulary::LevelTable;

/// C1018.
pub(super) fn traps(context: &Context<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for statement in context.groups.iter().filter_map(|group| group.first()) {
        for condition in statement.guards.iter().chain([&statement.expression]) {
            conditions(condition, &mut findings);
        }
    }
    findings
}

fn conditions(expression: &Expression, into: &mut Vec<Finding>) {
    match &expression.kind {
        ExpressionKind::Not(inner) => conditions(inner, into),
        ExpressionKind::And(terms) | ExpressionKind::Or(terms) => {
            terms.iter().for_each(|term| conditions(term, into));
        }
        ExpressionKind::Quantified { body, .. } => conditions(body, into),
        ExpressionKind::Compare { left, operator, right, compared: Compared::Level(table) } => {
            let (operator, literal) = match (left, right) {
                (_, Operand::Literal { value: Value::Word(word), .. }) => (*operator, *word),
                (Operand::Literal { value: Value::Word(word), .. }, _) => (flipped(*operator), *word),
                _ => return,
            };
            if let Operator::Order(order) = operator {
                into.extend(trap(expression, order, literal, table));
            }
        }
        _ => {}
    }
}

/// Levels of the table's own order (each stands after all that it is above) that one would expect to be above or below.
fn trap(expression: &Expression, order: OrderOperator, literal: &str, table: &LevelTable) -> Option<Finding> {
    let words: Vec<&str> = table.levels.iter().map(|(word, _)| *word).collect();
    let at = words.iter().position(|word| *word == literal)?;
    let upwards = matches!(order, OrderOperator::AtLeast | OrderOperator::Greater);
    let beside: Vec<&str> = words
        .iter()
        .enumerate()
        .filter(|(place, word)| match upwards {
            true => *place > at && !table.at_least(word, literal),
            false => *place < at && !table.at_least(literal, word),
        })
        .map(|(_, word)| *word)
        .collect();
    if beside.is_empty() {
        return None;
    }
    let named = english::quoted_list(&beside, "and");
    let (are, side) = (if beside.len() == 1 { "is" } else { "are" }, if upwards { "above" } else { "below" });
    let meant: Vec<&str> = words
        .iter()
        .enumerate()
        .filter(|(place, _)| match order {
            OrderOperator::AtLeast => *place >= at,
            OrderOperator::Greater => *place > at,
            OrderOperator::AtMost => *place <= at,
            OrderOperator::Less => *place < at,
        })
        .map(|(_, word)| *word)
        .collect();
    Some(Finding::new(
        Diagnostic::at(
            Code::PartialOrder,
            expression.span,
            format!("{named} {are} not {side} `{literal}`, but beside it"),
        )
        .labelled("false for what stands beside")
        .help(format!("name the levels that are meant: `in [{}]`", meant.join(", "))),
    ))
}
