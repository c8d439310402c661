//! The policy language: text → AST → checked policy. pest types stay inside `syntax`.

pub mod ast;
mod check;
mod checked;
mod excerpt;
mod format;
mod habits;
mod input;
mod keywords;
pub mod lint;
mod load;
mod pattern;
mod scan;
mod syntax;

pub use check::{CheckOptions, check};
pub use checked::{
    Acceptance, CheckedPolicy, Compared, Expression, ExpressionKind, FactUse, Field, Input, InputId, InputType, Inputs,
    Operand, Operator, OrderOperator, PolicyFile, Quantifier, Rule, RuleId, Selector, SetOperator, Statement,
    StatementId, Test, TestExpectation, TestGiven, TestScope, Verb, Waiver, Words,
};
pub use excerpt::{Excerpt, excerpt};
pub use format::format;
pub use input::{bind_inputs, parse_input};
pub use load::{
    BUILTIN, Loaded, MAX_FILE_BYTES, OpenError, Opened, PolicyStore, Program, load, load_to_judge, policy_text,
    unknown_builtin,
};
pub use pattern::Pattern;
