//! Explanations as JSON, version 1. Keys stay, new ones may join.

use serde::Serialize;

use super::{Explained, OfKind, builtin, decidable, host_of, rule};
use crate::diagnostic::Code;
use crate::evaluation::BuiltinRule;
use crate::facts::reveal::Knowable;
use crate::language::{Acceptance, Statement};
use crate::report::prose::Prose;
use crate::report::vocabulary::request_line;
use crate::vocabulary::HostKind;

/// The page of a code.
#[derive(Debug, Serialize)]
pub struct CodeDocument {
    version: u8,
    code: &'static str,
    name: &'static str,
    severity: &'static str,
    meaning: &'static str,
    markdown: &'static str,
}

impl CodeDocument {
    /// The document of a code.
    pub const fn new(code: Code) -> Self {
        Self {
            version: 1,
            code: code.number(),
            name: code.name(),
            severity: code.severity().word(),
            meaning: code.meaning(),
            markdown: code.page(),
        }
    }
}

/// Rules, each explained.
#[derive(Debug, Serialize)]
pub struct RulesDocument {
    version: u8,
    rules: Vec<RuleRow>,
}

#[derive(Debug, Serialize)]
struct RuleRow {
    rule: String,
    host: &'static str,
    builtin: bool,
    title: Option<String>,
    file: Option<String>,
    line: Option<usize>,
    applies_to: Option<String>,
    statements: Vec<StatementRow>,
    because: Option<String>,
    fix: Option<String>,
    see: Option<String>,
    code: Option<&'static str>,
    kinds: Vec<KindRow>,
}

#[derive(Debug, Serialize)]
struct StatementRow {
    statement: usize,
    verb: &'static str,
    demands: String,
    applies_where: Option<String>,
    checked: String,
    facts: Vec<&'static str>,
    accepts: Option<AcceptanceRow>,
    because: Option<String>,
    fix: Option<String>,
    see: Option<String>,
}

#[derive(Debug, Serialize)]
struct AcceptanceRow {
    causes: Vec<&'static str>,
    because: String,
}

#[derive(Debug, Serialize)]
struct KindRow {
    kind: &'static str,
    statements: Vec<DecidedRow>,
    requests: Vec<RequestRow>,
}

#[derive(Debug, Serialize)]
struct DecidedRow {
    statement: usize,
    applies: bool,
    decided: Option<&'static str>,
    reasons: Vec<ReasonRow>,
}

#[derive(Debug, Serialize)]
struct ReasonRow {
    fact: &'static str,
    cause: &'static str,
    reason: String,
}

#[derive(Debug, Serialize)]
struct RequestRow {
    name: &'static str,
    request: String,
    facts: Vec<&'static str>,
}

impl RulesDocument {
    /// The document of rules.
    pub fn new(rules: &[Explained<'_>]) -> Self {
        Self { version: 1, rules: rules.iter().map(row).collect() }
    }

    /// The document of a built-in rule on these hosts.
    pub fn builtin(rule: BuiltinRule, hosts: &[HostKind]) -> Self {
        let (demand, why, code) = builtin(rule);
        let row = |host: &HostKind| RuleRow {
            rule: rule.full_name(*host),
            host: host.word(),
            builtin: true,
            title: Some(demand.to_owned()),
            file: None,
            line: None,
            applies_to: None,
            statements: Vec::new(),
            because: Some(why.to_owned()),
            fix: None,
            see: None,
            code: Some(code.number()),
            kinds: Vec::new(),
        };
        Self { version: 1, rules: hosts.iter().map(row).collect() }
    }
}

fn row(explained: &Explained<'_>) -> RuleRow {
    let rule = explained.rule;
    let prose = Prose::new(explained.policy, rule.host);
    RuleRow {
        rule: rule.name.clone(),
        host: rule.host.word(),
        builtin: false,
        title: rule.title.clone(),
        file: Some(explained.file.clone()),
        line: Some(explained.line),
        applies_to: Some(prose.credentials(rule)),
        statements: explained
            .statements()
            .map(|statement| StatementRow {
                statement: statement.number,
                verb: statement.verb.word(),
                demands: prose.statement(statement),
                applies_where: prose.guards(statement),
                checked: Prose::subject(statement),
                facts: rule::facts(rule, statement),
                accepts: statement.acceptance.as_ref().map(AcceptanceRow::new),
                because: statement.words.because.clone(),
                fix: statement.words.fix.clone(),
                see: statement.words.see.clone(),
            })
            .collect(),
        because: rule.words.because.clone(),
        fix: rule.words.fix.clone(),
        see: rule.words.see.clone(),
        code: None,
        kinds: explained.kinds.iter().map(|of| kind_row(explained, of)).collect(),
    }
}

impl AcceptanceRow {
    fn new(acceptance: &Acceptance) -> Self {
        let causes = acceptance.causes.iter().map(crate::facts::Cause::word).collect();
        Self { causes, because: acceptance.because.clone() }
    }
}

fn kind_row(explained: &Explained<'_>, of: &OfKind) -> KindRow {
    let host = host_of(explained.rule);
    let decided = |statement: &Statement| {
        let applies = of.applies(statement);
        let knowable = if applies { decidable(host, of.kind, statement) } else { Knowable::Always };
        DecidedRow {
            statement: statement.number,
            applies,
            decided: applies.then_some(match knowable {
                Knowable::Always => "yes",
                Knowable::Partly(_) => "in-part",
                Knowable::Never(_) => "no",
            }),
            reasons: knowable
                .obstacles()
                .iter()
                .map(|one| ReasonRow { fact: one.fact, cause: one.cause.word(), reason: one.reason.clone() })
                .collect(),
        }
    };
    KindRow {
        kind: of.kind.word,
        statements: explained.statements().map(decided).collect(),
        requests: of
            .requests
            .iter()
            .map(|(request, facts)| RequestRow {
                name: request.name,
                request: request_line(request),
                facts: facts.iter().map(|index| host.row(*index).path).collect(),
            })
            .collect(),
    }
}
