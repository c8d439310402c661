//! Evaluation: checked policy × facts × now → outcomes. Pure, and the only judge: tests, plan and check all use it.

mod abilities;
mod baseline;
mod builtin;
mod coverage;
mod every;
mod explain;
mod judge;
mod mutation;
mod operators;
mod outcome;
mod overall;
mod seen;
mod testing;
mod totals;
mod truth;

pub use baseline::{Baseline, BaselineError, Standing, demand};
pub use builtin::builtin_outcomes;
pub use coverage::{Coverage, Covered, coverage};
pub use explain::{Blame, explain};
pub use judge::{Evaluator, Judged, covering};
pub use mutation::{Advice, Mutation, Survivor, mutate};
pub use outcome::{BuiltinOutcome, BuiltinRule, Outcome, Verdict};
pub use overall::{BaselineUse, Candidate, Concluded, Dealt, FilterUse, Gone, Overall, Said, WaiverUse};
pub use testing::{Decision, Part, TestFailure, TestRun, decisions, run_test};
pub use totals::{Counter, ExitCode, Run, Totals, exit_code};
pub use truth::Truth;
