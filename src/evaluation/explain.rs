//! Why an outcome is what it is: the parts of the expression that decided it, at the finest span.

use crate::facts::{Fact, Unknown};
use crate::text::source::Span;
use crate::vocabulary::FactIndex;

/// One part of the policy that decided an outcome, and what was found.
#[derive(Clone, Debug, PartialEq)]
pub struct Blame<'a> {
    /// The finest place: the one missing scope in the list, the one false arm of an `or`.
    pub span: Span,
    /// What is wrong there, for people: "`repo` is not granted".
    pub text: String,
    /// The fact that says so.
    pub fact: Option<(FactIndex, &'a Fact)>,
    /// What was found, for people: "gist, read:org".
    pub found: Option<String>,
    /// For undecided parts: why.
    pub unknown: Option<Unknown>,
}
