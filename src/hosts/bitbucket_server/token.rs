//! What the text of an HTTP access token tells: that it is one, and the number of its record.

use base64::Engine as _;
use base64::alphabet;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use zeroize::Zeroizing;

use crate::hosts::Shape;
use crate::vocabulary::HostKind;

const PREFIX: &str = "BBDC-";

/// The kinds that a text may be of. Tokens begin with `BBDC-`; before that prefix came, they were bare base64 of the
/// record's number, a colon and 20 bytes. That what follows the prefix has the same layout is not known: where it has
/// not, there is no number. Anything else that is sent as Bearer is an OAuth token or none that is known here.
pub(super) fn shape_of(text: &str) -> Shape {
    let prefixed = text.strip_prefix(PREFIX);
    let token_id = record_number(prefixed.unwrap_or(text));
    let mut shape = Shape::unknown(HostKind::BitbucketServer);
    let is_token = prefixed.is_some() || token_id.is_some();
    // A password goes as Basic and is declared; no text tells that it is one.
    shape.kinds.retain(|kind| kind.word != "password" && !(is_token && kind.word == "oauth"));
    shape.token_id = token_id;
    shape
}

/// The digits before the first colon of what the text encodes.
fn record_number(text: &str) -> Option<String> {
    let config = GeneralPurposeConfig::new()
        .with_decode_padding_mode(DecodePaddingMode::Indifferent)
        .with_decode_allow_trailing_bits(true);
    let standard = Zeroizing::new(text.replace('-', "+").replace('_', "/"));
    let decoded =
        GeneralPurpose::new(&alphabet::STANDARD, config).decode(standard.as_bytes()).ok().map(Zeroizing::new)?;
    let colon = decoded.iter().position(|byte| *byte == b':')?;
    let digits = decoded.get(..colon)?;
    let is_number = (9..=13).contains(&digits.len()) && digits.iter().all(u8::is_ascii_digit);
    let rest = decoded.len().saturating_sub(colon + 1);
    (is_number && rest >= 16).then(|| String::from_utf8_lossy(digits).into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

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
