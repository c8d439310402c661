//! Facts that are sets: scopes and abilities with what they imply, permissions with their levels, free strings.

use super::super::super::checked::{Compared, ExpressionKind, Operand, SetOperator};
use super::super::formula::Atom;
use crate::facts::Value;
use crate::vocabulary::{NameSet, NameTable, PermissionTable};

/// One grant: a name, or a permission at a level.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Grant<'v> {
    name: &'v str,
    /// Empty where there are no levels.
    level: &'v str,
}

/// How grants imply each other.
#[derive(Clone, Copy)]
enum Implied {
    Names(&'static NameTable),
    Levels(&'static PermissionTable),
    Nothing,
}

impl Implied {
    /// Whether whoever has `have` has `wanted`.
    fn by(self, have: Grant<'_>, wanted: Grant<'_>) -> bool {
        match self {
            Self::Names(table) => NameSet::new(table, [have.name]).grants(wanted.name),
            Self::Levels(table) => have.name == wanted.name && table.levels.at_least(have.level, wanted.level),
            Self::Nothing => have.name == wanted.name,
        }
    }

    fn by_any(self, have: &[Grant<'_>], wanted: Grant<'_>) -> bool {
        have.iter().any(|one| self.by(*one, wanted))
    }
}

/// What is demanded of the set.
#[derive(Default)]
struct Demands<'v> {
    /// Granted, all of them.
    granted: Vec<Grant<'v>>,
    /// Granted none of them.
    refused: Vec<Grant<'v>>,
    /// Nothing beyond each of these.
    within: Vec<Vec<Grant<'v>>>,
    /// One at least of each of these.
    some: Vec<Vec<Grant<'v>>>,
    /// Not all of each of these.
    not_all: Vec<Vec<Grant<'v>>>,
    /// Something beyond each of these.
    beyond: Vec<Vec<Grant<'v>>>,
    absent: Option<bool>,
}

/// Whether no set satisfies all of them.
pub(super) fn contradictory(atoms: &[&Atom<'_>]) -> bool {
    let mut demands = Demands::default();
    let mut implied = Implied::Nothing;
    for atom in atoms {
        match &atom.expression.kind {
            ExpressionKind::IsAbsent { negated, .. } => {
                let absent = atom.holds != *negated;
                if demands.absent.is_some_and(|before| before != absent) {
                    return true;
                }
                demands.absent = Some(absent);
            }
            ExpressionKind::Set { operator, right: Operand::Literal { value, .. }, compared, .. } => {
                let Some(grants) = grants(value) else { continue };
                implied = match compared {
                    Compared::Names(table) => Implied::Names(table),
                    Compared::Permissions(table) => Implied::Levels(table),
                    _ => Implied::Nothing,
                };
                match (operator, atom.holds) {
                    (SetOperator::Covers, true) => demands.granted.extend(grants),
                    (SetOperator::Covers, false) => demands.not_all.push(grants),
                    (SetOperator::Within, true) => demands.within.push(grants),
                    (SetOperator::Within, false) => demands.beyond.push(grants),
                    (SetOperator::Overlaps, true) => demands.some.push(grants),
                    (SetOperator::Overlaps, false) => demands.refused.extend(grants),
                }
            }
            _ => {}
        }
    }
    demands.contradict(implied)
}

impl Demands<'_> {
    fn contradict(&self, implied: Implied) -> bool {
        // Absence reads as the empty set.
        if self.absent == Some(true) {
            return !self.granted.is_empty()
                || !self.some.is_empty()
                || !self.beyond.is_empty()
                || self.not_all.iter().any(Vec::is_empty);
        }
        let is_refused = |grant: &Grant<'_>| self.refused.iter().any(|refused| implied.by(*grant, *refused));
        let fits = |grant: &Grant<'_>| self.within.iter().all(|within| implied.by_any(within, *grant));
        self.granted.iter().any(|grant| is_refused(grant) || !fits(grant))
            || self.not_all.iter().any(|all| all.iter().all(|grant| implied.by_any(&self.granted, *grant)))
            || self.some.iter().any(|some| some.iter().all(|grant| is_refused(grant) || !fits(grant)))
            || self.beyond.iter().any(|beyond| {
                self.within.iter().any(|within| within.iter().all(|grant| implied.by_any(beyond, *grant)))
            })
    }
}

/// What a literal names; `None` for a map with the level `none`, which is no grant.
fn grants(value: &Value) -> Option<Vec<Grant<'_>>> {
    match value {
        Value::Names(names) => Some(names.names().into_iter().map(|name| Grant { name, level: "" }).collect()),
        Value::Strings(strings) => Some(strings.iter().map(|name| Grant { name, level: "" }).collect()),
        Value::Permissions(map) if map.values().all(|level| level != "none") => {
            Some(map.iter().map(|(name, level)| Grant { name, level }).collect())
        }
        _ => None,
    }
}
