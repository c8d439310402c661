//! All needles at once: an index of how they begin finds candidates, and each needle confirms.
//!
//! A text is gone through once. At each place the next three characters, in every reading that escapes give them, are
//! looked up; most places end there, in a table of bits. Needles that begin alike stand together in order, so that what
//! they share, the prefix of a vendor's tokens for instance, is compared once and not for each.

use std::collections::HashMap;

use super::escape;
use super::needle::Needle;

/// How many bytes of a needle its key has. No needle is shorter.
const KEY: usize = 3;

/// So few candidates are confirmed one by one.
const FEW: usize = 4;

/// How many escapes are read both ways at one place before all that is left counts as a candidate.
const READINGS: usize = 64;

/// Needles by how they begin.
#[derive(Default)]
pub(super) struct Index {
    needles: Vec<Needle>,
    /// The length of the shortest.
    shortest: usize,
    /// Positions in `needles` by the needles' first bytes, in the order of their texts.
    beginnings: HashMap<u32, Vec<u32>>,
    filter: Filter,
    numeric: bool,
}

impl Index {
    /// How many needles there are.
    pub(super) const fn len(&self) -> usize {
        self.needles.len()
    }

    /// The length of the shortest needle.
    pub(super) const fn shortest(&self) -> usize {
        self.shortest
    }

    /// Whether some needle is no longer than a text of this length. No escape is shorter than what it stands for.
    pub(super) const fn fits(&self, length: usize) -> bool {
        !self.needles.is_empty() && self.shortest <= length
    }

    /// Whether some needle could be a part of a number.
    pub(super) const fn has_numeric(&self) -> bool {
        self.numeric
    }

    /// Takes a needle in, unless it is there.
    pub(super) fn add(&mut self, needle: Needle) {
        let (Some(first), Some(second), Some(third)) = (needle.folded_at(0), needle.folded_at(1), needle.folded_at(2))
        else {
            debug_assert!(false, "a needle of less than {KEY} bytes would never be found");
            return;
        };
        let Ok(number) = u32::try_from(self.needles.len()) else { return };
        let key = u32::from_be_bytes([0, first, second, third]);
        let beginning = self.beginnings.entry(key).or_default();
        let order =
            |at: &u32| usize::try_from(*at).ok().and_then(|at| self.needles.get(at)).map(|have| have.order(&needle));
        let Err(at) = beginning.binary_search_by(|have| order(have).unwrap_or(std::cmp::Ordering::Less)) else {
            return;
        };
        beginning.insert(at, number);
        self.numeric |= needle.is_numeric();
        self.shortest = if self.needles.is_empty() { needle.len() } else { self.shortest.min(needle.len()) };
        self.needles.push(needle);
        if self.filter.is_full(self.beginnings.len()) {
            self.filter = Filter::of(self.beginnings.keys().copied(), self.beginnings.len());
        } else {
            self.filter.add(key);
        }
    }

    /// Where needles stand, as ranges in no order; they may overlap, but not those of one needle.
    pub(super) fn find(&self, text: &str) -> Vec<(usize, usize)> {
        let mut found = Vec::new();
        if !self.fits(text.len()) {
            return found;
        }
        let bytes = text.as_bytes();
        let mut ends: HashMap<u32, usize> = HashMap::new();
        let mut candidates = Vec::new();
        // Most texts have none.
        let has_escapes = bytes.iter().any(|byte| escape::begins(*byte));
        let mut from = 0;
        while let Some(Beginning { start, key }) = self.next(bytes, from, has_escapes) {
            from = start + 1;
            let mut walk = Walk { index: self, text: bytes, readings: READINGS, candidates: &mut candidates };
            match key {
                Some(key) => {
                    if let Some(beginning) = self.beginnings.get(&key) {
                        walk.go(beginning, KEY, start + KEY);
                    }
                }
                None => walk.begin(start, Spelled::default()),
            }
            for number in candidates.drain(..) {
                if ends.get(&number).is_some_and(|end| start < *end) {
                    continue;
                }
                if let Some(end) = self.needle(number).and_then(|needle| needle.match_at(text, start)) {
                    found.push((start, end));
                    ends.insert(number, end);
                }
            }
        }
        found
    }

    /// The next place, from one on, at which a needle may begin, in a text that has escapes or none.
    fn next(&self, text: &[u8], from: usize, has_escapes: bool) -> Option<Beginning> {
        let mut places = text.get(from..)?.windows(KEY).filter_map(|place| place.first_chunk()).copied();
        let at = if has_escapes {
            places.position(|place| begins_escape(place) || self.filter.may_have(place))
        } else {
            places.position(|place| self.filter.may_have(place))
        };
        let start = from + at?;
        let place = *text.get(start..)?.first_chunk()?;
        Some(Beginning { start, key: (!begins_escape(place)).then(|| key(place)) })
    }

    fn needle(&self, number: u32) -> Option<&Needle> {
        self.needles.get(usize::try_from(number).ok()?)
    }

    fn byte(&self, number: u32, depth: usize) -> Option<u8> {
        self.needle(number)?.folded_at(depth)
    }

    /// Those of some needles, alike up to `depth`, that go on with this byte.
    fn narrow<'a>(&self, alike: &'a [u32], depth: usize, byte: u8) -> &'a [u32] {
        let wanted = Some(byte.to_ascii_lowercase());
        let (Some(first), Some(last)) = (alike.first(), alike.last()) else { return alike };
        if self.byte(*first, depth) == wanted && self.byte(*last, depth) == wanted {
            return alike;
        }
        let from = alike.partition_point(|number| self.byte(*number, depth) < wanted);
        let rest = alike.get(from..).unwrap_or(&[]);
        let until = rest.partition_point(|number| self.byte(*number, depth) == wanted);
        rest.get(..until).unwrap_or(&[])
    }
}

