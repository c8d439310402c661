//! One word that a fact can hold: what it means, what it brings along, and who can have it.

use super::rows::ability_row;
use crate::report::page::Page;
use crate::text::english;
use crate::vocabulary::{Alias, Fact, Host, NameTable, Type, can_have_scope, can_hold};

/// Adds what is to say of a word of a fact.
pub(super) fn describe(host: &'static Host, fact: &'static Fact, written: &str, page: &mut Page) {
    let aliases: &[Alias] = match fact.ty {
        Type::Names(table) => table.aliases,
        Type::Permissions(table) => table.aliases,
        Type::Enum(table) => table.aliases,
        _ => &[],
    };
    let alias = aliases.iter().find(|alias| alias.spelling == written);
    let word = alias.map_or(written, |alias| alias.name);
    page.heading(format!("`{word}` in `{}` of {}", fact.path, host.title));
    let mut rows: Vec<Vec<String>> = Vec::new();
    let mut row = |what: &str, text: String| rows.push(vec![what.to_owned(), text]);
    if let Some(alias) = alias {
        row("written", format!("`{}` is how {} spells it", alias.spelling, alias.seen_in));
    }
    match fact.ty {
        Type::Names(table) => {
            names(host, fact, table, word, &mut row);
        }
        Type::Permissions(table) => {
            if let Some(permission) = table.permissions.iter().find(|row| row.name == word) {
                row("title", format!("\"{}\" on the settings page", permission.title));
                row("levels", english::quoted_list(permission.levels, "or"));
                let never = host.kinds.iter().filter(|kind| !can_hold(host, kind, word)).map(|kind| kind.word);
                let never: Vec<&str> = never.collect();
                if !never.is_empty() {
                    row("never on", english::quoted_list(never, "and"));
                }
                if let Some(level) = permission.levels.last() {
                    row("write", format!("`{} covers {{ {word} = {level} }}`", fact.path));
                }
            }
        }
        Type::Enum(table) => {
            if let Some((_, doc)) = table.words.iter().find(|(known, _)| *known == word) {
                row("meaning", (*doc).to_owned());
            }
            row("write", format!("`{} == {word}`", fact.path));
        }
        Type::Level(table) => {
            if let Some((_, below)) = table.levels.iter().find(|(known, _)| *known == word) {
                let below =
                    if below.is_empty() { "the lowest".to_owned() } else { english::quoted_list(*below, "and") };
                row("above", below);
            }
            row("write", format!("`{} >= {word}`", fact.path));
        }
        Type::Records(table) => {
            if let Some(field) = table.fields.iter().find(|field| field.name == word) {
                row("field of", format!("the {}", table.plural));
                row("type", field.ty.title());
                row("meaning", field.doc.to_owned());
            }
        }
        _ => {}
    }
    page.rows(2, rows);
}

fn names(
    host: &'static Host,
    fact: &'static Fact,
    table: &'static NameTable,
    word: &str,
    row: &mut dyn FnMut(&str, String),
) {
    if let Some(name) = table.names.iter().find(|name| name.name == word) {
        row("meaning", name.doc.to_owned());
        if !name.implies.is_empty() {
            row("implies", english::quoted_list(name.implies, "and"));
        }
    }
    let implied_by = table.names.iter().filter(|name| name.implies.contains(&word)).map(|name| name.name);
    let implied_by: Vec<&str> = implied_by.collect();
    if !implied_by.is_empty() {
        row("implied by", english::quoted_list(implied_by, "and"));
    }
    if fact.path == "token.scopes" {
        let never = host.kinds.iter().filter(|kind| !can_have_scope(host, kind, word)).map(|kind| kind.word);
        let never: Vec<&str> = never.collect();
        if !never.is_empty() {
            row("never on", english::quoted_list(never, "and"));
        }
    }
    let ability = host.abilities.iter().find(|ability| table.words && ability.word == word);
    if let Some(text) = ability.and_then(|ability| ability_row(ability).into_iter().nth(1)) {
        row("takes", text);
    }
    let item = if table.words { word.to_owned() } else { format!("\"{word}\"") };
    row("write", format!("`{} covers [{item}]`", fact.path));
}
