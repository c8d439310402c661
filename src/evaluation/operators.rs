//! The operators over what is seen: decided where values or bounds suffice, else unknown with its causes.

use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};

use super::seen::Seen;
use super::truth::Truth;
use crate::facts::{Bounds, Cause, Causes, PermissionMap, Value};
use crate::language::{Compared, Operator, OrderOperator, SetOperator};
use crate::vocabulary::{EVERY, LevelTable, NameSet, NameTable, PermissionTable};

/// `==`, `!=` and the orders.
pub(super) fn compare(left: &Seen<'_>, operator: Operator, right: &Seen<'_>, compared: Compared) -> Truth {
    if let Some(causes) = open(left).union_with(open(right)) {
        return Truth::Unknown(causes);
    }
    // Bounds on a count: decided where every longer list decides alike.
    match (left, right) {
        (Seen::AtLeast(least, causes), other) => return count(*least, *causes, operator, other),
        (other, Seen::AtLeast(least, causes)) => return count(*least, *causes, flipped(operator), other),
        _ => {}
    }
    // Bounds on a word: decided where every word it can be decides alike.
    if let Some((words, causes)) = candidates(left, compared) {
        return agree(words.iter().map(|word| compare(&Seen::Word(word), operator, right, compared)), causes);
    }
    if let Some((words, causes)) = candidates(right, compared) {
        return agree(words.iter().map(|word| compare(left, operator, &Seen::Word(word), compared)), causes);
    }
    if matches!(left, Seen::NoValue) || matches!(right, Seen::NoValue) {
        return match operator {
            Operator::Equal => Truth::from(matches!((left, right), (Seen::NoValue, Seen::NoValue))),
            Operator::NotEqual => Truth::from(!matches!((left, right), (Seen::NoValue, Seen::NoValue))),
            Operator::Order(_) => Truth::Unknown(Cause::Inapplicable.into()),
        };
    }
    if let Compared::Level(table) = compared {
        return match (word(left), word(right)) {
            (Some(left), Some(right)) if table.word(left).is_some() && table.word(right).is_some() => {
                Truth::from(levels(table, left, operator, right))
            }
            _ => Truth::Unknown(Cause::Malformed.into()),
        };
    }
    match order(left, right) {
        Some(order) => Truth::from(match operator {
            Operator::Equal => order == Ordering::Equal,
            Operator::NotEqual => order != Ordering::Equal,
            Operator::Order(OrderOperator::Less) => order == Ordering::Less,
            Operator::Order(OrderOperator::AtMost) => order != Ordering::Greater,
            Operator::Order(OrderOperator::Greater) => order == Ordering::Greater,
            Operator::Order(OrderOperator::AtLeast) => order != Ordering::Less,
        }),
        None => Truth::Unknown(Cause::Malformed.into()),
    }
}

/// A count of at least `least` against another number.
fn count(least: i64, causes: Causes, operator: Operator, other: &Seen<'_>) -> Truth {
    let other = match other {
        Seen::Integer(other) | Seen::Value(Value::Integer(other)) => *other,
        Seen::AtLeast(_, more) | Seen::Bounded(_, more) => return Truth::Unknown(causes.union(*more)),
        Seen::NoValue => {
            return match operator {
                Operator::Equal => Truth::False,
                Operator::NotEqual => Truth::True,
                Operator::Order(_) => Truth::Unknown(Cause::Inapplicable.into()),
            };
        }
        _ => return Truth::Unknown(Cause::Malformed.into()),
    };
    match operator {
        Operator::Equal if other < least => Truth::False,
        Operator::NotEqual if other < least => Truth::True,
        Operator::Order(OrderOperator::AtLeast) if other <= least => Truth::True,
        Operator::Order(OrderOperator::Greater) if other < least => Truth::True,
        Operator::Order(OrderOperator::AtMost) if other < least => Truth::False,
        Operator::Order(OrderOperator::Less) if other <= least => Truth::False,
        _ => Truth::Unknown(causes),
    }
}

