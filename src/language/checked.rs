//! The checked policy: every name resolved to a row, every literal to a value of its type. Nothing here can be wrong.

use jiff::Timestamp;

use super::pattern::Pattern;
use crate::facts::{Causes, Knowledge, Value};
use crate::text::source::{SourceId, Span, Spanned};
use crate::vocabulary::{FactIndex, HostKind, LevelTable, NameTable, PermissionTable, Subject, Type};

/// A policy that passed every check, with all files it uses.
#[derive(Debug, Default)]
pub struct CheckedPolicy {
    /// The files, roots first.
    pub files: Vec<PolicyFile>,
    /// The rules, one per host kind of its block; a [`RuleId`] is a position here.
    pub rules: Vec<Rule>,
    /// The statements; a [`StatementId`] is a position here.
    pub statements: Vec<Statement>,
    /// The inputs of all files, one namespace; an [`InputId`] is a position here.
    pub inputs: Vec<Input>,
    /// The waivers of the root files.
    pub waivers: Vec<Waiver>,
    /// The tests of the root files.
    pub tests: Vec<Test>,
}

/// A file of the policy.
#[derive(Debug)]
pub struct PolicyFile {
    /// Its text in the source map.
    pub source: SourceId,
    /// Its name as shown.
    pub name: String,
    /// Hexadecimal SHA-256 of its bytes.
    pub sha256: String,
    /// Whether the command line names it (or an import brought it).
    pub root: bool,
    /// Where a file that an import brought is first used.
    pub used_at: Option<Span>,
}

/// A rule's position in [`CheckedPolicy::rules`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct RuleId(pub usize);

/// A statement's position in [`CheckedPolicy::statements`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct StatementId(pub usize);

/// An input's position in [`CheckedPolicy::inputs`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct InputId(pub usize);

/// A rule for one host kind. A bare statement makes a rule of its own.
#[derive(Clone, Debug)]
pub struct Rule {
    /// The host kind it is for.
    pub host: HostKind,
    /// The full name: `github.repo-scope`, or `github.token.scopes` for a bare statement.
    pub name: String,
    /// The name without the host; `None` for a bare statement, which cannot be named by others.
    pub short_name: Option<String>,
    /// Its title in quotes.
    pub title: Option<String>,
    /// Its `because`, `fix` and `see`.
    pub words: Words,
    /// What it accepts of the unknown.
    pub acceptance: Option<Acceptance>,
    /// Globs on the host's address and on the credential's name (`at`, `credential` of the block).
    pub at: Option<Spanned<String>>,
    /// See `at`.
    pub credential: Option<Spanned<String>>,
    /// Its statements, in order.
    pub statements: Vec<StatementId>,
    /// The header: `rule NAME`, or the bare statement.
    pub span: Span,
    /// The block's header: `host github`.
    pub block: Span,
    /// The file it is written in.
    pub source: SourceId,
}

/// The policy's own words of a rule. Untrusted where printed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Words {
    /// Why the rule exists.
    pub because: Option<String>,
    /// How to mend.
    pub fix: Option<String>,
    /// Where to read more; `https` only.
    pub see: Option<String>,
}

/// `on unknown (…) warn because "…"`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Acceptance {
    /// The causes it accepts.
    pub causes: Causes,
    /// Its reason.
    pub because: String,
    /// The clause.
    pub span: Span,
}

/// The verb: the severity, and which way round.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Verb {
    /// Must hold.
    Require,
    /// Must not hold.
    Forbid,
    /// Should hold.
    Prefer,
    /// Should not hold.
    Avoid,
}

impl Verb {
    /// The word in policies and JSON.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Require => "require",
            Self::Forbid => "forbid",
            Self::Prefer => "prefer",
            Self::Avoid => "avoid",
        }
    }

    /// Whether a broken statement is an error (else a warning).
    pub const fn is_error(self) -> bool {
        matches!(self, Self::Require | Self::Forbid)
    }

    /// Whether the expression must be false.
    pub const fn is_negative(self) -> bool {
        matches!(self, Self::Forbid | Self::Avoid)
    }
}

/// One statement of one rule.
#[derive(Clone, Debug)]
pub struct Statement {
    /// Its own position.
    pub id: StatementId,
    /// Its rule.
    pub rule: RuleId,
    /// Its number within the rule, from 1.
    pub number: usize,
    /// The verb.
    pub verb: Verb,
    /// What must (or must not) hold.
    pub expression: Expression,
    /// All guards around it and in its rule, outermost first: all must hold for the statement to apply.
    pub guards: Vec<Expression>,
    /// The `each` blocks around it, outermost first.
    pub selectors: Vec<Selector>,
    /// What it is checked once for: each repository if it or a guard reads a repository's fact, and so on.
    pub subject: Subject,
    /// The facts that the guards read.
    pub guard_facts: Vec<FactIndex>,
    /// The facts that the expression reads.
    pub facts: Vec<FactIndex>,
    /// Its words: those on its own line, else its rule's.
    pub words: Words,
    /// What it accepts of the unknown: said on its own line, else by its rule.
    pub acceptance: Option<Acceptance>,
    /// Verb and expression.
    pub span: Span,
}

