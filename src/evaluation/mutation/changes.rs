//! What can be changed in a statement.

use std::collections::BTreeSet;

use super::Advice;
use crate::facts::{PermissionMap, Value};
use crate::language::{
    Compared, Expression, ExpressionKind as Kind, Operand, Operator, OrderOperator, Quantifier, SetOperator, Statement,
    Verb,
};
use crate::text::source::{Span, Spanned};
use crate::vocabulary::{self, HostKind, LevelTable, NameSet, PermissionTable, Type};

/// A changed statement.
pub(super) struct Change {
    /// The place.
    pub(super) span: Span,
    /// How, for people.
    pub(super) said: String,
    /// What test would notice.
    pub(super) advice: Advice,
    /// Which of several ways to do the same; empty where there is one.
    pub(super) alternative: String,
    /// The statement, changed.
    pub(super) statement: Statement,
}

/// Every change of a statement, one at a time.
pub(super) fn changes(host: HostKind, statement: &Statement) -> Vec<Change> {
    let mut all = Vec::new();
    let mut push = |span, said: String, advice, alternative: String, statement| {
        all.push(Change { span, said, advice, alternative, statement });
    };
    let verb = opposite(statement.verb);
    push(
        statement.span,
        becomes(statement.verb.word(), verb.word()),
        Advice::Outcome,
        String::new(),
        Statement { verb, ..statement.clone() },
    );
    for edit in edits(host, &statement.expression, false) {
        let changed = Statement { expression: edit.expression, ..statement.clone() };
        push(edit.span, edit.said, edit.advice, edit.alternative, changed);
    }
    for (at, guard) in statement.guards.iter().enumerate() {
        let mut dropped = statement.clone();
        dropped.guards.remove(at);
        push(guard.span, "the guard is left out".to_owned(), Advice::Guard, String::new(), dropped);
        for edit in edits(host, guard, true) {
            let mut changed = statement.clone();
            if let Some(slot) = changed.guards.get_mut(at) {
                *slot = edit.expression;
            }
            push(edit.span, edit.said, edit.advice, edit.alternative, changed);
        }
    }
    for (at, selector) in statement.selectors.iter().enumerate() {
        for (except, list) in [(false, &selector.patterns), (true, &selector.except)] {
            for (item, pattern) in list.iter().enumerate() {
                let mut changed = statement.clone();
                if let Some(slot) = changed.selectors.get_mut(at) {
                    let list = if except { &mut slot.except } else { &mut slot.patterns };
                    list.remove(item);
                }
                push(pattern.span, left_out(&pattern.value), Advice::Selector, String::new(), changed);
            }
        }
    }
    all
}

const fn opposite(verb: Verb) -> Verb {
    match verb {
        Verb::Require => Verb::Forbid,
        Verb::Forbid => Verb::Require,
        Verb::Prefer => Verb::Avoid,
        Verb::Avoid => Verb::Prefer,
    }
}

fn becomes(old: &str, new: &str) -> String {
    format!("`{old}` becomes `{new}`")
}

fn left_out(what: &str) -> String {
    format!("`{what}` is left out")
}

/// A changed expression: the whole of it, with one place changed.
struct Edit {
    span: Span,
    said: String,
    advice: Advice,
    alternative: String,
    expression: Expression,
}

/// Every change of an expression. `negations` says whether to turn the whole of it around, too: for the expression of a
/// statement the other verb does that.
fn edits(host: HostKind, expression: &Expression, negations: bool) -> Vec<Edit> {
    let mut editor = Editor { host, span: expression.span, negations, edits: Vec::new() };
    editor.expression(expression);
    editor.edits
}

struct Editor {
    host: HostKind,
    span: Span,
    negations: bool,
    edits: Vec<Edit>,
}

impl Editor {
    fn push(&mut self, said: String, advice: Advice, kind: Kind) {
        self.push_at(self.span, said, advice, String::new(), kind);
    }

