//! The checker: policy, inputs, credentials with their secrets, options and a clock in; a stream of judged credentials out.
//!
//! [`Run`] is that stream. It gives the credentials in their order, keeps at most [`MOST_UNDER_WAY`] of them between their
//! first request and their report, and folds what they come to: whoever takes a credential out can let it go. It runs on
//! the caller's tokio and handles no signal.

mod checked;
mod clock;
mod command;
pub mod facade;
mod files;
mod idle;
mod network;
mod ready;
mod run;
mod system;
mod tally;
mod terms;

pub use checked::Checked;
pub use clock::now;
pub use files::{PolicyFiles, ReadError, read_regular};
pub use network::{Network, NetworkOptions};
pub use ready::{Allowed, Ready, ready};
pub use run::{LONGEST_FAREWELL, MOST_UNDER_WAY, Run};
pub use system::System;
pub use tally::Tail;
pub use terms::{Reads, Rules, Terms};

pub use crate::collecting::Derives;
