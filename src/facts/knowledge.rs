//! What is known of a fact: a value, absence, inapplicability, bounds, or nothing, with its cause.

use std::fmt;

use super::value::{PermissionMap, RecordValue, Value};
use crate::vocabulary::NameSet;

/// What is known of a fact.
#[derive(Clone, Debug, PartialEq)]
pub enum Knowledge {
    /// The value.
    Known(Value),
    /// The host says there is none. How that reads is said by the fact's row.
    Absent,
    /// This kind of credential has no such thing; why. Never read as empty.
    Inapplicable(String),
    /// Part is known; the rest is open for the reason given.
    Bounded(Bounds, Unknown),
    /// Nothing is known.
    Unknown(Unknown),
}

/// What is known for certain of a partly known value. The rest is open.
#[derive(Clone, Debug, PartialEq)]
pub enum Bounds {
    /// Names granted for certain and names denied for certain.
    Names {
        /// Granted for certain.
        granted: NameSet,
        /// Denied for certain.
        denied: NameSet,
    },
    /// Permissions: each granted at least at this level, each denied from this level up.
    Permissions {
        /// Name to the least level it has for certain.
        granted: PermissionMap,
        /// Name to the lowest level that it does not have for certain; everything above is denied too.
        denied: PermissionMap,
    },
    /// A level between two others, both included.
    Level {
        /// The least it can be.
        least: Option<&'static str>,
        /// The most it can be.
        most: Option<&'static str>,
    },
    /// One of these words.
    Candidates(Vec<&'static str>),
    /// The seen items of a list that was cut short.
    List(Vec<RecordValue>),
}

/// Nothing, or not everything, is known: the cause for programs, the reason for people.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unknown {
    /// The cause.
    pub cause: Cause,
    /// In a sentence, without a full stop.
    pub reason: String,
}

impl Unknown {
    /// An unknown.
    pub fn new(cause: Cause, reason: impl Into<String>) -> Self {
        Self { cause, reason: reason.into() }
    }

    /// Whether this is a refusal or a failure, and the other only what such credentials are like: then this says better why
    /// something stays open.
    pub fn is_worse_than(&self, other: &Self) -> bool {
        other.cause == Cause::NotRevealable && self.cause.is_of_an_answer()
    }
}

/// Why something is unknown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[repr(u8)]
pub enum Cause {
    /// This kind of credential cannot show it.
    NotRevealable,
    /// This kind of credential has no such thing, and no guard excluded it.
    Inapplicable,
    /// The host refused.
    NotPermitted,
    /// Network, server error, rate limit, or our own request budget.
    NotReachable,
    /// A list was cut short.
    Incomplete,
    /// An answer that makes no sense.
    Malformed,
    /// No repository or organisation to ask about.
    OutOfScope,
}

impl Cause {
    /// Whether what came back, or that nothing did, is why: a refusal, a failure, an answer that makes no sense.
    pub const fn is_of_an_answer(self) -> bool {
        matches!(self, Self::NotPermitted | Self::NotReachable | Self::Malformed)
    }

    /// All causes, in order.
    pub const ALL: [Self; 7] = [
        Self::NotRevealable,
        Self::Inapplicable,
        Self::NotPermitted,
        Self::NotReachable,
        Self::Incomplete,
        Self::Malformed,
        Self::OutOfScope,
    ];

    /// The word in policies and JSON.
    pub const fn word(self) -> &'static str {
        match self {
            Self::NotRevealable => "not-revealable",
            Self::Inapplicable => "inapplicable",
            Self::NotPermitted => "not-permitted",
            Self::NotReachable => "not-reachable",
            Self::Incomplete => "incomplete",
            Self::Malformed => "malformed",
            Self::OutOfScope => "out-of-scope",
        }
    }

    /// The cause that a policy's word names.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|cause| cause.word() == word)
    }
}

impl fmt::Display for Cause {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.word())
    }
}

/// A set of causes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Causes(u8);

impl Causes {
    /// No cause.
    pub const NONE: Self = Self(0);
    /// What `on unknown warn` accepts without naming it.
    pub const ACCEPTED_BY_DEFAULT: Self = Self(1 << Cause::NotRevealable as u8 | 1 << Cause::Inapplicable as u8);

    /// Both together.
    #[must_use]
    pub const fn union(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Whether every cause here is in `other`.
    pub const fn within(self, other: Self) -> bool {
        self.0 & !other.0 == 0
    }

    /// Whether there is none.
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// The causes, in order.
    pub fn iter(self) -> impl Iterator<Item = Cause> {
        Cause::ALL.into_iter().filter(move |cause| self.0 & (1 << *cause as u8) != 0)
    }
}

impl From<Cause> for Causes {
    fn from(cause: Cause) -> Self {
        Self(1 << cause as u8)
    }
}

impl FromIterator<Cause> for Causes {
    fn from_iter<I: IntoIterator<Item = Cause>>(causes: I) -> Self {
        causes.into_iter().fold(Self::NONE, |all, cause| all.union(cause.into()))
    }
}

impl Knowledge {
    /// Unknown, with cause and reason.
    pub fn unknown(cause: Cause, reason: impl Into<String>) -> Self {
        Self::Unknown(Unknown::new(cause, reason))
    }

    /// The word in JSON.
    pub const fn word(&self) -> &'static str {
        match self {
            Self::Known(_) => "known",
            Self::Absent => "absent",
            Self::Inapplicable(_) => "inapplicable",
            Self::Bounded(..) => "bounded",
            Self::Unknown(_) => "unknown",
        }
    }

    /// The known value.
    pub const fn value(&self) -> Option<&Value> {
        match self {
            Self::Known(value) => Some(value),
            _ => None,
        }
    }

    /// Why it is not (wholly) known.
    pub const fn cause(&self) -> Option<Cause> {
        match self {
            Self::Unknown(unknown) | Self::Bounded(_, unknown) => Some(unknown.cause),
            Self::Inapplicable(_) => Some(Cause::Inapplicable),
            Self::Known(_) | Self::Absent => None,
        }
    }
}
