//! Text → AST, through pest. pest's types stay inside this folder.

mod expression;
mod item;
mod junk;
mod literal;

use pest::Parser as _;
use pest::iterators::Pair;

use super::ast::{File, Word};
use super::scan::scan;
use crate::diagnostic::{Code, Diagnostic};
use crate::text::source::{SourceId, Span, Spanned};

pub(super) use literal::{parse_duration, parse_time};

mod grammar {
    /// The parser that pest derives from the grammar.
    #[derive(pest_derive::Parser)]
    #[grammar = "grammar/credcheck.pest"]
    pub(super) struct PolicyParser;
}

use grammar::{PolicyParser, Rule as Node};

/// The most problems shown for one file; the rest is a count.
pub(super) const MAX_PROBLEMS: usize = 100;

/// Reads a file. The AST has everything that could be read; problems are in the order of their places.
pub(super) fn parse(source: SourceId, text: &str) -> (File, Vec<Diagnostic>) {
    let scan = scan(source, text);
    let mut reader =
        Reader { source, text: &scan.text, original_len: text.len(), problems: scan.problems, muted: Vec::new() };
    reader.muted = reader.problems.iter().filter_map(Diagnostic::span).collect();
    if scan.too_deep {
        return (File::default(), reader.problems);
    }
    let mut file = File::default();
    match PolicyParser::parse(Node::file, &scan.text) {
        Ok(mut pairs) => {
            if let Some(pair) = pairs.next() {
                file = reader.file(pair);
            }
        }
        Err(error) => {
            // The grammar takes every scanned text; this place is for a scan and a grammar that disagree.
            let place = reader.span_of(junk::location(&error), 1);
            reader.problems.push(Diagnostic::at(Code::UnexpectedText, place, "the text cannot be read from here on"));
        }
    }
    reader.problems.sort_by_key(Diagnostic::span);
    (file, reader.problems)
}

/// Reads pairs into the AST, collecting problems.
struct Reader<'a> {
    source: SourceId,
    /// The scanned text: the offsets of the original, brackets appended.
    text: &'a str,
    original_len: usize,
    problems: Vec<Diagnostic>,
    /// Places that the scan has reported: text that cannot be read on the same line is a consequence.
    muted: Vec<Span>,
}

impl Reader<'_> {
    fn span_of(&self, start: usize, len: usize) -> Span {
        let start = start.min(self.original_len);
        Span::new(self.source, start, (start + len).min(self.original_len))
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

    fn report(&mut self, problem: Diagnostic) {
        self.problems.push(problem);
    }

    /// Whether the scan has reported something on the lines of a span.
    fn is_muted(&self, span: Span) -> bool {
        self.muted.iter().any(|place| {
            let (first, last) = (place.start.min(span.start), place.start.max(span.start));
            span.contains(*place)
                || !self.text.get(first as usize..last as usize).is_some_and(|between| between.contains('\n'))
        })
    }
}

/// The inner pairs without comments.
fn children<'i>(pair: Pair<'i, Node>) -> impl Iterator<Item = Pair<'i, Node>> {
    pair.into_inner().filter(|inner| inner.as_rule() != Node::COMMENT)
}
