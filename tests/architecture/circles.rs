//! No room has a circle of more than two files.
//!
//! An edge is a path that a file's code names. What a module re-exports belongs to the file that defines it; `mod` lines
//! and re-exports themselves are no edges.

use std::collections::{BTreeMap, BTreeSet};

use crate::tests::{Source, report, sources};

/// Circles that are there still: the files that import each other (a folder stands for all of its files), and why.
const ALLOWED: &[(&[&str], &str)] = &[];

type Module = Vec<String>;

/// A path that code names, from where it stands.
struct Named {
    path: Vec<String>,
    /// For a `use`: the name it has in the file.
    alias: Option<String>,
    reexport: bool,
}

/// A file with what it names.
struct File {
    path: String,
    module: Module,
    named: Vec<Named>,
}

/// The words and signs of code; `::` is one sign.
fn tokens(code: &[char]) -> Vec<String> {
    let mut tokens: Vec<String> = Vec::new();
    let mut at = 0;
    while let Some(first) = code.get(at) {
        let start = at;
        at += 1;
        if first.is_whitespace() {
            continue;
        }
        if first.is_alphanumeric() || *first == '_' {
            while code.get(at).is_some_and(|next| next.is_alphanumeric() || *next == '_') {
                at += 1;
            }
        } else if *first == ':' && code.get(at) == Some(&':') {
            at += 1;
        }
        tokens.push(code[start..at].iter().collect());
    }
    tokens
}

fn is_word(token: &str) -> bool {
    token.starts_with(|first: char| first.is_alphabetic() || first == '_')
}

/// The paths of a tree (`a::{b, c::d as e}`) that begins at a token, each with its name there; gives the place after it.
fn tree(tokens: &[String], mut at: usize, before: &[String], into: &mut Vec<(Vec<String>, String)>) -> usize {
    let mut path = before.to_vec();
    loop {
        match tokens[at].as_str() {
            "{" => {
                at += 1;
                while tokens[at] != "}" {
                    at = tree(tokens, at, &path, into);
                    at += usize::from(tokens[at] == ",");
                }
                return at + 1;
            }
            "*" => {
                into.push((path, "*".to_owned()));
                return at + 1;
            }
            // `a::{self, b}`: the module itself.
            "self" if !path.is_empty() => {}
            word => path.push(word.to_owned()),
        }
        at += 1;
        if tokens[at] == "::" {
            at += 1;
            continue;
        }
        let mut name = path.last().cloned().unwrap_or_default();
        if tokens[at] == "as" {
            name.clone_from(&tokens[at + 1]);
            at += 2;
        }
        into.push((path, name));
        return at;
    }
}

/// Every path that a file names and that can lead to another file of the crate.
fn named(code: &[char], children: &BTreeSet<String>) -> Vec<Named> {
    let tokens = tokens(code);
    let mut named = Vec::new();
    let mut at = 0;
    while at < tokens.len() {
        if tokens[at] == "use" {
            let reexport = at > 0 && matches!(tokens[at - 1].as_str(), "pub" | ")");
            let mut paths = Vec::new();
            at = tree(&tokens, at + 1, &[], &mut paths);
            named.extend(paths.into_iter().map(|(path, alias)| Named { path, alias: Some(alias), reexport }));
            continue;
        }
        // `pub(in path)` says who may see something, and names nothing.
        let shows = at > 2 && tokens[at - 3..at] == ["pub", "(", "in"];
        let begins = (at == 0 || tokens[at - 1] != "::")
            && !shows
            && tokens.get(at + 1).is_some_and(|next| next == "::")
            && (matches!(tokens[at].as_str(), "crate" | "super" | "self") || children.contains(&tokens[at]));
        if !begins {
            at += 1;
            continue;
        }
        let mut path = vec![tokens[at].clone()];
        at += 1;
        while tokens.get(at).is_some_and(|next| next == "::") && tokens.get(at + 1).is_some_and(|word| is_word(word)) {
            path.push(tokens[at + 1].clone());
            at += 2;
        }
        named.push(Named { path, alias: None, reexport: false });
    }
    named
}

fn module_of(path: &str) -> Module {
    let path = path.strip_suffix(".rs").unwrap();
    path.strip_suffix("/mod").unwrap_or(path).split('/').map(str::to_owned).collect()
}

fn files(sources: &[Source]) -> Vec<File> {
    let modules: BTreeSet<Module> = sources.iter().map(|source| module_of(&source.path)).collect();
    let file = |source: &Source| {
        let module = module_of(&source.path);
        let below = |one: &&Module| one.len() == module.len() + 1 && one.starts_with(&module);
        let children = modules.iter().filter(below).map(|child| child.last().unwrap().clone()).collect();
        File { path: source.path.clone(), named: named(&source.code, &children), module }
    };
    sources.iter().map(file).collect()
}

