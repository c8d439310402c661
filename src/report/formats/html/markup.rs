//! Untrusted text in a page.

use jiff::Timestamp;

use crate::report::formats::sentence::{Piece, pieces};
use crate::report::formats::wording::{cut, web_address};
use crate::text::untrusted::{self, Sink};

/// The most characters of one text.
const MOST: usize = 10_000;

/// A text, in an element or in a quoted attribute.
pub(super) fn text(text: &str) -> String {
    untrusted::one_line(&cut(text, MOST), Sink::Html)
}

/// A name or a piece of code.
pub(super) fn code(name: &str) -> String {
    format!("<code>{}</code>", text(name))
}

/// A sentence of ours with foreign names in it.
pub(super) fn sentence(all: &str) -> String {
    let all = cut(all, MOST);
    let piece = |piece| match piece {
        // The blank beside a name stays.
        Piece::Words(words) if words.ends_with(' ') => text(words) + " ",
        Piece::Words(words) => text(words),
        Piece::Code(name) => code(name),
    };
    pieces(&all).into_iter().map(piece).collect()
}

/// A link to an address of a policy: `https`, or no link at all.
pub(super) fn link(address: &str) -> String {
    let Some(address) = web_address(address) else { return code(address) };
    let address = text(&address);
    format!("<a href=\"{address}\" rel=\"noreferrer noopener\">{address}</a>")
}

/// A time.
pub(super) fn time(at: Timestamp) -> String {
    format!("<time datetime=\"{}\">{}</time>", at.strftime("%Y-%m-%dT%H:%M:%SZ"), at.strftime("%Y-%m-%d %H:%M UTC"))
}

/// A day, of a time.
pub(super) fn day(at: Timestamp) -> String {
    format!("<time datetime=\"{}\">{}</time>", at.strftime("%Y-%m-%dT%H:%M:%SZ"), at.strftime("%Y-%m-%d"))
}
