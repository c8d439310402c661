//! The program, run against a simulated GitHub.

use std::path::Path;
use std::process::Command;

use credcheck::simulator::demo::{Demo, DemoHosts};
use credcheck::vocabulary::HostKind;

/// What a run gave.
pub(crate) struct Ran {
    pub(crate) code: i32,
    pub(crate) output: String,
    pub(crate) errors: String,
}

/// Runs the program in an environment of these variables only.
pub(crate) fn credcheck(arguments: &[&str], variables: &[(&str, &str)], folder: &Path) -> Ran {
    let output = Command::new(env!("CARGO_BIN_EXE_credcheck"))
        .args(arguments)
        .env_clear()
        .env("LANG", "C.UTF-8")
        .envs(variables.iter().copied())
        .current_dir(folder)
        .output()
        .unwrap();
    Ran {
        code: output.status.code().unwrap(),
        output: String::from_utf8(output.stdout).unwrap(),
        errors: String::from_utf8(output.stderr).unwrap(),
    }
}

/// The demo's world, running, with settings for all of its credentials.
pub(crate) struct Simulated {
    running: DemoHosts,
    folder: tempfile::TempDir,
    variables: Vec<(String, String)>,
}

impl Simulated {
    pub(crate) fn start() -> Self {
        let (running, credentials) = Demo::at(jiff::Timestamp::now()).start().unwrap();
        // The pages' examples are GitHub's.
        let credentials: Vec<_> = credentials.into_iter().filter(|one| one.host == HostKind::GitHub).collect();
        let folder = tempfile::tempdir().unwrap();
        let (mut settings, mut variables) = (String::new(), Vec::new());
        for (at, one) in credentials.iter().enumerate() {
            let repositories: Vec<String> = one.repositories.iter().map(|name| format!("{name:?}")).collect();
            settings.push_str(&format!(
                "[[credential]]\nname = {:?}\nhost = \"github\"\nurl = {:?}\napi_url = {:?}\nusername = {:?}\n\
                 repositories = [{}]\ntoken = {{ env = \"TOKEN_{at}\" }}\n\n",
                one.name,
                running.url(one.host),
                running.api_url(one.host),
                one.username,
                repositories.join(", "),
            ));
            variables.push((format!("TOKEN_{at}"), one.token.clone()));
        }
        std::fs::create_dir_all(folder.path().join("operator")).unwrap();
        std::fs::create_dir_all(folder.path().join("team/.git")).unwrap();
        std::fs::write(folder.path().join("operator/config.toml"), settings).unwrap();
        Self { running, folder, variables }
    }

    /// Writes a policy of the team.
    pub(crate) fn policy(&self, name: &str, text: &str) {
        std::fs::write(self.folder.path().join("team").join(name), text).unwrap();
    }

    /// Runs the program in the team's folder with the operator's settings.
    pub(crate) fn run(&self, arguments: &[&str]) -> Ran {
        let mut all = arguments.to_vec();
        // What reads policies only takes no settings.
        let offline = arguments.contains(&"--bot")
            || arguments
                .first()
                .is_some_and(|first| ["builtins", "explain", "fmt", "lint", "test", "vocab"].contains(first));
        if !offline && !arguments.contains(&"--replay") {
            all.extend(["--config", "../operator/config.toml"]);
        }
        let variables: Vec<(&str, &str)> =
            self.variables.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        let ran = credcheck(&all, &variables, &self.folder.path().join("team"));
        for (_, secret) in &self.variables {
            assert!(!ran.output.contains(secret) && !ran.errors.contains(secret), "a secret is shown");
        }
        // Write probes are refused, all of them.
        let probes = arguments.contains(&"--probe");
        assert!(self.running.writes().iter().all(|write| probes && write.status >= 400), "something was written");
        ran
    }
}
