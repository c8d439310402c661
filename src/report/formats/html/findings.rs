//! What has to be mended, by its kind and cause.

use std::io::{self, Write};

use super::markup::{code, link, sentence, text};
use crate::report::formats::groups::{Group, Kind, Said};
use crate::report::told::Rule;
use crate::text::english;

/// The most that is told of one cause.
const MOST_SAID: usize = 500;
/// How many names stand in a line; further ones are folded.
const IN_LINE: usize = 5;
/// The most names that are listed at all.
const MOST_NAMES: usize = 1_000;

/// Where findings of a kind stand.
pub(super) const fn id(kind: Kind) -> &'static str {
    match kind {
        Kind::Violation => "violations",
        Kind::Undetermined => "undetermined",
        Kind::Warning => "warnings",
    }
}

/// What they are called.
pub(super) const fn title(kind: Kind) -> &'static str {
    match kind {
        Kind::Violation => "Violations",
        Kind::Undetermined => "Undetermined",
        Kind::Warning => "Warnings",
    }
}

/// Writes them, the worst kind first.
pub(super) fn write(groups: &[Group<'_>], rules: &[Rule], out: &mut dyn Write) -> io::Result<()> {
    for kind in Kind::ALL {
        let mut of_kind = groups.iter().filter(|group| group.kind == kind).peekable();
        if of_kind.peek().is_none() {
            continue;
        }
        let (id, title) = (id(kind), title(kind));
        writeln!(out, "<section aria-labelledby=\"{id}\">\n<h2 id=\"{id}\">{title}</h2>")?;
        if kind == Kind::Undetermined {
            writeln!(out, "<p>Whether these hold is not known, and what is unknown never passes.</p>")?;
        }
        for group in of_kind {
            finding(group, rules, out)?;
        }
        writeln!(out, "</section>")?;
    }
    if groups.is_empty() {
        writeln!(out, "<p>There is nothing to mend.</p>")?;
    }
    Ok(())
}

/// Findings of one cause.
fn finding(group: &Group<'_>, rules: &[Rule], out: &mut dyn Write) -> io::Result<()> {
    let (first, kind, ours) = (group.first, group.kind, group.is_of_its_rule());
    let named: Vec<String> = group.rules.all().iter().take(IN_LINE).map(|rule| code(rule)).collect();
    let named = match group.rules.all().len().saturating_sub(IN_LINE) {
        0 => english::list(named, "and"),
        more => format!("{} and {more} more", named.join(", ")),
    };
    let (class, sign) = (kind.word(), kind.sign());
    let color = match kind {
        Kind::Violation => "bad",
        Kind::Undetermined => "unsure",
        Kind::Warning => "warn",
    };
    let count = if group.count > 1 { format!(", {} times", group.count) } else { String::new() };
    writeln!(
        out,
        "<article class=\"finding {class}\">\n<h3><span class=\"{color}\"><span aria-hidden=\"true\">{sign}</span> \
         {class}</span>: {named}{count}</h3>"
    )?;
    let rule = rules.iter().find(|rule| rule.name == first.rule && ours);
    if let Some(title) = rule.and_then(|rule| rule.title.as_deref()) {
        writeln!(out, "<p>{}</p>", sentence(title))?;
    }
    writeln!(out, "<ul>")?;
    for one in group.said.iter().take(MOST_SAID) {
        said(one, out)?;
    }
    if let Some(more) = group.said.len().checked_sub(MOST_SAID).filter(|more| *more > 0) {
        writeln!(out, "<li>and {more} more of this kind: the JSON report has them all.</li>")?;
    }
    writeln!(out, "</ul>")?;
    let words = [
        ("Undecided because", first.cause.as_deref().map(text)),
        ("Why", first.because.as_deref().filter(|_| ours).map(sentence)),
        ("To mend it", first.help.as_deref().filter(|_| ours).map(sentence)),
        ("See", first.link.as_deref().filter(|_| ours).map(link)),
        ("In", group.place().map(|place| code(&place))),
        ("Code", Some(text(&first.code)).filter(|code| !code.is_empty())),
    ];
    writeln!(out, "<dl class=\"words\">")?;
    for (word, said) in words {
        if let Some(said) = said {
            writeln!(out, "<dt>{word}</dt>\n<dd>{said}</dd>")?;
        }
    }
    writeln!(out, "</dl>\n</article>")
}

/// What is said of one credential, and of what else it is true.
fn said(one: &Said<'_>, out: &mut dyn Write) -> io::Result<()> {
    write!(out, "<li>{}", sentence(&one.first.text))?;
    if let Some(found) = &one.first.found {
        write!(out, "<br/>found: {}", code(found))?;
    }
    also("rule", one.rules.all(), Some(one.first.rule.as_str()), out)?;
    also("name", one.subjects.all(), one.first.subject.as_deref(), out)?;
    writeln!(out, "</li>")
}

/// What else is true of: a few in the line, many folded.
fn also(what: &str, names: &[&str], first: Option<&str>, out: &mut dyn Write) -> io::Result<()> {
    let others = || names.iter().filter(|name| Some(**name) != first);
    let listed = |most: usize| others().take(most).map(|name| code(name)).collect::<Vec<_>>();
    match others().count() {
        0 => Ok(()),
        count if count <= IN_LINE => write!(out, "<br/>the same for {}", english::list(listed(count), "and")),
        count => {
            let more = count.saturating_sub(MOST_NAMES);
            let more = if more > 0 { format!(" and {more} more") } else { String::new() };
            let names = listed(MOST_NAMES).join(", ");
            write!(out, "<details><summary>the same for {count} more {what}s</summary><p>{names}{more}</p></details>")
        }
    }
}
