//! The table of what a token needs is held against the vocabulary: every kind of credential once, every scope, permission and
//! role spelt as the host's, and *never* exactly where no request shows anything.

use std::collections::BTreeSet;

use credcheck::facts::reveal::{Knowable, knowable};
use credcheck::vocabulary::{CredentialKind, Fact, HOSTS, Host, Subject, Type};

use crate::pages::read;

/// The cells of each row of the table.
fn rows() -> Vec<Vec<String>> {
    let page = read("docs/tokens.md");
    let table = page.lines().filter(|line| line.starts_with("| `"));
    table
        .map(|line| line.trim_matches('|').split(" | ").map(|cell| cell.trim_matches(['|', ' ']).to_owned()).collect())
        .collect()
}

fn quoted(text: &str) -> Vec<String> {
    text.split('`').skip(1).step_by(2).map(str::to_owned).collect()
}

/// What may stand in backticks in a row of this host.
fn words(host: &Host) -> BTreeSet<String> {
    let mut words = BTreeSet::from(["--mint".to_owned()]);
    for fact in host.facts {
        match fact.ty {
            Type::Names(table) => words.extend(table.names.iter().map(|name| name.name.to_owned())),
            Type::Level(table) => words.extend(table.levels.iter().map(|(word, _)| (*word).to_owned())),
            Type::Permissions(table) => {
                for row in table.permissions {
                    words.extend(row.levels.iter().map(|level| format!("{} = {level}", row.name)));
                }
            }
            _ => {}
        }
    }
    words
}

/// The columns, and which facts each is about.
const COLUMNS: [&str; 4] = ["itself", "repositories", "webhooks", "above"];

fn column(fact: &Fact) -> &'static str {
    match fact.subject {
        Subject::Credential => "itself",
        Subject::Repository if fact.path.ends_with(".webhooks") => "webhooks",
        Subject::Repository => "repositories",
        Subject::Organization => "above",
    }
}

/// Whether no fact of a column is ever known of the kind.
fn never(host: &'static Host, kind: &'static CredentialKind, of: &str) -> bool {
    let mut facts = host.facts.iter().filter(|fact| column(fact) == of);
    kind.first_request.is_none() || facts.all(|fact| matches!(knowable(host, fact, kind), Knowable::Never(_)))
}

#[test]
fn every_kind_has_its_row_and_every_word_is_the_hosts() {
    let (mut seen, mut wrong) = (BTreeSet::new(), Vec::new());
    for row in rows() {
        let [host, kinds, cells @ ..] = row.as_slice() else { panic!("{row:?}") };
        assert_eq!(cells.len(), 4, "{row:?}");
        let host = *HOSTS.iter().find(|one| format!("`{}`", one.word) == *host).unwrap_or_else(|| panic!("{host}"));
        let known = words(host);
        for word in cells.iter().flat_map(|cell| quoted(cell)) {
            assert!(known.contains(&word), "{}: there is no `{word}`", host.word);
        }
        for kind in quoted(kinds) {
            let kind = host.credential_kind(&kind).unwrap_or_else(|| panic!("{}: no kind `{kind}`", host.word));
            assert!(seen.insert((host.word, kind.word)), "{} {} stands there twice", host.word, kind.word);
            for (name, cell) in COLUMNS.iter().zip(cells) {
                let said = cell.starts_with("never");
                if said != never(host, kind, name) {
                    wrong.push(format!("{} {}: {name}: {cell}", host.word, kind.word));
                }
            }
        }
    }
    let all: BTreeSet<_> = HOSTS.iter().flat_map(|host| host.kinds.iter().map(|kind| (host.word, kind.word))).collect();
    assert_eq!(seen, all);
    assert!(wrong.is_empty(), "not as the tables say:\n{}", wrong.join("\n"));
}
