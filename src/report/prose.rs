//! Rules in English: what a checked expression demands, in sentences that say no more and no less than it does.

use jiff::{SignedDuration, Timestamp};

use crate::facts::Value;
use crate::language::{
    Acceptance, CheckedPolicy, Compared, Expression, ExpressionKind, Operand, Operator, OrderOperator, Quantifier,
    Rule, Selector, SetOperator, Statement, Verb,
};
use crate::text::{english, glob};
use crate::vocabulary::{self, Host, HostKind, Subject};

/// Puts the expressions of one host's rules into words.
#[derive(Clone, Copy)]
pub(super) struct Prose<'a> {
    policy: &'a CheckedPolicy,
    host: &'static Host,
    /// Which bound item is the nearest one, "it".
    depth: usize,
}

/// A clause that can be turned: "`x` is `y`", "`x` is not `y`", "`x` must be `y`".
struct Clause {
    subject: String,
    /// Third person and base form: is and be, grants and grant.
    verb: (&'static str, &'static str),
    negated: bool,
    rest: String,
    /// What follows a negated verb where that differs: "at least one of" and "any of".
    negated_rest: Option<String>,
}

impl Clause {
    fn be(subject: String, rest: String) -> Self {
        Self { subject, verb: ("is", "be"), negated: false, rest, negated_rest: None }
    }

    const fn turned(mut self, turn: bool) -> Self {
        self.negated ^= turn;
        self
    }

    fn rest(&self) -> &str {
        self.negated_rest.as_deref().filter(|_| self.negated).unwrap_or(&self.rest)
    }

    fn indicative(&self) -> String {
        let Self { subject, verb: (third, base), negated, .. } = self;
        let rest = self.rest();
        match (*negated, *base) {
            (false, _) => format!("{subject} {third} {rest}"),
            (true, "be") => format!("{subject} {third} not {rest}"),
            (true, base) => format!("{subject} does not {base} {rest}"),
        }
    }

    fn modal(&self, modal: &str) -> String {
        let not = if self.negated { " not" } else { "" };
        format!("{} {modal}{not} {} {}", self.subject, self.verb.1, self.rest())
    }
}

impl<'a> Prose<'a> {
    pub(super) fn new(policy: &'a CheckedPolicy, host: HostKind) -> Self {
        Self { policy, host: vocabulary::host(host), depth: 0 }
    }

    /// What a statement demands, as a sentence.
    pub(super) fn statement(self, statement: &Statement) -> String {
        let modal = if statement.verb.is_error() { "must" } else { "should" };
        let negative = statement.verb.is_negative();
        let expression = &statement.expression;
        let demand = match (&expression.kind, self.clause(expression)) {
            (_, Some(clause)) => clause.turned(negative).modal(modal),
            (ExpressionKind::And(terms), None) if !negative && terms.iter().all(|term| self.clause(term).is_some()) => {
                let all = terms.iter().filter_map(|term| self.clause(term)).map(|clause| clause.modal(modal));
                english::list(all, "and")
            }
            _ if negative => format!("it {modal} not be the case that {}", self.condition(expression)),
            _ => format!("it {modal} be the case that {}", self.condition(expression)),
        };
        format!("{}.", capital(&demand))
    }

