//! Routes: which HTTP client goes to which address, each built when it is first needed.
//!
//! Loopback addresses are never sent through a proxy. Other addresses follow `HTTP_PROXY`, `HTTPS_PROXY`, `ALL_PROXY`
//! (SOCKS too) and `NO_PROXY`, and on macOS and Windows the system's own settings. Certificates are the platform's:
//! on Linux and the BSDs the files of the system, or those that `SSL_CERT_FILE` and `SSL_CERT_DIR` name instead; on
//! macOS and Windows the system's own verifier, which does not read those variables. The authorities of
//! `ClientSettings::ca_certificates` (`--ca-cert`) count in addition, on all of them. Plain HTTP loads no certificates, so that it
//! works, and starts quickly, on a machine that has none.

use std::sync::OnceLock;
use std::time::Duration;

use hyper_util::client::proxy::matcher::Matcher;
use rustls::RootCertStore;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject as _;
use url::{Host, Url};

use super::client::{ClientError, ClientSettings};
use super::failure::Place;
use crate::facts::Failure;

/// What credcheck calls itself; GitHub refuses requests without a name.
const USER_AGENT: &str = concat!("credcheck/", env!("CARGO_PKG_VERSION"));

type Built = OnceLock<Result<reqwest::Client, Failure>>;

/// The HTTP clients of a run.
pub(super) struct Routes {
    timeout: Duration,
    whole: Duration,
    certificates: Vec<reqwest::Certificate>,
    proxies: OnceLock<Matcher>,
    plain_direct: Built,
    plain_proxied: Built,
    secure_direct: Built,
    secure_proxied: Built,
}

/// The way to one address.
pub(super) struct Route<'a> {
    /// The client to send with.
    pub(super) client: &'a reqwest::Client,
    /// What failures call the other side.
    pub(super) place: Place,
}

impl Routes {
    /// Routes that trust these authorities; nothing is built yet.
    pub(super) fn new(settings: &ClientSettings) -> Result<Self, ClientError> {
        Ok(Self {
            timeout: settings.timeout,
            whole: settings.whole_timeout(),
            certificates: certificates(settings)?,
            proxies: OnceLock::new(),
            plain_direct: OnceLock::new(),
            plain_proxied: OnceLock::new(),
            secure_direct: OnceLock::new(),
            secure_proxied: OnceLock::new(),
        })
    }

    /// The way to an address.
    pub(super) fn to(&self, url: &Url) -> Result<Route<'_>, Failure> {
        let proxy = self.proxy(url);
        let secure = url.scheme() == "https";
        let slot = match (secure, proxy.is_some()) {
            (false, false) => &self.plain_direct,
            (false, true) => &self.plain_proxied,
            (true, false) => &self.secure_direct,
            (true, true) => &self.secure_proxied,
        };
        let client = slot.get_or_init(|| self.build(secure, proxy.is_some())).as_ref().map_err(Clone::clone)?;
        let host = url.host_str().unwrap_or_default().to_owned();
        let port = url.port_or_known_default().unwrap_or_default();
        Ok(Route { client, place: Place { host, port, proxy } })
    }

    /// The proxy on the way to an address, by its host and port.
    fn proxy(&self, url: &Url) -> Option<String> {
        if is_loopback(url) {
            return None;
        }
        let matcher = self.proxies.get_or_init(Matcher::from_system);
        let destination = url.as_str().parse().ok()?;
        let intercept = matcher.intercept(&destination)?;
        // The matcher keeps the proxy's own user and password apart from its address.
        Some(intercept.uri().authority().map_or_else(|| "its proxy".into(), ToString::to_string))
    }

    fn build(&self, secure: bool, proxied: bool) -> Result<reqwest::Client, Failure> {
        // Redirects and retries are ours, so that each is counted and recorded.
        let mut builder = reqwest::Client::builder()
            .user_agent(USER_AGENT)
            .redirect(reqwest::redirect::Policy::none())
            .retry(reqwest::retry::never())
            .referer(false)
            .connect_timeout(self.timeout)
            .read_timeout(self.timeout)
            .timeout(self.whole);
        builder = if secure {
            builder.https_only(true).tls_certs_merge(self.certificates.iter().cloned())
        } else {
            builder.tls_certs_only([])
        };
        if !proxied {
            builder = builder.no_proxy();
        }
        builder.build().map_err(|error| super::failure::not_built(&error))
    }
}

/// Reads the certificate authorities, each checked now rather than at the first request.
fn certificates(settings: &ClientSettings) -> Result<Vec<reqwest::Certificate>, ClientError> {
    let Some((path, pem)) = &settings.ca_certificates else { return Ok(Vec::new()) };
    let mut certificates = Vec::new();
    for (at, der) in CertificateDer::pem_slice_iter(pem).enumerate() {
        let bad = || ClientError::BadCertificate { path: path.clone(), number: at + 1 };
        let der = der.map_err(|_| bad())?;
        RootCertStore::empty().add(der.clone()).map_err(|_| bad())?;
        certificates.push(reqwest::Certificate::from_der(&der).map_err(|_| bad())?);
    }
    if certificates.is_empty() { Err(ClientError::NoCertificate(path.clone())) } else { Ok(certificates) }
}

/// Whether an address is this machine itself.
fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => {
            let name = name.trim_end_matches('.');
            name == "localhost" || name.ends_with(".localhost")
        }
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => {
            address.is_loopback() || address.to_ipv4_mapped().is_some_and(|mapped| mapped.is_loopback())
        }
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn this_machine_is_recognised_in_every_spelling_and_nothing_else_is() {
        for (text, loopback) in [
            ("http://localhost:8080/x", true),
            ("http://LOCALHOST./", true),
            ("http://git.localhost/", true),
            ("http://127.0.0.1/", true),
            ("http://127.9.9.9/", true),
            ("http://0x7f.1/", true),
            ("http://[::1]:3000/", true),
            ("http://[::ffff:127.0.0.1]/", true),
            ("http://localhost.example/", false),
            ("http://notlocalhost/", false),
            ("http://10.0.0.1/", false),
            ("http://[::2]/", false),
        ] {
            assert_eq!(is_loopback(&Url::parse(text).unwrap()), loopback, "{text}");
        }
    }

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
        assert_eq!(certificates(&settings("hello")).unwrap_err(), ClientError::NoCertificate("ca.pem".into()));
        for broken in [
            "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
            "-----BEGIN CERTIFICATE-----\n!\n-----END CERTIFICATE-----\n",
        ] {
            let error = certificates(&settings(broken)).unwrap_err();
            assert_eq!(error, ClientError::BadCertificate { path: "ca.pem".into(), number: 1 });
            assert_eq!(error.to_string(), "certificate 1 in `ca.pem` cannot be read");
        }
    }

    #[test]
    fn nothing_is_built_before_it_is_needed() {
        let routes = Routes::new(&ClientSettings {
            timeout: Duration::from_secs(1),
            ca_certificates: None,
            retries: 0,
            longest_wait: Duration::ZERO,
            body_cap: 0,
            backoff: Duration::ZERO,
        })
        .unwrap();
        assert!(routes.plain_direct.get().is_none());
        routes.to(&Url::parse("http://127.0.0.1:1/").unwrap()).unwrap();
        assert!(routes.plain_direct.get().is_some());
        assert!(routes.secure_direct.get().is_none() && routes.secure_proxied.get().is_none());
        assert!(routes.proxies.get().is_none());
    }
}
