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
fn completions_know_hosts_bots_and_ready_made_policies() {
    for shell in ["bash", "fish", "zsh"] {
        let text = told(&["completions", shell]);
        for word in ["bitbucket_server", "forgejo", "semantic-release", "concise"] {
            assert!(text.contains(word), "{shell}: {word}");
        }
        let policy = if shell == "zsh" { "builtin\\:renovate" } else { "builtin:renovate" };
        assert!(text.contains(policy), "{shell}");
    }
    let zsh = told(&["completions", "zsh"]);
    assert!(zsh.contains(":_credcheck_policies'") && zsh.contains("_files -g"), "files are offered, too");
    // The first word is a command, or a policy whose options are those of a check.
    for (text, times) in [
        (":: :_credcheck_first", 1),
        ("case $line[1] in\n            (check|*.pol|builtin:*|-)", 1),
        ("$line[2]", 0),
        ("':policies -- ", 0),
    ] {
        assert_eq!(zsh.matches(text).count(), times, "{text}");
    }
}

/// What bash offers for a line whose words it parts as here.
#[cfg(unix)]
fn offered(words: &[&str]) -> Vec<String> {
    let script = told(&["completions", "bash"]);
    let last = words.last().unwrap();
    // Bash gives the word before the cursor, without the colon that stands alone.
    let current = if *last == ":" { "" } else { last };
    let quoted: Vec<String> = words.iter().map(|word| format!("'{word}'")).collect();
    let ask = format!(
        "{script}\nCOMP_WORDS=({})\nCOMP_CWORD={}\n_credcheck_words credcheck '{current}' '{}'\necho \"${{COMPREPLY[@]}}\"",
        quoted.join(" "),
        words.len() - 1,
        words[words.len() - 2]
    );
    let output = std::process::Command::new("bash").args(["--norc", "-c", &ask]).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap().split_whitespace().map(str::to_owned).collect()
}

#[test]
#[cfg(unix)]
fn bash_completes_a_ready_made_policy_across_its_colon() {
    assert_eq!(offered(&["credcheck", "builtin", ":", "at"]), ["atlantis", "atlantis-webhooks"]);
    assert!(offered(&["credcheck", "plan", "builtin", ":"]).contains(&"flux".to_owned()));
    assert!(offered(&["credcheck", "plan", "built"]).contains(&"builtin:flux".to_owned()));
    assert_eq!(offered(&["credcheck", "facts", "--host", "gitl"]), ["gitlab"]);
    assert_eq!(offered(&["credcheck", "init", "--bot", "ren"]), ["renovate"]);
    assert_eq!(offered(&["credcheck", "team"]), [""; 0], "files are bash's own");
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
