//! Where reports and records are written: whole or not at all, through no link, and without waiting.

use std::fs;
use std::os::unix::fs::{FileTypeExt as _, MetadataExt as _, PermissionsExt as _};
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use crate::bench::{Bench, SIX, link, mode};

fn fifo(path: &Path) {
    assert!(Command::new("mkfifo").arg(path).status().unwrap().success());
}

fn is_link(path: &Path) -> bool {
    fs::symlink_metadata(path).unwrap().file_type().is_symlink()
}

/// The names in `team/`, but for the policy and `.git`.
fn left(bench: &Bench) -> Vec<String> {
    let entries = fs::read_dir(bench.path("team")).unwrap();
    let mut names: Vec<String> = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.retain(|name| name != "check.pol" && name != ".git");
    names.sort();
    names
}

#[test]
fn a_report_takes_its_name_when_it_is_whole_and_leaves_what_links_lead_to() {
    let (bench, _host) = Bench::usual(SIX);
    let target = bench.file("operator/other.txt", "mine");
    fs::set_permissions(&target, fs::Permissions::from_mode(0o644)).unwrap();
    for option in ["--output", "--record"] {
        for (name, leads) in [("to-file", target.clone()), ("to-nothing", bench.path("team/none"))] {
            let path = bench.path("team").join(name);
            link(&leads, &path);
            let _ = bench.check(&["--format", "json", option, name]).exits(0);
            assert!(!is_link(&path) && bench.read(&format!("team/{name}")).contains("\"version\": 1"), "{name}");
            fs::remove_file(&path).unwrap();
        }
    }
    assert_eq!((bench.read("operator/other.txt").as_str(), mode(&target)), ("mine", 0o644));
    assert_eq!(left(&bench), [""; 0]);
}

#[test]
fn a_file_that_is_written_over_keeps_its_mode_and_a_records_is_its_owners() {
    let (bench, _host) = Bench::usual(SIX);
    for old in [0o640, 0o600, 0o666] {
        for name in ["report.json", "record.json"] {
            let path = bench.file(&format!("team/{name}"), "old");
            fs::set_permissions(&path, fs::Permissions::from_mode(old)).unwrap();
        }
        bench.check(&["--format", "json", "--output", "report.json", "--record", "record.json"]).exits(0);
        assert_eq!(mode(&bench.path("team/report.json")), old);
        assert_eq!(mode(&bench.path("team/record.json")), 0o600);
        assert!(!bench.read("team/report.json").contains("old"));
    }
    assert_eq!(left(&bench), ["record.json", "report.json"]);
    // One that may not be written stays.
    let path = bench.path("team/report.json");
    fs::set_permissions(&path, fs::Permissions::from_mode(0o400)).unwrap();
    let before = bench.read("team/report.json");
    bench.check(&["--output", "report.json"]).says("may not be written to").exits(5);
    assert_eq!((bench.read("team/report.json"), mode(&path)), (before, 0o400));
}

#[test]
fn a_run_that_fails_leaves_the_report_of_the_last() {
    let (bench, _host) = Bench::usual(SIX);
    bench.check(&["--output", "report.txt"]).exits(0);
    let before = bench.read("team/report.txt");
    bench.policy("host github { require nonsense }\n");
    bench.check(&["--output", "report.txt"]).saying_anything().exits(4);
    assert_eq!(bench.read("team/report.txt"), before);
    // As JSON what is wrong is the report.
    bench.check(&["--format", "json", "--output", "report.txt"]).exits(4);
    assert!(bench.read("team/report.txt").starts_with("{\n  \"version\": 1,\n  \"exit\": 4,\n  \"diagnostics\""));
    assert_eq!(left(&bench), ["report.txt"]);
}

#[test]
fn devices_and_descriptors_are_written_straight() {
    let (bench, _host) = Bench::usual(SIX);
    let null = Path::new("/dev/null");
    let before = fs::metadata(null).unwrap();
    bench.check(&["--output", "/dev/null"]).exits(0).hides("decided");
    link(null, &bench.path("team/nowhere"));
    bench.check(&["--output", "nowhere"]).exits(0).hides("decided");
    let after = fs::metadata(null).unwrap();
    assert!(after.file_type().is_char_device() && is_link(&bench.path("team/nowhere")));
    assert_eq!((before.mode(), before.ino()), (after.mode(), after.ino()));
    for name in ["/dev/stdout", "/dev/fd/1", "/proc/self/fd/1"] {
        bench.check(&["--output", name]).exits(0).shows("decided 6 of 6");
    }
    bench.check(&["--output", "/dev/stderr"]).says("decided 6 of 6").exits(0);
    for name in ["/dev/full", "/dev/fd/77"] {
        bench.check(&["--output", name]).says("could not be written").exits(5);
    }
    for name in ["/dev/null", "/dev/stdout", ".", "nowhere"] {
        bench.check(&["--record", name]).says("could not be written").exits(5).shows("decided 6 of 6");
    }
    assert!(is_link(&bench.path("team/nowhere")));
}

