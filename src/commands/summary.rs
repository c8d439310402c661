//! The summary of a job, which a CI system shows: Markdown that is added to a file of its own, as much as that takes.

use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::path::PathBuf;

/// The most that a summary has: with more than 1 MiB the whole of it is lost.
const MOST: usize = 900 * 1024;
/// What is said where there would be more.
const LEFT_OUT: &[u8] = b"\n\nThe rest is left out, for a summary has 1 MiB at most.\n";

/// A report that is added to a summary once it is whole.
#[derive(Debug)]
pub(super) struct Summary {
    path: PathBuf,
    kept: Vec<u8>,
    /// Whether there was more than is kept.
    more: bool,
}

impl Summary {
    /// One that goes to a file.
    pub(super) const fn new(path: PathBuf) -> Self {
        Self { path, kept: Vec::new(), more: false }
    }

    /// Adds it to what the file has: the steps of a job before this one wrote that.
    ///
    /// # Errors
    /// The system's.
    pub(super) fn end(&self) -> io::Result<()> {
        let there =
            fs::metadata(&self.path).map_or(0, |metadata| usize::try_from(metadata.len()).unwrap_or(usize::MAX));
        // That there is more is said once.
        if there >= MOST {
            return Ok(());
        }
        let (begins, rest) = fitting(&self.kept, self.more, MOST.saturating_sub(there));
        let mut file = OpenOptions::new().append(true).create(true).open(&self.path)?;
        if there > 0 {
            file.write_all(b"\n")?;
        }
        file.write_all(begins)?;
        file.write_all(rest)?;
        file.flush()
    }
}

impl Write for Summary {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let room = MOST.saturating_sub(self.kept.len()).min(bytes.len());
        self.kept.extend_from_slice(bytes.get(..room).unwrap_or_default());
        self.more |= room < bytes.len();
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// What fits of a text, whole lines of it, and what is said of the rest.
fn fitting(text: &[u8], more: bool, room: usize) -> (&[u8], &'static [u8]) {
    if !more && text.len() <= room {
        return (text, b"");
    }
    let fits = text.get(..room.min(text.len())).unwrap_or_default();
    let end = fits.iter().rposition(|byte| *byte == b'\n').unwrap_or(0);
    (fits.get(..end).unwrap_or_default(), LEFT_OUT)
}

#[cfg(test)]
#[expect(clippy::disallowed_methods, reason = "tests read what was written")]
mod tests {
    use super::*;

    #[test]
    fn a_summary_is_cut_at_the_end_of_a_line() {
        assert_eq!(fitting(b"a\nb\n", false, 4), (&b"a\nb\n"[..], &b""[..]));
        assert_eq!(fitting(b"a\nb\n", false, 3), (&b"a"[..], LEFT_OUT));
        assert_eq!(fitting(b"a\nb\n", true, 9), (&b"a\nb"[..], LEFT_OUT));
        assert_eq!(fitting(b"abc", false, 2), (&b""[..], LEFT_OUT));
    }

    #[test]
    fn summaries_of_a_job_stay_below_what_it_takes() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("summary.md");
        let mut summary = Summary::new(path.clone());
        summary.write_all(b"first\n").unwrap();
        summary.end().unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"first\n");
        let mut summary = Summary::new(path.clone());
        (0..200_000).for_each(|_| summary.write_all(b"another line\n").unwrap());
        summary.end().unwrap();
        let read = fs::read(&path).unwrap();
        assert!(read.len() > 890 * 1024 && read.len() < 901 * 1024, "{}", read.len());
        assert!(read.starts_with(b"first\n\nanother line\n") && read.ends_with(LEFT_OUT));
        assert!(read.strip_suffix(LEFT_OUT).unwrap().ends_with(b"another line"));
        summary.end().unwrap();
        summary.end().unwrap();
        let last = fs::read(&path).unwrap();
        assert!(last.len() <= read.len() + 2 * LEFT_OUT.len(), "{}", last.len());
    }
}
