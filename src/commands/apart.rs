//! Files that a command writes are none of those that it reads, and each is another one: nothing is lost by a slip of the
//! hand.

use std::path::{Path, PathBuf};

use super::cli::{CheckArguments, Cli, Command, CredentialArguments, OutputArguments};
use super::edge::STANDARD_INPUT;
use super::failure::Failure;
use crate::diagnostic::{Code, Diagnostic};

/// What a command reads and writes: what each file is for, as it is named on the command line.
#[derive(Debug, Default)]
struct Files<'a> {
    written: Vec<(&'static str, &'a Path)>,
    read: Vec<(&'static str, &'a Path)>,
}

impl<'a> Files<'a> {
    fn write(&mut self, what: &'static str, path: Option<&'a PathBuf>) {
        self.written.extend(path.map(|path| (what, path.as_path())));
    }

    fn read(&mut self, what: &'static str, path: Option<&'a PathBuf>) {
        self.read.extend(path.map(|path| (what, path.as_path())));
    }

    fn policies(&mut self, paths: &'a [String]) {
        let files = paths.iter().filter(|path| path.as_str() != STANDARD_INPUT);
        self.read.extend(files.map(|path| ("the policy", Path::new(path.as_str()))));
    }

    fn reports(&mut self, paths: &'a [PathBuf]) {
        let files = paths.iter().filter(|path| path.as_path() != Path::new(STANDARD_INPUT));
        self.read.extend(files.map(|path| ("the report", path.as_path())));
    }

    fn output(&mut self, output: &'a OutputArguments) {
        self.write("--output", output.output.as_ref());
    }

    fn credentials(&mut self, credentials: &'a CredentialArguments) {
        self.read("--config", credentials.config.as_ref());
    }

    fn check(&mut self, check: &'a CheckArguments) {
        self.policies(&check.policies);
        self.credentials(&check.credentials);
        self.read("--ca-cert", check.network.ca_cert.as_ref());
        self.read("--replay", check.replay.as_ref());
        // A baseline is read before anything is written: it may be written anew.
        self.output(&check.output);
        self.write("--record", check.record.as_ref());
    }
}

/// Files that are written apart from all others.
///
/// # Errors
/// [`Failure::Usage`] where two are one.
pub(super) fn apart(cli: &Cli) -> Result<(), Failure> {
    let mut files = Files::default();
    match &cli.command {
        None => files.check(&cli.check),
        Some(Command::Check(check)) => files.check(check),
        Some(Command::Watch(watch)) => {
            files.policies(&watch.policies);
            files.credentials(&watch.credentials);
            files.read("--ca-cert", watch.network.ca_cert.as_ref());
            // Every round reads it.
            files.read("--baseline", watch.verdicts.baseline.as_ref());
        }
        Some(Command::Facts(facts)) => {
            files.credentials(&facts.credentials);
            files.read("--replay", facts.replay.as_ref());
            files.output(&facts.output);
            files.write("--record", facts.record.as_ref());
        }
        Some(Command::Convert(convert)) => {
            files.reports(std::slice::from_ref(&convert.report));
            files.output(&convert.output);
        }
        Some(Command::Merge(merge)) => {
            files.reports(&merge.merged);
            files.output(&merge.output);
        }
        Some(Command::Plan(plan)) => {
            files.policies(&plan.policies);
            files.credentials(&plan.credentials);
            files.output(&plan.output);
        }
        Some(Command::Init(init)) => {
            files.credentials(&init.credentials);
            files.output(&init.output);
        }
        Some(Command::Test(test)) => {
            files.policies(&test.files);
            files.output(&test.output);
        }
        Some(Command::Lint(lint)) => {
            files.policies(&lint.policies);
            files.output(&lint.output);
        }
        Some(Command::Fmt(fmt)) => {
            files.policies(&fmt.policies);
            files.output(&fmt.output);
        }
        Some(Command::Explain(explain)) => {
            files.policies(&explain.policies);
            files.output(&explain.output);
        }
        Some(_) => {}
    }
    for report in cli.reports() {
        files.write("--report", Some(&report.path));
    }
    let to_output = |path: &Path| super::destination::is_standard(path);
    let many = files.written.iter().filter(|(_, path)| to_output(path)).count();
    let is_output_free = files.written.iter().any(|(what, path)| *what == "--output" && !to_output(path));
    if many > 1 || (many == 1 && !is_output_free && !cli.reports().is_empty()) {
        let problem = Diagnostic::new(Code::CommandLine, "two reports would go to standard output");
        return Err(Failure::Usage(vec![
            problem.help("give one of them a file: `--output FILE`, `--report FORMAT=FILE`"),
        ]));
    }
    let mut others = files.read;
    for (what, path) in files.written {
        if let Some((other, _)) = others.iter().find(|(_, other)| same(path, other)) {
            let other = if other.starts_with('-') { format!("`{other}`") } else { (*other).to_owned() };
            let message = format!("`{what} {}` is the same file as {other}", path.display());
            return Err(Failure::Usage(vec![
                Diagnostic::new(Code::CommandLine, message).help("name another file: one would write over the other"),
            ]));
        }
        others.push((what, path));
    }
    Ok(())
}

/// That what is written is none of the files that were read, wherever their names came from: a policy that another one
/// uses, a settings file that a variable names, a secret.
///
/// # Errors
/// [`Failure::Usage`] where one is.
pub(super) fn spared<'a>(written: impl Iterator<Item = &'a Path>, read: &[&Path]) -> Result<(), Failure> {
    for path in written {
        if read.iter().any(|other| same(path, other)) {
            let message = format!("`{}` was read, and would be written over", path.display());
            let problem = Diagnostic::new(Code::CommandLine, message);
            return Err(Failure::Usage(vec![problem.help("name another file: nothing was written, and nothing sent")]));
        }
    }
    Ok(())
}

/// Whether two names are of one file, as far as folders and links tell.
fn same(one: &Path, other: &Path) -> bool {
    let whole = |path: &Path| {
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let folder = super::edge::canonical(folder)?;
        Some(super::edge::canonical(path).unwrap_or_else(|| folder.join(path.file_name().unwrap_or_default())))
    };
    let devices = |path: &Path| path.starts_with("/dev");
    !devices(one) && (one == other || whole(one).is_some_and(|path| whole(other) == Some(path)))
}
