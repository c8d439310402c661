//! Tests in the language: the facts a test gives, judged exactly as a check judges live ones.

use jiff::Timestamp;
use url::Url;

use super::judge::{Evaluator, Judged};
use super::outcome::Verdict;
use crate::facts::{
    Cause, Credential, Evidence, Fact, FactSet, Knowledge, RepositoryName, SubjectRef, Target, Value, derive,
};
use crate::language::ast::ExpectedOutcome;
use crate::language::{CheckedPolicy, Inputs, Test, TestExpectation, TestScope};
use crate::text::source::Span;
use crate::vocabulary::{self, Derivation, FactIndex, Host, Origin, Subject};

/// What a test was judged on, and what came of it.
#[derive(Clone, Debug)]
pub struct TestRun {
    /// The credential that the test describes.
    pub credential: Credential,
    /// Its facts: those given, those derived, and the rest unknown.
    pub facts: FactSet,
    /// The inputs: those given, else defaults.
    pub inputs: Inputs,
    /// The verdicts.
    pub judged: Judged,
    /// What differed; empty where the test passes.
    pub failures: Vec<TestFailure>,
}

/// One difference between what a test expects and what came of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TestFailure {
    /// No statement of the rule had the expected outcome.
    NotSeen {
        /// The rule's full name.
        rule: String,
        /// What was expected.
        expected: ExpectedOutcome,
        /// What its statements had instead, each once.
        found: Vec<&'static str>,
        /// The expectation.
        span: Span,
    },
    /// `expect nothing else`, and there is something else.
    SomethingElse {
        /// The rule's full name.
        rule: String,
        /// Its outcome.
        found: &'static str,
        /// `expect nothing else`.
        span: Span,
    },
}

/// Runs a test. Facts that it does not give are unknown (`not-revealable`); given base facts derive the others. `None`
/// where the test's `at` is no address.
pub fn run_test(policy: &CheckedPolicy, test: &Test) -> Option<TestRun> {
    let host = vocabulary::host(test.host);
    let mut facts = given(host, test);
    let now = test.now.unwrap_or(Timestamp::UNIX_EPOCH);
    fill(host, &mut facts, test.now.is_none());
    derive(&mut facts, now);
    let mut inputs = Inputs(policy.inputs.iter().map(|input| input.default.clone()).collect());
    for (id, value) in &test.inputs {
        if let Some(slot) = inputs.0.get_mut(id.0) {
            *slot = Some(value.clone());
        }
    }
    let credential = credential(host, test)?;
    // Waivers have a date: without a `now` they do not count.
    let judged = Evaluator::new(policy, &inputs, now, test.now.is_some()).judge(&credential, &facts);
    let failures = compare(policy, test, &judged);
    Some(TestRun { credential, facts, inputs, judged, failures })
}

fn credential(host: &'static Host, test: &Test) -> Option<Credential> {
    let url = match &test.at {
        Some(at) if at.contains("://") => at.clone(),
        Some(at) => format!("https://{at}"),
        None => host.public_url.unwrap_or("https://git.example").to_owned(),
    };
    // Filters look at the address; nothing is ever sent to it.
    let api = Url::parse(&url).ok()?;
    Some(Credential {
        name: test.credential.clone().unwrap_or_else(|| "test".to_owned()),
        host: test.host,
        url,
        api,
        username: None,
        kinds: host.kinds.iter().collect(),
        kind_evidence: None,
        scope: Vec::new(),
        excluded: Vec::new(),
    })
}

fn given(host: &'static Host, test: &Test) -> FactSet {
    let mut facts = FactSet::new(test.host);
    // Subjects first: adding one moves the others.
    for one in &test.given {
        match &one.scope {
            TestScope::Repository(name) => {
                if let Ok(name) = RepositoryName::parse(name) {
                    facts.repository(&name);
                    facts.organization(name.owner());
                }
            }
            TestScope::Organization(name) => {
                facts.organization(name);
            }
            TestScope::Credential => {}
        }
    }
    for one in &test.given {
        let target = match &one.scope {
            TestScope::Credential => Target::Credential,
            TestScope::Organization(name) => Target::Organization(name.clone()),
            TestScope::Repository(name) => match RepositoryName::parse(name) {
                Ok(name) => Target::Repository(name),
                Err(_) => continue,
            },
        };
        let evidence = vec![Evidence::own(format!("given {}", host.row(one.fact).path))];
        facts.set(&target, one.fact, Fact { knowledge: one.knowledge.clone(), evidence });
    }
    facts
}

