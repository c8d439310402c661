//! Findings as people read them in a report: a headline, the line of the policy, what to do. Briefer than what
//! [`super::render`] draws of a policy's mistakes, and never wider than the terminal.

use std::ops::Range;

use super::excerpt::CleanSource;
use super::lines::{LEAST, linked, wrap};
use super::render::{Renderer, Style, guard_lines, is_link};
use super::{Code, Diagnostic, Severity};
use crate::text::source::Span;

/// How much of a finding is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Length {
    /// The headline, the place, what was found there, what to do, and why.
    Whole,
    /// The headline and what to do first.
    Mended,
    /// The headline.
    Headline,
}

/// Characters kept before what is marked where a line of a source is cut.
const BEFORE: usize = 12;
/// The longest words of a policy that are repeated to say which place is meant.
const LONGEST: usize = 40;

/// One line of a source with the places on it.
struct Spot<'a> {
    span: Span,
    number: usize,
    text: &'a str,
    marks: Vec<(Range<usize>, String)>,
}

impl Diagnostic {
    /// The word for how bad it is: what a waiver or an acceptance covers is called so.
    pub fn word(&self) -> &'static str {
        match (self.severity, self.code) {
            (Severity::Advice, Code::Waived | Code::Accepted) => self.code.name(),
            // They would be errors and warnings, did not an earlier report have them.
            (Severity::Advice, Code::Violation | Code::Warning) => "known",
            (Severity::Advice, _) => "note",
            (severity, _) => severity.word(),
        }
    }
}

