//! Conditions in negation normal form, their atoms interned, so that they can be compared and joined.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::rc::Rc;

use super::super::checked::{Expression, ExpressionKind, Operand, Quantifier};
use crate::facts::Value;
use crate::text::source::Span;
use crate::vocabulary::{FactIndex, HostKind};

/// What an atom is about: a fact's value, or how many items it has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) struct About {
    pub(super) fact: FactIndex,
    pub(super) counted: bool,
}

/// A condition without `and`, `or` and `not`, that must be decided true, or decided false.
#[derive(Clone, Debug)]
pub(super) struct Atom<'a> {
    /// The same number for the same condition on the same host.
    pub(super) id: usize,
    pub(super) expression: &'a Expression,
    pub(super) holds: bool,
    /// The one fact it is about; `None` where it reads several, an input, or a list's items.
    pub(super) about: Option<About>,
}

/// A condition.
#[derive(Clone, Debug)]
pub(super) enum Formula<'a> {
    True,
    False,
    Atom(Atom<'a>),
    All(Vec<Rc<Self>>),
    Any(Vec<Rc<Self>>),
}

impl<'a> Formula<'a> {
    /// The facts that its atoms are about, each once.
    pub(super) fn abouts(&self) -> Vec<About> {
        fn collect(formula: &Formula<'_>, into: &mut Vec<About>) {
            match formula {
                Formula::True | Formula::False => {}
                Formula::Atom(atom) => into.extend(atom.about),
                Formula::All(parts) | Formula::Any(parts) => parts.iter().for_each(|part| collect(part, into)),
            }
        }
        let mut abouts = Vec::new();
        collect(self, &mut abouts);
        abouts.sort_unstable();
        abouts.dedup();
        abouts
    }
}

/// Makes formulas of expressions. Atoms that say the same on one host get one number; guards, which stand around many
/// statements, are made once.
#[derive(Default)]
pub(super) struct Formulas<'a> {
    atoms: BTreeMap<(HostKind, String), usize>,
    /// Whole conditions, by what they say.
    conditions: BTreeMap<(HostKind, String), usize>,
    guards: BTreeMap<(HostKind, Span), Rc<Formula<'a>>>,
}

