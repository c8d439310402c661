//! Globs compared with each other.

use crate::text::glob;

/// Whether a glob matches every text.
pub(super) fn is_everything(pattern: &str) -> bool {
    !pattern.is_empty() && pattern.bytes().all(|byte| byte == b'*')
}

/// Whether whatever `narrow` matches, `wide` matches too. A "no" may be wrong, a "yes" never is.
pub(super) fn covers(wide: &str, narrow: &str) -> bool {
    if glob::is_pattern(narrow) { is_wide_enough(wide, narrow) } else { glob::matches(wide, narrow) }
}

/// Each `*` of `narrow` must be swallowed by a `*` of `wide`: a walk over both that treats it as a letter only `*` matches.
fn is_wide_enough(wide: &str, narrow: &str) -> bool {
    let (wide, narrow): (Vec<char>, Vec<char>) = (wide.chars().collect(), narrow.chars().collect());
    // Which positions of `wide` can be reached after each letter of `narrow`.
    let mut at: Vec<bool> = vec![false; wide.len() + 1];
    if let Some(first) = at.first_mut() {
        *first = true;
    }
    let close = |at: &mut Vec<bool>| {
        for position in 0..wide.len() {
            let here = at.get(position).copied().unwrap_or(false);
            if here
                && wide.get(position) == Some(&'*')
                && let Some(next) = at.get_mut(position + 1)
            {
                *next = true;
            }
        }
    };
    close(&mut at);
    for letter in narrow {
        let mut next = vec![false; wide.len() + 1];
        for (position, _) in at.iter().enumerate().filter(|(_, reached)| **reached) {
            let step = match (wide.get(position), letter) {
                (Some('*'), _) => Some(position),
                (Some('?'), letter) if letter != '*' => Some(position + 1),
                (Some(wanted), letter) if wanted.eq_ignore_ascii_case(&letter) => Some(position + 1),
                _ => None,
            };
            if let Some(slot) = step.and_then(|step| next.get_mut(step)) {
                *slot = true;
            }
        }
        close(&mut next);
        at = next;
    }
    at.last().copied().unwrap_or(false)
}

/// Whether no text is matched by both, seen from how they begin and end. A "no" may be wrong, a "yes" never is.
pub(super) fn are_apart(one: &str, two: &str) -> bool {
    match (glob::is_pattern(one), glob::is_pattern(two)) {
        (false, _) => !glob::matches(two, one),
        (_, false) => !glob::matches(one, two),
        (true, true) => {
            let start = |text: &str| text.split(['*', '?']).next().unwrap_or("").to_ascii_lowercase();
            let end = |text: &str| text.rsplit(['*', '?']).next().unwrap_or("").to_ascii_lowercase();
            let (first, second) = (start(one), start(two));
            let (last, least) = (end(one), end(two));
            !(first.starts_with(&second) || second.starts_with(&first))
                || !(last.ends_with(&least) || least.ends_with(&last))
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn wide_globs_cover_narrow_ones() {
        for (wide, narrow, expected) in [
            ("*", "acme-*", true),
            ("*-bot", "acme-bot", true),
            ("*-bot", "acme-*", false),
            ("acme/*", "acme/infra-*", true),
            ("acme/?", "acme/*", false),
            ("a?", "a?", true),
            ("a*", "A?b*", true),
            ("?*", "*", false),
            ("*?", "?*", false),
            ("**", "*", true),
        ] {
            assert_eq!(covers(wide, narrow), expected, "{wide} {narrow}");
        }
        assert!(is_everything("*") && is_everything("**") && !is_everything("") && !is_everything("*a"));
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn what_is_said_of_globs_holds_for_texts(one in "[aB*?]{0,5}", two in "[aB*?]{0,5}", text in "[ab]{0,6}") {
            let (first, second) = (glob::matches(&one, &text), glob::matches(&two, &text));
            prop_assert!(!(covers(&one, &two) && second && !first), "{one} covers {two}, and not {text}");
            prop_assert!(!(are_apart(&one, &two) && first && second), "{one} and {two} both match {text}");
        }
    }
}
