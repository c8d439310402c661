//! Operands: what a path means, and literals read as the type expected beside them.

use std::collections::{BTreeMap, BTreeSet};

use super::super::ast::{Expression, ExpressionKind as Kind};
use super::super::checked::{FactUse, Field, Operand};
use super::super::syntax::{ABSENT, short};
use super::messages::{
    NOT_THERE, alias_or_near, kind_title, listed, mismatch, not_portable, suggest, unknown_fact, unknown_level,
    unknown_value,
};
use super::names::{Budget, InputTable, Names};
use super::options::CheckOptions;
use crate::diagnostic::{Code, Diagnostic, Severity};
use crate::facts::{Value, Version};
use crate::text::english;
use crate::text::nearest::nearest;
use crate::text::source::{Span, Spanned};
use crate::vocabulary::{self, FactIndex, Host, HostKind, NameSet, NameTable, PermissionTable, RecordTable, Type};

/// An operand with the type it has by itself.
pub(super) struct Typed {
    pub(super) operand: Operand,
    pub(super) ty: Type,
}

/// A variable that a quantifier binds.
pub(super) struct Variable {
    pub(super) name: String,
    /// The fields of its records; `None` for the items of a set.
    pub(super) record: Option<&'static RecordTable>,
}

/// Reads expressions for one host kind.
pub(super) struct Reader<'a, 'n> {
    pub(super) host: &'static Host,
    /// All kinds of the block, for facts that not all of them have.
    pub(super) kinds: &'a [HostKind],
    pub(super) names: &'a mut Names<'n>,
    pub(super) inputs: &'a mut InputTable,
    pub(super) budget: &'a mut Budget,
    pub(super) options: CheckOptions,
    pub(super) problems: &'a mut Vec<Diagnostic>,
    pub(super) variables: Vec<Variable>,
    /// The facts read so far.
    pub(super) facts: BTreeSet<FactIndex>,
}

