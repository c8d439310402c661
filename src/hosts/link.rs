//! The next page by the header `Link` (RFC 8288), which GitHub and GitLab send.

use crate::facts::Answer;
use crate::vocabulary::headers::LINK;

/// The address of `rel="next"`; other relations (`last`, `deprecation`) are none.
pub(super) fn next(answer: &Answer) -> Option<String> {
    let text = answer.header(LINK)?;
    let mut rest = text.as_str();
    while let Some((_, after)) = rest.split_once('<') {
        let (url, parameters) = after.split_once('>')?;
        let (own, _) = parameters.split_once('<').unwrap_or((parameters, ""));
        let is_next =
            own.split([';', ',']).filter_map(|parameter| parameter.trim().split_once('=')).any(|(key, value)| {
                let mut relations = value.trim_matches('"').split_ascii_whitespace();
                key.trim() == "rel" && relations.any(|relation| relation == "next")
            });
        if is_next {
            return Some(url.to_owned());
        }
        rest = parameters;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::Answer;

    fn answer(headers: &[(&str, &str)]) -> Answer {
        let headers = headers.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        Answer { status: 200, headers, body: Vec::new(), at: jiff::Timestamp::UNIX_EPOCH }
    }

    #[test]
    fn the_next_page_is_found_among_other_relations() {
        let next = |link: &str| super::next(&answer(&[("link", link)]));
        assert_eq!(
            next("<https://h/a?page=2>; rel=\"next\", <https://h/a?page=9>; rel=\"last\"").as_deref(),
            Some("https://h/a?page=2")
        );
        assert_eq!(
            next("<https://h/a?x=1,2>; rel=\"prev\", <https://h/b>; rel=\"next\"").as_deref(),
            Some("https://h/b")
        );
        assert_eq!(next("<https://h/docs>; rel=\"deprecation\"; type=\"text/html\""), None);
        assert_eq!(next("<https://h/a"), None);
        assert_eq!(next("rel=\"next\""), None);
        assert_eq!(super::next(&answer(&[])), None);
    }
}
