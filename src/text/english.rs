//! English for messages: lists, plurals and counts.

/// "`a`", "`a` or `b`", "`a`, `b` or `c`": each item in backticks.
pub fn quoted_list<S: AsRef<str>>(items: impl IntoIterator<Item = S>, conjunction: &str) -> String {
    list(items.into_iter().map(|item| format!("`{}`", item.as_ref())), conjunction)
}

/// "`a`, `b` and 3 more": the first of items whose number somebody else decides.
pub fn quoted_some<S: AsRef<str>>(items: &[S]) -> String {
    const MOST: usize = 30;
    match items.len().checked_sub(MOST).filter(|more| *more > 0) {
        None => quoted_list(items, "and"),
        Some(more) => {
            let shown: Vec<String> = items.iter().take(MOST).map(|item| format!("`{}`", item.as_ref())).collect();
            format!("{} and {more} more", shown.join(", "))
        }
    }
}

/// "a", "a or b", "a, b or c".
pub fn list<S: AsRef<str>>(items: impl IntoIterator<Item = S>, conjunction: &str) -> String {
    let items: Vec<S> = items.into_iter().collect();
    match items.split_last() {
        None => String::new(),
        Some((only, [])) => only.as_ref().to_owned(),
        Some((last, rest)) => {
            let rest: Vec<&str> = rest.iter().map(AsRef::as_ref).collect();
            format!("{} {conjunction} {}", rest.join(", "), last.as_ref())
        }
    }
}

/// "1 request", "2 requests"; `plural` is the word for every other number.
pub fn count(number: usize, singular: &str, plural: &str) -> String {
    format!("{number} {}", if number == 1 { singular } else { plural })
}

/// "a token", "an API token": by the first letter, which is right for every title of the tables.
pub fn with_article(noun: &str) -> String {
    let vowel = noun.starts_with(['A', 'E', 'I', 'O', 'U', 'a', 'e', 'i', 'o', 'u']);
    format!("{} {noun}", if vowel { "an" } else { "a" })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_and_counts_read_as_english() {
        assert_eq!(quoted_list(["a"], "or"), "`a`");
        assert_eq!(quoted_list(["a", "b"], "or"), "`a` or `b`");
        assert_eq!(list(["a", "b", "c"], "and"), "a, b and c");
        assert_eq!(list(Vec::<String>::new(), "and"), "");
        assert_eq!((with_article("API token"), with_article("password")), ("an API token".into(), "a password".into()));
        assert_eq!((count(1, "rule", "rules"), count(0, "rule", "rules")), ("1 rule".into(), "0 rules".into()));
    }
}
