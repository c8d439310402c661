//! Strings as JSON: which characters are escaped.

use std::io;

use serde::Serialize;
use serde_json::ser::Formatter;

use crate::text::untrusted;

/// Which characters of a string are escaped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Escapes {
    /// Those that JSON must have escaped.
    Needed,
    /// Also those that a terminal or a CI runner acts on: the value stays the same.
    Harmless,
}

/// Writes a text, quoted and escaped.
pub(super) fn write_text(out: &mut impl io::Write, text: &str, escapes: Escapes) -> io::Result<()> {
    if is_plain(text.as_bytes()) {
        out.write_all(b"\"")?;
        out.write_all(text.as_bytes())?;
        return out.write_all(b"\"");
    }
    Ok(text.serialize(&mut serde_json::Serializer::with_formatter(out, OneLine(escapes)))?)
}

/// A value on one line, without a line end, harmless for terminals and CI logs: of texts that are redacted already.
///
/// # Errors
/// The sink's.
pub fn write_line(out: impl io::Write, value: &impl Serialize) -> io::Result<()> {
    Ok(value.serialize(&mut serde_json::Serializer::with_formatter(out, OneLine(Escapes::Harmless)))?)
}

/// Everything on one line.
struct OneLine(Escapes);

impl Formatter for OneLine {
    fn write_string_fragment<W: io::Write + ?Sized>(&mut self, out: &mut W, fragment: &str) -> io::Result<()> {
        if self.0 == Escapes::Needed || is_plain(fragment.as_bytes()) {
            return out.write_all(fragment.as_bytes());
        }
        out.write_all(harmless(fragment).as_bytes())
    }
}

/// Whether nothing of a text is escaped for anybody: it is looked at eight bytes at a time. What is escaped is never missed;
/// a few others count as such, too.
fn is_plain(text: &[u8]) -> bool {
    let Some(last) = text.last_chunk() else {
        return text.iter().all(|byte| matches!(byte, b' '..=b'~') && !matches!(byte, b'"' | b'#' | b'\\'));
    };
    // The last eight may overlap those before.
    text.as_chunks().0.iter().chain([last]).all(|eight| are_plain(u64::from_le_bytes(*eight)))
}

/// The same of eight bytes at once: a byte's highest bit is set in what is gathered where the byte may not be plain.
const fn are_plain(eight: u64) -> bool {
    const EACH: u64 = 0x0101_0101_0101_0101;
    const HIGHEST: u64 = 0x80 * EACH;
    const fn below(eight: u64, least: u64) -> u64 {
        eight.wrapping_sub(least * EACH) & !eight
    }
    const fn has(eight: u64, byte: u8) -> u64 {
        below(eight ^ (byte as u64 * EACH), 1)
    }
    let control = below(eight, b' ' as u64) | has(eight, 0x7F);
    (eight | control | has(eight, b'"') | has(eight, b'\\') | has(eight, b'#')) & HIGHEST == 0
}

/// A part of a string that has nothing that JSON would escape, with what terminals and CI runners act on escaped.
fn harmless(text: &str) -> String {
    let mut harmless = String::with_capacity(text.len() + 8);
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        // `##[`, `##vso[`, `##teamcity[`, whatever comes next: two number signs begin a runner's command.
        let command = character == '#' && characters.peek() == Some(&'#');
        if command || untrusted::is_dangerous(character) {
            character.encode_utf16(&mut [0; 2]).iter().for_each(|code| unit(*code, &mut harmless));
        } else {
            harmless.push(character);
        }
    }
    harmless
}

fn unit(code: u16, into: &mut String) {
    into.push_str(&format!("\\u{code:04x}"));
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_is_escaped_is_never_taken_for_plain() {
        for byte in 0..=u8::MAX {
            let plain = matches!(byte, b' '..=b'~') && !b"\"#\\".contains(&byte);
            for length in 1..20 {
                for at in 0..length {
                    let mut text = vec![b'a'; length];
                    text[at] = byte;
                    assert_eq!(is_plain(&text), plain, "{byte} at {at} of {length}");
                }
            }
        }
        assert!(is_plain(b""));
    }

    proptest! {
        #[test]
        fn plain_text_has_plain_bytes(text in proptest::collection::vec(any::<u8>(), 0..24)) {
            let plain = text.iter().all(|byte| matches!(byte, b' '..=b'~') && !b"\"#\\".contains(byte));
            prop_assert!(plain || !is_plain(&text));
        }
    }
}
