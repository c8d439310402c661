//! A baseline: the violations and warnings that an earlier report has, so that a fleet can begin where it stands.
//!
//! What stands in it is known, and does not fail a run. What is new does, and what has grown is new: a scope more, another
//! webhook, another account. Neither what is undetermined nor what built-in rules find is ever known.

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;
use serde_json::Value as Json;
use sha2::{Digest as _, Sha256};
use thiserror::Error;

use super::judge::Judged;
use super::outcome::{Outcome, Verdict};
use super::overall::{BaselineUse, Gone};
use crate::facts::{Credential, FactSet, SubjectRef, Value, certain_as_json};
use crate::language::{CheckedPolicy, Expression, ExpressionKind, Operand, SetOperator, Statement};
use crate::text::hex;
use crate::text::source::SourceMap;
use crate::vocabulary::{self, FactIndex, Subject};

/// Why a file is no baseline.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum BaselineError {
    /// It is no JSON, or not that of a check.
    #[error("it is no report of a check: {0}")]
    Shape(String),
    /// It has a version that this program does not know.
    #[error("it is of version {0}, and this program knows version 1")]
    Version(u64),
}

/// What a finding is about.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Key {
    rule: String,
    statement: usize,
    outcome: String,
    host: String,
    url: String,
    credential: String,
    subject: Option<(Subject, String)>,
}

impl Key {
    /// `github.can-write` of `bot` for `acme/infra`.
    fn name(&self) -> String {
        let about = self.subject.as_ref().map_or_else(String::new, |(_, name)| format!(" for `{name}`"));
        format!("`{}` of `{}`{about}", self.rule, self.credential)
    }
}

/// The certain values of the facts that a finding rested on.
type Values = BTreeMap<String, Json>;

/// What a finding rested on.
#[derive(Clone, Debug, PartialEq)]
struct Grounds {
    /// The statement as it read.
    demand: String,
    values: Values,
}

/// The violations and warnings of an earlier report.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Baseline {
    findings: BTreeMap<Key, Grounds>,
    /// Hexadecimal SHA-256 of the bytes that it was read from.
    sha256: String,
}

/// Which findings of a baseline still stand, or cannot be told.
#[derive(Clone, Debug, Default)]
pub struct Standing(BTreeSet<Key>);

#[derive(Deserialize)]
struct Report {
    version: u64,
    outcomes: Option<Vec<Row>>,
}

#[derive(Deserialize)]
struct Row {
    rule: String,
    statement: Option<usize>,
    demand: Option<String>,
    outcome: String,
    credential: String,
    host: String,
    url: String,
    repository: Option<String>,
    organization: Option<String>,
    evidence: Vec<Evidence>,
}

#[derive(Deserialize)]
struct Evidence {
    fact: Option<String>,
    #[serde(default)]
    value: Json,
    granted: Option<Json>,
    least: Option<Json>,
    candidates: Option<Json>,
    seen: Option<Json>,
}

impl Baseline {
    /// Reads the JSON report of an earlier check by a policy whose texts are `sources`. What another policy demanded is no
    /// baseline of what this one demands: a finding of a statement that reads otherwise now is left out.
    ///
    /// # Errors
    /// [`BaselineError`] where it is none.
    pub fn read(bytes: &[u8], policy: &CheckedPolicy, sources: &SourceMap) -> Result<Self, BaselineError> {
        let demands: BTreeMap<(&str, usize), String> = policy
            .statements
            .iter()
            .filter_map(|statement| {
                let rule = policy.rule(statement.rule)?;
                Some(((rule.name.as_str(), statement.number), demand(sources, statement)))
            })
            .collect();
        let mut baseline = Self::of_any(bytes)?;
        baseline.findings.retain(|key, had| demands.get(&(key.rule.as_str(), key.statement)) == Some(&had.demand));
        baseline.sha256 = hex(&Sha256::digest(bytes));
        Ok(baseline)
    }

    fn of_any(bytes: &[u8]) -> Result<Self, BaselineError> {
        let shape = |error: &serde_json::Error| BaselineError::Shape(error.to_string());
        let report: Report = serde_json::from_slice(bytes).map_err(|error| shape(&error))?;
        if report.version != 1 {
            return Err(BaselineError::Version(report.version));
        }
        let Some(rows) = report.outcomes else {
            return Err(BaselineError::Shape("it has no `outcomes`".to_owned()));
        };
        let mut all: BTreeMap<Key, Option<Grounds>> = BTreeMap::new();
        for row in rows {
            let Some((key, grounds)) = row.finding() else { continue };
            match all.entry(key) {
                Entry::Vacant(entry) => drop(entry.insert(Some(grounds))),
                // Two that differ tell nothing.
                Entry::Occupied(mut entry) if entry.get().as_ref() != Some(&grounds) => drop(entry.insert(None)),
                Entry::Occupied(_) => {}
            }
        }
        let findings = all.into_iter().filter_map(|(key, grounds)| Some((key, grounds?))).collect();
        Ok(Self { findings, sha256: String::new() })
    }

