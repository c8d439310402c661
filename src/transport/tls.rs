//! TLS: rustls with ring, and whom it trusts.
//!
//! The provider of the cryptography is handed to each configuration. None is installed for the process: that is the
//! business of the program that this library may be a part of.
//!
//! Certificates are the platform's: on Linux and the BSDs the files of the system, or those that `SSL_CERT_FILE` and
//! `SSL_CERT_DIR` name instead; on macOS and Windows the system's own verifier, which does not read those variables. The
//! authorities of `ClientSettings::ca_certificates` (`--ca-cert`) count in addition, on all of them. Plain HTTP loads no
//! certificates, so that it works, and starts quickly, on a machine that has none.

use std::path::PathBuf;
use std::sync::{Arc, OnceLock};

use rustls::crypto::{CryptoProvider, ring};
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject as _;
use rustls::{ClientConfig, ConfigBuilder, RootCertStore, WantsVerifier};
use rustls_platform_verifier::Verifier;

use super::failure;
use super::settings::ClientSettings;
use crate::facts::Failure;

/// Why there can be no client.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ClientError {
    /// The file of certificate authorities holds none.
    #[error("`{}` holds no certificate in PEM format", .0.display())]
    NoCertificate(PathBuf),
    /// A certificate in the file cannot be read; counted from 1.
    #[error("certificate {number} in `{}` cannot be read", path.display())]
    BadCertificate {
        /// The file.
        path: PathBuf,
        /// Which one, counted from 1.
        number: usize,
    },
}

/// The TLS of a run.
pub(super) struct Tls {
    provider: Arc<CryptoProvider>,
    /// Trusted in addition to the platform's.
    authorities: Vec<CertificateDer<'static>>,
    /// Set up at the first use: the platform's certificates are read then.
    secure: OnceLock<Result<ClientConfig, Failure>>,
}

impl Tls {
    /// TLS that trusts these authorities too, each checked now rather than at the first request.
    pub(super) fn new(settings: &ClientSettings) -> Result<Self, ClientError> {
        let provider = Arc::new(ring::default_provider());
        Ok(Self { provider, authorities: authorities(settings)?, secure: OnceLock::new() })
    }

    /// The configuration for HTTPS.
    pub(super) fn secure(&self) -> Result<ClientConfig, Failure> {
        let build = || self.trusting_platform().map_err(|error| failure::not_built(&error));
        self.secure.get_or_init(build).clone()
    }

    /// The configuration for plain HTTP, where the HTTP stack wants one as well: it trusts nobody.
    pub(super) fn plain(&self) -> Result<ClientConfig, Failure> {
        let builder = self.builder().map_err(|error| failure::not_built(&error))?;
        Ok(builder.with_root_certificates(RootCertStore::empty()).with_no_client_auth())
    }

    fn trusting_platform(&self) -> Result<ClientConfig, rustls::Error> {
        let provider = Arc::clone(&self.provider);
        let verifier = if self.authorities.is_empty() {
            Verifier::new(provider)?
        } else {
            Verifier::new_with_extra_roots(self.authorities.iter().cloned(), provider)?
        };
        let verifying = self.builder()?.dangerous().with_custom_certificate_verifier(Arc::new(verifier));
        let mut config = verifying.with_no_client_auth();
        config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
        Ok(config)
    }

    fn builder(&self) -> Result<ConfigBuilder<ClientConfig, WantsVerifier>, rustls::Error> {
        ClientConfig::builder_with_provider(Arc::clone(&self.provider)).with_protocol_versions(rustls::ALL_VERSIONS)
    }
}

fn authorities(settings: &ClientSettings) -> Result<Vec<CertificateDer<'static>>, ClientError> {
    let Some((path, pem)) = &settings.ca_certificates else { return Ok(Vec::new()) };
    let mut authorities = Vec::new();
    for (at, der) in CertificateDer::pem_slice_iter(pem).enumerate() {
        let bad = || ClientError::BadCertificate { path: path.clone(), number: at + 1 };
        let der = der.map_err(|_| bad())?;
        RootCertStore::empty().add(der.clone()).map_err(|_| bad())?;
        authorities.push(der);
    }
    if authorities.is_empty() { Err(ClientError::NoCertificate(path.clone())) } else { Ok(authorities) }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn certificate_authorities_are_read_at_once() {
        let settings = |pem: &str| ClientSettings {
            timeout: Duration::from_secs(1),
            ca_certificates: Some(("ca.pem".into(), pem.as_bytes().to_vec())),
            retries: 0,
            longest_wait: Duration::ZERO,
            body_cap: 0,
            backoff: Duration::ZERO,
        };
        assert_eq!(authorities(&settings("hello")).unwrap_err(), ClientError::NoCertificate("ca.pem".into()));
        for broken in [
            "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
            "-----BEGIN CERTIFICATE-----\n!\n-----END CERTIFICATE-----\n",
        ] {
            let error = authorities(&settings(broken)).unwrap_err();
            assert_eq!(error, ClientError::BadCertificate { path: "ca.pem".into(), number: 1 });
            assert_eq!(error.to_string(), "certificate 1 in `ca.pem` cannot be read");
        }
    }
}