    fn push_at(&mut self, span: Span, said: String, advice: Advice, alternative: String, kind: Kind) {
        self.edits.push(Edit { span, said, advice, alternative, expression: Expression { kind, span: self.span } });
    }

    /// Turns a condition around.
    fn turn(&mut self, said: String, kind: Kind) {
        if self.negations {
            self.push(said, Advice::Part, kind);
        }
    }

    fn negate(&mut self, expression: &Expression) {
        self.turn("`not` is put before it".to_owned(), Kind::Not(Box::new(expression.clone())));
    }

    fn expression(&mut self, expression: &Expression) {
        match &expression.kind {
            Kind::Not(inner) => {
                self.turn(left_out("not"), inner.kind.clone());
                for edit in edits(self.host, inner, false) {
                    self.inside(edit, |changed| Kind::Not(Box::new(changed)));
                }
            }
            Kind::And(terms) => self.terms(terms, "and", "or", Kind::And, Kind::Or),
            Kind::Or(terms) => self.terms(terms, "or", "and", Kind::Or, Kind::And),
            Kind::Compare { left, operator, right, compared } => self.compare(left, *operator, right, *compared),
            Kind::In { left, items, negated, compared } => self.list(left, items, *negated, *compared),
            Kind::Set { left, operator, right, compared } => {
                self.negate(expression);
                for (span, said, advice, alternative, right) in set_values(*operator, right, *compared) {
                    let kind = Kind::Set { left: left.clone(), operator: *operator, right, compared: *compared };
                    self.push_at(span, said, advice, alternative, kind);
                }
            }
            Kind::Like { left, patterns, negated } => {
                let with = |patterns: Vec<Operand>, negated| Kind::Like { left: left.clone(), patterns, negated };
                let words = ["like", "not like"];
                self.flip(*negated, words, with(patterns.clone(), !negated));
                self.items_left_out(patterns, |rest| with(rest, *negated));
            }
            Kind::IsAbsent { operand, negated } => {
                let kind = Kind::IsAbsent { operand: operand.clone(), negated: !negated };
                self.flip(*negated, ["is absent", "is not absent"], kind);
            }
            Kind::Operand(_) | Kind::Matches { .. } => self.negate(expression),
            Kind::Quantified { quantifier, list, depth, body } => {
                let with = |quantifier, body: Expression| Kind::Quantified {
                    quantifier,
                    list: list.clone(),
                    depth: *depth,
                    body: Box::new(body),
                };
                let (old, new, other) = match quantifier {
                    Quantifier::Any => ("any", "all", Quantifier::All),
                    Quantifier::All => ("all", "any", Quantifier::Any),
                };
                self.push(becomes(old, new), Advice::Part, with(other, (**body).clone()));
                self.negate(expression);
                for edit in edits(self.host, body, true) {
                    self.inside(edit, |changed| with(*quantifier, changed));
                }
            }
        }
    }

    /// A change of a part, as a change of the whole.
    fn inside(&mut self, edit: Edit, whole: impl FnOnce(Expression) -> Kind) {
        self.push_at(edit.span, edit.said, edit.advice, edit.alternative, whole(edit.expression));
    }

    fn flip(&mut self, negated: bool, [plain, not]: [&str; 2], kind: Kind) {
        let (old, new) = if negated { (not, plain) } else { (plain, not) };
        self.turn(becomes(old, new), kind);
    }

    fn terms(
        &mut self,
        terms: &[Expression],
        old: &str,
        new: &str,
        same: fn(Vec<Expression>) -> Kind,
        other: fn(Vec<Expression>) -> Kind,
    ) {
        self.push(becomes(old, new), Advice::Part, other(terms.to_vec()));
        for (at, term) in terms.iter().enumerate() {
            if terms.len() > 1 {
                let rest = without(terms, at);
                self.push_at(term.span, "it is left out".to_owned(), Advice::Part, String::new(), same(rest));
            }
            for edit in edits(self.host, term, true) {
                self.inside(edit, |changed| {
                    let mut terms = terms.to_vec();
                    if let Some(slot) = terms.get_mut(at) {
                        *slot = changed;
                    }
                    same(terms)
                });
            }
        }
    }

