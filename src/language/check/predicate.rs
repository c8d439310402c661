//! Conditions: the typed expression of a statement or guard.

use super::super::ast::{Expression as Written, ExpressionKind as Kind};
use super::super::checked::{Compared, Expression, ExpressionKind, Operand, Operator, Quantifier, SetOperator};
use super::super::pattern::{Pattern, PatternError};
use super::super::syntax::{ABSENT, short};
use super::messages::{kind_title, meant};
use super::names::{Budget, check_name};
use super::operand::{Reader, Typed, Variable};
use crate::diagnostic::{Code, Diagnostic};
use crate::facts::Value;
use crate::text::english;
use crate::text::nearest::nearest;
use crate::text::source::{Span, Spanned};
use crate::vocabulary::{Host, Type};

/// The longest regular expression, in bytes.
const MAX_PATTERN: usize = 1_000;

impl Reader<'_, '_> {
    /// An expression that must be a condition. `None` after a report.
    pub(super) fn condition(&mut self, written: &Written) -> Option<Expression> {
        let span = written.span;
        if !self.spend(1, span) {
            return None;
        }
        let kind = match &written.kind {
            Kind::Not(inner) => ExpressionKind::Not(Box::new(self.condition(inner)?)),
            Kind::And(terms) => ExpressionKind::And(self.conditions(terms)?),
            Kind::Or(terms) => ExpressionKind::Or(self.conditions(terms)?),
            Kind::Compare(left, operator, right) => self.compare(left, *operator, right)?,
            Kind::In(left, negated, right) => self.is_in(left, *negated, right)?,
            Kind::Set(left, operator, right) => self.set(left, *operator, right)?,
            Kind::Like(left, negated, right) => self.like(left, negated.value, right)?,
            Kind::Matches(left, _, right) => self.matches(left, right)?,
            Kind::IsAbsent(operand, negated) => {
                let typed = self.subject(operand)?;
                if !matches!(typed.operand, Operand::Fact(_) | Operand::Field(_)) {
                    self.report(
                        Diagnostic::at(Code::TypeMismatch, operand.span, "only a fact can be absent")
                            .labelled("this is always there"),
                    );
                    return None;
                }
                ExpressionKind::IsAbsent { operand: typed.operand, negated: negated.value }
            }
            Kind::Quantified(quantifier, variable, list, body) => self.quantified(*quantifier, variable, list, body)?,
            _ => return self.bare(written),
        };
        Some(Expression { kind, span })
    }

    /// All terms are checked, so that each reports its own mistakes.
    fn conditions(&mut self, terms: &[Written]) -> Option<Vec<Expression>> {
        let read: Vec<Option<Expression>> = terms.iter().map(|term| self.condition(term)).collect();
        read.into_iter().collect()
    }

    /// A fact, field, input or literal that stands for a condition by itself.
    fn bare(&mut self, written: &Written) -> Option<Expression> {
        let span = written.span;
        let typed = self.subject(written)?;
        if typed.ty == Type::Bool {
            return Some(Expression { kind: ExpressionKind::Operand(typed.operand), span });
        }
        let problem = Diagnostic::at(Code::TypeMismatch, span, "this is a value, not a condition")
            .labelled(english::with_article(&typed.ty.title()));
        self.report(match typed.ty {
            Type::Names(_) | Type::Permissions(_) | Type::Strings => {
                problem.help("compare it: `covers`, `within` or `overlaps`")
            }
            Type::Records(_) => problem.help("ask about its items: `any x in … satisfies (…)`, or `count(…)`"),
            _ => problem.help("compare it: `==`, `!=`, `>=`, `in` …"),
        });
        None
    }

    /// An operand that must have a type by itself.
    fn subject(&mut self, written: &Written) -> Option<Typed> {
        let before = self.problems.len();
        if let Some(typed) = self.typed(written) {
            return Some(typed);
        }
        if self.problems.len() == before {
            let problem = match &written.kind {
                Kind::Path(word) => {
                    let message = format!("nothing is named `{}`", short(word));
                    unknown_subject(Diagnostic::at(Code::UnknownName, written.span, message), word, self.host)
                }
                kind => Diagnostic::at(
                    Code::TypeMismatch,
                    written.span,
                    format!("expected a fact, found {}", kind_title(kind)),
                )
                .help("put the fact here, such as `token.kind`"),
            };
            // A constant that could not be read was reported where it stands.
            let silent = matches!(&written.kind, Kind::Path(word) if self.is_broken(word));
            if !silent {
                self.report(problem);
            }
        }
        None
    }

