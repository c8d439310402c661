//! Texts that were found clean, so that what comes again and again is gone through once.

use std::collections::HashMap;
use std::hash::BuildHasher as _;
use std::sync::{Mutex, MutexGuard, TryLockError};

use crate::text::hash::{AsIs, Seed};

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
    seed: Seed,
    /// By their hashes. Of two with the same one, which nobody can choose, the later is kept.
    texts: HashMap<u64, Box<str>, AsIs>,
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
    /// Looks a text up.
    pub(super) fn look(&self, text: &str) -> Looked {
        if text.len() > LONGEST {
            return Looked::TooLong;
        }
        let hash = self.seed.hash_one(text);
        if self.texts.get(&hash).is_some_and(|kept| **kept == *text) { Looked::Clean } else { Looked::New(hash) }
    }

    /// Keeps a text that was found clean, once it comes again; `hash` is what looking it up gave.
    pub(super) fn add(&mut self, text: &str, hash: u64) {
        if !self.came_before(hash) {
            return;
        }
        self.bytes += text.len() + ENTRY;
        if self.bytes > MOST_BYTES {
            self.texts.clear();
            self.bytes = text.len() + ENTRY;
        }
        self.texts.insert(hash, text.into());
    }

    fn came_before(&mut self, hash: u64) -> bool {
        self.once.resize(ONCE, 0);
        let Some(place) = self.once.get_mut(hash as usize % ONCE) else { return false };
        let came = *place == hash;
        *place = hash;
        came
    }
}

/// What looking a text up gave.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Looked {
    /// It was found clean.
    Clean,
    /// It is not kept; this is its hash.
    New(u64),
    /// It is none of those that are kept.
    TooLong,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keep(texts: &mut Texts, text: &str) {
        if let Looked::New(hash) = texts.look(text) {
            texts.add(text, hash);
        }
    }

    fn has(texts: &Texts, text: &str) -> bool {
        texts.look(text) == Looked::Clean
    }

    #[test]
    fn it_holds_what_came_twice_and_is_bounded() {
        let memo = Memo::default();
        let mut kept = memo.open().unwrap();
        let texts: Vec<String> = (0..300).map(|at| "a".repeat(at)).collect();
        texts.iter().for_each(|text| keep(&mut kept, text));
        assert!(!texts.iter().any(|text| has(&kept, text)));
        for text in &texts {
            keep(&mut kept, text);
            keep(&mut kept, text);
            assert!(has(&kept, text));
        }
        assert!(!has(&kept, "b") && !has(&kept, "aaaaaaab"));
        for number in 0..1000 {
            let text = format!("{number:0>10000}");
            keep(&mut kept, &text);
            keep(&mut kept, &text);
            assert!(has(&kept, &text));
        }
        assert!(kept.bytes <= MOST_BYTES && !kept.texts.is_empty());
        assert!(kept.texts.values().map(|text| text.len()).sum::<usize>() <= kept.bytes);
        assert_eq!(kept.look(&"c".repeat(LONGEST + 1)), Looked::TooLong);
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
