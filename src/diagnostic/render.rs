//! The one bridge to miette. Its types stay in this file.
//!
//! Every text of a diagnostic and every source excerpt is made harmless here, once. miette draws headline and excerpt;
//! help, notes and links are set by us, because miette has no notes and breaks long addresses in the middle.

use std::fmt;

use miette::{
    GraphicalReportHandler, GraphicalTheme, LabeledSpan, MietteError, MietteSpanContents, NarratableReportHandler,
};
use miette::{SourceCode, SourceSpan, SpanContents};

use super::excerpt::{CleanSource, Excerpt, Mark, Place};
use super::lines::{linked, wrap};
use super::{Diagnostic, Severity};
use crate::text::english;
use crate::text::redact::Redactor;
use crate::text::source::{Source, SourceMap};
use crate::text::untrusted::{self, Sink};

/// What miette draws between a line's number and its text where a place is several lines tall.
const TALL: usize = 5;
/// The least columns in which a text beside its place can be read.
const READABLE: usize = 36;

/// The most places shown of one diagnostic; the rest are counted.
const MOST_PLACES: usize = 12;

/// How diagnostics look.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    /// For a terminal.
    Graphical {
        /// Whether to use colours.
        color: bool,
        /// Whether frames may be drawn with characters beyond ASCII.
        unicode: bool,
        /// The terminal's width in columns.
        width: usize,
        /// Whether the terminal understands links (OSC 8).
        links: bool,
    },
    /// For screen readers: sentences instead of drawings. Asked for explicitly (`NO_GRAPHICS`), never guessed.
    Narrated,
    /// For files, pipes and CI logs: no colours, no links, frames in ASCII, and no wrapping, so that `grep` finds sentences.
    Plain,
}

impl Style {
    /// The columns there are, and no fewer than can be read; `None` where nothing is wrapped.
    pub const fn width(self) -> Option<usize> {
        match self {
            Self::Graphical { width, .. } => Some(if width < 40 { 40 } else { width }),
            Self::Narrated | Self::Plain => None,
        }
    }

    pub(super) const fn ellipsis(self) -> &'static str {
        match self {
            Self::Graphical { unicode: true, .. } => "…",
            _ => "...",
        }
    }

    pub(super) const fn links(self) -> bool {
        matches!(self, Self::Graphical { links: true, .. })
    }
}

/// The diagnostics as text for people, a blank line between them. Texts and excerpts are redacted before anything is cut
/// or wrapped, so that no part of a secret stays.
pub fn render_redacted(diagnostics: &[Diagnostic], sources: &SourceMap, style: Style, redactor: &Redactor) -> String {
    let mut renderer = Renderer::new(sources, style, redactor);
    let mut output = String::new();
    for diagnostic in diagnostics {
        if !output.is_empty() {
            output.push('\n');
        }
        output.push_str(&renderer.render(diagnostic));
    }
    output
}

/// Renders one diagnostic after another, as [`render_redacted`] does all of them.
pub struct Renderer<'a> {
    pub(super) map: &'a SourceMap,
    pub(super) style: Style,
    redactor: &'a Redactor,
    /// Each source of the map, cleaned when first needed: once, however many diagnostics point into it.
    pub(super) sources: Vec<Option<CleanSource>>,
}

impl<'a> Renderer<'a> {
    /// A renderer of diagnostics that point into these sources.
    pub const fn new(sources: &'a SourceMap, style: Style, redactor: &'a Redactor) -> Self {
        Self { map: sources, style, redactor, sources: Vec::new() }
    }

    /// A diagnostic as text for people.
    pub fn render(&mut self, diagnostic: &Diagnostic) -> String {
        let mut output = String::new();
        self.write(&mut output, diagnostic);
        guard_lines(output)
    }

