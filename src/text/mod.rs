//! Small things that every room needs: sources and spans, secrets, untrusted text, globs, names, English.

pub mod english;
pub mod glob;
pub mod hash;
mod hex;
pub mod json;
pub mod nearest;
pub mod redact;
pub mod secret;
pub mod source;
pub mod strict_json;
pub mod token_shape;
pub mod untrusted;

pub use hex::hex;
