//! The vocabulary as a page: an overview, a host whole.

use super::rows::{ability_row, name_rows, permission_rows};
use super::{Selection, absence, derivation, is_portable, one_fact, one_word, place, request_line, type_words};
use crate::facts::reveal::{Shown, shown};
use crate::report::page::Page;
use crate::text::english;
use crate::vocabulary::{
    Absence, CredentialKind, Fact, HOSTS, Host, Method, NameTable, Origin, PermissionTable, Request, Type,
};

/// The page of what is selected.
pub fn page(selection: &Selection) -> Page {
    let mut page = Page::default();
    match selection {
        Selection::Everything => overview(&mut page),
        Selection::Host(host) => whole(host, &mut page),
        Selection::Fact(facts) => {
            for (host, index) in facts {
                one_fact::describe(host, host.row(*index), &mut page);
            }
        }
        Selection::Word(word, facts) => {
            for (host, index) in facts {
                one_word::describe(host, host.row(*index), word, &mut page);
            }
        }
    }
    page
}

fn overview(page: &mut Page) {
    page.heading("Hosts");
    let row = |host: &&Host| {
        let kinds = host.kinds.iter().map(|kind| kind.word);
        vec![
            format!("`{}`", host.word),
            format!(
                "{}; kinds of credential: {}",
                english::count(host.facts.len(), "fact", "facts"),
                english::quoted_list(kinds, "and")
            ),
        ]
    };
    page.rows(2, HOSTS.iter().map(row).collect());
    page.heading("Facts that every host has");
    if let Some((first, _)) = HOSTS.split_first() {
        page.rows(2, first.facts.iter().filter(|fact| is_portable(fact)).map(|fact| fact_row(fact, "")).collect());
    }
    page.paragraph(
        0,
        "`host any` may read these. `credcheck vocab github` shows a host whole, `credcheck vocab github token.scopes` \
         one of its facts.",
    );
}

fn fact_row(fact: &Fact, mark: &str) -> Vec<String> {
    let none = match fact.absence {
        Absence::Impossible => String::new(),
        other => format!("; absent reads as {}", absence(other)),
    };
    vec![format!("`{}`{mark}", fact.path), fact.subject.word().to_owned(), format!("{}{none}", type_words(fact.ty))]
}

fn whole(host: &'static Host, page: &mut Page) {
    page.heading(format!("{} (`{}`)", host.title, host.word));
    let address = host.public_url.map_or("only hosted by oneself".to_owned(), |url| format!("public host {url}"));
    let called = match host.repository_word {
        "repository" => String::new(),
        word => format!("; what a policy calls a repository is a {word} there"),
    };
    page.paragraph(2, format!("{address}{called}"));

    page.heading("Kinds of credential (`token.kind`)");
    page.rows(2, host.kinds.iter().map(kind_row).collect());

    page.heading("Facts (* every host has it, with one type)");
    let mut rows = Vec::new();
    for fact in host.facts {
        rows.push(fact_row(fact, if is_portable(fact) { " *" } else { "" }));
    }
    page.rows(2, rows);

    page.heading("What they mean, and what reveals them");
    page.rows(2, host.facts.iter().map(|fact| meaning_row(host, fact)).collect());

    for (title, table) in name_tables(host) {
        page.heading(title);
        page.rows(2, name_rows(table));
    }
    for (path, table) in permission_tables(host) {
        page.heading(format!("Permissions (`{path}`)"));
        page.rows(2, permission_rows(table));
    }
    if !host.abilities.is_empty() {
        page.heading("What abilities take (`repository.can`)");
        page.rows(2, host.abilities.iter().map(ability_row).collect());
    }
    page.heading("Requests (all of them read only)");
    page.rows(2, host.requests.iter().map(request_row).collect());
}

fn kind_row(kind: &CredentialKind) -> Vec<String> {
    let begins = match kind.prefixes {
        [] => String::new(),
        prefixes => format!("begins with {}; ", english::quoted_list(prefixes, "or")),
    };
    let lives = kind.lifetime.map_or("lifetime by its expiry".to_owned(), |life| format!("lifetime `{}`", life.word()));
    let asked = kind.first_request.map_or("; not asked with by this version".to_owned(), |_| String::new());
    vec![format!("`{}`", kind.word), format!("{}; {begins}{lives}{asked}. {}", kind.title, kind.doc)]
}

fn meaning_row(host: &'static Host, fact: &'static Fact) -> Vec<String> {
    vec![format!("`{}`", fact.path), format!("{} {}", fact.doc, revealed(host, fact))]
}

/// What reveals a fact, kinds with the same answer together.
fn revealed(host: &'static Host, fact: &'static Fact) -> String {
    if let Origin::Derived(how) = &fact.origin {
        return format!("Computed: {}.", derivation(how, host));
    }
    let mut groups: Vec<(String, Vec<&str>)> = Vec::new();
    for kind in host.kinds {
        let by = match shown(host, fact, kind) {
            Shown::Asked(request, source) => format!("{} of `{}`", place(source), request_line(request)),
            Shown::Minted(request, source, None) => {
                format!("with `--mint`, {} of `{}`", place(source), request_line(request))
            }
            Shown::Minted(request, source, Some(_)) => {
                format!("with `--mint` and a checker App, {} of `{}`", place(source), request_line(request))
            }
            Shown::TokenText => "the text of the token".to_owned(),
            Shown::Computed(_) => continue,
            Shown::Inapplicable(_) => "has none".to_owned(),
            Shown::Hidden(_) => "cannot show it".to_owned(),
        };
        match groups.iter_mut().find(|(have, _)| *have == by) {
            Some((_, kinds)) => kinds.push(kind.word),
            None => groups.push((by, vec![kind.word])),
        }
    }
    let told: Vec<String> = groups
        .iter()
        .map(|(by, kinds)| {
            let named = english::list(kinds, "and");
            match by.as_str() {
                "has none" => format!("{named} {} none", if kinds.len() == 1 { "has" } else { "have" }),
                "cannot show it" => format!("{named} cannot show it"),
                by => format!("{named}: {by}"),
            }
        })
        .collect();
    format!("[{}]", told.join("; "))
}

/// The tables of names that facts use, each once, with a title.
fn name_tables(host: &'static Host) -> Vec<(String, &'static NameTable)> {
    let mut tables: Vec<(String, &'static NameTable)> = Vec::new();
    for fact in host.facts {
        if let Type::Names(table) = fact.ty
            && tables.iter().all(|(_, have)| *have != table)
        {
            let mut plural = table.plural.to_owned();
            if let Some(first) = plural.get_mut(..1) {
                first.make_ascii_uppercase();
            }
            tables.push((format!("{plural} (`{}`)", fact.path), table));
        }
    }
    tables
}

fn permission_tables(host: &'static Host) -> Vec<(&'static str, &'static PermissionTable)> {
    let mut tables: Vec<(&'static str, &'static PermissionTable)> = Vec::new();
    for fact in host.facts {
        if let Type::Permissions(table) = fact.ty
            && tables.iter().all(|(_, have)| *have != table)
        {
            tables.push((fact.path, table));
        }
    }
    tables
}

fn request_row(request: &Request) -> Vec<String> {
    let kind = if matches!(request.method, Method::Query(_)) { " (a GraphQL query)" } else { "" };
    vec![format!("`{}`", request_line(request)), format!("once a {}{kind}; {}", request.subject.word(), request.see)]
}
