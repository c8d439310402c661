//! Names that statements ask after.

use std::collections::BTreeSet;

use super::planner::Planner;
use crate::facts::{Value, Wanted};
use crate::language::{Expression, ExpressionKind, Operand, SetOperator};
use crate::vocabulary::{Derivation, FactIndex, Host, Origin};

impl Planner<'_> {
    /// The names of a set that the policy's statements about this host ask after, by whatever statement: a request is made
    /// once, and tells all of them.
    pub(super) fn names_of(&self, index: FactIndex) -> Wanted {
        let mut wanted = Wanted::NOTHING;
        for statement in &self.policy.statements {
            if self.policy.rule(statement.rule).is_none_or(|rule| rule.host != self.credential.host) {
                continue;
            }
            for expression in statement.guards.iter().chain([&statement.expression]) {
                wanted.join(names_in(expression, self.host, index));
            }
        }
        wanted
    }
}

/// The names of a set that an expression asks after, directly or through abilities that rest on them.
fn names_in(expression: &Expression, host: &'static Host, index: FactIndex) -> Wanted {
    match &expression.kind {
        ExpressionKind::Not(inner) => names_in(inner, host, index),
        ExpressionKind::And(terms) | ExpressionKind::Or(terms) => {
            let mut wanted = Wanted::NOTHING;
            terms.iter().for_each(|term| wanted.join(names_in(term, host, index)));
            wanted
        }
        ExpressionKind::Set {
            left: Operand::Fact(fact),
            operator: SetOperator::Covers | SetOperator::Overlaps,
            right: Operand::Literal { value: Value::Names(names), .. },
            ..
        } if fact.index == index => Wanted::Names(names.names().into_iter().map(str::to_owned).collect()),
        ExpressionKind::Set {
            left: Operand::Fact(fact),
            operator: SetOperator::Covers | SetOperator::Overlaps,
            right: Operand::Literal { value: Value::Names(names), .. },
            ..
        } if is_of_abilities(host, fact.index) => {
            let abilities = host.abilities.iter().filter(|ability| names.names().contains(&ability.word));
            let scopes = abilities.flat_map(|ability| ability.scopes.iter().chain(ability.public_scopes));
            Wanted::Names(scopes.copied().flatten().map(|scope| (*scope).to_owned()).collect())
        }
        _ => {
            let mut read = BTreeSet::new();
            super::demand::facts_of(expression, &mut |fact, _| {
                read.insert(fact);
            });
            let rests =
                |fact: &FactIndex| *fact == index || crate::facts::base_facts(host.kind, *fact).contains(&index);
            if read.iter().any(rests) { Wanted::All } else { Wanted::NOTHING }
        }
    }
}

/// Whether a fact is derived from the host's table of abilities.
pub(super) fn is_of_abilities(host: &Host, index: FactIndex) -> bool {
    matches!(host.row(index).origin, Origin::Derived(Derivation::Abilities(_)))
}
