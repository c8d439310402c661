//! Markdown, for comments and summaries: short, the worst first, and cut between findings where it would be too long.

mod escapes;

use std::fmt::Write as _;
use std::io::{self, Write};

use super::groups::{Group, Said, groups};
use super::tally::Tally;
use super::verdict::{Ending, counts, headline};
use super::{Sheet, Whole};
use crate::report::told::{Closing, NotRead, Opening, Section};
use crate::report::wording::address;
use crate::text::english;
use escapes::{code, html_code, link, marker, sentence, words};

/// The format on its way.
pub(in crate::report) struct Markdown<'a> {
    out: Box<dyn Write + 'a>,
    rows: Vec<Tally>,
}

impl<'a> Markdown<'a> {
    /// A report that goes to `out`.
    pub(in crate::report) fn new(out: Box<dyn Write + 'a>) -> Self {
        Self { out, rows: Vec::new() }
    }
}

impl Sheet for Markdown<'_> {
    fn section(&mut self, section: &Section<'_>) -> io::Result<()> {
        self.rows.push(Tally::of(section));
        Ok(())
    }

    fn end(self: Box<Self>, whole: &Whole<'_>) -> io::Result<()> {
        let Self { mut out, mut rows } = *self;
        rows.sort_by(|one, other| one.key().cmp(&other.key()));
        if let Some((opening, closing)) = whole.run {
            out.write_all(document(whole, opening, closing, &rows).as_bytes())?;
        }
        out.flush()
    }
}

/// How much is shown beside the findings, from much to nothing: rows of the table, and of what was not checked.
const SIZES: [(usize, usize); 4] = [(50, 20), (20, 5), (5, 2), (0, 0)];
/// What the sentence about findings that are left out may take.
const LEFT_OUT: usize = 200;

/// The whole text.
fn document(whole: &Whole<'_>, opening: &Opening, closing: &Closing, rows: &[Tally]) -> String {
    let groups = groups(whole.annotations);
    let limit = whole.surroundings.max_bytes.unwrap_or(usize::MAX);
    // Findings are worth more than tables.
    let room = if groups.is_empty() { limit.saturating_sub(LEFT_OUT) } else { limit / 2 };
    let framed = |(rows_shown, others): (usize, usize)| {
        (head(opening, closing, rows, rows_shown), tail(whole, opening, closing, others))
    };
    let (mut text, tail) = SIZES
        .into_iter()
        .map(framed)
        .find(|(head, tail)| head.len() + tail.len() <= room)
        .unwrap_or_else(|| (head(opening, closing, rows, 0), String::new()));
    let mut left = groups.iter();
    for group in left.by_ref() {
        let finding = finding(group);
        if text.len() + finding.len() + tail.len() + LEFT_OUT > limit {
            let more = group.count + left.map(|group| group.count).sum::<usize>();
            let more = english::count(more, "finding is", "findings are");
            let _ = writeln!(
                text,
                "\n**{more} left out here**, to stay below {limit} bytes: the other formats of the report have them all."
            );
            break;
        }
        text.push_str(&finding);
    }
    text + &tail
}

/// Marker, verdict, counts and the table of credentials.
fn head(opening: &Opening, closing: &Closing, rows: &[Tally], most: usize) -> String {
    let ending = Ending::of(closing);
    let mut text = format!(
        "{}\n\n## {} credcheck: {}\n\n{}\n",
        marker(&opening.policies),
        ending.sign(),
        headline(opening, closing),
        counts(closing).join(" · ")
    );
    if rows.is_empty() || most == 0 {
        return text;
    }
    text.push_str("\n| Credential | Result | Passed | Host | Kind | Ends |\n|---|---|--:|---|---|---|\n");
    for row in chosen(rows, most) {
        let cell = |text: &str| code(text).replace('|', "\\|");
        let _ = writeln!(
            text,
            "| {} | {} | {} | {} | {} | {} |",
            cell(&row.name),
            result(row),
            row.passed,
            cell(address(&row.url)),
            row.kind.as_deref().map_or_else(|| "unknown".to_owned(), cell),
            row.ends(),
        );
    }
    if let Some(more) = rows.len().checked_sub(most).filter(|more| *more > 0) {
        let _ = writeln!(
            text,
            "\nand {}, none of them worse.",
            english::count(more, "more credential", "more credentials")
        );
    }
    text
}

/// How a credential stands, in words: "✗ 3 violations, 1 undetermined".
fn result(row: &Tally) -> String {
    let (sign, word) = row.standing().words();
    let mut parts = Vec::new();
    if row.violations > 0 {
        parts.push(english::count(row.violations, "violation", "violations"));
    }
    if row.undetermined > 0 {
        parts.push(format!("{} undetermined", row.undetermined));
    }
    if row.warnings > 0 {
        parts.push(english::count(row.warnings, "warning", "warnings"));
    }
    if parts.is_empty() {
        parts.push(word.to_owned());
    }
    if row.set_aside() > 0 {
        parts.push(format!("{} set aside", row.set_aside()));
    }
    format!("{sign} {}", parts.join(", "))
}

