//! Elements → text, in the one style.

use super::super::syntax::{Bracket, Line, Role, Token};
use super::tree::{Element, Part, What};

/// The width of one step of indentation.
const STEP: usize = 2;

/// Prints the elements of a file; lines end in `\n`.
pub(super) fn print(text: &str, elements: &[Element<'_>]) -> String {
    let mut printer = Printer { text, out: String::with_capacity(text.len() + text.len() / 8) };
    printer.elements(elements, 0);
    printer.out
}

/// Which lines, one after another, have what follows their first part in one column.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Column {
    /// Statements and clauses: what follows the first word.
    Words,
    /// The same, of a bare statement's clauses.
    NestedWords,
    /// `=` of a header's entries.
    Entries,
    /// `=` of constants.
    Constants,
    /// `=` of a test's facts.
    Facts,
    /// `=` of a test's inputs.
    Inputs,
}

/// A printed line that may have to be aligned with its neighbours.
struct Row {
    indent: usize,
    head: String,
    /// What stands in the column; `None` for comments and others that only stand between.
    tail: Option<String>,
    trailing: String,
}

struct Printer<'a> {
    text: &'a str,
    out: String,
}

impl<'a> Printer<'a> {
    fn elements(&mut self, elements: &[Element<'_>], indent: usize) {
        let mut rows: Vec<Row> = Vec::new();
        let mut column = None;
        for (number, element) in elements.iter().enumerate() {
            if element.blank && number > 0 {
                self.flush(&mut rows);
                self.out.push('\n');
            }
            let trailing = element.trailing.map(|comment| format!(" {}", self.slice(comment))).unwrap_or_default();
            match &element.what {
                What::Comment(comment) => {
                    rows.push(Row { indent, head: self.slice(comment).to_owned(), tail: None, trailing });
                }
                What::Block { header, opening, body } => {
                    self.flush(&mut rows);
                    let mut writer = Writer::new(self.text, indent);
                    writer.sequence(&header.iter().collect::<Vec<_>>(), indent + 2 * STEP, Split::No);
                    let header = writer.out;
                    self.indented(indent, &header);
                    self.out.push_str(" {");
                    if let Some(comment) = opening {
                        self.out.push(' ');
                        self.out.push_str(self.slice(comment));
                    }
                    if opening.is_some() || !body.is_empty() {
                        self.out.push('\n');
                        self.elements(body, indent + STEP);
                        self.indented(indent, "}");
                    } else {
                        self.out.push('}');
                    }
                    self.out.push_str(&trailing);
                    self.out.push('\n');
                }
                What::Line { line, parts } => {
                    let (own, split, nested) = alignment(*line);
                    let indent = if nested { indent + STEP } else { indent };
                    let mut writer = Writer::new(self.text, indent);
                    writer.sequence(&parts.iter().collect::<Vec<_>>(), indent + STEP, split);
                    let (mut head, split) = (writer.out, writer.split);
                    let several = head.contains('\n');
                    let tail = split.map(|at| head.split_off(at).trim_start().to_owned());
                    let between = matches!(line, Line::OnUnknown { .. });
                    if !between && (tail.is_none() || own != column) {
                        self.flush(&mut rows);
                        column = own;
                    }
                    let alone = tail.is_none() && !between;
                    rows.push(Row { indent, head, tail, trailing });
                    // A thing of several lines is aligned with what stands before it, and with nothing after it.
                    if alone || several {
                        self.flush(&mut rows);
                    }
                }
            }
        }
        self.flush(&mut rows);
    }

    /// Writes rows, what follows their first parts in one column.
    fn flush(&mut self, rows: &mut Vec<Row>) {
        let width = rows.iter().filter(|row| row.tail.is_some()).map(|row| row.head.len()).max().unwrap_or(0);
        for row in rows.drain(..) {
            self.indented(row.indent, &row.head);
            if let Some(tail) = &row.tail {
                let pad = width.saturating_sub(row.head.len()) + 1;
                self.out.extend(std::iter::repeat_n(' ', pad));
                self.out.push_str(tail);
            }
            self.out.push_str(&row.trailing);
            self.out.push('\n');
        }
    }

    fn indented(&mut self, indent: usize, text: &str) {
        self.out.extend(std::iter::repeat_n(' ', indent));
        self.out.push_str(text);
    }

    fn slice(&self, token: &Token) -> &'a str {
        self.text.get(token.start..token.end).unwrap_or("")
    }
}

