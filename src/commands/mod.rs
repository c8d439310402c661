//! Commands: argv to exit code. One file a command; each wires the rooms, and nothing here judges.

mod apart;
mod builtins;
mod checking;
mod cli;
mod converting;
mod credentials;
#[cfg(feature = "demo")]
mod demo;
mod destination;
mod edge;
mod explaining;
mod failure;
mod formatting;
mod linting;
mod looks;
mod merging;
mod offers;
mod output;
mod panicking;
mod policy;
mod progress;
mod recording;
mod reporting;
mod reports;
mod running;
mod samples;
mod sharding;
mod shell;
mod showing;
mod signals;
mod starting;
mod summary;
mod testing;
mod vocabulary;
mod watching;

use std::ffi::OsString;

use clap::Parser as _;

use cli::{Cli, Command, CompletionsArguments, ManArguments, OutputArguments};
use failure::Failure;
use output::Sink;
pub use panicking::end_on_panic;
use signals::Signal;

use crate::evaluation::ExitCode;
use crate::text::untrusted;

/// Runs credcheck with these arguments (the program's name first) and gives the exit code. Everything else comes from,
/// and goes to, the process: its environment, clock, files and streams.
pub fn run(arguments: impl IntoIterator<Item = OsString>) -> u8 {
    let cli = match Cli::try_parse_from(arguments) {
        Ok(cli) => cli,
        Err(message) => {
            // Help and version are answers, not errors.
            let code = u8::try_from(message.exit_code()).unwrap_or(ExitCode::Usage.number());
            if message.use_stderr() {
                // It repeats the arguments, where a token may stand by mistake.
                let text = crate::vocabulary::token_shapes().mask(&message.render().to_string()).into_owned();
                edge::print_error(&untrusted::render(&text, untrusted::Sink::Terminal));
            } else {
                let _ = message.print();
            }
            return code;
        }
    };
    let environment = edge::environment();
    let plain: OutputArguments;
    let of_watch;
    let output = match &cli.command {
        Some(Command::Check(check)) => &check.output,
        #[cfg(feature = "demo")]
        Some(Command::Demo(demo)) => &demo.output,
        Some(Command::Facts(facts)) => &facts.output,
        Some(Command::Convert(convert)) => &convert.output,
        Some(Command::Merge(merge)) => &merge.output,
        Some(Command::Plan(plan)) => &plan.output,
        Some(Command::Init(init)) => &init.output,
        Some(Command::Test(test)) => &test.output,
        Some(Command::Fmt(fmt)) => &fmt.output,
        Some(Command::Lint(lint)) => &lint.output,
        Some(Command::Explain(explain)) => &explain.output,
        Some(Command::Vocab(vocab)) => &vocab.output,
        Some(Command::Builtins(builtins)) => &builtins.output,
        Some(Command::Completions(CompletionsArguments { output, .. }) | Command::Man(ManArguments { output })) => {
            plain = OutputArguments { output: output.output.clone(), ..OutputArguments::default() };
            &plain
        }
        Some(Command::Watch(watch)) => {
            of_watch = watch.output();
            &of_watch
        }
        None => &cli.check.output,
    };
    let mut sink = Sink::new(output, cli.reports(), &environment);
    sink.json_has(cli.json_outcomes());
    sink.cut_at(cli.max_bytes());
    if let Err(failure) = apart::apart(&cli) {
        // Not even what is wrong goes there.
        sink.leave_file();
        sink.fail(&failure);
        return failure.exit().number();
    }
    let result: Result<ExitCode, Failure> = match &cli.command {
        Some(Command::Check(arguments)) => checking::run(arguments, &environment, &mut sink),
        #[cfg(feature = "demo")]
        Some(Command::Demo(_)) => demo::run(&mut sink),
        Some(Command::Facts(arguments)) => showing::facts(arguments, &environment, &mut sink),
        Some(Command::Convert(arguments)) => converting::run(arguments, &mut sink),
        Some(Command::Merge(arguments)) => merging::run(arguments, &mut sink),
        Some(Command::Plan(arguments)) => showing::plan(arguments, &environment, &mut sink),
        Some(Command::Init(arguments)) => starting::run(arguments, &environment, &mut sink),
        Some(Command::Test(arguments)) => testing::run(arguments, &mut sink),
        Some(Command::Lint(arguments)) => linting::run(arguments, &mut sink),
        Some(Command::Fmt(arguments)) => formatting::run(arguments, &mut sink),
        Some(Command::Explain(arguments)) => explaining::run(arguments, &mut sink),
        Some(Command::Vocab(arguments)) => vocabulary::run(arguments, &sink),
        Some(Command::Builtins(arguments)) => builtins::run(arguments, &sink),
        Some(Command::Completions(arguments)) => shell::completions(arguments, &sink),
        Some(Command::Man(_)) => shell::man(&sink),
        Some(Command::Watch(arguments)) => watching::run(arguments, &environment, &sink),
        None => checking::run(&cli.check, &environment, &mut sink),
    };
    let code = match result.and_then(|code| sink.close().map(|()| code)) {
        Ok(code) => code,
        Err(failure) => {
            sink.leave_what_was_read();
            if matches!(cli.command, None | Some(Command::Check(_))) {
                sink.fail_reports(&failure);
            }
            sink.fail(&failure);
            failure.exit()
        }
    };
    // A watch is there to be ended.
    let is_watch = matches!(cli.command, Some(Command::Watch(_)));
    // Whatever else it came to: who asked for its end is told that it ended by that.
    signals::received().filter(|_| !is_watch).map_or(code, Signal::exit).number()
}
