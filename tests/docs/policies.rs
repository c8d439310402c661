//! Every policy in the pages and examples is checked as `credcheck` checks it.
//!
//! A block `pol` is a whole file; `pol,rule` stands in a rule and `pol,host` in a block of `host github`;
//! `pol,file=NAME` may be imported by the other blocks of its page. Those with `error` give exactly the diagnostics that
//! comments at the end of their lines name. All others are held to `credcheck lint --strict` too, but for those with
//! `unlinted`, which show a construct and no policy.

use std::collections::BTreeMap;

use credcheck::diagnostic::{Diagnostic, Severity};
use credcheck::language::lint::lint;
use credcheck::language::{CheckOptions, OpenError, Opened, PolicyStore, check, load};
use credcheck::text::source::SourceMap;

use crate::pages::{Block, blocks, read};

/// The policy files of one page.
#[derive(Default)]
struct Files(BTreeMap<String, String>);

impl PolicyStore for Files {
    fn open(&self, path: &str, from: Option<&str>) -> Result<Opened, OpenError> {
        let folder = from.and_then(|from| from.rsplit_once('/')).map_or("", |(folder, _)| folder);
        let id = if folder.is_empty() { path.to_owned() } else { format!("{folder}/{path}") };
        let text = self.0.get(&id).ok_or(OpenError::NotFound)?;
        Ok(Opened { id: id.clone(), name: id, bytes: text.clone().into_bytes() })
    }
}

/// Loads and checks one file: each diagnostic's line, and itself.
fn problems(files: &Files, name: &str) -> Vec<(usize, Diagnostic)> {
    let mut sources = SourceMap::new();
    let (program, found) = load(&[name.to_owned()], files, &mut sources);
    let (_, found) = check(&program, &sources, found, CheckOptions::default());
    found.into_iter().map(|problem| (problem.span().map_or(0, |span| sources.start(span).line), problem)).collect()
}

/// What `lint --strict` fails for.
fn linted(files: &Files, name: &str) -> Vec<(usize, Diagnostic)> {
    let mut sources = SourceMap::new();
    let (program, found) = load(&[name.to_owned()], files, &mut sources);
    let (policy, found) = check(&program, &sources, found, CheckOptions::default());
    let now = "2026-11-23T12:00:00Z".parse().unwrap();
    let found = lint(&policy, &program, &sources, found, now).into_iter().map(|finding| finding.diagnostic);
    found
        .filter(|one| one.severity >= Severity::Warning)
        .map(|one| (one.span().map_or(0, |span| sources.start(span).line), one))
        .collect()
}

fn shown(problems: &[(usize, Diagnostic)]) -> String {
    let line = |(line, problem): &(usize, Diagnostic)| {
        format!("  line {line}: {} {}: {}", problem.code.number(), problem.severity.word(), problem.message)
    };
    problems.iter().map(line).collect::<Vec<_>>().join("\n")
}

/// The text as a whole file, and how many lines stand before it.
fn whole(block: &Block) -> (String, usize) {
    if block.has("rule") {
        (format!("host github {{\nrule example {{\n{}\n}}\n}}\n", block.text), 2)
    } else if block.has("host") {
        (format!("host github {{\n{}\n}}\n", block.text), 1)
    } else {
        (block.text.clone(), 0)
    }
}

fn file_name(block: &Block) -> Option<&str> {
    block.info.iter().find_map(|word| word.strip_prefix("file="))
}

#[test]
fn policies_in_pages_check() {
    let all: Vec<Block> = blocks().into_iter().filter(|block| block.is("pol")).collect();
    assert!(all.len() >= 15, "there are examples to check");
    let mut strict = Vec::new();
    for block in &all {
        let mut files = Files::default();
        for other in all.iter().filter(|other| other.page == block.page) {
            if let Some(name) = file_name(other) {
                files.0.insert(name.to_owned(), other.text.clone());
            }
        }
        let (text, before) = whole(block);
        files.0.insert("main.pol".to_owned(), text);
        let found = problems(&files, "main.pol");
        if !block.has("error") {
            assert!(found.is_empty(), "{}\n{}", block.place(), shown(&found));
            if !block.has("unlinted") {
                let found = linted(&files, "main.pol");
                if !found.is_empty() {
                    strict.push(format!("{}\n{}", block.place(), shown(&found)));
                }
            }
            continue;
        }
        let mut wanted: Vec<(usize, String)> = Vec::new();
        for (at, line) in block.text.lines().enumerate() {
            let Some((_, comment)) = line.rsplit_once("# ") else { continue };
            let codes = comment.split_whitespace().take_while(|word| word.starts_with('C') && word.len() == 5);
            wanted.extend(codes.map(|code| (at + 1, code.to_owned())));
        }
        assert!(!wanted.is_empty(), "{}: no line says which diagnostic it gives", block.place());
        let got: Vec<(usize, String)> =
            found.iter().map(|(line, problem)| (line - before, problem.code.number().to_owned())).collect();
        assert_eq!(got, wanted, "{}\n{}", block.place(), shown(&found));
    }
    assert!(strict.is_empty(), "`lint --strict` fails:\n{}", strict.join("\n"));
}

#[test]
fn the_example_policy_checks() {
    let mut files = Files::default();
    for name in ["examples/acme/credentials.pol", "examples/acme/github.pol"] {
        files.0.insert(name.to_owned(), read(name));
    }
    let found = problems(&files, "examples/acme/credentials.pol");
    let errors: Vec<_> = found.into_iter().filter(|(_, problem)| problem.severity != Severity::Advice).collect();
    assert!(errors.is_empty(), "{}", shown(&errors));
}
