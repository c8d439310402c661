//! Literals: strings with TOML's basic escapes, numbers, times, durations.

use jiff::{SignedDuration, Timestamp};

use super::super::ast::ExpressionKind;
use super::super::scan::literal_token;
use super::{Node, Reader};
use crate::diagnostic::{Code, Diagnostic};
use crate::language::habits;
use crate::text::source::{Span, Spanned};
use crate::vocabulary::token_shapes;
use pest::iterators::Pair;

impl Reader<'_> {
    /// A string's value. Bad escapes, interpolation and tokens are reported; the value is what can be read.
    pub(super) fn string(&mut self, pair: &Pair<'_, Node>) -> Spanned<String> {
        let span = self.span(pair);
        let raw = pair.as_str();
        let inner = raw.get(1..raw.len().saturating_sub(1)).unwrap_or("");
        let start = span.start as usize + 1;
        let value = if raw.starts_with('\'') { inner.to_owned() } else { self.unescape(inner, start) };
        if let Some(at) = inner.find("${") {
            let place = self.span_of(start + at, 2);
            self.report(
                Diagnostic::at(Code::Interpolation, place, "`${` is not replaced by anything")
                    .help("strings have no interpolation; a value that varies is an `input`"),
            );
        }
        // The scan has seen tokens as they stand in the file; escapes can spell one too.
        if value != inner && !token_shapes().find(&value).is_empty() {
            self.report(literal_token(span));
            return Spanned::new(String::new(), span);
        }
        Spanned::new(value, span)
    }

    fn unescape(&mut self, inner: &str, start: usize) -> String {
        let mut value = String::with_capacity(inner.len());
        let mut characters = inner.char_indices();
        while let Some((at, character)) = characters.next() {
            if character != '\\' {
                value.push(character);
                continue;
            }
            let Some((_, escape)) = characters.next() else { break };
            let plain = match escape {
                '"' => Some('"'),
                '\\' => Some('\\'),
                'n' => Some('\n'),
                't' => Some('\t'),
                'r' => Some('\r'),
                'b' => Some('\u{8}'),
                'f' => Some('\u{c}'),
                'e' => Some('\u{1b}'),
                _ => None,
            };
            let digits = match escape {
                'x' => 2,
                'u' => 4,
                'U' => 8,
                _ => 0,
            };
            let code = inner.get(at + 2..at + 2 + digits).filter(|_| digits > 0).and_then(|text| {
                let number = u32::from_str_radix(text, 16).ok()?;
                char::from_u32(number)
            });
            match plain.or(code) {
                Some(character) => {
                    value.push(character);
                    for _ in 0..digits {
                        characters.next();
                    }
                }
                None => {
                    let place = self.span_of(start + at, 1 + escape.len_utf8());
                    self.report(
                        Diagnostic::at(Code::BadEscape, place, format!("`\\{escape}` is not an escape"))
                            .help("write `\\\\` for a backslash, or use a raw string: `'…'`"),
                    );
                }
            }
        }
        value
    }

    /// An integer, time or duration; `None` after a report.
    pub(super) fn number(&mut self, pair: &Pair<'_, Node>) -> Option<ExpressionKind> {
        let (text, span) = (pair.as_str(), self.span(pair));
        if let Ok(value) = text.parse::<i64>() {
            return Some(ExpressionKind::Integer(value));
        }
        if let Some(value) = parse_duration(text) {
            return Some(ExpressionKind::Duration(value));
        }
        if let Some(value) = parse_time(text) {
            return Some(ExpressionKind::Time(value));
        }
        self.report(bad_number(text, span));
        None
    }
}

/// A duration: one number and one unit of `s m h d w`.
pub(in super::super) fn parse_duration(text: &str) -> Option<SignedDuration> {
    let unit = text.chars().next_back()?;
    let number: i64 = text.strip_suffix(unit)?.parse().ok()?;
    let seconds = match unit {
        's' => 1,
        'm' => 60,
        'h' => 3_600,
        'd' => 86_400,
        'w' => 604_800,
        _ => return None,
    };
    Some(SignedDuration::from_secs(number.checked_mul(seconds)?))
}

/// A time: `2026-12-31` (00:00 UTC) or `2026-12-31T12:00:00Z`.
pub(in super::super) fn parse_time(text: &str) -> Option<Timestamp> {
    if text.len() == 10 {
        format!("{text}T00:00:00Z").parse().ok()
    } else if text.ends_with('Z') {
        text.parse().ok()
    } else {
        None
    }
}

fn bad_number(text: &str, span: Span) -> Diagnostic {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let number = digits.get(..digits.find(|character: char| !character.is_ascii_digit()).unwrap_or(digits.len()));
    let (number, unit) = number.and_then(|number| Some((number, digits.get(number.len()..)?))).unwrap_or(("", digits));
    let unit_here = habits::unit(unit);
    let (message, help) = if unit.is_empty() {
        ("is too large for an integer", "an integer has at most 18 digits".to_owned())
    } else if let Some(unit) = unit_here {
        ("is not a duration", format!("write `{}`", text.replace(digits, &format!("{number}{unit}"))))
    } else if matches!(unit, "mo" | "month" | "months" | "y" | "yr" | "year" | "years") {
        ("is not a duration", "months and years differ in length: write days, such as `90d` or `366d`".to_owned())
    } else if unit.starts_with('.') && !unit.contains([':', '-', 'T']) {
        ("is neither an integer, a duration nor a time", format!("a version is a string: `\"{text}\"`"))
    } else if text.contains('-') && text.len() >= 8 {
        ("is not a time", "a time is `2026-12-31`, or `2026-12-31T12:00:00Z` in UTC".to_owned())
    } else {
        (
            "is neither an integer, a duration nor a time",
            "a duration is one number and one of `s m h d w`, such as `90d`".to_owned(),
        )
    };
    let shown = if text.len() <= 40 { text } else { text.get(..40).unwrap_or("") };
    Diagnostic::at(Code::BadLiteral, span, format!("`{shown}` {message}")).help(help)
}
