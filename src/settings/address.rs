//! Addresses: where a credential may be sent, and which API belongs to a host's web address.
//!
//! Everything here refuses rather than guesses. A URL parser forgives (it drops tabs, turns backslashes round, hides
//! user information before an `@`), and each such kindness has sent secrets to the wrong host somewhere.

use url::{Host, Url};

use crate::vocabulary::{self, Addresses, Endpoint, HOSTS, HostKind, RunBy, Service};

/// A host: its kind, its web address and its API.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Place {
    pub(super) kind: HostKind,
    /// Without a trailing slash.
    pub(super) url: String,
    /// The host as people write it before a repository: `host` or `host:port`.
    pub(super) authority: String,
    pub(super) api: Url,
}

/// Why an address is refused. Never holds the address: it may hold a secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum AddressError {
    #[error("is not a web address that begins with `https://`")]
    NotAUrl,
    #[error("holds a character that an address does not have")]
    Character,
    #[error("holds user information before an `@`")]
    UserInformation,
    #[error("holds a query or fragment")]
    Query,
    #[error("is not a bare host name")]
    NotBare,
    #[error("holds a path, and this host has none")]
    Path,
    #[error("would send the secret over plain http")]
    PlainHttp,
    #[error("is the address of the API, not of the web pages")]
    IsApi,
    #[error("is not a host whose API address credcheck can tell")]
    NoApi,
    #[error("is not an API address of this kind of host")]
    NotApi,
}

impl AddressError {
    /// What to do.
    pub(super) const fn help(self) -> &'static str {
        match self {
            Self::NotAUrl => "write the whole address, such as `https://git.acme.dev`",
            Self::Character => "only letters, digits and `.:/-_~` can stand there; write other host names in punycode",
            Self::UserInformation => {
                "remove everything up to the `@`: a secret in an address ends up in logs; what stands there may be one"
            }
            Self::Query => "remove everything from the `?` or `#` on",
            Self::NotBare => {
                "write only the host, with its port where it needs one: `git.acme.dev` or `git.acme.dev:8443`"
            }
            Self::Path => "remove the path; an API at another place is given as `api_url`",
            Self::PlainHttp => {
                "use `https://`; where that cannot be, declare the credential in the settings with `insecure_http = true`"
            }
            Self::IsApi => "write the address that people open; an API at another place is given as `api_url`",
            Self::NoApi => "give the API's address as `api_url`",
            Self::NotApi => "declare the credential in the settings with `url` and `api_url`",
        }
    }
}

/// The host at a public address of the vocabulary.
pub(super) fn public(kind: HostKind) -> Option<Place> {
    at_public_url(kind, vocabulary::host(kind).public_url?)
}

/// The host at a public address of the vocabulary: of its kind, or of a product.
pub(super) fn at_public_url(kind: HostKind, url: &str) -> Option<Place> {
    place(kind, url, None, false).ok()
}

/// The host at a web address, with its API derived unless `api` gives it.
pub(super) fn place(kind: HostKind, web: &str, api: Option<&Url>, insecure: bool) -> Result<Place, AddressError> {
    let addresses = &vocabulary::host(kind).addresses;
    let url = checked(web, insecure)?;
    if url.path() != "/" {
        let is_api = web_of_api(addresses, &url).is_some();
        if is_api || !addresses.elsewhere.subpath {
            return Err(if is_api { AddressError::IsApi } else { AddressError::Path });
        }
    }
    if url.host_str().is_some_and(is_api_host) {
        return Err(AddressError::IsApi);
    }
    let api = match api {
        None => api_of_web(addresses, &url)?,
        Some(api) => match addresses.services.iter().find(|service| has_written_api(service, api)) {
            None => api.clone(),
            Some(service) => api_of_service(service, api).ok_or(AddressError::NotApi)?,
        },
    };
    Ok(Place { kind, url: without_slash(&url), authority: authority(&url), api })
}

/// The host at a bare host name.
pub(super) fn place_at(kind: HostKind, authority: &str) -> Result<Place, AddressError> {
    place(kind, &format!("https://{}", bare_authority(authority)?), None, false)
}

