//! Transport: one HTTP client for all hosts. TLS, timeouts, retries, rate limits, caps; returns an `Exchange`.
//!
//! The client never follows a redirect to another origin, never retries a 401, and adds the secret to a request itself,
//! marked sensitive, so that no other room holds a header with it. No host's name is known here: how a host names its
//! rate limit comes in as [`LimitHeaders`].

mod app_key;
mod body;
mod budget;
mod channel;
mod client;
mod failure;
mod limits;
mod minted;
mod redirect;
mod retry;
mod route;
mod settings;
mod tls;
mod watching;

pub use app_key::{AppKey, KeyError};
pub use budget::{Budget, Window};
pub use channel::{By, Channel, Live, Replay};
pub use client::{Account, Authorization, Client};
pub use limits::LimitHeaders;
pub use minted::{Minted, Minting};
pub use settings::ClientSettings;
pub use tls::ClientError;
pub use watching::{Event, Watch};

#[cfg(test)]
mod tests;
