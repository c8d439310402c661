//! Names that statements ask after, and the requests that prove one of them by an answer about a repository.

use std::collections::BTreeSet;

use super::planner::{Missing, Planner};
use crate::facts::{Bounds, Knowledge, Target, Value, Wanted};
use crate::language::{Expression, ExpressionKind, Operand, SetOperator, StatementId};
use crate::vocabulary::{Derivation, FactIndex, Host, NameProof, Origin, Type};

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

    /// Plans the one request that proves a name which is open and asked after, about a repository where it can prove it.
    pub(super) fn prove_name(&mut self, target: &Target, index: FactIndex, asked_by: &BTreeSet<StatementId>) {
        if self.host.name_proofs.is_empty() {
            return;
        }
        let Some(Knowledge::Bounded(Bounds::Names { granted, denied }, _)) =
            self.so_far(target, index).map(|fact| fact.knowledge.clone())
        else {
            return;
        };
        let wanted = self.names_of(index);
        let open = |name: &str| !granted.grants(name) && !denied.names().contains(&name);
        let was_asked = |proof: &NameProof| self.asked.iter().any(|(name, _)| *name == proof.request.name);
        let proofs: Vec<&'static NameProof> = self
            .host
            .name_proofs
            .iter()
            .filter(|proof| open(proof.name) && wanted.has(proof.name) && !was_asked(proof))
            .collect();
        let repositories: Vec<Target> =
            self.facts.repositories.iter().map(|(name, _)| Target::Repository(name.clone())).collect();
        for proof in proofs {
            for repository in &repositories {
                match self.missing(proof.request.needs, repository) {
                    Some(Missing::NotAsked(whose, needed)) => {
                        self.fact(&whose, needed, asked_by);
                        return;
                    }
                    Some(Missing::Unknown(_)) => {}
                    None if self.is_within_reach(repository) => {
                        self.request(&proof.request, repository, &[index], asked_by);
                        return;
                    }
                    None => {}
                }
            }
        }
    }

    /// Whether the repository takes writes and is shown to the credential, as far as its own answer tells.
    fn is_within_reach(&self, target: &Target) -> bool {
        let value = |path: &str| self.so_far(target, self.host.fact(path)?)?.knowledge.value();
        let Some(grounds) = self.host.grounds() else { return false };
        let writable = grounds.archived.is_none_or(|path| value(path) == Some(&Value::Bool(false)));
        let shown = grounds.limits.as_ref().is_none_or(|limits| {
            let levels = self.host.fact(limits.shown).map(|index| self.host.row(index).ty);
            match (value(limits.shown), levels) {
                (Some(Value::Word(level)), Some(Type::Level(table))) => table.at_least(level, limits.reads),
                _ => false,
            }
        });
        writable && shown
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