/// The host at an address that a tool is given where it asks for the API's.
pub(super) fn place_of_api(kind: HostKind, endpoint: &str) -> Result<Place, AddressError> {
    let addresses = &vocabulary::host(kind).addresses;
    if addresses.elsewhere.endpoint == Endpoint::Web {
        return place(kind, endpoint, None, false);
    }
    let api = checked(endpoint, false)?;
    if let Some(web) = addresses.services.iter().find_map(|service| web_of_service(service, &api)) {
        return place(kind, web.as_str(), None, false);
    }
    let Some(web) = web_of_api(addresses, &api) else {
        return match addresses.elsewhere.endpoint {
            Endpoint::Either => place(kind, endpoint, None, false),
            Endpoint::Api | Endpoint::Web => Err(AddressError::NotApi),
        };
    };
    Ok(Place { kind, url: without_slash(&web), authority: authority(&web), api })
}

/// An API's base address as an operator wrote it.
pub(super) fn api(text: &str, insecure: bool) -> Result<Url, AddressError> {
    checked(text, insecure)
}

/// A host name with perhaps a port, and nothing else.
pub(super) fn bare_authority(text: &str) -> Result<String, AddressError> {
    let text = text.trim();
    if text.contains('@') {
        return Err(AddressError::UserInformation);
    }
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_' | b':' | b'[' | b']');
    if text.is_empty() || text.len() > 255 || !text.bytes().all(allowed) {
        return Err(AddressError::NotBare);
    }
    let url = parse(&format!("https://{text}")).map_err(|_| AddressError::NotBare)?;
    if url.path() != "/" {
        return Err(AddressError::NotBare);
    }
    Ok(authority(&url))
}

/// `host` or `host:port`, in lower case; the standard port is left out.
fn authority(url: &Url) -> String {
    let host = url.host_str().unwrap_or("").trim_end_matches('.');
    url.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"))
}

fn checked(text: &str, insecure: bool) -> Result<Url, AddressError> {
    let text = text.trim();
    if text.contains('@') {
        return Err(AddressError::UserInformation);
    }
    if text.contains(['?', '#']) {
        return Err(AddressError::Query);
    }
    let lower = text.to_ascii_lowercase();
    let rest = lower.strip_prefix("https://").or_else(|| lower.strip_prefix("http://")).ok_or(AddressError::NotAUrl)?;
    // A parser would drop tabs, turn backslashes round, decode percents and skip empty authorities.
    let allowed = |byte: u8| {
        byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_' | b'~' | b':' | b'/' | b'[' | b']')
    };
    if text.len() > 2048 || !rest.bytes().all(allowed) {
        return Err(AddressError::Character);
    }
    if rest.is_empty() || rest.starts_with(['/', ':']) || rest.contains("//") {
        return Err(AddressError::NotAUrl);
    }
    let url = parse(text)?;
    if rest.split('/').any(|part| matches!(part, "." | "..")) {
        return Err(AddressError::Path);
    }
    if url.scheme() == "http" && !insecure && !is_loopback(&url) {
        return Err(AddressError::PlainHttp);
    }
    parse(&without_slash(&url))
}

fn parse(text: &str) -> Result<Url, AddressError> {
    let mut url = Url::parse(text).map_err(|_| AddressError::NotAUrl)?;
    let host = url.host_str().map(|host| host.trim_end_matches('.').to_owned()).filter(|host| !host.is_empty());
    let host = host.ok_or(AddressError::NotAUrl)?;
    if url.host_str() != Some(host.as_str()) {
        url.set_host(Some(&host)).map_err(|_| AddressError::NotAUrl)?;
    }
    Ok(url)
}

fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

fn without_slash(url: &Url) -> String {
    url.as_str().trim_end_matches('/').to_owned()
}

/// The address with `path` below it.
fn below(web: &Url, path: &str) -> Url {
    let mut url = web.clone();
    url.set_path(&format!("{}/{path}", web.path().trim_end_matches('/')));
    url
}

