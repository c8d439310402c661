//! The ready-made policies, listed: each by what its own text says of it.

pub mod v1;

use std::collections::BTreeMap;

use super::page::Page;
use crate::language::ast::Item;
use crate::language::{BUILTIN, CheckOptions, OpenError, Opened, PolicyStore, check, load_to_judge};
use crate::text::english;
use crate::text::source::{SourceMap, Span};
use crate::vocabulary::{HOSTS, HostKind};

/// A ready-made policy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReadyMade {
    /// Its name: `atlantis`.
    pub name: &'static str,
    /// Its header's title.
    pub title: String,
    /// The page that its header names.
    pub see: String,
    /// The kinds of host that it speaks of.
    pub hosts: Vec<HostKind>,
    /// Its rules by name, each with its title and the kinds of host that have it, in the order of the text.
    pub rules: Vec<(String, Option<String>, Vec<HostKind>)>,
    /// What the operator may set.
    pub inputs: Vec<ReadyInput>,
}

/// An input of a ready-made policy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReadyInput {
    /// Its name.
    pub name: String,
    /// The word of its type.
    pub ty: String,
    /// Its default, as it is written.
    pub default: Option<String>,
    /// The comment before it.
    pub meaning: Option<String>,
}

/// A ready-made policy names no file.
struct NoFiles;

impl PolicyStore for NoFiles {
    fn open(&self, _path: &str, _from: Option<&str>) -> Result<Opened, OpenError> {
        Err(OpenError::NotFound)
    }
}

/// Every ready-made policy, in the order of the alphabet.
pub fn all() -> Vec<ReadyMade> {
    BUILTIN.iter().map(|(name, text)| read(name, text)).collect()
}

/// The one of this name.
pub fn named(name: &str) -> Option<ReadyMade> {
    BUILTIN.iter().find(|(own, _)| *own == name).map(|(name, text)| read(name, text))
}

fn read(name: &'static str, text: &str) -> ReadyMade {
    let mut sources = SourceMap::new();
    let (program, problems) = load_to_judge(&[format!("builtin:{name}")], &NoFiles, &mut sources);
    let (policy, _) = check(&program, &sources, problems, CheckOptions::default());
    let written = |span: Span| {
        let source = sources.get(span.source).map_or("", |source| source.text());
        source.get(span.start as usize..span.end as usize).unwrap_or("").to_owned()
    };
    let file = program.files.first().map(|loaded| &loaded.file);
    let entry = |key: &str| {
        let entries = file.and_then(|file| file.header.as_ref()).map_or(&[][..], |header| &header.entries);
        let found = entries.iter().find(|(name, _)| name.value == key);
        found.map_or_else(String::new, |(_, value)| written(value.span).trim_matches('"').to_owned())
    };
    let mut rules: Vec<(String, Option<String>, Vec<HostKind>)> = Vec::new();
    for rule in &policy.rules {
        let name = rule.short_name.clone().unwrap_or_else(|| rule.name.clone());
        match rules.iter_mut().find(|(known, title, _)| *known == name && *title == rule.title) {
            Some((.., hosts)) => hosts.push(rule.host),
            None => rules.push((name, rule.title.clone(), vec![rule.host])),
        }
    }
    let hosts = HOSTS.iter().map(|host| host.kind).filter(|kind| policy.rules.iter().any(|rule| rule.host == *kind));
    let meanings = meanings(text);
    let items = file.map_or(&[][..], |file| &file.items);
    let inputs = items.iter().filter_map(|item| match item {
        Item::Input { name, ty, default } => Some(ReadyInput {
            name: name.value.clone(),
            ty: ty.value.clone(),
            default: default.as_ref().map(|default| written(default.span)),
            meaning: meanings.get(&name.value).cloned(),
        }),
        _ => None,
    });
    ReadyMade {
        name,
        title: entry("title"),
        see: entry("docs"),
        hosts: hosts.collect(),
        rules,
        inputs: inputs.collect(),
    }
}

/// The comments right before inputs, by the names of these.
fn meanings(text: &str) -> BTreeMap<String, String> {
    let mut meanings = BTreeMap::new();
    let mut comment: Vec<&str> = Vec::new();
    for line in text.lines() {
        if let Some(line) = line.strip_prefix('#') {
            comment.push(line.trim());
            continue;
        }
        let declared = line.strip_prefix("input ").and_then(|rest| rest.split(':').next());
        if let Some(name) = declared.filter(|_| !comment.is_empty()) {
            meanings.insert(name.trim().to_owned(), comment.join(" "));
        }
        comment.clear();
    }
    meanings
}

fn words(hosts: &[HostKind]) -> String {
    english::list(hosts.iter().map(|host| host.word()), "and")
}

/// The list for people.
pub fn list(policies: &[ReadyMade]) -> Page {
    let mut page = Page::default();
    page.heading("Ready-made policies");
    let rows = policies.iter().map(|one| {
        let about = format!("{}: {}", one.title, words(&one.hosts));
        vec![format!("builtin:{}", one.name), about]
    });
    page.rows(2, rows.collect());
    page.paragraph(
        0,
        "`credcheck builtin:NAME` checks by one, `use \"builtin:NAME\"` imports it, `credcheck init --bot NAME` writes it \
         out to be edited, and `credcheck builtins NAME` shows its rules and inputs.",
    );
    page
}

/// One of them for people.
pub fn one(policy: &ReadyMade) -> Page {
    let mut page = Page::default();
    page.heading(format!("builtin:{}", policy.name));
    page.paragraph(2, format!("{}: {}.", policy.title, words(&policy.hosts)));
    page.paragraph(2, format!("After {}", policy.see));
    page.heading("Rules");
    let rows = policy.rules.iter().map(|(name, title, hosts)| {
        let on = if *hosts == policy.hosts { "every host of it".to_owned() } else { words(hosts) };
        let about = title.as_ref().map_or_else(|| on.clone(), |title| format!("{title} ({on})"));
        vec![name.clone(), about]
    });
    page.rows(2, rows.collect());
    if !policy.inputs.is_empty() {
        page.heading("Inputs, each by `--set NAME=VALUE`");
        let rows = policy.inputs.iter().map(|input| {
            let default = input.default.as_ref().map_or("no default".to_owned(), |default| format!("= {default}"));
            let about = input.meaning.as_ref().map_or(default.clone(), |meaning| format!("{default}: {meaning}"));
            vec![input.name.clone(), input.ty.clone(), about]
        });
        page.rows(2, rows.collect());
    }
    page
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_policy_says_what_it_is() {
        let all = all();
        assert_eq!(all.len(), BUILTIN.len());
        for one in &all {
            assert!(one.title.starts_with(char::is_uppercase) && one.see.starts_with("https://"), "{one:?}");
            assert!(!one.hosts.is_empty() && !one.rules.is_empty(), "{one:?}");
            assert!(one.rules.iter().all(|(.., hosts)| hosts.iter().all(|host| one.hosts.contains(host))), "{one:?}");
        }
        let flux = all.iter().find(|one| one.name == "flux").unwrap();
        let bootstraps = flux.inputs.iter().find(|input| input.name == "bootstraps").unwrap();
        assert_eq!((bootstraps.ty.as_str(), bootstraps.default.as_deref()), ("bool", Some("true")));
        assert_eq!(
            bootstraps.meaning.as_deref(),
            Some("Whether the credential is the one that `flux bootstrap` is run with.")
        );
    }
}
