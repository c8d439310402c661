//! As whom a request is asked, and what a host says about minting. Secrets are joined elsewhere: here they have places only.

use crate::facts::{Credential, Exchange, HttpRequest, RequestLabel};
use crate::vocabulary::Scheme;

/// As whom a request is asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum As {
    /// As the credential itself, sent as its kind is.
    Itself,
    /// As the credential itself, sent in another way: a host may take the same secret differently in two places.
    Sent(Scheme),
    /// With a token minted for it.
    Minted(Grant),
}

/// A token to mint: for whom, and no more than it takes.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Grant {
    /// The installation.
    pub installation: Of,
    /// The names of the repositories that it may reach, without their owner. Empty: all that the installation covers.
    pub repositories: Vec<String>,
    /// What it may do, at these levels.
    pub permissions: Vec<(&'static str, &'static str)>,
}

/// Which installation.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Of {
    /// One of the credential's own App, by number.
    Own(u64),
    /// That of the checker App in an organisation.
    Checker(String),
}

/// How a host mints.
pub trait Mint: Sync {
    /// Asks for an App's installation in an organisation.
    fn find(&self, credential: &Credential, organization: &str) -> HttpRequest;

    /// The installation's number.
    ///
    /// # Errors
    /// Why there is none, for people.
    fn found(&self, exchange: &Exchange) -> Result<u64, String>;

    /// Mints a token.
    fn mint(&self, credential: &Credential, installation: u64, grant: &Grant) -> HttpRequest;

    /// Where the token stands in the answer's body, as a JSON pointer.
    ///
    /// # Errors
    /// Why there is none, for people.
    fn minted(&self, exchange: &Exchange) -> Result<&'static str, String>;

    /// Revokes the token that it is sent with.
    fn revoke(&self, credential: &Credential) -> HttpRequest;

    /// The requests that mint a token, as a plan shows them, and last the one that revokes it: with the credential's own
    /// key, or by the checker App in an organisation.
    fn planned(&self, credential: &Credential, checked: Option<&str>) -> Vec<RequestLabel>;
}
