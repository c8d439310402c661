//! Simulated hosts: small in-process servers on loopback that answer like the real ones, for `credcheck demo`, the
//! integration tests and the benchmarks.
//!
//! A host is a state and the rules that answer from it, never a list of canned answers: what a test sees follows from
//! the users, organisations, repositories and tokens it set up. [`Server`] carries any [`Handler`]; a further host is
//! one more folder beside [`github`] and [`bitbucket_cloud`].
//!
//! ```
//! use credcheck::simulator::github::{Level, Organization, OrganizationRole, Repository, Token, World};
//!
//! # fn main() -> std::io::Result<()> {
//! let now = "2026-11-23T12:00:00Z".parse().expect("a time");
//! let running = World::new(now)
//!     .organization(Organization::new("acme").member("atlantis-acme", OrganizationRole::Member))
//!     .repository(Repository::new("acme/infra").private().collaborator("atlantis-acme", Level::Write))
//!     .token(Token::classic("not-a-real-token").owner("atlantis-acme").scopes(["repo"]).expires_in_days(90))
//!     .start()?;
//! assert!(running.api_url().starts_with("http://127.0.0.1:"));
//! # Ok(())
//! # }
//! ```

pub mod bitbucket_cloud;
pub mod bitbucket_server;
#[cfg(test)]
mod client;
pub mod demo;
pub mod gitea;
pub mod github;
pub mod gitlab;
mod message;
mod server;

pub use message::{Answer, Handler, Request};
pub use server::{LoggedRequest, Server};
