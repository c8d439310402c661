//! What two places say of one fact, taken together. Where they cannot both be right, neither is believed.

use super::evidence::Evidence;
use super::knowledge::{Bounds, Cause, Knowledge, Unknown};
use super::value::{PermissionMap, Value};
use crate::vocabulary::{self, Absence, LevelTable, NameSet, Type};

/// What comes of hearing of a fact a second time.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Together {
    /// What was known says all that is known now.
    First,
    /// What was told now says it.
    Second,
    /// Both are needed to say it.
    Both(Knowledge),
    /// They contradict each other.
    Neither,
}

/// What is known of a fact, with its evidence.
pub(super) type Known = (Knowledge, Vec<Evidence>);

/// What is known by both; the flag says whether they contradict each other.
pub(super) fn joined(row: &vocabulary::Fact, first: Known, second: Known) -> (Known, bool) {
    match together(row, &first.0, &second.0) {
        Together::First => (first, false),
        Together::Second => (second, false),
        Together::Both(knowledge) => ((knowledge, of_both(&first.1, second.1)), false),
        Together::Neither => {
            let reason = disagreement(&first.1, &second.1);
            ((Knowledge::unknown(Cause::Malformed, reason), of_both(&first.1, second.1)), true)
        }
    }
}

/// The evidence of both, each once.
pub(super) fn of_both(first: &[Evidence], second: Vec<Evidence>) -> Vec<Evidence> {
    let mut all = first.to_vec();
    for evidence in second {
        if !all.contains(&evidence) {
            all.push(evidence);
        }
    }
    all
}

fn disagreement(first: &[Evidence], second: &[Evidence]) -> String {
    let place = |evidence: &[Evidence]| {
        evidence.first().map(|one| match &one.request {
            Some(request) => format!("{} of {request}", one.source),
            None => one.source.to_string(),
        })
    };
    match (place(first), place(second)) {
        (Some(first), Some(second)) if first != second => {
            format!("the host contradicts itself: {first} and {second} cannot both be right")
        }
        (Some(place), _) | (None, Some(place)) => format!("the host contradicts itself in {place}"),
        (None, None) => "what is said of it contradicts itself".to_owned(),
    }
}

/// What both say.
pub(super) fn together(row: &vocabulary::Fact, first: &Knowledge, second: &Knowledge) -> Together {
    match (first, second) {
        // A refusal says more of why the rest is open than what such credentials are like.
        (Knowledge::Bounded(bounds, why), Knowledge::Unknown(refused))
        | (Knowledge::Unknown(refused), Knowledge::Bounded(bounds, why))
            if refused.is_worse_than(why) =>
        {
            return Together::Both(Knowledge::Bounded(bounds.clone(), refused.clone()));
        }
        (Knowledge::Unknown(_), _) => return Together::Second,
        (_, Knowledge::Unknown(_)) => return Together::First,
        (Knowledge::Inapplicable(_), Knowledge::Inapplicable(_)) => return Together::Second,
        (Knowledge::Inapplicable(_), _) | (_, Knowledge::Inapplicable(_)) => return Together::Neither,
        _ => {}
    }
    if let (Some(one), Some(two)) = (words(row, first), words(row, second)) {
        return of_words(row, (&one, first), (&two, second));
    }
    if let (Some(one), Some(two)) = (names(row, first), names(row, second)) {
        return of_names((&one, first), (&two, second));
    }
    if let (Some(one), Some(two)) = (permissions(row, first), permissions(row, second)) {
        return of_permissions(row, (&one, first), (&two, second));
    }
    match (first, second) {
        (Knowledge::Bounded(Bounds::List(seen), _), Knowledge::Bounded(Bounds::List(more), _)) => {
            if more.len() >= seen.len() { Together::Second } else { Together::First }
        }
        (Knowledge::Bounded(Bounds::List(seen), _), Knowledge::Known(Value::Records(all)))
            if seen.len() <= all.len() =>
        {
            Together::Second
        }
        (Knowledge::Known(Value::Records(all)), Knowledge::Bounded(Bounds::List(seen), _))
            if seen.len() <= all.len() =>
        {
            Together::First
        }
        (one, two) if one == two || both_empty(row, one, two) => Together::Second,
        _ => Together::Neither,
    }
}

/// Nothing and an empty list are one where the table reads absence so.
fn both_empty(row: &vocabulary::Fact, one: &Knowledge, two: &Knowledge) -> bool {
    let empty = |knowledge: &Knowledge| match knowledge {
        Knowledge::Absent => row.absence == Absence::Empty,
        Knowledge::Known(Value::Strings(all)) => all.is_empty(),
        Knowledge::Known(Value::Records(all)) => all.is_empty(),
        _ => false,
    };
    empty(one) && empty(two)
}

