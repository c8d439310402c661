//! Addresses: where a credential may be sent, and which API belongs to a host's web address.
//!
//! Everything here refuses rather than guesses. A URL parser forgives (it drops tabs, turns backslashes round, hides
//! user information before an `@`), and each such kindness has sent secrets to the wrong host somewhere.

use url::{Host, Url};

use crate::vocabulary::HostKind;

/// A host: its kind, its web address and its API.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Place {
    pub(super) kind: HostKind,
    /// Without a trailing slash.
    pub(super) url: String,
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

/// How a kind of host is laid out.
struct Layout {
    /// The web address of the public host.
    public: Option<&'static str>,
    /// Whether the host can live below a path.
    subpath: bool,
    /// The API of a web address.
    api: fn(&Url) -> Result<Url, AddressError>,
    /// The web address of an API.
    web: fn(&Url) -> Option<Url>,
}

/// One row for each kind of host. Sources: the hosts' REST documentation and, for GitHub, the rule of `gh`.
const fn layout(kind: HostKind) -> Layout {
    match kind {
        HostKind::GitHub => {
            Layout { public: Some("https://github.com"), subpath: false, api: github_api, web: github_web }
        }
        HostKind::GitLab => Layout {
            public: Some("https://gitlab.com"),
            subpath: true,
            api: |web| Ok(below(web, "api/v4")),
            web: |api| above(api, "/api/v4"),
        },
        HostKind::BitbucketCloud => Layout {
            public: Some("https://bitbucket.org"),
            subpath: false,
            api: bitbucket_cloud_api,
            web: |api| parse("https://bitbucket.org").ok().filter(|_| is_bitbucket_cloud_api(api)),
        },
        HostKind::BitbucketServer => Layout {
            public: None,
            subpath: true,
            api: |web| Ok(below(web, "rest")),
            web: |api| above(api, "/rest").or_else(|| Some(api.clone())),
        },
    }
}

/// The public host of a kind, where there is one.
pub(super) fn public(kind: HostKind) -> Option<Place> {
    layout(kind).public.and_then(|url| place(kind, url, None, false).ok())
}

/// The host at a web address, with its API derived unless `api` gives it.
pub(super) fn place(kind: HostKind, web: &str, api: Option<&Url>, insecure: bool) -> Result<Place, AddressError> {
    let layout = layout(kind);
    let url = checked(web, insecure)?;
    if url.path() != "/" && !layout.subpath {
        return Err(if (layout.web)(&url).is_some() { AddressError::IsApi } else { AddressError::Path });
    }
    let is_api_host = url.host_str().is_some_and(|host| {
        host == "api.github.com"
            || host == "api.bitbucket.org"
            || (host.starts_with("api.") && host.ends_with(".ghe.com"))
    });
    if is_api_host || (url.path() != "/" && kind == HostKind::GitLab && (layout.web)(&url).is_some()) {
        return Err(AddressError::IsApi);
    }
    let api = match api {
        // Bots are often given its API without the version, where every request is forbidden.
        Some(api) if kind == HostKind::BitbucketCloud && api.host_str() == Some("api.bitbucket.org") => {
            parse("https://api.bitbucket.org/2.0")
                .ok()
                .filter(|_| is_bitbucket_cloud_api(api))
                .ok_or(AddressError::NotApi)?
        }
        Some(api) => api.clone(),
        None => (layout.api)(&url)?,
    };
    Ok(Place { kind, url: without_slash(&url), api })
}

/// The host at a bare host name.
pub(super) fn place_at(kind: HostKind, authority: &str) -> Result<Place, AddressError> {
    place(kind, &format!("https://{}", bare_authority(authority)?), None, false)
}

/// The host of an API's address.
pub(super) fn place_of_api(kind: HostKind, api: &str) -> Result<Place, AddressError> {
    let api = checked(api, false)?;
    let web = (layout(kind).web)(&api).ok_or(AddressError::NotApi)?;
    if kind == HostKind::BitbucketCloud {
        return place(kind, &without_slash(&web), None, false);
    }
    Ok(Place { kind, url: without_slash(&web), api })
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
pub(super) fn authority(url: &Url) -> String {
    let host = url.host_str().unwrap_or("").trim_end_matches('.');
    url.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"))
}

/// The authority of a [`Place::url`].
pub(super) fn authority_of(url: &str) -> String {
    parse(url).map_or_else(|_| String::new(), |url| authority(&url))
}

/// Whether a repository's name there can have more than two parts.
pub(super) const fn nests(kind: HostKind) -> bool {
    matches!(kind, HostKind::GitLab)
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

/// `github.com`, a tenant of GHE.com, or a GitHub Enterprise Server. The rule of `gh`.
fn github_api(web: &Url) -> Result<Url, AddressError> {
    let authority = authority(web);
    if authority == "github.com" {
        return parse(&format!("{}://api.github.com", web.scheme()));
    }
    if is_tenant(&authority) {
        return parse(&format!("{}://api.{authority}", web.scheme()));
    }
    Ok(below(web, "api/v3"))
}

fn github_web(api: &Url) -> Option<Url> {
    let authority = authority(api);
    if api.path() == "/" {
        let web = authority.strip_prefix("api.")?;
        return (web == "github.com" || is_tenant(web)).then(|| parse(&format!("{}://{web}", api.scheme())).ok())?;
    }
    above(api, "/api/v3").filter(|web| web.path() == "/")
}

/// Whether the authority is `TENANT.ghe.com`.
pub(super) fn is_tenant(authority: &str) -> bool {
    authority.strip_suffix(".ghe.com").is_some_and(|tenant| {
        !tenant.is_empty() && tenant.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
    })
}

/// Whether an address is that of the cloud's API, with or without its only version.
fn is_bitbucket_cloud_api(api: &Url) -> bool {
    authority(api) == "api.bitbucket.org"
        && api.scheme() == "https"
        && matches!(api.path().trim_end_matches('/'), "" | "/2.0")
}

fn bitbucket_cloud_api(web: &Url) -> Result<Url, AddressError> {
    if authority(web) == "bitbucket.org" {
        return parse("https://api.bitbucket.org/2.0");
    }
    if is_loopback(web) { Ok(below(web, "2.0")) } else { Err(AddressError::NoApi) }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::vocabulary::HOSTS;

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
                    let authority = authority_of(&place.url);
                    prop_assert!(text.to_lowercase().contains(&authority), "{} -> {}", text, place.url);
                    prop_assert!(!text.contains(['@', '\\', '%']));
                    prop_assert!(place.api.username().is_empty() && place.api.password().is_none());
                    prop_assert!(place.api.host_str().unwrap().ends_with(authority.split(':').next().unwrap()));
                }
            }
        }
    }
}
