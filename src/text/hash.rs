//! A hash of short texts that are looked up again and again: eight bytes with each multiplication.

use std::hash::{BuildHasher, Hasher, RandomState};

/// Begins each hash with a number that nobody knows, so that nobody can choose texts that collide.
#[derive(Clone, Debug)]
pub struct Seed(u64);

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

/// A hash on its way.
#[derive(Debug)]
pub struct Hash(u64);

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

/// Takes for a hash what is one: for maps by hashes.
#[derive(Clone, Copy, Debug, Default)]
pub struct AsIs(u64);

impl BuildHasher for AsIs {
    type Hasher = Self;

    fn build_hasher(&self) -> Self {
        Self(0)
    }
}

impl Hasher for AsIs {
    fn write(&mut self, bytes: &[u8]) {
        let mut hash = Hash(self.0);
        hash.write(bytes);
        self.0 = hash.finish();
    }

    fn write_u64(&mut self, hash: u64) {
        self.0 = hash;
    }

    fn finish(&self) -> u64 {
        self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
