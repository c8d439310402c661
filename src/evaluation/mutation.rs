//! Mutation: a policy is changed in one place after the other, and its tests are run again. A change that no test notices
//! is a place where the policy could be wrong without anyone knowing.
//!
//! Changes are made to the checked policy, not to its text, and only where they change what the policy says: leaving out
//! a scope that another one in the list implies is none. A list that could hold one more name is one change, noticed if
//! any added name is: the tests need not guess which.

mod changes;

use std::collections::BTreeMap;

use self::changes::changes;
use super::testing::World;
use crate::language::{CheckedPolicy, RuleId, Statement, Test};
use crate::text::source::{SourceId, Span};

/// The most changes that are made to one file.
const MOST_MUTANTS: usize = 2_000;

/// What came of changing a file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Mutation {
    /// How many changes were made and judged by the tests.
    pub made: usize,
    /// Those that no test noticed, in the order of their places.
    pub survivors: Vec<Survivor>,
    /// How many more there were, left untried because of the bounds.
    pub untried: usize,
}

/// A change that no test noticed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Survivor {
    /// The place that was changed.
    pub span: Span,
    /// How, for people: "`>=` becomes `>`".
    pub change: String,
    /// What test would notice.
    pub advice: Advice,
    /// The rules that it changes.
    pub rules: Vec<RuleId>,
}

/// What kind of test would notice a change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Advice {
    /// One whose value is exactly the bound.
    Bound,
    /// One on the next level.
    Level,
    /// One in which this item alone decides.
    Item,
    /// One with something that the list does not have.
    Beyond,
    /// One in which the guard is false.
    Guard,
    /// One in which this part alone decides.
    Part,
    /// One that expects what the statement leads to.
    Outcome,
    /// One with such a repository or organisation.
    Selector,
}

impl Advice {
    /// The test to add, in words.
    pub const fn text(self) -> &'static str {
        match self {
            Self::Bound => "add a test whose value lies exactly on the bound, or right beside it",
            Self::Level => "add a test with the next level",
            Self::Item => "add a test in which this one alone makes the difference",
            Self::Beyond => "add a test with something that is not in the list, and nothing else that differs",
            Self::Guard => "add a test in which the guard is false, with `expect not applicable of …`",
            Self::Part => "add a test in which this part alone makes the difference",
            Self::Outcome => "add a test that expects a pass, and one that expects a violation or warning",
            Self::Selector => "add a test with a repository or organisation that only this pattern is about",
        }
    }
}

/// A change of one place: the statements that it changes, in each of its alternatives.
struct Mutant {
    advice: Advice,
    alternatives: BTreeMap<String, Vec<Statement>>,
}

/// Changes the statements that are written in a file, one place after the other, and runs the tests at these positions
/// that name a changed rule or expect nothing else; before, every one of them must pass. `go_on` is asked before each
/// change: the caller has the clock. Afterwards the policy is what it was.
pub fn mutate(
    policy: &mut CheckedPolicy,
    source: SourceId,
    tests: &[usize],
    go_on: &mut dyn FnMut() -> bool,
) -> Mutation {
    let worlds: Vec<(usize, World)> =
        tests.iter().filter_map(|at| Some((*at, World::of(policy, policy.tests.get(*at)?)?))).collect();
    let mutants = mutants(policy, source);
    let mut result = Mutation::default();
    for ((span, change), mutant) in mutants {
        if result.made >= MOST_MUTANTS || !go_on() {
            result.untried += 1;
            continue;
        }
        result.made += 1;
        let mut rules: Vec<RuleId> = mutant.alternatives.values().flatten().map(|statement| statement.rule).collect();
        rules.sort_unstable();
        rules.dedup();
        let noticed = mutant
            .alternatives
            .into_values()
            .any(|statements| with(policy, statements, |policy| is_noticed(policy, &worlds, &rules)));
        if !noticed {
            result.survivors.push(Survivor { span, change, advice: mutant.advice, rules });
        }
    }
    result
}

/// All changes, by place. One place may belong to several statements: those in the block of a guard, and those of a block
/// for several host kinds. They change together, as they would in the text.
fn mutants(policy: &CheckedPolicy, source: SourceId) -> BTreeMap<(Span, String), Mutant> {
    let mut mutants: BTreeMap<(Span, String), Mutant> = BTreeMap::new();
    for statement in &policy.statements {
        let Some(rule) = policy.rule(statement.rule).filter(|rule| rule.source == source) else { continue };
        for change in changes(rule.host, statement) {
            mutants
                .entry((change.span, change.said))
                .or_insert_with(|| Mutant { advice: change.advice, alternatives: BTreeMap::new() })
                .alternatives
                .entry(change.alternative)
                .or_default()
                .push(change.statement);
        }
    }
    mutants
}

/// Does something with other statements in the policy, and puts the old ones back.
fn with<T>(policy: &mut CheckedPolicy, statements: Vec<Statement>, work: impl FnOnce(&CheckedPolicy) -> T) -> T {
    let mut old = Vec::new();
    for statement in statements {
        if let Some(slot) = policy.statements.get_mut(statement.id.0) {
            old.push(std::mem::replace(slot, statement));
        }
    }
    let result = work(policy);
    // The last one first: a statement that stood twice in the list gets its oldest form back.
    for statement in old.into_iter().rev() {
        if let Some(slot) = policy.statements.get_mut(statement.id.0) {
            *slot = statement;
        }
    }
    result
}

fn is_noticed(policy: &CheckedPolicy, worlds: &[(usize, World)], rules: &[RuleId]) -> bool {
    let concerned =
        |test: &Test| test.nothing_else.is_some() || test.expect.iter().any(|one| rules.contains(&one.rule));
    worlds.iter().any(|(at, world)| {
        policy.tests.get(*at).is_some_and(|test| concerned(test) && !world.judge(policy, test).1.is_empty())
    })
}

#[cfg(test)]
mod tests;
