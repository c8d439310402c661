//! The terms of a run: what every credential is judged by.

use std::sync::Arc;

use jiff::Timestamp;

use crate::collecting::Derives;
use crate::evaluation::{Baseline, Dealt, Evaluator};
use crate::language::{CheckedPolicy, Inputs};
use crate::plan::{self, Judge};
use crate::vocabulary::HostKind;

/// What every credential of a run is judged by.
#[derive(Clone, Debug)]
pub struct Terms {
    /// The policy.
    pub policy: Arc<CheckedPolicy>,
    /// The inputs' values.
    pub inputs: Arc<Inputs>,
    /// The time of judgement.
    pub now: Timestamp,
    /// How verdicts become an exit code.
    pub rules: Rules,
    /// What is asked for.
    pub reads: Reads,
    /// Which derived facts are made of what was learnt.
    pub derives: Derives,
    /// Whether answers are kept for a record.
    pub records: bool,
    /// What an earlier report found.
    pub baseline: Option<Arc<Baseline>>,
}

/// What a run asks a host for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reads {
    /// What the policy's statements still need, to judge by them.
    Needed,
    /// Every fact there is. Nothing is judged.
    Everything,
}

/// How verdicts become an exit code.
#[derive(Clone, Debug, Default)]
pub struct Rules {
    /// Whether warnings and accepted unknowns count (`--strict`).
    pub strict: bool,
    /// Whether waivers are ignored (`--no-waivers`).
    pub no_waivers: bool,
    /// Host kinds of which a credential must have been checked.
    pub required: Vec<HostKind>,
    /// Whether credentials were left out by name: a block's filter may be about those.
    pub chosen: bool,
    /// Whether a part of the credentials or repositories only is looked at.
    pub filtered: bool,
    /// Set where only a part of the credentials is checked here, and others elsewhere.
    pub shard: Option<Dealt>,
}

impl Terms {
    /// The terms of a run that asks for everything there is, and judges nothing.
    pub fn everything(now: Timestamp) -> Self {
        Self {
            policy: Arc::new(plan::everything()),
            inputs: Arc::default(),
            now,
            rules: Rules::default(),
            reads: Reads::Everything,
            derives: Derives::Everything,
            records: false,
            baseline: None,
        }
    }

    /// The judge.
    pub fn evaluator(&self) -> Evaluator<'_> {
        Evaluator::new(&self.policy, &self.inputs, self.now, !self.rules.no_waivers)
    }

    /// Who decides what is asked for.
    pub(super) const fn judge<'a>(&self, evaluator: &'a Evaluator<'a>) -> Judge<'a> {
        match self.reads {
            Reads::Needed => Judge::Evaluator(evaluator),
            Reads::Everything => Judge::AsksEverything,
        }
    }
}
