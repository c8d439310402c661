//! The evaluator: truth of expressions over facts, verdicts of statements.

use super::outcome::{BuiltinOutcome, Outcome};

/// Everything judged for one credential.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Judged {
    /// The outcomes of the policy's statements, in the policy's order, then by subject.
    pub outcomes: Vec<Outcome>,
    /// The broken built-in rules.
    pub builtin: Vec<BuiltinOutcome>,
}
