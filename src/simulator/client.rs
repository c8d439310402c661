//! The client of this room's tests: it asks what it is told to ask, and follows nothing.

use std::sync::Arc;

use reqwest::redirect::Policy;
use reqwest::{Client, ClientBuilder};
use rustls::{ClientConfig, RootCertStore, crypto};

/// A client that goes straight to loopback. The HTTP stack wants TLS even where none is spoken; this one trusts nobody.
pub(super) fn builder() -> ClientBuilder {
    let tls = ClientConfig::builder_with_provider(Arc::new(crypto::ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(RootCertStore::empty())
        .with_no_client_auth();
    Client::builder().no_proxy().redirect(Policy::none()).tls_backend_preconfigured(tls)
}

/// The same, as it comes.
pub(super) fn client() -> Client {
    builder().build().unwrap()
}
