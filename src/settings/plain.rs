//! What a text may be shown for: a name, a path, an address, which a secret in the wrong place is not.
//!
//! People write a password where the name of its variable should stand. So a value is shown only where its looks, or
//! what the system says of it, rule a secret out. Whoever reads a message has the file, and does without the value.

use super::address;
use crate::text::nearest;
use crate::vocabulary::{self, HOSTS};

/// The most letters of a word that people write.
const LONGEST_WORD: usize = 20;
/// The most bytes of a key that settings do not have.
const LONGEST_KEY: usize = 32;

/// Whether a key may be shown that settings do not have: a word, or several, in small letters.
pub(super) fn key(text: &str) -> bool {
    let small = |byte: u8| byte.is_ascii_lowercase() || matches!(byte, b'_' | b'-');
    text.len() <= LONGEST_KEY && text.bytes().next().is_some_and(|first| first.is_ascii_lowercase()) && {
        text.bytes().all(small) && has_no_token(text)
    }
}

/// Whether a word may be shown that should be one of `words`: it is one, or a slip of one.
pub(super) fn word<'a>(text: &str, words: impl IntoIterator<Item = &'a str>) -> bool {
    nearest::nearest(text, words).is_some() && has_no_token(text)
}

/// The words for kinds of hosts, and for products of one.
pub(super) fn host_words() -> impl Iterator<Item = &'static str> + Clone {
    let of_products = HOSTS.iter().flat_map(|host| host.products).map(|product| product.word);
    HOSTS.iter().map(|host| host.word).chain(of_products)
}

/// Whether this is the name of a variable as people name one: words in capitals, with few digits at their ends.
pub(super) fn variable(text: &str) -> bool {
    let several = text.contains('_');
    let part = |part: &str| {
        let letters = part.trim_end_matches(|end: char| end.is_ascii_digit());
        let digits = part.len() - letters.len();
        let capital = letters.bytes().all(|byte| byte.is_ascii_uppercase());
        // `K8S_TOKEN`, `E2E_TOKEN`.
        let short = several && part.len() <= 4 && part.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit());
        short || (capital && letters.len() <= LONGEST_WORD && digits <= if several { 2 } else { 0 })
    };
    text.len() <= 64 && text.split('_').all(part) && text.bytes().any(|byte| byte.is_ascii_uppercase())
}

/// Whether this is written as a path: from a root or a folder, or of several words. A word alone could be a password.
pub(super) fn path(text: &str) -> bool {
    let rooted = ["/", "./", "../", "~/"].iter().any(|start| text.starts_with(start));
    let parts = || text.split(['/', '.', '_', '-', '~']).filter(|part| !part.is_empty());
    let words = parts().all(is_word) && (rooted || parts().nth(1).is_some());
    let nested = rooted && text.bytes().filter(|byte| *byte == b'/').count() > 1 && !text.contains(['@', '?', '=']);
    (words || nested) && has_no_token(text)
}

/// Whether this is a program's name: a path, or a word or two in small letters.
pub(super) fn program(text: &str) -> bool {
    (key(text) && text.split(['-', '_']).all(is_word)) || (text.contains('/') && path(text))
}

/// How much of an address may be shown, from its start: none, its host, or all of it. A path is shown only where it is
/// one that APIs lie at.
pub(super) fn address(text: &str) -> usize {
    if address::api(text, true).is_err() || !has_no_token(text) {
        return 0;
    }
    let Some(start) = text.find("://").map(|at| at + 3) else { return 0 };
    let rest = text.get(start..).unwrap_or("");
    let host = rest.split('/').next().unwrap_or("");
    let is_host = host.contains(['.', '[']) || host.split(':').next() == Some("localhost");
    let path = rest.get(host.len()..).unwrap_or("").trim_matches('/');
    let of_api = path.is_empty() || HOSTS.iter().any(|of| of.addresses.elsewhere.api_path.trim_matches('/') == path);
    match (is_host, of_api) {
        (false, _) => 0,
        (true, true) => text.len(),
        (true, false) => start + host.len(),
    }
}

