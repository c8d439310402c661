//! What a person sees first, how much there is to read, and that nothing is lost by saying it once.

use std::collections::BTreeMap;

use credcheck::diagnostic::Style;
use credcheck::facts::{Cause, Incident, Knowledge, RepositoryName, Value};
use credcheck::report::Format;
use credcheck::report::findings::Class;
use credcheck::report::human::Verbosity;
use credcheck::vocabulary::field;
use proptest::prelude::*;
use serde_json::Value as Json;

use super::cases::{human, json, mixed, undecided};
use super::fixture::{Fixture, unknown};
use super::fleet::{CREDENTIALS, fleet, refuse};

const WIDTHS: [usize; 5] = [40, 60, 80, 100, 200];

const fn wide(width: usize) -> Style {
    Style::Graphical { color: false, unicode: true, width, links: false }
}

/// The rows of the table at the end: violations, warnings, undetermined, decided, of how many.
fn table(report: &str) -> BTreeMap<String, [usize; 5]> {
    let head = |line: &str| line.trim_start().starts_with("credential  ") && line.contains("decided");
    let rows = report.lines().skip_while(|line| !head(line)).skip(1);
    rows.take_while(|line| line.starts_with("  ") && !line.contains(": "))
        .filter_map(|line| {
            let mut cells = line.split_whitespace();
            let name = cells.next()?.to_owned();
            let mut number = || cells.find(|cell| *cell != "of")?.parse().ok();
            Some((name, [number()?, number()?, number()?, number()?, number()?]))
        })
        .collect()
}

fn sums(table: &BTreeMap<String, [usize; 5]>) -> [usize; 5] {
    table.values().fold([0; 5], |sums, row| std::array::from_fn(|at| sums[at] + row[at]))
}

fn summary(document: &Json, key: &str) -> usize {
    usize::try_from(document["summary"][key].as_u64().unwrap()).unwrap()
}

#[track_caller]
fn nothing_is_lost(fixture: &Fixture) {
    let document: Json = serde_json::from_str(&json(fixture)).unwrap();
    let wanted = ["violations", "warnings", "undetermined", "decided", "total"].map(|key| summary(&document, key));
    let report = human(fixture, Style::Plain, Verbosity::Verbose);
    assert_eq!(sums(&table(&report)), wanted, "{report}");
    // Each outcome that is not a pass is in one finding, and so is each broken built-in rule.
    let told: usize = fixture.findings().iter().filter(|one| one.class != Class::Note).map(|one| one.outcomes).sum();
    let outcomes = document["outcomes"].as_array().unwrap();
    let all = outcomes.iter().filter(|one| !matches!(one["outcome"].as_str(), Some("pass" | "not-applicable")));
    assert_eq!(told, all.count());
}

#[test]
fn a_fleet_is_short_and_the_worst_comes_first() {
    let fixture = fleet();
    let report = human(&fixture, wide(100), Verbosity::Normal);
    let lines = report.lines().count();
    assert!(lines < 120, "{lines} lines\n{report}");
    let first = report.lines().next().unwrap();
    assert!(first.starts_with("error[C0601]: `bot-00` (and 29 more) violates `github.open`"), "{first}");
    let table = table(&report);
    assert_eq!(table.len(), 20);
    assert!(report.contains("and 10 more, of which 10 with violations; `-v` lists all"), "{report}");
    insta::assert_snapshot!("fleet_100", report);
    let all = human(&fixture, wide(100), Verbosity::Verbose);
    assert_eq!(self::table(&all).len(), CREDENTIALS);
    for at in 0..CREDENTIALS {
        assert!(all.contains(&format!("`bot-{at:02}`")), "{at}");
    }
    nothing_is_lost(&fixture);
}

#[test]
fn quiet_runs_and_concise_ones_say_a_line_for_each_finding() {
    let fixture = fleet();
    let findings = fixture.findings();
    let aside = |class| matches!(class, Class::Waived | Class::Accepted | Class::Note);
    let open = findings.iter().filter(|one| !aside(one.class)).count();
    let quiet = human(&fixture, Style::Plain, Verbosity::Quiet);
    assert_eq!(quiet.lines().count(), open, "{quiet}");
    let concise = fixture.report(Format::Concise(Verbosity::Normal));
    assert_eq!(concise.lines().count(), findings.len());
    assert_eq!(fixture.report(Format::Concise(Verbosity::Quiet)).lines().count(), open);
    insta::assert_snapshot!("mixed_concise", mixed().report(Format::Concise(Verbosity::Normal)));
    insta::assert_snapshot!("undecided_concise", undecided().report(Format::Concise(Verbosity::Normal)));
}