impl<'a> Formulas<'a> {
    /// The formula that an expression is decided so.
    pub(super) fn of(&mut self, host: HostKind, expression: &'a Expression, holds: bool) -> Rc<Formula<'a>> {
        Rc::new(match &expression.kind {
            ExpressionKind::Not(inner) => return self.of(host, inner, !holds),
            ExpressionKind::And(terms) | ExpressionKind::Or(terms) => {
                let parts = terms.iter().map(|term| self.of(host, term, holds)).collect();
                let all = matches!(expression.kind, ExpressionKind::And(_)) == holds;
                if all { Formula::All(parts) } else { Formula::Any(parts) }
            }
            ExpressionKind::Operand(Operand::Literal { value: Value::Bool(value), .. }) => {
                if *value == holds {
                    Formula::True
                } else {
                    Formula::False
                }
            }
            _ => {
                let mut key = String::new();
                write(expression, &mut key);
                let next = self.atoms.len();
                let id = *self.atoms.entry((host, key)).or_insert(next);
                Formula::Atom(Atom { id, expression, holds, about: about(expression) })
            }
        })
    }

    /// A number that the same condition on the same host has, too.
    pub(super) fn number(&mut self, host: HostKind, expression: &Expression) -> usize {
        let mut key = String::new();
        write(expression, &mut key);
        let next = self.conditions.len();
        *self.conditions.entry((host, key)).or_insert(next)
    }

    /// The formula that a guard holds.
    pub(super) fn guard(&mut self, host: HostKind, guard: &'a Expression) -> Rc<Formula<'a>> {
        if let Some(made) = self.guards.get(&(host, guard.span)) {
            return Rc::clone(made);
        }
        let made = self.of(host, guard, true);
        self.guards.insert((host, guard.span), Rc::clone(&made));
        made
    }
}

/// The one fact that a condition compares with literals; the fact stands on the left, or on the right of a comparison.
fn about(expression: &Expression) -> Option<About> {
    let of = |operand: &Operand| match operand {
        Operand::Fact(fact) => Some(About { fact: fact.index, counted: false }),
        Operand::Count(inner, _) => match &**inner {
            Operand::Fact(fact) => Some(About { fact: fact.index, counted: true }),
            _ => None,
        },
        _ => None,
    };
    let fixed = |operand: &Operand| matches!(operand, Operand::Literal { .. } | Operand::Never(_));
    match &expression.kind {
        ExpressionKind::Operand(operand) | ExpressionKind::IsAbsent { operand, .. } => of(operand),
        ExpressionKind::Compare { left, right, .. } => match (fixed(left), fixed(right)) {
            (false, true) => of(left),
            (true, false) => of(right),
            _ => None,
        },
        ExpressionKind::Set { left, right, .. } if fixed(right) => of(left),
        ExpressionKind::In { left, items, .. } if items.iter().all(fixed) => of(left),
        ExpressionKind::Like { left, patterns, .. } if patterns.iter().all(fixed) => of(left),
        ExpressionKind::Matches { left, .. } => of(left),
        _ => None,
    }
}

/// Writes a condition so that equal texts mean equal conditions.
fn write(expression: &Expression, into: &mut String) {
    let each = |operands: &mut dyn Iterator<Item = &Operand>, into: &mut String| {
        for one in operands {
            operand(one, into);
            into.push(',');
        }
    };
    match &expression.kind {
        ExpressionKind::Operand(one) => operand(one, into),
        ExpressionKind::Not(inner) => {
            into.push_str("not(");
            write(inner, into);
            into.push(')');
        }
        ExpressionKind::And(terms) | ExpressionKind::Or(terms) => {
            into.push_str(if matches!(expression.kind, ExpressionKind::And(_)) { "and(" } else { "or(" });
            for term in terms {
                write(term, into);
                into.push(',');
            }
            into.push(')');
        }
        ExpressionKind::Compare { left, operator, right, .. } => {
            operand(left, into);
            into.push_str(operator.word());
            operand(right, into);
        }
        ExpressionKind::In { left, items, negated, .. } => {
            operand(left, into);
            into.push_str(if *negated { " not in " } else { " in " });
            each(&mut items.iter(), into);
        }
        ExpressionKind::Set { left, operator, right, .. } => {
            operand(left, into);
            into.push_str(operator.word());
            operand(right, into);
        }
        ExpressionKind::Like { left, patterns, negated } => {
            operand(left, into);
            into.push_str(if *negated { " not like " } else { " like " });
            each(&mut patterns.iter(), into);
        }
        ExpressionKind::Matches { left, pattern } => {
            operand(left, into);
            into.push_str(" matches ");
            quoted([pattern.as_str()], into);
        }
        ExpressionKind::IsAbsent { operand: one, negated } => {
            operand(one, into);
            into.push_str(if *negated { " is not absent" } else { " is absent" });
        }
        ExpressionKind::Quantified { quantifier, list, depth, body } => {
            let word = if *quantifier == Quantifier::Any { "any" } else { "all" };
            // Writing to a string cannot fail.
            let _ = write!(into, "{word} {depth} ");
            operand(list, into);
            into.push('(');
            write(body, into);
            into.push(')');
        }
    }
}

/// Texts that cannot be taken for what stands beside them.
fn quoted<'t>(texts: impl IntoIterator<Item = &'t str>, into: &mut String) {
    for text in texts {
        let _ = write!(into, "\"{}\" ", text.escape_default());
    }
}

fn operand(operand: &Operand, into: &mut String) {
    let _ = match operand {
        Operand::Fact(fact) => write!(into, "fact {} ", fact.index.0),
        Operand::Field(field) => write!(into, "field {} {} ", field.depth, field.name.unwrap_or("")),
        Operand::Never(_) => write!(into, "never "),
        Operand::Input(id, _) => write!(into, "input {} ", id.0),
        Operand::Literal { value: Value::String(text), .. } => {
            quoted([text.as_str()], into);
            Ok(())
        }
        Operand::Literal { value: Value::Strings(texts), .. } => {
            quoted(texts.iter().map(String::as_str), into);
            Ok(())
        }
        Operand::Literal { value: Value::Names(names), .. } => {
            quoted(names.names(), into);
            Ok(())
        }
        Operand::Literal { value: Value::Permissions(map), .. } => {
            quoted(map.iter().flat_map(|(name, level)| [name.as_str(), level.as_str()]), into);
            Ok(())
        }
        Operand::Literal { value: Value::Duration(length), .. } => write!(into, "{} ", length.as_nanos()),
        Operand::Literal { value, .. } => write!(into, "{value} "),
        Operand::Count(inner, _) => {
            into.push_str("count(");
            self::operand(inner, into);
            write!(into, ")")
        }
    };
}
