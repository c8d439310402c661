//! Parts of a document, each of one credential, told in any order and read in one.

use std::io::{self, Write};
use std::ops::Range;

use crate::report::spool::{Spool, Spooled, Spooling};
use crate::report::told::Credential;

/// Parts that are still told.
pub(super) struct Parts<'a, T> {
    rows: Spooling<'a>,
    kept: Vec<Part<T>>,
}

/// Where the rows of one credential stand, and what is kept of it beside them.
pub(super) struct Part<T> {
    key: (String, String, String),
    pub(super) rows: Range<u64>,
    pub(super) of: T,
}

impl<'a, T> Parts<'a, T> {
    /// None yet.
    pub(super) fn new(spool: Box<dyn Spool + 'a>) -> Self {
        Self { rows: Spooling::new(spool), kept: Vec::new() }
    }

    /// Adds the rows of a credential.
    ///
    /// # Errors
    /// The spool's.
    pub(super) fn add(&mut self, credential: &Credential<'_>, rows: &[u8], of: T) -> io::Result<()> {
        let rows = self.rows.part(|spool| spool.write_all(rows))?;
        let key = (credential.name.to_string(), credential.host.to_string(), credential.url.to_string());
        self.kept.push(Part { key, rows, of });
        Ok(())
    }

    /// All of them, by name, host and address.
    ///
    /// # Errors
    /// The spool's.
    pub(super) fn sorted(self) -> io::Result<(Vec<Part<T>>, Spooled<'a>)> {
        let Self { rows, mut kept } = self;
        kept.sort_by(|one, other| one.key.cmp(&other.key));
        Ok((kept, rows.finish()?))
    }
}
