//! One pinned version, and nothing else, is fetched, held against its checksum, and run.

use crate::runner::{ARCHIVE, Runner, STANDING_IN, executable};

const LINT: [(&str, &str); 1] = [("command", "lint")];

#[test]
fn the_release_is_fetched_once_and_held_against_its_list_of_checksums() {
    let runner = Runner::with(STANDING_IN);
    let ran = runner.run(&LINT);
    assert!(!ran.failed, "{}", ran.log);
    let lines: Vec<&str> = ran.fetched.lines().collect();
    assert_eq!(lines.len(), 2, "{lines:?}");
    for (line, name) in lines.iter().zip(["SHA256SUMS", ARCHIVE]) {
        let url = format!("https://github.com/credcheck/credcheck/releases/download/v0.1.0/{name}");
        assert!(line.ends_with(&url), "{line}");
        for option in ["-q ", "--proto =https", "--proto-redir =https", "--fail", "--max-time"] {
            assert!(line.contains(option), "{line}");
        }
    }
    let program = ran.output("install.program");
    assert!(program.starts_with(runner.path("temp dir").to_str().unwrap()), "{program}");
    assert!(ran.log.contains(&runner.sum()), "what was fetched is said: {}", ran.log);
}

#[test]
fn a_checksum_that_the_job_names_is_the_one_that_counts() {
    let runner = Runner::with(STANDING_IN);
    let sum = runner.sum();
    // The release's own list would let anything through.
    runner.write("release/SHA256SUMS", &format!("{}  {ARCHIVE}\n", "1".repeat(64)));
    let ran = runner.run(&[("command", "lint"), ("checksum", &sum)]);
    assert!(!ran.failed, "{}", ran.log);
    assert!(!ran.fetched.contains("SHA256SUMS"));
}

#[test]
fn what_is_not_the_release_never_runs() {
    let changed = Runner::with(STANDING_IN);
    executable(&changed.path("packed/credcheck"), &format!("{STANDING_IN}# changed\n"));
    changed.pack();
    let ran = changed.run(&LINT);
    assert!(ran.failed && ran.arguments.is_none(), "{}", ran.log);
    assert!(ran.log.contains("is not what was released"), "{}", ran.log);
    let left = std::fs::read_dir(changed.path("temp dir")).unwrap().next().unwrap().unwrap().path();
    assert!(!left.join(ARCHIVE).exists(), "the wrong archive is gone");

    for sums in ["", "nothing here\n", &format!("{}  {ARCHIVE}.sig\n", "2".repeat(64)), &format!("$(id)  {ARCHIVE}\n")]
    {
        let runner = Runner::with(STANDING_IN);
        runner.write("release/SHA256SUMS", sums);
        let ran = runner.run(&LINT);
        assert!(ran.failed && ran.arguments.is_none(), "{sums:?}: {}", ran.log);
        assert!(ran.log.contains("there is no SHA-256"), "{}", ran.log);
    }

    // Twice the same name with two checksums decides nothing.
    let twice = Runner::with(STANDING_IN);
    let sum = twice.sum();
    twice.write("release/SHA256SUMS", &format!("{sum}  {ARCHIVE}\n{}  {ARCHIVE}\n", "3".repeat(64)));
    let ran = twice.run(&LINT);
    assert!(ran.failed && ran.arguments.is_none(), "{}", ran.log);

    let gone = Runner::with(STANDING_IN);
    std::fs::remove_file(gone.path("release").join(ARCHIVE)).unwrap();
    let ran = gone.run(&LINT);
    assert!(ran.failed && ran.log.contains("could not be fetched"), "{}", ran.log);
}

#[test]
fn an_archive_without_the_program_or_with_another_version_is_refused() {
    let empty = Runner::with(STANDING_IN);
    std::fs::rename(empty.path("packed/credcheck"), empty.path("packed/other")).unwrap();
    empty.pack();
    let sum = empty.sum();
    let ran = empty.run(&[("command", "lint"), ("checksum", &sum)]);
    assert!(ran.failed && ran.log.contains("holds no program"), "{}", ran.log);

    let other = Runner::with(&STANDING_IN.replace("credcheck 0.1.0", "credcheck 0.0.9"));
    let ran = other.run(&LINT);
    assert!(ran.failed && ran.arguments.is_none(), "{}", ran.log);
    assert!(ran.log.contains("and not version 0.1.0"), "{}", ran.log);
}

#[test]
fn the_program_may_lie_in_a_folder_of_the_archives_name() {
    let runner = Runner::with(STANDING_IN);
    let folder = runner.path("packed").join(ARCHIVE.trim_end_matches(".tgz"));
    std::fs::create_dir(&folder).unwrap();
    std::fs::rename(runner.path("packed/credcheck"), folder.join("credcheck")).unwrap();
    runner.pack();
    let sum = runner.sum();
    let ran = runner.run(&[("command", "lint"), ("checksum", &sum)]);
    assert!(!ran.failed && ran.arguments.is_some(), "{}", ran.log);
}

#[test]
fn only_one_version_can_be_named() {
    let wrong = [
        "",
        "latest",
        "v0.1.0",
        "0.1",
        "0.1.0-rc.1",
        "^0.1.0",
        "0.1.x",
        "00.1.0",
        "0.1.0\n",
        "0.1.0 ",
        "../0.1.0",
        "$(touch x)",
        "0.1.0/../../evil",
        "0.1.0\n::add-path::/tmp",
    ];
    for version in wrong {
        let runner = Runner::with(STANDING_IN);
        let ran = runner.run(&[("command", "lint"), ("version", version)]);
        assert!(ran.failed && ran.fetched.is_empty(), "{version:?}: {}", ran.log);
        assert!(ran.log.contains("is one version, such as `0.1.0`"), "{}", ran.log);
        assert!(!ran.log.contains("\n::add-path"), "{}", ran.log);
        assert!(runner.workspace().is_empty());
    }
}

#[test]
fn a_mirror_is_taken_by_https_only_and_other_machines_are_refused() {
    let runner = Runner::with(STANDING_IN);
    let ran = runner.run(&[("command", "lint"), ("releases", "https://mirror.acme.dev/credcheck/")]);
    assert!(!ran.failed, "{}", ran.log);
    assert!(ran.fetched.contains("https://mirror.acme.dev/credcheck/v0.1.0/SHA256SUMS"), "{}", ran.fetched);

    for address in
        ["", "http://mirror.acme.dev", "file:///etc", "-o/etc/passwd", "https://x/$(id)", "https://x/\n--help"]
    {
        let runner = Runner::with(STANDING_IN);
        let ran = runner.run(&[("command", "lint"), ("releases", address)]);
        assert!(ran.failed && ran.fetched.is_empty(), "{address}: {}", ran.log);
    }
    for (system, machine) in [("Windows", "X64"), ("Linux", "ARM"), ("Linux", "X86")] {
        let runner = Runner::with(STANDING_IN).set("RUNNER_OS", system).set("RUNNER_ARCH", machine);
        let ran = runner.run(&LINT);
        assert!(ran.failed && ran.fetched.is_empty(), "{system}: {}", ran.log);
    }
}
