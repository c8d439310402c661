//! The commands that print secrets: which there are, in which order, and what each printed. Each is run once a run.

use std::collections::{HashMap, HashSet};

use zeroize::Zeroizing;

use super::candidate::{Candidate, SecretSource, by_name, checker_of};
use super::withheld::nobodys_password;
use super::{Call, CommandError, Files, Program, Ran, git_credential, plain};
use crate::text::secret::Secret;

/// What a command printed, or why it printed no secret.
type Printed = Result<Zeroizing<Vec<u8>>, CommandError>;

/// What the commands of a run printed.
#[derive(Default)]
pub(super) struct Calls {
    printed: HashMap<Program, Printed>,
    /// What was run, in its order.
    pub(super) ran: Vec<Ran>,
    /// Secrets that came along.
    pub(super) aside: Vec<Secret>,
}

/// A call, and whom it is for.
struct Planned<'a> {
    call: Call,
    credentials: Vec<&'a Candidate>,
}

impl Calls {
    /// Runs what prints the secrets of these candidates and of their checkers.
    pub(super) fn run(chosen: &[Candidate], apps: &[Candidate], files: &dyn Files) -> Self {
        let planned = planned(chosen, apps);
        let mut all = Self::default();
        if planned.is_empty() {
            return all;
        }
        let calls: Vec<Call> = planned.iter().map(|planned| planned.call.clone()).collect();
        for (Planned { call, credentials }, printed) in planned.into_iter().zip(files.run(&calls)) {
            let of_git = credentials.iter().any(|one| one.source == SecretSource::GitCredential);
            if let Some(answer) = printed.as_ref().ok().filter(|_| of_git) {
                all.aside.extend(git_credential::secrets(answer));
            }
            let written = credentials.first().and_then(|one| written(&one.source));
            all.ran.push(Ran {
                program: written.filter(|name| is_harmless(name, &printed)).map(str::to_owned),
                credentials: credentials.into_iter().map(|one| one.name.clone()).collect(),
            });
            all.printed.insert(call.program, printed);
        }
        all
    }

    /// What a program of this run printed.
    pub(super) fn of(&self, program: &Program) -> Printed {
        let other = || Err(CommandError::Other("it was not run".to_owned()));
        self.printed.get(program).cloned().unwrap_or_else(other)
    }
}

/// The calls of candidates and their checkers, each once, in the order of the candidates. What two give different times
/// has the longer one.
fn planned<'a>(chosen: &'a [Candidate], apps: &'a [Candidate]) -> Vec<Planned<'a>> {
    let mut all: Vec<Planned<'a>> = Vec::new();
    let mut positions: HashMap<Program, usize> = HashMap::new();
    let mut seen = HashSet::new();
    let apps = by_name(apps);
    for candidate in chosen.iter().flat_map(|one| [Some(one), checker_of(one, &apps)]).flatten() {
        let Some(call) = call(candidate).filter(|_| seen.insert(candidate.name.as_str())) else { continue };
        match positions.get(&call.program).and_then(|at| all.get_mut(*at)) {
            Some(have) => {
                have.call.timeout = have.call.timeout.max(call.timeout);
                have.credentials.push(candidate);
            }
            None => {
                positions.insert(call.program.clone(), all.len());
                all.push(Planned { call, credentials: vec![candidate] });
            }
        }
    }
    all
}

/// The call that prints a candidate's secret.
fn call(candidate: &Candidate) -> Option<Call> {
    match &candidate.source {
        _ if nobodys_password(candidate) => None,
        SecretSource::Command { call, .. } => Some(call.clone()),
        SecretSource::GitCredential => Some(git_credential::call(&candidate.place, candidate.username.as_deref())),
        _ => None,
    }
}

/// A program as people wrote it.
fn written(source: &SecretSource) -> Option<&str> {
    match source {
        SecretSource::Command { written, .. } => Some(written),
        SecretSource::GitCredential => Some("git"),
        _ => None,
    }
}

/// Whether a program's name may be shown: there is one of that name, or it looks like a program's.
pub(super) fn is_harmless(written: &str, printed: &Printed) -> bool {
    !matches!(printed, Err(CommandError::NotFound | CommandError::Other(_))) || plain::program(written)
}
