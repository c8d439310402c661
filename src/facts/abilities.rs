//! What a credential can do on a repository: `repository.can`, from the host's table of abilities, and of each ability
//! that it lacks, which half is missing.

use std::borrow::Cow;
use std::ops::Deref;

use super::base::{Base, merge, why_not};
use super::knowledge::{Bounds, Cause, Knowledge, Unknown};
use super::set::{Fact, FactSet, SubjectRef};
use super::value::{PermissionMap, Value};
use crate::text::english;
use crate::vocabulary::{
    self, Ability, Absence, Derivation, FactIndex, Grounds, Installation, LevelTable, Limits, NameSet, OnPublic,
    Origin, Right, Subject, Type, portable,
};

/// One reason why an ability is not there, or not known to be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lack {
    /// Which half is missing.
    pub half: Half,
    /// The fact that tells it, where one does.
    pub fact: Option<FactIndex>,
    /// What is missing, for people: "the credential does not grant scope `repo`".
    pub why: String,
    /// What to do about it, for people; `None` where nothing is certain to be missing.
    pub mend: Option<String>,
    /// Set where it is open rather than missing: why.
    pub unknown: Option<Unknown>,
}

/// The halves of an ability, and what may stand in the way beside them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Half {
    /// What the credential grants: scopes, permissions.
    Grant,
    /// What the identity may do: its role.
    Role,
    /// What the default branch's rules let the identity do.
    Rules,
    /// The kind of credential, which never can.
    Kind,
    /// The repository takes no changes.
    Repository,
    /// The repositories that the credential is limited to.
    Reach,
}

impl Half {
    /// What is open, for people.
    const fn question(self) -> &'static str {
        match self {
            Self::Grant => "whether the credential grants it",
            Self::Role => "whether the account may",
            Self::Rules => "whether the default branch's rules let the account",
            Self::Kind => "whether this kind of credential can",
            Self::Repository => "whether the repository takes changes",
            Self::Reach => "whether the credential is for this repository",
        }
    }
}

/// Why a subject's credential does not have an ability of its host's table, by word; empty where it has it, or where the
/// host has no such ability. What is certain comes alone; else what is open.
pub fn lacks(facts: &FactSet, subject: SubjectRef, word: &str) -> Vec<Lack> {
    let host = vocabulary::host(facts.host);
    host.abilities
        .iter()
        .find(|ability| ability.word == word)
        .zip(host.grounds())
        .map_or_else(Vec::new, |(ability, grounds)| Abilities::new(facts, subject, grounds).lacks(ability))
}

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

/// The parts of one ability.
struct Parts {
    /// Everybody can, on public repositories.
    everybody: Part,
    grant: Part,
    /// The repository is within reach of a credential that may be limited to some.
    reach: Part,
    role: Part,
    able: Part,
    writable: Part,
}

impl Parts {
    fn together(self) -> Part {
        self.everybody.or(self.grant.and(self.reach).and(self.role).and(self.able)).and(self.writable)
    }
}

/// Abilities on one repository: what all of them rest on is looked at once.
struct Abilities<'a> {
    base: Base<'a>,
    grounds: &'static Grounds,
    /// Whether the repository is public.
    public: Part,
    role: Option<Role<'a>>,
    /// What is known of the credential's scopes; `None` where the host has no such fact.
    scopes: Option<Cow<'a, Knowledge>>,
    /// The same of its permissions.
    permissions: Option<Cow<'a, Knowledge>>,
}

