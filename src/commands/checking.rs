//! `credcheck POLICY...`: policy and credentials in, verdicts out.

use std::collections::BTreeSet;
use std::path::Path;
use std::time::{Duration, Instant};

use jiff::Timestamp;

use super::cli::{CheckArguments, CredentialArguments, NetworkArguments};
use super::collecting::{self, Finished, Shared};
use super::credentials::{self, Allowed, Ready};
use super::edge;
use super::failure::Failure;
use super::output::{self, Sink};
use super::policy::{self, Policy};
use crate::diagnostic::{Code, Diagnostic, Severity};
use crate::evaluation::{Evaluator, ExitCode, Judged, Run, Totals, Verdict, exit_code};
use crate::facts::{ExchangeSummary, Incident, NotChecked};
use crate::language::{self, CheckedPolicy, Inputs, Waiver};
use crate::plan::Judge;
use crate::report::{Head, Section, Tail};
use crate::settings::Environment;
use crate::vocabulary::HostKind;

/// How verdicts become an exit code.
#[derive(Clone, Debug, Default)]
pub(super) struct Rules {
    pub(super) strict: bool,
    pub(super) no_waivers: bool,
    /// Host kinds of which a credential must have been checked.
    pub(super) required: Vec<HostKind>,
    /// Whether `--credential` leaves credentials out: a block's filter may be about those.
    pub(super) chosen: bool,
    /// Whether the command line looks at a part of the credentials or repositories only.
    pub(super) filtered: bool,
}

/// Everything that was judged, owned: what a report borrows from.
pub(super) struct Verdicts {
    pub(super) sections: Vec<(Finished, Judged, Vec<ExchangeSummary>)>,
    pub(super) not_checked: Vec<NotChecked>,
    pub(super) notes: Vec<Diagnostic>,
    pub(super) totals: Totals,
    pub(super) exit: ExitCode,
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
    if let Some(path) = &arguments.replay {
        let record = output::read_record(path)?;
        let inputs = policy::inputs(&loaded.checked, &arguments.policy, &[])?;
        let evaluator = Evaluator::new(&loaded.checked, &inputs, record.at, !rules.no_waivers);
        let judge = Judge::Evaluator(&evaluator);
        let shared = Shared { policy: &loaded.checked, judge: &judge, now: record.at, at_once: 1 };
        let finished = collecting::replayed(&shared, &record.credentials)?;
        let verdicts = verdicts(&evaluator, finished, Vec::new(), &rules, 0);
        let name = path.display().to_string();
        return present(
            sink,
            &loaded,
            &evaluator,
            &verdicts,
            &rules,
            Some((&name, record.at)),
            Some(started.elapsed()),
        );
    }
    let settings = credentials::settle(&arguments.credentials, &loaded.trees, environment, sink.sources())?;
    sink.advise(&settings.notes);
    let inputs = policy::inputs(&loaded.checked, &arguments.policy, &settings.inputs)?;
    let not_checked: Vec<NotChecked> =
        settings.not_checked.iter().filter(|one| crate::vocabulary::host_kind(&one.host).is_some()).cloned().collect();
    let allowed = Allowed { mints: arguments.credentials.mint, probes: arguments.probe };
    let ready = credentials::ready(&settings, environment, allowed, sink.redactor());
    sink.origins(&settings);
    let judged = judge_live(&loaded.checked, &inputs, now, (ready, not_checked), &rules, &arguments.network, sink)?;
    let evaluator = Evaluator::new(&loaded.checked, &inputs, now, !rules.no_waivers);
    let exit = present(sink, &loaded, &evaluator, &judged, &rules, None, Some(started.elapsed()))?;
    let record = arguments.record.as_deref().map_or(Ok(()), |path| {
        record(sink, path, now, judged.sections.iter().map(|(one, _, exchanges)| (one, exchanges.as_slice())))
    });
    Ok(beside(sink, record, exit))
}

/// Writes a record of finished credentials.
///
/// # Errors
/// [`Failure::Failed`] where it cannot be written.
pub(super) fn record<'a>(
    sink: &Sink,
    path: &Path,
    now: Timestamp,
    finished: impl IntoIterator<Item = (&'a Finished, &'a [ExchangeSummary])>,
) -> Result<(), Failure> {
    let mut recording = sink.recording(path, now)?;
    for (one, exchanges) in finished {
        recording.credential(&one.recorded(), &one.revealed(exchanges))?;
    }
    recording.end()
}

