//! Policies from the command line: loaded, checked, inputs bound.

use std::path::PathBuf;

use super::cli::PolicyArguments;
use super::edge::{self, PolicyFiles};
use super::failure::Failure;
use crate::diagnostic::{Code, Diagnostic, Severity};
use crate::facts::{GivenInput, InputText, Origin};
use crate::language::{self, CheckOptions, CheckedPolicy, Inputs, Program};
use crate::text::source::SourceMap;

/// The most policies that are looked for where none is named.
const MOST_FILES: usize = 1_000;

/// A policy that may be evaluated.
pub(super) struct Policy {
    pub(super) checked: CheckedPolicy,
    /// What is worth saying of it, short of errors.
    pub(super) warnings: Vec<Diagnostic>,
    /// The trees of its files.
    pub(super) trees: Vec<PathBuf>,
}

/// Loads and checks policies. Ready-made ones come without their tests.
///
/// # Errors
/// [`Failure::Invalid`] with every problem of every file.
pub(super) fn load(paths: &[String], arguments: &PolicyArguments, sources: &mut SourceMap) -> Result<Policy, Failure> {
    let loaded = language::load_to_judge(paths, &PolicyFiles::default(), sources);
    checked(loaded, paths, arguments, sources)
}

/// As [`load`], with the tests of ready-made policies too.
///
/// # Errors
/// As [`load`].
pub(super) fn load_to_test(
    paths: &[String],
    arguments: &PolicyArguments,
    sources: &mut SourceMap,
) -> Result<Policy, Failure> {
    let loaded = language::load(paths, &PolicyFiles::default(), sources);
    checked(loaded, paths, arguments, sources)
}

fn checked(
    (program, problems): (Program, Vec<Diagnostic>),
    paths: &[String],
    arguments: &PolicyArguments,
    sources: &SourceMap,
) -> Result<Policy, Failure> {
    let options = CheckOptions { allow_unknown_names: arguments.allow_unknown_names };
    let (checked, problems) = language::check(&program, sources, problems, options);
    if problems.iter().any(|problem| problem.severity == Severity::Error) {
        return Err(Failure::Invalid(problems));
    }
    let files = paths.iter().filter(|path| !path.starts_with("builtin:"));
    let mut trees: Vec<PathBuf> = files.flat_map(|path| PolicyFiles::trees(path)).collect();
    trees.sort();
    trees.dedup();
    Ok(Policy { checked, warnings: problems, trees })
}

/// Every policy below the current folder; `verb` is what is to be done with them.
///
/// # Errors
/// [`Failure::Usage`] where the folder cannot be searched, or holds too many.
pub(super) fn found(verb: &str) -> Result<Vec<String>, Failure> {
    let problem = |message: String| {
        let problem = Diagnostic::new(Code::CommandLine, message);
        Failure::Usage(vec![problem.help(format!("name the policies to {verb}"))])
    };
    let mut names = edge::policies_below(MOST_FILES + 1)
        .map_err(|error| problem(format!("the current folder cannot be searched for policies: {}", error.kind())))?;
    if names.len() > MOST_FILES {
        return Err(problem(format!("there are more than {MOST_FILES} policies below the current folder")));
    }
    names.sort();
    Ok(names)
}

/// The values of all inputs: the command line before settings before defaults.
///
/// # Errors
/// [`Failure::Usage`] for what the command line gives, [`Failure::Invalid`] for what settings give.
pub(super) fn inputs(
    policy: &CheckedPolicy,
    arguments: &PolicyArguments,
    settings: &[GivenInput],
) -> Result<Inputs, Failure> {
    let declared = |input: &&GivenInput| policy.inputs.iter().any(|declared| declared.name == input.name);
    let mut given: Vec<GivenInput> = settings.iter().filter(declared).cloned().collect();
    let mut problems = Vec::new();
    for text in &arguments.set {
        match text.split_once('=') {
            Some((name, value)) => given.push(GivenInput {
                name: name.trim().to_owned(),
                value: InputText::One(value.to_owned()),
                origin: Origin::Option("--set"),
            }),
            None => problems.push(
                Diagnostic::new(Code::CommandLine, format!("`--set {text}` has no value"))
                    .help("write `--set NAME=VALUE`"),
            ),
        }
    }
    if !problems.is_empty() {
        return Err(Failure::Usage(problems));
    }
    language::bind_inputs(policy, &given).map_err(Failure::Usage)
}
