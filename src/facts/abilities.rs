//! What a credential can do on a repository: `repository.can`, from the host's table of abilities.

use std::borrow::Cow;
use std::ops::Deref;

use super::base::{Base, merge, why_not};
use super::knowledge::{Bounds, Cause, Knowledge, Unknown};
use super::set::{Fact, FactSet, SubjectRef};
use super::value::{PermissionMap, Value};
use crate::vocabulary::{
    Ability, Absence, Derivation, FactIndex, Grounds, Installation, LevelTable, Limits, NameSet, OnPublic, Origin,
    Right, Subject, Type, portable,
};

/// What a subject's credential can do there, which rests on these facts; `None` where nothing can be said of it.
pub(super) fn abilities(
    facts: &FactSet,
    subject: SubjectRef,
    grounds: &'static Grounds,
    rests_on: &[FactIndex],
) -> Option<Fact> {
    Abilities::new(facts, subject, grounds).all(rests_on)
}

/// A part of an ability, in three values.
#[derive(Clone, Debug)]
pub(super) enum Part {
    Yes,
    No,
    Open(Unknown),
}

impl Part {
    /// Both parts are needed.
    fn and(self, other: Self) -> Self {
        match (self, other) {
            (Self::No, _) | (_, Self::No) => Self::No,
            (Self::Open(unknown), _) | (_, Self::Open(unknown)) => Self::Open(unknown),
            (Self::Yes, Self::Yes) => Self::Yes,
        }
    }

    /// Either part will do.
    fn or(self, other: Self) -> Self {
        match (self, other) {
            (Self::Yes, _) | (_, Self::Yes) => Self::Yes,
            (Self::Open(unknown), _) | (_, Self::Open(unknown)) => Self::Open(unknown),
            (Self::No, Self::No) => Self::No,
        }
    }

    fn of(decided: bool) -> Self {
        if decided { Self::Yes } else { Self::No }
    }
}

/// The parts of one ability.
pub(super) struct Parts {
    /// Everybody can, on public repositories.
    pub(super) everybody: Part,
    pub(super) grant: Part,
    /// The repository is within reach of a credential that may be limited to some.
    pub(super) reach: Part,
    pub(super) role: Part,
    pub(super) able: Part,
    pub(super) writable: Part,
}

impl Parts {
    fn together(self) -> Part {
        self.everybody.or(self.grant.and(self.reach).and(self.role).and(self.able)).and(self.writable)
    }
}

/// Abilities on one repository: what all of them rest on is looked at once.
pub(super) struct Abilities<'a> {
    base: Base<'a>,
    pub(super) grounds: &'static Grounds,
    /// Whether the repository is public.
    pub(super) public: Part,
    pub(super) role: Option<Role<'a>>,
    /// What is known of the credential's scopes; `None` where the host has no such fact.
    pub(super) scopes: Option<Cow<'a, Knowledge>>,
    /// The same of its permissions.
    permissions: Option<Cow<'a, Knowledge>>,
}

/// The role on a repository.
pub(super) struct Role<'a> {
    /// The fact that names it.
    pub(super) path: &'static str,
    levels: &'static LevelTable,
    pub(super) knowledge: Cow<'a, Knowledge>,
}

impl<'a> Role<'a> {
    fn of(base: &Base<'a>) -> Option<Self> {
        let Origin::Derived(Derivation::Access(path)) = &base.host.row(base.host.fact("repository.access")?).origin
        else {
            return None;
        };
        match base.host.row(base.host.fact(path)?).ty {
            Type::Level(levels) => Some(Self { path, levels, knowledge: base.knowledge(path) }),
            _ => None,
        }
    }
}

impl<'a> Deref for Abilities<'a> {
    type Target = Base<'a>;

    fn deref(&self) -> &Base<'a> {
        &self.base
    }
}

impl<'a> Abilities<'a> {
    pub(super) fn new(facts: &'a FactSet, subject: SubjectRef, grounds: &'static Grounds) -> Self {
        let base = Base::new(facts, subject);
        let known = |path| base.host.fact(path).map(|_| base.knowledge(path));
        let (scopes, permissions) = (known("token.scopes"), known("token.permissions"));
        Self { public: public(&base, grounds), role: Role::of(&base), scopes, permissions, base, grounds }
    }