    fn compare(&mut self, left: &Operand, operator: Operator, right: &Operand, compared: Compared) {
        use OrderOperator::{AtLeast, AtMost, Greater, Less};
        let with = |operator| Kind::Compare { left: left.clone(), operator, right: right.clone(), compared };
        let (turned, beside) = match operator {
            Operator::Equal => (Operator::NotEqual, None),
            Operator::NotEqual => (Operator::Equal, None),
            Operator::Order(order) => {
                let (turned, beside) = match order {
                    Less => (AtLeast, AtMost),
                    AtMost => (Greater, Less),
                    Greater => (AtMost, AtLeast),
                    AtLeast => (Less, Greater),
                };
                (Operator::Order(turned), Some(Operator::Order(beside)))
            }
        };
        self.turn(becomes(operator.word(), turned.word()), with(turned));
        if let Some(beside) = beside {
            self.push(becomes(operator.word(), beside.word()), Advice::Bound, with(beside));
        }
        let Compared::Level(table) = compared else { return };
        for (is_right, operand) in [(false, left), (true, right)] {
            let Operand::Literal { value: Value::Word(word), span, items } = operand else { continue };
            for next in beside_level(table, word) {
                let literal = Operand::Literal { value: Value::Word(next), span: *span, items: items.clone() };
                let (left, right) = if is_right { (left.clone(), literal) } else { (literal, right.clone()) };
                let kind = Kind::Compare { left, operator, right, compared };
                self.push_at(*span, becomes(word, next), Advice::Level, String::new(), kind);
            }
        }
    }

    fn list(&mut self, left: &Operand, items: &[Operand], negated: bool, compared: Compared) {
        let with = |items: Vec<Operand>, negated| Kind::In { left: left.clone(), items, negated, compared };
        self.flip(negated, ["in", "not in"], with(items.to_vec(), !negated));
        self.items_left_out(items, |rest| with(rest, negated));
        let written: BTreeSet<&str> = items
            .iter()
            .filter_map(|item| match item {
                Operand::Literal { value: Value::Word(word), .. } => Some(*word),
                _ => None,
            })
            .collect();
        let words: Vec<&'static str> = match left {
            Operand::Fact(fact) => match vocabulary::host(self.host).row(fact.index).ty {
                Type::Enum(table) => table.words.iter().map(|(word, _)| *word).collect(),
                Type::Level(table) => table.levels.iter().map(|(word, _)| *word).collect(),
                _ => Vec::new(),
            },
            _ => Vec::new(),
        };
        for word in words.into_iter().filter(|word| !written.contains(word)) {
            let item = Operand::Literal { value: Value::Word(word), span: self.span, items: Vec::new() };
            let more = items.iter().cloned().chain([item]).collect();
            self.push_at(self.span, ONE_MORE.to_owned(), Advice::Beyond, word.to_owned(), with(more, negated));
        }
    }

    fn items_left_out(&mut self, items: &[Operand], kind: impl Fn(Vec<Operand>) -> Kind) {
        for (at, item) in items.iter().enumerate() {
            let said = match item {
                Operand::Literal { value, .. } => left_out(&value.to_string()),
                _ => "it is left out".to_owned(),
            };
            self.push_at(item.span(), said, Advice::Item, String::new(), kind(without(items, at)));
        }
    }
}

/// How an addition to a list is told of.
const ONE_MORE: &str = "the list holds one more";

fn without<T: Clone>(items: &[T], at: usize) -> Vec<T> {
    items.iter().enumerate().filter(|(other, _)| *other != at).map(|(_, item)| item.clone()).collect()
}

