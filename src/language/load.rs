//! Loading: root files and what they `use`, each once, in bounded number and size. Reading itself is the store's.

use std::collections::BTreeMap;

use sha2::{Digest as _, Sha256};

use super::ast::{File, Item, Word};
use super::syntax;
use crate::diagnostic::{Code, Diagnostic};
use crate::text::english;
use crate::text::hex;
use crate::text::nearest::nearest;
use crate::text::source::{SourceId, SourceMap, Span};

/// The most files of one policy.
const MAX_FILES: usize = 64;
/// The most bytes of one file: 1 MiB.
pub const MAX_FILE_BYTES: usize = 1 << 20;
/// The most bytes of all files: 4 MiB.
const MAX_TOTAL_BYTES: usize = 4 << 20;

/// What the name of a ready-made policy begins with. No file has such an id: a store's ids are paths.
const BUILTIN_PREFIX: &str = "builtin:";

/// The ready-made policies that are built in, by the name after `builtin:`, in the order of the alphabet.
pub static BUILTIN: [(&str, &str); 9] = [
    ("argocd", include_str!("../../policies/argocd.pol")),
    ("atlantis", include_str!("../../policies/default.pol")),
    ("atlantis-webhooks", include_str!("../../policies/atlantis-webhooks.pol")),
    ("backstage", include_str!("../../policies/backstage.pol")),
    ("flux", include_str!("../../policies/flux.pol")),
    ("general", include_str!("../../policies/general.pol")),
    ("jenkins", include_str!("../../policies/jenkins.pol")),
    ("renovate", include_str!("../../policies/renovate.pol")),
    ("semantic-release", include_str!("../../policies/semantic-release.pol")),
];

/// Where policy files come from: the file system at the edge, a map in tests.
pub trait PolicyStore {
    /// Opens a file. `from` is the [`Opened::id`] of the file that imports it, and then `path` has passed the checks on
    /// its text; the store still sees to it that the file is regular and, links resolved, lies under the root.
    ///
    /// # Errors
    /// [`OpenError`]; nothing of a refused file is given.
    fn open(&self, path: &str, from: Option<&str>) -> Result<Opened, OpenError>;
}

/// A file that was opened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Opened {
    /// One name for one file, however it was reached.
    pub id: String,
    /// The name to show.
    pub name: String,
    /// Its bytes, at most [`MAX_FILE_BYTES`] and one more (which says that it is too large).
    pub bytes: Vec<u8>,
}

/// Why a file was not opened.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum OpenError {
    /// There is no such file.
    #[error("there is no such file")]
    NotFound,
    /// A folder, a device, a pipe.
    #[error("it is not a regular file")]
    NotRegular,
    /// It lies, links resolved, outside the root.
    #[error("it lies outside the policy's tree")]
    Outside,
    /// The system refused.
    #[error("{0}")]
    Unreadable(String),
}

/// All files of a policy, read but not checked.
#[derive(Debug, Default)]
pub struct Program {
    /// The files, roots first in the order given, imports in the order met.
    pub files: Vec<Loaded>,
}

/// One file, read but not checked.
#[derive(Debug)]
pub struct Loaded {
    /// Its text in the source map.
    pub source: SourceId,
    /// Its name as shown.
    pub name: String,
    /// Hexadecimal SHA-256 of its bytes.
    pub sha256: String,
    /// Whether it was named as a root.
    pub root: bool,
    /// Where a file that was not is first used.
    pub used_at: Option<Span>,
    /// Its syntax.
    pub file: File,
    /// How many problems of its text there are beyond those given.
    pub(super) more_problems: usize,
    /// What it imports: a position in [`Program::files`], the rules left out, and where.
    pub imports: Vec<(usize, Vec<Word>, Span)>,
    id: String,
}

/// Loads root files with their imports. Problems come in the order of files, then of places.
pub fn load(paths: &[String], store: &dyn PolicyStore, sources: &mut SourceMap) -> (Program, Vec<Diagnostic>) {
    load_all(paths, paths, store, sources)
}

/// As [`load`], but passes over the tests of ready-made policies: this build's own tests have run them, and they are most
/// of the text. Files keep theirs, and every check of them.
pub fn load_to_judge(paths: &[String], store: &dyn PolicyStore, sources: &mut SourceMap) -> (Program, Vec<Diagnostic>) {
    load_all(paths, &[], store, sources)
}

fn load_all(
    paths: &[String],
    with_tests: &[String],
    store: &dyn PolicyStore,
    sources: &mut SourceMap,
) -> (Program, Vec<Diagnostic>) {
    let mut loader = Loader {
        with_tests,
        store,
        sources,
        program: Program::default(),
        problems: Vec::new(),
        total: 0,
        full: false,
        path: Vec::new(),
    };
    for path in paths {
        if loader.full {
            break;
        }
        loader.root(path);
    }
    (loader.program, loader.problems)
}

