//! What a kind of credential alone settles: which truth values a condition can have for it, whatever the host answers.
//!
//! Everything here is an upper bound: a truth value that is left out is certainly impossible.

use std::collections::BTreeMap;

use super::super::checked::{
    Compared, Expression, ExpressionKind, Operand, Operator, OrderOperator, SetOperator, Statement,
};
use crate::facts::reveal::{Knowable, Obstacle, knowable};
use crate::facts::{Causes, Value};
use crate::text::source::Span;
use crate::vocabulary::{self, CredentialKind, FactIndex, Host, HostKind, Origin, PermissionTable, Proof, Told, Type};

/// What a kind of credential can come to know of a fact.
#[derive(Clone, Debug)]
enum View {
    /// This word, for certain: its kind, and the lifetime that its kind says.
    Word(&'static str),
    /// Any value.
    Any,
    /// Of a permission map, what answers prove is there, and what those that refuse prove is missing; that nothing else is
    /// there is never known.
    Proven(Vec<Obstacle>),
    /// Nothing, ever.
    Nothing(Vec<Obstacle>),
}

/// What is assumed of facts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Assume {
    /// What the tables say that can be known.
    Knowable,
    /// Everything can be known, and be anything.
    Everything,
    /// Everything can be known; scopes and permissions are those that the kind can hold.
    Holdable,
}

/// The truth values that a condition can have.
#[derive(Clone, Debug, Default)]
pub(super) struct Possible {
    /// Decided true.
    pub(super) yes: bool,
    /// Decided false.
    pub(super) no: bool,
    /// What stands in the way of a decision; of a condition that can be decided, of its parts.
    pub(super) obstacles: Vec<Obstacle>,
}

impl Possible {
    const ANY: Self = Self { yes: true, no: true, obstacles: Vec::new() };

    fn of(decided: bool) -> Self {
        Self { yes: decided, no: !decided, obstacles: Vec::new() }
    }

    fn never(obstacles: &[Obstacle]) -> Self {
        Self { yes: false, no: false, obstacles: obstacles.to_vec() }
    }

    /// Whether it can be decided at all.
    pub(super) const fn is_decidable(&self) -> bool {
        self.yes || self.no
    }

    fn not(self) -> Self {
        Self { yes: self.no, no: self.yes, ..self }
    }

    fn and(mut self, other: Self) -> Self {
        let (yes, no) = (self.yes && other.yes, self.no || other.no);
        for obstacle in other.obstacles {
            if !self.obstacles.contains(&obstacle) {
                self.obstacles.push(obstacle);
            }
        }
        Self { yes, no, obstacles: self.obstacles }
    }

    fn or(self, other: Self) -> Self {
        self.not().and(other.not()).not()
    }
}

/// How a kind of credential meets a statement.
#[derive(Clone, Debug)]
pub(super) enum Reach {
    /// Its guards rule the kind out, or can.
    Out,
    /// It applies, and can be decided.
    Decidable,
    /// It applies and stays undetermined, always; why, and the guard that nothing decides, where it is one.
    Undecidable(Vec<Obstacle>, Option<Span>),
}

/// One kind of credential of a host, with what it can come to know.
pub(super) struct OfKind {
    pub(super) host: &'static Host,
    pub(super) kind: &'static CredentialKind,
    /// Whether it shows anything but its kind and that it works: others are dead, or this build cannot ask with them.
    pub(super) shows: bool,
    views: Vec<View>,
}

impl OfKind {
    fn new(host: &'static Host, kind: &'static CredentialKind) -> Self {
        let views = host.facts.iter().map(|fact| view(host, fact, kind)).collect();
        let tells = |fact: &vocabulary::Fact| {
            let Origin::Asked(reveals) = &fact.origin else { return false };
            !["token.kind", "token.active"].contains(&fact.path)
                && reveals.iter().any(|reveal| {
                    matches!(reveal.by, Told::Request { .. })
                        && (reveal.kinds.contains(&kind.word) || reveal.kinds.is_empty())
                })
        };
        let shows = kind.first_request.is_some() && host.facts.iter().any(tells);
        Self { host, kind, shows, views }
    }

    fn view(&self, index: FactIndex) -> &View {
        self.views.get(usize::from(index.0)).unwrap_or(&View::Any)
    }

