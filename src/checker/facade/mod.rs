//! The checker as programs see it: a dozen types that are promised. The crate's root shows them.
//!
//! Their insides are the rooms' own types; what they give out is plain values, every text of it redacted.

mod checked;
mod checker;
mod credential;
mod error;
mod evidence;
mod fact;
mod outcome;
mod policy;
mod problem;
mod record;
mod run;
mod summary;
mod time;
mod view;

pub use checked::Checked;
pub use checker::Checker;
pub use credential::Credential;
pub use error::Error;
pub use evidence::Evidence;
pub use fact::{Fact, Knowledge, Value};
pub use outcome::{Outcome, Verdict};
pub use policy::Policy;
pub use problem::Problem;
pub use record::Record;
pub use run::Run;
pub use summary::Summary;
