//! The table at the end of a report: how each credential stands, the worst first.

use std::cmp::Reverse;
use std::fmt::Write as _;

use super::stream::Section;
use crate::diagnostic::{Style, hanging};
use crate::evaluation::Verdict;
use crate::facts::{Incident, kind_of};
use crate::text::english;

/// How many credentials are shown where not all are.
const MOST: usize = 20;
/// What stands between columns.
const GAP: usize = 2;
/// The columns with numbers, and shorter words for them.
const COLUMNS: [&str; 4] = ["violations", "warnings", "undetermined", "decided"];
const SHORT: [&str; 4] = ["viol.", "warn.", "undet.", "decided"];

/// A credential's line.
#[derive(Clone, Debug)]
struct Row {
    name: String,
    kind: &'static str,
    /// "sent to https://github.com".
    sent: String,
    violations: usize,
    warnings: usize,
    undetermined: usize,
    /// Undetermined, and nobody accepted that.
    open: usize,
    decided: usize,
    applies: usize,
    /// Its place among all credentials.
    at: usize,
}

/// Where credentials stand. Of a fleet the worst are kept, and the others counted.
#[derive(Debug)]
pub(super) struct Standings {
    most: usize,
    rows: Vec<Row>,
    number: usize,
    /// Of those that are not kept: how many there are, and how many with violations.
    left_out: (usize, usize),
}

impl Standings {
    /// No credential yet; of how many lines at most, or all.
    pub(super) const fn new(all: bool) -> Self {
        Self { most: if all { usize::MAX } else { MOST }, rows: Vec::new(), number: 0, left_out: (0, 0) }
    }

    /// Adds a credential.
    pub(super) fn add(&mut self, section: &Section<'_>) {
        let mut row = Row {
            name: section.credential.name.clone(),
            kind: kind_of(section.credential, section.facts).map_or("credential of unknown kind", |kind| kind.title),
            sent: String::new(),
            violations: 0,
            warnings: 0,
            undetermined: 0,
            open: 0,
            decided: 0,
            applies: 0,
            at: self.number,
        };
        let sent = section.exchanges.iter().any(|exchange| exchange.attempts > 0);
        row.sent = format!("{} to {}", if sent { "sent" } else { "not sent" }, section.credential.url);
        for outcome in &section.judged.outcomes {
            row.applies += usize::from(outcome.verdict.applies());
            row.decided += usize::from(outcome.verdict.is_decided());
            match outcome.verdict {
                Verdict::Violation => row.violations += 1,
                Verdict::Warning => row.warnings += 1,
                Verdict::Undetermined { accepted, .. } => {
                    row.undetermined += 1;
                    row.open += usize::from(!accepted);
                }
                Verdict::Pass | Verdict::Waived(_) | Verdict::NotApplicable => {}
            }
        }
        for builtin in &section.judged.builtin {
            if builtin.undetermined.is_some() {
                row.undetermined += 1;
                row.open += 1;
            } else {
                row.violations += 1;
            }
        }
        let incidents = section.facts.incidents.iter();
        row.warnings += incidents.filter(|incident| matches!(incident, Incident::NotApproved { .. })).count();
        self.number += 1;
        self.rows.push(row);
        if self.rows.len() >= self.most.saturating_mul(2) {
            self.cut();
        }
    }

    /// Keeps the worst.
    fn cut(&mut self) {
        self.rows.sort_by_key(|row| (Reverse(row.violations), Reverse(row.open), Reverse(row.warnings), row.at));
        for row in self.rows.drain(self.most.min(self.rows.len())..) {
            self.left_out.0 += 1;
            self.left_out.1 += usize::from(row.violations > 0);
        }
    }