/// Whether a text is a number of days or the like, or a date: what inputs hold, and too short to be anything else.
pub(super) fn amount(text: &str) -> bool {
    let digits = text.trim_end_matches(['s', 'm', 'h', 'd', 'w']);
    text.len() - digits.len() <= 1 && digits.len() <= 4 && digits.bytes().all(|byte| byte.is_ascii_digit())
}

/// Letters of one case, or with a capital, and at most two digits at their end; or a short number.
fn is_word(text: &str) -> bool {
    let letters = text.trim_end_matches(|end: char| end.is_ascii_digit());
    let digits = text.len() - letters.len();
    let mut bytes = letters.bytes();
    let first = bytes.next();
    let rest = letters.get(1..).unwrap_or("");
    let one_case =
        rest.bytes().all(|byte| byte.is_ascii_lowercase()) || letters.bytes().all(|byte| byte.is_ascii_uppercase());
    match first {
        None => digits <= 4,
        Some(first) => first.is_ascii_alphabetic() && one_case && letters.len() <= LONGEST_WORD && digits <= 2,
    }
}

/// Whether nothing in the text has the shape of a token.
pub(super) fn has_no_token(text: &str) -> bool {
    vocabulary::token_shapes().find(text).is_empty()
}

#[cfg(test)]
mod tests {
    use super::super::families::FAMILIES;
    use super::*;

    #[test]
    fn names_of_variables_are_told_from_passwords_and_old_tokens() {
        for family in FAMILIES {
            assert!(family.tokens.iter().all(|token| variable(token.name())), "{}", family.name);
        }
        for name in ["BOT", "TOKEN", "RN_GH", "K8S_TOKEN", "OAUTH2_TOKEN", "ATLANTIS_GH_TOKEN_2", "_TOKEN"] {
            assert!(variable(name), "{name}");
        }
        for secret in [
            "hunter2",
            "HUNTER2",
            "Sup3rS3cret",
            "correct_horse",
            "a94a8fe5ccb19ba61c4c0873d391e987982fbbd3",
            "JBSWY3DPEHPK3PXP",
            "A94A8FE5CCB19BA61C4C0873D391E987982FBBD3",
            "Bot_Token_xY9",
            "___",
        ] {
            assert!(!variable(secret), "{secret}");
        }
    }

    #[test]
    fn paths_and_programs_are_told_from_passwords() {
        for name in ["/run/secrets/bot-token", "./token", "secrets/token", "../x/key.pem", "token.txt", "/t/x9Y-1/k"] {
            assert!(path(name), "{name}");
        }
        for secret in ["hunter2", "correcthorse", "a94a8fe5ccb19b", "Ab/9xKq2T+z", "bot:hunter2/x", "/xK9q2"] {
            assert!(!path(secret), "{secret}");
        }
        assert!(["op", "secret-tool", "/usr/bin/op", "./get-token"].iter().all(|name| program(name)));
        assert!(["hunter2", "S3cret", "xK9/q2"].iter().all(|name| !program(name)));
    }

    #[test]
    fn of_an_address_what_can_hold_no_secret_is_shown() {
        let shown = |text: &'static str| text.get(..address(text)).unwrap();
        assert_eq!(shown("https://ghe.acme.dev/api/v3"), "https://ghe.acme.dev/api/v3");
        assert_eq!(shown("http://localhost:80/"), "http://localhost:80/");
        assert_eq!(shown("https://git.acme.dev/hunter2"), "https://git.acme.dev");
        for secret in [
            "https://bot:hunter2@ghe.acme.dev",
            "https://ghe.acme.dev?private_token=hunter2",
            "https://ghe.acme.dev/#hunter2",
            "https://hunter2",
            "hunter2",
            "ghe.acme.dev",
        ] {
            assert_eq!(shown(secret), "", "{secret}");
        }
    }
}
