//! `credcheck POLICY...`: policy and credentials in, verdicts out.

use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use jiff::Timestamp;

use super::cli::{CheckArguments, CredentialArguments, NetworkArguments};
use super::credentials;
use super::edge;
use super::failure::Failure;
use super::output::{self, Sink};
use super::policy;
use super::running;
use crate::checker::{Allowed, Checked, Reads, Recorder, Rules, Run, Tail, Terms, ready};
use crate::evaluation::{self, Blame, Evaluator, ExitCode, Outcome};
use crate::facts::{Exchange, FactSet, NotChecked};
use crate::report::{Explain, Report, Section};
use crate::settings::Environment;

/// Everything that was judged, owned: what a report borrows from.
pub(super) struct Verdicts {
    pub(super) sections: Vec<(Checked, Vec<Exchange>)>,
    pub(super) tail: Tail,
}

/// Runs the command.
pub(super) fn run(arguments: &CheckArguments, environment: &Environment, sink: &mut Sink) -> Result<ExitCode, Failure> {
    let started = Instant::now();
    let now = edge::now();
    let required = credentials::host_kinds(&arguments.require_host)?;
    command_line(&arguments.credentials, Some(&arguments.network))?;
    let mut loaded = policy::load(&arguments.policies, &arguments.policy, sink.sources())?;
    sink.advise(&std::mem::take(&mut loaded.warnings));
    let rules = Rules {
        strict: arguments.strict,
        no_waivers: arguments.no_waivers,
        required,
        filtered: !arguments.credentials.credential.is_empty()
            || !arguments.credentials.host.is_empty()
            || !arguments.credentials.repository.is_empty(),
        chosen: arguments.credentials.credential.iter().any(|pattern| pattern != "*"),
    };
    let (policy, reads) = (Arc::new(loaded.checked), Reads::Needed);
    if let Some(path) = &arguments.replay {
        let record = output::read_record(path)?;
        let inputs = Arc::new(policy::inputs(&policy, &arguments.policy, &[])?);
        let run = Run::replay(Terms { policy, inputs, now: record.at, rules, reads }, record.credentials);
        let name = path.display().to_string();
        return report(run, sink, Some((&name, record.at)), None, started);
    }
    let settings = credentials::settle(&arguments.credentials, &loaded.trees, environment, sink.sources())?;
    sink.advise(&settings.notes);
    let inputs = Arc::new(policy::inputs(&policy, &arguments.policy, &settings.inputs)?);
    let not_checked: Vec<NotChecked> =
        settings.not_checked.iter().filter(|one| crate::vocabulary::host_kind(&one.host).is_some()).cloned().collect();
    let allowed = Allowed { mints: arguments.credentials.mint, probes: arguments.probe };
    let ready = ready(&settings, environment, allowed, sink.redactor());
    sink.origins(&settings);
    let network = running::network(&arguments.network, sink)?;
    let run = Run::live(Terms { policy, inputs, now, rules, reads }, ready, not_checked, network);
    report(run, sink, None, arguments.record.as_deref(), started)
}

/// What is wrong with the command line alone, before any file is read: it comes first among the exit codes.
///
/// # Errors
/// [`Failure::Usage`].
pub(super) fn command_line(
    credentials: &CredentialArguments,
    network: Option<&NetworkArguments>,
) -> Result<(), Failure> {
    credentials::host_kinds(&credentials.host)?;
    network.map_or(Ok(()), |network| running::options(network).map(drop))
}

/// Runs, and writes the report and the record.
///
/// # Errors
/// As running and writing fail.
pub(super) fn report(
    run: Run,
    sink: &mut Sink,
    replayed_from: Option<(&str, Timestamp)>,
    record: Option<&Path>,
    started: Instant,
) -> Result<ExitCode, Failure> {
    let terms = Arc::clone(run.terms());
    let mut sections: Vec<(Checked, Vec<Exchange>)> = Vec::new();
    let mut recorder = record.map(|path| (path, Recorder::default()));
    let tail = running::drive(run, sink, |_, checked| {
        if let Some((_, recorder)) = &mut recorder {
            recorder.add(&checked);
        }
        let exchanges = checked.exchanges();
        sections.push((checked, exchanges));
        Ok(())
    })?;
    let verdicts = Verdicts { sections, tail };
    if let Some((path, recorder)) = recorder {
        sink.record(path, &recorder.end(terms.now, output::facts_json(&verdicts.sections)))?;
    }
    present(sink, &terms, &verdicts, replayed_from, Some(started.elapsed()))
}

struct Explainer<'a> {
    evaluator: &'a Evaluator<'a>,
    facts: Vec<&'a FactSet>,
}

impl Explain for Explainer<'_> {
    fn blame(&self, section: usize, outcome: &Outcome) -> Vec<Blame<'_>> {
        self.facts.get(section).map(|facts| evaluation::explain(self.evaluator, facts, outcome)).unwrap_or_default()
    }
}

/// Writes the report.
fn present(
    sink: &Sink,
    terms: &Terms,
    verdicts: &Verdicts,
    replayed_from: Option<(&str, Timestamp)>,
    elapsed: Option<Duration>,
) -> Result<ExitCode, Failure> {
    let evaluator = terms.evaluator();
    let facts = verdicts.sections.iter().map(|(one, _)| &one.collected.facts).collect();
    let explain = Explainer { evaluator: &evaluator, facts };
    let sections: Vec<Section<'_>> = verdicts
        .sections
        .iter()
        .map(|(one, exchanges)| Section {
            credential: &one.credential,
            facts: &one.collected.facts,
            judged: &one.judged,
            exchanges,
        })
        .collect();
    let tail = &verdicts.tail;
    let report = Report {
        tool: concat!("credcheck ", env!("CARGO_PKG_VERSION")),
        at: if replayed_from.is_some() { edge::now() } else { terms.now },
        replayed_from,
        policy: &terms.policy,
        sources: sink.texts(),
        inputs: &terms.inputs,
        sections: &sections,
        not_checked: &tail.not_checked,
        notes: &tail.notes,
        totals: tail.totals,
        exit: tail.exit,
        strict: terms.rules.strict,
        elapsed,
        explain: &explain,
    };
    sink.report(&report)?;
    Ok(tail.exit)
}
