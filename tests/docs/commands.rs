//! Every command line in the pages is one that the program takes.

use std::collections::BTreeSet;

use crate::pages::{blocks, pages, prose, read, root};
use crate::simulated::credcheck;

/// What the pages and examples use, and the program does not have yet: `help` of a command, and a word of it. Who brings one
/// takes it off this list, and then everything that uses it is tried.
const COMING: &[(&str, &str)] = &[];

/// Whether the arguments use what is still to come.
fn is_coming(arguments: &[String]) -> bool {
    COMING.iter().any(|(command, word)| {
        let option = |one: &String| one == word || one.starts_with(&format!("{word}="));
        if word.is_empty() {
            arguments.first().is_some_and(|first| first == command)
        } else {
            arguments.iter().any(option)
        }
    })
}

#[test]
fn what_is_coming_is_not_there_yet() {
    let have = subcommands();
    for (command, word) in COMING {
        let there = have.iter().any(|one| one == command);
        let there = there && (word.is_empty() || options(&help(command)).contains(*word));
        assert!(!there, "`{command} {word}` is there now: take it off the list of what is coming");
    }
}

/// Words of a shell's line: quotes kept together, a comment dropped.
pub(crate) fn words(line: &str) -> Vec<String> {
    let mut words = Vec::new();
    let (mut word, mut quote, mut open) = (String::new(), None, false);
    for character in line.chars() {
        match (quote, character) {
            (Some(end), _) if character == end => quote = None,
            (Some(_), _) => word.push(character),
            (None, '\'' | '"') => (quote, open) = (Some(character), true),
            (None, '#') if word.is_empty() && !open => break,
            (None, _) if character.is_whitespace() => {
                if open || !word.is_empty() {
                    words.push(std::mem::take(&mut word));
                }
                open = false;
            }
            (None, _) => word.push(character),
        }
    }
    if open || !word.is_empty() {
        words.push(word);
    }
    words
}

/// The arguments of `credcheck` in a line: after a prompt, variables, or `cargo run … --`.
pub(crate) fn arguments(line: &str) -> Option<Vec<String>> {
    let words = words(line.trim_start_matches(['$', ' ', '-']).trim_start_matches("run: "));
    let first = words.iter().position(|word| !word.split_once('=').is_some_and(|(name, _)| is_variable(name)))?;
    let rest = &words[first..];
    let ends = |word: &str| word == "|" || word == ">" || word == "&&" || word == ">>" || word == "||";
    let own = match rest.first()?.as_str() {
        "credcheck" | "target/release/credcheck" => &rest[1..],
        "cargo" if rest.get(1).is_some_and(|word| word == "run") => {
            let at = rest.iter().position(|word| word == "--")?;
            &rest[at + 1..]
        }
        _ => return None,
    };
    Some(own.iter().take_while(|word| !ends(word)).cloned().collect())
}

fn is_variable(name: &str) -> bool {
    !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_')
}

/// Whether the program takes these arguments: it reads all of them before it answers the last, `--help`. What comes after
/// `--` are files. Variables of a shell count as numbers.
pub(crate) fn accepted(arguments: &[String]) -> Result<(), String> {
    if is_coming(arguments) {
        return Ok(());
    }
    let own: Vec<String> = arguments.iter().take_while(|word| *word != "--").map(|word| filled(word)).collect();
    let mut all: Vec<&str> = own.iter().map(String::as_str).collect();
    all.push("--help");
    let ran = credcheck(&all, &[], &root());
    if ran.code == 0 { Ok(()) } else { Err(ran.errors) }
}

/// A word with `1` for each `$NAME` and `$(NAME)`.
fn filled(word: &str) -> String {
    let mut parts = word.split('$');
    let mut text = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let name = part.trim_start_matches('(');
        let rest = name.trim_start_matches(|letter: char| letter.is_ascii_uppercase() || letter == '_');
        text.push('1');
        text.push_str(rest.strip_prefix(')').unwrap_or(rest));
    }
    text
}

