//! A whole check of twelve credentials on four hosts: the program against simulated hosts that take 50 ms for an answer.
//!
//! `cargo bench --bench hosts` prints how long each credential takes alone, their sum, and all of them together.

#![allow(clippy::disallowed_methods, clippy::print_stdout, reason = "a program that measures another, for people")]

use std::error::Error;
use std::fs;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use credcheck::simulator::demo::Demo;
use jiff::Timestamp;

const LATENCY: Duration = Duration::from_millis(50);
const RUNS: usize = 5;

fn main() -> Result<(), Box<dyn Error>> {
    let (hosts, credentials) = Demo::at(Timestamp::now()).latency(LATENCY).start()?;
    let folder = tempfile::tempdir()?;
    let settings = folder.path().join("settings.toml");
    let mut text = String::new();
    for (at, one) in credentials.iter().enumerate() {
        let (name, host) = (one.name, one.host.word());
        let (url, api) = (hosts.url(one.host), hosts.api_url(one.host));
        text.push_str(&format!("[[credential]]\nname = {name:?}\nhost = {host:?}\nurl = {url:?}\napi_url = {api:?}\n"));
        text.push_str(&format!("repositories = {:?}\ntoken = {{ env = \"TOKEN_{at}\" }}\n", one.repositories));
        if !one.username.is_empty() {
            text.push_str(&format!("username = {:?}\n", one.username));
        }
        text.push('\n');
    }
    fs::write(&settings, text)?;
    let check = |only: Option<&str>| -> Result<Duration, Box<dyn Error>> {
        let mut best = Duration::MAX;
        for _ in 0..RUNS {
            let mut command = Command::new(env!("CARGO_BIN_EXE_credcheck"));
            command.arg("builtin:atlantis").arg("--config").arg(&settings).env_clear().env("HOME", folder.path());
            command.current_dir(folder.path()).stdout(Stdio::null()).stderr(Stdio::null());
            for (at, one) in credentials.iter().enumerate() {
                command.env(format!("TOKEN_{at}"), &one.token);
            }
            if let Some(only) = only {
                command.args(["--credential", only]);
            }
            let started = Instant::now();
            command.status()?;
            best = best.min(started.elapsed());
        }
        Ok(best)
    };
    let (mut sum, mut slowest) = (Duration::ZERO, Duration::ZERO);
    for one in &credentials {
        let took = check(Some(one.name))?;
        println!("{:<18} {:>4} ms", one.name, took.as_millis());
        sum += took;
        slowest = slowest.max(took);
    }
    let together = check(None)?;
    println!(
        "{} credentials one after the other: {} ms; the slowest: {} ms; together: {} ms",
        credentials.len(),
        sum.as_millis(),
        slowest.as_millis(),
        together.as_millis()
    );
    Ok(())
}