/// The operator that says the same with its sides exchanged.
const fn flipped(operator: Operator) -> Operator {
    match operator {
        Operator::Order(OrderOperator::Less) => Operator::Order(OrderOperator::Greater),
        Operator::Order(OrderOperator::AtMost) => Operator::Order(OrderOperator::AtLeast),
        Operator::Order(OrderOperator::Greater) => Operator::Order(OrderOperator::Less),
        Operator::Order(OrderOperator::AtLeast) => Operator::Order(OrderOperator::AtMost),
        same => same,
    }
}

/// Causes of an operand of which nothing is known.
struct OpenCauses(Option<Causes>);

impl OpenCauses {
    fn union_with(self, other: Self) -> Option<Causes> {
        match (self.0, other.0) {
            (Some(left), Some(right)) => Some(left.union(right)),
            (left, right) => left.or(right),
        }
    }
}

const fn open(seen: &Seen<'_>) -> OpenCauses {
    match seen {
        Seen::Open(causes) => OpenCauses(Some(*causes)),
        _ => OpenCauses(None),
    }
}

/// The words that a partly known word can be.
pub(super) fn candidates(seen: &Seen<'_>, compared: Compared) -> Option<(Vec<&'static str>, Causes)> {
    let Seen::Bounded(bounds, causes) = seen else { return None };
    let words = match (bounds, compared) {
        (Bounds::Candidates(words), _) => words.clone(),
        (Bounds::Level { least, most }, Compared::Level(table)) => table
            .levels
            .iter()
            .map(|(word, _)| *word)
            .filter(|word| {
                least.is_none_or(|least| table.at_least(word, least))
                    && most.is_none_or(|most| table.at_least(most, word))
            })
            .collect(),
        _ => Vec::new(),
    };
    Some((words, *causes))
}

/// The truth that all candidates share; unknown where they differ or there is none.
pub(super) fn agree(truths: impl Iterator<Item = Truth>, causes: Causes) -> Truth {
    let mut shared: Option<Truth> = None;
    for truth in truths {
        match (shared, truth) {
            (_, Truth::Unknown(more)) => return Truth::Unknown(causes.union(more)),
            (None, decided) => shared = Some(decided),
            (Some(before), decided) if before == decided => {}
            _ => return Truth::Unknown(causes),
        }
    }
    shared.unwrap_or(Truth::Unknown(causes))
}

fn word<'s>(seen: &'s Seen<'_>) -> Option<&'s str> {
    match seen {
        Seen::Word(word) | Seen::Value(Value::Word(word)) => Some(word),
        _ => None,
    }
}

/// Levels by the table's partial order: incomparable is false (and unequal).
fn levels(table: &LevelTable, left: &str, operator: Operator, right: &str) -> bool {
    match operator {
        Operator::Equal => left == right,
        Operator::NotEqual => left != right,
        Operator::Order(OrderOperator::AtLeast) => table.at_least(left, right),
        Operator::Order(OrderOperator::Greater) => left != right && table.at_least(left, right),
        Operator::Order(OrderOperator::AtMost) => table.at_least(right, left),
        Operator::Order(OrderOperator::Less) => left != right && table.at_least(right, left),
    }
}

/// How two scalars of one type stand to each other; for unordered types only equality means something. `None` where
/// the values are not of one type, which only a record from elsewhere can bring about.
fn order(left: &Seen<'_>, right: &Seen<'_>) -> Option<Ordering> {
    match (left, right) {
        (Seen::Never, Seen::Never) => Some(Ordering::Equal),
        (Seen::Never, Seen::Value(Value::Time(_) | Value::Duration(_))) => Some(Ordering::Greater),
        (Seen::Value(Value::Time(_) | Value::Duration(_)), Seen::Never) => Some(Ordering::Less),
        (Seen::Integer(left), Seen::Integer(right)) => Some(left.cmp(right)),
        (Seen::Integer(left), Seen::Value(Value::Integer(right))) => Some(left.cmp(right)),
        (Seen::Value(Value::Integer(left)), Seen::Integer(right)) => Some(left.cmp(right)),
        (Seen::Word(left), Seen::Word(right)) => Some(left.cmp(right)),
        (Seen::Word(left), Seen::Value(Value::Word(right))) | (Seen::Value(Value::Word(left)), Seen::Word(right)) => {
            Some(left.cmp(right))
        }
        (Seen::Value(left), Seen::Value(right)) => match (left, right) {
            (Value::Bool(left), Value::Bool(right)) => Some(left.cmp(right)),
            (Value::Integer(left), Value::Integer(right)) => Some(left.cmp(right)),
            (Value::String(left), Value::String(right)) => Some(left.cmp(right)),
            (Value::Version(left), Value::Version(right)) => Some(left.cmp(right)),
            (Value::Time(left), Value::Time(right)) => Some(left.cmp(right)),
            (Value::Duration(left), Value::Duration(right)) => Some(left.cmp(right)),
            (Value::Word(left), Value::Word(right)) => Some(left.cmp(right)),
            _ => None,
        },
        (Seen::Text(left), Seen::Text(right)) => Some(left.cmp(right)),
        (Seen::Text(left), Seen::Value(Value::String(right))) => Some((*left).cmp(right.as_str())),
        (Seen::Value(Value::String(left)), Seen::Text(right)) => Some(left.as_str().cmp(right)),
        _ => None,
    }
}

