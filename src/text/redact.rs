//! The redactor: knows each secret and masks it in every string on its way out.
//!
//! Whether an error echoes a URL, a server echoes a header or a command echoes its arguments: what is printed, written
//! or recorded passes here last.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD};
use zeroize::Zeroizing;

use super::secret::Secret;
use super::token_shape;

/// What stands in a secret's place. It has no character that JSON, XML or HTML would need to escape.
pub const MASK: &str = "***";

/// From this length on a secret is masked anywhere, inside words too.
const ANYWHERE: usize = 8;
/// From this length on a secret is masked where it stands as a word of its own.
const AS_WORD: usize = 4;
/// From this length on a secret is masked in any case of its letters: host names lose their case on the way, and so short
/// a text could match a common word.
const ANY_CASE: usize = 16;
/// Encoded forms shorter than this would match too much that is no secret.
const SHORTEST_ENCODED: usize = 8;
/// Lines of a key shorter than this (the last one) say nothing of it.
const SHORTEST_LINE: usize = 16;

/// Masks the secrets it was told of, in every form they may take on the way out, and whatever has the shape of a token.
///
/// The forms: verbatim; percent-encoded, JSON-escaped and HTML-escaped, whichever characters are (matched character by
/// character, so no spelling escapes it; a long one in any case of its letters); base64 and base64url at each of the three alignments that the secret can have
/// inside a longer text, which covers any `Basic` value; `Basic` values with their username; each line of a PEM key.
///
/// Short secrets must not turn the output to mush: one of four to seven bytes is masked only where it stands as a word
/// of its own, and one of less than four only as a whole authorisation (`Bearer …`, `Basic …`, `user:…`), because such
/// a secret is guessed faster than it is read from a report. A base64 text broken over several lines is found by whole
/// lines of PEM keys only.
#[derive(Clone, Default)]
pub struct Redactor {
    needles: Vec<Needle>,
}

/// One text to mask.
#[derive(Clone)]
struct Needle {
    text: Zeroizing<String>,
    /// Only where no letter or digit stands directly before or after.
    as_word: bool,
}

impl Needle {
    /// How its characters are compared.
    fn same(&self) -> fn(u8, u8) -> bool {
        if self.text.len() >= ANY_CASE { |a, b| a.eq_ignore_ascii_case(&b) } else { |a, b| a == b }
    }
}

impl fmt::Debug for Redactor {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Redactor({} forms, hidden)", self.needles.len())
    }
}

impl Redactor {
    /// A redactor that knows no secret yet, and masks token-shaped text only.
    pub fn new() -> Self {
        Self::default()
    }

    /// Learns a secret: a token, a password, a minted token, a key in PEM.
    pub fn add(&mut self, secret: &Secret) {
        let text = secret.expose();
        if text.len() < AS_WORD {
            for scheme in ["Bearer", "Basic", "token", "PRIVATE-TOKEN:", "JOB-TOKEN:"] {
                self.learn(format!("{scheme} {text}"), false);
            }
            return;
        }
        self.learn(text.to_owned(), text.len() < ANYWHERE);
        for shift in 0..3 {
            self.learn_encoded(aligned(text.as_bytes(), shift));
        }
        if text.contains('\n') {
            for line in text.lines().map(str::trim) {
                if line.len() >= SHORTEST_LINE && !line.starts_with("-----") {
                    self.learn(line.to_owned(), false);
                }
            }
        }
    }

    /// Learns a secret that is sent with a username: besides the secret itself the whole `Basic` value.
    pub fn add_basic(&mut self, user: &str, secret: &Secret) {
        self.add(secret);
        let pair = Zeroizing::new(format!("{user}:{}", secret.expose()));
        self.learn_encoded(STANDARD_NO_PAD.encode(pair.as_bytes()));
        self.learn(format!("Basic {}", STANDARD.encode(pair.as_bytes())), false);
        if !user.is_empty() {
            self.learn(pair.to_string(), true);
        }
    }

    /// The text with each secret, and each token-shaped part, masked. The rest stays byte for byte.
    pub fn redact(&self, text: &str) -> String {
        /// A mask can complete a secret that holds stars; nobody's secret needs more rounds.
        const ROUNDS: usize = 4;
        let mut masked = text.to_owned();
        for _ in 0..ROUNDS {
            let found = self.find(&masked);
            if found.is_empty() {
                return token_shape::mask(&masked).into_owned();
            }
            masked = replace(&masked, found);
        }
        // A secret that the mask itself brings back (`**`, say): better no text than that one.
        if self.find(&masked).is_empty() { token_shape::mask(&masked).into_owned() } else { MASK.to_owned() }
    }