/// The address without `path` at its end.
fn above(api: &Url, path: &str) -> Option<Url> {
    let rest = api.path().trim_end_matches('/').strip_suffix(path)?;
    let mut url = api.clone();
    url.set_path(rest);
    Some(url)
}

/// The API of a web address: the service's that it is of, else below the address.
fn api_of_web(addresses: &Addresses, web: &Url) -> Result<Url, AddressError> {
    let authority = authority(web);
    let of = |service: &Service| Some(written(service.api, service.customer(&authority)?));
    if let Some(api) = addresses.services.iter().find_map(of) {
        return parse(&api);
    }
    match addresses.elsewhere.run_by {
        RunBy::Nobody if !is_loopback(web) => Err(AddressError::NoApi),
        _ => Ok(below(web, addresses.elsewhere.api_path)),
    }
}

/// The web address of an API.
fn web_of_api(addresses: &Addresses, api: &Url) -> Option<Url> {
    let elsewhere = &addresses.elsewhere;
    addresses.services.iter().find_map(|service| web_of_service(service, api)).or_else(|| {
        let known = elsewhere.run_by == RunBy::Anybody && elsewhere.endpoint != Endpoint::Web;
        let web = above(api, &format!("/{}", elsewhere.api_path)).filter(|_| known)?;
        (elsewhere.subpath || web.path() == "/").then_some(web)
    })
}

/// The web address that belongs to an API of a service, however it is written.
fn web_of_service(service: &Service, api: &Url) -> Option<Url> {
    let authority = authority(api);
    let customer = service.customer_of_api(&authority)?;
    let path = api.path().trim_matches('/');
    let address = if path.is_empty() { authority.clone() } else { format!("{authority}/{path}") };
    let mut ways = std::iter::once(&service.api).chain(service.api_written);
    let is_one = ways.any(|way| way.replace('*', customer) == address);
    parse(&written(service.web, customer)).ok().filter(|_| is_one && api.scheme() == "https")
}

/// The address of a service's API, where an address is a way to write it.
fn api_of_service(service: &Service, api: &Url) -> Option<Url> {
    web_of_service(service, api)?;
    parse(&written(service.api, service.customer_of_api(&authority(api))?)).ok()
}

/// Whether an address is on the host of a service's API that takes nothing but the ways to write it.
fn has_written_api(service: &Service, api: &Url) -> bool {
    !service.api_written.is_empty() && api.host_str().is_some_and(|name| service.is_api_host(name))
}

/// Whether a host name is that of a service's API, whatever the kind of host.
fn is_api_host(name: &str) -> bool {
    HOSTS.iter().flat_map(|host| host.addresses.services).any(|service| service.is_api_host(name))
}

/// The address that a pattern is for a customer.
fn written(pattern: &str, customer: &str) -> String {
    format!("https://{}", pattern.replace('*', customer))
}

/// The customer's part of a service that a bare host name names, as an address.
pub(super) fn place_of_customer(kind: HostKind, authority: &str) -> Option<Result<Place, AddressError>> {
    let of_customer = |service: &Service| service.customer(authority).is_some_and(|customer| !customer.is_empty());
    let services = vocabulary::host(kind).addresses.services;
    services.iter().any(of_customer).then(|| place_at(kind, authority))
}

