//! Three values: strong Kleene logic, the unknown with its causes.

use crate::facts::Causes;

/// A truth value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Truth {
    /// Decided true.
    True,
    /// Decided false.
    False,
    /// Undecided, and why.
    Unknown(Causes),
}

impl Truth {
    /// `not`: unknown stays.
    #[must_use]
    pub const fn not(self) -> Self {
        match self {
            Self::True => Self::False,
            Self::False => Self::True,
            unknown @ Self::Unknown(_) => unknown,
        }
    }

    /// `and`: false decides, whatever the other.
    #[must_use]
    pub const fn and(self, other: Self) -> Self {
        match (self, other) {
            (Self::False, _) | (_, Self::False) => Self::False,
            (Self::True, other) => other,
            (unknown, Self::True) => unknown,
            (Self::Unknown(left), Self::Unknown(right)) => Self::Unknown(left.union(right)),
        }
    }

    /// `or`: true decides, whatever the other.
    #[must_use]
    pub const fn or(self, other: Self) -> Self {
        self.not().and(other.not()).not()
    }

    /// Whether it is decided.
    pub const fn is_decided(self) -> bool {
        !matches!(self, Self::Unknown(_))
    }
}

impl From<bool> for Truth {
    fn from(value: bool) -> Self {
        if value { Self::True } else { Self::False }
    }
}