#[test]
fn command_lines_in_pages_are_taken() {
    let mut tried = 0;
    for block in blocks() {
        if !["console", "bash", "sh", "yaml"].iter().any(|language| block.is(language)) {
            continue;
        }
        for line in block.text.replace("\\\n", " ").lines() {
            if block.is("console") && !line.starts_with("$ ") {
                continue;
            }
            let Some(arguments) = arguments(line) else { continue };
            tried += 1;
            if let Err(errors) = accepted(&arguments) {
                panic!("{}: {line}\n{errors}", block.place());
            }
        }
    }
    assert!(tried > 10, "there are command lines to try: {tried}");
}

#[test]
fn wrong_command_lines_are_not_taken() {
    for line in ["credcheck demo --bogus", "credcheck plan", "credcheck facts --format yaml", "credcheck x.pol -qv"] {
        let arguments = arguments(line).unwrap();
        // A missing policy shows only without `--help`.
        if arguments.len() == 1 {
            let ran = credcheck(&["plan"], &[], &root());
            assert_eq!(ran.code, 2, "{line}");
        } else {
            assert!(accepted(&arguments).is_err() || line.ends_with("-qv"), "{line}");
        }
    }
}

/// Options in the prose are options of some command, but for cargo's, and for those that a decision weighed.
#[test]
fn options_in_prose_exist() {
    let mut known: BTreeSet<String> = BTreeSet::new();
    for command in std::iter::once(String::new()).chain(subcommands()) {
        let help = help(&command);
        known.extend(options(&help));
    }
    known.extend(["--release", "--path", "--locked", "--test", "--all-targets"].map(str::to_owned));
    known.extend(COMING.iter().map(|(_, word)| (*word).to_owned()));
    for page in pages().into_iter().filter(|page| !page.name.starts_with("docs/decisions/")) {
        for (line, text) in prose(&page) {
            for code in text.split('`').skip(1).step_by(2).filter(|code| !code.starts_with("cargo ")) {
                for option in options(code) {
                    assert!(known.contains(&option), "{}:{line}: there is no `{option}`", page.name);
                }
            }
        }
    }
}

fn options(text: &str) -> BTreeSet<String> {
    text.split(|character: char| character.is_whitespace() || matches!(character, ',' | '[' | ']' | '=' | '`' | '.'))
        .filter(|word| {
            word.strip_prefix("--").is_some_and(|name| name.starts_with(|first: char| first.is_ascii_lowercase()))
        })
        .map(|word| word.trim_end_matches([';', ':', ')']).to_owned())
        .collect()
}

/// The subcommands, as `--help` lists them.
pub(crate) fn subcommands() -> Vec<String> {
    let help = help("");
    let (_, list) = help.split_once("Commands:\n").unwrap();
    list.lines()
        .take_while(|line| !line.is_empty())
        .filter(|line| line.starts_with("  ") && !line.starts_with("   "))
        .map(|line| line.split_whitespace().next().unwrap().to_owned())
        .filter(|word| word != "help")
        .collect()
}

/// What `--help` says of a command, or of the program.
pub(crate) fn help(command: &str) -> String {
    let arguments: Vec<&str> = command.split_whitespace().chain(["--help"]).collect();
    let ran = credcheck(&arguments, &[], &root());
    assert_eq!(ran.code, 0);
    ran.output
}

#[test]
fn the_readme_has_the_two_commands_and_lists_what_is_missing() {
    let readme = read("README.md");
    let first_screen: String = readme.lines().take(60).collect::<Vec<_>>().join("\n");
    for command in ["$ cargo run --release -- demo", "$ cargo test"] {
        assert!(first_screen.contains(command), "{command}");
    }
    let have = subcommands();
    let line = readme.lines().find(|line| line.starts_with("- Commands still to come:"));
    let coming: BTreeSet<String> = line
        .map(|line| line.split('`').skip(1).step_by(2).map(|word| word.replace("credcheck ", "")).collect())
        .unwrap_or_default();
    let planned = ["explain", "fmt", "init", "lint", "test", "vocab"];
    let missing: BTreeSet<String> = planned
        .iter()
        .filter(|word| !have.iter().any(|command| command == *word))
        .map(|word| (*word).to_owned())
        .collect();
    assert_eq!(coming, missing, "what README says is still to come, and what is");
}
