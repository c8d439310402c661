//! What a settings file's excerpts must not show: the file's text goes into the source map with it starred.

use std::ops::Range;

use toml::de::{DeTable, DeValue};

use super::keys::{CREDENTIAL, SECRET};
use crate::vocabulary;

/// The text with every secret starred, as far as one can be told: tokens by their shape, values where a secret's place
/// should stand, and values under keys that name a secret, TOML or not. Length and lines stay.
pub(super) fn conceal(text: &str, document: &DeTable<'_>) -> String {
    let mut hidden = vocabulary::token_shapes().find(text);
    hidden.extend(secret_lines(text));
    hide_literals(document, &mut hidden);
    hide(text, hidden)
}

/// Whether a key's name says that its value is a secret.
fn names_a_secret(key: &str) -> bool {
    let key = key.to_ascii_lowercase();
    ["token", "secret", "passw", "private_key", "api_key", "apikey"].iter().any(|word| key.contains(word))
        || key == "pat"
}

/// The values of lines whose key names a secret and that do not say where it is: for files that are not even TOML.
fn secret_lines(text: &str) -> Vec<Range<usize>> {
    let mut ranges = Vec::new();
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        if let Some((key, value)) = line.split_once(['=', ':']) {
            let key = key.trim().trim_matches(['"', '\'']);
            let says_where = [".env", ".file", ".command"].iter().any(|end| key.ends_with(end));
            let trimmed = value.trim_start();
            if names_a_secret(key) && !says_where && !trimmed.starts_with('{') {
                let from = start + line.len() - trimmed.len();
                ranges.push(from..start + line.trim_end().len().max(line.len() - trimmed.len()));
            }
        }
        start += line.len();
    }
    ranges
}

/// The strings that stand where a secret's place should stand, or under a key that settings do not have.
fn hide_literals(table: &DeTable<'_>, hidden: &mut Vec<Range<usize>>) {
    let Some(credentials) = table.get("credential") else { return };
    let entries: Vec<&DeTable<'_>> = match credentials.get_ref() {
        DeValue::Array(list) => list.iter().filter_map(|entry| entry.get_ref().as_table()).collect(),
        DeValue::Table(table) => vec![table],
        _ => Vec::new(),
    };
    for entry in entries {
        for (key, value) in entry.iter() {
            match (key.get_ref().as_ref(), value.get_ref()) {
                ("token" | "private_key", DeValue::Table(place)) => {
                    let unknown = place.iter().filter(|(key, _)| !SECRET.contains(&key.get_ref().as_ref()));
                    hidden.extend(unknown.map(|(_, value)| value.span()));
                }
                ("token" | "private_key", _) => hidden.push(value.span()),
                (known, _) if CREDENTIAL.contains(&known) => {}
                _ => hidden.push(value.span()),
            }
        }
    }
}

/// The text with those ranges starred; length and lines stay.
fn hide(text: &str, mut ranges: Vec<Range<usize>>) -> String {
    ranges.sort_by_key(|range| range.start);
    let mut shown = String::with_capacity(text.len());
    let mut done = 0;
    for range in ranges {
        let (start, end) = (range.start.max(done), range.end);
        let (Some(before), Some(inside)) = (text.get(done..start), text.get(start..end)) else { continue };
        shown.push_str(before);
        let keep = |byte: u8| matches!(byte, b'\n' | b'\r' | b'"' | b'\'');
        shown.extend(inside.bytes().map(|byte| if keep(byte) { char::from(byte) } else { '*' }));
        done = end;
    }
    shown.push_str(text.get(done..).unwrap_or(""));
    shown
}
