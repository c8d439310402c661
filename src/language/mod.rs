//! The policy language: text → AST → checked policy. pest types stay inside `syntax`.

pub mod ast;
mod checked;

pub use checked::{
    Acceptance, CheckedPolicy, Compared, Expression, ExpressionKind, FactUse, Field, Input, InputId, InputType, Inputs,
    Operand, Operator, OrderOperator, PolicyFile, Quantifier, Rule, RuleId, Selector, SetOperator, Statement,
    StatementId, Test, TestExpectation, TestGiven, TestScope, Verb, Waiver, Words,
};
