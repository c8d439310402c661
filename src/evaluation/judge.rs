//! The evaluator: truth of expressions over facts, verdicts of statements.

use std::collections::BTreeSet;

use jiff::Timestamp;

use super::builtin::builtin_outcomes;
use super::outcome::{BuiltinOutcome, Outcome, Verdict};
use super::seen::{Context, Item, Seen};
use super::truth::Truth;
use super::{abilities, every, operators};
use crate::facts::{Bounds, Cause, Causes, Credential, FactSet, SubjectRef, Value};
use crate::language::{
    CheckedPolicy, Compared, Expression, ExpressionKind, Inputs, Operand, Operator, Quantifier, Rule, RuleId, Selector,
    Statement,
};
use crate::text::glob::{self, GlobPlaces, GlobSet};
use crate::text::source::Spanned;
use crate::vocabulary::{self, NameSet, Subject};

/// Everything judged for one credential.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Judged {
    /// The outcomes of the policy's statements, in the policy's order, then by subject.
    pub outcomes: Vec<Outcome>,
    /// The broken built-in rules.
    pub builtin: Vec<BuiltinOutcome>,
}

/// A policy, its inputs and the time: ready to judge credentials. Making one costs a look at each waiver; judging costs
/// no allocation but the outcomes themselves.
#[derive(Debug)]
pub struct Evaluator<'a> {
    policy: &'a CheckedPolicy,
    inputs: &'a Inputs,
    now: Timestamp,
    /// The live waivers of each rule.
    waivers: Vec<GlobPlaces<'a>>,
}

impl<'a> Evaluator<'a> {
    /// An evaluator. With `waive` false (`--no-waivers`) all waivers are ignored.
    pub fn new(policy: &'a CheckedPolicy, inputs: &'a Inputs, now: Timestamp, waive: bool) -> Self {
        let mut waivers: Vec<GlobPlaces<'_>> = policy.rules.iter().map(|_| GlobPlaces::default()).collect();
        for (at, waiver) in policy.waivers.iter().enumerate().filter(|(_, waiver)| waive && now < waiver.ends) {
            for rule in &waiver.rules {
                if let Some(of_rule) = waivers.get_mut(rule.0) {
                    of_rule.push(at, waiver.repository.as_deref());
                }
            }
        }
        Self { policy, inputs, now, waivers }
    }