    /// Both alphabets of a base64 text.
    fn learn_encoded(&mut self, standard: String) {
        if standard.len() < SHORTEST_ENCODED {
            return;
        }
        let url_safe = standard.replace('+', "-").replace('/', "_");
        if url_safe != standard {
            self.learn(url_safe, false);
        }
        self.learn(standard, false);
    }

    fn learn(&mut self, text: String, as_word: bool) {
        let text = Zeroizing::new(text);
        if !self.needles.iter().any(|have| have.text == text && have.as_word == as_word) {
            self.needles.push(Needle { text, as_word });
        }
    }

    /// Where secrets stand, as ranges in no order; they may overlap.
    fn find(&self, text: &str) -> Vec<(usize, usize)> {
        let mut found = Vec::new();
        for needle in &self.needles {
            let Some(first) = needle.text.as_bytes().first() else { continue };
            let same = needle.same();
            let mut at = 0;
            while let Some(start) = next_candidate(text.as_bytes(), at, *first, same) {
                at = start + 1;
                if let Some(end) = match_escaped(text, start, &needle.text, same)
                    && !(needle.as_word && inside_word(text, start, end))
                {
                    found.push((start, end));
                    at = end.max(at);
                }
            }
        }
        found
    }
}

/// Base64 of a secret that begins `shift` bytes after a group of three: the characters that the secret alone decides.
fn aligned(secret: &[u8], shift: usize) -> String {
    let mut padded = Zeroizing::new(vec![0; shift]);
    padded.extend_from_slice(secret);
    let encoded = STANDARD_NO_PAD.encode(padded.as_slice());
    let (from, to) = ((shift * 8).div_ceil(6), padded.len() * 8 / 6);
    encoded.get(from..to).unwrap_or("").to_owned()
}

/// The next place where a match can begin: the first byte itself, or the beginning of an escape.
fn next_candidate(text: &[u8], from: usize, first: u8, same: fn(u8, u8) -> bool) -> Option<usize> {
    let rest = text.get(from..)?;
    rest.iter().position(|byte| same(*byte, first) || matches!(byte, b'%' | b'\\' | b'&' | b'+')).map(|at| from + at)
}

/// How to read a character that is wanted as it stands and could also begin an escape: the `%` of `%25`.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Prefer {
    Plain,
    Escape,
}

/// The end of a match of `needle` at `start`, each of its characters written plainly or escaped.
fn match_escaped(text: &str, start: usize, needle: &str, same: fn(u8, u8) -> bool) -> Option<usize> {
    match_preferring(text, start, needle, Prefer::Plain, same)
        .or_else(|| match_preferring(text, start, needle, Prefer::Escape, same))
}

fn match_preferring(text: &str, start: usize, needle: &str, prefer: Prefer, same: fn(u8, u8) -> bool) -> Option<usize> {
    let mut at = start;
    let mut wanted = needle.as_bytes();
    while let Some((first, others)) = wanted.split_first() {
        let rest = text.as_bytes().get(at..)?;
        let plain = same(*rest.first()?, *first);
        let escaped = if plain && prefer == Prefer::Plain { None } else { match_one(rest, wanted) };
        match escaped {
            Some((length, matched)) => {
                at += length;
                wanted = wanted.get(matched..)?;
            }
            None if plain => {
                at += 1;
                wanted = others;
            }
            None => return None,
        }
    }
    Some(at)
}

/// An escape in the text that stands for the next bytes wanted: its length in the text, and how many bytes it stands for.
fn match_one(rest: &[u8], wanted: &[u8]) -> Option<(usize, usize)> {
    let first = *wanted.first()?;
    let stands_for = |length: usize, meaning: char| {
        let mut buffer = [0; 4];
        let meaning = meaning.encode_utf8(&mut buffer).as_bytes();
        wanted.starts_with(meaning).then_some((length, meaning.len()))
    };
    match rest.first()? {
        b'%' => hex(rest.get(1..3)?).and_then(|byte| (byte == u32::from(first)).then_some((3, 1))),
        b'+' => (first == b' ').then_some((1, 1)),
        b'\\' => match rest.get(1)? {
            b'u' => unicode_escape(rest).and_then(|(length, meaning)| stands_for(length, meaning)),
            b'n' => stands_for(2, '\n'),
            b'r' => stands_for(2, '\r'),
            b't' => stands_for(2, '\t'),
            b'b' => stands_for(2, '\u{8}'),
            b'f' => stands_for(2, '\u{c}'),
            other if other.is_ascii_punctuation() => stands_for(2, char::from(*other)),
            _ => None,
        },
        b'&' => entity(rest).and_then(|(length, meaning)| stands_for(length, meaning)),
        _ => None,
    }
}

fn hex(digits: &[u8]) -> Option<u32> {
    digits.iter().try_fold(0, |value: u32, digit| Some((value << 4) | char::from(*digit).to_digit(16)?))
}

