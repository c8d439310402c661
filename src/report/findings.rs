//! Findings: outcomes as diagnostics, one for each cause, also across credentials and repositories, worst first.

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

use gathered::Gathered;
use undetermined::Gap;

use super::stream::{Head, Section};
use super::wording;
use crate::diagnostic::{Diagnostic, Severity};
use crate::evaluation::{Blame, Outcome, Verdict};
use crate::language::{Statement, StatementId};
use crate::vocabulary::HostKind;

pub(super) use builtin::name as builtin_name;
pub(super) use decided::message as decided_message;
pub(super) use note::notes;

/// The most places of one finding that get a label.
const MOST_LABELS: usize = 8;

/// What a finding is, in the order in which findings are told.
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
    /// A violation or warning that the baseline has.
    Known,
    /// Covered by a waiver.
    Waived,
    /// Undecided, and accepted in writing.
    Accepted,
    /// Worth knowing.
    Note,
}

impl Class {
    /// What is broken comes first, by a rule of the policy or a built-in one.
    pub(super) const fn rank(self) -> u8 {
        match self {
            Self::BuiltinViolation | Self::Violation => 0,
            Self::Undetermined => 1,
            Self::Warning => 2,
            Self::UndeterminedWarning => 3,
            Self::Known => 4,
            Self::Waived => 5,
            Self::Accepted => 6,
            Self::Note => 7,
        }
    }

    /// Whether it is told in a line, and not at all where headlines are enough.
    pub(super) const fn is_aside(self) -> bool {
        matches!(self, Self::Known | Self::Waived | Self::Accepted | Self::Note)
    }

    /// Whether it is of the kind that somebody has to do something about.
    pub const fn is_open(self) -> bool {
        matches!(self, Self::BuiltinViolation | Self::Violation | Self::Undetermined | Self::Warning)
    }
}

/// One thing to tell, with what it is about.
#[derive(Clone, Debug, PartialEq)]
pub struct Finding {
    /// What it is.
    pub class: Class,
    /// How many credentials share it; none for what concerns the policy as a whole.
    pub credentials: usize,
    /// How many outcomes it stands for, those that a broken built-in rule left open among them.
    pub outcomes: usize,
    /// The credentials, for a line: "`a`, `b` and 3 more".
    pub who: String,
    /// The headline without the credentials.
    pub short: String,
    /// The statements it tells of.
    pub statements: Vec<StatementId>,
    /// The diagnostic.
    pub diagnostic: Diagnostic,
}

/// How much of what findings are about is kept.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Keep {
    /// The first few names, and how many there are.
    #[default]
    Few,
    /// Every name, and a place of every statement.
    All,
}

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
                self.one(at, |one| one.add_undetermined(section, &gap));
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

/// The hosts of the credentials. A host is named where there are several of its kind: else the kind, which begins the
/// name of every rule, tells it.
#[derive(Debug, Default)]
struct Hosts(Vec<(HostKind, String, bool)>);

impl Hosts {
    fn add(&mut self, section: &Section<'_>) {
        let (kind, url) = (section.credential.host, section.credential.url.as_str());
        match self.0.iter_mut().find(|(known, ..)| *known == kind) {
            Some((_, first, several)) => *several |= first != url,
            None => self.0.push((kind, url.to_owned(), false)),
        }
    }

    /// " on ghe.acme.dev", where that is not clear.
    fn on(&self, kind: HostKind, url: &str) -> String {
        let several = self.0.iter().any(|(known, _, several)| *known == kind && *several);
        if several { format!(" on {}", wording::address(url)) } else { String::new() }
    }
}

/// An outcome, and what it is about.
struct About<'a> {
    statement: &'a Statement,
    outcome: &'a Outcome,
    blames: &'a [Blame<'a>],
}

fn class(report: &Head<'_>, statement: &Statement, outcome: &Outcome) -> Class {
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

/// The class of a diagnostic that is about no statement.
const fn class_of(severity: Severity) -> Class {
    match severity {
        Severity::Error => Class::Undetermined,
        Severity::Warning => Class::Warning,
        Severity::Advice => Class::Note,
    }
}
