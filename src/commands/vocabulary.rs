//! `credcheck vocab`: what policies can speak of.

use super::cli::VocabArguments;
use super::failure::Failure;
use super::output::Sink;
use crate::diagnostic::{Code, Diagnostic};
use crate::evaluation::ExitCode;
use crate::report::vocabulary::{Selection, page, v1};
use crate::text::english;
use crate::text::nearest::nearest;
use crate::vocabulary::{self, Alias, FactIndex, HOSTS, Host, Type};

/// `credcheck vocab`.
pub(super) fn run(arguments: &VocabArguments, sink: &Sink) -> Result<ExitCode, Failure> {
    show(arguments.host.as_deref(), arguments.fact.as_deref(), sink)
}

/// Shows what the words select.
///
/// # Errors
/// [`Failure::Usage`] where they select nothing.
pub(super) fn show(host: Option<&str>, fact: Option<&str>, sink: &Sink) -> Result<ExitCode, Failure> {
    let selection = select(host, fact).map_err(|problem| Failure::Usage(vec![*problem]))?;
    sink.page(&page(&selection), &v1::Vocabulary::new(&selection))?;
    Ok(ExitCode::Success)
}

/// What the words select. One word with a dot is a fact, of every host that has it; so is a fact of `any`.
fn select(host: Option<&str>, fact: Option<&str>) -> Result<Selection, Box<Diagnostic>> {
    let (host, fact) = match (host, fact) {
        (None, None) => return Ok(Selection::Everything),
        (None, Some(fact)) => (None, fact),
        (Some(path), None) if path.contains('.') => (None, path),
        (Some("any"), None) => return Ok(Selection::Everything),
        (Some("any"), Some(fact)) => (None, fact),
        (Some(word), fact) => {
            let host =
                HOSTS.iter().copied().find(|host| host.word == word).ok_or_else(|| Box::new(unknown_host(word)))?;
            match fact {
                None => return Ok(Selection::Host(host)),
                Some(fact) => (Some(host), fact),
            }
        }
    };
    let hosts: Vec<&'static Host> = host.map_or_else(|| HOSTS.to_vec(), |host| vec![host]);
    let found: Vec<(&'static Host, FactIndex)> =
        hosts.iter().filter_map(|host| Some((*host, host.fact(fact)?))).collect();
    if found.is_empty() {
        // A word that facts can hold: a scope, a permission, an ability, a value.
        let holding = hosts.iter().flat_map(|host| {
            let facts = (0..host.facts.len()).filter_map(|at| u16::try_from(at).ok()).map(FactIndex);
            facts.filter(|index| has_word(host.row(*index).ty, fact)).map(|index| (*host, index))
        });
        let holding: Vec<(&'static Host, FactIndex)> = holding.collect();
        if !holding.is_empty() {
            return Ok(Selection::Word(fact.to_owned(), holding));
        }
    }
    if found.is_empty() { Err(Box::new(unknown_fact(host, &hosts, fact))) } else { Ok(Selection::Fact(found)) }
}

/// Whether a type has the word: among its names, permissions, values, levels or fields, or as another spelling of one.
fn has_word(ty: Type, word: &str) -> bool {
    let spelt = |aliases: &[Alias]| aliases.iter().any(|alias| alias.spelling == word);
    match ty {
        Type::Names(table) => table.position(word).is_some() || spelt(table.aliases),
        Type::Permissions(table) => table.permissions.iter().any(|row| row.name == word) || spelt(table.aliases),
        Type::Enum(table) => table.words.iter().any(|(known, _)| *known == word) || spelt(table.aliases),
        Type::Level(table) => table.word(word).is_some(),
        Type::Records(table) => table.fields.iter().any(|field| field.name == word),
        _ => false,
    }
}

/// The words of a type.
fn words_of(ty: Type) -> Vec<&'static str> {
    match ty {
        Type::Names(table) => table.names.iter().map(|name| name.name).collect(),
        Type::Permissions(table) => table.permissions.iter().map(|row| row.name).collect(),
        Type::Enum(table) => table.words.iter().map(|(word, _)| *word).collect(),
        Type::Level(table) => table.levels.iter().map(|(word, _)| *word).collect(),
        Type::Records(table) => table.fields.iter().map(|field| field.name).collect(),
        _ => Vec::new(),
    }
}

fn unknown_host(word: &str) -> Diagnostic {
    let words = HOSTS.iter().map(|host| host.word);
    let problem = Diagnostic::new(Code::UnknownHost, format!("there is no host kind `{word}`"));
    match nearest(word, words.clone()) {
        Some(near) => problem.help(format!("did you mean `{near}`?")),
        None => problem.help(format!("host kinds are {}", english::quoted_list(words, "and"))),
    }
}

fn unknown_fact(host: Option<&Host>, hosts: &[&'static Host], fact: &str) -> Diagnostic {
    let whose = host.map_or("no host".to_owned(), |host| host.title.to_owned());
    let verb = if host.is_some() { "has no" } else { "has a" };
    let problem = Diagnostic::new(Code::UnknownFact, format!("{whose} {verb} fact `{fact}`"));
    let paths = || hosts.iter().flat_map(|host| host.facts).map(|row| row.path);
    let elsewhere = HOSTS.iter().any(|host| host.fact(fact).is_some());
    let meant = hosts.iter().find_map(|host| vocabulary::facts_meant(host, fact)).filter(|_| !elsewhere);
    if let Some(meant) = meant {
        let facts = english::quoted_list(&meant.facts, "or");
        let says = if meant.opposite { format!("{facts} says the opposite") } else { format!("did you mean {facts}?") };
        return problem.help(says);
    }
    if let Some(near) = nearest(fact, paths()) {
        return problem.help(format!("did you mean `{near}`?"));
    }
    // A word of a fact is asked for like a fact.
    let words = || hosts.iter().flat_map(|host| host.facts).flat_map(|row| words_of(row.ty));
    if let Some(near) = nearest(fact, words()).filter(|_| !elsewhere) {
        return problem.help(format!("did you mean `{near}`?"));
    }
    // Facts of the same root are more help than all of them.
    let root = fact.split_once('.').map_or(fact, |(root, _)| root);
    let mut same: Vec<&str> = paths().filter(|path| path.split_once('.').is_some_and(|(own, _)| own == root)).collect();
    same.dedup();
    let others: Vec<&str> = HOSTS.iter().filter(|other| other.fact(fact).is_some()).map(|other| other.word).collect();
    let problem = if others.is_empty() {
        problem
    } else {
        problem.help(format!(
            "{} {} it",
            english::quoted_list(&others, "and"),
            if others.len() == 1 { "has" } else { "have" }
        ))
    };
    if !same.is_empty() && host.is_some() {
        return problem.help(format!("facts of `{root}` are {}", english::quoted_list(same, "and")));
    }
    let word = host.map_or(String::new(), |host| format!(" {}", host.word));
    problem.help(format!("`credcheck vocab{word}` lists the facts"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(host: Option<&str>, fact: Option<&str>) -> String {
        match select(host, fact) {
            Ok(Selection::Word(word, facts)) => format!("the word {word} of {} facts", facts.len()),
            Ok(Selection::Everything) => "everything".into(),
            Ok(Selection::Host(host)) => host.word.into(),
            Ok(Selection::Fact(facts)) => facts
                .iter()
                .map(|(host, index)| format!("{}:{}", host.word, host.row(*index).path))
                .collect::<Vec<_>>()
                .join(" "),
            Err(problem) => {
                format!("{} {} | {}", problem.code.number(), problem.message, problem.help.unwrap_or_default())
            }
        }
    }

    #[test]
    fn words_select_hosts_and_facts() {
        assert_eq!(told(None, None), "everything");
        assert_eq!(told(Some("any"), None), "everything");
        assert_eq!(told(Some("gitlab"), None), "gitlab");
        assert_eq!(told(Some("github"), Some("token.scopes")), "github:token.scopes");
        assert_eq!(told(Some("user.site_admin"), None), "github:user.site_admin");
        assert_eq!(told(Some("any"), Some("token.active")).split(' ').count(), HOSTS.len());
    }

    #[test]
    fn wrong_names_get_the_nearest_or_the_list() {
        assert_eq!(told(Some("githbu"), None), "C0201 there is no host kind `githbu` | did you mean `github`?");
        let kinds = "host kinds are `github`, `gitlab`, `bitbucket_cloud`, `bitbucket_server` and `gitea`";
        assert_eq!(told(Some("sourceforge"), None), format!("C0201 there is no host kind `sourceforge` | {kinds}"));
        assert_eq!(
            told(Some("github"), Some("token.scops")),
            "C0202 GitHub has no fact `token.scops` | did you mean `token.scopes`?"
        );
        assert_eq!(
            told(Some("github"), Some("app.everything_about_it")),
            "C0202 GitHub has no fact `app.everything_about_it` | facts of `app` are `app.slug`, `app.permissions` and \
             `app.events`"
        );
        assert_eq!(
            told(Some("github"), Some("pipeline.is_green")),
            "C0202 GitHub has no fact `pipeline.is_green` | `credcheck vocab github` lists the facts"
        );
        assert_eq!(told(Some("x.y"), None), "C0202 no host has a fact `x.y` | `credcheck vocab` lists the facts");
        let near = "C0202 GitHub has no fact `delete_rep` | did you mean `delete_repo`?";
        assert_eq!(told(Some("github"), Some("delete_rep")), near);
        assert!(told(Some("github"), Some("project.access_level")).contains("`gitlab` has it"));
    }
}
