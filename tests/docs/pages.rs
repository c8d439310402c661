//! The pages and the code blocks in them.

use std::path::{Path, PathBuf};

/// A page of the project.
pub(crate) struct Page {
    /// Its path below the project's folder.
    pub(crate) name: String,
    pub(crate) text: String,
}

/// A fenced code block.
pub(crate) struct Block {
    pub(crate) page: String,
    /// The line of the page that opens it, from 1.
    pub(crate) line: usize,
    /// The words after the fence: `pol,rule` has `pol` and `rule`.
    pub(crate) info: Vec<String>,
    pub(crate) text: String,
}

impl Block {
    pub(crate) fn is(&self, language: &str) -> bool {
        self.info.first().is_some_and(|word| word == language)
    }

    pub(crate) fn has(&self, word: &str) -> bool {
        self.info.iter().skip(1).any(|have| have == word)
    }

    pub(crate) fn place(&self) -> String {
        format!("{}:{}", self.page, self.line)
    }
}

pub(crate) fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

pub(crate) fn read(path: &str) -> String {
    std::fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// README and everything in `docs/` and `examples/`, and the folders in them, that ends in `.md`, but for the pages of
/// codes, which have rules of their own.
pub(crate) fn pages() -> Vec<Page> {
    all_pages().into_iter().filter(|page| !page.name.starts_with("docs/codes/")).collect()
}

/// The same with the pages of codes.
pub(crate) fn all_pages() -> Vec<Page> {
    let names = ["docs", "examples"].into_iter().flat_map(files).filter(|name| name.ends_with(".md"));
    let mut names: Vec<String> = names.chain(["README.md".to_owned()]).collect();
    names.sort();
    names.into_iter().map(|name| Page { text: read(&name), name }).collect()
}

/// The files of a folder and of the folders in it, by their paths below the project's folder.
pub(crate) fn files(folder: &str) -> Vec<String> {
    let mut names = Vec::new();
    for entry in std::fs::read_dir(root().join(folder)).unwrap() {
        let path = entry.unwrap().path();
        let name = format!("{folder}/{}", file_name(&path));
        if path.is_dir() { names.extend(files(&name)) } else { names.push(name) }
    }
    names
}

fn file_name(path: &Path) -> String {
    path.file_name().unwrap().to_str().unwrap().to_owned()
}

/// The code blocks of all pages.
pub(crate) fn blocks() -> Vec<Block> {
    pages().iter().flat_map(blocks_of).collect()
}

pub(crate) fn blocks_of(page: &Page) -> Vec<Block> {
    let mut blocks = Vec::new();
    // A block in an item of a list stands as far in as its fence.
    let mut open: Option<(usize, Block)> = None;
    for (at, line) in page.text.lines().enumerate() {
        let inner = line.trim_start();
        match (&mut open, inner.strip_prefix("```")) {
            (None, Some(info)) => {
                let block = Block {
                    page: page.name.clone(),
                    line: at + 1,
                    info: info.split(',').map(|word| word.trim().to_owned()).collect(),
                    text: String::new(),
                };
                open = Some((line.len() - inner.len(), block));
            }
            (Some(_), Some("")) => blocks.extend(open.take().map(|(_, block)| block)),
            (Some((indent, block)), _) => {
                let blanks = line.len() - inner.len();
                block.text.push_str(line.get(blanks.min(*indent)..).unwrap());
                block.text.push('\n');
            }
            (None, None) => {}
        }
    }
    assert!(open.is_none(), "{}: a code block is never closed", page.name);
    blocks
}

/// A page without its code blocks, with the number of each line.
pub(crate) fn prose(page: &Page) -> Vec<(usize, &str)> {
    let mut inside = false;
    page.text
        .lines()
        .enumerate()
        .filter_map(|(at, line)| {
            let fence = line.trim_start().starts_with("```");
            inside ^= fence;
            (!fence && !inside).then_some((at + 1, line))
        })
        .collect()
}
