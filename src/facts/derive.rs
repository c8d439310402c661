//! Derived facts: what follows from other facts of the same credential, with the evidence of all of them.
//!
//! What is not known of a base fact stays not known here: absence, inapplicability, bounds and causes carry through.

use std::borrow::Cow;
use std::collections::BTreeSet;

use jiff::{SignedDuration, Timestamp};

use super::abilities::abilities;
use super::base::{Base, base_facts, merge, why_not};
use super::knowledge::{Bounds, Cause, Knowledge, Unknown};
use super::set::{Fact, FactSet, SubjectRef};
use super::value::Value;
use crate::vocabulary::{self, Derivation, FactIndex, Lifetime, Origin, Outsider, RoleEnd, Subject, Type, portable};

/// A kind without a lifetime of its own expires within this long of being made, if at all.
const SHORT_LIVED: SignedDuration = SignedDuration::from_hours(24);

/// Fills every derived fact of the host's table that follows from what is known. To be called again when more is known:
/// what was derived before is derived anew; a derived fact that was set otherwise (given by a test) stays.
pub fn derive(facts: &mut FactSet, now: Timestamp) {
    derive_these(facts, now, |_| true);
}

/// The same for these facts only, and what they rest on: where many repositories are in scope, the others are much work
/// for nobody.
pub fn derive_read(facts: &mut FactSet, now: Timestamp, read: impl IntoIterator<Item = FactIndex>) {
    let host = vocabulary::host(facts.host);
    let (mut wanted, mut open) = (BTreeSet::new(), Vec::from_iter(read));
    while let Some(next) = open.pop() {
        if wanted.insert(next)
            && let Origin::Derived(derivation) = &host.row(next).origin
        {
            open.extend(derivation.reads().into_iter().filter_map(|path| host.fact(path)));
        }
    }
    derive_these(facts, now, |index| wanted.contains(&index));
}

fn derive_these(facts: &mut FactSet, now: Timestamp, is_wanted: impl Fn(FactIndex) -> bool) {
    let host = vocabulary::host(facts.host);
    super::kind::hold_open(facts);
    let is_wanted = &is_wanted;
    let derived = |abilities: bool| {
        (0_u16..).zip(host.facts).filter_map(move |(at, row)| match &row.origin {
            Origin::Derived(derivation)
                if matches!(derivation, Derivation::Abilities(_)) == abilities && is_wanted(FactIndex(at)) =>
            {
                Some((FactIndex(at), row.subject, derivation))
            }
            _ => None,
        })
    };
    // Abilities rest on another derived fact, the rest only on asked ones.
    for (index, subject, derivation) in derived(false).chain(derived(true)) {
        let rests_on = base_facts(facts.host, index);
        for from in subjects(facts, subject) {
            let base = Base::new(facts, from);
            let fact = match derivation {
                Derivation::Until(path) => base.duration(path, |time| time.duration_since(now)),
                Derivation::Since(path) => base.duration(path, |time| now.duration_since(time)),
                Derivation::Access(path) => base.access(path),
                Derivation::Lifetime => base.lifetime(now),
                Derivation::Outsider(outsider) => base.outsider(outsider),
                Derivation::RoleEnd(end) => base.role_end(end),
                Derivation::Abilities(grounds) => abilities(facts, from, grounds, &rests_on),
            };
            if let (Some(fact), Some(facts)) = (fact, facts.subject_mut(from)) {
                facts.set_derived(index, fact);
            }
        }
    }
}

fn subjects(facts: &FactSet, subject: Subject) -> Vec<SubjectRef> {
    match subject {
        Subject::Credential => vec![SubjectRef::Credential],
        Subject::Repository => (0..facts.repositories.len()).map(SubjectRef::Repository).collect(),
        Subject::Organization => (0..facts.organizations.len()).map(SubjectRef::Organization).collect(),
    }
}