    fn all(&self, rests_on: &[FactIndex]) -> Option<Fact> {
        let mut evidence = Vec::new();
        for index in rests_on {
            merge(&mut evidence, self.facts.fact(*index, self.from));
        }
        let mut granted = NameSet::new(&portable::ABILITIES, [] as [&str; 0]);
        let mut denied = granted.clone();
        // What only an ability takes that nobody asks after was not asked for: that is no reason beside an answer.
        let (mut why, mut unasked): (Option<Unknown>, Option<Unknown>) = (None, None);
        for ability in self.host.abilities {
            match self.parts(ability).together() {
                Part::Yes => granted.insert(ability.word),
                Part::No => denied.insert(ability.word),
                Part::Open(unknown) => {
                    let asked = ability.rights.iter().all(|right| self.settled(right.fact()).is_some());
                    let why = if asked { &mut why } else { &mut unasked };
                    why.get_or_insert(unknown);
                }
            }
        }
        let undecided = granted.is_empty() && denied.is_empty();
        let knowledge = match why.or(unasked) {
            None => Knowledge::Known(Value::Names(granted)),
            // Nothing follows, and nothing was asked that could tell why: there is nothing to say.
            Some(_) if undecided && !rests_on.iter().any(|index| self.was_asked(*index)) => return None,
            Some(unknown) if undecided => Knowledge::Unknown(unknown),
            Some(unknown) => Knowledge::Bounded(Bounds::Names { granted, denied }, unknown),
        };
        Some(Fact { knowledge, evidence })
    }

    /// Whether somebody asked about the repository, or in vain about the credential.
    fn was_asked(&self, index: FactIndex) -> bool {
        self.facts.fact(index, self.from).is_some_and(|fact| {
            self.host.row(index).subject == Subject::Repository
                || matches!(fact.knowledge, Knowledge::Unknown(_))
                    && fact.evidence.iter().any(|one| one.request.is_some())
        })
    }

    /// What an ability takes: what the credential grants *and* what the identity may do here, *and* that the repository
    /// takes changes.
    pub(super) fn parts(&self, ability: &'static Ability) -> Parts {
        let waived = |what: OnPublic| if ability.on_public == what { self.public.clone() } else { Part::No };
        Parts {
            everybody: waived(OnPublic::Everything),
            grant: self.granted(ability),
            reach: self.reached(ability),
            role: match waived(OnPublic::Role).or(self.allowed(ability)) {
                Part::No if !ability.only_way => {
                    let reason = "which role it takes at least is not documented";
                    Part::Open(Unknown::new(Cause::NotRevealable, reason))
                }
                decided => decided,
            },
            able: self.able(ability),
            writable: if ability.writes { self.writable() } else { Part::Yes },
        }
    }

    /// Whether the repository takes changes.
    fn writable(&self) -> Part {
        let archived = self.grounds.archived.map_or(Part::Yes, |path| match &*self.knowledge(path) {
            Knowledge::Known(Value::Bool(archived)) => Part::of(!archived),
            other => Part::Open(why_not(other, path)),
        });
        archived.and(self.takes_pushes())
    }

    /// Whether the repository takes pushes at all. What tells that it is archived tells this, too: where no answer was
    /// read, as in a policy's tests, nothing stands in the way.
    pub(super) fn takes_pushes(&self) -> Part {
        let Some((path, fact)) = self.grounds.writable.and_then(|path| Some((path, self.fact(path)?))) else {
            return Part::Yes;
        };
        match &fact.knowledge {
            Knowledge::Known(Value::Bool(writable)) => Part::of(*writable),
            Knowledge::Unknown(_) if fact.evidence.iter().all(|one| one.request.is_none()) => Part::Yes,
            other => Part::Open(why_not(other, path)),
        }
    }