#[test]
fn reports_look_like_this_on_terminals_pipes_and_for_screen_readers() {
    for (name, fixture) in [("mixed", mixed()), ("undecided", undecided())] {
        insta::assert_snapshot!(format!("{name}_60"), human(&fixture, wide(60), Verbosity::Normal));
        insta::assert_snapshot!(format!("{name}_narrated"), human(&fixture, Style::Narrated, Verbosity::Normal));
        insta::assert_snapshot!(format!("{name}_piped"), human(&fixture, Style::Plain, Verbosity::Normal));
    }
    let linked = Style::Graphical { color: true, unicode: true, width: 80, links: true };
    insta::assert_snapshot!("mixed_linked", human(&mixed(), linked, Verbosity::Normal).replace('\u{1b}', "ESC"));
    // `NO_COLOR` and `TERM=dumb`: the same without colours.
    let colored = Style::Graphical { color: true, unicode: true, width: 60, links: false };
    let mut plain = human(&mixed(), colored, Verbosity::Normal);
    for code in ["1;31", "1;33", "1;36", "36", "0"] {
        plain = plain.replace(&format!("\u{1b}[{code}m"), "");
    }
    assert_eq!(plain, human(&mixed(), wide(60), Verbosity::Normal));
}

/// Lines that are wider than they may be: those without an address, and with more than one word beside the word that
/// says what they are.
pub(crate) fn too_wide(report: &str, width: usize) -> Vec<&str> {
    let allowed = |line: &str| {
        let longest = line.split_whitespace().map(|word| word.chars().count()).max().unwrap_or(0);
        line.contains("://") || longest + 24 > width
    };
    report.lines().filter(|line| line.chars().count() > width && !allowed(line)).collect()
}

#[test]
fn nothing_is_wider_than_the_terminal() {
    for (fixture, widths) in [(mixed(), &WIDTHS[..]), (undecided(), &WIDTHS), (fleet(), &[60])] {
        for &width in widths {
            for verbosity in [Verbosity::Quiet, Verbosity::Normal, Verbosity::Verbose] {
                let report = human(&fixture, wide(width), verbosity);
                assert_eq!(too_wide(&report, width), Vec::<&str>::new(), "at {width}");
            }
        }
    }
}

#[test]
fn each_organisations_refusal_is_a_finding_whatever_number_of_repositories_show_it() {
    let mut fixture = Fixture::new("host github {\n  require repository.permission >= write\n}\n");
    let five = ["acme", "globex", "hooli", "initech", "umbrella"];
    for name in ["one", "two"] {
        let one = fixture.credential(name, "classic");
        one.scopes(&["repo"]);
        refuse(one, &five);
    }
    let found = fixture.findings();
    let refusals: Vec<_> = found.iter().filter(|one| one.class == Class::BuiltinViolation).collect();
    assert_eq!(refusals.len(), 5, "{found:#?}");
    for (refusal, by) in refusals.iter().zip(five) {
        let message = &refusal.diagnostic.message;
        assert!(message.contains(&format!("`{by}` does not accept the credential `one` (and 1 more): ")), "{message}");
        assert_eq!((refusal.credentials, refusal.outcomes), (2, 10));
    }
    // Another host's refusal is another.
    fixture.checked[1].credential.url = "https://ghe.acme.dev".into();
    assert_eq!(fixture.findings().iter().filter(|one| one.class == Class::BuiltinViolation).count(), 10);
}

#[test]
fn whose_refusal_it_is_stays_clear_where_names_are_alike() {
    let mut fixture = Fixture::new("host github {\n  require repository.permission >= write\n}\n");
    for name in ["acme", "other"] {
        let one = fixture.credential(name, "classic");
        one.scopes(&["repo"]);
        refuse(one, &["acme"]);
    }
    let found = fixture.findings();
    let message = &found[0].diagnostic.message;
    assert!(message.starts_with("`acme` does not accept the credential `acme` (and 1 more): "), "{message}");
}

#[test]
fn what_a_host_notes_of_many_credentials_is_one_note() {
    let mut fixture = Fixture::new("host github {\n  require user.username == \"x\"\n}\n");
    for name in ["one", "two", "three"] {
        let one = fixture.credential(name, "classic");
        one.facts.incidents.push(Incident::Note { text: "the host is old".into(), evidence: Vec::new() });
        one.facts.incidents.push(Incident::Renamed {
            from: RepositoryName::parse("one/r").unwrap(),
            to: "one/s".into(),
            evidence: Vec::new(),
        });
    }
    let notes: Vec<_> = fixture.findings().into_iter().filter(|one| one.class == Class::Note).collect();
    assert_eq!(notes.len(), 2, "{notes:#?}");
    assert_eq!(notes[0].diagnostic.message, "`one` (and 2 more) on github.com: the host is old");
    assert_eq!(notes[1].diagnostic.message, "repository `one/r` is named `one/s` now");
    assert!(notes.iter().all(|note| note.credentials == 3));
}

