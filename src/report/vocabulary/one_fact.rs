//! One fact, whole.

use super::rows::{ability_row, name_rows, permission_rows};
use super::{absence_sentence, derivation, is_portable, place, reasons, request_line};
use crate::facts::reveal::{Knowable, Shown, knowable, shown};
use crate::report::page::Page;
use crate::text::english;
use crate::vocabulary::{Alias, CredentialKind, Derivation, Fact, Host, LevelTable, Origin, Subject, Type};

/// Adds everything that is to say of a fact.
pub(super) fn describe(host: &'static Host, fact: &'static Fact, page: &mut Page) {
    page.heading(format!("`{}` on {}", fact.path, host.title));
    let whose = match fact.subject {
        Subject::Credential => "the credential's".to_owned(),
        Subject::Repository => "each repository's in scope".to_owned(),
        Subject::Organization => "each organisation's in scope".to_owned(),
    };
    page.paragraph(2, fact.doc);
    let portable = if is_portable(fact) { "every host has it with this type" } else { "this host's own" };
    let mut rows = vec![
        vec!["type".into(), fact.ty.title()],
        vec!["whose".into(), whose],
        vec!["portable".into(), portable.into()],
        vec!["absent".into(), absence_sentence(fact.absence)],
    ];
    if let Origin::Derived(how) = &fact.origin {
        rows.push(vec!["computed".into(), derivation(how, host)]);
    }
    rows.push(vec!["operators".into(), operators(fact.ty).into()]);
    page.rows(2, rows);
    values(host, fact, page);
    page.heading("By kind of credential");
    page.rows(2, host.kinds.iter().map(|kind| kind_row(host, fact, kind)).collect());
}

fn operators(ty: Type) -> &'static str {
    match ty {
        Type::Bool => "by itself, `==`, `!=`, `is absent`",
        Type::Integer | Type::Version | Type::Time | Type::Duration | Type::Level(_) => {
            "`==`, `!=`, `<`, `<=`, `>`, `>=`, `in`, `is absent`"
        }
        Type::String => "`==`, `!=`, `in`, `like`, `matches`, `is absent`",
        Type::Enum(_) => "`==`, `!=`, `in`, `is absent`",
        Type::Names(_) | Type::Strings => "`covers`, `within`, `overlaps`, `any`, `all`, `count`, `is absent`",
        Type::Permissions(_) => "`covers`, `within`, `overlaps`, `is absent`",
        Type::Records(_) => "`any`, `all`, `count`, `is absent`",
    }
}

fn values(host: &'static Host, fact: &'static Fact, page: &mut Page) {
    match fact.ty {
        Type::Enum(table) => {
            page.heading("Values");
            page.rows(2, table.words.iter().map(|(word, doc)| vec![format!("`{word}`"), (*doc).to_owned()]).collect());
            aliases(table.aliases, page);
        }
        Type::Level(table) => {
            page.heading("Levels, lowest first");
            page.rows(2, level_rows(table));
        }
        Type::Names(table) => {
            page.heading(format!("{} names", table.names.len()));
            page.rows(2, name_rows(table));
            aliases(table.aliases, page);
        }
        Type::Permissions(table) => {
            page.heading("Permissions, with their levels and their names on the settings page");
            page.rows(2, permission_rows(table));
            aliases(table.aliases, page);
        }
        Type::Records(table) => {
            page.heading(format!("Fields of the {}", table.plural));
            let rows = table.fields.iter();
            page.rows(
                2,
                rows.map(|field| vec![format!("`{}`", field.name), field.ty.title(), field.doc.to_owned()]).collect(),
            );
        }
        Type::Bool | Type::Integer | Type::String | Type::Version | Type::Time | Type::Duration | Type::Strings => {}
    }
    if matches!(fact.origin, Origin::Derived(Derivation::Abilities(_))) && !host.abilities.is_empty() {
        page.heading("What each takes");
        page.rows(2, host.abilities.iter().map(ability_row).collect());
    }
}

fn level_rows(table: &LevelTable) -> Vec<Vec<String>> {
    table
        .levels
        .iter()
        .map(|(word, below)| {
            let mut told = match below {
                [] => "the lowest".to_owned(),
                below => format!("above {}", english::quoted_list(*below, "and")),
            };
            if let Some((_, access)) = table.access.iter().find(|(own, access)| own == word && access != word) {
                told.push_str(&format!("; `repository.access` is `{access}`"));
            }
            vec![format!("`{word}`"), told]
        })
        .collect()
}

fn aliases(aliases: &[Alias], page: &mut Page) {
    if aliases.is_empty() {
        return;
    }
    page.heading("Spellings from elsewhere, which an error answers with the name here");
    let row = |alias: &Alias| {
        vec![format!("`{}`", alias.spelling), format!("`{}`", alias.name), format!("seen in {}", alias.seen_in)]
    };
    page.rows(2, aliases.iter().map(row).collect());
}

fn kind_row(host: &'static Host, fact: &'static Fact, kind: &'static CredentialKind) -> Vec<String> {
    let told = match shown(host, fact, kind) {
        Shown::Asked(request, source) => format!("{} of `{}`", place(source), request_line(request)),
        Shown::Minted(request, source, by_others) => {
            let told = format!("{} of `{}`", place(source), request_line(request));
            match by_others {
                None => format!("with `--mint`, {told}"),
                Some(why) => format!("{why}; with `--mint`, a checker App can: {told}"),
            }
        }
        Shown::TokenText if kind.prefixes.is_empty() => "how the credential was found or configured tells".to_owned(),
        Shown::TokenText => "the text of the token tells, without a request".to_owned(),
        Shown::Inapplicable(why) => format!("has none: {why}"),
        Shown::Hidden(why) => format!("cannot show it: {why}"),
        Shown::Computed(_) => match knowable(host, fact, kind) {
            Knowable::Always => "computed".to_owned(),
            Knowable::Partly(obstacles) => {
                format!("computed in part: {}", reasons(&obstacles))
            }
            Knowable::Never(obstacles) => {
                format!("cannot be computed: {}", reasons(&obstacles))
            }
        },
    };
    vec![format!("`{}`", kind.word), told]
}