    /// Marks what is known of one credential's outcomes, and notes in `standing` what is not gone.
    pub fn mark(
        &self,
        policy: &CheckedPolicy,
        credential: &Credential,
        facts: &FactSet,
        judged: &mut Judged,
        standing: &mut Standing,
    ) {
        for outcome in &mut judged.outcomes {
            let Some(statement) = policy.statement(outcome.statement) else { continue };
            match outcome.verdict {
                Verdict::Violation | Verdict::Warning => {
                    let Some(key) = key(policy, credential, facts, statement, outcome) else { continue };
                    if let Some(before) = self.findings.get(&key) {
                        outcome.known = !values_grew(&before.values, statement, facts, outcome.subject);
                        standing.0.insert(key);
                    }
                }
                // It may stand as before.
                Verdict::Undetermined { .. } | Verdict::Waived(_) => {
                    if outcome.subject == SubjectRef::Credential && statement.subject != Subject::Credential {
                        // There may be any number of those that it is checked for.
                        let rule = policy.rule(statement.rule).map(|rule| &rule.name);
                        let all = self.findings.keys().filter(|key| {
                            Some(&key.rule) == rule
                                && key.statement == statement.number
                                && (key.url.as_str(), key.credential.as_str())
                                    == (credential.url.as_str(), credential.name.as_str())
                        });
                        standing.0.extend(all.cloned());
                    }
                    for word in [Verdict::Violation, Verdict::Warning] {
                        let as_if = Outcome { verdict: word, ..*outcome };
                        standing.0.extend(key(policy, credential, facts, statement, &as_if));
                    }
                }
                Verdict::Pass | Verdict::NotApplicable => {}
            }
        }
    }

    /// What became of it: the findings that are gone, in the order of the rules' names.
    pub fn seen(&self, standing: &Standing) -> BaselineUse {
        let gone = self.findings.keys().enumerate().filter(|(_, key)| !standing.0.contains(key));
        let gone = gone.map(|(finding, key)| Gone { finding, name: key.name() }).collect();
        BaselineUse { sha256: self.sha256.clone(), gone }
    }
}

impl Row {
    /// What a violation or warning of the policy is about, and what it rested on.
    fn finding(self) -> Option<(Key, Grounds)> {
        if !matches!(self.outcome.as_str(), "violation" | "warning") {
            return None;
        }
        let of = |subject: Subject, name: String| (subject, name.to_ascii_lowercase());
        let repository = self.repository.map(|name| of(Subject::Repository, name));
        let key = Key {
            rule: self.rule,
            statement: self.statement?,
            outcome: self.outcome,
            host: self.host,
            url: self.url,
            credential: self.credential,
            subject: repository.or_else(|| self.organization.map(|name| of(Subject::Organization, name))),
        };
        // A fact has a row for each place it was seen in, with the same value.
        let values = self.evidence.into_iter().filter_map(|row| {
            let certain = row.granted.or(row.least).or(row.candidates).or(row.seen).unwrap_or(row.value);
            Some((row.fact?, certain))
        });
        Some((key, Grounds { demand: self.demand?, values: values.collect() }))
    }
}

fn key(
    policy: &CheckedPolicy,
    credential: &Credential,
    facts: &FactSet,
    statement: &Statement,
    outcome: &Outcome,
) -> Option<Key> {
    let subject = match outcome.subject {
        SubjectRef::Credential => None,
        subject => Some((subject.subject(), facts.subject_name(subject)?.to_ascii_lowercase())),
    };
    Some(Key {
        rule: policy.rule(statement.rule)?.name.clone(),
        statement: statement.number,
        outcome: outcome.verdict.word().to_owned(),
        host: credential.host.word().to_owned(),
        url: credential.url.clone(),
        credential: credential.name.clone(),
        subject,
    })
}

