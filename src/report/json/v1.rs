//! JSON, version 1: the report of a check, the facts of credentials, and the diagnostics of an invalid policy.
//!
//! `docs/report.schema.json` says them as a schema.

mod again;
mod check;
mod document;
mod evidence;
mod facts;
mod policies;
mod rows;
mod sorted;
mod testing;
mod told_rows;

pub(in crate::report) use again::write as write_again;
pub(in crate::report) use check::Check;
pub(in crate::report) use facts::{Facts, Place};
pub use policies::{Diagnostics, Formatting, Linting, Start};
pub use testing::Tests;
