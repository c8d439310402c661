//! Why an outcome is what it is: the parts of the expression that decided it, at the finest span.

mod items;

use super::abilities;
use super::judge::{Evaluator, evaluate};
use super::outcome::{Outcome, Verdict};
use super::seen::Context;
use super::truth::Truth;
use crate::facts::{Bounds, Causes, Fact, FactSet, Knowledge, Lack, SubjectRef, Unknown, Value, lacks};
use crate::language::{Expression, ExpressionKind, Operand, Quantifier, SetOperator};
use crate::text::english;
use crate::text::source::{Span, Spanned};
use crate::vocabulary::portable::ABILITIES;
use crate::vocabulary::{self, Absence, FactIndex, NameSet, Subject};

/// One part of the policy that decided an outcome, and what was found.
#[derive(Clone, Debug, PartialEq)]
pub struct Blame<'a> {
    /// The finest place: the one missing scope in the list, the one false arm of an `or`.
    pub span: Span,
    /// What is wrong there, for people: "`repo` is not granted".
    pub text: String,
    /// The fact that says so.
    pub fact: Option<(FactIndex, &'a Fact)>,
    /// What was found, for people: "gist, read:org".
    pub found: Option<String>,
    /// For undecided parts: why.
    pub unknown: Option<Unknown>,
    /// For an ability of `repository.can`: the half that it lacks.
    pub lack: Option<Lack>,
}

/// The parts that decided an outcome. For what does not apply, the guard that says so; for a pass that one of several lists
/// brings about, which, and by which item; else nothing for a pass.
pub fn explain<'a>(evaluator: &Evaluator<'_>, facts: &'a FactSet, outcome: &Outcome) -> Vec<Blame<'a>> {
    let Some(statement) = evaluator.policy().statement(outcome.statement) else { return Vec::new() };
    let explainer = Explainer { evaluator, facts, subject: outcome.subject };
    let mut blames = Vec::new();
    match outcome.verdict {
        Verdict::Pass => {
            let held =
                Some(&statement.expression).filter(|_| !statement.verb.is_negative() && statement.facts.len() > 1);
            blames.extend(held.and_then(|expression| explainer.held(expression)));
        }
        Verdict::NotApplicable => {
            for guard in &statement.guards {
                if evaluator.truth(guard, facts, outcome.subject) == Truth::False {
                    explainer.walk(guard, true, &mut blames);
                }
            }
        }
        Verdict::Undetermined { causes, .. } => {
            // Where the repositories themselves could not all be listed, that is the reason, not any fact of theirs.
            let of_all = outcome.subject == SubjectRef::Credential && statement.subject != Subject::Credential;
            if let Some(unknown) = facts.unseen().filter(|unknown| of_all && Causes::from(unknown.cause).within(causes))
            {
                let span = statement.expression.span;
                let text = match facts.left_out {
                    Some(_) => "more is named than is asked about".to_owned(),
                    None => "the list of repositories is not whole".to_owned(),
                };
                return vec![Blame { span, text, fact: None, found: None, unknown: Some(unknown.clone()), lack: None }];
            }
            let mut by_guard = false;
            for guard in &statement.guards {
                if !evaluator.truth(guard, facts, outcome.subject).is_decided() {
                    by_guard = true;
                    explainer.walk(guard, true, &mut blames);
                }
            }
            if !by_guard {
                explainer.walk(&statement.expression, !statement.verb.is_negative(), &mut blames);
            }
            blames.retain(|blame| blame.unknown.is_some());
        }
        Verdict::Violation | Verdict::Warning | Verdict::Waived(_) => {
            explainer.walk(&statement.expression, !statement.verb.is_negative(), &mut blames);
        }
    }
    blames
}

struct Explainer<'e, 'p, 'a> {
    evaluator: &'e Evaluator<'p>,
    facts: &'a FactSet,
    subject: SubjectRef,
}