impl<'n> Reader<'_, 'n> {
    pub(super) fn report(&mut self, problem: Diagnostic) {
        self.problems.push(problem);
    }

    /// Takes from the budget; `false` where nothing more is checked.
    pub(super) fn spend(&mut self, amount: usize, at: Span) -> bool {
        if self.problems.len() > self.budget.problems {
            self.budget.cut = true;
            return false;
        }
        self.budget.spend(amount, at)
    }

    /// Whether a name was declared and could not be read: that was reported where it stands.
    pub(super) fn is_broken(&self, name: &str) -> bool {
        self.inputs.broken.contains(name)
            || self.names.constants.get(name).is_some_and(|constant| constant.value.is_none())
    }

    /// A constant's literal in place of its name. Constants do not name each other.
    fn constant(&mut self, name: &str) -> Option<Option<&'n Expression>> {
        let constant = self.names.constants.get_mut(name)?;
        constant.used = true;
        Some(constant.value)
    }

    /// The operand and the type that an expression has by itself: facts, fields, inputs, counts, and literals whose type
    /// shows. `None` for words and lists, which need a type beside them, and after a report.
    pub(super) fn typed(&mut self, expression: &Expression) -> Option<Typed> {
        let span = expression.span;
        let literal =
            |value: Value, ty: Type| Some(Typed { operand: Operand::Literal { value, span, items: Vec::new() }, ty });
        match &expression.kind {
            Kind::Path(path) => self.path(path, span),
            Kind::Count(inner) => {
                let list = self.typed(inner)?;
                match list.ty {
                    Type::Records(_) | Type::Strings | Type::Names(_) => {
                        Some(Typed { operand: Operand::Count(Box::new(list.operand), span), ty: Type::Integer })
                    }
                    other => {
                        self.report(
                            Diagnostic::at(Code::TypeMismatch, inner.span, "`count` counts lists and sets")
                                .labelled(format!("this is {}", english::with_article(&other.title()))),
                        );
                        None
                    }
                }
            }
            Kind::Integer(value) => literal(Value::Integer(*value), Type::Integer),
            Kind::Bool(value) => literal(Value::Bool(*value), Type::Bool),
            Kind::Time(value) => literal(Value::Time(*value), Type::Time),
            Kind::Duration(value) => literal(Value::Duration(*value), Type::Duration),
            _ => None,
        }
    }

    /// Whether a path names something with a type of its own (so that an error about it is an error of that name).
    fn path(&mut self, path: &str, span: Span) -> Option<Typed> {
        let (root, rest) = path.split_once('.').map_or((path, None), |(root, rest)| (root, Some(rest)));
        if let Some(depth) = self.variables.iter().rposition(|variable| variable.name == root) {
            return self.field(depth, rest, span);
        }
        if let Some(problem) = not_portable(self.kinds, path, span) {
            self.report(problem);
            return None;
        }
        if let Some(index) = self.host.fact(path) {
            self.facts.insert(index);
            return Some(Typed { operand: Operand::Fact(FactUse { index, span }), ty: self.host.row(index).ty });
        }
        if rest.is_none() {
            if let Some((id, input)) = self.inputs.find(path) {
                return Some(Typed { operand: Operand::Input(id, span), ty: input.ty.ty() });
            }
            if let Some(constant) = self.constant(path) {
                let literal = constant?;
                if matches!(literal.kind, Kind::Path(_)) {
                    return None;
                }
                return self.typed(literal);
            }
            return None;
        }
        self.report(unknown_fact(self.host, self.kinds, path, span));
        None
    }

    fn field(&mut self, depth: usize, rest: Option<&str>, span: Span) -> Option<Typed> {
        let variable = self.variables.get(depth)?;
        let (record, name) = (variable.record, variable.name.clone());
        match (record, rest) {
            (None, None) => Some(Typed {
                operand: Operand::Field(Field { depth, name: None, every: false, span }),
                ty: Type::String,
            }),
            (Some(table), Some(field)) => match table.fields.iter().find(|row| row.name == field) {
                Some(row) => {
                    let every = table.every.contains(&row.name);
                    let field = Field { depth, name: Some(row.name), every, span };
                    Some(Typed { operand: Operand::Field(field), ty: row.ty })
                }
                None => {
                    let fields = table.fields.iter().map(|row| row.name);
                    let problem = Diagnostic::at(
                        Code::UnknownFact,
                        span,
                        format!("{} have no field `{}`", table.plural, short(field)),
                    );
                    self.report(suggest(problem, field, fields));
                    None
                }
            },
            (Some(table), None) => {
                let example = table.fields.first().map_or("", |row| row.name);
                self.report(
                    Diagnostic::at(
                        Code::TypeMismatch,
                        span,
                        format!("`{}` is one of the {}, not a value", short(&name), table.plural),
                    )
                    .help(format!("read one of its fields, such as `{}.{example}`", short(&name))),
                );
                None
            }
            (None, Some(_)) => {
                self.report(Diagnostic::at(
                    Code::UnknownFact,
                    span,
                    format!("`{}` is a string and has no fields", short(&name)),
                ));
                None
            }
        }
    }

    /// An expression as an operand of a type: literals are read by it, the rest must have it. `None` after a report.
    pub(super) fn operand_as(&mut self, expression: &Expression, ty: Type) -> Option<Operand> {
        let span = expression.span;
        if !self.spend(1, span) {
            return None;
        }
        if let Kind::Path(path) = &expression.kind {
            return self.path_as(path, span, ty);
        }
        if let Kind::Count(_) = &expression.kind {
            let typed = self.typed(expression)?;
            return self.same_type(typed, ty, span);
        }
        self.literal_as(expression, ty, span)
    }

    fn path_as(&mut self, path: &str, span: Span, ty: Type) -> Option<Operand> {
        if path == "never" && matches!(ty, Type::Time | Type::Duration) {
            return Some(Operand::Never(span));
        }
        let is_constant = self.names.constants.contains_key(path);
        let word = match ty {
            Type::Enum(table) => table.words.iter().find(|(word, _)| *word == path).map(|(word, _)| *word),
            Type::Level(table) => table.word(path),
            _ => None,
        };
        if let Some(word) = word {
            if is_constant {
                self.constant(path);
                self.report(
                    Diagnostic::at(Code::AmbiguousWord, span, format!("`{path}` is both a value and a constant"))
                        .labelled(format!("read as the {}", ty.title()))
                        .help("rename the constant"),
                );
            }
            return Some(Operand::Literal { value: Value::Word(word), span, items: Vec::new() });
        }
        if is_constant && self.host.fact(path).is_none() {
            let literal = self.constant(path)??;
            return match &literal.kind {
                // A constant may hold a value word; it is read where it is used.
                Kind::Path(word) if self.names.constants.contains_key(word.as_str()) => {
                    self.report(
                        Diagnostic::at(
                            Code::UnknownName,
                            literal.span,
                            format!("`{word}` is a constant, not a literal"),
                        )
                        .help("a constant holds a literal: repeat the literal here"),
                    );
                    None
                }
                Kind::Path(word) => {
                    let word = word.clone();
                    self.path_as(&word, literal.span, ty)
                }
                // The finest place is where the constant is used: its items stand elsewhere.
                _ => self.literal_as(literal, ty, span),
            };
        }
        let before = self.problems.len();
        if let Some(typed) = self.path(path, span) {
            return self.same_type(typed, ty, span);
        }
        if self.problems.len() == before && !self.is_broken(path) {
            self.report(self.unknown_word(path, span, ty));
        }
        None
    }

    fn same_type(&mut self, typed: Typed, ty: Type, span: Span) -> Option<Operand> {
        let strings_as_names = matches!(
            (&typed.operand, typed.ty, ty),
            (Operand::Input(..), Type::Strings, Type::Names(NameTable { words: false, .. }))
        );
        if strings_as_names {
            if let (Operand::Input(id, _), Type::Names(table)) = (&typed.operand, ty)
                && let Some(input) = self.inputs.inputs.get_mut(id.0)
                && !input.tables.iter().any(|have| std::ptr::eq(*have, table))
            {
                input.tables.push(table);
            }
            return Some(typed.operand);
        }
        if typed.ty == ty {
            return Some(typed.operand);
        }
        self.report(
            Diagnostic::at(
                Code::TypeMismatch,
                span,
                format!(
                    "expected {}, found {}",
                    english::with_article(&ty.title()),
                    english::with_article(&typed.ty.title())
                ),
            )
            .labelled(format!("this is {}", english::with_article(&typed.ty.title()))),
        );
        None
    }

    fn literal_as(&mut self, expression: &Expression, ty: Type, span: Span) -> Option<Operand> {
        let plain = |value: Value| Some(Operand::Literal { value, span, items: Vec::new() });
        let size = match &expression.kind {
            Kind::String(text) => Budget::of_text(text),
            Kind::List(items) => items.iter().map(weight).sum(),
            Kind::Map(entries) => entries.iter().map(|(_, level)| 1 + weight(level)).sum(),
            _ => 1,
        };
        if !self.spend(size, span) {
            return None;
        }
        match (&expression.kind, ty) {
            (Kind::Bool(value), Type::Bool) => plain(Value::Bool(*value)),
            (Kind::Integer(value), Type::Integer) => plain(Value::Integer(*value)),
            (Kind::String(value), Type::String) => plain(Value::String(value.clone())),
            (Kind::String(value), Type::Version) => match Version::parse(value) {
                Some(version) => plain(Value::Version(version)),
                None => {
                    self.report(
                        Diagnostic::at(Code::BadLiteral, span, format!("`{}` is not a version", short(value)))
                            .help("a version begins with a number: `\"3.19.2\"`"),
                    );
                    None
                }
            },
            (Kind::Time(value), Type::Time) => plain(Value::Time(*value)),
            (Kind::Duration(value), Type::Duration) => plain(Value::Duration(*value)),
            (Kind::List(items), Type::Names(table)) => self.names_literal(items, table, span),
            (Kind::List(items), Type::Strings) => {
                let (mut values, mut places) = (BTreeSet::new(), Vec::new());
                for item in items {
                    let Kind::String(value) = &item.kind else {
                        self.report(Diagnostic::at(Code::TypeMismatch, item.span, "expected a string in quotes"));
                        return None;
                    };
                    values.insert(value.clone());
                    places.push(Spanned::new(value.clone(), item.span));
                }
                Some(Operand::Literal { value: Value::Strings(values), span, items: places })
            }
            (Kind::Map(entries), Type::Permissions(table)) => self.permissions_literal(entries, table, span),
            (Kind::Map(entries), Type::Names(table)) if entries.is_empty() => self.names_literal(&[], table, span),
            (kind, ty) => {
                self.report(mismatch(kind, ty, span));
                None
            }
        }
    }

    fn names_literal(&mut self, items: &[Expression], table: &'static NameTable, span: Span) -> Option<Operand> {
        let mut set = NameSet::new(table, std::iter::empty::<&str>());
        let (mut places, mut broken) = (Vec::new(), false);
        for item in items {
            if !self.spend(0, item.span) {
                return None;
            }
            let (name, quoted) = match &item.kind {
                Kind::String(name) => (name.clone(), true),
                Kind::Path(name) => (name.clone(), false),
                other => {
                    let wanted = if table.words { "a bare word" } else { "a string in quotes" };
                    self.report(Diagnostic::at(
                        Code::TypeMismatch,
                        item.span,
                        format!("expected {wanted}, found {}", kind_title(other)),
                    ));
                    broken = true;
                    continue;
                }
            };
            let known = table.position(&name).is_some();
            if known && quoted == table.words {
                let mend =
                    if table.words { format!("write `{name}` without quotes") } else { format!("write `\"{name}\"`") };
                let message = if table.words {
                    format!("{} are bare words", table.plural)
                } else {
                    format!("{} are strings in quotes", table.plural)
                };
                self.report(Diagnostic::at(Code::TypeMismatch, item.span, message).help(mend));
                broken = true;
                continue;
            }
            if !known {
                let title = self.host.title;
                let message = format!("{title} has no {} `{}`", table.singular, short(&name));
                let mut problem = Diagnostic::at(Code::UnknownScope, item.span, message);
                let names = table.names.iter().map(|row| row.name);
                problem = match vocabulary::word_meant(&name, names.clone()).filter(|_| table.words) {
                    Some(meant) => problem.help(format!("did you mean `{meant}`?")),
                    None => alias_or_near(problem, &name, table.aliases, names),
                };
                if self.options.allow_unknown_names && !table.words {
                    problem = problem.severity(Severity::Warning);
                } else {
                    broken = true;
                }
                self.report(problem);
            }
            set.insert(&name);
            places.push(Spanned::new(name, if span.contains(item.span) { item.span } else { span }));
        }
        if broken {
            return None;
        }
        Some(Operand::Literal { value: Value::Names(set), span, items: places })
    }

    fn permissions_literal(
        &mut self,
        entries: &[(Spanned<String>, Expression)],
        table: &'static PermissionTable,
        span: Span,
    ) -> Option<Operand> {
        let (mut map, mut places, mut broken) = (BTreeMap::new(), Vec::new(), false);
        for (name, level) in entries {
            if !self.spend(0, name.span) {
                return None;
            }
            let level_word = match &level.kind {
                Kind::Path(word) | Kind::String(word) => word.clone(),
                other => {
                    let message = format!("expected a level, found {}", kind_title(other));
                    self.report(Diagnostic::at(Code::TypeMismatch, level.span, message));
                    broken = true;
                    continue;
                }
            };
            match table.permissions.iter().find(|row| row.name == name.value) {
                None => {
                    let message = format!("{} has no permission `{}`", self.host.title, short(&name.value));
                    let mut problem = Diagnostic::at(Code::UnknownPermission, name.span, message);
                    problem = alias_or_near(
                        problem,
                        &name.value,
                        table.aliases,
                        table.permissions.iter().map(|row| row.name),
                    );
                    if self.options.allow_unknown_names {
                        problem = problem.severity(Severity::Warning);
                    } else {
                        broken = true;
                    }
                    self.report(problem);
                }
                Some(row) if !row.levels.contains(&level_word.as_str()) => {
                    let message = format!("the permission `{}` has no level `{}`", name.value, short(&level_word));
                    let problem = Diagnostic::at(Code::UnknownLevel, level.span, message)
                        .help(format!("it can be {}", english::quoted_list(row.levels, "or")));
                    self.report(problem);
                    broken = true;
                }
                Some(_) => {}
            }
            if map.insert(name.value.clone(), level_word.clone()).is_some() {
                self.report(Diagnostic::at(
                    Code::DuplicateName,
                    name.span,
                    format!("`{}` stands twice", short(&name.value)),
                ));
                broken = true;
            }
            let whole = name.span.to(level.span);
            places.push(Spanned::new(name.value.clone(), if span.contains(whole) { whole } else { span }));
        }
        if broken {
            return None;
        }
        Some(Operand::Literal { value: Value::Permissions(map), span, items: places })
    }

    /// A word that names nothing where a type is expected.
    pub(super) fn unknown_word(&self, word: &str, span: Span, ty: Type) -> Diagnostic {
        match ty {
            Type::Names(table) if table.position(word).is_some() => {
                let message = format!("`{}` stands in a list", short(word));
                Diagnostic::at(Code::TypeMismatch, span, message).help(format!("write `{}`", listed(table, word)))
            }
            Type::Enum(table) => unknown_value(table, word, span),
            Type::Level(table) => unknown_level(table, word, span),
            _ => {
                let problem = Diagnostic::at(Code::UnknownName, span, format!("nothing is named `{}`", short(word)))
                    .labelled(format!("expected {}", english::with_article(&ty.title())));
                let constants = self.names.constants.keys().copied();
                let inputs = self.inputs.inputs.iter().map(|input| input.name.as_str());
                match nearest(word, constants.chain(inputs)) {
                    _ if ABSENT.contains(&word) => problem.help(NOT_THERE),
                    Some(near) => problem.help(format!("did you mean `{near}`?")),
                    None if ty == Type::Bool => problem.help("write `true` or `false`"),
                    None if ty == Type::String => {
                        problem.help(format!("a string stands in quotes: `\"{}\"`", short(word)))
                    }
                    None => problem.help("declare it with `let`, or write the value"),
                }
            }
        }
    }
}

/// What an item counts in the budget.
fn weight(item: &Expression) -> usize {
    match &item.kind {
        Kind::String(text) | Kind::Path(text) => Budget::of_text(text),
        _ => 1,
    }
}
