//! A part of the credentials, of several that are checked apart from each other.

/// One of several parts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shard {
    /// Which part, from 1.
    pub number: usize,
    /// How many parts there are.
    pub of: usize,
}
