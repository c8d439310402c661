//! Proofs: what is asked to find out, permission by permission, what a credential that cannot list its own may do. Only
//! the permissions that undecided statements name are asked for, each once a repository.

use std::collections::{BTreeMap, BTreeSet};

use super::planner::{Missing, Needs, Planner};
use super::source::from_table;
use crate::facts::{Bounds, Fact, Knowledge, PermissionMap, Target, Unknown, Value};
use crate::language::{Expression, ExpressionKind, Operand, SetOperator, StatementId};
use crate::text::english;
use crate::vocabulary::{CredentialKind, Derivation, FactIndex, Host, Origin, PermissionTable, Proof, Type};

/// What statements want to know: permissions, each with the highest level named.
type Wanted = BTreeMap<String, String>;

/// The permissions of a host that answers can prove, where the host has a fact for them.
fn permissions(host: &Host) -> Option<(FactIndex, &'static PermissionTable)> {
    let index = host.fact("token.permissions")?;
    match host.row(index).ty {
        Type::Permissions(table) => Some((index, table)),
        _ => None,
    }
}

/// Whether answers can prove parts of a fact of such a credential.
pub(super) fn are_there(host: &Host, kind: &CredentialKind, index: FactIndex) -> bool {
    permissions(host).is_some_and(|(permissions, _)| permissions == index)
        && host.proofs.iter().any(|proof| proof.kinds.contains(&kind.word))
}

/// What is known of a permission map.
struct Known {
    table: &'static PermissionTable,
    granted: PermissionMap,
    denied: PermissionMap,
}

impl Known {
    fn has(&self, name: &str, level: &str) -> bool {
        self.granted.get(name).is_some_and(|have| self.table.levels.at_least(have, level))
    }

    fn lacks(&self, name: &str, level: &str) -> bool {
        self.denied.get(name).is_some_and(|from| self.table.levels.at_least(level, from))
    }
}

/// Why a permission stays open.
#[derive(Default)]
struct Open {
    /// A write probe would decide it.
    by_probe: Vec<String>,
    /// Nothing can be asked that is sure to change nothing.
    never: Vec<String>,
    /// What can be asked decides nothing about this repository.
    here: Vec<String>,
}

/// What can be done about one permission.
enum Next {
    /// Something is planned.
    Planned,
    ByProbe,
    Never,
    NotHere,
}

