//! Policies in, diagnostics out: an in-memory store, the directives of the case files, the compact text of the snapshots.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use credcheck::diagnostic::{Diagnostic, Severity};
use credcheck::facts::{GivenInput, InputText, Origin};
use credcheck::language::lint::{Finding, lint};
use credcheck::language::{
    CheckOptions, CheckedPolicy, OpenError, Opened, PolicyStore, Program, bind_inputs, check, load,
};
use credcheck::text::source::{SourceMap, Span};

/// What a name in the store stands for.
#[derive(Clone, Debug)]
pub(crate) enum Stored {
    /// A file.
    Bytes(Vec<u8>),
    /// The store's refusal.
    Refused(OpenError),
}

/// Files by their names; names are resolved against the importing file's folder.
#[derive(Clone, Debug, Default)]
pub(crate) struct Memory(pub(crate) BTreeMap<String, Stored>);

impl Memory {
    pub(crate) fn one(text: impl Into<Vec<u8>>) -> Self {
        Self::default().with("main.pol", text)
    }

    pub(crate) fn with(mut self, name: &str, text: impl Into<Vec<u8>>) -> Self {
        self.0.insert(name.to_owned(), Stored::Bytes(text.into()));
        self
    }
}

impl PolicyStore for Memory {
    fn open(&self, path: &str, from: Option<&str>) -> Result<Opened, OpenError> {
        let folder = from.and_then(|from| from.rsplit_once('/')).map_or("", |(folder, _)| folder);
        let id = if folder.is_empty() { path.to_owned() } else { format!("{folder}/{path}") };
        match self.0.get(&id) {
            Some(Stored::Bytes(bytes)) => Ok(Opened { id: id.clone(), name: id, bytes: bytes.clone() }),
            Some(Stored::Refused(error)) => Err(error.clone()),
            None => Err(OpenError::NotFound),
        }
    }
}

/// Everything that loading and checking give.
pub(crate) struct Checked {
    pub(crate) sources: SourceMap,
    pub(crate) program: Program,
    pub(crate) policy: CheckedPolicy,
    pub(crate) problems: Vec<Diagnostic>,
}

impl Checked {
    pub(crate) fn errors(&self) -> usize {
        self.problems.iter().filter(|problem| problem.severity == Severity::Error).count()
    }

    /// What lints say at the time of the tests.
    pub(crate) fn lint(&self) -> Vec<Finding> {
        let now = "2026-11-23T12:00:00Z".parse().unwrap();
        lint(&self.policy, &self.program, &self.sources, self.problems.clone(), now)
    }

    pub(crate) fn text(&self) -> String {
        render(&self.problems, &self.sources)
    }

    /// Each problem as `CODE underlined text`.
    pub(crate) fn brief(&self) -> Vec<String> {
        self.problems
            .iter()
            .map(|problem| {
                let text = problem.span().map_or("-", |span| self.sources.snippet(span));
                format!("{} {}", problem.code.number(), text.chars().take(60).collect::<String>())
            })
            .collect()
    }
}

pub(crate) fn run(store: &Memory, roots: &[&str], options: CheckOptions) -> Checked {
    let mut sources = SourceMap::new();
    let roots: Vec<String> = roots.iter().map(|root| (*root).to_owned()).collect();
    let (program, problems) = load(&roots, store, &mut sources);
    let (policy, problems) = check(&program, &sources, problems, options);
    Checked { sources, program, policy, problems }
}

/// Loads and checks one text.
pub(crate) fn text(text: impl Into<Vec<u8>>) -> Checked {
    run(&Memory::one(text), &["main.pol"], CheckOptions::default())
}

/// Checks the body of a `host github` block.
pub(crate) fn github(body: &str) -> Checked {
    text(format!("host github {{\n{body}\n}}\n"))
}

/// Checks the body of a rule of a `host github` block.
pub(crate) fn rule(body: &str) -> Checked {
    text(format!("host github {{\nrule r {{\n{body}\n}}\n}}\n"))
}

/// The compact text of diagnostics.
pub(crate) fn render(problems: &[Diagnostic], sources: &SourceMap) -> String {
    let mut out = String::new();
    for (number, problem) in problems.iter().enumerate() {
        if problems.len() > 20 && (3..problems.len() - 2).contains(&number) {
            if number == 3 {
                writeln!(out, "…").unwrap();
            }
            continue;
        }
        let place = problem.span().map_or("-".to_owned(), |span| place(span, sources));
        let (code, severity) = (problem.code.number(), problem.severity.word());
        writeln!(out, "{place} {code} {severity} {}", problem.message).unwrap();
        for (at, label) in problem.labels.iter().enumerate() {
            let shown = underlined(label.span, sources);
            let text = if label.text.is_empty() { String::new() } else { format!("  -- {}", label.text) };
            if at == 0 {
                writeln!(out, "    ^ {shown}{text}").unwrap();
            } else {
                writeln!(out, "    + {} {shown}{text}", self::place(label.span, sources)).unwrap();
            }
        }
        for line in problem.help.iter().flat_map(|help| help.lines()) {
            writeln!(out, "    | {line}").unwrap();
        }
        for note in &problem.notes {
            writeln!(out, "    = {note}").unwrap();
        }
    }
    out
}

fn place(span: Span, sources: &SourceMap) -> String {
    let (start, end) = (sources.start(span), sources.end(span));
    let name = sources.name(span.source);
    let name = if name == "main.pol" { String::new() } else { format!("{name}:") };
    format!("{name}{}:{}-{}:{}", start.line, start.column, end.line, end.column)
}

fn underlined(span: Span, sources: &SourceMap) -> String {
    let text = sources.snippet(span);
    let short: String = text.chars().take(70).collect();
    let dots = if short.len() < text.len() { "…" } else { "" };
    format!("{}{dots}", short.escape_debug().to_string().replace("\\\"", "\"").replace("\\'", "'"))
}

