//! Findings: outcomes as diagnostics, one for each cause, also across credentials and repositories, worst first.

mod about;
mod builtin;
mod decided;
mod gathered;
mod mend;
mod names;
mod note;
pub(super) mod undetermined;
mod unreached;

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use about::{About, Hosts};
use gathered::Gathered;
use undetermined::Gap;

use super::stream::{Head, Section};
use crate::diagnostic::Diagnostic;
use crate::evaluation::{Outcome, Verdict};
use crate::language::Statement;

pub use about::{Class, Finding, Keep};
pub(super) use builtin::{code as builtin_code, name as builtin_name};
pub(super) use decided::message as decided_message;
pub(super) use note::notes;

/// Everything there is to tell, collected section by section. One finding is held for each cause, whatever number of
/// credentials and repositories share it. Nothing of a section is borrowed.
#[derive(Debug, Default)]
pub struct Findings {
    keep: Keep,
    all: Vec<Gathered>,
    /// Where the finding of each cause is.
    positions: BTreeMap<String, usize>,
    hosts: Hosts,
    sections: usize,
}

impl Findings {
    /// No findings yet.
    pub fn new(keep: Keep) -> Self {
        Self { keep, ..Self::default() }
    }

    /// Adds what there is to tell of the next credential.
    pub fn add(&mut self, report: &Head<'_>, section: &Section<'_>) {
        self.hosts.add(section);
        // The built-in rules' findings stand before those of the policy, and know what they stop.
        let mut stopping = Vec::with_capacity(section.judged.builtin.len());
        for rule in &section.judged.builtin {
            let at = self.at(builtin::key(section, rule), || builtin::gathered(section, rule));
            self.one(at, |one| one.add_builtin(section, rule));
            stopping.push(at);
        }
        for outcome in &section.judged.outcomes {
            if matches!(outcome.verdict, Verdict::Pass | Verdict::NotApplicable) {
                continue;
            }
            let Some(statement) = report.policy.statement(outcome.statement) else { continue };
            let blames = report.blame(section.facts, outcome);
            if let Some(at) = builtin::stopping(section, outcome, &blames).and_then(|at| stopping.get(at)) {
                self.one(*at, |one| one.add_stopped(statement));
                continue;
            }
            let class = class(report, statement, outcome);
            let about = About { statement, outcome, blames: &blames };
            if let Verdict::Undetermined { causes, accepted } = outcome.verdict {
                let gap = Gap { about, causes, accepted };
                let key = undetermined::key(class, section, &gap);
                let at = self.at(key, || undetermined::gathered(report, section, class, &gap));
                self.one(at, |one| one.add_undetermined(section, class, &gap));
            } else {
                let key = decided::key(class, section, &about);
                let at = self.at(key, || decided::gathered(report, section, class, &about));
                self.one(at, |one| one.add_decided(report, section, &about));
            }
        }
        for diagnostic in notes(section) {
            let at = self.at(note::key(section, &diagnostic), || note::gathered(section, diagnostic));
            self.one(at, |one| one.add_note(section));
        }
        self.sections += 1;
    }

    /// Adds what concerns the policy as a whole.
    pub fn note(&mut self, notes: &[Diagnostic]) {
        for note in notes {
            self.all.push(Gathered::of_policy(self.all.len(), note.clone()));
        }
    }

    /// All of them: what is broken first, and of that what most credentials and subjects share.
    pub fn sorted(self, report: &Head<'_>) -> Vec<Finding> {
        let Self { mut all, hosts, .. } = self;
        all.sort_by_key(Gathered::order);
        all.into_iter().map(|one| one.finding(report, &hosts)).collect()
    }

    /// Where the finding of a cause is, which a first outcome begins.
    fn at(&mut self, key: String, begin: impl FnOnce() -> Gathered) -> usize {
        match self.positions.entry(key) {
            Entry::Occupied(entry) => *entry.get(),
            Entry::Vacant(entry) => {
                let mut one = begin();
                (one.keep, one.first) = (self.keep, self.all.len());
                self.all.push(one);
                *entry.insert(self.all.len() - 1)
            }
        }
    }

    /// Adds something of the credential whose turn it is to a finding.
    fn one(&mut self, at: usize, add: impl FnOnce(&mut Gathered)) {
        if let Some(one) = self.all.get_mut(at) {
            one.turn = self.sections;
            add(one);
        }
    }
}

/// What an outcome is among findings.
pub(super) fn class(report: &Head<'_>, statement: &Statement, outcome: &Outcome) -> Class {
    match outcome.verdict {
        Verdict::Violation | Verdict::Warning if outcome.known => Class::Known,
        Verdict::Violation => Class::Violation,
        Verdict::Warning => Class::Warning,
        Verdict::Waived(_) => Class::Waived,
        Verdict::Undetermined { accepted: true, .. } if !report.strict => Class::Accepted,
        Verdict::Undetermined { .. } if statement.verb.is_error() || report.strict => Class::Undetermined,
        Verdict::Undetermined { .. } => Class::UndeterminedWarning,
        Verdict::Pass | Verdict::NotApplicable => Class::Note,
    }
}
