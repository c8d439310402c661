//! The judge: what decides expressions while the plan is made.

use crate::evaluation::{Evaluator, Truth};
use crate::facts::{Credential, FactSet, SubjectRef};
use crate::language::{Expression, Rule, Statement};
use crate::vocabulary::Subject;

/// Who decides expressions while the plan is made. The plan itself only asks for what is still undecided.
#[derive(Clone, Copy, Debug)]
pub enum Judge<'a> {
    /// The evaluator, on the facts known so far: the plan of a check.
    Evaluator(&'a Evaluator<'a>),
    /// The evaluator, but a guard that stays open counts as holding: what could be asked, for a plan that is only shown.
    ExpectsGuards(&'a Evaluator<'a>),
    /// The same for one rule alone, whatever its filters, and the first repository and organisation, which stand for all.
    OneRule(&'a Evaluator<'a>, &'a Rule),
    /// Nobody: everything stays open, and every fact that statements read is asked for.
    AsksEverything,
}

impl<'a> Judge<'a> {
    const fn evaluator(&self) -> Option<&'a Evaluator<'a>> {
        match self {
            Self::Evaluator(evaluator) | Self::ExpectsGuards(evaluator) | Self::OneRule(evaluator, _) => {
                Some(*evaluator)
            }
            Self::AsksEverything => None,
        }
    }

    /// Whether the filters of a rule's block let a credential in.
    pub(super) fn covers(&self, rule: &Rule, credential: &Credential) -> bool {
        match self {
            Self::Evaluator(evaluator) | Self::ExpectsGuards(evaluator) => evaluator.covers(rule, credential),
            Self::OneRule(_, only) => std::ptr::eq(*only, rule),
            Self::AsksEverything => rule.host == credential.host,
        }
    }

    /// Whether all guards of a statement hold; `None` while undecided.
    pub(super) fn guard(&self, statement: &Statement, facts: &FactSet, subject: SubjectRef) -> Option<bool> {
        let Some(evaluator) = self.evaluator() else { return Some(true) };
        let holds = decided(evaluator.guard(statement, facts, subject));
        match self {
            Self::Evaluator(_) | Self::AsksEverything => holds,
            // While a guard's facts can still be asked for it is open; once they were, it may hold.
            Self::ExpectsGuards(_) | Self::OneRule(..) => {
                let asked = statement.guard_facts.iter().all(|index| facts.fact(*index, subject).is_some());
                holds.or(asked.then_some(true))
            }
        }
    }

    /// Whether a part of a guard or statement holds; `None` while undecided.
    pub(super) fn truth(&self, expression: &Expression, facts: &FactSet, subject: SubjectRef) -> Option<bool> {
        decided(self.evaluator()?.truth(expression, facts, subject))
    }

    /// The subjects that a statement is checked for, of those in the fact set.
    pub(super) fn subjects(&self, statement: &Statement, facts: &FactSet) -> Vec<SubjectRef> {
        let most = match self {
            Self::Evaluator(evaluator) | Self::ExpectsGuards(evaluator) => {
                let mut subjects = Vec::new();
                evaluator.subjects(statement, facts, &mut subjects);
                return subjects;
            }
            Self::OneRule(..) => 1,
            Self::AsksEverything => usize::MAX,
        };
        match statement.subject {
            Subject::Credential => vec![SubjectRef::Credential],
            Subject::Repository => (0..facts.repositories.len().min(most)).map(SubjectRef::Repository).collect(),
            Subject::Organization => (0..facts.organizations.len().min(most)).map(SubjectRef::Organization).collect(),
        }
    }
}

const fn decided(truth: Truth) -> Option<bool> {
    match truth {
        Truth::True => Some(true),
        Truth::False => Some(false),
        Truth::Unknown(_) => None,
    }
}
