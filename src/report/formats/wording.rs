//! What formats of findings say alike.

use std::borrow::Cow;

use percent_encoding::{NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};
use url::{Position, Url};

use super::{Subject, Whole, verdict};
use crate::report::annotations::{Annotation, Level};
use crate::text::english;
use crate::text::untrusted::{self, Sink, is_dangerous};

/// The longest address that is linked.
const ADDRESS: usize = 2_048;

/// The beginning of a text: so many characters at most, the last of them an ellipsis where something is left out.
pub(super) fn cut(text: &str, most: usize) -> Cow<'_, str> {
    if text.len() <= most || text.chars().nth(most).is_none() {
        return Cow::Borrowed(text);
    }
    Cow::Owned(text.chars().take(most.saturating_sub(1)).chain(['…']).collect())
}

/// A text with a full stop, unless it ends in a sign of its own.
pub(super) fn sentence(text: &str) -> String {
    let text = text.trim_end();
    if text.ends_with(['.', '!', '?', '…', ':']) { text.to_owned() } else { format!("{text}.") }
}

/// A plain text on one line, harmless, never empty, so many characters at most.
pub(super) fn line(text: &str, most: usize) -> String {
    let shown = shown(&cut(text, most).trim_end().replace(['\n', '\t'], " "), most, Sink::Terminal);
    if shown.trim().is_empty() { "?".to_owned() } else { shown }
}

/// A text for a sink, so many characters at most of it as they are read there, before it escapes any.
pub(super) fn shown(text: &str, most: usize, sink: Sink) -> String {
    let plain = untrusted::render(&cut(text, most), Sink::Terminal);
    untrusted::render(&cut(&plain, most), sink)
}

/// An address that may be linked, with everything escaped that its standard does not let stand. Browsers are laxer, and
/// so is what reads addresses as they do.
pub(super) fn web_address(text: &str) -> Option<String> {
    let address = Url::parse(text).ok().filter(|address| address.scheme() == "https")?;
    let mut strict = address[..Position::BeforePath].to_owned();
    let rest = &address[Position::BeforePath..];
    let mut in_fragment = false;
    for (at, character) in rest.char_indices() {
        let stands = match character {
            '%' => rest.get(at + 1..at + 3).is_some_and(|code| code.bytes().all(|digit| digit.is_ascii_hexdigit())),
            '#' => !std::mem::replace(&mut in_fragment, true),
            _ => character.is_ascii_alphanumeric() || "-._~:/?@!$&'()*+,;=".contains(character),
        };
        if stands {
            strict.push(character);
        } else {
            strict.extend(utf8_percent_encode(character.encode_utf8(&mut [0; 4]), NON_ALPHANUMERIC));
        }
    }
    // What hides or reorders text is no part of an address that anybody should follow.
    let is_plain =
        !percent_decode_str(&strict).decode_utf8_lossy().chars().any(|one| one.is_control() || is_dangerous(one));
    Some(strict).filter(|address| is_plain && address.len() <= ADDRESS)
}

/// What there is to say of one: what it is, and what to do.
pub(super) fn told(one: &Annotation) -> String {
    match &one.help {
        Some(help) => format!("{}\n{help}", one.text),
        None => one.text.clone(),
    }
}

/// The same, and where it stands, which no consumer would link.
pub(super) fn told_with_place(one: &Annotation) -> String {
    match elsewhere(one) {
        Some(place) => format!("{}\nIt stands in {place}.", told(one)),
        None => told(one),
    }
}

/// Its place by its own name: `builtin:atlantis:12:5`. Nothing for what has a place in the repository, and what has none.
pub(super) fn elsewhere(one: &Annotation) -> Option<String> {
    let place = one.elsewhere.as_ref()?;
    Some(format!("{}:{}:{}", place.file, place.line, place.column))
}

/// The path of a file that every consumer takes: the one it stands in, as it is called.
pub(super) fn path<'a>(one: &'a Annotation, whole: &Whole<'a>) -> &'a str {
    let given = one.place.as_ref().or(one.elsewhere.as_ref()).map(|place| place.file.as_str());
    let first = whole.run.and_then(|(opening, _)| opening.policies.first()).map(|policy| policy.file.as_str());
    given.or(first).filter(|path| !path.is_empty()).unwrap_or("policy")
}

/// How many there are of a level.
pub(super) fn of_level(whole: &Whole<'_>, level: Level) -> usize {
    whole.annotations.iter().filter(|one| one.level == level).count()
}

/// A headline: "3 violations, 0 warnings, 2 undetermined (1 accepted), decided 10 of 12, 3 credentials, 9 requests".
pub(super) fn counts(whole: &Whole<'_>) -> String {
    let Some((_, closing)) = whole.run else {
        let errors = english::count(of_level(whole, Level::Error), "error", "errors");
        let warnings = english::count(of_level(whole, Level::Warning), "warning", "warnings");
        return format!("{errors}, {warnings}");
    };
    let mut text = verdict::counts(closing).join(", ");
    if let Some((judged, of)) = closing.interrupted {
        text.push_str(&format!("; interrupted: {judged} of {of} credentials were judged"));
    }
    text
}

/// What was not checked, in a line each.
pub(super) fn not_checked<'a>(whole: &Whole<'a>) -> impl Iterator<Item = String> + 'a {
    let all = whole.run.map_or(&[][..], |(_, closing)| closing.not_checked.as_slice());
    all.iter().map(|one| match &one.credential {
        Some(credential) => format!("not checked: {credential} ({}): {}", one.host, one.reason),
        None => format!("not checked: {}: {}", one.host, one.reason),
    })
}

/// What a command is called.
pub(super) const fn command(subject: Subject) -> &'static str {
    match subject {
        Subject::Credentials => "check",
        Subject::Policies => "lint",
        Subject::Tests => "test",
        Subject::Style => "fmt",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_cut_at_characters() {
        assert_eq!(cut("äöü", 3), "äöü");
        assert_eq!(cut("äöüx", 3), "äö…");
        assert_eq!(cut("", 0), "");
        assert_eq!(cut("a", 1), "a");
        // What is broken up is longer, and counted as it is then.
        assert_eq!(shown("::::", 4, Sink::Terminal), ": :…");
        assert_eq!(shown("%%%", 3, Sink::WorkflowMessage), "%25%25%25");
        assert_eq!((line(" \n", 9), line("a\n\tb\n", 9)), ("?".into(), "a  b".into()));
    }

    #[test]
    fn only_addresses_of_the_web_are_linked() {
        assert_eq!(web_address("https://example.com/a b").as_deref(), Some("https://example.com/a%20b"));
        assert_eq!(
            web_address("https://[::1]:8443/[x]?a=[b]{c}%2F%zz#d#|'e").as_deref(),
            Some("https://[::1]:8443/%5Bx%5D?a=%5Bb%5D%7Bc%7D%2F%25zz#d%23%7C'e")
        );
        assert_eq!(web_address("https://example.com/\u{202e}x"), None);
        assert_eq!(web_address("https://example.com/%0A"), None);
        assert_eq!(web_address("javascript:alert(1)"), None);
        assert_eq!(web_address("http://example.com"), None);
        assert_eq!(web_address(&format!("https://example.com/{}", "a".repeat(3_000))), None);
    }
}
