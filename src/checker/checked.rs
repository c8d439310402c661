//! One credential of a run: what was collected of it, and how it was judged.

use crate::collecting::{Asking, Collected, limits};
use crate::evaluation::Judged;
use crate::facts::record::RecordedCredential;
use crate::facts::{Credential, Exchange, ExchangeSummary, Incident, RateLimit};

/// A credential with what was collected of it and how it was judged.
#[derive(Clone, Debug)]
pub struct Checked {
    /// The credential.
    pub credential: Credential,
    /// Its facts, incidents and exchanges.
    pub collected: Collected,
    /// How it was judged.
    pub judged: Judged,
}

impl Checked {
    /// What was sent for it, minting and revoking tokens last.
    pub fn exchanges(&self) -> Vec<ExchangeSummary> {
        let asked = self.collected.exchanges.iter().map(|asking| &asking.exchange);
        asked.chain(&self.collected.minting).map(Exchange::summary).collect()
    }

    /// What the latest answer that says something of it says of its rate limit.
    pub fn rate_limit(&self) -> Option<RateLimit> {
        let headers = limits(self.credential.host);
        let answers = self.collected.exchanges.iter().filter_map(|asking| asking.exchange.result.as_ref().ok());
        let said = answers.filter_map(|answer| Some((answer.at, headers.window(answer)?)));
        // Of answers that came at once, the one that leaves least.
        let (at, window) = said.max_by_key(|(at, window)| (*at, std::cmp::Reverse(window.remaining)))?;
        let resets_at = window.resets_in.and_then(|wait| at.checked_add(wait).ok());
        Some(RateLimit { limit: window.limit, remaining: window.remaining, resets_at })
    }

    /// What a record keeps of it.
    pub fn recorded(&self) -> RecordedCredential {
        RecordedCredential {
            credential: self.credential.clone(),
            exchanges: self.collected.exchanges.iter().map(Asking::recorded).collect(),
            withheld: self.collected.facts.incidents.iter().find_map(Incident::withheld).cloned(),
        }
    }
}
