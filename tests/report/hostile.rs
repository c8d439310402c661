//! Hostile words in every field that a policy, a host or a user can fill.

use credcheck::diagnostic::Style;
use credcheck::facts::{Cause, Incident, Knowledge, Value};
use credcheck::report::human::Verbosity;

use super::cases::{human, json};
use super::fixture::{Fixture, unknown};
use credcheck::vocabulary::Place;

/// What must not reach a terminal or a CI runner.
const ATTACKS: [&str; 6] = [
    "::error file=x::pwned",
    "##vso[task.setvariable variable=a]b",
    "##[error]x",
    "##teamcity[buildStop]",
    "\u{1b}]0;title\u{7}\u{9b}2J",
    "\u{202e}txt.exe\u{2066}",
];

fn all() -> String {
    ATTACKS.join(" ")
}

fn fake_token() -> String {
    ["ghp", &"x1".repeat(18)].join("_")
}

/// A report in which every text is an attack.
fn fixture() -> Fixture {
    // A policy's own text may not hold control characters, but it may hold commands.
    let words = ATTACKS.get(..4).unwrap().join(" ");
    let policy = format!(
        "host github {{\n  rule a \"{words}\" {{\n    require user.username == \"::error::x ##[error]\"\n    \
         because \"{words}\"\n    fix \"{words}\"\n    see \"https://example.com/##[error]\"\n  }}\n  \
         rule b {{\n    require user.name == \"x\"\n  }}\n  rule c {{\n    require repository.permission >= write\n  }}\n}}\n\
         waive github.b until 2027-01-01 because \"{words}\" by \"{words}\"\n"
    );
    let mut fixture = Fixture::new(&policy);
    let one = fixture.credential(&all(), "classic");
    one.credential.url = format!("https://{}", all());
    one.user(
        "user.username",
        Knowledge::Known(Value::String(format!("{} {}", all(), fake_token()))),
        Place::Recorded(all().into()),
    );
    one.user("user.name", Knowledge::Known(Value::String(all())), Place::Recorded(all().into()));
    one.repository("acme/infra", "repository.permission", unknown(Cause::NotPermitted, &all()));
    one.facts.incidents.push(Incident::Note { text: all(), evidence: Vec::new() });
    fixture.not_checked.push(credcheck::facts::NotChecked {
        host: "gitlab".into(),
        credential: Some(all()),
        reason: all(),
    });
    fixture
}

fn assert_harmless(text: &str, colors: bool) {
    for line in text.lines() {
        assert!(!line.trim_start().starts_with("::"), "{line:?}");
    }
    for command in ["##[", "##vso[", "##teamcity["] {
        assert!(!text.to_ascii_lowercase().contains(command), "{command} in {text}");
    }
    let bad = |character: char| {
        (character.is_control() && character != '\n' && !(colors && character == '\u{1b}'))
            || matches!(character, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    };
    assert!(!text.chars().any(bad), "{text:?}");
    if colors {
        // Every escape is one of ours: a colour, or the end of one.
        for rest in text.split('\u{1b}').skip(1) {
            let body = rest.strip_prefix('[').unwrap_or_else(|| panic!("{rest:?}"));
            let end = body.find(|character: char| !character.is_ascii_digit() && character != ';').unwrap();
            assert!(body.split_at(end).1.starts_with('m'), "{rest:?}");
        }
    }
    assert!(!text.contains(&fake_token()), "{text}");
}

#[test]
fn nothing_hostile_gets_out_for_people() {
    let fixture = fixture();
    for width in [40, 60, 61, 62, 63, 80, 100, 200] {
        for (color, unicode) in [(false, false), (true, true)] {
            let style = Style::Graphical { color, unicode, width, links: false };
            assert_harmless(&human(&fixture, style, Verbosity::Verbose), color);
        }
    }
    assert_harmless(&human(&fixture, Style::Plain, Verbosity::Verbose), false);
    assert_harmless(&human(&fixture, Style::Narrated, Verbosity::Verbose), false);
}

#[test]
fn json_keeps_hostile_values_and_is_harmless_as_text() {
    let fixture = fixture();
    let text = json(&fixture);
    assert_harmless(&text, false);
    let document: serde_json::Value = serde_json::from_str(&text).unwrap();
    assert_eq!(document["outcomes"][0]["credential"], all());
    assert_eq!(document["not_checked"][0]["reason"], all());
}
