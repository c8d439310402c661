//! Routes: which HTTP client goes to which address, each built when it is first needed.
//!
//! Loopback addresses are never sent through a proxy. Other addresses follow `HTTP_PROXY`, `HTTPS_PROXY`, `ALL_PROXY`
//! (SOCKS too) and `NO_PROXY`, and on macOS and Windows the system's own settings.

use std::sync::OnceLock;
use std::time::Duration;

use hyper_util::client::proxy::matcher::Matcher;
use url::{Host, Url};

use super::failure::{self, Place};
use super::settings::ClientSettings;
use super::tls::{ClientError, Tls};
use crate::facts::Failure;

/// What credcheck calls itself; GitHub refuses requests without a name.
const USER_AGENT: &str = concat!("credcheck/", env!("CARGO_PKG_VERSION"));

type Built = OnceLock<Result<reqwest::Client, Failure>>;

/// The HTTP clients of a run.
pub(super) struct Routes {
    timeout: Duration,
    whole: Duration,
    tls: Tls,
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
            tls: Tls::new(settings)?,
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
        let tls = if secure { self.tls.secure()? } else { self.tls.plain()? };
        // Redirects and retries are ours, so that each is counted and recorded.
        let mut builder = reqwest::Client::builder()
            .user_agent(USER_AGENT)
            .redirect(reqwest::redirect::Policy::none())
            .retry(reqwest::retry::never())
            .referer(false)
            .connect_timeout(self.timeout)
            .read_timeout(self.timeout)
            .timeout(self.whole)
            .https_only(secure)
            .tls_backend_preconfigured(tls);
        if !proxied {
            builder = builder.no_proxy();
        }
        builder.build().map_err(|error| failure::not_built(&error))
    }
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
