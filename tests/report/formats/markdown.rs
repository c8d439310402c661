//! Markdown: cut between findings, and grouped by cause.

use credcheck::report::Machine;
use credcheck::report::told::{Severity, Verdict};

use super::data::{HOSTILE, Run};
use super::whole::{about, fleet, of_credential};

fn at_most(run: &Run, bytes: usize) -> String {
    let mut run = run.clone();
    run.surroundings.max_bytes = Some(bytes);
    run.report(Machine::Markdown)
}

/// A run with so many causes.
fn of_causes(count: usize) -> Run {
    let mut run = Run::clean();
    let outcomes = (0..count).map(|at| {
        about("bot", Some("acme/infra"), &format!("github.r{at:03}"), Verdict::Violation, Some(Severity::Error))
    });
    run.sections = vec![of_credential("bot", outcomes.collect())];
    (run.closing.exit, run.closing.summary.violations) = (1, count);
    run
}

#[test]
fn it_is_cut_between_findings_and_says_what_is_left_out() {
    for run in [of_causes(300), fleet(300, 3), Run::of_each(HOSTILE), Run::of_each(&HOSTILE.repeat(300))] {
        let whole = run.report(Machine::Markdown);
        for bytes in (1_000..4_000).step_by(271).chain([8_000, 20_000, 60_000, 1_000_000]) {
            let text = at_most(&run, bytes);
            assert!(text.len() <= bytes, "{} of {bytes}", text.len());
            assert!(text.starts_with("<!-- credcheck:policies/team.pol -->\n"), "{text}");
            assert_eq!(text.matches("<details>").count(), text.matches("\n</details>\n").count(), "{text}");
            let cut = text.contains(" left out here**");
            assert!(cut || text.matches("<details>").count() == whole.matches("<details>").count(), "{text}");
        }
        assert_eq!(at_most(&run, whole.len() * 3), whole);
    }
    let text = at_most(&of_causes(300), 10_000);
    let (shown, left) = (text.matches("<details>").count(), 300 - text.matches("<details>").count());
    assert!(shown > 10 && text.contains(&format!("**{left} findings are left out here**")), "{text}");
}

#[test]
fn one_cause_over_many_repositories_is_one_finding() {
    let text = fleet(1, 200).report(Machine::Markdown);
    assert_eq!(text.matches("<details>").count(), 2, "{text}");
    assert!(
        text.contains(
            "<summary>✗ violation: <code>github.write</code> · <code>bot-000</code> · 200 findings</summary>"
        ),
        "{text}"
    );
    let both = "<summary>? undetermined: <code>github.hooks</code> and <code>github.pushes</code> · <code>bot-000</code> · 400 findings</summary>";
    assert!(text.contains(both), "{text}");
    assert!(text.contains("the same for `acme/r001`, `acme/r002`, `acme/r003`, `acme/r004`, `acme/r005` and 194 more"));
    // Of two hundred credentials, too.
    let text = fleet(200, 2).report(Machine::Markdown);
    assert_eq!(text.matches("<details>").count(), 2, "{text}");
    assert!(text.contains("and 190 more of this kind") && text.contains("and 150 more credentials"), "{text}");
}

#[test]
fn what_is_undetermined_is_never_shown_as_passed() {
    let mut run = Run::clean();
    run.closing.exit = 3;
    let undetermined = |severity| about("bot", None, "github.kind", Verdict::Undetermined, Some(severity));
    run.sections = vec![
        of_credential(
            "accepted",
            vec![{
                let mut one = undetermined(Severity::Advice);
                one.accepted = true;
                one
            }],
        ),
        of_credential("empty", Vec::new()),
        of_credential("hard", vec![undetermined(Severity::Error)]),
        of_credential("soft", vec![undetermined(Severity::Warning)]),
    ];
    let text = run.report(Machine::Markdown);
    for (name, result) in [
        ("accepted", "nothing decided, 1 set aside"),
        ("empty", "nothing decided"),
        ("hard", "1 undetermined"),
        ("soft", "1 undetermined"),
    ] {
        let row = text.lines().find(|line| line.starts_with(&format!("| `{name}`"))).unwrap();
        assert!(row.contains(&format!("| ? {result} |")), "{row}");
    }
    assert!(text.contains("## ? credcheck: "), "{text}");
    assert!(!text.contains('✓'), "{text}");
}

#[test]
fn interrupted_runs_say_so_first() {
    let text = Run::clean().interrupted().report(Machine::Markdown);
    assert!(text.contains("## … credcheck: Interrupted: 3 of 12 credentials judged\n"), "{text}");
}