    fn write(&mut self, output: &mut String, diagnostic: &Diagnostic) {
        let mut labels = Vec::new();
        for label in &diagnostic.labels {
            if labels.len() < MOST_PLACES && self.prepare(label.span.source.0 as usize) {
                labels.push(label);
            }
        }
        let hidden = diagnostic.labels.len() - labels.len();
        let places: Vec<Place> = labels
            .iter()
            .map(|label| Place {
                source: label.span.source.0 as usize,
                start: label.span.start as usize,
                end: label.span.end as usize,
            })
            .collect();
        let narrated = self.style == Style::Narrated;
        let gutter = labels.iter().map(|label| self.map.start(label.span).line + 1).max().unwrap_or(1);
        let margin = gutter.to_string().len() + 4;
        let room = self.style.width().map(|width| width.saturating_sub(margin));
        let empty = if narrated { " " } else { "" };
        let excerpt = Excerpt::new(
            &self.sources,
            &places,
            self.style.ellipsis(),
            empty,
            room.map(|room| room.saturating_sub(TALL)),
        );
        // What does not fit beside its place stands below the excerpt.
        let mut below: Vec<(String, String)> = Vec::new();
        let spans = labels
            .iter()
            .zip(&excerpt.marks)
            .enumerate()
            .map(|(at, (label, mark))| {
                let mut text = self.label_text(&label.text, mark);
                if let (Some(full), Some(room)) = (&text, room) {
                    match beside(full, room.saturating_sub(excerpt.hangs_at(mark))) {
                        Some(rows) => text = Some(rows),
                        None => {
                            let line = self.map.start(label.span).line;
                            below.push((format!("line {line}"), std::mem::take(&mut text).unwrap_or_default()));
                        }
                    }
                }
                let span = SourceSpan::from(mark.range.clone());
                if at == 0 {
                    LabeledSpan::new_primary_with_span(text, span)
                } else {
                    LabeledSpan::new_with_span(text, span)
                }
            })
            .collect();
        let url = diagnostic.url.as_deref().map(|url| self.line(url));
        let message = self.line(&diagnostic.message);
        let shown = Shown {
            message: match self.style.width() {
                Some(width) => wrap(&message, width.saturating_sub(4)).join("\n"),
                None => message,
            },
            code: format!("{} {}", diagnostic.code.number(), diagnostic.code.name()),
            severity: match diagnostic.severity {
                Severity::Advice => miette::Severity::Advice,
                Severity::Warning => miette::Severity::Warning,
                Severity::Error => miette::Severity::Error,
            },
            link: url.filter(|url| self.style.links() && is_link(url)),
            labels: spans,
            source: Excerpts { excerpt: &excerpt, sources: &self.sources, narrated },
        };
        let drawn = self.draw(output, &shown);
        if drawn.is_err() {
            // miette gives up on a place that it cannot find. Ours are all inside the excerpt, but the message must not
            // depend on that.
            output.push_str(&format!("{}: {}\n", shown.code, shown.message));
        }
        for (title, text) in below {
            self.block(output, &title, &text);
        }
        self.rest(output, diagnostic, hidden);
    }

    /// What stands below the places: what to do, notes, and the page to read.
    pub(super) fn rest(&self, output: &mut String, diagnostic: &Diagnostic, hidden: usize) {
        if let Some(help) = &diagnostic.help {
            self.block(output, "help", help);
        }
        if hidden > 0 {
            self.block(output, "note", &format!("{} more not shown", english::count(hidden, "place", "places")));
        }
        for note in &diagnostic.notes {
            self.block(output, "note", note);
        }
        if let Some(url) = &diagnostic.url {
            self.block(output, "see", url);
        }
    }

    fn draw(&self, output: &mut String, shown: &Shown<'_>) -> fmt::Result {
        match self.style {
            Style::Narrated => NarratableReportHandler::new().render_report(output, shown),
            Style::Plain => graphical(GraphicalTheme::none(), false).render_report(output, shown),
            Style::Graphical { color, unicode, links, .. } => {
                let theme = match (color, unicode) {
                    (true, true) => GraphicalTheme::unicode(),
                    (true, false) => GraphicalTheme::ascii(),
                    (false, true) => GraphicalTheme::unicode_nocolor(),
                    (false, false) => GraphicalTheme::none(),
                };
                graphical(theme, links).render_report(output, shown)
            }
        }
    }

