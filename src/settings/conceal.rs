//! What a settings file's excerpts show: the file's text goes into the source map with all but that starred.
//!
//! Everything is starred that is not known to be harmless. A secret in a wrong place is then hidden whatever it looks
//! like and wherever it stands: in a user's name, an address, an argument, a comment, under a key that nobody has.

use std::collections::HashSet;
use std::ops::Range;

use toml::de::{DeTable, DeValue};

use super::keys::{CREDENTIAL, SECRET, TOP};
use super::{Environment, plain, scope};
use crate::vocabulary::{self, HOSTS};

/// The text with everything starred that could hold a secret. Of a file that is no TOML its keys are left, and no
/// values. Length and lines stay.
pub(super) fn conceal(text: &str, document: Option<&DeTable<'_>>, environment: &Environment) -> String {
    let mut shown = match document {
        None => Shown { text, ranges: keys_of_lines(text) },
        Some(document) => {
            let mut values = Values { text, environment, names: names(document), all: Vec::new(), shown: Vec::new() };
            values.table(document, Of::File);
            values.all.sort_unstable_by_key(|range| range.start);
            let mut ranges = values.shown;
            let mut done = 0;
            for value in values.all {
                between(text, done..value.start, &mut ranges);
                done = done.max(value.end);
            }
            between(text, done..text.len(), &mut ranges);
            Shown { text, ranges }
        }
    };
    shown.starred()
}

/// Whether a key may be shown.
fn is_key(word: &str) -> bool {
    let known = [TOP, CREDENTIAL, SECRET].iter().any(|keys| keys.contains(&word));
    known || plain::key(word)
}

/// The names of the credentials.
fn names(document: &DeTable<'_>) -> HashSet<String> {
    let list = document.get("credential").and_then(|list| list.get_ref().as_array());
    let tables = list.into_iter().flat_map(|list| list.iter()).filter_map(|entry| entry.get_ref().as_table());
    tables.filter_map(|table| Some(table.get("name")?.get_ref().as_str()?.to_ascii_lowercase())).collect()
}

/// What a table is of.
#[derive(Clone, Copy)]
enum Of {
    File,
    Inputs,
    Credential,
    Secret,
    /// Nothing that settings have.
    Unknown,
}

/// The values of a document.
struct Values<'a> {
    text: &'a str,
    environment: &'a Environment,
    /// The names of credentials, in small letters.
    names: HashSet<String>,
    /// Where they stand: strings, numbers and the like, not lists and tables.
    all: Vec<Range<usize>>,
    /// What of them may be shown.
    shown: Vec<Range<usize>>,
}

impl Values<'_> {
    fn table(&mut self, table: &DeTable<'_>, of: Of) {
        for (key, value) in table.iter() {
            let (key, range, value) = (key.get_ref().as_ref(), value.span(), value.get_ref());
            match (of, key, value) {
                (Of::File, "credential", DeValue::Array(list)) => {
                    for entry in list.iter() {
                        match entry.get_ref() {
                            DeValue::Table(table) => self.table(table, Of::Credential),
                            other => self.value(other, entry.span(), Of::Unknown, ""),
                        }
                    }
                }
                (Of::File, "credential", DeValue::Table(table)) => self.table(table, Of::Credential),
                (Of::File, "inputs", DeValue::Table(table)) => self.table(table, Of::Inputs),
                (Of::Credential, "token" | "private_key", DeValue::Table(table)) => self.table(table, Of::Secret),
                (_, _, DeValue::Table(table)) => self.table(table, Of::Unknown),
                _ => self.value(value, range, of, key),
            }
        }
    }

    fn value(&mut self, value: &DeValue<'_>, range: Range<usize>, of: Of, key: &str) {
        match value {
            DeValue::Table(table) => self.table(table, Of::Unknown),
            DeValue::Array(list) => {
                let listed = matches!((of, key), (Of::File | Of::Credential, "repositories") | (Of::Inputs, _));
                for (at, item) in list.iter().enumerate() {
                    match (of, key) {
                        (Of::Secret, "command") if at == 0 => self.value(item.get_ref(), item.span(), of, "program"),
                        _ if listed => self.value(item.get_ref(), item.span(), of, key),
                        _ => self.value(item.get_ref(), item.span(), Of::Unknown, ""),
                    }
                }
            }
            DeValue::String(string) => {
                let inside = self.inside(string, &range);
                let length = self.harmless(string, of, key);
                if let Some(inside) = inside {
                    // With the quotes.
                    self.shown.push(range.start..inside.start + length);
                    self.shown.push(inside.end..range.end);
                }
                self.all.push(range);
            }
            DeValue::Boolean(_) | DeValue::Integer(_) | DeValue::Float(_) | DeValue::Datetime(_) => {
                let harmless = match of {
                    Of::Inputs => true,
                    Of::Credential => match value {
                        DeValue::Integer(_) => matches!(key, "app_id" | "installation_id"),
                        DeValue::Boolean(_) => CREDENTIAL.contains(&key),
                        _ => false,
                    },
                    Of::Secret => matches!(value, DeValue::Boolean(_)) && SECRET.contains(&key),
                    Of::File | Of::Unknown => false,
                };
                self.shown.extend(harmless.then(|| range.clone()));
                self.all.push(range);
            }
        }
    }

    /// How much of a string's beginning may be shown.
    fn harmless(&self, text: &str, of: Of, key: &str) -> usize {
        let whole = |harmless: bool| if harmless { text.len() } else { 0 };
        match (of, key) {
            (Of::Credential, "url" | "api_url") => plain::address(text),
            (Of::Credential, "host") => whole(plain::word(text, plain::host_words())),
            (Of::Credential, "kind") => {
                whole(plain::word(text, HOSTS.iter().flat_map(|host| host.kinds).map(|kind| kind.word)))
            }
            (Of::Credential, "name") => whole(super::file::is_name(text) && plain::has_no_token(text)),
            (Of::Credential, "checker") => {
                whole(self.names.contains(&text.to_ascii_lowercase()) && super::file::is_name(text))
            }
            (Of::File | Of::Credential, "repositories") => {
                whole(scope::check_with_host(text).is_ok() && plain::has_no_token(text))
            }
            (Of::Secret, "env") => whole(plain::variable(text) || self.environment.get(text).is_some()),
            (Of::Secret, "file" | "systemd" | "json") => whole(plain::path(text)),
            (Of::Secret, "timeout") => whole(plain::amount(text)),
            (Of::Secret, "program") => whole(plain::program(text)),
            (Of::Inputs, _) => whole(plain::amount(text)),
            _ => 0,
        }
    }

    /// Where a string's text stands between its quotes, if it is written without escapes.
    fn inside(&self, string: &str, range: &Range<usize>) -> Option<Range<usize>> {
        let written = self.text.get(range.clone())?;
        let quotes = written.len().checked_sub(string.len())? / 2;
        let inside = range.start + quotes..range.end.checked_sub(quotes)?;
        (self.text.get(inside.clone()) == Some(string)).then_some(inside)
    }
}

