//! From everything the operator controls to the credentials to check.
//!
//! The order matters: all addresses and bindings are settled first, and only then, and only for credentials that will
//! be checked, is a secret read or a command run.

use std::path::{Path, PathBuf};

use super::apps::hosts_of_apps;
use super::calls::Calls;
use super::candidate::{Candidate, Found, by_name, checker_of};
use super::discover;
use super::file::{self, SettingsFile, Trust};
use super::handing::Handing;
use super::obtain::Sources;
use super::problems::Problems;
use super::{Arguments, Environment, FileError, Files, Settings, SettingsError};
use super::{bind, sharding, withheld};
use crate::diagnostic::{Code, Diagnostic, Severity};
use crate::facts::Origin;
use crate::text::source::SourceMap;
use crate::text::{english, glob, nearest};
use crate::vocabulary::HostKind;

/// Settles which credentials are checked, where each goes, and what is in scope.
///
/// # Errors
/// [`SettingsError`] with every problem found; no secret has been read then.
pub fn resolve(
    arguments: &Arguments,
    environment: &Environment,
    files: &dyn Files,
    sources: &mut SourceMap,
) -> Result<Settings, SettingsError> {
    let mut problems = Problems::default();
    let file = settings_file(arguments, environment, files, sources, &mut problems);
    let mut settings = Settings { inputs: file.inputs, ..Settings::default() };
    let found = gather(file.credentials, environment, &mut settings, &mut problems);
    check_checkers(&found, &mut problems);
    let apps: Vec<Candidate> = found.iter().filter(|candidate| candidate.issuer.is_some()).cloned().collect();
    let mut chosen = choose(found, arguments, &mut settings, &mut problems);
    notes(environment, &chosen, &mut settings);
    bind::default_scope(&file.repositories, &mut chosen, &mut settings, &mut problems);
    bind::repositories(&arguments.repositories, &mut chosen, &mut problems);
    settings.credentials_total = chosen.len();
    if let Some(shard) = arguments.shard {
        chosen = sharding::deal(chosen, shard).unwrap_or_else(|problem| {
            problems.command_line.push(problem);
            Vec::new()
        });
    }
    problems.finish()?;
    let calls = Calls::run(&chosen, &apps, files);
    settings.commands.clone_from(&calls.ran);
    settings.aside.clone_from(&calls.aside);
    let mut handing = Handing::new(Sources::new(environment, files, &calls), &apps);
    for candidate in chosen {
        handing.hand_out(candidate, &mut settings);
    }
    Ok(settings)
}

/// The settings file that the operator names, or the user's own: never one of the working directory.
fn settings_file(
    arguments: &Arguments,
    environment: &Environment,
    files: &dyn Files,
    sources: &mut SourceMap,
    problems: &mut Problems,
) -> SettingsFile {
    let named = arguments
        .config
        .clone()
        .map(|path| (path, "--config"))
        .or_else(|| environment.get("CREDCHECK_CONFIG").map(|path| (PathBuf::from(path), "CREDCHECK_CONFIG")));
    let (path, named) = match named {
        Some((path, by)) => (path, Some(by)),
        None => match user_file(environment) {
            Some(path) => (path, None),
            None => return SettingsFile::default(),
        },
    };
    let bytes = match files.read(&path, file::CAP) {
        Ok(bytes) => bytes,
        Err(FileError::NotFound) if named.is_none() => return SettingsFile::default(),
        Err(error) => {
            let problem = Diagnostic::new(Code::UnreadableSettings, format!("`{}` {error}", path.display()));
            problems.settings.push(match named {
                Some(by) => problem.help(format!("`{by}` names this file")),
                None => problem,
            });
            return SettingsFile::default();
        }
    };
    let Ok(text) = std::str::from_utf8(&bytes) else {
        problems.settings.push(file::not_utf8(&path));
        return SettingsFile::default();
    };
    let inside = !arguments.trust_config && leads_through(&path, &arguments.policy_roots, files);
    let trust = if inside { Trust::PolicyTree } else { Trust::Operator };
    file::parse(&path, text, trust, environment, sources, &mut problems.settings)
}

/// `XDG_CONFIG_HOME/credcheck/config.toml`, or below `HOME/.config`. Relative values would mean the working directory,
/// so they are passed over, as the XDG specification demands.
fn user_file(environment: &Environment) -> Option<PathBuf> {
    let absolute = |name: &str| environment.get(name).map(PathBuf::from).filter(|path| path.is_absolute());
    let folder = absolute("XDG_CONFIG_HOME").or_else(|| absolute("HOME").map(|home| home.join(".config")))?;
    Some(folder.join("credcheck").join("config.toml"))
}

/// Whether the path lies in one of the trees or leads through one: a link inside a tree decides where it goes, and
/// whoever proposes a change there decides what the link says.
fn leads_through(path: &Path, roots: &[PathBuf], files: &dyn Files) -> bool {
    let roots: Vec<PathBuf> = roots.iter().map(|root| files.canonical(root).unwrap_or_else(|_| root.clone())).collect();
    let inside = |path: &Path| roots.iter().any(|root| path.starts_with(root) && path != root);
    let mut at = match path.is_absolute() {
        true => PathBuf::new(),
        false => match files.canonical(Path::new(".")) {
            Ok(here) => here,
            // Where we are cannot be told, so nothing shows that the file is outside.
            Err(_) => return !roots.is_empty(),
        },
    };
    for component in path.components() {
        match component {
            std::path::Component::CurDir => {}
            std::path::Component::ParentDir => {
                at.pop();
            }
            other => {
                at.push(other);
                if inside(&at) {
                    return true;
                }
                match files.canonical(&at) {
                    Ok(real) => at = real,
                    Err(_) => return !roots.is_empty(),
                }
                if inside(&at) {
                    return true;
                }
            }
        }
    }
    false
}

