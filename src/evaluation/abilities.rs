//! Why a set of abilities is open: of those that a statement asks after, which halves are not known. What is not known of
//! others is no reason.

use crate::facts::{Bounds, Causes, FactSet, Knowledge, Lack, SubjectRef, Value, lacks};
use crate::language::{Operand, SetOperator};
use crate::vocabulary::{self, portable::ABILITIES};

/// The abilities that leave a demand on `repository.can` open, each with what is not known of it; none where the left
/// operand is no such fact, or is one that was said and not derived.
pub(super) fn open(
    facts: &FactSet,
    subject: SubjectRef,
    left: &Operand,
    operator: SetOperator,
    right: &Operand,
) -> Vec<(&'static str, Vec<Lack>)> {
    let (Operand::Fact(left), Operand::Literal { value: Value::Names(named), .. }) = (left, right) else {
        return Vec::new();
    };
    let is_derived = facts.subject(subject).is_some_and(|facts| facts.is_derived(left.index));
    if *named.table() != ABILITIES || !is_derived {
        return Vec::new();
    }
    let decided = |word: &str| match facts.fact(left.index, subject).map(|fact| &fact.knowledge) {
        Some(Knowledge::Bounded(Bounds::Names { granted, denied }, _)) => granted.grants(word) || denied.grants(word),
        Some(Knowledge::Known(_)) => true,
        _ => false,
    };
    // What a set lies within excludes all others.
    let asked_after = |word: &str| named.grants(word) != (operator == SetOperator::Within);
    let abilities = vocabulary::host(facts.host).abilities.iter().map(|ability| ability.word);
    abilities
        .filter(|word| asked_after(word) && !decided(word))
        .map(|word| (word, lacks(facts, subject, word)))
        .collect()
}

/// The causes of what is open; `None` where nothing says any.
pub(super) fn causes(open: &[(&'static str, Vec<Lack>)]) -> Option<Causes> {
    let unknowns = open.iter().flat_map(|(_, lacks)| lacks).filter_map(|lack| lack.unknown.as_ref());
    unknowns.map(|unknown| Causes::from(unknown.cause)).reduce(Causes::union)
}