/// `each repository in […] except […]`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Selector {
    /// Repositories or organisations.
    pub subject: Subject,
    /// Names and globs.
    pub patterns: Vec<Spanned<String>>,
    /// Names and globs taken out again.
    pub except: Vec<Spanned<String>>,
    /// The selector's header.
    pub span: Span,
}

/// An expression of type bool, with its place.
#[derive(Clone, Debug)]
pub struct Expression {
    /// What.
    pub kind: ExpressionKind,
    /// Where.
    pub span: Span,
}

/// What an expression is.
#[derive(Clone, Debug)]
pub enum ExpressionKind {
    /// `true`, `false`, or a bool input.
    Operand(Operand),
    /// `not E`.
    Not(Box<Expression>),
    /// `E and E …`.
    And(Vec<Expression>),
    /// `E or E …`.
    Or(Vec<Expression>),
    /// `==`, `!=`, `<` …
    Compare {
        /// Left.
        left: Operand,
        /// Which.
        operator: Operator,
        /// Right.
        right: Operand,
        /// The type of both.
        compared: Compared,
    },
    /// `in`, `not in`.
    In {
        /// The scalar.
        left: Operand,
        /// The list.
        items: Vec<Operand>,
        /// Whether `not in`.
        negated: bool,
        /// The type of all.
        compared: Compared,
    },
    /// `covers`, `within`, `overlaps`.
    Set {
        /// The fact, field or literal.
        left: Operand,
        /// Which.
        operator: SetOperator,
        /// The other.
        right: Operand,
        /// The type of both.
        compared: Compared,
    },
    /// `like`, `not like`.
    Like {
        /// The string.
        left: Operand,
        /// One glob or a list of them: string literals, or inputs.
        patterns: Vec<Operand>,
        /// Whether `not like`.
        negated: bool,
    },
    /// `matches`: whole string.
    Matches {
        /// The string.
        left: Operand,
        /// The pattern, anchored at both ends, compiled under a size cap.
        pattern: Pattern,
    },
    /// `is absent`, `is not absent`.
    IsAbsent {
        /// The fact or field.
        operand: Operand,
        /// Whether `is not absent`.
        negated: bool,
    },
    /// `any x in F satisfies (…)`, `all …`.
    Quantified {
        /// Which.
        quantifier: Quantifier,
        /// The list of records or set of strings.
        list: Operand,
        /// The variable's nesting depth, from 0: which of the bound items a [`Field`] reads.
        depth: usize,
        /// What must hold of the items.
        body: Box<Expression>,
    },
}

/// `==`, `!=` and the orders.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operator {
    /// `==`.
    Equal,
    /// `!=`.
    NotEqual,
    /// An order.
    Order(OrderOperator),
}

/// The orders.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OrderOperator {
    /// `<`.
    Less,
    /// `<=`.
    AtMost,
    /// `>`.
    Greater,
    /// `>=`.
    AtLeast,
}

impl Operator {
    /// As it is written.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Equal => "==",
            Self::NotEqual => "!=",
            Self::Order(OrderOperator::Less) => "<",
            Self::Order(OrderOperator::AtMost) => "<=",
            Self::Order(OrderOperator::Greater) => ">",
            Self::Order(OrderOperator::AtLeast) => ">=",
        }
    }
}

/// The set operators.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SetOperator {
    /// The left grants everything on the right.
    Covers,
    /// The left grants nothing beyond the right.
    Within,
    /// The left grants at least one of the right.
    Overlaps,
}

impl SetOperator {
    /// As it is written.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Covers => "covers",
            Self::Within => "within",
            Self::Overlaps => "overlaps",
        }
    }
}

/// The quantifiers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Quantifier {
    /// At least one item.
    Any,
    /// Every item (true of an empty list).
    All,
}