/// Everything that a test does not give is unknown; durations from now too, where it gives no `now`.
fn fill(host: &'static Host, facts: &mut FactSet, timeless: bool) {
    let subjects = std::iter::once(SubjectRef::Credential)
        .chain((0..facts.repositories.len()).map(SubjectRef::Repository))
        .chain((0..facts.organizations.len()).map(SubjectRef::Organization))
        .collect::<Vec<_>>();
    for at in 0..host.facts.len() {
        let Ok(index) = u16::try_from(at).map(FactIndex) else { continue };
        let row = host.row(index);
        let reason = match &row.origin {
            Origin::Asked(_) => "the test does not give it",
            Origin::Derived(Derivation::Until(base) | Derivation::Since(base)) if timeless => {
                // "Never" needs no clock.
                let base = host.fact(base).and_then(|base| facts.credential.get(base));
                if base.is_none_or(|fact| !matches!(fact.knowledge, Knowledge::Known(Value::Time(_)))) {
                    continue;
                }
                "the test gives no `now`"
            }
            Origin::Derived(_) => continue,
        };
        for subject in &subjects {
            let fits = match row.subject {
                Subject::Credential => *subject == SubjectRef::Credential,
                Subject::Repository => matches!(subject, SubjectRef::Repository(_)),
                Subject::Organization => matches!(subject, SubjectRef::Organization(_)),
            };
            if let Some(own) = facts.subject_mut(*subject).filter(|own| fits && own.get(index).is_none()) {
                own.set(
                    index,
                    Fact { knowledge: Knowledge::unknown(Cause::NotRevealable, reason), evidence: Vec::new() },
                );
            }
        }
    }
}

fn matches(expected: ExpectedOutcome, verdict: Verdict) -> bool {
    match expected {
        ExpectedOutcome::Pass => verdict == Verdict::Pass,
        ExpectedOutcome::Violation => verdict == Verdict::Violation,
        ExpectedOutcome::Warning => verdict == Verdict::Warning,
        ExpectedOutcome::Undetermined => matches!(verdict, Verdict::Undetermined { .. }),
        ExpectedOutcome::Accepted => matches!(verdict, Verdict::Undetermined { accepted: true, .. }),
        ExpectedOutcome::Waived => matches!(verdict, Verdict::Waived(_)),
        ExpectedOutcome::NotApplicable => verdict == Verdict::NotApplicable,
    }
}

fn compare(policy: &CheckedPolicy, test: &Test, judged: &Judged) -> Vec<TestFailure> {
    let of = |expectation: &TestExpectation| -> Vec<Verdict> {
        judged
            .outcomes
            .iter()
            .filter(|outcome| {
                policy.statement(outcome.statement).is_some_and(|statement| statement.rule == expectation.rule)
            })
            .map(|outcome| outcome.verdict)
            .collect()
    };
    let name = |rule| policy.rule(rule).map_or_else(String::new, |rule| rule.name.clone());
    let mut failures = Vec::new();
    for expectation in &test.expect {
        let verdicts = of(expectation);
        if !verdicts.iter().any(|verdict| matches(expectation.outcome, *verdict)) {
            let mut found: Vec<&'static str> = verdicts.iter().map(|verdict| verdict.word()).collect();
            found.dedup();
            failures.push(TestFailure::NotSeen {
                rule: name(expectation.rule),
                expected: expectation.outcome,
                found,
                span: expectation.span,
            });
        }
    }
    if let Some(span) = test.nothing_else {
        for outcome in &judged.outcomes {
            let Some(statement) = policy.statement(outcome.statement) else { continue };
            let expected = test
                .expect
                .iter()
                .any(|expectation| expectation.rule == statement.rule && matches(expectation.outcome, outcome.verdict));
            if matches!(outcome.verdict, Verdict::Violation | Verdict::Warning) && !expected {
                failures.push(TestFailure::SomethingElse {
                    rule: name(statement.rule),
                    found: outcome.verdict.word(),
                    span,
                });
            }
        }
    }
    failures
}
