//! Coverage: which outcomes of each statement the tests of its file expect, and see.
//!
//! What is merely judged on the way is not covered: facts that a test does not give are unknown, so every test leaves most
//! statements undetermined without saying anything about them. An outcome counts where the test expects it.

use std::collections::BTreeMap;

use super::outcome::Verdict;
use super::testing::{TestRun, matches};
use crate::language::{CheckedPolicy, RuleId, Statement, StatementId, Test};
use crate::text::source::{SourceId, Span};
use crate::vocabulary::{self, FactIndex, Host, Origin, Subject, Told};

/// How much of a file its tests cover.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Coverage {
    /// The file's own statements in their order. Statements that imports bring are covered where they are written.
    pub statements: Vec<Covered>,
}

/// In how many tests a statement was expected, and seen, to end one way or the other.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Covered {
    /// The statement; of a block for several host kinds the first one's, whose row stands for all of them.
    pub statement: StatementId,
    /// Its rules: one, or one for each host kind of its block.
    pub rules: Vec<RuleId>,
    /// Where it is written.
    pub span: Span,
    /// Passing.
    pub passing: usize,
    /// Failing: a violation or warning, waived or not.
    pub failing: usize,
    /// Undetermined, accepted or not.
    pub undetermined: usize,
    /// Whether it can be undetermined at all: some fact that it reads can be unknown, or there may be no repository or
    /// organisation to ask about.
    pub can_be_undetermined: bool,
}

impl Covered {
    /// The outcomes that should be seen and are not, in words.
    pub fn missing(&self) -> Vec<&'static str> {
        [
            ("passing", self.passing, true),
            ("failing", self.failing, true),
            ("undetermined", self.undetermined, self.can_be_undetermined),
        ]
        .into_iter()
        .filter(|(_, seen, wanted)| *wanted && *seen == 0)
        .map(|(word, ..)| word)
        .collect()
    }

    /// How many outcomes should be seen: passing, failing, and undetermined where that can be.
    pub fn wanted(&self) -> usize {
        2 + usize::from(self.can_be_undetermined)
    }
}

impl Coverage {
    /// How many outcomes of all statements should be seen.
    pub fn wanted(&self) -> usize {
        self.statements.iter().map(Covered::wanted).sum()
    }

    /// How many of them are.
    pub fn seen(&self) -> usize {
        self.statements.iter().map(|one| one.wanted() - one.missing().len()).sum()
    }

    /// The share that is seen, in whole percent, rounded down. A file without statements has nothing uncovered.
    pub fn percent(&self) -> usize {
        (self.seen() * 100).checked_div(self.wanted()).unwrap_or(100)
    }
}

/// The coverage of a file's statements by tests that ran.
pub fn coverage<'a>(
    policy: &CheckedPolicy,
    source: SourceId,
    runs: impl IntoIterator<Item = (&'a Test, &'a TestRun)>,
) -> Coverage {
    let mut rows: BTreeMap<Span, Covered> = BTreeMap::new();
    for statement in &policy.statements {
        let Some(rule) = policy.rule(statement.rule).filter(|rule| rule.source == source) else { continue };
        let can_be_undetermined = can_be_undetermined(vocabulary::host(rule.host), statement);
        let row = rows.entry(statement.span).or_insert_with(|| Covered {
            statement: statement.id,
            rules: Vec::new(),
            span: statement.span,
            passing: 0,
            failing: 0,
            undetermined: 0,
            can_be_undetermined: false,
        });
        row.rules.push(statement.rule);
        row.can_be_undetermined |= can_be_undetermined;
    }
    for (test, run) in runs {
        // A statement that several repositories meet counts once a test.
        let mut seen: BTreeMap<Span, [bool; 3]> = BTreeMap::new();
        for outcome in &run.judged.outcomes {
            let Some(statement) = policy.statement(outcome.statement) else { continue };
            let expected =
                test.expect.iter().any(|one| one.rule == statement.rule && matches(one.outcome, outcome.verdict));
            let [passing, failing, undetermined] = seen.entry(statement.span).or_default();
            match outcome.verdict {
                Verdict::Pass => *passing |= expected,
                Verdict::Violation | Verdict::Warning | Verdict::Waived(_) => *failing |= expected,
                Verdict::Undetermined { .. } => *undetermined |= expected,
                Verdict::NotApplicable => {}
            }
        }
        for (span, [passing, failing, undetermined]) in seen {
            if let Some(row) = rows.get_mut(&span) {
                row.passing += usize::from(passing);
                row.failing += usize::from(failing);
                row.undetermined += usize::from(undetermined);
            }
        }
    }
    Coverage { statements: rows.into_values().collect() }
}