/// The column of a line, where it is split for it, and whether it is indented under the line before.
fn alignment(line: Line) -> (Option<Column>, Split, bool) {
    match line {
        Line::Statement | Line::When | Line::Clause { nested: false } => (Some(Column::Words), Split::Second, false),
        Line::Clause { nested: true } => (Some(Column::NestedWords), Split::Second, true),
        Line::OnUnknown { nested } => (None, Split::No, nested),
        Line::Entry => (Some(Column::Entries), Split::Equals, false),
        Line::Let => (Some(Column::Constants), Split::Equals, false),
        Line::GivenFact => (Some(Column::Facts), Split::Equals, false),
        Line::GivenInput => (Some(Column::Inputs), Split::Equals, false),
        Line::Block | Line::Other => (None, Split::No, false),
    }
}

/// Where a line is split into what is aligned and what is not.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Split {
    No,
    /// Before its second part.
    Second,
    /// Before its `=`.
    Equals,
}

/// Writes one line, however many lines it takes. The first line's indentation is not written.
struct Writer<'a> {
    text: &'a str,
    out: String,
    /// The indentation of the line being written.
    indent: usize,
    /// Whether no space comes next: at a line's start, after an opening bracket.
    fresh: bool,
    /// Whether a comment has ended the line.
    ended: bool,
    split: Option<usize>,
}

/// A part, and whether a line begins with it.
struct Piece<'p, 't> {
    part: &'p Part<'t>,
    breaks: bool,
}

/// One thing between commas.
#[derive(Default)]
struct Item<'p, 't> {
    before: Vec<&'t Token>,
    parts: Vec<&'p Part<'t>>,
    /// Whether the author began a line with it.
    newline: bool,
}

impl<'a> Writer<'a> {
    const fn new(text: &'a str, indent: usize) -> Self {
        Self { text, out: String::new(), indent, fresh: true, ended: false, split: None }
    }

    fn newline(&mut self, indent: usize) {
        self.out.push('\n');
        self.out.extend(std::iter::repeat_n(' ', indent));
        self.indent = indent;
        self.fresh = true;
        self.ended = false;
    }

    fn blank_line(&mut self) {
        self.out.push('\n');
    }

    fn token(&mut self, token: &Token, space: bool, next_line: usize) {
        if self.ended {
            self.newline(next_line);
        }
        if space && !self.fresh {
            self.out.push(' ');
        }
        self.out.push_str(self.text.get(token.start..token.end).unwrap_or(""));
        self.fresh = false;
    }

    fn comment(&mut self, comment: &Token, next_line: usize) {
        if (comment.newlines > 0 || self.ended) && !self.fresh {
            self.newline(next_line);
        }
        if !self.fresh {
            self.out.push(' ');
        }
        self.out.push_str(self.text.get(comment.start..comment.end).unwrap_or(""));
        self.fresh = false;
        self.ended = true;
    }