/// The credentials of the settings, then those of the environment.
fn gather(
    declared: Vec<Candidate>,
    environment: &Environment,
    settings: &mut Settings,
    problems: &mut Problems,
) -> Vec<Candidate> {
    let mut candidates = declared;
    for found in discover::discover(environment) {
        match found {
            Found::Usable(candidate) => {
                if candidates.iter().any(|have| have.name.eq_ignore_ascii_case(&candidate.name)) {
                    settings.not_checked.push(candidate.not_checked("the settings declare a credential of this name"));
                } else {
                    candidates.push(*candidate);
                }
            }
            Found::Unusable(entry) => settings.not_checked.push(entry),
            Found::Broken(problem) => problems.settings.push(problem),
        }
    }
    candidates
}

/// A `checker` names an App's key for the same host: what it is asked about one host must not reach another.
fn check_checkers(found: &[Candidate], problems: &mut Problems) {
    let all = by_name(found);
    let apps = hosts_of_apps();
    for candidate in found {
        if candidate.app.checker.is_none() {
            continue;
        }
        let origin = candidate.origins.iter().find(|(what, _)| *what == "checker").map(|(_, origin)| origin);
        let Some(Origin::File { span: Some(span), .. }) = origin else { continue };
        let wrong = match checker_of(candidate, &all) {
            // Its name is not repeated: what stands there may be anything.
            None => "no credential has the name that this `checker` gives".to_owned(),
            Some(other) if other.issuer.is_none() => {
                format!("the credential `{}` is no App: a checker has an `app_id` and a `private_key`", other.name)
            }
            Some(other) if other.place != candidate.place => {
                format!("the credential `{}` belongs to another host", other.name)
            }
            Some(_) => continue,
        };
        problems
            .settings
            .push(Diagnostic::at(Code::BadSettings, *span, wrong).help(format!(
                "a `checker` is the credential of a {apps} App that may read the organisation's tokens"
            )));
    }
}

/// Keeps what the command line asks for.
fn choose(
    found: Vec<Candidate>,
    arguments: &Arguments,
    settings: &mut Settings,
    problems: &mut Problems,
) -> Vec<Candidate> {
    let named = |name: &str| arguments.credentials.iter().any(|pattern| glob::matches(pattern, name));
    for pattern in &arguments.credentials {
        let mut names: Vec<&str> = found.iter().map(|candidate| candidate.name.as_str()).collect();
        names.extend(settings.not_checked.iter().filter_map(|entry| entry.credential.as_deref()));
        if !names.iter().any(|name| glob::matches(pattern, name)) {
            let problem = Diagnostic::new(Code::CommandLine, format!("`--credential {pattern}` matches no credential"));
            problems.command_line.push(problem.help(match nearest::nearest(pattern, names.iter().copied()) {
                Some(near) => format!("did you mean `{near}`?"),
                None if names.is_empty() => "no credential was found in settings or environment".to_owned(),
                None => format!("there is {}", english::quoted_list(names, "and")),
            }));
        }
    }
    let own: Vec<(HostKind, String)> = found
        .iter()
        .filter(|candidate| !candidate.ambient && candidate.aside.is_none())
        .map(|candidate| (candidate.place.kind, candidate.name.clone()))
        .collect();
    let mut chosen = Vec::new();
    for candidate in found {
        let kind = candidate.place.kind;
        if !arguments.hosts.is_empty() && !arguments.hosts.contains(&kind) {
            continue;
        }
        if !arguments.credentials.is_empty() && !named(&candidate.name) {
            continue;
        }
        let ambient_beside = own.iter().find(|(own, _)| *own == kind).filter(|_| candidate.ambient);
        let is_password = withheld::is_password(&candidate);
        let reason = if let Some((_, own)) = ambient_beside.filter(|_| !named(&candidate.name)) {
            Some(format!("it is not checked beside `{own}`; `--credential {}` checks it", candidate.name))
        } else if let Some(does) = candidate.aside.filter(|_| !named(&candidate.name)) {
            Some(format!("{does}; `--credential {}` checks it", candidate.name))
        } else if is_password && !named(&candidate.name) {
            Some(format!("passwords are not checked unless named; `--credential {}` checks it", candidate.name))
        } else {
            None
        };
        match reason {
            Some(reason) => settings.not_checked.push(candidate.not_checked(reason)),
            None => chosen.push(candidate),
        }
    }
    chosen
}

fn notes(environment: &Environment, chosen: &[Candidate], settings: &mut Settings) {
    let candidates: Vec<&Candidate> = chosen.iter().filter(|candidate| discover::is_family(&candidate.name)).collect();
    for (variable, name) in discover::idle_allow_lists(environment, &candidates) {
        settings.notes.push(
            Diagnostic::new(Code::BadScope, format!("`{variable}` names no repository on the host of `{name}`"))
                .severity(Severity::Warning)
                .help("the bot will refuse to work on any repository there"),
        );
    }
    for (variable, name) in discover::unread_filters(environment, &candidates) {
        settings.notes.push(
            Diagnostic::new(
                Code::BadScope,
                format!("`{variable}` says more than globs can, so it is no scope of `{name}`"),
            )
            .severity(Severity::Warning)
            .help("name the repositories to check: `--repository OWNER/NAME`"),
        );
    }
    for candidate in candidates {
        for (left, used, does) in discover::left_tokens(environment, &candidate.name) {
            settings.notes.push(
                Diagnostic::new(
                    Code::CredentialUnused,
                    format!("`{left}` is not checked, because `{used}` is set, too"),
                )
                .help(does),
            );
        }
    }
}

#[cfg(test)]
#[path = "tests/mod.rs"]
mod tests;
