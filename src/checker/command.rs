//! Commands that print a secret: which program one is, and how it is run and ended.

use std::ffi::OsString;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::time::{Duration, Instant};

use zeroize::Zeroizing;

use crate::settings::CommandError;

/// The most bytes that such a command may print.
const CAP: usize = 64 * 1024;

/// What a command prints within this time. `path` is the value of `PATH`.
///
/// It has no standard input, and a process group of its own that ends with its time, or when the run is interrupted: what
/// a terminal sends does not reach it.
///
/// # Errors
/// [`CommandError`], without anything that the command printed.
pub(super) fn run(
    command: &[String],
    path: Option<OsString>,
    timeout: Duration,
    interrupted: fn() -> bool,
) -> Result<Zeroizing<Vec<u8>>, CommandError> {
    if interrupted() {
        return Err(CommandError::Interrupted);
    }
    let Some((program, arguments)) = command.split_first() else { return Err(CommandError::NotFound) };
    // What is empty or relative there means the working directory, which a pull request may have written.
    let folders: Vec<PathBuf> =
        path.iter().flat_map(std::env::split_paths).filter(|folder| folder.is_absolute()).collect();
    let program = find(program, &folders)?;
    let mut prepared = Command::new(program);
    prepared.args(arguments).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null());
    if let Ok(path) = std::env::join_paths(&folders) {
        prepared.env("PATH", path);
    }
    #[cfg(unix)]
    std::os::unix::process::CommandExt::process_group(&mut prepared, 0);
    let mut group = Group(prepared.spawn().map_err(|error| refused(&error))?);
    let printed = output(&mut group.0, timeout, interrupted);
    if printed.is_err() {
        group.end();
    }
    printed
}

fn output(child: &mut Child, timeout: Duration, interrupted: fn() -> bool) -> Result<Zeroizing<Vec<u8>>, CommandError> {
    /// How long an interrupted run waits at most before it notices.
    const SLICE: Duration = Duration::from_millis(50);
    let started = Instant::now();
    let late = || CommandError::Timeout(timeout.as_secs());
    let Some(output) = child.stdout.take() else { return Err(CommandError::Other("it has no output".into())) };
    let (sender, receiver) = mpsc::channel();
    std::thread::spawn(move || {
        let mut bytes = Zeroizing::new(Vec::new());
        let read = output.take(CAP as u64 + 1).read_to_end(&mut bytes);
        // Nobody listens any more once the time is up.
        let _ = sender.send(read.map(|_| bytes));
    });
    // Whoever has the output open, the command or a child of its, has not said all.
    let received = loop {
        let left = timeout.saturating_sub(started.elapsed());
        match receiver.recv_timeout(left.min(SLICE)) {
            Err(RecvTimeoutError::Timeout) if interrupted() => return Err(CommandError::Interrupted),
            Err(RecvTimeoutError::Timeout) if left > SLICE => {}
            received => break received,
        }
    };
    let bytes = match received {
        Ok(Ok(bytes)) if bytes.len() > CAP => return Err(CommandError::TooLarge(CAP)),
        Ok(Ok(bytes)) => bytes,
        Err(RecvTimeoutError::Timeout) => return Err(late()),
        Ok(Err(_)) | Err(RecvTimeoutError::Disconnected) => {
            return Err(CommandError::Other("its output could not be read".into()));
        }
    };
    let status = loop {
        match child.try_wait().map_err(|error| refused(&error))? {
            Some(status) => break status,
            None if started.elapsed() > timeout => return Err(late()),
            None if interrupted() => return Err(CommandError::Interrupted),
            None => std::thread::sleep(Duration::from_millis(5)),
        }
    };
    match (status.success(), status.code()) {
        (true, _) => Ok(bytes),
        (false, Some(code)) => Err(CommandError::Failed(code)),
        (false, None) => Err(CommandError::Signal),
    }
}

fn refused(error: &io::Error) -> CommandError {
    match error.kind() {
        io::ErrorKind::NotFound => CommandError::NotFound,
        io::ErrorKind::PermissionDenied => CommandError::NotExecutable,
        kind => CommandError::Other(kind.to_string()),
    }
}

/// The program that a command names: by its path, or a bare name in these folders.
fn find(program: &str, folders: &[PathBuf]) -> Result<PathBuf, CommandError> {
    if program.contains(std::path::is_separator) {
        // A path without a folder before it would be looked for elsewhere.
        let path = Path::new(".").join(program);
        return is_program(&path).map(|()| path);
    }
    let mut best = CommandError::NotFound;
    for path in folders.iter().map(|folder| folder.join(program)) {
        match is_program(&path) {
            Ok(()) => return Ok(path),
            Err(CommandError::NotExecutable) => best = CommandError::NotExecutable,
            // A folder of that name is no program, but perhaps the next one is.
            Err(_) => {}
        }
    }
    Err(best)
}

fn is_program(path: &Path) -> Result<(), CommandError> {
    let metadata = std::fs::metadata(path).map_err(|error| refused(&error))?;
    if metadata.is_dir() {
        return Err(CommandError::Folder);
    }
    #[cfg(unix)]
    if std::os::unix::fs::PermissionsExt::mode(&metadata.permissions()) & 0o111 == 0 {
        return Err(CommandError::NotExecutable);
    }
    if metadata.is_file() { Ok(()) } else { Err(CommandError::NotExecutable) }
}

/// A command with all that it started.
struct Group(Child);

impl Group {
    /// Ends the command, and what it started in its group.
    fn end(&mut self) {
        #[cfg(unix)]
        if let Ok(number) = i32::try_from(self.0.id())
            && let Some(group) = rustix::process::Pid::from_raw(number)
        {
            let _ = rustix::process::kill_process_group(group, rustix::process::Signal::KILL);
        }
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[cfg(test)]
#[cfg(unix)]
mod tests {
    #![expect(clippy::disallowed_methods, reason = "tests write programs of their own")]

    use std::fs;
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;

    const SOON: Duration = Duration::from_millis(400);

    fn script(folder: &Path, name: &str, text: &str, mode: u32) -> String {
        let path = folder.join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, format!("#!/bin/sh\n{text}\n")).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
        path.display().to_string()
    }

    fn ran(command: &[&str], path: &str) -> Result<String, CommandError> {
        let command: Vec<String> = command.iter().map(|&part| part.to_owned()).collect();
        run(&command, Some(path.into()), SOON, || false).map(|bytes| String::from_utf8_lossy(&bytes).into_owned())
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
        assert_eq!(ran(&["cat"], "/bin:/usr/bin").as_deref(), Ok(""), "there is nothing to read");
        assert_eq!(ran(&["sh", "-c", "exit 3"], "/bin:/usr/bin"), Err(CommandError::Failed(3)));
        assert_eq!(ran(&["sh", "-c", "kill -9 $$"], "/bin:/usr/bin"), Err(CommandError::Signal));
        assert_eq!(ran(&["yes"], "/bin:/usr/bin"), Err(CommandError::TooLarge(CAP)));
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
            assert_eq!(ran(&["sh", "-c", &text], "/bin:/usr/bin"), Err(CommandError::Timeout(0)));
            assert!(started.elapsed() < Duration::from_secs(5));
            let size = || fs::metadata(&alive).unwrap().len();
            let before = size();
            assert!(before > 0);
            std::thread::sleep(Duration::from_millis(400));
            assert_eq!(size(), before);
        }
    }
}
