//! Metrics: what they say, and that whatever stands in a label they are of the format.

use std::collections::BTreeSet;
use std::time::Duration;

use credcheck::report::Machine;
use credcheck::report::told::{Expires, RateLimit, Verdict};
use proptest::prelude::*;

use super::data::{HOSTILE, Run, outcome, section};
use crate::fixture::now;

/// The series of a report, each with its value. Demands what the format demands: help and type before a family's series,
/// each family once, each series once, labels in quotes, an end.
#[track_caller]
fn series(report: &str) -> Vec<(String, f64)> {
    let mut families = BTreeSet::new();
    let mut seen = BTreeSet::new();
    let mut all = Vec::new();
    let mut lines = report.strip_suffix("# EOF\n").unwrap_or_else(|| panic!("{report}")).lines().peekable();
    while let Some(help) = lines.next() {
        let help = help.strip_prefix("# HELP ").unwrap_or_else(|| panic!("no help: {help}"));
        let (family, text) = help.split_once(' ').unwrap();
        assert!(!text.is_empty() && families.insert(family.to_owned()), "{family}");
        assert_eq!(lines.next(), Some(format!("# TYPE {family} gauge").as_str()));
        let mut some = false;
        while let Some(line) = lines.next_if(|line| !line.starts_with('#')) {
            some = true;
            let (series, value) = line.rsplit_once(' ').unwrap();
            let rest = series.strip_prefix(family).unwrap_or_else(|| panic!("{series} is not of {family}"));
            labels(rest);
            assert!(seen.insert(series.to_owned()), "{series} stands twice");
            all.push((series.to_owned(), value.parse().unwrap()));
        }
        assert!(some, "{family} has no series");
    }
    all
}

/// Reads `{name="value",…}`, and demands that nothing is left.
#[track_caller]
fn labels(text: &str) {
    let Some(inner) = text.strip_prefix('{').and_then(|text| text.strip_suffix('}')) else {
        return assert_eq!(text, "");
    };
    let mut rest = inner;
    loop {
        let (name, value) = rest.split_once("=\"").unwrap_or_else(|| panic!("{text}"));
        assert!(!name.is_empty() && name.chars().all(|one| one.is_ascii_lowercase() || one == '_'), "{text}");
        let mut characters = value.char_indices();
        let end = loop {
            match characters.next() {
                Some((_, '\\')) => assert!(matches!(characters.next(), Some((_, '\\' | '"' | 'n'))), "{text}"),
                Some((at, '"')) => break at,
                Some((_, one)) => assert!(one != '\n' && one != '\r', "{text}"),
                None => panic!("{text}"),
            }
        };
        let after = value.get(end + 1..).unwrap();
        match after.strip_prefix(',') {
            Some(more) => rest = more,
            None => return assert_eq!(after, "", "{text}"),
        }
    }
}

/// The value of a series.
#[track_caller]
fn value(all: &[(String, f64)], name: &str) -> Option<f64> {
    all.iter().find(|(series, _)| series == name).map(|(_, value)| *value)
}

#[test]
fn what_is_measured_of_a_run() {
    let mut run = Run::of_each("plain");
    run.sections[0].credential.expires = Expires::At("2027-01-01T00:00:00Z".parse().unwrap());
    run.sections[0].credential.rate_limit =
        Some(RateLimit { limit: 5000, remaining: 4990, resets_at: Some("2026-11-23T13:00:00Z".parse().unwrap()) });
    run.closing.elapsed = Some(Duration::from_millis(1500));
    insta::assert_snapshot!("plain_prometheus", run.report(Machine::Prometheus));
}

#[test]
fn what_is_not_known_is_absent_or_says_so() {
    let mut run = Run::clean();
    run.sections[0].credential.valid = None;
    let all = series(&run.report(Machine::Prometheus));
    let of = |family: &str| all.iter().filter(|(series, _)| series.starts_with(family)).count();
    for family in [
        "credcheck_credential_expiration_timestamp",
        "credcheck_credential_valid",
        "credcheck_credential_rate_limit",
        "credcheck_run_duration",
    ] {
        assert_eq!(of(family), 0, "{family}");
    }
    let labels = "credential=\"bot\",host=\"github\",url=\"https://github.com\"";
    for (state, holds) in [("known", 0.0), ("never", 0.0), ("unknown", 1.0)] {
        let name = format!("credcheck_credential_expiration_known{{{labels},state=\"{state}\"}}");
        assert_eq!(value(&all, &name), Some(holds));
    }
    // What is undetermined is counted as that.
    let mut run = Run::clean();
    run.sections[0].outcomes = vec![outcome("github.scope", Verdict::Undetermined, None, "x")];
    let all = series(&run.report(Machine::Prometheus));
    let counted = |word: &str| value(&all, &format!("credcheck_outcomes{{{labels},outcome=\"{word}\"}}"));
    assert_eq!((counted("undetermined"), counted("pass")), (Some(1.0), Some(0.0)));
}

#[test]
fn an_interrupted_run_says_so_with_the_counts_it_has() {
    let all = series(&Run::clean().interrupted().report(Machine::Prometheus));
    assert_eq!(value(&all, "credcheck_run_interrupted"), Some(1.0));
    assert_eq!(value(&all, "credcheck_run_exit_code"), Some(130.0));
    assert_eq!(value(&all, "credcheck_credentials"), Some(2.0));
}

#[test]
fn two_credentials_of_one_name_are_one_series_of_what_both_say() {
    let mut run = Run::clean();
    let mut other = section(vec![outcome("github.scope", Verdict::Violation, None, "x")]);
    other.credential.valid = Some(false);
    other.credential.expires = Expires::At(now());
    run.sections.push(other);
    let all = series(&run.report(Machine::Prometheus));
    let labels = "credential=\"bot\",host=\"github\",url=\"https://github.com\"";
    assert_eq!(value(&all, &format!("credcheck_credential_valid{{{labels}}}")), Some(0.0));
    assert_eq!(value(&all, &format!("credcheck_credential_expiration_known{{{labels},state=\"unknown\"}}")), Some(1.0));
    for word in ["pass", "violation"] {
        assert_eq!(value(&all, &format!("credcheck_outcomes{{{labels},outcome=\"{word}\"}}")), Some(1.0));
    }
}

#[test]
fn a_run_of_nothing_is_of_the_format() {
    let mut run = Run::clean();
    run.sections = Vec::new();
    assert!(series(&run.report(Machine::Prometheus)).iter().all(|(series, _)| !series.contains("credential=")));
}

#[test]
fn long_hostile_names_stay_labels() {
    let mut run = Run::clean();
    let long = HOSTILE.repeat(100 * 1024 / HOSTILE.len() + 1);
    run.sections[0].credential.name = long.into();
    run.sections[0].credential.url = HOSTILE.into();
    run.sections[0].credential.kind = Some(HOSTILE.into());
    let report = run.report(Machine::Prometheus);
    assert!(!report.contains("##vso[") && !report.contains('\u{202e}') && !report.contains('\r'));
    assert!(series(&report).len() > 10);
}

proptest! {
    #[test]
    fn whatever_a_name_is_the_report_is_of_the_format(name in any::<String>(), url in ".*", other in any::<String>()) {
        let mut run = Run::clean();
        let mut second = section(Vec::new());
        second.credential.name = other.into();
        run.sections[0].credential.name = name.into();
        run.sections[0].credential.url = url.into();
        run.sections.push(second);
        series(&run.report(Machine::Prometheus));
    }
}
