//! Subjects of one kind with their facts: in the order of their names, found by name whatever its case.

use std::cmp::Ordering;
use std::ops::Deref;

use super::set::SubjectFacts;

/// Repositories or organisations with their facts, sorted by name. Hosts compare names without case, so that another
/// spelling is the same subject; the one that came first stays.
#[derive(Clone, Debug, PartialEq)]
pub struct Subjects<N> {
    sorted: Vec<(N, SubjectFacts)>,
    /// The positions in `sorted`, in the order of the names without their case.
    folded: Vec<usize>,
}

impl<N> Default for Subjects<N> {
    fn default() -> Self {
        Self { sorted: Vec::new(), folded: Vec::new() }
    }
}

impl<N> Deref for Subjects<N> {
    type Target = [(N, SubjectFacts)];

    fn deref(&self) -> &Self::Target {
        &self.sorted
    }
}

/// How names stand without regard to case: the one rule by which two of them are the same.
pub fn compare_names(one: &str, other: &str) -> Ordering {
    let folded = |byte: u8| byte.to_ascii_lowercase();
    one.bytes().map(folded).cmp(other.bytes().map(folded))
}

impl<N: AsRef<str> + Ord + Clone> Subjects<N> {
    /// The facts of the subject at a position, to set.
    pub fn facts_mut(&mut self, at: usize) -> Option<&mut SubjectFacts> {
        self.sorted.get_mut(at).map(|(_, facts)| facts)
    }

    /// The position of a subject, in this or another spelling.
    pub fn position(&self, name: &str) -> Option<usize> {
        self.place(name).ok().and_then(|place| self.folded.get(place).copied())
    }

    /// The position of a subject, added (in order) where it is new. Adding shifts later positions.
    pub fn add(&mut self, name: &N) -> usize {
        match self.place(name.as_ref()) {
            Ok(place) => self.folded.get(place).copied().unwrap_or_default(),
            Err(place) => {
                let at = self.sorted.partition_point(|(have, _)| have < name);
                if at < self.sorted.len() {
                    self.folded.iter_mut().filter(|position| **position >= at).for_each(|position| *position += 1);
                }
                self.sorted.insert(at, (name.clone(), SubjectFacts::default()));
                self.folded.insert(place, at);
                at
            }
        }
    }

    /// Adds those that are new, however many and in whatever order. Adding shifts positions.
    pub fn extend<'a>(&mut self, names: impl IntoIterator<Item = &'a N>)
    where
        N: 'a,
    {
        let mut new: Vec<&N> = names.into_iter().filter(|name| self.place(name.as_ref()).is_err()).collect();
        if new.is_empty() {
            return;
        }
        new.sort_by(|one, other| compare_names(one.as_ref(), other.as_ref()));
        new.dedup_by(|later, first| compare_names(later.as_ref(), first.as_ref()).is_eq());
        self.sorted.extend(new.into_iter().map(|name| (name.clone(), SubjectFacts::default())));
        self.sorted.sort_by(|(one, _), (other, _)| one.cmp(other));
        let mut folded: Vec<(usize, &str)> =
            self.sorted.iter().enumerate().map(|(at, (name, _))| (at, name.as_ref())).collect();
        folded.sort_by(|(_, one), (_, other)| compare_names(one, other));
        self.folded = folded.into_iter().map(|(at, _)| at).collect();
    }

    /// Where a name stands in `folded`, or would.
    fn place(&self, name: &str) -> Result<usize, usize> {
        self.folded.binary_search_by(|at| match self.sorted.get(*at) {
            Some((have, _)) => compare_names(have.as_ref(), name),
            None => Ordering::Greater,
        })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_name_is_found_in_any_case_and_stays_as_first_written() {
        let mut subjects: Subjects<String> = Subjects::default();
        for name in ["acme/b", "Acme/A", "zeta/x", "ACME/B"] {
            subjects.add(&name.to_owned());
        }
        let names: Vec<&str> = subjects.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(names, ["Acme/A", "acme/b", "zeta/x"]);
        assert_eq!(subjects.position("ACME/b"), Some(1));
        assert_eq!(subjects.position("acme/c"), None);
    }

    proptest! {
        /// One by one or all at once: the same subjects, each found at its place.
        #[test]
        fn adding_many_is_adding_each(names in proptest::collection::vec("[aAbB_]{1,3}", 0..24)) {
            let mut one_by_one: Subjects<String> = Subjects::default();
            for name in &names {
                one_by_one.add(name);
            }
            for cut in [0, names.len() / 2, names.len()] {
                let mut at_once: Subjects<String> = Subjects::default();
                at_once.extend(&names[..cut]);
                at_once.extend(&names[cut..]);
                prop_assert_eq!(&at_once, &one_by_one);
            }
            for name in &names {
                let at = one_by_one.position(&name.to_uppercase()).unwrap();
                prop_assert!(one_by_one[at].0.eq_ignore_ascii_case(name));
            }
            prop_assert!(one_by_one.windows(2).all(|pair| pair[0].0 < pair[1].0));
        }
    }
}
