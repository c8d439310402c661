//! `credcheck vocab`.

use std::fmt::Write as _;

use credcheck::vocabulary::{HOSTS, HostKind, host};

use crate::harness::{json, run, shape, told, without_reader};

/// The first lines of each section.
fn trimmed(text: &str, lines: usize) -> String {
    let mut out = String::new();
    let mut left = lines;
    for line in text.lines() {
        if !line.starts_with(' ') {
            left = lines + 1;
        }
        if left > 0 {
            writeln!(out, "{line}").unwrap();
        }
        if left == 1 {
            writeln!(out, "  …").unwrap();
        }
        left = left.saturating_sub(1);
    }
    out
}

#[test]
fn overview() {
    insta::assert_snapshot!(told(&["vocab"]));
    assert_eq!(told(&["vocab", "any"]), told(&["vocab"]));
}

#[test]
fn one_host() {
    insta::assert_snapshot!(trimmed(&told(&["vocab", "github"]), 9));
}

#[test]
fn one_fact_of_each_sort() {
    for fact in [
        "token.kind",
        "token.scopes",
        "token.permissions",
        "token.lifetime",
        "token.expires_in",
        "user.is_bot",
        "repository.permission",
        "repository.can",
        "repository.webhooks",
        "organization.role",
    ] {
        insta::assert_snapshot!(fact.replace('.', "_"), trimmed(&told(&["vocab", "github", fact]), 14));
    }
}

#[test]
fn every_fact_of_every_host_is_told_whole() {
    for host in HOSTS {
        let text = told(&["vocab", host.word]).split_whitespace().collect::<Vec<_>>().join(" ");
        for fact in host.facts {
            assert!(text.contains(&format!("`{}`", fact.path)), "{} {}", host.word, fact.path);
            assert!(text.contains(fact.doc), "{} {}", host.word, fact.path);
            let one = told(&["vocab", host.word, fact.path]);
            for kind in host.kinds {
                assert!(one.contains(&format!("`{}`", kind.word)), "{} {}", fact.path, kind.word);
            }
        }
        for request in host.requests {
            assert!(text.contains(request.path), "{} {}", host.word, request.name);
        }
    }
}

#[test]
fn a_fact_without_a_host_is_that_of_every_host_that_has_it() {
    let text = told(&["vocab", "token.expires_at"]);
    for host in HOSTS {
        assert!(text.contains(&format!("`token.expires_at` on {}", host.title)), "{}", host.word);
    }
    assert_eq!(told(&["vocab", "user.site_admin"]), told(&["vocab", "github", "user.site_admin"]));
}

#[test]
fn the_document_has_every_row_and_its_keys_stay() {
    let document = json(&["vocab"]);
    insta::assert_snapshot!(shape(&document).join("\n"));
    for (at, host) in HOSTS.iter().enumerate() {
        let row = &document["hosts"][at];
        assert_eq!(row["host"], host.word);
        for (key, rows) in [
            ("facts", host.facts.len()),
            ("kinds", host.kinds.len()),
            ("requests", host.requests.len()),
            ("abilities", host.abilities.len()),
        ] {
            assert_eq!(row[key].as_array().unwrap().len(), rows, "{} {key}", host.word);
        }
    }
    let portable = |host: usize| -> Vec<String> {
        let facts = document["hosts"][host]["facts"].as_array().unwrap().iter();
        let mut paths: Vec<String> =
            facts.filter(|fact| fact["portable"] == true).map(|fact| fact["fact"].to_string()).collect();
        paths.sort();
        paths
    };
    assert!(portable(0).len() >= 16 && (1..HOSTS.len()).all(|at| portable(at) == portable(0)));
}

