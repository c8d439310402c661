//! Findings: outcomes as diagnostics, one for each cause, worst first.

mod mend;
pub(super) mod undetermined;
mod unreached;

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use super::stream::{Head, Section};
use super::wording;
use crate::diagnostic::{Code, Diagnostic, Severity};
use crate::evaluation::{Blame, BuiltinOutcome, BuiltinRule, Outcome, Verdict};
use crate::facts::{Cause, Evidence, Incident, SubjectRef, Value};
use crate::language::{Rule, Statement, StatementId};
use crate::text::english;
use crate::vocabulary::{Subject, host};

/// The most places of one finding that get a label.
const MOST_LABELS: usize = 8;

/// What a finding is, the worst first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Class {
    /// A built-in rule is broken.
    BuiltinViolation,
    /// A `require` or `forbid` is broken.
    Violation,
    /// Undecided, and nobody accepted that.
    Undetermined,
    /// A `prefer` or `avoid` is broken.
    Warning,
    /// A `prefer` or `avoid` is undecided.
    UndeterminedWarning,
    /// Covered by a waiver.
    Waived,
    /// Undecided, and accepted in writing.
    Accepted,
    /// Worth knowing.
    Note,
}

/// One thing to tell, with what it is about.
#[derive(Clone, Debug, PartialEq)]
pub struct Finding {
    /// What it is.
    pub class: Class,
    /// The credential's section; `None` for what concerns the policy as a whole.
    pub section: Option<usize>,
    /// The statements it tells of.
    pub statements: Vec<StatementId>,
    /// The diagnostic.
    pub diagnostic: Diagnostic,
}

/// Outcomes that share one diagnostic.
struct Group<'a> {
    class: Class,
    verdict: Verdict,
    blames: Vec<Blame<'a>>,
    members: Vec<Member<'a>>,
}

/// One outcome of a group.
struct Member<'a> {
    statement: &'a Statement,
    rule: &'a Rule,
    subject: SubjectRef,
    /// Its own blames, where it is of another statement than the group's first.
    blames: Vec<Blame<'a>>,
}

/// Everything there is to tell, collected section by section. Nothing of a section is borrowed.
#[derive(Clone, Debug, Default)]
pub struct Findings {
    all: Vec<Finding>,
    sections: usize,
}

impl Findings {
    /// Adds what there is to tell of the next credential.
    pub fn add(&mut self, report: &Head<'_>, section: &Section<'_>) {
        section_findings(report, self.sections, section, &mut self.all);
        self.sections += 1;
    }

    /// Adds what concerns the policy as a whole.
    pub fn note(&mut self, notes: &[Diagnostic]) {
        for note in notes {
            let class = if note.severity == Severity::Advice { Class::Note } else { Class::Warning };
            self.all.push(Finding { class, section: None, statements: Vec::new(), diagnostic: note.clone() });
        }
    }

    /// All of them: worst first, then in the order of credentials and policy.
    pub fn sorted(mut self) -> Vec<Finding> {
        self.all.sort_by_key(|finding| (finding.class, finding.section));
        self.all
    }
}

