//! Minting: tokens made for a run with an App's key, each once, and revoked when the run is over.
//!
//! Nothing here happens unless the operator allows it: the plan asks for no minted token otherwise.

use std::collections::BTreeMap;
use std::fmt;

use tokio::sync::Mutex;

use crate::facts::{Credential, Exchange, HttpRequest, Incident, RequestLabel};
use crate::text::secret::Secret;
use crate::transport::{By, Channel};

/// As whom a question is asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum As {
    /// As the credential itself.
    Itself,
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

    /// The token.
    ///
    /// # Errors
    /// Why there is none, for people.
    fn minted(&self, exchange: &Exchange) -> Result<Secret, String>;

    /// Revokes the token that it is sent with.
    fn revoke(&self, credential: &Credential) -> HttpRequest;

    /// The requests that mint a token, as a plan shows them, and last the one that revokes it: with the credential's own
    /// key, or by the checker App in an organisation.
    fn planned(&self, credential: &Credential, checked: Option<&str>) -> Vec<RequestLabel>;
}

/// The tokens of one credential's collecting, by what they are for.
#[derive(Default)]
pub(super) struct Purse(Mutex<BTreeMap<Grant, Result<Secret, String>>>);

impl fmt::Debug for Purse {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Purse(hidden)")
    }
}

impl Purse {
    /// The token for a grant, minted where there is none yet. Requests that want the same wait for one.
    pub(super) async fn token(
        &self,
        mint: &dyn Mint,
        credential: &Credential,
        channel: &Channel,
        grant: &Grant,
    ) -> Result<Secret, String> {
        let mut tokens = self.0.lock().await;
        if let Some(have) = tokens.get(grant) {
            return have.clone();
        }
        let token = minted(mint, credential, channel, grant).await;
        tokens.insert(grant.clone(), token.clone());
        token
    }
}

async fn minted(mint: &dyn Mint, credential: &Credential, channel: &Channel, grant: &Grant) -> Result<Secret, String> {
    let Some(kept) = channel.minted() else { return Err("a record mints nothing".to_owned()) };
    let Some(_minting) = kept.begin() else { return Err("the run was interrupted".to_owned()) };
    let (by, installation) = match &grant.installation {
        Of::Own(number) => (By::Itself, *number),
        Of::Checker(organization) => {
            let exchange = channel.exchange_by(&mint.find(credential, organization), &By::Checker).await;
            kept.note(exchange.clone());
            (By::Checker, mint.found(&exchange)?)
        }
    };
    let exchange = channel.exchange_by(&mint.mint(credential, installation, grant), &by).await;
    let token = mint.minted(&exchange);
    // From here on it is revoked, whatever happens.
    if let Ok(token) = &token {
        kept.add(token.clone(), mint.revoke(credential));
    }
    kept.note(exchange);
    token
}

/// Revokes what was minted; what could not be revoked is worth knowing.
pub(super) async fn revoke(channel: &Channel) -> Vec<Incident> {
    let mut incidents = Vec::new();
    for exchange in channel.revoke().await {
        // 401: it has ended, or somebody else revoked it.
        if matches!(exchange.status(), Some(204 | 401)) {
            continue;
        }
        let why = match (&exchange.result, exchange.status()) {
            (Err(failure), _) => failure.to_string(),
            (Ok(_), status) => format!("the host answers {}", status.unwrap_or_default()),
        };
        incidents.push(Incident::Note {
            text: format!("a minted token could not be revoked ({why}); it reads only, and ends within an hour"),
            evidence: Vec::new(),
        });
    }
    incidents
}