    /// Cleans a source if that is not done yet; false where the map does not have it.
    pub(super) fn prepare(&mut self, at: usize) -> bool {
        let id = crate::text::source::SourceId(u32::try_from(at).unwrap_or(u32::MAX));
        let Some(source) = self.map.get(id) else { return false };
        if self.sources.len() <= at {
            self.sources.resize_with(at + 1, || None);
        }
        let clean = |source: &Source| {
            CleanSource::new(source, self.line(source.name()), clean_source(source.text(), self.redactor))
        };
        match self.sources.get(at) {
            Some(None) => {
                let source = clean(source);
                if let Some(slot) = self.sources.get_mut(at) {
                    *slot = Some(source);
                }
                true
            }
            Some(Some(_)) => true,
            None => false,
        }
    }

    /// A text on one line, harmless.
    pub(super) fn line(&self, text: &str) -> String {
        untrusted::render(&self.redactor.redact(text).replace(['\n', '\r'], " "), Sink::Terminal)
    }

    fn label_text(&self, text: &str, mark: &Mark) -> Option<String> {
        let mut text = self.line(text);
        if mark.cut && self.style == Style::Narrated {
            let place = format!("the line is shown cut, this is at column {} of it", mark.column + 1);
            text = if text.is_empty() { place } else { format!("{text} ({place})") };
        }
        if text.is_empty() { None } else { Some(text) }
    }

    /// `help: …`, `note: …`: each line of the text harmless, wrapped below its beginning.
    pub(super) fn block(&self, output: &mut String, title: &str, text: &str) {
        let redacted = self.redactor.redact(text);
        let lines: Vec<String> = redacted.lines().map(|line| untrusted::render(line, Sink::Terminal)).collect();
        let (indent, color) = match self.style {
            Style::Narrated => ("", false),
            Style::Plain => ("  ", false),
            Style::Graphical { color, .. } => ("  ", color),
        };
        let hanging = indent.len() + title.chars().count() + 2;
        let (on, off) = if color { ("\u{1b}[36m", "\u{1b}[0m") } else { ("", "") };
        let mut first = true;
        for line in lines {
            let rows = match self.style.width() {
                Some(width) => wrap(&line, width.saturating_sub(hanging + 1).max(24)),
                None => std::iter::once(line).collect(),
            };
            for row in rows {
                let row = if title == "see" && self.style.links() && is_link(&row) { linked(&row, &row) } else { row };
                if first {
                    output.push_str(&format!("{indent}{on}{title}:{off} {row}"));
                } else {
                    output.push_str(&" ".repeat(if row.is_empty() { 0 } else { hanging }));
                    output.push_str(&row);
                }
                output.push('\n');
                first = false;
            }
        }
    }
}

fn graphical(theme: GraphicalTheme, links: bool) -> GraphicalReportHandler {
    GraphicalReportHandler::new_themed(theme)
        .with_urls(links)
        .with_wrap_lines(false)
        .with_context_lines(1)
        .with_link_display_text("")
        .without_syntax_highlighting()
}

/// The text as rows beside its place, in so many columns, drawn as miette draws them; `None` where there are too few.
fn beside(text: &str, room: usize) -> Option<String> {
    /// What leads to a text of one row, and to one of several.
    const LEADS: (usize, usize) = (4, 6);
    if text.chars().count() + LEADS.0 <= room {
        return Some(text.to_owned());
    }
    let room = room.checked_sub(LEADS.1).filter(|room| *room >= READABLE)?;
    let rows = wrap(text, room);
    rows.iter().all(|row| row.chars().count() <= room).then(|| rows.join("\n"))
}

/// A text of the same length with nothing in it that a terminal or CI system would obey, no token, and no secret.
fn clean_source(text: &str, redactor: &Redactor) -> String {
    let masked = redactor.shapes().mask(text).into_owned();
    let masked = if !redactor.knows(&masked) {
        masked
    } else {
        // A secret can be of any shape: the lines that hold one are blanked as a whole, which keeps every offset.
        let mut lines = String::with_capacity(masked.len());
        for line in masked.split_inclusive('\n') {
            if !redactor.knows(line) {
                lines.push_str(line);
            } else {
                let body = line.trim_end_matches(['\r', '\n']);
                lines.extend(std::iter::repeat_n('*', body.len()));
                lines.push_str(line.get(body.len()..).unwrap_or(""));
            }
        }
        if redactor.knows(&lines) { blanked(&lines) } else { lines }
    };
    untrusted::same_length(&masked)
}

/// Every byte but the line ends as a star.
fn blanked(text: &str) -> String {
    text.bytes().map(|byte| if byte == b'\n' { '\n' } else { '*' }).collect()
}

