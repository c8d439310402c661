//! The binary: arguments in, exit code out.

use std::process::ExitCode;

fn main() -> ExitCode {
    credcheck::commands::end_on_panic();
    ExitCode::from(credcheck::commands::run(std::env::args_os()))
}
