//! What operators can declare as a credential of a kind of host, beside tokens.

/// What operators can declare as a credential of a kind of host, beside tokens.
#[derive(Debug)]
pub struct Declaring {
    /// The kind whose permissions an App of the organisation, the checker, can tell, and what people call one.
    pub checked: Option<(&'static str, &'static str)>,
    /// The kinds that are somebody's password: a failed try may lock the account, so only who names one checks it.
    pub passwords: &'static [&'static str],
}

impl Declaring {
    /// Tokens alone.
    pub(super) const TOKENS: Self = Self { checked: None, passwords: &[] };
}
