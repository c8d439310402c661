//! Names that a host grants and no table has: told one by one, as far as anybody reads.

use crate::facts::{Evidence, Incident};
use crate::text::english;

/// So many are named; the others are counted. A host may send any number.
const MOST_NAMED: usize = 20;

/// What is said of names that credcheck does not know: `what` has them, and each is a `singular`.
pub(super) fn names<'a>(
    what: &str,
    (singular, plural): (&str, &str),
    names: impl IntoIterator<Item = &'a str>,
    evidence: impl Fn() -> Vec<Evidence>,
) -> Vec<Incident> {
    let mut names = names.into_iter();
    let note = |text: String| Incident::Note { text, evidence: evidence() };
    let one = |name: &str| note(format!("{what} has the {singular} `{name}`, which credcheck does not know"));
    let mut notes: Vec<Incident> = names.by_ref().take(MOST_NAMED).map(one).collect();
    let more = names.count();
    if more > 0 {
        let more = english::count(more, &format!("further {singular}"), &format!("further {plural}"));
        notes.push(note(format!("{what} has {more} that credcheck does not know")));
    }
    notes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_are_named_and_the_others_counted() {
        let told = |count: usize| {
            let all: Vec<String> = (0..count).map(|number| format!("s{number}")).collect();
            let notes = names("the token", ("scope", "scopes"), all.iter().map(String::as_str), Vec::new);
            let texts = notes.into_iter().filter_map(|note| match note {
                Incident::Note { text, .. } => Some(text),
                _ => None,
            });
            texts.collect::<Vec<_>>()
        };
        assert_eq!(told(0), [""; 0]);
        assert_eq!(told(1), ["the token has the scope `s0`, which credcheck does not know"]);
        assert_eq!(told(20).len(), 20);
        let many = told(40_000);
        assert_eq!(many.len(), 21);
        assert_eq!(many[20], "the token has 39980 further scopes that credcheck does not know");
    }
}
