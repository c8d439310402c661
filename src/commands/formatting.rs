//! `credcheck fmt`: policies in the one style.

use std::path::{Path, PathBuf};
use std::time::Duration;

use similar::TextDiff;

use super::cli::FmtArguments;
use super::edge::{self, STANDARD_INPUT};
use super::failure::Failure;
use super::output::{self, Sink};
use super::policy;
use crate::diagnostic::{Code, Diagnostic};
use crate::evaluation::ExitCode;
use crate::language::{self, OpenError, PolicyStore as _};
use crate::report::json::v1;
use crate::text::english;
use crate::text::source::{SourceId, Span};

/// A policy and how it should be written.
struct Formatted {
    name: String,
    source: SourceId,
    /// The file, links resolved; `None` for standard input.
    path: Option<PathBuf>,
    before: String,
    after: String,
}

impl Formatted {
    fn changed(&self) -> bool {
        self.before != self.after
    }

    /// That it is not in the one style, at the first line that would change.
    fn finding(&self) -> Diagnostic {
        let same = self.before.split_inclusive('\n').zip(self.after.split_inclusive('\n'));
        let at: usize = same.take_while(|(before, after)| before == after).map(|(before, _)| before.len()).sum();
        let line = self.before.get(at..).and_then(|rest| rest.lines().next()).map_or(0, str::len);
        let span = Span::new(self.source, at, at + line);
        Diagnostic::at(Code::NotFormatted, span, "this policy is not in the one style, from this line on")
            .help("write it so: `credcheck fmt FILE`")
    }
}

/// What went wrong, by what it means for the exit code.
#[derive(Default)]
struct Problems {
    invalid: Vec<Diagnostic>,
    failed: Vec<Diagnostic>,
}

/// `credcheck fmt`. A policy that cannot be read or formatted stays as it is, and hinders no other.
pub(super) fn run(arguments: &FmtArguments, sink: &mut Sink) -> Result<ExitCode, Failure> {
    let policies = if arguments.policies.is_empty() { policy::found("format")? } else { arguments.policies.clone() };
    if policies.is_empty() {
        let problem = Diagnostic::new(Code::CommandLine, "there is no policy below the current folder");
        return Err(Failure::Usage(vec![problem.help("name a file that ends in `.pol`, or `-` for standard input")]));
    }
    let to_output = !arguments.check && policies.iter().any(|path| path == STANDARD_INPUT);
    if to_output && !sink.is_for_people() {
        let problem = Diagnostic::new(Code::CommandLine, "`-` writes the policy where the report would go");
        return Err(Failure::Usage(vec![problem.help("add `--check`, or name files")]));
    }
    let mut problems = Problems::default();
    let formatted = format_all(&policies, sink, &mut problems);
    policy::meant(&mut problems.invalid, &policies);
    sink.spares(None)?;
    let changed: Vec<&Formatted> = formatted.iter().filter(|one| one.changed()).collect();
    if arguments.check {
        if sink.is_for_people() && !changed.is_empty() {
            sink.policy_text(&changed.iter().map(|one| difference(one)).collect::<String>())?;
        }
    } else {
        for one in &changed {
            let Some(path) = &one.path else { continue };
            match edge::replace_file(path, &one.after) {
                Ok(()) => sink.note(&format!("formatted {}", one.name)),
                Err(error) => {
                    let failure = output::cannot_write(&format!("`{}`", one.name), &error);
                    problems.failed.extend_from_slice(failure.diagnostics());
                }
            }
        }
        if let Some(one) = formatted.iter().find(|one| one.path.is_none()) {
            sink.text(&one.after)?;
        }
    }
    let unformatted = arguments.check && !changed.is_empty();
    let exit = match (problems.failed.is_empty(), problems.invalid.is_empty()) {
        (false, _) => ExitCode::Failed,
        (_, false) => ExitCode::Invalid,
        _ if unformatted => ExitCode::Violation,
        _ => ExitCode::Success,
    };
    let all: Vec<Diagnostic> = problems.invalid.into_iter().chain(problems.failed).collect();
    let files = formatted.iter().map(|one| (one.name.as_str(), one.changed()));
    let document = v1::Formatting::new(&all, sink.texts(), files);
    let unstyled = changed.iter().filter(|_| arguments.check).map(|one| one.finding());
    let found: Vec<Diagnostic> = all.iter().cloned().chain(unstyled).collect();
    sink.formatting(&document, &found, exit)?;
    if sink.is_for_people() {
        sink.fail(&Failure::Invalid(all));
        if unformatted {
            let (count, them) = (changed.len(), if changed.len() == 1 { "it" } else { "them" });
            let count = english::count(count, "policy is", "policies are");
            sink.note(&format!("{count} not formatted; leave out `--check` to write {them}"));
        }
    }
    Ok(exit)
}

/// Formats every policy that can be, each once.
fn format_all(paths: &[String], sink: &mut Sink, problems: &mut Problems) -> Vec<Formatted> {
    let mut formatted: Vec<Formatted> = Vec::new();
    let mut seen: Vec<String> = Vec::new();
    for path in paths {
        let (name, file, bytes) = match open(path) {
            Ok((id, ..)) if seen.contains(&id) => continue,
            Ok((id, name, bytes)) => {
                seen.push(id.clone());
                (name, (path != STANDARD_INPUT).then(|| PathBuf::from(id)), bytes)
            }
            Err(problem) => {
                problems.invalid.push(*problem);
                continue;
            }
        };
        let before = match language::policy_text(&name, bytes) {
            Ok(text) => text,
            Err(problem) => {
                problems.invalid.push(*problem);
                continue;
            }
        };
        let source = sink.sources().add(name.clone(), before.as_str());
        match language::format(source, &before) {
            Ok(after) => formatted.push(Formatted { name, source, path: file, before, after }),
            Err(found) if found.iter().any(|problem| problem.code == Code::FormatRefused) => {
                problems.failed.extend(found);
            }
            Err(found) => problems.invalid.extend(found),
        }
    }
    formatted
}

/// A policy's one name, the name to show, and its bytes.
fn open(path: &str) -> Result<(String, String, Vec<u8>), Box<Diagnostic>> {
    let unreadable = |reason: &str, help: &str| {
        let problem = Diagnostic::new(Code::UnreadablePolicy, format!("cannot read the policy `{path}`: {reason}"));
        Box::new(problem.help(help))
    };
    // Each on its own: no import is followed, so there is no tree to stay in.
    let opened = edge::Policies::default().open(path, None).map_err(|error| {
        let help = match error {
            OpenError::NotFound => "name a policy file, such as `team.pol`, or `-` for standard input",
            _ if path == STANDARD_INPUT => "give the policy on standard input, or name a file",
            _ => "a policy is a regular text file whose name ends in `.pol`",
        };
        unreadable(&error.to_string(), help)
    })?;
    Ok((opened.id, opened.name, opened.bytes))
}

/// How long to look for the smallest diff. What is shown after that is a larger one, and as right.
const DIFF_PATIENCE: Duration = Duration::from_millis(300);

/// What formatting would change, as a unified diff. A file that changes everywhere has no small one, and looking for it
/// takes the square of its changes.
fn difference(one: &Formatted) -> String {
    let name = Path::new(&one.name).display().to_string();
    let diff = TextDiff::configure().timeout(DIFF_PATIENCE).diff_lines(&one.before, &one.after);
    diff.unified_diff().context_radius(3).header(&name, &name).to_string()
}
