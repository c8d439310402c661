//! What the text of a token tells of its kind, before anything is asked.

use super::place::Place;
use super::row::{CredentialKind, HostKind};
use super::token_text::{Times, TokenText};

/// What the text of a secret tells.
#[derive(Clone, Debug)]
pub struct Shape {
    /// The kinds that it may be of. Never empty.
    pub kinds: Vec<&'static CredentialKind>,
    /// How the kind is known, where it is one: `prefix ghp_ of the token`.
    pub evidence: Option<Place>,
    /// The number of the token's record, where the text holds it. It is no secret: hosts show it in lists.
    pub token_id: Option<String>,
    /// When the token was made and ends, as its text says.
    pub times: Times,
}

impl Shape {
    /// Nothing is told: it may be of each kind that can be asked with. A private key is no token, and is declared as such.
    pub fn unknown(host: HostKind) -> Self {
        let kinds = super::host(host).token_kinds().collect();
        Self { kinds, evidence: None, token_id: None, times: Times::default() }
    }

    /// What a text tells: by a prefix at its start, or after an instance's own prefix and a dash; else by its form.
    pub fn of(host: HostKind, text: &str) -> Self {
        let told = &super::host(host).token_text;
        let after_dashes = || {
            let longest = told.own_prefix?;
            let mut dashes = text.match_indices('-').take_while(|(at, _)| *at <= longest);
            dashes.find_map(|(at, _)| Self::by_prefix(host, text.get(at + 1..)?))
        };
        let mut shape =
            Self::by_prefix(host, text).or_else(after_dashes).unwrap_or_else(|| Self::by_form(host, told, text));
        shape.token_id = told.record_number.and_then(|read| read(text));
        shape.times = told.times.map_or_else(Times::default, |read| read(text));
        shape
    }

    /// By the longest prefix of the tables that the text begins with; several kinds may share it. `None` where none fits.
    fn by_prefix(host: HostKind, text: &str) -> Option<Self> {
        let kinds = super::host(host).kinds;
        let fitting = kinds
            .iter()
            .flat_map(|kind| kind.prefixes.iter().map(move |prefix| (*prefix, kind)))
            .filter(|(prefix, _)| text.starts_with(prefix));
        let (longest, _) = fitting.clone().max_by_key(|(prefix, _)| prefix.len())?;
        let kinds: Vec<_> = fitting.filter(|(prefix, _)| *prefix == longest).map(|(_, kind)| kind).collect();
        let evidence = (kinds.len() == 1).then_some(Place::TokenText(longest));
        Some(Self { kinds, evidence, token_id: None, times: Times::default() })
    }

    fn by_form(host: HostKind, told: &TokenText, text: &str) -> Self {
        let mut shape = Self::unknown(host);
        if let Some(form) = told.forms.iter().find(|form| form.fits(told, text)) {
            shape.kinds.retain(|kind| form.kinds.contains(&kind.word));
            shape.evidence = form.evidence.map(|text| Place::TokenShape(text.into()));
        }
        shape
    }
}

#[cfg(test)]
mod tests {
    use base64::Engine as _;

    use super::*;

    fn shape_of(text: &str) -> Shape {
        Shape::of(HostKind::BitbucketServer, text)
    }

    fn encoded(text: &[u8]) -> String {
        base64::engine::general_purpose::STANDARD.encode(text)
    }

    fn number(id: &str) -> Vec<u8> {
        [id.as_bytes(), b":", &[0xfb; 20]].concat()
    }

    fn words(text: &str) -> Vec<&'static str> {
        shape_of(text).kinds.iter().map(|kind| kind.word).collect()
    }

    #[test]
    fn read_first_2_a_token_contains_its_own_number() {
        let bare = encoded(&number("252973515069"));
        assert_eq!(bare.len(), 44);
        for text in [
            bare.clone(),
            format!("BBDC-{bare}"),
            bare.trim_end_matches('=').to_owned(),
            bare.replace('+', "-").replace('/', "_"),
        ] {
            assert_eq!(shape_of(&text).token_id.as_deref(), Some("252973515069"), "{text}");
            assert_eq!(words(&text), ["personal", "project", "repository"]);
        }
    }

    #[test]
    fn a_prefix_without_a_number_is_a_token_all_the_same() {
        for rest in ["", "x1x1x1x1x1x1x1x1x1x1x1x1x1x1x1x1x1x1x1x1x1x1", "@@@@"] {
            let shape = shape_of(&format!("BBDC-{rest}"));
            assert_eq!((shape.token_id, shape.kinds.len()), (None, 3));
        }
    }

    #[test]
    fn a_number_is_nine_to_thirteen_digits_before_a_colon_and_a_secret() {
        for (text, found) in [
            (number("12345678"), false),
            (number("123456789"), true),
            (number("1234567890123"), true),
            (number("12345678901234"), false),
            (number("12345678a"), false),
            (b"252973515069".to_vec(), false),
            (b"252973515069:".to_vec(), false),
            (b"252973515069:short".to_vec(), false),
        ] {
            assert_eq!(shape_of(&encoded(&text)).token_id.is_some(), found, "{text:?}");
        }
    }

    #[test]
    fn other_texts_are_open_and_never_taken_for_a_password() {
        for text in ["", "hunter2", "eyJhbGciOiJub25lIn0", "ü"] {
            assert_eq!(words(text), ["personal", "project", "repository", "oauth"], "{text}");
        }
    }
}