/// One case of a case file.
#[derive(Clone, Debug, Default)]
pub(crate) struct Case {
    /// The line that heads it.
    pub(crate) title: String,
    store: Memory,
    roots: Vec<String>,
    options: CheckOptions,
    set: Vec<GivenInput>,
    binds: bool,
}

impl Case {
    /// What lints say of it, with what loading and checking said; the policy is valid.
    pub(crate) fn lint(&self) -> (Vec<Finding>, SourceMap) {
        let roots: Vec<&str> = self.roots.iter().map(String::as_str).collect();
        let checked = run(&self.store, &roots, self.options);
        assert_eq!(checked.errors(), 0, "{}\n{}", self.title, checked.text());
        (checked.lint(), checked.sources)
    }

    /// The diagnostics.
    pub(crate) fn run(&self) -> (Vec<Diagnostic>, SourceMap) {
        let roots: Vec<&str> = self.roots.iter().map(String::as_str).collect();
        let mut checked = run(&self.store, &roots, self.options);
        if self.binds
            && checked.errors() == 0
            && let Err(problems) = bind_inputs(&checked.policy, &self.set)
        {
            checked.problems.extend(problems);
        }
        (checked.problems, checked.sources)
    }
}

/// Splits a case file: `#### title` begins a case, `#! …` directs it, the rest is the policy.
pub(crate) fn cases(text: &str) -> Vec<Case> {
    let mut cases: Vec<Case> = Vec::new();
    let (mut name, mut body, mut escaped) = ("main.pol".to_owned(), String::new(), false);
    let flush = |cases: &mut Vec<Case>, name: &str, body: &mut String, escaped: bool| {
        let bytes = if escaped { unescape(body.trim_end_matches('\n')) } else { body.as_bytes().to_vec() };
        body.clear();
        if let Some(case) = cases.last_mut()
            && !name.is_empty()
        {
            // The empty text above the first `#! file` is no file of its own.
            if bytes.is_empty() {
                case.store.0.entry(name.to_owned()).or_insert(Stored::Bytes(bytes));
            } else {
                case.store.0.insert(name.to_owned(), Stored::Bytes(bytes));
            }
        }
    };
    for line in text.lines() {
        if let Some(title) = line.strip_prefix("#### ") {
            flush(&mut cases, &name, &mut body, escaped);
            (name, escaped) = ("main.pol".to_owned(), false);
            cases.push(Case { title: title.to_owned(), roots: vec!["main.pol".into()], ..Case::default() });
            continue;
        }
        let Some(directive) = line.strip_prefix("#! ") else {
            body.push_str(line);
            body.push('\n');
            continue;
        };
        let (word, rest) = directive.split_once(' ').unwrap_or((directive, ""));
        if word == "file" {
            flush(&mut cases, &name, &mut body, escaped);
            (name, escaped) = (rest.to_owned(), false);
            continue;
        }
        let case = cases.last_mut().expect("a directive stands in a case");
        match word {
            "escaped" => escaped = true,
            "roots" => case.roots = rest.split_whitespace().map(str::to_owned).collect(),
            "allow-unknown-names" => case.options.allow_unknown_names = true,
            "bind" => case.binds = true,
            "set" => {
                case.binds = true;
                let (name, value) = rest.split_once('=').expect("NAME=VALUE");
                case.set.push(GivenInput {
                    name: name.to_owned(),
                    value: InputText::One(value.to_owned()),
                    origin: Origin::Other(format!("--set {rest}")),
                });
            }
            "outside" => drop(case.store.0.insert(rest.into(), Stored::Refused(OpenError::Outside))),
            "not-regular" => drop(case.store.0.insert(rest.into(), Stored::Refused(OpenError::NotRegular))),
            "unreadable" => drop(
                case.store.0.insert(rest.into(), Stored::Refused(OpenError::Unreadable("permission denied".into()))),
            ),
            other => panic!("no directive `{other}`"),
        }
    }
    flush(&mut cases, &name, &mut body, escaped);
    cases
}

/// `\xFF` is a byte, `\u{202e}` a character, `\r` and `\n` line ends, `\repeat{N}{text}` a text many times.
fn unescape(text: &str) -> Vec<u8> {
    let mut out = Vec::new();
    let mut pieces = text.split('\\');
    out.extend(pieces.next().unwrap_or("").bytes());
    for piece in pieces {
        let rest = if let Some(body) = piece.strip_prefix("repeat{") {
            let (count, body) = body.split_once("}{").expect("\\repeat{N}{text}");
            // A line end inside the braces is written `␊`.
            let (repeated, rest) = body.split_once('}').expect("\\repeat{N}{text}");
            out.extend(repeated.replace('␊', "\n").repeat(count.parse().unwrap()).bytes());
            rest
        } else if let Some(body) = piece.strip_prefix("u{") {
            let (digits, rest) = body.split_once('}').expect("\\u{…}");
            let character = char::from_u32(u32::from_str_radix(digits, 16).unwrap()).unwrap();
            out.extend(character.to_string().bytes());
            rest
        } else if let Some(body) = piece.strip_prefix('x') {
            let (digits, rest) = body.split_at_checked(2).expect("\\xFF");
            out.push(u8::from_str_radix(digits, 16).unwrap());
            rest
        } else if let Some(rest) = piece.strip_prefix('r') {
            out.push(b'\r');
            rest
        } else if let Some(rest) = piece.strip_prefix('n') {
            out.push(b'\n');
            rest
        } else {
            panic!("no escape `\\{piece}`")
        };
        out.extend(rest.bytes());
    }
    out
}