    /// The table; `rest` are warnings of no credential's.
    pub(super) fn draw(mut self, style: Style, clean: &dyn Fn(&str) -> String, warnings: usize, text: &mut String) {
        self.cut();
        if self.rows.is_empty() {
            return;
        }
        let rows: Vec<(String, [String; 4])> = self.rows.iter().map(|row| (clean(&row.name), row.cells())).collect();
        if style == Style::Narrated {
            for (row, (name, [violations, warnings, undetermined, decided])) in self.rows.iter().zip(&rows) {
                let about = clean(&format!("{}, {}", row.kind, row.sent));
                let _ = writeln!(
                    text,
                    "{name}: violations {violations}, warnings {warnings}, undetermined {undetermined}, decided \
                     {decided}; {about}"
                );
            }
        } else {
            self.table(style, clean, &rows, text);
        }
        let indent = if style == Style::Narrated { "" } else { "  " };
        let width = style.width().map(|width| width.saturating_sub(2));
        if let (1.., broken) = self.left_out {
            let more = format!("and {} more, of which {broken} with violations; `-v` lists all", self.left_out.0);
            let _ = writeln!(text, "{indent}{}", hanging(&more, width, 2));
        }
        if warnings > 0 {
            let count = english::count(warnings, "warning is", "warnings are");
            let _ = writeln!(text, "{indent}{}", hanging(&format!("{count} about the policy itself"), width, 2));
        }
    }

    fn table(&self, style: Style, clean: &dyn Fn(&str) -> String, rows: &[(String, [String; 4])], text: &mut String) {
        let longest = rows.iter().map(|(name, _)| length(name)).max().unwrap_or(0).max(length("credential"));
        let widths_of = |columns: [&str; 4]| {
            rows.iter().fold(columns.map(length), |widths, (_, cells)| {
                let mut cells = cells.iter().map(|cell| length(cell));
                widths.map(|width| width.max(cells.next().unwrap_or(0)))
            })
        };
        let of = |widths: [usize; 4]| widths.iter().map(|width| width + GAP).sum::<usize>();
        let roomy = style.width().is_none_or(|width| 2 + longest + of(widths_of(COLUMNS)) <= width);
        let columns = if roomy { COLUMNS } else { SHORT };
        let widths = widths_of(columns);
        let numbers = of(widths);
        // A longer name stands on a line of its own.
        let name_width = style.width().map_or(longest, |width| longest.min(width.saturating_sub(2 + numbers)));
        let abouts: [Vec<String>; 2] = [
            self.rows.iter().map(|row| clean(&format!("{}, {}", row.kind, row.sent))).collect(),
            self.rows.iter().map(|row| clean(row.kind)).collect(),
        ];
        // What the credential is, as far as there is room for it in every line.
        let room = style.width().map(|width| width.saturating_sub(2 + name_width + numbers + GAP));
        let fits = |abouts: &&Vec<String>| room.is_none_or(|room| abouts.iter().all(|about| length(about) <= room));
        let abouts = abouts.iter().find(fits);
        let mut line = |name: &str, cells: &[&str], about: &str| {
            let mut line = format!("  {name}");
            if length(name) > name_width {
                let _ = writeln!(text, "{line}");
                line = "  ".to_owned();
            }
            let missing = (2 + name_width).saturating_sub(length(&line));
            line.extend(std::iter::repeat_n(' ', missing));
            for (cell, width) in cells.iter().zip(&widths) {
                let _ = write!(line, "{:GAP$}{cell:>width$}", "");
            }
            if !about.is_empty() {
                let _ = write!(line, "{:GAP$}{about}", "");
            }
            let _ = writeln!(text, "{}", line.trim_end());
        };
        line(if name_width < length("credential") { "" } else { "credential" }, &columns, "");
        for (at, (name, cells)) in rows.iter().enumerate() {
            let about = abouts.and_then(|abouts| abouts.get(at)).map_or("", String::as_str);
            let cells: Vec<&str> = cells.iter().map(String::as_str).collect();
            line(name, &cells, about);
        }
    }
}

impl Row {
    fn cells(&self) -> [String; 4] {
        let Self { violations, warnings, undetermined, decided, applies, .. } = self;
        [violations.to_string(), warnings.to_string(), undetermined.to_string(), format!("{decided} of {applies}")]
    }
}

fn length(text: &str) -> usize {
    text.chars().count()
}
