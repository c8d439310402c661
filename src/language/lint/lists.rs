//! Lists that name something twice, or something that another item covers.

use std::collections::{BTreeMap, BTreeSet};

use super::super::ast::{Clause, Expression, ExpressionKind as Kind, HostBlock, Item, Node, Statement};
use super::super::checked::SetOperator;
use super::context::Context;
use super::finding::Finding;
use super::fix::Fix;
use super::globs;
use crate::diagnostic::{Code, Diagnostic};
use crate::text::glob;
use crate::vocabulary::{self, HOSTS, Host, NameSet, NameTable, Type};

/// Lists longer than this are not looked at item against item.
const MOST_ITEMS: usize = 200;

/// C1016, C1017.
pub(super) fn items(context: &Context<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for file in context.program.files.iter().filter(|file| context.roots.contains(&file.source)) {
        let text = context.sources.get(file.source).map_or("", |source| source.text());
        let mut walk = Walk { text, hosts: Vec::new(), findings: &mut findings };
        for item in &file.file.items {
            match item {
                Item::Let { value, .. } => walk.expression(value),
                Item::Input { default: Some(value), .. } => walk.expression(value),
                Item::Host(block) => walk.block(block),
                _ => {}
            }
        }
    }
    findings
}

struct Walk<'w> {
    text: &'w str,
    /// The hosts of the block.
    hosts: Vec<&'static Host>,
    findings: &'w mut Vec<Finding>,
}

impl Walk<'_> {
    fn block(&mut self, block: &HostBlock) {
        let any = block.kinds.iter().any(|word| word.value == "any");
        let named = |host: &&&'static Host| any || block.kinds.iter().any(|word| word.value == host.word);
        self.hosts = HOSTS.iter().filter(named).copied().collect();
        self.nodes(&block.body);
    }

    fn nodes(&mut self, nodes: &[Node]) {
        for node in nodes {
            match node {
                Node::Rule(rule) => {
                    for clause in &rule.clauses {
                        if let Clause::When(guard) = clause {
                            self.expression(guard);
                        }
                    }
                    rule.statements.iter().for_each(|statement| self.statement(statement));
                }
                Node::Bare(statement) => self.statement(statement),
                Node::When(guard, inner) => {
                    self.expression(guard);
                    self.nodes(inner);
                }
                Node::Each(each, inner) => {
                    self.expression(&each.patterns);
                    // A name is asked for by itself, whatever the globs beside it are matched against.
                    self.covered_globs(&each.patterns, glob::is_pattern, false);
                    if let Some(except) = &each.except {
                        self.expression(except);
                        self.covered_globs(except, |_| true, true);
                    }
                    self.nodes(inner);
                }
            }
        }
    }

    fn statement(&mut self, statement: &Statement) {
        self.expression(&statement.expression);
    }

    fn expression(&mut self, expression: &Expression) {
        match &expression.kind {
            Kind::List(items) => self.repeated(items),
            Kind::Count(inner) | Kind::Not(inner) | Kind::IsAbsent(inner, _) => self.expression(inner),
            Kind::And(terms) | Kind::Or(terms) => terms.iter().for_each(|term| self.expression(term)),
            Kind::Compare(left, _, right) | Kind::In(left, _, right) | Kind::Matches(left, _, right) => {
                self.expression(left);
                self.expression(right);
            }
            Kind::Set(left, operator, right) => {
                self.expression(left);
                self.expression(right);
                if operator.value != SetOperator::Overlaps {
                    self.covered_names(left, right);
                }
            }
            Kind::Like(left, _, right) => {
                self.expression(left);
                self.expression(right);
                self.covered_globs(right, |_| true, true);
            }
            Kind::Quantified(_, _, list, body) => {
                self.expression(list);
                self.expression(body);
            }
            _ => {}
        }
    }

    /// The same thing twice.
    fn repeated(&mut self, items: &[Expression]) {
        let mut seen: BTreeMap<String, &Expression> = BTreeMap::new();
        for (at, item) in items.iter().enumerate() {
            let key = match &item.kind {
                Kind::String(text) => format!("{text:?}"),
                Kind::Path(word) => word.clone(),
                Kind::Integer(value) => value.to_string(),
                Kind::Bool(value) => value.to_string(),
                Kind::Time(value) => value.to_string(),
                Kind::Duration(value) => format!("{}ns", value.as_nanos()),
                _ => continue,
            };
            if let Some(first) = seen.get(&key) {
                let problem = Diagnostic::at(Code::RepeatedItem, item.span, "this list names it twice")
                    .label(first.span, "it stands here already")
                    .help("remove one of them");
                let fix = Fix::remove_item(self.text, items, at, "removed what a list names twice");
                self.findings.push(Finding::new(problem).fixed_by(fix));
            } else {
                seen.insert(key, item);
            }
        }
    }

    /// Names that another name of the list implies, on every host of the block.
    fn covered_names(&mut self, left: &Expression, right: &Expression) {
        let (Kind::Path(path), Kind::List(items)) = (&left.kind, &right.kind) else { return };
        let tables: Option<Vec<&'static NameTable>> = self.hosts.iter().map(|host| names_of(host, path)).collect();
        let Some(tables) = tables.filter(|tables| !tables.is_empty()) else { return };
        let implies = |strong: &str, weak: &str| {
            tables.iter().all(|table| table.position(weak).is_some() && NameSet::new(table, [strong]).grants(weak))
        };
        self.covered(items, implies, true, "implies it");
    }

    fn covered_globs(&mut self, list: &Expression, is_asked: impl Fn(&str) -> bool, certain: bool) {
        let Kind::List(items) = &list.kind else { return };
        self.covered(items, |wide, narrow| is_asked(narrow) && globs::covers(wide, narrow), certain, "matches it, too");
    }

    fn covered(&mut self, items: &[Expression], covers: impl Fn(&str, &str) -> bool, certain: bool, how: &str) {
        if items.len() > MOST_ITEMS {
            return;
        }
        let texts: Vec<&str> = items
            .iter()
            .filter_map(|item| match &item.kind {
                Kind::String(text) | Kind::Path(text) => Some(text.as_str()),
                _ => None,
            })
            .collect();
        if texts.len() != items.len() {
            return;
        }
        let mut gone: BTreeSet<usize> = BTreeSet::new();
        for (at, (item, text)) in items.iter().zip(&texts).enumerate() {
            // One that is to go covers nothing: of two that cover each other, one stays.
            let by = items.iter().zip(&texts).enumerate().find(|(other, (_, wide))| {
                *other != at && !gone.contains(other) && *wide != text && covers(wide, text)
            });
            let Some((_, (cover, wide))) = by else { continue };
            gone.insert(at);
            let problem = Diagnostic::at(Code::CoveredItem, item.span, format!("`{wide}` covers this already"))
                .labelled("adds nothing")
                .label(cover.span, how)
                .help("remove it");
            let fix = certain
                .then(|| Fix::remove_item(self.text, items, at, format!("removed `{text}`, which `{wide}` covers")))
                .flatten();
            self.findings.push(Finding::new(problem).fixed_by(fix));
        }
    }
}

fn names_of(host: &'static Host, path: &str) -> Option<&'static NameTable> {
    match vocabulary::host(host.kind).row(host.fact(path)?).ty {
        Type::Names(table) => Some(table),
        _ => None,
    }
}