    /// Whether a credential that may be limited to some repositories reaches this one.
    fn reached(&self, ability: &'static Ability) -> Part {
        let Some(limits) = &self.grounds.limits else { return Part::Yes };
        let to_public = self.limited_to_public(limits);
        let by_kind = match (self.kind(), &*self.knowledge("token.kind")) {
            (Some(kind), _) => Part::of(limits.kinds.contains(&kind.word)),
            (None, Knowledge::Bounded(Bounds::Candidates(words), _))
                if !words.iter().any(|word| limits.kinds.contains(word)) =>
            {
                Part::No
            }
            (None, other) => Part::Open(why_not(other, "token.kind")),
        };
        let shown = self.right(Right::AtLeast(limits.shown, limits.reads));
        let by_public = match (&to_public, &self.public) {
            (Part::No, _) => Part::Yes,
            (Part::Yes, Part::No) => Part::No,
            (Part::Open(why), Part::No) => Part::Open(why.clone()),
            (Part::Yes | Part::Open(_), _) => shown.clone(),
        };
        // What is public everybody reads: only more than that shows that the token is for it.
        let is_for = if ability.writes && !matches!(self.public, Part::No) {
            match (shown, self.right(Right::AtLeast(limits.shown, limits.is_for))) {
                (Part::No, _) => Part::No,
                (_, Part::Yes) => Part::Yes,
                (_, Part::Open(why)) => Part::Open(why),
                (_, Part::No) => Part::Open(Unknown::new(
                    Cause::NotRevealable,
                    "everybody reads it, and nothing shows whether the token is for it",
                )),
            }
        } else {
            shown
        };
        let by_kind = match (by_kind, is_for) {
            (Part::No, _) | (Part::Open(_), Part::Yes) => Part::Yes,
            (Part::Open(why), _) => Part::Open(why),
            (Part::Yes, is_for) => is_for,
        };
        // What a limit that is not sure to be there takes away stays open.
        match (&to_public, by_public) {
            (Part::Open(why), Part::No) => by_kind.and(Part::Open(why.clone())),
            (_, by_public) => by_kind.and(by_public),
        }
    }

    /// Whether the credential is limited to public repositories. A kind without scopes has no such limit.
    fn limited_to_public(&self, limits: &Limits) -> Part {
        match &*self.knowledge(limits.to_public) {
            Knowledge::Known(Value::Bool(limited)) => Part::of(*limited),
            Knowledge::Inapplicable(_) => Part::No,
            other => Part::Open(why_not(other, limits.to_public)),
        }
    }

    /// Whether the identity has a right here.
    pub(super) fn right(&self, right: Right) -> Part {
        let path = right.fact();
        match (right, &*self.knowledge(path)) {
            (Right::Known(_), Knowledge::Known(_)) => Part::Yes,
            (Right::Holds(_) | Right::Rules(_) | Right::Own(_), Knowledge::Known(Value::Bool(holds))) => {
                Part::of(*holds)
            }
            (Right::AtLeast(_, least), Knowledge::Known(Value::Word(level))) => {
                let Some(Type::Level(table)) = self.host.fact(path).map(|index| self.host.row(index).ty) else {
                    return Part::No;
                };
                Part::of(table.at_least(level, least))
            }
            (_, other) => Part::Open(why_not(other, path)),
        }
    }

    /// Whether a credential of this kind can have it at all. What a kind for some repositories never has, one that is limited
    /// to public ones may not have either.
    fn able(&self, ability: &'static Ability) -> Part {
        if ability.never_on.is_empty() {
            return Part::Yes;
        }
        if let Some(limits) = &self.grounds.limits
            && limits.kinds.iter().any(|kind| ability.never_on.contains(kind))
        {
            match self.limited_to_public(limits) {
                Part::No => {}
                Part::Open(why) => return Part::Open(why),
                Part::Yes => {
                    let why = "whether a token that is limited to what is public can is not told";
                    return Part::Open(Unknown::new(Cause::NotRevealable, why));
                }
            }
        }
        match (self.kind(), &*self.knowledge("token.kind")) {
            (Some(kind), _) => Part::of(!ability.never_on.contains(&kind.word)),
            (None, other) => Part::Open(why_not(other, "token.kind")),
        }
    }

