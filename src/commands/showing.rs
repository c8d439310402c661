//! `credcheck facts` and `credcheck plan`: what credentials reveal, and what a check would ask.

use std::sync::Arc;

use jiff::Timestamp;

use super::checking;
use super::cli::{CredentialArguments, FactsArguments, NetworkArguments, PlanArguments};
use super::credentials;
use super::edge;
use super::failure::Failure;
use super::output::{self, Sink};
use super::policy;
use super::progress::Progress;
use super::recording::Recorded;
use super::running;
use super::samples;
use crate::checker::{Allowed, Checked, Run, Terms, ready};
use crate::evaluation::{self, Evaluator, ExitCode, exit_code};
use crate::facts::{ExchangeSummary, FactSet, RequestLabel};
use crate::hosts::{self, Brief, Cost};
use crate::language::lint::expired_waiver;
use crate::plan::{self, Judge};
use crate::report::plan::{self as planned, CredentialPlan, Row, plan_of_kinds};
use crate::settings::{Environment, Ran};
use crate::text::english;
use crate::vocabulary::{self, Method};

/// What to do where there is no credential.
const NO_CREDENTIAL: &str = "no credential was found: settings give one (`--config FILE`), or the variables that a bot reads; \
                             docs/trust.md lists them";

/// `credcheck facts`.
pub(super) fn facts(
    arguments: &FactsArguments,
    environment: &Environment,
    sink: &mut Sink,
) -> Result<ExitCode, Failure> {
    if let Some(path) = &arguments.replay {
        let record = output::read_record(path)?;
        let run = Run::replay(Terms::everything(record.at), record.credentials);
        let collected = collected(run, sink.progress(&arguments.network))?;
        return show(sink, &collected);
    }
    let now = edge::now();
    let collected =
        reveal(&arguments.credentials, &arguments.network, now, arguments.record.is_some(), environment, sink)?;
    let exit = show(sink, &collected)?;
    let mut recording = Recorded::begin(sink, arguments.record.as_deref(), now);
    collected.checked.iter().for_each(|one| recording.add(one, &one.exchanges()));
    Ok(recording.end(sink, exit))
}

/// Asks for everything that credentials reveal.
///
/// # Errors
/// As settling and collecting fail.
pub(super) fn reveal(
    credentials: &CredentialArguments,
    network: &NetworkArguments,
    now: Timestamp,
    records: bool,
    environment: &Environment,
    sink: &mut Sink,
) -> Result<Collected, Failure> {
    let settings = credentials::settle(credentials, None, &[], environment, sink)?;
    sink.spares(None)?;
    sink.advise(&settings.notes);
    let ready = ready(&settings, environment, Allowed { mints: credentials.mint, probes: false }, sink.redactor());
    sink.origins(&settings);
    for one in &settings.not_checked {
        let name = one.credential.as_deref().unwrap_or_default();
        sink.note(&format!("not asked: {} `{name}`: {}", one.host, one.reason));
    }
    if ready.is_empty() {
        sink.note(NO_CREDENTIAL);
        sink.note("`credcheck vocab HOST` shows what each kind of credential reveals, and which request tells it");
    }
    let progress = sink.progress(network);
    let network = running::network(network, sink, &progress)?;
    collected(Run::live(Terms { records, ..Terms::everything(now) }, ready, Vec::new(), network), progress)
}

/// What credentials reveal.
pub(super) struct Collected {
    /// The credentials, with all that was collected.
    pub(super) checked: Vec<Checked>,
    /// Set where a signal came before all were asked: what to say of that, and how it ends.
    pub(super) interrupted: Option<(String, ExitCode)>,
}

fn collected(run: Run, progress: Progress) -> Result<Collected, Failure> {
    let mut checked = Vec::new();
    let tail = running::drive(run, progress, |one| {
        checked.push(one);
        Ok(())
    })?;
    let interrupted = tail.interrupted.map(|early| {
        let of = english::count(early.of, "credential", "credentials");
        (format!("interrupted: {} of {of} asked", early.judged), tail.exit)
    });
    Ok(Collected { checked, interrupted })
}

/// Shows facts; a run that learnt nothing is not a success.
fn show(sink: &Sink, collected: &Collected) -> Result<ExitCode, Failure> {
    let checked = &collected.checked;
    let exchanges: Vec<Vec<ExchangeSummary>> = checked.iter().map(Checked::exchanges).collect();
    sink.facts(checked.iter().zip(&exchanges).map(|(one, exchanges)| output::revealed(one, exchanges)))?;
    if let Some((line, exit)) = &collected.interrupted {
        sink.note(line);
        return Ok(*exit);
    }
    Ok(exit_code(evaluation::Run {
        decided: checked.iter().any(|one| one.collected.facts.is_told()),
        ..evaluation::Run::default()
    }))
}