/// The module that defines what a path leads to, as seen from a module.
fn resolve(files: &BTreeMap<&Module, &File>, from: &Module, path: &[String], depth: usize) -> Option<Module> {
    let mut at = from.clone();
    for (position, word) in path.iter().enumerate() {
        match word.as_str() {
            "crate" => at.clear(),
            "self" => {}
            "super" => drop(at.pop()),
            _ => {
                let mut below = at.clone();
                below.push(word.clone());
                if files.contains_key(&below)
                    || (at.is_empty() && files.keys().any(|module| module.starts_with(&below)))
                {
                    at = below;
                    continue;
                }
                if position == 0 {
                    return None;
                }
                // Not a module: defined here, or known here under this name from elsewhere.
                let known = files.get(&at)?.named.iter().find(|one| one.alias.as_ref() == Some(word));
                return match known.filter(|_| depth < 8) {
                    Some(known) => match resolve(files, &at, &known.path, depth + 1) {
                        Some(target) if files.contains_key(&target) => {
                            resolve(files, &target, &path[position + 1..], depth + 1)
                        }
                        other => other,
                    },
                    None => Some(at),
                };
            }
        }
    }
    Some(at)
}

/// For each file of a room the files of it that its code names.
fn graph(sources: &[Source]) -> BTreeMap<String, BTreeSet<String>> {
    let files = files(sources);
    let by_module: BTreeMap<&Module, &File> = files.iter().map(|file| (&file.module, file)).collect();
    let mut graph = BTreeMap::new();
    for file in &files {
        let targets: BTreeSet<String> = file
            .named
            .iter()
            .filter(|named| !named.reexport)
            .filter_map(|named| by_module.get(&resolve(&by_module, &file.module, &named.path, 0)?))
            .filter(|target| target.path != file.path && target.module.first() == file.module.first())
            .map(|target| target.path.clone())
            .collect();
        graph.insert(file.path.clone(), targets);
    }
    graph
}

/// The groups of more than two files that all lead to each other.
fn circles(graph: &BTreeMap<String, BTreeSet<String>>) -> Vec<BTreeSet<String>> {
    let reached: BTreeMap<&String, BTreeSet<&String>> = graph
        .keys()
        .map(|start| {
            let (mut seen, mut open) = (BTreeSet::new(), vec![start]);
            while let Some(next) = open.pop() {
                open.extend(graph[next].iter().filter(|target| seen.insert(*target)));
            }
            (start, seen)
        })
        .collect();
    let circle = |file: &&String| -> BTreeSet<String> {
        let back = |other: &&&String| reached[**other].contains(file);
        reached[*file].iter().filter(back).map(|other| (*other).clone()).collect()
    };
    let circles: BTreeSet<BTreeSet<String>> = graph.keys().map(|file| circle(&file)).collect();
    circles.into_iter().filter(|circle| circle.len() > 2).collect()
}

#[test]
fn no_room_has_a_circle_of_files() {
    let graph = graph(&sources());
    let mut problems = Vec::new();
    let mut left: BTreeSet<usize> = BTreeSet::new();
    for circle in circles(&graph) {
        let covers = |allowed: &&str, file: &str| {
            if allowed.ends_with('/') { file.starts_with(allowed) } else { *allowed == file }
        };
        let within = |files: &&[&str]| circle.iter().all(|file| files.iter().any(|allowed| covers(allowed, file)));
        if let Some(at) = ALLOWED.iter().position(|(files, _)| within(files)) {
            left.insert(at);
            continue;
        }
        problems.push("these files import each other:".to_owned());
        for file in &circle {
            let inside: Vec<&str> = graph[file].intersection(&circle).map(String::as_str).collect();
            problems.push(format!("  {file} names {}", inside.join(", ")));
        }
    }
    for (at, (files, _)) in ALLOWED.iter().enumerate().filter(|(at, _)| !left.contains(at)) {
        problems.push(format!("the circle {at} of the list is gone: take it out ({})", files.join(", ")));
    }
    report(&problems);
}

#[test]
fn the_reader_of_paths_sees_what_is_there() {
    let source = |path: &str, code: &str| Source { path: path.into(), code: code.chars().collect() };
    let graph = graph(&[
        source("room/mod.rs", "mod a; mod b; pub use a::{A, inner as other}; pub(crate) use b::B;"),
        source("room/a.rs", "use super::B; use super::c::{self, D}; fn f() { c::g() }"),
        source("room/b.rs", "use crate::other::X; pub(in crate::room) fn f() -> super::other { crate::room::c::g() }"),
        source("room/c/mod.rs", "mod d; use d::E; fn g() { d::h(); super::super::other::x() } "),
        source("room/c/d.rs", "use super::super::{A, B}; use std::fmt;"),
        source("other/mod.rs", "use crate::room::A;"),
    ]);
    let names = |file: &str| graph[file].iter().map(String::as_str).collect::<Vec<_>>();
    assert_eq!(names("room/mod.rs"), [""; 0], "re-exports are no edges");
    assert_eq!(names("room/a.rs"), ["room/b.rs", "room/c/mod.rs"]);
    assert_eq!(names("room/b.rs"), ["room/a.rs", "room/c/mod.rs"]);
    assert_eq!(names("room/c/mod.rs"), ["room/c/d.rs"]);
    assert_eq!(names("room/c/d.rs"), ["room/a.rs", "room/b.rs"]);
    assert_eq!(names("other/mod.rs"), [""; 0], "another room is none of this test's");
    let found = circles(&graph);
    let all = ["room/a.rs", "room/b.rs", "room/c/d.rs", "room/c/mod.rs"];
    assert_eq!(found, [all.into_iter().map(str::to_owned).collect::<BTreeSet<_>>()]);
}