/// `\u` and four digits, or two of them for a character beyond the first plane.
fn unicode_escape(rest: &[u8]) -> Option<(usize, char)> {
    let high = hex(rest.get(2..6)?)?;
    if let Some(character) = char::from_u32(high) {
        return Some((6, character));
    }
    let low = rest.get(6..8).filter(|start| *start == b"\\u").and_then(|_| hex(rest.get(8..12)?))?;
    if !(0xD800..0xDC00).contains(&high) || !(0xDC00..0xE000).contains(&low) {
        return None;
    }
    char::from_u32(0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00)).map(|character| (12, character))
}

/// `&amp;`, `&#39;`, `&#x27;`: what HTML and XML writers write.
fn entity(rest: &[u8]) -> Option<(usize, char)> {
    const LONGEST: usize = 10;
    let end = rest.iter().take(LONGEST).position(|byte| *byte == b';')?;
    let name = std::str::from_utf8(rest.get(1..end)?).ok()?;
    let meaning = match name {
        "amp" => '&',
        "lt" => '<',
        "gt" => '>',
        "quot" => '"',
        "apos" => '\'',
        _ => {
            let number = name.strip_prefix('#')?;
            let code = match number.strip_prefix(['x', 'X']) {
                Some(digits) => u32::from_str_radix(digits, 16).ok()?,
                None => number.parse().ok()?,
            };
            char::from_u32(code)?
        }
    };
    Some((end + 1, meaning))
}

/// Whether a letter or digit stands directly before or after.
fn inside_word(text: &str, start: usize, end: usize) -> bool {
    let before = text.get(..start).and_then(|before| before.chars().next_back());
    let after = text.get(end..).and_then(|after| after.chars().next());
    before.is_some_and(char::is_alphanumeric) || after.is_some_and(char::is_alphanumeric)
}

/// The text with one mask for each range; ranges that touch or overlap become one.
fn replace(text: &str, mut ranges: Vec<(usize, usize)>) -> String {
    ranges.sort_unstable();
    let mut joined: Vec<(usize, usize)> = Vec::new();
    for (start, end) in ranges {
        match joined.last_mut() {
            Some((_, until)) if start <= *until => *until = end.max(*until),
            _ => joined.push((start, end)),
        }
    }
    let mut masked = String::with_capacity(text.len());
    let mut done = 0;
    for (start, end) in joined {
        masked.push_str(text.get(done..start).unwrap_or(""));
        masked.push_str(MASK);
        done = end;
    }
    masked.push_str(text.get(done..).unwrap_or(""));
    masked
}

/// The value of a `Basic` authorisation, as clients write it; for tests of what must never be seen.
#[cfg(test)]
fn basic(user: &str, secret: &str) -> String {
    STANDARD.encode(format!("{user}:{secret}"))
}

#[cfg(test)]
mod tests {
    use base64::engine::general_purpose::URL_SAFE;
    use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
    use proptest::prelude::*;

    use super::*;

    fn redactor(secret: &str) -> Redactor {
        let mut redactor = Redactor::new();
        redactor.add(&Secret::token(secret).unwrap());
        redactor
    }

    #[test]
    fn a_long_secret_is_masked_in_any_case() {
        let text = ["ghp", &"Ax1".repeat(12)].join("_");
        let mut redactor = Redactor::new();
        redactor.add(&Secret::token(&text).unwrap());
        for text in [text.to_ascii_lowercase(), text.to_ascii_uppercase()] {
            assert_eq!(redactor.redact(&format!("https://{text}.example")), format!("https://{MASK}.example"));
        }
    }

    #[test]
    fn every_form_is_masked_and_the_rest_stays() {
        let secret = "pa/ss+w&rd é\"\\%7";
        let redactor = redactor(secret);
        let json = serde_json::to_string(secret).unwrap();
        let json = json.strip_prefix('"').and_then(|json| json.strip_suffix('"')).unwrap();
        for form in [
            secret.to_owned(),
            format!("Bearer {secret}"),
            utf8_percent_encode(secret, NON_ALPHANUMERIC).to_string(),
            utf8_percent_encode(secret, NON_ALPHANUMERIC).to_string().to_lowercase(),
            url::form_urlencoded::byte_serialize(secret.as_bytes()).collect(),
            json.to_owned(),
            json.replace('é', "\\u00e9").replace('/', "\\/"),
            secret.replace('&', "&amp;").replace('"', "&#34;"),
            secret.replace('&', "&#x26;").replace('"', "&quot;"),
        ] {
            let text = format!("before [{form}] after ü");
            let expected =
                if form.starts_with("Bearer") { "before [Bearer ***] after ü" } else { "before [***] after ü" };
            assert_eq!(redactor.redact(&text), expected, "{form}");
        }
    }

