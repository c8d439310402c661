//! Rows of the vocabulary's tables: names, permissions, abilities.

use crate::text::english;
use crate::vocabulary::{Ability, NameTable, OnPublic, PermissionTable};

/// A row for each name, with what it implies.
pub(super) fn name_rows(table: &NameTable) -> Vec<Vec<String>> {
    table
        .names
        .iter()
        .map(|name| {
            let implies = match name.implies {
                [] => String::new(),
                implied => format!("; implies {}", english::quoted_list(implied, "and")),
            };
            vec![format!("`{}`", name.name), format!("{}{implies}", name.doc)]
        })
        .collect()
}

/// A row for each permission, with its levels.
pub(super) fn permission_rows(table: &PermissionTable) -> Vec<Vec<String>> {
    table
        .permissions
        .iter()
        .map(|permission| {
            let never = match permission.never_on {
                [] => String::new(),
                kinds => format!("; never on {}", english::quoted_list(kinds, "and")),
            };
            vec![
                format!("`{}`", permission.name),
                permission.levels.join(", "),
                format!("\"{}\"{never}", permission.title),
            ]
        })
        .collect()
}

/// What an ability takes.
pub(super) fn ability_row(ability: &Ability) -> Vec<String> {
    let mut ways = Vec::new();
    if !ability.scopes.is_empty() {
        ways.push(format!("the scope {}", scope_groups(ability.scopes)));
    }
    for group in ability.permissions {
        let all = group.iter().map(|(name, level)| format!("`{name} = {level}`"));
        ways.push(format!("the permissions {}", english::list(all, "and")));
    }
    let roles = english::quoted_list(ability.roles, "or");
    let mut text = format!("{}, and the role {roles}", english::list(&ways, "or"));
    if !ability.public_scopes.is_empty() {
        text.push_str(&format!("; on public repositories also {}", scope_groups(ability.public_scopes)));
    }
    match ability.on_public {
        OnPublic::Nothing => {}
        OnPublic::Role => text.push_str("; on public repositories no role is needed"),
        OnPublic::Everything => text.push_str("; on public repositories everybody can"),
    }
    if !ability.only_way {
        text.push_str("; whether less suffices is not documented");
    }
    if !ability.never_on.is_empty() {
        text.push_str(&format!("; never on {}", english::quoted_list(ability.never_on, "and")));
    }
    if ability.writes {
        text.push_str("; never on an archived one");
    }
    vec![format!("`{}`", ability.word), text]
}

/// Groups of scopes, each of which suffices.
fn scope_groups(groups: &[&[&str]]) -> String {
    english::list(groups.iter().map(|group| english::quoted_list(*group, "and")), "or")
}
