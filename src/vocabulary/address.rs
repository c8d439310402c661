//! How a kind of host is laid out: what people and their tools write for it, and where its API is.

/// How a kind of host is laid out.
#[derive(Debug)]
pub struct Addresses {
    /// The vendor's own services that are laid out otherwise than the hosts elsewhere.
    pub services: &'static [Service],
    /// Where else it runs.
    pub elsewhere: Elsewhere,
}

/// A service of the vendor, whose API is at an address of its own, always by https.
#[derive(Debug)]
pub struct Service {
    /// The host name of its pages: `github.com`; with a star where each customer has a name: `*.ghe.com`.
    pub web: &'static str,
    /// The API's address without `https://`; a star is the customer's name: `api.*.ghe.com`.
    pub api: &'static str,
    /// What else tools are given for that address: without its version, say. Where there is any, the API's host takes
    /// nothing but these and `api`.
    pub api_written: &'static [&'static str],
}

/// A host that is not the vendor's own service.
#[derive(Debug)]
pub struct Elsewhere {
    /// Who runs it.
    pub run_by: RunBy,
    /// The path of the API below the web address.
    pub api_path: &'static str,
    /// Whether it can live below a path.
    pub subpath: bool,
    /// What tools are given where they ask for the API's address.
    pub endpoint: Endpoint,
}

/// Who runs a host that is not the vendor's own service.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RunBy {
    /// Anybody.
    Anybody,
    /// Nobody, but for a stand-in on this machine.
    Nobody,
}

/// What tools are given where they ask for an API's address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Endpoint {
    /// That of the API.
    Api,
    /// That of the web pages.
    Web,
    /// Either.
    Either,
}

/// One of several products that answer as one kind of host: a fork, or somebody's public instance of one.
#[derive(Debug)]
pub struct Product {
    /// The word that people write for it in the place of the host's own.
    pub word: &'static str,
    /// The name people say.
    pub title: &'static str,
    /// Its public web address, where it has one.
    pub public_url: Option<&'static str>,
    /// The fact that tells that a host is this product, and its word there: a block of a policy about the product is one
    /// about the host with that guard. `None` where no answer tells it, as of one instance.
    pub told: Option<(&'static str, &'static str)>,
}

impl Service {
    /// The part of a host name that stands for the star of `web`; empty where there is none. `None` where the name is not
    /// of this service.
    pub fn customer<'a>(&self, authority: &'a str) -> Option<&'a str> {
        between(self.web, authority)
    }

    /// The customer whose API is at this host name.
    pub fn customer_of_api<'a>(&self, authority: &'a str) -> Option<&'a str> {
        between(self.api_host(), authority)
    }

    /// The host name in `api`.
    pub fn api_host(&self) -> &'static str {
        self.api.split('/').next().unwrap_or(self.api)
    }

    /// Whether a host name is the API's and none of the pages', of whatever customer it may be.
    pub fn is_api_host(&self, name: &str) -> bool {
        let pattern = self.api_host();
        pattern != self.web
            && match pattern.split_once('*') {
                None => name == pattern,
                Some((before, after)) => name.starts_with(before) && name.ends_with(after),
            }
    }

    /// Whether a host name is a part of the service, a customer's or not.
    pub fn has(&self, name: &str) -> bool {
        match self.web.strip_prefix('*') {
            None => name == self.web,
            Some(rest) => name.ends_with(rest) || rest.strip_prefix('.') == Some(name),
        }
    }
}

/// What stands for the star of a pattern: one label of a host name.
fn between<'a>(pattern: &str, name: &'a str) -> Option<&'a str> {
    let Some((before, after)) = pattern.split_once('*') else {
        return (name == pattern).then_some("");
    };
    let label = name.strip_prefix(before)?.strip_suffix(after)?;
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
    (!label.is_empty() && label.bytes().all(allowed)).then_some(label)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_customers_name_is_one_label() {
        let tenants = Service { web: "*.ghe.com", api: "api.*.ghe.com", api_written: &[] };
        assert_eq!(tenants.customer("acme.ghe.com"), Some("acme"));
        for other in ["ghe.com", ".ghe.com", "evilghe.com", "a.b.ghe.com", "acme.ghe.com:8443", "acme.ghe.com.evil.dev"]
        {
            assert_eq!(tenants.customer(other), None, "{other}");
        }
        assert_eq!(tenants.customer_of_api("api.acme.ghe.com"), Some("acme"));
        assert!(tenants.is_api_host("api.acme.ghe.com") && !tenants.is_api_host("acme.ghe.com"));
        assert!(tenants.has("ghe.com") && tenants.has("a.b.ghe.com") && !tenants.has("evilghe.com"));
        // Two forms of one service: the customer stands in the path of the API.
        let old = Service { web: "*.visualstudio.example", api: "dev.azure.example/*", api_written: &[] };
        assert_eq!((old.customer("acme.visualstudio.example"), old.api_host()), (Some("acme"), "dev.azure.example"));
    }
}
