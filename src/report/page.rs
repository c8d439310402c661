//! A page for a terminal: headings, paragraphs, aligned rows and code, wrapped to a width.
//!
//! Commands that show tables and prose build one of these; it is made harmless and redacted as it is written.

use std::fmt::Write as _;
use std::io;

use crate::diagnostic::wrap;
use crate::text::redact::Redactor;
use crate::text::untrusted::{self, Sink};

/// The widest a column but the last becomes, and the least it may be; a longer cell has the next one below it.
const WIDEST: usize = 34;
const NARROWEST: usize = 8;
/// What stands between columns.
const GAP: usize = 2;
/// The least that is left for the last column, whatever the width.
const LEAST: usize = 24;

/// A page, written top to bottom.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Page {
    parts: Vec<Part>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Part {
    Heading(String),
    Paragraph { indent: usize, text: String },
    Rows { indent: usize, rows: Vec<Vec<String>> },
    Code { indent: usize, text: String },
}

/// How a page is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Drawn {
    /// Whether headings are bold.
    pub color: bool,
    /// The columns of the terminal.
    pub width: usize,
}

impl Page {
    /// Adds a heading.
    pub fn heading(&mut self, text: impl Into<String>) {
        self.parts.push(Part::Heading(text.into()));
    }

    /// Adds a paragraph, this many columns in.
    pub fn paragraph(&mut self, indent: usize, text: impl Into<String>) {
        self.parts.push(Part::Paragraph { indent, text: text.into() });
    }

    /// Adds rows whose cells stand in columns; the last cell is wrapped.
    pub fn rows(&mut self, indent: usize, rows: Vec<Vec<String>>) {
        if !rows.is_empty() {
            self.parts.push(Part::Rows { indent, rows });
        }
    }

    /// Adds lines that stay as they are.
    pub fn code(&mut self, indent: usize, text: impl Into<String>) {
        self.parts.push(Part::Code { indent, text: text.into() });
    }

    /// Writes the page.
    ///
    /// # Errors
    /// The sink's.
    pub fn write(&self, drawn: Drawn, redactor: &Redactor, sink: &mut dyn io::Write) -> io::Result<()> {
        let mut text = String::new();
        for (at, part) in self.parts.iter().enumerate() {
            let after_heading = at > 0 && matches!(self.parts.get(at - 1), Some(Part::Heading(_)));
            if at > 0 && !after_heading {
                text.push('\n');
            }
            part.draw(drawn, redactor, &mut text);
        }
        sink.write_all(text.as_bytes())
    }
}

impl Part {
    fn draw(&self, drawn: Drawn, redactor: &Redactor, into: &mut String) {
        let clean = |text: &str| untrusted::one_line(&redactor.redact(text), Sink::Terminal);
        match self {
            Self::Heading(text) => {
                let (on, off) = if drawn.color { ("\u{1b}[1m", "\u{1b}[0m") } else { ("", "") };
                for line in wrapped(&clean(text), drawn.width.max(LEAST)) {
                    let _ = writeln!(into, "{on}{line}{off}");
                }
            }
            Self::Paragraph { indent, text } => {
                for line in wrapped(&clean(text), drawn.width.saturating_sub(*indent).max(LEAST)) {
                    let _ = writeln!(into, "{:indent$}{line}", "");
                }
            }
            Self::Rows { indent, rows } => {
                let rows: Vec<Vec<String>> =
                    rows.iter().map(|row| row.iter().map(|cell| clean(cell)).collect()).collect();
                draw_rows(*indent, &rows, drawn.width, into);
            }
            Self::Code { indent, text } => {
                for line in text.lines() {
                    let line = format!("{:indent$}{}", "", clean(line));
                    let _ = writeln!(into, "{}", line.trim_end());
                }
            }
        }
    }
}

fn draw_rows(indent: usize, rows: &[Vec<String>], width: usize, into: &mut String) {
    let columns = rows.iter().map(Vec::len).max().unwrap_or(0);
    // The last column keeps its least, as far as the others keep a few characters.
    let room = width.saturating_sub(indent + LEAST) / columns.saturating_sub(1).max(1);
    let widest = WIDEST.min(room.saturating_sub(GAP)).max(NARROWEST);
    let widths: Vec<usize> = (0..columns.saturating_sub(1))
        .map(|column| {
            let cells = rows.iter().filter_map(|row| row.get(column)).map(|cell| cell.chars().count());
            cells.max().unwrap_or(0).min(widest)
        })
        .collect();
    let start = indent + widths.iter().map(|width| width + GAP).sum::<usize>();
    let room = width.saturating_sub(start).max(LEAST);
    for row in rows {
        let mut line = " ".repeat(indent);
        let mut at = indent;
        for (column, cell) in row.iter().enumerate() {
            let here = indent + widths.iter().take(column).map(|width| width + GAP).sum::<usize>();
            if at > here {
                let _ = writeln!(into, "{}", line.trim_end());
                (line, at) = (String::new(), 0);
            }
            line.push_str(&" ".repeat(here - at));
            at = here;
            if column + 1 < row.len() || column < widths.len() {
                line.push_str(cell);
                at += cell.chars().count() + GAP.min(1);
                line.push(' ');
                continue;
            }
            for (number, piece) in wrapped(cell, room).iter().enumerate() {
                if number > 0 {
                    let _ = writeln!(into, "{}", line.trim_end());
                    line = " ".repeat(here);
                }
                line.push_str(piece);
            }
        }
        let _ = writeln!(into, "{}", line.trim_end());
    }
}

/// The text in lines of at most `width` columns, broken at spaces; a word that is longer stands alone.
fn wrapped(text: &str, width: usize) -> Vec<String> {
    wrap(&text.split_whitespace().collect::<Vec<_>>().join(" "), width)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::vocabulary::token_shapes;

    fn text(page: &Page, color: bool, width: usize) -> String {
        let mut bytes = Vec::new();
        page.write(Drawn { color, width }, &Redactor::new(token_shapes()), &mut bytes).unwrap();
        String::from_utf8(bytes).unwrap()
    }

    #[test]
    fn columns_stand_below_each_other_and_the_last_wraps() {
        let mut page = Page::default();
        page.heading("Words");
        page.rows(
            2,
            vec![
                vec!["a".into(), "one two three four five six seven".into()],
                vec!["longer".into(), "short".into()],
                vec!["x".repeat(40), "below".into()],
            ],
        );
        page.paragraph(0, "the end");
        let wide = "x".repeat(40);
        let gap = " ".repeat(38);
        let expected = format!(
            "Words\n  a{}one two three four five\n{gap}six seven\n  longer{}short\n  {wide}\n{gap}below\n\nthe end\n",
            " ".repeat(35),
            " ".repeat(30),
        );
        assert_eq!(text(&page, false, 62), expected);
        assert!(text(&page, true, 62).starts_with("\u{1b}[1mWords\u{1b}[0m\n"));
    }

    #[test]
    fn what_is_shown_is_harmless_and_nothing_overflows() {
        let mut page = Page::default();
        page.heading("a\u{1b}[2Jb\nc");
        page.code(4, "::error::x\n\u{202e}");
        page.rows(0, vec![vec![], vec![String::new()], vec!["one".into(), String::new(), "three".into()]]);
        for width in [0, 1, 30, 1000] {
            let text = text(&page, true, width);
            assert!(!text.contains("\u{1b}[2J") && !text.contains("\n::error") && !text.contains('\u{202e}'), "{text}");
        }
    }
}
