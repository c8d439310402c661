//! Transport: one HTTP client for all hosts. TLS, timeouts, retries, rate limits, caps; returns an `Exchange`.
//!
//! The client never follows a redirect to another origin, never retries a 401, and adds the secret to a request itself,
//! marked sensitive, so that no other room holds a header with it.

mod client;

pub use client::{Authorization, ClientSettings};
