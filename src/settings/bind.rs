//! Binding: which credential a repository's name is for.
//!
//! A name that could be meant for several hosts is refused, never guessed.

use std::collections::{HashMap, HashSet};

use super::Settings;
use super::candidate::Candidate;
use super::file::DefaultScope;
use super::problems::Problems;
use super::scope;
use crate::diagnostic::{Code, Diagnostic, Severity};
use crate::facts::{Origin, ScopeEntry};
use crate::text::source::Span;
use crate::text::{english, nearest};
use crate::vocabulary::{self, HostKind};

/// The settings' default scope goes to credentials whose scope nobody named.
pub(super) fn default_scope(
    default: &DefaultScope,
    chosen: &mut [Candidate],
    settings: &mut Settings,
    problems: &mut Problems,
) {
    if default.names.is_empty() {
        return;
    }
    let open: Vec<usize> =
        (0..chosen.len()).filter(|at| chosen.get(*at).is_some_and(|candidate| candidate.scope.is_empty())).collect();
    let mut bound: Vec<(usize, String, Span)> = Vec::new();
    for (text, span) in &default.names {
        match bind(text, &open, chosen) {
            Ok(Binding { to, name }) => bound.extend(to.into_iter().map(|at| (at, name.clone(), *span))),
            // Credentials with a scope of their own need no default.
            Err(Unbound::Nobody) => {
                let all: Vec<usize> = (0..chosen.len()).collect();
                if matches!(bind(text, &all, chosen), Err(Unbound::Nobody)) {
                    settings.notes.push(
                        Diagnostic::at(
                            Code::BadScope,
                            *span,
                            "no credential of this run goes to the host of this repository",
                        )
                        .severity(Severity::Warning),
                    );
                }
            }
            Err(Unbound::Ambiguous(choices)) => {
                problems.settings.push(
                    Diagnostic::at(Code::BadScope, *span, format!("`{text}` could be on several hosts")).help(format!(
                        "name the host, {}, or move it to its `[[credential]]`",
                        hosts_of(&choices, chosen)
                    )),
                );
            }
        }
    }
    for (at, name, span) in bound {
        if let Some(candidate) = chosen.get_mut(at) {
            let origin = Origin::File { file: default.file.clone(), span: Some(span) };
            candidate.scope.push(ScopeEntry::new(candidate.place.kind, &name, origin));
        }
    }
}

/// `--repository` replaces the scope of the credentials that it is about.
pub(super) fn repositories(texts: &[String], chosen: &mut [Candidate], problems: &mut Problems) {
    let mut bound: HashMap<usize, Vec<String>> = HashMap::new();
    for text in texts {
        match parse_and_bind(text, chosen) {
            Ok(Binding { to, name }) => {
                for at in to {
                    bound.entry(at).or_default().push(name.clone());
                }
            }
            Err(problem) => problems.command_line.push(*problem),
        }
    }
    for (at, names) in bound {
        let Some(candidate) = chosen.get_mut(at) else { continue };
        candidate.excluded.clear();
        candidate.scope.clear();
        let mut seen = HashSet::new();
        for name in names.iter().filter(|name| seen.insert(name.as_str())) {
            candidate.scope.push(ScopeEntry::new(candidate.place.kind, name, Origin::REPOSITORY_OPTION));
        }
    }
}

