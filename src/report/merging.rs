//! Reports of parts of the credentials, made into the report that one run over all of them would have written.

use std::collections::{BTreeMap, BTreeSet};

use super::told::of_json::{OutcomesOf, Read, Report};
use super::told::{Closing, NotChecked, NotRead, Note, Opening, Outcome, Totals, Verdict, of_run};
use crate::diagnostic::{Code, Diagnostic};
use crate::evaluation::{Concluded, Dealt, ExitCode, Overall, Run, Said as _, exit_code};
use crate::facts;
use crate::text::redact::Redactor;
use crate::vocabulary::HostKind;

/// Why reports cannot be merged.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MergeError {
    /// There is none.
    #[error("there is no report to merge")]
    None,
    /// It does not have all outcomes.
    #[error("{0} has findings only: what passed is missing")]
    Findings(String),
    /// It does not say what is judged over all credentials.
    #[error("{0} does not say what it saw of what is judged over all credentials")]
    Silent(String),
    /// Two are of unlike runs.
    #[error("{one} and {other} are of unlike runs: {what} differs")]
    Unlike {
        /// The first report.
        one: String,
        /// The other report.
        other: String,
        /// What differs.
        what: &'static str,
    },
    /// A shard is there twice.
    #[error("{one} and {other} are both shard {number}")]
    Shard {
        /// The first report.
        one: String,
        /// The other report.
        other: String,
        /// The shard's number.
        number: usize,
    },
    /// A shard's number is not one of them.
    #[error("{0} says that it is a shard that cannot be")]
    NoShard(String),
    /// A credential is there twice.
    #[error("{one} and {other} both have the credential `{name}` on {url}")]
    Credential {
        /// The first report.
        one: String,
        /// The other report.
        other: String,
        /// The credential.
        name: String,
        /// Its host's address.
        url: String,
    },
}

/// Makes one report of several, each with the name that messages have for it.
///
/// # Errors
/// [`MergeError`] where they are no parts of one run.
pub fn merge<'a>(reports: Vec<(String, Report<'a>)>, redactor: &Redactor) -> Result<Report<'a>, MergeError> {
    alike(&reports)?;
    let missing = missing(&reports)?;
    apart(&reports)?;
    let mut parts = reports.into_iter().map(|(_, report)| report);
    let mut whole = Parts::of(parts.next().ok_or(MergeError::None)?);
    parts.for_each(|part| whole.add(part));
    Ok(whole.end(&missing, redactor))
}

