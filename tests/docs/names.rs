//! Facts, codes and causes that the prose names are those of the tables.

use std::collections::BTreeSet;

use credcheck::diagnostic::Code;
use credcheck::facts::Cause;
use credcheck::vocabulary::{HOSTS, HostKind, host};

use crate::pages::{pages, prose, read};

const ROOTS: [&str; 9] =
    ["token", "user", "repository", "organization", "app", "host", "project", "group", "workspace"];

/// The words in backticks that look like facts: `token.kind`, also with something behind it.
fn facts_named(text: &str) -> Vec<String> {
    text.split('`')
        .skip(1)
        .step_by(2)
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

#[test]
fn facts_in_prose_are_in_the_tables() {
    for page in pages() {
        // A host's own page names its own facts.
        let own = HOSTS.iter().find(|host| page.name == format!("docs/{}.md", host.word));
        let hosts: Vec<_> = HOSTS.iter().filter(|host| own.is_none_or(|own| own.kind == host.kind)).collect();
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
    for host in [HostKind::GitHub, HostKind::GitLab].map(host) {
        let page = read(&format!("docs/{}.md", host.word));
        let rows = |heading: &str| -> BTreeSet<String> {
            let (_, rest) =
                page.split_once(&format!("\n## {heading}\n")).unwrap_or_else(|| panic!("no `## {heading}`"));
            let section = rest.split("\n## ").next().unwrap();
            section.lines().filter_map(|line| line.strip_prefix("| `")?.split('`').next().map(str::to_owned)).collect()
        };
        let set = |words: Vec<&str>| words.into_iter().map(str::to_owned).collect::<BTreeSet<String>>();
        assert_eq!(rows("Kinds of credential"), set(host.kinds.iter().map(|kind| kind.word).collect()));
        assert_eq!(rows("Facts"), set(host.facts.iter().map(|fact| fact.path).collect()));
        assert_eq!(rows("What reveals a fact"), set(host.facts.iter().map(|fact| fact.path).collect()));
        assert_eq!(rows("Requests"), set(host.requests.iter().map(|request| request.name).collect()));
    }
}

#[test]
fn the_page_of_bitbucket_server_names_its_own_facts_only() {
    let server = host(HostKind::BitbucketServer);
    for (line, text) in prose(&pages().into_iter().find(|page| page.name == "docs/bitbucket-server.md").unwrap()) {
        for fact in facts_named(text) {
            assert!(server.fact(&fact).is_some(), "docs/bitbucket-server.md:{line}: there is no fact `{fact}`");
        }
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