    /// What follows where it does not hold.
    pub(super) const fn consequence(verb: Verb) -> &'static str {
        if verb.is_error() { "broken, it is a violation (exit 1)" } else { "broken, it is a warning" }
    }

    /// For whom a statement is checked: its subject and its selectors.
    pub(super) fn subject(statement: &Statement) -> String {
        let whose = match statement.subject {
            Subject::Credential => "once for the credential".to_owned(),
            Subject::Repository => "once for each repository in scope".to_owned(),
            Subject::Organization => "once for each organisation in scope".to_owned(),
        };
        let selectors: Vec<String> = statement.selectors.iter().map(selector).collect();
        if selectors.is_empty() { whose } else { format!("{whose} {}", english::list(selectors, "and")) }
    }

    /// The guards of a statement, as a condition; `None` where there is none.
    pub(super) fn guards(self, statement: &Statement) -> Option<String> {
        if statement.guards.is_empty() {
            return None;
        }
        Some(english::list(statement.guards.iter().map(|guard| self.condition(guard)), "and"))
    }

    /// Which credentials a rule is for.
    pub(super) fn credentials(self, rule: &Rule) -> String {
        let mut text = format!("each credential on {}", self.host.title);
        if let Some(at) = &rule.at {
            text.push_str(&format!(" at an address like `{}`", at.value));
        }
        if let Some(name) = &rule.credential {
            text.push_str(&format!(" with a name like `{}`", name.value));
        }
        text
    }

    /// What a rule accepts of the unknown.
    pub(super) fn acceptance(acceptance: &Acceptance) -> String {
        let causes: Vec<String> = acceptance.causes.iter().map(|cause| format!("`{}`", cause.word())).collect();
        format!(
            "where it cannot be decided for the cause {}, that is accepted in writing, because \"{}\": it stays \
             undetermined, is shown and counted, and does not lead to exit 3 unless `--strict` says so",
            english::list(causes, "or"),
            acceptance.because
        )
    }

    /// An expression as a condition.
    pub(super) fn condition(self, expression: &Expression) -> String {
        self.turned(expression, false, false)
    }

    /// `inner` says whether it stands inside another connection, which then needs to be told apart.
    fn turned(self, expression: &Expression, negated: bool, inner: bool) -> String {
        if let Some(clause) = self.clause(expression) {
            return clause.turned(negated).indicative();
        }
        match &expression.kind {
            ExpressionKind::Not(of) => self.turned(of, !negated, inner),
            ExpressionKind::And(terms) | ExpressionKind::Or(terms) => {
                // Not both is one of them not, and the other way round.
                let and = matches!(expression.kind, ExpressionKind::And(_)) ^ negated;
                let all: Vec<String> = terms.iter().map(|term| self.turned(term, negated, true)).collect();
                let joined = all.join(if and { ", and " } else { ", or " });
                match (and, inner) {
                    (_, true) => format!("({joined})"),
                    (true, false) => joined,
                    (false, false) => format!("either {joined}"),
                }
            }
            ExpressionKind::Quantified { quantifier, list, body, depth } => {
                let inner = Self { depth: *depth, ..self };
                let of = self.operand(list);
                // No item with it is every item without it.
                let (some, negated) = match (quantifier, negated) {
                    (Quantifier::Any, false) => ("for at least one item of", false),
                    (Quantifier::Any, true) => ("for no item of", false),
                    (Quantifier::All, false) => ("for every item of", false),
                    (Quantifier::All, true) => ("for at least one item of", true),
                };
                format!("{some} {of}, {}", inner.turned(body, negated, false))
            }
            _ => String::new(),
        }
    }

    /// A leaf as a clause; `None` for what connects others.
    fn clause(self, expression: &Expression) -> Option<Clause> {
        Some(match &expression.kind {
            ExpressionKind::Not(of) => self.clause(of)?.turned(true),
            ExpressionKind::And(_) | ExpressionKind::Or(_) | ExpressionKind::Quantified { .. } => return None,
            ExpressionKind::Operand(operand) => Clause::be(self.operand(operand), "true".into()),
            ExpressionKind::Compare { left, operator, right, compared } => {
                self.comparison(left, *operator, right, *compared)
            }
            ExpressionKind::In { left, items, negated, .. } => {
                let all: Vec<String> = items.iter().flat_map(|item| self.items(item)).collect();
                let text = match all.as_slice() {
                    [] => "one of none".to_owned(),
                    [only] => only.clone(),
                    all if *negated => format!("one of {}", english::list(all, "and")),
                    all => english::list(all, "or"),
                };
                Clause::be(self.operand(left), text).turned(*negated)
            }
            ExpressionKind::Set { left, operator, right, compared } => self.set(left, *operator, right, *compared),
            ExpressionKind::Like { left, patterns, negated } => {
                let all: Vec<String> = patterns.iter().flat_map(|pattern| self.items(pattern)).collect();
                let rest = format!("{} (`*` is any text, letters' case does not count)", english::list(all, "or"));
                Clause {
                    subject: self.operand(left),
                    verb: ("matches", "match"),
                    negated: *negated,
                    rest,
                    negated_rest: None,
                }
            }
            ExpressionKind::Matches { left, pattern } => {
                let text = pattern.as_str();
                let own = text.strip_prefix("^(?:").and_then(|text| text.strip_suffix(")$")).unwrap_or(text);
                let rest = format!("the regular expression `{own}` as a whole");
                Clause {
                    subject: self.operand(left),
                    verb: ("matches", "match"),
                    negated: false,
                    rest,
                    negated_rest: None,
                }
            }
            ExpressionKind::IsAbsent { operand, negated } => {
                Clause::be(self.operand(operand), "absent".into()).turned(*negated)
            }
        })
    }

    fn comparison(self, left: &Operand, operator: Operator, right: &Operand, compared: Compared) -> Clause {
        let other = self.operand(right);
        let time = is_time(self.host, left) || is_time(self.host, right);
        let order = |less, at_most, greater, at_least| match operator {
            Operator::Order(OrderOperator::Less) => format!("{less} {other}"),
            Operator::Order(OrderOperator::AtMost) => format!("{at_most} {other}"),
            Operator::Order(OrderOperator::Greater) => format!("{greater} {other}"),
            Operator::Order(OrderOperator::AtLeast) => format!("{at_least} {other}"),
            Operator::Equal | Operator::NotEqual => other.clone(),
        };
        let rest = match compared {
            Compared::Level(_) => order("below", "at most", "above", "at least"),
            _ if time => match operator {
                Operator::Order(OrderOperator::Less) => format!("before {other}"),
                Operator::Order(OrderOperator::AtMost) => format!("{other} or earlier"),
                Operator::Order(OrderOperator::Greater) => format!("after {other}"),
                Operator::Order(OrderOperator::AtLeast) => format!("{other} or later"),
                Operator::Equal | Operator::NotEqual => other,
            },
            _ => order("less than", "at most", "more than", "at least"),
        };
        Clause::be(self.operand(left), rest).turned(operator == Operator::NotEqual)
    }

    fn set(self, left: &Operand, operator: SetOperator, right: &Operand, compared: Compared) -> Clause {
        let all = self.items(right);
        let listed = english::list(&all, "and");
        let several = all.len() > 1;
        let (third, base, rest, negated_rest) = match operator {
            SetOperator::Covers if all.is_empty() => ("covers", "cover", "nothing".to_owned(), None),
            SetOperator::Covers if several => ("covers", "cover", listed.clone(), Some(format!("all of {listed}"))),
            SetOperator::Covers => ("covers", "cover", listed, None),
            SetOperator::Within if all.is_empty() => ("stays", "stay", "empty".to_owned(), None),
            SetOperator::Within => ("stays", "stay", format!("within {listed}"), None),
            SetOperator::Overlaps if several => {
                ("has", "have", format!("at least one of {listed}"), Some(format!("any of {listed}")))
            }
            SetOperator::Overlaps if all.is_empty() => ("has", "have", "one of none".to_owned(), None),
            SetOperator::Overlaps => ("has", "have", listed, None),
        };
        let implied = match compared {
            _ if all.is_empty() => "",
            Compared::Names(table) if table.names.iter().any(|name| !name.implies.is_empty()) => {
                " (what a scope implies counts)"
            }
            Compared::Permissions(_) => " (a higher level counts as every lower one)",
            _ => "",
        };
        Clause {
            subject: self.operand(left),
            verb: (third, base),
            negated: false,
            rest: format!("{rest}{implied}"),
            negated_rest: negated_rest.map(|rest| format!("{rest}{implied}")),
        }
    }

    /// The items of a list literal, each in words; another operand is its own only item.
    fn items(self, operand: &Operand) -> Vec<String> {
        match operand {
            Operand::Literal { value: Value::Names(set), .. } => quoted(set.names()),
            Operand::Literal { value: Value::Strings(set), .. } => quoted(set),
            Operand::Literal { value: Value::Permissions(map), .. } => {
                map.iter().map(|(name, level)| format!("`{name} = {level}`")).collect()
            }
            other => vec![self.operand(other)],
        }
    }

    fn operand(self, operand: &Operand) -> String {
        match operand {
            Operand::Fact(fact) => format!("`{}`", self.host.row(fact.index).path),
            Operand::Field(field) => match (field.name, field.depth == self.depth) {
                (Some(name), true) => format!("its `{name}`"),
                (None, true) => "it".to_owned(),
                (Some(name), false) => format!("the outer item's `{name}`"),
                (None, false) => "the outer item".to_owned(),
            },
            Operand::Literal { value: Value::Names(_) | Value::Strings(_) | Value::Permissions(_), .. } => {
                english::list(self.items(operand), "and")
            }
            Operand::Literal { value, .. } => literal(value),
            Operand::Never(_) => "`never`".to_owned(),
            Operand::Input(id, _) => match self.policy.inputs.get(id.0) {
                Some(input) => match &input.default {
                    Some(default) => format!("the input `{}` ({} unless given)", input.name, short(default)),
                    None => format!("the input `{}`", input.name),
                },
                None => "an input".to_owned(),
            },
            Operand::Count(of, _) => format!("the number of items of {}", self.operand(of)),
        }
    }
}

