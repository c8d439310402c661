//! The purse: tokens made for a run with an App's key, each once, and revoked when the run is over.
//!
//! Nothing here happens unless the operator allows it: the plan asks for no minted token otherwise.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::OnceCell;

use crate::facts::{Credential, Exchange};
use crate::hosts::{Grant, Mint, Of};
use crate::text::secret::Secret;
use crate::text::strict_json;
use crate::transport::{By, Channel};

/// What came of a grant.
type Minted = Arc<OnceCell<Result<Secret, String>>>;

/// The tokens of one credential's collecting, by what they are for.
#[derive(Default)]
pub(super) struct Purse(Mutex<BTreeMap<Grant, Minted>>);

impl fmt::Debug for Purse {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Purse(hidden)")
    }
}

impl Purse {
    /// The token for a grant, minted where there is none yet. Requests that want the same wait for one; others do not.
    pub(super) async fn token(
        &self,
        mint: &dyn Mint,
        credential: &Credential,
        channel: &Channel,
        grant: &Grant,
    ) -> Result<Secret, String> {
        let cell = {
            let mut cells = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            Arc::clone(cells.entry(grant.clone()).or_default())
        };
        cell.get_or_init(|| minted(mint, credential, channel, grant)).await.clone()
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
    let token = mint.minted(&exchange).and_then(|place| {
        taken(&exchange, place).ok_or_else(|| "the answer that should hold a minted token makes no sense".to_owned())
    });
    // From here on it is revoked, whatever happens.
    if let Ok(token) = &token {
        kept.add(token.clone(), mint.revoke(credential));
    }
    kept.note(exchange);
    token
}

/// The secret at a place of an answer.
fn taken(exchange: &Exchange, pointer: &str) -> Option<Secret> {
    let body = strict_json::parse(&exchange.result.as_ref().ok()?.body).ok()?;
    Secret::token(body.pointer(pointer)?.as_str()?).ok()
}

/// Revokes what was minted, and says of each token that could not be revoked why, and what becomes of it.
pub async fn revoke(channel: &Channel) -> Vec<String> {
    let exchanges = channel.revoke().await;
    let why = |exchange: &Exchange| match (&exchange.result, exchange.status()) {
        // 401: it has ended, or somebody else revoked it.
        (Ok(_), Some(204 | 401)) => None,
        (Err(failure), _) => Some(failure.to_string()),
        (Ok(_), status) => Some(format!("the host answers {}", status.unwrap_or_default())),
    };
    exchanges.iter().filter_map(why).map(|why| not_revoked(&why)).collect()
}

/// What is said of a token that could not be revoked.
pub fn not_revoked(why: &str) -> String {
    format!("a minted token could not be revoked ({why}); it reads only, and ends within an hour")
}
