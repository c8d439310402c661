//! Reading TOML: values by their types, and every problem at its place.

use std::borrow::Cow;
use std::ops::Range;
use std::path::Path;

use toml::Spanned as TomlSpanned;
use toml::de::{DeTable, DeValue};

use super::plain;
use crate::diagnostic::{Code, Diagnostic};
use crate::facts::Origin;
use crate::text::source::{SourceId, Span};
use crate::text::{english, nearest};

pub(super) type Value<'a> = TomlSpanned<DeValue<'a>>;
pub(super) type Key<'a> = TomlSpanned<Cow<'a, str>>;

/// A settings file that is being read.
pub(super) struct Reader<'a> {
    pub(super) source: SourceId,
    pub(super) name: String,
    pub(super) folder: &'a Path,
    /// Where tokens stand in the text.
    pub(super) tokens: Vec<Range<usize>>,
    pub(super) problems: &'a mut Vec<Diagnostic>,
}

impl Reader<'_> {
    pub(super) fn span(&self, range: Range<usize>) -> Span {
        Span::new(self.source, range.start, range.end)
    }

    pub(super) fn origin(&self, range: Range<usize>) -> Origin {
        Origin::File { file: self.name.clone(), span: Some(self.span(range)) }
    }

    pub(super) fn problem(&mut self, code: Code, range: Range<usize>, message: impl Into<String>) -> Problem<'_> {
        let span = self.span(range);
        Problem { told: Some(Diagnostic::at(code, span, message)), problems: self.problems }
    }

    /// Wrong type. A value that holds a literal token has its problem already.
    pub(super) fn wrong_type(&mut self, key: &str, wanted: &str, value: &Value<'_>) {
        let range = value.span();
        if self.tokens.iter().any(|token| token.start < range.end && range.start < token.end) {
            return;
        }
        let is = match value.get_ref() {
            DeValue::Array(_) => "a list",
            DeValue::Integer(_) => "an integer",
            DeValue::String(_) => "a string",
            DeValue::Boolean(_) => "a boolean",
            DeValue::Float(_) => "a float",
            DeValue::Datetime(_) => "a date",
            DeValue::Table(_) => "a table",
        };
        self.problem(Code::BadSettings, range, format!("`{key}` is {wanted}, not {is}"));
    }

    pub(super) fn unknown_keys(&mut self, table: &DeTable<'_>, known: &[&str], place: &str) {
        for (key, _) in in_order(table) {
            let name = key.get_ref().as_ref();
            if known.contains(&name) {
                continue;
            }
            let help = match nearest::nearest(name, known.iter().copied()) {
                Some(near) => format!("did you mean `{near}`?"),
                None => format!("{place} has {}", english::quoted_list(known, "and")),
            };
            let shown = if plain::key(name) { format!("key `{name}`") } else { "such key".to_owned() };
            self.problem(Code::UnknownSetting, key.span(), format!("{place} has no {shown}")).help(help);
        }
    }

    pub(super) fn text(&mut self, table: &DeTable<'_>, key: &str) -> Option<(String, Range<usize>)> {
        let value = table.get(key)?;
        match value.get_ref().as_str() {
            Some(text) => Some((text.to_owned(), value.span())),
            None => {
                self.wrong_type(key, "a string", value);
                None
            }
        }
    }

    pub(super) fn boolean(&mut self, table: &DeTable<'_>, key: &str) -> Option<bool> {
        let value = table.get(key)?;
        let boolean = value.get_ref().as_bool();
        if boolean.is_none() {
            self.wrong_type(key, "a boolean", value);
        }
        boolean
    }

    pub(super) fn number(&mut self, table: &DeTable<'_>, key: &str) -> Option<u64> {
        let value = table.get(key)?;
        let Some(integer) = value.get_ref().as_integer() else {
            self.wrong_type(key, "a positive integer", value);
            return None;
        };
        let number = u64::from_str_radix(integer.as_str(), integer.radix()).ok().filter(|number| *number > 0);
        if number.is_none() {
            self.problem(Code::BadSettings, value.span(), format!("`{key}` is a positive integer"));
        }
        number
    }
}

/// A problem on its way into the list, which it joins when its last word is said.
pub(super) struct Problem<'a> {
    told: Option<Diagnostic>,
    problems: &'a mut Vec<Diagnostic>,
}

impl Problem<'_> {
    pub(super) fn help(mut self, text: impl Into<String>) -> Self {
        self.told = self.told.take().map(|told| told.help(text));
        self
    }

    pub(super) fn label(mut self, span: Span, text: &str) -> Self {
        self.told = self.told.take().map(|told| told.label(span, text));
        self
    }
}

impl Drop for Problem<'_> {
    fn drop(&mut self) {
        self.problems.extend(self.told.take());
    }
}

/// A table's entries in the order of the file.
pub(super) fn in_order<'t, 'i>(table: &'t DeTable<'i>) -> Vec<(&'t Key<'i>, &'t Value<'i>)> {
    let mut entries: Vec<_> = table.iter().collect();
    entries.sort_by_key(|(key, _)| key.span().start);
    entries
}
