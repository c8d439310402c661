//! What the command line says of credentials, settled.

use super::cli::CredentialArguments;
use super::failure::Failure;
use super::signals;
use crate::checker::System;
use crate::diagnostic::{Code, Diagnostic};
use crate::facts::Shard;
use crate::settings::{self, Arguments, Environment, Settings, SettingsError};
use crate::text::nearest::nearest;
use crate::text::source::SourceMap;
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
    trees: &[std::path::PathBuf],
    environment: &Environment,
    sources: &mut SourceMap,
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
    let system = System { interrupted: || signals::due().is_some() };
    settings::resolve(&arguments, environment, &system, sources).map_err(|error| match error {
        SettingsError::CommandLine(problems) => Failure::Usage(problems),
        SettingsError::Settings(problems) => Failure::Invalid(problems),
    })
}
