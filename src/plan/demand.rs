//! Demand: the facts that statements still need, each with who asks for it.

use std::collections::{BTreeMap, BTreeSet};

use super::judge::Judge;
use super::names::is_of_abilities;
use crate::evaluation;
use crate::facts::{Credential, Fact, FactSet, Knowledge, SubjectRef, Target, Value, Wanted, base_facts};
use crate::language::{CheckedPolicy, Expression, ExpressionKind, Operand, SetOperator, Statement, StatementId};
use crate::vocabulary::{self, FactIndex, Host, Subject};

/// Facts that are asked for, with the statements that need them.
pub(super) type Demand = BTreeMap<(Target, FactIndex), BTreeSet<StatementId>>;

/// Facts that an expression reads; of sets of names, which.
type Read = BTreeMap<FactIndex, Wanted>;

/// The statements that cover a credential.
pub(super) fn covering<'p>(
    policy: &'p CheckedPolicy,
    credential: &Credential,
    judge: &Judge<'_>,
) -> impl Iterator<Item = &'p Statement> {
    evaluation::covering(policy, |rule| judge.covers(rule, credential))
}

/// The facts that the statements read that cover a credential, and their guards.
pub fn read(policy: &CheckedPolicy, credential: &Credential, judge: &Judge<'_>) -> impl Iterator<Item = FactIndex> {
    covering(policy, credential, judge)
        .flat_map(|statement| statement.facts.iter().chain(&statement.guard_facts).copied())
}

/// What undecided statements need. `facts` are the base facts, `derived` the same with derived ones. `reopened` was asked for
/// in vain, and may be told by another request.
pub(super) fn demand(
    policy: &CheckedPolicy,
    credential: &Credential,
    facts: &FactSet,
    derived: &FactSet,
    judge: &Judge<'_>,
    reopened: Option<FactIndex>,
) -> Demand {
    let mut demand = Demand::new();
    for statement in covering(policy, credential, judge) {
        let mut subjects = judge.subjects(statement, derived);
        let nothing_in_scope = subjects.is_empty();
        if nothing_in_scope {
            // The guards may still rule the statement out by the credential's own facts.
            subjects.push(SubjectRef::Credential);
        }
        for subject in subjects {
            let needed = |expression: &Expression| {
                let mut read = Read::new();
                undecided_facts(expression, derived, subject, judge, &mut read);
                open_facts(&read, facts, derived, subject, reopened)
            };
            let wanted = match judge.guard(statement, derived, subject) {
                Some(false) => continue,
                // Guard by guard, outermost first: one that is false spares the facts of those inside. Once everything
                // was asked, the statement stays as open as its guards, whatever its own facts say.
                None => statement.guards.iter().map(needed).find(|wanted| !wanted.is_empty()).unwrap_or_default(),
                Some(true) if nothing_in_scope || judge.truth(&statement.expression, derived, subject).is_some() => {
                    continue;
                }
                Some(true) => needed(&statement.expression),
            };
            for key in wanted {
                demand.entry(key).or_default().insert(statement.id);
            }
        }
    }
    demand
}

/// The facts that the undecided parts of an expression read.
fn undecided_facts(expression: &Expression, facts: &FactSet, subject: SubjectRef, judge: &Judge<'_>, into: &mut Read) {
    if judge.truth(expression, facts, subject).is_some() {
        return;
    }
    match &expression.kind {
        ExpressionKind::Not(inner) => undecided_facts(inner, facts, subject, judge, into),
        ExpressionKind::And(terms) | ExpressionKind::Or(terms) => {
            for term in terms {
                undecided_facts(term, facts, subject, judge, into);
            }
        }
        _ => facts_of(expression, &mut |index, wanted| {
            into.entry(index).or_insert(Wanted::NOTHING).join(wanted);
        }),
    }
}

