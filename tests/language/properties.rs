//! Properties: nothing panics, and every place lies inside its text.

use proptest::prelude::*;

use crate::constructs::EXAMPLE;
use crate::harness::{Checked, text};

/// Every label's span lies inside its source, on the boundaries of characters.
fn places_are_inside(checked: &Checked) {
    for problem in &checked.problems {
        for label in &problem.labels {
            let source = checked.sources.get(label.span.source).expect("a source").text();
            let range = label.span.start as usize..label.span.end as usize;
            assert!(source.get(range).is_some(), "{:?} in {source:?}", label);
        }
        assert!(!problem.message.contains('\n'), "{}", problem.message);
    }
    assert!(checked.problems.len() <= 102);
    if checked.errors() == 0 {
        for finding in checked.lint() {
            for label in &finding.diagnostic.labels {
                let source = checked.sources.get(label.span.source).expect("a source").text();
                assert!(source.get(label.span.start as usize..label.span.end as usize).is_some(), "{label:?}");
            }
        }
    }
}

/// Pieces of the language, so that random texts are often nearly right.
fn piece() -> impl Strategy<Value = String> {
    let pieces = [
        "host github",
        "host any",
        "rule r",
        "when",
        "each repository in",
        "require",
        "forbid",
        "prefer",
        "because",
        "on unknown warn",
        "waive r until 2026-12-31",
        "test \"t\"",
        "given",
        "expect pass of r",
        "let a =",
        "input b: bool",
        "use",
        "policy",
        "token.scopes",
        "token.kind",
        "covers",
        "in",
        "not",
        "and",
        "or",
        "==",
        "=",
        ">=",
        "is absent",
        "any x in repository.webhooks satisfies",
        "count",
        "[\"repo\"]",
        "[",
        "]",
        "{",
        "}",
        "(",
        ")",
        "\"",
        "'",
        "#",
        "\n",
        "\r\n",
        "\r",
        "\\",
        ";",
        "//",
        "/*",
        "*/",
        "7d",
        "2026-12-31",
        "3",
        "classic",
        "\u{202e}",
        "\0",
        "é",
        "“",
        "x",
        ".",
        ",",
        "${",
        "&&",
        "!",
        "\n\n",
        "  ",
        "\t",
        "a.b",
        "\u{feff}",
        "😀",
    ];
    prop::sample::select(pieces.to_vec()).prop_map(str::to_owned)
}

/// The example with some of its tokens left out, doubled or swapped.
fn mutated() -> impl Strategy<Value = String> {
    let tokens: Vec<String> = split(EXAMPLE);
    let count = tokens.len();
    prop::collection::vec((0..count, 0..count, 0..4_u8), 1..8).prop_map(move |changes| {
        let mut tokens = tokens.clone();
        for (first, second, what) in changes {
            let (first, second) = (first % tokens.len(), second % tokens.len());
            match what {
                0 => drop(tokens.remove(first)),
                1 => tokens.insert(first, tokens[first].clone()),
                2 => tokens.swap(first, second),
                _ => tokens.insert(second, tokens[first].clone()),
            }
        }
        tokens.concat()
    })
}

fn split(text: &str) -> Vec<String> {
    let mut tokens: Vec<String> = Vec::new();
    for character in text.chars() {
        let joins = |last: &String| {
            let last = last.chars().next_back().unwrap();
            (character.is_alphanumeric() && last.is_alphanumeric()) || (character == ' ' && last == ' ')
        };
        match tokens.last_mut() {
            Some(last) if joins(last) => last.push(character),
            _ => tokens.push(character.to_string()),
        }
    }
    tokens
}

#[test]
fn a_mistake_at_the_end_of_the_file_points_into_it() {
    for policy in [
        "host github[\n}",
        "host github {\nrequire token.kind in [",
        "waive [",
        "let a = {",
        "test \"x\" { given (",
        "host github { require \"\\\u{202e}\" }",
    ] {
        places_are_inside(&text(policy));
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn arbitrary_text(policy in any::<String>()) {
        places_are_inside(&text(policy));
    }

    #[test]
    fn arbitrary_bytes(policy in prop::collection::vec(any::<u8>(), 0..200)) {
        places_are_inside(&text(policy));
    }

    #[test]
    fn pieces_of_the_language(policy in prop::collection::vec(piece(), 0..60), space in any::<bool>()) {
        places_are_inside(&text(policy.join(if space { " " } else { "" })));
    }

    #[test]
    fn the_example_with_changes(policy in mutated()) {
        places_are_inside(&text(policy));
    }
}