/// Breaks up what a CI system would take for a command at the start of a line. Texts are harmless one by one; this is
/// for what wrapping and indentation bring to the start of a line.
pub(super) fn guard_lines(output: String) -> String {
    if !output.lines().any(|line| line.trim_start().starts_with("::")) {
        return output;
    }
    let mut guarded = String::with_capacity(output.len() + 16);
    for line in output.split_inclusive('\n') {
        let body = line.trim_start();
        match body.strip_prefix("::") {
            Some(rest) => {
                guarded.push_str(line.get(..line.len() - body.len()).unwrap_or(""));
                guarded.push_str(": :");
                guarded.push_str(rest);
            }
            None => guarded.push_str(line),
        }
    }
    guarded
}

/// Whether a terminal may be given this as a link.
pub(super) fn is_link(url: &str) -> bool {
    url.starts_with("https://") && url.bytes().all(|byte| byte.is_ascii_graphic())
}

/// A diagnostic as miette sees it: its headline and places.
struct Shown<'a> {
    message: String,
    code: String,
    severity: miette::Severity,
    link: Option<String>,
    labels: Vec<LabeledSpan>,
    source: Excerpts<'a>,
}

impl fmt::Debug for Shown<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.message)
    }
}

impl fmt::Display for Shown<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.message)
    }
}

impl std::error::Error for Shown<'_> {}

impl miette::Diagnostic for Shown<'_> {
    fn code<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        Some(Box::new(&self.code))
    }

    fn severity(&self) -> Option<miette::Severity> {
        Some(self.severity)
    }

    fn url<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        self.link.as_ref().map(|link| Box::new(link) as Box<dyn fmt::Display>)
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        if self.labels.is_empty() { None } else { Some(&self.source) }
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        if self.labels.is_empty() { None } else { Some(Box::new(self.labels.iter().cloned())) }
    }
}

/// An excerpt as miette reads it: several sources in one, each run of lines on its own.
struct Excerpts<'a> {
    excerpt: &'a Excerpt,
    sources: &'a [Option<CleanSource>],
    /// The narrating handler takes every label after a final line end for one on the last line: it gets none. For that,
    /// empty lines hold a space.
    narrated: bool,
}

impl SourceCode for Excerpts<'_> {
    fn read_span<'a>(
        &'a self,
        span: &SourceSpan,
        before: usize,
        after: usize,
    ) -> Result<Box<dyn SpanContents<'a> + 'a>, MietteError> {
        let rows = &self.excerpt.rows;
        let row_of = |offset: usize| rows.partition_point(|row| row.range.start <= offset).checked_sub(1);
        let (Some(mut first), Some(mut last)) = (row_of(span.offset()), row_of(span.offset() + span.len())) else {
            return Err(MietteError::OutOfBounds);
        };
        let joined = |upper: usize| match (rows.get(upper), rows.get(upper + 1)) {
            (Some(upper), Some(lower)) => upper.source == lower.source && upper.line + 1 == lower.line,
            _ => false,
        };
        if !(first..last).all(joined) {
            return Err(MietteError::OutOfBounds);
        }
        for _ in 0..before {
            if first > 0 && joined(first - 1) {
                first -= 1;
            }
        }
        for _ in 0..after {
            if joined(last) {
                last += 1;
            }
        }
        let (Some(upper), Some(lower)) = (rows.get(first), rows.get(last)) else {
            return Err(MietteError::OutOfBounds);
        };
        let (start, end) = (upper.range.start, lower.range.end + usize::from(!self.narrated));
        let data = self.excerpt.text.as_bytes().get(start..end).ok_or(MietteError::OutOfBounds)?;
        // Without context, miette asks for the position to print: that of the whole line, in characters.
        let mark = self.excerpt.marks.iter().find(|mark| mark.range.start == span.offset());
        let column = if before == 0 { mark.map_or(0, |mark| mark.column) } else { 0 };
        let name = self.sources.get(upper.source).and_then(Option::as_ref).map_or("", |source| source.name.as_str());
        Ok(Box::new(MietteSpanContents::new_named(
            name.to_owned(),
            data,
            (start, end - start).into(),
            upper.line,
            column,
            last - first + 1,
        )))
    }
}
