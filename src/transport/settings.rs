//! How requests are sent: what the operator sets, and what holds for every client.

use std::path::PathBuf;
use std::time::Duration;

/// How requests are sent.
#[derive(Clone, Debug)]
pub struct ClientSettings {
    /// For connecting, and for each read. A whole answer may take [`ClientSettings::WHOLE`] times as long.
    pub timeout: Duration,
    /// A PEM file with further certificate authorities, read already.
    pub ca_certificates: Option<(PathBuf, Vec<u8>)>,
    /// Retries of one request after what may pass by itself (429, 5xx, a lost connection). Never of a 401.
    pub retries: u32,
    /// The longest wait that a `Retry-After` or limit header may ask for.
    pub longest_wait: Duration,
    /// The most bytes of a body after decompression.
    pub body_cap: usize,
    /// The first pause before a retry; doubles each time.
    pub backoff: Duration,
}

impl ClientSettings {
    /// How many times [`ClientSettings::timeout`] one whole answer may take: a server that sends a byte now and then
    /// must not hold the run for ever.
    pub const WHOLE: u32 = 4;

    /// The time for one whole answer.
    pub fn whole_timeout(&self) -> Duration {
        self.timeout.saturating_mul(Self::WHOLE)
    }
}
