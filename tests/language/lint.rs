//! Lints: every code has policies that bring it and some close by that do not.

use std::fmt::Write as _;

use credcheck::diagnostic::{Code, Diagnostic};
use credcheck::language::lint::apply;

use crate::harness::{Case, Memory, cases, render, run, text};

const CASES: &str = include_str!("cases/lint.pol");

fn diagnostics(case: &Case) -> (Vec<Diagnostic>, String) {
    let (findings, sources) = case.lint();
    let found: Vec<Diagnostic> = findings.into_iter().map(|finding| finding.diagnostic).collect();
    let told = if found.is_empty() { "nothing\n".to_owned() } else { render(&found, &sources) };
    (found, told)
}

#[test]
fn what_lints_say_of_the_cases() {
    let mut out = String::new();
    for case in cases(CASES) {
        writeln!(out, "#### {}\n{}", case.title, diagnostics(&case).1).unwrap();
    }
    insta::assert_snapshot!("lint", out);
}

#[test]
fn a_title_says_which_codes_come() {
    for case in cases(CASES) {
        let (found, told) = diagnostics(&case);
        let mut codes: Vec<&str> = found.iter().map(|one| one.code.number()).collect();
        codes.sort_unstable();
        codes.dedup();
        let mut words = case.title.split(' ');
        match words.next().unwrap() {
            "not" => assert!(!codes.contains(&words.next().unwrap()), "{}\n{told}", case.title),
            "fine" => assert!(codes.is_empty(), "{}\n{told}", case.title),
            first => {
                let mut wanted: Vec<&str> = first.split('+').collect();
                wanted.sort_unstable();
                assert_eq!(codes, wanted, "{}\n{told}", case.title);
            }
        }
    }
}

#[test]
fn every_lint_has_a_case_and_a_counter_case() {
    let cases = cases(CASES);
    for code in Code::ALL.iter().filter(|code| code.number() > "C1000") {
        let number = code.number();
        let brings = |case: &&Case| case.title.split(' ').next().unwrap().split('+').any(|word| word == number);
        assert!(cases.iter().filter(brings).count() > 0, "no case brings {number} {}", code.name());
        let close = cases.iter().filter(|case| case.title.starts_with(&format!("not {number} ")));
        assert!(close.count() > 0, "no case comes close to {number} {} without bringing it", code.name());
    }
}

#[test]
fn messages_keep_to_the_style() {
    for case in cases(CASES) {
        for one in diagnostics(&case).0 {
            let message = &one.message;
            assert!(!message.ends_with('.') && !message.contains('\n'), "{message}");
            assert_eq!(message.matches('`').count() % 2, 0, "{message}");
            assert!(!message.chars().next().unwrap().is_uppercase(), "{message}");
            assert!(one.help.is_some() || one.code == Code::WaiverExpired, "{message} has no help");
        }
    }
}

#[test]
fn five_mistakes_are_five_findings_each_at_its_place() {
    let case = cases(CASES).into_iter().find(|case| case.title.contains("five mistakes")).unwrap();
    let (findings, sources) = case.lint();
    let places: Vec<(&str, &str)> = findings
        .iter()
        .map(|finding| {
            let one = &finding.diagnostic;
            (one.code.number(), sources.snippet(one.span().unwrap()))
        })
        .collect();
    assert_eq!(
        places,
        [
            ("C1011", "days"),
            ("C1001", "token.name like \"ci-*\""),
            ("C1018", "group.access_level >= planner"),
            ("C1016", "classic"),
            ("C1013", "waive kinds until 2026-12-01 because \"x\""),
        ]
    );
}

/// A text with everything mended, and what was done.
fn mended(before: &str) -> (String, Vec<String>) {
    let (mut last, mut done) = (before.to_owned(), Vec::new());
    loop {
        let checked = text(last.as_str());
        assert_eq!(checked.errors(), 0, "{}\n{last}", checked.text());
        let source = checked.policy.files[0].source;
        let Some(fixed) = apply(&last, source, &checked.lint()) else { return (last, done) };
        assert!(fixed.text.len() < last.len());
        done.extend(fixed.done.into_iter().map(|(_, what)| what));
        last = fixed.text;
    }
}

#[test]
fn what_is_certain_is_removed_and_the_rest_stays() {
    let before = "# top\nlet idle = [\"a\"] # why\nlet gone = 3\n\nhost github {\n  rule scopes {\n    when token.kind in \
                  [classic, classic, oauth_app, classic]\n    require token.scopes covers [\n      \"repo\",\n      \
                  \"repo:status\",\n      \"public_repo\",\n      \"gist\",\n    ]\n    prefer token.scopes within [\n      \
                  \"repo\",\n      \"repo\", # kept\n      \"gist\",\n    ]\n    prefer token.scopes overlaps [\"repo\", \"repo:status\"]\n  }\n}\n";
    let (after, done) = mended(before);
    assert_eq!(
        after,
        "# top\nlet idle = [\"a\"] # why\n\nhost github {\n  rule scopes {\n    when token.kind in [classic, \
         oauth_app]\n    require token.scopes covers [\n      \"repo\",\n      \"gist\",\n    ]\n    prefer token.scopes \
         within [\n      \"repo\",\n      \"repo\", # kept\n      \"gist\",\n    ]\n    prefer token.scopes overlaps \
         [\"repo\", \"repo:status\"]\n  }\n}\n"
    );
    assert!(done.contains(&"removed the constant `gone`".to_owned()), "{done:?}");
    assert!(done.contains(&"removed `repo:status`, which `repo` covers".to_owned()), "{done:?}");
}

#[test]
fn imports_are_not_mended_and_unknown_names_are_left_alone() {
    let store = Memory::default()
        .with("base.pol", "let idle = 1\nhost github { rule live { require token.kind in [classic, classic] } }\n")
        .with("main.pol", "use \"base.pol\"\n");
    let checked = run(&store, &["main.pol"], Default::default());
    let source = checked.policy.files[0].source;
    assert_eq!(apply("use \"base.pol\"\n", source, &checked.lint()), None);
}

/// Lints take time in proportion to the policy: the worst that bounds allow must end.
#[test]
fn hostile_policies_are_linted_in_bounded_time() {
    let many: String =
        (0..4_000).map(|at| format!("rule r{at} {{ require token.scopes covers [\"repo\"] }}\n")).collect();
    let checked = text(format!("host github {{\n{many}}}\n"));
    assert_eq!(checked.errors(), 0, "{}", checked.text());
    let findings = checked.lint();
    assert_eq!(findings.len(), 1_001, "findings are bounded, and it is said");
    assert_eq!(findings.last().unwrap().diagnostic.message, "6999 further findings are not shown");
    let arms = vec!["(token.kind == classic or user.is_bot)"; 60].join(" and ");
    let deep = text(format!("host github {{ rule deep {{ require {arms} and not ({arms}) }} }}\n"));
    assert_eq!(deep.errors(), 0, "{}", deep.text());
    deep.lint();
    let globs: Vec<String> = (0..2_000).map(|at| format!("\"*a*b*{at}*\"")).collect();
    text(format!("host github {{ rule globs {{ prefer user.username like [{}] }} }}\n", globs.join(", "))).lint();
}
