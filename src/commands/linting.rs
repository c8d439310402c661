//! `credcheck lint`: what can be said of policies without asking a host, and mended for certain.

use std::path::Path;

use jiff::Timestamp;

use super::cli::LintArguments;
use super::edge::{self, Policies, STANDARD_INPUT};
use super::failure::Failure;
use super::output::{self, Sink};
use super::policy;
use crate::diagnostic::{Code, Diagnostic, Severity};
use crate::evaluation::{ExitCode, Run, exit_code};
use crate::language::lint::{self, Finding};
use crate::language::{self, CheckOptions, OpenError, Opened, PolicyStore};
use crate::report::linting::{LintReport, LintedFile};
use crate::text::source::{SourceId, SourceMap, Span};

/// Changes can make others possible: a text is mended so many times at most.
const MOST_ROUNDS: usize = 100;

/// Lints. Each file is a policy of its own, with what it imports.
pub(super) fn run(arguments: &LintArguments, sink: &mut Sink) -> Result<ExitCode, Failure> {
    let names = if arguments.policies.is_empty() { policy::found("lint")? } else { arguments.policies.clone() };
    if arguments.fix && names.iter().any(|name| name == STANDARD_INPUT) {
        let problem = Diagnostic::new(Code::CommandLine, "`--fix` writes files, and `-` is standard input");
        return Err(Failure::Usage(vec![problem.help("leave out `--fix`, or name files")]));
    }
    let options = CheckOptions { allow_unknown_names: arguments.allow_unknown_names };
    let now = edge::now();
    let mut failed: Vec<Diagnostic> = Vec::new();
    let mut files: Vec<LintedFile> = Vec::new();
    for name in &names {
        let mut linter = Linter { name, options, now, text: None, sources: sink.sources() };
        let mut linted = linter.lint();
        let mut done = Vec::new();
        if arguments.fix
            && let Some((mended, path)) = linter.mend(&linted)
        {
            match edge::replace_file(Path::new(&path), &mended.text) {
                Ok(()) => {
                    done = mended.done;
                    linted = mended.linted;
                }
                Err(error) => {
                    failed.extend_from_slice(output::cannot_write(&format!("`{name}`"), &error).diagnostics());
                }
            }
        }
        files.push(LintedFile {
            name: name.clone(),
            invalid: linted.source.is_none(),
            fixable: linted.findings.iter().filter(|finding| finding.fix.is_some()).count(),
            diagnostics: linted.findings.into_iter().map(|finding| finding.diagnostic).collect(),
            done,
        });
    }
    sink.spares(None)?;
    let report = LintReport { files: &files, sources: sink.texts(), strict: arguments.strict };
    let exit = exit_code(Run {
        invalid: files.iter().any(|file| file.invalid),
        violation: report.fails(),
        decided: true,
        ..Run::default()
    });
    if failed.is_empty() {
        sink.lints(&report, exit)?;
        return Ok(exit);
    }
    // What was written is told all the same.
    sink.lints(&report, ExitCode::Failed)?;
    sink.advise(&failed);
    Ok(ExitCode::Failed)
}

/// What lints say of one text of a policy.
struct Linted {
    findings: Vec<Finding>,
    /// The policy's own text; `None` where it is invalid, and the findings say why.
    source: Option<SourceId>,
}

/// What mending led to.
struct Mended {
    text: String,
    done: Vec<(usize, String)>,
    linted: Linted,
}

struct Linter<'a> {
    name: &'a str,
    options: CheckOptions,
    now: Timestamp,
    /// The text to read in place of the file's.
    text: Option<String>,
    sources: &'a mut SourceMap,
}

impl Linter<'_> {
    fn lint(&mut self) -> Linted {
        let store = Store { files: Policies::default(), text: self.text.as_deref() };
        let (program, problems) = language::load(&[self.name.to_owned()], &store, self.sources);
        let (checked, mut problems) = language::check(&program, self.sources, problems, self.options);
        policy::meant(&mut problems, &[self.name.to_owned()]);
        if problems.iter().any(|problem| problem.severity == Severity::Error) {
            let findings = problems.into_iter().map(|diagnostic| Finding { diagnostic, fix: None }).collect();
            return Linted { findings, source: None };
        }
        let source = checked.files.iter().find(|file| file.root).map(|file| file.source);
        Linted { findings: lint::lint(&checked, &program, self.sources, problems, self.now), source }
    }

    /// The text with everything mended that can be, and where its file is. `None` where nothing can be, or the policy is
    /// no file.
    fn mend(&mut self, linted: &Linted) -> Option<(Mended, String)> {
        let source = linted.source.filter(|_| !self.name.starts_with("builtin:"))?;
        let path = Policies::default().open(self.name, None).ok()?.id;
        let before = self.sources.get(source)?.text().to_owned();
        let styled = language::format(source, &before).is_ok_and(|formatted| formatted == before);
        let (mut text, mut done) = (before.clone(), Vec::new());
        let mut mended: Option<Linted> = None;
        for _ in 0..MOST_ROUNDS {
            let last = mended.as_ref().unwrap_or(linted);
            let Some(source) = last.source else { break };
            let Some(fixed) = lint::apply(&text, source, &last.findings) else { break };
            // What was in the one style stays in it.
            let after = match language::format(source, &fixed.text) {
                Ok(formatted) if styled => formatted,
                _ => fixed.text,
            };
            self.text = Some(after.clone());
            let next = self.lint();
            // A change that would make the policy invalid is none: the text before it stays.
            if next.source.is_none() {
                break;
            }
            let line =
                |span: Span| self.sources.get(span.source).map_or(1, |source| source.line_number(span.start as usize));
            done.extend(fixed.done.into_iter().map(|(span, what)| (line(span), what)));
            (text, mended) = (after, Some(next));
        }
        self.text = None;
        Some((Mended { text, done, linted: mended? }, path))
    }
}

/// Policies in the file system, the one that is linted perhaps with another text.
struct Store<'a> {
    files: Policies,
    text: Option<&'a str>,
}

impl PolicyStore for Store<'_> {
    fn open(&self, path: &str, from: Option<&str>) -> Result<Opened, OpenError> {
        let opened = self.files.open(path, from)?;
        match (self.text, from) {
            (Some(text), None) => Ok(Opened { bytes: text.as_bytes().to_vec(), ..opened }),
            _ => Ok(opened),
        }
    }
}
