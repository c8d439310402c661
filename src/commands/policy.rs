//! Policies from the command line: loaded, checked, inputs bound.

use std::path::{Path, PathBuf};

use super::cli::PolicyArguments;
use super::edge::{self, PolicyFiles};
use super::failure::Failure;
use crate::diagnostic::{Code, Diagnostic, Severity};
use crate::facts::{GivenInput, InputText, Origin};
use crate::language::{self, CheckOptions, CheckedPolicy, Inputs, Program};
use crate::text::english;
use crate::text::nearest::nearest;
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
    let loaded = language::load_to_judge(paths, &edge::Policies::default(), sources);
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
    let loaded = language::load(paths, &edge::Policies::default(), sources);
    checked(loaded, paths, arguments, sources)
}

fn checked(
    (program, problems): (Program, Vec<Diagnostic>),
    paths: &[String],
    arguments: &PolicyArguments,
    sources: &SourceMap,
) -> Result<Policy, Failure> {
    let options = CheckOptions { allow_unknown_names: arguments.allow_unknown_names };
    let (checked, mut problems) = language::check(&program, sources, problems, options);
    meant(&mut problems, paths);
    if problems.iter().any(|problem| problem.severity == Severity::Error) {
        return Err(Failure::Invalid(problems));
    }
    let files = paths.iter().filter(|path| !path.starts_with("builtin:"));
    let mut trees: Vec<PathBuf> = files.flat_map(|path| PolicyFiles::trees(path)).collect();
    trees.sort();
    trees.dedup();
    Ok(Policy { checked, warnings: problems, trees })
}

/// Says of policies that cannot be read what was meant: a command, a ready-made policy, what lies in a folder.
pub(super) fn meant(problems: &mut [Diagnostic], paths: &[String]) {
    for problem in problems.iter_mut().filter(|one| one.code == Code::UnreadablePolicy && one.span().is_none()) {
        let path = paths.iter().find(|path| problem.message.starts_with(&format!("cannot read the policy `{path}`:")));
        if let Some(help) = path.and_then(|path| meaning(path)) {
            problem.help = Some(help);
        }
    }
}

/// What a path that is no policy may mean.
fn meaning(path: &str) -> Option<String> {
    if edge::is_folder(path) {
        let inside = edge::beside(&format!("{}/x", path.trim_end_matches('/')));
        let first: Vec<&String> = inside.iter().take(3).collect();
        return Some(if first.is_empty() {
            "this is a folder, and no policy lies in it: name a file that ends in `.pol`".to_owned()
        } else {
            format!("this is a folder: name the policies in it, such as {}", english::quoted_list(first, "or"))
        });
    }
    let with_ending = format!("{path}.pol");
    if edge::is_there(Path::new(&with_ending)) {
        return Some(format!("did you mean `{with_ending}`?"));
    }
    let is_word = !path.contains(['/', '.', '\\']) && path.len() <= 40;
    if is_word {
        let word = path.trim_start_matches('-').to_ascii_lowercase();
        if word == "version" {
            return Some("did you mean `credcheck --version`?".to_owned());
        }
        let commands = <super::cli::Cli as clap::CommandFactory>::command();
        let names: Vec<&str> = commands.get_subcommands().map(clap::Command::get_name).collect();
        let builtin = || language::BUILTIN.iter().map(|(name, _)| *name);
        if let Some(name) = builtin().find(|name| *name == word) {
            return Some(format!("did you mean the ready-made policy `builtin:{name}`?"));
        }
        let elsewhere = |word: &str| OTHER_COMMANDS.iter().find(|(words, _)| words.contains(&word));
        if let Some((_, command)) = elsewhere(&word) {
            return Some(format!("did you mean `credcheck {command}`?"));
        }
        if let Some(name) = nearest(&word, names) {
            return Some(format!("did you mean the command `credcheck {name}`?"));
        }
        let others = OTHER_COMMANDS.iter().flat_map(|(words, _)| words.iter().copied());
        if let Some((_, command)) = nearest(&word, others).and_then(elsewhere) {
            return Some(format!("did you mean `credcheck {command}`?"));
        }
        if let Some(name) = nearest(&word, builtin()) {
            return Some(format!("did you mean the ready-made policy `builtin:{name}`?"));
        }
    }
    let beside = edge::beside(path);
    nearest(path, beside.iter().map(String::as_str)).map(|near| format!("did you mean `{near}`?"))
}

/// Commands under the names that other tools give them.
const OTHER_COMMANDS: [(&[&str], &str); 8] = [
    (&["format", "reformat"], "fmt"),
    (&["validate", "verify", "analyze", "analyse"], "lint"),
    (&["run", "audit", "scan", "eval"], "check POLICY"),
    (&["new", "create", "generate", "scaffold"], "init"),
    (&["vocabulary", "schema", "list", "scopes", "describe"], "vocab"),
    (&["completion", "complete"], "completions SHELL"),
    (&["show", "inspect", "whoami", "info", "discover"], "facts"),
    (&["dry-run", "dryrun", "preview"], "plan POLICY"),
];

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
