//! Whole checks of fleets: the program with many credentials against a simulated GitHub that takes 50 ms for an answer.
//!
//! `cargo bench --bench fleet` prints, for each fleet and way of reporting, the time, the processor time and the most
//! memory of the checking process alone, and how much it wrote. `cargo bench --bench fleet -- 1000x50` measures that many
//! credentials with that many repositories; `CREDCHECK_PROGRAM` names another program to measure.

#![allow(clippy::disallowed_methods, clippy::print_stdout, reason = "a program that measures another, for people")]

use std::error::Error;
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use credcheck::simulator::github::{Level, Organization, OrganizationRole, Repository, Token, World};
use jiff::Timestamp;

const LATENCY: Duration = Duration::from_millis(50);
/// Credentials and repositories of each.
const FLEETS: [(usize, usize); 3] = [(50, 20), (100, 20), (200, 20)];
/// How often the process is looked at.
const LOOK: Duration = Duration::from_micros(500);
/// The unit of processor times that Linux shows to programs.
const TICK: Duration = Duration::from_millis(10);

/// Identity, scopes, expiry, and the role on every repository.
const POLICY: &str = "host github {\n  require user.username like \"*-bot\"\n  require token.scopes covers [\"repo\"]\n  \
                      require token.expires_in >= 7d\n  require repository.permission >= write\n}\n";

type Outcome<T> = Result<T, Box<dyn Error>>;

fn main() -> Outcome<()> {
    let program = std::env::var_os("CREDCHECK_PROGRAM").unwrap_or_else(|| env!("CARGO_BIN_EXE_credcheck").into());
    let asked: Vec<(usize, usize)> = std::env::args().skip(1).filter_map(|argument| fleet(&argument)).collect();
    println!("credentials x repositories  report        wall      CPU   most memory   written");
    for (credentials, repositories) in if asked.is_empty() { FLEETS.to_vec() } else { asked } {
        measure(&program, credentials, repositories)?;
    }
    Ok(())
}

/// `1000x50`; everything else on the command line is cargo's.
fn fleet(argument: &str) -> Option<(usize, usize)> {
    let (credentials, repositories) = argument.split_once('x')?;
    Some((credentials.parse().ok()?, repositories.parse().ok()?))
}

fn measure(program: &OsString, credentials: usize, repositories: usize) -> Outcome<()> {
    let tokens: Vec<String> = (0..credentials).map(|at| format!("ghp_{:0>36}", format!("b{at}x"))).collect();
    let names: Vec<String> = (0..repositories).map(|at| format!("acme/s{at}")).collect();
    let mut world = World::new(Timestamp::now())
        .organization(Organization::new("acme").member("acme-bot", OrganizationRole::Member))
        // All tokens are one user's, whose limit is no matter here.
        .rate_limit("acme-bot", 10_000_000)
        .latency(LATENCY);
    for token in &tokens {
        world = world.token(Token::classic(token).owner("acme-bot").scopes(["repo"]).expires_in_days(90));
    }
    for name in &names {
        world = world.repository(Repository::new(name).private().collaborator("acme-bot", Level::Write));
    }
    let host = world.start()?;
    // Credentials may not stand in the policy's own tree.
    let (team, folder) = (tempfile::tempdir()?, tempfile::tempdir()?);
    let (policy, settings) = (team.path().join("check.pol"), folder.path().join("settings.toml"));
    let mut text = String::new();
    for at in 0..credentials {
        text.push_str(&format!(
            "[[credential]]\nname = \"bot-{at:04}\"\nhost = \"github\"\nurl = {:?}\napi_url = {:?}\ntoken = {{ env = \
             \"TOKEN_{at}\" }}\nrepositories = {names:?}\n",
            host.url(),
            host.api_url()
        ));
    }
    fs::write(&policy, POLICY)?;
    fs::write(&settings, text)?;
    let (report, record) = (folder.path().join("report"), folder.path().join("record"));
    let live: Vec<OsString> = vec!["--config".into(), settings.into()];
    let with = |more: &[&str]| -> Vec<OsString> { live.iter().cloned().chain(more.iter().map(Into::into)).collect() };
    let mut recording = with(&["--record"]);
    recording.push(record.clone().into());
    let replaying: Vec<OsString> = vec!["--replay".into(), record.clone().into()];
    for (name, arguments, written) in [
        ("human", with(&[]), &report),
        ("json", with(&["--format", "json"]), &report),
        ("record", recording, &record),
        ("replay", replaying, &report),
    ] {
        let mut command = Command::new(program);
        command.arg(&policy).args(arguments).arg("--output").arg(&report);
        command.env_clear().env("HOME", folder.path()).current_dir(team.path());
        for (at, token) in tokens.iter().enumerate() {
            command.env(format!("TOKEN_{at}"), token);
        }
        let spent = Spent::by(&mut command).map_err(|error| format!("{name}: {error}\n{}", last(&report)))?;
        println!(
            "{:>27}  {name:<8} {:>6} ms {:>5} ms {:>9.1} MiB {:>5.1} MiB",
            format!("{credentials} x {repositories}"),
            spent.wall.as_millis(),
            spent.processor.as_millis(),
            mebibytes(spent.memory),
            mebibytes(length(written)? / 1024),
        );
    }
    Ok(())
}

