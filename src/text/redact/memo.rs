//! Texts that were found clean, so that what comes again and again is gone through once.

use std::collections::HashSet;
use std::hash::{BuildHasher, Hasher, RandomState};
use std::sync::{Mutex, TryLockError};

/// The most bytes that are kept. Where there would be more, all are forgotten.
const MOST_BYTES: usize = 1 << 20;
/// Longer texts are not kept.
const LONGEST: usize = 16 * 1024;
/// What keeping a text takes beside its bytes.
const ENTRY: usize = 32;

/// Texts that hold no secret that is known so far. They are forgotten whenever a secret is learnt.
#[derive(Default)]
pub(super) struct Memo(Mutex<Texts>);

#[derive(Default)]
struct Texts {
    texts: HashSet<Box<str>, Seed>,
    bytes: usize,
}

impl Memo {
    /// Whether a text was found clean. Nobody waits to know.
    pub(super) fn has(&self, text: &str) -> bool {
        text.len() <= LONGEST && self.with(|memo| memo.texts.contains(text)).unwrap_or(false)
    }

    /// Keeps a text that was found clean.
    pub(super) fn add(&self, text: &str) {
        if text.len() > LONGEST {
            return;
        }
        self.with(|memo| {
            memo.bytes += text.len() + ENTRY;
            if memo.bytes > MOST_BYTES {
                memo.texts.clear();
                memo.bytes = text.len() + ENTRY;
            }
            memo.texts.insert(text.into());
        });
    }

    /// Forgets everything.
    pub(super) fn forget(&mut self) {
        *self = Self::default();
    }

    fn with<T>(&self, look: impl FnOnce(&mut Texts) -> T) -> Option<T> {
        match self.0.try_lock() {
            Ok(mut memo) => Some(look(&mut memo)),
            Err(TryLockError::Poisoned(poisoned)) => Some(look(&mut poisoned.into_inner())),
            Err(TryLockError::WouldBlock) => None,
        }
    }
}

/// Begins each hash with a number that nobody knows, so that nobody can choose texts that collide.
struct Seed(u64);

impl Default for Seed {
    fn default() -> Self {
        Self(RandomState::new().hash_one(0))
    }
}

impl BuildHasher for Seed {
    type Hasher = Hash;

    fn build_hasher(&self) -> Hash {
        Hash(self.0)
    }
}

/// Eight bytes with each multiplication.
struct Hash(u64);

impl Hash {
    fn mix(&mut self, part: u64) {
        const ODD: u128 = 0x9E37_79B9_7F4A_7C15;
        let wide = u128::from(self.0 ^ part) * ODD;
        self.0 = (wide >> 64) as u64 ^ wide as u64;
    }
}

impl Hasher for Hash {
    fn write(&mut self, bytes: &[u8]) {
        let (parts, rest) = bytes.as_chunks();
        for part in parts {
            self.mix(u64::from_le_bytes(*part));
        }
        let last = rest.iter().rev().fold(1, |last, byte| last << 8 | u64::from(*byte));
        self.mix(last);
    }

    fn write_u8(&mut self, byte: u8) {
        self.mix(u64::from(byte));
    }

    fn finish(&self) -> u64 {
        self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_holds_what_was_added_and_is_bounded() {
        let memo = Memo::default();
        let texts: Vec<String> = (0..300).map(|at| "a".repeat(at)).collect();
        texts.iter().for_each(|text| memo.add(text));
        assert!(texts.iter().all(|text| memo.has(text)));
        assert!(!memo.has("b") && !memo.has("aaaaaaab"));
        for number in 0..1000 {
            memo.add(&format!("{number:0>10000}"));
        }
        let kept = memo.0.lock().unwrap();
        assert!(kept.bytes <= MOST_BYTES && !kept.texts.is_empty());
        assert!(kept.texts.iter().map(|text| text.len()).sum::<usize>() <= kept.bytes);
        drop(kept);
        memo.add(&"c".repeat(LONGEST + 1));
        assert!(!memo.has(&"c".repeat(LONGEST + 1)));
    }

    #[test]
    fn whoever_would_wait_goes_on_without_it() {
        let memo = Memo::default();
        memo.add("text");
        let held = memo.0.lock().unwrap();
        assert!(!memo.has("text"));
        memo.add("other");
        drop(held);
        assert!(memo.has("text") && !memo.has("other"));
    }

    #[test]
    fn texts_that_differ_a_little_hash_apart() {
        let seed = Seed::default();
        let texts = (0..20_000).map(|number| format!("field data.r{number}.isArchived"));
        let mut hashes: Vec<u64> = texts.map(|text| seed.hash_one(text.as_str())).collect();
        hashes.extend((0..40).map(|length| seed.hash_one("\0".repeat(length).as_str())));
        let count = hashes.len();
        hashes.sort_unstable();
        hashes.dedup();
        assert_eq!(hashes.len(), count);
    }
}