/// `covers`, `within`, `overlaps`.
pub(super) fn set(left: &Seen<'_>, operator: SetOperator, right: &Seen<'_>, compared: Compared) -> Truth {
    if let Some(causes) = open(left).union_with(open(right)) {
        return Truth::Unknown(causes);
    }
    if matches!(left, Seen::NoValue) || matches!(right, Seen::NoValue) {
        return Truth::Unknown(Cause::Inapplicable.into());
    }
    // What bounds say is said of the left; `covers` and `within` are each other's mirror.
    if matches!(right, Seen::Bounded(..)) && !matches!(left, Seen::Bounded(..)) {
        match operator {
            SetOperator::Covers => return set(right, SetOperator::Within, left, compared),
            SetOperator::Within => return set(right, SetOperator::Covers, left, compared),
            SetOperator::Overlaps => {}
        }
    }
    match compared {
        Compared::Names(table) => names(left, operator, right, table),
        Compared::Permissions(table) => permissions(left, operator, right, table),
        _ => match (strings(left), strings(right)) {
            (Some(left), Some(right)) => {
                let has_every = compared == Compared::Strings { every: true };
                let every = |set: &BTreeSet<String>| has_every && set.contains(EVERY);
                Truth::from(match operator {
                    SetOperator::Covers => every(left) || left.is_superset(right),
                    SetOperator::Within => every(right) || left.is_subset(right),
                    SetOperator::Overlaps if every(left) => !right.is_empty(),
                    SetOperator::Overlaps if every(right) => !left.is_empty(),
                    SetOperator::Overlaps => !left.is_disjoint(right),
                })
            }
            _ => undecidable(left, right),
        },
    }
}

/// Bounds where only values decide, or values of the wrong type.
fn undecidable(left: &Seen<'_>, right: &Seen<'_>) -> Truth {
    let causes = |seen: &Seen<'_>| match seen {
        Seen::Bounded(_, causes) => *causes,
        _ => Causes::NONE,
    };
    let both = causes(left).union(causes(right));
    Truth::Unknown(if both.is_empty() { Cause::Malformed.into() } else { both })
}

fn strings<'s>(seen: &'s Seen<'_>) -> Option<&'s BTreeSet<String>> {
    static EMPTY: BTreeSet<String> = BTreeSet::new();
    match seen {
        Seen::Value(Value::Strings(strings)) => Some(strings),
        Seen::Every(strings) => Some(strings),
        Seen::Empty => Some(&EMPTY),
        _ => None,
    }
}

/// A set of names as a value: of the table, or strings of an input read by the table.
enum NamesSeen<'s> {
    Borrowed(&'s NameSet),
    Owned(NameSet),
}

impl NamesSeen<'_> {
    const fn get(&self) -> &NameSet {
        match self {
            NamesSeen::Borrowed(set) => set,
            NamesSeen::Owned(set) => set,
        }
    }
}

fn name_set<'s>(seen: &'s Seen<'_>, table: &'static NameTable) -> Option<NamesSeen<'s>> {
    match seen {
        Seen::Value(Value::Names(set)) if std::ptr::eq(set.table(), table) => Some(NamesSeen::Borrowed(set)),
        Seen::Value(Value::Strings(strings)) => Some(NamesSeen::Owned(NameSet::new(table, strings))),
        Seen::Empty => Some(NamesSeen::Owned(NameSet::new(table, std::iter::empty::<&str>()))),
        _ => None,
    }
}

