//! Reports as people and programs get them: real policies, judged over facts made by hand.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::panic,
    clippy::use_debug,
    reason = "a test may fail anywhere"
)]

mod cases;
mod fixture;
mod hostile;
mod rendering;
