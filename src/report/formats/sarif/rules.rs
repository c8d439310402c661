//! The rules of a log: every one of the policy's, then what else is told, each with texts that are never empty.

use std::collections::{BTreeMap, BTreeSet};

use super::log::{Configuration, Help, Rule, RuleProperties, Text};
use crate::report::annotations::Annotation;
use crate::report::formats::ruled::Ruled;
use crate::report::formats::wording::{cut, line, sentence, web_address};
use crate::report::formats::{Subject, Whole};
use crate::text::untrusted::{self, Sink};

/// The longest name.
const NAME: usize = 255;
/// The longest description.
const DESCRIPTION: usize = 1_024;
/// The longest part of a help text.
const HELP: usize = 4_000;
/// The most rules that are listed though nothing is found of them.
const MOST: usize = 5_000;

/// Rules, and where each is among them.
#[derive(Default)]
pub(super) struct Rules {
    pub(super) all: Vec<Rule>,
    index: BTreeMap<String, usize>,
}

/// What a rule is called in a log.
pub(super) fn id(rule: &str) -> String {
    line(rule, NAME)
}

impl Rules {
    /// The rules of the policy in its order, then what else is found in the order of names.
    pub(super) fn of(whole: &Whole<'_>, kept: &[&Annotation]) -> Self {
        let mut rules = Self::default();
        let of_policy = whole.run.map_or(&[][..], |(opening, _)| opening.rules.as_slice());
        let found: BTreeMap<&str, &Annotation> = kept.iter().rev().map(|one| (one.rule.as_str(), *one)).collect();
        for (at, rule) in of_policy.iter().enumerate() {
            if at < MOST || found.contains_key(rule.name.as_str()) {
                rules.add(id(&rule.name), || Ruled::of_rule(rule), whole.subject);
            }
        }
        for (name, one) in found {
            rules.add(id(name), || Ruled::of_code(one), whole.subject);
        }
        let undetermined: BTreeSet<String> =
            kept.iter().filter(|one| one.undetermined).map(|one| id(&one.rule)).collect();
        for rule in rules.all.iter_mut().filter(|rule| undetermined.contains(&rule.id)) {
            rule.properties.tags.push("undetermined");
        }
        rules
    }

    fn add<'a>(&mut self, id: String, ruled: impl FnOnce() -> Ruled<'a>, subject: Subject) {
        if !self.index.contains_key(&id) {
            self.index.insert(id.clone(), self.all.len());
            self.all.push(built(id, &ruled(), subject));
        }
    }

    /// Where a rule is.
    pub(super) fn index(&self, id: &str) -> Option<usize> {
        self.index.get(id).copied()
    }
}

fn built(id: String, ruled: &Ruled<'_>, subject: Subject) -> Rule {
    let describe = |text: &str| Text { text: line(&sentence(text), DESCRIPTION) };
    let see = ruled.see.and_then(web_address);
    let level = if ruled.demands { "error" } else { "warning" };
    let (tags, security_severity) = match subject {
        // No weakness by its number: of some, consumers would take a finding for a secret that leaked.
        Subject::Credentials => (vec!["security", "credentials"], Some(if ruled.demands { "8.0" } else { "5.0" })),
        Subject::Policies | Subject::Tests | Subject::Style => (vec!["policy"], None),
    };
    Rule {
        name: name(&id),
        short_description: describe(&ruled.short),
        full_description: describe(&ruled.full),
        help: help(&id, ruled, see.as_deref()),
        help_uri: see,
        default_configuration: Configuration { level },
        properties: RuleProperties { tags, precision: "very-high", problem_severity: level, security_severity },
        id,
    }
}

/// Why, what to do and where to read more, as plain text and as Markdown.
fn help(id: &str, ruled: &Ruled<'_>, see: Option<&str>) -> Help {
    let words = [("Why", ruled.why), ("How to mend", ruled.fix.as_deref())];
    let (mut text, mut markdown) = (Vec::new(), Vec::new());
    for (title, words) in words.iter().filter_map(|(title, words)| Some((title, (*words)?))) {
        let words = cut(words, HELP);
        text.push(format!("{title}: {}", untrusted::render(&words, Sink::Terminal)));
        markdown.push(format!("**{title}:** {}", untrusted::render(&words, Sink::Markdown)));
    }
    if let Some(see) = see {
        text.push(format!("See: {}", untrusted::one_line(see, Sink::Terminal)));
        markdown.push(format!("**See:** <{see}>"));
    }
    if text.is_empty() {
        text.push(format!("The policy says no more of {id}."));
        markdown.push(format!("The policy says no more of {}.", untrusted::one_line(id, Sink::Markdown)));
    }
    Help { text: text.join("\n\n"), markdown: markdown.join("\n\n") }
}

/// A name of one word: `github.repo-scope` is `GithubRepoScope`.
fn name(id: &str) -> String {
    let parts = id.split(|character: char| !character.is_alphanumeric());
    let words = parts.flat_map(|part| {
        let mut characters = part.chars();
        characters.next().into_iter().flat_map(char::to_uppercase).chain(characters)
    });
    let name: String = words.take(NAME - 4).collect();
    // It must be another than the identifier.
    if name.eq_ignore_ascii_case(id) || name.is_empty() { format!("{name}Rule") } else { name }
}