    /// How the kind meets a statement.
    pub(super) fn reach(&self, statement: &Statement) -> Reach {
        let guards = self.guards(statement);
        match (guards.yes, guards.no) {
            (false, false) => {
                let open = |guard: &&Expression| !self.possible(guard, Assume::Knowable).is_decidable();
                let guard = statement.guards.iter().find(open).map(|guard| guard.span);
                return Reach::Undecidable(guards.obstacles, guard);
            }
            (false, true) => return Reach::Out,
            _ => {}
        }
        let demand = self.possible(&statement.expression, Assume::Knowable);
        if demand.is_decidable() { Reach::Decidable } else { Reach::Undecidable(demand.obstacles, None) }
    }

    /// All guards of a statement together.
    pub(super) fn guards(&self, statement: &Statement) -> Possible {
        let of = |guard: &Expression| self.possible(guard, Assume::Knowable);
        statement.guards.iter().map(of).fold(Possible::of(true), Possible::and)
    }

    /// The truth values that a condition can have.
    pub(super) fn possible(&self, expression: &Expression, assume: Assume) -> Possible {
        let of = |operand: &Operand| self.operand(operand, assume);
        let all = |operands: &mut dyn Iterator<Item = &Operand>| {
            operands.map(of).find(|seen| !seen.is_decidable()).unwrap_or(Possible::ANY)
        };
        match &expression.kind {
            ExpressionKind::Not(inner) => self.possible(inner, assume).not(),
            ExpressionKind::And(terms) => {
                terms.iter().map(|term| self.possible(term, assume)).fold(Possible::of(true), Possible::and)
            }
            ExpressionKind::Or(terms) => {
                terms.iter().map(|term| self.possible(term, assume)).fold(Possible::of(false), Possible::or)
            }
            ExpressionKind::Operand(Operand::Literal { value: Value::Bool(value), .. }) => Possible::of(*value),
            ExpressionKind::Operand(operand) | ExpressionKind::IsAbsent { operand, .. } => of(operand),
            ExpressionKind::Compare { left, operator, right, .. } => match (self.word(left), self.word(right)) {
                (Some(left), Some(right)) => match operator {
                    Operator::Equal => Possible::of(left == right),
                    Operator::NotEqual => Possible::of(left != right),
                    Operator::Order(_) => Possible::ANY,
                },
                _ => all(&mut [left, right].into_iter()),
            },
            // Nothing is in an empty list, whatever is known.
            ExpressionKind::In { items, negated, .. } if items.is_empty() => Possible::of(*negated),
            ExpressionKind::In { left, items, negated, .. } => {
                let words: Option<Vec<&str>> = items.iter().map(|item| self.word(item)).collect();
                match (self.word(left), words) {
                    (Some(left), Some(words)) => Possible::of(words.contains(&left) != *negated),
                    _ => all(&mut std::iter::once(left).chain(items)),
                }
            }
            ExpressionKind::Like { left, patterns, .. } => all(&mut std::iter::once(left).chain(patterns)),
            ExpressionKind::Matches { left, .. } => of(left),
            ExpressionKind::Set { left, operator, right, compared } => {
                let sides = all(&mut [left, right].into_iter());
                if sides.is_decidable() { self.set(left, *operator, right, *compared, assume) } else { sides }
            }
            // Of what is listed, any item may be there.
            ExpressionKind::Quantified { list, .. } => of(list),
        }
    }

    fn operand(&self, operand: &Operand, assume: Assume) -> Possible {
        match operand {
            Operand::Fact(fact) if assume == Assume::Knowable => match self.view(fact.index) {
                View::Nothing(obstacles) => Possible::never(obstacles),
                View::Word(_) | View::Any | View::Proven(_) => Possible::ANY,
            },
            Operand::Count(inner, _) => self.operand(inner, assume),
            _ => Possible::ANY,
        }
    }

