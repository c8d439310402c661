//! Reports: outcomes for people and for programs. Pure: where they go, and where rows wait, is given.
//!
//! The report of a check is a [`Stream`]: it is told of one credential after another and keeps no more of each than it
//! must, so that a fleet of thousands needs no more memory than what there is to say of it.
//!
//! [`findings`] turns outcomes into diagnostics, the one structure that human and further formats share. Machine formats
//! have their shapes frozen in versioned files ([`json::v1`]), never dumps of internal types. Every writer takes the
//! run's [`Redactor`](crate::text::redact::Redactor), and each text passes it before it is laid out. Writers give back the
//! sink's errors; a broken pipe is the caller's normal end.

pub mod annotations;
pub mod builtins;
mod concise;
pub mod explaining;
pub mod facts;
pub mod findings;
mod formats;
pub mod human;
pub mod json;
pub mod junit;
pub mod linting;
mod merging;
mod open;
pub mod page;
pub mod plan;
mod prose;
mod retell;
mod revealed;
mod spool;
mod standings;
pub mod starter;
mod stream;
pub mod testing;
pub mod told;
mod unbegun;
pub mod vocabulary;
mod wording;

pub use formats::{Subject, Whole};
pub use merging::{MergeError, merge};
pub use open::{Format, Machine, Reports, Sheets, Wanted, open, write_findings};
pub use retell::retell;
pub use revealed::{Reveal, Revealed};
pub use spool::{CHUNK, Spool};
pub use stream::{Head, Interrupted, Section, Stream, Tail};
pub use told::Surroundings;
pub use unbegun::Unbegun;
