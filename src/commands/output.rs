//! Where reports go: standard output or a file, in the format asked for, everything redacted.

mod failing;

use std::cell::RefCell;
use std::io::{self, BufWriter, Write as _};
use std::path::{Path, PathBuf};
use std::rc::Rc;

use serde::Serialize;

use super::apart;
use super::cli::{Format, NetworkArguments, OutputArguments};
use super::destination::{self, Destination};
use super::edge::{self, Terminal};
use super::failure::Failure;
use super::looks;
use super::progress::{Manner, Progress, Pulse};
use super::reporting::{self, Goes, Reporting, Shared, came_of};
use super::reports::{JsonOutcomes, Report};
use super::summary::Summary;
use crate::checker::Checked;
use crate::diagnostic::{Code, Diagnostic, Style, render_redacted};
use crate::evaluation::ExitCode;
use crate::facts::ExchangeSummary;
use crate::facts::record::Record;
use crate::language::CheckedPolicy;
use crate::report::annotations::{Annotations, Places};
use crate::report::human::Verbosity;
use crate::report::json::{self, v1};
use crate::report::linting::{self, LintReport};
use crate::report::page::{Drawn, Page};
use crate::report::plan::CredentialPlan;
use crate::report::starter::Starter;
use crate::report::testing::{self, TestReport};
use crate::report::{self, Head, Machine, Reports, Revealed, Subject, Surroundings, Wanted, Whole, facts, junit, plan};
use crate::settings::{Environment, Settings};
use crate::text::english;
use crate::text::redact::Redactor;
use crate::text::source::SourceMap;
use crate::text::untrusted;

/// Name and version of the program.
const TOOL: &str = concat!("credcheck ", env!("CARGO_PKG_VERSION"));

/// Everything that output needs, and the texts and secrets it must know.
pub(super) struct Sink {
    format: Format,
    /// Where the report goes, in one piece or several.
    out: Rc<RefCell<Destination>>,
    /// The reports that are written beside it.
    beside: Vec<Report>,
    json_outcomes: JsonOutcomes,
    /// Files that were read beside the texts in `sources`.
    read: Vec<PathBuf>,
    /// Where metrics are kept too, in memory.
    metrics: Option<Rc<RefCell<Vec<u8>>>>,
    /// Who is told that a run goes on.
    pulse: Option<Pulse>,
    surroundings: Surroundings,
    style: Style,
    /// For standard error, which may be a terminal when standard output is not.
    verbosity: Verbosity,
    /// How wide standard error is, where a line there can be drawn again.
    redrawn: Option<usize>,
    sources: SourceMap,
    redactor: Redactor,
}

impl Sink {
    pub(super) fn new(arguments: &OutputArguments, beside: &[Report], environment: &Environment) -> Self {
        let terminal = Terminal::detect();
        let narrated =
            environment.get("NO_GRAPHICS").is_some_and(|value| value != "0") || arguments.format == Format::Narrated;
        let to_terminal = terminal.output && arguments.output.is_none();
        let style =
            if narrated { Style::Narrated } else { looks::style(arguments.color, &terminal, to_terminal, environment) };
        let verbosity = match (arguments.quiet, arguments.verbose) {
            (true, _) => Verbosity::Quiet,
            (_, true) => Verbosity::Verbose,
            _ => Verbosity::Normal,
        };
        // In the logs of a CI system every drawing is a line of its own.
        let logged = environment.get("CI").is_some_and(|value| !matches!(value, "" | "0" | "false"));
        let redrawn = terminal.error.filter(|_| !logged && environment.get("TERM") != Some("dumb"));
        Self {
            redrawn,
            format: arguments.format,
            out: Rc::new(RefCell::new(Destination::new(arguments.output.clone()))),
            beside: beside.to_vec(),
            json_outcomes: JsonOutcomes::All,
            read: Vec::new(),
            metrics: None,
            pulse: None,
            surroundings: edge::surroundings(environment),
            style,
            verbosity,
            sources: SourceMap::new(),
            redactor: Redactor::new(crate::vocabulary::token_shapes()),
        }
    }

