//! Which names of a set somebody asks after: where a host can only be asked name by name, no other is asked for.

use std::collections::BTreeSet;

/// Which names of a set somebody asks after.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Wanted {
    /// Every one: what is read is the set as a whole.
    All,
    /// These.
    Names(BTreeSet<String>),
}

impl Wanted {
    /// None.
    pub const NOTHING: Self = Self::Names(BTreeSet::new());

    /// Whether somebody asks after a name.
    pub fn has(&self, name: &str) -> bool {
        match self {
            Self::All => true,
            Self::Names(names) => names.contains(name),
        }
    }

    /// Adds what others ask after.
    pub fn join(&mut self, other: Self) {
        match (&mut *self, other) {
            (Self::Names(names), Self::Names(more)) => names.extend(more),
            _ => *self = Self::All,
        }
    }
}
