//! Sentences of reports, taken apart: what stands between backticks is a name or a piece of code.

/// A part of a sentence.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Piece<'a> {
    /// Words.
    Words(&'a str),
    /// What stood between two backticks: without any itself.
    Code(&'a str),
}

/// The parts of a sentence. Names are foreign and may hold backticks, too: what is then taken for code is not what was
/// meant, and both kinds of parts are as untrusted as the whole. Where backticks do not pair, nothing is code.
pub(super) fn pieces(text: &str) -> Vec<Piece<'_>> {
    let parts: Vec<&str> = text.split('`').collect();
    // Two codes in a row, or an empty one, are no sentence of ours.
    let inner = parts.get(1..parts.len().saturating_sub(1)).unwrap_or_default();
    if parts.len().is_multiple_of(2) || inner.iter().any(|part| part.is_empty()) {
        return vec![Piece::Words(text)];
    }
    let of = |(at, part): (usize, _)| if usize::is_multiple_of(at, 2) { Piece::Words(part) } else { Piece::Code(part) };
    parts.into_iter().enumerate().filter(|(_, part)| !part.is_empty()).map(of).collect()
}

#[cfg(test)]
mod tests {
    use super::Piece::{Code, Words};
    use super::*;

    #[test]
    fn names_in_backticks_are_code_where_they_pair() {
        assert_eq!(pieces("`a` has no `b` here"), [Code("a"), Words(" has no "), Code("b"), Words(" here")]);
        assert_eq!(pieces("plain"), [Words("plain")]);
        assert_eq!(pieces(""), []);
        for odd in ["a ` b", "`a`b`", "``", "`a```", "x `` y"] {
            assert_eq!(pieces(odd), [Words(odd)], "{odd}");
        }
    }
}