/// The role on a repository.
struct Role<'a> {
    /// The fact that names it.
    path: &'static str,
    levels: &'static LevelTable,
    knowledge: Cow<'a, Knowledge>,
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
    fn new(facts: &'a FactSet, subject: SubjectRef, grounds: &'static Grounds) -> Self {
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
    fn parts(&self, ability: &'static Ability) -> Parts {
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

    fn lacks(&self, ability: &'static Ability) -> Vec<Lack> {
        let parts = self.parts(ability);
        let mut lacks = Vec::new();
        let mut lack = |half: Half,
                        fact: Option<FactIndex>,
                        part: &Part,
                        denied: &dyn Fn() -> (String, Option<String>)| match part {
            Part::Yes => {}
            Part::No => {
                let (why, mend) = denied();
                lacks.push(Lack { half, fact, why, mend, unknown: None });
            }
            Part::Open(unknown) => {
                let why = half.question().to_owned();
                lacks.push(Lack { half, fact, why, mend: None, unknown: Some(unknown.clone()) });
            }
        };
        let fact = |path: &str| self.host.fact(path);
        let grant = if self.goes_by_scopes(ability) { "token.scopes" } else { "token.permissions" };
        let shut = matches!(self.takes_pushes(), Part::No);
        let told_by = if shut { self.grounds.writable } else { self.grounds.archived };
        lack(Half::Repository, told_by.and_then(fact), &parts.writable, &|| {
            let word = self.host.repository_word;
            if shut {
                let why = format!("the {word} takes no pushes: it is switched off, or a mirror");
                return (why, Some("switch it on, or take it out of the credential's scope".to_owned()));
            }
            let archived = format!("the {word} is archived");
            (archived, Some("unarchive it, or take it out of the credential's scope".to_owned()))
        });
        if !matches!(parts.everybody, Part::Yes) {
            lack(Half::Kind, fact("token.kind"), &parts.able, &|| {
                let title = self.kind().map_or("credential", |kind| kind.title);
                (format!("{} never can", english::with_article(title)), Some(self.other_kind(ability)))
            });
            lack(Half::Grant, fact(grant), &parts.grant, &|| self.missing_grant(ability));
            let shown = self.grounds.limits.as_ref().and_then(|limits| fact(limits.shown));
            lack(Half::Reach, shown, &parts.reach, &|| {
                let why = format!("the credential is not for this {}", self.host.repository_word);
                (why, Some("use one that is, or take the limit away".to_owned()))
            });
            let right = self.open_right(ability);
            let half = if let Some(Right::Rules(_)) = right { Half::Rules } else { Half::Role };
            let told_by = right.map(|right| right.fact()).or_else(|| self.tells_role());
            lack(half, told_by.and_then(fact), &parts.role, &|| self.missing_role(ability, right));
        }
        // What is certain decides; what is open beside it is no reason.
        if lacks.iter().any(|lack| lack.unknown.is_none()) {
            lacks.retain(|lack| lack.unknown.is_none());
        }
        // Nor what nobody asked for beside what was asked in vain.
        let asked = |lack: &Lack| lack.fact.is_some_and(|at| self.settled(self.host.row(at).path).is_some());
        if lacks.iter().any(asked) {
            lacks.retain(asked);
        }
        lacks
    }

    /// Whether scopes grant the ability to this kind of credential; else permissions do.
    fn goes_by_scopes(&self, ability: &'static Ability) -> bool {
        route(self.scopes.as_ref()).is_some() && !(ability.scopes.is_empty() && ability.public_scopes.is_empty())
    }

    /// Which kind of credential can, where this one never does.
    fn other_kind(&self, ability: &'static Ability) -> String {
        let kinds = vocabulary::kinds_able(self.host, ability);
        if kinds.is_empty() {
            return "use another kind of credential".to_owned();
        }
        format!("use a kind of credential that can: {}", english::quoted_list(kinds, "or"))
    }

    /// What the credential would have to grant.
    fn missing_grant(&self, ability: &'static Ability) -> (String, Option<String>) {
        if let Some(installation) = self.suspended() {
            return (installation.why.to_owned(), Some(installation.mend.to_owned()));
        }
        let (noun, groups): (&str, Vec<String>) = if self.goes_by_scopes(ability) {
            let public = matches!(self.public, Part::Yes);
            let more = if public { ability.public_scopes } else { &[] };
            let groups = ability.scopes.iter().chain(more).map(|group| english::quoted_list(*group, "and"));
            ("scope ", groups.collect())
        } else {
            let one = |(name, level): &(&str, &str)| format!("{name} = {level}");
            let group = |group: &&[(&str, &str)]| english::quoted_list(group.iter().map(one), "and");
            ("", ability.permissions.iter().map(group).collect())
        };
        // What no credential of this kind can hold is not to be granted.
        if let Some(kind) = self.kind().filter(|_| !self.goes_by_scopes(ability)) {
            let held = |name: &str| vocabulary::can_hold(self.host, kind, name);
            let lacking = ability.permissions.iter().filter_map(|group| group.iter().find(|(name, _)| !held(name)));
            let never: Vec<&str> = lacking.map(|(name, _)| *name).collect();
            if never.len() == ability.permissions.len() && !never.is_empty() {
                let names = english::quoted_list(never, "or");
                let why = format!("{} can never hold {names}", english::with_article(kind.title));
                return (why, Some(self.other_kind(ability)));
            }
        }
        if groups.is_empty() {
            return ("nothing that this kind of credential holds grants it".to_owned(), None);
        }
        let ways = english::list(groups, "or");
        (format!("the credential does not grant {noun}{ways}"), Some(format!("grant it {noun}{ways}")))
    }

    /// The role that the identity would have to have, or the right.
    fn missing_role(&self, ability: &'static Ability, right: Option<Right>) -> (String, Option<String>) {
        if let Some(right) = right {
            let takes = match right {
                Right::Rules(_) => {
                    let why = "the default branch's rules do not let the account";
                    return (why.to_owned(), Some("let the account through the default branch's rules".to_owned()));
                }
                Right::Known(path) | Right::Holds(path) | Right::Own(path) => format!("`{path}`"),
                Right::AtLeast(path, level) => format!("`{path}` of `{level}`"),
            };
            let word = self.host.repository_word;
            return (
                format!("the account's rights on the {word} do not reach: it takes {takes}"),
                Some(format!("give the account that right on the {word}")),
            );
        }
        let least = english::quoted_list(ability.roles, "or");
        let word = self.host.repository_word;
        let has = match self.role.as_ref().map(|role| &*role.knowledge) {
            Some(Knowledge::Known(Value::Word(role))) => format!("the account's role on the {word} is `{role}`"),
            _ if self.kind().is_some_and(|kind| !kind.has_user) => {
                let why =
                    format!("the credential has no user, and what it is for does not reach {least} on the {word}");
                return (
                    why,
                    Some(format!("make it for this {word}, or use a credential of an account with that role")),
                );
            }
            _ => format!("the account's role on the {word} is too low"),
        };
        (format!("{has}, and it takes {least}"), Some(format!("give the account the role {least} on the {word}")))
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
    fn takes_pushes(&self) -> Part {
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
    fn right(&self, right: Right) -> Part {
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

    /// The first right of an ability that the identity does not have; where it has none of those missing for certain, the
    /// first that is open. None where it is the role that stands in the way.
    fn open_right(&self, ability: &'static Ability) -> Option<Right> {
        let is = |wanted: fn(&Part) -> bool| joined(ability).find(|right| wanted(&self.right(*right)));
        let (denied, open) = (is(|part| matches!(part, Part::No)), is(|part| matches!(part, Part::Open(_))));
        match self.by_role(ability) {
            Part::Yes => denied.or(open),
            Part::Open(_) => denied,
            Part::No => None,
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
    fn suspended(&self) -> Option<&'static Installation> {
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
    fn by_role(&self, ability: &'static Ability) -> Part {
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

    /// The fact that tells whether the role reaches: without a user it is whether the repository is seen, where even that
    /// is not known.
    fn tells_role(&self) -> Option<&'static str> {
        let unseen = |path: &&str| matches!(self.settled(path).as_deref(), Some(Knowledge::Unknown(_)));
        let has_no_user = self.kind().is_some_and(|kind| !kind.has_user);
        let visibility = self.grounds.visibility.filter(|path| has_no_user && unseen(path));
        visibility.or_else(|| self.role.as_ref().map(|role| role.path))
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
fn route<'k>(known: Option<&'k Cow<'_, Knowledge>>) -> Option<&'k Knowledge> {
    known.map(|known| &**known).filter(|known| !matches!(known, Knowledge::Inapplicable(_)))
}

/// The rights of an ability that it takes all together.
fn joined(ability: &'static Ability) -> impl Iterator<Item = Right> {
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
