//! Redirects, by hand: a credential goes to the origin it was meant for and to no other.

use url::Url;

use crate::facts::{Answer, Failure};
use crate::text::secret::Secret;

/// The most hops of one request.
pub(super) const MOST_HOPS: u32 = 3;

/// What an answer says about going elsewhere.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Redirect {
    /// It is no redirect.
    No,
    /// Ask there instead; the same origin.
    Follow(Url),
    /// It is one that must not be followed.
    Refuse(Failure),
}

/// Reads a redirect: followed are 301, 302, 307 and 308 of a GET, within one origin, at most [`MOST_HOPS`] times.
pub(super) fn read(answer: &Answer, from: &Url, method: &str, hops: u32, secret: Option<&Secret>) -> Redirect {
    let status = answer.status;
    if !matches!(status, 301 | 302 | 303 | 307 | 308) {
        return Redirect::No;
    }
    let refuse = |text: String| Redirect::Refuse(Failure::Redirect(text));
    if status == 303 || method != "GET" {
        return refuse(format!("the host answered {method} with a redirect ({status}), which is not followed"));
    }
    if hops >= MOST_HOPS {
        return refuse(format!("the host redirected more than {MOST_HOPS} times ({status})"));
    }
    let mut locations = answer.headers.iter().filter(|(name, _)| name == "location");
    let (Some((_, location)), None) = (locations.next(), locations.next()) else {
        return refuse(format!("the host redirected ({status}) without saying where to"));
    };
    let Ok(mut next) = from.join(location) else {
        return refuse(format!("the host redirected ({status}) to something that is not a URL"));
    };
    if next.origin() != from.origin() {
        let place = shown(&next, secret).map_or_else(|| "another host".into(), |origin| format!("`{origin}`"));
        return refuse(format!(
            "the host redirected ({status}) to {place}; a credential is not sent on to another origin"
        ));
    }
    if !next.username().is_empty() || next.password().is_some() {
        return refuse(format!("the host redirected ({status}) to a URL with user information in it"));
    }
    next.set_fragment(None);
    Redirect::Follow(next)
}

/// The origin of a URL that a server chose, where it is fit to be shown: a server may well put the secret it was sent
/// into a host name, where lower case hides it from an exact search.
fn shown(url: &Url, secret: Option<&Secret>) -> Option<String> {
    if !matches!(url.scheme(), "http" | "https") {
        return None;
    }
    let origin = url.origin().ascii_serialization();
    let letters = |text: &str| -> String {
        text.chars().filter(char::is_ascii_alphanumeric).map(|letter| letter.to_ascii_lowercase()).collect()
    };
    let (place, secret) = (letters(&origin), letters(secret.map_or("", Secret::expose)));
    // Any long enough piece of the secret is too much; short secrets would match by chance.
    let piece = secret.len().clamp(1, 12);
    let leaks = secret.as_bytes().windows(piece).any(|part| place.as_bytes().windows(piece).any(|at| at == part));
    (origin.len() <= 100 && !leaks).then_some(origin)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn secret() -> Secret {
        Secret::token(&["ghp", &"Ax1".repeat(12)].join("_")).unwrap()
    }

    fn from(status: u16, locations: &[&str], method: &str, hops: u32) -> Redirect {
        let answer = Answer {
            status,
            headers: locations.iter().map(|location| ("location".to_owned(), (*location).to_owned())).collect(),
            body: Vec::new(),
            at: "2026-11-23T12:00:00Z".parse().unwrap(),
        };
        read(&answer, &Url::parse("https://git.acme.dev/api/repos/a/b").unwrap(), method, hops, Some(&secret()))
    }

    fn followed(location: &str) -> Option<String> {
        match from(301, &[location], "GET", 0) {
            Redirect::Follow(url) => Some(url.into()),
            Redirect::Refuse(_) => None,
            Redirect::No => panic!("a 301 is a redirect"),
        }
    }

    #[test]
    fn only_the_same_origin_is_followed() {
        for (location, expected) in [
            ("/api/repositories/1", Some("https://git.acme.dev/api/repositories/1")),
            ("https://git.acme.dev:443/x#part", Some("https://git.acme.dev/x")),
            ("https://GIT.acme.dev/x", Some("https://git.acme.dev/x")),
            ("../../c", Some("https://git.acme.dev/api/c")),
            ("http://git.acme.dev/x", None),
            ("https://git.acme.dev:8443/x", None),
            ("https://api.git.acme.dev/x", None),
            ("//evil.example/x", None),
            ("\\\\evil.example/x", None),
            ("https://git.acme.dev@evil.example/", None),
            ("https://user:pass@git.acme.dev/x", None),
            ("javascript:alert(1)", None),
            ("file:///etc/passwd", None),
            ("https://", None),
        ] {
            assert_eq!(followed(location).as_deref(), expected, "{location}");
        }
    }

    #[test]
    fn other_redirects_are_refused_and_other_answers_are_none() {
        for (status, locations, method, hops) in [
            (303, &["/x"] as &[_], "GET", 0),
            (307, &["/x"], "POST", 0),
            (302, &["/x"], "GET", MOST_HOPS),
            (302, &[], "GET", 0),
            (302, &["/x", "/y"], "GET", 0),
        ] {
            assert!(matches!(from(status, locations, method, hops), Redirect::Refuse(_)), "{status} {method} {hops}");
        }
        for status in [200, 300, 304, 305, 404] {
            assert_eq!(from(status, &["/x"], "GET", 0), Redirect::No);
        }
    }

    #[test]
    fn the_words_name_the_origin_but_never_the_secret() {
        let text = |location: &str| match from(302, &[location], "GET", 0) {
            Redirect::Refuse(failure) => failure.to_string(),
            other => panic!("{other:?}"),
        };
        assert_eq!(
            text("https://sso.example/login?next=%2F"),
            "the host redirected (302) to `https://sso.example`; a credential is not sent on to another origin"
        );
        let token = secret();
        for location in [
            format!("https://{}.evil.example/", token.expose()),
            format!("https://x{}.evil.example/", token.expose().replace('_', "-")),
            format!("https://{}.evil.example/", token.expose().get(4..20).unwrap()),
            format!("https://evil.example/{}", token.expose()),
            format!("https://{}@evil.example/", token.expose()),
        ] {
            let text = text(&location).to_lowercase();
            assert!(!text.contains("ax1ax1"), "{text}");
        }
    }
}
