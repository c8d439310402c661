//! Syntax without places: two texts say the same if they have the same syntax but for where things stand.

use super::super::ast::{
    Clause, Each, Expression, ExpressionKind, File, Given, Header, HostBlock, Item, Node, Rule, Statement, TestBlock,
    TestLine, Waive,
};
use crate::text::source::{Span, Spanned};

/// The same file, every place the same.
pub(super) fn without_places(mut file: File) -> File {
    let File { header, items } = &mut file;
    if let Some(Header { name, entries, span }) = header {
        word(name);
        for (key, value) in entries {
            word(key);
            expression(value);
        }
        forget(span);
    }
    items.iter_mut().for_each(item);
    file
}

fn forget(span: &mut Span) {
    *span = Span::default();
}

fn word<T>(word: &mut Spanned<T>) {
    forget(&mut word.span);
}

fn words<'a, T: 'a>(words: impl IntoIterator<Item = &'a mut Spanned<T>>) {
    words.into_iter().for_each(word);
}

fn item(item: &mut Item) {
    match item {
        Item::Let { name, value } => {
            word(name);
            expression(value);
        }
        Item::Input { name, ty, default } => {
            words([name, ty]);
            default.iter_mut().for_each(expression);
        }
        Item::Broken(name) => word(name),
        Item::Use { path, except } => {
            word(path);
            words(except);
        }
        Item::Host(HostBlock { kinds, at, credential, products: _, body, span }) => {
            words(kinds);
            words(at);
            words(credential);
            body.iter_mut().for_each(node);
            forget(span);
        }
        Item::Waive(Waive { rule, credential, repository, until, because, by, span }) => {
            word(rule);
            words(until);
            [credential, repository, because, by].into_iter().for_each(words);
            forget(span);
        }
        Item::Test(TestBlock { name, lines, span, broken: _ }) => {
            word(name);
            lines.iter_mut().for_each(test_line);
            forget(span);
        }
    }
}

fn node(node: &mut Node) {
    match node {
        Node::Rule(Rule { name, title, statements, clauses, span, broken: _ }) => {
            word(name);
            words(title);
            statements.iter_mut().for_each(statement);
            clauses.iter_mut().for_each(clause);
            forget(span);
        }
        Node::Bare(bare) => statement(bare),
        Node::When(guard, body) => {
            expression(guard);
            body.iter_mut().for_each(self::node);
        }
        Node::Each(Each { subject, patterns, except, span }, body) => {
            word(subject);
            expression(patterns);
            except.iter_mut().for_each(expression);
            forget(span);
            body.iter_mut().for_each(self::node);
        }
    }
}

fn statement(statement: &mut Statement) {
    let Statement { verb: _, expression: demanded, clauses, span } = statement;
    expression(demanded);
    clauses.iter_mut().for_each(clause);
    forget(span);
}

fn clause(clause: &mut Clause) {
    match clause {
        Clause::When(guard) => expression(guard),
        Clause::Because(text) | Clause::Fix(text) | Clause::See(text) => word(text),
        Clause::OnUnknown { causes, because, span } => {
            words(causes);
            words(because);
            forget(span);
        }
    }
}

fn test_line(line: &mut TestLine) {
    match line {
        TestLine::Host(kind) => word(kind),
        TestLine::Credential(name, at) => {
            word(name);
            words(at);
        }
        TestLine::Subject(subject, name) => words([subject, name]),
        TestLine::Fact(path, given, span) => {
            word(path);
            forget(span);
            match given {
                Given::Value(value) => expression(value),
                Given::Absent | Given::Inapplicable => {}
                Given::Unknown(cause) => words(cause),
            }
        }
        TestLine::Input(name, value) => {
            word(name);
            expression(value);
        }
        TestLine::Now(value) => expression(value),
        TestLine::Expect(outcome, rule) => {
            word(outcome);
            word(rule);
        }
        TestLine::NothingElse(span) => forget(span),
    }
}

fn expression(whole: &mut Expression) {
    let Expression { kind, span } = whole;
    forget(span);
    match kind {
        ExpressionKind::Path(_)
        | ExpressionKind::String(_)
        | ExpressionKind::Integer(_)
        | ExpressionKind::Time(_)
        | ExpressionKind::Duration(_)
        | ExpressionKind::Bool(_) => {}
        ExpressionKind::List(items) | ExpressionKind::And(items) | ExpressionKind::Or(items) => {
            items.iter_mut().for_each(expression);
        }
        ExpressionKind::Map(entries) => {
            for (key, value) in entries {
                word(key);
                expression(value);
            }
        }
        ExpressionKind::Count(inner) | ExpressionKind::Not(inner) => expression(inner),
        ExpressionKind::Compare(left, operator, right) => {
            word(operator);
            pair(left, right);
        }
        ExpressionKind::In(left, negated, right) | ExpressionKind::Like(left, negated, right) => {
            word(negated);
            pair(left, right);
        }
        ExpressionKind::Set(left, operator, right) => {
            word(operator);
            pair(left, right);
        }
        ExpressionKind::Matches(left, place, right) => {
            forget(place);
            pair(left, right);
        }
        ExpressionKind::IsAbsent(inner, negated) => {
            word(negated);
            expression(inner);
        }
        ExpressionKind::Quantified(_, variable, list, body) => {
            word(variable);
            pair(list, body);
        }
    }
}

fn pair(left: &mut Expression, right: &mut Expression) {
    expression(left);
    expression(right);
}
