//! The plan: which requests settle what the policy still leaves open, wave by wave.
//!
//! Planning is a question asked again after every wave: *given what is known now, which facts do undecided statements
//! read?* What guards read comes first, and what a false guard rules out is never asked. Facts that a kind of credential
//! cannot show are settled from the tables, without a request.

mod batch;
mod demand;
mod dry_run;
mod everything;
mod judge;
mod kinds;
mod listing;
mod names;
mod once;
mod planner;
mod proofs;
mod request;
mod scope;
mod source;
mod wave;

pub use demand::read;
pub use dry_run::{at_most, dry_run};
pub use everything::everything;
pub use judge::Judge;
pub use kinds::initial_facts;
pub use listing::{minted_for, unlisted};
pub use request::{Asked, PlannedRequest, Settled};
pub use scope::{Scope, scope};
pub use wave::{MAX_WAVES, Wave, next_wave};
