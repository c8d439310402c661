//! A runner of GitHub's that does what `action.yml` says, in a folder of its own, with a `curl` that fetches nothing.

use std::collections::{BTreeMap, BTreeSet};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;

use sha2::{Digest, Sha256};

/// The archive of this machine.
pub(crate) const ARCHIVE: &str = "credcheck-x86_64-unknown-linux-musl-v0.1.0.tgz";

/// What stands in for the program: it notes its arguments, and ends as the environment says.
pub(crate) const STANDING_IN: &str = r#"#!/bin/bash
if [[ ${1-} == --version ]]; then echo "credcheck 0.1.0"; exit 0; fi
printf '%s\0' "$@" >"$CALLS"
for argument; do
  if [[ $argument == sarif=* && -n ${SARIF-} ]]; then printf '%s' "$SARIF" >"${argument#sarif=}"; fi
done
printf '%s' "${PRINTED-}"
exit "${CODE:-0}"
"#;

const CURL: &str = r#"#!/bin/bash
printf '%s\n' "$*" >>"$FETCHED"
while (($#)); do
  if [[ $1 == --output ]]; then output=$2; shift; fi
  url=$1; shift
done
cp "$RELEASE/${url##*/}" "$output" 2>/dev/null || exit 22
"#;

/// A step of the action.
#[derive(Default, Debug)]
pub(crate) struct Step {
    pub(crate) id: String,
    pub(crate) condition: String,
    pub(crate) run: String,
    pub(crate) uses: String,
    pub(crate) given: Vec<(String, String)>,
}

/// `action.yml`, as far as it is needed.
pub(crate) struct Action {
    pub(crate) defaults: BTreeMap<String, String>,
    pub(crate) steps: Vec<Step>,
}

impl Action {
    pub(crate) fn read() -> Self {
        let text = std::fs::read_to_string(root().join("action.yml")).unwrap();
        let (head, steps) = text.split_once("\n  steps:\n").unwrap();
        let (_, inputs) = head.split_once("\ninputs:\n").unwrap();
        let (inputs, _) = inputs.split_once("\noutputs:\n").unwrap();
        let (mut defaults, mut name) = (BTreeMap::new(), String::new());
        for line in inputs.lines() {
            if let Some(input) = line.strip_prefix("  ").filter(|rest| !rest.starts_with(' ')) {
                name = input.trim_end_matches(':').to_owned();
                defaults.insert(name.clone(), String::new());
            } else if let Some(value) = line.trim().strip_prefix("default: ") {
                defaults.insert(name.clone(), value.trim_matches('"').to_owned());
            }
        }
        let steps = steps.split("\n    - ").map(|step| Self::step(step.trim_start_matches("    - "))).collect();
        Self { defaults, steps }
    }

    fn step(text: &str) -> Step {
        let mut step = Step::default();
        for line in text.lines() {
            let Some((key, value)) = line.trim().split_once(':') else { continue };
            let value = value.trim().to_owned();
            match (line.starts_with("        "), key) {
                (true, _) => step.given.push((key.to_owned(), value)),
                (false, "id") => step.id = value,
                (false, "if") => step.condition = value,
                (false, "run") => step.run = value,
                (false, "uses") => step.uses = value,
                (false, "shell") => assert_eq!(value, "bash"),
                (false, "env" | "with") => {}
                (false, other) => panic!("the runner of these tests knows no `{other}`"),
            }
        }
        step
    }
}

/// What a run of the action gave.
#[derive(Debug, Default)]
pub(crate) struct Ran {
    /// Whether a step failed.
    pub(crate) failed: bool,
    /// What the steps wrote, in the order of the steps.
    pub(crate) log: String,
    /// `STEP.NAME` and the value.
    pub(crate) outputs: BTreeMap<String, String>,
    /// The file that was uploaded.
    pub(crate) uploaded: Option<String>,
    /// The arguments of the program, if it ran.
    pub(crate) arguments: Option<Vec<String>>,
    /// The command lines of `curl`.
    pub(crate) fetched: String,
}

impl Ran {
    pub(crate) fn output(&self, name: &str) -> &str {
        self.outputs.get(name).map_or("", String::as_str)
    }
}

pub(crate) struct Runner {
    folder: tempfile::TempDir,
    variables: BTreeMap<String, String>,
    /// Whether the program is there already, so that the first step need not run.
    installed: bool,
}

impl Runner {
    /// A runner that pushes were made to, and a release with this program.
    pub(crate) fn with(program: &str) -> Self {
        let runner = Self::installed(program);
        runner.pack();
        let sum = runner.sum();
        runner.write("release/SHA256SUMS", &format!("{}  other.tgz\n{sum}  {ARCHIVE}\n", "0".repeat(64)));
        Self { installed: false, ..runner }
    }

    /// The same, where the program was fetched already.
    pub(crate) fn installed(program: &str) -> Self {
        let runner = Self { folder: tempfile::tempdir().unwrap(), variables: BTreeMap::new(), installed: true };
        for folder in ["temp dir", "tools", "release", "workspace", "packed"] {
            std::fs::create_dir(runner.path(folder)).unwrap();
        }
        executable(&runner.path("tools/curl"), CURL);
        executable(&runner.path("packed/credcheck"), program);
        runner
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub(crate) fn write(&self, name: &str, text: &str) {
        std::fs::write(self.path(name), text).unwrap();
    }

    /// Makes the archive of what lies in `packed`.
    pub(crate) fn pack(&self) {
        let made = Command::new("tar")
            .arg("-czf")
            .arg(self.path("release").join(ARCHIVE))
            .args(["-C", self.path("packed").to_str().unwrap(), "."])
            .status();
        assert!(made.unwrap().success());
    }

    /// The archive's checksum.
    pub(crate) fn sum(&self) -> String {
        let bytes = std::fs::read(self.path("release").join(ARCHIVE)).unwrap();
        Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
    }

    pub(crate) fn set(mut self, name: &str, value: &str) -> Self {
        self.variables.insert(name.to_owned(), value.to_owned());
        self
    }

    /// Runs the action with these inputs.
    pub(crate) fn run(&self, inputs: &[(&str, &str)]) -> Ran {
        let action = Action::read();
        let mut all = action.defaults.clone();
        for (name, value) in inputs {
            assert!(all.insert((*name).to_owned(), (*value).to_owned()).is_some(), "there is no input `{name}`");
        }
        let mut ran = Ran::default();
        if self.installed {
            let program = self.path("packed/credcheck").to_str().unwrap().to_owned();
            ran.outputs.insert("install.program".to_owned(), program);
        }
        for step in action.steps.iter().skip(usize::from(self.installed)) {
            let given: Vec<(String, String)> =
                step.given.iter().map(|(name, value)| (name.clone(), evaluated(value, &all, &ran.outputs))).collect();
            if step.run.is_empty() {
                assert!(step.uses.starts_with("github/codeql-action/upload-sarif@"), "{}", step.uses);
                assert_eq!(step.condition, "inputs.upload-sarif == 'true' && steps.run.outputs.sarif-file != ''");
                if all["upload-sarif"] == "true" && !ran.output("run.sarif-file").is_empty() {
                    ran.uploaded = Some(given[0].1.clone());
                }
                continue;
            }
            if !self.step(step, &given, &mut ran) {
                ran.failed = true;
                break;
            }
        }
        ran.fetched = std::fs::read_to_string(self.path("fetched")).unwrap_or_default();
        ran.arguments = std::fs::read_to_string(self.path("calls"))
            .ok()
            .map(|calls| calls.trim_end_matches('\0').split('\0').map(str::to_owned).collect());
        ran
    }

    fn step(&self, step: &Step, given: &[(String, String)], ran: &mut Ran) -> bool {
        for name in ["output", "path"] {
            self.write(name, "");
        }
        let tools = format!("{}:/usr/local/bin:/usr/bin:/bin", self.path("tools").display());
        let mut command = Command::new("bash");
        command
            .args(["--noprofile", "--norc", "-e", "-o", "pipefail", "-c", &step.run])
            .current_dir(self.path("workspace"))
            .env_clear()
            .env("PATH", tools)
            .env("GITHUB_ACTIONS", "true")
            .env("GITHUB_EVENT_NAME", "push")
            .env("RUNNER_OS", "Linux")
            .env("RUNNER_ARCH", "X64")
            .env("GITHUB_ACTION_PATH", root())
            .env("RELEASE", self.path("release"));
        let own = [("RUNNER_TEMP", "temp dir"), ("GITHUB_OUTPUT", "output"), ("GITHUB_PATH", "path")];
        for (name, file) in own.into_iter().chain([("CALLS", "calls"), ("FETCHED", "fetched")]) {
            command.env(name, self.path(file));
        }
        let output = command.envs(&self.variables).envs(given.iter().cloned()).output().unwrap();
        ran.log.push_str(&String::from_utf8(output.stdout).unwrap());
        ran.log.push_str(&String::from_utf8(output.stderr).unwrap());
        for line in std::fs::read_to_string(self.path("output")).unwrap().lines() {
            let (name, value) = line.split_once('=').unwrap();
            ran.outputs.insert(format!("{}.{name}", step.id), value.to_owned());
        }
        output.status.success()
    }

    /// What lies in the folder that the steps run in.
    pub(crate) fn workspace(&self) -> BTreeSet<String> {
        let entries = std::fs::read_dir(self.path("workspace")).unwrap();
        entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
    }
}

/// The value of an expression. Text stays what it is: the runner puts it into the environment, and into no script.
fn evaluated(value: &str, inputs: &BTreeMap<String, String>, outputs: &BTreeMap<String, String>) -> String {
    let expression = value.strip_prefix("${{ ").and_then(|rest| rest.strip_suffix(" }}")).unwrap();
    if let Some(name) = expression.strip_prefix("inputs.") {
        return inputs[name].clone();
    }
    if let Some(rest) = expression.strip_prefix("steps.") {
        return outputs.get(&rest.replacen(".outputs.", ".", 1)).cloned().unwrap_or_default();
    }
    panic!("the runner of these tests knows no `{expression}`")
}

pub(crate) fn executable(path: &Path, text: &str) {
    std::fs::write(path, text).unwrap();
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o755)).unwrap();
}

pub(crate) fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}
