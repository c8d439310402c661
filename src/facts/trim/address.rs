//! The secrets of URLs in a host's texts: user information, the values of query parameters that carry secrets, and the
//! paths of services that keep a secret there.

use std::borrow::Cow;

use crate::facts::address::STARS;
use crate::facts::chat::keeps_a_secret_in_its_path;

/// Query parameters that carry secrets, as hosts and their integrations name them.
const SECRET_PARAMETERS: [&str; 18] = [
    "access_token",
    "api_key",
    "apikey",
    "auth",
    "auth_token",
    "client_secret",
    "code",
    "job_token",
    "key",
    "passwd",
    "password",
    "private_token",
    "pwd",
    "rss_token",
    "secret",
    "sig",
    "signature",
    "token",
];

/// A text whose URLs have stars for user information and for the values of secret query parameters. The rest is unchanged.
pub(super) fn without_secrets(text: &str) -> Cow<'_, str> {
    if !text.contains("://") {
        return Cow::Borrowed(text);
    }
    let mut clean = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("://") {
        clean.push_str(before);
        clean.push_str("://");
        let end = after.find(|letter: char| letter.is_whitespace() || matches!(letter, '"' | '\'' | '<' | '>'));
        let (url, beyond) = after.split_at_checked(end.unwrap_or(after.len())).unwrap_or((after, ""));
        // A URL inside a URL is cleaned in the next round.
        let (url, inner) = url.find("://").and_then(|at| url.split_at_checked(at)).unwrap_or((url, ""));
        let at = url.find(['/', '?', '#', '\\']).unwrap_or(url.len());
        let (authority, path) = url.split_at_checked(at).unwrap_or((url, ""));
        let host = match authority.rsplit_once('@') {
            Some((_, host)) => {
                clean.extend([STARS, "@", host]);
                host
            }
            None => {
                clean.push_str(authority);
                authority
            }
        };
        match path.split_once('?') {
            _ if path.len() > 1 && keeps_a_secret_in_its_path(host) => clean.extend(["/", STARS]),
            None => clean.push_str(path),
            Some((path, query)) => {
                clean.push_str(path);
                for (number, parameter) in query.split_inclusive(['&', '#', ';']).enumerate() {
                    clean.push_str(if number == 0 { "?" } else { "" });
                    clean.push_str(&without_value(parameter));
                }
            }
        }
        let left = inner.len() + beyond.len();
        rest = after.get(after.len() - left..).unwrap_or_default();
    }
    clean.push_str(rest);
    if clean == text { Cow::Borrowed(text) } else { Cow::Owned(clean) }
}

/// A query parameter, with its separator, without its value where that is secret.
fn without_value(parameter: &str) -> Cow<'_, str> {
    let bare = parameter.trim_end_matches(['&', '#', ';']);
    let Some((name, _)) = bare.split_once('=') else { return Cow::Borrowed(parameter) };
    if !SECRET_PARAMETERS.iter().any(|secret| secret.eq_ignore_ascii_case(name)) {
        return Cow::Borrowed(parameter);
    }
    let separator = parameter.get(bare.len()..).unwrap_or_default();
    Cow::Owned(format!("{name}={STARS}{separator}"))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn urls_lose_their_secrets_and_nothing_else() {
        for (text, clean) in [
            ("https://user:zzz@mirror.acme.dev/a?b=c", "https://***@mirror.acme.dev/a?b=c"),
            ("https://a@b:zzz@mirror.acme.dev", "https://***@mirror.acme.dev"),
            (
                "see ssh://git:zzz@h/x and https://h/y?token=zzz&page=2#top",
                "see ssh://***@h/x and https://h/y?token=***&page=2#top",
            ),
            ("https://h/?TOKEN=zzz", "https://h/?TOKEN=***"),
            ("https://h/r?to=https://u:zzz@i/?secret=zzz", "https://h/r?to=https://***@i/?secret=***"),
            (
                "<https://h/x?page=2>; rel=\"next\", <https://h/x?key=zzz>; rel=\"last\"",
                "<https://h/x?page=2>; rel=\"next\", <https://h/x?key=***>; rel=\"last\"",
            ),
            ("hook https://hooks.slack.com/services/T0/zzz?a=b rest", "hook https://hooks.slack.com/*** rest"),
            ("mail a@b.example :// é", "mail a@b.example :// é"),
            ("https://h/@scope/name?q=a@b", "https://h/@scope/name?q=a@b"),
            ("://", "://"),
        ] {
            assert_eq!(without_secrets(text), clean, "{text}");
        }
    }

    proptest! {
        #[test]
        fn cleaning_a_text_never_fails_and_is_final(text in "([a-z:/@?&=#é ]|://|token=){0,30}") {
            let once = without_secrets(&text).into_owned();
            prop_assert_eq!(without_secrets(&once), once.as_str());
        }
    }
}
