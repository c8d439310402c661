//! The policy's globs: whole string, ASCII case-insensitive, `*` (any run) and `?` (one character) only.

use std::collections::{HashMap, HashSet};
use std::hash::{Hash, Hasher};

/// Whether `text` as a whole matches `pattern`. Time is at most the product of the lengths; nothing is allocated.
pub fn matches(pattern: &str, text: &str) -> bool {
    let (pattern, text) = (pattern.as_bytes(), text.as_bytes());
    let (mut p, mut t) = (0, 0);
    let mut star: Option<(usize, usize)> = None;
    while let Some(byte) = text.get(t) {
        match pattern.get(p) {
            Some(b'*') => {
                star = Some((p, t));
                p += 1;
            }
            Some(b'?') => {
                p += 1;
                t = next_character(text, t);
            }
            Some(wanted) if wanted.eq_ignore_ascii_case(byte) => {
                p += 1;
                t += 1;
            }
            _ => match star {
                Some((at, matched)) => {
                    let next = next_character(text, matched);
                    star = Some((at, next));
                    p = at + 1;
                    t = next;
                }
                None => return false,
            },
        }
    }
    pattern.get(p..).is_some_and(|rest| rest.iter().all(|byte| *byte == b'*'))
}

/// Where the character after the one at `at` begins.
fn next_character(text: &[u8], at: usize) -> usize {
    let continuation = |byte: &u8| byte & 0b1100_0000 == 0b1000_0000;
    let mut next = at + 1;
    while text.get(next).is_some_and(continuation) {
        next += 1;
    }
    next
}

/// Names and globs at once: names are found without being gone through.
#[derive(Debug, Default)]
pub struct GlobSet<'a> {
    names: HashSet<Folded<'a>>,
    globs: Vec<&'a str>,
}

impl<'a> FromIterator<&'a str> for GlobSet<'a> {
    fn from_iter<I: IntoIterator<Item = &'a str>>(patterns: I) -> Self {
        let mut set = Self::default();
        for pattern in patterns {
            if is_pattern(pattern) {
                set.globs.push(pattern);
            } else {
                set.names.insert(Folded(pattern));
            }
        }
        set
    }
}

impl GlobSet<'_> {
    /// Whether `text` as a whole matches one of them.
    pub fn matches(&self, text: &str) -> bool {
        self.names.contains(&Folded(text)) || self.globs.iter().any(|glob| matches(glob, text))
    }
}

/// Names and globs at their places in a list: names are found without being gone through.
#[derive(Debug, Default)]
pub struct GlobPlaces<'a> {
    names: HashMap<Folded<'a>, Vec<usize>>,
    /// Those that are no names; `None` fits everything.
    others: Vec<(usize, Option<&'a str>)>,
}

impl<'a> GlobPlaces<'a> {
    /// Takes one in; places come in their order.
    pub fn push(&mut self, place: usize, pattern: Option<&'a str>) {
        match pattern {
            Some(name) if !is_pattern(name) => self.names.entry(Folded(name)).or_default().push(place),
            other => self.others.push((place, other)),
        }
    }

    /// The first place whose pattern matches `text` and that `fits`; without a text, only what fits everything.
    pub fn first(&self, text: Option<&str>, mut fits: impl FnMut(usize) -> bool) -> Option<usize> {
        let named = text.and_then(|text| self.names.get(&Folded(text))).into_iter().flatten();
        let named = named.copied().find(|place| fits(*place));
        let before = |place: usize| named.is_none_or(|named| place < named);
        let other = self.others.iter().take_while(|(place, _)| before(*place)).find(|(place, pattern)| {
            pattern.is_none_or(|pattern| text.is_some_and(|text| matches(pattern, text))) && fits(*place)
        });
        other.map(|(place, _)| *place).or(named)
    }
}

/// A text whose ASCII case is nothing.
#[derive(Clone, Copy, Debug)]
struct Folded<'a>(&'a str);

impl PartialEq for Folded<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.0.eq_ignore_ascii_case(other.0)
    }
}

impl Eq for Folded<'_> {}

impl Hash for Folded<'_> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.0.bytes().for_each(|byte| state.write_u8(byte.to_ascii_lowercase()));
    }
}

/// Whether the pattern is more than a literal name.
pub fn is_pattern(text: &str) -> bool {
    text.contains(['*', '?'])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_place_that_fits_is_found_without_going_through_names() {
        let names: Vec<String> = (0..2_000).map(|at| format!("acme/r{at}")).collect();
        let mut places = GlobPlaces::default();
        for (at, name) in names.iter().enumerate() {
            places.push(at, Some(name));
        }
        let mut asked = 0;
        let found = places.first(Some("ACME/R1999"), |_| {
            asked += 1;
            true
        });
        assert_eq!((found, asked), (Some(1_999), 1));
        assert_eq!(places.first(Some("acme/other"), |_| unreachable!("nothing matches")), None);
        let list = [Some("a/x"), Some("A/*"), None, Some("a/x"), Some("b/?")];
        let mut places = GlobPlaces::default();
        list.iter().enumerate().for_each(|(at, pattern)| places.push(at, *pattern));
        for text in [None, Some("a/x"), Some("a/y"), Some("b/z"), Some("c/c")] {
            for shut in [[false; 5], [true, false, false, false, false], [true, true, true, false, true]] {
                let fits = |at: &usize| !shut[*at];
                let plain = (0..list.len())
                    .filter(fits)
                    .find(|at| list[*at].is_none_or(|pattern| text.is_some_and(|text| matches(pattern, text))));
                assert_eq!(places.first(text, |at| fits(&at)), plain, "{text:?} {shut:?}");
            }
        }
    }

    #[test]
    fn globs_match_whole_strings_without_case() {
        for (pattern, text, expected) in [
            ("*-bot", "Acme-BOT", true),
            ("*-bot", "acme-bot-2", false),
            ("a?c", "abc", true),
            ("a?c", "ac", false),
            ("", "", true),
            ("", "a", false),
            ("*", "", true),
            ("**a**", "bab", true),
            ("acme/*", "acme/infra", true),
            ("é*", "éa", true),
            ("?", "é", true),
            ("??", "é", false),
            ("*?", "é", true),
            ("*é?", "aéé", true),
            ("a*?b", "aéb", true),
            ("É", "é", false),
        ] {
            assert_eq!(matches(pattern, text), expected, "{pattern} on {text}");
        }
    }

    #[test]
    fn a_set_matches_what_one_of_it_does() {
        let patterns = ["acme/Infra", "acme/live-*", "É", "?x"];
        let set: GlobSet<'_> = patterns.into_iter().collect();
        for text in ["ACME/infra", "acme/infra2", "acme/LIVE-eu", "É", "é", "ax", "", "acme/"] {
            assert_eq!(set.matches(text), patterns.iter().any(|pattern| matches(pattern, text)), "{text}");
        }
        assert!(!GlobSet::default().matches(""));
    }

    #[test]
    fn many_stars_stay_polynomial() {
        assert!(!matches(&"*a".repeat(200), &"b".repeat(20_000)));
    }
}