    /// The policy.
    pub const fn policy(&self) -> &'a CheckedPolicy {
        self.policy
    }

    /// The inputs.
    pub const fn inputs(&self) -> &'a Inputs {
        self.inputs
    }

    /// The time of judgement.
    pub const fn now(&self) -> Timestamp {
        self.now
    }

    /// Whether the filters of a rule's block let a credential in.
    pub fn covers(&self, rule: &Rule, credential: &Credential) -> bool {
        rule.host == credential.host
            && rule.at.as_ref().is_none_or(|at| matches_address(&at.value, &credential.url))
            && rule.credential.as_ref().is_none_or(|pattern| glob::matches(&pattern.value, &credential.name))
    }

    /// The statements that cover a credential, in the policy's order. All statements are gone through, and each asks for
    /// its rule: none can be missed because something else does not name it.
    pub fn covering(&self, credential: &Credential) -> impl Iterator<Item = &'a Statement> {
        covering(self.policy, |rule| self.covers(rule, credential))
    }

    /// The truth of an expression for a subject.
    pub fn truth(&self, expression: &Expression, facts: &FactSet, subject: SubjectRef) -> Truth {
        let context = Context { host: vocabulary::host(facts.host), facts, subject, inputs: self.inputs };
        evaluate(&context, expression, &mut Vec::new())
    }

    /// The truth of all guards of a statement together.
    pub fn guard(&self, statement: &Statement, facts: &FactSet, subject: SubjectRef) -> Truth {
        let mut all = Truth::True;
        for guard in &statement.guards {
            all = all.and(self.truth(guard, facts, subject));
            if all == Truth::False {
                break;
            }
        }
        all
    }

    /// Judges one credential by everything that covers it.
    pub fn judge(&self, credential: &Credential, facts: &FactSet) -> Judged {
        let mut outcomes = Vec::new();
        let mut selected = Vec::new();
        for statement in self.covering(credential) {
            self.subjects(statement, facts, &mut selected);
            let unseen = self.unseen(statement, credential, facts);
            if selected.is_empty() && unseen.is_none() {
                let verdict = self.without_subject(statement, credential, facts);
                outcomes.push(Outcome {
                    statement: statement.id,
                    subject: SubjectRef::Credential,
                    verdict,
                    known: false,
                });
            }
            for subject in &selected {
                let verdict = self.verdict(statement, credential, facts, *subject);
                outcomes.push(Outcome { statement: statement.id, subject: *subject, verdict, known: false });
            }
            if let Some(verdict) = unseen {
                outcomes.push(Outcome {
                    statement: statement.id,
                    subject: SubjectRef::Credential,
                    verdict,
                    known: false,
                });
            }
        }
        let builtin = builtin_outcomes(self, credential, facts, &outcomes);
        Judged { outcomes, builtin }
    }

    /// The subjects that a statement is checked for.
    pub fn subjects(&self, statement: &Statement, facts: &FactSet, into: &mut Vec<SubjectRef>) {
        into.clear();
        match statement.subject {
            Subject::Credential => into.push(SubjectRef::Credential),
            Subject::Repository => {
                let selecting = Selecting::new(&statement.selectors);
                for (at, (name, _)) in facts.repositories.iter().enumerate() {
                    if selecting.lets_in(name.as_str(), name.owner()) {
                        into.push(SubjectRef::Repository(at));
                    }
                }
            }
            Subject::Organization => {
                into.extend(selected_organizations(&statement.selectors, facts).map(SubjectRef::Organization));
            }
        }
    }

    /// A statement about repositories where none is selected: not a pass, unless a guard rules it out anyway.
    fn without_subject(&self, statement: &Statement, credential: &Credential, facts: &FactSet) -> Verdict {
        if self.guard(statement, facts, SubjectRef::Credential) == Truth::False {
            return Verdict::NotApplicable;
        }
        if credential.is_narrowed() && !statement.selectors.is_empty() {
            return Verdict::NotApplicable;
        }
        undetermined(statement, Cause::OutOfScope.into())
    }

    /// Where globs chose the repositories from a list that may be longer: the unseen ones are one undecided subject.
    fn unseen(&self, statement: &Statement, credential: &Credential, facts: &FactSet) -> Option<Verdict> {
        if statement.subject == Subject::Credential {
            return None;
        }
        let incomplete = facts.unseen()?;
        let by_glob = if facts.left_out.is_some() {
            true
        } else if credential.scope.is_empty() {
            // A statement without `each` is about all that the others' globs selected.
            statement.selectors.is_empty()
                || statement
                    .selectors
                    .iter()
                    .flat_map(|selector| &selector.patterns)
                    .any(|pattern| glob::is_pattern(&pattern.value))
        } else {
            credential.scope.iter().any(|entry| entry.needs_list(credential.host))
        };
        let all_seen = statement.selectors.iter().any(|selector| names_seen_only(selector, statement.subject, facts));
        if !by_glob || all_seen || self.guard(statement, facts, SubjectRef::Credential) == Truth::False {
            return None;
        }
        Some(undetermined(statement, incomplete.cause.into()))
    }

    fn verdict(&self, statement: &Statement, credential: &Credential, facts: &FactSet, subject: SubjectRef) -> Verdict {
        match self.guard(statement, facts, subject) {
            Truth::False => return Verdict::NotApplicable,
            Truth::Unknown(causes) => return undetermined(statement, causes),
            Truth::True => {}
        }
        let truth = self.truth(&statement.expression, facts, subject);
        let truth = if statement.verb.is_negative() { truth.not() } else { truth };
        match truth {
            Truth::True => Verdict::Pass,
            Truth::Unknown(causes) => undetermined(statement, causes),
            Truth::False => match self.waiver(statement.rule, credential, facts, subject) {
                Some(waiver) => Verdict::Waived(waiver),
                None if statement.verb.is_error() => Verdict::Violation,
                None => Verdict::Warning,
            },
        }
    }

    fn waiver(&self, rule: RuleId, credential: &Credential, facts: &FactSet, subject: SubjectRef) -> Option<usize> {
        let repository = match subject {
            SubjectRef::Repository(_) => facts.subject_name(subject),
            SubjectRef::Credential | SubjectRef::Organization(_) => None,
        };
        self.waivers.get(rule.0)?.first(repository, |at| {
            let pattern = self.policy.waivers.get(at).map(|waiver| waiver.credential.as_deref());
            pattern.is_some_and(|pattern| pattern.is_none_or(|pattern| glob::matches(pattern, &credential.name)))
        })
    }
}

