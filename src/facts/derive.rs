//! Derived facts: what follows from other facts of the same credential, with the evidence of all of them.
//!
//! What is not known of a base fact stays not known here: absence, inapplicability, bounds and causes carry through.

use jiff::{SignedDuration, Timestamp};

use super::evidence::Evidence;
use super::knowledge::{Bounds, Cause, Knowledge, Unknown};
use super::set::{Fact, FactSet, SubjectRef};
use super::value::{PermissionMap, Value};
use crate::vocabulary::{
    Ability, Absence, CredentialKind, Derivation, FactIndex, Host, HostKind, LevelTable, Lifetime, NameSet, OnPublic,
    Origin, Reveal, Subject, Told, Type, portable,
};

/// A kind without a lifetime of its own expires within this long of being made, if at all.
const SHORT_LIVED: SignedDuration = SignedDuration::from_hours(24);

/// Fills every derived fact of the host's table that follows from what is known. To be called again when more is known:
/// what was derived before is derived anew; a derived fact that was set otherwise (given by a test) stays.
pub fn derive(facts: &mut FactSet, now: Timestamp) {
    let host = crate::vocabulary::host(facts.host);
    let derived = |abilities: bool| {
        (0_u16..).zip(host.facts).filter_map(move |(at, row)| match &row.origin {
            Origin::Derived(derivation) if matches!(derivation, Derivation::Abilities) == abilities => {
                Some((FactIndex(at), row.subject, derivation))
            }
            _ => None,
        })
    };
    // Abilities rest on another derived fact, the rest only on asked ones.
    for (index, subject, derivation) in derived(false).chain(derived(true)) {
        for from in subjects(facts, subject) {
            let base = Base { host, facts, from };
            let fact = match derivation {
                Derivation::Until(path) => base.duration(path, |time| time.duration_since(now)),
                Derivation::Since(path) => base.duration(path, |time| now.duration_since(time)),
                Derivation::Access(path) => base.access(path),
                Derivation::Lifetime => base.lifetime(now),
                Derivation::Abilities => base.abilities(),
            };
            if let (Some(fact), Some(facts)) = (fact, facts.subject_mut(from)) {
                facts.set_derived(index, fact);
            }
        }
    }
}

/// The asked facts that a fact rests on, in the order of the table; an asked fact rests on itself.
pub fn base_facts(host: HostKind, index: FactIndex) -> Vec<FactIndex> {
    let table = crate::vocabulary::host(host);
    let (mut asked, mut seen, mut open) = (Vec::new(), vec![index], vec![index]);
    while let Some(next) = open.pop() {
        match &table.row(next).origin {
            Origin::Asked(_) => asked.push(next),
            Origin::Derived(derivation) => {
                for read in derivation.reads().iter().filter_map(|path| table.fact(path)) {
                    if !seen.contains(&read) {
                        seen.push(read);
                        open.push(read);
                    }
                }
            }
        }
    }
    asked.sort_unstable();
    asked
}

fn subjects(facts: &FactSet, subject: Subject) -> Vec<SubjectRef> {
    match subject {
        Subject::Credential => vec![SubjectRef::Credential],
        Subject::Repository => (0..facts.repositories.len()).map(SubjectRef::Repository).collect(),
        Subject::Organization => (0..facts.organizations.len()).map(SubjectRef::Organization).collect(),
    }
}

/// The base facts as one subject sees them.
struct Base<'a> {
    host: &'static Host,
    facts: &'a FactSet,
    from: SubjectRef,
}

/// A part of an ability, in three values.
#[derive(Clone, Debug)]
enum Part {
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

impl<'a> Base<'a> {
    fn fact(&self, path: &str) -> Option<&'a Fact> {
        self.facts.fact(self.host.fact(path)?, self.from)
    }

    /// What is known of a fact: what was asked or given, else what its kind's row says without asking.
    fn settled(&self, path: &str) -> Option<Knowledge> {
        if let Some(fact) = self.fact(path) {
            return Some(fact.knowledge.clone());
        }
        let kind = self.kind()?;
        let Origin::Asked(reveals) = &self.host.row(self.host.fact(path)?).origin else { return None };
        match &reveals.iter().find(|row| reveals_to(row, kind))?.by {
            Told::Inapplicable(reason) => Some(Knowledge::Inapplicable((*reason).to_owned())),
            Told::NotRevealable(reason) => Some(Knowledge::unknown(Cause::NotRevealable, *reason)),
            Told::Request { .. } | Told::TokenText => None,
        }
    }