/// The type that two operands share, with the table that orders or implies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Compared {
    /// Bool, integer, string, version, time, duration, or a word of an enum: compared as values.
    Scalar,
    /// Levels of a table.
    Level(&'static LevelTable),
    /// Names with implied grants.
    Names(&'static NameTable),
    /// Permissions.
    Permissions(&'static PermissionTable),
    /// Free strings.
    Strings {
        /// Whether [`EVERY`](crate::vocabulary::EVERY) stands for all of them.
        every: bool,
    },
}

/// A value's place in an expression.
#[derive(Clone, Debug)]
pub struct FactUse {
    /// The fact.
    pub index: FactIndex,
    /// Where it is written.
    pub span: Span,
}

/// A field of the item that a quantifier binds.
#[derive(Clone, Debug)]
pub struct Field {
    /// Which quantifier: its depth.
    pub depth: usize,
    /// The field; `None` is the item itself (of a set of strings).
    pub name: Option<&'static str>,
    /// Whether [`EVERY`](crate::vocabulary::EVERY) in it stands for all that there are.
    pub every: bool,
    /// Where it is written.
    pub span: Span,
}

/// An operand.
#[derive(Clone, Debug)]
pub enum Operand {
    /// A fact.
    Fact(FactUse),
    /// A field of a bound item.
    Field(Field),
    /// A literal or constant. The items of a list literal keep their places, for the finest underline.
    Literal {
        /// The value.
        value: Value,
        /// Its place.
        span: Span,
        /// For sets and maps: each item as written, with its place.
        items: Vec<Spanned<String>>,
    },
    /// The expiry `never`.
    Never(Span),
    /// An input.
    Input(InputId, Span),
    /// `count(F)`.
    Count(Box<Operand>, Span),
}

impl Operand {
    /// Where it is written.
    pub fn span(&self) -> Span {
        match self {
            Self::Fact(fact) => fact.span,
            Self::Field(field) => field.span,
            Self::Literal { span, .. } | Self::Never(span) | Self::Input(_, span) | Self::Count(_, span) => *span,
        }
    }
}

/// An input of the policy.
#[derive(Debug)]
pub struct Input {
    /// Its name.
    pub name: String,
    /// Its type.
    pub ty: InputType,
    /// Its default.
    pub default: Option<Value>,
    /// Where its name is declared.
    pub span: Span,
    /// The tables of names in which it stands as a set: its strings must be names there.
    pub tables: Vec<&'static NameTable>,
}

/// The types that an input can have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InputType {
    /// `bool`.
    Bool,
    /// `integer`.
    Integer,
    /// `string`.
    String,
    /// `strings`.
    Strings,
    /// `version`.
    Version,
    /// `time`.
    Time,
    /// `duration`.
    Duration,
}

impl InputType {
    /// All of them, in the order of the language.
    pub const ALL: [Self; 7] =
        [Self::Bool, Self::Integer, Self::String, Self::Strings, Self::Version, Self::Time, Self::Duration];

    /// The word in policies.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Bool => "bool",
            Self::Integer => "integer",
            Self::String => "string",
            Self::Strings => "strings",
            Self::Version => "version",
            Self::Time => "time",
            Self::Duration => "duration",
        }
    }

    /// The type in expressions.
    pub const fn ty(self) -> Type {
        match self {
            Self::Bool => Type::Bool,
            Self::Integer => Type::Integer,
            Self::String => Type::String,
            Self::Strings => Type::Strings,
            Self::Version => Type::Version,
            Self::Time => Type::Time,
            Self::Duration => Type::Duration,
        }
    }
}

/// The values of all inputs, by [`InputId`]; `None` for a required input that nobody gave.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Inputs(pub Vec<Option<Value>>);

impl Inputs {
    /// An input's value.
    pub fn get(&self, id: InputId) -> Option<&Value> {
        self.0.get(id.0).and_then(Option::as_ref)
    }
}

/// `waive RULE … until DATE because "…"`.
#[derive(Debug)]
pub struct Waiver {
    /// The rules it names: one, or one per host kind of its block.
    pub rules: Vec<RuleId>,
    /// The name as written.
    pub name: String,
    /// A glob on the credential's name.
    pub credential: Option<String>,
    /// A glob on the repository.
    pub repository: Option<String>,
    /// The first instant at which it has no effect any more: the end of its last day, UTC.
    pub ends: Timestamp,
    /// The date as written.
    pub until: String,
    /// Its reason.
    pub because: String,
    /// Who answers for it.
    pub by: Option<String>,
    /// The whole clause.
    pub span: Span,
}

/// A `test` block: parsed and checked; `credcheck test` runs it.
#[derive(Debug)]
pub struct Test {
    /// Its name.
    pub name: String,
    /// The host kind given.
    pub host: HostKind,
    /// `given credential "name" at "host"`.
    pub credential: Option<String>,
    /// See `credential`.
    pub at: Option<String>,
    /// The facts given.
    pub given: Vec<TestGiven>,
    /// The inputs given.
    pub inputs: Vec<(InputId, Value)>,
    /// `given now`.
    pub now: Option<Timestamp>,
    /// What is expected.
    pub expect: Vec<TestExpectation>,
    /// `expect nothing else`.
    pub nothing_else: Option<Span>,
    /// The header.
    pub span: Span,
}

/// `given FACT = VALUE` and its kin.
#[derive(Debug)]
pub struct TestGiven {
    /// The fact.
    pub fact: FactIndex,
    /// Whose: the repository or organisation last named, or the credential.
    pub scope: TestScope,
    /// What is known of it.
    pub knowledge: Knowledge,
    /// Where.
    pub span: Span,
}

/// Whose fact a test gives.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum TestScope {
    /// The credential's.
    Credential,
    /// A repository's.
    Repository(String),
    /// An organisation's.
    Organization(String),
}

/// `expect OUTCOME of RULE`.
#[derive(Debug)]
pub struct TestExpectation {
    /// The outcome's word: `violation`, `not applicable` …
    pub outcome: crate::language::ast::ExpectedOutcome,
    /// The rule.
    pub rule: RuleId,
    /// Where.
    pub span: Span,
}

impl CheckedPolicy {
    /// A rule.
    pub fn rule(&self, id: RuleId) -> Option<&Rule> {
        self.rules.get(id.0)
    }

    /// A statement.
    pub fn statement(&self, id: StatementId) -> Option<&Statement> {
        self.statements.get(id.0)
    }
}
