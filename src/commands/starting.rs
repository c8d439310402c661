//! `credcheck init`: a starting policy, for a bot and its hosts or from what credentials have today.

use super::cli::InitArguments;
use super::credentials::host_kinds;
use super::edge;
use super::failure::Failure;
use super::output::Sink;
use super::showing::{self, Collected};
use crate::diagnostic::{Code, Diagnostic};
use crate::evaluation::ExitCode;
use crate::language::BUILTIN;
use crate::report::starter::{self, Starter, Today};
use crate::settings::Environment;
use crate::text::english;
use crate::text::nearest::nearest;
use crate::vocabulary::HostKind;

/// Name and version, as reports say them.
const TOOL: &str = concat!("credcheck ", env!("CARGO_PKG_VERSION"));
/// The ready-made policy for bots that have none.
const GENERAL: &str = "general";

/// `credcheck init`.
pub(super) fn run(arguments: &InitArguments, environment: &Environment, sink: &mut Sink) -> Result<ExitCode, Failure> {
    if let Some(path) = arguments.output.output.as_ref().filter(|path| !arguments.force && edge::is_there(path)) {
        let problem = Diagnostic::new(Code::CannotWrite, format!("`{}` is there already", path.display()));
        let problem = problem.help("choose another name, or write over it with `--force`");
        // Not even what is wrong goes there.
        sink.leave_file();
        return Err(Failure::Failed(vec![problem]));
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

fn usage(message: String, help: String) -> Failure {
    Failure::Usage(vec![Diagnostic::new(Code::CommandLine, message).help(help)])
}

fn ready_made(arguments: &InitArguments) -> Result<Starter, Failure> {
    let given = &arguments.credentials;
    if given.trust_config || given.config.is_some() || !given.credential.is_empty() || !given.repository.is_empty() {
        return Err(usage(
            "no credential is read without `--from-live`".to_owned(),
            "add `--from-live`, or leave out `--credential`, `--repository`, `--config` and `--trust-config`"
                .to_owned(),
        ));
    }
    let bot = arguments.bot.as_deref().unwrap_or(GENERAL);
    let bot = bot.strip_prefix("builtin:").unwrap_or(bot);
    let Some(speaks_of) = starter::speaks_of(bot) else {
        let names = BUILTIN.iter().map(|(name, _)| *name);
        let all = || format!("there are {}", english::quoted_list(names.clone(), "and"));
        let near = nearest(bot, names.clone()).map(|near| format!("did you mean `{near}`?"));
        return Err(usage(
            format!("there is no ready-made policy for `{bot}`"),
            near.unwrap_or_else(|| format!("{}; without `--bot` a general policy is written", all())),
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
        .map(|one| Today { credential: &one.credential, facts: &one.collected.facts, learnt: one.learnt() })
        .collect();
    if !credentials.iter().any(|one| one.learnt) {
        let notes =
            vec!["no policy is written: nothing was learnt of any credential; `credcheck facts` says why".into()];
        return Ok((ExitCode::Undetermined, Starter { policy: String::new(), notes }));
    }
    let starter = starter::today(&credentials, now, TOOL, sink.redactor()).map_err(Failure::Failed)?;
    Ok((ExitCode::Success, starter))
}