    /// Parts one after another; further lines are indented by `next_line`.
    fn sequence(&mut self, parts: &[&Part<'_>], next_line: usize, split: Split) {
        let mut before: Option<Role> = None;
        for (number, Piece { part, breaks }) in pieces(parts).into_iter().enumerate() {
            let role = part.first().role;
            if breaks && number > 0 && !self.fresh {
                self.newline(next_line);
            }
            let splits = match split {
                Split::No => false,
                Split::Second => number == 1,
                Split::Equals => role == Role::Equals,
            };
            if splits && self.split.is_none() && !self.ended && !part.is_comment() && !self.out.contains('\n') {
                self.split = Some(self.out.len());
            }
            match part {
                Part::Comment(comment) => self.comment(comment, next_line),
                Part::Token(token) => {
                    let space = !matches!(role, Role::Comma | Role::Colon);
                    self.token(token, space, next_line);
                }
                Part::Bracket { kind, open, inside, close } => {
                    self.token(open, before != Some(Role::Count), next_line);
                    match kind {
                        Bracket::List | Bracket::Map => self.list(*kind == Bracket::Map, inside, *close),
                        Bracket::Group | Bracket::Plain => self.group(*kind == Bracket::Group, inside, *close),
                    }
                }
            }
            before = Some(role);
        }
    }

    /// What stands between commas, after the opening bracket: on one line or broken, as its author had it.
    fn list(&mut self, padded: bool, inside: &[Part<'_>], close: Option<&Token>) {
        let (items, last_comments) = items(inside);
        let comma = |part: &Part<'_>| part.first().role == Role::Comma && part.newlines() > 0;
        let broken = inside.iter().any(Part::is_comment)
            || items.iter().any(|item| item.newline)
            || (!items.is_empty() && (inside.iter().any(comma) || close.is_some_and(|close| close.newlines > 0)));
        if !broken {
            let padded = padded && !items.is_empty();
            if padded {
                self.out.push(' ');
            }
            self.fresh = true;
            for (number, item) in items.iter().enumerate() {
                if number > 0 {
                    self.out.push(',');
                }
                self.sequence(&item.parts, self.indent + STEP, Split::No);
            }
            if padded {
                self.out.push(' ');
            }
            self.close(close);
            return;
        }
        let base = self.indent;
        let inner = base + STEP;
        let mut first = true;
        let last = Item { before: last_comments, ..Item::default() };
        for item in items.iter().chain(std::iter::once(&last)) {
            for comment in &item.before {
                if comment.newlines > 1 && !first {
                    self.blank_line();
                }
                self.comment(comment, inner);
                first &= comment.newlines == 0;
            }
            let Some(part) = item.parts.first() else { continue };
            if self.ended || item.newline || first {
                if part.newlines() > 1 && !first {
                    self.blank_line();
                }
                self.newline(inner);
            }
            self.sequence(&item.parts, inner + STEP, Split::No);
            self.out.push(',');
            first = false;
        }
        self.newline(base);
        self.close(close);
    }

    /// An expression in parentheses, after the opening one.
    fn group(&mut self, expression: bool, inside: &[Part<'_>], close: Option<&Token>) {
        let all: Vec<&Part<'_>> = inside.iter().collect();
        let breaks = || {
            inside.first().is_some_and(|part| part.newlines() > 0)
                || close.is_some_and(|close| close.newlines > 0)
                || pieces(&all).iter().any(|piece| piece.breaks)
        };
        if !(inside.iter().any(Part::is_comment) || (expression && breaks())) {
            self.fresh = true;
            self.sequence(&all, self.indent + STEP, Split::No);
            self.close(close);
            return;
        }
        let base = self.indent;
        let inner = base + STEP;
        let comments = inside.iter().take_while(|part| part.is_comment()).count();
        for comment in inside.iter().take(comments) {
            self.comment(comment.first(), inner);
        }
        self.newline(inner);
        self.sequence(all.get(comments..).unwrap_or(&[]), inner + STEP, Split::No);
        self.newline(base);
        self.close(close);
    }

    fn close(&mut self, close: Option<&Token>) {
        let text = close.and_then(|close| self.text.get(close.start..close.end));
        self.out.push_str(text.unwrap_or(""));
        self.fresh = false;
    }
}

/// The parts in their order, but for comments inside of and after an operator: these come before it. A line break beside
/// an operator stays, and stands before it.
fn pieces<'p, 't>(parts: &[&'p Part<'t>]) -> Vec<Piece<'p, 't>> {
    let mut pieces = Vec::with_capacity(parts.len());
    let mut at = 0;
    let role = |at: usize| parts.get(at).map(|part| part.first().role);
    while let Some(part) = parts.get(at).copied() {
        let newline = part.newlines() > 0;
        at += 1;
        let binary = match part.first().role {
            Role::Operator { binary } => binary,
            role => {
                pieces.push(Piece { part, breaks: role == Role::Part && newline });
                continue;
            }
        };
        let mut words = vec![part];
        loop {
            let comments = parts.iter().skip(at).take_while(|part| part.is_comment()).count();
            let goes_on = role(at + comments) == Some(Role::OperatorRest);
            if goes_on || binary {
                let comments = parts.iter().skip(at).take(comments);
                pieces.extend(comments.map(|part| Piece { part, breaks: false }));
                at += parts.iter().skip(at).take_while(|part| part.is_comment()).count();
            }
            if !goes_on {
                break;
            }
            words.extend(parts.get(at));
            at += 1;
        }
        let breaks = newline || (binary && parts.get(at).is_some_and(|next| next.newlines() > 0));
        let words = words.into_iter().enumerate();
        pieces.extend(words.map(|(number, part)| Piece { part, breaks: breaks && number == 0 }));
    }
    pieces
}

/// The things between commas, each with the comments before it, and the comments after the last.
fn items<'p, 't>(inside: &'p [Part<'t>]) -> (Vec<Item<'p, 't>>, Vec<&'t Token>) {
    let mut items = Vec::new();
    let mut item = Item::default();
    let mut after_comma = false;
    let mut end = |item: &mut Item<'p, 't>| {
        let mut done = std::mem::take(item);
        let comments = done.parts.iter().rev().take_while(|part| part.is_comment()).count();
        let comments = done.parts.split_off(done.parts.len() - comments);
        item.before = comments.into_iter().map(Part::first).collect();
        if done.parts.is_empty() {
            // No thing at all: its comments are the next one's.
            item.before = done.before;
        } else {
            items.push(done);
        }
    };
    for part in inside {
        match part {
            Part::Token(token) if token.role == Role::Comma => {
                end(&mut item);
                after_comma = token.newlines > 0;
            }
            Part::Comment(comment) if item.parts.is_empty() => item.before.push(comment),
            _ => {
                if item.parts.is_empty() {
                    item.newline = part.newlines() > 0 || std::mem::take(&mut after_comma);
                }
                item.parts.push(part);
            }
        }
    }
    end(&mut item);
    (items, item.before)
}