/// The exit code of a run whose report is out: what failed beside it is told apart from it.
pub(super) fn beside(sink: &Sink, written: Result<(), Failure>, exit: ExitCode) -> ExitCode {
    match written {
        Ok(()) => exit,
        Err(failure) => {
            sink.complain(&failure);
            ExitCode::Failed
        }
    }
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
    network.map_or(Ok(()), |network| collecting::client_settings(network).map(drop))
}

fn judge_live(
    policy: &CheckedPolicy,
    inputs: &Inputs,
    now: Timestamp,
    (ready, not_checked): (Vec<Ready>, Vec<NotChecked>),
    rules: &Rules,
    network: &NetworkArguments,
    sink: &mut Sink,
) -> Result<Verdicts, Failure> {
    let evaluator = Evaluator::new(policy, inputs, now, !rules.no_waivers);
    let judge = Judge::Evaluator(&evaluator);
    let shared = Shared { policy, judge: &judge, now, at_once: network.concurrency };
    let (finished, sent) = collecting::live(&shared, ready, network, sink.redactor())?;
    Ok(verdicts(&evaluator, finished, not_checked, rules, sent))
}

/// Judges what was collected.
pub(super) fn verdicts(
    evaluator: &Evaluator<'_>,
    finished: Vec<Finished>,
    mut not_checked: Vec<NotChecked>,
    rules: &Rules,
    sent: u64,
) -> Verdicts {
    let policy = evaluator.policy();
    let mut notes = Vec::new();
    let sections: Vec<(Finished, Judged, Vec<ExchangeSummary>)> = finished
        .into_iter()
        .map(|one| {
            let judged = evaluator.judge(&one.credential, &one.collected.facts);
            let exchanges = one.exchanges();
            (one, judged, exchanges)
        })
        .collect();
    let kinds: BTreeSet<HostKind> = policy.rules.iter().map(|rule| rule.host).collect();
    let checked: BTreeSet<HostKind> = sections.iter().map(|(one, ..)| one.credential.host).collect();
    for kind in kinds.difference(&checked) {
        not_checked.push(NotChecked { host: kind.word().into(), credential: None, reason: "no credential".into() });
    }
    for (one, judged, _) in &sections {
        if judged.outcomes.is_empty() {
            not_checked.push(NotChecked {
                host: one.credential.host.word().into(),
                credential: Some(one.credential.name.clone()),
                reason: "no block of the policy covers it".into(),
            });
        }
    }
    not_checked.sort();
    not_checked.dedup();
    let judged = || sections.iter().map(|(_, judged, _)| judged);
    let mut run = Run::of(policy, judged());
    if !rules.chosen {
        let idle = idle_filters(evaluator, &sections);
        run.undetermined |= !idle.is_empty();
        notes.extend(idle);
    }
    if !rules.no_waivers {
        notes.extend(waiver_notes(evaluator, &sections, rules.filtered));
    }
    let applied =
        judged().any(|one| !one.builtin.is_empty() || one.outcomes.iter().any(|outcome| outcome.verdict.applies()));
    if !applied {
        // Everything else that leaves a run without a decision is told by what stands in its way.
        let help = if sections.is_empty() {
            "set the variables of a bot (`ATLANTIS_GH_TOKEN`), or declare credentials in a settings file: `--config FILE`"
        } else {
            "no statement of the policy is about these credentials"
        };
        notes.push(Diagnostic::new(Code::NothingDecided, "nothing was decided, which is not a success").help(help));
    }
    let mut totals = Totals::count(judged());
    totals.requests = usize::try_from(sent).unwrap_or(usize::MAX);
    let unapproved = sections
        .iter()
        .flat_map(|(one, ..)| &one.collected.facts.incidents)
        .filter(|incident| matches!(incident, Incident::NotApproved { .. }));
    let warnings = notes.iter().filter(|note| note.severity == Severity::Warning).count() + unapproved.count();
    totals.warnings += warnings;
    run.warning |= warnings > 0;
    run.strict = rules.strict;
    run.host_missing = rules.required.iter().any(|kind| {
        !sections.iter().any(|(one, judged, _)| {
            one.credential.host == *kind && judged.outcomes.iter().any(|outcome| outcome.verdict.applies())
        })
    });
    if run.host_missing {
        for kind in rules.required.iter().filter(|kind| !checked.contains(kind)) {
            if !not_checked.iter().any(|one| one.host == kind.word()) {
                not_checked.push(NotChecked {
                    host: kind.word().into(),
                    credential: None,
                    reason: "no block of the policy is about it".into(),
                });
            }
        }
    }
    Verdicts { sections, not_checked, notes, totals, exit: exit_code(run) }
}