    /// Both sides of an operator, one of which has a type by itself.
    fn sides(&mut self, left: &Written, right: &Written) -> Option<(Operand, Operand, Type)> {
        if self.has_type(left) {
            let left = self.subject(left)?;
            // An integer, string or bool literal takes the type of a fact on the other side.
            if matches!(left.operand, Operand::Literal { .. }) && self.has_type(right) && !is_literal(right) {
                let right = self.subject(right)?;
                let left = self.operand_as(&literal(&left)?, right.ty)?;
                return Some((left, right.operand, right.ty));
            }
            let right = self.operand_as(right, left.ty)?;
            return Some((left.operand, right, left.ty));
        }
        if self.has_type(right) {
            let right = self.subject(right)?;
            let left = self.operand_as(left, right.ty)?;
            return Some((left, right.operand, right.ty));
        }
        self.subject(left)?;
        None
    }

    /// Whether an expression has a type by itself: everything but value words, strings, lists and maps.
    fn has_type(&self, written: &Written) -> bool {
        match &written.kind {
            Kind::Path(path) => {
                path.contains('.')
                    || self.host.fact(path).is_some()
                    || self.inputs.find(path).is_some()
                    || self.variables.iter().any(|variable| variable.name == *path)
            }
            Kind::Count(_) | Kind::Integer(_) | Kind::Bool(_) | Kind::Time(_) | Kind::Duration(_) => true,
            _ => false,
        }
    }

    /// The type of a fact, without reading it.
    fn fact_type(&self, written: &Written) -> Option<Type> {
        let Kind::Path(path) = &written.kind else { return None };
        self.host.fact(path).map(|index| self.host.row(index).ty)
    }

    /// The type of a field of a bound item, without reading it.
    fn field_type(&self, path: &str) -> Option<Type> {
        let (name, field) = path.split_once('.')?;
        let record = self.variables.iter().rfind(|variable| variable.name == name)?.record?;
        record.fields.iter().find(|row| row.name == field).map(|row| row.ty)
    }

    /// A fact beside a word of other languages for what is not there: `!= null` is the opposite of `== null`.
    fn compares_nothing(&mut self, left: &Written, operator: Spanned<Operator>, right: &Written) -> bool {
        let (Kind::Path(path), Kind::Path(word)) = (&left.kind, &right.kind) else { return false };
        let is_value = match self.fact_type(left) {
            Some(Type::Level(table)) => table.word(word).is_some(),
            Some(Type::Enum(table)) => table.words.iter().any(|(known, _)| known == word),
            Some(_) => false,
            None => return false,
        };
        let named = self.names.constants.contains_key(word.as_str()) || self.inputs.find(word).is_some();
        if is_value || named || !ABSENT.contains(&word.as_str()) {
            return false;
        }
        let help = match operator.value {
            Operator::NotEqual => format!("write `{path} is not absent`"),
            _ => format!("write `{path} is absent`"),
        };
        let message = format!("`{}` is not a value here", short(word));
        self.report(Diagnostic::at(Code::UnknownName, right.span, message).help(help));
        true
    }