fn section_findings<'a>(report: &Head<'a>, at: usize, section: &Section<'a>, all: &mut Vec<Finding>) {
    let mut stopped: Vec<Vec<&Statement>> = vec![Vec::new(); section.judged.builtin.len()];
    let mut groups: Vec<Group<'a>> = Vec::new();
    let mut positions: BTreeMap<String, usize> = BTreeMap::new();
    for outcome in &section.judged.outcomes {
        if matches!(outcome.verdict, Verdict::Pass | Verdict::NotApplicable) {
            continue;
        }
        let Some(statement) = report.policy.statement(outcome.statement) else { continue };
        let Some(rule) = report.policy.rule(statement.rule) else { continue };
        let blames = report.blame(section.facts, outcome);
        if let Some(because) = stopped_by(section, outcome, &blames) {
            if let Some(list) = stopped.get_mut(because)
                && list.last().is_none_or(|last| last.id != statement.id)
            {
                list.push(statement);
            }
            continue;
        }
        let class = class(report, statement, outcome.verdict);
        let key = key(class, outcome, &blames);
        match positions.entry(key) {
            Entry::Vacant(entry) => {
                entry.insert(groups.len());
                let member = Member { statement, rule, subject: outcome.subject, blames: Vec::new() };
                groups.push(Group { class, verdict: outcome.verdict, blames, members: vec![member] });
            }
            Entry::Occupied(entry) => {
                if let Some(group) = groups.get_mut(*entry.get()) {
                    let first = group.members.first().map(|member| member.statement.id);
                    let blames = if first == Some(statement.id) { Vec::new() } else { blames };
                    group.members.push(Member { statement, rule, subject: outcome.subject, blames });
                }
            }
        }
    }
    for (builtin, stopped) in section.judged.builtin.iter().zip(stopped) {
        all.push(builtin_finding(report, at, section, builtin, &stopped));
    }
    for group in &groups {
        let diagnostic = match group.verdict {
            Verdict::Undetermined { causes, accepted } => {
                undetermined::diagnostic(report, section, group, causes, accepted)
            }
            _ => decided(report, section, group),
        };
        let mut statements: Vec<StatementId> = group.members.iter().map(|member| member.statement.id).collect();
        statements.dedup();
        all.push(Finding { class: group.class, section: Some(at), statements, diagnostic });
    }
    all.extend(notes(section).map(|diagnostic| Finding {
        class: Class::Note,
        section: Some(at),
        statements: Vec::new(),
        diagnostic,
    }));
}

fn class(report: &Head<'_>, statement: &Statement, verdict: Verdict) -> Class {
    match verdict {
        Verdict::Violation => Class::Violation,
        Verdict::Warning => Class::Warning,
        Verdict::Waived(_) => Class::Waived,
        Verdict::Undetermined { accepted: true, .. } => Class::Accepted,
        Verdict::Undetermined { .. } if statement.verb.is_error() || report.strict => Class::Undetermined,
        Verdict::Undetermined { .. } => Class::UndeterminedWarning,
        Verdict::Pass | Verdict::NotApplicable => Class::Note,
    }
}

/// What outcomes must share to be told together: decided ones statement and reason, undecided ones the cause alone.
fn key(class: Class, outcome: &Outcome, blames: &[Blame<'_>]) -> String {
    let mut key = format!("{}", class as u8);
    let by_cause = matches!(class, Class::Undetermined | Class::UndeterminedWarning);
    let mut reasons: Vec<String> = blames
        .iter()
        .filter_map(|blame| blame.unknown.as_ref())
        .map(|unknown| format!("\u{0}{}\u{1}{}", unknown.cause, unknown.reason))
        .collect();
    if by_cause && !reasons.is_empty() {
        reasons.sort_unstable();
        reasons.dedup();
        key.extend(reasons);
        return key;
    }
    if let Verdict::Waived(waiver) = outcome.verdict {
        key.push_str(&format!("\u{0}{waiver}"));
    }
    if let Verdict::Undetermined { causes, .. } = outcome.verdict {
        key.extend(causes.iter().map(|cause| format!("\u{0}{cause}")));
    }
    key.push_str(&format!("\u{0}{}", outcome.statement.0));
    for blame in blames {
        let (found, span) = (blame.found.as_deref().unwrap_or(""), blame.span);
        key.push_str(&format!("\u{0}{}:{}\u{1}{}\u{1}{found}", span.start, span.end, blame.text));
    }
    key.extend(reasons);
    key
}

/// The built-in rule whose breaking is why an outcome is undecided: its position.
fn stopped_by(section: &Section<'_>, outcome: &Outcome, blames: &[Blame<'_>]) -> Option<usize> {
    let Verdict::Undetermined { causes, .. } = outcome.verdict else { return None };
    let refused = |cause: Cause| matches!(cause, Cause::NotPermitted | Cause::NotReachable);
    if !causes.iter().any(refused) {
        return None;
    }
    let repository = match outcome.subject {
        SubjectRef::Repository(_) => section.facts.subject_name(outcome.subject),
        _ => None,
    };
    let rests_on = |evidence: &[Evidence]| {
        let requests = || evidence.iter().filter_map(|seen| seen.request.as_ref());
        blames
            .iter()
            .filter_map(|blame| blame.fact)
            .flat_map(|(_, fact)| &fact.evidence)
            .filter_map(|seen| seen.request.as_ref())
            .any(|request| requests().any(|other| other == request))
    };
    section.judged.builtin.iter().position(|builtin| {
        builtin.undetermined.is_none()
            && match builtin.rule {
                BuiltinRule::CredentialValid | BuiltinRule::RightHost => true,
                BuiltinRule::CredentialAccepted | BuiltinRule::RepositoryVisible => {
                    (repository.is_some() && builtin.repository.as_deref() == repository) || rests_on(&builtin.evidence)
                }
                BuiltinRule::UsernameMatches | BuiltinRule::KindCovered => false,
            }
    })
}

