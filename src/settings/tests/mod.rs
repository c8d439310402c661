//! Every rule by which a secret finds its host, and every way in which one must not.

mod bots;
mod conceal;
mod families;
mod file;
mod laws;
mod scale;
mod scope;
mod shapes;
mod sources;

use std::cell::RefCell;
use std::collections::BTreeMap;

use jiff::Timestamp;
use zeroize::Zeroizing;

use super::super::{Call, CommandError, Declared, Program};
use super::*;
use crate::facts::{InputText, NotChecked, Withheld};

/// Files, links and commands as a test says.
#[derive(Default)]
struct Fake {
    files: BTreeMap<&'static str, String>,
    links: BTreeMap<&'static str, &'static str>,
    commands: BTreeMap<&'static str, Result<&'static str, CommandError>>,
    here: Option<&'static str>,
    touched: RefCell<Vec<String>>,
    /// Files that others may read.
    open: Vec<&'static str>,
    /// How long commands were given.
    times: RefCell<Vec<u64>>,
}

impl Fake {
    fn file(mut self, path: &'static str, text: impl Into<String>) -> Self {
        self.files.insert(path, text.into());
        self
    }

    fn link(mut self, from: &'static str, to: &'static str) -> Self {
        self.links.insert(from, to);
        self
    }

    fn command(mut self, program: &'static str, result: Result<&'static str, CommandError>) -> Self {
        self.commands.insert(program, result);
        self
    }
}

impl Files for Fake {
    fn read(&self, path: &Path, _: usize) -> Result<Zeroizing<Vec<u8>>, FileError> {
        let real = self.canonical(path)?;
        self.touched.borrow_mut().push(real.display().to_string());
        let text = self.files.get(real.to_str().unwrap()).ok_or(FileError::NotFound)?;
        Ok(Zeroizing::new(text.as_bytes().to_vec()))
    }

    fn canonical(&self, path: &Path) -> Result<PathBuf, FileError> {
        let mut real = PathBuf::from(if path.is_absolute() { "" } else { self.here.unwrap_or("/cwd") });
        for component in path.components() {
            match component {
                std::path::Component::CurDir => {}
                std::path::Component::ParentDir => {
                    real.pop();
                }
                other => real.push(other),
            }
            if let Some(target) = self.links.get(real.to_str().unwrap()) {
                real = PathBuf::from(target);
            }
        }
        Ok(real)
    }

    fn read_private(&self, path: &Path, cap: usize) -> Result<Zeroizing<Vec<u8>>, FileError> {
        if self.open.contains(&path.to_str().unwrap()) { Err(FileError::NotPrivate) } else { self.read(path, cap) }
    }

    fn run(&self, calls: &[Call]) -> Vec<Result<Zeroizing<Vec<u8>>, CommandError>> {
        let one = |call: &Call| {
            let Program { command, input, .. } = &call.program;
            let line = command.join(" ");
            self.touched.borrow_mut().push(if input.is_empty() { line } else { format!("{line} < {input}") });
            self.times.borrow_mut().push(call.timeout.as_secs());
            let result = self.commands.get(command[0].as_str()).cloned().unwrap_or(Err(CommandError::NotFound))?;
            Ok(Zeroizing::new(result.as_bytes().to_vec()))
        };
        calls.iter().map(one).collect()
    }

    fn now(&self) -> Timestamp {
        "2026-06-01T00:00:00Z".parse().unwrap()
    }
}

fn classic(salt: &str) -> String {
    ["ghp", &format!("{salt}{}", "x1".repeat(18)).chars().take(36).collect::<String>()].join("_")
}

fn job() -> String {
    ["ghs", &"Ab3".repeat(12)].join("_")
}

fn gitlab() -> String {
    ["glpat", &"Zy9_".repeat(5)].join("-")
}

fn run_with(
    arguments: &Arguments,
    variables: &[(&str, &str)],
    files: &Fake,
) -> (Result<Settings, SettingsError>, SourceMap) {
    let environment: Environment = variables.iter().copied().collect();
    let mut sources = SourceMap::new();
    let result = resolve(arguments, &environment, files, &mut sources);
    (result, sources)
}

fn from_environment(variables: &[(&str, &str)]) -> Settings {
    run_with(&Arguments::default(), variables, &Fake::default()).0.unwrap()
}

fn with_file(text: &str, variables: &[(&str, &str)]) -> (Result<Settings, SettingsError>, SourceMap) {
    let arguments = Arguments { config: Some("/etc/credcheck.toml".into()), ..Arguments::default() };
    run_with(&arguments, variables, &Fake::default().file("/etc/credcheck.toml", text))
}

/// Name, web address and secret of each credential.
fn summary(settings: &Settings) -> Vec<(&str, &str, Option<&str>)> {
    let of = |declared: &'_ Declared| declared.secret.as_ref().ok().map(|secret| secret.expose().to_owned());
    settings
        .credentials
        .iter()
        .map(|declared| {
            let secret = of(declared).map(|text| &*Box::leak(text.into_boxed_str()));
            (declared.credential.name.as_str(), declared.credential.url.as_str(), secret)
        })
        .collect()
}

fn names(settings: &Settings) -> Vec<&str> {
    settings.credentials.iter().map(|declared| declared.credential.name.as_str()).collect()
}

fn reason<'a>(settings: &'a Settings, name: &str) -> &'a str {
    let named = |entry: &&NotChecked| entry.credential.as_deref() == Some(name);
    &settings.not_checked.iter().find(named).unwrap_or_else(|| panic!("{name} is checked")).reason
}

fn scope(settings: &Settings, name: &str) -> Vec<String> {
    let declared = settings.credentials.iter().find(|declared| declared.credential.name == name).unwrap();
    declared.credential.scope.iter().map(|entry| entry.text().to_owned()).collect()
}

fn codes(result: &Result<Settings, SettingsError>) -> Vec<Code> {
    match result {
        Ok(_) => Vec::new(),
        Err(error) => error.diagnostics().iter().map(|problem| problem.code).collect(),
    }
}

fn everything_said(result: &Result<Settings, SettingsError>, sources: &SourceMap) -> String {
    let mut said = format!("{result:?}");
    for source in 0..8 {
        said.push_str(sources.get(crate::text::source::SourceId(source)).map_or("", |source| source.text()));
    }
    said
}