/// What a process took.
struct Spent {
    wall: Duration,
    processor: Duration,
    /// In KiB.
    memory: u64,
}

impl Spent {
    /// Runs a program to its end. What it took is read from the system while it runs, and a last time before its end is
    /// acknowledged: an ended process keeps its times until then.
    fn by(command: &mut Command) -> Outcome<Self> {
        let started = Instant::now();
        let mut child = command.stdin(Stdio::null()).stdout(Stdio::null()).spawn()?;
        let mut spent = Self { wall: Duration::ZERO, processor: Duration::ZERO, memory: 0 };
        let folder = PathBuf::from(format!("/proc/{}", child.id()));
        while let Some((ended, processor)) = times(&folder) {
            spent.processor = processor;
            if ended {
                break;
            }
            spent.memory = spent.memory.max(peak(&folder));
            std::thread::sleep(LOOK);
        }
        spent.wall = started.elapsed();
        let status = child.wait()?;
        if !status.success() {
            return Err(format!("the check ended with {status}").into());
        }
        Ok(spent)
    }
}

/// Whether a process has ended, and its processor time so far; `None` where the system does not tell.
fn times(process: &Path) -> Option<(bool, Duration)> {
    let stat = fs::read_to_string(process.join("stat")).ok()?;
    // The program's name stands in parentheses, and may hold anything.
    let mut fields = stat.rsplit_once(") ")?.1.split_ascii_whitespace();
    let ended = fields.next()? == "Z";
    let (own, system): (u32, u32) = (fields.nth(10)?.parse().ok()?, fields.next()?.parse().ok()?);
    Some((ended, TICK * (own + system)))
}

/// The most memory that a process has had so far, in KiB; 0 where the system does not tell.
fn peak(process: &Path) -> u64 {
    let status = fs::read_to_string(process.join("status")).unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|line| line.trim().trim_end_matches("kB").trim().parse().ok()).unwrap_or(0)
}

/// The last lines of a report, to say what went wrong.
fn last(report: &Path) -> String {
    let text = fs::read_to_string(report).unwrap_or_default();
    let lines: Vec<&str> = text.lines().collect();
    lines.iter().skip(lines.len().saturating_sub(40)).map(|line| format!("{line}\n")).collect()
}

fn length(file: &Path) -> Outcome<u64> {
    Ok(fs::metadata(file)?.len())
}

fn mebibytes(kibibytes: u64) -> f64 {
    f64::from(u32::try_from(kibibytes).unwrap_or(u32::MAX)) / 1024.0
}
