//! The fast way and the plain way mask the same, whatever secrets and texts there are.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE};
use proptest::prelude::*;

use super::oracle::Oracle;
use crate::text::redact::Redactor;
use crate::text::secret::Secret;
use crate::vocabulary::token_shapes;

/// One way to write a character.
#[derive(Clone, Copy, Debug)]
enum Spelling {
    Plain,
    OtherCase,
    Percent,
    SmallPercent,
    Unicode,
    Backslash,
    Decimal,
    Hexadecimal,
    Named,
}

fn spelling() -> impl Strategy<Value = Spelling> {
    prop_oneof![
        6 => Just(Spelling::Plain),
        2 => Just(Spelling::OtherCase),
        1 => Just(Spelling::Percent),
        1 => Just(Spelling::SmallPercent),
        1 => Just(Spelling::Unicode),
        1 => Just(Spelling::Backslash),
        1 => Just(Spelling::Decimal),
        1 => Just(Spelling::Hexadecimal),
        1 => Just(Spelling::Named),
    ]
}

fn spelled(character: char, spelling: Spelling) -> String {
    let mut buffer = [0; 4];
    let bytes = character.encode_utf8(&mut buffer).as_bytes();
    match spelling {
        Spelling::Plain => character.to_string(),
        Spelling::OtherCase if character.is_ascii_lowercase() => character.to_ascii_uppercase().to_string(),
        Spelling::OtherCase => character.to_ascii_lowercase().to_string(),
        Spelling::Percent => bytes.iter().map(|byte| format!("%{byte:02X}")).collect(),
        Spelling::SmallPercent => bytes.iter().map(|byte| format!("%{byte:02x}")).collect(),
        Spelling::Unicode => character.encode_utf16(&mut [0; 2]).iter().map(|unit| format!("\\u{unit:04x}")).collect(),
        Spelling::Backslash => match character {
            '\n' => "\\n".to_owned(),
            ' ' => "+".to_owned(),
            other if other.is_ascii_punctuation() => format!("\\{other}"),
            other => other.to_string(),
        },
        Spelling::Decimal => format!("&#{};", u32::from(character)),
        Spelling::Hexadecimal => format!("&#x{:x};", u32::from(character)),
        Spelling::Named => match character {
            '&' => "&amp;".to_owned(),
            '<' => "&lt;".to_owned(),
            '"' => "&quot;".to_owned(),
            other => other.to_string(),
        },
    }
}

/// A part of a text: somebody's secret, whole or not, spelled anyhow, or anything else.
#[derive(Clone, Debug)]
enum Piece {
    Secret(prop::sample::Index, Vec<Spelling>),
    Beginning(prop::sample::Index, usize),
    Basic(prop::sample::Index, String, bool),
    Text(String),
}

fn piece() -> impl Strategy<Value = Piece> {
    let secret = || any::<prop::sample::Index>();
    prop_oneof![
        3 => (secret(), prop::collection::vec(spelling(), 1..6)).prop_map(|(at, how)| Piece::Secret(at, how)),
        1 => secret().prop_map(|at| Piece::Secret(at, vec![Spelling::Plain])),
        2 => (secret(), 0_usize..30).prop_map(|(at, length)| Piece::Beginning(at, length)),
        1 => (secret(), "[a-c]{0,4}", any::<bool>()).prop_map(|(at, user, url)| Piece::Basic(at, user, url)),
        2 => "[abAB*%+\\\\&;#x0-9 é\n\"-]{0,12}".prop_map(Piece::Text),
        1 => Just(Piece::Text("Basic ".to_owned())),
        1 => "\\PC{0,8}".prop_map(Piece::Text),
    ]
}

/// Secrets that begin alike, overlap, repeat and hold escapes themselves.
fn secrets() -> impl Strategy<Value = Vec<(String, Option<String>)>> {
    let text = prop_oneof![
        2 => "(ghp_|eyJhbGciOi|aaa|%25|\\\\|&amp;|\\+\\+)?[abAB%+\\\\&;#x0-3*\"é -]{1,24}",
        2 => "[abc]{1,20}",
        1 => "(ab|AB|a%62|%61b){1,9}",
        1 => "[!-~é漢🦀]{1,40}",
        1 => "-----BEGIN PRIVATE KEY-----\n[A-Za-z0-9+/]{16,20}\n[A-Za-z0-9+/]{0,20}\n-----END PRIVATE KEY-----",
        1 => "[0-9]{3,9}",
    ];
    prop::collection::vec((text, prop::option::of("[a-c]{0,4}")), 1..14)
}