/// Whether reports are of the same policy, judged in the same way by the same program.
fn alike(reports: &[(String, Report<'_>)]) -> Result<(), MergeError> {
    let Some((first, one)) = reports.first() else { return Err(MergeError::None) };
    for (name, report) in reports {
        if report.outcomes != OutcomesOf::All {
            return Err(MergeError::Findings(name.clone()));
        }
        let Some(overall) = &report.overall else { return Err(MergeError::Silent(name.clone())) };
        let (here, there) = (&one.opening, &report.opening);
        let joined = one.overall.clone().map(|first| first.join(overall.clone()));
        let what = [
            (here.tool == there.tool, "the program's version"),
            (here.policies == there.policies, "the policy"),
            (here.rules == there.rules, "the policy"),
            (here.strict == there.strict, "`--strict`"),
            (here.replayed_from == there.replayed_from, "the record that was judged"),
            (waivers(one) == waivers(report), "`--no-waivers`"),
            (joined.is_none_or(|joined| joined.is_some()), "the baseline"),
        ];
        if let Some((_, what)) = what.into_iter().find(|(same, _)| !same) {
            return Err(MergeError::Unlike { one: first.clone(), other: name.clone(), what });
        }
    }
    Ok(())
}

/// Whether a report's waivers hold.
fn waivers(report: &Report<'_>) -> Option<bool> {
    report.overall.as_ref().map(|overall| overall.waivers_ignored)
}

/// Whether each credential is in one report.
fn apart(reports: &[(String, Report<'_>)]) -> Result<(), MergeError> {
    let mut seen: BTreeMap<(&str, HostKind, &str), &str> = BTreeMap::new();
    for (name, report) in reports {
        for read in &report.sections {
            let key = read.key();
            if let Some(other) = seen.insert(key, name) {
                let (one, other) = (other.to_owned(), name.clone());
                return Err(MergeError::Credential { one, other, name: key.0.to_owned(), url: key.2.to_owned() });
            }
        }
    }
    Ok(())
}

/// The shards that are in no report: their numbers, and how many there are.
fn missing(reports: &[(String, Report<'_>)]) -> Result<Vec<(usize, usize)>, MergeError> {
    let mut first: Option<(&str, Dealt)> = None;
    let mut seen: BTreeMap<usize, &str> = BTreeMap::new();
    for (name, report) in reports {
        let Some(shard) = report.shard else { continue };
        // No engine runs more.
        if shard.number == 0 || shard.number > shard.of || shard.of > 10_000 {
            return Err(MergeError::NoShard(name.clone()));
        }
        let (one, like) = *first.get_or_insert((name, shard));
        if (like.of, like.credentials_total) != (shard.of, shard.credentials_total) {
            let what = "how many shards or credentials there are";
            return Err(MergeError::Unlike { one: one.to_owned(), other: name.clone(), what });
        }
        if let Some(one) = seen.insert(shard.number, name) {
            let (one, other) = (one.to_owned(), name.clone());
            return Err(MergeError::Shard { one, other, number: shard.number });
        }
    }
    let of = first.map_or(0, |(_, shard)| shard.of);
    Ok((1..=of).filter(|number| !seen.contains_key(number)).map(|number| (number, of)).collect())
}

/// Reports that are being made one.
struct Parts<'a> {
    opening: Opening,
    overall: Overall<Note>,
    sections: Vec<Read<'a>>,
    /// How many credentials were judged, and how many there are.
    judged: (usize, usize),
    /// The exit code of the first that ended early.
    interrupted: Option<u8>,
    closing: Closing,
}

impl<'a> Parts<'a> {
    fn of(report: Report<'a>) -> Self {
        let Report { opening, overall, sections, mut closing, shard, .. } = report;
        let mut overall = overall.unwrap_or_default();
        forget(&mut overall, &mut closing, shard);
        let own = (closing.summary.credentials, closing.summary.credentials);
        Self {
            judged: closing.interrupted.unwrap_or(own),
            interrupted: closing.interrupted.map(|_| closing.exit),
            opening,
            overall,
            sections,
            closing,
        }
    }

    fn add(&mut self, report: Report<'a>) {
        let Self { opening, overall, sections, judged, interrupted, closing } = Self::of(report);
        self.opening.at = self.opening.at.min(opening.at);
        let all = std::mem::take(&mut self.overall);
        // That they can be joined was seen before.
        self.overall = all.join(overall).unwrap_or_default();
        self.sections.extend(sections);
        self.judged = (self.judged.0.saturating_add(judged.0), self.judged.1.saturating_add(judged.1));
        self.interrupted = self.interrupted.or(interrupted);
        let (requests, more) = (&mut self.closing.summary.requests, closing.summary.requests);
        *requests = requests.saturating_add(more);
        self.closing.not_checked.extend(closing.not_checked);
        self.closing.not_read.extend(closing.not_read);
        self.closing.notes.extend(closing.notes);
        self.closing.elapsed = self.closing.elapsed.max(closing.elapsed);
    }

    /// The report of all of them.
    fn end(self, missing: &[(usize, usize)], redactor: &Redactor) -> Report<'a> {
        let Self { opening, overall, mut sections, judged, interrupted, mut closing } = self;
        sections.sort_by(|one, other| one.key().cmp(&other.key()));
        let (mut run, mut summary) = counted(&sections);
        summary.requests = closing.summary.requests;
        run.strict = opening.strict;
        let mut not_checked: Vec<facts::NotChecked> = closing.not_checked.into_iter().map(seen).collect();
        for (number, of) in missing {
            let message = format!("shard {number} of {of} is missing: its credentials were not judged");
            let help = "run it again, and merge the reports of all shards";
            closing.notes.push(Note::of(Diagnostic::new(Code::ShardMissing, message).help(help)));
            let reason = format!("shard {number} of {of} is missing");
            not_checked.push(facts::NotChecked { host: "unknown".to_owned(), credential: None, reason });
        }
        let incomplete = closing.notes.iter().any(|note| note.code == Code::ShardMissing.number());
        if incomplete || interrupted.is_some() {
            not_checked.sort();
            not_checked.dedup();
        } else {
            let Concluded { notes, idle_filters, host_missing } = overall.conclude(&mut not_checked);
            run.undetermined |= idle_filters;
            run.host_missing = host_missing;
            closing.notes.splice(0..0, notes.into_iter().map(|note| of_run::clean_note(note, redactor)));
        }
        let is_warning = |note: &&Note| note.severity == super::told::Severity::Warning;
        let warnings = closing.notes.iter().filter(is_warning).count();
        summary.warnings += warnings;
        run.warning |= warnings > 0;
        closing.exit = match interrupted {
            _ if incomplete => ExitCode::Undetermined.number(),
            Some(exit) => exit,
            None => exit_code(run).number(),
        };
        closing.interrupted = interrupted.map(|_| judged);
        closing.summary = summary;
        closing.not_checked = not_checked.into_iter().map(told).collect();
        closing
            .not_read
            .sort_by(|one: &NotRead, other| (&one.credential, &one.host).cmp(&(&other.credential, &other.host)));
        let (outcomes, shard) = (OutcomesOf::All, None);
        Report { opening, outcomes, sections, closing, shard, overall: Some(overall) }
    }
}

/// Forgets what a report says of its run as a whole: that is judged anew.
fn forget(overall: &mut Overall<Note>, closing: &mut Closing, shard: Option<Dealt>) {
    if shard.is_some() || closing.interrupted.is_some() {
        return;
    }
    let mut not_checked = Vec::new();
    let notes = overall.conclude(&mut not_checked).notes;
    let not_checked: Vec<NotChecked> = not_checked.into_iter().map(told).collect();
    closing.notes.retain(|note| !notes.contains(note));
    closing.not_checked.retain(|one| !not_checked.contains(one));
}

fn seen(one: NotChecked) -> facts::NotChecked {
    facts::NotChecked { host: one.host, credential: one.credential, reason: one.reason }
}

fn told(one: facts::NotChecked) -> NotChecked {
    NotChecked { host: one.host, credential: one.credential, reason: one.reason }
}

/// What the credentials come to, as a run counts it.
fn counted(sections: &[Read<'_>]) -> (Run, Totals) {
    let (mut run, mut summary) = (Run::default(), Totals::default());
    let mut statements: BTreeSet<(&str, usize)> = BTreeSet::new();
    for Read { section, .. } in sections {
        summary.credentials += 1;
        for outcome in &section.outcomes {
            count(outcome, &mut run, &mut summary);
            statements.extend(outcome.statement.map(|statement| (outcome.rule.as_ref(), statement)));
        }
        let unapproved = Code::PermissionsNotApproved.number();
        let warnings = section.notes.iter().filter(|note| note.code == unapproved).count();
        summary.warnings += warnings;
        run.warning |= warnings > 0;
    }
    summary.statements = statements.len();
    (run, summary)
}

fn count(outcome: &Outcome<'_>, run: &mut Run, summary: &mut Totals) {
    // Of the policy's own statements: built-in rules are only ever broken or undecided.
    let own = outcome.statement.is_some();
    let decided = !matches!(outcome.verdict, Verdict::Undetermined | Verdict::NotApplicable);
    summary.total += usize::from(own && outcome.verdict != Verdict::NotApplicable);
    summary.decided += usize::from(own && decided);
    summary.known += usize::from(outcome.known);
    run.decided |= own && decided;
    let wished = matches!(outcome.verb.as_deref(), Some("prefer" | "avoid"));
    match outcome.verdict {
        Verdict::Violation => {
            summary.violations += 1;
            run.violation |= !outcome.known;
        }
        Verdict::Warning => {
            summary.warnings += 1;
            run.warning |= !outcome.known;
        }
        Verdict::Waived => summary.waived += 1,
        Verdict::Undetermined => {
            summary.undetermined += 1;
            summary.accepted += usize::from(outcome.accepted);
            run.undetermined_softly |= outcome.accepted || wished;
            run.undetermined |= !outcome.accepted && !wished;
        }
        Verdict::NotApplicable | Verdict::Pass => {}
    }
}
