//! `credcheck fmt`: files are written whole or not at all, and only those that have to be.

#![expect(clippy::disallowed_methods, reason = "tests write files of their own")]

use std::io::Write as _;
use std::process::{Command, Stdio};

use serde_json::{Value, json};

use crate::bench::{Bench, classic};

const BAD: &str = "host   github {\n# why\n   require   token.active}";
const GOOD: &str = "host github {\n  # why\n  require token.active\n}\n";
const BROKEN: &str = "host github {\n  requires token.active\n}\n";

fn bench() -> Bench {
    let bench = Bench::new();
    bench.file("team/bad.pol", BAD);
    bench.file("team/good.pol", GOOD);
    bench.file("team/broken.pol", BROKEN);
    bench
}

/// Runs `credcheck fmt` on standard input: the exit code and standard output.
fn piped(arguments: &[&str], input: &str) -> (i32, String) {
    let mut child = Command::new(env!("CARGO_BIN_EXE_credcheck"))
        .arg("fmt")
        .args(arguments)
        .env_clear()
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    (output.status.code().unwrap(), String::from_utf8(output.stdout).unwrap())
}

#[test]
fn files_are_written_in_place() {
    let bench = bench();
    let ended = bench.run(&["fmt", "bad.pol", "good.pol", "bad.pol"]).says("formatted bad.pol\n").exits(0);
    assert_eq!(ended.stdout, "");
    assert!(!ended.stderr.contains("good.pol"), "{}", ended.stderr);
    assert_eq!(bench.read("team/bad.pol"), GOOD);
    let ended = bench.run(&["fmt", "bad.pol", "good.pol"]).exits(0);
    assert_eq!((ended.stdout.as_str(), ended.stderr.as_str()), ("", ""), "a second time does nothing");
}

#[test]
fn check_shows_a_diff_and_writes_nothing() {
    let bench = bench();
    let ended = bench.run(&["fmt", "--check", "bad.pol", "good.pol"]).says("1 policy is not formatted").exits(1);
    let diff = "--- bad.pol\n+++ bad.pol\n@@ -1,3 +1,4 @@\n-host   github {\n-# why\n-   require   token.active}\n\
                \\ No newline at end of file\n+host github {\n+  # why\n+  require token.active\n+}\n";
    assert_eq!(ended.stdout, diff);
    assert_eq!(bench.read("team/bad.pol"), BAD);
    assert_eq!(bench.run(&["fmt", "--check", "good.pol"]).exits(0).stdout, "");
}

#[test]
fn an_invalid_policy_stays_as_it_is_and_hinders_no_other() {
    let bench = bench();
    let ended = bench.run(&["fmt", "broken.pol", "nowhere.pol", "bad.pol"]).saying_anything().exits(4);
    for text in ["C0101", "did you mean `require`?", "C0301", "there is no such file", "formatted bad.pol"] {
        assert!(ended.stderr.contains(text), "{text}: {}", ended.stderr);
    }
    assert_eq!(bench.read("team/broken.pol"), BROKEN);
    assert_eq!(bench.read("team/bad.pol"), GOOD);
    bench.run(&["fmt", "--check", "broken.pol"]).saying_anything().exits(4);
    bench.file("team/bytes.pol", b"# \xff\n");
    bench.run(&["fmt", "bytes.pol"]).says("not UTF-8: line 1").exits(4);
    bench.file("team/large.pol", "# x\n".repeat(1 << 18) + "#");
    bench.run(&["fmt", "large.pol"]).says("larger than 1 MiB").exits(4);
    bench.file("team/notes.txt", "let a=1");
    bench.run(&["fmt", "notes.txt"]).says("does not end in `.pol`").exits(4);
    assert_eq!(bench.read("team/notes.txt"), "let a=1");
    bench.file("team/folder.pol/x", "");
    bench.run(&["fmt", "folder.pol"]).says("not a regular file").exits(4);
}