fn builtin_finding(
    report: &Head<'_>,
    at: usize,
    section: &Section<'_>,
    builtin: &BuiltinOutcome,
    stopped: &[&Statement],
) -> Finding {
    let code = match builtin.rule {
        BuiltinRule::CredentialValid if builtin.withheld => Code::NoSecret,
        BuiltinRule::CredentialValid => Code::CredentialRefused,
        BuiltinRule::RightHost => Code::WrongHost,
        BuiltinRule::CredentialAccepted => Code::NotAccepted,
        BuiltinRule::RepositoryVisible => Code::NotVisible,
        BuiltinRule::UsernameMatches => Code::UsernameDiffers,
        BuiltinRule::KindCovered => Code::KindNotCovered,
    };
    let mut diagnostic = Diagnostic::new(code, builtin.message.clone());
    diagnostic.help.clone_from(&builtin.help);
    diagnostic.notes.clone_from(&builtin.notes);
    diagnostic.url.clone_from(&builtin.url);
    if let Some(first) = builtin.evidence.first() {
        diagnostic = diagnostic.note(format!("seen in {}", wording::evidence(first)));
    }
    diagnostic = diagnostic.note(format!("built-in rule `{}`", builtin_name(section, builtin)));
    if !stopped.is_empty() {
        let mut names: Vec<&str> =
            stopped.iter().filter_map(|statement| Some(report.policy.rule(statement.rule)?.name.as_str())).collect();
        names.dedup();
        let count = english::count(stopped.len(), "statement", "statements");
        diagnostic = diagnostic.note(format!("undecided because of this: {count}, of {}", wording::capped(&names)));
    }
    let class = if builtin.undetermined.is_some() { Class::Undetermined } else { Class::BuiltinViolation };
    let statements = stopped.iter().map(|statement| statement.id).collect();
    Finding { class, section: Some(at), statements, diagnostic }
}

/// The full name of a built-in rule: `github.credential-valid`.
pub(super) fn builtin_name(section: &Section<'_>, builtin: &BuiltinOutcome) -> String {
    format!("{}.{}", section.credential.host.word(), builtin.rule.name())
}