/// What the pieces are together.
fn text(pieces: &[Piece], known: &[(String, Option<String>)]) -> String {
    let of = |at: &prop::sample::Index| at.get(known).0.as_str();
    let one = |piece: &Piece| match piece {
        Piece::Secret(at, how) => {
            of(at).chars().zip(how.iter().cycle()).map(|(character, how)| spelled(character, *how)).collect()
        }
        Piece::Beginning(at, length) => of(at).chars().take(*length).collect(),
        Piece::Basic(at, user, true) => URL_SAFE.encode(format!("{user}:{}", of(at))),
        Piece::Basic(at, user, false) => STANDARD.encode(format!("{user}:{}", of(at))),
        Piece::Text(text) => text.clone(),
    };
    pieces.iter().map(one).collect()
}

proptest! {
    #[test]
    fn the_same_is_masked(known in secrets(), pieces in prop::collection::vec(piece(), 0..12)) {
        let (mut plain, fast) = (Oracle::default(), Redactor::new(token_shapes()));
        for (text, user) in &known {
            let Ok(secret) = Secret::key(text).or_else(|_| Secret::token(text)) else { continue };
            match user {
                Some(user) => {
                    plain.add_basic(user, &secret);
                    fast.add_basic(user, &secret);
                }
                None => {
                    plain.add(&secret);
                    fast.add(&secret);
                }
            }
        }
        let text = text(&pieces, &known);
        prop_assert_eq!(fast.redact(&text), plain.redact(&text), "{:?} in {:?}", known, text);
    }
}

proptest! {
    /// What was found clean stays so until a secret is learnt, and not longer: texts that are seen again and again, and
    /// secrets that are learnt in between, mask as if each text were seen for the first time.
    #[test]
    fn texts_that_are_seen_again_are_masked_by_all_that_is_known_by_then(
        known in secrets(),
        pieces in prop::collection::vec(prop::collection::vec(piece(), 0..4), 1..6),
        others in prop::collection::vec("[a-z /.:-]{0,60}", 0..4),
    ) {
        let mut texts: Vec<String> = pieces.iter().map(|pieces| text(pieces, &known)).collect();
        texts.extend(others);
        texts.extend(known.iter().map(|(text, _)| format!("before {text} after")));
        let (mut plain, fast) = (Oracle::default(), Redactor::new(token_shapes()));
        let clone = fast.clone();
        for (secret, _) in &known {
            for text in &texts {
                let masked = plain.redact(text);
                prop_assert_eq!(fast.redact(text), masked.as_str(), "{:?}", text);
                prop_assert_eq!(clone.redact(text), masked.as_str(), "{:?} again", text);
            }
            let Ok(secret) = Secret::key(secret).or_else(|_| Secret::token(secret)) else { continue };
            plain.add(&secret);
            clone.add(&secret);
        }
        for text in &texts {
            prop_assert_eq!(fast.redact(text), plain.redact(text), "{:?} at the end", text);
        }
    }
}

#[test]
fn many_ways_to_read_a_place_are_given_up_and_mask_the_same() {
    let (mut plain, fast) = (Oracle::default(), Redactor::new(token_shapes()));
    for last in 0..16 {
        for beginning in ["\\".repeat(40), "%25".repeat(20), "+ ".repeat(20)] {
            let secret = Secret::token(&format!("{beginning}{last:02}")).unwrap();
            plain.add(&secret);
            fast.add(&secret);
        }
    }
    for text in ["\\".repeat(300), "%25".repeat(100), "+".repeat(200)] {
        for end in ["", "00", "15 and 07"] {
            let text = format!("{text}{end}");
            assert_eq!(fast.redact(&text), plain.redact(&text), "{text}");
        }
    }
}
