//! The plain way to redact: the whole text for each form of each secret. Slow, and what the fast way must agree with.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD};
use zeroize::Zeroizing;

use crate::text::redact::{MASK, encoded};
use crate::text::secret::Secret;
use crate::vocabulary::token_shapes;

/// From this length on a secret is masked anywhere, inside words too.
const ANYWHERE: usize = 8;
/// From this length on a secret is masked where it stands as a word of its own.
const AS_WORD: usize = 4;
/// From this length on a secret is masked in any case of its letters: host names lose their case on the way, and so short
/// a text could match a common word.
const ANY_CASE: usize = 16;
/// Encoded forms shorter than this would match too much that is no secret.
const SHORTEST_ENCODED: usize = 8;
/// What follows a token's prefix and is shorter than this could be a word.
const SHORTEST_REST: usize = 12;
/// What follows the last underscore of a token is a secret by itself from this length on.
const SHORTEST_PART: usize = 32;
/// Lines of a key shorter than this (the last one) say nothing of it.
const SHORTEST_LINE: usize = 16;

/// Masks what [`Redactor`](super::Redactor) must mask, in the same places.
#[derive(Clone, Default)]
pub(super) struct Oracle {
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

impl Oracle {
    /// Learns a secret: a token, a password, a minted token, a key in PEM.
    pub(super) fn add(&mut self, secret: &Secret) {
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
        if let Some(shape) = token_shapes().of(text)
            && let Some((_, rest)) = text.split_once(shape.prefix)
            && rest.len() >= SHORTEST_REST
        {
            self.learn(rest.to_owned(), false);
            if let Some((_, last)) = rest.rsplit_once('_')
                && last.len() >= SHORTEST_PART
            {
                self.learn(last.to_owned(), false);
            }
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
    pub(super) fn add_basic(&mut self, user: &str, secret: &Secret) {
        self.add(secret);
        let pair = Zeroizing::new(format!("{user}:{}", secret.expose()));
        self.learn_encoded(STANDARD_NO_PAD.encode(pair.as_bytes()));
        self.learn(format!("Basic {}", STANDARD.encode(pair.as_bytes())), false);
        if !user.is_empty() {
            self.learn(pair.to_string(), true);
        }
    }

    /// The text with each secret, and each token-shaped part, masked. The rest stays byte for byte.
    pub(super) fn redact(&self, text: &str) -> String {
        /// A mask can complete a secret that holds stars; nobody's secret needs more rounds.
        const ROUNDS: usize = 4;
        let mut masked = text.to_owned();
        for _ in 0..ROUNDS {
            let found = self.find_encoded(&masked);
            if found.is_empty() {
                return token_shapes().mask(&masked).into_owned();
            }
            masked = replace(&masked, found);
        }
        // A secret that the mask itself brings back (`**`, say): better no text than that one.
        if self.find_encoded(&masked).is_empty() { token_shapes().mask(&masked).into_owned() } else { MASK.to_owned() }
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

    /// Where secrets stand, encoded too. How texts are decoded is not what is compared here.
    fn find_encoded(&self, text: &str) -> Vec<(usize, usize)> {
        let mut found = self.find(text);
        found.extend(encoded::find(text, 0, &|inner: &str| self.find(inner)));
        found
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
    let word_before = before.is_some_and(char::is_alphanumeric) && !after_escape(text, start);
    word_before || after.is_some_and(char::is_alphanumeric)
}

/// Whether what stands before is an escape of something that is no letter or digit.
fn after_escape(text: &str, start: usize) -> bool {
    let before = text.get(..start).unwrap_or("").as_bytes();
    let tail = |length: usize| before.len().checked_sub(length).and_then(|from| before.get(from..));
    let control = tail(2).is_some_and(|two| matches!(two, [b'\\', b'n' | b'r' | b't' | b'b' | b'f']));
    let byte = |digits: &[u8]| hex(digits).and_then(|code| u8::try_from(code).ok());
    let percent = tail(3).filter(|three| three.starts_with(b"%")).and_then(|three| byte(three.get(1..)?));
    let unicode = tail(6).filter(|six| six.starts_with(b"\\u")).and_then(|six| char::from_u32(hex(six.get(2..)?)?));
    control
        || percent.is_some_and(|byte| !byte.is_ascii_alphanumeric())
        || unicode.is_some_and(|character| !character.is_alphanumeric())
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
