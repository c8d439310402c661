//! What an operand shows: a value, what absence reads as, bounds, or nothing.

use std::collections::BTreeSet;

use crate::facts::{Bounds, Cause, Causes, FactSet, Knowledge, RecordValue, SubjectRef, Value};
use crate::language::{Inputs, Operand};
use crate::vocabulary::{Absence, EVERY, Host, LevelTable, Type};

/// An operand as evaluation sees it.
#[derive(Clone, Debug)]
pub(super) enum Seen<'a> {
    /// A value.
    Value(&'a Value),
    /// A set of strings that holds all that there are, and says so by [`EVERY`].
    Every(&'a BTreeSet<String>),
    /// An item of a set that a quantifier binds.
    Text(&'a str),
    /// A count, which no fact holds.
    Integer(i64),
    /// A count of a list that was cut short: this many, or more.
    AtLeast(i64, Causes),
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
                Some(found) => {
                    let row = self.host.row(fact.index);
                    // A value of another type than its row's makes no sense, whatever is asked of it.
                    if !fits(row.ty, &found.knowledge) {
                        return Seen::Open(Cause::Malformed.into());
                    }
                    knowledge(&found.knowledge, row.absence)
                }
                // A fact of a repository, read where there is none.
                None if self.host.row(fact.index).subject != crate::vocabulary::Subject::Credential
                    && self.subject == SubjectRef::Credential =>
                {
                    Seen::Open(Cause::OutOfScope.into())
                }
                None => Seen::Open(Cause::NotReachable.into()),
            },
            Operand::Field(field) => match (items.get(field.depth), field.name) {
                (Some(Item::Text(text)), None) => Seen::Text(text),
                (Some(Item::Record(record)), Some(name)) => match record.get(name) {
                    // Of an address of which a part is withheld, nothing is compared.
                    Some(Knowledge::Known(Value::Address(address))) => {
                        address.whole().map_or(Seen::Open(Cause::NotRevealable.into()), Seen::Text)
                    }
                    Some(Knowledge::Known(Value::Strings(strings))) if field.every && strings.contains(EVERY) => {
                        Seen::Every(strings)
                    }
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
                // How many there are nobody says.
                Seen::Every(_) => Seen::AtLeast(1, Cause::NotRevealable.into()),
                Seen::Bounded(Bounds::List(records), causes) => {
                    Seen::AtLeast(i64::try_from(records.len()).unwrap_or(i64::MAX), causes)
                }
                Seen::Bounded(_, causes) | Seen::Open(causes) => Seen::Open(causes),
                Seen::NoValue => Seen::Open(Cause::Inapplicable.into()),
                _ => Seen::Open(Cause::Malformed.into()),
            },
        }
    }
}

/// Whether what is known of a fact can be known of a fact of this type.
fn fits(ty: Type, knowledge: &Knowledge) -> bool {
    match knowledge {
        Knowledge::Known(value) => match (ty, value) {
            (Type::Bool, Value::Bool(_))
            | (Type::Integer, Value::Integer(_))
            | (Type::String, Value::String(_))
            | (Type::Version, Value::Version(_))
            | (Type::Time, Value::Time(_))
            | (Type::Duration, Value::Duration(_))
            | (Type::Permissions(_), Value::Permissions(_))
            | (Type::Strings, Value::Strings(_))
            | (Type::Records(_), Value::Records(_)) => true,
            (Type::Enum(_) | Type::Level(_), Value::Word(word)) => is_word(ty, word),
            (Type::Names(table), Value::Names(names)) => std::ptr::eq(table, names.table()),
            _ => false,
        },
        Knowledge::Bounded(bounds, _) => match (ty, bounds) {
            (Type::Permissions(_), Bounds::Permissions { .. }) | (Type::Records(_), Bounds::List(_)) => true,
            (Type::Names(table), Bounds::Names { granted, denied }) => {
                std::ptr::eq(table, granted.table()) && std::ptr::eq(table, denied.table())
            }
            (Type::Level(_), Bounds::Level { least, most }) => {
                least.is_none_or(|word| is_word(ty, word)) && most.is_none_or(|word| is_word(ty, word))
            }
            (Type::Enum(_) | Type::Level(_), Bounds::Candidates(words)) => words.iter().all(|word| is_word(ty, word)),
            _ => false,
        },
        Knowledge::Absent | Knowledge::Inapplicable(_) | Knowledge::Unknown(_) => true,
    }
}

fn is_word(ty: Type, word: &str) -> bool {
    match ty {
        Type::Enum(table) => table.words.iter().any(|(have, _)| *have == word),
        Type::Level(LevelTable { levels, .. }) => levels.iter().any(|(have, _)| *have == word),
        _ => false,
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
