//! Requests as the plan makes them.

use std::collections::BTreeSet;

use crate::facts::{Fact, Target, Wanted};
use crate::language::StatementId;
use crate::vocabulary::{FactIndex, Request};

/// A request of a wave.
#[derive(Clone, Debug)]
pub struct PlannedRequest {
    /// What to ask.
    pub row: &'static Request,
    /// About what.
    pub target: Target,
    /// About what else, in the same request: the further repositories of a batch.
    pub also: Vec<Target>,
    /// The facts to settle.
    pub facts: Vec<FactIndex>,
    /// Of facts that are sets of names: those that statements ask after.
    pub wanted: Wanted,
    /// The statements that need them.
    pub asked_by: Vec<StatementId>,
}

impl PlannedRequest {
    /// Everything that it is about.
    pub fn targets(&self) -> impl Iterator<Item = &Target> {
        std::iter::once(&self.target).chain(&self.also)
    }
}

/// A fact that the tables settle without a request.
pub type Settled = (Target, FactIndex, Fact);

/// The requests sent so far, by row and target: each is sent once.
pub type Asked = BTreeSet<(&'static str, Target)>;

/// Facts and statements sorted, each once.
pub(super) fn tidy(request: &mut PlannedRequest) {
    request.facts.sort_unstable();
    request.facts.dedup();
    request.asked_by.sort_unstable();
    request.asked_by.dedup();
}