/// What may be shown between values: keys, brackets and what separates them, and no comment.
fn between(text: &str, range: Range<usize>, shown: &mut Vec<Range<usize>>) {
    let Some(part) = text.get(range.clone()) else { return };
    let mut at = 0;
    while let Some(first) = part.get(at..).and_then(|rest| rest.chars().next()) {
        let rest = part.get(at..).unwrap_or("");
        let (length, harmless) = match first {
            '#' => {
                shown.push(range.start + at..range.start + at + 1);
                (rest.find('\n').unwrap_or(rest.len()), false)
            }
            '"' | '\'' => {
                // A key in quotes.
                let inside = rest.get(1..).unwrap_or("");
                let end = inside.find([first, '\n']).unwrap_or(inside.len());
                let key = inside.get(..end).unwrap_or("");
                shown.push(range.start + at..range.start + at + 1);
                let closed = inside.get(end..).is_some_and(|rest| rest.starts_with(first));
                if is_key(key) {
                    shown.push(range.start + at + 1..range.start + at + 1 + end);
                }
                (1 + end + usize::from(closed), false)
            }
            _ if is_punctuation(first) => (first.len_utf8(), true),
            _ => {
                let end = rest.find(|other: char| is_punctuation(other) || matches!(other, '#' | '"' | '\''));
                let word = rest.get(..end.unwrap_or(rest.len())).unwrap_or("");
                (word.len(), is_key(word))
            }
        };
        if harmless {
            shown.push(range.start + at..range.start + at + length);
        }
        at += length.max(1);
    }
}

const fn is_punctuation(character: char) -> bool {
    matches!(character, '=' | '.' | ',' | '[' | ']' | '{' | '}' | ' ' | '\t' | '\r' | '\n')
}

/// Of a text that is no TOML: the keys that settings have where they begin a line, in TOML, YAML or JSON, and headers.
fn keys_of_lines(text: &str) -> Vec<Range<usize>> {
    let known = |word: &str| [TOP, CREDENTIAL, SECRET].iter().any(|keys| keys.contains(&word));
    let mut ranges = Vec::new();
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        let body = line.trim_start_matches([' ', '\t', '[', '-', '"', '\'', '{']);
        let from = line.len() - body.len();
        let end = body.find(|other: char| !other.is_ascii_lowercase() && other != '_').unwrap_or(body.len());
        let (word, rest) = body.split_at_checked(end).unwrap_or(("", ""));
        let closing = rest.trim_start_matches(['"', '\'', ']', ' ']);
        let ends = closing.trim_end().is_empty() || closing.starts_with(['=', ':']);
        if known(word) && ends {
            let separator = rest.len() - closing.len() + usize::from(closing.starts_with(['=', ':']));
            ranges.push(start..start + from + end + separator);
        }
        start += line.len();
    }
    ranges
}

/// A text, and what of it is shown.
struct Shown<'a> {
    text: &'a str,
    ranges: Vec<Range<usize>>,
}

impl Shown<'_> {
    /// The text with a star for each other byte but line ends. What has a token's shape is starred in any case.
    fn starred(&mut self) -> String {
        self.ranges.sort_unstable_by_key(|range| range.start);
        let mut starred = String::with_capacity(self.text.len());
        let mut done = 0;
        for range in &self.ranges {
            let (start, end) = (range.start.max(done), range.end);
            let (Some(hidden), Some(shown)) = (self.text.get(done..start), self.text.get(start..end)) else { continue };
            star(hidden, &mut starred);
            starred.push_str(shown);
            done = end;
        }
        star(self.text.get(done..).unwrap_or(""), &mut starred);
        let tokens = vocabulary::token_shapes().find(&starred);
        if tokens.is_empty() {
            return starred;
        }
        let mut safe = String::with_capacity(starred.len());
        let mut done = 0;
        for token in tokens {
            safe.push_str(starred.get(done..token.start).unwrap_or(""));
            star(starred.get(done.max(token.start)..token.end).unwrap_or(""), &mut safe);
            done = done.max(token.end);
        }
        safe.push_str(starred.get(done..).unwrap_or(""));
        safe
    }
}

/// A star for each byte but line ends.
fn star(hidden: &str, into: &mut String) {
    into.extend(hidden.bytes().map(|byte| if matches!(byte, b'\n' | b'\r') { char::from(byte) } else { '*' }));
}