/// A violation, warning or waived one.
fn decided(report: &Head<'_>, section: &Section<'_>, group: &Group<'_>) -> Diagnostic {
    let code = match group.verdict {
        Verdict::Waived(_) => Code::Waived,
        Verdict::Warning => Code::Warning,
        _ => Code::Violation,
    };
    let Some(first) = group.members.first() else { return Diagnostic::new(code, "") };
    let severity = if group.verdict == Verdict::Warning && report.strict { Severity::Error } else { code.severity() };
    let subjects: Vec<SubjectRef> = group.members.iter().map(|member| member.subject).collect();
    let message = decided_message(report, section, first.rule, group.verdict, &subjects, &group.blames);
    let mut diagnostic = Diagnostic::new(code, message).severity(severity);
    let single = group.blames.len() == 1;
    for blame in group.blames.iter().take(MOST_LABELS) {
        diagnostic = diagnostic.label(blame.span, label(blame, !single));
    }
    if group.blames.is_empty() {
        diagnostic = diagnostic.label(first.statement.span, "");
    }
    if let Verdict::Waived(at) = group.verdict
        && let Some(waiver) = report.policy.waivers.get(at)
    {
        let by = waiver.by.as_ref().map_or_else(String::new, |by| format!(" by {by}"));
        diagnostic = diagnostic
            .label(waiver.span, "waived here")
            .note(format!("waived until {}{by} because \"{}\"", waiver.until, waiver.because));
    }
    for line in mend::lines(report, section, first.statement, &subjects, &group.blames) {
        diagnostic = diagnostic.help(line);
    }
    words(diagnostic, section, first.statement, &subjects)
}

/// The most reasons of a headline.
const MOST_REASONS: usize = 5;

