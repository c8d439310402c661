//! What hosts answer is read by columns (`src/hosts/column.rs`), which say what a missing or odd field means. This test reads
//! the sources, and fails where a field is read with a value to fall back on.

#![allow(clippy::unwrap_used, clippy::disallowed_methods, reason = "a test that reads the sources")]

use std::path::{Path, PathBuf};

/// What makes a value of a field that has none, or takes what it has apart by hand.
const FALLBACKS: [&str; 9] = [
    "unwrap_or(false)",
    "unwrap_or(true)",
    "unwrap_or(0)",
    "unwrap_or_default()",
    "as_bool()",
    "Json::as_bool",
    "Json::Bool",
    "Json::Null",
    "serde_json::from_",
];

/// Files that read what decides no fact: a host's own words about a refusal, and an address as people see it.
const WORDS: [&str; 4] = ["told.rs", "refusal.rs", "words.rs", "column.rs"];

fn sources(folder: &Path, into: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap();
        if path.is_dir() && name != "tests" {
            sources(&path, into);
        } else if name.ends_with(".rs") && !WORDS.contains(&name) {
            into.push(path);
        }
    }
}

#[test]
fn no_decoder_falls_back_on_a_value() {
    let mut files = Vec::new();
    sources(Path::new("src/hosts"), &mut files);
    assert!(files.len() > 40, "{} files", files.len());
    let mut found = Vec::new();
    for file in files {
        let text = std::fs::read_to_string(&file).unwrap();
        let code = text.split("#[cfg(test)]").next().unwrap();
        for (at, line) in code.lines().enumerate() {
            if FALLBACKS.iter().any(|fallback| line.contains(fallback)) {
                found.push(format!("{}:{}: {}", file.display(), at + 1, line.trim()));
            }
        }
    }
    assert!(found.is_empty(), "read these by a column:\n{}", found.join("\n"));
}