    #[test]
    fn basic_values_are_masked_whole_and_in_any_alignment() {
        let secret = "correct-horse?battery>staple~~";
        let mut with_user = Redactor::new();
        with_user.add_basic("atlantis-acme", &Secret::token(secret).unwrap());
        assert_eq!(
            with_user.redact(&format!("Authorization: Basic {}", basic("atlantis-acme", secret))),
            "Authorization: ***"
        );
        let alone = redactor(secret);
        for user in ["", "a", "ab", "abc", "abcd"] {
            for encoded in [basic(user, secret), URL_SAFE.encode(format!("{user}:{secret}"))] {
                let masked = alone.redact(&encoded);
                assert!(masked.contains(MASK), "{user}: {masked}");
                assert!(masked.len() < encoded.len() / 2, "{user}: {masked}");
            }
        }
    }

    #[test]
    fn short_secrets_do_not_turn_the_output_to_mush() {
        let word = redactor("repo");
        assert_eq!(word.redact("repository: repo, reports"), "repository: ***, reports");
        let tiny = redactor("ab");
        assert_eq!(tiny.redact("about Bearer ab"), "about ***");
        assert_eq!(tiny.redact("absent"), "absent");
        let mut basic_tiny = Redactor::new();
        basic_tiny.add_basic("bot", &Secret::token("ab").unwrap());
        assert_eq!(
            basic_tiny.redact(&format!("Basic {} https://bot:ab@host", basic("bot", "ab"))),
            "*** https://***@host"
        );
    }

    #[test]
    fn lines_of_a_key_are_masked_each() {
        let body = "MIIEowIBAAKCAQEAx1y2z3a4b5c6d7e8f9\nAbCdEf0123456789+/AbCdEf01234567";
        let key =
            Secret::key(&format!("-----BEGIN RSA PRIVATE KEY-----\n{body}\n-----END RSA PRIVATE KEY-----\n")).unwrap();
        let mut redactor = Redactor::new();
        redactor.add(&key);
        assert_eq!(redactor.redact("line AbCdEf0123456789+/AbCdEf01234567!"), "line ***!");
        assert!(!redactor.redact(key.expose()).contains("MIIE"));
        assert!(!redactor.redact(&serde_json::to_string(key.expose()).unwrap()).contains("MIIE"));
    }

    #[test]
    fn token_shaped_text_is_masked_unasked() {
        let token = ["ghp", &"x1".repeat(18)].join("_");
        assert_eq!(Redactor::new().redact(&format!("a {token} b")), format!("a ghp_{} b", "*".repeat(36)));
        assert_eq!(redactor(&token).redact(&format!("a {token} b")), "a *** b");
    }

    #[test]
    fn a_redactor_shows_nothing_of_its_secrets() {
        assert!(!format!("{:?}", redactor("hunter2hunter2")).contains("hunter2"));
    }

    #[test]
    fn a_secret_that_the_mask_brings_back_takes_the_whole_text() {
        assert_eq!(redactor("********").redact("x ******** y"), "x *** y");
        assert_eq!(redactor("a***bcdef").redact("aa***bcdefbcdef"), "***");
    }

    proptest! {
        #[test]
        fn no_output_holds_the_secret(
            secret in "[!-~é]{8,40}",
            before in "\\PC{0,30}",
            after in "\\PC{0,30}",
            user in "[a-z]{0,5}",
        ) {
            let known = redactor(&secret);
            let mut with_user = known.clone();
            with_user.add_basic(&user, &Secret::token(&secret).unwrap());
            let encoded = utf8_percent_encode(&secret, NON_ALPHANUMERIC).to_string();
            let json = serde_json::to_string(&secret).unwrap();
            let json = json.strip_prefix('"').and_then(|json| json.strip_suffix('"')).unwrap().to_owned();
            for form in [secret.clone(), encoded, json] {
                let masked = known.redact(&format!("{before}{form}{after}"));
                prop_assert!(!masked.contains(&form));
                prop_assert!(!masked.contains(&secret));
            }
            let pair = basic(&user, &secret);
            let masked = with_user.redact(&format!("{before}{pair}{after}"));
            prop_assert!(!masked.contains(&pair));
        }

        #[test]
        fn text_without_a_secret_stays(text in "[g-z \n:,]{0,200}") {
            prop_assert_eq!(redactor("SECRET-VALUE-0123").redact(&text), text);
        }

        #[test]
        fn any_text_is_safe(text in "\\PC{0,200}", secret in "[%\\\\&+ -~]{1,12}") {
            if let Ok(secret) = Secret::token(&secret) {
                let mut redactor = Redactor::new();
                redactor.add_basic("u", &secret);
                let _ = redactor.redact(&text);
            }
        }
    }
}
