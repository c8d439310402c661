//! Text → AST, through pest. pest's types stay inside this folder.

mod expression;
mod item;
mod junk;
mod layout;
mod literal;
mod test_block;
mod words;

use std::collections::BTreeMap;

use pest::Parser as _;
use pest::iterators::Pair;

use super::ast::{File, Word};
use super::scan::{Problems, Scan, scan};
use crate::diagnostic::{Code, Diagnostic};
use crate::text::source::{SourceId, Span, Spanned};

pub(super) use layout::{Bracket, Line, Role, Token};
pub(super) use literal::{parse_duration, parse_time};
pub(super) use words::{ABSENT, shorten as short};

mod grammar {
    /// The parser that pest derives from the grammar.
    #[derive(pest_derive::Parser)]
    #[grammar = "grammar/credcheck.pest"]
    pub(super) struct PolicyParser;
}

use grammar::{PolicyParser, Rule as Node};

/// The most problems shown for one file; the rest is a count.
pub(super) const MAX_PROBLEMS: usize = 100;

/// A file as it was read.
pub(super) struct Parsed {
    /// Everything that could be read.
    pub(super) file: File,
    /// What could not, in the order of places: the first ones.
    pub(super) problems: Vec<Diagnostic>,
    /// How many more there are.
    pub(super) more: usize,
}

/// Reads a file.
pub(super) fn parse(source: SourceId, text: &str) -> Parsed {
    read(source, scan(source, text), text, false).0
}

/// Reads a file without its tests, which are as blanks where everything else is in order.
pub(super) fn parse_without_tests(source: SourceId, text: &str) -> Parsed {
    let mut scan = scan(source, text);
    if scan.problems.kept.is_empty() {
        let mut kept = String::with_capacity(text.len());
        let mut done = 0;
        for test in std::mem::take(&mut scan.tests) {
            kept.push_str(scan.text.get(done..test.start).unwrap_or(""));
            done = test.end;
            let blank = |byte: u8| if byte == b'\n' { '\n' } else { ' ' };
            kept.extend(scan.text.get(test).unwrap_or("").bytes().map(blank));
        }
        kept.push_str(scan.text.get(done..).unwrap_or(""));
        scan.text = kept;
    }
    read(source, scan, text, false).0
}

/// Reads a file, and gives its tokens, comments among them. Where the file has errors, they mean nothing.
pub(super) fn parse_with_tokens(source: SourceId, text: &str) -> (Parsed, Vec<Token>) {
    read(source, scan(source, text), text, true)
}

fn read(source: SourceId, scan: Scan, text: &str, with_tokens: bool) -> (Parsed, Vec<Token>) {
    let with_tokens = with_tokens && scan.problems.kept.is_empty();
    let mut tokens = Vec::new();
    let muted = scan.problems.kept.iter().filter_map(Diagnostic::span).map(|span| (span.start, span.end)).collect();
    let line_starts = std::iter::once(0).chain(scan.text.match_indices('\n').map(|(at, _)| at + 1)).collect();
    let mut reader = Reader {
        source,
        text: &scan.text,
        original: text,
        line_starts,
        problems: scan.problems,
        muted,
        foreign: false,
    };
    let mut file = File::default();
    if !scan.too_deep {
        match PolicyParser::parse(Node::file, &scan.text) {
            Ok(mut pairs) => {
                if let Some(pair) = pairs.next() {
                    if with_tokens {
                        tokens = layout::tokens(&scan.text, pair.clone());
                    }
                    file = reader.file(pair);
                }
            }
            Err(error) => {
                // The grammar takes every scanned text; this place is for a scan and a grammar that disagree.
                let place = reader.span_of(words::location(&error), 1);
                reader.report(Diagnostic::at(Code::UnexpectedText, place, "the text cannot be read from here on"));
            }
        }
    }
    let mut problems = reader.problems;
    problems.kept.sort_by_key(Diagnostic::span);
    (Parsed { file, problems: problems.kept, more: problems.more }, tokens)
}

/// Reads pairs into the AST, collecting problems.
struct Reader<'a> {
    source: SourceId,
    /// The scanned text: the offsets of the original, brackets appended.
    text: &'a str,
    /// The file as it is.
    original: &'a str,
    line_starts: Vec<usize>,
    problems: Problems,
    /// Places that were reported, from start to end: text that cannot be read on the same line is a consequence.
    muted: BTreeMap<u32, u32>,
    /// Whether the text was found to be in another format: its lines are one mistake.
    foreign: bool,
}

impl Reader<'_> {
    fn span_of(&self, start: usize, len: usize) -> Span {
        let start = start.min(self.original.len());
        Span::new(self.source, start, (start + len).min(self.original.len()))
    }

    fn span(&self, pair: &Pair<'_, Node>) -> Span {
        let span = pair.as_span();
        self.span_of(span.start(), span.end() - span.start())
    }

    /// The span of the text without the white space at its end (pest's spans of repetitions may have some).
    fn trimmed(&self, pair: &Pair<'_, Node>) -> Span {
        let span = pair.as_span();
        self.span_of(span.start(), pair.as_str().trim_end().len())
    }

    fn word(&self, pair: &Pair<'_, Node>) -> Word {
        Spanned::new(pair.as_str().to_owned(), self.span(pair))
    }

    /// Keeps a problem. Its places lie inside the file, on whole characters: the scan has appended brackets and replaced
    /// some characters by several blanks.
    fn report(&mut self, mut problem: Diagnostic) {
        let whole = |offset: u32, step: isize| {
            let mut at = (offset as usize).min(self.original.len());
            while !self.original.is_char_boundary(at) {
                at = at.saturating_add_signed(step);
            }
            u32::try_from(at).unwrap_or(u32::MAX)
        };
        for label in &mut problem.labels {
            label.span = Span { start: whole(label.span.start, -1), end: whole(label.span.end, 1), ..label.span };
        }
        self.problems.push(problem);
    }

    fn mute(&mut self, span: Span) {
        self.muted.insert(span.start, span.end);
    }

    /// Whether something was reported on the line of a span's start, or inside of it.
    fn is_muted(&self, span: Span) -> bool {
        let next = self.line_starts.partition_point(|start| *start <= span.start as usize);
        let line = self.line_starts.get(next.saturating_sub(1)).copied().unwrap_or(0);
        let line_end = self.line_starts.get(next).map_or(self.text.len(), |start| start - 1);
        let end = line_end.max(span.end as usize);
        let offset = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
        self.muted.range(offset(line)..=offset(end)).next().is_some()
    }
}

/// The inner pairs without comments.
fn children<'i>(pair: Pair<'i, Node>) -> impl Iterator<Item = Pair<'i, Node>> {
    pair.into_inner().filter(|inner| inner.as_rule() != Node::COMMENT)
}
