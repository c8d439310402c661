//! Where rows wait until the head of their document is known.

use std::io::{self, BufWriter, Read as _, Seek, SeekFrom, Write};
use std::ops::Range;

/// How much is written at once.
pub const CHUNK: usize = 64 * 1024;

/// What can be written and then read again: memory, or a private temporary file. Whoever asks for a report gives one.
pub trait Spool: io::Read + Write + Seek {}

impl<T: io::Read + Write + Seek> Spool for T {}

/// A spool that knows where it is.
pub(super) struct Spooling<'a> {
    spool: BufWriter<Box<dyn Spool + 'a>>,
    length: u64,
}

impl<'a> Spooling<'a> {
    pub(super) fn new(spool: Box<dyn Spool + 'a>) -> Self {
        Self { spool: BufWriter::with_capacity(CHUNK, spool), length: 0 }
    }

    /// Where what `write` writes stands.
    pub(super) fn part(&mut self, write: impl FnOnce(&mut Self) -> io::Result<()>) -> io::Result<Range<u64>> {
        let start = self.length;
        write(self)?;
        Ok(start..self.length)
    }

    /// Everything so far.
    pub(super) const fn all(&self) -> Range<u64> {
        0..self.length
    }

    /// Nothing more is written: the parts can be read.
    pub(super) fn finish(self) -> io::Result<Spooled<'a>> {
        let spool = self.spool.into_inner().map_err(io::IntoInnerError::into_error)?;
        Ok(Spooled { spool, chunk: vec![0; CHUNK] })
    }
}

impl Write for Spooling<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.spool.write(bytes)?;
        self.length += written as u64;
        Ok(written)
    }

    fn write_all(&mut self, bytes: &[u8]) -> io::Result<()> {
        // Where this fails, so does the report: nobody asks for the length then.
        self.length += bytes.len() as u64;
        self.spool.write_all(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.spool.flush()
    }
}

/// A spool that is read.
pub(super) struct Spooled<'a> {
    spool: Box<dyn Spool + 'a>,
    /// What was read last.
    chunk: Vec<u8>,
}

impl Spooled<'_> {
    /// Copies a part.
    pub(super) fn copy(&mut self, part: &Range<u64>, out: &mut dyn Write) -> io::Result<()> {
        let Self { spool, chunk } = self;
        spool.seek(SeekFrom::Start(part.start))?;
        let mut left = part.end - part.start;
        while left > 0 {
            let most = usize::try_from(left).unwrap_or(usize::MAX).min(chunk.len());
            let chunk = chunk.get_mut(..most).unwrap_or_default();
            spool.read_exact(chunk)?;
            out.write_all(chunk)?;
            left -= most as u64;
        }
        Ok(())
    }
}
