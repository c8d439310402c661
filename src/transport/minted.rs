//! Minted tokens: what was made for this run, and has to be revoked when it ends, however it ends.

use std::fmt;
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::facts::{Exchange, HttpRequest};
use crate::text::redact::Redactor;
use crate::text::secret::Secret;

/// The tokens minted for one credential.
pub struct Minted {
    redactor: Redactor,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    /// How many there were.
    count: usize,
    /// Those that are not revoked, each with the request that revokes it.
    live: Vec<(Secret, HttpRequest)>,
    exchanges: Vec<Exchange>,
    /// How many are being minted now.
    under_way: usize,
    /// Whether no more may be minted.
    closed: bool,
}

/// A token being minted. While there is one, what the host has made may not have arrived yet.
#[derive(Debug)]
pub struct Minting<'a>(&'a Minted);

impl Drop for Minting<'_> {
    fn drop(&mut self) {
        let mut state = self.0.lock();
        state.under_way = state.under_way.saturating_sub(1);
    }
}

impl Minted {
    /// None yet; the redactor learns each one before it is used.
    pub fn new(redactor: Redactor) -> Self {
        Self { redactor, state: Mutex::default() }
    }

    /// Begins to mint; `None` where no more may be minted.
    pub fn begin(&self) -> Option<Minting<'_>> {
        let mut state = self.lock();
        if state.closed {
            return None;
        }
        state.under_way += 1;
        Some(Minting(self))
    }

    /// Nothing more is minted from now on. Tells whether nothing is being minted either.
    pub fn close(&self) -> bool {
        let mut state = self.lock();
        state.closed = true;
        state.under_way == 0
    }

    /// Takes a token in, with the request that revokes it when it is sent with the token itself.
    pub fn add(&self, token: Secret, revocation: HttpRequest) {
        self.redactor.add(&token);
        let mut state = self.lock();
        state.count += 1;
        state.live.push((token, revocation));
    }

    /// The tokens that are not revoked yet. They count as revoked from now on.
    pub(super) fn take_live(&self) -> Vec<(Secret, HttpRequest)> {
        std::mem::take(&mut self.lock().live)
    }

    /// Notes an exchange that minted or revoked, without what it says: that may be a token.
    pub fn note(&self, mut exchange: Exchange) {
        if let Ok(answer) = &mut exchange.result {
            answer.body = Vec::new();
        }
        self.lock().exchanges.push(exchange);
    }

    /// The exchanges that minted and revoked, in their order, without bodies.
    pub fn exchanges(&self) -> Vec<Exchange> {
        self.lock().exchanges.clone()
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for Minted {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Minted({} tokens, hidden)", self.lock().count)
    }
}
