//! The tally: what a run comes to, folded over its credentials one by one, so that each can be let go.

use std::collections::BTreeSet;

use super::checked::Checked;
use super::idle::{IdleFilters, Waivers};
use super::terms::Terms;
use crate::diagnostic::{Code, Diagnostic, Severity};
use crate::evaluation::{Counter, ExitCode, Run, Standing, Totals, exit_code};
use crate::facts::{Incident, Named, NotChecked, NotRead, ScopeEntry, SubjectRef};
use crate::text::english;
use crate::vocabulary::HostKind;

/// How many findings that are gone are named.
const MOST_GONE: usize = 5;

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

    /// What it comes to. Of a run that was interrupted nothing is said that rests on all of its credentials.
    pub(super) fn end(mut self, terms: &Terms, sent: u64, interrupted: Option<Interrupted>) -> Tail {
        let notes = match &interrupted {
            None => self.whole(terms),
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
        Tail { interrupted, not_checked: self.not_checked, not_read: self.not_read, notes, totals, exit }
    }

    /// What is said of the run as a whole, with all of its credentials judged.
    fn whole(&mut self, terms: &Terms) -> Vec<Diagnostic> {
        let rules = &terms.rules;
        let kinds: BTreeSet<HostKind> = terms.policy.rules.iter().map(|rule| rule.host).collect();
        let nothing = |kind: &HostKind, reason: &str| NotChecked {
            host: kind.word().to_owned(),
            credential: None,
            reason: reason.to_owned(),
        };
        self.not_checked.extend(kinds.difference(&self.checked).map(|kind| nothing(kind, "no credential")));
        self.sort_not_checked();
        let mut notes = Vec::new();
        if !rules.chosen {
            let idle = self.filters.notes(&terms.policy);
            self.run.undetermined |= !idle.is_empty();
            notes.extend(idle);
        }
        if !rules.no_waivers {
            notes.extend(self.waivers.notes(&terms.evaluator(), rules.filtered));
        }
        if let Some(baseline) = terms.baseline.as_ref().filter(|_| !rules.filtered && !rules.chosen) {
            notes.extend(gone(&baseline.gone(&self.standing)));
        }
        if !self.said {
            notes.push(nothing_decided(terms.policy.statements.is_empty(), self.checked.is_empty()));
        }
        self.run.host_missing = rules.required.iter().any(|kind| !self.applied.contains(kind));
        if self.run.host_missing {
            for kind in rules.required.iter().filter(|kind| !self.checked.contains(kind)) {
                if !self.not_checked.iter().any(|one| one.host == kind.word()) {
                    self.not_checked.push(nothing(kind, "no block of the policy is about it"));
                }
            }
        }
        notes
    }

    fn sort_not_checked(&mut self) {
        self.not_checked.sort();
        self.not_checked.dedup();
    }
}

/// What a baseline has that is mended: it would hide that it comes back.
fn gone(names: &[String]) -> Option<Diagnostic> {
    if names.is_empty() {
        return None;
    }
    let are = if names.len() == 1 { "is" } else { "are" };
    let count = english::count(names.len(), "finding", "findings");
    let named = english::list(names.iter().take(MOST_GONE), "and");
    let more = match names.len().saturating_sub(MOST_GONE) {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    let message = format!("{count} of the baseline {are} gone: {named}{more}");
    Some(
        Diagnostic::new(Code::Note, message)
            .help("write the baseline anew, so that they are noticed if they come back"),
    )
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

/// Everything else that leaves a run without a decision is told by what stands in its way.
fn nothing_decided(no_statement: bool, no_credential: bool) -> Diagnostic {
    if no_statement {
        return Diagnostic::new(Code::NothingDecided, "the policy has no rule, so nothing was decided")
            .help("write a `host` block with a `require`; `credcheck init` writes a policy to begin with");
    }
    let help = if no_credential {
        "set the variables of a bot (`ATLANTIS_GH_TOKEN`), or declare credentials in a settings file: `--config FILE`"
    } else {
        "no statement of the policy is about these credentials"
    };
    Diagnostic::new(Code::NothingDecided, "nothing was decided, which is not a success").help(help)
}
