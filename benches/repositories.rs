//! A whole check of a bot with 250 repositories: the program against a simulated GitHub that takes 50 ms for an answer.
//!
//! `cargo bench --bench repositories` prints requests, time and the most memory that the program took.

#![allow(clippy::disallowed_methods, clippy::print_stdout, reason = "a program that measures another, for people")]

use std::error::Error;
use std::fs;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use credcheck::simulator::github::{Level, Organization, OrganizationRole, Repository, Token, World};
use jiff::Timestamp;

const REPOSITORIES: usize = 250;
const LATENCY: Duration = Duration::from_millis(50);
const RUNS: usize = 7;

/// Identity, scopes, expiry, and the role on every repository.
const POLICY: &str = "host github {\n  require user.username like \"*-bot\"\n  require token.scopes covers [\"repo\"]\n  \
                      require token.expires_in >= 7d\n  require repository.permission >= write\n}\n";

fn main() -> Result<(), Box<dyn Error>> {
    let token = ["ghp", &"b3".repeat(18)].join("_");
    let mut world = World::new(Timestamp::now())
        .organization(Organization::new("acme").member("acme-bot", OrganizationRole::Member))
        .token(Token::classic(&token).owner("acme-bot").scopes(["repo"]).expires_in_days(90))
        .latency(LATENCY);
    let names: Vec<String> = (0..REPOSITORIES).map(|at| format!("acme/service-{at}")).collect();
    for name in &names {
        world = world.repository(Repository::new(name).private().collaborator("acme-bot", Level::Write));
    }
    let host = world.start()?;
    // Credentials may not stand in the policy's own tree.
    let (team, folder) = (tempfile::tempdir()?, tempfile::tempdir()?);
    let (policy, settings) = (team.path().join("check.pol"), folder.path().join("settings.toml"));
    fs::write(&policy, POLICY)?;
    fs::write(
        &settings,
        format!(
            "[[credential]]\nname = \"bot\"\nhost = \"github\"\nurl = \"{}\"\napi_url = \"{}\"\ntoken = {{ env = \
             \"BOT_TOKEN\" }}\nrepositories = {names:?}\n",
            host.url(),
            host.api_url()
        ),
    )?;
    let mut best: Option<(Duration, u64)> = None;
    for _ in 0..RUNS {
        let before = host.server.requests().len();
        let started = Instant::now();
        let mut child = Command::new(env!("CARGO_BIN_EXE_credcheck"))
            .arg(&policy)
            .arg("--config")
            .arg(&settings)
            .env_clear()
            .env("BOT_TOKEN", &token)
            .env("HOME", folder.path())
            .stdout(Stdio::null())
            .spawn()?;
        let mut most = 0;
        let status = loop {
            most = most.max(peak(child.id()));
            if let Some(status) = child.try_wait()? {
                break status;
            }
            std::thread::sleep(Duration::from_micros(500));
        };
        let took = started.elapsed();
        if !status.success() {
            return Err(format!("the check ended with {status}").into());
        }
        let requests = host.server.requests().len() - before;
        println!(
            "{REPOSITORIES} repositories: {requests} requests, {} ms, {:.1} MiB",
            took.as_millis(),
            mebibytes(most)
        );
        best = Some(best.map_or((took, most), |(time, memory)| (time.min(took), memory.max(most))));
    }
    if let Some((time, memory)) = best {
        println!("best time {} ms, most memory {:.1} MiB", time.as_millis(), mebibytes(memory));
    }
    Ok(())
}

/// The most memory that a process has had so far, in KiB; 0 where the system does not tell.
fn peak(process: u32) -> u64 {
    let status = fs::read_to_string(format!("/proc/{process}/status")).unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|line| line.trim().trim_end_matches("kB").trim().parse().ok()).unwrap_or(0)
}

fn mebibytes(kibibytes: u64) -> f64 {
    f64::from(u32::try_from(kibibytes).unwrap_or(u32::MAX)) / 1024.0
}
