//! Of each ability that a credential lacks on a repository, which half is missing, and what to do about it.

use super::abilities::{Abilities, Part, joined, route};
use super::knowledge::{Knowledge, Unknown};
use super::set::{FactSet, SubjectRef};
use super::value::Value;
use crate::text::english;
use crate::vocabulary::{self, Ability, FactIndex, Right};

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

impl Abilities<'_> {
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

    /// The fact that tells whether the role reaches: without a user it is whether the repository is seen, where even that
    /// is not known.
    fn tells_role(&self) -> Option<&'static str> {
        let unseen = |path: &&str| matches!(self.settled(path).as_deref(), Some(Knowledge::Unknown(_)));
        let has_no_user = self.kind().is_some_and(|kind| !kind.has_user);
        let visibility = self.grounds.visibility.filter(|path| has_no_user && unseen(path));
        visibility.or_else(|| self.role.as_ref().map(|role| role.path))
    }
}
