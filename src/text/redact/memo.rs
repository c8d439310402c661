//! Texts that were found clean, so that what comes again and again is gone through once.

use std::collections::HashSet;
use std::hash::BuildHasher;
use std::sync::{Mutex, MutexGuard, TryLockError};

use crate::text::hash::Seed;

/// The most bytes that are kept. Where there would be more, all are forgotten.
const MOST_BYTES: usize = 1 << 20;
/// Longer texts are not kept.
const LONGEST: usize = 16 * 1024;
/// What keeping a text takes beside its bytes.
const ENTRY: usize = 32;
/// How many texts that came once are remembered, by their hashes.
const ONCE: usize = 4096;

/// Texts that hold no secret that is known so far. They are forgotten whenever a secret is learnt.
#[derive(Default)]
pub(super) struct Memo(Mutex<Texts>);

/// What a memo keeps.
#[derive(Default)]
pub(super) struct Texts {
    texts: HashSet<Box<str>, Seed>,
    bytes: usize,
    /// The hashes of texts that came once, each at its own place: most of a long report never comes again, and would only
    /// displace what does.
    once: Vec<u64>,
}

impl Memo {
    /// What is kept, to look at and add to; `None` while somebody else does. Nobody waits for it.
    pub(super) fn open(&self) -> Option<MutexGuard<'_, Texts>> {
        match self.0.try_lock() {
            Ok(texts) => Some(texts),
            Err(TryLockError::Poisoned(poisoned)) => Some(poisoned.into_inner()),
            Err(TryLockError::WouldBlock) => None,
        }
    }

    /// Forgets everything.
    pub(super) fn forget(&mut self) {
        *self = Self::default();
    }
}

impl Texts {
    /// Whether a text was found clean.
    pub(super) fn has(&self, text: &str) -> bool {
        text.len() <= LONGEST && self.texts.contains(text)
    }

    /// Keeps a text that was found clean, once it comes again.
    pub(super) fn add(&mut self, text: &str) {
        if text.len() > LONGEST || !self.came_before(text) {
            return;
        }
        self.bytes += text.len() + ENTRY;
        if self.bytes > MOST_BYTES {
            self.texts.clear();
            self.bytes = text.len() + ENTRY;
        }
        self.texts.insert(text.into());
    }

    fn came_before(&mut self, text: &str) -> bool {
        let hash = self.texts.hasher().hash_one(text);
        self.once.resize(ONCE, 0);
        let Some(place) = self.once.get_mut(hash as usize % ONCE) else { return false };
        let came = *place == hash;
        *place = hash;
        came
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_holds_what_came_twice_and_is_bounded() {
        let memo = Memo::default();
        let mut kept = memo.open().unwrap();
        let texts: Vec<String> = (0..300).map(|at| "a".repeat(at)).collect();
        texts.iter().for_each(|text| kept.add(text));
        assert!(!texts.iter().any(|text| kept.has(text)));
        for text in &texts {
            kept.add(text);
            kept.add(text);
            assert!(kept.has(text));
        }
        assert!(!kept.has("b") && !kept.has("aaaaaaab"));
        for number in 0..1000 {
            let text = format!("{number:0>10000}");
            kept.add(&text);
            kept.add(&text);
            assert!(kept.has(&text));
        }
        assert!(kept.bytes <= MOST_BYTES && !kept.texts.is_empty());
        assert!(kept.texts.iter().map(|text| text.len()).sum::<usize>() <= kept.bytes);
        for _ in 0..2 {
            kept.add(&"c".repeat(LONGEST + 1));
        }
        assert!(!kept.has(&"c".repeat(LONGEST + 1)));
    }

    #[test]
    fn whoever_would_wait_goes_on_without_it() {
        let memo = Memo::default();
        let held = memo.open();
        assert!(held.is_some() && memo.open().is_none());
        drop(held);
        assert!(memo.open().is_some());
    }
}
