//! Collecting: the loop that plans, lets scripts ask, and learns what they tell, until nothing is left to ask.
//!
//! Scripts say what to send, and as whom; here that is joined with the secret ([`sending`]) or with a token that is minted
//! for it ([`purse`]), and sent through a channel. What is known so far is a [`state`] of its own.

mod collect;
mod purse;
mod sending;
mod state;

pub use collect::{Derives, Task, collect, unasked};
pub use purse::{not_revoked, revoke};
pub use sending::{authorization, limits};
pub use state::{Asking, Collected};
