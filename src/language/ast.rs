//! The abstract syntax: what was written, with places, before any name is looked up.

use jiff::{SignedDuration, Timestamp};

use super::checked::{Operator, Quantifier, SetOperator, Verb};
use crate::text::source::{Span, Spanned};

/// A name or text with its place.
pub type Word = Spanned<String>;

/// A whole file.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct File {
    /// The header.
    pub header: Option<Header>,
    /// Everything else, in order.
    pub items: Vec<Item>,
}

/// `policy "name" { … }`.
#[derive(Clone, Debug, PartialEq)]
pub struct Header {
    /// The policy's name.
    pub name: Word,
    /// `title = …`, `docs = …`, `edition = …`.
    pub entries: Vec<(Word, Expression)>,
    /// The whole header.
    pub span: Span,
}

/// One item of a file.
#[derive(Clone, Debug, PartialEq)]
pub enum Item {
    /// `let NAME = LITERAL`.
    Let {
        /// The name.
        name: Word,
        /// The literal.
        value: Expression,
    },
    /// `input NAME: TYPE = LITERAL`.
    Input {
        /// The name.
        name: Word,
        /// The type's word.
        ty: Word,
        /// The default.
        default: Option<Expression>,
    },
    /// The name of a `let` or `input` that could not be read: its uses are no mistakes.
    Broken(Word),
    /// `use "path" except [rules]`.
    Use {
        /// The path or `builtin:…`.
        path: Word,
        /// The rules left out.
        except: Vec<Word>,
    },
    /// A host block.
    Host(HostBlock),
    /// A waiver.
    Waive(Waive),
    /// A test.
    Test(TestBlock),
}

/// `host KIND, … at "glob" credential "glob" { … }`.
#[derive(Clone, Debug, PartialEq)]
pub struct HostBlock {
    /// The kinds, or `any`.
    pub kinds: Vec<Word>,
    /// `at "glob"`.
    pub at: Option<Word>,
    /// `credential "glob"`.
    pub credential: Option<Word>,
    /// For each kind that names a product: what holds of hosts that are one.
    pub products: Vec<(Word, Expression)>,
    /// The rules, statements, guards and selectors.
    pub body: Vec<Node>,
    /// The header, from `host` to the brace.
    pub span: Span,
}

/// A node of a host block.
#[derive(Clone, Debug, PartialEq)]
pub enum Node {
    /// A rule.
    Rule(Rule),
    /// A bare statement with its words.
    Bare(Statement),
    /// `when E { … }`.
    When(Expression, Vec<Node>),
    /// `each repository in […] { … }`.
    Each(Each, Vec<Node>),
}

/// The header of an `each`.
#[derive(Clone, Debug, PartialEq)]
pub struct Each {
    /// `repository` or `organization`.
    pub subject: Word,
    /// Names and globs: a list literal or a constant's name.
    pub patterns: Expression,
    /// Those taken out again.
    pub except: Option<Expression>,
    /// The header.
    pub span: Span,
}

/// A rule.
#[derive(Clone, Debug, PartialEq)]
pub struct Rule {
    /// Its name.
    pub name: Word,
    /// Its title.
    pub title: Option<Word>,
    /// Its statements.
    pub statements: Vec<Statement>,
    /// Its clauses.
    pub clauses: Vec<Clause>,
    /// The header.
    pub span: Span,
    /// Whether some part of its body could not be read (so that "no statement" is not reported too).
    pub broken: bool,
}

/// A statement.
#[derive(Clone, Debug, PartialEq)]
pub struct Statement {
    /// The verb.
    pub verb: Verb,
    /// What must hold.
    pub expression: Expression,
    /// The clauses on the statement's own line: they are its own, before the rule's.
    pub clauses: Vec<Clause>,
    /// Verb and expression.
    pub span: Span,
}

/// A clause of a rule.
#[derive(Clone, Debug, PartialEq)]
pub enum Clause {
    /// `when E`.
    When(Expression),
    /// `because "…"`.
    Because(Word),
    /// `fix "…"`.
    Fix(Word),
    /// `see "…"`.
    See(Word),
    /// `on unknown (CAUSE, …) warn because "…"`.
    OnUnknown {
        /// The causes named.
        causes: Vec<Word>,
        /// The reason; `None` where it is missing.
        because: Option<Word>,
        /// The clause.
        span: Span,
    },
}

