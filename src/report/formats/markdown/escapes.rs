//! Untrusted text in Markdown. Names are shown as code, where hosts neither call people nor link numbers; other text is
//! escaped, and what hosts make of it after that is broken up.

use std::fmt::Write as _;

use sha2::{Digest as _, Sha256};

use crate::report::formats::sentence::{Piece, pieces};
use crate::report::formats::wording::{cut, web_address};
use crate::report::told::PolicyFile;
use crate::text::hex;
use crate::text::untrusted::{self, Sink};

/// The most characters of one text: a comment has room for more than one.
const MOST_TEXT: usize = 2_000;
/// The most characters of a name.
const MOST_NAME: usize = 200;

/// A text on one line, without markup. A number sign before a number would link an issue, even escaped: it is shown
/// full-width, as the sign that calls a person is.
pub(super) fn words(text: &str) -> String {
    let escaped = untrusted::one_line(&cut(text, MOST_TEXT), Sink::Markdown);
    let mut safe = String::with_capacity(escaped.len());
    let mut rest = escaped.as_str();
    while let Some((before, after)) = rest.split_once("\\#") {
        safe.push_str(before);
        safe.push_str(if after.starts_with(char::is_alphanumeric) { "\u{FF03}" } else { "\\#" });
        rest = after;
    }
    safe + rest
}

/// A name or a piece of code, on one line. Its fence is longer than any in it.
pub(super) fn code(text: &str) -> String {
    let text = untrusted::one_line(&cut(text, MOST_NAME), Sink::Terminal);
    let longest = text.split(|character| character != '`').map(str::len).max().unwrap_or_default();
    match (text.trim().is_empty(), longest) {
        (true, _) => "(nothing)".to_owned(),
        (_, 0) => format!("`{text}`"),
        (_, longest) => {
            let fence = "`".repeat(longest + 1);
            format!("{fence} {text} {fence}")
        }
    }
}

/// A sentence of ours with foreign names in it. No part of it can close what it stands in: what is code has no backtick,
/// and everything else is escaped.
pub(super) fn sentence(text: &str) -> String {
    let text = cut(text.trim(), MOST_TEXT);
    let mut safe = String::with_capacity(text.len());
    for piece in pieces(&text) {
        safe.push_str(&match piece {
            // The blank beside a name stays.
            Piece::Words(text) if text.ends_with(' ') => format!("{} ", words(text).trim_end()),
            Piece::Words(text) => words(text),
            Piece::Code(text) => code(text),
        });
    }
    safe
}

/// A name as code in HTML, for summaries, where Markdown is not read.
pub(super) fn html_code(text: &str) -> String {
    format!("<code>{}</code>", untrusted::one_line(&cut(text, MOST_NAME), Sink::Html))
}

/// A link to an address of a policy; as code where it has characters that no address needs.
pub(super) fn link(address: &str) -> String {
    let plain = |character: char| character.is_ascii_alphanumeric() || "-._~:/?#@!$&*+,;=%".contains(character);
    match web_address(address).filter(|address| address.chars().all(plain)) {
        Some(address) => format!("<{address}>"),
        None => code(address),
    }
}

/// The comment by which a later run finds this one's: what names the policies, in characters that can end no comment.
pub(super) fn marker(policies: &[PolicyFile]) -> String {
    const MOST: usize = 120;
    let mut name = String::new();
    for file in policies.iter().filter(|file| file.used_at.is_none()) {
        let _ = write!(name, "{}{}", if name.is_empty() { "" } else { "+" }, file.file);
    }
    let mut safe = String::new();
    for character in name.chars().take(MOST) {
        let plain = character.is_ascii_alphanumeric() || "._/+:".contains(character);
        let dash = character == '-' && !safe.ends_with('-');
        safe.push(if plain || dash { character } else { '_' });
    }
    let safe = safe.trim_end_matches('-');
    // Names that read alike here are no less two.
    let own = if safe == name {
        String::new()
    } else {
        format!("+{}", hex(Sha256::digest(&name).get(..4).unwrap_or_default()))
    };
    format!("<!-- credcheck:{safe}{own} -->")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_code_and_call_nobody() {
        assert_eq!(sentence("`bot` has no `repo` for `@acme #1`"), "`bot` has no `repo` for `@acme #1`");
        assert_eq!(sentence("by @acme, see #1 and a#b # c"), "by \u{FF20}acme, see \u{FF03}1 and a\u{FF03}b \\# c");
        assert_eq!(words("\\#1 \\@x"), "\\\\\u{FF03}1 \\\\\u{FF20}x");
        assert_eq!(code("a ``` b"), "```` a ``` b ````");
        assert_eq!(code("`"), "`` ` ``");
        assert_eq!(code(" \n"), "(nothing)");
        assert_eq!(sentence("for `a` @x `b`, `c"), "for \\`a\\` \u{FF20}x \\`b\\`, \\`c");
        assert_eq!(html_code("<b>`@x`"), "<code>&lt;b&gt;&#96;@x&#96;</code>");
    }

    #[test]
    fn only_plain_addresses_are_links() {
        assert_eq!(link("https://e.com/a?b=c#d"), "<https://e.com/a?b=c#d>");
        assert_eq!(link("https://e.com/>x y"), "<https://e.com/%3Ex%20y>");
        assert_eq!(link("https://e.com/[x]"), "<https://e.com/%5Bx%5D>");
        assert_eq!(link("javascript:x"), "`javascript:x`");
    }

    #[test]
    fn markers_cannot_be_left() {
        let file = |name: &str| PolicyFile { file: name.into(), sha256: String::new(), used_at: None };
        assert_eq!(marker(&[file("a/team-x.pol"), file("b.pol")]), "<!-- credcheck:a/team-x.pol+b.pol -->");
        let odd = marker(&[file("--> <b>--!>-")]);
        assert!(odd.starts_with("<!-- credcheck:-____b_-___+") && odd.ends_with(" -->"), "{odd}");
        assert!(!odd.trim_end_matches("-->").contains('>'), "{odd}");
        assert_ne!(marker(&[file("a b.pol")]), marker(&[file("a_b.pol")]));
        assert_ne!(marker(&[file("\u{e9}.pol")]), marker(&[file("\u{fc}.pol")]));
        assert_eq!(marker(&[]), "<!-- credcheck: -->");
        assert!(marker(&[file(&"ä".repeat(10_000))]).len() < 200);
    }
}
