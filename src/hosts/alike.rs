//! What all hosts answer alike, read once: too many requests, server errors, redirects, and bodies that are none of theirs.

use serde_json::Value as Json;

use crate::facts::{Answer, Cause, Unknown};
use crate::text::strict_json;
use crate::vocabulary::headers::CONTENT_TYPE;

/// Why a body is not the JSON that a host sends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Foreign {
    /// A page for people: a sign-on page, or a proxy's.
    Page,
    /// Nothing.
    Empty,
    /// It begins as JSON does, and breaks off.
    Cut,
    /// Anything else: JSON in which a name stands twice, too.
    Other,
}

/// The JSON of an answer's body.
///
/// # Errors
/// What it is instead.
pub(super) fn json(answer: &Answer) -> Result<Json, Foreign> {
    strict_json::parse(&answer.body).map_err(|error| {
        let begin = answer.body.iter().find(|byte| !byte.is_ascii_whitespace());
        let is_page = answer.header(CONTENT_TYPE).is_some_and(|text| text.trim_start().starts_with("text/html"));
        match begin {
            None => Foreign::Empty,
            Some(b'<') => Foreign::Page,
            _ if is_page => Foreign::Page,
            Some(b'{' | b'[') if error.is_eof() => Foreign::Cut,
            Some(_) => Foreign::Other,
        }
    })
}

/// Why a 200 that is no JSON of the host's tells nothing. A record keeps no such body, so that a page for people and a broken
/// document are told alike.
pub(super) fn not_json(host: &str) -> Unknown {
    let reason = format!(
        "the answer is not the JSON that {host} sends: a sign-on page or a proxy may have answered in its place"
    );
    Unknown::new(Cause::Malformed, reason)
}

/// Why an answer says nothing about what was asked, whoever's it is; `None` where its host's own words count. `host` is
/// the name that people say.
pub(super) fn unanswered(answer: &Answer, host: &str) -> Option<Unknown> {
    let not_reachable = |reason: String| Some(Unknown::new(Cause::NotReachable, reason));
    match answer.status {
        407 => not_reachable("a proxy before the host asks for a user and a password of its own (407)".to_owned()),
        429 => not_reachable(format!("{host} answers that there are too many requests (429)")),
        300..=399 => not_reachable(format!("{host} answers with a redirect that was not followed")),
        status @ 500..=599 => not_reachable(format!("{host} answers with a server error ({status})")),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(status: u16, kind: &str, body: &str) -> Answer {
        let headers = vec![("content-type".to_owned(), kind.to_owned())];
        Answer { status, headers, body: body.into(), at: jiff::Timestamp::UNIX_EPOCH }
    }

    #[test]
    fn a_body_that_is_no_json_says_what_it_is() {
        let what = |kind: &str, body: &str| json(&answer(200, kind, body)).unwrap_err();
        assert_eq!(what("application/json", ""), Foreign::Empty);
        assert_eq!(what("application/json", " \n"), Foreign::Empty);
        assert_eq!(what("application/json", "<!doctype html>"), Foreign::Page);
        assert_eq!(what("text/html; charset=utf-8", "Sign in"), Foreign::Page);
        assert_eq!(what("application/json", "[{\"id\": 1}, {\"i"), Foreign::Cut);
        assert_eq!(what("application/json", "{\"id\": 1}}"), Foreign::Other);
        assert_eq!(what("application/json", "\u{feff}{}"), Foreign::Other);
        assert_eq!(what("application/json", r#"{"login": "a", "login": "b"}"#), Foreign::Other);
        assert!(json(&answer(200, "text/html", "[]")).is_ok());
    }

    #[test]
    fn waiting_redirects_and_server_errors_decide_nothing() {
        let unanswered = |status| unanswered(&answer(status, "", ""), "Acme").map(|unknown| unknown.reason);
        assert_eq!(unanswered(429).as_deref(), Some("Acme answers that there are too many requests (429)"));
        assert!(unanswered(407).unwrap().starts_with("a proxy before the host asks"));
        assert_eq!(unanswered(302).as_deref(), Some("Acme answers with a redirect that was not followed"));
        assert_eq!(unanswered(502).as_deref(), Some("Acme answers with a server error (502)"));
        for own in [200, 203, 400, 401, 403, 404, 410, 422] {
            assert_eq!(unanswered(own), None, "{own}");
        }
    }
}
