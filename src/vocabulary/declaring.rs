//! What operators can declare as a credential of a kind of host.

/// What operators can declare as a credential of a kind of host.
#[derive(Debug)]
pub struct Declaring {
    /// The kind of credential that a private key with the identifier of an App is.
    pub app_key: Option<&'static str>,
    /// The kind whose permissions an App of the organisation, the checker, can tell, and what people call one.
    pub checked: Option<(&'static str, &'static str)>,
    /// The kinds that are somebody's password: a failed try may lock the account, so only who names one checks it.
    pub passwords: &'static [&'static str],
}

impl Declaring {
    /// Tokens, and nothing peculiar.
    pub(super) const TOKENS: Self = Self { app_key: None, checked: None, passwords: &[] };
}