/// `waive RULE …`.
#[derive(Clone, Debug, PartialEq)]
pub struct Waive {
    /// The rule's name.
    pub rule: Word,
    /// `credential "glob"`.
    pub credential: Option<Word>,
    /// `repository "glob"`.
    pub repository: Option<Word>,
    /// `until DATE`.
    pub until: Option<Spanned<(Timestamp, String)>>,
    /// `because "…"`.
    pub because: Option<Word>,
    /// `by "…"`.
    pub by: Option<Word>,
    /// The whole of it.
    pub span: Span,
}

/// `test "name" { … }`.
#[derive(Clone, Debug, PartialEq)]
pub struct TestBlock {
    /// Its name.
    pub name: Word,
    /// Its lines.
    pub lines: Vec<TestLine>,
    /// The header.
    pub span: Span,
    /// Whether some line could not be read (so that what is missing is not reported too).
    pub broken: bool,
}

/// A line of a test.
#[derive(Clone, Debug, PartialEq)]
pub enum TestLine {
    /// `given host KIND`.
    Host(Word),
    /// `given credential "name" at "host"`.
    Credential(Word, Option<Word>),
    /// `given repository "name"` or `given organization "name"`.
    Subject(Word, Word),
    /// `given FACT = VALUE` and its kin.
    Fact(Word, Given, Span),
    /// `given input NAME = VALUE`.
    Input(Word, Expression),
    /// `given now = TIME`.
    Now(Expression),
    /// `expect OUTCOME of RULE`.
    Expect(Spanned<ExpectedOutcome>, Word),
    /// `expect nothing else`.
    NothingElse(Span),
}

/// What a test gives of a fact.
#[derive(Clone, Debug, PartialEq)]
pub enum Given {
    /// `= VALUE`.
    Value(Expression),
    /// `is absent`.
    Absent,
    /// `is inapplicable`.
    Inapplicable,
    /// `is unknown (CAUSE)`.
    Unknown(Option<Word>),
}

/// What a test may expect of a rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ExpectedOutcome {
    /// `pass`.
    Pass,
    /// `violation`.
    Violation,
    /// `warning`.
    Warning,
    /// `undetermined`.
    Undetermined,
    /// `accepted`.
    Accepted,
    /// `waived`.
    Waived,
    /// `not applicable`.
    NotApplicable,
}

/// An expression or literal.
#[derive(Clone, Debug, PartialEq)]
pub struct Expression {
    /// What.
    pub kind: ExpressionKind,
    /// Where.
    pub span: Span,
}

/// What an expression is, before names are looked up.
#[derive(Clone, Debug, PartialEq)]
pub enum ExpressionKind {
    /// A dotted path or a bare word: a fact, a field, a constant, an input, or a value word.
    Path(String),
    /// A string.
    String(String),
    /// A whole number.
    Integer(i64),
    /// A time.
    Time(Timestamp),
    /// A duration.
    Duration(SignedDuration),
    /// `true` or `false`.
    Bool(bool),
    /// `[a, b]`.
    List(Vec<Expression>),
    /// `{ contents = read }`.
    Map(Vec<(Word, Expression)>),
    /// `count(F)`.
    Count(Box<Expression>),
    /// `not E`.
    Not(Box<Expression>),
    /// `E and E …`.
    And(Vec<Expression>),
    /// `E or E …`.
    Or(Vec<Expression>),
    /// `E OP E`.
    Compare(Box<Expression>, Spanned<Operator>, Box<Expression>),
    /// `E in E`, `E not in E`.
    In(Box<Expression>, Spanned<bool>, Box<Expression>),
    /// `E covers E` and its kin.
    Set(Box<Expression>, Spanned<SetOperator>, Box<Expression>),
    /// `E like E`, `E not like E`.
    Like(Box<Expression>, Spanned<bool>, Box<Expression>),
    /// `E matches E`.
    Matches(Box<Expression>, Span, Box<Expression>),
    /// `E is absent`, `E is not absent`.
    IsAbsent(Box<Expression>, Spanned<bool>),
    /// `any x in F satisfies (…)`.
    Quantified(Quantifier, Word, Box<Expression>, Box<Expression>),
}