struct Loader<'a> {
    /// The ready-made policies whose tests are read: tests count where a policy is named, not where it is imported.
    with_tests: &'a [String],
    store: &'a dyn PolicyStore,
    sources: &'a mut SourceMap,
    program: Program,
    problems: Vec<Diagnostic>,
    total: usize,
    /// Whether there are too many files, or too much text: no more are opened.
    full: bool,
    /// The files being loaded, for cycles.
    path: Vec<usize>,
}

impl Loader<'_> {
    fn root(&mut self, path: &str) {
        let opened = match path.strip_prefix(BUILTIN_PREFIX) {
            Some(name) => match builtin(name) {
                Some(opened) => opened,
                None => {
                    self.problems.push(unknown_builtin(name, None));
                    return;
                }
            },
            None => match self.store.open(path, None) {
                Ok(opened) => opened,
                Err(error) => {
                    let help = match error {
                        OpenError::NotFound => {
                            "name a policy file, or a ready-made policy such as `builtin:atlantis` (`credcheck builtins` lists them); `credcheck --help` lists the commands"
                        }
                        _ => "a policy is a regular text file whose name ends in `.pol`",
                    };
                    self.problems.push(
                        Diagnostic::new(Code::UnreadablePolicy, format!("cannot read the policy `{path}`: {error}"))
                            .help(help),
                    );
                    return;
                }
            },
        };
        if let Some(at) = self.program.files.iter().position(|file| file.id == opened.id) {
            if let Some(file) = self.program.files.get_mut(at) {
                file.root = true;
            }
            return;
        }
        self.add(opened, true, None);
    }

    /// Adds a file and everything it uses; gives its position.
    fn add(&mut self, opened: Opened, root: bool, used_at: Option<Span>) -> Option<usize> {
        self.total += opened.bytes.len();
        if self.program.files.len() >= MAX_FILES {
            self.too_many(used_at);
            return None;
        }
        if self.total > MAX_TOTAL_BYTES {
            self.full = true;
            let message = "the files of a policy have at most 4 MiB together";
            self.report(Code::TooManyFiles, used_at, message, "split the policy, and check its parts one by one");
            return None;
        }
        let sha256 = hex(&Sha256::digest(&opened.bytes));
        let text = match policy_text(&opened.name, opened.bytes) {
            Ok(text) => text,
            Err(problem) => {
                self.problems.push(match used_at {
                    Some(used_at) => problem.label(used_at, ""),
                    None => *problem,
                });
                return None;
            }
        };
        let source = self.sources.add(opened.name.clone(), text.as_str());
        let is_ready_made = opened.id.starts_with(BUILTIN_PREFIX);
        let skips_tests = is_ready_made && !self.with_tests.contains(&opened.id);
        let parse = if skips_tests { syntax::parse_without_tests } else { syntax::parse };
        let syntax::Parsed { file, problems, more: more_problems } = parse(source, &text);
        self.problems.extend(problems);
        let at = self.program.files.len();
        let uses: Vec<(Word, Vec<Word>)> = file
            .items
            .iter()
            .filter_map(|item| match item {
                Item::Use { path, except } => Some((path.clone(), except.clone())),
                _ => None,
            })
            .collect();
        self.program.files.push(Loaded {
            source,
            name: opened.name,
            sha256,
            root,
            used_at,
            file,
            more_problems,
            imports: Vec::new(),
            id: opened.id.clone(),
        });
        self.path.push(at);
        let mut seen: BTreeMap<String, Span> = BTreeMap::new();
        for (path, except) in uses {
            if self.full {
                break;
            }
            if let Some(first) = seen.insert(path.value.clone(), path.span) {
                let problem = Diagnostic::at(Code::DuplicateName, path.span, "this file is imported already")
                    .label(first, "here")
                    .help("remove one of them");
                self.problems.push(problem);
                continue;
            }
            if seen.len() > MAX_FILES {
                self.too_many(Some(path.span));
                break;
            }
            let target = self.import(&path, &opened.id);
            if let Some((target, file)) = target.zip(self.program.files.get_mut(at)) {
                file.imports.push((target, except, path.span));
            }
        }
        self.path.pop();
        Some(at)
    }

    /// Says so once; nothing is opened after it.
    fn too_many(&mut self, used_at: Option<Span>) {
        self.full = true;
        let message = format!("a policy has at most {MAX_FILES} files");
        self.report(Code::TooManyFiles, used_at, message, "split the policy, and check its parts one by one");
    }

    fn import(&mut self, path: &Word, from: &str) -> Option<usize> {
        let opened = match path.value.strip_prefix(BUILTIN_PREFIX) {
            Some(name) => match builtin(name) {
                Some(opened) => opened,
                None => {
                    self.problems.push(unknown_builtin(name, Some(path.span)));
                    return None;
                }
            },
            None => {
                if let Err(reason) = import_path(&path.value) {
                    let help =
                        "an import names a file beside or below this one: `use \"base.pol\"`, `use \"teams/base.pol\"`";
                    self.report(
                        Code::ImportRefused,
                        Some(path.span),
                        format!("this path cannot be imported: {reason}"),
                        help,
                    );
                    return None;
                }
                match self.store.open(&path.value, Some(from)) {
                    Ok(opened) => opened,
                    Err(error) => {
                        let code =
                            if error == OpenError::NotFound { Code::UnreadablePolicy } else { Code::ImportRefused };
                        let help = "an import is a regular file that lies, links resolved, in the policy's own tree";
                        self.report(
                            code,
                            Some(path.span),
                            format!("`{}` cannot be imported: {error}", syntax::short(&path.value)),
                            help,
                        );
                        return None;
                    }
                }
            }
        };
        if let Some(at) = self.program.files.iter().position(|file| file.id == opened.id) {
            if let Some(start) = self.path.iter().position(|open| *open == at) {
                let names: Vec<&str> = self
                    .path
                    .iter()
                    .skip(start)
                    .chain(std::iter::once(&at))
                    .filter_map(|file| self.program.files.get(*file))
                    .map(|file| file.name.as_str())
                    .collect();
                let message = if names.len() <= 2 {
                    "this file imports itself".to_owned()
                } else {
                    "these files import each other".to_owned()
                };
                let problem = Diagnostic::at(Code::ImportCycle, path.span, message)
                    .labelled(names.join(" → "))
                    .help("remove one of these imports; put what both need into a third file");
                self.problems.push(problem);
                return None;
            }
            return Some(at);
        }
        self.add(opened, false, Some(path.span))
    }

    fn report(&mut self, code: Code, span: Option<Span>, message: impl Into<String>, help: &str) {
        let problem = match span {
            Some(span) => Diagnostic::at(code, span, message),
            None => Diagnostic::new(code, message),
        };
        self.problems.push(problem.help(help));
    }
}