/// Blocks whose `at` or `credential` filter lets in none of the credentials there are.
fn idle_filters(evaluator: &Evaluator<'_>, sections: &[(Finished, Judged, Vec<ExchangeSummary>)]) -> Vec<Diagnostic> {
    let policy = evaluator.policy();
    let blocks: BTreeSet<_> = policy
        .rules
        .iter()
        .filter(|rule| rule.at.is_some() || rule.credential.is_some())
        .map(|rule| rule.block)
        .collect();
    blocks
        .into_iter()
        .filter_map(|block| {
            let rules: Vec<_> = policy.rules.iter().filter(|rule| rule.block == block).collect();
            let candidates: Vec<&Finished> = sections
                .iter()
                .map(|(one, ..)| one)
                .filter(|one| rules.iter().any(|rule| rule.host == one.credential.host))
                .collect();
            let covered = candidates.iter().any(|one| rules.iter().any(|rule| evaluator.covers(rule, &one.credential)));
            if candidates.is_empty() || covered {
                return None;
            }
            let names = candidates.iter().map(|one| format!("{} on {}", one.credential.name, one.credential.url));
            let span = rules
                .first()
                .and_then(|rule| rule.credential.as_ref().or(rule.at.as_ref()))
                .map_or(block, |filter| filter.span);
            Some(
                Diagnostic::at(Code::FilterMatchesNothing, span, "this filter matches none of the credentials")
                    .labelled("nothing was judged by this block")
                    .help(format!("there is {}", crate::text::english::list(names, "and"))),
            )
        })
        .collect()
}

/// Waivers that are over, and live ones that had nothing to waive.
fn waiver_notes(
    evaluator: &Evaluator<'_>,
    sections: &[(Finished, Judged, Vec<ExchangeSummary>)],
    filtered: bool,
) -> Vec<Diagnostic> {
    let used: BTreeSet<usize> = sections
        .iter()
        .flat_map(|(_, judged, _)| &judged.outcomes)
        .filter_map(|outcome| match outcome.verdict {
            Verdict::Waived(at) => Some(at),
            _ => None,
        })
        .collect();
    let mut notes = Vec::new();
    for (at, waiver) in evaluator.policy().waivers.iter().enumerate() {
        if let Some(over) = language::lint::expired_waiver(waiver, evaluator.now()) {
            notes.push(over);
        } else if !used.contains(&at) && !filtered && is_settled(evaluator, sections, waiver) {
            notes.push(
                Diagnostic::at(
                    Code::WaiverIdle,
                    waiver.span,
                    format!("the waiver of `{}` had nothing to waive", waiver.name),
                )
                .help("remove it: what it excused is mended"),
            );
        }
    }
    notes
}

/// Whether everything that a waiver could excuse was judged and decided: only then is it known to have nothing to waive.
fn is_settled(
    evaluator: &Evaluator<'_>,
    sections: &[(Finished, Judged, Vec<ExchangeSummary>)],
    waiver: &Waiver,
) -> bool {
    let policy = evaluator.policy();
    let mut outcomes = sections
        .iter()
        .flat_map(|(_, judged, _)| &judged.outcomes)
        .filter(|outcome| {
            policy.statement(outcome.statement).is_some_and(|statement| waiver.rules.contains(&statement.rule))
        })
        .peekable();
    outcomes.peek().is_some() && outcomes.all(|outcome| !matches!(outcome.verdict, Verdict::Undetermined { .. }))
}

/// Writes the report.
pub(super) fn present(
    sink: &Sink,
    loaded: &Policy,
    evaluator: &Evaluator<'_>,
    verdicts: &Verdicts,
    rules: &Rules,
    replayed_from: Option<(&str, Timestamp)>,
    elapsed: Option<Duration>,
) -> Result<ExitCode, Failure> {
    let mut stream = sink.stream(Head {
        tool: concat!("credcheck ", env!("CARGO_PKG_VERSION")),
        at: if replayed_from.is_some() { edge::now() } else { evaluator.now() },
        replayed_from,
        policy: &loaded.checked,
        sources: sink.texts(),
        evaluator,
        strict: rules.strict,
        redactor: sink.redactor(),
    });
    for (one, judged, exchanges) in &verdicts.sections {
        stream.section(&Section { credential: &one.credential, facts: &one.collected.facts, judged, exchanges })?;
    }
    stream.end(&Tail {
        not_checked: &verdicts.not_checked,
        notes: &verdicts.notes,
        totals: verdicts.totals,
        exit: verdicts.exit,
        elapsed,
    })?;
    Ok(verdicts.exit)
}