/// Verb and expression as the policy has them, in one line.
pub fn demand(sources: &SourceMap, statement: &Statement) -> String {
    sources.snippet(statement.span).split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Which way a fact grows that a statement reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Grows {
    /// What is too much gets more.
    More,
    /// What is too little gets less.
    Less,
    /// Either.
    Both,
}

/// What a fact is read for: of a list that must cover something, a part less is worse; of another, a part more.
fn grows(expression: &Expression, negative: bool, fact: FactIndex) -> Option<Grows> {
    let either = |one: Option<Grows>, other: Option<Grows>| match (one, other) {
        (Some(one), Some(other)) if one != other => Some(Grows::Both),
        (one, other) => one.or(other),
    };
    match &expression.kind {
        ExpressionKind::And(parts) | ExpressionKind::Or(parts) => {
            parts.iter().fold(None, |all, part| either(all, grows(part, negative, fact)))
        }
        ExpressionKind::Not(inner) => grows(inner, !negative, fact),
        ExpressionKind::Set { left: Operand::Fact(left), operator, .. } if left.index == fact => {
            Some(match (operator, negative) {
                (SetOperator::Covers, false) => Grows::Less,
                (SetOperator::Covers | SetOperator::Overlaps, true) | (SetOperator::Within, false) => Grows::More,
                (SetOperator::Overlaps, false) | (SetOperator::Within, true) => Grows::Both,
            })
        }
        _ => None,
    }
}

/// Whether a fact that a statement reads has more than it had, of what is wrong with it.
fn values_grew(before: &Values, statement: &Statement, facts: &FactSet, subject: SubjectRef) -> bool {
    let table = vocabulary::host(facts.host);
    statement.facts.iter().chain(&statement.guard_facts).any(|index| {
        let Some(fact) = facts.fact(*index, subject) else { return false };
        // Time passes by itself, and servers are updated: neither makes a finding another one.
        if let Some(Value::Duration(_) | Value::Time(_) | Value::Version(_)) = fact.knowledge.value() {
            return false;
        }
        let now = certain_as_json(&fact.knowledge);
        let before = before.get(table.row(*index).path).unwrap_or(&Json::Null);
        match grows(&statement.expression, statement.verb.is_negative(), *index) {
            Some(Grows::Less) => grew(&now, before),
            Some(Grows::Both) => before != &now,
            Some(Grows::More) | None => grew(before, &now),
        }
    })
}

/// Whether something is there that was not before.
fn grew(before: &Json, now: &Json) -> bool {
    match (before, now) {
        (Json::Array(before), Json::Array(now)) => now.iter().any(|item| !before.contains(item)),
        (Json::Object(before), Json::Object(now)) => now.iter().any(|(name, value)| before.get(name) != Some(value)),
        (before, now) => before != now,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn more_is_new_and_less_is_not() {
        for (before, now, more) in [
            (json!(["a", "b"]), json!(["b"]), false),
            (json!(["a"]), json!(["a", "b"]), true),
            (json!([]), json!([]), false),
            (json!({ "a": "read" }), json!({ "a": "write" }), true),
            (json!({ "a": "read", "b": "read" }), json!({ "a": "read" }), false),
            (json!(2), json!(2), false),
            (json!(2), json!(3), true),
            (json!("acme-bot"), json!("maria"), true),
            (json!("acme-bot"), json!("acme-bot"), false),
            (json!(null), json!(["a"]), true),
            (json!(["a"]), json!("a"), true),
            (json!([{ "url": "https://a" }]), json!([{ "url": "https://b" }]), true),
        ] {
            assert_eq!(grew(&before, &now), more, "{before} {now}");
        }
    }

    #[test]
    fn what_is_no_report_is_told() {
        let read = |text: &str| Baseline::of_any(text.as_bytes());
        assert!(matches!(read("{"), Err(BaselineError::Shape(_))));
        assert!(matches!(read("[]"), Err(BaselineError::Shape(_))));
        assert!(matches!(read(r#"{"version":1}"#), Err(BaselineError::Shape(_))));
        assert_eq!(read(r#"{"version":2,"outcomes":[]}"#), Err(BaselineError::Version(2)));
        assert_eq!(read(r#"{"version":1,"outcomes":[]}"#), Ok(Baseline::default()));
    }

    #[test]
    fn only_decided_findings_of_the_policy_count_and_two_that_differ_tell_nothing() {
        let row = |statement: &str, outcome: &str, scope: &str| {
            format!(
                r#"{{"rule":"github.x","statement":{statement},"demand":"require x","outcome":"{outcome}","credential":"bot","host":"github",
                "url":"https://github.com","repository":null,"organization":null,
                "evidence":[{{"fact":"token.scopes","value":["{scope}"]}}]}}"#
            )
        };
        let read = |rows: &[String]| {
            let text = format!(r#"{{"version":1,"outcomes":[{}]}}"#, rows.join(","));
            let seen = Baseline::of_any(text.as_bytes()).unwrap().seen(&Standing::default());
            seen.gone.into_iter().map(|one| one.name).collect::<Vec<_>>()
        };
        assert_eq!(read(&[row("1", "violation", "a")]), ["`github.x` of `bot`"]);
        assert_eq!(read(&[row("1", "violation", "a"), row("1", "violation", "a")]).len(), 1);
        assert_eq!(read(&[row("1", "violation", "a"), row("1", "violation", "b")]).len(), 0);
        for outcome in ["undetermined", "pass", "waived", "not-applicable"] {
            assert_eq!(read(&[row("1", outcome, "a")]).len(), 0);
        }
        assert_eq!(read(&[row("null", "violation", "a")]).len(), 0, "a built-in rule");
    }
}
