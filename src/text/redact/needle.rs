//! One text to mask, and whether it stands at a place of a text, however it is spelled there.

use std::cmp::Ordering;

use zeroize::Zeroizing;

use super::escape;

/// From this length on a secret is masked in any case of its letters: host names lose their case on the way, and so short
/// a text could match a common word.
const ANY_CASE: usize = 16;

/// One text to mask.
pub(super) struct Needle {
    text: Zeroizing<String>,
    /// Only where no letter or digit stands directly before or after.
    as_word: bool,
}

impl Needle {
    pub(super) fn new(text: String, as_word: bool) -> Self {
        Self { text: Zeroizing::new(text), as_word }
    }

    /// How many bytes the text has.
    pub(super) fn len(&self) -> usize {
        self.text.len()
    }

    /// The text, each ASCII letter small.
    pub(super) fn folded(&self) -> impl Iterator<Item = u8> + '_ {
        self.text.bytes().map(|byte| byte.to_ascii_lowercase())
    }

    /// One byte of that.
    pub(super) fn folded_at(&self, at: usize) -> Option<u8> {
        self.text.as_bytes().get(at).map(u8::to_ascii_lowercase)
    }

    /// By the folded text first.
    pub(super) fn order(&self, other: &Self) -> Ordering {
        let folded = self.folded().cmp(other.folded());
        folded.then_with(|| self.text.cmp(&other.text)).then_with(|| self.as_word.cmp(&other.as_word))
    }

    /// Whether it could be a part of a number.
    pub(super) fn is_numeric(&self) -> bool {
        self.text.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b'-' | b'+' | b'e' | b'E'))
    }

    /// The end of a match at `start`, each character written plainly or escaped.
    pub(super) fn match_at(&self, text: &str, start: usize) -> Option<usize> {
        let end = self
            .match_preferring(text.as_bytes(), start, Prefer::Plain)
            .or_else(|| self.match_preferring(text.as_bytes(), start, Prefer::Escape))?;
        (!(self.as_word && inside_word(text, start, end))).then_some(end)
    }

    fn match_preferring(&self, text: &[u8], start: usize, prefer: Prefer) -> Option<usize> {
        let any_case = self.text.len() >= ANY_CASE;
        let mut at = start;
        let mut wanted = self.text.as_bytes();
        while let Some((first, others)) = wanted.split_first() {
            let rest = text.get(at..)?;
            let next = *rest.first()?;
            let plain = if any_case { next.eq_ignore_ascii_case(first) } else { next == *first };
            let escaped = if plain && prefer == Prefer::Plain { None } else { escape::read(rest) };
            match escaped.filter(|escape| wanted.starts_with(escape.meaning())) {
                Some(escape) => {
                    at += escape.length;
                    wanted = wanted.get(escape.meaning().len()..)?;
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
}

/// How to read a character that is wanted as it stands and could also begin an escape: the `%` of `%25`.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Prefer {
    Plain,
    Escape,
}

/// Whether a letter or digit stands directly before or after.
fn inside_word(text: &str, start: usize, end: usize) -> bool {
    let before = text.get(..start).and_then(|before| before.chars().next_back());
    let after = text.get(end..).and_then(|after| after.chars().next());
    let word_before = before.is_some_and(char::is_alphanumeric) && !after_escape(text, start);
    word_before || after.is_some_and(char::is_alphanumeric)
}

/// Whether what stands before is an escape of something that is no letter or digit: the `n` of `\\n` is none.
fn after_escape(text: &str, start: usize) -> bool {
    /// How long an escape can be that ends in a letter or digit.
    const LENGTHS: [usize; 3] = [2, 3, 6];
    LENGTHS.iter().filter_map(|length| text.as_bytes().get(start.checked_sub(*length)?..start)).any(|before| {
        escape::read(before).is_some_and(|escape| {
            let meaning = std::str::from_utf8(escape.meaning()).ok().and_then(|meaning| meaning.chars().next());
            escape.length == before.len() && !meaning.is_some_and(char::is_alphanumeric)
        })
    })
}
