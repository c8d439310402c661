//! The reports of one check: any number of them, of any formats, from one run.

use std::io::{self, Write};

use super::annotations::{Annotations, Places};
use super::concise::Concise;
use super::formats::{self, Findings, Sheet, Subject, Whole};
use super::human::{self, Verbosity};
use super::json::v1;
use super::spool::Spool;
use super::stream::{Head, Section, Stream, Tail};
use super::told;
use super::told::of_json::OutcomesOf;
use super::told::statements::Statements;
use super::told::{Closing, Note, Opening, Surroundings, of_run};
use crate::diagnostic::Style;

/// A format.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// For people.
    Human(Style, Verbosity),
    /// A line for each finding.
    Concise(Verbosity),
    /// JSON, version 1.
    Json,
    /// The same, without the outcomes that passed or do not apply.
    JsonOfFindings,
    /// One that is made of what a report tells as data.
    Machine(Machine),
}

/// A format that is made of what a report tells as data.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Machine {
    /// SARIF 2.1.0.
    Sarif,
    /// JUnit XML.
    Junit,
    /// Workflow commands of GitHub Actions.
    Github,
    /// GitLab's Code Quality.
    Gitlab,
    /// Code Insights of Bitbucket Cloud.
    Bitbucket,
    /// Code Insights of Bitbucket Data Center.
    BitbucketServer,
    /// Logging commands of Azure Pipelines.
    Azure,
    /// Service messages of TeamCity.
    Teamcity,
    /// reviewdog's lines of JSON.
    Rdjsonl,
    /// Markdown.
    Markdown,
    /// HTML.
    Html,
    /// Prometheus' text format.
    Prometheus,
}

impl Machine {
    /// Whether it is made of findings alone: others tell what passed, too.
    pub fn is_of_findings(self) -> bool {
        self.findings().is_some()
    }

    /// What writes it, where it is made of findings alone.
    fn findings(self) -> Option<formats::WriteFindings> {
        Some(match self {
            Self::Sarif => formats::sarif::write,
            Self::Github => formats::github::write,
            Self::Gitlab => formats::gitlab::write,
            Self::Bitbucket => formats::bitbucket::write,
            Self::BitbucketServer => formats::bitbucket_server::write,
            Self::Azure => formats::azure::write,
            Self::Teamcity => formats::teamcity::write,
            Self::Rdjsonl => formats::rdjsonl::write,
            Self::Junit | Self::Markdown | Self::Html | Self::Prometheus => return None,
        })
    }
}

/// A report that is asked for.
pub struct Wanted<'a> {
    /// Its format.
    pub format: Format,
    /// Where it goes.
    pub out: Box<dyn Write + 'a>,
    /// Where its rows wait.
    pub spool: Box<dyn Spool + 'a>,
}

impl std::fmt::Debug for Wanted<'_> {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Wanted").field("format", &self.format).finish_non_exhaustive()
    }
}

/// Begins one report of a check.
pub fn open<'a>(
    format: Format,
    head: Head<'a>,
    out: Box<dyn Write + 'a>,
    spool: Box<dyn Spool + 'a>,
) -> Box<dyn Stream + 'a> {
    match format {
        Format::Human(style, verbosity) => Box::new(human::Human::new(head, style, verbosity, out, spool)),
        Format::Concise(verbosity) => Box::new(Concise::new(head, verbosity, out)),
        Format::Json => Box::new(v1::Check::new(head, OutcomesOf::All, out, spool)),
        Format::JsonOfFindings => Box::new(v1::Check::new(head, OutcomesOf::Findings, out, spool)),
        Format::Machine(machine) => {
            let mut sheets = Sheets::new(of_run::opening(&head), &Surroundings::default());
            sheets.add(machine, out, spool);
            Box::new(Told { head, statements: Statements::of(head.policy, head.sources), sheets })
        }
    }
}

/// Writes findings in files in a machine format; nothing for a format that is of runs alone.
///
/// # Errors
/// Those of where it goes.
pub fn write_findings(machine: Machine, whole: &Whole<'_>, out: &mut dyn Write) -> io::Result<()> {
    machine.findings().map_or(Ok(()), |write| write(whole, out))
}

/// Machine formats that are told the same.
pub struct Sheets<'a> {
    opening: Opening,
    surroundings: Surroundings,
    annotations: Annotations,
    notes: Vec<Note>,
    sheets: Vec<io::Result<Box<dyn Sheet + 'a>>>,
}

impl std::fmt::Debug for Sheets<'_> {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Sheets").field("sheets", &self.sheets.len()).finish_non_exhaustive()
    }
}

impl<'a> Sheets<'a> {
    /// No format yet.
    pub fn new(opening: Opening, surroundings: &Surroundings) -> Self {
        let places = Places::of(&opening, surroundings.paths.clone());
        let annotations = Annotations::new(places);
        Self { opening, surroundings: surroundings.clone(), annotations, notes: Vec::new(), sheets: Vec::new() }
    }

