//! Tests in the language: the facts a test gives, judged exactly as a check judges live ones.

use jiff::Timestamp;
use url::Url;

use super::judge::{Evaluator, Judged};
use super::outcome::{Outcome, Verdict};
use super::truth::Truth;
use crate::facts::{
    AppUse, Cause, Credential, Evidence, Fact, FactSet, Knowledge, RepositoryName, SubjectRef, Target, Value, derive,
};
use crate::language::ast::ExpectedOutcome;
use crate::language::{
    CheckedPolicy, Expression, ExpressionKind, Inputs, Operand, RuleId, Test, TestExpectation, TestScope,
};
use crate::text::source::Span;
use crate::vocabulary::{self, Derivation, FactIndex, Host, Origin, Place, Subject};

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
        /// The rule.
        id: RuleId,
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
        /// The rule.
        id: RuleId,
        /// The rule's full name.
        rule: String,
        /// Its outcome.
        found: &'static str,
        /// `expect nothing else`.
        span: Span,
    },
}

/// A test's world, made ready once: changes of the policy's statements do not change it.
pub(super) struct World {
    credential: Credential,
    facts: FactSet,
    inputs: Inputs,
    now: Option<Timestamp>,
}

impl World {
    /// The world that a test gives; `None` where its `at` is no address.
    pub(super) fn of(policy: &CheckedPolicy, test: &Test) -> Option<Self> {
        let host = vocabulary::host(test.host);
        let mut facts = given(host, test);
        fill(host, &mut facts, test.now.is_none());
        derive(&mut facts, test.now.unwrap_or(Timestamp::UNIX_EPOCH));
        let mut inputs = Inputs(policy.inputs.iter().map(|input| input.default.clone()).collect());
        for (id, value) in &test.inputs {
            if let Some(slot) = inputs.0.get_mut(id.0) {
                *slot = Some(value.clone());
            }
        }
        Some(Self { credential: credential(host, test)?, facts, inputs, now: test.now })
    }

    /// Judges it, and says what differs from what the test expects.
    pub(super) fn judge(&self, policy: &CheckedPolicy, test: &Test) -> (Judged, Vec<TestFailure>) {
        let now = self.now.unwrap_or(Timestamp::UNIX_EPOCH);
        // Waivers have a date: without a `now` they do not count.
        let evaluator = Evaluator::new(policy, &self.inputs, now, self.now.is_some());
        let judged = evaluator.judge(&self.credential, &self.facts);
        let failures = compare(policy, test, &judged);
        (judged, failures)
    }
}

/// Runs a test. Facts that it does not give are unknown (`not-revealable`); given base facts derive the others. `None`
/// where the test's `at` is no address.
pub fn run_test(policy: &CheckedPolicy, test: &Test) -> Option<TestRun> {
    let world = World::of(policy, test)?;
    let (judged, failures) = world.judge(policy, test);
    Some(TestRun { credential: world.credential, facts: world.facts, inputs: world.inputs, judged, failures })
}

/// A statement as a test's facts decided it.
#[derive(Clone, Debug)]
pub struct Decision {
    /// What became of it.
    pub outcome: Outcome,
    /// Its guards, outermost first.
    pub guards: Vec<Part>,
    /// What it says must, or must not, hold.
    pub expression: Part,
}

/// A part of an expression, with what came of it.
#[derive(Clone, Debug)]
pub struct Part {
    /// Where it is written.
    pub span: Span,
    /// Its truth.
    pub truth: Truth,
    /// The facts that it reads by itself, each once.
    pub facts: Vec<FactIndex>,
    /// The parts that it is made of.
    pub parts: Vec<Self>,
}

/// How the statements of a rule were decided in a test, in the order of the outcomes.
pub fn decisions(policy: &CheckedPolicy, run: &TestRun, rule: RuleId) -> Vec<Decision> {
    let evaluator = Evaluator::new(policy, &run.inputs, Timestamp::UNIX_EPOCH, false);
    let statements = run.judged.outcomes.iter().filter_map(|outcome| {
        let statement = policy.statement(outcome.statement).filter(|statement| statement.rule == rule)?;
        let part = |expression| part(&evaluator, &run.facts, outcome.subject, expression);
        Some(Decision {
            outcome: *outcome,
            guards: statement.guards.iter().map(part).collect(),
            expression: part(&statement.expression),
        })
    });
    statements.collect()
}

fn part(evaluator: &Evaluator<'_>, facts: &FactSet, subject: SubjectRef, expression: &Expression) -> Part {
    let inner = |one: &Expression| part(evaluator, facts, subject, one);
    let (mut own, parts) = match &expression.kind {
        ExpressionKind::Not(one) => (Vec::new(), vec![inner(one)]),
        ExpressionKind::And(terms) | ExpressionKind::Or(terms) => (Vec::new(), terms.iter().map(inner).collect()),
        _ => (facts_of(expression), Vec::new()),
    };
    own.sort_unstable();
    own.dedup();
    Part { span: expression.span, truth: evaluator.truth(expression, facts, subject), facts: own, parts }
}