/// Whether a bare host name is a part of one of the vendor's own services.
pub(super) fn is_of_service(kind: HostKind, authority: &str) -> bool {
    let name = authority.split(':').next().unwrap_or("");
    vocabulary::host(kind).addresses.services.iter().any(|service| service.has(name))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn github(url: &str) -> Result<(String, String), AddressError> {
        place(HostKind::GitHub, url, None, false).map(|place| (place.url, place.api.to_string()))
    }

    #[test]
    fn each_host_has_its_api() {
        let of = |kind, url| place(kind, url, None, false).map(|place| place.api.to_string());
        for (kind, url, api) in [
            (HostKind::GitHub, "https://github.com", "https://api.github.com/"),
            (HostKind::GitHub, "https://GitHub.com/", "https://api.github.com/"),
            (HostKind::GitHub, "https://github.com.", "https://api.github.com/"),
            (HostKind::GitHub, "https://github.com:443", "https://api.github.com/"),
            (HostKind::GitHub, "https://acme.ghe.com", "https://api.acme.ghe.com/"),
            (HostKind::GitHub, "https://ghe.acme.dev", "https://ghe.acme.dev/api/v3"),
            (HostKind::GitHub, "https://ghe.acme.dev:8443/", "https://ghe.acme.dev:8443/api/v3"),
            (HostKind::GitHub, "https://evilghe.com", "https://evilghe.com/api/v3"),
            (HostKind::GitHub, "https://github.com.evil.dev", "https://github.com.evil.dev/api/v3"),
            (HostKind::GitHub, "http://127.0.0.1:8080", "http://127.0.0.1:8080/api/v3"),
            (HostKind::GitHub, "http://[::1]:8080", "http://[::1]:8080/api/v3"),
            (HostKind::GitLab, "https://gitlab.com", "https://gitlab.com/api/v4"),
            (HostKind::GitLab, "https://acme.dev/git/", "https://acme.dev/git/api/v4"),
            (HostKind::BitbucketCloud, "https://bitbucket.org", "https://api.bitbucket.org/2.0"),
            (HostKind::BitbucketServer, "https://acme.dev/bitbucket", "https://acme.dev/bitbucket/rest"),
        ] {
            assert_eq!(of(kind, url).as_deref(), Ok(api), "{url}");
        }
        assert_eq!(of(HostKind::BitbucketCloud, "https://bitbucket.acme.dev"), Err(AddressError::NoApi));
        assert_eq!(of(HostKind::BitbucketCloud, "http://127.0.0.1:80").as_deref(), Ok("http://127.0.0.1/2.0"));
    }

    #[test]
    fn the_clouds_api_has_one_version() {
        let given = |text: &str| {
            let api = api(text, false).unwrap();
            place(HostKind::BitbucketCloud, "https://bitbucket.org", Some(&api), false)
                .map(|place| place.api.to_string())
        };
        for text in ["https://api.bitbucket.org", "https://api.bitbucket.org/2.0", "https://api.bitbucket.org/2.0/"] {
            assert_eq!(given(text).as_deref(), Ok("https://api.bitbucket.org/2.0"), "{text}");
        }
        for text in ["https://api.bitbucket.org/1.0", "https://api.bitbucket.org/2.0/user"] {
            assert_eq!(given(text), Err(AddressError::NotApi), "{text}");
        }
        assert_eq!(given("http://127.0.0.1:7/2.0").as_deref(), Ok("http://127.0.0.1:7/2.0"));
    }

    #[test]
    fn addresses_that_could_mislead_are_refused() {
        for (url, error) in [
            ("https://github.com@evil.dev", AddressError::UserInformation),
            ("https://user:pass@github.com", AddressError::UserInformation),
            ("https://@github.com", AddressError::UserInformation),
            ("http://github.com", AddressError::PlainHttp),
            ("http://127.0.0.1.evil.dev", AddressError::PlainHttp),
            ("http://localhost.evil.dev", AddressError::PlainHttp),
            ("http://[::ffff:10.0.0.1]", AddressError::PlainHttp),
            ("https://github.com\\@evil.dev", AddressError::UserInformation),
            ("https://github.com\\.evil.dev", AddressError::Character),
            ("https://git\thub.com", AddressError::Character),
            ("https://github.com evil.dev", AddressError::Character),
            ("https://github%2ecom", AddressError::Character),
            ("https://gıthub.com", AddressError::Character),
            ("https:github.com", AddressError::NotAUrl),
            ("https:///github.com", AddressError::NotAUrl),
            ("https://", AddressError::NotAUrl),
            ("https://:443", AddressError::NotAUrl),
            ("https://.", AddressError::NotAUrl),
            ("https://github.com:99999", AddressError::NotAUrl),
            ("github.com", AddressError::NotAUrl),
            ("ftp://github.com", AddressError::NotAUrl),
            ("file:///etc/passwd", AddressError::NotAUrl),
            ("https://github.com/?x", AddressError::Query),
            ("https://github.com/#x", AddressError::Query),
            ("https://github.com/acme/infra", AddressError::Path),
            ("https://github.com/a/..", AddressError::Path),
            ("https://api.github.com", AddressError::IsApi),
            ("https://api.acme.ghe.com", AddressError::IsApi),
            ("https://ghe.acme.dev/api/v3", AddressError::IsApi),
            ("", AddressError::NotAUrl),
        ] {
            assert_eq!(github(url), Err(error), "{url}");
        }
        assert!(place(HostKind::GitHub, "http://ghe.acme.dev", None, true).is_ok());
    }

    #[test]
    fn bare_authorities_are_bare() {
        for (text, authority) in [
            ("github.com", "github.com"),
            ("GHE.acme.dev:8443", "ghe.acme.dev:8443"),
            (" ghe.acme.dev\n", "ghe.acme.dev"),
            ("127.0.0.1:8080", "127.0.0.1:8080"),
            ("[::1]:8080", "[::1]:8080"),
        ] {
            assert_eq!(bare_authority(text).as_deref(), Ok(authority), "{text}");
        }
        for text in [
            "",
            "https://ghe.acme.dev",
            "ghe.acme.dev/api",
            "ghe.acme.dev\\x",
            "ghe acme",
            "user@ghe.acme.dev",
            "ghe.acme.dev?x",
            "ghe.acme.dev#x",
            "a:b:c",
            "a%2eb",
            "é.dev",
            ":80",
            "[::1",
        ] {
            assert!(bare_authority(text).is_err(), "{text}");
        }
    }

    #[test]
    fn an_api_tells_its_web_address() {
        for (kind, api, web) in [
            (HostKind::GitHub, "https://api.github.com", "https://github.com"),
            (HostKind::GitHub, "https://api.acme.ghe.com/", "https://acme.ghe.com"),
            (HostKind::GitHub, "https://ghe.acme.dev/api/v3/", "https://ghe.acme.dev"),
            (HostKind::GitLab, "https://acme.dev/git/api/v4", "https://acme.dev/git"),
            (HostKind::BitbucketCloud, "https://api.bitbucket.org/2.0/", "https://bitbucket.org"),
        ] {
            assert_eq!(place_of_api(kind, api).map(|place| place.url).as_deref(), Ok(web), "{api}");
        }
        for api in ["https://ghe.acme.dev", "https://api.evil.dev", "https://api.evilghe.com", "https://a.dev/x/api/v3"]
        {
            assert_eq!(place_of_api(HostKind::GitHub, api), Err(AddressError::NotApi), "{api}");
        }
    }

    #[test]
    fn the_public_hosts_are_those_of_the_vocabulary() {
        for host in HOSTS {
            if let Some(url) = host.public_url {
                assert_eq!(public(host.kind).map(|place| place.url).as_deref(), Some(url));
            }
        }
        assert_eq!(public(HostKind::GitHub).unwrap().url, "https://github.com");
        assert_eq!(public(HostKind::BitbucketServer), None);
    }

    proptest! {
        /// What is accepted goes to the host that a reader sees in the text.
        #[test]
        fn accepted_addresses_say_where_they_go(text in "(https?:/?/?/?)?[a-z@:/.%\\\\\\[\\]?# \t-]{0,30}(github.com)?[a-z@:/.]{0,12}") {
            for kind in [HostKind::GitHub, HostKind::GitLab] {
                if let Ok(place) = place(kind, &text, None, false) {
                    let authority = place.authority.clone();
                    prop_assert!(text.to_lowercase().contains(&authority), "{} -> {}", text, place.url);
                    prop_assert!(!text.contains(['@', '\\', '%']));
                    prop_assert!(place.api.username().is_empty() && place.api.password().is_none());
                    prop_assert!(place.api.host_str().unwrap().ends_with(authority.split(':').next().unwrap()));
                }
            }
        }
    }
}
