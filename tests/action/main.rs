//! `action.yml` on a runner that is stubbed: what it fetches, what it runs, and what it makes of an exit code.

#![cfg(unix)]
#![expect(clippy::disallowed_methods, reason = "these tests read the project's own files")]

#[cfg(test)]
mod fetching;
#[cfg(test)]
mod inputs;
#[cfg(test)]
mod runner;
#[cfg(test)]
mod verdicts;
