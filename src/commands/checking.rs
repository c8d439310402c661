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
use super::progress::Progress;
use super::recording::Recorded;
use super::running;
use super::sharding;
use crate::checker::{Allowed, Checked, Derives, Reads, Rules, Run, Terms, ready};
use crate::diagnostic::{Code, Diagnostic};
use crate::evaluation::{Baseline, Dealt, ExitCode};
use crate::facts::Shard;
use crate::facts::record::Record;
use crate::language::CheckedPolicy;
use crate::report::{Head, Interrupted, Section, Tail};
use crate::settings::Environment;
use crate::text::source::SourceMap;

/// Runs the command.
pub(super) fn run(arguments: &CheckArguments, environment: &Environment, sink: &mut Sink) -> Result<ExitCode, Failure> {
    let started = Instant::now();
    let now = edge::now();
    let shard = arguments.shard.as_deref().map(|text| sharding::shard(text, environment)).transpose()?;
    let required = credentials::host_kinds(&arguments.verdicts.require_host)?;
    command_line(&arguments.credentials, Some(&arguments.network))?;
    let mut loaded = policy::load(&arguments.policies, &arguments.policy, sink.sources())?;
    sink.advise(&std::mem::take(&mut loaded.warnings));
    sink.can_place(&loaded.checked)?;
    let mut rules = Rules {
        shard: None,
        strict: arguments.verdicts.strict,
        no_waivers: arguments.verdicts.no_waivers,
        required,
        filtered: !arguments.credentials.credential.is_empty()
            || !arguments.credentials.host.is_empty()
            || !arguments.credentials.repository.is_empty(),
        chosen: arguments.credentials.credential.iter().any(|pattern| pattern != "*"),
    };
    let (policy, reads) = (Arc::new(loaded.checked), Reads::Needed);
    // A record shows every fact, for whoever looks at it later.
    let derives = if arguments.record.is_some() { Derives::Everything } else { Derives::Read };
    let baseline = arguments.verdicts.baseline.as_deref();
    let baseline = baseline.map(|path| self::baseline(path, &policy, sink.texts())).transpose()?.map(Arc::new);
    if let Some(path) = &arguments.replay {
        let record = output::read_record(path)?;
        let inputs = Arc::new(policy::inputs(&policy, &arguments.policy, &[])?);
        let run = Run::replay(
            Terms { policy, inputs, now: record.at, rules, reads, derives, records: false, baseline },
            record.credentials,
        );
        let name = path.display().to_string();
        let progress = sink.progress(&arguments.network);
        return report(run, sink, progress, Some((&name, record.at)), None, started);
    }
    let settings = credentials::settle(&arguments.credentials, shard, &loaded.trees, environment, sink)?;
    sink.advise(&settings.notes);
    rules.shard = shard.map(|Shard { number, of }| {
        let (here, credentials_total) = (settings.credentials.len(), settings.credentials_total);
        sink.note(&format!("shard {number} of {of}: {here} of {credentials_total} credentials"));
        Dealt { number, of, credentials_total }
    });
    let inputs = Arc::new(policy::inputs(&policy, &arguments.policy, &settings.inputs)?);
    let allowed = Allowed { mints: arguments.credentials.mint, probes: arguments.verdicts.probe };
    let ready = ready(&settings, environment, allowed, sink.redactor());
    sink.origins(&settings);
    sink.can_write(arguments.record.as_deref())?;
    let progress = sink.progress(&arguments.network);
    let network = running::network(&arguments.network, sink, &progress)?;
    let run = Run::live(
        Terms { policy, inputs, now, rules, reads, derives, records: arguments.record.is_some(), baseline },
        ready,
        settings.not_checked,
        network,
    );
    report(run, sink, progress, None, arguments.record.as_deref(), started)
}

/// Reads a baseline.
///
/// # Errors
/// [`Failure::Invalid`] where it is none.
fn baseline(path: &Path, policy: &CheckedPolicy, sources: &SourceMap) -> Result<Baseline, Failure> {
    let bad = |reason: String| {
        let problem = Diagnostic::new(Code::BadRecord, format!("`{}` cannot be a baseline: {reason}", path.display()));
        Failure::Invalid(vec![problem.help("make one with `--format json --output FILE`")])
    };
    let bytes = edge::read_named(path, Record::MAX_BYTES).map_err(bad)?;
    Baseline::read(&bytes, policy, sources).map_err(|error| bad(error.to_string()))
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

/// Runs, and writes the report and the record as credentials are judged: each is let go when it is told.
///
/// # Errors
/// As running and writing the report fail. A record that cannot be written takes nothing from the report.
pub(super) fn report(
    run: Run,
    sink: &Sink,
    progress: Progress,
    replayed_from: Option<(&str, Timestamp)>,
    record: Option<&Path>,
    started: Instant,
) -> Result<ExitCode, Failure> {
    let terms = Arc::clone(run.terms());
    let evaluator = terms.evaluator();
    let mut reports = sink.reports(Head {
        tool: concat!("credcheck ", env!("CARGO_PKG_VERSION")),
        at: if replayed_from.is_some() { edge::now() } else { terms.now },
        replayed_from,
        policy: &terms.policy,
        sources: sink.texts(),
        evaluator: &evaluator,
        strict: terms.rules.strict,
        redactor: sink.redactor(),
    });
    let mut recording = Recorded::begin(sink, record, terms.now);
    let tail = running::drive(run, progress, |checked| {
        let exchanges = checked.exchanges();
        let Checked { credential, collected, judged } = &checked;
        let rate_limit = checked.rate_limit();
        reports.section(&Section { credential, facts: &collected.facts, judged, exchanges: &exchanges, rate_limit });
        recording.add(&checked, &exchanges);
        Ok(())
    })?;
    let interrupted =
        tail.interrupted.as_ref().map(|early| Interrupted { judged: early.judged, of: early.of, left: &early.left });
    let written = reports.end(&Tail {
        interrupted,
        not_checked: &tail.not_checked,
        not_read: &tail.not_read,
        notes: &tail.notes,
        totals: tail.totals,
        exit: tail.exit,
        // As exact as the JSON report has it: what formats tell of it is the same later.
        elapsed: Some(Duration::from_millis(u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX))),
        shard: terms.rules.shard,
        overall: Some(&tail.overall),
    });
    if let Some(interrupted) = interrupted.filter(|_| sink.is_for_programs()) {
        sink.note(&interrupted.line());
    }
    let exit = recording.end(sink, tail.exit);
    written.map(|()| exit).map_err(|failure| sink.told(&failure))
}