impl<'a> Explainer<'_, '_, 'a> {
    fn context(&self) -> Context<'_> {
        Context {
            host: vocabulary::host(self.facts.host),
            facts: self.facts,
            subject: self.subject,
            inputs: self.evaluator.inputs(),
        }
    }

    fn host(&self) -> &'static vocabulary::Host {
        vocabulary::host(self.facts.host)
    }

    /// The credential's kind, where it is known.
    fn kind(&self) -> Option<&'static vocabulary::CredentialKind> {
        let index = self.host().fact("token.kind")?;
        let Value::Word(word) = self.facts.fact(index, SubjectRef::Credential)?.knowledge.value()? else { return None };
        self.host().kinds.iter().find(|kind| kind.word == *word)
    }

    fn truth(&self, expression: &Expression) -> Truth {
        evaluate(&self.context(), expression, &mut Vec::new())
    }

    /// The items of a list that a quantifier fails on, each with the field that says so; where it is open, the items that
    /// leave it open. Whether there is one: a list that was cut short can be open without.
    fn items(&self, expression: &Expression, wanted: bool, truth: Truth, into: &mut Vec<Blame<'a>>) -> bool {
        let ExpressionKind::Quantified { list, depth: 0, body, .. } = &expression.kind else { return false };
        let Some((index, fact)) = self.fact(list) else { return false };
        let found = found(fact);
        let context = self.context();
        let (broken, more) = items::broken(&context, list, body, wanted, truth);
        let any = !broken.is_empty();
        for item in broken {
            into.push(Blame {
                span: expression.span,
                text: format!("`{}`, {}", self.path(index), item.text),
                fact: Some((index, fact)),
                found: found.clone(),
                unknown: item.unknown,
                lack: None,
            });
        }
        if let Some(last) = into.last_mut().filter(|_| any && more > 0) {
            last.text.push_str(&format!("; so are {}", english::count(more, "more item", "more items")));
        }
        any
    }

    /// Where the item lies that makes an alternative of lists hold.
    fn held(&self, expression: &Expression) -> Option<Blame<'a>> {
        match &expression.kind {
            ExpressionKind::Or(terms) => self.held(terms.iter().find(|term| self.truth(term) == Truth::True)?),
            ExpressionKind::And(terms) => terms.iter().find_map(|term| self.held(term)),
            ExpressionKind::Quantified { quantifier: Quantifier::Any, list, depth: 0, body } => {
                let (index, fact) = self.fact(list)?;
                let item = items::holding(&self.context(), list, body)?;
                Some(Blame {
                    span: expression.span,
                    text: format!("`{}`, {item}", self.path(index)),
                    fact: Some((index, fact)),
                    found: found(fact),
                    unknown: None,
                    lack: None,
                })
            }
            _ => None,
        }
    }

    /// Collects the parts of an expression that keep it from being `wanted`.
    fn walk(&self, expression: &Expression, wanted: bool, into: &mut Vec<Blame<'a>>) {
        let truth = self.truth(expression);
        if truth == Truth::from(wanted) {
            return;
        }
        match &expression.kind {
            ExpressionKind::Not(inner) => self.walk(inner, !wanted, into),
            ExpressionKind::And(terms) | ExpressionKind::Or(terms) => {
                // What is open does not decide beside what is decided, nor the other way round.
                for term in terms.iter().filter(|term| self.truth(term).is_decided() == truth.is_decided()) {
                    self.walk(term, wanted, into);
                }
            }
            _ => self.leaf(expression, wanted, into),
        }
    }

    fn fact(&self, operand: &Operand) -> Option<(FactIndex, &'a Fact)> {
        match operand {
            Operand::Fact(fact) => self.facts.fact(fact.index, self.subject).map(|found| (fact.index, found)),
            Operand::Count(inner, _) => self.fact(inner),
            _ => None,
        }
    }

    fn path(&self, index: FactIndex) -> &'static str {
        vocabulary::host(self.facts.host).row(index).path
    }

    fn leaf(&self, expression: &Expression, wanted: bool, into: &mut Vec<Blame<'a>>) {
        let operands = operands(expression);
        let facts: Vec<(FactIndex, &'a Fact)> = operands.iter().filter_map(|operand| self.fact(operand)).collect();
        let truth = self.truth(expression);
        if self.items(expression, wanted, truth, into) {
            return;
        }
        if let Truth::Unknown(causes) = truth {
            if self.open_abilities(expression, into) {
                return;
            }
            // Only what stands in the way: an open fact that a quantifier never came to is no reason.
            let counts = |fact: &Fact| fact.knowledge.cause().is_some_and(|cause| Causes::from(cause).within(causes));
            let open: Vec<(FactIndex, &'a Fact)> = facts.iter().copied().filter(|(_, fact)| counts(fact)).collect();
            for (index, fact) in &open {
                let unknown = unknown_of(&fact.knowledge);
                into.push(Blame {
                    span: expression.span,
                    text: format!("`{}` is not known", self.path(*index)),
                    fact: Some((*index, fact)),
                    found: found(fact),
                    unknown,
                    lack: None,
                });
            }
            if open.is_empty() {
                let cause = causes.iter().next().unwrap_or(crate::facts::Cause::NotReachable);
                let reason = match cause {
                    crate::facts::Cause::OutOfScope => "there is no repository or organisation to ask about",
                    crate::facts::Cause::Inapplicable => "the host says there is no such value, which has no order",
                    crate::facts::Cause::Malformed => "the values cannot be compared",
                    crate::facts::Cause::NotRevealable => "the host does not show it",
                    crate::facts::Cause::NotPermitted => "the host refused to tell",
                    crate::facts::Cause::Incomplete => "the list was cut short",
                    // What was answered was asked: the answer alone does not decide.
                    crate::facts::Cause::NotReachable if facts.iter().any(|(_, fact)| !fact.evidence.is_empty()) => {
                        "what the host answered does not decide it"
                    }
                    crate::facts::Cause::NotReachable => "it was not asked",
                };
                into.push(Blame {
                    span: expression.span,
                    text: "this is not known".into(),
                    fact: facts.first().copied(),
                    found: facts.first().and_then(|(_, fact)| found(fact)),
                    unknown: Some(Unknown::new(cause, reason)),
                    lack: None,
                });
            }
            return;
        }
        if let ExpressionKind::Set { left, operator, right, .. } = &expression.kind
            && self.set(expression, left, *operator, right, wanted, into)
        {
            return;
        }
        let fact = facts.first().copied();
        let text = match fact {
            Some((index, fact)) if fact.knowledge == Knowledge::Absent => {
                let never = vocabulary::host(self.facts.host).row(index).absence == Absence::Never;
                format!("`{}` is {}", self.path(index), if never { "`never`" } else { "absent" })
            }
            Some((index, fact)) => format!("`{}` is {}", self.path(index), shown(fact)),
            None => "this decides it".to_owned(),
        };
        into.push(Blame {
            span: expression.span,
            text,
            fact,
            found: fact.and_then(|(_, fact)| found(fact)),
            unknown: None,
            lack: None,
        });
    }

    /// An open set of abilities: those that stand in the way, each at its own place, with the half that is open.
    fn open_abilities(&self, expression: &Expression, into: &mut Vec<Blame<'a>>) -> bool {
        let ExpressionKind::Set { left, operator, right, .. } = &expression.kind else { return false };
        let Some((index, fact)) = self.fact(left) else { return false };
        let before = into.len();
        for (name, lacks) in abilities::open(self.facts, self.subject, left, *operator, right) {
            for lack in lacks {
                let Some(unknown) = lack.unknown.clone() else { continue };
                let of_half = lack.fact.and_then(|half| Some((half, self.facts.fact(half, self.subject)?)));
                let span = match right {
                    Operand::Literal { items, span, .. } => place(items, *span, name),
                    _ => expression.span,
                };
                into.push(Blame {
                    span,
                    text: format!("`{name}`: {} is not known", lack.why),
                    fact: of_half.or(Some((index, fact))),
                    found: found(fact),
                    unknown: Some(unknown),
                    lack: Some(lack),
                });
            }
        }
        into.len() > before
    }

    /// Set operators: the items that are missing or too many, each at its own place where it has one.
    fn set(
        &self,
        expression: &Expression,
        left: &Operand,
        operator: SetOperator,
        right: &Operand,
        wanted: bool,
        into: &mut Vec<Blame<'a>>,
    ) -> bool {
        let Some((index, fact)) = self.fact(left) else { return false };
        let Operand::Literal { value, items, span } = right else { return false };
        let place = |name: &str| place(items, *span, name);
        let mut push = |span: Span, text: String| {
            into.push(Blame { span, text, fact: Some((index, fact)), found: found(fact), unknown: None, lack: None });
        };
        match (operator, wanted, value, &fact.knowledge) {
            (SetOperator::Covers, true, Value::Names(demanded), knowledge) => {
                let missing: Vec<String> = match knowledge {
                    Knowledge::Known(Value::Names(have)) => have.missing(demanded),
                    Knowledge::Absent => demanded.names().into_iter().map(str::to_owned).collect(),
                    Knowledge::Bounded(Bounds::Names { granted, denied }, _) => granted
                        .missing(demanded)
                        .into_iter()
                        .filter(|name| {
                            let closure = NameSet::new(demanded.table(), [name]);
                            denied.names().into_iter().any(|denied| closure.grants(denied))
                        })
                        .collect(),
                    _ => return false,
                };
                for name in &missing {
                    let mut told = false;
                    let abilities = *demanded.table() == ABILITIES;
                    let lacks = if abilities { lacks(self.facts, self.subject, name) } else { Vec::new() };
                    // Each half that is missing is a reason of its own, with its own evidence.
                    for lack in lacks.into_iter().filter(|lack| lack.unknown.is_none()) {
                        let half = lack.fact.and_then(|half| Some((half, self.facts.fact(half, self.subject)?)));
                        let shown = half.unwrap_or((index, fact));
                        told = true;
                        into.push(Blame {
                            span: place(name),
                            text: format!("it cannot `{name}`: {}", lack.why),
                            fact: Some(shown),
                            found: found(shown.1),
                            unknown: None,
                            lack: Some(lack),
                        });
                    }
                    if !told {
                        let (span, text) = (place(name), format!("`{name}` is not granted"));
                        let (fact, found) = (Some((index, fact)), found(fact));
                        into.push(Blame { span, text, fact, found, unknown: None, lack: None });
                    }
                }
                !missing.is_empty()
            }
            (SetOperator::Covers, true, Value::Permissions(demanded), knowledge) => {
                let (have, all_known) = match knowledge {
                    Knowledge::Known(Value::Permissions(have)) => (have.clone(), true),
                    Knowledge::Absent => (Default::default(), true),
                    Knowledge::Bounded(Bounds::Permissions { denied, .. }, _) => (denied.clone(), false),
                    _ => return false,
                };
                let mut any = false;
                for (name, level) in demanded {
                    let lacking = if all_known {
                        !granted_at(expression, &have, name, level)
                    } else {
                        // Denied from the lowest level there on: only what is demanded at it or above is lacking.
                        have.get(name).is_some_and(|lowest| at_least(expression, level, lowest))
                    };
                    if lacking {
                        any = true;
                        let has = if all_known { have.get(name).map_or("none", String::as_str) } else { "less" };
                        let kind = self.kind().filter(|kind| !vocabulary::can_hold(self.host(), kind, name));
                        push(
                            place(name),
                            match kind {
                                Some(kind) => format!("{} can never hold `{name}`", english::with_article(kind.title)),
                                None => format!("`{name}` is {has}, not {level}"),
                            },
                        );
                    }
                }
                any
            }
            (SetOperator::Within, true, Value::Names(allowed), knowledge) => {
                let have = match knowledge {
                    Knowledge::Known(Value::Names(have)) => have,
                    Knowledge::Bounded(Bounds::Names { granted, .. }, _) => granted,
                    _ => return false,
                };
                let excess: Vec<&str> = have.names().into_iter().filter(|name| !allowed.grants(name)).collect();
                if !excess.is_empty() {
                    push(*span, format!("granted beyond this: {}", english::quoted_some(&excess)));
                }
                !excess.is_empty()
            }
            (SetOperator::Overlaps, false, Value::Names(named), knowledge) => {
                let have = match knowledge {
                    Knowledge::Known(Value::Names(have)) => have,
                    Knowledge::Bounded(Bounds::Names { granted, .. }, _) => granted,
                    _ => return false,
                };
                let granted: Vec<&str> = named.names().into_iter().filter(|name| have.grants(name)).collect();
                for name in &granted {
                    push(place(name), format!("`{name}` is granted"));
                }
                !granted.is_empty()
            }
            (SetOperator::Within, true, Value::Permissions(allowed), knowledge) => {
                let Some(have) = granted_permissions(knowledge) else { return false };
                let excess: Vec<String> = have
                    .iter()
                    .filter(|(name, level)| *level != "none" && !granted_at(expression, allowed, name, level))
                    .map(|(name, level)| format!("{name} = {level}"))
                    .collect();
                if !excess.is_empty() {
                    push(*span, format!("granted beyond this: {}", english::quoted_some(&excess)));
                }
                !excess.is_empty()
            }
            (SetOperator::Overlaps, false, Value::Permissions(named), knowledge) => {
                let Some(have) = granted_permissions(knowledge) else { return false };
                let mut any = false;
                for (name, level) in named.iter().filter(|(name, level)| granted_at(expression, have, name, level)) {
                    any = true;
                    push(place(name), format!("`{name} = {level}` is granted"));
                }
                any
            }
            (SetOperator::Covers, true, Value::Strings(demanded), Knowledge::Known(Value::Strings(have))) => {
                for text in demanded.difference(have) {
                    push(place(text), format!("`{text}` is not there"));
                }
                true
            }
            (SetOperator::Within, true, Value::Strings(allowed), Knowledge::Known(Value::Strings(have))) => {
                let excess: Vec<&String> = have.difference(allowed).collect();
                push(*span, format!("beyond this: {}", english::quoted_some(&excess)));
                true
            }
            (SetOperator::Overlaps, false, Value::Strings(named), Knowledge::Known(Value::Strings(have))) => {
                for text in named.intersection(have) {
                    push(place(text), format!("`{text}` is there"));
                }
                true
            }
            _ => false,
        }
    }
}

/// Where an item of a literal stands; the whole literal where it has no place of its own.
fn place(items: &[Spanned<String>], whole: Span, name: &str) -> Span {
    items.iter().find(|item| item.value == name).map_or(whole, |item| item.span)
}

/// The permissions that are granted for certain.
const fn granted_permissions(knowledge: &Knowledge) -> Option<&crate::facts::PermissionMap> {
    match knowledge {
        Knowledge::Known(Value::Permissions(have)) => Some(have),
        Knowledge::Bounded(Bounds::Permissions { granted, .. }, _) => Some(granted),
        _ => None,
    }
}

/// Whether a map grants a permission at a level.
fn granted_at(expression: &Expression, map: &crate::facts::PermissionMap, name: &str, level: &str) -> bool {
    map.get(name).is_some_and(|have| at_least(expression, have, level))
}

/// Whether a level is another or above it, in the order of the expression's permissions.
fn at_least(expression: &Expression, high: &str, low: &str) -> bool {
    let ExpressionKind::Set { compared: crate::language::Compared::Permissions(table), .. } = &expression.kind else {
        return false;
    };
    table.levels.at_least(high, low)
}

/// Everything that an expression reads, inner lists of quantifiers included.
fn operands(expression: &Expression) -> Vec<&Operand> {
    match &expression.kind {
        ExpressionKind::Operand(operand) | ExpressionKind::IsAbsent { operand, .. } => vec![operand],
        ExpressionKind::Compare { left, right, .. } | ExpressionKind::Set { left, right, .. } => vec![left, right],
        ExpressionKind::In { left, items, .. } => std::iter::once(left).chain(items).collect(),
        ExpressionKind::Like { left, patterns, .. } => std::iter::once(left).chain(patterns).collect(),
        ExpressionKind::Matches { left, .. } => vec![left],
        ExpressionKind::Quantified { list, body, .. } => std::iter::once(list).chain(operands(body)).collect(),
        ExpressionKind::Not(inner) => operands(inner),
        ExpressionKind::And(terms) | ExpressionKind::Or(terms) => terms.iter().flat_map(operands).collect(),
    }
}

fn unknown_of(knowledge: &Knowledge) -> Option<Unknown> {
    match knowledge {
        Knowledge::Unknown(unknown) | Knowledge::Bounded(_, unknown) => Some(unknown.clone()),
        Knowledge::Inapplicable(reason) => Some(Unknown::new(crate::facts::Cause::Inapplicable, reason.clone())),
        Knowledge::Known(_) | Knowledge::Absent => None,
    }
}

/// What was found of a fact, for people; `None` where nothing is known.
fn found(fact: &Fact) -> Option<String> {
    match &fact.knowledge {
        Knowledge::Known(value) => Some(value.to_string()),
        Knowledge::Absent => Some("none".to_owned()),
        Knowledge::Bounded(bounds, _) => Some(bounds_text(bounds)),
        Knowledge::Inapplicable(_) | Knowledge::Unknown(_) => None,
    }
}

fn shown(fact: &Fact) -> String {
    match &fact.knowledge {
        Knowledge::Known(value @ (Value::String(_) | Value::Word(_) | Value::Bool(_))) => format!("`{value}`"),
        Knowledge::Known(value) => value.to_string(),
        Knowledge::Absent => "absent".to_owned(),
        Knowledge::Bounded(bounds, _) => bounds_text(bounds),
        Knowledge::Inapplicable(_) | Knowledge::Unknown(_) => "not known".to_owned(),
    }
}

fn bounds_text(bounds: &Bounds) -> String {
    match bounds {
        Bounds::Names { granted, denied } => {
            format!("at least {}, not {}", Value::Names(granted.clone()), Value::Names(denied.clone()))
        }
        Bounds::Permissions { granted, .. } => format!("at least {}", Value::Permissions(granted.clone())),
        Bounds::Level { least, most } => match (least, most) {
            (Some(least), Some(most)) => format!("between {least} and {most}"),
            (Some(least), None) => format!("at least {least}"),
            (None, Some(most)) => format!("at most {most}"),
            (None, None) => "not known".to_owned(),
        },
        Bounds::Candidates(words) => english::list(words, "or"),
        Bounds::List(items) => format!("{} seen", english::count(items.len(), "item", "items")),
    }
}