/// The words that are possible, in the order of the table, where the fact is one word of it.
fn words(row: &vocabulary::Fact, knowledge: &Knowledge) -> Option<Vec<&'static str>> {
    let all: Vec<&'static str> = match row.ty {
        Type::Level(table) => table.levels.iter().map(|(word, _)| *word).collect(),
        Type::Enum(table) => table.words.iter().map(|(word, _)| *word).collect(),
        _ => return None,
    };
    let is_possible = |word: &str| match (knowledge, row.ty) {
        (Knowledge::Known(Value::Word(known)), _) => word == *known,
        (Knowledge::Bounded(Bounds::Candidates(words), _), _) => words.contains(&word),
        (Knowledge::Bounded(Bounds::Level { least, most }, _), Type::Level(table)) => {
            least.is_none_or(|least| table.at_least(word, least)) && most.is_none_or(|most| table.at_least(most, word))
        }
        (Knowledge::Absent, _) => matches!(row.absence, Absence::Level(level) if level == word),
        _ => false,
    };
    // No word of the table: something else is known, which compares by itself.
    Some(all.into_iter().filter(|word| is_possible(word)).collect::<Vec<_>>()).filter(|words| !words.is_empty())
}

type Side<'a, T> = (&'a T, &'a Knowledge);

fn of_words(
    row: &vocabulary::Fact,
    (one, first): Side<'_, Vec<&'static str>>,
    (two, second): Side<'_, Vec<&'static str>>,
) -> Together {
    let both: Vec<&'static str> = one.iter().copied().filter(|word| two.contains(word)).collect();
    let [least, ..] = both.as_slice() else { return Together::Neither };
    let plain = |knowledge: &Knowledge| matches!(knowledge, Knowledge::Known(_) | Knowledge::Absent);
    if both.len() == two.len() && (both.len() < one.len() || plain(second) || !plain(first)) {
        return Together::Second;
    }
    if both.len() == one.len() {
        return Together::First;
    }
    let Some(why) = why_open(second).or_else(|| why_open(first)) else { return Together::Neither };
    if let [only] = both.as_slice() {
        return Together::Both(Knowledge::Known(Value::Word(only)));
    }
    let bounds = match row.ty {
        Type::Level(table) => bounds_of(table, &both).unwrap_or(Bounds::Level { least: Some(least), most: None }),
        _ => Bounds::Candidates(both),
    };
    Together::Both(Knowledge::Bounded(bounds, why))
}