/// The rows that are shown: all, or the worst, in the order of all.
fn chosen(rows: &[Tally], most: usize) -> Vec<&Tally> {
    let mut chosen: Vec<(usize, &Tally)> = rows.iter().enumerate().collect();
    if rows.len() > most {
        chosen.sort_by_key(|(at, row)| (row.standing(), *at));
        chosen.truncate(most);
        chosen.sort_by_key(|(at, _)| *at);
    }
    chosen.into_iter().map(|(_, row)| row).collect()
}

/// The most that is told of one cause, and the most names that are told of one credential.
const MOST_SAID: usize = 10;
const MOST_NAMES: usize = 5;

/// Findings of one cause, folded.
fn finding(group: &Group<'_>) -> String {
    let first = group.first;
    let rules: Vec<String> = group.rules.all().iter().take(MOST_NAMES).map(|rule| html_code(rule)).collect();
    let mut about = some(rules, group.rules.all().len());
    match group.credentials.all() {
        [] => {}
        [only] => {
            let _ = write!(about, " · {}", html_code(only));
        }
        several => {
            let _ = write!(about, " · {} credentials", several.len());
        }
    }
    if group.count > group.credentials.all().len().max(1) {
        let _ = write!(about, " · {} findings", group.count);
    }
    let kind = group.kind;
    let mut text = format!("\n<details>\n<summary>{} {}: {about}</summary>\n\n", kind.sign(), kind.word());
    for said in group.said.iter().take(MOST_SAID) {
        let _ = writeln!(text, "- {}", told(said));
    }
    if let Some(more) = group.said.len().checked_sub(MOST_SAID).filter(|more| *more > 0) {
        let _ = writeln!(text, "- and {more} more of this kind");
    }
    text.push('\n');
    let ours = group.is_of_its_rule();
    let paragraphs = [
        first.because.as_deref().filter(|_| ours).map(|because| format!("Why: {}", sentence(because))),
        first.help.as_deref().filter(|_| ours).map(|fix| format!("To mend it: {}", sentence(fix))),
        first.link.as_deref().filter(|_| ours).map(|address| format!("See {}", link(address))),
        group.place().map(|place| format!("In {}", code(&place))),
    ];
    for paragraph in paragraphs.into_iter().flatten() {
        let _ = writeln!(text, "{paragraph}\n");
    }
    text.push_str("</details>\n");
    text
}

/// What is said of one credential, and of what else it is true.
fn told(said: &Said<'_>) -> String {
    let mut text = sentence(&said.first.text);
    if let Some(found) = &said.first.found {
        let _ = write!(text, " · found {}", code(found));
    }
    let also = |names: &[&str], first: Option<&str>| {
        let others = || names.iter().filter(|name| Some(**name) != first);
        let count = others().count();
        let names: Vec<String> = others().take(MOST_NAMES).map(|name| code(name)).collect();
        (count > 0).then(|| some(names, count))
    };
    let more = [
        also(said.rules.all(), Some(said.first.rule.as_str())),
        also(said.subjects.all(), said.first.subject.as_deref()),
    ];
    let more: Vec<String> = more.into_iter().flatten().collect();
    if !more.is_empty() {
        let _ = write!(text, " · the same for {}", more.join(", and for "));
    }
    text
}

/// "a, b and 3 more", of names that are the first of so many.
fn some(names: Vec<String>, of: usize) -> String {
    match of.saturating_sub(names.len()) {
        0 => english::list(names, "and"),
        more => format!("{} and {more} more", names.join(", ")),
    }
}

/// What was not checked, and by what and when the report was made.
fn tail(whole: &Whole<'_>, opening: &Opening, closing: &Closing, most: usize) -> String {
    let mut text = String::new();
    if !closing.not_checked.is_empty() {
        let count = closing.not_checked.len();
        let _ = writeln!(text, "\n**Not checked: {count}**\n");
        for one in closing.not_checked.iter().take(most) {
            let credential = one.credential.as_deref().map_or_else(String::new, |name| format!(" {}", code(name)));
            let _ = writeln!(text, "- {}{credential}: {}", words(&one.host), sentence(&one.reason));
        }
        if most > 0 && count > most {
            let _ = writeln!(text, "- and {} more", count - most);
        }
    }
    if !closing.not_read.is_empty() {
        let _ = writeln!(text, "\n{}", not_read(&closing.not_read));
    }
    let files = opening.policies.iter().filter(|file| file.used_at.is_none());
    let files: Vec<String> = files.map(|file| code(&file.file)).collect();
    let files = some(files.iter().take(MOST_NAMES).cloned().collect(), files.len());
    let at = opening.at.strftime("%Y-%m-%d %H:%M UTC");
    let _ = write!(text, "\n{} · {files} · {at}", words(whole.tool));
    if let Some((file, at)) = &opening.replayed_from {
        let _ = write!(text, " · judged on the record {} of {}", code(file), at.strftime("%Y-%m-%d %H:%M UTC"));
    }
    text.push('\n');
    text
}

/// What the operator names and no statement read.
fn not_read(all: &[NotRead]) -> String {
    let names: Vec<String> = all.iter().take(MOST_NAMES).map(|one| code(&one.repository)).collect();
    format!("No statement is about {}: nothing of it was read.", some(names, all.len()))
}