fn quoted<S: AsRef<str>>(items: impl IntoIterator<Item = S>) -> Vec<String> {
    items.into_iter().map(|item| format!("`{}`", item.as_ref())).collect()
}

fn selector(selector: &Selector) -> String {
    let all = selector.patterns.iter().map(|pattern| named(&pattern.value));
    let mut text = format!("that is {}", english::list(all, "or"));
    if !selector.except.is_empty() {
        let except = selector.except.iter().map(|pattern| named(&pattern.value));
        text.push_str(&format!(", and is not {}", english::list(except, "or")));
    }
    text
}

/// A name, or what is like a glob.
fn named(pattern: &str) -> String {
    if glob::is_pattern(pattern) { format!("like `{pattern}`") } else { format!("`{pattern}`") }
}

fn is_time(host: &Host, operand: &Operand) -> bool {
    match operand {
        Operand::Fact(fact) => host.row(fact.index).ty == vocabulary::Type::Time,
        Operand::Literal { value, .. } => matches!(value, Value::Time(_)),
        _ => false,
    }
}

/// A single value in words.
fn literal(value: &Value) -> String {
    match value {
        Value::Duration(duration) => duration_words(*duration),
        Value::Time(time) => format!("{} UTC", time_words(*time)),
        Value::Integer(_) | Value::Records(_) => value.to_string(),
        Value::Version(version) => format!("version {version}"),
        other => format!("`{other}`"),
    }
}

