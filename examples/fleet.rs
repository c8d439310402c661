//! Checks a fleet: a credential a line on standard input, its name and its token, all of them on github.com. Prints what
//! is broken, as it comes.
#![allow(clippy::print_stdout, reason = "an example for people")]

use std::error::Error;
use std::io::BufRead as _;

use credcheck::{Checker, Credential, HostKind, Policy, Verdict};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let policy = Policy::open(&["builtin:general"])?;
    let mut credentials = Vec::new();
    for line in std::io::stdin().lock().lines() {
        let line = line?;
        if let Some((name, token)) = line.split_once(char::is_whitespace) {
            credentials.push(Credential::token(HostKind::GitHub, name, token));
        }
    }
    let mut run = Checker::new(&policy).concurrency(16).start(credentials)?;
    while let Some(checked) = run.next().await {
        let broken = checked.broken().chain(checked.outcomes());
        for outcome in broken.filter(|outcome| outcome.verdict() == Verdict::Violation) {
            println!("{}: {}: {}", checked.name(), outcome.rule(), outcome.reasons().join("; "));
        }
    }
    let summary = run.end().await;
    println!("{} credentials, {} violations", summary.credentials(), summary.violations());
    Ok(())
}
