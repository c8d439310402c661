//! Every settings file in the pages and examples resolves, and says what the page says.

use std::path::{Path, PathBuf};

use credcheck::settings::{Arguments, Call, CommandError, Environment, FileError, Files, Settings, resolve};
use credcheck::text::source::SourceMap;
use jiff::Timestamp;
use zeroize::Zeroizing;

use crate::pages::{blocks, read};

/// One settings file; every other file and every command holds a secret.
struct OneFile(String);

const PATH: &str = "/operator/config.toml";
const SECRET: &[u8] = b"a-secret-of-nobody";

impl Files for OneFile {
    fn read(&self, path: &Path, _: usize) -> Result<Zeroizing<Vec<u8>>, FileError> {
        let bytes = if path == Path::new(PATH) { self.0.as_bytes() } else { SECRET };
        Ok(Zeroizing::new(bytes.to_vec()))
    }

    fn canonical(&self, path: &Path) -> Result<PathBuf, FileError> {
        Ok(path.to_owned())
    }

    fn read_private(&self, path: &Path, cap: usize) -> Result<Zeroizing<Vec<u8>>, FileError> {
        self.read(path, cap)
    }

    fn run(&self, calls: &[Call]) -> Vec<Result<Zeroizing<Vec<u8>>, CommandError>> {
        calls.iter().map(|_| Ok(Zeroizing::new(SECRET.to_vec()))).collect()
    }

    fn now(&self) -> Timestamp {
        Timestamp::UNIX_EPOCH
    }
}

/// The variables that a settings file names, each with a secret.
fn environment(text: &str) -> Environment {
    text.split("env = \"")
        .skip(1)
        .map(|rest| rest.split('"').next().unwrap())
        .map(|name| (name.to_owned(), "a-secret-of-nobody".to_owned()))
        .collect()
}

pub(crate) fn settle(text: &str) -> Result<Settings, String> {
    let arguments =
        Arguments { config: Some(PATH.into()), policy_roots: vec!["/team/policies".into()], ..Arguments::default() };
    let files = OneFile(text.to_owned());
    resolve(&arguments, &environment(text), &files, &mut SourceMap::new()).map_err(|error| {
        error
            .diagnostics()
            .iter()
            .map(|one| format!("{} {}", one.code.number(), one.message))
            .collect::<Vec<_>>()
            .join("\n")
    })
}

#[test]
fn settings_in_pages_resolve() {
    let blocks: Vec<_> = blocks().into_iter().filter(|block| block.is("toml")).collect();
    assert!(blocks.len() >= 2, "there are settings to try");
    for block in blocks {
        if let Err(problems) = settle(&block.text) {
            panic!("{}\n{problems}", block.place());
        }
    }
}

#[test]
fn the_operators_settings_resolve() {
    let settings = settle(&read("examples/operator/config.toml")).unwrap();
    let names: Vec<&str> = settings.credentials.iter().map(|one| one.credential.name.as_str()).collect();
    assert_eq!(names, ["atlantis-prod", "release-bot"]);
    assert!(settings.credentials.iter().all(|one| one.secret.is_ok() && !one.credential.scope.is_empty()));
    assert!(settings.not_checked.is_empty() && settings.notes.is_empty());
    assert_eq!(settings.inputs.len(), 1);
}