    /// Whether the credential's scopes or permissions grant it.
    fn granted(&self, ability: &'static Ability) -> Part {
        if self.kind().is_some_and(|kind| kind.unlimited) {
            return Part::Yes;
        }
        if self.suspended().is_some() {
            return Part::No;
        }
        let granted = self.granted_by_table(ability);
        if matches!(granted, Part::No) && !ability.only_way {
            let reason = "which scopes it takes at least is not documented";
            return Part::Open(Unknown::new(Cause::NotRevealable, reason));
        }
        granted
    }

    /// The installation, where it is suspended: nothing can be done through it then, whatever was granted.
    pub(super) fn suspended(&self) -> Option<&'static Installation> {
        let installation = self.grounds.installation.as_ref()?;
        let fact = self.fact(installation.suspended)?;
        (fact.knowledge.value() == Some(&Value::Bool(true))).then_some(installation)
    }

    fn granted_by_table(&self, ability: &'static Ability) -> Part {
        let scopes = route(self.scopes.as_ref()).map(|knowledge| by_scopes(ability, knowledge, &self.public));
        let permissions = route(self.permissions.as_ref()).map(|knowledge| self.by_permissions(ability, knowledge));
        match (scopes, permissions) {
            (Some(scopes), Some(permissions)) => scopes.or(permissions),
            (Some(only), None) | (None, Some(only)) => only,
            // Neither scopes nor permissions: no rule here says what such a credential grants.
            (None, None) => Part::Open(Unknown::new(
                Cause::Inapplicable,
                "this kind of credential has neither scopes nor permissions that say what it grants",
            )),
        }
    }

    fn by_permissions(&self, ability: &'static Ability, knowledge: &Knowledge) -> Part {
        let Some(Type::Permissions(table)) = self.host.fact("token.permissions").map(|index| self.host.row(index).ty)
        else {
            return Part::No;
        };
        let empty = PermissionMap::new();
        let (granted, denied, why) = match knowledge {
            Knowledge::Known(Value::Permissions(map)) => (map, None, None),
            Knowledge::Absent => (&empty, None, None),
            Knowledge::Bounded(Bounds::Permissions { granted, denied }, why) => {
                (granted, Some(denied), Some(why.clone()))
            }
            other => (&empty, None, Some(why_not(other, "token.permissions"))),
        };
        let one = |name: &str, level: &str| {
            if granted.get(name).is_some_and(|have| table.levels.at_least(have, level)) {
                return Part::Yes;
            }
            match &why {
                None => Part::No,
                Some(_)
                    if denied.and_then(|map| map.get(name)).is_some_and(|from| table.levels.at_least(level, from)) =>
                {
                    Part::No
                }
                Some(why) => Part::Open(why.clone()),
            }
        };
        ability.permissions.iter().fold(Part::No, |any, group| {
            any.or(group.iter().fold(Part::Yes, |all, (name, level)| all.and(one(name, level))))
        })
    }

    /// Whether the identity may do it here: by its role and by its rights.
    fn allowed(&self, ability: &'static Ability) -> Part {
        let by_role = self.by_role(ability);
        let allowed = joined(ability).fold(by_role.clone(), |all, right| all.and(self.right(right)));
        let own = ability.rights.iter().any(|right| match right {
            Right::Own(_) => matches!(self.right(*right), Part::Yes),
            _ => false,
        });
        match (allowed, by_role) {
            // Where answers contradict each other about the role, no other answer settles it.
            (_, Part::Open(why)) if own && why.cause == Cause::Malformed => Part::Open(why),
            (Part::No, _) if own => {
                let why = "the default branch's answer lets the account do what its role does not";
                Part::Open(Unknown::new(Cause::Malformed, why))
            }
            _ if own => Part::Yes,
            (allowed, _) => allowed,
        }
    }

    /// Whether the identity's role suffices, or, without a user, the repository is covered.
    pub(super) fn by_role(&self, ability: &'static Ability) -> Part {
        if ability.roles.is_empty() {
            return Part::Yes;
        }
        let Some(Role { path, levels, knowledge }) = &self.role else {
            return Part::Open(Unknown::new(Cause::NotRevealable, "the role on the repository is not told"));
        };
        let reaches = |role: &str| ability.roles.iter().any(|least| levels.at_least(role, least));
        match &**knowledge {
            Knowledge::Known(Value::Word(role)) => Part::of(reaches(role)),
            Knowledge::Absent => match self.host.fact(path).map(|index| self.host.row(index).absence) {
                Some(Absence::Level(role)) => Part::of(reaches(role)),
                _ => Part::Open(why_not(knowledge, path)),
            },
            Knowledge::Bounded(Bounds::Level { least, most }, why) => {
                if least.is_some_and(reaches) {
                    Part::Yes
                } else if most.is_some_and(|most| !reaches(most)) {
                    Part::No
                } else {
                    Part::Open(why.clone())
                }
            }
            other if self.kind().is_some_and(|kind| !kind.has_user) => self.covered(other, path),
            other => Part::Open(why_not(other, path)),
        }
    }

    /// Whether a credential without a user covers the repository: its installation does, it saw the repository although
    /// it is private, or it lists it.
    fn covered(&self, role: &Knowledge, path: &str) -> Part {
        let installation = self.grounds.installation.as_ref().and_then(|installation| self.fact(installation.id));
        if installation.is_some_and(|fact| fact.knowledge.value().is_some()) {
            return Part::Yes;
        }
        let name = self.facts.subject_name(self.from).unwrap_or_default();
        if self.facts.listed.as_ref().is_some_and(|listed| listed.has(name)) {
            return Part::Yes;
        }
        let seen = matches!(*self.knowledge("repository.name"), Knowledge::Known(_));
        let visibility = self.grounds.visibility.map(|path| self.knowledge(path));
        match visibility.as_deref() {
            Some(Knowledge::Known(Value::Word("private"))) if seen => Part::Yes,
            Some(Knowledge::Known(_)) => Part::Open(Unknown::new(
                Cause::NotRevealable,
                "a repository that is not private is visible without being covered by this credential",
            )),
            // Whether it is seen at all is what is not known then, more than that nobody has a role.
            Some(other) if self.grounds.visibility.is_some_and(|path| self.settled(path).is_some()) => {
                Part::Open(why_not(other, self.grounds.visibility.unwrap_or(path)))
            }
            _ => Part::Open(why_not(role, path)),
        }
    }
}

