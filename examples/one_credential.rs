//! Checks one credential: the token in `GH_TOKEN`, on github.com.
#![allow(clippy::print_stdout, reason = "an example for people")]

use credcheck::{Checker, Credential, HostKind, Policy};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let policy = Policy::parse("team.pol", r#"host github { require token.scopes covers ["repo"] }"#)?;
    let token = std::env::var_os("GH_TOKEN").unwrap_or_default();
    let credential = Credential::token(HostKind::GitHub, "bot", &token.to_string_lossy());
    let summary = Checker::new(&policy).check([credential], |checked| {
        for outcome in checked.broken().chain(checked.outcomes()) {
            println!("{} {}: {}", checked.name(), outcome.rule(), outcome.verdict());
            for (reason, evidence) in outcome.reasons().iter().zip(outcome.evidence()) {
                println!("  {reason}: {} of {}", evidence.place(), evidence.request().unwrap_or("the token"));
            }
        }
    })?;
    println!("{} requests, exit code {}", summary.requests(), summary.exit_code());
    Ok(())
}
