//! The plan: which requests settle what the policy still leaves open, wave by wave.
//!
//! Planning is a question asked again after every wave: *given what is known now, which facts do undecided statements
//! read?* What guards read comes first, and what a false guard rules out is never asked. Facts that a kind of credential
//! cannot show are settled from the tables, without a request.

mod batch;
mod demand;
mod dry_run;
mod everything;
mod proofs;
mod scope;
mod wave;

pub use demand::Judge;
pub use dry_run::dry_run;
pub use everything::everything;
pub use scope::{Scope, scope};
pub use wave::{Asked, MAX_WAVES, PlannedRequest, Settled, Wave, initial_facts, minted_for, next_wave, unlisted};
