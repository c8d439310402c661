//! Patterns that match everything.

use std::collections::BTreeSet;

use super::super::checked::{Expression, ExpressionKind, Operand};
use super::context::Context;
use super::finding::Finding;
use super::globs;
use crate::diagnostic::{Code, Diagnostic};
use crate::facts::Value;
use crate::text::source::{Span, Spanned};

/// Regular expressions for any text, as they are anchored.
const ANYTHING: [&str; 6] = ["^(?:.*)$", "^(?:^.*$)$", "^(?:(.*))$", "^(?:.*?)$", "^(?:(?s).*)$", "^(?:(?s:.*))$"];

/// C1015.
pub(super) fn everything(context: &Context<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut blocks: BTreeSet<Span> = BTreeSet::new();
    for rule in &context.policy.rules {
        if !blocks.insert(rule.block) {
            continue;
        }
        for (filter, word) in [(&rule.at, "at"), (&rule.credential, "credential")] {
            findings.extend(filter.as_ref().and_then(|filter| block(filter, word)));
        }
    }
    for waiver in &context.policy.waivers {
        for (glob, word) in [(&waiver.credential, "credential"), (&waiver.repository, "repository")] {
            // `repository "*"` still takes out what is no repository's.
            if word == "credential" && glob.as_ref().is_some_and(|glob| globs::is_everything(glob)) {
                findings.push(Finding::new(
                    Diagnostic::at(
                        Code::MatchesEverything,
                        waiver.span,
                        "this waiver's pattern matches every credential",
                    )
                    .labelled(format!("`{word} \"*\"` narrows nothing"))
                    .help("name the credential, or leave the clause out"),
                ));
            }
        }
    }
    for statement in context.groups.iter().filter_map(|group| group.first()) {
        for condition in statement.guards.iter().chain([&statement.expression]) {
            conditions(condition, &mut findings);
        }
    }
    findings
}

fn block(filter: &Spanned<String>, word: &str) -> Option<Finding> {
    let what = if word == "at" { "address" } else { "credential" };
    globs::is_everything(&filter.value).then(|| {
        Finding::new(
            Diagnostic::at(Code::MatchesEverything, filter.span, format!("this pattern matches every {what}"))
                .labelled("narrows nothing")
                .help(format!("leave out `{word}`, or name what is meant")),
        )
    })
}

fn conditions(expression: &Expression, into: &mut Vec<Finding>) {
    let all = |span: Span, negated: bool| {
        let absent = if negated { "is absent" } else { "is not absent" };
        Finding::new(
            Diagnostic::at(Code::MatchesEverything, span, "this pattern matches every text")
                .labelled("whatever the text is")
                .help(format!("name what is meant; to ask whether there is one, write `{absent}`")),
        )
    };
    match &expression.kind {
        ExpressionKind::Not(inner) => conditions(inner, into),
        ExpressionKind::And(terms) | ExpressionKind::Or(terms) => {
            terms.iter().for_each(|term| conditions(term, into));
        }
        ExpressionKind::Quantified { body, .. } => conditions(body, into),
        ExpressionKind::Like { patterns, negated, .. } => {
            for pattern in patterns {
                if let Operand::Literal { value: Value::String(text), span, .. } = pattern
                    && globs::is_everything(text)
                {
                    into.push(all(*span, *negated));
                }
            }
        }
        ExpressionKind::Matches { pattern, .. } if ANYTHING.contains(&pattern.as_str()) => {
            into.push(all(expression.span, false));
        }
        _ => {}
    }
}
