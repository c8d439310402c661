//! The tally: what a run comes to, folded over its credentials one by one, so that each can be let go.

use std::collections::BTreeSet;

use super::checked::Checked;
use super::idle::{IdleFilters, Waivers};
use super::terms::Terms;
use crate::diagnostic::{Code, Diagnostic, Severity};
use crate::evaluation::{Concluded, Counter, ExitCode, Overall, Run, Standing, Totals, exit_code};
use crate::facts::{Incident, Named, NotChecked, NotRead, ScopeEntry, SubjectRef};
use crate::vocabulary::HostKind;

/// A run that ended before its last credential was judged.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Interrupted {
    /// How many credentials were judged.
    pub judged: usize,
    /// How many there are.
    pub of: usize,
    /// Those that were not judged.
    pub left: Vec<NotChecked>,
    /// A line for each token that was minted and could not be revoked.
    pub not_revoked: Vec<String>,
}

/// What a run comes to.
#[derive(Clone, Debug)]
pub struct Tail {
    /// Set where the run ended early. What follows is then of what was judged until then.
    pub interrupted: Option<Interrupted>,
    /// What was not checked.
    pub not_checked: Vec<NotChecked>,
    /// The repositories that operators name and that no statement read.
    pub not_read: Vec<NotRead>,
    /// Diagnostics about the policy as a whole: waivers and filters that had nothing to do.
    pub notes: Vec<Diagnostic>,
    /// The counts.
    pub totals: Totals,
    /// The exit code.
    pub exit: ExitCode,
    /// What was seen of what is judged over all credentials.
    pub overall: Overall<Diagnostic>,
}

impl Tail {
    /// The run was ended from outside, with this exit code, if only after its last credential.
    pub fn end_by(&mut self, exit: ExitCode) {
        let all = self.totals.credentials;
        self.interrupted.get_or_insert_with(|| Interrupted { judged: all, of: all, ..Interrupted::default() });
        self.exit = exit;
    }
}

/// What is counted of a run so far.
#[derive(Clone, Debug)]
pub(super) struct Tally {
    counter: Counter,
    run: Run,
    not_checked: Vec<NotChecked>,
    not_read: Vec<NotRead>,
    filters: IdleFilters,
    waivers: Waivers,
    /// The host kinds of the credentials.
    checked: BTreeSet<HostKind>,
    /// Those of which a statement applied.
    applied: BTreeSet<HostKind>,
    /// Whether any statement or built-in rule said something.
    said: bool,
    /// The findings of the baseline that are not gone.
    standing: Standing,
    /// Permissions that Apps ask for and accounts have not approved.
    unapproved: usize,
}

impl Tally {
    pub(super) fn new(terms: &Terms, not_checked: Vec<NotChecked>) -> Self {
        Self {
            counter: Counter::default(),
            run: Run { strict: terms.rules.strict, ..Run::default() },
            not_checked,
            not_read: Vec::new(),
            filters: IdleFilters::new(&terms.policy),
            waivers: Waivers::new(&terms.policy),
            checked: BTreeSet::new(),
            applied: BTreeSet::new(),
            said: false,
            standing: Standing::default(),
            unapproved: 0,
        }
    }

    /// Takes in a credential.
    pub(super) fn add(&mut self, terms: &Terms, one: &mut Checked) {
        let host = one.credential.host;
        if let Some(baseline) = &terms.baseline {
            let facts = &one.collected.facts;
            baseline.mark(&terms.policy, &one.credential, facts, &mut one.judged, &mut self.standing);
        }
        self.counter.add(&one.judged);
        self.run.add(&terms.policy, &one.judged);
        self.filters.add(terms, one);
        self.waivers.add(&terms.policy, one);
        self.checked.insert(host);
        let applies = one.judged.outcomes.iter().any(|outcome| outcome.verdict.applies());
        if applies {
            self.applied.insert(host);
        }
        self.said |= applies || !one.judged.builtin.is_empty();
        if one.judged.outcomes.is_empty() {
            self.not_checked.push(NotChecked {
                host: host.word().to_owned(),
                credential: Some(one.credential.name.clone()),
                reason: "no block of the policy covers it".into(),
            });
        }
        self.not_read.extend(not_read(one));
        let incidents = one.collected.facts.incidents.iter();
        self.unapproved += incidents.filter(|incident| matches!(incident, Incident::NotApproved { .. })).count();
    }

