//! What is said of a statement whatever becomes of it: made once for a run, not for each outcome.

use super::{Place, of_run};
use crate::evaluation::demand;
use crate::language::{CheckedPolicy, Statement, StatementId};
use crate::text::source::SourceMap;

/// What is said of each statement of a policy.
#[derive(Debug)]
pub(in crate::report) struct Statements(Vec<Said>);

/// What is said of one statement. None of it is redacted: rows are, as they are written.
#[derive(Debug)]
pub(super) struct Said {
    /// Verb and expression as the policy has them, in one line.
    pub(super) demand: String,
    /// Where its expression stands.
    pub(super) place: Place,
}

impl Statements {
    pub(in crate::report) fn of(policy: &CheckedPolicy, sources: &SourceMap) -> Self {
        let of = |statement: &Statement| Said {
            demand: demand(sources, statement),
            place: of_run::standing(sources, statement.expression.span),
        };
        Self(policy.statements.iter().map(of).collect())
    }

    pub(super) fn get(&self, id: StatementId) -> Option<&Said> {
        self.0.get(id.0)
    }
}