impl Renderer<'_> {
    /// A finding as text for people.
    pub fn tell(&mut self, diagnostic: &Diagnostic, length: Length) -> String {
        let mut output = String::new();
        self.headline(&mut output, diagnostic);
        if length == Length::Mended {
            self.mended(&mut output, diagnostic);
        }
        if length == Length::Whole {
            self.places(&mut output, diagnostic);
            self.rest(&mut output, diagnostic, 0);
        }
        guard_lines(output)
    }

    /// "error[C0601]: …"
    fn headline(&self, output: &mut String, diagnostic: &Diagnostic) {
        let (word, code) = (diagnostic.word(), diagnostic.code.number());
        let text = format!("{word}[{code}]: {}", self.line(&diagnostic.message));
        let rows = match self.style.width() {
            Some(width) => wrap(&text, width.saturating_sub(2)),
            None => vec![text],
        };
        let rest = rows.first().and_then(|first| first.get(word.len() + code.len() + 2..)).unwrap_or(":");
        let link = diagnostic.url.as_deref().map(|url| self.line(url)).filter(|url| self.style.links() && is_link(url));
        let code = link.map_or_else(|| code.to_owned(), |url| linked(&url, code));
        let (on, off) = match (self.style, diagnostic.severity) {
            (Style::Graphical { color: true, .. }, Severity::Error) => ("\u{1b}[1;31m", "\u{1b}[0m"),
            (Style::Graphical { color: true, .. }, Severity::Warning) => ("\u{1b}[1;33m", "\u{1b}[0m"),
            (Style::Graphical { color: true, .. }, Severity::Advice) => ("\u{1b}[1;36m", "\u{1b}[0m"),
            _ => ("", ""),
        };
        output.push_str(&format!("{on}{word}[{code}]{off}{rest}\n"));
        for row in rows.iter().skip(1) {
            output.push_str(&format!("  {row}\n"));
        }
    }

    /// Where, and what to do first: in one line, where that leaves room for the second.
    fn mended(&self, output: &mut String, diagnostic: &Diagnostic) {
        let help = diagnostic.help.as_deref().and_then(|help| help.lines().next());
        let place = diagnostic.span().map(|span| self.place(span));
        match (place, help) {
            (Some(place), Some(help)) => {
                let title = if self.style == Style::Narrated {
                    format!("at {place}, help")
                } else {
                    format!("--> {place} · help")
                };
                if self.style.width().is_none_or(|width| title.chars().count() + 4 <= width / 2) {
                    self.block(output, &title, help);
                } else {
                    output.push_str(&format!("  --> {place}\n"));
                    self.block(output, "help", help);
                }
            }
            (Some(place), None) if self.style == Style::Narrated => output.push_str(&format!("at {place}\n")),
            (Some(place), None) => output.push_str(&format!("  --> {place}\n")),
            (None, Some(help)) => self.block(output, "help", help),
            (None, None) => {}
        }
    }

    /// `team.pol:3:5`.
    fn place(&self, span: Span) -> String {
        let start = self.map.start(span);
        format!("{}:{}:{}", self.line(self.map.name(span.source)), start.line, start.column)
    }

    /// The lines of the sources that are meant, the places in them, and what is there.
    fn places(&mut self, output: &mut String, diagnostic: &Diagnostic) {
        for label in &diagnostic.labels {
            self.prepare(label.span.source.0 as usize);
        }
        let mut spots: Vec<Spot<'_>> = Vec::new();
        for label in &diagnostic.labels {
            let Some(source) = self.source(label.span) else { continue };
            let (number, text, mark) = source.spot(label.span.start as usize, label.span.end as usize);
            let said = (mark, self.line(&label.text));
            match spots.iter_mut().find(|spot| spot.span.source == label.span.source && spot.number == number) {
                Some(spot) => spot.marks.push(said),
                None => spots.push(Spot { span: label.span, number, text, marks: vec![said] }),
            }
        }
        // Places of one source stand together, in the order of its lines; the source that is meant first, first.
        let order: Vec<_> = spots.iter().map(|spot| spot.span.source).collect();
        spots.sort_by_key(|spot| (order.iter().position(|source| *source == spot.span.source), spot.number));
        let gutter = spots.iter().map(|spot| (spot.number + 1).to_string().len()).max().unwrap_or(1);
        let mut last = None;
        for spot in &spots {
            let name = self.source(spot.span).map_or("", |source| source.name.as_str());
            if self.style == Style::Narrated {
                narrate(output, name, spot);
                continue;
            }
            if last != Some(spot.span.source) {
                let column = spot.marks.first().map_or(0, |(mark, _)| mark.start) + 1;
                output.push_str(&format!("  --> {name}:{}:{column}\n", spot.number + 1));
            }
            last = Some(spot.span.source);
            self.spot(output, spot, gutter);
        }
    }

    fn source(&self, span: Span) -> Option<&CleanSource> {
        self.sources.get(span.source.0 as usize).and_then(Option::as_ref)
    }

    /// A line of a source, cut to the width, with what is meant underlined and said.
    fn spot(&self, output: &mut String, spot: &Spot<'_>, gutter: usize) {
        let (bar, under) = match self.style {
            Style::Graphical { unicode: true, .. } => ("│", "─"),
            _ => ("|", "^"),
        };
        let room = self.style.width().map(|width| width.saturating_sub(gutter + 5).max(LEAST));
        let indent = spot.text.chars().take_while(|character| character.is_whitespace()).count();
        let first = spot.marks.iter().map(|(mark, _)| mark.start).min().unwrap_or(0);
        let length = spot.text.trim_end().chars().count();
        let mut start = indent.min(first);
        let mut end = length.max(start);
        let ellipsis = self.style.ellipsis();
        let dots = ellipsis.chars().count();
        let (mut before, mut after) = ("", "");
        if let Some(room) = room.filter(|room| end - start > *room) {
            let last = spot.marks.iter().map(|(mark, _)| mark.end).max().unwrap_or(first);
            if last - start + dots > room {
                // As much of the end as there is room for, and no less than what is meant first.
                let from = first.saturating_sub(BEFORE).max(start);
                let latest = (end + dots).saturating_sub(room).max(start);
                start = from.min(latest);
            }
            if start > indent.min(first) {
                before = ellipsis;
            }
            let left = room - before.chars().count();
            if end - start > left {
                end = start + left - dots;
                after = ellipsis;
            }
        }
        let shown: String = spot.text.chars().skip(start).take(end - start).collect();
        output.push_str(&format!("  {:>gutter$} {bar} {before}{}{after}\n", spot.number + 1, shown.replace('\t', " ")));
        let shift = before.chars().count();
        let mut row = vec![' '; end - start + shift];
        for (mark, _) in &spot.marks {
            let from = mark.start.clamp(start, end) - start + shift;
            let to = mark.end.clamp(start, end) - start + shift;
            for cell in row.iter_mut().take(to).skip(from) {
                *cell = '^';
            }
        }
        let row: String = row.into_iter().collect();
        let row = row.trim_end();
        let margin = format!("  {:gutter$} {bar} ", "");
        let said: Vec<String> = spot.said();
        let columns = row.chars().count();
        let row = row.replace('^', under);
        let fits = |text: &String| room.is_none_or(|room| columns + 1 + text.chars().count() <= room);
        match said.as_slice() {
            _ if row.is_empty() && said.is_empty() => {}
            [only] if fits(only) => output.push_str(&format!("{margin}{row} {only}\n")),
            _ => {
                if !row.is_empty() {
                    output.push_str(&format!("{margin}{row}\n"));
                }
                for text in said {
                    let rows = room.map_or_else(|| vec![text.clone()], |room| wrap(&text, room.saturating_sub(2)));
                    for (at, row) in rows.iter().enumerate() {
                        output.push_str(&format!("{margin}{}{row}\n", if at > 0 { "  " } else { "" }));
                    }
                }
            }
        }
    }
}

impl Spot<'_> {
    /// What is said of its places, each text once; of several places each with the words that are meant.
    fn said(&self) -> Vec<String> {
        let mut said: Vec<String> = Vec::new();
        for (mark, text) in self.marks.iter().filter(|(_, text)| !text.is_empty()) {
            let words: String = self.text.chars().skip(mark.start).take(mark.len()).collect();
            let words = words.trim_matches('"');
            let first = words.split_whitespace().next().unwrap_or("");
            let clear = self.marks.len() == 1 || words.len() > LONGEST || text.contains(first);
            let text = if clear { text.clone() } else { format!("`{words}`: {text}") };
            if !said.contains(&text) {
                said.push(text);
            }
        }
        said
    }
}

/// A place in sentences.
fn narrate(output: &mut String, name: &str, spot: &Spot<'_>) {
    let line = spot.text.trim();
    output.push_str(&format!("in {name}, line {}: {line}\n", spot.number + 1));
    for (mark, text) in &spot.marks {
        let words: String = spot.text.chars().skip(mark.start).take(mark.len()).collect();
        let meant = if words == line { "the line".to_owned() } else { format!("`{words}`") };
        let text = if text.is_empty() { String::new() } else { format!(": {text}") };
        output.push_str(&format!("  at column {}, {meant}{text}\n", mark.start + 1));
    }
}
