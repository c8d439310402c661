//! A web address as a host said it: compared as it is, and shown without what may hold a secret.

use std::fmt;

use url::Url;

use super::chat::keeps_a_secret_in_its_path;

/// What stands where a part of an address is left out.
pub(in crate::facts) const STARS: &str = "***";

/// A web address.
#[derive(Clone, PartialEq, Eq)]
pub struct WebAddress {
    said: String,
    withheld: bool,
}

impl WebAddress {
    /// An address as a host, or a record of its answer, has it. Stars stand where a part is withheld.
    pub fn new(said: impl Into<String>) -> Self {
        let said = said.into();
        Self { withheld: said.contains(STARS), said }
    }

    /// An address in which the host masks values as `{name}`.
    pub fn with_masks(said: impl Into<String>) -> Self {
        let said = said.into();
        let is_masked = said.split_once('{').is_some_and(|(_, rest)| rest.contains('}'));
        Self { withheld: is_masked || said.contains(STARS), said }
    }

    /// An address that may be a secret whole: scheme and host of it, with stars for the rest.
    pub fn host_of(said: &str) -> Self {
        let origin = Url::parse(said).map(|url| url.origin()).ok().filter(url::Origin::is_tuple);
        let said =
            origin.map_or_else(|| STARS.to_owned(), |origin| format!("{}/{STARS}", origin.ascii_serialization()));
        Self { withheld: true, said }
    }

    /// The address without the parts that may not be shown, as far as they are known.
    pub(in crate::facts) fn into_said(self) -> String {
        self.said
    }

    /// The whole address, for comparing it; `None` where a part of it is withheld.
    pub fn whole(&self) -> Option<&str> {
        (!self.withheld).then_some(self.said.as_str())
    }
}

impl fmt::Display for WebAddress {
    /// Without the values of user information, query and fragment, which may be secrets, and of the path where the service
    /// keeps one in it; stars stand for each.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (scheme, rest) = match self.said.split_once("://") {
            Some((scheme, rest)) => (format!("{scheme}://"), rest),
            None => (String::new(), self.said.as_str()),
        };
        let end = rest.find(['/', '?', '#', '\\']).unwrap_or(rest.len());
        let (authority, path) = rest.split_at_checked(end).unwrap_or((rest, ""));
        formatter.write_str(&scheme)?;
        let host = match authority.rsplit_once('@') {
            Some((_, host)) => {
                write!(formatter, "{STARS}@{host}")?;
                host
            }
            None => {
                formatter.write_str(authority)?;
                authority
            }
        };
        if path.len() > 1 && keeps_a_secret_in_its_path(host) {
            return write!(formatter, "/{STARS}");
        }
        match path.find(['?', '#']).and_then(|at| path.split_at_checked(at)) {
            Some((path, rest)) => write!(formatter, "{path}{}{STARS}", if rest.starts_with('?') { '?' } else { '#' }),
            None => formatter.write_str(path),
        }
    }
}

impl fmt::Debug for WebAddress {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "WebAddress({self})")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_shown_without_what_may_be_secret() {
        for (said, shown) in [
            ("http://foobar.com", "http://foobar.com"),
            ("HTTPS://Foo.example:443/Events/", "HTTPS://Foo.example:443/Events/"),
            ("https://me:pw@plan.acme.dev/events?token=pw#x", "https://***@plan.acme.dev/events?***"),
            ("https://a@b:pw@h?x", "https://***@h?***"),
            ("https://h/e#frag?ment", "https://h/e#***"),
            ("https://h/@scope", "https://h/@scope"),
            ("me:pw@h/e?x", "***@h/e?***"),
            ("https://hooks.slack.com/services/T0/B0/pw", "https://hooks.slack.com/***"),
            ("https://Discord.com:443/api/webhooks/1/pw?wait=true", "https://Discord.com:443/***"),
            ("https://hooks.slack.com/", "https://hooks.slack.com/"),
            ("no address", "no address"),
            ("", ""),
        ] {
            let address = WebAddress::new(said);
            assert_eq!(address.to_string(), shown, "{said}");
            assert_eq!(address.whole(), Some(said));
            assert!(!format!("{address:?}").contains("pw"));
        }
    }

    #[test]
    fn an_address_of_which_a_part_is_withheld_is_not_compared() {
        for said in ["https://***@h/e", "https://h/e?token=***", "https://h/e?token=********"] {
            assert_eq!(WebAddress::new(said).whole(), None, "{said}");
        }
        for (said, host) in [
            ("https://u:p@hooks.acme.dev:8443/x?y#z", "https://hooks.acme.dev:8443/***"),
            ("https://hooks.acme.dev/***", "https://hooks.acme.dev/***"),
            ("mailto:secret", "***"),
            ("secret", "***"),
        ] {
            let address = WebAddress::host_of(said);
            assert_eq!((address.whole(), address.to_string().as_str()), (None, host), "{said}");
        }
        assert_eq!(WebAddress::with_masks("https://h/{path}?key={value}").whole(), None);
        assert!(WebAddress::with_masks("https://h/path").whole().is_some());
    }
}