/// The levels directly above and below a level.
fn beside_level(table: &'static LevelTable, word: &str) -> Vec<&'static str> {
    let below = table.levels.iter().find(|(name, _)| *name == word).map_or(&[] as &[&str], |(_, below)| *below);
    let above = table.levels.iter().filter(|(_, below)| below.contains(&word)).map(|(name, _)| *name);
    below.iter().copied().chain(above).collect()
}

type SetChange = (Span, String, Advice, String, Operand);

/// The changes of what stands on the right of `covers`, `within` or `overlaps`.
fn set_values(operator: SetOperator, right: &Operand, compared: Compared) -> Vec<SetChange> {
    let Operand::Literal { value, span, items } = right else { return Vec::new() };
    let literal = |value| Operand::Literal { value, span: *span, items: items.clone() };
    match (value, compared) {
        (Value::Names(set), _) => names(operator, set, *span, items)
            .into_iter()
            .map(|(span, said, advice, alternative, set)| (span, said, advice, alternative, literal(Value::Names(set))))
            .collect(),
        (Value::Permissions(map), Compared::Permissions(table)) => permissions(map, table, *span, items)
            .into_iter()
            .map(|(span, said, advice, alternative, map)| {
                (span, said, advice, alternative, literal(Value::Permissions(map)))
            })
            .collect(),
        (Value::Strings(set), _) => set
            .iter()
            .map(|text| {
                let rest = set.iter().filter(|other| *other != text).cloned().collect();
                let said = left_out(text);
                (place(items, text, *span), said, Advice::Item, String::new(), literal(Value::Strings(rest)))
            })
            .collect(),
        _ => Vec::new(),
    }
}

fn place(items: &[Spanned<String>], name: &str, list: Span) -> Span {
    items.iter().find(|item| item.value == name).map_or(list, |item| item.span)
}

fn names(
    operator: SetOperator,
    set: &NameSet,
    list: Span,
    items: &[Spanned<String>],
) -> Vec<(Span, String, Advice, String, NameSet)> {
    let table = set.table();
    // Whether a set says the same with this name as without it.
    let is_idle = |name: &str, rest: &NameSet| match operator {
        SetOperator::Covers | SetOperator::Within => rest.grants(name),
        // Who has this name has one of the rest, too.
        SetOperator::Overlaps => NameSet::new(table, [name]).overlaps(rest),
    };
    let mut all = Vec::new();
    let written = set.names();
    for name in &written {
        let rest = NameSet::new(table, written.iter().filter(|other| *other != name));
        if !is_idle(name, &rest) {
            all.push((place(items, name, list), left_out(name), Advice::Item, String::new(), rest));
        }
    }
    for row in table.names.iter().filter(|row| !is_idle(row.name, set)) {
        let mut more = set.clone();
        more.insert(row.name);
        all.push((list, ONE_MORE.to_owned(), Advice::Beyond, row.name.to_owned(), more));
    }
    all
}

fn permissions(
    map: &PermissionMap,
    table: &'static PermissionTable,
    list: Span,
    items: &[Spanned<String>],
) -> Vec<(Span, String, Advice, String, PermissionMap)> {
    let mut all = Vec::new();
    for (name, level) in map {
        let span = place(items, name, list);
        let mut rest = map.clone();
        rest.remove(name);
        all.push((span, left_out(name), Advice::Item, String::new(), rest));
        let levels = table.permissions.iter().find(|row| row.name == name).map_or(&[] as &[&str], |row| row.levels);
        let Some(at) = levels.iter().position(|other| other == level) else { continue };
        let below = at.checked_sub(1).and_then(|at| levels.get(at));
        for next in below.into_iter().chain(levels.get(at + 1)) {
            let mut changed = map.clone();
            changed.insert(name.clone(), (*next).to_owned());
            let said = becomes(&format!("{name} = {level}"), &format!("{name} = {next}"));
            all.push((span, said, Advice::Level, String::new(), changed));
        }
    }
    for row in table.permissions.iter().filter(|row| !map.contains_key(row.name)) {
        let Some(level) = row.levels.first() else { continue };
        let mut more = map.clone();
        more.insert(row.name.to_owned(), (*level).to_owned());
        all.push((list, ONE_MORE.to_owned(), Advice::Beyond, row.name.to_owned(), more));
    }
    all
}
