//! A panic: a mistake of the program. What it says may hold what a host or a file said, so it is shown as all else is; and
//! the process ends at once without a core dump, which would hold the tokens.

use std::panic;

use super::edge;
use crate::text::untrusted;

/// The exit code of a program that panicked, as everywhere in Rust.
const PANICKED: i32 = 101;

/// From now on a panic ends the process, and is told without secrets. For a program of its own, not for a library.
pub fn end_on_panic() {
    panic::set_hook(Box::new(|panicked| {
        edge::print_error(&told(&panicked.to_string()));
        #[expect(
            clippy::exit,
            clippy::disallowed_methods,
            reason = "the release build would abort instead, which leaves a core dump"
        )]
        std::process::exit(PANICKED)
    }));
}

/// What a panic is told as.
fn told(panicked: &str) -> String {
    let said = crate::vocabulary::token_shapes().mask(panicked);
    let said = untrusted::render(&said, untrusted::Sink::Terminal);
    format!("error: credcheck {} has a mistake, and stopped: please report it\n{said}\n", env!("CARGO_PKG_VERSION"))
}

#[cfg(test)]
mod tests {
    use super::told;

    #[test]
    fn a_panic_shows_no_token_and_moves_no_cursor() {
        let token = format!("ghp_{}", "n0tArealT0ken".repeat(3).get(..36).unwrap());
        let told = told(&format!("panicked at src/text/mod.rs:1:1:\nnot a number: {token}\u{1b}[2J"));
        assert!(told.contains("src/text/mod.rs:1:1") && told.contains("not a number"), "{told}");
        assert!(!told.contains(&token) && !told.contains('\u{1b}'), "{told}");
    }
}