/// The bounds around levels: one that all others are at least, and one that is at least all others, where there are.
fn bounds_of(table: &LevelTable, levels: &[&'static str]) -> Option<Bounds> {
    let lowest = levels.iter().copied().find(|low| levels.iter().all(|level| table.at_least(level, low)));
    let highest = levels.iter().copied().find(|high| levels.iter().all(|level| table.at_least(high, level)));
    (lowest.is_some() || highest.is_some()).then_some(Bounds::Level { least: lowest, most: highest })
}

fn why_open(knowledge: &Knowledge) -> Option<Unknown> {
    match knowledge {
        Knowledge::Bounded(_, why) => Some(why.clone()),
        _ => None,
    }
}

/// What is certain of a set of names: what is in it, and, unless that is all, what is not.
struct Names {
    granted: NameSet,
    denied: Option<NameSet>,
}

fn names(row: &vocabulary::Fact, knowledge: &Knowledge) -> Option<Names> {
    let Type::Names(table) = row.ty else { return None };
    match knowledge {
        Knowledge::Known(Value::Names(granted)) => Some(Names { granted: granted.clone(), denied: None }),
        Knowledge::Absent if row.absence == Absence::Empty => {
            Some(Names { granted: NameSet::new(table, [] as [&str; 0]), denied: None })
        }
        Knowledge::Bounded(Bounds::Names { granted, denied }, _) => {
            Some(Names { granted: granted.clone(), denied: Some(denied.clone()) })
        }
        _ => None,
    }
}

fn of_names((one, first): Side<'_, Names>, (two, second): Side<'_, Names>) -> Together {
    // A whole set holds what the other has for certain, and nothing that the other denies.
    let fits = |whole: &Names, part: &Names| {
        let denied = part.denied.as_ref().map(|denied| denied.names()).unwrap_or_default();
        whole.granted.covers(&part.granted) && !denied.iter().any(|name| whole.granted.grants(name))
    };
    match (&one.denied, &two.denied) {
        (None, None) => {
            let same = one.granted.covers(&two.granted) && two.granted.covers(&one.granted);
            if same { Together::Second } else { Together::Neither }
        }
        (None, Some(_)) => {
            if fits(one, two) {
                Together::First
            } else {
                Together::Neither
            }
        }
        (Some(_), None) => {
            if fits(two, one) {
                Together::Second
            } else {
                Together::Neither
            }
        }
        (Some(no), Some(not)) => {
            let (granted, denied) = (one.granted.union(&two.granted), no.union(not));
            if denied.names().iter().any(|name| granted.grants(name)) {
                return Together::Neither;
            }
            let same = |side: &Names, no: &NameSet| {
                side.granted.covers(&granted) && denied.names().iter().all(|name| no.names().contains(name))
            };
            if same(two, not) {
                return Together::Second;
            }
            if same(one, no) {
                return Together::First;
            }
            match why_open(second).or_else(|| why_open(first)) {
                Some(why) => Together::Both(Knowledge::Bounded(Bounds::Names { granted, denied }, why)),
                None => Together::Neither,
            }
        }
    }
}

/// What is certain of a map of permissions: the level that each has, and, unless that is all, the level that each lacks.
struct Levels {
    granted: PermissionMap,
    denied: Option<PermissionMap>,
}

fn permissions(row: &vocabulary::Fact, knowledge: &Knowledge) -> Option<Levels> {
    if !matches!(row.ty, Type::Permissions(_)) {
        return None;
    }
    match knowledge {
        Knowledge::Known(Value::Permissions(granted)) => Some(Levels { granted: granted.clone(), denied: None }),
        Knowledge::Absent if row.absence == Absence::Empty => {
            Some(Levels { granted: PermissionMap::new(), denied: None })
        }
        Knowledge::Bounded(Bounds::Permissions { granted, denied }, _) => {
            Some(Levels { granted: granted.clone(), denied: Some(denied.clone()) })
        }
        _ => None,
    }
}

fn of_permissions(row: &vocabulary::Fact, (one, first): Side<'_, Levels>, (two, second): Side<'_, Levels>) -> Together {
    let Type::Permissions(table) = row.ty else { return Together::Neither };
    let levels = table.levels;
    let has = |map: &PermissionMap, name: &String, level: &str| {
        map.get(name).is_some_and(|have| have == level || levels.at_least(have, level))
    };
    let covers = |map: &PermissionMap, part: &PermissionMap| part.iter().all(|(name, level)| has(map, name, level));
    let breaks = |map: &PermissionMap, denied: &PermissionMap| denied.iter().any(|(name, from)| has(map, name, from));
    match (&one.denied, &two.denied) {
        (None, None) => {
            if one.granted == two.granted {
                Together::Second
            } else {
                Together::Neither
            }
        }
        (None, Some(not)) => {
            if covers(&one.granted, &two.granted) && !breaks(&one.granted, not) {
                Together::First
            } else {
                Together::Neither
            }
        }
        (Some(no), None) => {
            if covers(&two.granted, &one.granted) && !breaks(&two.granted, no) {
                Together::Second
            } else {
                Together::Neither
            }
        }
        (Some(no), Some(not)) => {
            let (mut granted, mut denied) = (one.granted.clone(), no.clone());
            for (name, level) in &two.granted {
                if !has(&granted, name, level) {
                    granted.insert(name.clone(), level.clone());
                }
            }
            let denies = |map: &PermissionMap, name: &String, from: &str| {
                map.get(name).is_some_and(|have| have == from || levels.at_least(from, have))
            };
            for (name, from) in not {
                if !denies(&denied, name, from) {
                    denied.insert(name.clone(), from.clone());
                }
            }
            if breaks(&granted, &denied) {
                return Together::Neither;
            }
            let same = |side: &Levels, no: &PermissionMap| {
                covers(&side.granted, &granted) && denied.iter().all(|(name, from)| denies(no, name, from))
            };
            if same(two, not) {
                return Together::Second;
            }
            if same(one, no) {
                return Together::First;
            }
            match why_open(second).or_else(|| why_open(first)) {
                Some(why) => Together::Both(Knowledge::Bounded(Bounds::Permissions { granted, denied }, why)),
                None => Together::Neither,
            }
        }
    }
}

#[cfg(test)]
#[path = "agree_tests.rs"]
mod tests;