/// `credcheck plan`.
pub(super) fn plan(arguments: &PlanArguments, environment: &Environment, sink: &mut Sink) -> Result<ExitCode, Failure> {
    let now = edge::now();
    checking::command_line(&arguments.credentials, None)?;
    let loaded = policy::load(&arguments.policies, &arguments.policy, sink.sources())?;
    sink.advise(&loaded.warnings);
    let settings = credentials::settle(&arguments.credentials, None, &loaded.trees, environment, sink)?;
    sink.advise(&settings.notes);
    let inputs = policy::inputs(&loaded.checked, &arguments.policy, &settings.inputs)?;
    let allowed = Allowed { mints: arguments.credentials.mint, probes: arguments.probe };
    let ready = ready(&settings, environment, allowed, sink.redactor());
    let evaluator = Evaluator::new(&loaded.checked, &inputs, now, true);
    sink.advise(&loaded.checked.waivers.iter().filter_map(|waiver| expired_waiver(waiver, now)).collect::<Vec<_>>());
    if ready.is_empty() {
        sink.note(NO_CREDENTIAL);
    }
    if ready.is_empty() && !sink.is_for_programs() {
        sink.page(&plan_of_kinds(&samples::plans(&evaluator, now)), &())?;
        return Ok(ExitCode::Success);
    }
    let judge = Judge::ExpectsGuards(&evaluator);
    let plans: Vec<CredentialPlan> = ready
        .iter()
        .map(|one| {
            let credential = &one.credential;
            let mut notes = Vec::new();
            let nothing = Arc::new(FactSet::new(credential.host));
            let mut requests = Vec::new();
            let mut minting: Vec<(String, &'static str)> = Vec::new();
            if one.account.is_ok() {
                let scripts = hosts::scripts(credential.host);
                let left_out = plan::scope(&loaded.checked, credential, &nothing, &judge).left_out();
                notes.extend(left_out.map(|unknown| unknown.reason));
                for planned in plan::at_most(&loaded.checked, credential, &judge, now) {
                    if planned.row.listing.is_some() {
                        notes.push("repositories that globs select are asked about too".to_owned());
                    }
                    let brief = Brief {
                        row: planned.row,
                        targets: planned.targets().cloned().collect(),
                        credential,
                        so_far: Arc::clone(&nothing),
                        facts: planned.facts.as_slice().into(),
                        wanted: planned.wanted.clone(),
                    };
                    let request = hosts::first(scripts, brief.clone());
                    let mut around = Vec::new();
                    if let (Some(minted), Some(mint)) = (plan::minted_for(&planned, credential), scripts.mint()) {
                        let owner = planned.target.owner().unwrap_or_default().to_owned();
                        if !minting.contains(&(owner.clone(), planned.row.name)) {
                            minting.push((owner.clone(), planned.row.name));
                            around = mint.planned(credential, minted.then_some(owner.as_str()));
                        }
                    }
                    let host = vocabulary::host(credential.host);
                    let mut asked_by: Vec<String> = planned
                        .asked_by
                        .iter()
                        .filter_map(|id| loaded.checked.rule(loaded.checked.statement(*id)?.rule))
                        .map(|rule| rule.name.clone())
                        .collect();
                    asked_by.sort_unstable();
                    asked_by.dedup();
                    let about: Vec<String> = match planned.row.batch {
                        Some(_) => brief.targets.iter().map(ToString::to_string).collect(),
                        None => Vec::new(),
                    };
                    let row = |label: &RequestLabel, cost: Cost, facts: Vec<&'static str>, about: Vec<String>| Row {
                        method: label.method,
                        url: label.url.clone(),
                        probe: matches!(planned.row.method, Method::Probe { .. }),
                        about,
                        usual: cost.usual,
                        most: cost.most,
                        facts,
                        asked_by: asked_by.clone(),
                    };
                    let revocation = around.pop();
                    requests.extend(around.iter().map(|label| row(label, Cost::ONE, Vec::new(), Vec::new())));
                    let facts = planned.facts.iter().map(|index| host.row(*index).path).collect();
                    requests.push(row(&request.label, scripts.cost(&brief.question()), facts, about));
                    requests.extend(revocation.iter().map(|label| row(label, Cost::ONE, Vec::new(), Vec::new())));
                }
            } else {
                notes.push("nothing is sent with this credential".to_owned());
            }
            CredentialPlan {
                credential: credential.name.clone(),
                host: credential.host.word(),
                url: credential.url.clone(),
                requests,
                notes,
            }
        })
        .collect();
    let of_run = |ran: Ran| planned::Run { program: ran.program, credentials: ran.credentials };
    let commands: Vec<planned::Run> = settings.commands.into_iter().map(of_run).collect();
    sink.plans(&commands, &plans)?;
    Ok(ExitCode::Success)
}
