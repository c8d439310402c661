//! Commands that are slow, silent, talkative, that ask, and that leave others behind.

#![expect(clippy::disallowed_methods, reason = "tests write programs of their own")]

use std::fs;
use std::os::unix::fs::PermissionsExt as _;

use super::*;
use crate::settings::Surroundings;

const TOOLS: &str = "/bin:/usr/bin";
const SOON: Duration = Duration::from_millis(400);

fn script(folder: &Path, name: &str, text: &str, mode: u32) -> String {
    let path = folder.join(name);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(&path, format!("#!/bin/sh\n{text}\n")).unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
    path.display().to_string()
}

fn call(command: &[&str]) -> Call {
    let command = command.iter().map(|&part| part.to_owned()).collect();
    Call { program: Program { command, input: String::new(), surroundings: Surroundings::default() }, timeout: SOON }
}

fn caller(path: &str) -> Caller {
    Caller { path: Some(path.into()), variables: std::env::vars_os().map(|(name, _)| name).collect() }
}

fn printed_text(printed: Printed) -> Result<String, CommandError> {
    printed.map(|bytes| String::from_utf8_lossy(&bytes).into_owned())
}

fn ran(command: &[&str], path: &str) -> Result<String, CommandError> {
    printed_text(run(&call(command), &caller(path), || false))
}

#[test]
fn a_bare_name_is_looked_for_where_path_is_absolute() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let _ = script(folder, "bin/token", "echo good", 0o755);
    let _ = script(folder, "data/token", "echo data", 0o644);
    fs::create_dir_all(folder.join("folder/token")).unwrap();
    let at = |name: &str| folder.join(name).display().to_string();
    for before in ["", ".", "bin", "./bin", &at("none"), &at("folder"), &at("data")] {
        let path = format!("{before}:{}", at("bin"));
        assert_eq!(ran(&["token"], &path).as_deref(), Ok("good\n"), "{path}");
        assert_ne!(ran(&["token"], before).as_deref(), Ok("good\n"), "{before}");
    }
    assert_eq!(ran(&["token"], ""), Err(CommandError::NotFound));
    assert_eq!(ran(&["token"], &at("folder")), Err(CommandError::NotFound));
    assert_eq!(ran(&["token"], &at("data")), Err(CommandError::NotExecutable));
    // What the command looks for itself is found in the same folders.
    assert_eq!(ran(&["/bin/sh", "-c", "echo $PATH"], ":x:/usr/bin:.").as_deref(), Ok("/usr/bin\n"));
}

#[test]
fn what_is_no_program_is_told_apart() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let plain = script(folder, "plain", "echo x", 0o644);
    assert_eq!(ran(&[&plain], ""), Err(CommandError::NotExecutable));
    assert_eq!(ran(&[folder.to_str().unwrap()], ""), Err(CommandError::Folder));
    assert_eq!(ran(&["./none"], "/bin"), Err(CommandError::NotFound));
    assert_eq!(ran(&["/dev/null"], ""), Err(CommandError::NotExecutable));
    assert_eq!(ran(&[], ""), Err(CommandError::NotFound));
    assert_eq!(ran(&["cat"], TOOLS).as_deref(), Ok(""), "there is nothing to read");
    assert_eq!(ran(&["sh", "-c", "exit 3"], TOOLS), Err(CommandError::Failed(3)));
    assert_eq!(ran(&["sh", "-c", "kill -9 $$"], TOOLS), Err(CommandError::Signal));
    assert_eq!(ran(&["yes"], TOOLS), Err(CommandError::TooLarge(CAP)));
}

#[test]
fn what_a_command_started_ends_with_its_time() {
    let folder = tempfile::tempdir().unwrap();
    let alive = folder.path().join("alive").display().to_string();
    for text in [
        format!("(while :; do echo x >> {alive}; sleep 0.05; done) & wait"),
        format!("(while :; do echo x >> {alive}; sleep 0.05; done) & echo a-secret"),
    ] {
        let started = Instant::now();
        assert_eq!(ran(&["sh", "-c", &text], TOOLS), Err(CommandError::Timeout(0)));
        assert!(started.elapsed() < Duration::from_secs(5));
        let size = || fs::metadata(&alive).unwrap().len();
        let before = size();
        assert!(before > 0);
        thread::sleep(Duration::from_millis(400));
        assert_eq!(size(), before);
    }
}