/// The facts that an expression reads; of sets of names, which.
pub(super) fn facts_of(expression: &Expression, found: &mut dyn FnMut(FactIndex, Wanted)) {
    if let ExpressionKind::Set {
        left: Operand::Fact(fact),
        operator: SetOperator::Covers | SetOperator::Overlaps,
        right: Operand::Literal { value: Value::Names(names), .. },
        ..
    } = &expression.kind
    {
        found(fact.index, Wanted::Names(names.names().into_iter().map(str::to_owned).collect()));
        return;
    }
    let mut operand = |operand: &Operand| {
        let mut operand = operand;
        while let Operand::Count(inner, _) = operand {
            operand = inner;
        }
        if let Operand::Fact(fact) = operand {
            found(fact.index, Wanted::All);
        }
    };
    match &expression.kind {
        ExpressionKind::Operand(only) | ExpressionKind::IsAbsent { operand: only, .. } => operand(only),
        ExpressionKind::Compare { left, right, .. } | ExpressionKind::Set { left, right, .. } => {
            operand(left);
            operand(right);
        }
        ExpressionKind::In { left, items, .. } => std::iter::once(left).chain(items).for_each(operand),
        ExpressionKind::Like { left, patterns, .. } => std::iter::once(left).chain(patterns).for_each(operand),
        ExpressionKind::Matches { left, .. } => operand(left),
        ExpressionKind::Quantified { list, body, .. } => {
            operand(list);
            facts_of(body, found);
        }
        ExpressionKind::Not(inner) => facts_of(inner, found),
        ExpressionKind::And(terms) | ExpressionKind::Or(terms) => {
            terms.iter().for_each(|term| facts_of(term, found));
        }
    }
}

/// Of these facts, the base facts that nobody has asked for yet, as seen from a subject; also those of which only part is
/// known, since another request may tell the rest.
fn open_facts(
    read: &Read,
    facts: &FactSet,
    derived: &FactSet,
    subject: SubjectRef,
    reopened: Option<FactIndex>,
) -> Vec<(Target, FactIndex)> {
    let mut open = Vec::new();
    let host = vocabulary::host(facts.host);
    for (index, wanted) in read {
        // A derived fact may be known already from part of what it rests on: the lifetime from the kind alone.
        if derived
            .fact(*index, subject)
            .is_some_and(|fact| matches!(fact.knowledge, Knowledge::Known(_) | Knowledge::Absent))
        {
            continue;
        }
        let kind = vocabulary::host(facts.host).fact("token.kind");
        for base in base_facts(facts.host, *index) {
            if is_of_abilities(host, *index) && !is_right_of(host, base, wanted) {
                continue;
            }
            // Known, and nothing follows from it while the kind is open: that is what is asked then.
            let known =
                |facts: &FactSet, base| facts.fact(base, subject).is_some_and(|fact| fact.knowledge.cause().is_none());
            let base = kind.filter(|_| known(facts, base) && !known(derived, base)).unwrap_or(base);
            let in_part = |fact: &Fact| matches!(fact.knowledge, Knowledge::Bounded(..));
            if (facts.fact(base, subject).is_none_or(in_part) || reopened == Some(base))
                && let Some(target) = target_of(base, facts, subject)
            {
                open.push((target, base));
            }
        }
    }
    open
}

/// Whether a fact that abilities rest on matters to those that are asked after: a right matters to those that take it.
fn is_right_of(host: &Host, base: FactIndex, wanted: &Wanted) -> bool {
    let path = host.row(base).path;
    let is_right = host.grounds().is_some_and(|grounds| grounds.rights.contains(&path));
    let takes = |ability: &vocabulary::Ability| ability.rights.iter().any(|right| right.fact() == path);
    // What shows a repository within reach matters to each.
    let shows = host.grounds().and_then(|grounds| grounds.limits.as_ref()).is_some_and(|limits| limits.shown == path);
    !is_right || shows || host.abilities.iter().any(|ability| wanted.has(ability.word) && takes(ability))
}

/// Whose fact it is, as seen from a subject; `None` where there is no such subject.
fn target_of(index: FactIndex, facts: &FactSet, subject: SubjectRef) -> Option<Target> {
    match (vocabulary::host(facts.host).row(index).subject, subject) {
        (Subject::Credential, _) => Some(Target::Credential),
        (Subject::Repository, SubjectRef::Repository(at)) => {
            facts.repositories.get(at).map(|(name, _)| Target::Repository(name.clone()))
        }
        (Subject::Organization, SubjectRef::Organization(at)) => {
            facts.organizations.get(at).map(|(name, _)| Target::Organization(name.clone()))
        }
        // One organisation is one target, however the repositories' names spell it.
        (Subject::Organization, SubjectRef::Repository(at)) => {
            let (repository, _) = facts.repositories.get(at)?;
            let at = facts.organization_position(repository.owner())?;
            facts.organizations.get(at).map(|(name, _)| Target::Organization(name.clone()))
        }
        _ => None,
    }
}