fn names(left: &Seen<'_>, operator: SetOperator, right: &Seen<'_>, table: &'static NameTable) -> Truth {
    let Some(wanted) = name_set(right, table) else { return undecidable(left, right) };
    let wanted = wanted.get();
    if let Some(have) = name_set(left, table) {
        let have = have.get();
        return Truth::from(match operator {
            SetOperator::Covers => have.covers(wanted),
            SetOperator::Within => wanted.covers(have),
            SetOperator::Overlaps => have.overlaps(wanted),
        });
    }
    let Seen::Bounded(Bounds::Names { granted, denied }, causes) = left else { return undecidable(left, right) };
    // A name that implies a denied one cannot be granted either; what a denied one implies can, by itself.
    let is_denied = |name: &str| implies_any(table, name, denied);
    match operator {
        SetOperator::Covers if granted.covers(wanted) => Truth::True,
        SetOperator::Covers if wanted.names().into_iter().any(is_denied) => Truth::False,
        SetOperator::Within if !wanted.covers(granted) => Truth::False,
        // Only a closed list of names can be known to hold nothing else.
        SetOperator::Within
            if table.words
                && table
                    .names
                    .iter()
                    .all(|row| wanted.grants(row.name) || granted.grants(row.name) || is_denied(row.name)) =>
        {
            Truth::True
        }
        SetOperator::Overlaps if granted.overlaps(wanted) => Truth::True,
        SetOperator::Overlaps if wanted.names().into_iter().all(is_denied) => Truth::False,
        _ => Truth::Unknown(*causes),
    }
}

/// Whether a name is, or implies, one of the names that a set lists as they are written.
fn implies_any(table: &'static NameTable, name: &str, denied: &NameSet) -> bool {
    let closure = NameSet::new(table, [name]);
    denied.names().into_iter().any(|denied| closure.grants(denied))
}

fn permission_map<'s>(seen: &'s Seen<'_>) -> Option<std::borrow::Cow<'s, PermissionMap>> {
    match seen {
        Seen::Value(Value::Permissions(map)) => Some(std::borrow::Cow::Borrowed(map)),
        Seen::Empty => Some(std::borrow::Cow::Owned(BTreeMap::new())),
        _ => None,
    }
}

fn permissions(left: &Seen<'_>, operator: SetOperator, right: &Seen<'_>, table: &'static PermissionTable) -> Truth {
    let Some(wanted) = permission_map(right) else { return undecidable(left, right) };
    let at_least = |map: &PermissionMap, name: &str, level: &str| {
        map.get(name).is_some_and(|have| table.levels.at_least(have, level))
    };
    if let Some(have) = permission_map(left) {
        return Truth::from(match operator {
            SetOperator::Covers => wanted.iter().all(|(name, level)| level == "none" || at_least(&have, name, level)),
            SetOperator::Within => have.iter().all(|(name, level)| level == "none" || at_least(&wanted, name, level)),
            SetOperator::Overlaps => wanted.iter().any(|(name, level)| at_least(&have, name, level)),
        });
    }
    let Seen::Bounded(Bounds::Permissions { granted, denied }, causes) = left else { return undecidable(left, right) };
    // `denied` holds the lowest level that is not there: everything from it up is not there either.
    let is_denied =
        |name: &str, level: &str| denied.get(name).is_some_and(|lowest| table.levels.at_least(level, lowest));
    match operator {
        SetOperator::Covers if wanted.iter().all(|(name, level)| level == "none" || at_least(granted, name, level)) => {
            Truth::True
        }
        SetOperator::Covers if wanted.iter().any(|(name, level)| is_denied(name, level)) => Truth::False,
        SetOperator::Within
            if granted.iter().any(|(name, level)| level != "none" && !at_least(&wanted, name, level)) =>
        {
            Truth::False
        }
        SetOperator::Overlaps if wanted.iter().any(|(name, level)| at_least(granted, name, level)) => Truth::True,
        SetOperator::Overlaps if wanted.iter().all(|(name, level)| is_denied(name, level)) => Truth::False,
        _ => Truth::Unknown(*causes),
    }
}
