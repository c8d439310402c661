//! Two statements at a time: those that contradict each other, and those that say what another one says already.
//!
//! Statements are compared within buckets: about one fact of one host, under the same guards or none. Each is compared
//! with the first that says the very same, and with the last [`MOST`] of its buckets, until [`MOST_PAIRS`] are compared:
//! time stays in proportion to the policy's size.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use super::super::checked::{Acceptance, Rule, Selector, Statement};
use super::context::Context;
use super::finding::Finding;
use super::formula::{About, Formula, Formulas};
use super::logic::Ready;
use crate::diagnostic::{Code, Diagnostic, Severity};
use crate::text::source::Span;
use crate::vocabulary::{HostKind, Subject};

/// With how many statements of a bucket one is compared.
const MOST: usize = 16;
/// How many pairs are compared in all.
const MOST_PAIRS: usize = 50_000;

/// A statement with what decides which others it is compared with.
struct Entry<'a> {
    ready: Ready<'a>,
    rule: &'a Rule,
    /// The numbers of its guards, sorted.
    guards: Vec<usize>,
    /// Whether its guards or itself are settled alone: that is said of it alone.
    settled: bool,
}

/// C1006, C1007.
pub(super) fn pairs(context: &Context<'_>) -> Vec<Finding> {
    let mut formulas = Formulas::default();
    let mut guard_numbers: BTreeMap<(HostKind, Span), usize> = BTreeMap::new();
    let mut first_of: BTreeMap<(usize, bool, &[usize]), usize> = BTreeMap::new();
    let mut says: Vec<usize> = Vec::new();
    let mut entries: Vec<Entry<'_>> = Vec::new();
    for statement in &context.policy.statements {
        let Some(rule) = context.policy.rule(statement.rule) else { continue };
        let ready = Ready::new(rule.host, statement, &mut formulas);
        let mut guards: Vec<usize> = statement
            .guards
            .iter()
            .map(|guard| {
                *guard_numbers.entry((rule.host, guard.span)).or_insert_with(|| formulas.number(rule.host, guard))
            })
            .collect();
        guards.sort_unstable();
        guards.dedup();
        says.push(formulas.number(rule.host, &statement.expression));
        let settled = ready.excludes(&[]) || ready.excludes(&[&ready.met]) || ready.excludes(&[&ready.broken]);
        entries.push(Entry { ready, rule, guards, settled });
    }
    let waived: BTreeSet<usize> =
        context.policy.waivers.iter().flat_map(|waiver| &waiver.rules).map(|rule| rule.0).collect();
    let hosts: BTreeMap<Span, usize> =
        context.groups.iter().filter_map(|group| Some((group.first()?.span, group.len()))).collect();
    let mut found = Found::default();
    let mut pairs_left = MOST_PAIRS;
    let mut buckets: BTreeMap<(HostKind, About, &[usize]), VecDeque<usize>> = BTreeMap::new();
    for (at, entry) in entries.iter().enumerate().filter(|(_, entry)| !entry.settled) {
        let mut compared: BTreeSet<usize> = BTreeSet::new();
        for about in entry.ready.met.abouts() {
            let host = entry.rule.host;
            let same = buckets.get(&(host, about, entry.guards.as_slice()));
            let unguarded = buckets.get(&(host, about, &[] as &[usize]));
            compared.extend(same.into_iter().chain(unguarded).flatten());
        }
        if let Some(says) = says.get(at) {
            let key = (*says, entry.ready.statement.verb.is_negative(), entry.guards.as_slice());
            let first = *first_of.entry(key).or_insert(at);
            // What the first one leads to, the same again leads to, too.
            if let Some(earlier) = entries.get(first).filter(|_| first != at) {
                found.compare(earlier, entry, &waived);
                continue;
            }
        }
        for other in compared {
            let Some(left) = pairs_left.checked_sub(1) else { break };
            pairs_left = left;
            if let Some(earlier) = entries.get(other) {
                found.compare(earlier, entry, &waived);
            }
        }
        for about in entry.ready.met.abouts() {
            let bucket = buckets.entry((entry.rule.host, about, entry.guards.as_slice())).or_default();
            if bucket.len() >= MOST {
                bucket.pop_front();
            }
            bucket.push_back(at);
        }
    }
    found.findings(context, &hosts)
}

/// Pairs that were found, by the place of the statement that is to be named first.
#[derive(Default)]
struct Found<'a> {
    contradictions: BTreeMap<(Span, Span), (&'a Statement, &'a Statement)>,
    /// The statement that adds nothing, the one that implies it, and on which hosts.
    implied: BTreeMap<Span, (&'a Statement, &'a Statement, BTreeSet<HostKind>)>,
}

