//! JUnit XML of a check: its shape, its counts, and names that are each there once.

use std::collections::{BTreeMap, BTreeSet};

use credcheck::report::Machine;
use credcheck::report::told::{Note, Severity, Totals, Verdict};
use roxmltree::{Document, Node};

use super::data::{HOSTILE, Run, outcome};
use super::whole::{about, fleet, of_credential};

/// What a test viewer counts.
const COUNTED: [(&str, &str); 3] = [("failures", "failure"), ("errors", "error"), ("skipped", "skipped")];

/// The elements and attributes that readers agree on: Jenkins' schema, with `file` and `line` of a case, which other
/// readers show.
fn assert_shape(node: Node<'_, '_>) {
    let (children, attributes): (&[&str], &[&str]) = match node.tag_name().name() {
        "testsuites" => (&["testsuite"], &["name", "tests", "failures", "errors", "time"]),
        "testsuite" => {
            (&["testcase"], &["name", "hostname", "timestamp", "tests", "failures", "errors", "skipped", "time"])
        }
        "testcase" => (&["failure", "error", "skipped", "system-out"], &["classname", "name", "time", "file", "line"]),
        "failure" | "error" => (&[], &["message", "type"]),
        "skipped" => (&[], &["message"]),
        "system-out" => (&[], &[]),
        other => panic!("{other}"),
    };
    for attribute in node.attributes() {
        assert!(attributes.contains(&attribute.name()), "{} of {}", attribute.name(), node.tag_name().name());
        assert!(!attribute.value().is_empty() || attribute.name() == "name", "{}", attribute.name());
    }
    for child in node.children().filter(Node::is_element) {
        assert!(children.contains(&child.tag_name().name()), "{}", child.tag_name().name());
        assert_shape(child);
    }
}

fn cases<'a>(node: Node<'a, 'a>) -> impl Iterator<Item = Node<'a, 'a>> {
    node.descendants().filter(|node| node.has_tag_name("testcase"))
}

/// Reads a report, checks what holds of each, and gives what became of each case.
fn read(run: &Run) -> BTreeMap<String, (String, String)> {
    let text = run.report(Machine::Junit);
    let document = Document::parse(&text).unwrap_or_else(|error| panic!("{error}\n{text}"));
    let root = document.root_element();
    assert_shape(root);
    let of = |node: Node<'_, '_>, what: &str| node.attribute(what).unwrap().parse::<usize>().unwrap();
    for node in root.descendants().filter(|node| node.has_tag_name("testsuites") || node.has_tag_name("testsuite")) {
        assert_eq!(of(node, "tests"), cases(node).count());
        for (attribute, element) in COUNTED {
            if node == root && attribute == "skipped" {
                continue;
            }
            let there = node.descendants().filter(|node| node.has_tag_name(element)).count();
            assert_eq!(of(node, attribute), there, "{attribute}");
        }
    }
    let names: BTreeSet<&str> = cases(root).map(|case| case.attribute("name").unwrap()).collect();
    assert_eq!(names.len(), cases(root).count());
    let became = cases(root).map(|case| {
        let child = case.children().find(Node::is_element);
        let element = child.map_or("passed", |child| child.tag_name().name());
        let message = child.and_then(|child| child.attribute("message").or(child.text())).unwrap_or_default();
        // What stands in the attribute stands in the content, too.
        if let Some(message) = child.and_then(|child| child.attribute("message")) {
            let content = child.and_then(|child| child.text()).unwrap_or_default();
            let flat = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
            assert!(flat(content).starts_with(&flat(message)), "{content} does not begin with {message}");
        }
        (case.attribute("name").unwrap().to_owned(), (element.to_owned(), message.to_owned()))
    });
    became.collect()
}

#[test]
fn every_report_has_the_shape_that_readers_take() {
    for text in ["plain", HOSTILE, &HOSTILE.repeat(300), "]]>"] {
        read(&Run::of_each(text));
        read(&Run::of_each(text).interrupted());
    }
    read(&fleet(20, 10));
}

