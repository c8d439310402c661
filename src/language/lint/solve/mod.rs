//! Whether conditions can hold together. Only facts that the host tells whole are thought of: whatever is true of a part
//! stays true of the whole, so what cannot be true of any whole cannot be true of a part either.
//!
//! "Impossible" is certain. What is not seen to be impossible may still be.

mod ordered;
mod sets;
mod text;
mod words;

use std::collections::BTreeMap;

use super::formula::{About, Atom, Formula};
use crate::vocabulary::{self, HostKind, Type};

/// The most atoms looked at for one question. Beyond that nothing is claimed.
const MOST_ATOMS: usize = 256;

/// Whether these conditions cannot all be decided true at once.
pub(super) fn impossible(host: HostKind, conditions: &[&Formula<'_>]) -> bool {
    let mut left = MOST_ATOMS;
    let open = conditions.to_vec();
    refuted(host, open, Vec::new(), &mut left)
}

/// Walks the alternatives one by one, with the atoms that hold so far.
fn refuted<'f, 'a>(
    host: HostKind,
    mut open: Vec<&'f Formula<'a>>,
    mut atoms: Vec<&'f Atom<'a>>,
    left: &mut usize,
) -> bool {
    let mut alternatives: Vec<&'f Formula<'a>> = Vec::new();
    while let Some(formula) = open.pop() {
        match formula {
            Formula::True => {}
            Formula::False => return true,
            Formula::Atom(atom) => {
                let Some(less) = left.checked_sub(1) else { return false };
                *left = less;
                atoms.push(atom);
            }
            Formula::All(parts) => open.extend(parts.iter().map(AsRef::as_ref)),
            Formula::Any(_) => alternatives.push(formula),
        }
    }
    if contradictory(host, &atoms) {
        return true;
    }
    let Some(Formula::Any(arms)) = alternatives.pop() else { return false };
    arms.iter().all(|arm| {
        let mut open = alternatives.clone();
        open.push(arm);
        refuted(host, open, atoms.clone(), left)
    })
}

/// Whether no fact can have a value for which all of these are decided as they say.
fn contradictory(host: HostKind, atoms: &[&Atom<'_>]) -> bool {
    let mut seen: BTreeMap<usize, bool> = BTreeMap::new();
    let mut groups: BTreeMap<About, Vec<&Atom<'_>>> = BTreeMap::new();
    for atom in atoms {
        if seen.insert(atom.id, atom.holds).is_some_and(|before| before != atom.holds) {
            return true;
        }
        if let Some(about) = atom.about {
            groups.entry(about).or_default().push(atom);
        }
    }
    groups.iter().any(|(about, atoms)| {
        let row = vocabulary::host(host).row(about.fact);
        if about.counted {
            return ordered::contradictory(row.absence, true, atoms);
        }
        match row.ty {
            Type::Bool => words::contradictory(&["false", "true"], row, atoms),
            Type::Enum(table) => {
                let all: Vec<&str> = table.words.iter().map(|(word, _)| *word).collect();
                words::contradictory(&all, row, atoms)
            }
            Type::Level(table) => {
                let all: Vec<&str> = table.levels.iter().map(|(word, _)| *word).collect();
                words::contradictory(&all, row, atoms)
            }
            Type::Integer | Type::Version | Type::Time | Type::Duration => {
                ordered::contradictory(row.absence, false, atoms)
            }
            Type::String => text::contradictory(row.absence, atoms),
            Type::Names(_) | Type::Permissions(_) | Type::Strings => sets::contradictory(atoms),
            Type::Records(_) => false,
        }
    })
}