    fn compare(&mut self, left: &Written, operator: Spanned<Operator>, right: &Written) -> Option<ExpressionKind> {
        if self.compares_nothing(left, operator, right) {
            return None;
        }
        // A fact that `==` cannot compare is the mistake, whatever stands beside it.
        let (sides, ty) = match self.fact_type(left) {
            Some(ty @ (Type::Names(_) | Type::Permissions(_) | Type::Strings | Type::Records(_))) => (None, ty),
            _ => {
                let (left, right, ty) = self.sides(left, right)?;
                (Some((left, right)), ty)
            }
        };
        let problem = match (ty, operator.value) {
            (Type::Names(_) | Type::Permissions(_) | Type::Strings, _) => Some((
                format!("`{}` does not compare sets", operator.value.word()),
                match operator.value {
                    Operator::NotEqual => {
                        "put `not` before the whole comparison: `not … covers` (lacks one of), `not … within` (has more than) or `not … overlaps` (has none of)"
                    }
                    _ => SETS,
                },
            )),
            (Type::Records(_), _) => Some((
                format!("`{}` does not compare lists", operator.value.word()),
                "ask about its items: `any x in … satisfies (…)`, or `count(…)`",
            )),
            (Type::Bool | Type::String | Type::Enum(_), Operator::Order(_)) => Some((
                format!("{} has no order", english::with_article(&ty.title())),
                "compare with `==` or `!=`, or name the values: `in [...]`",
            )),
            _ => None,
        };
        if let Some((message, help)) = problem {
            self.report(Diagnostic::at(Code::TypeMismatch, operator.span, message).help(help));
            return None;
        }
        let (left_operand, right_operand) = sides?;
        let compared = compared(ty);
        Some(ExpressionKind::Compare { left: left_operand, operator: operator.value, right: right_operand, compared })
    }

    fn is_in(&mut self, left: &Written, negated: Spanned<bool>, right: &Written) -> Option<ExpressionKind> {
        if let (Kind::String(item), Kind::Path(set)) = (&left.kind, &right.kind)
            && let Some(Type::Names(_) | Type::Strings) = self.fact_type(right).or_else(|| self.field_type(set))
        {
            self.report(
                Diagnostic::at(
                    Code::TypeMismatch,
                    negated.span,
                    "the fact stands on the left, and sets have operators of their own",
                )
                .help(membership(set, &short(item), negated.value)),
            );
            return None;
        }
        let typed = self.subject(left)?;
        let ty = typed.ty;
        if let Type::Names(_) | Type::Permissions(_) | Type::Strings | Type::Records(_) = ty {
            let word = if negated.value { "not in" } else { "in" };
            self.report(
                Diagnostic::at(
                    Code::TypeMismatch,
                    negated.span,
                    format!("`{word}` asks about one value, and this is {}", english::with_article(&ty.title())),
                )
                .help(if negated.value {
                    "to have none of them is `not … overlaps [...]`: `forbid token.scopes overlaps [\"admin:org\"]`"
                } else {
                    SETS
                }),
            );
            return None;
        }
        let items = self.list(right, ty, "in")?;
        Some(ExpressionKind::In { left: typed.operand, items, negated: negated.value, compared: compared(ty) })
    }

    /// The items of a list literal, constant or `strings` input, each of a type.
    fn list(&mut self, written: &Written, ty: Type, operator: &str) -> Option<Vec<Operand>> {
        match &written.kind {
            Kind::List(items) => {
                let read: Vec<Option<Operand>> = items.iter().map(|item| self.operand_as(item, ty)).collect();
                read.into_iter().collect()
            }
            Kind::Path(path) if self.names.constants.contains_key(path.as_str()) => {
                let constant = self.names.constants.get_mut(path.as_str())?;
                constant.used = true;
                let literal = constant.value?;
                let place = written.span;
                let operands = match &literal.kind {
                    Kind::Path(_) => {
                        let problem = Diagnostic::at(
                            Code::TypeMismatch,
                            written.span,
                            format!("`{}` is not a list", short(path)),
                        );
                        self.report(problem.help(format!("after `{operator}` stands a list: `[a, b]`")));
                        None
                    }
                    Kind::List(items) => {
                        let read: Vec<Option<Operand>> = items.iter().map(|item| self.operand_as(item, ty)).collect();
                        read.into_iter().collect()
                    }
                    _ if operator == "like" => self.operand_as(literal, ty).map(|operand| vec![operand]),
                    _ => {
                        let problem = Diagnostic::at(
                            Code::TypeMismatch,
                            written.span,
                            format!("`{}` is not a list", short(path)),
                        );
                        self.report(problem.help(format!("after `{operator}` stands a list: `[a, b]`")));
                        None
                    }
                };
                // What is shown is the use: the items stand at the constant.
                operands
                    .map(|operands: Vec<Operand>| operands.into_iter().map(|operand| moved(operand, place)).collect())
            }
            Kind::Path(path)
                if self.inputs.find(path).is_some_and(|(_, input)| input.ty.ty() == Type::Strings)
                    && ty == Type::String =>
            {
                let (id, _) = self.inputs.find(path)?;
                Some(vec![Operand::Input(id, written.span)])
            }
            _ if operator == "like" => self.operand_as(written, ty).map(|operand| vec![operand]),
            Kind::Path(path) if self.is_broken(path) => None,
            kind => {
                let problem = Diagnostic::at(
                    Code::TypeMismatch,
                    written.span,
                    format!("expected a list, found {}", kind_title(kind)),
                );
                self.report(
                    problem.help(format!("after `{operator}` stands a list: `[a, b]`; for one value write `==`")),
                );
                None
            }
        }
    }

