//! The formatter: cases of text before and after, and what holds for every text.

#![expect(clippy::disallowed_methods, reason = "tests read the project's own policies")]

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use credcheck::diagnostic::{Code, Diagnostic};
use credcheck::language::{format, load};
use credcheck::text::source::{SourceId, SourceMap};
use proptest::prelude::*;
use regex::Regex;

use crate::harness::Memory;

const CASES: &str = "tests/language/cases/formatting.txt";

fn formatted(text: &str) -> Result<String, Vec<Diagnostic>> {
    format(SourceId(0), text)
}

/// The syntax of a text, without places.
fn syntax(text: &str) -> String {
    let mut sources = SourceMap::new();
    let (program, _) = load(&["main.pol".to_owned()], &Memory::one(text), &mut sources);
    let shown = format!("{:?}", program.files[0].file);
    static PLACES: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"Span \{[^}]*\}").unwrap());
    PLACES.replace_all(&shown, "·").into_owned()
}

/// The comments of a readable text, in order.
fn comments(text: &str) -> Vec<String> {
    let comments = tokens(text).into_iter().filter(|token| token.starts_with('#'));
    comments.map(|comment| comment.trim_end().to_owned()).collect()
}

/// What holds for every text that can be formatted; gives the formatted text.
fn holds(text: &str) -> Option<String> {
    let once = match formatted(text) {
        Ok(once) => once,
        Err(problems) => {
            assert!(problems.iter().all(|problem| problem.code != Code::FormatRefused), "refused:\n{text}");
            return None;
        }
    };
    let twice = formatted(&once).unwrap_or_else(|problems| panic!("{problems:#?}\n{once}"));
    assert_eq!(twice, once, "formatted twice:\n{text}");
    assert_eq!(syntax(&once), syntax(text), "{text}\n---\n{once}");
    assert_eq!(comments(&once), comments(text), "{text}\n---\n{once}");
    assert!(!once.contains("\n\n\n") && !once.starts_with('\n') && !once.ends_with("\n\n"), "{once}");
    assert!(once.lines().all(|line| line.trim_end() == line && !line.contains('\t') || line.contains('#')), "{once}");
    assert!(once.is_empty() || once.ends_with('\n'));
    Some(once)
}

#[test]
fn cases() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(CASES);
    let text = std::fs::read_to_string(&path).unwrap();
    let mut written = String::new();
    let mut count = 0;
    for case in text.split("=== ").skip(1) {
        let (name, rest) = case.split_once('\n').unwrap();
        let (before, after) = rest.split_once("---\n").unwrap_or_else(|| panic!("`{name}` has no `---`"));
        let got = holds(before).unwrap_or_else(|| panic!("`{name}`: {:#?}", formatted(before)));
        writeln!(written, "=== {name}\n{before}---").unwrap();
        written.push_str(&got);
        count += 1;
        if std::env::var_os("UPDATE_CASES").is_none() {
            assert_eq!(got, after, "`{name}`; `UPDATE_CASES=1` writes what is");
        }
    }
    assert!(count > 20);
    if std::env::var_os("UPDATE_CASES").is_some() {
        std::fs::write(path, written).unwrap();
    }
}

fn policies(folder: &Path, into: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        if path.is_dir() && name != "target" && !name.starts_with('.') {
            policies(&path, into);
        } else if name.ends_with(".pol") {
            into.push(path);
        }
    }
}

/// Every policy of the project, with its path from the project's folder.
fn all() -> Vec<(String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut paths = Vec::new();
    policies(root, &mut paths);
    paths.sort();
    let below = |path: &Path| path.strip_prefix(root).unwrap().to_string_lossy().replace('\\', "/");
    paths.iter().map(|path| (below(path), std::fs::read_to_string(path).unwrap())).collect()
}

#[test]
fn shipped_policies_are_formatted() {
    let mut shipped = 0;
    for (path, text) in all() {
        let cases = path.contains("/cases/");
        let formatted = holds(&text);
        if !cases {
            shipped += 1;
            assert_eq!(formatted, Some(text), "run `credcheck fmt {path}`");
        }
    }
    assert!(shipped >= 4);
}