    /// What it comes to. Of a run that was interrupted, or is about a part of the credentials, nothing is said that rests on
    /// all of them.
    pub(super) fn end(mut self, terms: &Terms, sent: u64, interrupted: Option<Interrupted>) -> Tail {
        let overall = self.overall(terms);
        let notes = match &interrupted {
            None if terms.rules.shard.is_none() => {
                let Concluded { notes, idle_filters, host_missing } = overall.conclude(&mut self.not_checked);
                self.run.undetermined |= idle_filters;
                self.run.host_missing = host_missing;
                notes
            }
            None => {
                self.sort_not_checked();
                // Whether anything was decided is a matter of all parts.
                self.run.decided = true;
                Vec::new()
            }
            Some(interrupted) => {
                self.sort_not_checked();
                interrupted.not_revoked.iter().map(|text| not_revoked(text)).collect()
            }
        };
        let mut totals = self.counter.totals();
        totals.requests = usize::try_from(sent).unwrap_or(usize::MAX);
        let warnings = notes.iter().filter(|note| note.severity == Severity::Warning).count() + self.unapproved;
        totals.warnings += warnings;
        self.run.warning |= warnings > 0;
        self.run.interrupted = interrupted.is_some();
        let exit = exit_code(self.run);
        let Self { not_checked, not_read, .. } = self;
        Tail { interrupted, not_checked, not_read, notes, totals, exit, overall }
    }

    /// What was seen of what is judged over all credentials.
    fn overall(&mut self, terms: &Terms) -> Overall<Diagnostic> {
        let rules = &terms.rules;
        let words = |kinds: &BTreeSet<HostKind>| kinds.iter().map(|kind| kind.word().to_owned()).collect();
        let baseline = terms.baseline.as_ref();
        Overall {
            waivers_ignored: rules.no_waivers,
            chosen: rules.chosen,
            filtered: rules.filtered,
            required: rules.required.iter().map(|kind| kind.word().to_owned()).collect(),
            policy: terms.policy.rules.iter().map(|rule| rule.host.word().to_owned()).collect(),
            checked: words(&self.checked),
            applied: words(&self.applied),
            said: self.said,
            filters: std::mem::take(&mut self.filters).uses(&terms.policy),
            waivers: self.waivers.uses(&terms.evaluator()),
            baseline: baseline.map(|baseline| baseline.seen(&self.standing)),
        }
    }

    fn sort_not_checked(&mut self) {
        self.not_checked.sort();
        self.not_checked.dedup();
    }
}

/// A token that is left behind, which somebody may want to end.
fn not_revoked(text: &str) -> Diagnostic {
    Diagnostic::new(Code::Note, text.to_owned()).severity(Severity::Warning)
}

/// What the operator names for a credential and no statement read: nothing was sent for it.
fn not_read(one: &Checked) -> Vec<NotRead> {
    let read: BTreeSet<usize> = one
        .judged
        .outcomes
        .iter()
        .filter(|outcome| outcome.verdict.applies())
        .filter_map(|outcome| match outcome.subject {
            SubjectRef::Repository(at) => Some(at),
            SubjectRef::Credential | SubjectRef::Organization(_) => None,
        })
        .collect();
    let host = one.credential.host;
    let is_read = |entry: &ScopeEntry| match &entry.names {
        Named::Exact(name) if !entry.needs_list(host) => {
            one.collected.facts.repository_position(name).is_some_and(|at| read.contains(&at))
        }
        // Which of those read it named was said where they were listed.
        _ => !read.is_empty(),
    };
    let open = one.credential.scope.iter().filter(|entry| !entry.is_nothing() && !is_read(entry));
    open.map(|entry| NotRead { host, credential: one.credential.name.clone(), repository: entry.text().to_owned() })
        .collect()
}