/// The text of a policy's bytes. `name` is shown.
///
/// # Errors
/// A diagnostic without a place: they are too many, or not UTF-8. It quotes nothing of them.
pub fn policy_text(name: &str, bytes: Vec<u8>) -> Result<String, Box<Diagnostic>> {
    if bytes.len() > MAX_FILE_BYTES {
        let problem = Diagnostic::new(Code::TooLarge, format!("`{name}` is larger than 1 MiB"));
        return Err(Box::new(problem.help("split the policy into several files")));
    }
    String::from_utf8(bytes).map_err(|error| {
        let at = error.utf8_error().valid_up_to();
        let line = error.as_bytes().iter().take(at).filter(|byte| **byte == b'\n').count() + 1;
        let message = format!("`{name}` is not UTF-8: line {line} has a byte that cannot be read");
        Box::new(Diagnostic::new(Code::NotUtf8, message).help("save the file as UTF-8"))
    })
}

/// What is wrong with an import's path, as text.
fn import_path(path: &str) -> Result<(), &'static str> {
    if !path.ends_with(".pol") {
        return Err("it does not end in `.pol`");
    }
    if path.starts_with('/') || path.contains([':', '\\']) {
        return Err("it is not relative to this file");
    }
    if path.split('/').any(|part| part.is_empty() || part.starts_with('.')) {
        return Err("a part of it is empty or begins with a dot");
    }
    Ok(())
}

fn builtin(name: &str) -> Option<Opened> {
    let (_, text) = BUILTIN.iter().find(|(builtin, _)| *builtin == name)?;
    let name = format!("{BUILTIN_PREFIX}{name}");
    Some(Opened { id: name.clone(), name, bytes: text.as_bytes().to_vec() })
}

/// That there is no ready-made policy of this name, with the nearest one and the list of all.
pub fn unknown_builtin(name: &str, span: Option<Span>) -> Diagnostic {
    let names = BUILTIN.iter().map(|(name, _)| *name);
    let message = format!("there is no ready-made policy `{}`", syntax::short(name));
    let problem = match span {
        Some(span) => Diagnostic::at(Code::UnknownBuiltin, span, message),
        None => Diagnostic::new(Code::UnknownBuiltin, message),
    };
    let problem = match nearest(name, names.clone()) {
        Some(near) => problem.help(format!("did you mean `builtin:{near}`?")),
        None => problem,
    };
    let all = english::quoted_list(names.map(|name| format!("builtin:{name}")), "and");
    problem.help(format!("there are {all}; `credcheck builtins` says what each is for"))
}