    /// JSON reports have these outcomes.
    pub(super) const fn json_has(&mut self, outcomes: JsonOutcomes) {
        self.json_outcomes = outcomes;
    }

    /// Markdown reports get no larger than this.
    pub(super) const fn cut_at(&mut self, max_bytes: Option<usize>) {
        self.surroundings.max_bytes = max_bytes;
    }

    /// Keeps the metrics of a run in memory, too.
    pub(super) fn with_metrics(self, metrics: Rc<RefCell<Vec<u8>>>) -> Self {
        Self { metrics: Some(metrics), ..self }
    }

    /// Tells somebody now and then that a run goes on.
    pub(super) fn with_pulse(self, pulse: impl Fn() + 'static) -> Self {
        Self { pulse: Some(Rc::new(pulse)), ..self }
    }

    /// Writes nothing to the file that was named: to standard output instead.
    pub(super) fn leave_file(&mut self) {
        self.out = Rc::new(RefCell::new(Destination::new(None)));
        self.beside = Vec::new();
    }

    /// The texts that diagnostics point into.
    pub(super) const fn sources(&mut self) -> &mut SourceMap {
        &mut self.sources
    }

    /// The redactor, to be told secrets.
    pub(super) const fn redactor(&self) -> &Redactor {
        &self.redactor
    }

    /// The sources to point into.
    pub(super) const fn texts(&self) -> &SourceMap {
        &self.sources
    }

    /// What is worth saying beside the report: to standard error.
    pub(super) fn advise(&self, diagnostics: &[Diagnostic]) {
        if diagnostics.is_empty() || self.verbosity == Verbosity::Quiet {
            return;
        }
        edge::print_error(&self.rendered(diagnostics));
    }

    /// With `-v`, where each value of the settings comes from: to standard error.
    pub(super) fn origins(&self, settings: &Settings) {
        if self.verbosity != Verbosity::Verbose {
            return;
        }
        for declared in &settings.credentials {
            let origins: Vec<String> =
                declared.origins.iter().map(|(what, origin)| format!("{what} from {origin}")).collect();
            let (name, url) = (&declared.credential.name, &declared.credential.url);
            self.say(&format!("credential {name} on {url}: {}", origins.join(", ")));
        }
    }

    /// How the progress of a run is shown: as a line where standard error is a terminal that can draw one again.
    pub(super) fn progress(&self, network: &NetworkArguments) -> Progress {
        let manner = match (network.no_progress || self.verbosity == Verbosity::Quiet, self.style, self.redrawn) {
            (true, ..) | (_, Style::Narrated, _) => Manner::Silent,
            (_, _, Some(width)) => Manner::Line(width),
            (_, _, None) => Manner::Plain,
        };
        Progress::new(manner, self.redactor.clone(), self.pulse.clone())
    }

    /// A line beside the report: to standard error, unless only findings are wanted.
    pub(super) fn note(&self, line: &str) {
        if self.verbosity != Verbosity::Quiet {
            self.say(line);
        }
    }

    fn say(&self, line: &str) {
        edge::print_error(&format!(
            "{}\n",
            untrusted::one_line(&self.redactor.redact(line), untrusted::Sink::Terminal)
        ));
    }

    fn rendered(&self, diagnostics: &[Diagnostic]) -> String {
        let mut text = render_redacted(diagnostics, &self.sources, self.style, &self.redactor);
        if !text.ends_with('\n') {
            text.push('\n');
        }
        text
    }

    /// The reports that are asked for, and where each goes.
    fn asked(&self) -> (Vec<Wanted<'static>>, Vec<Goes>) {
        let files = self.beside.iter().map(|report| {
            let out = Rc::new(RefCell::new(Destination::new(Some(report.path.clone()))));
            (self.report_format(report.format, true), Goes::File(out))
        });
        let first = (self.report_format(self.format, false), Goes::Output(Rc::clone(&self.out)));
        let summary = self.summary().map(|path| {
            let summary = Rc::new(RefCell::new(Summary::new(path.to_owned())));
            (report::Format::Machine(Machine::Markdown), Goes::Summary(summary))
        });
        let metrics = self
            .metrics
            .as_ref()
            .map(|metrics| (report::Format::Machine(Machine::Prometheus), Goes::Memory(Rc::clone(metrics))));
        let (mut wanted, mut to) = (Vec::new(), Vec::new());
        for (format, goes) in std::iter::once(first).chain(files).chain(summary).chain(metrics) {
            wanted.push(Wanted { format, out: goes.writer(), spool: edge::spool() });
            to.push(goes);
        }
        (wanted, to)
    }