/// The headline of a decided outcome, for one or several subjects.
pub(super) fn decided_message(
    report: &Head<'_>,
    section: &Section<'_>,
    rule: &Rule,
    verdict: Verdict,
    subjects: &[SubjectRef],
    blames: &[Blame<'_>],
) -> String {
    let does = match verdict {
        Verdict::Warning => "does not meet",
        Verdict::Pass => "meets",
        Verdict::NotApplicable => "is not judged by",
        _ => "violates",
    };
    let mut message = format!(
        "{} {does} `{}`{}",
        wording::credential(section.credential),
        rule.name,
        for_subjects(section, subjects)
    );
    if let Verdict::Waived(at) = verdict
        && let Some(waiver) = report.policy.waivers.get(at)
    {
        message.push_str(&format!(" (waived until {})", waiver.until));
    }
    if let Some((first, rest)) = blames.split_first() {
        let text = if first.text.is_empty() { first.found.as_deref().unwrap_or("") } else { first.text.as_str() };
        if !text.is_empty() {
            message.push_str(&format!(": {text}"));
        }
        let mut told = vec![text];
        for blame in rest {
            let text = if blame.text.is_empty() { blame.found.as_deref().unwrap_or("") } else { blame.text.as_str() };
            if !text.is_empty() && !told.contains(&text) {
                told.push(text);
            }
        }
        for text in told.iter().skip(1).take(MOST_REASONS - 1) {
            message.push_str(&format!("; {text}"));
        }
        if told.len() > MOST_REASONS {
            let more = english::count(told.len() - MOST_REASONS, "more reason", "more reasons");
            message.push_str(&format!("; and {more}"));
        }
    }
    message
}

/// " for `acme/infra`", " for 3 repositories"; nothing for the credential itself.
pub(super) fn for_subjects(section: &Section<'_>, subjects: &[SubjectRef]) -> String {
    let mut named: Vec<SubjectRef> =
        subjects.iter().copied().filter(|subject| *subject != SubjectRef::Credential).collect();
    named.sort_unstable();
    named.dedup();
    match named.as_slice() {
        [] => String::new(),
        [only] => section.facts.subject_name(*only).map_or_else(String::new, |name| format!(" for `{name}`")),
        several => {
            let organizations = several.iter().all(|subject| subject.subject() == Subject::Organization);
            let (one, more) =
                if organizations { ("organization", "organizations") } else { ("repository", "repositories") };
            format!(" for {}", english::count(several.len(), one, more))
        }
    }
}

/// What stands at a blamed place: what was found there, and by which evidence.
fn label(blame: &Blame<'_>, with_text: bool) -> String {
    let mut parts: Vec<String> = Vec::new();
    if with_text && !blame.text.is_empty() {
        parts.push(blame.text.clone());
    }
    // What a text like "`user.is_bot` is `false`" has said already is not said twice.
    let told = |found: &String| parts.iter().any(|text| text.contains(&format!("`{found}`")));
    match (blame.fact, &blame.found) {
        (Some(_), Some(found)) if told(found) => {}
        (Some((_, fact)), _) => parts.push(wording::found(&fact.knowledge)),
        (None, Some(found)) => parts.push(format!("found: {found}")),
        (None, None) => {}
    }
    if let Some(evidence) = blame.fact.and_then(|(_, fact)| wording::evidence_of(fact)) {
        parts.push(evidence);
    }
    parts.join(" · ")
}

/// The list of subjects, the rule's own words and its link.
fn words(
    mut diagnostic: Diagnostic,
    section: &Section<'_>,
    statement: &Statement,
    subjects: &[SubjectRef],
) -> Diagnostic {
    let mut names: Vec<&str> = subjects.iter().filter_map(|subject| section.facts.subject_name(*subject)).collect();
    names.sort_unstable();
    names.dedup();
    if names.len() > 1 {
        diagnostic = diagnostic.note(format!("for {}", wording::capped(&names)));
    }
    if let Some(because) = &statement.words.because {
        diagnostic = diagnostic.note(format!("because \"{because}\""));
    }
    if let Some(see) = &statement.words.see {
        diagnostic = diagnostic.url(see.clone());
    }
    diagnostic
}

/// What answers said of a credential beside facts and verdicts.
pub(super) fn notes<'a>(section: &'a Section<'_>) -> impl Iterator<Item = Diagnostic> + 'a {
    section.facts.incidents.iter().filter_map(|incident| note(section, incident))
}

fn note(section: &Section<'_>, incident: &Incident) -> Option<Diagnostic> {
    let (diagnostic, evidence) = match incident {
        // Told as a finding.
        Incident::Renamed { .. } if host(section.credential.host).moved_refuse_writes => return None,
        Incident::Renamed { from, to, evidence } => {
            let message = format!("repository `{from}` is named `{to}` now");
            (Diagnostic::new(Code::RepositoryRenamed, message).help("use the new name in the settings"), evidence)
        }
        Incident::ClockOff { ahead, evidence } => {
            let direction = if ahead.is_negative() { "behind" } else { "ahead of" };
            let by = Value::Duration(ahead.abs());
            let message = format!(
                "this machine's clock is {by} {direction} that of {}",
                wording::address(&section.credential.url)
            );
            (Diagnostic::new(Code::ClockOff, message).help("set the clock: expiry is judged by it"), evidence)
        }
        Incident::NotApproved { app, by, missing, link, evidence } => {
            let count = english::count(missing.len(), "permission", "permissions");
            let message = format!("`{by}` has not approved {count} that the App `{app}` asks for");
            let asked = missing.iter().map(|(name, level, granted)| match granted {
                Some(granted) => format!("`{name} = {level}` (granted: `{granted}`)"),
                None => format!("`{name} = {level}` (not granted)"),
            });
            let diagnostic = Diagnostic::new(Code::PermissionsNotApproved, message)
                .help(format!("an owner of `{by}` approves them at {link}"))
                .note(format!("not approved: {}", english::list(asked, "and")));
            (diagnostic, evidence)
        }
        Incident::Note { text, evidence } => {
            (Diagnostic::new(Code::Note, format!("{}: {text}", wording::credential(section.credential))), evidence)
        }
        Incident::Refused { .. }
        | Incident::Withheld(_)
        | Incident::NotAccepted { .. }
        | Incident::AnotherAccount { .. }
        | Incident::NotVisible { .. } => return None,
    };
    Some(match evidence.first() {
        Some(seen) => diagnostic.note(format!("seen in {}", wording::evidence(seen))),
        None => diagnostic,
    })
}
