//! The pages say what is true: every policy, settings file, command line and table in them is tried here.
//!
//! Parts between `<!-- generated: NAME -->` and `<!-- end -->` are written by [`generated`]: after a change run
//! `UPDATE_DOCS=1 cargo test --test docs`, and look at what changed.

#![expect(clippy::disallowed_methods, reason = "these tests read the project's own pages")]

#[cfg(test)]
mod codes;
#[cfg(test)]
mod commands;
#[cfg(test)]
mod examples;
#[cfg(test)]
mod generated;
#[cfg(test)]
mod joining;
#[cfg(test)]
mod manifests;
#[cfg(test)]
mod names;
#[cfg(test)]
mod pages;
#[cfg(test)]
mod policies;
#[cfg(test)]
mod releasing;
#[cfg(test)]
#[cfg(unix)]
mod running;
#[cfg(test)]
mod schema;
#[cfg(test)]
mod seen;
#[cfg(test)]
mod settings;
#[cfg(test)]
mod simulated;
#[cfg(test)]
mod site;
#[cfg(test)]
mod tokens;