    /// Begins the reports of a check.
    pub(super) fn reports<'a>(&'a self, head: Head<'a>) -> Reporting<'a> {
        let (wanted, to) = self.asked();
        Reporting::new(Reports::open(wanted, head, &self.surroundings), to)
    }

    /// Writes reports of a report that was read.
    ///
    /// # Errors
    /// [`Failure::Failed`] with every one that cannot be written.
    pub(super) fn retell(&self, report: &report::told::of_json::Report<'_>) -> Result<(), Failure> {
        let (wanted, to) = self.asked();
        let results = report::retell(wanted, report, &self.surroundings, &self.redactor);
        reporting::all(to.iter().zip(results).map(|(goes, result)| goes.came(result)))
            .map_err(|failure| self.told(&failure))
    }

    /// The formats asked for.
    pub(super) fn formats(&self) -> impl Iterator<Item = Format> + '_ {
        std::iter::once(self.format).chain(self.beside.iter().map(|report| report.format))
    }

    /// The file of the job's summary, where a report for the system that shows it is asked for.
    fn summary(&self) -> Option<&Path> {
        self.surroundings.summary.as_deref().filter(|_| self.formats().any(|format| format == Format::Github))
    }

    /// Whether findings have a place in a file of the repository, where a report needs that: it is asked before anything
    /// is sent.
    ///
    /// # Errors
    /// [`Failure::Usage`] where no policy is such a file.
    pub(super) fn can_place(&self, policy: &CheckedPolicy) -> Result<(), Failure> {
        let named = policy.files.iter().filter(|file| file.root).map(|file| file.name.as_str());
        self.can_place_in(policy.files.iter().map(|file| file.name.as_str()), named)
    }

    /// The same, by the names of the policy's files, and of those that were named.
    ///
    /// # Errors
    /// [`Failure::Usage`] where no policy is such a file.
    pub(super) fn can_place_in<'n>(
        &self,
        mut files: impl Iterator<Item = &'n str>,
        named: impl Iterator<Item = &'n str>,
    ) -> Result<(), Failure> {
        let paths = &self.surroundings.paths;
        let placed = files.any(|file| paths.relative(file).is_some());
        if placed || !self.formats().any(|format| format == Format::Sarif) {
            return Ok(());
        }
        let names = english::quoted_list(named, "and");
        let message =
            format!("SARIF places what it finds in files of the repository, and there is none of it in {names}");
        let help =
            "name a policy file of the repository (one that says `use \"builtin:…\"` will do), or another format";
        Err(Failure::Usage(vec![Diagnostic::new(Code::CommandLine, message).help(help)]))
    }

    /// A format as the report's room has it. What goes to a file of its own is drawn for no terminal.
    fn report_format(&self, format: Format, file: bool) -> report::Format {
        let style = match (format, self.style) {
            (Format::Narrated, _) => Style::Narrated,
            (_, Style::Narrated) if !file => Style::Narrated,
            (_, style) if !file => style,
            _ => Style::Plain,
        };
        match (format, format.machine()) {
            (_, Some(machine)) => report::Format::Machine(machine),
            (Format::Json, _) if self.json_outcomes == JsonOutcomes::Findings => report::Format::JsonOfFindings,
            (Format::Json, _) => report::Format::Json,
            (Format::Concise, _) => report::Format::Concise(self.verbosity),
            _ => report::Format::Human(style, self.verbosity),
        }
    }

    /// Writes a starting policy.
    ///
    /// # Errors
    /// [`Failure::Failed`] where it cannot be written.
    pub(super) fn start(&self, tool: &str, exit: ExitCode, starter: &Starter) -> Result<(), Failure> {
        if self.is_for_people() {
            return if starter.policy.is_empty() { Ok(()) } else { self.policy_text(&starter.policy) };
        }
        self.document(&v1::Start::new(tool, exit.number(), starter))
    }

    /// Writes what credentials reveal.
    ///
    /// # Errors
    /// [`Failure::Failed`] where it cannot be written.
    pub(super) fn facts<'a>(&self, revealed: impl IntoIterator<Item = Revealed<'a>>) -> Result<(), Failure> {
        let form = match self.format {
            Format::Json => facts::Form::Json,
            _ => facts::Form::Table(self.style.width()),
        };
        let mut facts = facts::open(form, edge::spool(), &self.redactor);
        for one in revealed {
            facts.credential(&one).map_err(|error| cannot_write("the report", &error))?;
        }
        let mut out = BufWriter::new(Shared(Rc::clone(&self.out)));
        self.written(facts.end(&mut out).and_then(|()| out.flush()))
    }

    /// Writes plans.
    ///
    /// # Errors
    /// [`Failure::Failed`] where they cannot be written.
    pub(super) fn plans(&self, commands: &[plan::Run], plans: &[CredentialPlan]) -> Result<(), Failure> {
        let mut bytes = Vec::new();
        let written = match self.format {
            Format::Json => plan::write_json(commands, plans, &self.redactor, &mut bytes),
            _ => plan::write_human(commands, plans, self.style, &self.redactor, &mut bytes),
        };
        self.finish(written, &bytes)
    }

    /// Writes what came of the tests of policies.
    ///
    /// # Errors
    /// [`Failure::Failed`] where it cannot be written.
    pub(super) fn tests(&self, report: &TestReport<'_>, exit: ExitCode) -> Result<(), Failure> {
        self.every(|format, style, out| match (format, format.machine()) {
            (Format::Json, _) => json::write(&v1::Tests::new(report, exit.number()), &self.redactor, out),
            (Format::Junit, _) => junit::write_tests(report, &self.redactor, out),
            (Format::Concise, _) => linting::write_lines(&report.diagnostics(), &self.sources, &self.redactor, out),
            (_, Some(machine)) => self.findings(machine, Subject::Tests, &report.diagnostics(), exit, out),
            _ => testing::write_human(report, style, self.verbosity, &self.redactor, out),
        })
    }

    /// Writes what lints found.
    ///
    /// # Errors
    /// [`Failure::Failed`] where it cannot be written.
    pub(super) fn lints(&self, report: &LintReport<'_>, exit: ExitCode) -> Result<(), Failure> {
        self.every(|format, style, out| match (format, format.machine()) {
            (Format::Json, _) => json::write(&v1::Linting::new(report, exit.number()), &self.redactor, out),
            (Format::Concise, _) => linting::write_concise(report, &self.redactor, out),
            (_, Some(machine)) => {
                let all: Vec<Diagnostic> = report.files.iter().flat_map(|file| file.diagnostics.clone()).collect();
                self.findings(machine, Subject::Policies, &all, exit, out)
            }
            _ => linting::write_human(report, style, self.verbosity, &self.redactor, out),
        })
    }

    /// Writes which policies are not in the one style, for programs: people are told as it goes.
    ///
    /// # Errors
    /// [`Failure::Failed`] where it cannot be written.
    pub(super) fn formatting(
        &self,
        document: &v1::Formatting,
        found: &[Diagnostic],
        exit: ExitCode,
    ) -> Result<(), Failure> {
        self.every(|format, _, out| match (format, format.machine()) {
            (Format::Json, _) => json::write(document, &self.redactor, out),
            (Format::Concise, _) => linting::write_lines(found, &self.sources, &self.redactor, out),
            (_, Some(machine)) => self.findings(machine, Subject::Style, found, exit, out),
            _ => Ok(()),
        })
    }

    /// Writes the report of `--format`, then those beside it, each whether or not the others could be written.
    fn every(&self, write: impl Fn(Format, Style, &mut dyn io::Write) -> io::Result<()>) -> Result<(), Failure> {
        let first = (self.format, self.style, Goes::Output(Rc::clone(&self.out)));
        let beside = self.beside.iter().map(|report| {
            let out = Rc::new(RefCell::new(Destination::new(Some(report.path.clone()))));
            (report.format, Style::Plain, Goes::File(out))
        });
        reporting::all(std::iter::once(first).chain(beside).map(|(format, style, goes)| {
            let mut bytes = Vec::new();
            let result = write(format, style, &mut bytes).and_then(|()| {
                let mut out = goes.writer();
                out.write_all(&bytes)?;
                out.flush()
            });
            goes.came(result)
        }))
        .map_err(|failure| self.told(&failure))
    }

    /// Findings in files, in a machine format.
    fn findings(
        &self,
        machine: Machine,
        subject: Subject,
        found: &[Diagnostic],
        exit: ExitCode,
        out: &mut dyn io::Write,
    ) -> io::Result<()> {
        let places = Places::of_files(self.surroundings.paths.clone(), self.sources.names());
        let mut annotations = Annotations::new(places);
        found.iter().for_each(|one| annotations.diagnostic(one, &self.sources, &self.redactor));
        let annotations = annotations.sorted();
        let tool = TOOL;
        let (surroundings, exit) = (&self.surroundings, exit.number());
        let whole = Whole { tool, subject, annotations: &annotations, surroundings, exit, run: None };
        report::write_findings(machine, &whole, out)
    }

    /// Writes a page for people, or its document for programs.
    ///
    /// # Errors
    /// [`Failure::Failed`] where it cannot be written.
    pub(super) fn page(&self, page: &Page, document: &impl Serialize) -> Result<(), Failure> {
        let mut bytes = Vec::new();
        let written = match self.format {
            Format::Json => json::write(document, &self.redactor, &mut bytes),
            _ => page.write(self.drawn(), &self.redactor, &mut bytes),
        };
        self.finish(written, &bytes)
    }

    /// Writes a document for programs.
    ///
    /// # Errors
    /// [`Failure::Failed`] where it cannot be written.
    pub(super) fn document(&self, document: &impl Serialize) -> Result<(), Failure> {
        let mut bytes = Vec::new();
        let written = json::write(document, &self.redactor, &mut bytes);
        self.finish(written, &bytes)
    }

    /// Writes text of policies for people, its lines and tabs kept.
    ///
    /// # Errors
    /// [`Failure::Failed`] where it cannot be written.
    pub(super) fn policy_text(&self, text: &str) -> Result<(), Failure> {
        let text = text.replace("\r\n", "\n");
        let text = self.redactor.redact(&text);
        self.write(&untrusted::render(&text, untrusted::Sink::Terminal))
    }

    /// How pages are drawn: as wide as the terminal, and 100 columns elsewhere.
    const fn drawn(&self) -> Drawn {
        match self.style {
            Style::Graphical { color, width, .. } => Drawn { color, width },
            Style::Plain | Style::Narrated => Drawn { color: false, width: 100 },
        }
    }

    /// Writes a text as it is: the program's own, or a user's that nothing may change.
    ///
    /// # Errors
    /// [`Failure::Failed`] where it cannot be written.
    pub(super) fn text(&self, text: &str) -> Result<(), Failure> {
        self.write(text)
    }

    /// Writes lines for people.
    ///
    /// # Errors
    /// [`Failure::Failed`] where they cannot be written.
    #[cfg(feature = "demo")]
    pub(super) fn lines(&self, lines: &[String]) -> Result<(), Failure> {
        use crate::diagnostic::hanging;

        let wrapped = |line: &String| {
            let line = untrusted::one_line(&self.redactor.redact(line), untrusted::Sink::Terminal);
            let text = line.trim_start();
            let indent = line.len() - text.len();
            let width = self.style.width().map(|width| width.saturating_sub(indent));
            format!("{:indent$}{}\n", "", hanging(text, width, 2).replace('\n', &format!("\n{:indent$}", "")))
        };
        self.write(&lines.iter().map(wrapped).collect::<String>())
    }

    /// Whether the format is for people, who are told more than findings.
    pub(super) fn is_for_people(&self) -> bool {
        matches!(self.format, Format::Human | Format::Narrated)
    }

    /// Whether the report is a document for programs.
    pub(super) fn is_for_programs(&self) -> bool {
        self.format == Format::Json
    }

    /// What came of writing to where the report goes.
    fn written(&self, result: io::Result<()>) -> Result<(), Failure> {
        came_of(result, &self.out.borrow())
    }

    /// Whether the report, and what is written beside it, has a place to go, which is no file that was read: it is asked
    /// before anything is sent.
    ///
    /// # Errors
    /// [`Failure::Failed`] where a file's folder is not there, [`Failure::Usage`] where it was read.
    pub(super) fn can_write(&mut self, beside: Option<&Path>) -> Result<(), Failure> {
        self.spares(beside)?;
        let out = self.out.borrow();
        let reports = self.beside.iter().map(|report| report.path.as_path());
        for path in out.path().into_iter().chain(beside).chain(reports) {
            destination::has_folder(path).map_err(|error| unwritten(path, &error))?;
        }
        Ok(())
    }

    /// Whether nothing that is written was read.
    ///
    /// # Errors
    /// [`Failure::Usage`]; not even that is written there.
    pub(super) fn spares(&mut self, beside: Option<&Path>) -> Result<(), Failure> {
        let spared = {
            let out = self.out.borrow();
            let reports = self.beside.iter().map(|report| report.path.as_path());
            let written = out.path().into_iter().chain(beside).chain(reports).chain(self.summary());
            let read: Vec<&Path> =
                self.sources.names().map(Path::new).chain(self.read.iter().map(PathBuf::as_path)).collect();
            apart::spared(written, &read)
        };
        if spared.is_err() {
            self.leave_file();
        }
        spared
    }

    /// These files were read: nothing is written over them.
    pub(super) fn keep(&mut self, read: Vec<PathBuf>) {
        self.read.extend(read);
    }

    /// Ends what goes to where the report goes: a file gets its name. Nothing is lost where that was done before.
    ///
    /// # Errors
    /// [`Failure::Failed`] where it cannot be written.
    pub(super) fn close(&self) -> Result<(), Failure> {
        let closed = self.out.borrow_mut().close();
        self.written(closed)
    }

    fn finish(&self, written: io::Result<()>, bytes: &[u8]) -> Result<(), Failure> {
        written.map_err(|error| cannot_write("the report", &error))?;
        self.write(&String::from_utf8_lossy(bytes))
    }

    fn write(&self, text: &str) -> Result<(), Failure> {
        let mut out = Shared(Rc::clone(&self.out));
        self.written(out.write_all(text.as_bytes()).and_then(|()| out.flush()))
    }
}

