//! The pages for those who join: their links, the files and the test binaries that they name are there.

use std::path::{Path, PathBuf};

use crate::pages::{Page, prose, read, root};

/// At the root: how to contribute, what is a vulnerability, how people treat each other.
const AT_ROOT: [&str; 4] = ["CONTRIBUTING.md", "SECURITY.md", "CODE_OF_CONDUCT.md", "CHANGELOG.md"];
const DECISIONS: &str = "docs/decisions";

fn decisions() -> Vec<String> {
    let entries = std::fs::read_dir(root().join(DECISIONS)).unwrap();
    let mut names: Vec<String> = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

fn pages() -> Vec<Page> {
    let mut names: Vec<String> = AT_ROOT.map(str::to_owned).into();
    names.extend(["docs/architecture.md", "docs/releasing.md"].map(str::to_owned));
    names.extend(decisions().iter().map(|name| format!("{DECISIONS}/{name}")));
    names.into_iter().map(|name| Page { text: read(&name), name }).collect()
}

/// What is the same in a heading and in the anchor that viewers give it.
fn letters(text: &str) -> String {
    text.chars().filter(|one| one.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

#[test]
fn links_lead_somewhere() {
    for page in pages() {
        let folder = Path::new(&page.name).parent().unwrap();
        for (line, text) in prose(&page) {
            for target in text.split("](").skip(1).filter_map(|rest| rest.split(')').next()) {
                if target.contains("://") {
                    continue;
                }
                let (file, anchor) = target.split_once('#').unwrap_or((target, ""));
                let path = if file.is_empty() { PathBuf::from(&page.name) } else { folder.join(file) };
                assert!(root().join(&path).exists(), "{}:{line}: `{target}` leads nowhere", page.name);
                if !anchor.is_empty() {
                    let other = read(path.to_str().unwrap());
                    let found = other.lines().any(|line| line.starts_with('#') && letters(line) == letters(anchor));
                    assert!(found, "{}:{line}: `{target}` names no heading", page.name);
                }
            }
        }
    }
}

/// Files are spoken of by their paths. Parts in capitals, and stars, stand for names.
#[test]
fn files_that_are_named_are_there() {
    const FOLDERS: [&str; 9] =
        ["src/", "tests/", "docs/", "policies/", "grammar/", "examples/", "fuzz/", "benches/", ".github/"];
    let stands_for = |part: &str| part.contains('*') || part.starts_with(char::is_uppercase);
    let mut seen = 0;
    for page in pages().iter().filter(|page| page.name != "CHANGELOG.md") {
        for (line, text) in prose(page) {
            let named = text.split('`').skip(1).step_by(2);
            for path in named.filter(|code| FOLDERS.iter().any(|folder| code.starts_with(folder))) {
                let known: PathBuf = path.split('/').take_while(|part| !stands_for(part)).collect();
                assert!(root().join(known).exists(), "{}:{line}: `{path}` is not there", page.name);
                seen += 1;
            }
        }
    }
    assert!(seen > 50, "{seen} files are named");
}

#[test]
fn test_binaries_that_are_named_are_there() {
    for name in ["CONTRIBUTING.md", "justfile", "docs/fuzzing.md", "docs/releasing.md"] {
        for rest in read(name).split("cargo test --test ").skip(1).filter(|rest| !rest.starts_with("{{")) {
            let binary: String = rest.chars().take_while(|one| one.is_ascii_lowercase() || *one == '_').collect();
            let mut places = [format!("tests/{binary}.rs"), format!("tests/{binary}/main.rs")].into_iter();
            assert!(places.any(|place| root().join(place).exists()), "{name}: there is no test binary `{binary}`");
        }
    }
}

/// Each record has its row in the list, and says what was weighed.
#[test]
fn decisions_are_listed_and_whole() {
    let list = read(&format!("{DECISIONS}/README.md"));
    let records: Vec<String> = decisions().into_iter().filter(|name| name != "README.md").collect();
    for (at, name) in records.iter().enumerate() {
        assert!(name.starts_with(&format!("{:04}-", at + 1)), "{name} has another number");
        assert!(list.contains(&format!("]({name})")), "{name} is not listed");
        let text = read(&format!("{DECISIONS}/{name}"));
        for part in ["Context", "Decision", "Weighed", "Consequences"] {
            assert!(text.contains(&format!("\n## {part}\n\n")), "{name} has no `{part}`");
        }
    }
    assert!(records.len() >= 12);
}
