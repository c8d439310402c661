//! Texts that a redactor lets out as they are.

use serde::{Serialize, Serializer};

/// What [`Word`] and [`Digest`] are serialised as: who writes values without their secrets leaves them as they are.
pub(in crate::text) const OWN: &str = "credcheck::Own";

/// A word of the program's own: no secret can stand in it, and one that is spelled alike is not told by it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Word(pub &'static str);

impl Serialize for Word {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_newtype_struct(OWN, self.0)
    }
}

/// A digest in hexadecimal: a secret that is spelled like a part of one is not told by it. Any other text is redacted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Digest(pub String);

impl Serialize for Digest {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        /// As many as 128 bits take.
        const LENGTH: usize = 32;
        if self.0.len() == LENGTH && self.0.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return serializer.serialize_newtype_struct(OWN, &self.0);
        }
        self.0.serialize(serializer)
    }
}
