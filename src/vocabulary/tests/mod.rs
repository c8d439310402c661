//! The tables tested as tables: what every host's rows must keep, whoever adds them.

mod columns;
mod identity;
mod requests;
mod revealing;
mod shapes;
mod shared;
mod values;

use std::collections::{BTreeMap, BTreeSet};
use std::mem::discriminant;

use super::*;

/// Every level, word and name that a type can have, with the aliases of it.
fn words(ty: Type) -> Vec<&'static str> {
    match ty {
        Type::Enum(table) => table.words.iter().map(|(word, _)| *word).collect(),
        Type::Level(table) => table.levels.iter().map(|(word, _)| *word).collect(),
        Type::Names(table) => table.names.iter().map(|row| row.name).collect(),
        Type::Permissions(table) => table.permissions.iter().map(|row| row.name).collect(),
        _ => Vec::new(),
    }
}

fn aliases(ty: Type) -> &'static [Alias] {
    match ty {
        Type::Enum(table) => table.aliases,
        Type::Names(table) => table.aliases,
        Type::Permissions(table) => table.aliases,
        _ => &[],
    }
}

/// The types of all facts and record fields, with where each stands.
fn types() -> Vec<(String, Type)> {
    let mut types = Vec::new();
    for host in HOSTS {
        for fact in host.facts {
            types.push((format!("{} {}", host.word, fact.path), fact.ty));
            if let Type::Records(table) = fact.ty {
                types.extend(
                    table.fields.iter().map(|field| (format!("{} {}.{}", host.word, fact.path, field.name), field.ty)),
                );
            }
        }
    }
    types
}

fn name_tables() -> Vec<(String, &'static NameTable)> {
    types()
        .into_iter()
        .filter_map(|(at, ty)| if let Type::Names(table) = ty { Some((at, table)) } else { None })
        .collect()
}

fn level_tables() -> Vec<(String, &'static LevelTable)> {
    types()
        .into_iter()
        .filter_map(|(at, ty)| match ty {
            Type::Level(table) => Some((at, table)),
            Type::Permissions(table) => Some((at, table.levels)),
            _ => None,
        })
        .collect()
}

fn reveals(fact: &Fact) -> &'static [Reveal] {
    match fact.origin {
        Origin::Asked(reveals) => reveals,
        Origin::Derived(_) => &[],
    }
}

/// The rows of a fact that are about a kind.
fn about(fact: &Fact, kind: &CredentialKind) -> Vec<&'static Told> {
    reveals(fact)
        .iter()
        .filter(|reveal| reveal.kinds.contains(&kind.word) || (reveal.kinds.is_empty() && kind.first_request.is_some()))
        .map(|reveal| &reveal.by)
        .collect()
}

fn duplicates<T: Ord + Copy>(items: impl IntoIterator<Item = T>) -> Vec<T> {
    let mut seen = BTreeSet::new();
    items.into_iter().filter(|item| !seen.insert(*item)).collect()
}

/// Whether a policy can write it bare: a word of an enum, a level, a field.
fn is_word(text: &str) -> bool {
    text.starts_with(|first: char| first.is_ascii_lowercase())
        && text
            .chars()
            .all(|character| character.is_ascii_lowercase() || character.is_ascii_digit() || character == '_')
}

fn is_sentence(text: &str) -> bool {
    text.ends_with('.') && text.starts_with(|first: char| !first.is_lowercase())
}

fn placeholders(text: &str) -> Vec<&str> {
    text.split('{').skip(1).map(|rest| rest.split('}').next().unwrap()).collect()
}

/// The role that `repository.access` is derived from.
fn role_table(host: &Host) -> &'static LevelTable {
    let access = host.row(host.fact("repository.access").unwrap());
    let Origin::Derived(Derivation::Access(path)) = access.origin else { panic!("{}", host.word) };
    let role = host.row(host.fact(path).unwrap());
    assert_eq!(role.subject, Subject::Repository);
    let Type::Level(table) = role.ty else { panic!("{path} is no level") };
    table
}
