//! Facts, codes and causes that the prose names are those of the tables.

use std::collections::BTreeSet;

use credcheck::diagnostic::Code;
use credcheck::facts::Cause;
use credcheck::vocabulary::{HOSTS, Host};

use crate::pages::{pages, prose, read, root};

const ROOTS: [&str; 9] =
    ["token", "user", "repository", "organization", "app", "host", "project", "group", "workspace"];

/// The words in backticks that look like facts: `token.kind`, also with something behind it.
fn facts_named(text: &str) -> Vec<String> {
    text.split('`')
        .skip(1)
        .step_by(2)
        // What a request is about are the host's own names.
        .filter(|code| !code.starts_with("GET "))
        .flat_map(|code| {
            code.split(|character: char| !(character.is_ascii_alphanumeric() || "._-/".contains(character)))
        })
        .filter(|word| {
            word.split_once('.').is_some_and(|(root, rest)| {
                ROOTS.contains(&root) && rest.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_')
            })
        })
        .map(str::to_owned)
        .collect()
}

/// The hosts that have a page of their own, with its name.
fn pages_of_hosts() -> Vec<(&'static Host, String)> {
    let named = HOSTS.iter().map(|host| (*host, format!("docs/{}.md", host.word.replace('_', "-"))));
    named.filter(|(_, name)| root().join(name).exists()).collect()
}

#[test]
fn facts_in_prose_are_in_the_tables() {
    let own = pages_of_hosts();
    for page in pages() {
        let of_page = own.iter().find(|(_, name)| *name == page.name).map(|(host, _)| *host);
        let hosts: Vec<_> = HOSTS.iter().filter(|host| of_page.is_none_or(|own| own.kind == host.kind)).collect();
        for (line, text) in prose(&page) {
            for fact in facts_named(text) {
                let known = hosts.iter().any(|host| host.fact(&fact).is_some());
                assert!(known, "{}:{line}: there is no fact `{fact}`", page.name);
            }
        }
    }
}

#[test]
fn the_page_of_a_host_has_every_fact_kind_and_request() {
    let own = pages_of_hosts();
    assert_eq!(own.len(), HOSTS.len(), "each host has its page");
    for (host, name) in own {
        let page = read(&name);
        let rows = |heading: &str| -> BTreeSet<String> {
            let (_, rest) =
                page.split_once(&format!("\n## {heading}\n")).unwrap_or_else(|| panic!("no `## {heading}`"));
            let section = rest.split("\n## ").next().unwrap();
            section.lines().filter_map(|line| line.strip_prefix("| `")?.split('`').next().map(str::to_owned)).collect()
        };
        let set = |words: Vec<&str>| words.into_iter().map(str::to_owned).collect::<BTreeSet<String>>();
        assert_eq!(rows("Kinds of credential"), set(host.kinds.iter().map(|kind| kind.word).collect()), "{name}");
        assert_eq!(rows("Facts"), set(host.facts.iter().map(|fact| fact.path).collect()), "{name}");
        assert_eq!(rows("What reveals a fact"), set(host.facts.iter().map(|fact| fact.path).collect()), "{name}");
        assert_eq!(rows("Requests"), set(host.requests.iter().map(|request| request.name).collect()), "{name}");
    }
}

#[test]
fn codes_in_prose_exist() {
    let known: BTreeSet<&str> = Code::ALL.iter().map(|code| code.number()).collect();
    for page in pages() {
        for (at, line) in page.text.lines().enumerate() {
            for word in line.split(|character: char| !character.is_ascii_alphanumeric()) {
                let digits = word.strip_prefix('C').unwrap_or("");
                let code = digits.len() == 4 && digits.bytes().all(|byte| byte.is_ascii_digit());
                assert!(!code || known.contains(word), "{}:{}: there is no code {word}", page.name, at + 1);
            }
        }
    }
}

#[test]
fn the_language_page_has_every_cause() {
    let page = read("docs/language.md");
    for cause in Cause::ALL {
        assert!(page.contains(&format!("| `{}` |", cause.word())), "{cause}");
    }
}
