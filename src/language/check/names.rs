//! The names of a file: constants and inputs, which words may be names, and what was used.

use std::collections::{BTreeMap, BTreeSet};

use super::super::ast::Expression;
use super::super::checked::{Input, InputId};
use super::super::keywords;
use super::super::syntax::short;
use crate::diagnostic::{Code, Diagnostic};
use crate::text::english;
use crate::text::source::Span;

/// The built-in rules, which no rule may be named after. Evaluation has the same list, and a test compares them.
pub(in super::super) const BUILTIN_RULES: [&str; 6] =
    ["credential-valid", "right-host", "credential-accepted", "repository-visible", "username-matches", "kind-covered"];

/// A constant of a file.
pub(super) struct Constant<'a> {
    /// Its literal; `None` where it could not be read (uses are not reported then).
    pub(super) value: Option<&'a Expression>,
    pub(super) span: Span,
    pub(super) used: bool,
}

/// The names that expressions of one file can use.
#[derive(Default)]
pub(super) struct Names<'a> {
    pub(super) constants: BTreeMap<&'a str, Constant<'a>>,
}

/// The inputs of all files.
#[derive(Default)]
pub(super) struct InputTable {
    pub(super) inputs: Vec<Input>,
    positions: BTreeMap<String, usize>,
    /// Inputs that could not be read: their uses are no mistakes.
    pub(super) broken: BTreeSet<String>,
}

impl InputTable {
    /// An input by its name.
    pub(super) fn find(&self, name: &str) -> Option<(InputId, &Input)> {
        let at = *self.positions.get(name)?;
        self.inputs.get(at).map(|input| (InputId(at), input))
    }

    pub(super) fn add(&mut self, input: Input) {
        self.positions.insert(input.name.clone(), self.inputs.len());
        self.inputs.push(input);
    }
}

/// How much checking there is left. Constants and guards stand for what they name at every use, so a small text can mean
/// a lot of policy: without a bound, a megabyte could fill the memory.
pub(super) struct Budget {
    /// Conditions, list items and stretches of text that may still be checked.
    left: usize,
    /// Where it ran out.
    pub(super) over: Option<Span>,
    /// Beyond so many problems nothing more is checked.
    pub(super) problems: usize,
    /// Whether that happened.
    pub(super) cut: bool,
    /// How many bytes compiled patterns may still take.
    pub(super) patterns: usize,
    /// Whether that was too little for one.
    pub(super) full: bool,
}

impl Budget {
    /// The most bytes of all compiled patterns of a run.
    pub(super) const PATTERNS: usize = 16 << 20;

    /// For a policy of which `problems` are known before checking begins.
    pub(super) const fn new(problems: usize) -> Self {
        Self {
            left: 1_000_000,
            over: None,
            problems: problems + 2_000,
            cut: false,
            patterns: Self::PATTERNS,
            full: false,
        }
    }

    /// Takes some; whether there was as much.
    pub(super) fn spend(&mut self, amount: usize, at: Span) -> bool {
        match self.left.checked_sub(amount) {
            Some(left) => {
                self.left = left;
                true
            }
            None => {
                self.left = 0;
                self.over.get_or_insert(at);
                false
            }
        }
    }

    /// What a text counts that is copied.
    pub(super) const fn of_text(text: &str) -> usize {
        1 + text.len() / 64
    }
}

/// What is wrong with a word as a name.
pub(super) fn check_name(word: &str, span: Span, what: &str) -> Option<Diagnostic> {
    if keywords::role(word).is_some() {
        return Some(
            Diagnostic::at(
                Code::ReservedName,
                span,
                format!("`{word}` is a word of the language and cannot name {}", english::with_article(what)),
            )
            .help(format!("choose another name, such as `{word}-check` or `my_{word}`")),
        );
    }
    if what == "rule" && BUILTIN_RULES.contains(&word) {
        return Some(
            Diagnostic::at(Code::ReservedName, span, format!("`{word}` is a built-in rule"))
                .help("choose another name: built-in rules are always checked"),
        );
    }
    if word.contains('.') {
        return Some(
            Diagnostic::at(Code::ReservedName, span, format!("`{}` is not a name: it has a dot", short(word)))
                .help(format!("write `{}`", short(&word.replace('.', "-")))),
        );
    }
    None
}