    fn set(&mut self, left: &Written, operator: Spanned<SetOperator>, right: &Written) -> Option<ExpressionKind> {
        let scalar = self.fact_type(left).filter(|ty| !is_set(*ty));
        let (sides, ty) = match scalar {
            Some(ty) => (None, ty),
            None => {
                let (left, right, ty) = self.sides(left, right)?;
                (Some((left, right)), ty)
            }
        };
        let (compared, (left_operand, right_operand)) = match ty {
            Type::Strings => {
                let (left, right) = sides?;
                let every = holds_every(&left) || holds_every(&right);
                (Compared::Strings { every }, (left, right))
            }
            ty if is_set(ty) => (compared(ty), sides?),
            other => {
                let message = format!(
                    "`{}` compares sets, and this is {}",
                    operator.value.word(),
                    english::with_article(&other.title())
                );
                self.report(
                    Diagnostic::at(Code::TypeMismatch, operator.span, message)
                        .help("for one value write `==` or `in [...]`"),
                );
                return None;
            }
        };
        Some(ExpressionKind::Set { left: left_operand, operator: operator.value, right: right_operand, compared })
    }

    fn like(&mut self, left: &Written, negated: bool, right: &Written) -> Option<ExpressionKind> {
        let typed = self.text(left, "like")?;
        let patterns = self.list(right, Type::String, "like")?;
        Some(ExpressionKind::Like { left: typed, patterns, negated })
    }

    fn matches(&mut self, left: &Written, right: &Written) -> Option<ExpressionKind> {
        let left = self.text(left, "matches")?;
        let (pattern, place): (String, Span) = match self.operand_as(right, Type::String)? {
            Operand::Literal { value: Value::String(pattern), span, .. } => (pattern, span),
            other => {
                self.report(Diagnostic::at(
                    Code::TypeMismatch,
                    other.span(),
                    "a pattern is a string literal: `matches 'acme-.*'`",
                ));
                return None;
            }
        };
        if pattern.len() > MAX_PATTERN {
            self.report(Diagnostic::at(
                Code::BadPattern,
                place,
                format!("the pattern is longer than {MAX_PATTERN} bytes"),
            ));
            return None;
        }
        // Compiling is dear: some thousand patterns are more than any policy has.
        if !self.spend(200, place) {
            return None;
        }
        match Pattern::compile(&pattern, &mut self.budget.patterns) {
            Ok(pattern) => Some(ExpressionKind::Matches { left, pattern }),
            // Said once: those after it would all be one too many.
            Err(PatternError::NoRoom) if std::mem::replace(&mut self.budget.full, true) => None,
            Err(error @ PatternError::NoRoom) => {
                let message = format!("the patterns together would take more than {} MiB", Budget::PATTERNS >> 20);
                let problem = Diagnostic::at(Code::BadPattern, place, message).labelled(error.to_string());
                self.report(
                    problem.help("compiled patterns are large: count fewer of what `{…}` repeats, or use `like`"),
                );
                None
            }
            Err(error) => {
                let problem = Diagnostic::at(Code::BadPattern, place, "the pattern cannot be used");
                let problem = problem.labelled(error.to_string());
                self.report(problem.help("a pattern matches the whole string; write it in a raw string: `'…'`"));
                None
            }
        }
    }