/// The statements of the rules that `covers` lets in, in the policy's order. Without a rule there is no filter that could
/// keep a statement from being judged.
pub fn covering(policy: &CheckedPolicy, covers: impl Fn(&Rule) -> bool) -> impl Iterator<Item = &Statement> {
    let mut last: Option<(RuleId, bool)> = None;
    policy.statements.iter().filter(move |statement| match last {
        Some((rule, covered)) if rule == statement.rule => covered,
        _ => {
            let covered = policy.rule(statement.rule).is_none_or(&covers);
            last = Some((statement.rule, covered));
            covered
        }
    })
}

fn undetermined(statement: &Statement, causes: Causes) -> Verdict {
    let accepted = statement.acceptance.as_ref().is_some_and(|acceptance| causes.within(acceptance.causes));
    Verdict::Undetermined { causes, accepted }
}

/// Selectors, made ready for many subjects.
struct Selecting<'a>(Vec<(Subject, GlobSet<'a>, GlobSet<'a>)>);

impl<'a> Selecting<'a> {
    fn new(selectors: &'a [Selector]) -> Self {
        fn set(words: &[Spanned<String>]) -> GlobSet<'_> {
            words.iter().map(|word| word.value.as_str()).collect()
        }
        Self(selectors.iter().map(|one| (one.subject, set(&one.patterns), set(&one.except))).collect())
    }

    /// Whether all of them let a repository in, or an organisation, which is its own owner.
    fn lets_in(&self, name: &str, owner: &str) -> bool {
        self.0.iter().all(|(subject, patterns, except)| {
            let subject = if *subject == Subject::Organization { owner } else { name };
            patterns.matches(subject) && !except.matches(subject)
        })
    }
}

/// The organisations that selectors let in, by position: those over organisations by their names, those over
/// repositories by a repository of theirs that all of them let in.
fn selected_organizations(selectors: &[Selector], facts: &FactSet) -> impl Iterator<Item = usize> {
    let selecting = Selecting::new(selectors);
    let by_repository = selectors.iter().any(|selector| selector.subject != Subject::Organization);
    let selected: BTreeSet<usize> = if by_repository {
        let repositories = facts.repositories.iter().map(|(name, _)| name);
        let let_in = repositories.filter(|name| selecting.lets_in(name.as_str(), name.owner()));
        let_in.filter_map(|name| facts.organization_position(name.owner())).collect()
    } else {
        let organizations = facts.organizations.iter().enumerate();
        organizations.filter(|(_, (name, _))| selecting.lets_in(name, name)).map(|(at, _)| at).collect()
    };
    selected.into_iter()
}

/// Whether a selector names its subjects exactly, and each of them is there: then the unseen ones are none of its.
fn names_seen_only(selector: &Selector, subject: Subject, facts: &FactSet) -> bool {
    let seen = |name: &str| match selector.subject {
        Subject::Organization => facts.organizations.position(name).is_some(),
        _ => facts.repositories.position(name).is_some(),
    };
    (selector.subject == subject || subject == Subject::Organization)
        && selector.patterns.iter().all(|pattern| !glob::is_pattern(&pattern.value) && seen(&pattern.value))
}

/// Whether a block's `at` matches an address: its host, its authority with port, or the whole address.
fn matches_address(pattern: &str, url: &str) -> bool {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let authority = rest.split('/').next().unwrap_or(rest);
    let host = authority.rsplit_once(':').map_or(authority, |(host, _)| host);
    [host, authority, rest, url].iter().any(|text| glob::matches(pattern, text))
}