/// The facts that an expression reads, also in the condition of a quantifier.
fn facts_of(expression: &Expression) -> Vec<FactIndex> {
    fn of(operand: &Operand, into: &mut Vec<FactIndex>) {
        match operand {
            Operand::Fact(fact) => into.push(fact.index),
            Operand::Count(inner, _) => of(inner, into),
            Operand::Field(_) | Operand::Literal { .. } | Operand::Never(_) | Operand::Input(..) => {}
        }
    }
    let mut facts = Vec::new();
    match &expression.kind {
        ExpressionKind::Operand(one)
        | ExpressionKind::IsAbsent { operand: one, .. }
        | ExpressionKind::Matches { left: one, .. } => of(one, &mut facts),
        ExpressionKind::Compare { left, right, .. } | ExpressionKind::Set { left, right, .. } => {
            of(left, &mut facts);
            of(right, &mut facts);
        }
        ExpressionKind::In { left, items: others, .. } | ExpressionKind::Like { left, patterns: others, .. } => {
            of(left, &mut facts);
            others.iter().for_each(|other| of(other, &mut facts));
        }
        ExpressionKind::Quantified { list, body, .. } => {
            of(list, &mut facts);
            facts.extend(facts_of(body));
        }
        ExpressionKind::Not(inner) => facts.extend(facts_of(inner)),
        ExpressionKind::And(terms) | ExpressionKind::Or(terms) => facts.extend(terms.iter().flat_map(facts_of)),
    }
    facts
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
        token_id: None,
        times: vocabulary::Times::default(),
        scope: Vec::new(),
        excluded: Vec::new(),
        app: AppUse::default(),
        probes: false,
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
        let evidence = vec![Evidence::own(Place::Given(host.row(one.fact).path))];
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
                let has_time = |subject: &SubjectRef| {
                    let base = host.fact(base).and_then(|base| facts.fact(base, *subject));
                    base.is_some_and(|fact| matches!(fact.knowledge, Knowledge::Known(Value::Time(_))))
                };
                if !subjects.iter().any(has_time) {
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

pub(super) fn matches(expected: ExpectedOutcome, verdict: Verdict) -> bool {
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
                id: expectation.rule,
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
                    id: statement.rule,
                    rule: name(statement.rule),
                    found: outcome.verdict.word(),
                    span,
                });
            }
        }
    }
    failures
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::language::{CheckOptions, OpenError, Opened, PolicyStore, check, load};
    use crate::text::source::{SourceId, SourceMap};

    struct One(String);

    impl PolicyStore for One {
        fn open(&self, path: &str, _from: Option<&str>) -> Result<Opened, OpenError> {
            Ok(Opened { id: path.to_owned(), name: path.to_owned(), bytes: self.0.clone().into_bytes() })
        }
    }

    /// A policy of one file, checked.
    pub(in crate::evaluation) fn policy(text: &str) -> CheckedPolicy {
        let mut sources = SourceMap::new();
        let (program, problems) = load(&["t.pol".to_owned()], &One(text.to_owned()), &mut sources);
        let (policy, problems) = check(&program, &sources, problems, CheckOptions::default());
        assert!(problems.is_empty(), "{problems:#?}\n{text}");
        policy
    }

    /// The file itself, not what it imports.
    pub(in crate::evaluation) fn own_source(policy: &CheckedPolicy) -> SourceId {
        policy.files.iter().find(|file| file.root).unwrap().source
    }

    const RULES: &str = "host github {\n rule scopes {\n when token.kind == classic\n \
                         require token.scopes covers [\"repo\"]\n }\n \
                         rule account {\n prefer user.is_bot or user.username like \"*-bot\"\n }\n}\n";

    fn run(test: &str) -> (CheckedPolicy, TestRun) {
        let policy = policy(&format!("{RULES}test \"t\" {{\n given host github\n {test}\n}}\n"));
        let run = run_test(&policy, &policy.tests[0]).unwrap();
        (policy, run)
    }

    #[test]
    fn what_differs_is_said_with_what_was_found() {
        let (_, run) = run("given token.kind = classic\n given token.scopes = [\"repo\"]\n expect violation of scopes");
        let [TestFailure::NotSeen { rule, expected, found, .. }] = run.failures.as_slice() else {
            panic!("{:?}", run.failures)
        };
        assert_eq!((rule.as_str(), *expected), ("github.scopes", ExpectedOutcome::Violation));
        assert_eq!(found, &["pass"]);
    }

    #[test]
    fn nothing_else_allows_what_is_expected_and_what_is_unknown() {
        let given = "given token.kind = classic\n given token.scopes = [\"gist\"]\n";
        let (_, bad) = run(&format!("{given} expect nothing else"));
        assert!(
            matches!(bad.failures.as_slice(), [TestFailure::SomethingElse { rule, found: "violation", .. }] if rule == "github.scopes")
        );
        let (_, good) = run(&format!("{given} expect violation of scopes\n expect nothing else"));
        assert_eq!(good.failures, []);
    }

    #[test]
    fn decisions_show_every_part_with_its_truth_and_facts() {
        let (policy, run) = run("given user.is_bot = false\n expect undetermined of account");
        assert_eq!(run.failures, []);
        let account = policy.rules.iter().position(|rule| rule.name == "github.account").map(RuleId).unwrap();
        let [decision] = decisions(&policy, &run, account).try_into().unwrap();
        assert!(matches!(decision.outcome.verdict, Verdict::Undetermined { .. }));
        assert!(decision.guards.is_empty() && decision.expression.facts.is_empty());
        let [bot, name] = decision.expression.parts.try_into().unwrap();
        assert_eq!((bot.truth, bot.facts.len()), (Truth::False, 1));
        assert!(!name.truth.is_decided());
        assert_eq!(vocabulary::host(run.facts.host).row(name.facts[0]).path, "user.username");
    }

    #[test]
    fn guards_are_shown_where_they_rule_a_statement_out() {
        let (policy, run) = run("given token.kind = fine_grained\n expect pass of scopes");
        assert_eq!(run.failures.len(), 1);
        let decisions = decisions(&policy, &run, RuleId(0));
        assert_eq!(decisions[0].outcome.verdict, Verdict::NotApplicable);
        assert_eq!(decisions[0].guards[0].truth, Truth::False);
    }
}
