//! `credcheck completions` and `credcheck man`: the command line for shells and for `man`, written from its definition.

use clap::CommandFactory as _;
use clap_complete::Shell;

use super::cli::{Cli, CompletionsArguments};
use super::failure::Failure;
use super::offers::{BUILTIN_PREFIX, POLICIES};
use super::output::Sink;
use crate::diagnostic::{Code, Diagnostic};
use crate::evaluation::ExitCode;

/// `credcheck completions`.
pub(super) fn completions(arguments: &CompletionsArguments, sink: &Sink) -> Result<ExitCode, Failure> {
    let mut bytes = Vec::new();
    clap_complete::generate(arguments.shell, &mut Cli::command(), "credcheck", &mut bytes);
    let text = with_policies(arguments.shell, &String::from_utf8_lossy(&bytes));
    sink.text(&text)?;
    Ok(ExitCode::Success)
}

/// The commands that take policies by name, ready-made ones too.
const TAKE_POLICIES: [&str; 5] = ["check", "plan", "lint", "explain", "test"];

/// Policies for zsh: ready-made ones and files; and the first word, which may be a command, too.
const ZSH: &str = r#"_credcheck_policies() {
    _alternative 'builtins:ready-made policy:{words}' 'files:policy:_files -g "*.pol(-.)"'
}

_credcheck_first() {
    _credcheck_commands
    _credcheck_policies
}

"#;
/// What the functions of a script for zsh stand before.
const ZSH_END: &str = "if [ \"$funcstack[1]\"";

/// For bash a colon parts words: what follows the one of a ready-made policy is completed by itself.
const BASH: &str = r#"_credcheck_words() {
    local last="${COMP_WORDS[COMP_CWORD]}" before="${COMP_WORDS[COMP_CWORD-1]}"
    if [[ $last == : && $before == builtin ]]; then
        last=""
    elif [[ $before != : || ${COMP_WORDS[COMP_CWORD-2]} != builtin ]]; then
        _credcheck "$@"
        return
    fi
    COMPREPLY=($(compgen -W "{names}" -- "$last"))
}

"#;
/// What the functions of a script for bash stand before.
const BASH_END: &str = "if [[ \"${BASH_VERSINFO[0]}\" -eq 4 &&";

/// The script with ready-made policies beside files where policies are named. clap knows either words or files.
fn with_policies(shell: Shell, script: &str) -> String {
    let names: Vec<&str> = POLICIES.iter().map(|name| name.strip_prefix(BUILTIN_PREFIX).unwrap_or(name)).collect();
    match shell {
        Shell::Zsh => {
            let escaped: Vec<String> = names.iter().map(|name| format!("builtin\\:{name}")).collect();
            let words = format!("({})", escaped.join(" "));
            // The first word is a command or a policy, where clap takes it for a policy and expects the command after it.
            let lines = script.split_inclusive('\n').filter(|line| !line.starts_with("':policies -- "));
            let script = lines
                .collect::<String>()
                .replace(":: :_credcheck_commands", ":: :_credcheck_first")
                .replace("$line[2]", "$line[1]")
                .replacen("            (check)\n", "            (check|*.pol|builtin:*|-)\n", 1)
                .replace(&format!(":{words}'"), ":_credcheck_policies'");
            script.replacen(ZSH_END, &format!("{}{ZSH_END}", ZSH.replace("{words}", &words)), 1)
        }
        Shell::Bash => {
            let script = script.replace("complete -F _credcheck ", "complete -F _credcheck_words ");
            script.replacen(BASH_END, &format!("{}{BASH_END}", BASH.replace("{names}", &names.join(" "))), 1)
        }
        Shell::Fish => {
            let conditions = std::iter::once("__fish_credcheck_needs_command".to_owned())
                .chain(TAKE_POLICIES.iter().map(|command| format!("__fish_credcheck_using_subcommand {command}")));
            let line = |(condition, name): (String, &String)| {
                format!("complete -c credcheck -n \"{condition}\" -a \"{name}\" -d 'Ready-made policy'\n")
            };
            let lines = conditions.flat_map(|condition| POLICIES.iter().map(move |name| (condition.clone(), name)));
            script.to_owned() + &lines.map(line).collect::<String>()
        }
        _ => script.to_owned(),
    }
}

/// `credcheck man`: one page with every command, each with its options.
pub(super) fn man(sink: &Sink) -> Result<ExitCode, Failure> {
    let mut bytes = Vec::new();
    let mut command = Cli::command();
    command.build();
    let written = clap_mangen::Man::new(command.clone()).render(&mut bytes).and_then(|()| {
        for sub in command.get_subcommands().filter(|sub| sub.get_name() != "help" && !sub.is_hide_set()) {
            let page = clap_mangen::Man::new(sub.clone());
            bytes.extend_from_slice(format!(".SH \"CREDCHECK {}\"\n", sub.get_name().to_uppercase()).as_bytes());
            page.render_description_section(&mut bytes)?;
            page.render_options_section(&mut bytes)?;
        }
        Ok(())
    });
    written.map_err(|error| {
        Failure::Failed(vec![Diagnostic::new(
            Code::CannotWrite,
            format!("the manual page could not be written: {}", error.kind()),
        )])
    })?;
    sink.text(&String::from_utf8_lossy(&bytes))?;
    Ok(ExitCode::Success)
}
