//! What a host brings along: a script for each of its questions, and what a plan shows of them.

use super::grant::Mint;
use super::question::{Cost, Question};
use super::script::{Desk, Running, Script, Step};
use super::walk::{Brief, Walk};
use crate::facts::HttpRequest;

/// A host's scripts.
pub trait Scripts: Sync {
    /// The script of a question, by its row. Pure: recorded answers give the same facts again. Every fact of the question
    /// that the answers do not settle comes back unknown, with its cause; of a batch, what is left out is asked for one by
    /// one.
    fn run<'a>(&'a self, walk: Walk<'a>) -> Running<'a>;

    /// The request of the row itself. Names become URL text only percent-encoded, per path segment; what no answer has told
    /// yet stands as in the row's path.
    fn unfilled(&self, question: &Question<'_>) -> HttpRequest;

    /// How many requests a question takes, for a plan that asks nothing.
    fn cost(&self, _question: &Question<'_>) -> Cost {
        Cost::ONE
    }

    /// How the host mints tokens, where it does.
    fn mint(&self) -> Option<&dyn Mint> {
        None
    }
}

/// The script of a question, not begun yet.
pub fn script<'a>(scripts: &'a dyn Scripts, brief: Brief<'a>) -> Script<'a> {
    let desk = Desk::default();
    Script::new(scripts.run(Walk::new(brief, desk.clone())), desk)
}

/// The request that a question begins with, for a plan that asks nothing.
pub fn first(scripts: &dyn Scripts, brief: Brief<'_>) -> HttpRequest {
    match script(scripts, brief.clone()).begin() {
        Step::Ask(request, _) => request,
        // It needs what only an answer tells.
        Step::Turn | Step::Done(_) => scripts.unfilled(&brief.question()),
    }
}
