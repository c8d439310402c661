//! Names with implied grants (scopes, abilities): tables, and sets over them as bits.

use std::collections::BTreeSet;

use super::row::Alias;

/// A table of names where one may imply others. At most 128 names, so that a set is a word of bits.
#[derive(Debug, PartialEq, Eq)]
pub struct NameTable {
    /// One of them, for people: "scope".
    pub singular: &'static str,
    /// Several, for people: "scopes".
    pub plural: &'static str,
    /// Whether literals are bare words (`[clone, push]`) instead of strings (`["repo"]`).
    pub words: bool,
    /// The names.
    pub names: &'static [Name],
    /// Other spellings people use.
    pub aliases: &'static [Alias],
}

/// One name.
#[derive(Debug, PartialEq, Eq)]
pub struct Name {
    /// The name as the host spells it.
    pub name: &'static str,
    /// The names that it implies directly.
    pub implies: &'static [&'static str],
    /// What it allows.
    pub doc: &'static str,
}

impl NameTable {
    /// The position of a name.
    pub fn position(&self, name: &str) -> Option<usize> {
        self.names.iter().position(|row| row.name == name)
    }

    /// The bits of a name and of everything it implies, however far.
    fn closure_of(&self, position: usize) -> u128 {
        let mut bits = 1_u128 << position;
        let mut open = vec![position];
        while let Some(next) = open.pop() {
            for implied in self.names.get(next).map_or(&[] as &[&str], |row| row.implies) {
                if let Some(at) = self.position(implied)
                    && bits & (1 << at) == 0
                {
                    bits |= 1 << at;
                    open.push(at);
                }
            }
        }
        bits
    }
}

/// A set of names: what was written or granted, and what that implies.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NameSet {
    table: &'static NameTable,
    literal: u128,
    closure: u128,
    /// Names that the table does not have, verbatim: a host may know more than we do. They imply nothing.
    unknown: BTreeSet<String>,
}

impl NameSet {
    /// The set of these names.
    pub fn new<S: AsRef<str>>(table: &'static NameTable, names: impl IntoIterator<Item = S>) -> Self {
        let mut set = Self { table, literal: 0, closure: 0, unknown: BTreeSet::new() };
        for name in names {
            set.insert(name.as_ref());
        }
        set
    }

    /// Adds a name.
    pub fn insert(&mut self, name: &str) {
        match self.table.position(name) {
            Some(at) if at < 128 => {
                self.literal |= 1 << at;
                self.closure |= self.table.closure_of(at);
            }
            _ => {
                self.unknown.insert(name.to_owned());
            }
        }
    }

    /// The table of its names.
    pub fn table(&self) -> &'static NameTable {
        self.table
    }

    /// The names as written, in the order of the alphabet.
    pub fn names(&self) -> Vec<&str> {
        let mut names: Vec<&str> = self.in_table(self.literal).collect();
        names.extend(self.unknown.iter().map(String::as_str));
        names.sort_unstable();
        names
    }

    fn in_table(&self, bits: u128) -> impl Iterator<Item = &'static str> + use<> {
        let table = self.table;
        table.names.iter().enumerate().filter(move |(at, _)| bits & (1 << at) != 0).map(|(_, row)| row.name)
    }

    /// Whether it grants the name, implied grants counted.
    pub fn grants(&self, name: &str) -> bool {
        match self.table.position(name) {
            Some(at) => self.closure & (1 << at) != 0,
            None => self.unknown.contains(name),
        }
    }

    /// Whether it grants everything that `other` names (`covers`).
    pub fn covers(&self, other: &Self) -> bool {
        other.literal & !self.closure == 0 && other.unknown.is_subset(&self.unknown)
    }

    /// Whether it grants at least one that `other` names (`overlaps`).
    pub fn overlaps(&self, other: &Self) -> bool {
        self.closure & other.literal != 0 || !other.unknown.is_disjoint(&self.unknown)
    }

    /// The names of `other` that are not granted here, in the order of the alphabet.
    pub fn missing(&self, other: &Self) -> Vec<String> {
        let mut names: Vec<String> = self
            .in_table(other.literal & !self.closure)
            .map(str::to_owned)
            .chain(other.unknown.difference(&self.unknown).cloned())
            .collect();
        names.sort_unstable();
        names
    }

    /// Both together.
    #[must_use]
    pub fn union(&self, other: &Self) -> Self {
        Self {
            table: self.table,
            literal: self.literal | other.literal,
            closure: self.closure | other.closure,
            unknown: self.unknown.union(&other.unknown).cloned().collect(),
        }
    }

    /// Whether it names nothing.
    pub fn is_empty(&self) -> bool {
        self.literal == 0 && self.unknown.is_empty()
    }

    /// How many names it has as written.
    pub fn len(&self) -> usize {
        self.literal.count_ones() as usize + self.unknown.len()
    }

    /// The names that the table does not have.
    pub fn unknown_names(&self) -> impl Iterator<Item = &str> {
        self.unknown.iter().map(String::as_str)
    }
}