/// Each verdict on a credential that is refused or not.
fn each(refused: bool) -> Vec<(&'static str, &'static str)> {
    let mut run = Run::clean();
    let of = |rule: &str, verdict, severity| about("bot", None, rule, verdict, severity);
    let mut known = of("known", Verdict::Violation, Some(Severity::Advice));
    known.known = true;
    let mut accepted = of("accepted", Verdict::Undetermined, Some(Severity::Advice));
    accepted.accepted = true;
    let mut strictly = of("strictly", Verdict::Undetermined, Some(Severity::Error));
    strictly.accepted = true;
    let mut outcomes = vec![
        of("violation", Verdict::Violation, Some(Severity::Error)),
        of("warning", Verdict::Warning, Some(Severity::Warning)),
        of("strict", Verdict::Warning, Some(Severity::Error)),
        of("undetermined", Verdict::Undetermined, Some(Severity::Error)),
        of("soft", Verdict::Undetermined, Some(Severity::Warning)),
        of("waived", Verdict::Waived, Some(Severity::Advice)),
        of("inapplicable", Verdict::NotApplicable, None),
        of("pass", Verdict::Pass, None),
        known,
        accepted,
        strictly,
    ];
    if refused {
        let mut one = outcome("github.credential-valid", Verdict::Violation, Some(Severity::Error), "refused");
        (one.statement, one.code, one.repository, one.credential) = (None, Some("C0701".into()), None, "bot".into());
        outcomes.push(one);
    }
    run.sections = vec![of_credential("bot", outcomes)];
    run.closing.exit = 1;
    let became = read(&run);
    let names = [
        "violation",
        "warning",
        "strict",
        "undetermined",
        "soft",
        "waived",
        "inapplicable",
        "pass",
        "known",
        "accepted",
        "strictly",
    ];
    let of = |name: &'static str| {
        let (element, _) = &became[&format!("{name}[1] (bot)")];
        let word = ["failure", "error", "skipped", "system-out", "passed"].into_iter().find(|word| word == element);
        (name, word.unwrap())
    };
    let mut all: Vec<_> = names.into_iter().map(of).collect();
    if refused {
        assert_eq!(became["github.credential-valid (bot)"].0, "error");
        all.push(("refused", "error"));
    }
    all
}

#[test]
fn each_outcome_is_what_a_test_report_makes_of_it() {
    let expected = [
        ("violation", "failure"),
        ("warning", "system-out"),
        ("strict", "failure"),
        ("undetermined", "error"),
        ("soft", "skipped"),
        ("waived", "skipped"),
        ("inapplicable", "skipped"),
        ("pass", "passed"),
        ("known", "skipped"),
        ("accepted", "skipped"),
        ("strictly", "error"),
    ];
    assert_eq!(each(false), expected);
}

#[test]
fn a_refused_credential_is_one_error() {
    let errors: Vec<_> = each(true).into_iter().filter(|(_, became)| *became == "error").collect();
    assert_eq!(errors, [("refused", "error")]);
}

#[test]
fn equal_names_are_told_apart() {
    let mut run = Run::clean();
    let section = |url: &'static str, name: &str| {
        let mut section = of_credential(name, vec![about(name, None, "github.kind", Verdict::Pass, None)]);
        section.credential.url = url.into();
        section
    };
    run.sections = vec![
        section("https://b.example", "bot"),
        section("https://a.example", "bot"),
        section("https://a.example", "bot\u{200b}x"),
        section("https://a.example", "bot\u{200d}x"),
    ];
    let names: Vec<String> = read(&run).into_keys().collect();
    assert_eq!(
        names,
        [
            "github.kind[1] (bot)",
            "github.kind[1] (bot) #2",
            "github.kind[1] (bot\u{FFFD}x)",
            "github.kind[1] (bot\u{FFFD}x) #2"
        ]
    );
}

#[test]
fn a_run_that_decided_nothing_has_an_error() {
    let mut run = Run::clean();
    run.sections = Vec::new();
    (run.closing.exit, run.closing.summary) = (3, Totals::default());
    let became = read(&run);
    assert_eq!(became["verdict"], ("error".into(), "nothing was decided, which is not a success".into()));
    // What says so itself is not said twice.
    run.closing.notes = vec![Note {
        code: "C0801".into(),
        name: "nothing-decided".into(),
        severity: Severity::Error,
        message: "nothing was decided".into(),
        help: None,
        place: None,
    }];
    let became = read(&run);
    assert_eq!(became.len(), 1);
    assert!(became.values().all(|(element, _)| element == "error"));
    // Nor does what is missing pass where all that was judged did.
    let mut run = Run::clean();
    run.closing.exit = 3;
    assert!(read(&run).values().any(|(element, _)| element == "error"));
    assert!(!read(&Run::clean()).contains_key("verdict"));
}

#[test]
fn what_was_not_judged_is_skipped_and_the_run_is_an_error() {
    let became = read(&Run::of_each("plain").interrupted());
    assert_eq!(became["interrupted"], ("error".into(), "interrupted: 3 of 12 credentials judged".into()));
    assert_eq!(became["not checked (plain plain)"], ("skipped".into(), "not checked: plain".into()));
    assert_eq!(became["not checked (plain)"].0, "skipped");
}
