//! Facts with one word of a closed list: enums, levels, and whether something is so.

use super::super::super::checked::{Compared, ExpressionKind, Operand, Operator, OrderOperator};
use super::super::formula::Atom;
use super::super::kinds::flipped;
use crate::facts::Value;
use crate::vocabulary::{Absence, Fact, LevelTable};

/// What the host may say.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Told<'w> {
    Word(&'w str),
    Absent,
}

/// Whether no word, nor its absence, satisfies all of them.
pub(super) fn contradictory(words: &[&str], row: &Fact, atoms: &[&Atom<'_>]) -> bool {
    let absent = (row.absence != Absence::Impossible).then_some(Told::Absent);
    words.iter().map(|word| Told::Word(word)).chain(absent).all(|told| {
        // A form that is not known here excludes nothing.
        atoms.iter().any(|atom| decided(told, row, atom).is_some_and(|holds| holds != Some(atom.holds)))
    })
}

/// How a condition is decided; `Some(None)` where it stays undecided, `None` where it is of no form that is known here.
fn decided(told: Told<'_>, row: &Fact, atom: &Atom<'_>) -> Option<Option<bool>> {
    match &atom.expression.kind {
        ExpressionKind::IsAbsent { negated, .. } => Some(Some((told == Told::Absent) != *negated)),
        ExpressionKind::Operand(_) => match seen(told, row) {
            Some(word) => Some(Some(word == "true")),
            None => Some(None),
        },
        ExpressionKind::Compare { left, operator, right, compared } => {
            let (operator, literal) = match (left, right) {
                (_, Operand::Literal { value, .. }) => (*operator, word(value)?),
                (Operand::Literal { value, .. }, _) => (flipped(*operator), word(value)?),
                _ => return None,
            };
            let Some(have) = seen(told, row) else {
                return Some(match operator {
                    Operator::Equal => Some(false),
                    Operator::NotEqual => Some(true),
                    Operator::Order(_) => None,
                });
            };
            match (operator, compared) {
                (Operator::Equal, _) => Some(Some(have == literal)),
                (Operator::NotEqual, _) => Some(Some(have != literal)),
                (Operator::Order(order), Compared::Level(table)) => Some(Some(levels(table, have, order, literal))),
                _ => None,
            }
        }
        ExpressionKind::In { items, negated, .. } => {
            let mut all = Vec::new();
            for item in items {
                let Operand::Literal { value, .. } = item else { return None };
                all.push(word(value)?);
            }
            Some(Some(seen(told, row).is_some_and(|have| all.contains(&have)) != *negated))
        }
        _ => None,
    }
}

/// The word that comparisons see; `None` for "no such value".
fn seen<'w>(told: Told<'w>, row: &Fact) -> Option<&'w str> {
    match (told, row.absence) {
        (Told::Word(word), _) => Some(word),
        (Told::Absent, Absence::Level(level)) => Some(level),
        (Told::Absent, _) => None,
    }
}

fn word(value: &Value) -> Option<&'static str> {
    match value {
        Value::Word(word) => Some(word),
        Value::Bool(true) => Some("true"),
        Value::Bool(false) => Some("false"),
        _ => None,
    }
}

fn levels(table: &LevelTable, left: &str, order: OrderOperator, right: &str) -> bool {
    match order {
        OrderOperator::AtLeast => table.at_least(left, right),
        OrderOperator::Greater => left != right && table.at_least(left, right),
        OrderOperator::AtMost => table.at_least(right, left),
        OrderOperator::Less => left != right && table.at_least(right, left),
    }
}
