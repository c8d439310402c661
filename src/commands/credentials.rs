//! What the command line says of credentials, settled.

use std::cell::RefCell;
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use zeroize::Zeroizing;

use super::cli::CredentialArguments;
use super::failure::Failure;
use super::output::Sink;
use super::signals;
use crate::checker::System;
use crate::diagnostic::{Code, Diagnostic};
use crate::facts::Shard;
use crate::settings::{self, Arguments, Call, CommandError, Environment, FileError, Files, Settings, SettingsError};
use crate::text::nearest::nearest;
use crate::vocabulary::{self, HOSTS, HostKind};

/// The host kinds that words name.
///
/// # Errors
/// [`Failure::Usage`] for a word that names none.
pub(super) fn host_kinds(words: &[String]) -> Result<Vec<HostKind>, Failure> {
    words
        .iter()
        .map(|word| {
            vocabulary::host_kind(word).ok_or_else(|| {
                let problem = Diagnostic::new(Code::CommandLine, format!("no host kind is named `{word}`"));
                let words = HOSTS.iter().map(|host| host.word);
                Failure::Usage(vec![match nearest(word, words.clone()) {
                    Some(near) => problem.help(format!("did you mean `{near}`?")),
                    None => problem.help(format!("it can be {}", crate::text::english::quoted_list(words, "or"))),
                }])
            })
        })
        .collect()
}

/// Settles the credentials.
///
/// # Errors
/// [`Failure::Usage`] and [`Failure::Invalid`].
pub(super) fn settle(
    arguments: &CredentialArguments,
    shard: Option<Shard>,
    trees: &[PathBuf],
    environment: &Environment,
    sink: &mut Sink,
) -> Result<Settings, Failure> {
    let arguments = Arguments {
        config: arguments.config.clone(),
        trust_config: arguments.trust_config,
        policy_roots: trees.to_vec(),
        repositories: arguments.repository.clone(),
        credentials: arguments.credential.clone(),
        hosts: host_kinds(&arguments.host)?,
        shard,
    };
    signals::listen();
    let system = Noted { system: System { interrupted: || signals::due().is_some() }, read: RefCell::default() };
    let settings = settings::resolve(&arguments, environment, &system, sink.sources());
    sink.keep(system.read.take());
    settings.map_err(|error| match error {
        SettingsError::CommandLine(problems) => Failure::Usage(problems),
        SettingsError::Settings(problems) => Failure::Invalid(problems),
    })
}

/// The file system, which notes what was read.
struct Noted {
    system: System,
    read: RefCell<Vec<PathBuf>>,
}

impl Files for Noted {
    fn read(&self, path: &Path, cap: usize) -> Result<Zeroizing<Vec<u8>>, FileError> {
        self.read.borrow_mut().push(path.to_owned());
        self.system.read(path, cap)
    }

    fn read_private(&self, path: &Path, cap: usize) -> Result<Zeroizing<Vec<u8>>, FileError> {
        self.read.borrow_mut().push(path.to_owned());
        self.system.read_private(path, cap)
    }

    fn canonical(&self, path: &Path) -> Result<PathBuf, FileError> {
        self.system.canonical(path)
    }

    fn run(&self, calls: &[Call]) -> Vec<Result<Zeroizing<Vec<u8>>, CommandError>> {
        self.system.run(calls)
    }

    fn now(&self) -> Timestamp {
        self.system.now()
    }
}
