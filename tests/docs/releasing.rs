//! What a release is made with: the workflows hold what they must, and the units call the program as it is.

use std::collections::BTreeSet;

use crate::commands::{help, subcommands};
use crate::pages::{read, root};

fn workflows() -> Vec<(String, String)> {
    let folder = std::fs::read_dir(root().join(".github/workflows")).unwrap();
    let names = folder.map(|entry| format!(".github/workflows/{}", entry.unwrap().file_name().to_str().unwrap()));
    names.map(|name| (name.clone(), read(&name))).collect()
}

#[test]
fn every_action_is_one_commit_with_its_version_and_nothing_is_allowed_by_default() {
    let mut actions = 0;
    for (name, text) in workflows() {
        assert!(text.contains("\npermissions: {}\n"), "{name}");
        let steps: Vec<&str> = text.split("uses: ").skip(1).collect();
        for step in steps {
            let line = step.lines().next().unwrap();
            let (action, version) = line.split_once(" # v").unwrap_or_else(|| panic!("{name}: {line}"));
            let commit = action.split_once('@').unwrap().1;
            assert!(commit.len() == 40 && commit.bytes().all(|byte| byte.is_ascii_hexdigit()), "{name}: {line}");
            assert!(version.starts_with(|first: char| first.is_ascii_digit()), "{name}: {line}");
            let rest = step.split("\n      - ").next().unwrap();
            assert!(
                !action.starts_with("actions/checkout@") || rest.contains("persist-credentials: false"),
                "{name}: {line}"
            );
            actions += 1;
        }
    }
    assert!(actions > 10, "{actions}");
}

#[test]
fn the_units_call_commands_and_options_that_there_are() {
    let defaults = read("release/systemd/credcheck.default");
    let have = subcommands();
    for unit in ["credcheck.service", "watch/credcheck-watch.service"] {
        let text = read(&format!("release/systemd/{unit}"));
        let line = text.lines().find_map(|line| line.strip_prefix("ExecStart=/usr/bin/credcheck ")).unwrap();
        let mut words: Vec<&str> = line.split_whitespace().collect();
        let command = words.remove(0);
        assert!(have.iter().any(|word| word == command), "{unit}: {command}");
        let mut options = BTreeSet::new();
        for word in words {
            match word.strip_prefix('$') {
                Some(variable) => {
                    let value = defaults.lines().find_map(|line| line.strip_prefix(&format!("{variable}=")));
                    let value = value.unwrap_or_else(|| panic!("{unit}: nothing sets {variable}")).trim_matches('"');
                    options.extend(value.split_whitespace().filter(|word| word.starts_with("--")).map(str::to_owned));
                }
                None => {
                    options.insert(word.to_owned());
                }
            }
        }
        let help = help(command);
        let known: BTreeSet<&str> =
            help.split(|at: char| at.is_whitespace() || at == ',').filter(|word| word.starts_with("--")).collect();
        for option in options {
            assert!(known.contains(option.as_str()), "{unit}: {command} has no {option}");
        }
    }
}