    fn knowledge(&self, path: &str) -> Knowledge {
        self.settled(path)
            .unwrap_or_else(|| Knowledge::unknown(Cause::NotReachable, format!("`{path}` was not asked for")))
    }

    fn kind(&self) -> Option<&'static CredentialKind> {
        match self.fact("token.kind")?.knowledge.value()? {
            Value::Word(word) => self.host.credential_kind(word),
            _ => None,
        }
    }

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
            match self.knowledge("token.expires_at") {
                Knowledge::Absent => add(Lifetime::Standing),
                Knowledge::Known(Value::Time(time)) if time.duration_since(now) > SHORT_LIVED => {
                    add(Lifetime::Standing)
                }
                Knowledge::Known(Value::Time(_)) => add(Lifetime::ShortLived),
                other => {
                    add(Lifetime::Standing);
                    add(Lifetime::ShortLived);
                    why = Some(why_not(&other, "token.expires_at"));
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

    fn abilities(&self) -> Option<Fact> {
        let reads: Vec<&str> = base_facts(self.host.kind, self.host.fact("repository.can")?)
            .into_iter()
            .map(|index| self.host.row(index).path)
            .collect();
        let mut evidence = Vec::new();
        for path in &reads {
            merge(&mut evidence, self.fact(path));
        }
        let mut granted = NameSet::new(&portable::ABILITIES, [] as [&str; 0]);
        let mut denied = granted.clone();
        let mut why: Option<Unknown> = None;
        for ability in self.host.abilities {
            match self.ability(ability) {
                Part::Yes => granted.insert(ability.word),
                Part::No => denied.insert(ability.word),
                Part::Open(unknown) => why = why.or(Some(unknown)),
            }
        }
        let undecided = granted.is_empty() && denied.is_empty();
        let knowledge = match why {
            None => Knowledge::Known(Value::Names(granted)),
            // Nothing follows yet, and something was not even asked: there is nothing to say.
            Some(_) if undecided && reads.iter().any(|path| self.settled(path).is_none()) => return None,
            Some(unknown) if undecided => Knowledge::Unknown(unknown),
            Some(unknown) => Knowledge::Bounded(Bounds::Names { granted, denied }, unknown),
        };
        Some(Fact { knowledge, evidence })
    }

    /// What the credential grants *and* what the identity may do here, *and* that the repository takes changes.
    fn ability(&self, ability: &'static Ability) -> Part {
        let public = self.public();
        let waived = |what: OnPublic| if ability.on_public == what { public.clone() } else { Part::No };
        let writable = if ability.writes { self.writable() } else { Part::Yes };
        let allowed = match waived(OnPublic::Role).or(self.allowed(ability)) {
            Part::No if !ability.only_way => {
                let reason = "which role it takes at least is not documented";
                Part::Open(Unknown::new(Cause::NotRevealable, reason))
            }
            decided => decided,
        };
        let itself = self.granted(ability, &public).and(allowed).and(self.able(ability));
        waived(OnPublic::Everything).or(itself).and(writable)
    }

    fn either_path(&self, name: &str) -> Option<String> {
        ["repository", "project"]
            .iter()
            .map(|subject| format!("{subject}.{name}"))
            .find(|path| self.host.fact(path).is_some())
    }

    fn public(&self) -> Part {
        let Some(path) = self.either_path("visibility") else {
            return Part::Open(Unknown::new(Cause::NotRevealable, "whether the repository is public is not told"));
        };
        match self.knowledge(&path) {
            Knowledge::Known(Value::Word(word)) => Part::of(word == "public"),
            Knowledge::Bounded(Bounds::Candidates(words), _) if !words.contains(&"public") => Part::No,
            other => Part::Open(why_not(&other, &path)),
        }
    }

    fn writable(&self) -> Part {
        // A host without archived repositories has no row for it.
        let Some(path) = self.either_path("archived") else { return Part::Yes };
        match self.knowledge(&path) {
            Knowledge::Known(Value::Bool(archived)) => Part::of(!archived),
            other => Part::Open(why_not(&other, &path)),
        }
    }

    /// Whether a credential of this kind can have it at all.
    fn able(&self, ability: &'static Ability) -> Part {
        if ability.never_on.is_empty() {
            return Part::Yes;
        }
        match (self.kind(), self.knowledge("token.kind")) {
            (Some(kind), _) => Part::of(!ability.never_on.contains(&kind.word)),
            (None, other) => Part::Open(why_not(&other, "token.kind")),
        }
    }

    /// Whether the credential's scopes or permissions grant it.
    fn granted(&self, ability: &'static Ability, public: &Part) -> Part {
        if self.kind().is_some_and(|kind| kind.unlimited) {
            return Part::Yes;
        }
        let granted = self.granted_by_table(ability, public);
        if matches!(granted, Part::No) && !ability.only_way {
            let reason = "which scopes it takes at least is not documented";
            return Part::Open(Unknown::new(Cause::NotRevealable, reason));
        }
        granted
    }

    fn granted_by_table(&self, ability: &'static Ability, public: &Part) -> Part {
        let scopes = self.route("token.scopes", |knowledge| by_scopes(ability, knowledge, public));
        let permissions = self.route("token.permissions", |knowledge| self.by_permissions(ability, knowledge));
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

    /// A way to be granted something; `None` where this kind of credential does not have it.
    fn route(&self, path: &str, decide: impl Fn(&Knowledge) -> Part) -> Option<Part> {
        self.host.fact(path)?;
        match self.knowledge(path) {
            Knowledge::Inapplicable(_) => None,
            knowledge => Some(decide(&knowledge)),
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

    /// Whether the identity may do it here: by its role, or, without a user, because the repository is covered.
    fn allowed(&self, ability: &'static Ability) -> Part {
        let Some((path, roles)) = self.role() else {
            return Part::Open(Unknown::new(Cause::NotRevealable, "the role on the repository is not told"));
        };
        let knowledge = self.knowledge(path);
        let reaches = |role: &str| ability.roles.iter().any(|least| roles.at_least(role, least));
        match &knowledge {
            Knowledge::Known(Value::Word(role)) => Part::of(reaches(role)),
            Knowledge::Absent => match self.host.fact(path).map(|index| self.host.row(index).absence) {
                Some(Absence::Level(role)) => Part::of(reaches(role)),
                _ => Part::Open(why_not(&knowledge, path)),
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

    /// The fact that names the role, with its levels.
    fn role(&self) -> Option<(&'static str, &'static LevelTable)> {
        let Origin::Derived(Derivation::Access(path)) = &self.host.row(self.host.fact("repository.access")?).origin
        else {
            return None;
        };
        match self.host.row(self.host.fact(path)?).ty {
            Type::Level(roles) => Some((path, roles)),
            _ => None,
        }
    }

    /// Whether a credential without a user covers the repository: it saw it although it is private, or lists it.
    fn covered(&self, role: &Knowledge, path: &str) -> Part {
        let name = self.facts.subject_name(self.from).unwrap_or_default();
        if let Some(listed) = &self.facts.listed
            && listed.names.iter().any(|one| one.as_str().eq_ignore_ascii_case(name))
        {
            return Part::Yes;
        }
        let seen = matches!(self.knowledge("repository.name"), Knowledge::Known(_));
        let visibility = self.either_path("visibility").map(|path| self.knowledge(&path));
        match visibility {
            Some(Knowledge::Known(Value::Word("private"))) if seen => Part::Yes,
            Some(Knowledge::Known(_)) => Part::Open(Unknown::new(
                Cause::NotRevealable,
                "a repository that is not private is visible without being covered by this credential",
            )),
            _ => Part::Open(why_not(role, path)),
        }
    }
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

fn reveals_to(row: &Reveal, kind: &CredentialKind) -> bool {
    if row.kinds.is_empty() { kind.first_request.is_some() } else { row.kinds.contains(&kind.word) }
}

/// The same lack of a value.
fn without_value(knowledge: &Knowledge, path: &str) -> Knowledge {
    match knowledge {
        Knowledge::Absent => Knowledge::Absent,
        Knowledge::Inapplicable(reason) => Knowledge::Inapplicable(reason.clone()),
        other => Knowledge::Unknown(why_not(other, path)),
    }
}

/// Why a fact decides nothing.
fn why_not(knowledge: &Knowledge, path: &str) -> Unknown {
    match knowledge {
        Knowledge::Unknown(unknown) | Knowledge::Bounded(_, unknown) => unknown.clone(),
        Knowledge::Inapplicable(reason) => Unknown::new(Cause::Inapplicable, reason.clone()),
        Knowledge::Absent | Knowledge::Known(_) => {
            Unknown::new(Cause::Malformed, format!("nothing follows from what is known of `{path}`"))
        }
    }
}

fn merge(evidence: &mut Vec<Evidence>, fact: Option<&Fact>) {
    for one in fact.into_iter().flat_map(|fact| &fact.evidence) {
        if !evidence.contains(one) {
            evidence.push(one.clone());
        }
    }
}

#[cfg(test)]
#[path = "derive_tests.rs"]
mod tests;