#[test]
fn each_is_run_once_in_order_and_four_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let log = folder.path().join("log").display().to_string();
    // Each waits until four have begun: fewer at once would never end.
    let wait = "while [ \"$(grep -c begun \"$LOG\")\" -lt 4 ]; do sleep 0.02; done";
    let calls: Vec<Call> = (0..8)
        .map(|number| {
            let text = format!("LOG={log}; echo begun {number} >> $LOG; {wait}; sleep 0.1; echo token-{number}");
            Call { timeout: Duration::from_secs(20), ..call(&["sh", "-c", &text]) }
        })
        .collect();
    let printed: Vec<String> =
        run_all(&calls, &caller(TOOLS), || false).into_iter().map(|printed| printed_text(printed).unwrap()).collect();
    let wanted: Vec<String> = (0..8).map(|number| format!("token-{number}\n")).collect();
    assert_eq!(printed, wanted);
    let begun = fs::read_to_string(&log).unwrap();
    let mut order: Vec<&str> = begun.lines().collect();
    // The first four begin together, the next ones only when one of them has ended.
    assert_eq!(order.len(), 8);
    let (first, second) = order.split_at_mut(4);
    first.sort_unstable();
    second.sort_unstable();
    assert_eq!(order, (0..8).map(|number| format!("begun {number}")).collect::<Vec<_>>());
    assert_eq!(run_all(&[], &caller(TOOLS), || false).len(), 0);
    let stopped = run_all(&calls, &caller(TOOLS), || true);
    assert!(stopped.iter().all(|printed| *printed == Err(CommandError::Interrupted)));
    assert_eq!(fs::read_to_string(&log).unwrap(), begun, "nothing was run");
}

#[test]
fn what_asks_at_a_terminal_is_ended_at_once() {
    // What the system does to a command that reads from a terminal, or hides what is typed there.
    for signal in ["TTIN", "TTOU"] {
        for text in [format!("kill -{signal} $$; echo x"), format!("echo x; exec >&-; kill -{signal} $$")] {
            let mut slow = call(&["sh", "-c", &text]);
            slow.timeout = Duration::from_secs(60);
            let started = Instant::now();
            assert_eq!(run(&slow, &caller(TOOLS), || false), Err(CommandError::Asked), "{text}");
            assert!(started.elapsed() < Duration::from_secs(20));
        }
    }
    // One that somebody stops goes on when they let it.
    assert_eq!(ran(&["sh", "-c", "(sleep 0.1; kill -CONT $$) & kill -STOP $$; echo x"], TOOLS).as_deref(), Ok("x\n"));
}

#[test]
fn surroundings_and_input_are_as_they_are_given() {
    let text = "cat; pwd; echo \"[$HOME][${CREDCHECK_GIVEN-none}]\"; env | grep -c ^CARGO_ || :";
    let mut given = call(&["sh", "-c", text]);
    assert!(std::env::vars_os().any(|(name, _)| name.to_string_lossy().starts_with("CARGO_")));
    given.program.input = "line\n\n".to_owned();
    given.program.surroundings = Surroundings {
        folder: Some("/"),
        without: Some("CARGO_"),
        variables: &[("CREDCHECK_GIVEN", ""), ("HOME", "/x")],
    };
    let printed = printed_text(run(&given, &caller(TOOLS), || false)).unwrap();
    assert_eq!(printed, "line\n\n/\n[/x][]\n0\n");
    // Nobody need read it.
    given.program.command = ["sh", "-c", "exec <&-; echo good"].map(str::to_owned).to_vec();
    given.program.input = "x".repeat(60_000);
    assert_eq!(printed_text(run(&given, &caller(TOOLS), || false)).as_deref(), Ok("good\n"));
}

#[test]
fn nothing_of_a_command_but_its_program_is_in_a_debug_print() {
    let shown = format!("{:?}", call(&["op", "read", "hunter2"]));
    assert!(shown.contains("op") && !shown.contains("hunter2") && !shown.contains("read"), "{shown}");
}