impl Base<'_> {
    fn duration(&self, path: &str, length: impl Fn(Timestamp) -> SignedDuration) -> Option<Fact> {
        let base = self.fact(path)?;
        let knowledge = match &base.knowledge {
            Knowledge::Known(Value::Time(time)) => Knowledge::Known(Value::Duration(length(*time))),
            other => without_value(other, path),
        };
        Some(Fact { knowledge, evidence: base.evidence.clone() })
    }

    fn access(&self, path: &str) -> Option<Fact> {
        let Type::Level(roles) = self.host.row(self.host.fact(path)?).ty else { return None };
        let base = self.fact(path)?;
        let access = |role: &str| {
            let (_, level) = roles.access.iter().find(|(word, _)| *word == role)?;
            portable::ACCESS.word(level)
        };
        let knowledge = match &base.knowledge {
            Knowledge::Known(Value::Word(role)) => access(role).map(|level| Knowledge::Known(Value::Word(level))),
            Knowledge::Bounded(Bounds::Level { least, most }, why) => {
                let (least, most) = (least.and_then(&access), most.and_then(&access));
                Some(match (least, most) {
                    (Some(least), Some(most)) if least == most => Knowledge::Known(Value::Word(least)),
                    _ => Knowledge::Bounded(Bounds::Level { least, most }, why.clone()),
                })
            }
            _ => None,
        };
        let knowledge = knowledge.unwrap_or_else(|| without_value(&base.knowledge, path));
        Some(Fact { knowledge, evidence: base.evidence.clone() })
    }

    /// A role beyond what everybody has, without a membership.
    fn outsider(&self, rests_on: &Outsider) -> Option<Fact> {
        let mut evidence = Vec::new();
        for path in rests_on.reads() {
            merge(&mut evidence, self.fact(path));
        }
        let known = |path: &str| match &*self.settled(path)? {
            Knowledge::Known(Value::Word(word)) => Some(Ok(*word)),
            Knowledge::Absent => Some(Ok(rests_on.no_role)),
            Knowledge::Inapplicable(reason) => Some(Err(Knowledge::Inapplicable(reason.clone()))),
            other => Some(Err(Knowledge::Unknown(why_not(other, path)))),
        };
        let decide = || {
            let membership = match known(rests_on.membership)? {
                Ok(role) => role,
                Err(other) => return Some(other),
            };
            if !rests_on.no_member.contains(&membership) {
                return Some(Knowledge::Known(Value::Bool(false)));
            }
            let (role, visibility) = match (known(rests_on.role)?, known(rests_on.visibility)?) {
                (Ok(role), Ok(visibility)) => (role, visibility),
                (Err(other), _) | (_, Err(other)) => return Some(other),
            };
            let given = if visibility == rests_on.closed {
                role != rests_on.no_role
            } else {
                !rests_on.by_itself.contains(&role)
            };
            Some(Knowledge::Known(Value::Bool(given)))
        };
        decide().map(|knowledge| Fact { knowledge, evidence })
    }

    /// When the role ends. A membership of somebody else that gives it may end before it says.
    fn role_end(&self, rests_on: &RoleEnd) -> Option<Fact> {
        let Type::Level(roles) = self.host.row(self.host.fact(rests_on.role)?).ty else { return None };
        let end = self.settled(rests_on.membership)?;
        let mut evidence = Vec::new();
        for path in rests_on.reads() {
            merge(&mut evidence, self.fact(path));
        }
        let has = |knowledge: Option<Cow<'_, Knowledge>>| match knowledge.as_deref() {
            Some(
                Knowledge::Known(Value::Word(role)) | Knowledge::Bounded(Bounds::Level { least: Some(role), .. }, _),
            ) => Ok(Some(*role)),
            Some(Knowledge::Absent) => Ok(None),
            Some(other) => Err(why_not(other, rests_on.role)),
            None => Err(Unknown::new(Cause::NotReachable, format!("`{}` was not asked for", rests_on.own))),
        };
        let knowledge = match (&*end, has(self.settled(rests_on.role)), has(self.settled(rests_on.own))) {
            (end @ (Knowledge::Unknown(_) | Knowledge::Bounded(..) | Knowledge::Inapplicable(_)), ..) => {
                without_value(end, rests_on.membership)
            }
            (_, Err(why), _) | (_, _, Err(why)) => Knowledge::Unknown(why),
            (end, Ok(Some(role)), Ok(Some(own))) if roles.at_least(own, role) => end.clone(),
            _ => Knowledge::unknown(Cause::NotRevealable, rests_on.otherwise),
        };
        Some(Fact { knowledge, evidence })
    }

    fn lifetime(&self, now: Timestamp) -> Option<Fact> {
        let base = self.fact("token.kind")?;
        let mut evidence = base.evidence.clone();
        let words = match &base.knowledge {
            Knowledge::Known(Value::Word(word)) => vec![*word],
            Knowledge::Bounded(Bounds::Candidates(words), _) => words.clone(),
            other => return Some(Fact { knowledge: without_value(other, "token.kind"), evidence }),
        };
        let mut lifetimes: Vec<&'static str> = Vec::new();
        let mut add = |lifetime: Lifetime| {
            if !lifetimes.contains(&lifetime.word()) {
                lifetimes.push(lifetime.word());
            }
        };
        let mut why = None;
        for kind in words.iter().filter_map(|word| self.host.credential_kind(word)) {
            if let Some(lifetime) = kind.lifetime {
                add(lifetime);
                continue;
            }
            merge(&mut evidence, self.fact("token.expires_at"));
            match &*self.knowledge("token.expires_at") {
                Knowledge::Absent => add(Lifetime::Standing),
                Knowledge::Known(Value::Time(time)) if time.duration_since(now) > SHORT_LIVED => {
                    add(Lifetime::Standing)
                }
                Knowledge::Known(Value::Time(_)) => add(Lifetime::ShortLived),
                other => {
                    add(Lifetime::Standing);
                    add(Lifetime::ShortLived);
                    why = Some(why_not(other, "token.expires_at"));
                }
            }
        }
        let knowledge = match lifetimes.as_slice() {
            [] => Knowledge::Unknown(why_not(&base.knowledge, "token.kind")),
            [only] => Knowledge::Known(Value::Word(only)),
            _ => {
                let why = why.unwrap_or_else(|| why_not(&base.knowledge, "token.kind"));
                Knowledge::Bounded(Bounds::Candidates(lifetimes), why)
            }
        };
        Some(Fact { knowledge, evidence })
    }
}

/// The same lack of a value.
fn without_value(knowledge: &Knowledge, path: &str) -> Knowledge {
    match knowledge {
        Knowledge::Absent => Knowledge::Absent,
        Knowledge::Inapplicable(reason) => Knowledge::Inapplicable(reason.clone()),
        other => Knowledge::Unknown(why_not(other, path)),
    }
}

#[cfg(test)]
#[path = "derive_tests.rs"]
mod tests;
