//! Commands that print a secret: which program one is, and how it is run and ended.

use std::ffi::OsString;
use std::io::{self, Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use zeroize::Zeroizing;

use crate::settings::{Call, CommandError, Program};

/// The most bytes that such a command may print.
const CAP: usize = 64 * 1024;
/// How many run at once.
const AT_ONCE: usize = 4;
/// How long an interrupted run waits at most before it notices.
const SLICE: Duration = Duration::from_millis(50);

/// What a command printed.
type Printed = Result<Zeroizing<Vec<u8>>, CommandError>;

/// What the caller's environment has.
pub(super) struct Caller {
    /// The value of `PATH`.
    pub(super) path: Option<OsString>,
    /// The names of its variables.
    pub(super) variables: Vec<OsString>,
}

/// What commands print, in their order. They are started in that order, a few at a time.
pub(super) fn run_all(calls: &[Call], caller: &Caller, interrupted: fn() -> bool) -> Vec<Printed> {
    let next = AtomicUsize::new(0);
    let printed: Vec<Mutex<Option<Printed>>> = calls.iter().map(|_| Mutex::new(None)).collect();
    let work = || {
        loop {
            let at = next.fetch_add(1, Ordering::SeqCst);
            let (Some(call), Some(place)) = (calls.get(at), printed.get(at)) else { break };
            let of_call = run(call, caller, interrupted);
            *place.lock().unwrap_or_else(PoisonError::into_inner) = Some(of_call);
        }
    };
    thread::scope(|scope| {
        for _ in 1..AT_ONCE.min(calls.len()) {
            // Where the system has no thread left, this one does all the work.
            let _ = thread::Builder::new().spawn_scoped(scope, work);
        }
        work();
    });
    let lost = || Err(CommandError::Other("it was not run".to_owned()));
    let taken = |place: Mutex<Option<Printed>>| place.into_inner().unwrap_or_else(PoisonError::into_inner);
    printed.into_iter().map(|place| taken(place).unwrap_or_else(lost)).collect()
}

/// What a command prints within its time.
///
/// It has a process group of its own that ends with its time, or when the run is interrupted: what a terminal sends does
/// not reach it, and where it asks there, the system stops it.
///
/// # Errors
/// [`CommandError`], without anything that the command printed.
fn run(call: &Call, caller: &Caller, interrupted: fn() -> bool) -> Printed {
    if interrupted() {
        return Err(CommandError::Interrupted);
    }
    let Call { program: Program { command, input, surroundings }, timeout } = call;
    let Some((program, arguments)) = command.split_first() else { return Err(CommandError::NotFound) };
    // What is empty or relative there means the working directory, which a pull request may have written.
    let folders: Vec<PathBuf> =
        caller.path.iter().flat_map(std::env::split_paths).filter(|folder| folder.is_absolute()).collect();
    let program = find(program, &folders)?;
    let mut prepared = Command::new(program);
    prepared.args(arguments).stdout(Stdio::piped()).stderr(Stdio::null());
    prepared.stdin(if input.is_empty() { Stdio::null() } else { Stdio::piped() });
    if let Ok(path) = std::env::join_paths(&folders) {
        prepared.env("PATH", path);
    }
    if let Some(folder) = surroundings.folder {
        prepared.current_dir(folder);
    }
    let taken = |name: &&OsString| surroundings.without.is_some_and(|start| name.to_string_lossy().starts_with(start));
    for name in caller.variables.iter().filter(taken) {
        prepared.env_remove(name);
    }
    prepared.envs(surroundings.variables.iter().copied());
    #[cfg(unix)]
    std::os::unix::process::CommandExt::process_group(&mut prepared, 0);
    let mut group = Group(prepared.spawn().map_err(|error| refused(&error))?);
    if let Some(mut standard_input) = group.0.stdin.take() {
        // It fits into a pipe, and whoever does not read it answers all the same.
        let _ = standard_input.write_all(input.as_bytes());
    }
    let printed = output(&mut group.0, *timeout, interrupted);
    if printed.is_err() {
        group.end();
    }
    printed
}

fn output(child: &mut Child, timeout: Duration, interrupted: fn() -> bool) -> Printed {
    let started = Instant::now();
    let late = || CommandError::Timeout(timeout.as_secs());
    let unread = || CommandError::Other("its output could not be read".into());
    let Some(output) = child.stdout.take() else { return Err(unread()) };
    let (sender, receiver) = mpsc::channel();
    let read = move || {
        // As large as can be from the start: nothing of it is left where it would have grown out of.
        let mut bytes = Zeroizing::new(Vec::with_capacity(CAP + 1));
        let read = output.take(CAP as u64 + 1).read_to_end(&mut bytes);
        // Nobody listens any more once the time is up.
        let _ = sender.send(read.map(|_| bytes));
    };
    thread::Builder::new().spawn(read).map_err(|_| unread())?;
    // Whoever has the output open, the command or a child of its, has not said all.
    let received = loop {
        let left = timeout.saturating_sub(started.elapsed());
        match receiver.recv_timeout(left.min(SLICE)) {
            Err(RecvTimeoutError::Timeout) if interrupted() => return Err(CommandError::Interrupted),
            Err(RecvTimeoutError::Timeout) if asks(child) => return Err(CommandError::Asked),
            Err(RecvTimeoutError::Timeout) if left > SLICE => {}
            received => break received,
        }
    };
    let bytes = match received {
        Ok(Ok(bytes)) if bytes.len() > CAP => return Err(CommandError::TooLarge(CAP)),
        Ok(Ok(bytes)) => bytes,
        Err(RecvTimeoutError::Timeout) => return Err(late()),
        Ok(Err(_)) | Err(RecvTimeoutError::Disconnected) => return Err(unread()),
    };
    let status = loop {
        match child.try_wait().map_err(|error| refused(&error))? {
            Some(status) => break status,
            None if started.elapsed() > timeout => return Err(late()),
            None if interrupted() => return Err(CommandError::Interrupted),
            None if asks(child) => return Err(CommandError::Asked),
            None => thread::sleep(Duration::from_millis(5)),
        }
    };
    match (status.success(), status.code()) {
        (true, _) => Ok(Zeroizing::new(bytes.to_vec())),
        (false, Some(code)) => Err(CommandError::Failed(code)),
        (false, None) => Err(CommandError::Signal),
    }
}

/// Whether the system stopped a command because it would read what is typed at the terminal, or hide it.
#[cfg(all(unix, not(target_os = "openbsd")))]
fn asks(child: &Child) -> bool {
    use rustix::process::{Pid, Signal, WaitId, WaitIdOptions, waitid};
    let Some(number) = i32::try_from(child.id()).ok().and_then(Pid::from_raw) else { return false };
    // Only what stopped is asked for: how it ended is left to the one that waits for that.
    let stopped = waitid(WaitId::Pid(number), WaitIdOptions::STOPPED | WaitIdOptions::NOHANG);
    let signal = stopped.ok().flatten().and_then(|status| status.stopping_signal());
    signal.is_some_and(|signal| [Signal::TTIN, Signal::TTOU].map(Signal::as_raw).contains(&signal))
}

#[cfg(not(all(unix, not(target_os = "openbsd"))))]
fn asks(_child: &Child) -> bool {
    false
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
#[path = "command_tests.rs"]
mod tests;