impl Planner<'_> {
    /// Plans what proves the permissions that statements name; once nothing is left to ask, says why the rest is open.
    pub(super) fn prove(
        &mut self,
        kind: &'static CredentialKind,
        (target, index): (&Target, FactIndex),
        otherwise: Knowledge,
        asked_by: &BTreeSet<StatementId>,
    ) {
        let so_far = self.so_far(target, index).cloned();
        let Some((_, table)) = permissions(self.host) else { return };
        let (mut granted, mut denied) = (PermissionMap::new(), PermissionMap::new());
        if let Some(Knowledge::Bounded(Bounds::Permissions { granted: has, denied: lacks }, _)) =
            so_far.as_ref().map(|fact| &fact.knowledge)
        {
            (granted, denied) = (has.clone(), lacks.clone());
        }
        let why = match &otherwise {
            Knowledge::Unknown(why) => why.clone(),
            Knowledge::Bounded(bounds, why) => {
                // What such a credential cannot hold is settled before anything is asked.
                let mut settles = so_far.is_none();
                if let Bounds::Permissions { denied: never, .. } = bounds {
                    for (name, level) in never.iter().filter(|(name, _)| !granted.contains_key(*name)) {
                        if !denied.contains_key(name) {
                            denied.insert(name.clone(), level.clone());
                            settles = true;
                        }
                    }
                }
                if settles {
                    let (why, mut evidence) = match &so_far {
                        Some(Fact { knowledge: Knowledge::Bounded(_, why), evidence }) => (why, evidence.clone()),
                        _ => (why, Vec::new()),
                    };
                    let knowledge = Knowledge::Bounded(Bounds::Permissions { granted, denied }, why.clone());
                    let fact = from_table(self.credential, knowledge);
                    evidence.extend(fact.evidence);
                    self.settled.push((target.clone(), index, Fact { evidence, ..fact }));
                    return;
                }
                why.clone()
            }
            _ => return,
        };
        let known = Known { table, granted, denied };
        let mut planned = false;
        let mut open = Open::default();
        for (name, level) in self.wanted(asked_by, &known) {
            if known.has(&name, &level) || known.lacks(&name, &level) {
                continue;
            }
            let item = format!("{name} = {level}");
            match self.next_proof(kind, (&name, &level), target, index, &known, asked_by) {
                Next::Planned => planned = true,
                Next::ByProbe => open.by_probe.push(item),
                Next::Never => open.never.push(item),
                Next::NotHere => open.here.push(item),
            }
        }
        if planned {
            return;
        }
        match so_far {
            None => {
                let knowledge = Knowledge::Unknown(open.added_to(&why));
                self.settled.push((target.clone(), index, from_table(self.credential, knowledge)));
            }
            // Only where nothing worse than the kind of credential leaves it open, and only once.
            Some(Fact { knowledge: Knowledge::Bounded(bounds, said), evidence }) if said.cause == why.cause => {
                let reason = open.added_to(&why);
                if !open.is_empty() && reason != said {
                    let fact = Fact { knowledge: Knowledge::Bounded(bounds, reason), evidence };
                    self.settled.push((target.clone(), index, fact));
                }
            }
            Some(_) => {}
        }
    }

    /// Plans the one request that tells most about a permission, where there is one.
    fn next_proof(
        &mut self,
        kind: &CredentialKind,
        (name, level): (&str, &str),
        target: &Target,
        index: FactIndex,
        known: &Known,
        asked_by: &BTreeSet<StatementId>,
    ) -> Next {
        let of_permission = |proof: &&'static Proof| proof.permission == name && proof.kinds.contains(&kind.word);
        let proofs: Vec<&'static Proof> = self.host.proofs.iter().filter(of_permission).collect();
        // What proves the level itself comes first; a lower level that is missing decides too.
        let (full, partial): (Vec<&'static Proof>, Vec<&'static Proof>) =
            proofs.iter().copied().partition(|proof| known.table.levels.at_least(proof.level, level));
        let allowed = |proof: &&&'static Proof| self.credential.probes || !proof.is_probe();
        let was_asked = |proof: &&'static Proof| self.asked.contains(&(proof.request.name, target.clone()));
        let settled_by_asking = full.iter().any(was_asked);
        let ask: Vec<&'static Proof> = full
            .iter()
            .chain(partial.iter().filter(|proof| !settled_by_asking && !known.has(name, proof.level)))
            .filter(|proof| allowed(proof) && !was_asked(proof))
            .copied()
            .collect();
        // Where no user stands behind it, no role does.
        let role = self.role().filter(|_| !kind.has_user);
        let needs = |proof: &'static Proof| -> Vec<&'static str> {
            proof.request.needs.iter().copied().filter(|path| Some(*path) != role).collect()
        };
        for proof in ask {
            match self.missing(&needs(proof), target) {
                Some(Missing::NotAsked(whose, needed)) => {
                    self.fact(&whose, needed, asked_by);
                    return Next::Planned;
                }
                Some(Missing::Unknown(_)) => {}
                None if self.proves_here(kind, proof, target, self.needs == Needs::AreExpected) => {
                    self.request(&proof.request, target, &[index], asked_by);
                    return Next::Planned;
                }
                None => {}
            }
        }
        // A probe that would not be sent, or meet the same refusal, decides nothing either.
        let is_refused = |path: &&str| matches!(self.missing(&[path], target), Some(Missing::Unknown(_)));
        let unsent = |proof: &&&'static Proof| proof.is_probe() && !self.credential.probes;
        let could =
            |proof: &'static Proof| !needs(proof).iter().any(is_refused) && self.proves_here(kind, proof, target, true);
        if full.iter().filter(unsent).any(|proof| could(proof)) {
            Next::ByProbe
        } else if full.is_empty() && !known.table.levels.at_least("read", level) {
            Next::Never
        } else {
            Next::NotHere
        }
    }

    /// Whether an answer about this repository can prove anything: everybody reads what is public, an archived repository
    /// refuses writes to everybody, and with too low a role a refusal says nothing of permissions.
    /// `open` is what counts where something of this is not known.
    fn proves_here(&self, kind: &CredentialKind, proof: &Proof, target: &Target, open: bool) -> bool {
        let value = |path: &str| {
            let fact = self.so_far(target, self.host.fact(path)?)?;
            fact.knowledge.value()
        };
        let grounds = self.host.grounds();
        let visible = match grounds.and_then(|grounds| value(grounds.visibility?)) {
            Some(Value::Word(word)) => proof.is_probe() || *word == "private",
            _ => open,
        };
        let writable = match grounds.and_then(|grounds| value(grounds.archived?)) {
            Some(Value::Bool(archived)) => !archived,
            _ => open,
        };
        let role = match (self.role().and_then(value), self.roles()) {
            _ if !kind.has_user => true,
            (Some(Value::Word(role)), Some(Type::Level(roles))) => roles.at_least(role, proof.role),
            _ => open,
        };
        visible && role && (writable || !proof.is_probe())
    }

    fn roles(&self) -> Option<Type> {
        self.role().and_then(|path| self.host.fact(path)).map(|index| self.host.row(index).ty)
    }

    /// The fact that tells the role: what the portable one is derived from.
    fn role(&self) -> Option<&'static str> {
        match self.host.row(self.host.fact("repository.access")?).origin {
            Origin::Derived(Derivation::Access(path)) => Some(path),
            _ => None,
        }
    }

    /// The permissions that the statements name, directly or through abilities.
    fn wanted(&self, asked_by: &BTreeSet<StatementId>, known: &Known) -> Wanted {
        let mut wanted = Wanted::new();
        for statement in asked_by.iter().filter_map(|id| self.policy.statement(*id)) {
            for expression in statement.guards.iter().chain([&statement.expression]) {
                self.named(expression, known, &mut wanted);
            }
        }
        wanted
    }

    fn named(&self, expression: &Expression, known: &Known, wanted: &mut Wanted) {
        match &expression.kind {
            ExpressionKind::Not(inner) => self.named(inner, known, wanted),
            ExpressionKind::And(terms) | ExpressionKind::Or(terms) => {
                terms.iter().for_each(|term| self.named(term, known, wanted));
            }
            ExpressionKind::Set {
                left: Operand::Fact(fact),
                operator: SetOperator::Covers | SetOperator::Overlaps,
                right: Operand::Literal { value, .. },
                ..
            } => match (self.host.row(fact.index).path, value) {
                ("token.permissions", Value::Permissions(map)) => {
                    map.iter().for_each(|(name, level)| add(wanted, known.table, name, level));
                }
                ("repository.can", Value::Names(abilities)) => {
                    for ability in
                        self.host.abilities.iter().filter(|ability| abilities.names().contains(&ability.word))
                    {
                        let lacking =
                            |group: &&&[(&str, &str)]| group.iter().any(|(name, level)| known.lacks(name, level));
                        // One way suffices; the next counts once the one before is closed.
                        let way = ability.permissions.iter().find(|group| !lacking(group));
                        for (name, level) in way.copied().into_iter().flatten() {
                            add(wanted, known.table, name, level);
                        }
                    }
                }
                _ => {}
            },
            _ => {}
        }
    }
}

fn add(wanted: &mut Wanted, table: &PermissionTable, name: &str, level: &str) {
    if level == "none" {
        return;
    }
    let have = wanted.entry(name.to_owned()).or_insert_with(|| level.to_owned());
    if table.levels.at_least(level, have) {
        level.clone_into(have);
    }
}

impl Open {
    const fn is_empty(&self) -> bool {
        self.by_probe.is_empty() && self.never.is_empty() && self.here.is_empty()
    }

    /// The reason of the tables, with what is open.
    fn added_to(&self, otherwise: &Unknown) -> Unknown {
        let mut reason = otherwise.reason.clone();
        let list = |items: &[String]| english::quoted_list(items, "and");
        if !self.here.is_empty() {
            reason = format!("{reason}; no answer about this repository decides {}", list(&self.here));
        }
        if !self.never.is_empty() {
            reason = format!("{reason}; no request that is sure to change nothing decides {}", list(&self.never));
        }
        if !self.by_probe.is_empty() {
            reason = format!("{reason}; `--probe` decides {}", list(&self.by_probe));
        }
        Unknown::new(otherwise.cause, reason)
    }
}
