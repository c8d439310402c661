//! `credcheck init`: a starting policy, for a bot and its hosts or from what credentials have today.

use std::path::Path;

use super::cli::InitArguments;
use super::credentials::host_kinds;
use super::destination;
use super::edge;
use super::failure::Failure;
use super::offers::BUILTIN_PREFIX;
use super::output::{self, Sink};
use super::showing::{self, Collected};
use crate::diagnostic::{Code, Diagnostic};
use crate::evaluation::ExitCode;
use crate::language::BUILTIN;
use crate::report::starter::{self, Starter, Today};
use crate::settings::Environment;
use crate::text::english;
use crate::text::nearest::nearest;
use crate::vocabulary::{HOSTS, HostKind};

/// Name and version, as reports say them.
const TOOL: &str = concat!("credcheck ", env!("CARGO_PKG_VERSION"));
/// The ready-made policy for bots that have none.
const GENERAL: &str = "general";

/// `credcheck init`.
pub(super) fn run(arguments: &InitArguments, environment: &Environment, sink: &mut Sink) -> Result<ExitCode, Failure> {
    let settings = arguments.credentials.config.as_deref().filter(|_| !arguments.from_live);
    let written = [arguments.output.output.as_deref(), settings];
    if arguments.force && written.iter().all(Option::is_none) {
        return Err(usage("`--force` writes over nothing".to_owned(), "name a file: `--output FILE`".to_owned()));
    }
    if let Some(path) = written.into_iter().flatten().find(|path| !arguments.force && edge::is_there(path)) {
        let problem = Diagnostic::new(Code::CannotWrite, format!("`{}` is there already", path.display()));
        let problem = problem.help("choose another name, or write over it with `--force`");
        // Not even what is wrong goes there.
        sink.leave_file();
        return Err(Failure::Failed(vec![problem]));
    }
    if let Some(path) = settings {
        return write_settings(arguments, path, sink);
    }
    let (exit, starter) = if arguments.from_live {
        live(arguments, environment, sink)?
    } else {
        (ExitCode::Success, ready_made(arguments)?)
    };
    sink.start(TOOL, exit, &starter)?;
    sink.close()?;
    if sink.is_for_people() {
        if let Some(path) = arguments.output.output.as_ref().filter(|_| !starter.policy.is_empty()) {
            sink.note(&format!("wrote {}", path.display()));
        }
        for note in &starter.notes {
            sink.note(note);
        }
    }
    Ok(exit)
}

/// Writes a settings file whose every line is a comment.
fn write_settings(arguments: &InitArguments, path: &Path, sink: &Sink) -> Result<ExitCode, Failure> {
    let given = &arguments.credentials;
    if path.as_os_str() == edge::STANDARD_INPUT {
        return Err(usage(
            "`--config -` names no file to write".to_owned(),
            "name one: `--config settings.toml`".to_owned(),
        ));
    }
    if arguments.bot.is_some() || arguments.output.output.is_some() {
        return Err(usage(
            "`--config FILE` writes a settings file, and no policy beside it".to_owned(),
            "leave out `--bot` and `--output`; or read the settings: `--from-live`".to_owned(),
        ));
    }
    only_with_live(given.trust_config || !given.credential.is_empty() || !given.repository.is_empty())?;
    let mut hosts = host_kinds(&given.host)?;
    if hosts.is_empty() {
        hosts = HOSTS.iter().map(|host| host.kind).collect();
    }
    hosts.sort_unstable();
    hosts.dedup();
    let text = starter::settings(&hosts, TOOL);
    destination::write_private_file(path, |file| file.write_all(text.as_bytes()))
        .map_err(|error| output::cannot_write(&format!("`{}`", path.display()), &error))?;
    sink.note(&format!("wrote {}: take away the `#` before what you need", path.display()));
    Ok(ExitCode::Success)
}

/// What only makes sense for credentials that are read.
fn only_with_live(given: bool) -> Result<(), Failure> {
    if !given {
        return Ok(());
    }
    Err(usage(
        "no credential is read without `--from-live`".to_owned(),
        "add `--from-live`, or leave out `--credential`, `--repository` and `--trust-config`".to_owned(),
    ))
}

fn usage(message: String, help: String) -> Failure {
    Failure::Usage(vec![Diagnostic::new(Code::CommandLine, message).help(help)])
}

fn ready_made(arguments: &InitArguments) -> Result<Starter, Failure> {
    let given = &arguments.credentials;
    only_with_live(given.trust_config || !given.credential.is_empty() || !given.repository.is_empty())?;
    let bot = arguments.bot.as_deref().unwrap_or(GENERAL);
    let bot = bot.strip_prefix(BUILTIN_PREFIX).unwrap_or(bot);
    let Some(speaks_of) = starter::speaks_of(bot) else {
        let names = BUILTIN.iter().map(|(name, _)| *name);
        let near = nearest(bot, names.clone()).map_or(String::new(), |near| format!("did you mean `{near}`? "));
        let all = english::quoted_list(names, "and");
        return Err(usage(
            format!("there is no ready-made policy for `{bot}`"),
            format!("{near}there are {all}; without `--bot` a general policy is written"),
        ));
    };
    let mut hosts: Vec<HostKind> = host_kinds(&given.host)?;
    hosts.sort_unstable();
    hosts.dedup();
    if let Some(host) = hosts.iter().find(|host| !speaks_of.contains(host)) {
        let words = english::quoted_list(speaks_of.iter().map(|host| host.word()), "and");
        return Err(usage(
            format!("the ready-made policy for `{bot}` says nothing of `{}`", host.word()),
            format!("it speaks of {words}; without `--bot` a general policy is written"),
        ));
    }
    let hosts = if hosts.is_empty() { speaks_of } else { hosts };
    starter::ready_made(bot, &hosts, TOOL).map_err(Failure::Failed)
}

fn live(arguments: &InitArguments, environment: &Environment, sink: &mut Sink) -> Result<(ExitCode, Starter), Failure> {
    let now = edge::now();
    let Collected { checked, interrupted } =
        showing::reveal(&arguments.credentials, &arguments.network, now, false, environment, sink)?;
    // A policy of some of the credentials would say less than it seems to.
    if let Some((line, exit)) = interrupted {
        return Ok((exit, Starter { policy: String::new(), notes: vec![format!("no policy is written: {line}")] }));
    }
    let credentials: Vec<Today<'_>> = checked
        .iter()
        .map(|one| Today {
            credential: &one.credential,
            facts: &one.collected.facts,
            learnt: one.collected.facts.is_told(),
        })
        .collect();
    if !credentials.iter().any(|one| one.learnt) {
        let why = if credentials.is_empty() {
            "no policy is written: without `--from-live` a ready-made one is, for the hosts that `--host` names"
        } else {
            "no policy is written: nothing was learnt of any credential; `credcheck facts` says why"
        };
        let notes = vec![why.into()];
        return Ok((ExitCode::Undetermined, Starter { policy: String::new(), notes }));
    }
    let starter = starter::today(&credentials, now, TOOL, sink.redactor()).map_err(Failure::Failed)?;
    Ok((ExitCode::Success, starter))
}