#[test]
fn a_pipe_without_a_reader_is_not_waited_for() {
    let (bench, _host) = Bench::usual(SIX);
    let path = bench.path("team/pipe");
    fifo(&path);
    fs::set_permissions(&path, fs::Permissions::from_mode(0o622)).unwrap();
    let started = Instant::now();
    bench.check(&["--output", "pipe"]).says("nobody reads from it").exits(5);
    bench.check(&["--format", "json", "--output", "pipe"]).says("nobody reads from it").exits(5);
    bench.check(&["--record", "pipe"]).says("it is no regular file").exits(5).shows("decided 6 of 6");
    link(&path, &bench.path("team/to-pipe"));
    bench.check(&["--record", "to-pipe"]).says("it is no regular file").exits(5);
    assert!(started.elapsed() < Duration::from_secs(20));
    // With a reader, even a slow one, it gets all of it.
    for format in ["human", "json"] {
        let reader = Command::new("sh")
            .args(["-c", "exec 3<\"$0\"; sleep 0.3; cat <&3 > \"$1\""])
            .arg(&path)
            .arg(bench.path("team/read"))
            .spawn();
        let mut reader = reader.unwrap();
        // Only a reader that has opened it counts, and opening waits for the writer.
        let deadline = Instant::now() + Duration::from_secs(10);
        let mut ended = bench.check(&["--format", format, "--output", "pipe"]).saying_anything().ends();
        while !ended.stderr.is_empty() && Instant::now() < deadline {
            ended = bench.check(&["--format", format, "--output", "pipe"]).saying_anything().ends();
        }
        assert!(reader.wait().unwrap().success());
        assert!(bench.read("team/read").contains("decided"), "{format}");
    }
    assert!(fs::symlink_metadata(&path).unwrap().file_type().is_fifo());
    assert_eq!(mode(&path), 0o622);
}

#[test]
fn a_report_in_several_pieces_is_one_file() {
    let bench = Bench::new();
    let shown = bench.run(&["demo"]).exits(0).stdout;
    bench.run(&["demo", "--output", "demo.txt"]).exits(0);
    let written = bench.read("team/demo.txt");
    let lines = |text: &str| {
        text.lines().map(|line| line.chars().filter(|c| !c.is_ascii_digit()).collect::<String>()).collect::<Vec<_>>()
    };
    assert_eq!(lines(&written).first(), lines(&shown).first());
    assert_eq!(lines(&written).last(), lines(&shown).last());
    assert!(written.contains("decided ") && written.lines().count() + 20 > shown.lines().count(), "{written}");
}

#[test]
fn a_relative_program_lies_in_the_settings_folder() {
    let mut bench = Bench::new();
    let token = crate::bench::classic("by-command");
    let host = bench.host(crate::bench::acme().token(crate::bench::good(&token)));
    bench.secret(&token);
    bench.policy(SIX);
    let script = |name: &str, text: &str| {
        let path = bench.file(name, format!("#!/bin/sh\n{text}\n"));
        fs::set_permissions(path, fs::Permissions::from_mode(0o755)).unwrap();
    };
    script("operator/secrets/give", &format!("echo {token}"));
    // What a pull request put into the working directory.
    script("team/secrets/give", "touch ran; echo evil");
    script("team/give", "touch ran; echo evil");
    bench.variable("PATH", ":.:secrets:/bin:/usr/bin");
    let settings = |program: &str| {
        format!(
            "[[credential]]\nname = \"bot\"\nhost = \"github\"\nurl = \"{}\"\napi_url = \"{}\"\n\
             token = {{ command = [{program}] }}\nrepositories = [\"acme/infra\"]\n",
            host.url(),
            host.api_url()
        )
    };
    let with = |program: &str| {
        bench.file("operator/x.toml", settings(program));
        bench.check(&["--config", "../operator/x.toml", "-v"]).saying_anything()
    };
    with("\"secrets/give\"").exits(0).shows("decided 6 of 6");
    with("\"./secrets/give\"").exits(0).shows("decided 6 of 6");
    with("\"give\"").ends().shows("the command `give` was not found");
    with("\"./give\"").ends().shows("was not found");
    with("\"/bin\"").ends().shows("is a folder");
    with("\"cat\"").ends().shows("the command `cat` printed nothing");
    assert!(with("").exits(4).stderr.contains("names no program"));
    assert!(!bench.path("team/ran").exists());
}

#[test]
fn a_folder_that_is_not_there_is_noticed_before_anything_is_sent() {
    let (bench, host) = Bench::usual("host github {\n  require token.scopes covers [\"repo\"]\n}\n");
    for option in ["--output", "--record"] {
        bench.check(&[option, "no/such/folder/x"]).says("there is no such file or folder").exits(5);
    }
    assert!(host.server.requests().is_empty());
}

#[test]
fn a_file_that_is_written_is_no_other_one() {
    let (bench, host) = Bench::usual("host github {\n  require token.scopes covers [\"repo\"]\n}\n");
    let policy = bench.read("team/check.pol");
    bench.file("team/r.json", "{}");
    link(&bench.path("team/check.pol"), &bench.path("team/link.pol"));
    for (arguments, other) in [
        (&["check.pol", "--output", "a", "--record", "a"][..], "`--record a` is the same file as `--output`"),
        (&["check.pol", "--output", "a", "--record", "./a"], "`--output`"),
        (&["check.pol", "--output", "check.pol"], "the policy"),
        (&["check.pol", "--output", "../team/check.pol", "--format", "json"], "the policy"),
        (&["check.pol", "--record", "check.pol"], "the policy"),
        (&["link.pol", "--output", "check.pol"], "the policy"),
        (&["check.pol", "--replay", "r.json", "--output", "r.json"], "`--replay`"),
        (&["lint", "check.pol", "--output", "check.pol"], "the policy"),
        (&["test", "check.pol", "--output", "check.pol", "--format", "json"], "the policy"),
        (&["plan", "check.pol", "--output", "check.pol"], "the policy"),
        (&["facts", "--output", "a", "--record", "a"], "`--output`"),
    ] {
        let ended = bench.run(arguments).saying_anything().exits(2);
        assert!(format!("{}{}", ended.stdout, ended.stderr).contains(other), "{arguments:?}");
    }
    assert_eq!(bench.read("team/check.pol"), policy);
    assert_eq!(bench.read("team/r.json"), "{}");
    assert!(host.server.requests().is_empty());
    // A device may be both.
    bench.check(&["--output", "/dev/null"]).exits(0);
}
