//! Outcomes: what became of each statement and of each built-in rule.

use std::fmt;

use super::evidence::Evidence;
use super::view::View;
use crate::evaluation::{self, Blame, BuiltinOutcome};
use crate::language::{Rule, Statement};

/// What became of one statement of the policy for one credential and one subject, or of a built-in rule.
#[derive(Clone, Copy, Debug)]
pub struct Outcome<'a> {
    pub(super) view: &'a View,
    pub(super) of: Of<'a>,
}

#[derive(Clone, Copy, Debug)]
pub(super) enum Of<'a> {
    Statement(evaluation::Outcome, &'a Statement, &'a Rule),
    Builtin(&'a BuiltinOutcome),
}

/// The verdict on a statement.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Verdict {
    /// Decided and holds.
    Pass,
    /// A `require` or `forbid`, or a built-in rule, is broken.
    Violation,
    /// A `prefer` or `avoid` is broken.
    Warning,
    /// Broken, and a waiver of the policy covers it.
    Waived,
    /// Not decided: what the host would not or could not tell never passes.
    Undetermined,
    /// Not decided, and the policy accepts that in writing.
    Accepted,
    /// A guard rules it out.
    NotApplicable,
}

impl fmt::Display for Verdict {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Pass => "pass",
            Self::Violation => "violation",
            Self::Warning => "warning",
            Self::Waived => "waived",
            Self::Undetermined => "undetermined",
            Self::Accepted => "undetermined, accepted",
            Self::NotApplicable => "not applicable",
        })
    }
}

impl<'a> Outcome<'a> {
    /// The rule's full name: `github.repo-scope`.
    pub fn rule(&self) -> String {
        match self.of {
            Of::Statement(_, _, rule) => rule.name.clone(),
            Of::Builtin(builtin) => builtin.rule.full_name(self.view.checked.credential.host),
        }
    }

    /// Which statement of the rule, from 1; `None` for a built-in rule.
    pub fn statement(&self) -> Option<usize> {
        match self.of {
            Of::Statement(_, statement, _) => Some(statement.number),
            Of::Builtin(_) => None,
        }
    }

    /// The verdict.
    pub fn verdict(&self) -> Verdict {
        match self.of {
            Of::Statement(outcome, ..) => match outcome.verdict {
                evaluation::Verdict::Pass => Verdict::Pass,
                evaluation::Verdict::Violation => Verdict::Violation,
                evaluation::Verdict::Warning => Verdict::Warning,
                evaluation::Verdict::Waived(_) => Verdict::Waived,
                evaluation::Verdict::Undetermined { accepted: true, .. } => Verdict::Accepted,
                evaluation::Verdict::Undetermined { .. } => Verdict::Undetermined,
                evaluation::Verdict::NotApplicable => Verdict::NotApplicable,
            },
            Of::Builtin(builtin) if builtin.undetermined.is_some() => Verdict::Undetermined,
            Of::Builtin(_) => Verdict::Violation,
        }
    }

    /// The repository or organisation it is about; `None` for the credential itself.
    pub fn subject(&self) -> Option<String> {
        match self.of {
            Of::Statement(outcome, ..) => self.view.subject(outcome.subject),
            Of::Builtin(builtin) => builtin.repository.as_deref().map(|name| self.view.clean(name)),
        }
    }

    /// What stands in the way of a decision: causes as policies name them.
    pub fn causes(&self) -> Vec<&'static str> {
        match self.of {
            Of::Statement(outcome, ..) => match outcome.verdict {
                evaluation::Verdict::Undetermined { causes, .. } => causes.iter().map(|cause| cause.word()).collect(),
                _ => Vec::new(),
            },
            Of::Builtin(builtin) => builtin.undetermined.iter().map(|cause| cause.word()).collect(),
        }
    }

    /// Why, a line for each part that decided it: "`repo` is not granted". Empty for what passes.
    pub fn reasons(&self) -> Vec<String> {
        match self.of {
            Of::Statement(outcome, ..) => {
                self.blames(&outcome).iter().map(|blame| self.view.clean(&blame.text)).collect()
            }
            Of::Builtin(builtin) => vec![self.view.clean(&builtin.message)],
        }
    }

    /// How to mend it: the policy's own `fix`, or the built-in rule's advice.
    pub fn help(&self) -> Option<String> {
        let help = match self.of {
            Of::Statement(_, statement, rule) => statement.words.fix.as_ref().or(rule.words.fix.as_ref()),
            Of::Builtin(builtin) => builtin.help.as_ref(),
        };
        help.map(|text| self.view.clean(text))
    }

    /// Where what decided it was seen.
    pub fn evidence(&self) -> Vec<Evidence> {
        match self.of {
            Of::Statement(outcome, ..) => {
                let facts = self.blames(&outcome).into_iter().filter_map(|blame| blame.fact);
                let mut all: Vec<Evidence> = Vec::new();
                for evidence in facts.flat_map(|(_, fact)| self.view.evidence(&fact.evidence)) {
                    if !all.contains(&evidence) {
                        all.push(evidence);
                    }
                }
                all
            }
            Of::Builtin(builtin) => self.view.evidence(&builtin.evidence),
        }
    }

    /// Where the statement stands: the file's name and the line, from 1; `None` for a built-in rule.
    pub fn place(&self) -> Option<(&'a str, usize)> {
        match self.of {
            Of::Statement(_, statement, _) => {
                let sources = self.view.policy.sources();
                Some((sources.name(statement.span.source), sources.start(statement.span).line))
            }
            Of::Builtin(_) => None,
        }
    }

    fn blames(&self, outcome: &evaluation::Outcome) -> Vec<Blame<'a>> {
        evaluation::explain(&self.view.terms.evaluator(), &self.view.checked.collected.facts, outcome)
    }
}