/// The first characters of a needle or at a place, each ASCII letter small.
fn key(place: [u8; KEY]) -> u32 {
    let [first, second, third] = place.map(|byte| byte.to_ascii_lowercase());
    u32::from_be_bytes([0, first, second, third])
}

/// Whether an escape may begin within them.
fn begins_escape(place: [u8; KEY]) -> bool {
    place.into_iter().any(escape::begins)
}

/// A place at which a needle may begin.
struct Beginning {
    start: usize,
    /// The characters there; `None` where escapes give them several readings.
    key: Option<u32>,
}

/// The first characters at a place, in one of their readings.
#[derive(Clone, Copy, Default)]
struct Spelled {
    bytes: [u8; 8],
    length: usize,
}

impl Spelled {
    fn with(mut self, bytes: &[u8]) -> Self {
        for byte in bytes {
            if let Some(place) = self.bytes.get_mut(self.length) {
                *place = byte.to_ascii_lowercase();
                self.length += 1;
            }
        }
        self
    }
}

/// Comparing what stands at one place with all needles that begin so.
struct Walk<'a> {
    index: &'a Index,
    text: &'a [u8],
    /// How many escapes may still be read both ways.
    readings: usize,
    candidates: &'a mut Vec<u32>,
}

impl Walk<'_> {
    /// Spells the key in each reading, plain and escaped, and goes on from there.
    fn begin(&mut self, at: usize, spelled: Spelled) {
        if spelled.length >= KEY {
            let [first, second, third, ..] = spelled.bytes;
            let key = u32::from_be_bytes([0, first, second, third]);
            if self.index.filter.may_have([first, second, third])
                && let Some(beginning) = self.index.beginnings.get(&key)
            {
                let beyond = spelled.bytes.iter().enumerate().take(spelled.length).skip(KEY);
                let alike =
                    beyond.fold(beginning.as_slice(), |alike, (depth, byte)| self.index.narrow(alike, depth, *byte));
                self.go(alike, spelled.length, at);
            }
            return;
        }
        let Some(rest) = self.text.get(at..) else { return };
        let Some(byte) = rest.first() else { return };
        if escape::begins(*byte)
            && let Some(escape) = escape::read(rest)
        {
            self.begin(at + escape.length, spelled.with(escape.meaning()));
        }
        self.begin(at + 1, spelled.with(&[*byte]));
    }

    /// Goes on at `at` with needles that are alike up to `depth`.
    fn go(&mut self, mut alike: &[u32], mut depth: usize, mut at: usize) {
        loop {
            // Those that end here are the first.
            while let Some((first, others)) = alike.split_first()
                && self.index.byte(*first, depth).is_none()
            {
                self.candidates.push(*first);
                alike = others;
            }
            if alike.len() <= FEW || self.readings == 0 {
                self.candidates.extend(alike);
                return;
            }
            let Some(rest) = self.text.get(at..) else { return };
            let Some(byte) = rest.first() else { return };
            if escape::begins(*byte)
                && let Some(escape) = escape::read(rest)
            {
                self.readings -= 1;
                let meaning = escape.meaning();
                let alike = meaning
                    .iter()
                    .zip(depth..)
                    .fold(alike, |alike, (byte, depth)| self.index.narrow(alike, depth, *byte));
                self.go(alike, depth + meaning.len(), at + escape.length);
            }
            alike = self.index.narrow(alike, depth, *byte);
            depth += 1;
            at += 1;
        }
    }
}

/// A set of keys that may say yes to a few others, and fits the processor's cache.
#[derive(Default)]
struct Filter {
    bits: Vec<u64>,
    /// Which bits of a mixed key are a bit's number.
    mask: u32,
}

impl Filter {
    /// How many bits a key has at least.
    const PER_KEY: usize = 32;
    /// The most bits: as many as a mixed key tells apart.
    const MOST: usize = 1 << 24;

    fn of(keys: impl Iterator<Item = u32>, count: usize) -> Self {
        // Twice the room, so that the next time comes after as many keys again.
        let bits = (count * Self::PER_KEY * 2).next_power_of_two().clamp(1 << 12, Self::MOST);
        let mut filter = Self { bits: vec![0; bits / 64], mask: u32::try_from(bits - 1).unwrap_or(0) };
        for key in keys {
            filter.add(key);
        }
        filter
    }

    fn is_full(&self, keys: usize) -> bool {
        self.bits.len() * 64 < (keys * Self::PER_KEY).min(Self::MOST)
    }

    fn add(&mut self, key: u32) {
        let (word, bit) = self.place(key);
        if let Some(word) = self.bits.get_mut(word) {
            *word |= bit;
        }
    }

    fn may_have(&self, place: [u8; KEY]) -> bool {
        let [first, second, third] = place;
        let (word, bit) = self.place(u32::from_be_bytes([0, first, second, third]));
        self.bits.get(word).is_some_and(|word| word & bit != 0)
    }

    /// Where a key's bit is, whatever the case of its letters.
    fn place(&self, key: u32) -> (usize, u64) {
        /// What small letters have and capitals lack. That other characters become alike by it does no harm here.
        const SMALL: u32 = 0x0020_2020;
        // The higher half of a product is mixed best.
        let number = ((key | SMALL).wrapping_mul(0x9E37_79B1) >> 8) & self.mask;
        ((number / 64) as usize, 1 << (number % 64))
    }
}
