//! The page of a rule.

use super::{Explained, OfKind, builtin, decidable, facts_of, host_of};
use crate::evaluation::BuiltinRule;
use crate::facts::reveal::Knowable;
use crate::language::{Rule, Statement, Words};
use crate::report::page::Page;
use crate::report::prose::Prose;
use crate::report::vocabulary::{reasons, request_line};
use crate::text::english;
use crate::vocabulary::{Host, HostKind};

/// Adds a rule's page: its sentences, its words, and a row for each kind of credential.
pub fn rule_page(explained: &Explained<'_>, page: &mut Page) {
    let rule = explained.rule;
    let prose = Prose::new(explained.policy, rule.host);
    let title = rule.title.as_ref().map_or(String::new(), |title| format!(": {title}"));
    page.heading(format!("{}{title}", rule.name));
    page.paragraph(2, format!("For {} ({}:{}).", prose.credentials(rule), explained.file, explained.line));
    let statements: Vec<&Statement> = explained.statements().collect();
    let shared = shared_guard(prose, &statements);
    if let Some(guard) = &shared {
        page.paragraph(2, format!("It applies where {guard}."));
    }
    let mut rows = Vec::new();
    for statement in &statements {
        let mut text = prose.statement(statement);
        if shared.is_none()
            && let Some(guard) = prose.guards(statement)
        {
            text.push_str(&format!(" It applies where {guard}."));
        }
        text.push_str(&format!(" Checked {}; {}.", Prose::subject(statement), Prose::consequence(statement.verb)));
        if statement.acceptance != rule.acceptance
            && let Some(acceptance) = &statement.acceptance
        {
            text.push_str(&format!(" On unknown: {}.", Prose::acceptance(acceptance)));
        }
        if statement.words != rule.words {
            text.push_str(&own_words(&statement.words, &rule.words));
        }
        rows.push(vec![format!("{}.", statement.number), text]);
    }
    page.heading("What it demands");
    page.rows(2, rows);
    let mut rows = word_rows(&rule.words);
    if let Some(acceptance) = &rule.acceptance {
        rows.push(vec!["on unknown".into(), Prose::acceptance(acceptance)]);
    }
    if !rows.is_empty() {
        page.heading("In the policy's words");
        page.rows(2, rows);
    }
    page.heading("By kind of credential: who can decide it, and what it costs alone");
    let rows = explained.kinds.iter().map(|of| kind_row(host_of(rule), of, &statements)).collect();
    page.rows(2, rows);
}

/// The page of a built-in rule, which every host has.
pub fn builtin_page(rule: BuiltinRule, hosts: &[HostKind], page: &mut Page) {
    let (demand, why, code) = builtin(rule);
    page.heading(format!("{} (built in)", rule.name()));
    page.paragraph(2, demand);
    page.paragraph(2, why);
    let names: Vec<String> = hosts.iter().map(|host| rule.full_name(*host)).collect();
    page.rows(
        2,
        vec![
            vec!["names".into(), english::quoted_list(names, "and")],
            vec!["waivers".into(), "none: built-in rules are always checked and cannot be waived".into()],
            vec![
                "code".into(),
                format!("`{}`; `credcheck explain {}` says how to mend it", code.number(), code.number()),
            ],
        ],
    );
}

/// The guards, where all statements have the same.
fn shared_guard(prose: Prose<'_>, statements: &[&Statement]) -> Option<String> {
    let (first, rest) = statements.split_first()?;
    let guard = prose.guards(first)?;
    rest.iter().all(|other| prose.guards(other).as_ref() == Some(&guard)).then_some(guard)
}

fn word_rows(words: &Words) -> Vec<Vec<String>> {
    [("because", &words.because), ("fix", &words.fix), ("see", &words.see)]
        .into_iter()
        .filter_map(|(name, text)| Some(vec![name.to_owned(), text.clone()?]))
        .collect()
}

fn own_words(own: &Words, rule: &Words) -> String {
    let mut text = String::new();
    for (name, own, shared) in
        [("because", &own.because, &rule.because), ("fix", &own.fix, &rule.fix), ("see", &own.see, &rule.see)]
    {
        if let Some(own) = own.as_ref().filter(|_| own != shared) {
            text.push_str(&format!(" ({name}: {own})"));
        }
    }
    text
}

fn kind_row(host: &'static Host, of: &OfKind, statements: &[&Statement]) -> Vec<String> {
    let word = format!("`{}`", of.kind.word);
    let applying: Vec<&&Statement> = statements.iter().filter(|statement| of.applies(statement)).collect();
    if applying.is_empty() {
        return vec![word, "does not apply: a guard rules it out".to_owned()];
    }
    let mut groups: Vec<(String, Vec<String>)> = Vec::new();
    for statement in &applying {
        let told = verdict(&decidable(host, of.kind, statement));
        match groups.iter_mut().find(|(have, _)| *have == told) {
            Some((_, numbers)) => numbers.push(statement.number.to_string()),
            None => groups.push((told, vec![statement.number.to_string()])),
        }
    }
    let mut text = match groups.as_slice() {
        [(told, numbers)] if numbers.len() == statements.len() => told.clone(),
        groups => {
            let each = groups.iter().map(|(told, numbers)| format!("{}: {told}", numbers.join(", ")));
            each.collect::<Vec<_>>().join("; ")
        }
    };
    let requests: Vec<String> = of.requests.iter().map(|(request, _)| format!("`{}`", request_line(request))).collect();
    text.push_str(&match requests.as_slice() {
        [] => "; costs no request".to_owned(),
        some => format!("; costs {}", english::list(some, "and")),
    });
    vec![word, text]
}

fn verdict(knowable: &Knowable) -> String {
    match knowable {
        Knowable::Always => "can be decided".to_owned(),
        Knowable::Partly(obstacles) => format!("may stay undetermined ({})", reasons(obstacles)),
        Knowable::Never(obstacles) => format!("stays undetermined ({})", reasons(obstacles)),
    }
}

/// The facts that a rule's statements read, for programs.
pub(super) fn facts(rule: &Rule, statement: &Statement) -> Vec<&'static str> {
    facts_of(statement, host_of(rule))
}
