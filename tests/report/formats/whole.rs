//! What formats of whole runs share: their order, their size, and that they are the same whatever the order of arrival.

use std::borrow::Cow;

use credcheck::report::Machine;
use credcheck::report::told::{Outcome, Section, Severity, Verdict};

use super::data::{HOSTILE, Run, outcome, section};

/// Every format of whole runs that people or test viewers read.
pub(crate) const PAGES: [Machine; 3] = [Machine::Markdown, Machine::Junit, Machine::Html];

/// An outcome of a credential and a repository.
pub(crate) fn about(
    credential: &str,
    repository: Option<&str>,
    rule: &str,
    verdict: Verdict,
    severity: Option<Severity>,
) -> Outcome<'static> {
    let subject = repository.map_or_else(String::new, |name| format!(" for `{name}`"));
    let said = match verdict {
        Verdict::Undetermined => {
            format!("cannot tell whether `{credential}` on github.com meets `{rule}`{subject}: GitHub answered 403")
        }
        _ => format!("`{credential}` on github.com violates `{rule}`{subject}: it is `read`, and below `write`"),
    };
    Outcome {
        message: Cow::Owned(said),
        credential: Cow::Owned(credential.to_owned()),
        repository: repository.map(|name| Cow::Owned(name.to_owned())),
        url: "https://github.com".into(),
        found: None,
        cause: (verdict == Verdict::Undetermined).then(|| "not-permitted".into()),
        ..outcome(rule, verdict, severity, "words")
    }
}

pub(crate) fn of_credential(name: &str, outcomes: Vec<Outcome<'static>>) -> Section<'static> {
    let mut section = section(outcomes);
    section.credential.name = Cow::Owned(name.to_owned());
    section
}

/// A run with one rule that a credential breaks on many repositories, and two rules that nobody could decide.
pub(crate) fn fleet(credentials: usize, repositories: usize) -> Run {
    let mut run = Run::clean();
    let error = Some(Severity::Error);
    run.sections = (0..credentials)
        .map(|at| {
            let name = format!("bot-{at:03}");
            let mut outcomes = vec![about(&name, None, "github.kind", Verdict::Pass, None)];
            for at in 0..repositories {
                let repository = format!("acme/r{at:03}");
                outcomes.push(about(&name, Some(&repository), "github.write", Verdict::Violation, error));
                for rule in ["github.hooks", "github.pushes"] {
                    outcomes.push(about(&name, Some(&repository), rule, Verdict::Undetermined, error));
                }
            }
            of_credential(&name, outcomes)
        })
        .collect();
    run.closing.exit = 1;
    run.closing.summary.violations = credentials * repositories;
    run.closing.summary.undetermined = 2 * credentials * repositories;
    run
}

/// A report without the style of the page, and its hash.
fn shown(report: &str) -> String {
    let style = regex::Regex::new("(?s)(<style>).*(</style>)").unwrap().replace(report, "$1…$2").into_owned();
    regex::Regex::new("'sha256-[^']*'").unwrap().replace(&style, "'sha256-…'").into_owned()
}

#[test]
fn each_format_with_hostile_texts() {
    for machine in PAGES {
        let report = Run::of_each(HOSTILE).report(machine);
        insta::assert_snapshot!(format!("hostile_{machine:?}").to_lowercase(), shown(&report));
    }
}

#[test]
fn each_format_of_plain_texts_that_was_interrupted() {
    for machine in PAGES {
        let report = Run::of_each("plain").interrupted().report(machine);
        insta::assert_snapshot!(format!("plain_{machine:?}").to_lowercase(), shown(&report));
    }
}

#[test]
fn the_order_of_arrival_changes_nothing() {
    for machine in PAGES {
        let run = fleet(5, 3);
        let mut turned = run.clone();
        turned.sections.reverse();
        assert_eq!(run.report(machine), turned.report(machine), "{machine:?}");
    }
}

#[test]
fn nothing_dangerous_gets_out() {
    for machine in PAGES {
        for text in [HOSTILE.to_owned(), HOSTILE.repeat(300), "\u{1}x\u{1}".to_owned(), String::new()] {
            let report = Run::of_each(&text).report(machine);
            assert!(!report.chars().any(credcheck::text::untrusted::is_dangerous), "{machine:?}");
            for line in report.lines() {
                assert!(!line.trim_start().starts_with("::"), "{machine:?}: {line}");
            }
            for command in ["##[", "##vso[", "##teamcity["] {
                assert!(!report.contains(command), "{machine:?}: {command}");
            }
        }
    }
}

#[test]
fn long_texts_do_not_fill_what_people_read() {
    let long = "x<&`'\"@ ".repeat(100 * 1024 / 8);
    let report = Run::of_each(&long).report(Machine::Markdown);
    assert!(report.len() < 200_000, "{}", report.len());
    for machine in [Machine::Html, Machine::Junit] {
        let report = Run::of_each(&long).report(machine);
        assert!(report.len() < 5_000_000, "{machine:?}: {}", report.len());
    }
}