    fn text(&mut self, written: &Written, operator: &str) -> Option<Operand> {
        let typed = self.subject(written)?;
        if typed.ty == Type::String {
            return Some(typed.operand);
        }
        let message =
            format!("`{operator}` works on strings, and this is {}", english::with_article(&typed.ty.title()));
        self.report(Diagnostic::at(Code::TypeMismatch, written.span, message));
        None
    }

    fn quantified(
        &mut self,
        quantifier: Quantifier,
        variable: &Spanned<String>,
        list: &Written,
        body: &Written,
    ) -> Option<ExpressionKind> {
        if let Some(problem) = check_name(&variable.value, variable.span, "variable") {
            self.report(problem);
            return None;
        }
        let list_span = list.span;
        let list = self.subject(list)?;
        let record = match list.ty {
            Type::Records(table) => Some(table),
            Type::Strings | Type::Names(_) => None,
            other => {
                let message =
                    format!("only lists and sets have items, and this is {}", english::with_article(&other.title()));
                self.report(Diagnostic::at(Code::TypeMismatch, list_span, message));
                return None;
            }
        };
        let depth = self.variables.len();
        self.variables.push(Variable { name: variable.value.clone(), record });
        let body = self.condition(body);
        self.variables.pop();
        Some(ExpressionKind::Quantified { quantifier, list: list.operand, depth, body: Box::new(body?) })
    }
}

/// The operators of sets, by what they ask.
const SETS: &str = "write `covers` (has at least), `within` (has at most) or `overlaps` (has any of)";

/// How to ask whether a set has an item, or has it not.
fn membership(set: &str, item: &str, negated: bool) -> String {
    if negated {
        format!("write `not {set} overlaps [\"{item}\"]`; `require` of that is `forbid {set} overlaps [\"{item}\"]`")
    } else {
        format!("write `{set} covers [\"{item}\"]`")
    }
}

/// A word where a fact is expected: one whose last part it is, the nearest, or how facts look.
fn unknown_subject(problem: Diagnostic, word: &str, host: &Host) -> Diagnostic {
    let is_last = host.facts.iter().any(|fact| fact.path.rsplit('.').next() == Some(word));
    if let Some(help) = meant(host, word).filter(|_| !is_last) {
        return problem.help(help);
    }
    let facts = host.facts.iter().map(|fact| fact.path);
    let mut ends = facts.clone().filter(|path| path.rsplit('.').next() == Some(word));
    match (ends.next(), nearest(word, facts)) {
        (Some(path), _) | (None, Some(path)) => problem.help(format!("did you mean `{path}`?")),
        (None, None) => problem.help("on the left stands a fact, such as `token.kind`; `credcheck vocab` lists them"),
    }
}

const fn is_set(ty: Type) -> bool {
    matches!(ty, Type::Names(_) | Type::Permissions(_) | Type::Strings)
}

/// Whether one string stands for all in an operand.
const fn holds_every(operand: &Operand) -> bool {
    matches!(operand, Operand::Field(field) if field.every)
}

fn is_literal(written: &Written) -> bool {
    matches!(written.kind, Kind::Integer(_) | Kind::Bool(_) | Kind::Time(_) | Kind::Duration(_))
}

/// A typed literal as it was written.
fn literal(typed: &Typed) -> Option<Written> {
    let Operand::Literal { value, span, .. } = &typed.operand else { return None };
    let kind = match value {
        Value::Integer(value) => Kind::Integer(*value),
        Value::Bool(value) => Kind::Bool(*value),
        Value::Time(value) => Kind::Time(*value),
        Value::Duration(value) => Kind::Duration(*value),
        _ => return None,
    };
    Some(Written { kind, span: *span })
}

/// The operand, shown at another place.
fn moved(operand: Operand, place: Span) -> Operand {
    match operand {
        Operand::Literal { value, items, .. } => Operand::Literal { value, span: place, items },
        other => other,
    }
}

const fn compared(ty: Type) -> Compared {
    match ty {
        Type::Level(table) => Compared::Level(table),
        Type::Names(table) => Compared::Names(table),
        Type::Permissions(table) => Compared::Permissions(table),
        Type::Strings => Compared::Strings { every: false },
        _ => Compared::Scalar,
    }
}
