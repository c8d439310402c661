//! The types of facts, and the tables of the words that they have.

use super::names::NameTable;

/// The type of a fact or field. Unlike types never compare.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Type {
    /// True or false.
    Bool,
    /// A whole number.
    Integer,
    /// Text; has no order.
    String,
    /// A dotted version such as `3.19.2`.
    Version,
    /// An instant.
    Time,
    /// A length of time.
    Duration,
    /// One word of a closed list.
    Enum(&'static EnumTable),
    /// One level of a partial order.
    Level(&'static LevelTable),
    /// A set of names with implied grants: scopes, abilities. Literals are strings, or words for `words: true` tables.
    Names(&'static NameTable),
    /// Permission names with a level each.
    Permissions(&'static PermissionTable),
    /// A set of free strings.
    Strings,
    /// A list of records.
    Records(&'static RecordTable),
}

/// The one string that stands for all in those sets of strings whose table says so ([`RecordTable::every`]): a webhook's
/// events on a host that can send every one.
pub const EVERY: &str = "*";

impl Type {
    /// The type's name for people.
    pub fn title(self) -> String {
        match self {
            Self::Bool => "bool".into(),
            Self::Integer => "integer".into(),
            Self::String => "string".into(),
            Self::Version => "version".into(),
            Self::Time => "time".into(),
            Self::Duration => "duration".into(),
            Self::Enum(table) => table.title.into(),
            Self::Level(table) => table.title.into(),
            Self::Names(table) => format!("set of {}", table.plural),
            Self::Permissions(_) => "permission map".into(),
            Self::Strings => "set of strings".into(),
            Self::Records(table) => format!("list of {}", table.plural),
        }
    }
}

/// A closed list of words.
#[derive(Debug, PartialEq, Eq)]
pub struct EnumTable {
    /// For people: "GitHub credential kind".
    pub title: &'static str,
    /// The words with their meaning.
    pub words: &'static [(&'static str, &'static str)],
    /// Other spellings people use.
    pub aliases: &'static [Alias],
}

/// A spelling from elsewhere (a header, a settings page, a vendor's docs) and the word that this vocabulary uses.
#[derive(Debug, PartialEq, Eq)]
pub struct Alias {
    /// What people write.
    pub spelling: &'static str,
    /// The word here.
    pub name: &'static str,
    /// Where the spelling comes from.
    pub seen_in: &'static str,
}

/// Levels with a partial order.
#[derive(Debug, PartialEq, Eq)]
pub struct LevelTable {
    /// For people: "GitHub repository role".
    pub title: &'static str,
    /// The words, each with those directly below it. A word stands after all that it is above.
    pub levels: &'static [(&'static str, &'static [&'static str])],
    /// For roles: which level of `repository.access` each word stands for (`none`, `read`, `write`, `maintain`, `admin`).
    pub access: &'static [(&'static str, &'static str)],
}

impl LevelTable {
    /// The table's own spelling of a word.
    pub fn word(&self, word: &str) -> Option<&'static str> {
        self.levels.iter().find(|(name, _)| *name == word).map(|(name, _)| *name)
    }

    /// Whether `high` is `low` or above it. Incomparable levels are not.
    pub fn at_least(&self, high: &str, low: &str) -> bool {
        if high == low {
            return true;
        }
        self.levels
            .iter()
            .find(|(name, _)| *name == high)
            .is_some_and(|(_, below)| below.iter().any(|next| self.at_least(next, low)))
    }
}

/// Permission names with the levels each can have.
#[derive(Debug, PartialEq, Eq)]
pub struct PermissionTable {
    /// For people: "GitHub permission".
    pub title: &'static str,
    /// The order of the levels; `none` is below all and never written in a map by a host.
    pub levels: &'static LevelTable,
    /// The permissions.
    pub permissions: &'static [Permission],
    /// Other spellings people use.
    pub aliases: &'static [Alias],
}

/// One permission.
#[derive(Debug, PartialEq, Eq)]
pub struct Permission {
    /// The API's name: `pull_requests`.
    pub name: &'static str,
    /// The levels it can have, lowest first.
    pub levels: &'static [&'static str],
    /// The name on the settings page.
    pub title: &'static str,
    /// Credential kinds that cannot hold it (`checks` on a fine-grained token).
    pub never_on: &'static [&'static str],
}

/// The fields of a record.
#[derive(Debug)]
pub struct RecordTable {
    /// For people, plural: "webhooks".
    pub plural: &'static str,
    /// The fields.
    pub fields: &'static [Field],
    /// The fields in which [`EVERY`] stands for all that there are.
    pub every: &'static [&'static str],
}

/// Records of the same fields are of one type, whatever stands for all on which host.
impl PartialEq for RecordTable {
    fn eq(&self, other: &Self) -> bool {
        self.plural == other.plural && self.fields == other.fields
    }
}

impl Eq for RecordTable {}

/// One field of a record.
#[derive(Debug, PartialEq, Eq)]
pub struct Field {
    /// Its name after the dot.
    pub name: &'static str,
    /// Its type.
    pub ty: Type,
    /// What it means.
    pub doc: &'static str,
}
