//! The vocabulary for people and for programs: hosts, kinds of credential, facts, and what reveals them.
//!
//! Everything is read from the tables; nothing here knows a host.

mod one_fact;
mod one_word;
mod page;
mod rows;
pub mod v1;

pub use page::page;

use crate::text::english;
use crate::vocabulary::{Absence, Derivation, Fact, FactIndex, HOSTS, Host, Place, Request, Type};

/// What of the vocabulary is shown.
#[derive(Clone, Debug)]
pub enum Selection {
    /// The hosts, and the facts that all of them have.
    Everything,
    /// One host whole.
    Host(&'static Host),
    /// One fact, of each of these hosts.
    Fact(Vec<(&'static Host, FactIndex)>),
    /// A word that these facts can hold: a scope, a permission, an ability, a value, a field of a list's items.
    Word(String, Vec<(&'static Host, FactIndex)>),
}

/// Whether every host has the fact, with one type: what `host any` may read.
pub(in crate::report) fn is_portable(fact: &Fact) -> bool {
    HOSTS.iter().all(|host| host.fact(fact.path).is_some_and(|index| host.row(index).ty == fact.ty))
}

/// How "there is none" reads, in a word or two.
fn absence(absence: Absence) -> String {
    match absence {
        Absence::Impossible => "cannot be absent".to_owned(),
        Absence::Never => "`never`".to_owned(),
        Absence::Level(word) => format!("`{word}`"),
        Absence::Empty => "empty".to_owned(),
        Absence::NoValue => "no such value".to_owned(),
    }
}

/// The same in a sentence.
fn absence_sentence(absence: Absence) -> String {
    match absence {
        Absence::Impossible => "It cannot be absent.".to_owned(),
        Absence::Never => {
            "When the host says there is none it reads as `never`: later than every time, longer than every duration."
                .to_owned()
        }
        Absence::Level(word) => format!("When the host says there is none it reads as `{word}`."),
        Absence::Empty => "When the host says there is none it reads as empty.".to_owned(),
        Absence::NoValue => "When the host says there is none it is unequal to every literal, matched by no pattern, \
                             and its order is undetermined; `is absent` is true."
            .to_owned(),
    }
}

/// How a derived fact is computed, in words.
fn derivation(derivation: &'static Derivation, host: &Host) -> String {
    match derivation {
        Derivation::Until(path) => format!("the time from now until `{path}`"),
        Derivation::Since(path) => format!("the time from `{path}` until now"),
        Derivation::Lifetime => "from `token.kind`; where that does not tell, from `token.expires_at`".to_owned(),
        Derivation::Access(path) => format!("from `{path}`, each role mapped to a word that all hosts share"),
        Derivation::Abilities(_) | Derivation::Outsider(_) | Derivation::RoleEnd(_) => {
            let have = derivation.reads().into_iter().filter(|path| host.fact(path).is_some());
            format!("from {}", english::quoted_list(have, "and"))
        }
    }
}

/// A request as people write it: `GET /user`.
pub(in crate::report) fn request_line(request: &Request) -> String {
    format!("{} {}", request.method.word(), request.path)
}

/// The place in an answer: `header X-OAuth-Scopes` as it is, with its name in backticks.
fn place(source: &Place) -> String {
    match source.first() {
        Place::Header(_) => format!("header `{}`", source.name()),
        Place::Field(_) => format!("field `{}`", source.name()),
        _ => source.to_string(),
    }
}

/// Why something is not known: each reason once.
pub(in crate::report) fn reasons(obstacles: &[crate::facts::reveal::Obstacle]) -> String {
    let mut reasons: Vec<&str> = Vec::new();
    for obstacle in obstacles {
        if !reasons.contains(&obstacle.reason.as_str()) {
            reasons.push(&obstacle.reason);
        }
    }
    english::list(reasons, "and")
}

/// A type with its words, short.
fn type_words(ty: Type) -> String {
    match ty {
        Type::Enum(table) => {
            format!("one of {}", english::quoted_list(table.words.iter().map(|(word, _)| *word), "or"))
        }
        Type::Level(table) => format!("a level of {}", order(table.levels)),
        other => other.title(),
    }
}

/// Levels in their order: `none` < `read` < `write`; where some cannot be compared, just their list.
fn order(levels: &[(&str, &[&str])]) -> String {
    let chain = levels.windows(2).all(|pair| match pair {
        [(lower, _), (_, below)] => below == &[*lower],
        _ => false,
    });
    let words = levels.iter().map(|(word, _)| format!("`{word}`"));
    if chain { words.collect::<Vec<_>>().join(" < ") } else { english::list(words, "or") }
}
