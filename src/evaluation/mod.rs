//! Evaluation: checked policy × facts × now → outcomes. Pure, and the only judge: tests, plan and check all use it.

mod explain;
mod judge;
mod outcome;
mod totals;
mod truth;

pub use explain::Blame;
pub use judge::Judged;
pub use outcome::{BuiltinOutcome, BuiltinRule, NotChecked, Outcome, Verdict};
pub use totals::{ExitCode, Totals};
pub use truth::Truth;
