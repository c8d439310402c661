//! What a file declares: its header, inputs and constants.

use std::collections::BTreeSet;

use super::super::ast::{ExpressionKind as Kind, Item};
use super::super::checked::{Input, InputType, Operand};
use super::super::load::Loaded;
use super::super::syntax::short;
use super::messages::suggest;
use super::names::{Constant, InputTable, Names, check_name};
use super::operand::Reader;
use super::policy::Checker;
use crate::diagnostic::{Code, Diagnostic};
use crate::text::source::Span;
use crate::vocabulary;

impl<'a> Checker<'a> {
    pub(super) fn inputs_of(&mut self, file: &'a Loaded) {
        for item in &file.file.items {
            if let Item::Broken(name) = item {
                self.inputs.broken.insert(name.value.clone());
            }
            let Item::Input { name, ty, default } = item else { continue };
            if let Some(problem) = check_name(&name.value, name.span, "input") {
                self.problems.push(problem);
                continue;
            }
            // Until it is read: a use of an input that is wrong is no second mistake.
            self.inputs.broken.insert(name.value.clone());
            let Some(ty) = InputType::ALL.into_iter().find(|known| known.word() == ty.value) else {
                let problem = Diagnostic::at(
                    Code::UnknownName,
                    ty.span,
                    format!("`{}` is not a type of inputs", short(&ty.value)),
                );
                self.problems.push(suggest(problem, &ty.value, InputType::ALL.iter().map(|known| known.word())));
                continue;
            };
            let default = match default {
                None => None,
                Some(written) => {
                    let mut no_names = Names::default();
                    // A default's type is the input's own, so that any host's tables do.
                    let [host, ..] = vocabulary::HOSTS;
                    let mut reader = Reader {
                        host,
                        kinds: &[],
                        names: &mut no_names,
                        inputs: &mut InputTable::default(),
                        budget: &mut self.budget,
                        options: self.options,
                        problems: self.problems,
                        variables: Vec::new(),
                        facts: BTreeSet::new(),
                    };
                    match reader.operand_as(written, ty.ty()) {
                        Some(Operand::Literal { value, .. }) => Some(value),
                        Some(other) => {
                            let problem = Diagnostic::at(Code::TypeMismatch, other.span(), "a default is a literal");
                            self.problems.push(problem);
                            continue;
                        }
                        None => continue,
                    }
                }
            };
            self.inputs.broken.remove(&name.value);
            match self.inputs.find(&name.value).map(|(_, input)| input) {
                None => self.inputs.add(Input {
                    name: name.value.clone(),
                    ty,
                    default,
                    span: name.span,
                    tables: Vec::new(),
                }),
                Some(first) if first.span.source == name.span.source => {
                    let problem = Diagnostic::at(
                        Code::DuplicateName,
                        name.span,
                        format!("the input `{}` is declared twice", short(&name.value)),
                    )
                    .label(first.span, "declared here first")
                    .help("remove one of them");
                    self.problems.push(problem);
                }
                Some(first) if first.ty != ty || first.default != default => {
                    let problem = Diagnostic::at(
                        Code::ConflictingInput,
                        name.span,
                        format!("two files declare the input `{}` differently", short(&name.value)),
                    )
                    .label(first.span, "declared here with another type or default")
                    .help("inputs have one namespace: give both the same type and default, or rename one");
                    self.problems.push(problem);
                }
                Some(_) => {}
            }
        }
    }

    pub(super) fn constants_of(&mut self, file: &'a Loaded) -> Names<'a> {
        let mut names = Names::default();
        for item in &file.file.items {
            let Item::Let { name, value } = item else { continue };
            if let Some(problem) = check_name(&name.value, name.span, "constant") {
                self.problems.push(problem);
                continue;
            }
            if let Some((_, input)) = self.inputs.find(&name.value) {
                let problem = Diagnostic::at(
                    Code::DuplicateName,
                    name.span,
                    format!("`{}` is an input already", short(&name.value)),
                )
                .label(input.span, "declared here");
                self.problems.push(problem);
                continue;
            }
            if let Some(first) = names.constants.get(name.value.as_str()) {
                let problem = Diagnostic::at(
                    Code::DuplicateName,
                    name.span,
                    format!("the constant `{}` is declared twice", short(&name.value)),
                )
                .label(first.span, "declared here first")
                .help("remove one of them");
                self.problems.push(problem);
                continue;
            }
            let literal = Some(value).filter(|value| match &value.kind {
                Kind::Path(path) if path.contains('.') => {
                    self.problems.push(
                        Diagnostic::at(Code::TypeMismatch, value.span, "a constant is a literal, and this is a fact")
                            .help("read the fact where it is needed"),
                    );
                    false
                }
                Kind::Not(_)
                | Kind::And(_)
                | Kind::Or(_)
                | Kind::Compare(..)
                | Kind::In(..)
                | Kind::Set(..)
                | Kind::Like(..)
                | Kind::Matches(..)
                | Kind::IsAbsent(..)
                | Kind::Count(_)
                | Kind::Quantified(..) => {
                    self.problems.push(Diagnostic::at(
                        Code::TypeMismatch,
                        value.span,
                        "a constant is a literal, and this is a condition",
                    ));
                    false
                }
                _ => true,
            });
            names.constants.insert(&name.value, Constant { value: literal, span: name.span, used: false });
        }
        names
    }

    pub(super) fn header(&mut self, file: &Loaded) {
        let Some(header) = &file.file.header else { return };
        let mut seen: BTreeSet<&str> = BTreeSet::new();
        for (key, value) in &header.entries {
            if !seen.insert(&key.value) {
                self.problems.push(
                    Diagnostic::at(Code::RepeatedClause, key.span, format!("`{}` stands twice", short(&key.value)))
                        .help("keep one of them"),
                );
            }
            match (key.value.as_str(), &value.kind) {
                ("title", Kind::String(_)) => {}
                ("docs", Kind::String(link)) => self.link(link, value.span),
                ("title" | "docs", _) => self.problems.push(Diagnostic::at(
                    Code::TypeMismatch,
                    value.span,
                    format!("`{}` is a string in quotes", key.value),
                )),
                ("edition", Kind::Integer(1)) => {}
                ("edition", _) => self.problems.push(
                    Diagnostic::at(
                        Code::UnknownEdition,
                        value.span,
                        "this credcheck knows edition 1 of the language only",
                    )
                    .help("write `edition = 1`, or use a newer credcheck"),
                ),
                (other, _) => {
                    let problem = Diagnostic::at(
                        Code::UnknownName,
                        key.span,
                        format!("a policy's header has no `{}`", short(other)),
                    );
                    self.problems.push(suggest(problem, other, ["title", "docs", "edition"].into_iter()));
                }
            }
        }
    }

    pub(super) fn link(&mut self, link: &str, span: Span) {
        let fine = link.strip_prefix("https://").is_some_and(|rest| {
            let authority = rest.split(['/', '?', '#']).next().unwrap_or("");
            !authority.is_empty()
                && !authority.contains('@')
                && !link.chars().any(|character| character.is_whitespace() || character.is_control())
        });
        if !fine {
            self.problems.push(
                Diagnostic::at(Code::BadLink, span, "this is not an `https` address")
                    .help("write the whole address: `https://www.runatlantis.io/docs/access-credentials.html`"),
            );
        }
    }
}
