//! The file system and programs, as settings see them: where secrets are read.

use std::io::{self, Read as _};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use zeroize::Zeroizing;

use super::files::{ReadError, read_regular};
use crate::settings::{CommandError, FileError, Files};

/// How long a command that prints a secret may take.
const COMMAND_TIMEOUT: Duration = Duration::from_secs(30);
/// The most bytes that such a command may print.
const COMMAND_CAP: usize = 64 * 1024;

/// The file system and programs, as settings see them.
#[derive(Clone, Copy, Debug)]
pub struct System;

impl Files for System {
    fn read(&self, path: &Path, cap: usize) -> Result<Zeroizing<Vec<u8>>, FileError> {
        read_regular(path, cap).map_err(|error| match error {
            ReadError::NotRegular => FileError::NotAFile,
            ReadError::TooLarge => FileError::TooLarge(cap),
            ReadError::System(error) => match error.kind() {
                io::ErrorKind::NotFound => FileError::NotFound,
                io::ErrorKind::PermissionDenied => FileError::NotPermitted,
                kind => FileError::Other(kind.to_string()),
            },
        })
    }

    fn canonical(&self, path: &Path) -> Result<PathBuf, FileError> {
        std::fs::canonicalize(path).map_err(|error| match error.kind() {
            io::ErrorKind::NotFound => FileError::NotFound,
            io::ErrorKind::PermissionDenied => FileError::NotPermitted,
            kind => FileError::Other(kind.to_string()),
        })
    }

    fn run(&self, command: &[String]) -> Result<Zeroizing<Vec<u8>>, CommandError> {
        let other = |error: &io::Error| CommandError::Other(error.kind().to_string());
        let Some((program, arguments)) = command.split_first() else { return Err(CommandError::NotFound) };
        let mut child = Command::new(program)
            .args(arguments)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .map_err(
                |error| if error.kind() == io::ErrorKind::NotFound { CommandError::NotFound } else { other(&error) },
            )?;
        let Some(output) = child.stdout.take() else { return Err(CommandError::Other("it has no output".into())) };
        let (sender, receiver) = std::sync::mpsc::channel();
        std::thread::spawn(move || {
            let mut bytes = Zeroizing::new(Vec::new());
            let read = output.take(COMMAND_CAP as u64 + 1).read_to_end(&mut bytes);
            // Nobody listens any more once the time is up.
            let _ = sender.send((read.is_ok(), bytes));
        });
        let started = Instant::now();
        let timed_out = || CommandError::Timeout(COMMAND_TIMEOUT.as_secs());
        let status = loop {
            match child.try_wait().map_err(|error| other(&error))? {
                Some(status) => break status,
                None if started.elapsed() > COMMAND_TIMEOUT => {
                    let _ = child.kill();
                    let _ = child.wait();
                    return Err(timed_out());
                }
                None => std::thread::sleep(Duration::from_millis(5)),
            }
        };
        if !status.success() {
            return Err(status.code().map_or(CommandError::Signal, CommandError::Failed));
        }
        // A child of the command may hold its output open after it ended.
        let left = COMMAND_TIMEOUT.saturating_sub(started.elapsed());
        let (read, bytes) = receiver.recv_timeout(left).map_err(|_| timed_out())?;
        match (read, bytes.len() > COMMAND_CAP) {
            (false, _) => Err(CommandError::Other("its output could not be read".into())),
            (_, true) => Err(CommandError::TooLarge(COMMAND_CAP)),
            _ => Ok(bytes),
        }
    }
}