impl<'a> Found<'a> {
    fn compare(&mut self, earlier: &Entry<'a>, later: &Entry<'a>, waived: &BTreeSet<usize>) {
        if !same_filters(earlier.rule, later.rule) || earlier.ready.statement.span == later.ready.statement.span {
            return;
        }
        // The narrower of the two is the one with all guards of the other.
        let contains = |all: &[usize], some: &[usize]| some.iter().all(|guard| all.contains(guard));
        let narrower = match (contains(&later.guards, &earlier.guards), contains(&earlier.guards, &later.guards)) {
            (true, _) => later,
            (_, true) => earlier,
            _ => return,
        };
        let (one, two) = (earlier.ready.statement, later.ready.statement);
        let excludes = |left: &Formula<'a>, right: &Formula<'a>| narrower.ready.excludes(&[left, right]);
        // The wider one may be settled under the guards of the narrower one: then it says nothing of the other.
        let is_open =
            |ready: &Ready<'a>| !narrower.ready.excludes(&[&ready.met]) && !narrower.ready.excludes(&[&ready.broken]);
        let both_open = || is_open(&earlier.ready) && is_open(&later.ready);
        let together = one.subject != two.subject
            || selects_as_much(&one.selectors, &two.selectors)
            || selects_as_much(&two.selectors, &one.selectors);
        if together && excludes(&earlier.ready.met, &later.ready.met) {
            if both_open() {
                self.contradictions.insert((two.span, one.span), (two, one));
            }
        } else if implies(earlier, later, waived) && excludes(&earlier.ready.met, &later.ready.broken) {
            if both_open() {
                self.imply(later, one);
            }
        } else if implies(later, earlier, waived) && excludes(&later.ready.met, &earlier.ready.broken) && both_open() {
            self.imply(earlier, two);
        }
    }

    fn imply(&mut self, idle: &Entry<'a>, by: &'a Statement) {
        let statement = idle.ready.statement;
        let (.., hosts) = self.implied.entry(statement.span).or_insert_with(|| (statement, by, BTreeSet::new()));
        hosts.insert(idle.rule.host);
    }

    fn findings(self, context: &Context<'_>, hosts: &BTreeMap<Span, usize>) -> Vec<Finding> {
        let mut findings = Vec::new();
        for (two, one) in self.contradictions.into_values() {
            // The first place is in a file that was named.
            let (two, one) = if context.roots.contains(&two.span.source) { (two, one) } else { (one, two) };
            let severe = one.verb.is_error() && two.verb.is_error();
            findings.push(Finding::new(
                Diagnostic::at(Code::Contradiction, two.span, "these two statements can never hold together")
                    .severity(if severe { Severity::Error } else { Severity::Warning })
                    .labelled("where this one holds")
                    .label(one.span, "this one is broken")
                    .help("change one of them, or put them under guards that exclude each other"),
            ));
        }
        for (statement, by, on) in self.implied.into_values() {
            // On one host of several it may still add something on the others.
            if hosts.get(&statement.span).is_some_and(|count| *count > on.len()) {
                continue;
            }
            findings.push(Finding::new(
                Diagnostic::at(Code::ImpliedStatement, statement.span, "this statement adds nothing")
                    .labelled("whatever breaks this one")
                    .label(by.span, "breaks this one, too")
                    .help("remove it, or make it say more"),
            ));
        }
        findings
    }
}

/// Whether two rules are about the same credentials, or one about all that the other is about.
fn same_filters(one: &Rule, two: &Rule) -> bool {
    let fits = |one: Option<&String>, two: Option<&String>| one == two || one.is_none() || two.is_none();
    let text = |filter: &Option<crate::text::source::Spanned<String>>| filter.as_ref().map(|word| word.value.clone());
    fits(text(&one.at).as_ref(), text(&two.at).as_ref())
        && fits(text(&one.credential).as_ref(), text(&two.credential).as_ref())
}

/// Whether, if what `strong` demands implies what `weak` demands, `weak` adds nothing: `strong` applies wherever it does,
/// is as severe, accepts no more of the unknown, and is never waived.
fn implies(strong: &Entry<'_>, weak: &Entry<'_>, waived: &BTreeSet<usize>) -> bool {
    let (one, two) = (strong.ready.statement, weak.ready.statement);
    let text = |filter: &Option<crate::text::source::Spanned<String>>| filter.as_ref().map(|word| word.value.clone());
    let wider = |strong: Option<String>, weak: Option<String>| strong.is_none() || strong == weak;
    strong.guards.iter().all(|guard| weak.guards.contains(guard))
        && wider(text(&strong.rule.at), text(&weak.rule.at))
        && wider(text(&strong.rule.credential), text(&weak.rule.credential))
        && one.subject == two.subject
        && (one.subject == Subject::Credential || selects_as_much(&one.selectors, &two.selectors))
        && (one.verb.is_error() || !two.verb.is_error())
        && accepts_no_more(one.acceptance.as_ref(), two.acceptance.as_ref())
        && !waived.contains(&one.rule.0)
        // What only the one reads may be unknown where the other is decided: even what always holds is undecided then.
        && one.facts.iter().all(|fact| two.facts.contains(fact))
}

fn selects_as_much(strong: &[Selector], weak: &[Selector]) -> bool {
    let same = |one: &Selector, two: &Selector| {
        let texts = |words: &[crate::text::source::Spanned<String>]| {
            words.iter().map(|word| word.value.clone()).collect::<Vec<_>>()
        };
        one.subject == two.subject
            && texts(&one.patterns) == texts(&two.patterns)
            && texts(&one.except) == texts(&two.except)
    };
    strong.is_empty() || (strong.len() == weak.len() && strong.iter().zip(weak).all(|(one, two)| same(one, two)))
}

fn accepts_no_more(strong: Option<&Acceptance>, weak: Option<&Acceptance>) -> bool {
    strong.is_none_or(|strong| weak.is_some_and(|weak| strong.causes.within(weak.causes)))
}