fn can_be_undetermined(host: &'static Host, statement: &Statement) -> bool {
    statement.subject != Subject::Credential
        || statement.facts.iter().chain(&statement.guard_facts).any(|index| can_be_unknown(host, *index))
}

/// Whether a fact can be unknown. What takes a request can fail to be reached, so only what the text of the token tells,
/// for every kind that has it, is always known.
fn can_be_unknown(host: &'static Host, index: FactIndex) -> bool {
    match &host.row(index).origin {
        Origin::Asked(reveals) => {
            reveals.is_empty() || reveals.iter().any(|reveal| !matches!(reveal.by, Told::TokenText))
        }
        Origin::Derived(derivation) => {
            derivation.reads().into_iter().filter_map(|path| host.fact(path)).any(|base| can_be_unknown(host, base))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::run_test;
    use super::super::testing::tests::{own_source, policy};
    use super::*;

    fn of(text: &str) -> (CheckedPolicy, Coverage) {
        let policy = policy(text);
        let runs: Vec<TestRun> = policy.tests.iter().map(|test| run_test(&policy, test).unwrap()).collect();
        let coverage = coverage(&policy, own_source(&policy), policy.tests.iter().zip(&runs));
        (policy, coverage)
    }

    const RULE: &str = "host github {\n rule a {\n require token.scopes covers [\"repo\"]\n }\n}\n";

    #[test]
    fn only_what_a_test_expects_is_covered() {
        let judged = "test \"t\" {\n given host github\n given token.scopes = [\"repo\"]\n expect nothing else\n}\n";
        let (_, none) = of(&format!("{RULE}{judged}"));
        assert_eq!(none.statements[0].missing(), ["passing", "failing", "undetermined"]);
        assert_eq!((none.seen(), none.wanted(), none.percent()), (0, 3, 0));
        let expected = judged.replace("nothing else", "pass of a");
        let (_, one) = of(&format!("{RULE}{expected}"));
        assert_eq!(one.statements[0].missing(), ["failing", "undetermined"]);
        assert_eq!((one.seen(), one.wanted(), one.percent()), (1, 3, 33));
    }

    #[test]
    fn each_statement_of_a_rule_stands_for_itself() {
        let (_, coverage) = of("host github {\n rule a {\n require token.scopes covers [\"repo\"]\n \
             avoid token.scopes overlaps [\"gist\"]\n }\n}\n\
             test \"t\" {\n given host github\n given token.scopes = [\"repo\", \"gist\"]\n expect pass of a\n \
             expect warning of a\n}\n");
        let rows: Vec<_> = coverage.statements.iter().map(|row| (row.passing, row.failing)).collect();
        assert_eq!(rows, [(1, 0), (0, 1)]);
    }

    #[test]
    fn a_block_for_several_hosts_is_one_row_and_repositories_count_once() {
        let (policy, coverage) = of("host any {\n rule a {\n forbid repository.access >= admin\n }\n}\n\
             test \"t\" {\n given host gitlab\n given repository \"a/b\"\n given project.access_level = developer\n \
             given repository \"a/c\"\n given project.access_level = developer\n expect pass of a\n}\n");
        assert_eq!(coverage.statements.len(), 1);
        assert_eq!(coverage.statements[0].rules.len(), policy.rules.len());
        assert_eq!(coverage.statements[0].passing, 1);
    }

    #[test]
    fn waived_is_failing_and_accepted_is_undetermined() {
        let (_, coverage) = of("host github {\n rule a {\n require token.scopes covers [\"repo\"]\n \
             on unknown warn because \"b\"\n }\n}\n\
             waive a until 2099-12-31 because \"c\"\n\
             test \"t\" {\n given host github\n given now = 2026-01-01\n given token.scopes = [\"gist\"]\n expect waived of a\n}\n\
             test \"u\" {\n given host github\n given token.scopes is unknown\n expect accepted of a\n}\n");
        assert_eq!(coverage.statements[0].missing(), ["passing"]);
    }

    #[test]
    fn statements_without_facts_cannot_be_undetermined() {
        let (_, coverage) = of("input wanted: bool = true\nhost github {\n rule a {\n require wanted\n }\n}\n\
             test \"t\" {\n given host github\n expect pass of a\n}\n\
             test \"u\" {\n given host github\n given input wanted = false\n expect violation of a\n}\n");
        assert_eq!((coverage.seen(), coverage.wanted(), coverage.percent()), (2, 2, 100));
        assert_eq!(Coverage::default().percent(), 100);
    }
}
