//! Texts inside a text: what its base64 and its hex stand for, so that a secret is found however often it was encoded.

use std::ops::Range;

/// How often a text is decoded. One encoding more is found, because some of what is looked for is base64 itself.
const DEPTH: usize = 2;
/// Fewer characters of base64 hold no secret that is masked.
const SHORTEST_BASE64: usize = 11;
/// Fewer hex digits hold no secret that is masked.
const SHORTEST_HEX: usize = 8;

/// Where, in an encoded form, stands what `known` finds, which is nothing in less than `shortest` bytes.
pub(super) fn find(text: &str, shortest: usize, known: &impl Fn(&str) -> Vec<(usize, usize)>) -> Vec<(usize, usize)> {
    at_depth(text, shortest, DEPTH, known)
}

fn at_depth(
    text: &str,
    shortest: usize,
    depth: usize,
    known: &impl Fn(&str) -> Vec<(usize, usize)>,
) -> Vec<(usize, usize)> {
    let mut found = Vec::new();
    for inner in runs(text, shortest).flat_map(|(run, code)| decoded(text, run, code)) {
        let mut ranges = known(&inner.text);
        if depth > 1 {
            ranges.extend(at_depth(&inner.text, shortest, depth - 1, known));
        }
        found.extend(ranges.into_iter().map(|(start, end)| inner.outer(start, end)));
    }
    found
}

/// A way to write bytes as text.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Code {
    /// Both alphabets at once.
    Base64,
    /// Digits of either case.
    Hex,
}

impl Code {
    /// How many bits a character has.
    const fn bits(self) -> u32 {
        match self {
            Self::Base64 => 6,
            Self::Hex => 4,
        }
    }

    /// After how many characters a byte begins again where a character does.
    const fn group(self) -> usize {
        match self {
            Self::Base64 => 4,
            Self::Hex => 2,
        }
    }

    fn value(self, byte: u8) -> Option<u32> {
        match self {
            Self::Hex => char::from(byte).to_digit(16),
            Self::Base64 => Some(match byte {
                b'A'..=b'Z' => u32::from(byte - b'A'),
                b'a'..=b'z' => u32::from(byte - b'a') + 26,
                b'0'..=b'9' => u32::from(byte - b'0') + 52,
                b'+' | b'-' => 62,
                b'/' | b'_' => 63,
                _ => return None,
            }),
        }
    }
}

/// The parts of a text that can be base64 or hex of so many bytes.
fn runs(text: &str, bytes: usize) -> impl Iterator<Item = (Range<usize>, Code)> {
    let text = text.as_bytes();
    let of = move |code: Code, least: usize| {
        let shortest = least.max((bytes * 8).div_ceil(code.bits() as usize));
        let is_other = move |byte: &u8| code.value(*byte).is_none();
        // Where a part can begin: what stands before belongs to none.
        let mut at = 0;
        std::iter::from_fn(move || {
            loop {
                // A part that begins before this place and is long enough goes through it.
                let within = at + shortest - 1;
                if is_other(text.get(within)?) {
                    at = within + 1;
                    continue;
                }
                let before = text.get(at..within)?.iter().rposition(is_other);
                let begin = before.map_or(at, |before| at + before + 1);
                let rest = text.get(begin..)?;
                let length = rest.iter().position(is_other).unwrap_or(rest.len());
                at = begin + length + 1;
                // Base64 of a text has capitals. Most words and paths have none.
                let likely = code == Code::Hex || rest.iter().take(length).any(u8::is_ascii_uppercase);
                if length >= shortest && likely {
                    return Some((begin..begin + length, code));
                }
            }
        })
    };
    of(Code::Base64, SHORTEST_BASE64).chain(of(Code::Hex, SHORTEST_HEX))
}

/// What a part of a text stands for.
struct Inner {
    text: String,
    /// Where its first character stands in the outer text.
    start: usize,
    /// Where the last one ends.
    end: usize,
    code: Code,
}

impl Inner {
    /// The characters of the outer text that hold these bytes.
    fn outer(&self, start: usize, end: usize) -> (usize, usize) {
        let bits = self.code.bits() as usize;
        (self.start + start * 8 / bits, (self.start + (end * 8).div_ceil(bits)).min(self.end))
    }
}

/// What a part of a text stands for, wherever in it the code begins: what stands before may look like a part of it.
fn decoded(text: &str, run: Range<usize>, code: Code) -> impl Iterator<Item = Inner> {
    (0..code.group()).filter_map(move |skipped| {
        let start = run.start + skipped;
        let characters = text.as_bytes().get(start..run.end)?;
        let mut bytes = Vec::with_capacity(characters.len() * 3 / 4 + 1);
        let (mut held, mut bits) = (0_u32, 0);
        for value in characters.iter().filter_map(|byte| code.value(*byte)) {
            held = (held << code.bits() | value) & 0xFFFF;
            bits += code.bits();
            if bits >= 8 {
                bits -= 8;
                bytes.extend(u8::try_from(held >> bits & 0xFF));
            }
        }
        Some(Inner { text: as_text(&bytes), start, end: run.end, code })
    })
}

/// Bytes as a text of the same length, with a NUL for each that belongs to no character.
fn as_text(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len());
    for chunk in bytes.utf8_chunks() {
        text.push_str(chunk.valid());
        text.extend(std::iter::repeat_n('\0', chunk.invalid().len()));
    }
    text
}