    /// Adds a format.
    pub fn add(&mut self, machine: Machine, out: Box<dyn Write + 'a>, spool: Box<dyn Spool + 'a>) {
        let sheet: Box<dyn Sheet + 'a> = match (machine, machine.findings()) {
            (_, Some(write)) => Box::new(Findings { write, out }),
            (Machine::Junit, _) => Box::new(formats::junit::Junit::new(out, spool, self.places())),
            (Machine::Markdown, _) => Box::new(formats::markdown::Markdown::new(out)),
            (Machine::Html, _) => Box::new(formats::html::Html::new(out, spool)),
            (_, None) => Box::new(formats::prometheus::Prometheus::new(out)),
        };
        self.sheets.push(Ok(sheet));
    }

    fn places(&self) -> Places {
        Places::of(&self.opening, self.surroundings.paths.clone())
    }

    /// Whether no format was added.
    pub const fn is_empty(&self) -> bool {
        self.sheets.is_empty()
    }

    /// Takes the next credential. A format that fails is told nothing more.
    pub fn section(&mut self, section: &told::Section<'_>) {
        section.outcomes.iter().for_each(|outcome| self.annotations.outcome(outcome));
        self.notes.extend(section.notes.iter().cloned());
        for sheet in &mut self.sheets {
            if let Ok(open) = sheet
                && let Err(error) = open.section(section)
            {
                *sheet = Err(error);
            }
        }
    }

    /// Writes every format: what came of each, in the order in which they were added.
    pub fn end(self, closing: &Closing) -> Vec<io::Result<()>> {
        let Self { opening, surroundings, mut annotations, notes, sheets } = self;
        for note in closing.notes.iter().chain(&notes) {
            annotations.note(note, of_run::fingerprint_of_note(note));
        }
        if let Some((judged, of)) = closing.interrupted {
            annotations.interrupted(judged, of);
        }
        // Where nothing was decided, the run's own note says so.
        if !closing.decided_nothing() {
            annotations.exit(closing.exit);
        }
        let annotations = annotations.sorted();
        let whole = Whole {
            tool: &opening.tool,
            subject: Subject::Credentials,
            annotations: &annotations,
            surroundings: &surroundings,
            exit: closing.exit,
            run: Some((&opening, closing)),
        };
        sheets.into_iter().map(|sheet| sheet?.end(&whole)).collect()
    }
}

/// Machine formats of a run as it goes.
struct Told<'a> {
    head: Head<'a>,
    statements: Statements,
    sheets: Sheets<'a>,
}

impl Stream for Told<'_> {
    fn section(&mut self, section: &Section<'_>) -> io::Result<()> {
        self.sheets.section(&of_run::section(&self.head, &self.statements, section));
        Ok(())
    }

    fn end(self: Box<Self>, tail: &Tail<'_>) -> io::Result<()> {
        let closing = of_run::closing(&self.head, tail);
        self.sheets.end(&closing).into_iter().collect()
    }
}

/// The reports of one check.
pub struct Reports<'a> {
    head: Head<'a>,
    /// What is said of statements, where some report is made of data.
    statements: Option<Statements>,
    /// Those that are made of the run itself, each with its place among all.
    streams: Vec<(usize, io::Result<Box<dyn Stream + 'a>>)>,
    /// Those that are made of data, with their places.
    sheets: Sheets<'a>,
    places: Vec<usize>,
}

impl std::fmt::Debug for Reports<'_> {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let count = self.streams.len() + self.places.len();
        formatter.debug_struct("Reports").field("count", &count).finish_non_exhaustive()
    }
}

impl<'a> Reports<'a> {
    /// Begins reports.
    pub fn open(wanted: Vec<Wanted<'a>>, head: Head<'a>, surroundings: &Surroundings) -> Self {
        let mut streams: Vec<(usize, io::Result<Box<dyn Stream + 'a>>)> = Vec::new();
        let mut sheets = Sheets::new(of_run::opening(&head), surroundings);
        let mut places = Vec::new();
        for (at, Wanted { format, out, spool }) in wanted.into_iter().enumerate() {
            match format {
                Format::Machine(machine) => {
                    places.push(at);
                    sheets.add(machine, out, spool);
                }
                format => streams.push((at, Ok(open(format, head, out, spool)))),
            }
        }
        let statements = (!sheets.is_empty()).then(|| Statements::of(head.policy, head.sources));
        Self { head, statements, streams, sheets, places }
    }

    /// Takes the next credential. A report that fails is told nothing more.
    pub fn section(&mut self, section: &Section<'_>) {
        for (_, stream) in &mut self.streams {
            if let Ok(open) = stream
                && let Err(error) = open.section(section)
            {
                *stream = Err(error);
            }
        }
        if let Some(statements) = &self.statements {
            self.sheets.section(&of_run::section(&self.head, statements, section));
        }
    }

    /// Writes every report: what came of each, in the order in which they were asked for.
    pub fn end(self, tail: &Tail<'_>) -> Vec<io::Result<()>> {
        let Self { head, statements: _, streams, sheets, places } = self;
        let mut ended: Vec<(usize, io::Result<()>)> =
            streams.into_iter().map(|(at, stream)| (at, stream.and_then(|stream| stream.end(tail)))).collect();
        if !sheets.is_empty() {
            ended.extend(places.into_iter().zip(sheets.end(&of_run::closing(&head, tail))));
        }
        ended.sort_by_key(|(at, _)| *at);
        ended.into_iter().map(|(_, result)| result).collect()
    }
}
