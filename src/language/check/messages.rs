//! What people are told about names and types: the nearest name, the valid list, the habit.

use super::super::ast::ExpressionKind as Kind;
use super::super::syntax::{ABSENT, short};
use crate::diagnostic::{Code, Diagnostic};
use crate::text::english;
use crate::text::nearest::nearest;
use crate::text::source::{Span, Spanned};
use crate::vocabulary::{self, Alias, EnumTable, Host, HostKind, LevelTable, NameTable, Product, Type};

/// What to write for what is not there, where nobody knows which way round it is asked.
pub(super) const NOT_THERE: &str = "write `is absent` for what is not there, and `is not absent` for what is";

/// What kind of thing an expression is, for messages.
pub(super) const fn kind_title(kind: &Kind) -> &'static str {
    match kind {
        Kind::Path(_) => "a word",
        Kind::String(_) => "a string",
        Kind::Integer(_) => "an integer",
        Kind::Time(_) => "a time",
        Kind::Duration(_) => "a duration",
        Kind::Bool(_) => "a bool",
        Kind::List(_) => "a list",
        Kind::Map(_) => "a permission map",
        Kind::Count(_) => "a count",
        _ => "a condition",
    }
}

pub(super) fn mismatch(kind: &Kind, ty: Type, span: Span) -> Diagnostic {
    let problem = Diagnostic::at(
        Code::TypeMismatch,
        span,
        format!("expected {}, found {}", english::with_article(&ty.title()), kind_title(kind)),
    );
    match (kind, ty) {
        (Kind::String(text), Type::Names(_) | Type::Strings) => {
            problem.help(format!("write a list: `[\"{}\"]`", short(text)))
        }
        (Kind::String(text), Type::Enum(_) | Type::Level(_)) => {
            problem.help(format!("values are bare words: `{}`", short(text)))
        }
        (Kind::String(text), Type::Time | Type::Duration) => {
            problem.help(format!("write it without quotes: `{}`", short(text)))
        }
        (Kind::Integer(number), Type::Duration) => problem.help(format!("a duration has a unit: `{number}d`")),
        (Kind::Integer(number), Type::Version) => problem.help(format!("a version is a string: `\"{number}\"`")),
        (Kind::List(_), Type::Permissions(_)) => {
            problem.help("permissions are a map: `{ contents = read, statuses = write }`")
        }
        (Kind::Map(_), Type::Names(_)) => problem.help("scopes are a list: `[\"repo\"]`"),
        _ => problem,
    }
}

/// A fact that some kinds of the block have and others not, or not with one type. The same for each of the kinds, so that
/// it is said once.
pub(super) fn not_portable(kinds: &[HostKind], path: &str, span: Span) -> Option<Diagnostic> {
    if kinds.len() < 2 {
        return None;
    }
    let rows: Vec<_> = kinds.iter().map(|kind| vocabulary::host(*kind)).map(|host| (host, host.fact(path))).collect();
    let mut types = rows.iter().filter_map(|(host, index)| index.map(|index| host.row(index).ty));
    let first = types.next()?;
    let differ = types.any(|ty| ty != first);
    let lacking: Vec<&str> = rows.iter().filter(|(_, index)| index.is_none()).map(|(host, _)| host.title).collect();
    if lacking.is_empty() && !differ {
        return None;
    }
    let mut said = Vec::new();
    if !lacking.is_empty() {
        let verb = if lacking.len() == 1 { "has" } else { "have" };
        said.push(format!("{} {verb} no such fact", english::list(lacking, "and")));
    }
    if differ {
        said.push("its values differ from host to host".to_owned());
    }
    Some(
        Diagnostic::at(Code::NotPortable, span, format!("`{path}` is not the same on every host of this block"))
            .labelled(said.join("; "))
            .help("give each host a block of its own for this, or read a portable fact such as `repository.can`"),
    )
}

/// A product that is one instance of its kind: no answer tells that it is that one, its address does.
pub(super) fn unguarded_product(word: &Spanned<String>, product: &Product) -> Diagnostic {
    let problem = Diagnostic::at(Code::UnknownHost, word.span, format!("{} is no kind of host", product.title));
    let address = product.public_url.unwrap_or_default().trim_start_matches("https://");
    let kind = vocabulary::host_kind(&word.value).map_or("any", HostKind::word);
    problem.help(format!("write the block for that address: `host {kind} at \"{address}\" {{`"))
}

/// A host kind that is none.
pub(super) fn unknown_host(word: &str, span: Span, any: bool) -> Diagnostic {
    let problem = Diagnostic::at(Code::UnknownHost, span, format!("no host kind is named `{}`", short(word)));
    let told = |product: &&'static Product| product.told.is_some();
    let products = vocabulary::HOSTS.iter().flat_map(|host| host.products).filter(told).map(|product| product.word);
    let words = vocabulary::HOSTS.iter().map(|host| host.word).chain(products).chain(any.then_some("any"));
    if let Some(instead) = vocabulary::instead_of(word) {
        return problem.help(instead);
    }
    if vocabulary::OTHER_PRODUCTS.contains(&word) {
        let words: Vec<&str> = words.collect();
        return problem.help(format!("this credcheck knows {}", english::quoted_list(words, "and")));
    }
    suggest(problem, word, words)
}