#[test]
fn what_a_host_refuses_to_tell_is_told_for_each_owner() {
    let mut fixture = Fixture::new("host github {\n  require repository.permission >= write\n}\n");
    let one = fixture.credential("bot", "classic");
    for owner in ["acme", "globex", "initech", "umbrella", "hooli"] {
        for number in 0..5 {
            let why = unknown(Cause::NotPermitted, "GitHub answered 403");
            one.repository(&format!("{owner}/r{number}"), "repository.permission", why);
        }
    }
    let found = fixture.findings();
    assert_eq!(found.len(), 5, "{found:#?}");
    assert!(found.iter().all(|one| one.outcomes == 5 && one.diagnostic.message.contains("for 5 repositories")));
}

#[test]
fn many_repositories_that_cannot_be_seen_are_one_finding_for_each_owner() {
    let mut fixture = Fixture::new("host github {\n  require user.username == \"x\"\n}\n");
    let one = fixture.credential("bot", "classic");
    for owner in ["acme", "globex"] {
        for number in 0..30 {
            let repository = RepositoryName::parse(&format!("{owner}/r{number}")).unwrap();
            let reasons = vec![format!("`{repository}` does not exist"), format!("`{owner}` demands single sign-on")];
            one.facts.incidents.push(Incident::NotVisible { repository, reasons, evidence: Vec::new() });
        }
    }
    let found = fixture.findings();
    let unseen: Vec<_> = found.iter().filter(|one| one.class == Class::BuiltinViolation).collect();
    assert_eq!(unseen.len(), 2, "{found:#?}");
    let message = &unseen[0].diagnostic.message;
    assert!(message.ends_with("cannot see the repository `acme/r0` (and 29 more)"), "{message}");
}

#[test]
fn what_leads_to_exit_code_3_keeps_what_to_do_however_much_there_is() {
    let mut policy = String::from("host github {\n");
    for at in 0..30 {
        policy.push_str(&format!("  rule broken-{at} {{ require user.username == \"bot-{at}\" }}\n"));
    }
    policy.push_str("  rule role { require repository.permission >= write }\n}\n");
    let mut fixture = Fixture::new(&policy);
    let one = fixture.credential("bot", "classic");
    one.user("user.username", Knowledge::Known(Value::String("maria".into())), field("login"));
    one.repository("acme/infra", "repository.permission", unknown(Cause::NotPermitted, "GitHub answered 403"));
    let report = human(&fixture, Style::Plain, Verbosity::Normal);
    let told = report.split("error[C0603]").nth(1).unwrap();
    assert!(
        told.contains("an administrator of the repository gives this classic personal access token access"),
        "{told}"
    );
    assert_eq!(report.matches("error[C0601]").count(), 30);
}

#[test]
fn because_is_said_once() {
    let report = human(&mixed(), wide(100), Verbosity::Normal);
    assert_eq!(report.matches("Atlantis clones the repository").count(), 1, "{report}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn nothing_is_lost_and_nothing_too_wide(
        bots in proptest::collection::vec((0_usize..8, 0_usize..4, any::<bool>(), 0_usize..6), 1..24),
        width in 40_usize..160,
    ) {
        let mut fixture = mixed();
        fixture.checked.clear();
        for (at, (scopes, levels, bot, refused)) in bots.into_iter().enumerate() {
            let one = fixture.credential(&format!("bot-{at}"), if at % 5 == 4 { "fine_grained" } else { "classic" });
            let all = ["gist", "repo", "admin:org"];
            let some: Vec<&str> = all.into_iter().enumerate().filter(|(bit, _)| scopes >> bit & 1 == 1).map(|(_, word)| word).collect();
            one.scopes(&some);
            one.user("user.username", Knowledge::Known(Value::String(format!("user-{scopes}"))), field("login"));
            one.user("user.is_bot", Knowledge::Known(Value::Bool(bot)), field("type"));
            for number in 0..levels * 2 {
                let level = match (levels + number) % 4 {
                    0 => unknown(Cause::NotPermitted, "GitHub answered 403"),
                    1 => unknown(Cause::NotReachable, "no answer within 10 s"),
                    2 => Knowledge::Known(Value::Word("read")),
                    _ => Knowledge::Known(Value::Word("admin")),
                };
                one.repository(&format!("owner-{}/r{number}", number % 3), "repository.permission", level);
            }
            refuse(one, ["acme", "globex", "initech", "umbrella", "hooli"].get(..refused.saturating_sub(1)).unwrap());
        }
        nothing_is_lost(&fixture);
        let report = human(&fixture, wide(width), Verbosity::Verbose);
        prop_assert_eq!(too_wide(&report, width), Vec::<&str>::new());
    }
}
