//! Scopes that only some kinds of credential can be given. A scope without a row in its host's table may be given to every
//! kind that has scopes: a table that may be wrong must not call a policy wrong.

/// Who can have some scopes.
#[derive(Debug)]
pub struct Holders {
    /// Whether it is about a scope.
    pub about: fn(&str) -> bool,
    /// Whether a kind can have them, by its word.
    pub held_by: fn(&str) -> bool,
}
