//! `credcheck completions` and `credcheck man`.

use crate::harness::{run, told, without_reader};

/// The commands, as `--help` lists them.
fn commands() -> Vec<String> {
    let help = told(&["--help"]);
    let (_, list) = help.split_once("Commands:\n").unwrap();
    list.lines()
        .take_while(|line| !line.is_empty())
        .filter(|line| line.starts_with("  ") && !line.starts_with("   "))
        .map(|line| line.split_whitespace().next().unwrap().to_owned())
        .collect()
}

#[test]
fn completions_know_every_command_and_option() {
    for shell in ["bash", "elvish", "fish", "powershell", "zsh"] {
        let text = told(&["completions", shell]);
        for command in commands() {
            assert!(text.contains(&command), "{shell}: {command}");
        }
        for option in ["no-waivers", "max-requests", "allow-unknown-names"] {
            assert!(text.contains(option), "{shell}: {option}");
        }
        assert!(!text.contains('\u{1b}'));
    }
    assert_eq!(run(&["completions", "tcsh"]).code, 2);
    assert_eq!(without_reader(&["completions", "zsh"]), (0, String::new()));
}

#[test]
fn the_manual_has_every_command() {
    let text = told(&["man"]);
    assert!(text.contains(".TH credcheck 1"), "{text}");
    for command in commands().iter().filter(|command| *command != "help") {
        assert!(text.contains(&format!(".SH \"CREDCHECK {}\"", command.to_uppercase())), "{command}");
    }
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("credcheck.1");
    assert_eq!(told(&["man", "--output", file.to_str().unwrap()]), "");
    assert_eq!(std::fs::read_to_string(&file).unwrap(), text);
}
