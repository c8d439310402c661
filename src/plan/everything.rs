//! A policy that reads every fact there is: what `credcheck facts` plans with.

use crate::language::{
    CheckedPolicy, Expression, ExpressionKind, FactUse, Operand, Rule, RuleId, Statement, StatementId, Verb, Words,
};
use crate::text::source::{SourceId, Span};
use crate::vocabulary::{FactIndex, HOSTS, Subject};

/// For each host one rule with a statement for each kind of subject, which reads all facts of that subject.
pub fn everything() -> CheckedPolicy {
    let mut policy = CheckedPolicy::default();
    for host in HOSTS {
        let rule = RuleId(policy.rules.len());
        let mut statements = Vec::new();
        for subject in [Subject::Credential, Subject::Repository, Subject::Organization] {
            let facts: Vec<FactIndex> = (0..host.facts.len())
                .filter_map(|at| u16::try_from(at).ok().map(FactIndex))
                .filter(|index| host.row(*index).subject == subject)
                .collect();
            let id = StatementId(policy.statements.len());
            let span = Span::default();
            let reads = |index: &FactIndex| {
                let operand = Operand::Fact(FactUse { index: *index, span });
                Expression { kind: ExpressionKind::IsAbsent { operand, negated: false }, span }
            };
            let expression = Expression { kind: ExpressionKind::And(facts.iter().map(reads).collect()), span };
            policy.statements.push(Statement {
                id,
                rule,
                number: statements.len() + 1,
                verb: Verb::Prefer,
                expression,
                guards: Vec::new(),
                selectors: Vec::new(),
                subject,
                guard_facts: Vec::new(),
                facts,
                words: Words::default(),
                acceptance: None,
                span: Span::default(),
            });
            statements.push(id);
        }
        policy.rules.push(Rule {
            host: host.kind,
            name: format!("{}.facts", host.word),
            short_name: None,
            title: None,
            words: Words::default(),
            acceptance: None,
            at: None,
            credential: None,
            statements,
            span: Span::default(),
            block: Span::default(),
            source: SourceId(0),
        });
    }
    policy
}
