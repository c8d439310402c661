//! credcheck checks what a Git host's credential is and can do against a policy.
//!
//! This is the library behind the command line. A [`Policy`] is read and checked, a [`Checker`] asks a host with a
//! [`Credential`] for what the policy's statements read, and judges; what the host would not or could not tell is
//! undetermined, and never passes.
//!
//! ```
//! use credcheck::{Checker, Credential, HostKind, Policy};
//!
//! fn main() -> Result<(), Box<dyn std::error::Error>> {
//!     let policy = Policy::parse("team.pol", r#"host github { require token.scopes covers ["repo"] }"#)?;
//!     let token = std::env::var_os("GH_TOKEN").unwrap_or_default();
//!     let credential = Credential::token(HostKind::GitHub, "bot", &token.to_string_lossy());
//! #   let world = credcheck::simulator::github::World::new("2026-11-23T12:00:00Z".parse()?);
//! #   let bot = credcheck::simulator::github::Token::classic("not-a-real-token").owner("acme-bot").scopes(["gist"]);
//! #   let host = world.token(bot).start()?;
//! #   let credential = Credential::token(HostKind::GitHub, "bot", "not-a-real-token").at(host.url()).api(host.api_url());
//!     let summary = Checker::new(&policy).check([credential], |checked| {
//!         for outcome in checked.broken().chain(checked.outcomes()) {
//!             println!("{} {}: {}", checked.name(), outcome.rule(), outcome.verdict());
//!             for (reason, evidence) in outcome.reasons().iter().zip(outcome.evidence()) {
//!                 println!("  {reason}: {} of {}", evidence.place(), evidence.request().unwrap_or("the token"));
//!             }
//!         }
//!     })?;
//! #   assert_eq!((summary.violations(), summary.exit_code()), (1, 1));
//!     println!("{} requests, exit code {}", summary.requests(), summary.exit_code());
//!     Ok(())
//! }
//! ```
//!
//! [`Run`] has a thousand credentials as a stream, [`Policy`] a policy that is linted, and [`Checker::replay`] a record.
//!
//! # What is promised
//!
//! From version 1.0 on, by semantic versioning: the names of this page and what they do; the JSON documents of version 1
//! (`docs/report.schema.json`); exit codes; the numbers and names of diagnostics' codes; and that a policy of this edition of the
//! language means the same. What may grow is marked `#[non_exhaustive]`, and JSON documents may gain keys. Texts for people
//! may change at any time. Everything that this page does not show is the program's own and may change: it is public for
//! its tests only.
//!
//! # Features
//!
//! - `cli`, by default: the command line, the terminal, and reports.
//! - `demo`, by default: simulated hosts, on an HTTP server of loopback.
//!
//! With `default-features = false` there is the library alone.

#[doc(hidden)]
pub mod checker;
#[doc(hidden)]
pub mod collecting;
#[cfg(feature = "cli")]
#[doc(hidden)]
pub mod commands;
#[doc(hidden)]
pub mod diagnostic;
#[doc(hidden)]
pub mod evaluation;
#[doc(hidden)]
pub mod facts;
#[doc(hidden)]
pub mod hosts;
#[doc(hidden)]
pub mod language;
#[doc(hidden)]
pub mod plan;
#[cfg(feature = "cli")]
#[doc(hidden)]
pub mod report;
#[doc(hidden)]
pub mod settings;
#[cfg(feature = "demo")]
#[doc(hidden)]
pub mod simulator;
#[doc(hidden)]
pub mod text;
#[doc(hidden)]
pub mod transport;
#[doc(hidden)]
pub mod vocabulary;

#[doc(inline)]
pub use checker::facade::{
    Checked, Checker, Credential, Error, Evidence, Fact, Knowledge, Outcome, Policy, Problem, Record, Run, Summary,
    Value, Verdict,
};
#[doc(inline)]
pub use vocabulary::HostKind;
