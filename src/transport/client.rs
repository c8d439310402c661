//! The HTTP client.

use std::path::PathBuf;
use std::time::Duration;

use crate::text::secret::Secret;

/// How requests are sent.
#[derive(Clone, Debug)]
pub struct ClientSettings {
    /// For connecting, and for each read.
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

/// How a credential goes into a request.
#[derive(Clone, Debug)]
pub enum Authorization {
    /// `Authorization: Bearer …`.
    Bearer(Secret),
    /// `Authorization: Basic …` of username and secret.
    Basic(String, Secret),
    /// A header of its own (`PRIVATE-TOKEN`), by its lower-case name.
    Header(&'static str, Secret),
}
