//! Expressions: pairs → AST, with the checks that need places (blank lines, mixed logic, chains).

use pest::iterators::Pair;

use super::super::ast::{Expression, ExpressionKind as Kind};
use super::super::checked::{Operator, OrderOperator, Quantifier, SetOperator};
use super::{Node, Reader, children};
use crate::diagnostic::{Code, Diagnostic};
use crate::text::source::{Span, Spanned};

impl Reader<'_> {
    /// A `logic` pair. `None` after a report: the statement around it is not checked further.
    pub(super) fn logic(&mut self, pair: Pair<'_, Node>, grouped: bool) -> Option<Expression> {
        let span = self.trimmed(&pair);
        let mut terms = Vec::new();
        let mut operators: Vec<(bool, Span)> = Vec::new();
        let mut end = span.start;
        let mut broken = false;
        for child in children(pair) {
            match child.as_rule() {
                Node::op_and | Node::op_or => {
                    let place = self.span(&child);
                    broken |= !grouped && self.blank_line(end, place);
                    operators.push((child.as_rule() == Node::op_and, place));
                }
                _ => {
                    let term = self.negation(child, grouped);
                    end = term.as_ref().map_or(end, |term| term.span.end);
                    broken |= term.is_none();
                    terms.extend(term);
                }
            }
        }
        if broken {
            return None;
        }
        let Some((first, _)) = operators.first().copied() else { return terms.pop() };
        if let Some((_, place)) = operators.iter().find(|(and, _)| *and != first) {
            self.report(
                Diagnostic::at(Code::MixedLogic, *place, "`and` and `or` stand side by side")
                    .labelled("which of the two binds first?")
                    .help("put parentheses around one side: `(a and b) or c`"),
            );
            return None;
        }
        Some(Expression { kind: if first { Kind::And(terms) } else { Kind::Or(terms) }, span })
    }

    fn negation(&mut self, pair: Pair<'_, Node>, grouped: bool) -> Option<Expression> {
        let span = self.trimmed(&pair);
        let mut negations = 0_usize;
        let mut result = None;
        for child in children(pair) {
            match child.as_rule() {
                Node::op_not => negations += 1,
                _ => result = self.comparison(child, grouped),
            }
        }
        let inner = result?;
        // `not not E` is E: an even number needs no nesting, however long the row.
        match negations {
            0 => Some(inner),
            even if even % 2 == 0 => Some(Expression { span, ..inner }),
            _ => Some(Expression { kind: Kind::Not(Box::new(inner)), span }),
        }
    }

    fn comparison(&mut self, pair: Pair<'_, Node>, grouped: bool) -> Option<Expression> {
        let span = self.trimmed(&pair);
        let mut parts = children(pair);
        let left = parts.next().and_then(|operand| self.operand(operand));
        let tails: Vec<Pair<'_, Node>> = parts.collect();
        if let [_, second, ..] = tails.as_slice() {
            let place = self.span(second);
            self.report(
                Diagnostic::at(Code::ChainedComparison, place, "comparisons do not chain")
                    .help("write two comparisons joined by `and`"),
            );
            return None;
        }
        let Some(tail) = tails.into_iter().next() else { return left };
        let left_end = left.as_ref().map_or(span.start, |left| left.span.end);
        let tail_start = self.span(&tail);
        if !grouped && self.blank_line(left_end, tail_start) {
            return None;
        }
        let kind = self.tail(tail, left?)?;
        Some(Expression { kind, span })
    }

    fn tail(&mut self, pair: Pair<'_, Node>, left: Expression) -> Option<Kind> {
        let left = Box::new(left);
        let mut parts = children(pair);
        let operator = parts.next()?;
        let place = self.trimmed(&operator);
        let right = match parts.next() {
            Some(operand) => Some(Box::new(self.operand(operand)?)),
            None => None,
        };
        let which = operator.as_rule();
        let text = operator.as_str();
        let negated = Spanned::new(children(operator.clone()).any(|part| part.as_rule() == Node::not_word), place);
        Some(match (which, right) {
            (Node::op_compare, Some(right)) => {
                let operator = match text {
                    "==" => Operator::Equal,
                    "!=" => Operator::NotEqual,
                    "<" => Operator::Order(OrderOperator::Less),
                    "<=" => Operator::Order(OrderOperator::AtMost),
                    ">" => Operator::Order(OrderOperator::Greater),
                    _ => Operator::Order(OrderOperator::AtLeast),
                };
                Kind::Compare(left, Spanned::new(operator, place), right)
            }
            (Node::op_set, Some(right)) => {
                let operator = match text {
                    "covers" => SetOperator::Covers,
                    "within" => SetOperator::Within,
                    _ => SetOperator::Overlaps,
                };
                Kind::Set(left, Spanned::new(operator, place), right)
            }
            (Node::op_in, Some(right)) => Kind::In(left, negated, right),
            (Node::op_like, Some(right)) => Kind::Like(left, negated, right),
            (Node::op_matches, Some(right)) => Kind::Matches(left, place, right),
            (Node::op_is, None) => Kind::IsAbsent(left, negated),
            _ => return None,
        })
    }

    /// An `operand` pair (or what stands for one in lists and maps).
    pub(super) fn operand(&mut self, pair: Pair<'_, Node>) -> Option<Expression> {
        let span = self.trimmed(&pair);
        let kind = match pair.as_rule() {
            Node::operand | Node::item => return children(pair).next().and_then(|inner| self.operand(inner)),
            Node::group => {
                let inner = children(pair).next()?;
                return self.logic(inner, true).map(|inner| Expression { span, ..inner });
            }
            Node::quantified => {
                let mut parts =
                    children(pair).filter(|part| !matches!(part.as_rule(), Node::kw_in | Node::kw_satisfies));
                let quantifier = parts.next()?;
                let quantifier = if quantifier.as_str() == "any" { Quantifier::Any } else { Quantifier::All };
                let variable = parts.next().map(|name| self.word(&name))?;
                let list = parts.next().and_then(|path| self.operand(path))?;
                let body = parts.next().and_then(|logic| self.logic(logic, true))?;
                Kind::Quantified(quantifier, variable, Box::new(list), Box::new(body))
            }
            Node::count => {
                let path = children(pair).find(|part| part.as_rule() == Node::path)?;
                Kind::Count(Box::new(self.operand(path)?))
            }
            Node::string => Kind::String(self.string(&pair).value),
            Node::number => self.number(&pair)?,
            Node::list => {
                let (mut items, mut broken) = (Vec::new(), false);
                for item in children(pair) {
                    match self.operand(item) {
                        Some(item) => items.push(item),
                        None => broken = true,
                    }
                }
                if broken {
                    return None;
                }
                Kind::List(items)
            }
            Node::map => {
                let mut entries = Vec::new();
                for entry in children(pair) {
                    let mut parts = children(entry);
                    let key = parts.next()?;
                    let key = if key.as_rule() == Node::string { self.string(&key) } else { self.word(&key) };
                    entries.push((key, parts.next().and_then(|value| self.operand(value))?));
                }
                Kind::Map(entries)
            }
            _ => match pair.as_str() {
                "true" => Kind::Bool(true),
                "false" => Kind::Bool(false),
                path => Kind::Path(path.to_owned()),
            },
        };
        Some(Expression { kind, span })
    }

    /// Reports a blank line between two parts of a statement.
    fn blank_line(&mut self, from: u32, operator: Span) -> bool {
        let between = self.text.get(from as usize..operator.start as usize).unwrap_or("");
        let blank = between.split('\n').skip(1).collect::<Vec<_>>();
        // The last piece is the operator's own line; a blank piece before it is a blank line.
        let found = blank.split_last().is_some_and(|(_, lines)| lines.iter().any(|line| line.trim().is_empty()));
        if found {
            self.report(
                Diagnostic::at(Code::BrokenStatement, operator, "a blank line stands inside a statement")
                    .labelled("the statement before goes on here?")
                    .help("remove the blank line, or begin a new statement"),
            );
        }
        found
    }
}
