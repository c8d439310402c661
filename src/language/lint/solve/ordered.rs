//! Facts with an order: numbers, versions, times, durations, and how many items there are.

use std::cmp::Ordering;

use super::super::super::checked::{ExpressionKind, Operand, Operator, OrderOperator};
use super::super::formula::Atom;
use super::super::kinds::flipped;
use crate::facts::Value;
use crate::vocabulary::Absence;

/// What is left for a known value.
#[derive(Default)]
struct Range<'v> {
    /// The bound, and whether it is left out itself.
    low: Option<(&'v Value, bool)>,
    high: Option<(&'v Value, bool)>,
    only: Option<Vec<&'v Value>>,
    except: Vec<&'v Value>,
}

/// Whether no value, nor its absence, satisfies all of them. A count is never absent, and never below zero.
pub(super) fn contradictory(absence: Absence, counted: bool, atoms: &[&Atom<'_>]) -> bool {
    static ZERO: Value = Value::Integer(0);
    let (mut known, mut absent) = (true, !counted && absence != Absence::Impossible);
    let mut range = Range { low: counted.then_some((&ZERO, false)), ..Range::default() };
    for atom in atoms {
        match &atom.expression.kind {
            ExpressionKind::IsAbsent { negated, .. } => {
                if atom.holds == *negated {
                    absent = false
                } else {
                    known = false
                }
            }
            ExpressionKind::Compare { left, operator, right, .. } => {
                let (operator, bound) = match (left, right) {
                    (_, bound @ (Operand::Literal { .. } | Operand::Never(_))) => (*operator, bound),
                    (bound, _) => (flipped(*operator), bound),
                };
                let value = match bound {
                    Operand::Literal { value, .. } => Some(value),
                    Operand::Never(_) => None,
                    _ => continue,
                };
                match value {
                    Some(value) => range.narrow(operator, value, atom.holds),
                    // Every time is before one that never comes.
                    None => known &= of_order(operator, Ordering::Less) == atom.holds,
                }
                absent &= absent_holds(absence, operator, value.is_none()) == Some(atom.holds);
            }
            ExpressionKind::In { items, negated, .. } => {
                let mut values = Vec::new();
                for item in items {
                    if let Operand::Literal { value, .. } = item {
                        values.push(value);
                    }
                }
                if values.len() != items.len() {
                    continue;
                }
                if atom.holds == *negated {
                    range.except.extend(values);
                } else {
                    absent = false;
                    range.only = Some(match range.only.take() {
                        None => values,
                        Some(before) => before.into_iter().filter(|value| values.contains(value)).collect(),
                    });
                }
            }
            _ => {}
        }
    }
    let value = known && range.has_any();
    !absent && !value
}

/// How a comparison is decided where there is no value.
fn absent_holds(absence: Absence, operator: Operator, with_never: bool) -> Option<bool> {
    match (absence, operator) {
        (Absence::Never, _) => Some(of_order(operator, if with_never { Ordering::Equal } else { Ordering::Greater })),
        (_, Operator::Equal) => Some(false),
        (_, Operator::NotEqual) => Some(true),
        (_, Operator::Order(_)) => None,
    }
}

const fn of_order(operator: Operator, order: Ordering) -> bool {
    match operator {
        Operator::Equal => order.is_eq(),
        Operator::NotEqual => order.is_ne(),
        Operator::Order(OrderOperator::Less) => order.is_lt(),
        Operator::Order(OrderOperator::AtMost) => order.is_le(),
        Operator::Order(OrderOperator::Greater) => order.is_gt(),
        Operator::Order(OrderOperator::AtLeast) => order.is_ge(),
    }
}

fn order(left: &Value, right: &Value) -> Option<Ordering> {
    match (left, right) {
        (Value::Integer(left), Value::Integer(right)) => Some(left.cmp(right)),
        (Value::Version(left), Value::Version(right)) => Some(left.cmp(right)),
        (Value::Time(left), Value::Time(right)) => Some(left.cmp(right)),
        (Value::Duration(left), Value::Duration(right)) => Some(left.cmp(right)),
        _ => None,
    }
}

impl<'v> Range<'v> {
    fn narrow(&mut self, operator: Operator, value: &'v Value, holds: bool) {
        match (operator, holds) {
            (Operator::Equal, true) | (Operator::NotEqual, false) => {
                self.raise(value, false);
                self.lower(value, false);
            }
            (Operator::Equal, false) | (Operator::NotEqual, true) => self.except.push(value),
            (Operator::Order(OrderOperator::AtLeast), true) | (Operator::Order(OrderOperator::Less), false) => {
                self.raise(value, false);
            }
            (Operator::Order(OrderOperator::Greater), true) | (Operator::Order(OrderOperator::AtMost), false) => {
                self.raise(value, true);
            }
            (Operator::Order(OrderOperator::AtMost), true) | (Operator::Order(OrderOperator::Greater), false) => {
                self.lower(value, false);
            }
            (Operator::Order(OrderOperator::Less), true) | (Operator::Order(OrderOperator::AtLeast), false) => {
                self.lower(value, true);
            }
        }
    }

    fn raise(&mut self, value: &'v Value, strict: bool) {
        let narrower = self.low.is_none_or(|(low, low_strict)| match order(value, low) {
            Some(Ordering::Greater) => true,
            Some(Ordering::Equal) => strict && !low_strict,
            _ => false,
        });
        if narrower {
            self.low = Some((value, strict));
        }
    }

    fn lower(&mut self, value: &'v Value, strict: bool) {
        let narrower = self.high.is_none_or(|(high, high_strict)| match order(value, high) {
            Some(Ordering::Less) => true,
            Some(Ordering::Equal) => strict && !high_strict,
            _ => false,
        });
        if narrower {
            self.high = Some((value, strict));
        }
    }

    fn has_any(&self) -> bool {
        if let Some(only) = &self.only {
            return only.iter().any(|value| self.lets_in(value));
        }
        let (Some((low, low_strict)), Some((high, high_strict))) = (self.low, self.high) else { return true };
        if let (Value::Integer(low), Value::Integer(high)) = (low, high) {
            let low = i128::from(*low) + i128::from(low_strict);
            let high = i128::from(*high) - i128::from(high_strict);
            let single = (low == high).then(|| i64::try_from(low).ok().map(Value::Integer)).flatten();
            return low <= high && single.is_none_or(|value| !self.except.contains(&&value));
        }
        match order(low, high) {
            Some(Ordering::Greater) => false,
            Some(Ordering::Equal) => {
                let equal = |value: &&Value| order(value, low) == Some(Ordering::Equal);
                !low_strict && !high_strict && !self.except.iter().any(equal)
            }
            _ => true,
        }
    }

    fn lets_in(&self, value: &Value) -> bool {
        let above = self.low.is_none_or(|(low, strict)| match order(value, low) {
            Some(Ordering::Less) => false,
            Some(Ordering::Equal) => !strict,
            _ => true,
        });
        let below = self.high.is_none_or(|(high, strict)| match order(value, high) {
            Some(Ordering::Greater) => false,
            Some(Ordering::Equal) => !strict,
            _ => true,
        });
        above && below && !self.except.iter().any(|other| order(value, other) == Some(Ordering::Equal))
    }
}
