//! What pages say that one sees is what the program says: words in italics in the first column of a table headed *It says*
//! stand in its sources.

use std::fs;
use std::path::Path;

use crate::pages::{all_pages, root};

/// Every text of the sources, with the line breaks inside of literals taken out.
fn sources(folder: &Path, into: &mut String) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, into);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let text = fs::read_to_string(&path).unwrap();
            let mut pieces = text.split("\\\n");
            into.push_str(pieces.next().unwrap());
            pieces.for_each(|piece| into.push_str(piece.trim_start()));
        }
    }
}

#[test]
fn what_one_sees_is_what_is_said() {
    let mut texts = String::new();
    sources(&root().join("src"), &mut texts);
    let mut seen = 0;
    for page in all_pages() {
        let mut inside = false;
        for (at, line) in page.text.lines().enumerate() {
            inside = line.starts_with('|') && (inside || line.starts_with("| It says |"));
            let Some(first) = line.strip_prefix("| *").filter(|_| inside) else { continue };
            let cell = first.split(" | ").next().unwrap();
            for said in format!("*{cell}").split('*').skip(1).step_by(2) {
                assert!(texts.contains(said), "{}:{}: nothing says `{said}`", page.name, at + 1);
                seen += 1;
            }
        }
    }
    assert!(seen >= 20, "there are words to look for: {seen}");
}
