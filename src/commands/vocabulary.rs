//! `credcheck vocab`: what policies can speak of.

use super::cli::VocabArguments;
use super::failure::Failure;
use super::output::Sink;
use crate::diagnostic::{Code, Diagnostic};
use crate::evaluation::ExitCode;
use crate::report::vocabulary::{Selection, page, v1};
use crate::text::english;
use crate::text::nearest::nearest;
use crate::vocabulary::{FactIndex, HOSTS, Host};

/// `credcheck vocab`.
pub(super) fn run(arguments: &VocabArguments, sink: &Sink) -> Result<ExitCode, Failure> {
    let selection = select(arguments.host.as_deref(), arguments.fact.as_deref())
        .map_err(|problem| Failure::Usage(vec![*problem]))?;
    sink.page(&page(&selection), &v1::Vocabulary::new(&selection))?;
    Ok(ExitCode::Success)
}

/// What the words select. One word with a dot is a fact, of every host that has it; so is a fact of `any`.
fn select(host: Option<&str>, fact: Option<&str>) -> Result<Selection, Box<Diagnostic>> {
    let (host, fact) = match (host, fact) {
        (None, _) => return Ok(Selection::Everything),
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
    if found.is_empty() { Err(Box::new(unknown_fact(host, &hosts, fact))) } else { Ok(Selection::Fact(found)) }
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
    if let Some(near) = nearest(fact, paths()) {
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
        assert!(told(Some("github"), Some("project.access_level")).contains("`gitlab` has it"));
    }
}
