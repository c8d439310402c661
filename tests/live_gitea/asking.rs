//! The program, asked about one token of an instance.

use std::process::{Command, Output};

use serde_json::Value;

/// A credential, as an operator declares it.
#[derive(Clone)]
pub(crate) struct Asked<'a> {
    pub(crate) root: String,
    pub(crate) token: &'a str,
    pub(crate) username: Option<&'a str>,
    pub(crate) repositories: &'a [&'a str],
}

/// What the program knows of it.
pub(crate) struct Knows(Vec<Value>);

/// What the program said.
pub(crate) struct Said(String);

impl Asked<'_> {
    fn run(&self, policy: Option<&str>, arguments: &[&str]) -> Output {
        let folder = tempfile::tempdir().unwrap();
        let settings = folder.path().join("settings.toml");
        let mut text = format!(
            "[[credential]]\nname = \"bot\"\nhost = \"gitea\"\nurl = \"{}\"\napi_url = \"{0}/api/v1\"\ntoken = {{ env = \"LIVE\" }}\n",
            self.root
        );
        if let Some(username) = self.username {
            text.push_str(&format!("username = \"{username}\"\n"));
        }
        if !self.repositories.is_empty() {
            text.push_str(&format!("repositories = {:?}\n", self.repositories));
        }
        std::fs::write(&settings, text).unwrap();
        let mut command = Command::new(env!("CARGO_BIN_EXE_credcheck"));
        command.env_clear().env("LIVE", self.token).env("HOME", folder.path()).env("CREDCHECK_CONFIG", &settings);
        if let Some(policy) = policy {
            let file = folder.path().join("live.pol");
            std::fs::write(&file, format!("host gitea {{\n  {policy}\n}}\n")).unwrap();
            command.arg(file).arg("--trust-config");
        }
        let output = command.args(arguments).output().unwrap();
        for stream in [&output.stdout, &output.stderr] {
            assert!(!String::from_utf8_lossy(stream).contains(self.token), "the token is shown");
        }
        output
    }

    /// Everything that it knows.
    pub(crate) fn facts(&self) -> Knows {
        let output = self.run(None, &["facts", "--format", "json"]);
        let document: Value = serde_json::from_slice(&output.stdout)
            .unwrap_or_else(|error| panic!("{error}: {}", String::from_utf8_lossy(&output.stderr)));
        let mut found = Vec::new();
        gather(&document, &mut found);
        Knows(found)
    }

    /// A policy of one rule ends with this code.
    #[track_caller]
    pub(crate) fn checks(&self, rule: &str, code: i32) -> Said {
        let output = self.run(Some(rule), &[]);
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        let errors = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(code), "{rule}\n{text}\n{errors}");
        Said(text)
    }
}

impl Said {
    #[track_caller]
    pub(crate) fn shows(&self, text: &str) {
        // Lines are as wide as the terminal.
        let flat = self.0.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(flat.contains(text), "{text:?} is not in\n{}", self.0);
    }
}

impl Knows {
    /// A fact of the credential, or of a repository.
    pub(crate) fn fact(&self, path: &str, of: Option<&str>) -> Option<&Value> {
        self.0.iter().find(|fact| fact["fact"] == path && fact["subject"].as_str() == of)
    }
}

/// Every fact of a document, wherever it stands.
fn gather(document: &Value, found: &mut Vec<Value>) {
    match document {
        Value::Object(members) if members.contains_key("fact") && members.contains_key("subject") => {
            found.push(document.clone());
        }
        Value::Object(members) => members.values().for_each(|value| gather(value, found)),
        Value::Array(items) => items.iter().for_each(|value| gather(value, found)),
        _ => {}
    }
}