#[test]
fn line_ends_stay_and_a_byte_order_mark_goes() {
    let text = "\u{feff}host github {\r\n  # why\r\n  require   token.active # x\r\n}\r\n";
    let wanted = "host github {\r\n  # why\r\n  require token.active # x\r\n}\r\n";
    assert_eq!(formatted(text).unwrap(), wanted);
    assert_eq!(formatted(wanted).unwrap(), wanted);
    assert_eq!(formatted("let a = 1\r\nlet b = 2\n").unwrap(), "let a = 1\r\nlet b = 2\r\n", "the first decides");
    assert_eq!(formatted("let a = 1\nlet b = 2\r\n").unwrap(), "let a = 1\nlet b = 2\n");
}

#[test]
fn what_cannot_be_read_is_refused_with_every_reason() {
    let problems = formatted("host github {\n  requires token.active\n}\nlet = 3\n").unwrap_err();
    assert_eq!(problems.len(), 2, "{problems:#?}");
    let many = format!("host github {{\n{}}}\n", "requires token.active\n".repeat(150));
    let problems = formatted(&many).unwrap_err();
    assert_eq!(problems.len(), 101);
    assert_eq!(problems[100].message, "the file has 50 more problems");
    assert_eq!(problems[100].code, Code::TooManyProblems);
}

#[test]
fn warnings_and_unknown_names_do_not_matter() {
    let text = "host nowhere {\n  require no.such.fact == \"${x}\"\n}\n";
    assert_eq!(formatted(text).unwrap(), text);
}

/// Texts that between them have every construct.
static SAMPLES: LazyLock<Vec<String>> = LazyLock::new(|| {
    let cases = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(CASES)).unwrap();
    let cases = cases.split("=== ").skip(1).filter_map(|case| case.split_once('\n')?.1.split_once("---\n"));
    let cases = cases.map(|(before, _)| before.to_owned());
    let shipped = all().into_iter().filter(|(path, _)| !path.contains("/cases/")).map(|(_, text)| text);
    cases.chain(shipped).collect()
});

/// The tokens of a readable text, without white space; comments among them.
fn tokens(text: &str) -> Vec<String> {
    static TOKEN: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(
            r##"#[^\n]*|"(?:\\.|[^"\\\n])*"|'[^'\n]*'|-?[0-9][A-Za-z0-9:._+-]*|[A-Za-z_][A-Za-z0-9_.-]*|[=!<>]=|\S"##,
        )
        .unwrap()
    });
    TOKEN.find_iter(text).map(|found| found.as_str().to_owned()).collect()
}

/// White space between two tokens, perhaps with comments.
fn gap() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec![
        " ",
        " ",
        " ",
        " ",
        " ",
        " ",
        "\n",
        "\n",
        "\n",
        "\n  ",
        "\n\n",
        "\n\n\n",
        "\t",
        "\r\n",
        " # one\n",
        "\n# two\n",
        "\n\n  #three\n\n",
        " # four \t\n # five\n",
        "\n      ",
    ])
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, cases: 80, ..ProptestConfig::default() })]

    #[test]
    fn any_white_space_and_comments(
        which in any::<prop::sample::Index>(),
        start in any::<prop::sample::Index>(),
        gaps in prop::collection::vec(gap(), 1..40),
    ) {
        // A few gaps are changed, wherever; the rest stays readable.
        let tokens = tokens(which.get::<String>(&SAMPLES));
        prop_assume!(!tokens.is_empty());
        let start = start.index(tokens.len());
        let mut text = String::new();
        for (at, token) in tokens.iter().enumerate() {
            text.push_str(token);
            let gap = at.checked_sub(start).and_then(|at| gaps.get(at)).copied().unwrap_or(" ");
            text.push_str(if token.starts_with('#') && !gap.contains('\n') { "\n" } else { gap });
        }
        holds(&text);
    }

    #[test]
    fn tokens_left_out_doubled_and_swapped(
        which in any::<prop::sample::Index>(),
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<prop::sample::Index>(), 0..3_u8), 0..4),
        gaps in prop::collection::vec(gap(), 20..60),
    ) {
        let mut tokens = tokens(which.get::<String>(&SAMPLES));
        for (first, second, what) in changes {
            prop_assume!(!tokens.is_empty());
            let (first, second) = (first.index(tokens.len()), second.index(tokens.len()));
            match what {
                0 => drop(tokens.remove(first)),
                1 => tokens.insert(second, tokens[first].clone()),
                _ => tokens.swap(first, second),
            }
        }
        let text: String = tokens
            .iter()
            .zip(gaps.iter().cycle())
            .map(|(token, gap)| format!("{token}{}", if token.starts_with('#') { "\n" } else { *gap }))
            .collect();
        holds(&text);
    }

    #[test]
    fn arbitrary_text(text in any::<String>()) {
        holds(&text);
    }
}
