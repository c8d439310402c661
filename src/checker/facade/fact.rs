//! Facts: what a run learnt of a credential, how well, and by which evidence.

use std::collections::BTreeMap;
use std::time::SystemTime;

use super::evidence::Evidence;
use super::time::system_time;
use super::view::View;
use crate::facts::{self, Bounds, PermissionMap, SubjectRef};

/// A fact of a credential, of one of its repositories or of an organisation.
#[derive(Clone, Copy, Debug)]
pub struct Fact<'a> {
    pub(super) view: &'a View,
    pub(super) subject: SubjectRef,
    pub(super) path: &'static str,
    pub(super) fact: &'a facts::Fact,
}

impl Fact<'_> {
    /// The fact as policies name it: `token.scopes`.
    pub fn path(&self) -> &'static str {
        self.path
    }

    /// The repository or organisation; `None` for the credential's own facts.
    pub fn subject(&self) -> Option<String> {
        self.view.subject(self.subject)
    }

    /// What is known of it.
    pub fn knowledge(&self) -> Knowledge {
        knowledge(self.view, &self.fact.knowledge)
    }

    /// Where that was seen.
    pub fn evidence(&self) -> Vec<Evidence> {
        self.view.evidence(&self.fact.evidence)
    }
}

/// What is known of a fact. Only [`Knowledge::Known`] and [`Knowledge::Absent`] are all there is to know.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Knowledge {
    /// The value.
    Known(Value),
    /// The host says there is none.
    Absent,
    /// This kind of credential has no such thing; why.
    Inapplicable(String),
    /// Part is known.
    Partly {
        /// By the keys of the JSON format: `granted` and `denied` for certain, `least` and `most`, `candidates`, `seen`.
        known: BTreeMap<&'static str, Value>,
        /// Why the rest is not: a cause as policies name it, `not-revealable`.
        cause: &'static str,
        /// The same in a sentence.
        reason: String,
    },
    /// Nothing is known.
    Unknown {
        /// Why: a cause as policies name it.
        cause: &'static str,
        /// The same in a sentence.
        reason: String,
    },
}

/// A value of a fact.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Value {
    /// Yes or no.
    Bool(bool),
    /// A whole number.
    Integer(i64),
    /// A text, a version, or a word of the vocabulary.
    Text(String),
    /// A time.
    Time(SystemTime),
    /// A span of time in whole seconds; negative for the past.
    Seconds(i64),
    /// Names: scopes as the host granted them, addresses, events.
    Names(Vec<String>),
    /// Permissions, each with its level.
    Levels(BTreeMap<String, String>),
    /// Records, each with its fields.
    Records(Vec<BTreeMap<&'static str, Knowledge>>),
}

fn knowledge(view: &View, knowledge: &facts::Knowledge) -> Knowledge {
    let unknown = |unknown: &facts::Unknown| (unknown.cause.word(), view.clean(&unknown.reason));
    match knowledge {
        facts::Knowledge::Known(known) => Knowledge::Known(value(view, known)),
        facts::Knowledge::Absent => Knowledge::Absent,
        facts::Knowledge::Inapplicable(reason) => Knowledge::Inapplicable(view.clean(reason)),
        facts::Knowledge::Bounded(known, why) => {
            let (cause, reason) = unknown(why);
            Knowledge::Partly { known: bounds(view, known), cause, reason }
        }
        facts::Knowledge::Unknown(why) => {
            let (cause, reason) = unknown(why);
            Knowledge::Unknown { cause, reason }
        }
    }
}

fn value(view: &View, value: &facts::Value) -> Value {
    match value {
        facts::Value::Bool(value) => Value::Bool(*value),
        facts::Value::Integer(value) => Value::Integer(*value),
        facts::Value::String(value) => Value::Text(view.clean(value)),
        facts::Value::Address(value) => Value::Text(view.clean(&value.to_string())),
        facts::Value::Version(value) => Value::Text(view.clean(value.as_str())),
        facts::Value::Time(value) => Value::Time(system_time(*value)),
        facts::Value::Duration(value) => Value::Seconds(value.as_secs()),
        facts::Value::Word(value) => Value::Text((*value).to_owned()),
        facts::Value::Names(value) => names(view, value.names()),
        facts::Value::Permissions(value) => levels(view, value),
        facts::Value::Strings(value) => names(view, value),
        facts::Value::Records(value) => records(view, value),
    }
}

fn names<S: AsRef<str>>(view: &View, names: impl IntoIterator<Item = S>) -> Value {
    Value::Names(names.into_iter().map(|name| view.clean(name.as_ref())).collect())
}

fn levels(view: &View, permissions: &PermissionMap) -> Value {
    Value::Levels(permissions.iter().map(|(name, level)| (view.clean(name), view.clean(level))).collect())
}

fn records(view: &View, records: &[facts::RecordValue]) -> Value {
    let record =
        |record: &facts::RecordValue| record.iter().map(|(name, known)| (*name, knowledge(view, known))).collect();
    Value::Records(records.iter().map(record).collect())
}

fn bounds(view: &View, bounds: &Bounds) -> BTreeMap<&'static str, Value> {
    let text = |word: &str| Value::Text(word.to_owned());
    match bounds {
        Bounds::Names { granted, denied } => {
            BTreeMap::from([("granted", names(view, granted.names())), ("denied", names(view, denied.names()))])
        }
        Bounds::Permissions { granted, denied } => {
            BTreeMap::from([("granted", levels(view, granted)), ("denied", levels(view, denied))])
        }
        Bounds::Level { least, most } => {
            let ends = [("least", least), ("most", most)];
            ends.into_iter().filter_map(|(key, level)| Some((key, text(level.as_ref()?)))).collect()
        }
        Bounds::Candidates(words) => BTreeMap::from([("candidates", names(view, words))]),
        Bounds::List(seen) => BTreeMap::from([("seen", records(view, seen))]),
    }
}