fn public(base: &Base<'_>, grounds: &Grounds) -> Part {
    let Some(path) = grounds.visibility else {
        return Part::Open(Unknown::new(Cause::NotRevealable, "whether the repository is public is not told"));
    };
    match &*base.knowledge(path) {
        Knowledge::Known(Value::Word(word)) => Part::of(*word == "public"),
        Knowledge::Bounded(Bounds::Candidates(words), _) if !words.contains(&"public") => Part::No,
        other => Part::Open(why_not(other, path)),
    }
}

/// What is known of a way to be granted something; `None` where this kind of credential does not have it.
pub(super) fn route<'k>(known: Option<&'k Cow<'_, Knowledge>>) -> Option<&'k Knowledge> {
    known.map(|known| &**known).filter(|known| !matches!(known, Knowledge::Inapplicable(_)))
}

/// The rights of an ability that it takes all together.
pub(super) fn joined(ability: &'static Ability) -> impl Iterator<Item = Right> {
    ability.rights.iter().copied().filter(|right| !matches!(right, Right::Own(_)))
}

fn by_scopes(ability: &'static Ability, knowledge: &Knowledge, public: &Part) -> Part {
    let decide = |granted: &dyn Fn(&str) -> Part| {
        let all = |group: &[&str]| group.iter().fold(Part::Yes, |all, name| all.and(granted(name)));
        let any = |groups: &[&[&str]]| groups.iter().fold(Part::No, |any, group| any.or(all(group)));
        any(ability.scopes).or(any(ability.public_scopes).and(public.clone()))
    };
    match knowledge {
        Knowledge::Known(Value::Names(scopes)) => decide(&|name| Part::of(scopes.grants(name))),
        Knowledge::Absent => Part::No,
        Knowledge::Bounded(Bounds::Names { granted, denied }, why) => decide(&|name| {
            if granted.grants(name) {
                Part::Yes
            } else if denied.names().contains(&name) {
                Part::No
            } else {
                Part::Open(why.clone())
            }
        }),
        other => Part::Open(why_not(other, "token.scopes")),
    }
}

#[cfg(test)]
#[path = "abilities_tests.rs"]
mod tests;
