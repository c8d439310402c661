//! Explanations: the page of a diagnostic, and a rule in plain English with what it costs and who can decide it.

mod code;
mod rule;
pub mod v1;

pub use code::code_page;
pub use rule::{builtin_page, rule_page};

use crate::evaluation::BuiltinRule;
use crate::facts::reveal::{Knowable, knowable};
use crate::language::{CheckedPolicy, Expression, ExpressionKind, Operand, Rule, Statement, StatementId};
use crate::vocabulary::{self, CredentialKind, FactIndex, Host, Request};

/// A rule to explain.
#[derive(Clone, Debug)]
pub struct Explained<'a> {
    /// Its policy.
    pub policy: &'a CheckedPolicy,
    /// The rule.
    pub rule: &'a Rule,
    /// The file it is written in, as shown.
    pub file: String,
    /// The line of its header, from 1.
    pub line: usize,
    /// What it means for each kind of credential of its host, in the table's order.
    pub kinds: Vec<OfKind>,
}

/// What the plan says of a rule for one kind of credential.
#[derive(Clone, Debug)]
pub struct OfKind {
    /// The kind.
    pub kind: &'static CredentialKind,
    /// The statements that no guard rules out for this kind.
    pub applies: Vec<StatementId>,
    /// The requests that the rule costs alone, with the facts each is asked for.
    pub requests: Vec<(&'static Request, Vec<FactIndex>)>,
}

impl OfKind {
    fn applies(&self, statement: &Statement) -> bool {
        self.applies.contains(&statement.id)
    }
}

impl Explained<'_> {
    fn statements(&self) -> impl Iterator<Item = &Statement> {
        self.rule.statements.iter().filter_map(|id| self.policy.statement(*id))
    }
}

/// Whether a statement can be decided with a kind of credential: its guards and what it demands.
fn decidable(host: &'static Host, kind: &'static CredentialKind, statement: &Statement) -> Knowable {
    let of = |expression: &Expression| expression_knowable(host, kind, expression);
    statement.guards.iter().map(of).fold(Knowable::Always, Knowable::and).and(of(&statement.expression))
}

fn expression_knowable(host: &'static Host, kind: &'static CredentialKind, expression: &Expression) -> Knowable {
    let of = |operand: &Operand| operand_knowable(host, kind, operand);
    match &expression.kind {
        ExpressionKind::Not(inner) => expression_knowable(host, kind, inner),
        // One false term decides `and`, one true term `or`, whatever the others are.
        ExpressionKind::And(terms) | ExpressionKind::Or(terms) => terms
            .iter()
            .map(|term| expression_knowable(host, kind, term))
            .reduce(Knowable::or)
            .unwrap_or(Knowable::Always),
        ExpressionKind::Quantified { list, body, .. } => of(list).and(expression_knowable(host, kind, body)),
        ExpressionKind::Operand(operand) | ExpressionKind::IsAbsent { operand, .. } => of(operand),
        ExpressionKind::Compare { left, right, .. } | ExpressionKind::Set { left, right, .. } => {
            of(left).and(of(right))
        }
        ExpressionKind::In { left, items, .. } => items.iter().map(of).fold(of(left), Knowable::and),
        ExpressionKind::Like { left, patterns, .. } => patterns.iter().map(of).fold(of(left), Knowable::and),
        ExpressionKind::Matches { left, .. } => of(left),
    }
}

fn operand_knowable(host: &'static Host, kind: &'static CredentialKind, operand: &Operand) -> Knowable {
    match operand {
        Operand::Fact(fact) => knowable(host, host.row(fact.index), kind),
        Operand::Count(inner, _) => operand_knowable(host, kind, inner),
        Operand::Field(_) | Operand::Literal { .. } | Operand::Never(_) | Operand::Input(..) => Knowable::Always,
    }
}

/// The facts that a statement reads, those of its guards first, each once.
fn facts_of(statement: &Statement, host: &'static Host) -> Vec<&'static str> {
    let mut paths: Vec<&'static str> = Vec::new();
    for index in statement.guard_facts.iter().chain(&statement.facts) {
        let path = host.row(*index).path;
        if !paths.contains(&path) {
            paths.push(path);
        }
    }
    paths
}

/// What a built-in rule demands, why, and the code of its diagnostic.
pub(in crate::report) const fn builtin(rule: BuiltinRule) -> (&'static str, &'static str, crate::diagnostic::Code) {
    use crate::diagnostic::Code;
    match rule {
        BuiltinRule::CredentialValid => (
            "The host must accept the credential, and a declared credential must have a secret.",
            "A credential that is revoked, expired or missing fails every job of the bot, whatever else a policy says.",
            Code::CredentialRefused,
        ),
        BuiltinRule::RightHost => (
            "The secret's shape and the username must belong to the vendor of the host that they are configured for.",
            "A token sent to another vendor's host is given away; nothing is sent where this rule is broken.",
            Code::WrongHost,
        ),
        BuiltinRule::CredentialAccepted => (
            "No organisation or instance may refuse the credential: by single sign-on, by its kind, its lifetime, its \
             app, its network address or a suspension.",
            "Such a refusal looks like missing repositories or permissions, and is neither.",
            Code::NotAccepted,
        ),
        BuiltinRule::RepositoryVisible => (
            "Every repository in scope must answer.",
            "Hosts answer 404 for what a credential may not see, so a wrong name and a missing right look alike.",
            Code::NotVisible,
        ),
        BuiltinRule::UsernameMatches => (
            "The configured username must be the one that the host says the credential belongs to.",
            "Bots compare that name with authors of comments, and sign in to Git with it.",
            Code::UsernameDiffers,
        ),
        BuiltinRule::KindCovered => (
            "Some statement must judge this kind of credential: guards must not rule out all of them.",
            "A policy that never meant this kind would otherwise look like one that it passed.",
            Code::KindNotCovered,
        ),
    }
}

/// The host of a rule.
fn host_of(rule: &Rule) -> &'static Host {
    vocabulary::host(rule.host)
}
