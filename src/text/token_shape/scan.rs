//! Where tokens and private keys stand in a text.

use std::ops::Range;

use aho_corasick::Input;

use super::{Charset, PEM, Shapes};

/// A token in a text: all of it, and the part to hide.
pub(super) struct Found {
    pub(super) whole: Range<usize>,
    pub(super) hidden: Range<usize>,
}

impl Shapes {
    /// One pass; every look ahead is bounded, or consumes what it looked at, so time grows with the text's length only.
    pub(super) fn scan(&self, text: &str) -> Vec<Found> {
        let bytes = text.as_bytes();
        let mut found = Vec::new();
        let mut pem_ends = PemEnds { text, next: Some(0) };
        let mut at = 0;
        let next = |from: usize| {
            let rest = from..bytes.len();
            (!rest.is_empty()).then(|| self.prefixes.find(Input::new(bytes).range(rest)))?.map(|found| found.start())
        };
        while let Some(begin) = next(at) {
            at = begin;
            let hit = if bytes.get(at..).is_some_and(begins_key) {
                pem(text, at, &mut pem_ends)
            } else {
                self.token(bytes, at)
            };
            match hit {
                Some(hit) => {
                    at = hit.whole.end.max(at + 1);
                    found.push(hit);
                }
                None => at += 1,
            }
        }
        found
    }

    fn token(&self, bytes: &[u8], at: usize) -> Option<Found> {
        let rest = bytes.get(at..)?;
        let before = at.checked_sub(1).and_then(|before| bytes.get(before));
        let begins_word = before.is_none_or(|before| !Charset::Url.has(*before));
        self.rows.iter().filter(|row| begins_word || !row.at_word).find_map(|row| {
            let body = rest.strip_prefix(row.prefix.as_bytes())?;
            if !row.proves(body) {
                return None;
            }
            let length = body.iter().take_while(|byte| row.body.tail.has(**byte)).count().max(row.body.least);
            let start = at + row.prefix.len();
            Some(Found { whole: at..start + length, hidden: start..start + length })
        })
    }
}

fn begins_key(rest: &[u8]) -> bool {
    rest.starts_with(PEM.prefix.as_bytes())
}

const PEM_END: &str = "-----END";

/// The places of `-----END`, looked for once each, in order.
struct PemEnds<'a> {
    text: &'a str,
    next: Option<usize>,
}

impl PemEnds<'_> {
    /// The first at or after `from`; `from` never goes down.
    fn after(&mut self, from: usize) -> Option<usize> {
        let known = self.next?;
        if known < from || !self.text.as_bytes().get(known..).is_some_and(|rest| rest.starts_with(PEM_END.as_bytes())) {
            self.next = self.text.get(from..)?.find(PEM_END).map(|at| from + at);
        }
        self.next
    }
}

/// A private key from its first line on. Without its last line, the base64 that follows is hidden.
fn pem(text: &str, at: usize, ends: &mut PemEnds<'_>) -> Option<Found> {
    /// Longer than any key's label (`ENCRYPTED`, `OPENSSH`).
    const LONGEST_LABEL: usize = 48;
    let rest = text.as_bytes().get(at + PEM.prefix.len()..)?;
    let window = rest.get(..LONGEST_LABEL.min(rest.len()))?;
    let label = window.windows(5).position(|dashes| dashes == b"-----")?;
    if !window.get(..label)?.ends_with(b"PRIVATE KEY") {
        return None;
    }
    let start = at + PEM.prefix.len() + label + 5;
    let end = ends.after(start).filter(|end| !text.get(start..*end).is_some_and(|gap| gap.contains(PEM.prefix)));
    let Some(end) = end else {
        let end = base64_run(text.as_bytes(), start);
        return (end > start).then_some(Found { whole: at..end, hidden: start..end });
    };
    let after = text.as_bytes().get(end + PEM_END.len()..).unwrap_or(&[]);
    let close = after
        .iter()
        .take(LONGEST_LABEL)
        .take_while(|byte| byte.is_ascii_uppercase() || matches!(byte, b' ' | b'-'))
        .count();
    Some(Found { whole: at..end + PEM_END.len() + close, hidden: start..end })
}

const fn in_pem_line(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'=')
}

/// The end of the lines of base64 that begin at `start`; line ends may be written as `\n`.
fn base64_run(bytes: &[u8], start: usize) -> usize {
    const FULL_LINE: usize = 16;
    let (mut at, mut end) = (start, start);
    loop {
        while let Some(byte) = bytes.get(at) {
            match byte {
                b'\n' | b'\r' | b' ' | b'\t' => at += 1,
                b'\\' if matches!(bytes.get(at + 1), Some(b'n' | b'r')) => at += 2,
                _ => break,
            }
        }
        let line = bytes.get(at..).unwrap_or(&[]).iter().take_while(|byte| in_pem_line(**byte)).count();
        if line == 0 || (line < FULL_LINE && end == start) {
            return end;
        }
        at += line;
        end = at;
        if line < FULL_LINE {
            return end;
        }
    }
}
