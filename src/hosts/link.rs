//! The next page by the header `Link` (RFC 8288), which GitHub and GitLab send.

use super::reader::malformed;
use crate::facts::{Answer, Unknown};
use crate::vocabulary::headers::LINK;

/// The address of `rel="next"`; other relations (`last`, `deprecation`) are none. `None` where there is no such page.
///
/// # Errors
/// Where the header is none that RFC 8288 allows, so that whether a page follows is open.
pub(super) fn next(answer: &Answer) -> Result<Option<String>, Unknown> {
    let Some(text) = answer.header(LINK) else { return Ok(None) };
    read(&text).ok_or_else(|| {
        malformed("the header Link of the answer cannot be read, so whether the list has another page is open")
    })
}

/// What stands in the header; the outer `None` where that cannot be read.
fn read(text: &str) -> Option<Option<String>> {
    let mut next = None;
    let mut rest = text.trim();
    while !rest.is_empty() {
        let (url, parameters) = rest.strip_prefix('<')?.split_once('>')?;
        let (is_next, after) = relation(parameters.trim_start())?;
        if is_next && next.replace(url).is_some_and(|before| before != url) {
            return None;
        }
        rest = after;
    }
    Some(next.map(str::to_owned))
}

/// Whether a link's parameters say that it leads to the next page, and what stands after them.
fn relation(mut rest: &str) -> Option<(bool, &str)> {
    let (mut is_next, mut has_relation, mut elsewhere) = (false, false, false);
    while let Some(after) = rest.strip_prefix(';') {
        let after = after.trim_start();
        let end = after.find(|letter: char| !is_token(letter)).unwrap_or(after.len());
        let (name, after) = after.split_at_checked(end).filter(|(name, _)| !name.is_empty())?;
        let (value, after) = match after.trim_start().strip_prefix('=') {
            Some(after) => value(after.trim_start())?,
            None => ("", after),
        };
        rest = after.trim_start();
        if name.eq_ignore_ascii_case("rel") {
            // Only the first counts, and one that says nothing in a known way leaves open what it is.
            let mut relations = value.split_ascii_whitespace().peekable();
            if has_relation || relations.peek().is_none() {
                return None;
            }
            has_relation = true;
            for relation in relations {
                is_next |= relation.eq_ignore_ascii_case("next");
                let plain = |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '-' | '.');
                if !relation.chars().all(plain) && !relation.contains("://") {
                    return None;
                }
            }
        }
        elsewhere |= name.eq_ignore_ascii_case("anchor");
    }
    let rest = match rest.strip_prefix(',') {
        Some(after) => after.trim_start(),
        None if rest.is_empty() => rest,
        None => return None,
    };
    // Of a link about another page nothing follows for this one.
    (has_relation && !(is_next && elsewhere)).then_some((is_next, rest))
}

/// A parameter's value, quoted or not, and what stands after it.
fn value(text: &str) -> Option<(&str, &str)> {
    match text.strip_prefix('"') {
        // No relation needs an escaped quote.
        Some(quoted) => quoted.split_once('"').filter(|(value, _)| !value.contains('\\')),
        None => {
            let end = text.find(|letter: char| !is_token(letter)).unwrap_or(text.len());
            text.split_at_checked(end).filter(|(value, _)| !value.is_empty())
        }
    }
}

/// A character of a token (RFC 9110).
const fn is_token(letter: char) -> bool {
    letter.is_ascii_alphanumeric()
        || matches!(letter, '!' | '#' | '$' | '%' | '&' | '\'' | '*' | '+' | '-' | '.' | '^' | '_' | '`' | '|' | '~')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{Answer, read};

    #[test]
    fn the_next_page_is_found_among_other_relations() {
        let next = |link: &str| read(link).map(|next| next.unwrap_or_default());
        for (link, page) in [
            ("<https://h/a?page=2>; rel=\"next\", <https://h/a?page=9>; rel=\"last\"", "https://h/a?page=2"),
            ("<https://h/a?x=1,2>; rel=\"prev\", <https://h/b>; rel=\"next\"", "https://h/b"),
            ("<https://h/b>;rel=next", "https://h/b"),
            ("<https://h/b>; REL=\"Next\"", "https://h/b"),
            ("<https://h/b> ; title=\"a, b; c\" ; rel = \"last next\"", "https://h/b"),
            ("<https://h/b>; rel=next; crossorigin, <https://h/b>; rel=next", "https://h/b"),
            ("<https://h/docs>; rel=\"deprecation\"; type=\"text/html\"", ""),
            ("<https://h/a>; rel=\"https://h/relations/next\"", ""),
            ("", ""),
        ] {
            assert_eq!(next(link).as_deref(), Some(page), "{link}");
        }
    }

    #[test]
    fn a_header_that_cannot_be_read_is_no_end_of_the_list() {
        for link in [
            "<https://h/a",
            "rel=\"next\"",
            "<https://h/a>",
            "<https://h/a>; rel",
            "<https://h/a>; rel=",
            "<https://h/a>; rel=\"\"",
            "<https://h/a>; rel='next'",
            "<https://h/a>; rel=\"next",
            "<https://h/a>; rel=“next”",
            "<https://h/a>; rel=\"n\\ext\"",
            "<https://h/a>; title=\"next\"",
            "<https://h/a>; rel=prev; rel=next",
            "<https://h/a>; rel=next, <https://h/b>; rel=next",
            "<https://h/a>; rel=next; anchor=\"https://h/c\"",
            "<https://h/a>; rel=prev <https://h/b>; rel=next",
            "https://h/a; rel=\"next\"",
        ] {
            assert_eq!(read(link), None, "{link}");
        }
        let headers = vec![("link".to_owned(), "rubbish".to_owned())];
        let answer = Answer { status: 200, headers, body: Vec::new(), at: jiff::Timestamp::UNIX_EPOCH };
        assert!(super::next(&answer).is_err());
        assert_eq!(super::next(&Answer { headers: Vec::new(), ..answer }), Ok(None));
    }

    proptest! {
        #[test]
        fn any_header_is_read_or_not(text in "[<>;,=\"' a-z/é]{0,40}") {
            let _ = read(&text);
        }
    }
}
