//! What an operand shows: a value, what absence reads as, bounds, or nothing.

use crate::facts::{Bounds, Cause, Causes, FactSet, Knowledge, RecordValue, SubjectRef, Value};
use crate::language::{Inputs, Operand};
use crate::vocabulary::{Absence, Host};

/// An operand as evaluation sees it.
#[derive(Clone, Debug)]
pub(super) enum Seen<'a> {
    /// A value.
    Value(&'a Value),
    /// A count, which no fact holds.
    Integer(i64),
    /// An expiry that never comes: later than every time, longer than every duration.
    Never,
    /// A level or enum word that absence reads as.
    Word(&'static str),
    /// An empty set or list that absence reads as.
    Empty,
    /// No such value: unequal to every literal, matched by no pattern, not ordered.
    NoValue,
    /// Part is known.
    Bounded(&'a Bounds, Causes),
    /// Nothing is known.
    Open(Causes),
}

/// An item that a quantifier binds.
#[derive(Clone, Copy, Debug)]
pub(super) enum Item<'a> {
    /// A record.
    Record(&'a RecordValue),
    /// A string of a set.
    Text(&'a str),
}

/// What an expression is evaluated against.
pub(super) struct Context<'a> {
    pub(super) host: &'static Host,
    pub(super) facts: &'a FactSet,
    pub(super) subject: SubjectRef,
    pub(super) inputs: &'a Inputs,
}

impl<'a> Context<'a> {
    /// What an operand shows. `items` are the bound items, by depth.
    pub(super) fn see(&self, operand: &'a Operand, items: &[Item<'a>]) -> Seen<'a> {
        match operand {
            Operand::Fact(fact) => match self.facts.fact(fact.index, self.subject) {
                Some(found) => knowledge(&found.knowledge, self.host.row(fact.index).absence),
                // A fact of a repository, read where there is none.
                None if self.host.row(fact.index).subject != crate::vocabulary::Subject::Credential
                    && self.subject == SubjectRef::Credential =>
                {
                    Seen::Open(Cause::OutOfScope.into())
                }
                None => Seen::Open(Cause::NotReachable.into()),
            },
            Operand::Field(field) => match (items.get(field.depth), field.name) {
                (Some(Item::Record(record)), Some(name)) => match record.get(name) {
                    Some(found) => knowledge(found, Absence::NoValue),
                    None => Seen::Open(Cause::NotRevealable.into()),
                },
                _ => Seen::Open(Cause::Malformed.into()),
            },
            Operand::Literal { value, .. } => Seen::Value(value),
            Operand::Never(_) => Seen::Never,
            Operand::Input(id, _) => match self.inputs.get(*id) {
                Some(value) => Seen::Value(value),
                None => Seen::Open(Cause::NotRevealable.into()),
            },
            Operand::Count(inner, _) => match self.see(inner, items) {
                Seen::Value(Value::Records(records)) => Seen::Integer(i64::try_from(records.len()).unwrap_or(i64::MAX)),
                Seen::Value(Value::Strings(strings)) => Seen::Integer(i64::try_from(strings.len()).unwrap_or(i64::MAX)),
                Seen::Value(Value::Names(names)) => Seen::Integer(i64::try_from(names.len()).unwrap_or(i64::MAX)),
                Seen::Empty => Seen::Integer(0),
                Seen::Bounded(_, causes) | Seen::Open(causes) => Seen::Open(causes),
                Seen::NoValue => Seen::Open(Cause::Inapplicable.into()),
                _ => Seen::Open(Cause::Malformed.into()),
            },
        }
    }

    /// The text of a bound item of a set.
    pub(super) fn item_text(operand: &Operand, items: &[Item<'a>]) -> Option<&'a str> {
        match operand {
            Operand::Field(field) if field.name.is_none() => match items.get(field.depth) {
                Some(Item::Text(text)) => Some(text),
                _ => None,
            },
            _ => None,
        }
    }
}

fn knowledge(found: &Knowledge, absence: Absence) -> Seen<'_> {
    match found {
        Knowledge::Known(value) => Seen::Value(value),
        Knowledge::Absent => match absence {
            Absence::Never => Seen::Never,
            Absence::Level(word) => Seen::Word(word),
            Absence::Empty => Seen::Empty,
            Absence::NoValue => Seen::NoValue,
            Absence::Impossible => Seen::Open(Cause::Malformed.into()),
        },
        Knowledge::Inapplicable(_) => Seen::Open(Cause::Inapplicable.into()),
        Knowledge::Bounded(bounds, rest) => Seen::Bounded(bounds, rest.cause.into()),
        Knowledge::Unknown(unknown) => Seen::Open(unknown.cause.into()),
    }
}