    /// A word that is certain: a literal, or the fact that the kind settles.
    fn word<'o>(&self, operand: &'o Operand) -> Option<&'o str> {
        match operand {
            Operand::Literal { value: Value::Word(word), .. } => Some(word),
            Operand::Fact(fact) => match self.view(fact.index) {
                View::Word(word) => Some(*word),
                _ => None,
            },
            _ => None,
        }
    }

    fn set(
        &self,
        left: &Operand,
        operator: SetOperator,
        right: &Operand,
        compared: Compared,
        assume: Assume,
    ) -> Possible {
        let (Operand::Fact(fact), Operand::Literal { value, .. }) = (left, right) else { return Possible::ANY };
        let mut possible = Possible::ANY;
        match assume {
            Assume::Everything => {}
            Assume::Holdable => {
                let named = names(value);
                let held = |name: &str| self.can_hold(fact.index, name);
                possible.yes = match operator {
                    SetOperator::Covers => named.iter().all(|name| held(name)),
                    SetOperator::Overlaps => named.is_empty() || named.iter().any(|name| held(name)),
                    SetOperator::Within => true,
                };
            }
            Assume::Knowable => {
                if let (View::Proven(obstacles), Value::Permissions(wanted), Compared::Permissions(table)) =
                    (self.view(fact.index), value, compared)
                {
                    let of = |name: &str| {
                        let of_kind =
                            |proof: &&Proof| proof.permission == name && proof.kinds.contains(&self.kind.word);
                        self.host.proofs.iter().filter(of_kind).collect::<Vec<_>>()
                    };
                    let provable = |(name, level): (&String, &String)| {
                        is_reading(table, level)
                            || of(name).iter().any(|proof| table.levels.at_least(proof.level, level))
                    };
                    let deniable = |(name, level): (&String, &String)| {
                        of(name).iter().any(|proof| table.levels.at_least(level, proof.level))
                    };
                    let (yes, no) = match operator {
                        SetOperator::Covers => (wanted.iter().all(provable), wanted.iter().any(deniable)),
                        SetOperator::Overlaps => (wanted.iter().any(provable), wanted.iter().all(deniable)),
                        SetOperator::Within => (false, true),
                    };
                    possible = Possible { yes, no, ..possible };
                    possible.obstacles.clone_from(obstacles);
                }
            }
        }
        possible
    }

    /// Whether such a credential can be given a scope or permission, as far as the tables know.
    pub(super) fn can_hold(&self, index: FactIndex, name: &str) -> bool {
        let row = self.host.row(index);
        match row.ty {
            Type::Permissions(table) if row.path == "token.permissions" => table
                .permissions
                .iter()
                .find(|permission| permission.name == name)
                .is_none_or(|permission| !permission.never_on.contains(&self.kind.word)),
            Type::Names(_) if row.path == "token.scopes" => vocabulary::can_have_scope(self.host, self.kind, name),
            _ => true,
        }
    }
}

/// A level that a read can prove: those above are for changes, which only write probes decide, where there are some.
fn is_reading(table: &PermissionTable, level: &str) -> bool {
    table.levels.at_least("read", level)
}

fn view(host: &'static Host, fact: &'static vocabulary::Fact, kind: &'static CredentialKind) -> View {
    if fact.path == "token.kind" {
        return View::Word(kind.word);
    }
    if let ("token.lifetime", Some(lifetime)) = (fact.path, kind.lifetime) {
        return View::Word(lifetime.word());
    }
    match knowable(host, fact, kind) {
        Knowable::Never(obstacles) => View::Nothing(obstacles),
        Knowable::Partly(obstacles) if matches!(fact.ty, Type::Permissions(_)) => View::Proven(obstacles),
        Knowable::Always | Knowable::Partly(_) => View::Any,
    }
}

/// The scopes or permissions that a literal names.
fn names(value: &Value) -> Vec<&str> {
    match value {
        Value::Names(names) => names.names(),
        Value::Permissions(map) => {
            map.iter().filter(|(_, level)| *level != "none").map(|(name, _)| name.as_str()).collect()
        }
        _ => Vec::new(),
    }
}

/// The causes of obstacles.
pub(super) fn causes(obstacles: &[Obstacle]) -> Causes {
    obstacles.iter().map(|obstacle| obstacle.cause).collect()
}

/// The kinds of every host, made ready once.
pub(super) struct Kinds(BTreeMap<HostKind, Vec<OfKind>>);

impl Kinds {
    pub(super) fn new() -> Self {
        let of = |host: &'static Host| host.kinds.iter().map(|kind| OfKind::new(host, kind)).collect();
        Self(vocabulary::HOSTS.iter().map(|host| (host.kind, of(host))).collect())
    }

    pub(super) fn of(&self, host: HostKind) -> &[OfKind] {
        self.0.get(&host).map_or(&[], Vec::as_slice)
    }
}

/// The operator that says the same with its sides exchanged.
pub(super) const fn flipped(operator: Operator) -> Operator {
    match operator {
        Operator::Order(OrderOperator::Less) => Operator::Order(OrderOperator::Greater),
        Operator::Order(OrderOperator::AtMost) => Operator::Order(OrderOperator::AtLeast),
        Operator::Order(OrderOperator::Greater) => Operator::Order(OrderOperator::Less),
        Operator::Order(OrderOperator::AtLeast) => Operator::Order(OrderOperator::AtMost),
        same => same,
    }
}