/// Evaluates an expression. `items` are the items bound by quantifiers around it.
pub(super) fn evaluate<'a>(context: &Context<'a>, expression: &'a Expression, items: &mut Vec<Item<'a>>) -> Truth {
    match &expression.kind {
        ExpressionKind::Operand(operand) => match context.see(operand, items) {
            Seen::Value(Value::Bool(value)) => Truth::from(*value),
            Seen::Open(causes) | Seen::Bounded(_, causes) => Truth::Unknown(causes),
            // "No such value" is neither true nor false.
            Seen::NoValue => Truth::Unknown(Cause::Inapplicable.into()),
            _ => Truth::Unknown(Cause::Malformed.into()),
        },
        ExpressionKind::Not(inner) => evaluate(context, inner, items).not(),
        ExpressionKind::And(terms) => {
            let mut all = Truth::True;
            for term in terms {
                all = all.and(evaluate(context, term, items));
                if all == Truth::False {
                    break;
                }
            }
            all
        }
        ExpressionKind::Or(terms) => {
            let mut any = Truth::False;
            for term in terms {
                any = any.or(evaluate(context, term, items));
                if any == Truth::True {
                    break;
                }
            }
            any
        }
        ExpressionKind::Compare { left, operator, right, compared } => {
            operators::compare(&context.see(left, items), *operator, &context.see(right, items), *compared)
        }
        ExpressionKind::In { left, items: list, negated, compared } => {
            let is_any = |seen: &Seen<'_>| {
                let mut any = Truth::False;
                for item in list {
                    any = any.or(is_item(seen, &context.see(item, items), *compared));
                    if any == Truth::True {
                        break;
                    }
                }
                any
            };
            let seen = context.see(left, items);
            // Of a word that is one of several, each is looked for in the whole list: all may be in it, though none alone.
            let any = match operators::candidates(&seen, *compared) {
                Some((words, causes)) => operators::agree(words.iter().map(|word| is_any(&Seen::Word(word))), causes),
                None => is_any(&seen),
            };
            if *negated { any.not() } else { any }
        }
        ExpressionKind::Set { left, operator, right, compared } => {
            match operators::set(&context.see(left, items), *operator, &context.see(right, items), *compared) {
                Truth::Unknown(causes) => {
                    let why = abilities::open(context.facts, context.subject, left, *operator, right);
                    Truth::Unknown(abilities::causes(&why).unwrap_or(causes))
                }
                decided => decided,
            }
        }
        ExpressionKind::Like { left, patterns, negated } => {
            let truth = with_text(context, left, items, |text| {
                let mut any = Truth::False;
                for pattern in patterns {
                    any = any.or(is_like(text, &context.see(pattern, items)));
                    if any == Truth::True {
                        break;
                    }
                }
                any
            });
            if *negated { truth.not() } else { truth }
        }
        ExpressionKind::Matches { left, pattern } => {
            with_text(context, left, items, |text| Truth::from(pattern.is_match(text)))
        }
        ExpressionKind::IsAbsent { operand, negated } => {
            let truth = match context.see(operand, items) {
                // What holds something for certain is not absent.
                Seen::Bounded(Bounds::Names { granted, .. }, _) if !granted.is_empty() => Truth::False,
                Seen::Bounded(Bounds::Permissions { granted, .. }, _) if !granted.is_empty() => Truth::False,
                Seen::Bounded(Bounds::List(records), _) if !records.is_empty() => Truth::False,
                Seen::Open(causes) | Seen::Bounded(_, causes) => Truth::Unknown(causes),
                Seen::Never | Seen::Word(_) | Seen::Empty | Seen::NoValue => Truth::True,
                Seen::Value(_) | Seen::Every(_) | Seen::Text(_) | Seen::Integer(_) | Seen::AtLeast(..) => Truth::False,
            };
            if *negated { truth.not() } else { truth }
        }
        ExpressionKind::Quantified { quantifier, list, depth, body } => {
            quantified(context, *quantifier, list, *depth, body, items)
        }
    }
}

/// Whether a scalar is an item of a list; an input of strings stands for all of its items.
fn is_item(left: &Seen<'_>, item: &Seen<'_>, compared: Compared) -> Truth {
    let Seen::Value(Value::Strings(strings)) = item else {
        return operators::compare(left, Operator::Equal, item, compared);
    };
    match left {
        Seen::Text(text) => Truth::from(strings.contains(*text)),
        Seen::Value(Value::String(text)) => Truth::from(strings.contains(text)),
        Seen::NoValue => Truth::False,
        Seen::Open(causes) | Seen::Bounded(_, causes) => Truth::Unknown(*causes),
        _ => Truth::Unknown(Cause::Malformed.into()),
    }
}