#[test]
fn a_token_in_a_policy_is_not_shown() {
    let bench = bench();
    let token = classic("inpolicy");
    bench.file("team/token.pol", format!("let   a = \"{token}\"\n"));
    for arguments in [&["fmt", "token.pol"] as &[_], &["fmt", "--check", "token.pol", "--format", "json"]] {
        let ended = bench.run(arguments).saying_anything().exits(4);
        let told = format!("{}{}", ended.stdout, ended.stderr);
        assert!(told.contains("C0117") && !told.contains(&token), "{told}");
    }
}

#[test]
fn json_says_which_files_change() {
    let bench = bench();
    let arguments = ["fmt", "--check", "good.pol", "broken.pol", "bad.pol", "--format", "json"];
    let read = |text: &str| serde_json::from_str::<Value>(text).unwrap();
    let document = read(&bench.run(&arguments).exits(4).stdout);
    assert_eq!(document["version"], 1);
    let files = json!([{ "file": "good.pol", "changed": false }, { "file": "bad.pol", "changed": true }]);
    assert_eq!(document["files"], files);
    assert_eq!(document["diagnostics"].as_array().unwrap().len(), 1);
    let problem = &document["diagnostics"][0];
    assert_eq!(
        (&problem["code"], &problem["file"], &problem["line"]),
        (&json!("C0101"), &json!("broken.pol"), &json!(2))
    );
    let document = read(&bench.run(&["fmt", "--check", "bad.pol", "--format", "json"]).exits(1).stdout);
    assert_eq!(document["diagnostics"], json!([]));
    let document = read(&bench.run(&["fmt", "bad.pol", "--format", "json"]).saying_anything().exits(0).stdout);
    assert_eq!(document["files"], json!([{ "file": "bad.pol", "changed": true }]));
    assert_eq!(bench.read("team/bad.pol"), GOOD);
}

#[test]
fn standard_input_goes_to_standard_output() {
    assert_eq!(piped(&["-"], BAD), (0, GOOD.to_owned()));
    assert_eq!(piped(&["-"], "# ##[error] ::x::\n"), (0, "# ##[error] ::x::\n".to_owned()), "the text is exact");
    assert_eq!(piped(&["-"], BROKEN), (4, String::new()));
    assert_eq!(piped(&["--check", "-"], GOOD), (0, String::new()));
    let (code, diff) = piped(&["--check", "-"], BAD);
    assert_eq!(code, 1);
    assert!(diff.starts_with("--- standard input\n+++ standard input\n"), "{diff}");
    assert_eq!(piped(&["-", "--format", "json"], BAD).0, 2);
    assert_eq!(piped(&["--check", "-", "--format", "json"], BAD).0, 1);
}

#[cfg(unix)]
#[test]
fn permissions_and_links_stay_and_nothing_is_left_behind() {
    use std::fs;
    use std::os::unix::fs::PermissionsExt as _;
    let bench = bench();
    let file = bench.path("team/bad.pol");
    fs::set_permissions(&file, fs::Permissions::from_mode(0o640)).unwrap();
    let link = bench.path("team/link.pol");
    std::os::unix::fs::symlink("bad.pol", &link).unwrap();
    bench.run(&["fmt", "link.pol", "bad.pol"]).says("formatted link.pol").exits(0);
    assert_eq!(bench.read("team/bad.pol"), GOOD);
    assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o640);
    assert!(fs::symlink_metadata(&link).unwrap().is_symlink());

    fs::write(&file, BAD).unwrap();
    fs::set_permissions(&file, fs::Permissions::from_mode(0o440)).unwrap();
    bench.run(&["fmt", "bad.pol"]).says("permission denied").exits(5);
    assert_eq!(bench.read("team/bad.pol"), BAD, "a file that may not be written is not replaced");
    for entry in fs::read_dir(bench.path("team")).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        assert!(!name.contains("unfinished"), "{name}");
    }
}