/// What is said of a file that could not be written.
pub(super) fn unwritten(path: &Path, error: &io::Error) -> Failure {
    cannot_write(&format!("`{}`", path.display()), error)
}

/// What is said of something that could not be written.
pub(super) fn cannot_write(what: &str, error: &io::Error) -> Failure {
    let problem =
        Diagnostic::new(Code::CannotWrite, format!("{what} could not be written: {}", destination::reason(error)));
    Failure::Failed(vec![problem.help("check the path, its permissions and the space left")])
}

/// Reads a record.
///
/// # Errors
/// [`Failure::Invalid`] where it cannot be read or replayed.
pub(super) fn read_record(path: &Path) -> Result<Record, Failure> {
    let bad = |reason: String| {
        let problem = Diagnostic::new(Code::BadRecord, format!("`{}` cannot be replayed: {reason}", path.display()));
        Failure::Invalid(vec![problem.help("make a record with `--record FILE`")])
    };
    let bytes = edge::read_named(path, Record::MAX_BYTES).map_err(bad)?;
    Record::read(&bytes).map_err(|error| bad(error.to_string()))
}

/// What a credential reveals, as reports take it.
pub(super) fn revealed<'a>(checked: &'a Checked, exchanges: &'a [ExchangeSummary]) -> Revealed<'a> {
    Revealed { credential: &checked.credential, facts: &checked.collected.facts, exchanges }
}
