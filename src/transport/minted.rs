//! Minted tokens: what was made for this run, and has to be revoked when it ends, however it ends.

use std::fmt;
use std::sync::{Mutex, MutexGuard, PoisonError};

use tokio::sync::Notify;

use crate::facts::{Exchange, HttpRequest};
use crate::text::redact::Redactor;
use crate::text::secret::Secret;

/// The tokens minted for one credential.
pub struct Minted {
    redactor: Redactor,
    state: Mutex<State>,
    /// Told when a token that was being minted is there, or is known not to come.
    arrived: Notify,
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
        drop(state);
        self.0.arrived.notify_waiters();
    }
}

impl Minted {
    /// None yet; the redactor learns each one before it is used.
    pub fn new(redactor: Redactor) -> Self {
        Self { redactor, state: Mutex::default(), arrived: Notify::new() }
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

    /// Nothing more is minted from now on.
    pub fn close(&self) {
        self.lock().closed = true;
    }

    /// Waits until nothing is being minted.
    pub async fn settled(&self) {
        loop {
            // Whoever arrives after the look is told of all the same.
            let arrived = self.arrived.notified();
            if self.lock().under_way == 0 {
                return;
            }
            arrived.await;
        }
    }

    /// Takes a token in, with the request that revokes it when it is sent with the token itself.
    pub fn add(&self, token: Secret, revocation: HttpRequest) {
        self.redactor.add(&token);
        let mut state = self.lock();
        state.count += 1;
        state.live.push((token, revocation));
    }

    /// The tokens that are not revoked yet.
    pub(super) fn live(&self) -> Vec<(Secret, HttpRequest)> {
        self.lock().live.clone()
    }

    /// How many tokens are not revoked yet.
    pub fn live_count(&self) -> usize {
        self.lock().live.len()
    }

    /// The host has answered a revocation: whatever it said, it is not asked again.
    pub(super) fn answered(&self, token: &Secret) {
        self.lock().live.retain(|(live, _)| live.expose() != token.expose());
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
