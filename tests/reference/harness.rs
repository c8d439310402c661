//! The program, run in an empty environment.

use std::path::Path;
use std::process::{Command, Stdio};

use serde_json::Value;

/// What a run gave.
pub(crate) struct Ran {
    pub(crate) code: i32,
    pub(crate) output: String,
    pub(crate) errors: String,
}

fn command(arguments: &[&str], folder: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_credcheck"));
    command.args(arguments).env_clear().env("LANG", "C.UTF-8").current_dir(folder).stdin(Stdio::null());
    command
}

pub(crate) fn run_in(arguments: &[&str], folder: &Path) -> Ran {
    let output = command(arguments, folder).output().unwrap();
    Ran {
        code: output.status.code().unwrap(),
        output: String::from_utf8(output.stdout).unwrap(),
        errors: String::from_utf8(output.stderr).unwrap(),
    }
}

/// Runs in the project's folder.
pub(crate) fn run(arguments: &[&str]) -> Ran {
    run_in(arguments, Path::new(env!("CARGO_MANIFEST_DIR")))
}

/// The output of a run that succeeds and says nothing else.
pub(crate) fn told(arguments: &[&str]) -> String {
    let ran = run(arguments);
    assert_eq!((ran.code, ran.errors.as_str()), (0, ""), "{arguments:?}");
    ran.output
}

/// The same as JSON.
pub(crate) fn json(arguments: &[&str]) -> Value {
    let mut all = arguments.to_vec();
    all.extend(["--format", "json"]);
    serde_json::from_str(&told(&all)).unwrap()
}

/// Runs with a reader of standard output that went away before anything was written; gives the exit code and the errors.
pub(crate) fn without_reader(arguments: &[&str]) -> (i32, String) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"));
    let (reader, writer) = std::io::pipe().unwrap();
    drop(reader);
    let output = command(arguments, folder).stdout(writer).stderr(Stdio::piped()).output().unwrap();
    (output.status.code().unwrap(), String::from_utf8(output.stderr).unwrap())
}

/// Every path of keys in a document, with the types of what stands there.
pub(crate) fn shape(value: &Value) -> Vec<String> {
    let mut paths = std::collections::BTreeMap::new();
    walk(value, "", &mut paths);
    paths
        .into_iter()
        .map(|(path, types): (String, std::collections::BTreeSet<&str>)| {
            format!("{path}: {}", types.into_iter().collect::<Vec<_>>().join(" or "))
        })
        .collect()
}

fn walk(
    value: &Value,
    path: &str,
    into: &mut std::collections::BTreeMap<String, std::collections::BTreeSet<&'static str>>,
) {
    let kind = match value {
        Value::Null => "null",
        Value::Bool(_) => "bool",
        Value::Number(_) => "number",
        Value::String(_) => "string",
        Value::Array(_) => "list",
        Value::Object(_) => "object",
    };
    into.entry(path.to_owned()).or_default().insert(kind);
    match value {
        Value::Array(items) => items.iter().for_each(|item| walk(item, &format!("{path}[]"), into)),
        Value::Object(keys) => keys.iter().for_each(|(key, item)| walk(item, &format!("{path}.{key}"), into)),
        _ => {}
    }
}
