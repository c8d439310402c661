//! What lints look at.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;

use super::super::checked::{CheckedPolicy, Statement};
use super::super::load::Program;
use super::kinds::Kinds;
use crate::text::source::{SourceId, SourceMap, Span};

/// What lints look at.
pub(super) struct Context<'a> {
    pub(super) policy: &'a CheckedPolicy,
    pub(super) program: &'a Program,
    pub(super) sources: &'a SourceMap,
    pub(super) now: Timestamp,
    /// The statements as they are written: one for each host kind of their block, together.
    pub(super) groups: Vec<Vec<&'a Statement>>,
    pub(super) kinds: Kinds,
    /// The files that were named.
    pub(super) roots: BTreeSet<SourceId>,
}

/// The statements by where they are written.
pub(super) fn groups(policy: &CheckedPolicy) -> Vec<Vec<&Statement>> {
    let mut by_place: BTreeMap<Span, Vec<&Statement>> = BTreeMap::new();
    for statement in &policy.statements {
        by_place.entry(statement.span).or_default().push(statement);
    }
    by_place.into_values().collect()
}