/// Whether a text matches a glob, or one of several.
fn is_like(text: &str, pattern: &Seen<'_>) -> Truth {
    match pattern {
        Seen::Value(Value::String(pattern)) => Truth::from(glob::matches(pattern, text)),
        Seen::Value(Value::Strings(patterns)) => {
            Truth::from(patterns.iter().any(|pattern| glob::matches(pattern, text)))
        }
        Seen::Open(causes) => Truth::Unknown(*causes),
        _ => Truth::Unknown(Cause::Malformed.into()),
    }
}

fn with_text<'a>(context: &Context<'a>, left: &'a Operand, items: &[Item<'a>], test: impl Fn(&str) -> Truth) -> Truth {
    match context.see(left, items) {
        Seen::Text(text) => test(text),
        Seen::Value(Value::String(text)) => test(text),
        Seen::NoValue => Truth::False,
        Seen::Open(causes) | Seen::Bounded(_, causes) => Truth::Unknown(causes),
        _ => Truth::Unknown(Cause::Malformed.into()),
    }
}

/// The names of a partly known set that are items of it for certain. A granted name that another one implies may be
/// granted through that one, which would then be the item.
pub(super) fn certain_items(granted: &NameSet) -> impl Iterator<Item = &str> {
    let table = granted.table();
    let implied = |name: &str| table.names.iter().any(|row| row.implies.contains(&name));
    granted.names().into_iter().filter(move |name| !implied(name))
}

fn quantified<'a>(
    context: &Context<'a>,
    quantifier: Quantifier,
    list: &'a Operand,
    depth: usize,
    body: &'a Expression,
    items: &mut Vec<Item<'a>>,
) -> Truth {
    let seen = context.see(list, items);
    // What the body names is among all that there are, and something else is, too: these decide. Where the body looks at
    // more than whole strings, what else there is may decide otherwise.
    let every = match seen {
        Seen::Every(_) => {
            let named = every::named(context, depth, body, items);
            (named.texts, (!named.is_all).then(|| Cause::NotRevealable.into()))
        }
        _ => (Vec::new(), None),
    };
    let mut judge_all = |seen: &mut dyn Iterator<Item = Item<'a>>, rest: Option<Causes>| {
        // The unseen tail is one unknown operand: seen items can still decide.
        let mut result = match (quantifier, rest) {
            (_, Some(causes)) => Truth::Unknown(causes),
            (Quantifier::Any, None) => Truth::False,
            (Quantifier::All, None) => Truth::True,
        };
        for item in seen {
            items.truncate(depth);
            items.push(item);
            let truth = evaluate(context, body, items);
            items.truncate(depth);
            result = match quantifier {
                Quantifier::Any => result.or(truth),
                Quantifier::All => result.and(truth),
            };
            if matches!((quantifier, result), (Quantifier::Any, Truth::True) | (Quantifier::All, Truth::False)) {
                break;
            }
        }
        result
    };
    match seen {
        Seen::Value(Value::Records(records)) => judge_all(&mut records.iter().map(Item::Record), None),
        Seen::Value(Value::Strings(strings)) => judge_all(&mut strings.iter().map(|text| Item::Text(text)), None),
        Seen::Value(Value::Names(names)) => judge_all(&mut names.names().into_iter().map(Item::Text), None),
        Seen::Bounded(Bounds::List(records), causes) => judge_all(&mut records.iter().map(Item::Record), Some(causes)),
        Seen::Bounded(Bounds::Names { granted, .. }, causes) => {
            judge_all(&mut certain_items(granted).map(Item::Text), Some(causes))
        }
        Seen::Every(_) => {
            let (texts, rest) = every;
            judge_all(&mut texts.into_iter().map(Item::Text), rest)
        }
        Seen::Empty => judge_all(&mut std::iter::empty(), None),
        Seen::Bounded(_, causes) | Seen::Open(causes) => Truth::Unknown(causes),
        Seen::NoValue => Truth::Unknown(Cause::Inapplicable.into()),
        _ => Truth::Unknown(Cause::Malformed.into()),
    }
}