/// A default value, in brackets.
fn short(value: &Value) -> String {
    match value {
        Value::Strings(set) => english::list(quoted(set), "and"),
        other => literal(other),
    }
}

/// A duration in the largest unit that divides it: "7 days", "36 hours".
fn duration_words(duration: SignedDuration) -> String {
    let seconds = duration.as_secs();
    let units =
        [(86_400, "day", "days"), (3_600, "hour", "hours"), (60, "minute", "minutes"), (1, "second", "seconds")];
    for (size, singular, plural) in units {
        if seconds % size == 0 && (seconds != 0 || size == 1) {
            let number = seconds / size;
            return format!("{number} {}", if number == 1 { singular } else { plural });
        }
    }
    format!("{seconds} seconds")
}

/// A date where it is midnight, else date and time.
fn time_words(time: Timestamp) -> String {
    let text = time.to_string();
    match text.split_once('T') {
        Some((date, "00:00:00Z")) => format!("{date}, 00:00"),
        Some((date, clock)) => format!("{date}, {}", clock.trim_end_matches('Z')),
        None => text,
    }
}

/// The sentence with a capital letter, where it begins with a word of ours.
fn capital(text: &str) -> String {
    let mut characters = text.chars();
    match characters.next() {
        Some(first) => first.to_uppercase().chain(characters).collect(),
        None => String::new(),
    }
}