fn parse_and_bind(text: &str, chosen: &[Candidate]) -> Result<Binding, Box<Diagnostic>> {
    let wrong = |message: String, help: String| Box::new(Diagnostic::new(Code::CommandLine, message).help(help));
    let all: Vec<usize> = (0..chosen.len()).collect();
    let unreadable = |error| {
        let help = "write `--repository [CREDENTIAL=][HOST/]OWNER/NAME`";
        // A whole address may hold a password.
        let shown = if text.contains(['@', '?', ':']) { "…" } else { text };
        wrong(format!("`--repository {shown}` cannot be read: {error}"), help.to_owned())
    };
    let (among, rest) = match text.split_once('=') {
        None => (all.clone(), text),
        Some((name, rest)) => {
            let is_named =
                |at: &usize| chosen.get(*at).is_some_and(|candidate| candidate.name.eq_ignore_ascii_case(name));
            let matching: Vec<usize> = all.iter().copied().filter(is_named).collect();
            if matching.is_empty() {
                let names: Vec<&str> = chosen.iter().map(|candidate| candidate.name.as_str()).collect();
                let help = match nearest::nearest(name, names.iter().copied()) {
                    Some(near) => format!("did you mean `{near}`?"),
                    None if names.is_empty() => "no credential is checked in this run".to_owned(),
                    None => format!("one of {}", english::quoted_list(names, "or")),
                };
                return Err(wrong(format!("`--repository {text}` names no credential of this run"), help));
            }
            (matching, rest)
        }
    };
    scope::check_with_host(rest).map_err(unreadable)?;
    match bind(rest, &among, chosen) {
        Ok(binding) => {
            let kind = binding.to.first().and_then(|at| chosen.get(*at)).map(|candidate| candidate.place.kind);
            kind.map_or(Ok(()), |kind| scope::check(&binding.name, &vocabulary::host(kind).names))
                .map_err(unreadable)?;
            Ok(binding)
        }
        Err(Unbound::Nobody) if chosen.is_empty() => Err(wrong(
            format!("`--repository {text}` is for no credential"),
            "no credential is checked in this run".to_owned(),
        )),
        Err(Unbound::Nobody) => Err(wrong(
            format!("`--repository {text}` is on the host of no credential of this run"),
            format!("credentials go to {}", hosts_of(&all, chosen)),
        )),
        Err(Unbound::Ambiguous(choices)) => {
            let choices = choices
                .iter()
                .filter_map(|at| chosen.get(*at))
                .map(|candidate| format!("--repository {}={rest}", candidate.name));
            Err(wrong(
                format!("`--repository {text}` could be on several hosts"),
                format!("say which: {}", english::quoted_list(choices, "or")),
            ))
        }
    }
}

/// The credentials that a repository's name is for, and the name without its host.
struct Binding {
    to: Vec<usize>,
    name: String,
}

enum Unbound {
    /// No credential goes there.
    Nobody,
    /// Credentials of several hosts could be meant.
    Ambiguous(Vec<usize>),
}

/// Binds `[HOST/]OWNER/NAME` to the credentials among `among` that go to one host.
fn bind(text: &str, among: &[usize], chosen: &[Candidate]) -> Result<Binding, Unbound> {
    let candidates = || among.iter().copied().filter_map(|at| Some((at, chosen.get(at)?)));
    if let Some((first, rest)) = text.split_once('/') {
        let goes_there = |candidate: &Candidate| {
            candidate.place.authority.eq_ignore_ascii_case(first)
                && vocabulary::host(candidate.place.kind).names.is_whole(rest)
        };
        let to: Vec<usize> = candidates().filter(|(_, candidate)| goes_there(candidate)).map(|(at, _)| at).collect();
        if !to.is_empty() {
            return one_host(to, rest, chosen);
        }
    }
    // A name of three parts is a host's that nobody goes to, or a project's in a nested group.
    let fits = |candidate: &Candidate| vocabulary::host(candidate.place.kind).names.has_room_for(text);
    let to: Vec<usize> = candidates().filter(|(_, candidate)| fits(candidate)).map(|(at, _)| at).collect();
    one_host(to, text, chosen)
}

fn one_host(to: Vec<usize>, name: &str, chosen: &[Candidate]) -> Result<Binding, Unbound> {
    let mut places: Vec<(HostKind, &str)> = to
        .iter()
        .filter_map(|at| chosen.get(*at))
        .map(|candidate| (candidate.place.kind, candidate.place.url.as_str()))
        .collect();
    places.sort_unstable();
    places.dedup();
    match places.len() {
        0 => Err(Unbound::Nobody),
        1 => Ok(Binding { to, name: name.to_owned() }),
        _ => Err(Unbound::Ambiguous(to)),
    }
}

fn hosts_of(choices: &[usize], chosen: &[Candidate]) -> String {
    let mut hosts: Vec<String> =
        choices.iter().filter_map(|at| chosen.get(*at)).map(|candidate| candidate.place.authority.clone()).collect();
    hosts.sort_unstable();
    hosts.dedup();
    english::quoted_list(hosts, "or")
}