/// A fact that the host does not have: who has it, the nearest one, or what there is.
pub(super) fn unknown_fact(host: &Host, kinds: &[HostKind], path: &str, span: Span) -> Diagnostic {
    let who = if kinds.len() > 1 { "no host of this block has a" } else { "has no" };
    let who = if kinds.len() > 1 { who.to_owned() } else { format!("{} {who}", host.title) };
    let problem = Diagnostic::at(Code::UnknownFact, span, format!("{who} fact `{}`", short(path)));
    let here = host.facts.iter().map(|fact| fact.path);
    // What this host calls so by another name is more help than who has it by that name.
    if let Some(help) = host.synonyms.iter().any(|row| row.words.contains(&path)).then(|| meant(host, path)).flatten() {
        return problem.help(help);
    }
    let others: Vec<&str> = vocabulary::HOSTS
        .iter()
        .filter(|other| !kinds.contains(&other.kind) && other.fact(path).is_some())
        .map(|other| other.title)
        .collect();
    if !others.is_empty() {
        let problem = problem.help(format!("it is a fact of {}", english::list(others, "and")));
        return match meant(host, path) {
            Some(help) => problem.help(help),
            None => problem,
        };
    }
    if let Some(help) = meant(host, path) {
        return problem.help(help);
    }
    if let Some(help) = member(host, path) {
        return problem.help(help);
    }
    if let Some(near) = nearest(path, here.clone()) {
        return problem.help(format!("did you mean `{near}`?"));
    }
    let root = path.split_once('.').map_or(path, |(root, _)| root);
    let siblings: Vec<&str> =
        here.clone().filter(|fact| fact.split_once('.').is_some_and(|(have, _)| have == root)).collect();
    if siblings.is_empty() {
        let mut roots: Vec<&str> = here.filter_map(|fact| fact.split_once('.').map(|(root, _)| root)).collect();
        roots.dedup();
        roots.sort_unstable();
        roots.dedup();
        return problem.help(format!("facts begin with {}", english::quoted_list(roots, "or")));
    }
    problem.help(format!("`{root}` has {}", english::quoted_list(siblings, "and")))
}

/// What to write where a path names a member of a fact that is a set or a map: `token.permissions.contents`.
fn member(host: &Host, path: &str) -> Option<String> {
    let (fact, name) = path.rsplit_once('.')?;
    match host.row(host.fact(fact)?).ty {
        Type::Permissions(table) => {
            let row = table.permissions.iter().find(|row| row.name == name)?;
            Some(format!("write `{fact} covers {{ {name} = {} }}`", row.levels.first()?))
        }
        Type::Names(table) => {
            table.position(name)?;
            Some(format!("write `{fact} covers {}`", listed(table, name)))
        }
        _ => None,
    }
}

/// A name as a list of one.
pub(super) fn listed(table: &NameTable, name: &str) -> String {
    if table.words { format!("[{name}]") } else { format!("[\"{name}\"]") }
}

/// What to say where a path that names no fact is what people call one.
pub(super) fn meant(host: &Host, path: &str) -> Option<String> {
    let meant = vocabulary::facts_meant(host, path)?;
    let facts = english::quoted_list(&meant.facts, "or");
    Some(if meant.opposite { format!("{facts} says the opposite") } else { format!("did you mean {facts}?") })
}

pub(super) fn unknown_value(table: &EnumTable, word: &str, span: Span) -> Diagnostic {
    let problem = Diagnostic::at(
        Code::UnknownName,
        span,
        format!("`{}` is not {}", short(word), english::with_article(table.title)),
    );
    if ABSENT.contains(&word) {
        return problem.help(NOT_THERE);
    }
    if let Some(meant) = vocabulary::word_meant(word, table.words.iter().map(|(word, _)| *word)) {
        return problem.help(format!("did you mean `{meant}`?"));
    }
    alias_or_near(problem, word, table.aliases, table.words.iter().map(|(word, _)| *word))
}

pub(super) fn unknown_level(table: &LevelTable, word: &str, span: Span) -> Diagnostic {
    let problem = Diagnostic::at(
        Code::UnknownLevel,
        span,
        format!("`{}` is not {}", short(word), english::with_article(table.title)),
    );
    if ABSENT.contains(&word) {
        return problem.help(NOT_THERE);
    }
    if let Some(meant) = vocabulary::level_meant(table, word) {
        return problem.help(format!("did you mean `{meant}`?"));
    }
    suggest(problem, word, table.levels.iter().map(|(word, _)| *word))
}

pub(super) fn alias_or_near<'a>(
    problem: Diagnostic,
    name: &str,
    aliases: &[Alias],
    candidates: impl Iterator<Item = &'a str> + Clone,
) -> Diagnostic {
    if let Some(alias) = aliases.iter().find(|alias| alias.spelling.eq_ignore_ascii_case(name)) {
        return problem.help(format!("write `{}` (the spelling `{}`: {})", alias.name, alias.spelling, alias.seen_in));
    }
    suggest(problem, name, candidates)
}

/// The nearest name, or the valid list (its first twenty).
pub(super) fn suggest<'a>(
    problem: Diagnostic,
    name: &str,
    candidates: impl Iterator<Item = &'a str> + Clone,
) -> Diagnostic {
    if let Some(near) = nearest(name, candidates.clone()) {
        return problem.help(format!("did you mean `{near}`?"));
    }
    let all: Vec<&str> = candidates.collect();
    if all.is_empty() {
        return problem;
    }
    let shown = all.iter().take(20).map(|name| format!("`{}`", short(name)));
    let more = all.len().saturating_sub(20);
    problem.help(if more == 0 {
        format!("it can be {}", english::list(shown, "or"))
    } else {
        format!("it can be {} or one of {more} more", shown.collect::<Vec<_>>().join(", "))
    })
}
