//! Judges for the plan: the evaluator of a check, one that asks for everything, and one that expects every guard to hold.

use crate::evaluation::{Evaluator, Truth};
use crate::facts::{Credential, FactSet, SubjectRef};
use crate::language::{Expression, Rule, Statement};
use crate::plan::Judge;
use crate::vocabulary::Subject;

const fn decided(truth: Truth) -> Option<bool> {
    match truth {
        Truth::True => Some(true),
        Truth::False => Some(false),
        Truth::Unknown(_) => None,
    }
}

/// The evaluator decides, on the facts known so far.
pub(crate) struct Check<'a>(pub(crate) &'a Evaluator<'a>);

impl Judge for Check<'_> {
    fn covers(&self, rule: &Rule, credential: &Credential) -> bool {
        self.0.covers(rule, credential)
    }

    fn guard(&self, statement: &Statement, facts: &FactSet, subject: SubjectRef) -> Option<bool> {
        decided(self.0.guard(statement, facts, subject))
    }

    fn body(&self, statement: &Statement, facts: &FactSet, subject: SubjectRef) -> Option<bool> {
        self.truth(&statement.expression, facts, subject)
    }

    fn truth(&self, expression: &Expression, facts: &FactSet, subject: SubjectRef) -> Option<bool> {
        decided(self.0.truth(expression, facts, subject))
    }

    fn subjects(&self, statement: &Statement, facts: &FactSet) -> Vec<SubjectRef> {
        let mut subjects = Vec::new();
        self.0.subjects(statement, facts, &mut subjects);
        subjects
    }
}

/// The evaluator, but a guard that stays open counts as holding: what could be asked, for a plan that is only shown.
pub(crate) struct Expecting<'a>(pub(crate) Check<'a>);

impl Judge for Expecting<'_> {
    fn covers(&self, rule: &Rule, credential: &Credential) -> bool {
        self.0.covers(rule, credential)
    }

    fn guard(&self, statement: &Statement, facts: &FactSet, subject: SubjectRef) -> Option<bool> {
        // While a guard's facts can still be asked for it is open; once they were, it may hold.
        let asked = statement.guard_facts.iter().all(|index| facts.fact(*index, subject).is_some());
        self.0.guard(statement, facts, subject).or(asked.then_some(true))
    }

    fn body(&self, statement: &Statement, facts: &FactSet, subject: SubjectRef) -> Option<bool> {
        self.0.body(statement, facts, subject)
    }

    fn truth(&self, expression: &Expression, facts: &FactSet, subject: SubjectRef) -> Option<bool> {
        self.0.truth(expression, facts, subject)
    }

    fn subjects(&self, statement: &Statement, facts: &FactSet) -> Vec<SubjectRef> {
        self.0.subjects(statement, facts)
    }
}

/// Everything is open: every fact that statements read is asked for.
pub(crate) struct Everything;

impl Judge for Everything {
    fn covers(&self, rule: &Rule, credential: &Credential) -> bool {
        rule.host == credential.host
    }

    fn guard(&self, _statement: &Statement, _facts: &FactSet, _subject: SubjectRef) -> Option<bool> {
        Some(true)
    }

    fn body(&self, _statement: &Statement, _facts: &FactSet, _subject: SubjectRef) -> Option<bool> {
        None
    }

    fn truth(&self, _expression: &Expression, _facts: &FactSet, _subject: SubjectRef) -> Option<bool> {
        None
    }

    fn subjects(&self, statement: &Statement, facts: &FactSet) -> Vec<SubjectRef> {
        match statement.subject {
            Subject::Credential => vec![SubjectRef::Credential],
            Subject::Repository => (0..facts.repositories.len()).map(SubjectRef::Repository).collect(),
            Subject::Organization => (0..facts.organizations.len()).map(SubjectRef::Organization).collect(),
        }
    }
}
