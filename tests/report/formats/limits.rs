//! How much each format says at most, whatever there is to say.

use credcheck::report::Machine;
use serde_json::Value;

use super::data::{ALL, HOSTILE, Run};

#[test]
fn a_hundred_kibibytes_in_each_field_stay_small() {
    let text = HOSTILE.repeat(100 * 1024 / HOSTILE.len() + 1);
    assert!(text.len() > 100 * 1024);
    let run = Run::of_each(&text).in_pipeline(&text);
    for machine in ALL {
        let report = run.report(machine);
        // Ten findings or so, a rule for each, and what is told beside them.
        assert!(report.len() < 300_000, "{machine:?}: {}", report.len());
        match machine {
            Machine::Github | Machine::Azure | Machine::Teamcity => {
                let longest = report.lines().map(str::len).max().unwrap();
                assert!(longest < 70_000, "{machine:?}: {longest}");
            }
            Machine::Rdjsonl => {
                report.lines().for_each(|line| drop(serde_json::from_str::<Value>(line).unwrap()));
            }
            _ => drop(serde_json::from_str::<Value>(&report).unwrap()),
        }
    }
}

#[test]
fn a_step_has_ten_annotations_of_a_type_and_says_how_many_more_there_are() {
    let starts = |report: &str, word: &str| report.lines().filter(|line| line.starts_with(word)).count();
    for (count, annotated, see) in [(10, 10, None), (11, 10, Some("2 more")), (40, 10, Some("31 more"))] {
        let report = Run::of_many(count).report(Machine::Github);
        assert_eq!(starts(&report, "::error "), annotated, "{report}");
        match see {
            Some(more) => {
                assert!(report.contains(&format!("::error title=credcheck::{more}: see the log\n")), "{report}")
            }
            None => assert!(!report.contains("more: see"), "{report}"),
        }
        // Each is in the log, as an annotation or as a line.
        for at in 0..count {
            assert_eq!(report.lines().filter(|line| line.contains(&format!("number {at:06}"))).count(), 1, "{at}");
        }
    }
    let report = Run::of_many(40).with_summary().report(Machine::Github);
    assert!(report.contains("::error title=credcheck::31 more: see the summary\n"), "{report}");
    assert!(report.contains("::warning title=credcheck::11 more: see the summary\n"), "{report}");
}

#[test]
fn reports_of_insights_have_a_thousand_annotations_in_tens_of_requests_and_say_what_is_left_out() {
    let run = Run::of_many(900);
    for machine in [Machine::Bitbucket, Machine::BitbucketServer] {
        let report = run.json(machine);
        let requests = report["annotations"].as_array().unwrap();
        let sizes: Vec<usize> = requests
            .iter()
            .map(|one| one.as_array().or_else(|| one["annotations"].as_array()).unwrap().len())
            .collect();
        assert_eq!(sizes, [100; 10]);
        let details = report["report"]["details"].as_str().unwrap();
        assert!(details.contains("350 findings are left out"), "{details}");
        let text = report["annotations"].to_string();
        assert!(text.contains("number 000899") && !text.contains("number 001300"), "the worst are kept");
    }
}

#[test]
fn a_log_has_five_thousand_findings_and_says_how_many_are_left_out() {
    let log = Run::of_many(4_000).json(Machine::Sarif);
    let run = &log["runs"][0];
    let results = run["results"].as_array().unwrap();
    assert_eq!(results.len(), 5_000);
    assert_eq!(results.iter().filter(|one| one["level"] == "error").count(), 4_000, "the worst are kept");
    let told = run["invocations"][0]["toolExecutionNotifications"][0]["message"]["text"].as_str().unwrap();
    assert!(told.starts_with("1000 findings were left out"), "{told}");
}

#[test]
fn a_log_of_long_messages_stays_below_ten_megabytes() {
    let mut run = Run::of_many(3_300);
    for one in &mut run.sections[0].outcomes {
        one.message = format!("{}{}", one.message, "😀".repeat(1_000)).into();
    }
    let text = run.report(Machine::Sarif);
    assert!(text.len() > 7_000_000 && text.len() < 9_000_000, "{}", text.len());
    let log: Value = serde_json::from_str(&text).unwrap();
    let kept = log["runs"][0]["results"].as_array().unwrap().len();
    let told = log["runs"][0]["invocations"][0]["toolExecutionNotifications"][0]["message"]["text"].as_str().unwrap();
    assert!(told.starts_with(&format!("{} findings were left out", 4_950 - kept)), "{told}");
}