#[test]
fn the_document_of_one_fact_says_who_reveals_it() {
    let document = json(&["vocab", "github", "token.scopes"]);
    let host_row = &document["hosts"][0];
    assert_eq!(document["hosts"].as_array().unwrap().len(), 1);
    assert_eq!(host_row["facts"].as_array().unwrap().len(), 1);
    let fact = &host_row["facts"][0];
    let kinds = fact["kinds"].as_array().unwrap();
    assert_eq!(kinds.len(), host(HostKind::GitHub).kinds.len());
    assert_eq!(kinds[0]["kind"], "classic");
    assert_eq!((&kinds[0]["by"], &kinds[0]["request"]), (&"asked".into(), &"user".into()));
    assert_eq!((&kinds[0]["source"], &kinds[0]["known"]), (&"header X-OAuth-Scopes".into(), &"yes".into()));
    assert_eq!((&kinds[1]["by"], &kinds[1]["known"]), (&"inapplicable".into(), &"no".into()));
    assert_eq!(kinds[1]["reasons"][0]["cause"], "inapplicable");
    let repo = fact["names"].as_array().unwrap().iter().find(|name| name["name"] == "repo").unwrap();
    assert!(repo["implies"].as_array().unwrap().contains(&"repo:status".into()));
    let facts = json(&["vocab", "github", "token.expires_in"]);
    let computed = &facts["hosts"][0]["facts"][0]["computed"];
    assert_eq!((&computed["how"], &computed["from"][0]), (&"until".into(), &"token.expires_at".into()));
}

#[test]
fn wrong_names_are_wrong_command_lines() {
    for (arguments, code, help) in [
        (&["vocab", "githib"][..], "C0201", "did you mean `github`?"),
        (&["vocab", "github", "token.scops"], "C0202", "did you mean `token.scopes`?"),
        (&["vocab", "token.scops"], "C0202", "did you mean `token.scopes`?"),
    ] {
        let ran = run(arguments);
        assert_eq!((ran.code, ran.output.as_str()), (2, ""), "{arguments:?}");
        assert!(ran.errors.contains(code) && ran.errors.contains(help), "{}", ran.errors);
        let mut all = arguments.to_vec();
        all.extend(["--format", "json"]);
        let ran = run(&all);
        assert_eq!(ran.code, 2);
        let document: serde_json::Value = serde_json::from_str(&ran.output).unwrap();
        assert_eq!(
            (&document["diagnostics"][0]["code"], &document["diagnostics"][0]["help"]),
            (&code.into(), &help.into())
        );
    }
    let ran = run(&["vocab", "git\u{1b}[2Jhub\u{202e}"]);
    assert_eq!(ran.code, 2);
    assert!(!ran.errors.contains('\u{1b}') && !ran.errors.contains('\u{202e}'), "{:?}", ran.errors);
}

#[test]
fn output_goes_where_it_is_sent() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("vocab.txt");
    assert_eq!(told(&["vocab", "github", "--output", file.to_str().unwrap()]), "");
    assert_eq!(std::fs::read_to_string(&file).unwrap(), told(&["vocab", "github"]));
    assert_eq!(run(&["vocab", "--output", folder.path().to_str().unwrap()]).code, 5);
    let bold = told(&["vocab", "--color", "always"]);
    assert!(bold.starts_with("\u{1b}[1mHosts\u{1b}[0m\n"), "{bold:?}");
    assert!(!told(&["vocab", "--color", "never"]).contains('\u{1b}'));
    assert_eq!(without_reader(&["vocab", "github"]), (0, String::new()));
}

#[test]
fn a_word_that_facts_can_hold_is_told() {
    for (arguments, shown) in [
        (&["vocab", "github", "delete_repo"][..], "`token.scopes covers [\"delete_repo\"]`"),
        (&["vocab", "github", "workflows"], "never on"),
        (&["vocab", "any", "push"], "`repository.can covers [push]`"),
        (&["vocab", "github", "classic"], "`token.kind == classic`"),
        (&["vocab", "gitlab", "developer"], "`project.access_level >= developer`"),
        (&["vocab", "github", "commit_statuses"], "how the settings page spells it"),
        (&["explain", "token.scopes"], "`token.scopes` on GitLab"),
    ] {
        let told = told(arguments);
        assert!(told.contains(shown), "{arguments:?}\n{told}");
    }
    let document = json(&["vocab", "github", "delete_repo"]);
    assert_eq!(document["hosts"][0]["facts"][0]["fact"], "token.scopes");
    let ran = run(&["vocab", "github", "token.ttl"]);
    assert!(ran.code == 2 && ran.errors.contains("did you mean `token.expires_in`?"), "{}", ran.errors);
}
