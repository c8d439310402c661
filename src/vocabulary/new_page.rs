//! Pages on which a token is made, filled in beforehand.

/// A host's page for a new token, which takes what the token needs in its address.
#[derive(Debug)]
pub struct NewPage {
    /// The kind of credential that it makes, by word.
    pub kind: &'static str,
    /// Its address, with `{url}` for the host's.
    pub address: &'static str,
    /// The parameter for the token's name, and how many characters that may have.
    pub name: (&'static str, usize),
    /// The parameter for the account whose repositories the token is for.
    pub owner: &'static str,
    // Each permission is a parameter of its own name, its level the value.
}
