//! Derived facts: what follows from other facts of the same credential, with the evidence of all of them.
//!
//! What is not known of a base fact stays not known here: absence, inapplicability, bounds and causes carry through.

use jiff::{SignedDuration, Timestamp};

use super::evidence::Evidence;
use super::knowledge::{Bounds, Cause, Knowledge, Unknown};
use super::set::{Fact, FactSet, SubjectRef};
use super::value::{PermissionMap, Value};
use crate::vocabulary::{
    Ability, Absence, CredentialKind, Derivation, FactIndex, Host, HostKind, LevelTable, Lifetime, NameSet, Origin,
    Reveal, Subject, Told, Type, portable,
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
        let for_everybody = if ability.public { public.clone() } else { Part::No };
        let writable = if ability.writes { self.writable() } else { Part::Yes };
        let itself = self.granted(ability, &public).and(self.allowed(ability));
        for_everybody.or(itself).and(writable)
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

    /// Whether the credential's scopes or permissions grant it.
    fn granted(&self, ability: &'static Ability, public: &Part) -> Part {
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
        let reaches = |role: &str| roles.at_least(role, ability.role);
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
        let any = |names: &[&str]| names.iter().fold(Part::No, |any, name| any.or(granted(name)));
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
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::facts::{Listed, RepositoryName, RequestLabel};

    const NOW: &str = "2026-11-23T12:00:00Z";

    fn now() -> Timestamp {
        NOW.parse().unwrap()
    }

    fn index(path: &str) -> FactIndex {
        crate::vocabulary::host(HostKind::GitHub).fact(path).unwrap()
    }

    fn evidence(source: &str) -> Evidence {
        let request = Arc::new(RequestLabel { method: "GET", url: "https://api.github.com/user".into() });
        Evidence::answer(&request, Some(200), source)
    }

    /// Facts of one credential and, where the path is a repository's, of `acme/infra`.
    fn given(rows: &[(&str, Knowledge)]) -> FactSet {
        let mut facts = FactSet::new(HostKind::GitHub);
        let at = facts.repository(&RepositoryName::parse("acme/infra").unwrap());
        for (path, knowledge) in rows {
            let fact = Fact { knowledge: knowledge.clone(), evidence: vec![evidence(path)] };
            let subject =
                if path.starts_with("repository.") { SubjectRef::Repository(at) } else { SubjectRef::Credential };
            facts.subject_mut(subject).unwrap().set(index(path), fact);
        }
        facts
    }

    fn derived(rows: &[(&str, Knowledge)], path: &str) -> Option<Knowledge> {
        let mut facts = given(rows);
        derive(&mut facts, now());
        facts.fact(index(path), SubjectRef::Repository(0)).map(|fact| fact.knowledge.clone())
    }

    fn word(word: &'static str) -> Knowledge {
        Knowledge::Known(Value::Word(word))
    }

    fn scopes(names: &[&str]) -> Knowledge {
        let Type::Names(table) = crate::vocabulary::host(HostKind::GitHub).row(index("token.scopes")).ty else {
            panic!("a set")
        };
        Knowledge::Known(Value::Names(NameSet::new(table, names)))
    }

    fn permissions(items: &[(&str, &str)]) -> PermissionMap {
        items.iter().map(|(name, level)| ((*name).to_owned(), (*level).to_owned())).collect()
    }

    fn known(value: bool) -> Knowledge {
        Knowledge::Known(Value::Bool(value))
    }

    /// The names decided: granted and denied, and whether all are.
    fn can(rows: &[(&str, Knowledge)]) -> (Vec<String>, Vec<String>, bool) {
        let list = |set: &NameSet| set.names().into_iter().map(str::to_owned).collect();
        match derived(rows, "repository.can").unwrap() {
            Knowledge::Known(Value::Names(set)) => (list(&set), Vec::new(), true),
            Knowledge::Bounded(Bounds::Names { granted, denied }, _) => (list(&granted), list(&denied), false),
            Knowledge::Unknown(_) => (Vec::new(), Vec::new(), false),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn the_time_until_expiry_carries_absence_causes_and_evidence() {
        let at = |text: &str| Knowledge::Known(Value::Time(text.parse().unwrap()));
        let days = |days: i64| Knowledge::Known(Value::Duration(SignedDuration::from_hours(24 * days)));
        let unknown = Knowledge::unknown(Cause::Malformed, "the header is no date");
        for (base, expected) in [
            (at("2026-11-30T12:00:00Z"), days(7)),
            (at("2026-11-22T12:00:00Z"), days(-1)),
            (Knowledge::Absent, Knowledge::Absent),
            (Knowledge::Inapplicable("no expiry".into()), Knowledge::Inapplicable("no expiry".into())),
            (unknown.clone(), unknown),
        ] {
            assert_eq!(derived(&[("token.expires_at", base)], "token.expires_in"), Some(expected));
        }
        assert_eq!(derived(&[("token.created_at", at("2026-11-13T12:00:00Z"))], "token.age"), Some(days(10)));
        assert_eq!(derived(&[], "token.expires_in"), None, "nothing follows from what nobody asked");

        let mut facts = given(&[("token.expires_at", Knowledge::Absent)]);
        derive(&mut facts, now());
        let fact = facts.credential.get(index("token.expires_in")).unwrap();
        assert_eq!(fact.evidence, vec![evidence("token.expires_at")]);
    }

    #[test]
    fn a_given_derived_fact_stays_and_a_derived_one_is_derived_again() {
        let given_duration = Knowledge::Known(Value::Duration(SignedDuration::from_secs(5)));
        let mut facts = given(&[("token.expires_at", Knowledge::Absent), ("token.expires_in", given_duration.clone())]);
        derive(&mut facts, now());
        assert_eq!(facts.credential.get(index("token.expires_in")).unwrap().knowledge, given_duration);

        let mut facts = given(&[("token.kind", word("classic")), ("repository.permission", word("read"))]);
        derive(&mut facts, now());
        let before = facts.fact(index("repository.can"), SubjectRef::Repository(0)).unwrap().knowledge.clone();
        assert!(matches!(before, Knowledge::Bounded(..)), "{before:?}");
        for (path, knowledge) in [("token.scopes", scopes(&["repo"]))] {
            facts.credential.set(index(path), Fact { knowledge, evidence: Vec::new() });
        }
        for (path, knowledge) in [("repository.visibility", word("private")), ("repository.archived", known(false))] {
            let fact = Fact { knowledge, evidence: Vec::new() };
            facts.subject_mut(SubjectRef::Repository(0)).unwrap().set(index(path), fact);
        }
        derive(&mut facts, now());
        let after = &facts.fact(index("repository.can"), SubjectRef::Repository(0)).unwrap().knowledge;
        let Knowledge::Known(Value::Names(set)) = after else { panic!("{after:?}") };
        assert_eq!(set.names(), ["clone", "comment", "read"]);
    }

    #[test]
    fn lifetime_is_the_kinds_or_the_expirys() {
        let in_hours =
            |hours: i64| Knowledge::Known(Value::Time(now().checked_add(SignedDuration::from_hours(hours)).unwrap()));
        for (rows, expected) in [
            (vec![("token.kind", word("classic"))], word("standing")),
            (vec![("token.kind", word("app_installation"))], word("short_lived")),
            (vec![("token.kind", word("actions"))], word("job")),
            (vec![("token.kind", word("app_user")), ("token.expires_at", in_hours(7))], word("short_lived")),
            (vec![("token.kind", word("app_user")), ("token.expires_at", in_hours(48))], word("standing")),
            (vec![("token.kind", word("app_user")), ("token.expires_at", Knowledge::Absent)], word("standing")),
        ] {
            assert_eq!(derived(&rows, "token.lifetime"), Some(expected), "{rows:?}");
        }
        let why = Unknown::new(Cause::Malformed, "40 hexadecimal digits");
        let both = |words| Knowledge::Bounded(Bounds::Candidates(words), why.clone());
        assert_eq!(
            derived(&[("token.kind", both(vec!["classic", "oauth_app"]))], "token.lifetime"),
            Some(word("standing"))
        );
        let open = derived(&[("token.kind", both(vec!["classic", "actions"]))], "token.lifetime");
        assert_eq!(open, Some(both(vec!["standing", "job"])));
        let open = derived(&[("token.kind", word("app_user"))], "token.lifetime").unwrap();
        assert!(matches!(open, Knowledge::Bounded(Bounds::Candidates(words), _) if words.len() == 2));
        let none = derived(&[("token.kind", Knowledge::Unknown(why.clone()))], "token.lifetime");
        assert_eq!(none, Some(Knowledge::Unknown(why)));
    }

    #[test]
    fn access_maps_roles_and_their_bounds() {
        let why = Unknown::new(Cause::Incomplete, "a custom role");
        let bounds = |least, most| Knowledge::Bounded(Bounds::Level { least, most }, why.clone());
        for (role, access) in [
            (word("triage"), word("read")),
            (word("none"), word("none")),
            (word("maintain"), word("maintain")),
            (Knowledge::Absent, Knowledge::Absent),
            (Knowledge::Unknown(why.clone()), Knowledge::Unknown(why.clone())),
            (bounds(Some("triage"), None), bounds(Some("read"), None)),
            (bounds(Some("read"), Some("triage")), word("read")),
            (bounds(None, Some("write")), bounds(None, Some("write"))),
        ] {
            assert_eq!(derived(&[("repository.permission", role)], "repository.access"), Some(access));
        }
    }

    /// A classic token's facts with everything else as usual.
    fn classic(names: &[&str], role: &'static str, visibility: &'static str) -> Vec<(&'static str, Knowledge)> {
        vec![
            ("token.kind", word("classic")),
            ("token.scopes", scopes(names)),
            ("repository.name", Knowledge::Known(Value::String("acme/infra".into()))),
            ("repository.permission", word(role)),
            ("repository.visibility", word(visibility)),
            ("repository.archived", known(false)),
        ]
    }

    #[test]
    fn abilities_take_both_the_grant_and_the_role() {
        let decided = |rows: &[(&str, Knowledge)]| {
            let (granted, _, all) = can(rows);
            assert!(all, "{rows:?}");
            granted.join(" ")
        };
        assert_eq!(decided(&classic(&["repo"], "write", "private")), "clone comment merge push read set_status",);
        assert_eq!(decided(&classic(&["gist"], "admin", "private")), "", "an admin's token may grant nothing");
        assert_eq!(decided(&classic(&["gist"], "admin", "public")), "clone read", "everybody has these");
        assert_eq!(decided(&classic(&["repo:status"], "write", "private")), "set_status");
        assert_eq!(decided(&classic(&["public_repo"], "write", "public")), "clone comment merge push read set_status");
        assert_eq!(decided(&classic(&["public_repo"], "write", "private")), "");
        assert_eq!(decided(&classic(&["admin:repo_hook"], "admin", "private")), "manage_webhooks");
        assert_eq!(decided(&classic(&["repo"], "none", "private")), "");
    }

    #[test]
    fn an_archived_repository_takes_no_changes() {
        let mut rows = classic(&["repo"], "admin", "private");
        rows.retain(|(path, _)| *path != "repository.archived");
        let (granted, denied, all) = can(&rows);
        assert_eq!((granted.join(" "), denied.len(), all), ("administer clone manage_webhooks read".into(), 0, false));
        rows.push(("repository.archived", known(true)));
        assert_eq!(can(&rows).0.join(" "), "administer clone manage_webhooks read");
    }

    #[test]
    fn undecided_abilities_leave_the_set_bounded() {
        // A fine-grained token hides its grant: a low role still denies, nothing is granted.
        let rows = [
            ("token.kind", word("fine_grained")),
            ("repository.permission", word("read")),
            ("repository.visibility", word("private")),
            ("repository.archived", known(false)),
        ];
        let (granted, denied, all) = can(&rows);
        assert_eq!(
            (granted.join(" "), denied.join(" "), all),
            (String::new(), "administer manage_webhooks merge push set_status".into(), false),
        );
        // What is certain of its permissions counts both ways.
        let why = Unknown::new(Cause::NotRevealable, "open");
        let mut rows = rows.to_vec();
        let bounds = Bounds::Permissions {
            granted: permissions(&[("metadata", "read")]),
            denied: permissions(&[("contents", "read"), ("issues", "write")]),
        };
        rows.push(("token.permissions", Knowledge::Bounded(bounds, why)));
        let (granted, denied, _) = can(&rows);
        assert_eq!(granted, ["read"]);
        assert!(denied.contains(&"clone".to_owned()), "{denied:?}");
        assert!(!denied.contains(&"comment".to_owned()), "`pull_requests` is still open");
    }

    #[test]
    fn an_installation_needs_the_repository_to_be_covered() {
        let why = Unknown::new(Cause::NotRevealable, "no role");
        let full = permissions(&[("metadata", "read"), ("contents", "write"), ("statuses", "write")]);
        let mut rows = vec![
            ("token.kind", word("app_installation")),
            ("token.permissions", Knowledge::Known(Value::Permissions(full))),
            ("repository.permission", Knowledge::Unknown(why)),
            ("repository.name", Knowledge::Known(Value::String("acme/infra".into()))),
            ("repository.archived", known(false)),
            ("repository.visibility", word("private")),
        ];
        let (granted, _, all) = can(&rows);
        assert_eq!((granted.join(" "), all), ("clone merge push read set_status".into(), true));
        rows.pop();
        rows.push(("repository.visibility", word("public")));
        let (granted, denied, all) = can(&rows);
        assert_eq!((granted.join(" "), all), ("clone read".into(), false), "a public one is visible to everybody");
        assert_eq!(denied.join(" "), "administer comment manage_webhooks", "not granted anywhere");

        let mut facts = given(&rows);
        let names = vec![RepositoryName::parse("acme/infra").unwrap()];
        facts.listed = Some(Listed { names, ..Listed::default() });
        derive(&mut facts, now());
        let knowledge = &facts.fact(index("repository.can"), SubjectRef::Repository(0)).unwrap().knowledge;
        assert!(matches!(knowledge, Knowledge::Known(Value::Names(set)) if set.grants("push")), "{knowledge:?}");
    }

    #[test]
    fn a_credential_with_neither_scopes_nor_permissions_is_not_denied() {
        let mut rows = classic(&[], "admin", "private");
        rows.retain(|(path, _)| *path != "token.scopes");
        rows.push(("token.scopes", Knowledge::Inapplicable("a password has none".into())));
        let (granted, denied, all) = can(&rows);
        assert_eq!((granted.len(), denied.len(), all), (0, 0, false));
    }

    #[test]
    fn base_facts_are_the_asked_ones_transitively() {
        let paths = |path: &str| -> Vec<&str> {
            let host = crate::vocabulary::host(HostKind::GitHub);
            base_facts(HostKind::GitHub, index(path)).into_iter().map(|at| host.row(at).path).collect()
        };
        assert_eq!(paths("token.scopes"), ["token.scopes"]);
        assert_eq!(paths("token.expires_in"), ["token.expires_at"]);
        assert_eq!(paths("token.lifetime"), ["token.kind", "token.expires_at"]);
        assert_eq!(paths("repository.access"), ["repository.permission"]);
        assert_eq!(
            paths("repository.can"),
            [
                "token.kind",
                "token.scopes",
                "token.permissions",
                "repository.name",
                "repository.permission",
                "repository.visibility",
                "repository.archived",
            ]
        );
    }
}
